import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.evidence.pdf import check_pdf
from fenghuang.kernel.refusal import Refused

from . import samples


def refusal_of(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        check_pdf(data)
    return refusal.value.code


def test_a_plain_pdf_is_accepted():
    packed = samples.pdf_with_packed(b"1 0 << /Type /Page /JavaScripture (x) /LaunchPad 2 >>")

    assert (check_pdf(samples.pdf()), check_pdf(packed)) == (None, None)


@pytest.mark.parametrize(
    "action",
    [
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
        b"<< /S /J#61vaScript /JS (app.alert(1)) >>",
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /Subtype /RichMedia >>",
        b"<< /XFA [ (a) 1 0 R ] >>",
    ],
)
def test_a_pdf_that_starts_programs_is_refused(action):
    plain = samples.pdf(b"1 0 obj\n<< /OpenAction " + action + b" >>\nendobj\n")

    assert refusal_of(plain) == "file_runs_programs"
    assert refusal_of(samples.pdf_with_packed(b"1 0 " + action)) == "file_runs_programs"


def test_a_protected_pdf_is_refused():
    assert refusal_of(samples.pdf(b"<< /Encrypt 5 0 R >>")) == "file_protected"


@pytest.mark.parametrize("data", [samples.pdf()[:40], b"%PDF-", b"%PDF-9.9 startxref %%EOF"])
def test_a_pdf_cut_short_or_of_no_version_is_refused(data):
    assert refusal_of(data) == "file_damaged"


def test_a_pdf_that_is_something_else_as_well_is_refused():
    archive = samples.package({"a.html": samples.HTML})
    with_comment = archive[:-2] + b"\x07\x00\n%%EOF\n"

    assert refusal_of(samples.pdf() + archive) == "file_two_in_one"
    assert refusal_of(samples.pdf() + with_comment) == "file_two_in_one"
    assert refusal_of(samples.pdf() + samples.HTML) == "file_two_in_one"


def test_packed_names_that_cannot_be_read_are_refused():
    head = b"2 0 obj\n<< /Type /ObjStm >>\nstream\n"

    assert refusal_of(samples.pdf(head + b"no deflate\nendstream\n")) == "file_damaged"
    assert refusal_of(samples.pdf(head + b"never ends")) == "file_damaged"


def test_packed_names_that_unpack_too_large_are_refused():
    bomb = samples.pdf_with_packed(bytes(32 * samples.MEGABYTE))

    assert len(bomb) < 40_000
    assert refusal_of(bomb) == "file_unpacks_too_large"


@given(st.binary(max_size=200))
def test_any_bytes_inside_are_accepted_or_refused(junk):
    for data in (samples.pdf(junk), b"%PDF-1.4" + junk, samples.pdf_with_packed(junk)):
        try:
            check_pdf(data)
        except Refused as refusal:
            assert refusal.code.startswith("file_")
