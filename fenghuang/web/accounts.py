"""Sign-in as the office wants it: accounts are given, never taken; identities match accounts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from axes.helpers import get_cool_off
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import User

DEMO_ACCOUNTS = "demo-accounts.json"


class OfficeAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Nobody signs up: the system administrator adds people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_password(self, password: str, user: User | None = None) -> str:
        """The password, if the rules allow it and it is not the one that somebody else made."""
        chosen: str = super().clean_password(password, user)
        if user is not None and user.must_change_password and user.check_password(chosen):
            raise ValidationError(
                _("This is the password that was made for you. Choose another one."),
                code="first_password",
            )
        return chosen

    def set_password(self, user: User, password: str) -> None:
        """Keep the password that its owner has chosen."""
        user.must_change_password = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("home")


def owes_password(request: HttpRequest) -> bool:
    """Whether the person came in with a password that somebody else made, and still has it.

    Whoever came in by the office's provider uses no password.
    """
    user = request.user
    if not (isinstance(user, User) and user.must_change_password):
        return False
    came_by = {one["method"] for one in get_authentication_records(request, user)}
    return "socialaccount" not in came_by


class OfficeIdentities(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    """An identity of the office's provider belongs to the account of the same user name."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Connects an identity seen for the first time; stops with a page if it has no account."""
        if sociallogin.is_existing:
            return
        user = User.objects.filter(
            username=known_as(sociallogin.account.extra_data), is_active=True
        ).first()
        if user is None:
            raise ImmediateHttpResponse(
                render(request, "account/unknown_identity.html", status=403)
            )
        sociallogin.connect(request, user)


def known_as(claims: dict[str, Any]) -> str:
    """The user name that the provider's claims give, wherever the library put them; or nothing.

    >>> known_as({"userinfo": {"preferred_username": "chen"}})
    'chen'
    >>> known_as({"sub": "17"})
    ''
    """
    for part in (claims.get("userinfo"), claims.get("id_token"), claims):
        if isinstance(part, dict) and part.get("preferred_username"):
            return str(part["preferred_username"])
    return ""


def locked_out(request: HttpRequest, response: Any, credentials: Any) -> HttpResponse:
    """The page after too many wrong passwords: what happened, and when to try again."""
    until = timezone.localtime() + (get_cool_off(request) or timedelta())
    return render(request, "account/locked_out.html", {"until": until}, status=429)


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demo street, as the sign-in page offers it."""

    username: str
    password: str
    role: str
    what_to_try: str


def demo_accounts() -> list[DemoAccount]:
    """The accounts that the demo wrote into its home; none outside a demo.

    The file is a list of objects with username, password, role and what_to_try.
    """
    path = settings.HOME / DEMO_ACCOUNTS
    if not (settings.DEMO and path.exists()):
        return []
    return [DemoAccount(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
