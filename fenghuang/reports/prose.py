"""The text of a chapter: prose with slots for figures, and what may not be typed into it.

    ## A heading
    召开“屋场贴心会”{{ figure "MTG.SESSIONS" }}，收集问题{{ figure "MTG.PROBLEMS" style="over" }}。

Other slots are {{ year }}, {{ next_year }} and {{ place }}. Blank lines part paragraphs, a single
line break is not printed, and neither is a note to the writer: {# … #}.

A figure comes from the records or not at all: no numeral may be typed, and no word beside a slot
may change what its figure promises. Names are written in “ ”: “2+1”, “12345热线”, “老九条”.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from fenghuang.claims import units
from fenghuang.claims.wording import Marker, Position, Style


@dataclass(frozen=True, slots=True)
class Prose:
    """Words, printed as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class FigureSlot:
    """Here the figure of an indicator is printed, worded in a style if that is honest."""

    code: str
    style: Style = Style.EXACT

    def __str__(self) -> str:
        style = "" if self.style is Style.EXACT else f' style="{self.style}"'
        return f'{{{{ figure "{self.code}"{style} }}}}'


@dataclass(frozen=True, slots=True)
class NameSlot:
    """Here something is printed that the report knows by itself; NAME_SLOTS are all there are."""

    name: str

    def __str__(self) -> str:
        return f"{{{{ {self.name} }}}}"


Part = Prose | FigureSlot | NameSlot

NAME_SLOTS = (NameSlot("year"), NameSlot("next_year"), NameSlot("place"))
NAMES = frozenset(slot.name for slot in NAME_SLOTS)


@dataclass(frozen=True, slots=True)
class Paragraph:
    parts: tuple[Part, ...]
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a text from being a chapter, and where in the text it stands.

    `code` is digit (a numeral was typed), count (a number in words with its measure word), marker
    (余, 超过 … beside a slot), unknown_figure, unknown_style, unknown_slot or unclosed; `found` is
    the faulty text.
    """

    offset: int
    length: int
    code: str
    found: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A heading or paragraph as printed; `offsets` says where each character stands in the text."""

    text: str
    offsets: tuple[int, ...]
    is_heading: bool

    def fault(self, code: str, start: int, end: int) -> Fault:
        first, last = self.offsets[start], self.offsets[end - 1]
        return Fault(first, last + 1 - first, code, self.text[start:end])


_NOTE = re.compile(r"\{#.*?#\}", re.DOTALL)
_BLOCK = re.compile(r"^##+(?P<heading>[^\n]*)|(?:^(?!##)[^\n]*\S[^\n]*(?:\n|\Z))+", re.MULTILINE)
_BRACES = re.compile(r"\{\{[^{}]*\}\}")
_SLOT = re.compile(
    r'\{\{\s*(?:(?P<name>\w+)|figure\s*["“”](?P<code>[^"“”]*)["“”]'
    r'(?:\s*style\s*=\s*["“”](?P<style>[^"“”]*)["“”])?)\s*\}\}'
)


def parse(text: str) -> tuple[Paragraph, ...]:
    """Headings and paragraphs with their parts. What is no proper slot stays prose: see `faults`.

    >>> parse('召开{{ figure "MTG.SESSIONS" }}')[0].parts
    (Prose(text='召开'), FigureSlot(code='MTG.SESSIONS', style=<Style.EXACT: 'exact'>))
    """
    return tuple(Paragraph(tuple(_parts(block.text)), block.is_heading) for block in _blocks(text))


def slots(text: str) -> tuple[FigureSlot, ...]:
    """The slots for figures, in the order of the text."""
    parts = (part for paragraph in parse(text) for part in paragraph.parts)
    return tuple(part for part in parts if isinstance(part, FigureSlot))


def faults(text: str, known_codes: Collection[str]) -> list[Fault]:
    """All that keeps the text from being a chapter, in the order of the text. Empty: it is one.

    `known_codes` are the codes of the indicators there are.
    """
    found = [fault for block in _blocks(text) for fault in _faults(block, known_codes)]
    return sorted(found, key=lambda fault: fault.offset)


def _blocks(text: str) -> Iterator[_Block]:
    notes = {at for note in _NOTE.finditer(text) for at in range(*note.span())}
    # Format characters are invisible: they must neither part a numeral nor be printed.
    kept = [
        at
        for at, character in enumerate(text)
        if at not in notes and unicodedata.category(character) != "Cf" and character != "\r"
    ]
    plain = "".join(text[at] for at in kept)
    for match in _BLOCK.finditer(plain):
        is_heading = match["heading"] is not None
        start, end = match.span("heading" if is_heading else 0)
        own = [at for at in range(start, end) if plain[at] != "\n"]
        while own and plain[own[0]].isspace():
            del own[0]
        while own and plain[own[-1]].isspace():
            del own[-1]
        if own:
            printed = "".join(plain[at] for at in own)
            yield _Block(printed, tuple(kept[at] for at in own), is_heading)


def _parts(text: str) -> Iterator[Part]:
    printed = 0
    for braces in _BRACES.finditer(text):
        slot = _slot(braces.group())
        if isinstance(slot, str):
            continue
        if braces.start() > printed:
            yield Prose(text[printed : braces.start()])
        yield slot
        printed = braces.end()
    if printed < len(text):
        yield Prose(text[printed:])


def _slot(written: str) -> FigureSlot | NameSlot | str:
    """The slot written so, or the code of what is wrong with it."""
    match = _SLOT.fullmatch(written)
    if match is None or (match["name"] and match["name"] not in NAMES):
        return "unknown_slot"
    if match["name"]:
        return NameSlot(match["name"])
    style = match["style"] or Style.EXACT
    return FigureSlot(match["code"], Style(style)) if style in set(Style) else "unknown_style"


# --- numerals that nobody may type

_FIGURE, _NAME = "\ue000", "\ue001"  # stand for each character of a slot
_CHINESE = "零一二两三四五六七八九十百千万亿"
_UNIT = "|".join(map(re.escape, units.SPELLINGS))
_NUMERAL = re.compile(
    # a share: 百分之二十, 三分之二
    rf"(?P<share>[0{_CHINESE}]+分之[0{_CHINESE}]+)"
    # tenths: 八成
    r"|(?P<tenths>[二两三四五六七八九]成(?![员立果功长效为绩]))"
    # a number with its measure word: 62场次, 六十二场, 两百余个, 十几家
    rf"|(?P<count>(?P<number>(?:0[,.]0|[0{_CHINESE}])+)(?P<more>[余多几]?[百千万亿]*[余多]?)"
    rf"\s*(?P<unit>{_UNIT}))"
    r"|(?P<digits>0(?:[.,]?0)*)"
)
_QUOTED = re.compile(r"“[^“”]*”")
# Names and sayings with a numeral in words and a measure word, which count nothing.
_SAYINGS = re.compile(
    "千家万户|十分|万分|万家灯火|百家争鸣|四面八方|三天两头|十年如一日|一?百年|[三四五]位一体"
    "|十[二三四五六]五|(?:亿|[百千]?万)元(?:以上|级)"
)
# What follows 个 where a text counts its own structure and not the world.
_STRUCTURE = ("方面", "环节", "阶段", "层面", "维度", "关键", "重点", "坚持", "确保", "持续")

_FRONT = "|".join(
    sorted((one.text for one in Marker if Position.FRONT in one.positions), key=len, reverse=True)
)
_BEFORE_FIGURE = {
    "digit": re.compile(r"[二两三四五六七八九十百千万亿余多几数]\s*$"),
    # 签约, 附近, 赶超 … end like a marker and are none
    "marker": re.compile(rf"(?<![签节预公条合邀履])(?<![附最邻临靠贴])(?<![赶反])(?:{_FRONT})\s*$"),
}
_AFTER_FIGURE = re.compile(r"\s*(?:以上|左右|(?:余|多|上下)(?=\W|\Z))")


def _faults(block: _Block, known_codes: Collection[str]) -> Iterator[Fault]:
    masked = list(_with_plain_digits(block.text))
    for braces in _BRACES.finditer(block.text):
        slot = _slot(braces.group())
        if isinstance(slot, str):
            yield block.fault(slot, *braces.span())
        elif isinstance(slot, FigureSlot) and slot.code not in known_codes:
            yield block.fault("unknown_figure", *braces.span())
        fill = _FIGURE if isinstance(slot, FigureSlot) else _NAME
        masked[braces.start() : braces.end()] = fill * len(braces.group())
    text = "".join(masked)
    for stray in re.finditer(r"\{\{|\}\}|\{#|#\}", text):
        yield block.fault("unclosed", *stray.span())
    for code, start, end in sorted(
        {*_numerals(text), *_beside_figures(text)}, key=lambda at: at[1]
    ):
        yield block.fault(code, start, end)


def _with_plain_digits(text: str) -> str:
    """The text with every sign of a number that is not a Chinese word made 0: ４, ④, Ⅳ, 〇, ½."""
    return "".join("0" if unicodedata.category(one).startswith("N") else one for one in text)


def _numerals(text: str) -> Iterator[tuple[str, int, int]]:
    """Code, start and end of every numeral that may not be typed."""
    quotes = [quoted.span() for quoted in _QUOTED.finditer(text)]
    sayings = [saying.span() for saying in _SAYINGS.finditer(text)]
    for numeral in _NUMERAL.finditer(text):
        start, end = numeral.span()
        quote = next((b - a - 2 for a, b in quotes if a < start and end < b), 0)
        if "0" in numeral.group():
            beside = {_FIGURE, _NAME} & {*text[max(0, start - 1) : start], *text[end : end + 1]}
            if numeral["digits"] is None or not quote or beside:
                yield "digit", start, end
        elif not any(a <= start < b for a, b in sayings) and not _counts_nothing(numeral, quote):
            yield "count", start, end


def _counts_nothing(numeral: re.Match[str], quote: int) -> bool:
    """Whether a numeral in words counts nothing; `quote` is the length of the name it stands in."""
    if numeral["count"] is None:
        return False
    number, bare = numeral["number"], not numeral["more"]
    return (
        (number == "一" and bare)  # 一批, 一件
        or numeral.string[: numeral.start()].endswith("第")
        or (numeral["unit"] == "月" and bare)  # 三月 is a month; a span would be 三个月
        or (numeral["unit"] == "个" and numeral.string.startswith(_STRUCTURE, numeral.end()))
        # “四个意识”, “老九条”, but not “三场”
        or (len(number) == 1 and bare and quote > len(numeral.group()))
    )


def _beside_figures(text: str) -> Iterator[tuple[str, int, int]]:
    """What would be read as part of the figure in the slot beside it: 近, 超过, 以上, 百."""
    for slot in re.finditer(f"{_FIGURE}+", text):
        for code, pattern in _BEFORE_FIGURE.items():
            if before := pattern.search(text, 0, slot.start()):
                yield code, *before.span()
        if after := _AFTER_FIGURE.match(text, slot.end()):
            yield "marker", *after.span()
