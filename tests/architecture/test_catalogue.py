"""What the house says is said in Chinese, all of it, and in English without any catalogue."""

from __future__ import annotations

import re
from html import unescape

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation
from django.utils.translation import gettext

from fenghuang.indicators.registry import indicators
from tests.architecture.addresses import addresses, asked_at, found_spots
from tests.cast import found_cast
from upkeep import catalogue

#: Latin words that a Chinese page may show: names of things, of the other language, of wordings.
NAMES = {
    "English",
    "Enter",  # the key
    "Excel",
    "MB",
    "JSON",
    "JavaScript",
    "OpenAPI",
    "Tab",
    "WGS",
    "Word",
    "csv",
    "docx",
    "https",
    "ledger",
    "photo",
    "png",
    "txt",
}
SLOTS = {
    "figure",
    "style",
    "exact",
    "over",
    "exceeding",
    "nearly",
    "about",
    "year",
    "next",
    "place",
}

SAID = "The file is empty. Wait until it has been saved whole, then choose it again."


def test_the_chinese_catalogue_is_complete():
    assert catalogue.faults(catalogue.kept()) == []


def test_what_is_missing_or_amiss_is_named():
    drawn = catalogue.drawn()
    for message in drawn:
        message.string = message.id if isinstance(message.id, str) else message.id[1]
    said = [message for message in drawn if message.id]
    with_name = next(one for one in said if "%(number)s" in one.id)
    said[0].string = ""
    said[1].flags.add("fuzzy")
    with_name.string = "撤回了"
    drawn.add("Nobody says this any more.", "没人再这么说了。")

    found = catalogue.faults(drawn)

    assert set(found) == {
        f"not translated: {catalogue.sentence(said[0])}",
        f"marked fuzzy: {catalogue.sentence(said[1])}",
        f"other placeholders: {with_name.id}",
        "no longer said: Nobody says this any more.",
        "drawn before the code was changed: python -m upkeep.catalogue update",
    }


def test_drawing_anew_keeps_what_is_translated():
    before = Catalog(locale="zh_Hans")
    before.add(SAID, "文件是空的。")

    fresh, gone = catalogue.renewed(before)

    assert (fresh.get(SAID).string, gone) == ("文件是空的。", [])


@pytest.mark.parametrize(
    ("language", "is_said_in_chinese"), [("zh-hans", True), ("en", False), ("en-gb", False)]
)
def test_english_needs_no_catalogue(language, is_said_in_chinese):
    with translation.override(language):
        said = gettext(SAID)

    assert (said != SAID) is is_said_in_chinese


@pytest.mark.parametrize("name", ["secretary", "office", "administrator", "outsider"])
def test_no_page_speaks_english_to_a_chinese_reader(name, db, client):
    with translation.override("zh-hans"):
        cast = found_cast()
        spot = found_spots(cast)["east"]
    user = cast.outsider if name == "outsider" else cast.staff[name]
    known = NAMES | SLOTS | set(latin(" ".join([*cast.staff, "outsider"])))
    for one in indicators():  # a definition is named in both languages
        known |= set(latin(f"{one.code} {one.en}"))
    english = set()

    for asked in (one for address in addresses() for one in asked_at(address, spot)):
        client.force_login(user)
        answer = client.get(asked.path, headers={"Accept-Language": "zh-hans"})
        if answer.get("Content-Type", "").startswith("text/html"):
            words = set(latin(shown(answer.content.decode()))) - known
            english |= {(asked.name, word) for word in words}
        elif answer.streaming:
            list(answer)  # the file is closed at its end

    assert english == set()


def shown(page: str) -> str:
    """What a person reads on the page, without what stands there for programs."""
    text = re.sub(r"<(script|style|svg|code)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return unescape(text)


def latin(text: str) -> list[str]:
    """Words of two and more Latin letters, but for numbers of records and names with digits."""
    return re.findall(r"(?<![\w-])[A-Za-z]{2,}(?![\w-]*\d)", re.sub(r"[_.]", " ", text))
