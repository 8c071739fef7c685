"""What a sender reaches: what the person may see, and of that what the token is for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.places.models import Path
from fenghuang.kernel.places.paths import above_all
from fenghuang.kernel.records.models import Record, RecordQuerySet
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.columns import Context
from fenghuang.kit.intakes import PLACE, Intake

from .tokens import Sender


def check_opens(sender: Sender, line: str, access: str) -> None:
    """Refused unless the token is for this work line, and for reading or writing."""
    if not sender.token.opens(line):
        raise Refused(
            "token_line",
            _("This token is not for this work line. Ask the system administrator for another."),
        )
    if not sender.token.allows(access):
        raise Refused(
            "token_access",
            _("This token is not for reading. Ask the system administrator for another.")
            if access == "read"
            else _("This token is not for entering. Ask the system administrator for another."),
        )


def within_sight(sender: Sender, intake: Intake) -> RecordQuerySet:
    """The records of this kind that the person may see and the token is for, withdrawn ones too."""
    records: RecordQuerySet = intake.model.objects.visible_to(sender.user)
    records = records.filter(street=sender.street).select_related("place")
    place = sender.token.place_id
    if place is None:
        return records
    today = timezone.localdate()
    below = Path.objects.filter(ancestor=place, valid_from__lte=today, valid_to__gt=today)
    return records.filter(place__in=below.values("place_id"))


def check_places(sender: Sender, records: Iterable[Record]) -> None:
    """Refused unless all the records lie within the place that the token is for."""
    outside = _outside(sender, records)
    if outside:
        raise Refused(
            "token_place",
            _("This token is for %(own)s only, and %(place)s lies outside.")
            % {"own": sender.token.place, "place": outside[0].place},
            where=PLACE,
        )


def leave_out_of_reach(sender: Sender, context: Context) -> None:
    """Of the records that were named by number, keep those within the place of the token."""
    for known in context.numbered.values():
        for record in _outside(sender, known.values()):
            del known[record.number]


def _outside(sender: Sender, records: Iterable[Record]) -> list[Any]:
    own = sender.token.place_id
    found = list(records)
    if own is None or not found:
        return []
    paths = above_all({one.place_id for one in found}, timezone.localdate())
    return [one for one in found if own not in paths[one.place_id]]
