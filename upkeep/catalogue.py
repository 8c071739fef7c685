"""The Chinese catalogue of the screens: drawn from code and templates, and checked to be complete.

    python -m upkeep.catalogue update    draw the sentences anew and keep what is translated
    python -m upkeep.catalogue check     say what is missing or amiss

English stands in the code and needs no catalogue. Exit codes: 0 fine, 1 something is amiss,
2 wrong use.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "fenghuang"
PATH = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

HEADER = """\
# What Fenghuang says, in Chinese. Nouns as in kernel/terms/glossary.csv.
# Made by: python -m upkeep.catalogue update"""

#: Differ from one run and one machine to the next, and say nothing to anybody.
FLEETING = re.compile(
    r'^"(Project-Id-Version|POT-Creation-Date|PO-Revision-Date|Last-Translator|Generated-By|'
    r"Report-Msgid-Bugs-To|Language-Team): .*\n",
    re.MULTILINE,
)

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z%]|%|\{\w*\}")


def sources() -> Iterator[tuple[str, bytes]]:
    """The modules and templates with sentences in them, as Python that Babel can read."""
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE.parent).as_posix()
        if "/tests/" in name or "/migrations/" in name:
            continue
        if path.suffix == ".py":
            yield name, path.read_bytes()
        elif path.suffix in (".html", ".txt") and "/templates/" in name:
            drawn = templatize(path.read_text(encoding="utf-8"), origin=name)
            # What is left of the page is no Python: without its indents it reads as names.
            yield name, re.sub(r"^[ \t]+", "", drawn, flags=re.MULTILINE).encode()


def drawn() -> Catalog:
    """Every sentence of the house, in the order of files, with none translated."""
    catalog = Catalog(locale="zh_Hans", header_comment=HEADER, fuzzy=False)
    for name, source in sources():
        for line, message, comments, context in extract(
            "python", BytesIO(source), KEYWORDS, ["Translators:"]
        ):
            catalog.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalog


def kept() -> Catalog:
    """The catalogue as it stands; empty if there is none yet."""
    if not PATH.exists():
        return Catalog(locale="zh_Hans")
    with PATH.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def renewed(catalog: Catalog) -> tuple[Catalog, list[str]]:
    """The sentences of today with what is translated of them, and those that are no longer said."""
    fresh = drawn()
    for message in fresh:
        known = catalog.get(message.id, message.context) if message.id else None
        if known is not None:
            message.string, message.flags = known.string, message.flags | (known.flags & {"fuzzy"})
    gone = [sentence(one) for one in catalog if one.id and fresh.get(one.id, one.context) is None]
    return fresh, gone


def text_of(catalog: Catalog) -> str:
    buffer = BytesIO()
    write_po(buffer, catalog, width=100, include_lineno=False)
    return FLEETING.sub("", buffer.getvalue().decode())


def sentence(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def faults(catalog: Catalog) -> list[str]:
    """What keeps the catalogue from being complete and right; nothing if it is."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        told = message.string or ""
        strings = [told] if isinstance(told, str) else list(told)
        *_singular, wanted = [message.id] if isinstance(message.id, str) else message.id
        if not all(strings):
            found.append(f"not translated: {sentence(message)}")
        elif message.fuzzy:
            found.append(f"marked fuzzy: {sentence(message)}")
        elif any(placeholders(one) != placeholders(wanted) for one in strings):
            found.append(f"other placeholders: {sentence(message)}")
    fresh, gone = renewed(catalog)
    found += [f"no longer said: {one}" for one in gone]
    if text_of(fresh) != PATH.read_text(encoding="utf-8"):
        found.append("drawn before the code was changed: python -m upkeep.catalogue update")
    return found


def placeholders(text: str) -> Counter[str]:
    """What the program puts in, and how often.

    >>> placeholders("%(n)s of {total}") == placeholders("{total} 件中的 %(n)s 件")
    True
    >>> placeholders("%(n)s per cent") == placeholders("%(n)s%")
    False
    """
    return Counter(PLACEHOLDER.findall(text))


def update() -> list[str]:
    """Draw anew, keep what is translated, compile; the sentences that were left out."""
    fresh, gone = renewed(kept())
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(text_of(fresh), encoding="utf-8")
    with PATH.with_suffix(".mo").open("wb") as file:
        write_mo(file, fresh)
    return gone


def main(verb: str = "", *_more: str) -> None:
    if verb not in ("update", "check"):
        print("python -m upkeep.catalogue update|check", file=sys.stderr)
        sys.exit(2)
    if verb == "update":
        for one in update():
            print(f"left out: {one}")
    found = faults(kept())
    print("\n".join(found) or "The Chinese catalogue is complete.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
