"""The duty list as a workbook: 单位｜类别｜依据."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import Unit
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.cells import folded, text
from fenghuang.kit.columns import Column, Headers, Text
from fenghuang.kit.layouts import Layout, lay_out
from fenghuang.kit.workbooks import Sheet, cell_name, open_workbook

from ..models import Category, Duty

COLUMNS = ("单位", "类别", "依据")


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken over, and why."""

    cell: str
    sentence: str


@dataclass(frozen=True)
class Read:
    """What of a workbook makes duties, and what does not."""

    duties: list[Duty]
    faults: list[Fault]


def read_duties(content: bytes, file_name: str, street: Street, on: date) -> Read:
    """Read the first sheet that has the three columns. Refused where none has.

    A unit that is merged over several rows stands in each of them; a category may be named in
    Chinese or English, several in one cell parted by 、.
    """
    headers = Headers([Column(name, name, Text()) for name in COLUMNS])
    for sheet in open_workbook(content, file_name):
        layout = lay_out(sheet, headers, {})
        if layout is not None and {one.column.code for one in layout.mapped if one.column} == set(
            COLUMNS
        ):
            return _read(sheet, layout, street, on)
    raise Refused(
        "no_such_column",
        _("No sheet has the columns %(columns)s. Name them in its first row.")
        % {"columns": "、".join(COLUMNS)},
        where="file",
    )


def _read(sheet: Sheet, layout: Layout, street: Street, on: date) -> Read:
    units = {folded(one.name): one for one in Unit.objects.valid_on(on).filter(street=street)}
    categories = {folded(str(label)): code for code, label in Category.choices}
    categories |= {folded(code): code for code in Category.values}
    at = {one.column.code: one.at for one in layout.mapped if one.column is not None}
    read = Read([], [])
    for number, row in _rows(sheet, layout):
        said = [text(row[at[name]]) for name in COLUMNS]
        if not any(said):
            continue
        unit = units.get(folded(said[0]))
        if unit is None:
            read.faults.append(
                Fault(
                    cell_name(number, at[COLUMNS[0]]),
                    _("There is no unit “%(name)s” in the street.") % {"name": said[0]},
                )
            )
            continue
        for one in said[1].replace(",", "、").replace("，", "、").split("、"):
            category = categories.get(folded(one))
            if category is None:
                read.faults.append(
                    Fault(
                        cell_name(number, at[COLUMNS[1]]),
                        _("“%(name)s” is no category. There are: %(all)s")
                        % {
                            "name": one,
                            "all": "、".join(str(label) for label in Category.labels),
                        },
                    )
                )
            else:
                read.duties.append(
                    Duty(street=street, unit=unit, category=category, citation=said[2][:200])
                )
    return read


def _rows(sheet: Sheet, layout: Layout) -> Iterator[tuple[int, list[object]]]:
    """The rows below the header, each with what cells merged with cells above it say."""
    for number in range(layout.end, len(sheet.rows)):
        row = list(sheet.rows[number])
        for merged in sheet.merged:
            if layout.end <= merged.top < number <= merged.bottom:
                row[merged.left] = sheet.rows[merged.top][merged.left]
        yield number, row
