"""Texts whose slots are filled: each figure in them is an object that knows where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fenghuang.claims.wording import NOTHING, Interval, Style, promise, word
from fenghuang.indicators.figures import Figure, Value, figures
from fenghuang.indicators.language import Definition, Indicator, Quotient, Ratio
from fenghuang.indicators.periods import Period
from fenghuang.indicators.registry import UnknownIndicator, indicator
from fenghuang.kernel.places.models import Place

from .models import Chapter
from .prose import FigureSlot, NameSlot, Paragraph, Part


@dataclass(frozen=True)
class Printed:
    """A figure as it stands in a text. `figure` is None where no line defines the code any more."""

    code: str
    style: Style
    wording: str
    figure: Figure | None

    @property
    def address(self) -> str:
        """The page that traces it, seen from the published report."""
        return trace_address(self.code)

    @property
    def value(self) -> str | None:
        """The exact value as text; None where there is none."""
        return value_text(self.figure.value) if self.figure else None

    @property
    def promised(self) -> Interval | None:
        """The values for which the wording is true; None where nothing is claimed."""
        return None if self.wording == NOTHING else promise(self.wording).interval


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a heading within a chapter: words and figures in their order."""

    parts: tuple[str | Printed, ...]
    is_heading: bool


@dataclass(frozen=True)
class CompiledChapter:
    code: str
    heading: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class CompiledReport:
    """A report over one place and period. `figures` are all that it prints, and both sides of
    their shares, by code and read together."""

    title: str
    place: Place
    period: Period
    chapters: tuple[CompiledChapter, ...]
    figures: Mapping[str, Figure]
    has_lines: bool

    @property
    def printed(self) -> Iterator[Printed]:
        """Every figure at every place where it is printed."""
        for chapter in self.chapters:
            yield from printed_in(chapter.passages)


@dataclass(frozen=True)
class Changed:
    """A figure that is no longer what the writer saw; texts, “—” where there was no value."""

    definition: Definition
    was: str
    now: str


def trace_address(code: str) -> str:
    """Where a published report keeps the page that traces a figure.

    >>> trace_address("MTG.SESSIONS")
    'trace/MTG.SESSIONS.html'
    """
    return f"trace/{code}.html"


def read_for(text: Iterable[Paragraph], period: Period, place: Place) -> dict[str, Figure]:
    """The figures that the text prints, and both sides of their shares, by code."""
    return figures(definitions_in(text), period, place)


def definitions_in(text: Iterable[Paragraph]) -> list[Definition]:
    """What the text's slots ask for, and both sides of their shares, in the order of the codes.

    A code that no line defines any more asks for nothing.
    """
    wanted: dict[str, Definition] = {}
    for code in {slot.code for slot in _figure_slots(text)}:
        try:
            definition = indicator(code)
        except UnknownIndicator:
            continue
        wanted |= {part.code: part for part in (definition, *sides(definition))}
    return [wanted[code] for code in sorted(wanted)]


def sides(definition: Definition) -> tuple[Indicator, ...]:
    """Numerator and denominator of a share between records of two kinds; otherwise nothing."""
    if isinstance(definition, Quotient):
        return definition.numerator, definition.denominator
    return ()


def passages(
    text: Sequence[Paragraph], period: Period, place: Place, read: Mapping[str, Figure]
) -> tuple[Passage, ...]:
    """The text with its slots filled."""

    def filled(part: Part) -> str | Printed:
        match part:
            case FigureSlot(code, style):
                return printed(code, style, read.get(code))
            case NameSlot():
                return name_of(part, period, place)
        return part.text

    return tuple(
        Passage(tuple(filled(part) for part in paragraph.parts), paragraph.is_heading)
        for paragraph in text
    )


def name_of(slot: NameSlot, period: Period, place: Place) -> str:
    """What a slot for a name prints in a report over this period and place."""
    match slot.name:
        case "year":
            return str(period.year)
        case "next_year":
            return str(period.year + 1)
    return place.name


def printed(code: str, style: Style, figure: Figure | None) -> Printed:
    return Printed(code, style, worded(figure, style) if figure else NOTHING, figure)


def printed_in(text: Iterable[Passage]) -> Iterator[Printed]:
    for passage in text:
        yield from (part for part in passage.parts if isinstance(part, Printed))


def worded(figure: Figure, style: str = Style.EXACT) -> str:
    """The figure with its measure word, in that style if it is honest, otherwise exact."""
    definition = figure.definition
    shown = definition.decimals if isinstance(definition, Ratio | Quotient) else 2
    return word(figure.value, definition.unit, style, decimals=max(1, shown))


def value_text(value: Value) -> str | None:
    """The exact value as text, the same in every database: 62, 66.7; None for no value.

    >>> value_text(Decimal("24.00")), value_text(Decimal("1E+2"))
    ('24', '100')
    """
    if value is None:
        return None
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def changed(chapter: Chapter, read: Mapping[str, Figure]) -> list[Changed]:
    """The figures of a saved chapter whose value is another now than when it was saved, by code."""
    return [
        Changed(read[code].definition, seen["wording"], worded(read[code]))
        for code, seen in sorted(chapter.figures.items())
        if code in read and seen["value"] != value_text(read[code].value)
    ]


def _figure_slots(text: Iterable[Paragraph]) -> Iterator[FigureSlot]:
    for paragraph in text:
        yield from (part for part in paragraph.parts if isinstance(part, FigureSlot))
