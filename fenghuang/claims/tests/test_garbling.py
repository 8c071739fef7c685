import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.claims import gbk, pinyin
from fenghuang.claims.garbling import Site, garble, sites, traditional
from fenghuang.claims.tests.damage import DATA

DROPPING, SHOWING, SWALLOWING, FULL_WIDTH = sites({"現": "xiàn"})


def test_the_report_of_2021_is_damaged_as_its_page_shows_it():
    page = (DATA / "phoenix_2021_web.txt").read_text(encoding="utf-8")
    clean = (DATA / "phoenix_2021.txt").read_text(encoding="utf-8")
    known = {  # what the page lost or changed besides
        "加裝、特色": "加裝特色",
        "愛(ài)國(guó)主": "愛(ài)主",
        "‘五區(qū)’": "“五區(qū)”",
        "‘最美轉(zhuǎn)型城市’": "“最美轉(zhuǎn)型城市",
    }

    garbled = re.sub(r"\s+", " ", garble(clean)).strip() + " |"
    for ours, theirs in known.items():
        assert garbled.count(ours) == 1
        garbled = garbled.replace(ours, theirs)

    assert garbled == page.strip()


@pytest.mark.parametrize(
    ("clean", "garbled"),
    [
        ("新状态", "新?tīng)顟B(tài)"),  # 聽 found across 新狀
        ("当的责任", "當(dāng)?shù)呢?zé)任"),  # 數 before 當, in the order of the table
        ("庆祝活动", "慶;顒(dòng)"),  # ；found across 祝活
        ("2.22亿元（2+1）", "2.22億元(2+1)"),
        ("plain, 100%?", "plain, 100%?"),
    ],
)
def test_damage_as_observed(clean, garbled):
    assert garble(clean) == garbled


@pytest.mark.parametrize(
    ("site", "garbled"),
    [
        (DROPPING, "牌,F(xiàn)已;顒8月"),
        (SHOWING, "牌?,F(xiàn)已?;顒?8月"),
        (SWALLOWING, "牌?,F(xiàn)已?;顒?月"),
        (FULL_WIDTH, "牌?，F(xiàn)已?；顒?8月"),
    ],
)
def test_sites_differ_in_what_they_show_for_a_stray_byte(site, garbled):
    assert garble("牌。现已祝活动8月", site) == garbled


def test_a_site_without_a_table_annotates_nothing():
    assert garble("新状态", Site({})) == "新狀態"


def test_what_the_code_does_not_hold_stays():
    assert garble("动🚧动", Site({"動": "dòng"})) == "動(dòng)🚧動(dòng)"


def test_characters_that_stand_for_several_are_left_by_the_converter():
    assert traditional("余万元，着力，台账，群众") == "余萬元，著力，臺賬，群眾"


@given(st.text())
def test_any_string_can_be_damaged(text):
    assert isinstance(garble(text), str)


@given(st.text(alphabet="凤凰街道abc，。0123\n"))
def test_without_a_table_and_marks_only_the_script_changes(text):
    kept = re.sub("[，。]", "", text)

    assert garble(kept, Site({})) == traditional(kept)


@pytest.mark.parametrize(
    ("letters", "reading"),
    [("qū", "qū"), ("xia\u0300n", "xiàn"), ("ｑū", "qū"), ("ɡuó", "guó"), ("lǜ", "lǜ")],
)
def test_a_reading_in_odd_letters_is_the_same_reading(letters, reading):
    assert pinyin.spelled(letters) == reading


@pytest.mark.parametrize("letters", ["kg", "CBD", "q", "xiān̄", "éà", "公里"])
def test_what_is_no_syllable_is_no_reading(letters):
    assert pinyin.spelled(letters) is None


def test_every_character_seen_annotated_has_its_reading_in_the_table_of_readings():
    assert [
        character
        for character, seen in pinyin.table("annotated.txt").items()
        if not pinyin.can_read(character, seen[0])
    ] == []


@given(st.binary(max_size=40), st.booleans())
def test_any_bytes_are_read(data, swallows):
    assert isinstance(gbk.decoded(data, stray="?", swallows=swallows), str)
