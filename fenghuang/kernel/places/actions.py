"""The verbs of places: found, add, describe, rename, redraw, move, split, merge, retire.

Only the office changes communities and only the governance centre changes grids; each
change has a document number and a day from which it holds. Nothing is rewritten: earlier spans end
and new ones begin, so that a record goes on counting where it happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import write
from fenghuang.kernel.refusal import Refused

from .models import (
    PARENTS,
    AboutPlace,
    Boundary,
    ExternalCode,
    OtherName,
    Path,
    Place,
    Position,
    Street,
    Succession,
)
from .outlines import check_outline, united_outline
from .paths import below, expected, forget_paths

NAMED_AT_MOST = 20  # places in a refusal


def _derive(street: Street, place: Place | None = None) -> None:
    """Write the paths of a place and all below it anew (of the whole street, if none is named)."""
    transaction.on_commit(forget_paths)
    forget_paths()
    if place is None:
        Path.objects.filter(street=street).delete()
        Path.objects.bulk_create(expected(street.id), batch_size=5000)
        return
    moved = below(street.id, place.id)
    for some in _in_parts(list(moved)):
        Path.objects.filter(place__in=some).delete()
    Path.objects.bulk_create(expected(street.id, moved), batch_size=5000)


def _in_parts(items: Sequence[Any], size: int = 500) -> Iterable[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _check_new(places: Iterable[Place], parents: Mapping[Any, Sequence[Place]]) -> None:
    for place in places:
        for parent in parents[place.id]:
            if parent.kind not in PARENTS[place.KIND]:
                raise Refused(
                    "place_parent",
                    _("%(child)s cannot stand in %(parent)s. Choose a place of the right level.")
                    % {"child": place.name, "parent": parent.name},
                )


def found_street(name: str, *, by: str, valid_from: date, code: str = "") -> Street:
    """Open the books of a street: its place, its journal, its statistical code if it is known."""
    with transaction.atomic():
        street = Street(name=name, valid_from=valid_from)
        street.street_id = street.id
        write.create_journal(street.id, f"fenghuang/{street.id}")
        write.add(street, by=by, notes={"@verb": "found"})
        if code:
            scheme = ExternalCode.Scheme.STATISTICAL
            write.add(_code(street, scheme, code, valid_from), by=by)
        _derive(street, street)
    return street


def _code(place: Place, scheme: str, code: str, valid_from: date) -> ExternalCode:
    return ExternalCode(
        street_id=place.street_id, place=place, scheme=scheme, code=code, valid_from=valid_from
    )


def add_places(
    street: Street,
    places: Sequence[Place],
    parents: Mapping[Any, Sequence[Place]],
    *,
    by: str,
    about: Sequence[AboutPlace] = (),
    verb: str = "add",
    ground: str = "",
) -> None:
    """Enter many places at once, parents before children, with codes, outlines and other names.

    `parents` names for each new place (by id) what it stands in; it must be of a level above.
    """
    notes = {"@verb": verb} | ({"@ground": ground} if ground else {})
    with transaction.atomic():
        for place in places:
            place.street, place.kind = street, place.KIND
        _check_new(places, parents)
        for statement in about:
            statement.street = street
            if isinstance(statement, Boundary):
                check_outline(statement.geometry)
        positions = [
            Position(street=street, place=place, parent=parent, valid_from=place.valid_from)
            for place in places
            for parent in parents[place.id]
        ]
        write.add_all([*places, *positions, *about], by=by, notes=notes)
        if len(places) == 1:
            _derive(street, places[0])
        else:
            _derive(street)


def _end(statement: Place | AboutPlace, day: date, *, by: str, notes: dict[str, Any]) -> None:
    if not statement.is_valid_on(day) and statement.valid_from != day:
        raise Refused(
            "place_span",
            _("%(place)s is not in force on %(day)s. Choose a later day.")
            % {"place": statement, "day": day},
        )
    statement.valid_to = day
    write.fix(statement, by=by, notes=notes)


def _current(place: Place, statements: Any, day: date) -> list[Any]:
    return list(statements.objects.valid_on(day).filter(place=place))


#: All that may change about a place, and on which day each change holds.
_CHANGES: Mapping[type[AboutPlace], str] = {
    Position: "valid_from",
    Boundary: "valid_from",
    Succession: "valid_from",
    OtherName: "valid_to",
}


def _check_change(place: Place, on: date, *kinds: type[AboutPlace]) -> None:
    """Refused before the last change of these kinds, which rests on what was, or after the end."""
    last = place.valid_from
    for kind in kinds:
        statements: Any = kind
        rows = statements.objects.filter(place=place)
        if kind is OtherName:
            rows = rows.filter(was_official=True)
        last = max(last, rows.aggregate(last=Max(_CHANGES[kind]))["last"] or last)
    if on < last:
        raise Refused(
            "later_change",
            _("%(place)s was changed on %(day)s. A change before that day cannot be entered.")
            % {"place": place, "day": date_format(last)},
            where="on",
        )
    if place.valid_to is not None:
        raise Refused(
            "place_retired",
            _("%(place)s is no longer in being since %(day)s. Change its successor instead.")
            % {"place": place, "day": date_format(place.valid_to)},
        )


def describe(place: Place, *, by: str) -> None:
    """Put right what is said of a place beside name and outline, as its attributes now stand."""
    with transaction.atomic():
        write.fix(place, by=by, notes={"@verb": "describe"})


def rename(place: Place, name: str, *, on: date, document: str, by: str) -> None:
    """From that day the place has another official name; the former one stays findable."""
    _check_change(place, on, OtherName)
    if name == place.name:
        raise Refused("same_name", _("This is its name already."), where="name")
    notes = {"@verb": "rename", "@ground": document}
    with transaction.atomic():
        before = OtherName.objects.filter(place=place, was_official=True)
        since = before.aggregate(last=Max("valid_to"))["last"] or place.valid_from
        former = OtherName(
            street_id=place.street_id,
            place=place,
            name=place.name,
            was_official=True,
            valid_from=since,
            valid_to=on,
        )
        write.add(former, by=by, notes=notes)
        place.name = name
        write.fix(place, by=by, notes=notes)


def redraw(place: Place, geometry: dict[str, Any], *, on: date, document: str, by: str) -> None:
    """From that day the place has another outline."""
    _check_change(place, on, Boundary)
    check_outline(geometry)
    notes = {"@verb": "redraw", "@ground": document}
    with transaction.atomic():
        for boundary in _current(place, Boundary, on):
            _end(boundary, on, by=by, notes=notes)
        new = Boundary(street_id=place.street_id, place=place, geometry=geometry, valid_from=on)
        write.add(new, by=by, notes=notes)


def move(place: Place, parent: Place, *, on: date, document: str, by: str) -> None:
    """From that day the place stands in another parent of the same level as before."""
    _check_change(place, on, Position)
    if Position.objects.valid_on(on).filter(place=place, parent=parent).exists():
        raise Refused(
            "stands_there",
            _("%(place)s stands in %(parent)s already.") % {"place": place, "parent": parent},
            where="parent",
        )
    notes = {"@verb": "move", "@ground": document}
    with transaction.atomic():
        _check_new([place], {place.id: [parent]})
        _move(place, parent, on, by=by, notes=notes)
        _derive(place.street, place)


def _move(place: Place, parent: Place, on: date, *, by: str, notes: dict[str, Any]) -> None:
    for position in _current(place, Position, on):
        if position.parent.kind == parent.kind:
            _end(position, on, by=by, notes=notes)
    new = Position(street_id=place.street_id, place=place, parent=parent, valid_from=on)
    write.add(new, by=by, notes=notes)


def retire(place: Place, *, on: date, document: str, by: str) -> None:
    """From that day the place is no longer in being, and nothing goes on for it."""
    _check_change(place, on, *_CHANGES)
    _check_empty(place, on)
    notes = {"@verb": "retire", "@ground": document}
    with transaction.atomic():
        _retire(place, on, by=by, notes=notes)


def _check_empty(place: Place, on: date) -> None:
    inside = Position.objects.valid_on(on).filter(parent=place).select_related("place")
    standing = [one.place.name for one in inside if one.place.is_valid_on(on)]
    if standing:
        raise Refused(
            "not_empty",
            _("These still stand in it: %(names)s. Move them, or merge the whole place.")
            % {"names": "、".join(standing[:NAMED_AT_MOST])},
        )


def _retire(place: Place, on: date, *, by: str, notes: dict[str, Any]) -> None:
    for statements in (ExternalCode, Boundary):
        for statement in _current(place, statements, on):
            _end(statement, on, by=by, notes=notes)
    _end(place, on, by=by, notes=notes)


def merge(places: Sequence[Place], into: Place, *, on: date, document: str, by: str) -> None:
    """From that day the places are one: those retired stand under the one that goes on.

    Records of earlier days keep counting in the places where they happened; from that day their
    place, and so whoever looks after it, is found under the successor.
    """
    for place in places:
        if place.kind != into.kind or place.pk == into.pk:
            raise Refused(
                "merge_kind",
                _("%(one)s and %(other)s are not two places of the same level.")
                % {"one": place, "other": into},
            )
    for place in places:
        _check_change(place, on, *_CHANGES)
    _check_change(into, on, Boundary)
    notes = {"@verb": "merge", "@ground": document}
    with transaction.atomic():
        _unite_outlines(places, into, on, by=by, notes=notes)
        for place in places:
            _retire(place, on, by=by, notes=notes)
            for position in _current(place, Position, on):
                _end(position, on, by=by, notes=notes)
            children = Position.objects.valid_on(on).filter(parent=place).select_related("place")
            for child in [position.place for position in children]:
                _move(child, into, on, by=by, notes=notes)
            since = {"street_id": place.street_id, "place": place, "valid_from": on}
            goes_on = [Position(parent=into, **since), Succession(successor=into, **since)]
            write.add_all(goes_on, by=by, notes=notes)
            _derive(place.street, place)


def _unite_outlines(
    places: Sequence[Place], into: Place, on: date, *, by: str, notes: dict[str, Any]
) -> None:
    """Where they are drawn, the outline of the one that goes on takes in those of the others."""
    drawn = Boundary.objects.valid_on(on).filter(place__in=[*places, into])
    if not any(one.place_id != into.pk for one in drawn):
        return
    for boundary in drawn:
        if boundary.place_id == into.pk:
            _end(boundary, on, by=by, notes=notes)
    geometry = united_outline([one.geometry for one in drawn])
    new = Boundary(street_id=into.street_id, place=into, geometry=geometry, valid_from=on)
    write.add(new, by=by, notes=notes)


def split(
    place: Place,
    parts: Sequence[tuple[Place, dict[str, Any] | None, Sequence[Place]]],
    *,
    on: date,
    document: str,
    by: str,
) -> None:
    """From that day the place is several: each part with its outline and what moves into it.

    The place that is split retires and stays under its parent, with the records of its time.
    What stood in it and is named for no part is refused: nothing is left in a retired place.
    """
    _check_change(place, on, *_CHANGES)
    notes = {"@verb": "split", "@ground": document}
    with transaction.atomic():
        standing = Position.objects.valid_on(on).filter(parent=place).select_related("place")
        children = {position.place_id: position.place for position in standing}
        moved = {child.pk for _part, _outline, own in parts for child in own}
        left = [child.name for pk, child in children.items() if pk not in moved]
        if left:
            raise Refused(
                "split_leaves",
                _("Say for each of these to which part it belongs: %(names)s.")
                % {"names": "、".join(left)},
            )
        parents = [position.parent for position in _current(place, Position, on)]
        _retire(place, on, by=by, notes=notes)
        about: list[AboutPlace] = [
            Boundary(place=part, geometry=outline, valid_from=on)
            for part, outline, _own in parts
            if outline is not None
        ]
        new = [part for part, _outline, _own in parts]
        about += [Succession(place=place, successor=part, valid_from=on) for part in new]
        add_places(
            place.street,
            new,
            {part.id: parents for part in new},
            by=by,
            about=about,
            verb="split",
            ground=document,
        )
        for part, _outline, own in parts:
            for child in own:
                _move(child, part, on, by=by, notes=notes)
        _derive(place.street)


def name_also(place: Place, name: str, *, valid_from: date, by: str) -> None:
    """Remember a name that residents use, so that search and imports find the place by it."""
    with transaction.atomic():
        other = OtherName(street_id=place.street_id, place=place, name=name, valid_from=valid_from)
        write.add(other, by=by, notes={"@verb": "name_also"})


def sign_checkpoint(street: Street) -> str:
    """Sign the head of the street's journal and keep the checkpoint; answers its text."""
    with transaction.atomic():
        return write.checkpoint(street.id)
