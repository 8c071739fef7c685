import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fenghuang.claims.wording import Style
from fenghuang.reports.prose import (
    Fault,
    FigureSlot,
    NameSlot,
    Paragraph,
    Prose,
    faults,
    parse,
    slots,
)

KNOWN = {"MTG.SESSIONS", "MTG.PROBLEMS"}
SESSIONS = '{{ figure "MTG.SESSIONS" }}'


def found(text):
    return [(fault.code, fault.found) for fault in faults(text, KNOWN)]


def test_a_paragraph_is_prose_and_slots_in_the_order_of_the_text():
    text = (
        "{{ year }}年召开“屋场贴心会”"
        '{{figure "MTG.SESSIONS"}}、{{ figure "MTG.PROBLEMS" style="over" }}。'
    )

    (paragraph,) = parse(text)

    assert paragraph.parts == (
        NameSlot("year"),
        Prose("年召开“屋场贴心会”"),
        FigureSlot("MTG.SESSIONS"),
        Prose("、"),
        FigureSlot("MTG.PROBLEMS", Style.OVER),
        Prose("。"),
    )


def test_blank_lines_part_paragraphs_and_a_single_break_is_not_printed():
    text = (
        "## 强力推进\n深入开展\n实践活动。\n\n"
        "　　进一步\r\n抓实。{# 写给自己：\n\n第62场 #}好。\n  \n"
    )

    paragraphs = parse(text)

    assert paragraphs == (
        Paragraph((Prose("强力推进"),), is_heading=True),
        Paragraph((Prose("深入开展实践活动。"),)),
        Paragraph((Prose("进一步抓实。好。"),)),
    )


def test_an_empty_text_has_no_paragraph():
    assert (parse(""), parse(" \n\n"), faults("", KNOWN)) == ((), (), [])


@pytest.mark.parametrize("slot", [FigureSlot("MTG.SESSIONS"), FigureSlot("A.B", Style.OVER)])
def test_a_slot_reads_back_as_it_is_written(slot):
    assert slots(f"召开{slot}。") == (slot,)


def test_quotation_marks_of_a_chinese_keyboard_do_in_a_slot():
    assert slots("{{ figure “MTG.SESSIONS” style=“over” }}") == (
        FigureSlot("MTG.SESSIONS", Style.OVER),
    )


def test_what_is_no_slot_stays_prose_and_is_a_fault():
    text = '甲{{ sessions }}乙{{ figure "MTG.SESSIONS" style="huge" }}丙{{ figure "NO.SUCH" }}'

    assert parse(text)[0].parts[0] == Prose(
        '甲{{ sessions }}乙{{ figure "MTG.SESSIONS" style="huge" }}丙'
    )
    assert found(text) == [
        ("unknown_slot", "{{ sessions }}"),
        ("unknown_style", '{{ figure "MTG.SESSIONS" style="huge" }}'),
        ("unknown_figure", '{{ figure "NO.SUCH" }}'),
    ]


@pytest.mark.parametrize(
    ("text", "stray"),
    [("召开{{ figure 场", "{{"), ("召开 }}场", "}}"), ("{# 忘了", "{#"), ("忘了 #}", "#}")],
)
def test_braces_that_are_not_closed_are_a_fault(text, stray):
    assert found(text) == [("unclosed", stray)]


def test_a_fault_says_where_in_the_text_it_stands():
    text = "{# 说明 #}\n\n召开屋场贴心会共\n六十{# 查过 #}二场。"

    (fault,) = faults(text, KNOWN)

    assert fault == Fault(text.index("六"), len("六十{# 查过 #}二场"), "count", "六十二场")
    assert text[fault.offset : fault.offset + fault.length] == "六十{# 查过 #}二场"


@pytest.mark.parametrize(
    "typed",
    [
        "62场次",
        "６２场次",
        "2021",
        "1,200",
        "28.69%",
        "３",
        "④",
        "Ⅳ",
        "二〇二一年",
        "5",
        "120余万元",
    ],
)
def test_a_digit_may_not_be_typed(typed):
    assert [code for code, _ in found(f"今年{typed}，好")] == ["digit"] * len(
        found(f"今年{typed}，好")
    )
    assert found(f"今年{typed}，好")


@pytest.mark.parametrize(
    "typed",
    [
        "六十二场",
        "六十二 场",
        "六\u200b十二场",
        "两百余个",
        "十几家",
        "百余个",
        "三万多元",
        "两面",
        "百分之二十",
        "三分之二",
        "八成",
        "一百零八人次",
        "二亿元",
    ],
)
def test_a_number_in_words_with_its_measure_word_may_not_be_typed(typed):
    assert [code for code, _ in found(f"今年{typed}，好")] == ["count"]


@pytest.mark.parametrize(
    "text",
    [
        "十四五时期",
        "十四五期间",
        "“十四五”期间",
        "一批实事",
        "一致好评",
        "两新组织",
        "一件事一次办",
        "党的二十大",
        "三区同振",
        "第二批次",
        "第三次会议",
        "五个方面",
        "千家万户",
        "建党百年",
        "三月开学",
        "亿元以上项目",
        "“2+1”产业",
        "“12345热线”",
        "“四个意识”",
        "“老九条”",
        "“5G”基站",
        "八成员单位",
        "万众一心",
        "签约",
    ],
)
def test_names_and_set_phrases_are_no_figures(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["“62场次”", "“六十二场”", "“三场”", "“百余个”", "“2亿元以上”", "“100%”", "二亿元以上"]
)
def test_quotation_marks_make_no_name_of_a_number_with_its_measure_word(text):
    assert len(found(text)) == 1


@pytest.mark.parametrize("open_quote", ["“2+1产业", "2+1”产业", "“甲”2“乙”"])
def test_only_a_closed_quotation_protects_a_digit(open_quote):
    assert found(open_quote)[0][0] == "digit"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"超过{SESSIONS}", ("marker", "超过")),
        (f"近{SESSIONS}", ("marker", "近")),
        (f"约 {SESSIONS}", ("marker", "约 ")),
        (f"{SESSIONS}以上", ("marker", "以上")),
        (f"{SESSIONS}余。", ("marker", "余")),
        (f"百{SESSIONS}", ("digit", "百")),
        (f"“1{SESSIONS}”", ("digit", "1")),
        ("“{{ year }}1”", ("digit", "1")),
    ],
)
def test_no_word_beside_a_slot_may_change_what_its_figure_promises(text, fault):
    assert found(text) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        f"签约{SESSIONS}",
        f"最近{SESSIONS}",
        f"{SESSIONS}多方参与",
        f"“2+1”{SESSIONS}",
        f"统一{SESSIONS}",
    ],
)
def test_words_that_only_look_like_markers_may_stand_beside_a_slot(text):
    assert found(text) == []


@given(st.text(), st.characters(categories=["Nd", "Nl", "No"]), st.text())
def test_no_text_with_a_digit_outside_slots_and_quotation_marks_passes(before, digit, after):
    assume(not {"“", "”", "{", "#"} & set(before + after))

    assert faults(before + digit + after, KNOWN)


@given(st.text(alphabet="六十二场次个“”{}# \n召开3图年{{ year }}#}{#"))
def test_every_fault_lies_in_the_text_and_names_what_stands_there(text):
    for fault in faults(text, KNOWN):
        assert 0 <= fault.offset < fault.offset + fault.length <= len(text)
        assert fault.found[0] == text[fault.offset]
        assert fault.found[-1] == text[fault.offset + fault.length - 1]


@given(st.text())
def test_a_text_without_faults_and_slots_prints_no_digit_outside_quotation_marks(text):
    assume(not faults(text, KNOWN))

    printed = "".join(
        part.text
        for paragraph in parse(text)
        for part in paragraph.parts
        if isinstance(part, Prose)
    )

    if "“" not in printed:
        assert not [one for one in printed if unicodedata.category(one).startswith("N")]
