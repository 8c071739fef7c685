from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from fenghuang.claims import documents
from fenghuang.claims.documents import Format, Unreadable, read_document
from fenghuang.claims.documents.unreadable import _SENTENCES

DATA = Path(__file__).parent / "data"
LINE = "召开“屋场贴心会”62场次，投入120余万元。"


def read(data, name="report.txt"):
    return read_document(name, data).text


def refusal(data, name="report.txt"):
    with pytest.raises(Unreadable) as refused:
        read_document(name, data)
    return refused.value.code


def codes(document):
    return [note.code for note in document.notes]


# plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312"])
def test_plain_text_is_read_in_every_encoding_that_offices_use(encoding):
    document = read_document("总结.txt", f"总结\r\n{LINE}\r\n".encode(encoding))

    assert (document.text, document.format) == (f"总结\n{LINE}", Format.TEXT)


@pytest.mark.parametrize(
    ("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
)
def test_utf16_is_read_by_its_byte_order_mark(mark, encoding):
    assert read(mark + LINE.encode(encoding)) == LINE


def test_it_is_said_when_text_was_taken_for_gb18030():
    assert codes(read_document("a.txt", LINE.encode("gb18030"))) == ["gb18030"]
    assert codes(read_document("a.txt", LINE.encode())) == []


@pytest.mark.parametrize(
    "data",
    [
        (LINE * 20).encode()[:-1],  # cut off inside a character
        LINE.encode("utf-16-le"),  # without a mark
        LINE.encode()[:30] + b"\xff\xff" + LINE.encode(),
        "召開屋場貼心會議，投入經費，整治隱患。".encode("big5"),
        "町内会の会議を開催しました".encode("shift-jis"),
        bytes(range(256)),
        b"text\0with\0zeros",
    ],
)
def test_bytes_that_could_be_several_things_are_not_guessed_at(data):
    assert refusal(data) == "undecodable"


def test_blanks_at_line_ends_and_empty_lines_round_the_text_go_but_indents_stay():
    assert read("\n\n　　一、工作　 \n  二\n\n三\n\n".encode()) == "　　一、工作\n  二\n\n三"


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\n"])
def test_an_empty_file_is_called_empty(data):
    assert refusal(data) == "empty"


def test_a_file_that_says_nothing_is_said_to_hold_no_text():
    assert refusal(b"\xef\xbb\xbf \n") == "no_text"
    assert refusal(b"<html><body> <script>x()</script></body></html>") == "no_text"


def test_limits_are_inclusive(monkeypatch):
    monkeypatch.setattr("fenghuang.claims.documents.files.MOST_CHARACTERS", 10)

    assert read("一二三四五六七八九十".encode()) == "一二三四五六七八九十"
    assert refusal("一二三四五六七八九十一".encode()) == "too_long"


def test_a_file_over_the_limit_is_refused_before_it_is_looked_at():
    assert refusal(b"\0" * (documents.MOST_BYTES + 1)) == "too_large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_word"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "sheet"),
        (b"{\\rtf1\\ansi", "rich_text"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"Rar!\x1a\x07", "archive"),
        (b"PK\x03\x04 cut short", "damaged"),
    ],
)
def test_other_kinds_of_file_are_called_by_what_they_are(data, code):
    assert refusal(data, "report.docx") == code


@pytest.mark.parametrize(
    ("part", "code"),
    [("xl/workbook.xml", "sheet"), ("ppt/a.xml", "slides"), ("OFD.xml", "ofd"), ("a", "archive")],
)
def test_other_packages_are_called_by_what_they_are(part, code):
    assert refusal(package({part: b"<a/>"}), "report.docx") == code


def test_every_refusal_is_one_sentence_in_each_language():
    for code in _SENTENCES:
        reason = Unreadable(code, most=20)
        assert reason.chinese.count("。") == 1 and reason.chinese.endswith("。")
        assert reason.english.endswith(".") and str(reason) == reason.english


# Word


def package(parts):
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return file.getvalue()


def saved(document):
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def word(*body):
    """A real document with these elements (WordprocessingML) as its body."""
    document = docx.Document()
    for xml in body:
        element = parse_xml(
            f"<w:body {nsdecls('w')} "
            'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            'xmlns:v="urn:schemas-microsoft-com:vml">'
            f"{xml}</w:body>"
        )
        for child in list(element):
            document.element.body.insert(len(document.element.body) - 1, child)
    return saved(document)


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_a_word_document_is_read_in_the_order_of_its_body():
    document = docx.Document()
    document.add_heading("民生工程", level=1)
    document.add_paragraph(LINE)
    table = document.add_table(rows=3, cols=2)
    cells = ["项目", "数量", "道路", "3个", "合计", "3个"]
    for cell, text in zip((cell for row in table.rows for cell in row.cells), cells, strict=True):
        cell.text = text
    document.add_paragraph("完毕。")

    found = read_document("总结.docx", saved(document))

    assert found.text == f"民生工程\n{LINE}\n项目\t数量\n道路\t3个\n合计\t3个\n完毕。"
    assert (found.format, found.notes) == (Format.WORD, ())


def test_a_number_torn_over_runs_is_whole():
    document = docx.Document()
    paragraph = document.add_paragraph("投入")
    for piece in ("12", "0余", "万元"):
        paragraph.add_run(piece).bold = True

    assert read(saved(document)) == "投入120余万元"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:p><w:sdt><w:sdtContent>{run('62场次')}</w:sdtContent></w:sdt></w:p>", "62场次"),
        (f"<w:sdt><w:sdtContent><w:p>{run('一')}</w:p></w:sdtContent></w:sdt>", "一"),
        (
            f"<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc><w:p>{run('一')}</w:p></w:tc></w:tr>"
            "</w:sdtContent></w:sdt></w:tbl>",
            "一",
        ),
        (
            f"<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc><w:p>{run('一')}</w:p></w:tc></w:sdtContent>"
            f"</w:sdt><w:tc><w:p>{run('二')}</w:p><w:p>{run('三')}</w:p></w:tc></w:tr></w:tbl>",
            "一\t二 三",
        ),
        (
            "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
            f"<w:p>{run('合计')}</w:p></w:tc><w:tc><w:p>{run('5')}</w:p></w:tc></w:tr></w:tbl>",
            "合计\t\t5",
        ),
        (f"<w:p><w:hyperlink>{run('网页')}</w:hyperlink></w:p>", "网页"),
        (
            "<w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:tab/><w:t>三</w:t></w:r></w:p>",
            "一\n二\t三",
        ),
        (
            "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText>"
            f"</w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>{run('7')}</w:p>",
            "7",
        ),
        (
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
            "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>露</w:t></w:r></w:p>",
            "露",
        ),
        (
            f"<w:p>{run('正文')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'>"
            f"<w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent></mc:Choice><mc:Fallback>"
            f"<w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>",
            "正文\n框内",
        ),
    ],
)
def test_what_a_reader_sees_of_a_word_document_is_read_once(body, text):
    assert read(word(body)) == text


def test_tracked_changes_are_read_as_accepted_and_that_is_said():
    document = read_document(
        "a.docx",
        word(
            f"<w:p>{run('投入')}<w:del><w:r><w:delText>120</w:delText></w:r></w:del>"
            f"<w:ins>{run('130')}</w:ins>{run('万元')}</w:p>"
        ),
    )

    assert (document.text, codes(document)) == ("投入130万元", ["changes_accepted"])


def test_footnotes_are_left_out_and_that_is_said():
    body = f"<w:p>{run('正文')}<w:r><w:footnoteReference w:id='1'/></w:r></w:p>"

    document = read_document("a.docx", word(body))

    assert (document.text, codes(document)) == ("正文", ["notes_left_out"])


def with_part(data, name, content):
    with ZipFile(BytesIO(data)) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    return package(parts | {name: content})


def test_a_word_document_that_unpacks_to_too_much_is_refused():
    bomb = b"<?xml version='1.0'?><w:document>" + b" " * (40 * 1024 * 1024)

    data = with_part(word(), "word/document.xml", bomb)

    assert len(data) < 100_000
    assert refusal(data) == "unpacks_too_large"


def test_entities_in_a_word_document_are_not_expanded():
    body = (
        "<!DOCTYPE w [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
        f"<w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>一&b;二</w:t></w:r></w:p></w:body>"
        "</w:document>"
    )

    assert read(with_part(word(), "word/document.xml", body.encode())) == "一"


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": b"<w:document"},
        {"word/document.xml": b""},
        {"_rels/.rels": b"<nothing"},
        {"[Content_Types].xml": b"<Types/>"},
    ],
)
def test_a_damaged_word_document_is_called_damaged(parts):
    ((name, content),) = parts.items()

    assert refusal(with_part(word(f"<w:p>{run('一')}</w:p>"), name, content)) == "damaged"


def test_a_strict_word_document_is_called_by_its_name():
    relationships = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>'
    )

    assert refusal(with_part(word(), "_rels/.rels", relationships.encode())) == "strict_word"


# PDF


def pdf(*pages, trailer=b""):
    """A real PDF: each page a list of (x, y, text), set in 16 points in a standard Chinese font."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        " /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        " /W [1 [500] 814 939 500 17 26 500]"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
        " /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4"
        " /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 900 /Descent -200 /StemV 80 >> >>",
    ]
    for n, lines in enumerate(pages):
        content = "\n".join(
            f"BT /F1 16 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"
            for x, y, text in lines
        )
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {6 + 2 * n} 0 R >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    table += "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"startxref\n{len(data)}\n%%EOF\n".encode()
    root = b"trailer\n<< /Size %d /Root 1 0 R " % (len(objects) + 1)
    return data + table.encode() + root + trailer + b" >>\n" + end


def page(*lines, top=780):
    return [(x, top - 29 * n, text) for n, (x, text) in enumerate(lines)]


FULL = "开展安全摸排工作并认真整改落实取得明显成效，受众超过12"  # reaches the right margin


def test_a_pdf_is_read_and_a_number_broken_over_a_line_end_is_whole():
    data = pdf(
        page(
            (112, "开展安全摸排工作并认真整改落实取得明显，受众超过12"),
            (80, "00人次。"),
            (112, "完毕。"),
        )
    )

    document = read_document("总结.pdf", data)

    assert document.text == "开展安全摸排工作并认真整改落实取得明显，受众超过1200人次。\n完毕。"
    assert (document.format, document.notes) == (Format.PDF, ())


def test_a_short_line_and_an_indented_one_begin_a_paragraph():
    data = pdf(
        page((200, "工作总结"), (112, "一"), (80, FULL), (112, "二"), (80, FULL), (80, "三"))
    )

    assert read(data) == f"工作总结\n一\n{FULL}\n二\n{FULL}三"


def test_cells_of_a_table_are_parted_by_tabs_and_rows_are_not_joined():
    rows = [(80, 700, "道路"), (250, 700, "3"), (480, 700, "12.5"), (80, 671, "绿化")]
    rows += [(250, 671, "4"), (480, 671, "7.5"), (80, 642, FULL)]

    assert read(pdf(rows)) == f"道路\t3\t12.5\n绿化\t4\t7.5\n{FULL}"


def test_page_numbers_go_and_a_sentence_goes_on_over_the_page():
    pages = [
        [*page((80, FULL)), (280, 60, "1")],
        [*page((80, "00人次"), (80, "其他")), (280, 60, "2")],
    ]

    assert read(pdf(*pages)) == f"{FULL}00人次\n其他"


@pytest.mark.parametrize("number", ["— 1 —", "-1-", "第1页", "第1页 共9页", "第 1 页/共 9 页"])
def test_a_number_dressed_as_a_page_number_goes_from_a_single_page(number):
    assert read(pdf([*page((80, "正文")), (260, 60, number)])) == "正文"


@pytest.mark.parametrize("numbers", [("5",), ("5", "9"), ("2021", "2019")])
def test_a_number_that_may_be_a_figure_stays(numbers):
    pages = [[*page((80, "正文")), (280, 60, number)] for number in numbers]

    assert read(pdf(*pages)) == "\n".join(f"正文\n{number}" for number in numbers)


def test_a_pdf_without_text_is_called_a_scan_and_a_page_without_is_told_of():
    assert refusal(pdf([])) == "scanned"
    document = read_document("a.pdf", pdf(page((80, "正文")), [], []))
    assert (document.text, codes(document)) == ("正文", ["pages_without_text"])
    assert document.notes[0].chinese == "第2、3页没有文字（空白页或图片），没有读取。"


def test_a_pdf_with_a_password_is_called_encrypted():
    key = b"<" + b"ab" * 32 + b">"
    lock = b"/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O %b /U %b >>"

    assert refusal(pdf(page((80, "正文")), trailer=lock % (key, key))) == "encrypted"


def test_a_damaged_pdf_is_called_damaged():
    assert refusal(b"%PDF-1.7\nnothing more") == "damaged"


def test_a_pdf_whose_fonts_name_no_characters_is_refused():
    assert refusal(pdf(page((80, "\ue000\ue001\ue002\ue003正")))) == "pdf_without_characters"


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr("fenghuang.claims.documents.pdf.MOST_PAGES", 1)

    assert refusal(pdf([], [])) == "too_many_pages"


def test_a_pdf_with_its_fonts_inside_is_read():
    found = read_document("report.pdf", (DATA / "report.pdf").read_bytes())

    assert found.text == (DATA / "report_pdf.txt").read_text("utf-8").rstrip("\n")


# web pages


def test_a_web_page_is_read_as_a_reader_sees_it():
    html = """<!DOCTYPE html><html><head><title>标题</title><style>p{}</style></head><body>
    <h1>民生工程</h1><p>召开<b>“屋场贴心会”</b>62场
    次，投入<span>120</span>余万元。</p><!-- 注 --><script>if (1 < 2) {}</script>
    <p style="display: none">藏</p><p hidden>藏</p><p>共&nbsp;3&#20010;</p>一<br>二</body></html>"""

    document = read_document("总结.html", html.encode())

    assert document.text == "民生工程\n召开“屋场贴心会”62场次，投入120余万元。\n共 3个\n一\n二"
    assert document.format is Format.WEB


def test_rows_of_a_web_table_are_parted_by_tabs():
    html = (
        "<table><tr><th>项目<th>数量<tr><td><p>道路</p><p>桥梁</p></td><td>3</td></tr>"
        "<tr><td></td><td>4</td></tr></table>后"
    )

    assert read(html.encode(), "a.htm") == "项目\t数量\n道路 桥梁\t3\n\t4\n后"


def test_a_table_that_only_lays_out_the_page_gives_its_paragraphs():
    inner = "<table><tr><td>甲</td><td>1</td></tr></table>"
    html = f"<html><table><tr><td><p>一<p>二<p>三<p>四{inner}</td><td>栏</td></tr></table></html>"

    assert read(html.encode()) == "一\n二\n三\n四\n甲\t1\n栏"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("gb2312", "gb18030"),
        ("GBK", "gbk"),
        ("utf-8", "utf-8"),
        ("gb2312", "utf-8"),
        ("big5", "big5"),
    ],
)
def test_a_web_page_is_decoded_as_it_declares_unless_it_is_utf8(declared, encoding):
    html = f'<html><head><meta charset="{declared}"></head><body>中文</body></html>'

    assert read(html.encode(encoding)) == "中文"


def test_facts_hidden_in_an_inline_xbrl_header_are_no_text():
    html = (
        '<html><body><div style="display:none"><ix:header><div>9</div></ix:header></div>'
        "<p>召开<ix:nonFraction>62</ix:nonFraction>场次</p></body></html>"
    )

    assert read(html.encode()) == "召开62场次"


def test_text_that_speaks_of_tags_is_no_web_page():
    assert read(b"a < b and <p> is a tag") == "a < b and <p> is a tag"
