"""Whatever is sent, the answer is one clear error in the form that was asked for, and no trace."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from PIL import Image

from fenghuang.kernel.evidence.models import StoredFile
from fenghuang.lines.requests.models import WorkOrder
from tests.open311 import schemas
from tests.open311.conftest import POINT, ROOT, STREET, picture

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


def refused(answer) -> int:
    content = answer.json()
    assert Draft202012Validator(schemas.ERRORS).is_valid(content)
    assert len(content) == 1
    assert (WorkOrder.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert content[0]["code"] == answer.status_code
    return answer.status_code


def send(city, **given):
    return city.post("requests.json", {"service_code": "lighting"} | POINT | given)


@pytest.mark.parametrize("bad", ["\x00", "\x08", "\x0b", "\x1f", "\ufffe"])
def test_characters_that_no_xml_holds_are_refused(bad, city):
    assert refused(send(city, description=f"路灯{bad}不亮")) == 400


def test_markup_is_text(city):
    number = city.raised(description="<script>alert(1)</script>&amp;")

    assert city.json(f"requests/{number}")[0]["description"] == "<script>alert(1)</script>&amp;"
    assert city.xml(f"requests/{number}").findtext("request/description") == (
        "<script>alert(1)</script>&amp;"
    )


def test_what_is_no_picture_is_refused(city):
    for name, content in (("a.png", b"<html>"), ("a.exe", b"MZ" * 99), ("a.txt", b"text")):
        assert refused(send(city, media=SimpleUploadedFile(name, content))) == 400


def test_a_bad_picture_beside_a_good_one_leaves_nothing(city):
    files = [picture(), SimpleUploadedFile("b.png", b"\x89PNG\r\n\x1a\n broken")]

    assert refused(send(city, media=files)) == 400


def test_a_picture_of_ten_megabytes_is_taken_and_one_of_thirteen_refused(city):
    def noise(size: int) -> SimpleUploadedFile:
        written = io.BytesIO()
        Image.effect_noise((64, 64), 90).save(written, "PNG")
        padding = size - written.tell()
        return SimpleUploadedFile("a.png", written.getvalue() + b"\0" * padding, "image/png")

    assert refused(send(city, media=noise(13 * MEGABYTE))) == 400
    assert send(city, media=noise(10 * MEGABYTE)).status_code == 200


def test_seven_pictures_are_too_many(city):
    assert refused(send(city, media=[picture(size) for size in range(1, 8)])) == 400


def test_a_form_that_is_too_large_is_refused(city):
    answer = Client().post(
        f"{ROOT}/requests.json",
        b"description=" + b"x" * (3 * MEGABYTE),
        content_type="application/x-www-form-urlencoded",
    )

    assert refused(answer) == 400


def test_too_many_fields_are_refused(city):
    assert refused(send(city, **{f"attribute[a{n}]": "1" for n in range(2100)})) == 400


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"service_code": "lighting"}'),
        ("text/xml", b"<request/>"),
        ("text/plain", b"service_code=lighting"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"service_code=lighting"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%ff&service_code=%00"),
        ("application/x-www-form-urlencoded", b""),
    ],
)
def test_a_body_of_another_kind_is_refused(kind, body, city):
    answer = Client().post(f"{ROOT}/requests.json?api_key={city.key}", body, content_type=kind)

    assert refused(answer) == 400


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_another_method_is_refused(method, cast):
    assert refused(getattr(Client(), method)(f"{ROOT}/requests.json")) == 400
    assert refused(getattr(Client(), method)(f"{ROOT}/dragons.json")) == 404


def test_a_service_is_not_posted_to(city):
    assert refused(city.post("services.json")) == 400


WORDS = st.text(max_size=60)
ASKED = (
    "service_code service_request_id status start_date end_date page page_size lat long radius "
    "extensions jurisdiction_id api_key"
)
SENT = (
    "service_code lat long address_string address_id description email first_name last_name phone "
    "media_url attribute[kind] attribute[fixmystreet_id] attribute[where_exactly] jurisdiction_id"
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(ASKED.split()), WORDS, max_size=4))
def test_no_question_breaks_a_list(cast, given):
    answer = Client().get(f"{ROOT}/requests.json", {"jurisdiction_id": STREET} | given)

    assert answer.status_code in (200, 400, 403, 404)
    answer.json()


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(SENT.split()), WORDS, max_size=5))
def test_no_report_breaks_the_house(city, given):
    answer = send(city, **given)

    assert answer.status_code in (200, 400, 403, 404)
    answer.json()
