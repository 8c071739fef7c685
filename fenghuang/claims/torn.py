"""Pairs of characters torn by an unaligned replacement, put together again.

The atoms of the text are read as bytes of which some are unknown: a `?` hides one, a mark or a
bracket may follow one that left no sign. Every way to fill them that gives characters is a
candidate. It is accepted only if the forward model makes the observed text from it; of several,
the likeliest is chosen, and doubted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from fenghuang.claims import garbling, gbk
from fenghuang.claims.atoms import Atom, Shape
from fenghuang.claims.garbling import FULL_WIDTH
from fenghuang.claims.likelihood import Weighed, likelihood
from fenghuang.claims.pinyin import can_read
from fenghuang.claims.script import is_written, plausible, simplified_alone, simplified_forms

LOST = "\0"  # stands in a candidate for an ASCII character that was swallowed
_UNKNOWN = -1
_REACH = 8  # characters on either side that are weighed with a candidate
LONGEST = 60  # atoms; a run one byte out of step ends long before
_KEPT = 20  # candidates at every unknown byte
_WEIGHED = 200  # candidates at the end
_PAIRS = 8  # readings behind torn pairs in one run; damage leaves fewer
_HIDDEN = -4.0  # weight of a byte that left no sign
_AHEAD = 1.0  # by which the likeliest candidate must lead the next


@dataclass(frozen=True, slots=True)
class Mended:
    """A stretch of atoms, `start` to `end`, and the traditional text that was torn to give it.

    `sure` if no other text gives the same damage. `gain` is by how much it is likelier than the
    text as found, as a difference of logarithms.
    """

    start: int
    end: int
    text: str
    sure: bool
    gain: float


@dataclass(frozen=True, slots=True)
class _Branch:
    """One way to read the atoms so far.

    `pending` is a lead byte that waits for its trail byte, or _UNKNOWN. `tail` are the last two
    bytes. `notes` are offsets in bytes, behind which a reading was put.
    """

    text: str = ""
    pending: int | None = None
    tail: tuple[int, int] = (_UNKNOWN, _UNKNOWN)
    length: int = 0
    notes: tuple[int, ...] = ()
    keys: frozenset[str] = frozenset()
    hidden: int = 0
    end: int = 0
    weighed: Weighed = field(default_factory=Weighed)

    @property
    def weight(self) -> float:
        return self.weighed.score + _HIDDEN * self.hidden


@cache
def _keys(lead: int, reading: str) -> tuple[int, ...]:
    """The trail bytes with which a lead byte gives a character of the reading."""
    return tuple(
        trail for trail in gbk.TRAILS if can_read(gbk.character(lead, trail) or "", reading)
    )


@cache
def _plausible_leads(trail: int) -> tuple[int, ...]:
    return tuple(lead for lead in gbk.LEADS if gbk.character(lead, trail) in plausible())


@cache
def _plausible_trails(lead: int) -> tuple[int, ...]:
    return tuple(trail for trail in gbk.TRAILS if gbk.character(lead, trail) in plausible())


def _fed(branch: _Branch, *data: int) -> Iterator[_Branch]:
    """The branch with known bytes added; none if they cannot follow."""
    byte, rest = data[0], data[1:]
    for after in _fed_one(branch, byte):
        yield from _fed(after, *rest) if rest else (after,)


def _fed_one(branch: _Branch, byte: int) -> Iterator[_Branch]:
    if branch.pending is None:
        tail = (branch.tail[1], byte)
        if byte < gbk.EURO:
            yield _lengthened(branch, chr(byte), tail)
        elif byte > gbk.EURO:
            yield _waiting(branch, byte, tail)
        return
    leads = _plausible_leads(byte) if branch.pending == _UNKNOWN else (branch.pending,)
    for lead in leads:
        character = gbk.character(lead, byte)
        if character is not None and is_written(character):
            yield _lengthened(branch, character, (lead, byte))


def _waiting(branch: _Branch, lead: int, tail: tuple[int, int]) -> _Branch:
    """The branch with one byte more, which waits for another."""
    return _Branch(
        branch.text,
        lead,
        tail,
        branch.length + 1,
        branch.notes,
        branch.keys,
        branch.hidden,
        branch.end,
        branch.weighed,
    )


def _lengthened(branch: _Branch, character: str, tail: tuple[int, int]) -> _Branch:
    """The branch with one byte more, which completes a character."""
    form = simplified_forms().get(character, character)
    return _Branch(
        branch.text + character,
        None,
        tail,
        branch.length + 1,
        branch.notes,
        branch.keys,
        branch.hidden,
        branch.end,
        branch.weighed.followed_by(form),
    )


def _guessed(branch: _Branch, *, hidden: bool = False) -> Iterator[_Branch]:
    """The branch with one unknown byte added."""
    if hidden:
        branch = replace(branch, hidden=branch.hidden + 1)
    if branch.pending is None:
        yield _waiting(branch, _UNKNOWN, (branch.tail[1], _UNKNOWN))
    elif branch.pending != _UNKNOWN:
        for trail in _plausible_trails(branch.pending):
            yield from _fed(branch, trail)


def _noted(branch: _Branch, *key: int) -> _Branch:
    """The branch with a reading behind the two bytes of a key, its last."""
    keys = branch.keys | frozenset((gbk.character(*key) or "",))
    return replace(branch, notes=(*branch.notes, branch.length), keys=keys)


def _keyed(branch: _Branch, reading: str, *, hidden: bool = False) -> Iterator[_Branch]:
    """The branch with an unknown byte added that ends a key of the reading."""
    if hidden:
        branch = replace(branch, hidden=branch.hidden + 1)
    leads = gbk.LEADS if branch.tail[1] == _UNKNOWN else (branch.tail[1],)
    for lead in leads:
        for trail in _keys(lead, reading):
            for after in _fed(branch, trail):
                if after.tail[1] == trail and after.tail[0] in (lead, _UNKNOWN):
                    yield _noted(after, lead, trail)


def _key_lost(branch: _Branch, reading: str) -> Iterator[_Branch]:
    """The branch with a whole key added: both converters were out of step at it."""
    if branch.pending is None and branch.length:
        for lead in gbk.LEADS:
            for trail in _keys(lead, reading):
                key = _fed(replace(branch, hidden=branch.hidden + 1), lead, trail)
                yield from (_noted(after, lead, trail) for after in key)


def _read(branch: _Branch, atom: Atom) -> Iterator[_Branch]:
    """All ways to go on with one atom."""
    match atom.shape:
        case Shape.TORN:
            yield from _keyed(branch, atom.text)
            yield from _key_lost(branch, atom.text)
        case Shape.NOTE:
            if can_read(gbk.character(*branch.tail) or "", atom.text):
                yield _noted(branch, *branch.tail)
            else:
                yield from _keyed(branch, atom.text, hidden=True)
        case Shape.MARK:
            yield from _read_mark(branch, atom.text)
        case Shape.GAP:
            yield from _read_mark(branch, atom.text)
            for after in _guessed(branch):
                yield after
                if after.pending is None:
                    yield _swallowed(after)
        case Shape.CHARACTER:
            yield from _read_character(branch, atom.text)


def _swallowed(branch: _Branch) -> _Branch:
    """The branch with an ASCII character that was taken along with the byte before it."""
    return replace(
        branch, text=branch.text + LOST, length=branch.length + 1, hidden=branch.hidden + 1
    )


def _read_mark(branch: _Branch, mark: str) -> Iterator[_Branch]:
    code = gbk.encoded(FULL_WIDTH[mark])
    yield from _fed(branch, *code)
    for after in _guessed(branch, hidden=True):
        yield from _fed(after, *code)


def _read_character(branch: _Branch, character: str) -> Iterator[_Branch]:
    code = gbk.code(character)
    if code is None:
        return
    yield from _fed(branch, *code)
    if branch.pending is not None and len(code) == 1:
        for after in _guessed(branch, hidden=True):
            yield from _fed(after, *code)


def _candidates(
    cut: Sequence[Atom], start: int, through: int, before: str, *, hidden: bool
) -> list[_Branch]:
    """Every reading from `start` to where characters and bytes are in step again."""
    branches = [_Branch(weighed=Weighed().followed_by(before))]
    at = start
    if hidden or cut[start].shape is Shape.GAP:
        branches = list(_guessed(branches[0], hidden=hidden))
        at += not hidden
    if hidden:
        code = gbk.encoded(FULL_WIDTH[cut[start].text])
        branches = [after for each in branches for after in _fed(each, *code)]
        at += 1
    done: list[_Branch] = []
    pairs = 0
    while branches and at < min(len(cut), start + LONGEST) and pairs < _PAIRS:
        pairs += cut[at].shape is Shape.TORN
        if cut[at].shape is not Shape.CHARACTER or cut[at].text.isascii():
            branches = _likeliest(branches)
        branches = [after for branch in branches for after in _read(branch, cut[at])]
        at += 1
        follows = at < len(cut) and cut[at].shape in (Shape.NOTE, Shape.TORN)
        if at > through and not follows:
            whole = [each for each in branches if each.pending is None]
            done += [replace(each, end=at) for each in _likeliest(whole, _WEIGHED)]
            branches = [each for each in branches if each.pending is not None]
    if at == len(cut):  # cut off: the trail byte of the last character is not there
        done += [replace(each, end=at) for each in branches if each.pending not in (None, _UNKNOWN)]
    return done


def _likeliest(branches: list[_Branch], count: int = _KEPT) -> list[_Branch]:
    return sorted(branches, key=lambda each: -each.weight)[:count]


def mended(
    cut: Sequence[Atom],
    start: int,
    through: int,
    before: str,
    known: frozenset[str],
    *,
    hidden: bool,
) -> Mended | None:
    """The stretch from `start` that takes in the atom `through`, put together again.

    `before` is the restored text up to it; `known` are the characters that the page annotates.
    `hidden` says that the atom at `start` is a mark that tore a pair without a sign. None if the
    forward model makes the observed text from no candidate, or from two that are equally likely,
    or if the text ends before it is certain which one is meant.
    """
    before = simplified_alone(before[-_REACH:])
    branches = _candidates(cut, start, through, before, hidden=hidden)
    last = max((branch.end for branch in branches), default=start)
    after = {end: plain(cut[end : last + _REACH]) for end in {branch.end for branch in branches}}
    branches = _likeliest(
        [replace(each, weighed=each.weighed.followed_by(after[each.end])) for each in branches],
        _WEIGHED,
    )
    weighed = [(each.weight, each) for each in branches]
    trusted = True
    accepted = _rivals(pair for pair in weighed if _gives(pair[1], cut, start, known))
    if not accepted:  # perhaps the site does not annotate a character everywhere
        trusted = False
        accepted = _rivals(pair for pair in weighed if _gives(pair[1], cut, start, frozenset()))
    if not accepted:
        return None
    best_weight, best = accepted[0]
    text = _agreed([each for weight, each in accepted if weight > best_weight - _AHEAD])
    if text is None:
        return None
    text += LOST * (best.pending is not None)
    only = len(accepted) == 1 and len(branches) < _WEIGHED and not hidden
    as_found = likelihood(before + plain(cut[start : last + _REACH]))
    sure = only and trusted and LOST not in text
    if best.end == len(cut) and not sure:  # what would decide was cut off
        return None
    return Mended(start, best.end, text, sure, best_weight - as_found)


def _rivals(weighed: Iterable[tuple[float, _Branch]]) -> list[tuple[float, _Branch]]:
    """The likeliest branch and those that are about as likely; any second one if none is.

    Two that differ only in the form of traditional characters are one.
    """
    found: dict[tuple[str, int], tuple[float, _Branch]] = {}
    for weight, branch in weighed:
        best = next(iter(found.values()), (weight, branch))[0]
        if len(found) > 1 and weight < best - _AHEAD:
            break
        found.setdefault((simplified_alone(branch.text), branch.end), (weight, branch))
    return list(found.values())


def _agreed(branches: Sequence[_Branch]) -> str | None:
    """The likeliest branch, with LOST where one as likely and as long has another character.

    None if that leaves little.
    """
    first = branches[0]
    alike = [each.text for each in branches if len(each.text) == len(first.text)]
    columns = zip(*alike, strict=True)
    text = "".join(column[0] if len(set(column)) == 1 else LOST for column in columns)
    return text if text.count(LOST) <= first.text.count(LOST) + 2 else None


def plain(cut: Sequence[Atom]) -> str:
    """The atoms without readings, in simplified characters and with full-width marks."""
    shown = (FULL_WIDTH.get(each.text, each.text) for each in cut if each.shape is not Shape.NOTE)
    return simplified_alone("".join(shown))


def _gives(branch: _Branch, cut: Sequence[Atom], start: int, known: frozenset[str]) -> bool:
    """Whether a site that annotates the known characters shows the branch as it was observed."""
    data = gbk.encoded(branch.text.replace(LOST, "0"))
    if branch.pending is not None:
        data += bytes((branch.pending,))
    keys = known | branch.keys
    for end in range(2, len(data) + 1):
        is_key = gbk.character(data[end - 2], data[end - 1]) in keys
        # a reading put between the two bytes of a key before its turn came has parted them
        if is_key and end not in branch.notes and end - 1 not in branch.notes:
            return False
    observed = cut[start : branch.end]
    readings = [each.text for each in observed if each.shape in (Shape.NOTE, Shape.TORN)]
    for at, reading in reversed(list(zip(branch.notes, readings, strict=True))):
        data = data[:at] + gbk.encoded(f"({reading})") + data[at:]
    expected = "".join(each.shown for each in observed)
    # the first converter may have been out of step up to the next character
    return _shows(data, expected) or any(
        _shows(data + code, expected + each.shown)
        for each in cut[branch.end : branch.end + 1]
        if (code := gbk.code(FULL_WIDTH.get(each.text, each.text)))
    )


def _shows(data: bytes, expected: str) -> bool:
    shown = garbling.shown_annotated(data)
    return any(garbling.half_width(shown, site) == expected for site in _sites())


@cache
def _sites() -> tuple[garbling.Site, ...]:
    return tuple(site for site in garbling.sites({}) if not site.full_width)
