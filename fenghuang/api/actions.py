"""The verbs of tokens: issue, revoke; and the count of what programs ask."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import write
from fenghuang.kernel.people.actions import SYSTEM
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.scope import administered
from fenghuang.kernel.places.models import Place
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.door import lines as lines_on

from .models import Taken, Token
from .tokens import fingerprint, forget

LONGEST = 366  # days
PREFIX = "fenghuang_"  # so that scanners for leaked secrets know it when they see it


def issue_token(
    user: User,
    label: str,
    days: int,
    *,
    actor: User,
    access: str = Token.Access.BOTH,
    lines: Collection[str] = (),
    place: Place | None = None,
) -> tuple[str, Token]:
    """A new token for the user's programs, valid for so many days from now (1 to 366).

    It opens what the person may do, in these work lines (all, if none is named) and within this
    place (wherever the person works, if there is none). The text is answered here and nowhere else:
    show it once. People issue tokens for themselves, administrators also for the staff of their
    street.
    """
    street = user.street
    if street is None:
        raise Refused(
            "no_role",
            _("%(person)s holds no role today, so a program could do nothing in their name.")
            % {"person": user},
        )
    _check_may_give(user, street.pk, actor)
    if not 1 <= days <= LONGEST:
        raise Refused(
            "days",
            _("A token is valid for 1 to %(most)s days. Choose a number between.")
            % {"most": LONGEST},
            where="days",
        )
    if not label.strip():
        raise Refused("label_missing", _("Say which program this token is for."), where="label")
    if place is not None and place.street_id != street.pk:
        raise Refused(
            "unknown_place",
            _("%(place)s does not belong to %(street)s.") % {"place": place, "street": street},
            where="place",
        )
    if unknown := set(lines) - {line.code for line in lines_on()}:
        raise Refused(
            "unknown_line",
            _("There is no work line called %(names)s.") % {"names": "、".join(sorted(unknown))},
            where="lines",
        )
    text = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = Token(
        street=street,
        user=user,
        label=label.strip(),
        access=access,
        lines=" ".join(sorted(set(lines))),
        place=place,
        sha256=fingerprint(text),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    with transaction.atomic():
        write.add(token, by=actor.pseudonym, notes={"@verb": "issue_token"})
    return text, token


def revoke_token(token: Token, *, actor: User) -> None:
    """The token opens nothing any more: here at once, in other processes within a second."""
    _check_may_give(token.user, token.street_id, actor)
    if token.revoked_at is not None:
        return
    token.revoked_at = timezone.now()
    with transaction.atomic():
        write.fix(token, by=actor.pseudonym, op="void", notes={"@verb": "revoke_token"})
        transaction.on_commit(lambda: forget(token.sha256))


def _check_may_give(user: User, street: UUID, actor: User) -> None:
    # Whoever gives commands where the books are kept acts as the system, and may do anything there.
    if actor.pk != user.pk and actor.username != SYSTEM and street not in administered(actor):
        raise Refused(
            "role",
            _("Tokens of others are given by the system administrator. Ask there."),
        )


def take_requests(key: str, minute: int, count: int) -> int:
    """Take so many requests out of a minute; how many all processes have taken of it by then.

    One row a key, in one statement on either database. What minutes before left behind is removed
    when a key is seen for the first time. Nobody waits for the disk, or for a replica: a minute
    that is forgotten harms nobody.
    """
    table = Taken._meta.db_table
    is_postgresql = connection.vendor == "postgresql"
    hurry = ", set_config('synchronous_commit', 'off', true)" if is_postgresql else ""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, minute, count) VALUES (%s, %s, %s)"  # noqa: S608 - the table's own name
            f" ON CONFLICT (key) DO UPDATE SET minute = excluded.minute, count = excluded.count +"
            f" CASE WHEN {table}.minute = excluded.minute THEN {table}.count ELSE 0 END"
            f" RETURNING count{hurry}",
            [key, minute, count],
        )
        taken: int = cursor.fetchone()[0]
        if taken == count:
            Taken.objects.filter(minute__lt=minute - 1).delete()
    return taken
