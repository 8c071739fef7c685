"""From a figure back to what it rests on: its definition in words, and the records it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from fenghuang.claims.wording import Interval
from fenghuang.indicators.conditions import NOW, Compare, Condition, Every, Not, Some
from fenghuang.indicators.figures import Figure, as_q
from fenghuang.indicators.language import Definition, Distinct, Indicator, Quotient, Ratio, Sum
from fenghuang.indicators.periods import Period, PeriodKind
from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.places.models import Kind, Path, Place
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.terms import term
from fenghuang.kit.shown import from_journal, label
from fenghuang.kit.shown import in_words as shown

from .filling import value_text

_KINDS = {
    PeriodKind.FLOW: "period_flow",
    PeriodKind.STOCK: "period_stock",
    PeriodKind.CUMULATIVE: "period_cumulative",
    PeriodKind.STATE_REACHED: "period_state_reached",
}
_SIGNS = {"exact": "=", "lt": "<", "lte": "≤", "gt": ">", "gte": "≥", "in": "∈"}


@dataclass(frozen=True)
class Row:
    """One record behind a figure, with nothing in it that may not be published.

    `label` is the record's number, or the name of a place; `counted` what it adds or what is told
    apart; `is_hit` whether it counts in the numerator of a share, None where there is none.
    """

    record: Any
    label: str
    day: date
    community: str
    category: str
    state: str
    counted: str
    is_hit: bool | None


def listed(figure: Figure) -> QuerySet[Any]:
    """The records behind the figure, annotated for `row`; for a share, those of its base."""
    definition = counted_by(figure.definition)
    stock = definition.period is PeriodKind.STOCK
    day = figure.period.as_of if stock else OuterRef(definition.dated)
    own = "pk" if issubclass(definition.of, Place) else "place_id"
    communities = Path.objects.filter(
        place=OuterRef(own),
        ancestor__kind=Kind.COMMUNITY,
        valid_from__lte=day,
        valid_to__gt=day,
    )
    found: QuerySet[Any] = figure.records.annotate(
        traced_on=F(definition.dated),
        traced_community=Subquery(communities.values("ancestor__name")[:1]),
    )
    match definition:
        case Sum(adds=path) | Distinct(field_counted=path):
            found = found.annotate(traced_counted=F(_path(path)))
        case Ratio(hits=hits):
            hit = as_q(hits)
            whether = Case(When(hit, then=True), default=False) if hit else Value(True)
            found = found.annotate(traced_hit=whether)
    if own == "place_id":
        found = found.select_related("place")
    return found


def counted_by(definition: Definition) -> Indicator:
    """The definition whose records are listed: for a share of two kinds, its denominator."""
    return definition.denominator if isinstance(definition, Quotient) else definition


def rows(figure: Figure) -> Iterator[Row]:
    """All records behind the figure, by day; one query."""
    for record in listed(figure).order_by("traced_on", "pk").iterator(2000):
        yield row(record, counted_by(figure.definition))


def row(record: Any, definition: Indicator) -> Row:
    """What may be told of a record that `listed` found."""
    category = getattr(record, "get_category_display", None)
    return Row(
        record=record,
        label=_label(record),
        day=record.traced_on,
        community=record.traced_community or "",
        category=str(category()) if category else "",
        state=record.state_label if isinstance(record, Record) else "",
        counted=_counted(record, definition),
        is_hit=getattr(record, "traced_hit", None),
    )


def numbers(figure: Figure) -> list[str]:
    """The numbers of the records behind the figure; of places, their names."""
    return [one.label for one in rows(figure)]


def evidence_count(figure: Figure) -> int:
    """How many evidence files the records behind the figure have, as far as they are still kept."""
    behind = figure.records.order_by().values("pk")
    return Attachment.objects.filter(record_id__in=behind, removed_at=None, purged_at=None).count()


def hits(figure: Figure) -> int | None:
    """How many of the records are in the numerator of a share; None where there is no share."""
    match figure.definition:
        case Ratio(hits=condition):
            return figure.records.filter(as_q(condition)).count()
    return None


def in_words(definition: Definition, period: Period) -> list[tuple[str, str]]:
    """The definition as labels and texts, in the language of the reader."""
    told: list[tuple[str, str]] = [
        (term("indicator"), f"{definition.zh} · {definition.en}"),
        (term("indicator_code"), definition.code),
        (term("definition_version"), definition.version),
        (term("measure_word"), definition.unit),
        (term("aggregation"), _aggregation(definition)),
    ]
    if isinstance(definition, Quotient):
        told += [
            (term("numerator"), f"{definition.numerator.zh} ({definition.numerator.code})"),
            (term("denominator"), f"{definition.denominator.zh} ({definition.denominator.code})"),
        ]
    else:
        model = definition.of
        told.append((term("records_counted"), str(model._meta.verbose_name)))
        if words := condition_in_words(definition.when, model):
            told.append((term("condition"), words))
        if isinstance(definition, Ratio):
            told.append((term("numerator"), condition_in_words(definition.hits, model)))
        told.append((term("dated_by"), label(model, _dotted(definition.dated))))
    told.append((term("period_kind"), _kind(definition, period)))
    told += [
        (term("source"), definition.source or shown(None)),
        (term("indicator_owner"), definition.owner or shown(None)),
    ]
    return [(str(name), text) for name, text in told]


def condition_in_words(condition: Condition, model: Any) -> str:
    """The condition with the names that fields and choices have on the screen; empty for always."""
    match condition:
        case Compare(field, "isnull", is_empty):
            name = label(model, field)
            return (_("no %(field)s") if is_empty else _("%(field)s is given")) % {"field": name}
        case Compare(field, "exact", ""):
            return _("no %(field)s") % {"field": label(model, field)}
        case Compare(field, lookup, value):
            values = value if lookup == "in" else (value,)
            words = "、".join(_value_in_words(model, field, one) for one in values)
            return f"{label(model, field)} {_SIGNS[lookup]} {words}"
        case Every(parts):
            return _(" and ").join(condition_in_words(part, model) for part in parts)
        case Some(parts):
            inner = _(" or ").join(condition_in_words(part, model) for part in parts)
            return f"({inner})"
        case Not(part):
            return _("not (%(condition)s)") % {"condition": condition_in_words(part, model)}
    raise TypeError(f"{condition!r} is no condition")


def comparison(interval: Interval, value: Decimal | int) -> str:
    """How the value stands in the interval that its wording promises, in signs.

    >>> from fenghuang.claims.wording import promise
    >>> comparison(promise("180余件").interval, 187), comparison(promise("62场次").interval, 62)
    ('181 ≤ 187 ≤ 189', '62 = 62')
    """
    if interval.low == interval.high:
        return f"{value_text(value)} = {value_text(interval.low)}"
    text = f"{value_text(value)}"
    if interval.low is not None:
        text = f"{value_text(interval.low)} {'≤' if interval.low_inclusive else '<'} {text}"
    if interval.high is not None:
        text += f" {'≤' if interval.high_inclusive else '<'} {value_text(interval.high)}"
    return text


def _aggregation(definition: Definition) -> str:
    word = str(term(f"aggregation_{definition.aggregation}"))
    match definition:
        case Sum(adds=path) | Distinct(field_counted=path):
            return _("%(how)s: %(field)s") % {
                "how": word,
                "field": label(definition.of, _dotted(path)),
            }
    return word


def _kind(definition: Definition, period: Period) -> str:
    word = str(term(_KINDS[definition.period]))
    if definition.period is PeriodKind.STOCK:
        return f"{word}（{period.as_of.isoformat()}）"
    since = getattr(definition, "since", None) or period.start
    return f"{word}（{since.isoformat()} — {period.as_of.isoformat()}）"


def _label(record: Any) -> str:
    if isinstance(record, Record):
        return record.number
    return record.name if isinstance(record, Place) else str(record.place)


def _counted(record: Any, definition: Indicator) -> str:
    match definition:
        case Sum():
            return value_text(record.traced_counted) or ""
        case Distinct(field_counted=path):
            own = _dotted(path)
            if own in getattr(record, "PERSONAL", {}):
                return ""
            return _value_in_words(type(record), own, record.traced_counted)
    return ""


def _value_in_words(model: Any, path: str, value: Any) -> str:
    if value is NOW:
        return _("the moment of reading")
    *way, last = path.split(".")
    for step in way:
        model = model._meta.get_field(step).related_model
    field = model._meta.get_field(last)
    if field.is_relation:
        return ""  # a key says nothing to people; the record's place is shown anyway
    return str(shown(from_journal(field, value) if field.choices else value))


def _path(dotted: str) -> str:
    return dotted.replace(".", "__")


def _dotted(path: str) -> str:
    return path.replace("__", ".")
