"""The commands that learn labels from the texts of any labelled sheet: train, evaluate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .house import Progress, chosen_place, print_json, start

if TYPE_CHECKING:
    from fenghuang.kit.suggesting.examples import Lesson
    from fenghuang.kit.suggesting.learning import Counted
    from fenghuang.kit.suggesting.measuring import Measured
    from fenghuang.kit.suggesting.office import State

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
TEXT = click.option(
    "--text",
    "texts",
    multiple=True,
    required=True,
    help="The column of the text, by its header; several are read as one text.",
)
LABEL = click.option("--label", required=True, help="The column of the label, by its header.")
DAY = click.option("--date", "day", help="The column of the day; the latest fifth is held back.")
JSON = click.option("--json", "as_json", is_flag=True)


@click.group()
def suggest() -> None:
    """Learn labels from texts, and say how well."""


@suggest.command()
@FILE
@TEXT
@LABEL
@DAY
@JSON
def evaluate(file: Path, texts: Sequence[str], label: str, day: str | None, as_json: bool) -> None:
    """Say how well the labels of a sheet can be learned from its texts."""
    start()
    from fenghuang.kit.suggesting import measuring

    how = "latest" if day else "folds"
    with Progress() as progress:
        lesson, undated = _lesson(file, texts, label, day)
        counted = _counted(lesson, progress)
        splits = measuring.latest(lesson) if day else measuring.folds(lesson)
        measured = measuring.measure(lesson, counted, how, splits, progress)
    _tell(lesson, undated, measured, as_json)


@suggest.command()
@FILE
@TEXT
@LABEL
@DAY
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the model is written."
)
@JSON
def train(
    file: Path,
    texts: Sequence[str],
    label: str,
    day: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Learn the labels of a sheet from its texts, and write the model.

    One fifth is held back first to say how well that goes; then all of it is learned from.
    """
    start()
    from django.utils import timezone

    from fenghuang.kit.suggesting import learning, measuring

    out = out or file.with_suffix(".model")
    how = "latest" if day else "held_back"
    with Progress() as progress:
        lesson, undated = _lesson(file, texts, label, day)
        counted = _counted(lesson, progress)
        splits = measuring.latest(lesson) if day else measuring.held_back(lesson)
        measured = measuring.measure(lesson, counted, how, splits, progress)
        proof = learning.Proof(how, *measured.model)
        model = learning.train(lesson, counted, proof, made_on=timezone.localdate())
    model.write(out)
    _tell(lesson, undated, measured, as_json, out)


@suggest.command()
@click.option("--street", "street_name", help="The street, where there are several.")
@JSON
def orders(street_name: str | None, as_json: bool) -> None:
    """Learn from the closed orders of a street, and say if suggestions are shown.

    The latest fifth is held back first: only where what was learned does better there than the
    routing table are suggestions shown. Then all of it is learned from.
    """
    start()
    from django.utils import timezone

    from fenghuang.kit.door import lines
    from fenghuang.kit.suggesting import office

    street = chosen_place(street_name).street
    sources = [one for line in lines() for one in line.suggestion_sources if one.of == "orders"]
    with Progress() as progress:
        found = {
            one: office.train(one, street, made_on=timezone.localdate(), progress=progress)
            for one in sources
        }
    if as_json:
        print_json({one.code: _state_as_json(state) for one, state in found.items()})
        return
    for source, state in found.items():
        click.echo(f"{source.title}：{_state_in_words(state)}")


def _state_as_json(state: State) -> dict[str, Any]:
    return asdict(state) | {"trained_on": str(state.trained_on), "is_on": state.is_on}


def _state_in_words(state: State) -> str:
    """What came of it, in one line."""
    from django.utils.translation import gettext as _

    from fenghuang.kit.suggesting.office import Why

    facts: dict[str, object] = {"records": state.records, "held_back": state.held_back}
    if state.why == Why.TOO_FEW:
        return _("Off: %(records)s closed orders are too few to learn from.") % facts
    if state.why == Why.ONE_LABEL:
        return _("Off: there are not two kinds with enough different texts to tell apart.")
    assert state.model_macro_f1 is not None and state.table_accuracy is not None
    facts |= {
        "model": f"{state.model_macro_f1:.3f}",
        "table": f"{state.table_accuracy:.3f}",
    }
    if state.is_on:
        sentence = _(
            "On: learned from %(records)s orders; on the latest %(held_back)s macro-F1 %(model)s "
            "against %(table)s right by the table."
        )
    else:
        sentence = _(
            "Off: learned from %(records)s orders, but on the latest %(held_back)s macro-F1 "
            "%(model)s against %(table)s right by the table."
        )
    return sentence % facts


def _lesson(file: Path, texts: Sequence[str], label: str, day: str | None) -> tuple[Lesson, int]:
    """What of the sheet is learned from, and how many rows lack the day that was asked for."""
    from django.utils.translation import gettext as _

    from fenghuang.kernel.refusal import Refused
    from fenghuang.kit.suggesting import sheets
    from fenghuang.kit.suggesting.examples import FEWEST, latest, lesson

    rows = sheets.examples(file.read_bytes(), file.name, texts=texts, label=label, day=day)
    dated = [one for one in rows if one.day is not None] if day else rows
    found = lesson(dated)
    if not any(one.text for one in rows):
        raise Refused("no_texts", _("No row has a text in the column named."))
    if len(found.labels) < 2:
        raise Refused(
            "one_label",
            _("To tell labels apart, at least two must have %(fewest)s different texts each.")
            % {"fewest": FEWEST},
        )
    if day and len({one.label for one in latest(found.examples)[0]}) < 2:
        raise Refused("one_day", _("Before the latest fifth by date there are not two labels."))
    return found, len(rows) - len(dated)


def _counted(lesson: Lesson, progress: Progress) -> Counted:
    from fenghuang.kit.suggesting.learning import count

    return count([one.text for one in lesson.examples], progress)


def _tell(
    lesson: Lesson, undated: int, measured: Measured, as_json: bool, out: Path | None = None
) -> None:
    if as_json:
        print_json(_as_json(lesson, undated, measured, out))
        return
    from rich.console import Console

    for line in _left_out(lesson, undated):
        click.echo(line)
    Console(highlight=False).print(_table(measured))
    for line in _in_words(measured):
        click.echo(line)
    if out:
        click.echo(out)


def _as_json(lesson: Lesson, undated: int, measured: Measured, out: Path | None) -> dict[str, Any]:
    return {
        "learned_from": len(lesson.examples),
        "fingerprint": lesson.fingerprint,
        "left_out": {
            "without_text": lesson.without_text,
            "without_label": lesson.without_label,
            "without_day": undated,
            "repeated": lesson.repeated,
            "disputed": lesson.disputed,
            "rare_labels": [one._asdict() for one in lesson.rare],
        },
        "how": measured.how,
        "held_back": measured.texts,
        **measured.model._asdict(),
        "spread": measured.spread,
        "in_three": measured.in_three,
        "confidence_off": measured.off,
        "labels": [one._asdict() for one in measured.labels],
        "most_frequent": measured.most_frequent._asdict(),
        "plain": measured.plain._asdict(),
        "model": str(out) if out else None,
    }


def _left_out(lesson: Lesson, undated: int) -> Iterator[str]:
    """What was not learned from, a line for each reason."""
    from django.utils.translation import gettext as _

    for rows, sentence in (
        (lesson.without_text, _("%(rows)s rows have no text and are left out.")),
        (lesson.without_label, _("%(rows)s rows have no label and are left out.")),
        (undated, _("%(rows)s rows have no day that can be read and are left out.")),
        (lesson.repeated, _("%(rows)s rows repeat the text of another; each text counts once.")),
        (
            lesson.disputed,
            _("%(rows)s rows gave such a text another label; the most frequent counts."),
        ),
    ):
        if rows:
            yield sentence % {"rows": rows}
    if lesson.rare:
        named = "、".join(f"{one.label} ({one.texts})" for one in lesson.rare)
        yield _("Labels with too few different texts are left out: %(labels)s") % {"labels": named}


def _table(measured: Measured) -> Any:
    """Precision, recall and F1 of each label."""
    from django.utils.translation import gettext as _
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(_("Label"))
    for name in (_("Precision"), _("Recall"), "F1", _("Texts")):
        table.add_column(name, justify="right")
    for one in measured.labels:
        shares = (f"{share:.3f}" for share in (one.precision, one.recall, one.f1))
        table.add_row(one.label, *shares, str(one.support))
    return table


def _in_words(measured: Measured) -> Iterator[str]:
    """The scores with those of the simple ways, and how they were measured."""
    from django.utils.translation import gettext as _

    how = {
        "folds": _("each of five parts held back once, labels in equal shares"),
        "held_back": _("one fifth held back, labels in equal shares"),
        "latest": _("the latest fifth by date held back"),
    }[measured.how]
    yield _("Measured on %(texts)s texts: %(how)s.") % {"texts": measured.texts, "how": how}
    for name, one in (
        (_("Learned here"), measured.model),
        (_("Plain character n-grams, linear SVM"), measured.plain),
        (_("Always the most frequent label"), measured.most_frequent),
    ):
        yield _("%(name)s: macro-F1 %(macro_f1)s, accuracy %(accuracy)s") % {
            "name": name,
            "macro_f1": f"{one.macro_f1:.4f}",
            "accuracy": f"{one.accuracy:.4f}",
        }
    low, high = measured.spread
    if measured.how == "folds":
        yield _("Macro-F1 of the parts: %(low)s to %(high)s") % {
            "low": f"{low:.4f}",
            "high": f"{high:.4f}",
        }
    yield _(
        "The right label is among the first three for %(in_three)s %%; "
        "confidences are off by %(off)s points on average."
    ) % {"in_three": f"{measured.in_three * 100:.1f}", "off": f"{measured.off * 100:.1f}"}
