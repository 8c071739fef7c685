"""`fenghuang token issue | list | revoke`: tokens for programs, from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fenghuang.api.actions import issue_token, revoke_token
from fenghuang.api.models import Token
from fenghuang.api.where import place_called
from fenghuang.kernel.people.actions import system_account
from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Place
from fenghuang.kernel.refusal import Refused

WRONG_USE = 2


class Command(BaseCommand):
    help = "Issue, list and revoke the tokens by which programs act in a person's name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        issue = verbs.add_parser("issue", help="Print the text of a new token: once, here.")
        issue.add_argument("--user", required=True, help="User name of the person.")
        issue.add_argument("--label", required=True, help="What the token is for.")
        issue.add_argument("--days", type=int, default=90, help="Valid for so many days (1-366).")
        issue.add_argument(
            "--access",
            choices=["both", "read", "write"],
            default="both",
            help="What it may do: read, write (enter records), or both.",
        )
        issue.add_argument("--lines", default="", help="Codes of work lines, by comma (all).")
        issue.add_argument("--place", default="", help="Only within this place: code, name or id.")
        listed = verbs.add_parser("list", help="All tokens, the newest first.")
        listed.add_argument("--json", action="store_true", dest="as_json")
        revoke = verbs.add_parser("revoke", help="The token opens nothing any more.")
        revoke.add_argument("id", type=UUID, help="Its id, as `list` and `issue` name it.")

    def handle(self, *, verb: str, **words: Any) -> None:
        try:
            {"issue": self._issue, "list": self._list, "revoke": self._revoke}[verb](words)
        except Refused as refused:
            raise CommandError(str(refused), returncode=WRONG_USE) from refused

    def _issue(self, words: dict[str, Any]) -> None:
        user = User.objects.filter(username=words["user"]).first()
        if user is None:
            raise CommandError(f"Nobody has the user name {words['user']}.", returncode=WRONG_USE)
        text, token = issue_token(
            user,
            words["label"],
            words["days"],
            actor=system_account(),
            access=words["access"] if words["access"] != "both" else Token.Access.BOTH,
            lines=[code.strip() for code in words["lines"].split(",") if code.strip()],
            place=self._place(words["place"], user),
        )
        self.stderr.write(f"{token.pk} until {timezone.localtime(token.expires_at):%Y-%m-%d %H:%M}")
        self.stdout.write(text)

    def _place(self, name: str, user: User) -> Place | None:
        if not name:
            return None
        found = place_called(name, user.street) if user.street else None
        if found is None:
            raise CommandError(
                f"There is no place {name}, or there are several.", returncode=WRONG_USE
            )
        return found

    def _list(self, words: dict[str, Any]) -> None:
        now = timezone.now()
        rows = [
            {
                "id": str(one.pk),
                "label": one.label,
                "user": one.user.username,
                "street": one.street.name,
                "access": one.access or "both",
                "lines": one.lines,
                "place": one.place and one.place.name,
                "expires_at": one.expires_at.isoformat(timespec="seconds"),
                "last_used_on": one.last_used_on and one.last_used_on.isoformat(),
                "is_valid": one.is_valid_at(now),
            }
            for one in Token.objects.select_related("user", "street", "place").order_by(
                "-created_at"
            )
        ]
        if words["as_json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            state = f"until {row['expires_at']}" if row["is_valid"] else "revoked or expired"
            used = f"used {row['last_used_on']}" if row["last_used_on"] else "never used"
            place = str(row["place"] or "")
            scope = " ".join(filter(None, (str(row["access"]), str(row["lines"]), place)))
            self.stdout.write(
                f"{row['id']}  {row['user']}  {row['label']}  {state}  {scope}  {used}"
            )

    def _revoke(self, words: dict[str, Any]) -> None:
        token = Token.objects.select_related("user").filter(pk=words["id"]).first()
        if token is None:
            raise CommandError(f"There is no token {words['id']}.", returncode=WRONG_USE)
        revoke_token(token, actor=system_account())
        self.stdout.write(f"revoked: {token.label}")
