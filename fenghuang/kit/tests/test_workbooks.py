"""Workbooks: opened without trust, written for the office."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from fenghuang.kernel.refusal import Refused
from fenghuang.kit import workbooks
from fenghuang.kit.cells import BROKEN
from fenghuang.kit.workbooks import Heading, Merged, open_workbook, write_workbook

in_excel = datetime.fromisoformat


def written(make) -> bytes:
    """The workbook that `make` fills, by XlsxWriter."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        make(book)
    return out.getvalue()


PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relationship(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Target="{target}" Type="{RELATIONS}/{kind}"/></Relationships>'
    )


def xlsx(sheet: str, **parts: str) -> bytes:
    """A workbook of one sheet, made by hand, so that it may be as bad as one likes."""
    names = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relationship("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
            '<sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relationship("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (names | parts).items():
            archive.writestr(name, text)
    return out.getvalue()


def sheet_of(rows: str, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


ONE_CELL = '<row r="1"><c r="A1"><v>7</v></c></row>'


def refusal(content: bytes, name: str = "book.xlsx") -> str:
    with pytest.raises(Refused) as caught:
        open_workbook(content, name)
    return caught.value.code


# Opening


def test_cells_come_as_text_numbers_days_and_truth():
    def fill(book):
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, ["凤凰", 62, 1.5, True])
        sheet.write_datetime(1, 0, date(2021, 3, 5), book.add_format({"num_format": "yyyy-m-d"}))
        moment = book.add_format({"num_format": "yyyy-m-d hh:mm"})
        sheet.write_datetime(1, 1, in_excel("2021-03-05 19:30"), moment)
        sheet.write_formula(1, 2, "=1+1", None, 2)

    (sheet,) = open_workbook(written(fill))

    assert (sheet.name, sheet.is_hidden) == ("台账", False)
    assert sheet.rows == [
        ["凤凰", 62, 1.5, True],
        [date(2021, 3, 5), in_excel("2021-03-05 19:30"), 2, ""],
    ]


def test_merged_and_hidden_cells_are_known():
    def fill(book):
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, 2, "标题")
        sheet.merge_range(1, 0, 2, 0, "凤凰池")
        sheet.write_row(1, 1, [1, 2])
        sheet.write_row(2, 1, [3, 4])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        book.add_worksheet("存档").hide()

    ledger, archive = open_workbook(written(fill))

    assert ledger.merged == [Merged(0, 0, 0, 2), Merged(1, 0, 2, 0)]
    assert (ledger.hidden_rows, ledger.hidden_columns) == ({2}, {1})
    assert (archive.name, archive.is_hidden) == ("存档", True)


def test_a_formula_without_a_value_does_not_look_like_an_empty_cell():
    book = openpyxl.Workbook()
    book.active.append([1, "=A1+1", "#REF!", "x"])
    out = io.BytesIO()
    book.save(out)

    (sheet,) = open_workbook(out.getvalue())

    assert sheet.rows == [[1, BROKEN, BROKEN, "x"]]


def test_a_formula_that_answers_empty_text_is_an_empty_cell():
    cells = '<c r="A1"><v>7</v></c><c r="B1" t="str"><f>""</f><v></v></c>'

    (sheet,) = open_workbook(xlsx(sheet_of(f'<row r="1">{cells}</row>')))

    assert sheet.rows == [[7, ""]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_text_with_commas_is_opened_as_excel_and_wps_save_it(encoding):
    (sheet,) = open_workbook("社区,户数\n凤凰池社区,62\n\n鹅湖\n".encode(encoding), "网格.csv")

    assert sheet.name == "网格"
    assert sheet.rows == [["社区", "户数"], ["凤凰池社区", "62"], ["", ""], ["鹅湖", ""]]


# Opening what is not what it says


def test_a_picture_is_not_a_workbook_whatever_its_name():
    picture = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(100)

    assert refusal(picture, "台账.xlsx") == "not_a_workbook"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 and nothing more",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"\xff\xd8\xff\xe0 picture",
        "<html><table><tr><td>台账</td></tr></table></html>".encode(),
    ],
)
def test_other_files_are_refused_in_one_sentence(content):
    assert refusal(content) == "not_a_workbook"


def test_a_password_is_named_as_the_reason():
    encrypted = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    )

    assert refusal(encrypted) == "password"


def test_a_document_of_another_kind_in_the_same_wrapping_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")

    assert refusal(out.getvalue()) == "not_a_workbook"


def test_a_file_too_large_is_refused_before_it_is_opened(settings):
    settings.FENGHUANG_LEDGER_MAX_BYTES = 1000

    assert refusal(b"PK\x03\x04" + bytes(1000)) == "file_too_large"


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(workbooks.LARGEST_UNPACKED + 1))

    assert len(bomb.getvalue()) < 200_000
    assert refusal(bomb.getvalue()) == "too_large"


def test_a_bomb_that_lies_about_its_size_unpacks_no_further_than_it_says():
    rows = sheet_of("<row><c><v>1</v></c></row>" + " " * 1_000_000)
    honest = xlsx(rows)
    size = struct.pack("<I", len(rows.encode()))
    lying = honest.replace(size, struct.pack("<I", 50))

    assert lying != honest
    assert refusal(lying) == "not_a_workbook"


def test_many_parts_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(workbooks.MOST_PARTS + 1):
            archive.writestr(f"xl/{n}.xml", "")

    assert refusal(out.getvalue()) == "too_large"


@pytest.mark.parametrize(
    "cell",
    ["XFD1", "A1048576", "IW1", "A50001"],
)
def test_one_filled_cell_far_out_is_refused_with_its_name(cell):
    far_out = xlsx(sheet_of(f'<row><c r="{cell}"><v>1</v></c></row>'))

    with pytest.raises(Refused) as caught:
        open_workbook(far_out)

    assert caught.value.code == "too_large"
    assert cell in str(caught.value)


@pytest.mark.parametrize("name", ["ZZZZZZZZ1", "A99999999999", "A0", "1", "", "$A$1"])
def test_a_cell_with_an_impossible_name_is_refused(name):
    assert refusal(xlsx(sheet_of(f'<row><c r="{name}"><v>1</v></c></row>'))) == "not_a_workbook"


def test_formatted_cells_that_hold_nothing_are_no_matter():
    empty = "".join(f'<c r="{workbooks.cell_name(0, n)}" s="0"/>' for n in range(100_000))

    (sheet,) = open_workbook(xlsx(sheet_of(f'<row r="1"><c r="A1"><v>7</v></c>{empty}</row>')))

    assert sheet.rows == [[7]]


def test_a_dimension_that_lies_is_not_believed():
    lie = '<dimension ref="A1:XFD1048576"/>'

    (sheet,) = open_workbook(xlsx(sheet_of(ONE_CELL, lie)))

    assert sheet.rows == [[7]]


def test_a_merged_cell_over_the_whole_sheet_is_no_matter():
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'

    (sheet,) = open_workbook(xlsx(sheet_of(ONE_CELL, after=merged)))

    assert (sheet.rows, sheet.merged) == ([[7]], [Merged(0, 0, 0, 0)])


def test_merged_cells_that_lie_on_each_other_are_refused():
    merged = '<mergeCell ref="A1:B9"/>' * 100_000
    rows = '<row r="9"><c r="B9"><v>7</v></c></row>'

    assert (
        refusal(xlsx(sheet_of(rows, after=f"<mergeCells>{merged}</mergeCells>")))
        == "not_a_workbook"
    )


def test_a_document_type_is_refused():
    laughs = (
        '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>'
    )

    assert refusal(xlsx(laughs + sheet_of("<row><c><v>1</v></c></row>"))) == "not_a_workbook"


def test_a_file_that_brings_down_its_parser_brings_down_nothing_else():
    relations = relationship("worksheet", "worksheets/sheet1.xml").replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Target="sharedStrings.xml" Type="{RELATIONS}/sharedStrings"/>'
        "</Relationships>",
    )

    def with_texts(count: int) -> bytes:
        texts = f'<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}"></sst>'
        parts = {"xl/sharedStrings.xml": texts, "xl/_rels/workbook.xml.rels": relations}
        return xlsx(sheet_of(ONE_CELL), **parts)

    assert open_workbook(with_texts(0))[0].rows == [[7]]
    assert refusal(with_texts(4_294_967_295)) == "not_a_workbook"


def test_broken_markup_is_refused():
    assert refusal(xlsx(sheet_of("<row><c><v>1</c></row>"))) == "not_a_workbook"


@hypothesis(max_examples=25)
@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_be_refused(content):
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        try:
            sheets = open_workbook(start + content, "x.csv")
        except Refused:
            continue

        assert len(sheets) == 1


@hypothesis(max_examples=25)
@given(st.integers(0, 3000), st.integers(0, 255))
def test_a_damaged_workbook_does_no_more_than_be_refused(where, byte):
    sound = bytearray(xlsx(sheet_of(ONE_CELL)))
    sound[where % len(sound)] = byte

    try:
        sheets = open_workbook(bytes(sound))
    except Refused:
        return

    assert len(sheets) <= 1


# Writing


def exported(rows: list[list[object]], headers: str = "序号 名称") -> bytes:
    out = io.BytesIO()
    headings = [Heading(header, 10) for header in headers.split()]
    assert write_workbook(out, "凤凰街台账", headings, rows) == len(rows)
    return out.getvalue()


def test_a_workbook_is_ready_to_print_and_to_scroll():
    sheet = openpyxl.load_workbook(io.BytesIO(exported([[1, "凤凰池"]]))).active

    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["凤凰街台账", None],
        ["序号", "名称"],
        [1, "凤凰池"],
    ]
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:B1"]
    assert sheet.freeze_panes == "A3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$2"
    assert sheet["B3"].alignment.wrap_text is True


def test_days_are_real_days():
    sheet = openpyxl.load_workbook(
        io.BytesIO(exported([[date(2021, 3, 5), in_excel("2021-03-05 19:30")]]))
    ).active

    assert [sheet["A3"].value, sheet["B3"].value] == [
        in_excel("2021-03-05"),
        in_excel("2021-03-05 19:30"),
    ]
    assert [sheet["A3"].is_date, sheet["A3"].number_format] == [True, "yyyy-mm-dd"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+8613", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
)
def test_text_is_never_a_formula(text):
    book = exported([[1, text]])
    cell = openpyxl.load_workbook(io.BytesIO(book)).active["B3"]
    xml = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()

    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
    assert "<f>" not in xml


def test_a_workbook_holds_no_macro_and_no_link():
    names = zipfile.ZipFile(io.BytesIO(exported([[1, "http://example.org"]]))).namelist()

    assert [name for name in names if "vba" in name.lower() or "sheet1.xml.rels" in name] == []


def test_text_longer_than_excel_holds_is_cut_where_it_can_be_seen():
    (sheet,) = open_workbook(exported([[1, "凤" * 40_000]]))

    assert sheet.rows[2][1] == "凤" * 32_766 + "…"


VISIBLE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=60
)


@hypothesis(max_examples=25)
@given(st.lists(VISIBLE.filter(lambda text: text.strip() == text), min_size=1, max_size=20))
def test_every_text_comes_back_as_it_went(texts):
    (sheet,) = open_workbook(exported([["行", text] for text in texts]))

    assert [row[1] for row in sheet.rows[2:]] == texts


@hypothesis(max_examples=25)
@given(
    st.floats(-1e12, 1e12).map(lambda n: float(f"{n:.14g}")),
    st.dates(date(1900, 3, 1), date(2100, 12, 31)),
)
def test_every_number_and_day_comes_back_as_it_went(number, day):
    (sheet,) = open_workbook(exported([[number, day]]))

    assert sheet.rows[2] == [number, day]
