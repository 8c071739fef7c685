import struct
import zlib
from io import BytesIO
from zipfile import ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.evidence.office import DOCX, XLSX, check_office
from fenghuang.kernel.refusal import Refused

from . import samples


def refusal_of(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        check_office(data)
    return refusal.value.code


def with_declared_size(data: bytes, name: bytes, size: int, crc: int) -> bytes:
    """The package in which one part claims another size and checksum, in both headers."""
    changed = bytearray(data)
    for signature, fields, name_at in ((b"PK\x03\x04", 14, 30), (b"PK\x01\x02", 16, 46)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            if data[at + name_at :].startswith(name):
                packed = data[at + fields + 4 : at + fields + 8]
                changed[at + fields : at + fields + 12] = (
                    struct.pack("<L", crc) + packed + struct.pack("<L", size)
                )
    return bytes(changed)


def test_word_and_excel_are_told_apart_by_their_content():
    assert check_office(samples.docx()) == DOCX
    assert check_office(samples.xlsx()) == XLSX


def test_other_packages_are_neither():
    slides = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"

    assert check_office(samples.package({"a.txt": b"a"})) is None
    assert check_office(samples.package({"[Content_Types].xml": samples.content_types()})) is None
    assert (
        check_office(samples.package({"[Content_Types].xml": samples.content_types(slides)}))
        is None
    )


def test_a_document_that_claims_to_be_both_is_neither():
    assert check_office(samples.docx(types=(f"{XLSX}.main+xml",))) is None


@pytest.mark.parametrize(
    "data",
    [
        samples.docx(types=("application/vnd.ms-word.document.macroEnabled.main+xml",)),
        samples.docx(types=("application/vnd.ms-office.vbaProject",)),
        samples.docx(types=("application/vnd.ms-excel.&#109;acrosheet+xml",)),
        samples.docx(types=("application/vnd.ms-office.activeX+xml",)),
        samples.docx({"word/vbaProject.bin": samples.OLD_WORD}),
    ],
    ids=["document", "project", "sheet, its name escaped", "control", "undeclared project"],
)
def test_macros_are_refused(data):
    assert refusal_of(data) == "file_macros"


@pytest.mark.parametrize("inside", [samples.xlsx(), samples.OLD_WORD], ids=["package", "object"])
def test_other_documents_inside_are_refused(inside):
    assert refusal_of(samples.docx({"word/embeddings/1.bin": inside})) == "file_embedded"


def test_only_hyperlinks_may_lead_outside():
    name = "word/_rels/document.xml.rels"

    assert check_office(samples.docx({name: samples.relation("hyperlink")})) == DOCX
    assert check_office(samples.docx({name: samples.relation("image", "Internal")})) == DOCX
    assert refusal_of(samples.docx({name: samples.relation("attachedTemplate")})) == "file_embedded"
    assert refusal_of(samples.docx({name: samples.relation("image")})) == "file_embedded"


def test_a_part_that_unpacks_too_large_as_declared_is_refused():
    bomb = samples.docx({"word/a.xml": bytes(11 * samples.MEGABYTE)})

    assert len(bomb) < 20_000
    assert refusal_of(bomb) == "file_unpacks_too_large"


def test_much_of_the_same_is_no_bomb_while_it_is_small():
    assert check_office(samples.docx({"word/a.bin": bytes(9 * samples.MEGABYTE)})) == DOCX


def test_a_part_that_unpacks_larger_than_it_declares_is_refused():
    content = b"a" * 1000
    data = samples.docx({"word/a.bin": content})

    lying = with_declared_size(data, b"word/a.bin", 10, zlib.crc32(content[:10]))

    with ZipFile(BytesIO(lying)) as archive:
        assert archive.read("word/a.bin") == content[:10]  # others would not notice
    assert refusal_of(lying) == "file_unpacks_too_large"


def test_a_part_that_unpacks_smaller_than_it_declares_is_refused():
    data = samples.docx({"word/a.bin": b"a" * 1000})

    assert refusal_of(with_declared_size(data, b"word/a.bin", 1001, 0)) == "file_damaged"


def test_too_many_parts_are_refused():
    parts = {f"word/{n}.bin": b"" for n in range(2000)}

    assert refusal_of(samples.docx(parts)) == "file_damaged"


@pytest.mark.parametrize("name", ["../a.xml", "/a.xml", "word/../../a.xml", "WORD/document.xml"])
def test_impossible_names_of_parts_are_refused(name):
    assert refusal_of(samples.docx({name: b"<a/>"})) == "file_damaged"


@pytest.mark.parametrize(
    "content",
    [b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "<a/>".encode("utf-16")],
    ids=["entities", "UTF-16"],
)
def test_xml_as_office_never_writes_it_is_refused(content):
    assert refusal_of(samples.docx({"word/a.xml": content})) == "file_damaged"


def test_unusual_compression_is_refused():
    types = samples.content_types(f"{DOCX}.main+xml")

    stored = samples.package({"[Content_Types].xml": types}, ZIP_STORED)
    unusual = samples.package({"[Content_Types].xml": types}, ZIP_LZMA)

    assert check_office(stored) == DOCX
    assert refusal_of(unusual) == "file_damaged"


def test_a_protected_part_is_refused():
    data = bytearray(samples.docx())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1

    assert refusal_of(bytes(data)) == "file_protected"


def test_something_before_or_behind_the_package_is_refused():
    data = samples.docx()

    assert refusal_of(samples.picture("JPEG") + data) == "file_two_in_one"
    assert refusal_of(samples.package({"a": b"a"}) + data) == "file_two_in_one"
    assert refusal_of(data + bytes(30)) == "file_two_in_one"


def test_a_package_cut_short_is_refused():
    data = samples.docx()

    assert refusal_of(data[: len(data) // 2]) == "file_damaged"


SOUND = [
    samples.docx({"word/_rels/document.xml.rels": samples.relation("hyperlink")}),
    samples.xlsx(),
]


@given(sound=st.sampled_from(SOUND), data=st.data())
def test_a_package_with_changed_bytes_is_read_or_refused(sound, data):
    changed = bytearray(sound)
    for place in data.draw(st.lists(st.integers(0, len(sound) - 1), min_size=1, max_size=8)):
        changed[place] = data.draw(st.integers(0, 255))

    try:
        media_type = check_office(bytes(changed))
    except Refused:
        return

    assert media_type in {DOCX, XLSX, None}
