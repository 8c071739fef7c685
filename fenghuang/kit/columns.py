"""Columns: one definition serves a ledger's import, its export, and the fields of its interface.

A column has the official Chinese header, which is data, and an English code, which is its name in
the interface. Its kind knows how a cell is read, what is written into one, and how the value looks
in JSON. Reading is forgiving in form and strict in meaning (see `cells`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.worktime import LOCAL_ZONE

from . import cells
from .cells import BROKEN, Cell, CellProblem, folded, text
from .names import Named, NamedUnit, NameIndex

LARGEST_WHOLE = 2_147_483_647  # of a database integer
AT_ONCE = 5_000  # values in one query
EXACT_DIGITS = 10**15  # beyond this Excel no longer keeps a number exactly
LONGEST_CELL = 32_767  # characters; Excel holds no more


@dataclass
class Context:
    """What reading and writing a cell may need besides the cell.

    `year` and `community` are those of the sheet (from its title or name), `unit` what stands in
    brackets in the column's header, `row` the values of this row read so far, `day` that of the
    row, and `numbered` the records that the sheet names by number. `words` says for the code of a
    column what words of the file mean that the house does not know, as a person answered: another
    word to read instead, "" for none.
    """

    street: Street
    names: NameIndex
    today: date
    year: int | None = None
    community: Named | None = None
    unit: str = ""
    row: dict[str, Any] = field(default_factory=dict)
    day: date | None = None
    numbered: dict[str, dict[str, Record]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, column: str, code: str, sentence: str) -> None:
        """Something to be told about this row that does not keep it from being entered."""
        self.notes.append((column, code, sentence))


class Kind:
    """How one kind of value is read, written and compared."""

    empty: Any = None  #: the value of an empty cell
    fills_down = True  #: does a merged cell stand for each of its rows?
    width = 12  #: in characters of Latin text; one Chinese character takes two

    def says_nothing(self, cell: Cell) -> bool:
        return cells.says_nothing(cell)

    def nothing(self, context: Context) -> Any:
        """The value of a cell that says nothing."""
        return self.empty

    def read(self, cell: Cell, context: Context) -> Any:
        """The value of a cell that is not blank. Raises CellProblem."""
        raise NotImplementedError

    def write(self, value: Any) -> Cell:
        """What stands in the cell: text, a number, a day, or None."""
        return value

    def to_json(self, value: Any) -> Any:
        return self.write(value)

    def from_json(self, data: Any, context: Context) -> Any:
        """The value of a JSON value that is not null. Raises CellProblem."""
        return self.read(data, context)

    def answers(self, context: Context) -> list[tuple[str, str]]:
        """What an unknown word may mean: the cell to read instead, and how it is called. Nothing,
        where that cannot be asked."""
        return []

    def of(self, record: Any, code: str, context: Context) -> Any:
        """The value that a record holds under the code of the column."""
        return getattr(record, code)

    def is_same(self, one: Any, other: Any) -> bool:
        """Do two values mean the same? Text is compared without regard to space and width."""
        return bool(one == other)


class Text(Kind):
    """Text as it was written. `longest` in characters is what the database holds."""

    empty = ""
    width = 24

    def __init__(self, longest: int = LONGEST_CELL) -> None:
        self.longest = longest

    def says_nothing(self, cell: Cell) -> bool:
        return cells.is_blank(cell)

    def read(self, cell: Cell, context: Context) -> str:
        found = text(cell)
        if len(found) > self.longest:
            raise CellProblem(
                "too_long",
                _("This is %(length)s characters long; up to %(longest)s are kept. Shorten it.")
                % {"length": len(found), "longest": self.longest},
            )
        return found

    def from_json(self, data: Any, context: Context) -> str:
        if not isinstance(data, str):
            raise CellProblem("text", _("This must be text."))
        return self.read(data, context)

    def is_same(self, one: Any, other: Any) -> bool:
        return folded(one) == folded(other)


class Code(Text):
    """An official code. A long one must be text: of a number, Excel keeps 15 digits."""

    width = 22

    def read(self, cell: Cell, context: Context) -> str:
        if isinstance(cell, (int, float)) and abs(cell) >= EXACT_DIGITS:
            raise CellProblem(
                "digits_lost",
                _("Excel has kept only 15 digits of this code. Enter it as text."),
            )
        return super().read(cell, context)


class Whole(Kind):
    """A whole number, counted in one of `units` if any is named (see `cells.whole`)."""

    fills_down = False
    width = 10

    def __init__(self, *units: str, least: int = 0, most: int = LARGEST_WHOLE) -> None:
        self.units, self.least, self.most = units, least, most

    def read(self, cell: Cell, context: Context) -> int:
        found = cells.whole(cell, units=self.units, header_unit=context.unit)
        _check_range(cell, found, self.least, self.most)
        return found


class Measured(Kind):
    """A measured quantity in `unit`, as Decimal, exact to `places` decimals."""

    fills_down = False

    def __init__(self, unit: str, *, places: int = 2, most: Decimal = Decimal(10**10)) -> None:
        self.unit, self.step, self.most = unit, Decimal(1).scaleb(-places), most

    def read(self, cell: Cell, context: Context) -> Decimal:
        found = cells.number(cell, units=(self.unit,), header_unit=context.unit)
        _check_range(cell, found, 0, self.most)
        if found != found.quantize(self.step):
            raise CellProblem(
                "too_fine",
                _("“%(cell)s” has more decimals than are kept. Round it.") % {"cell": text(cell)},
            )
        return found.quantize(self.step)

    def write(self, value: Decimal | None) -> Cell:
        return None if value is None else float(value)

    def to_json(self, value: Decimal | None) -> str | None:
        return None if value is None else format(value, "f")


class Money(Kind):
    """An amount, kept as whole fen. `unit` is that of the official header: 元 or 万元."""

    fills_down = False
    width = 14

    def __init__(self, unit: str = "元") -> None:
        self.unit = unit
        self.fen = 100 * 10_000 if unit == "万元" else 100

    def read(self, cell: Cell, context: Context) -> int:
        yuan = cells.number(cell, units=("元",), header_unit=context.unit)
        if not context.unit and yuan != cells.number(cell, units=("元",), header_unit=self.unit):
            raise CellProblem(
                "unit_missing",
                _("Is this in 元 or in 万元? Write it into the header, in brackets."),
            )
        fen = yuan * 100
        _check_range(cell, fen, 0, 2**53)
        if fen != fen.to_integral_value():
            raise CellProblem(
                "too_fine", _("“%(cell)s” is not exact to the fen.") % {"cell": text(cell)}
            )
        return int(fen)

    def write(self, value: int | None) -> Cell:
        return None if value is None else float(Decimal(value) / self.fen)

    def to_json(self, value: int | None) -> int | None:
        return value

    def from_json(self, data: Any, context: Context) -> int:
        if isinstance(data, bool) or not isinstance(data, int) or not 0 <= data <= 2**53:
            raise CellProblem("fen", _("An amount is a whole number of fen."))
        return data


class Percent(Kind):
    """Whole per cent, 0 to 100 (see `cells.percentage`)."""

    fills_down = False
    width = 8

    def read(self, cell: Cell, context: Context) -> int:
        found = cells.percentage(cell, header_unit=context.unit)
        if found != found.to_integral_value():
            raise CellProblem(
                "whole", _("“%(cell)s” is not whole per cent. Round it.") % {"cell": text(cell)}
            )
        return int(found)

    def write(self, value: int | None) -> Cell:
        return None if value is None else f"{value}%"  # as a number, 1 could be 1 % or 100 %

    def to_json(self, value: int | None) -> int | None:
        return value

    def from_json(self, data: Any, context: Context) -> int:
        return self.read(f"{data}%" if isinstance(data, int) else data, context)


class Day(Kind):
    """A day. `is_past`: a day after today is refused."""

    def __init__(self, *, is_past: bool = False) -> None:
        self.is_past = is_past

    def read(self, cell: Cell, context: Context) -> date:
        found = cells.day(cell, year=context.year)
        if self.is_past:
            _check_past(found, context.today)
        return found

    def to_json(self, value: date | None) -> str | None:
        return None if value is None else value.isoformat()


class Moment(Kind):
    """A moment at the office's clock, or a day where no time was written (see `cells.moment`)."""

    width = 18

    def __init__(self, *, is_past: bool = False) -> None:
        self.is_past = is_past

    def read(self, cell: Cell, context: Context) -> date | datetime:
        found = cells.moment(cell, year=context.year)
        if self.is_past:
            _check_past(day_of(found), context.today)
        return found

    def write(self, value: date | datetime | None) -> Cell:
        if isinstance(value, datetime):
            return value.astimezone(LOCAL_ZONE).replace(tzinfo=None, second=0, microsecond=0)
        return value

    def to_json(self, value: date | datetime | None) -> str | None:
        if isinstance(value, datetime):
            return value.astimezone(LOCAL_ZONE).isoformat()
        return None if value is None else value.isoformat()

    def from_json(self, data: Any, context: Context) -> date | datetime:
        if isinstance(data, str) and "T" in data:
            try:
                found = datetime.fromisoformat(data)
            except ValueError:
                return self.read(data, context)
            here = found.astimezone(LOCAL_ZONE) if found.tzinfo else found
            return self.read(here.replace(tzinfo=None), context)
        return self.read(data, context)


class Choice(Kind):
    """One of some stored codes. `words` gives for each code the Chinese word that is written, or
    several of which the first is written and all are read. The code itself is read too."""

    empty = ""

    def __init__(self, words: Mapping[str, str | tuple[str, ...]]) -> None:
        self.words = {
            code: (word,) if isinstance(word, str) else word for code, word in words.items()
        }
        self.codes = {folded(code): str(code) for code in words}
        self.codes |= {folded(word): str(code) for code, own in self.words.items() for word in own}

    def read(self, cell: Cell, context: Context) -> str:
        code = self.codes.get(folded(cell))
        if code is None:
            raise CellProblem(
                "choice",
                _("“%(cell)s” is not one of: %(words)s.")
                % {"cell": text(cell), "words": "、".join(own[0] for own in self.words.values())},
                word=text(cell),
            )
        return code

    def answers(self, context: Context) -> list[tuple[str, str]]:
        return [(str(code), own[0]) for code, own in self.words.items()]

    def write(self, value: str) -> Cell:
        return self.words[value][0] if value else None

    def to_json(self, value: str) -> str | None:
        return str(value) or None

    def says_nothing(self, cell: Cell) -> bool:
        return cells.says_nothing(cell) and folded(cell) not in self.codes


class YesNo(Kind):
    """Yes or no. `empty` is what an empty cell means: None (not said) or False."""

    width = 8

    def __init__(self, yes: str = "是", no: str = "否", *, empty: bool | None = None) -> None:
        self.yes, self.no = yes, no
        self.empty = empty

    def says_nothing(self, cell: Cell) -> bool:
        return cells.is_blank(cell)  # 无 and / are a plain no here

    def read(self, cell: Cell, context: Context) -> bool:
        if (word := folded(cell)) in (folded(self.yes), folded(self.no)):
            return word == folded(self.yes)
        return cells.yes_or_no(cell)

    def write(self, value: bool | None) -> Cell:
        return None if value is None else self.yes if value else self.no

    def to_json(self, value: bool | None) -> bool | None:
        return value


class PlaceNamed(Kind):
    """A place of one of these levels, by any of its names or codes.

    `within` is the code of an earlier column whose place it stands in, so that each community may
    have its 第一网格. An empty community is that of the sheet, if the sheet is about one.
    """

    width = 16

    def __init__(self, *kinds: str, within: str = "") -> None:
        self.kinds, self.within = kinds, within

    def nothing(self, context: Context) -> Named | None:
        own = context.community
        return own if own is not None and own.kind in self.kinds else None

    def read(self, cell: Cell, context: Context) -> Named:
        wider = context.row.get(self.within)
        found = context.names.find(
            text(cell),
            self.kinds,
            day=context.day,
            within=wider.id if isinstance(wider, Named) else None,
        )
        if len(found) == 1:
            return found[0]
        if found:
            raise CellProblem(
                "ambiguous",
                _("“%(cell)s” may be: %(names)s. Write the full name.")
                % {"cell": text(cell), "names": "、".join(_full_names(found, context))},
                word=text(cell),
            )
        near = context.names.close_to(text(cell), self.kinds)
        raise CellProblem(
            "unknown_place",
            _("No place named “%(cell)s” is in the books. Similar: %(names)s.")
            % {"cell": text(cell), "names": "、".join(near)}
            if near
            else _("No place named “%(cell)s” is in the books. Correct it, or add the place first.")
            % {"cell": text(cell)},
            word=text(cell),
        )

    def answers(self, context: Context) -> list[tuple[str, str]]:
        """The places of these levels whose name is that of no other."""
        names = [place.name for place in context.names.places if place.kind in self.kinds]
        return [(name, name) for name, count in Counter(names).items() if count == 1]

    def write(self, value: Named | None) -> Cell:
        return None if value is None else value.name

    def of(self, record: Any, code: str, context: Context) -> Named | None:
        return context.names.by_id.get(getattr(record, f"{code}_id"))


def _full_names(places: Iterable[Named], context: Context) -> list[str]:
    names = []
    for place in places:
        community = context.names.above(place.id, "community", context.day or context.today)
        wider = f"{community.name} " if community and community != place else ""
        names.append(wider + place.name)
    return names


class UnitNamed(Kind):
    """A unit that work can be given to: a department, a community, an outside body."""

    width = 16

    def read(self, cell: Cell, context: Context) -> NamedUnit:
        found = context.names.unit(text(cell))
        if len(found) == 1:
            return found[0]
        raise CellProblem(
            "unknown_unit",
            _("“%(cell)s” is not one unit in the books. Name the one that leads.")
            % {"cell": text(cell)},
            word=text(cell),
        )

    def answers(self, context: Context) -> list[tuple[str, str]]:
        return [(unit.name, unit.name) for unit in context.names.units]

    def write(self, value: NamedUnit | None) -> Cell:
        return None if value is None else value.name

    def of(self, record: Any, code: str, context: Context) -> NamedUnit | None:
        return context.names.unit_by_id.get(getattr(record, f"{code}_id"))


class RecordNumber(Kind):
    """Another record, by its number. `model` is its label, "requests.Meeting".

    Only standing records are found that whoever imports may see.
    """

    width = 18

    def __init__(self, model: str) -> None:
        self.label = model

    @cached_property
    def model(self) -> type[Record]:
        found = apps.get_model(self.label)
        assert issubclass(found, Record)
        return found

    def read(self, cell: Cell, context: Context) -> Record:
        found = context.numbered.get(self.label, {}).get(as_number(cell))
        if found is None:
            raise CellProblem(
                "no_such_record",
                _("No record with the number “%(cell)s” was found. Correct the number.")
                % {"cell": text(cell)},
            )
        return found

    def write(self, value: Record | None) -> Cell:
        return None if value is None else value.number


class RunningNumber(Kind):
    """The running number of a row (序号). It means nothing and is not read."""

    width = 6

    def of(self, record: Any, code: str, context: Context) -> None:
        return None


class NotKept(Kind):
    """An official column that the house keeps no value for. What stands in it is reported."""

    def of(self, record: Any, code: str, context: Context) -> None:
        return None


@dataclass(frozen=True, eq=False)
class Column:
    """One column. `get` takes its value from a record; without it the field named `code` does.

    `aliases` are other headers that mean the same. A derived column follows from other records: it
    is written, and what is read is only compared. One that is not official is read where a file has
    it, and never written. A column that has many values holds a list of them, in one cell.
    """

    code: str
    header: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    is_derived: bool = False
    is_official: bool = True
    has_many: bool = False
    get: Callable[[Any, Context], Any] | None = None

    @property
    def is_stored(self) -> bool:
        return not (self.is_derived or isinstance(self.kind, (RunningNumber, NotKept)))

    @property
    def empty(self) -> Any:
        return [] if self.has_many else self.kind.empty

    def value(self, record: Any, context: Context) -> Any:
        if self.get is not None:
            return self.get(record, context)
        return self.kind.of(record, self.code, context)

    def read(self, cell: Cell, context: Context) -> Any:
        """The value of a cell; that of an empty one, if it holds nothing. Raises CellProblem."""
        if cell is BROKEN:
            raise CellProblem(
                "formula", _("The formula in this cell has no value. Replace it by its value.")
            )
        if self.kind.says_nothing(cell):
            return self._nothing(context)
        if not self.has_many:
            answer = self._answer(cell, context)
            return self._nothing(context) if answer == "" else self.kind.read(answer, context)
        meant = [self._answer(part, context) for part in cells.several(cell)]
        return [self.kind.read(part, context) for part in meant if part != ""]

    def _answer(self, cell: Cell, context: Context) -> Cell:
        """What is to be read: the cell, or what a person said that its word means."""
        words = context.words.get(self.code)
        return words.get(folded(cell), cell) if words else cell

    def absent(self, context: Context) -> Any:
        """The value where a file has no such column."""
        return [] if self.has_many else self.kind.nothing(context)

    def _nothing(self, context: Context) -> Any:
        found = self.absent(context)
        if self.is_required and (found is None or found == "" or found == []):
            raise CellProblem("empty", _("This must not be empty. Enter it."))
        return found

    def write(self, value: Any) -> Cell:
        if self.has_many:
            return "、".join(text(self.kind.write(one)) for one in value)
        return self.kind.write(value)

    def to_json(self, value: Any) -> Any:
        return (
            [self.kind.to_json(one) for one in value] if self.has_many else self.kind.to_json(value)
        )

    def from_json(self, data: Any, context: Context) -> Any:
        """The value of a JSON value. Raises CellProblem."""
        if data is None or data == "" or data == []:
            return self._nothing(context)
        if not self.has_many:
            return self.kind.from_json(data, context)
        if not isinstance(data, list):
            raise CellProblem("list", _("This must be a list."))
        return [self.kind.from_json(one, context) for one in data]

    def is_same(self, one: Any, other: Any) -> bool:
        if not self.has_many:
            return self.kind.is_same(one, other)
        return len(one) == len(other) and all(map(self.kind.is_same, one, other))


def day_of(value: date | datetime) -> date:
    """The day of a moment at the office's clock, or of a day."""
    return value.date() if isinstance(value, datetime) else value


def as_number(cell: Cell) -> str:
    """A record's number as it is looked up: half width, capitals, no space."""
    return folded(cell).upper()


def read_all(
    columns: Iterable[Column], read: Callable[[Column], Any], context: Context, *, day: str = ""
) -> dict[str, CellProblem]:
    """Read a row, column by column, into `context.row`; the problems by the code of the column.

    `day` is the code of the column that dates the row: once it is read, names mean what they meant
    on that day.
    """
    context.row, context.day, context.notes = {}, None, []
    problems = {}
    for column in columns:
        try:
            value = context.row[column.code] = read(column)
        except CellProblem as problem:
            problems[column.code] = problem
            continue
        if column.code == day and value is not None:
            context.day = day_of(value)
    return problems


def numbered(
    columns: Iterable[Column],
    cells_of: Callable[[Column], Iterable[Cell]],
    *,
    street: Street,
    user: User,
) -> dict[str, dict[str, Record]]:
    """The records that columns name by number, as far as this person may see them."""
    found: dict[str, dict[str, Record]] = {}
    for column in columns:
        if isinstance(column.kind, RecordNumber):
            numbers = sorted({as_number(cell) for cell in cells_of(column)} - {""})
            records = column.kind.model.objects.visible_to(user).standing()
            own = found.setdefault(column.kind.label, {})
            for start in range(0, len(numbers), AT_ONCE):
                some = records.filter(street=street, number__in=numbers[start : start + AT_ONCE])
                own.update((record.number, record) for record in some)
    return found


# Headers

_ORNAMENT = re.compile(r"[*:※☆★]")
_BRACKETS = re.compile(r"(.+?)[(\[【〔](.*?)[)\]】〕]$")


def header_key(header: Cell) -> str:
    """A header as it is compared: 金额 （万元）* and 金额(万元) are one."""
    return _ORNAMENT.sub("", folded(header))


def header_parts(header: Cell) -> tuple[str, str]:
    """The header without what stands in brackets at its end, and that.

    >>> header_parts("金 额（万元）")
    ('金额', '万元')
    """
    found = _BRACKETS.fullmatch(header_key(header))
    return (found[1], found[2]) if found else (header_key(header), "")


class Headers:
    """Finds the column that a header of a file means."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = {column.code: column for column in columns}
        self._by_key: dict[str, Column] = {}
        self._by_bare_key: dict[str, Column] = {}
        for column in self.columns.values():
            for header in (column.header, *column.aliases):
                key = header_key(header)
                if self._by_key.setdefault(key, column) is not column:
                    raise ValueError(f"two columns have the header {header!r}")
                self._by_bare_key.setdefault(header_parts(header)[0], column)

    def column(self, header: Cell) -> Column | None:
        key, bare = header_key(header), header_parts(header)[0]
        return self._by_key.get(key) or self._by_key.get(bare) or self._by_bare_key.get(bare)


# Checks


def _check_range(cell: Cell, found: Decimal | int, least: int, most: Decimal | int) -> None:
    if not least <= found <= most:
        raise CellProblem(
            "range",
            _("“%(cell)s” is not between %(least)s and %(most)s. Correct it.")
            % {"cell": text(cell), "least": least, "most": most},
        )


def _check_past(found: date, today: date) -> None:
    if found > today:
        raise CellProblem(
            "future",
            _("%(day)s is still to come. Correct the day.") % {"day": found.isoformat()},
        )
