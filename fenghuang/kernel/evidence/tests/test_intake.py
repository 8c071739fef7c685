import unicodedata
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fenghuang.kernel.evidence.intake import Accepted, accept, clean_name
from fenghuang.kernel.refusal import Refused

from . import samples

LIMIT = samples.LIMIT
MEDIA_TYPES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    samples.DOCX: ".docx",
    samples.XLSX: ".xlsx",
}


def refusal_of(name: str, data: bytes, limit: int = LIMIT) -> str:
    with pytest.raises(Refused) as refusal:
        accept(name, data, limit)
    assert str(refusal.value)  # the sentence takes the values that it is given
    return refusal.value.code


@pytest.mark.parametrize(
    ("name", "data", "kept_as"),
    [
        ("现场.JPG", samples.telephone_photo(), ("image/jpeg", "现场.jpg")),
        ("现场.jpeg", samples.picture("WEBP"), ("image/jpeg", "现场.jpg")),
        ("截图.png", samples.picture("PNG"), ("image/png", "截图.png")),
        ("截图.jpg", samples.picture("PNG"), ("image/png", "截图.png")),
        ("合同.pdf", samples.pdf(), ("application/pdf", "合同.pdf")),
        ("纪要.docx", samples.docx(), (samples.DOCX, "纪要.docx")),
        ("台账.xlsx", samples.xlsx(), (samples.XLSX, "台账.xlsx")),
        ("说明.txt", "路灯不亮".encode(), ("text/plain", "说明.txt")),
        ("blob", samples.pdf(), ("application/pdf", "blob.pdf")),
        ("2021.11.08 会议", samples.pdf(), ("application/pdf", "2021.11.08 会议.pdf")),
        ("v1.2", samples.pdf(), ("application/pdf", "v1.2.pdf")),
        ("", samples.picture("JPEG"), ("image/jpeg", "file.jpg")),
        (".jpg", samples.picture("JPEG"), ("image/jpeg", "jpg.jpg")),
    ],
)
def test_sound_files_are_kept_under_a_name_that_fits(name, data, kept_as):
    accepted = accept(name, data, LIMIT)

    assert (accepted.media_type, accepted.name) == kept_as


def test_documents_are_kept_as_they_are_and_have_no_thumbnail():
    accepted = accept("合同.pdf", BytesIO(samples.pdf()), LIMIT)

    assert accepted == Accepted(samples.pdf(), "application/pdf", "合同.pdf")


def test_pictures_have_a_size_and_a_thumbnail():
    accepted = accept("a.jpg", samples.picture("JPEG", (512, 256)), LIMIT)

    assert (accepted.width, accepted.height) == (512, 256)
    assert accept("b.jpg", accepted.thumbnail, LIMIT).width == 256


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.jpg", b"", "file_empty"),
        ("a.svg", samples.SVG, "file_type"),
        ("a.jpg", samples.SVG, "file_name_lies"),
        ("a.png", samples.HTML, "file_name_lies"),
        ("a.txt", samples.HTML, "file_name_lies"),
        ("a.txt", b"\n <?php system('id') ?>", "file_name_lies"),
        ("a.txt", b"MZ\0\0\x01\x02", "file_name_lies"),
        ("a.html", samples.HTML, "file_type"),
        ("a.exe", b"MZ" + bytes(100), "file_type"),
        ("a", b"MZ" + bytes(100), "file_type"),
        ("a", b"no beginning that anybody knows", "file_unknown"),
        ("a.gif", samples.picture("GIF"), "file_type"),
        ("a.jpg", samples.picture("GIF"), "file_name_lies"),
        ("a.tiff", samples.picture("TIFF"), "file_type"),
        ("a.avif", samples.picture("AVIF"), "file_type"),
        ("IMG_1.HEIC", samples.HEIC, "file_heic"),
        ("a.jpg", samples.HEIC, "file_heic"),
        ("a.jpg", samples.pdf(), "file_name_lies"),
        ("a.pdf", samples.picture("JPEG"), "file_name_lies"),
        ("a.pdf", samples.docx(), "file_name_lies"),
        ("a.docx", samples.xlsx(), "file_name_lies"),
        ("a.exe", samples.picture("JPEG"), "file_name_lies"),
        ("a.jpg\0.exe", samples.picture("JPEG"), "file_name_lies"),
        ("a.zip", samples.package({"a": b"a"}), "file_type"),
        ("a.docx", samples.package({"a": b"a"}), "file_name_lies"),
        ("a.doc", samples.OLD_WORD, "file_old_office"),
        ("a.docx", samples.LOCKED_WORD, "file_protected"),
        ("a.docm", samples.docx(types=("application/vnd.ms-office.vbaProject",)), "file_macros"),
        ("a.xlsm", samples.xlsx(), "file_name_lies"),
        ("a.jpg", samples.picture("JPEG")[:200], "file_damaged"),
        ("a.txt", b" \n", "file_empty"),
    ],
)
def test_everything_else_is_refused(name, data, code):
    assert refusal_of(name, data) == code


def test_the_limit_is_inclusive():
    data = samples.pdf()

    assert accept("a.pdf", data, len(data)).data == data
    assert refusal_of("a.pdf", data, len(data) - 1) == "file_too_large"


def test_no_more_than_the_limit_is_read():
    file = BytesIO(bytes(10 * LIMIT))

    with pytest.raises(Refused) as refusal:
        accept("a.pdf", file, LIMIT)

    assert (refusal.value.code, file.tell()) == ("file_too_large", LIMIT + 1)


def test_a_picture_that_grows_beyond_the_limit_is_refused():
    webp = samples.picture("WEBP", (400, 300), lossless=True)

    assert refusal_of("a.webp", webp, len(webp)) == "file_too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_kept_as_utf_8(encoding):
    text = "电站宿舍：路灯不亮。\r\n"

    assert accept("a.txt", text.encode(encoding), LIMIT).data == text.encode()


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
        ("C:photo.jpg", "C_photo.jpg"),
        ("photo.jpg:stream", "photo.jpg_stream"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\x00\x1b[31m.jpg", "a[31m.jpg"),
        ("  spaced\u2028\u00a0 out .jpg ", "spaced out .jpg"),
        ("...", ""),
        ("e\u0301.png", "é.png"),
        ('"; filename="x.html', "_; filename=_x.html"),
    ],
)
def test_names_lose_folders_and_tricks(name, clean):
    assert clean_name(name) == clean


def test_a_long_name_keeps_its_ending():
    name = accept("现" * 300 + ".docx", samples.docx(), LIMIT).name

    assert name == "现" * 75 + ".docx"


@given(st.text())
def test_a_name_is_always_one_plain_line(name):
    kept = accept(name + ".pdf", samples.pdf(), LIMIT).name

    assert 5 <= len(kept) <= 80
    assert kept.endswith(".pdf")
    assert unicodedata.is_normalized("NFC", kept)
    assert not set(kept) & set('/\\<>:"|?*\0\n\r')


BEGINNINGS = [
    b"",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\0\0\0\0WEBP",
    b"%PDF-1.7",
    b"PK\x03\x04",
    bytes.fromhex("d0cf11e0a1b11ae1"),
    b"\xff\xfe",
]
ENDINGS = ["", ".jpg", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".txt", ".exe"]


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=600), st.sampled_from(ENDINGS))
@example(b"", b"\x80", ".txt")
def test_any_bytes_are_accepted_or_refused(beginning, rest, ending):
    try:
        accepted = accept(f"a{ending}", beginning + rest, LIMIT)
    except Refused:
        return

    assert accepted.name == f"a{MEDIA_TYPES[accepted.media_type]}"
    assert accepted.data != b""
