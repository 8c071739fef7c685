"""Run in the processes of a new installation: opens its books, prints the tokens as JSON."""

from __future__ import annotations

import json

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks.books import found_books
    from fenghuang.api.actions import issue_token

    books = found_books("梧桐街")
    tokens = {role: issue_token(one, "test", 1, actor=one)[0] for role, one in books.staff.items()}
    print(json.dumps(tokens))


if __name__ == "__main__":
    main()
