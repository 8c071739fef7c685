"""Which addresses a webhook may have: it must not lead into the office's own network by accident.

Names are resolved here and the post goes to the very address that was looked at, so that a name
cannot mean something else a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from fenghuang.kernel.refusal import Refused

_TRANSLATED = ipaddress.IPv6Network(
    "64:ff9b::/96"
)  #: RFC 6052: an IPv4 address in the last 32 bits
PORTS = {"https": 443, "http": 80}


def parsed(url: str) -> SplitResult:
    """The parts of a webhook's address. Refused for what is none, or is not protected on its way.

    http is for the office's own machines only, and only where the installation allows those.
    """
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or not url.isascii() or any(sign.isspace() for sign in url):
        raise Refused(
            "url", _("Write the whole address, as https://example.com/path."), where="url"
        )
    if parts.username or parts.password or parts.fragment:
        raise Refused(
            "url_secret", _("Leave user name, password and “#” out of the address."), where="url"
        )
    schemes = ("https", "http") if settings.FENGHUANG_PRIVATE_WEBHOOKS else ("https",)
    if parts.scheme not in schemes:
        raise Refused(
            "url_scheme",
            _("The address must begin with https://, so that nobody reads along."),
            where="url",
        )
    return parts


def reachable(url: str) -> IPv4Address | IPv6Address:
    """The address to which a post to this URL may go. Refused where there is none.

    A public address by https; a private one (RFC 1918, loopback) only where the installation allows
    it, by http too. Every address of the name must be fit; link-local ones never are: clouds keep
    their passwords there.
    """
    parts = parsed(url)
    assert parts.hostname is not None
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(
            "url_unknown",
            _("The name %(host)s is not known. Check the spelling.") % {"host": parts.hostname},
            where="url",
        ) from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not all(_is_fit(_unwrapped(one), parts.scheme) for one in addresses):
        raise Refused(
            "url_private",
            _("%(host)s lies in a private network, where nothing is sent from here.")
            % {"host": parts.hostname},
            where="url",
        )
    return addresses[0]


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address only wraps; else the address itself."""
    if isinstance(address, IPv6Address):
        if address in _TRANSLATED:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _is_fit(address: IPv4Address | IPv6Address, scheme: str) -> bool:
    if address.is_multicast or address.is_link_local or address.is_unspecified:
        return False
    if address.is_global:
        return scheme == "https"
    return bool(settings.FENGHUANG_PRIVATE_WEBHOOKS) and (address.is_private or address.is_loopback)
