"""Posts to webhooks, signed as Standard Webhooks says (standardwebhooks.com, version 1).

webhook-id         the same at every try, so that the receiver can drop what came twice
webhook-timestamp  seconds since 1970
webhook-signature  v1, and in base64 the HMAC-SHA256 of “id.timestamp.body”
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext as _

from fenghuang.kernel.refusal import Refused

from .models import Notice, Webhook
from .reach import reachable
from .undelivered import Undelivered

PATIENCE = 10.0  #: seconds for the connection, and between two signs of life


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """What the header webhook-signature says.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
    ...           1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{key}.{timestamp}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def post(notice: Notice, webhook: Webhook, at: datetime) -> None:
    """Post the notice. Undelivered unless it is answered with 2xx; redirects are not followed."""
    if not webhook.is_active:
        raise Undelivered(_("The webhook is switched off."), is_final=True)
    try:
        address = reachable(webhook.url)
    except Refused as refused:
        raise Undelivered(refused.sentence, is_final=refused.code != "url_unknown") from refused
    host = urlsplit(webhook.url).hostname or ""
    url = httpx.URL(webhook.url)
    body, timestamp = notice.body.encode(), int(at.timestamp())
    headers = {
        "Host": url.netloc.decode(),
        "Content-Type": "application/json",
        "User-Agent": "Fenghuang",
        "webhook-id": str(notice.pk),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(webhook.secret, str(notice.pk), timestamp, body),
    }
    try:
        # A proxy of the environment would look names up by itself. The answer's body is not read.
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=PATIENCE) as client,
            client.stream(
                "POST",
                url.copy_with(host=str(address)),
                content=body,
                headers=headers,
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            status = answer.status_code
    except httpx.TimeoutException as error:
        raise Undelivered(_("It did not answer within 10 seconds.")) from error
    except httpx.HTTPError as error:
        raise Undelivered(_("It cannot be reached, or its certificate is not valid.")) from error
    if 300 <= status < 400:
        raise Undelivered(
            _("It answered with a redirect (%(status)s), which is not followed.")
            % {"status": status}
        )
    if not 200 <= status < 300:
        raise Undelivered(_("It answered with an error (%(status)s).") % {"status": status})
