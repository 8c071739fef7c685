"""What the house says is said in Chinese, all of it, and in English without any catalogue."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation
from django.utils.translation import gettext

from upkeep import catalogue

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
