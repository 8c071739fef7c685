"""The first step of restoring: readings taken out, torn pairs put together, script as found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from fenghuang.claims import torn
from fenghuang.claims.atoms import Atom, Shape, atoms, is_annotated, is_damage, is_trail_byte
from fenghuang.claims.garbling import FULL_WIDTH
from fenghuang.claims.gbk import EURO, LEADS, character, code, encoded
from fenghuang.claims.likelihood import likelihood
from fenghuang.claims.pinyin import is_traditional
from fenghuang.claims.repairs import Kind
from fenghuang.claims.script import simplified_alone

_CONTEXT = 8
_CUT_READING = re.compile(r"(?:[(（]|\?(?=.))[a-zü\u00e0-\u01dc]*\Z")
_LONGEST_READING = 8
_NUMERIC = re.compile(r"\.?[0-9]|[%年月日]")
_CLEARLY = 2.0
_WHOLE = (None, Kind.READING)  # pieces that end with a whole character
_TOO_MANY = 4  # question marks or torn pairs in a row; no damage leaves so many


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text as found and what it is before it is made simplified.

    `kind` is None if nothing was done to it.
    """

    start: int
    end: int
    text: str
    kind: Kind | None = None
    certain: bool = True


def mend(text: str) -> list[Piece]:
    """The text in pieces; one if no reading stands behind a traditional character."""
    cut = atoms(text)
    if not any(is_damage(cut, at) for at in range(len(cut))):
        return [Piece(0, len(text), text)] if text else []
    return _Mending(text, cut).pieces()


class _Mending:
    """One pass over the atoms of a damaged text."""

    def __init__(self, text: str, cut: Sequence[Atom]) -> None:
        self._text = text
        self._cut = list(cut)
        self._pieces: list[Piece] = []
        self._last_start = (
            -1
        )  # the atom at which the last run began that a torn pair had put out of step
        self._known = frozenset(
            cut[at - 1].text for at in range(len(cut)) if is_annotated(self._cut, at)
        )

    def pieces(self) -> list[Piece]:
        end = self._reading_cut_off()
        self._cut = [atom for atom in self._cut if atom.start < end]
        at = 0
        while at < len(self._cut):
            at = self._taken(at)
        if end < len(self._text):
            self._pieces.append(self._cut_off(end))
        return list(_joined(self._pieces))

    def _reading_cut_off(self) -> int:
        """Where a reading begins that the end of the text cuts off; else the end."""
        begun = _CUT_READING.search(self._text, max(0, len(self._text) - _LONGEST_READING))
        return begun.start() if begun else len(self._text)

    def _cut_off(self, start: int) -> Piece:
        """A reading cut off: taken out behind a character that can have one, else left."""
        before = self._pieces[-1]
        if before.kind in _WHOLE and is_traditional(before.text) and self._text[start] != "?":
            return Piece(start, len(self._text), "", Kind.READING, certain=False)
        rest = self._text[start:]
        return Piece(start, len(self._text), rest, Kind.LEFT_AS_FOUND, certain=False)

    def _taken(self, at: int) -> int:
        """Make pieces of the atom and perhaps of more; the index of the next atom."""
        atom = self._cut[at]
        if atom.shape is Shape.TORN:
            return self._torn(at)
        if atom.shape is Shape.NOTE:
            return self._noted(at)
        if atom.shape in (Shape.MARK, Shape.GAP):
            return self._marked(at)
        return self._kept(at)

    def _kept(self, at: int, kind: Kind | None = None) -> int:
        atom = self._cut[at]
        shown = self._text[atom.start : atom.end]
        self._pieces.append(Piece(atom.start, atom.end, shown, kind, certain=kind is None))
        return at + 1

    def _noted(self, at: int) -> int:
        """A reading behind a whole character is taken out."""
        before = self._pieces[-1] if self._pieces else None
        if before is None or before.kind not in _WHOLE:
            return self._kept(at, Kind.LEFT_AS_FOUND)
        if not is_traditional(before.text):
            return self._kept(at, Kind.LEFT_AS_FOUND if self._is_letter(at - 1) else None)
        end = self._cut[at].end
        sure = before.certain and is_annotated(self._cut, at)
        self._pieces[-1] = Piece(before.start, end, before.text, Kind.READING, sure)
        return at + 1

    def _torn(self, at: int) -> int:
        """A torn pair begins with the character before its reading."""
        if [each.shape for each in self._cut[at : at + _TOO_MANY]] == [Shape.TORN] * _TOO_MANY:
            return self._left(at)
        start = at - 1
        while start >= 0 and self._cut[start].shape is Shape.NOTE:
            start -= 1
        if start < 0:
            return self._left(at)
        offset = self._cut[start].start
        undone = [piece for piece in self._pieces[-3:] if piece.start >= offset]
        before = self._pieces[: len(self._pieces) - len(undone)][-_CONTEXT:]
        if not undone or (before and before[-1].end > offset):
            return self._left(at)
        if undone[0].kind is Kind.LEFT_AS_FOUND:  # what is out of step begins no pair
            return self._left(at)
        mended = torn.mended(self._cut, start, at, _text(before), self._known, hidden=False)
        if mended is None:
            return self._torn_again(at)
        del self._pieces[-len(undone) :]
        self._last_start = start
        return self._put(mended)

    def _torn_again(self, at: int) -> int:
        """The run before, which seemed to be in step again, may reach as far as this pair."""
        start = self._last_start
        between = self._cut[start + 2 : at]
        if start < 0 or any(
            each.shape is Shape.CHARACTER and each.text.isascii() for each in between
        ):
            return self._left(at)
        offset = self._cut[start].start
        before = [piece for piece in self._pieces[-torn.LONGEST :] if piece.start < offset]
        mended = torn.mended(
            self._cut, start, at, _text(before[-_CONTEXT:]), self._known, hidden=False
        )
        if mended is None:
            return self._left(at)
        while self._pieces and self._pieces[-1].start >= offset:
            self._pieces.pop()
        return self._put(mended)

    def _marked(self, at: int) -> int:
        """A mark may have been found across two characters, with or without a ? for the first."""
        shapes = [each.shape for each in self._cut[at : at + _TOO_MANY]]
        if shapes == [Shape.GAP] * _TOO_MANY:
            return self._kept(at)
        before = _text(self._pieces[-_CONTEXT:])
        if shapes[0] is Shape.GAP and shapes[1:2] in ([Shape.MARK], [Shape.GAP]):
            mended = torn.mended(self._cut, at, at + 1, before, self._known, hidden=False)
            if mended and mended.gain > 0:
                return self._put(mended)
        told = self._is_told(at)
        if told or self._is_likelier_torn(at):
            mended = torn.mended(self._cut, at, at, before, self._known, hidden=True)
            if mended and (told or mended.gain > _CLEARLY):
                return self._put(mended)
            return self._left(at)
        return self._kept(at)

    def _left(self, at: int) -> int:
        """What is torn beyond repair, up to where it is in step again."""
        _, end = self._run(at)
        for index in range(at, end):
            self._kept(index, Kind.LEFT_AS_FOUND)
        return end

    def _run(self, at: int) -> tuple[list[Atom], int]:
        """The characters behind a mark up to the next atom below 0x80, and the index of that."""
        end = at + 1
        while (
            end < len(self._cut)
            and self._cut[end].shape is Shape.CHARACTER
            and not self._cut[end].text.isascii()
        ):
            end += 1
        return self._cut[at + 1 : end], end

    def _is_told(self, at: int) -> bool:
        """Whether a reading behind the mark belongs to no whole character: ;顒(dòng)."""
        _, end = self._run(at)
        if self._is_letter(end):
            end += 1
        return (
            end < len(self._cut)
            and self._cut[end].shape is Shape.NOTE
            and not is_annotated(self._cut, end)
            and end - at > 1
            and (self._cut[end - 1].text.isascii() or is_traditional(self._cut[end - 1].text))
        )

    def _is_letter(self, at: int) -> bool:
        return at < len(self._cut) and is_trail_byte(self._cut[at])

    def _is_likelier_torn(self, at: int) -> bool:
        """Whether what follows the mark reads better from the byte after."""
        run, end = self._run(at)
        if self._is_letter(end):
            run = [*run, self._cut[end]]
        codes = [code(atom.text) for atom in run]
        if not run or None in codes:
            return False
        data = encoded(FULL_WIDTH[self._cut[at].text])[1:] + b"".join(each or b"" for each in codes)
        shifted = [character(*data[n : n + 2]) for n in range(0, len(data) - 1, 2)]
        if EURO in data or data[0] not in LEADS or not all(shifted):
            return False
        moved = likelihood(simplified_alone("".join(each or "" for each in shifted)))
        return moved > likelihood(torn.plain(run))

    def _put(self, mended: torn.Mended) -> int:
        start, end = self._cut[mended.start].start, self._cut[mended.end - 1].end
        text = mended.text
        if text[-1:].isascii() and text[-1:] == self._text[end - 1] != torn.LOST:
            text, end = text[:-1], end - 1  # it only ended the run
            self._pieces.append(Piece(start, end, text, Kind.TORN_PAIR, mended.sure))
            return mended.end - 1
        if self._text[end - 1] == "?" and _NUMERIC.match(self._text, end):
            text = text.rstrip(torn.LOST) + torn.LOST  # it may have swallowed a digit
        sure = mended.sure and torn.LOST not in text
        self._pieces.append(Piece(start, end, text, Kind.TORN_PAIR, sure))
        return mended.end


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours in which nothing was repaired as one."""
    unrepaired = (None, Kind.LEFT_AS_FOUND)
    for kind, group in groupby(pieces, key=lambda piece: piece.kind):
        own = list(group)
        if kind in unrepaired:
            yield Piece(own[0].start, own[-1].end, _text(own), kind, own[0].certain)
        else:
            yield from own


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
