"""`fenghuang notices send | list`: what the worker does by itself, and what did not arrive."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from fenghuang.kernel.notices.delivery import send_due
from fenghuang.kernel.notices.models import Notice

FOUND = 1
MOST = 200


class Command(BaseCommand):
    help = "Send what is to be told, and list what did not arrive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, parser_class=ArgumentParser)
        verbs.add_parser("send", help="Try everything that is due, once; 1 if something failed.")
        listed = verbs.add_parser("list", help="What failed or was given up, the newest first.")
        listed.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, verb: str, **words: Any) -> None:
        if verb == "send":
            self._send()
        else:
            self._list(as_json=words["as_json"])

    def _send(self) -> None:
        ended = dict.fromkeys(Notice.State.values, 0)
        while round_ := send_due():
            for state, count in round_.items():
                ended[state] += count
        self.stdout.write(
            f"{ended[Notice.State.SENT]} sent, {ended[Notice.State.FAILED]} to be tried again, "
            f"{ended[Notice.State.GIVEN_UP]} given up"
        )
        if ended[Notice.State.FAILED] or ended[Notice.State.GIVEN_UP]:
            raise SystemExit(FOUND)

    def _list(self, *, as_json: bool) -> None:
        rows = [
            {
                "id": str(one.pk),
                "street": one.street.name,
                "channel": one.channel,
                "state": one.state,
                "tries": one.tries,
                "created_at": timezone.localtime(one.created_at).isoformat(timespec="seconds"),
                "error": one.error,
            }
            for one in Notice.objects.not_sent().select_related("street").order_by("-pk")[:MOST]
        ]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write("  ".join(str(value) for value in row.values()))
