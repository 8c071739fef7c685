"""A damaged web copy of a Chinese text, restored as far as its bytes prove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from fenghuang.claims.finishing import Finish, finish, missing_numbers
from fenghuang.claims.mending import Piece, mend
from fenghuang.claims.repairs import Kind, Repair, Restored


def restore(text: str) -> Restored:
    """The text as it was before its damage, with every repair and every doubt.

    A text without damage comes back unchanged. What the bytes do not prove is left as found and
    listed; what they lost without a trace nobody can list. Never fails on any string.

    >>> restore("以新?tīng)顟B(tài)踏上新征程。").text
    '以新状态踏上新征程。'
    """
    pieces = mend(text)
    mended = "".join(piece.text for piece in pieces)
    finished = _finish(mended, [piece.kind for piece in pieces for _ in piece.text])
    changes = list(_changes(text, pieces, finished))
    whole = Restored("".join(each.after for each in finished), tuple(changes))
    return _with_missing_numbers(text, whole)


def _finish(mended: str, kinds: Sequence[Kind | None]) -> list[Finish]:
    """What each character becomes: as it is, if nothing was damaged or it is left as found."""
    as_found = [Finish(each) for each in mended]
    if not any(kinds):
        return as_found
    finished = finish(mended, [kind is not None for kind in kinds])
    return [
        kept if kind is Kind.LEFT_AS_FOUND else each
        for kept, each, kind in zip(as_found, finished, kinds, strict=True)
    ]


def _changes(text: str, pieces: Sequence[Piece], finished: Sequence[Finish]) -> Iterator[Repair]:
    at = 0
    for piece in pieces:
        own = finished[at : at + len(piece.text)]
        at += len(piece.text)
        if piece.kind is None:
            yield from _finished(text, piece.start, own)
        else:
            after = "".join(each.after for each in own)
            lacks_number = any(each.kind is Kind.NUMBER_MISSING for each in own)
            certain = piece.certain and all(each.certain for each in own)
            kind = Kind.NUMBER_MISSING if lacks_number else piece.kind
            before = text[piece.start : piece.end]
            yield Repair(piece.start, piece.end, before, after, kind, certain)


def _finished(text: str, start: int, finished: Sequence[Finish]) -> Iterator[Repair]:
    for (kind, certain), group in groupby(finished, key=lambda each: (each.kind, each.certain)):
        own = list(group)
        end = start + len(own)
        if kind is not None:
            after = "".join(each.after for each in own)
            yield Repair(start, end, text[start:end], after, kind, certain)
        start = end


def _with_missing_numbers(text: str, restored: Restored) -> Restored:
    """The restored text with a note for every number that it lacks, beside other repairs."""
    taken = {at for each in restored.repairs for at in range(each.start, each.end)}
    notes = []
    for start, end in missing_numbers(restored.text):
        first, last = restored.found_at(start), restored.found_at(end)
        if start != end and (first == last or not taken.isdisjoint(range(first, last))):
            continue
        shown = text[first:last] if start != end else ""
        last = last if start != end else first
        notes.append(Repair(first, last, shown, shown, Kind.NUMBER_MISSING, certain=False))
    if not notes:
        return restored
    merged = sorted((*restored.repairs, *notes), key=lambda each: (each.start, each.end))
    return Restored(restored.text, tuple(merged))
