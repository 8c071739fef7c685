import io
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fenghuang.claims import tests as claims_tests
from fenghuang.claims.verdicts import Outcome
from fenghuang.kernel.people.actions import appoint
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role
from fenghuang.reports import audit_views
from fenghuang.reports.actions import keep_text, say_meaning
from fenghuang.reports.audit_forms import MOST
from fenghuang.reports.audit_shown import CLAIMS_ON_PAGE
from fenghuang.reports.models import AuditedText, Correction
from tests.cast import SINCE, SYSTEM

from . import requests_records as made

with_requests = pytest.mark.line("requests")

GARBLED = Path(claims_tests.__file__).parent / "data" / "phoenix_2021_web.txt"
TEXT = "全街31个网格，2个社区。"
HOSTILE = '<script>alert("甲")</script>网格31个，<img src=x onerror=alert(1)>社区2个。'


@pytest.fixture
def signed_in(client):
    def as_(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_


def address(name, *args, **query):
    return reverse(f"reports:{name}", args=args, query=query)


def bring(client, cast, text="", file=None, **fields):
    given = {"text": text, "year": 2021, "place": cast.street.pk} | fields
    return client.post(address("audits"), given | ({"file": file} if file else {}))


def upload(name, data):
    return SimpleUploadedFile(name, data)


@pytest.fixture
def kept(cast):
    return keep_text(cast.street, 2021, TEXT, name="总结.txt", actor=cast.office)


def numbers(response):
    return [row.judged.number for row in response.context["page"]]


# --- who may


def addresses(kept):
    return [
        ("get", address("audits")),
        ("get", address("meanings")),
        ("get", address("audit", kept.pk)),
        ("get", address("audit_workbook", kept.pk)),
        ("get", address("audit_say", kept.pk, 1)),
        ("post", address("audit_say", kept.pk, 1)),
        ("post", address("audit_drop", kept.pk)),
    ]


def test_nobody_audits_without_signing_in(cast, client, kept):
    answers = [getattr(client, method)(where) for method, where in addresses(kept)]

    assert {one["Location"].split("?")[0] for one in answers} == {reverse("account_login")}
    assert AuditedText.objects.exists()


@pytest.mark.parametrize("who", ["administrator", "building_head", "outsider"])
def test_audits_are_not_for_those_who_do_not_work_in_the_street(cast, signed_in, kept, who):
    client = signed_in(cast.outsider if who == "outsider" else cast.staff[who])

    assert {getattr(client, method)(where).status_code for method, where in addresses(kept)} == {
        403
    }
    assert AuditedText.objects.exists()


@pytest.mark.parametrize("name", ["leader", "auditor", "grid_worker", "secretary", "office"])
def test_everybody_who_works_in_the_street_audits_a_text(cast, signed_in, name):
    client = signed_in(cast.staff[name])

    answer = bring(client, cast, TEXT)
    shown = client.get(answer["Location"])

    found = [one.verdict.outcome for one in shown.context["audit"].judged]
    assert found == [Outcome.OVERSTATED, Outcome.SUPPORTED]
    assert shown.context["may_correct"] == (name == "office")


def test_the_text_of_another_person_is_not_found(cast, signed_in, kept):
    client = signed_in(cast.statistician)

    answers = [getattr(client, method)(where) for method, where in addresses(kept)[2:]]

    assert {one.status_code for one in answers} == {404}
    assert list(client.get(address("audits")).context["texts"]) == []
    assert AuditedText.objects.exists()


def test_the_text_of_a_street_where_one_worked_before_is_not_listed(cast, signed_in):
    keep_text(cast.other_street, 2021, TEXT, name="", actor=cast.office)

    assert list(signed_in(cast.office).get(address("audits")).context["texts"]) == []


# --- a text comes


def as_docx(*paragraphs):
    document, out = docx.Document(), io.BytesIO()
    for one in paragraphs:
        document.add_paragraph(one)
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("总结.txt", TEXT.encode()),
        ("总结.txt", TEXT.encode("gb18030")),
        ("总结.docx", as_docx(TEXT)),
        ("总结.html", f"<html><body><p>{TEXT}</p></body></html>".encode()),
    ],
)
def test_a_file_is_read_and_kept_under_its_name(cast, signed_in, name, data):
    answer = bring(signed_in(cast.leader), cast, file=upload(name, data))

    kept = AuditedText.objects.get()
    assert answer["Location"] == address("audit", kept.pk)
    assert (kept.name, kept.text, kept.year, kept.kept_by) == (name, TEXT, 2021, cast.leader)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("总结.docx", b"PK\x03\x04 no zip at all"),
        ("总结.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("总结.pdf", b"%PDF-1.4 cut off"),
        ("总结.txt", bytes(range(256))),
        ("总结.txt", b" \n"),
        ("总结.txt", b""),
        ("总结.png", b"\x89PNG\r\n"),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_sentence(cast, signed_in, name, data, language):
    client = signed_in(cast.leader)
    client.cookies["django_language"] = language

    answer = bring(client, cast, file=upload(name, data))

    assert answer.status_code == 422
    (sentence,) = answer.context["form"].errors["file"]
    assert list(answer.context["form"].errors) == ["file"]
    assert (sentence.isascii(), bool(sentence)) == (language == "en", True)
    assert not AuditedText.objects.exists()


@pytest.mark.parametrize(
    ("text", "file", "field"),
    [
        ("", None, "text"),
        (" \r\n　", None, "text"),
        (TEXT, ("a.txt", TEXT.encode()), "__all__"),
        ("甲" * (MOST + 1), None, "text"),
        ("", ("a.txt", ("甲" * (MOST + 1)).encode()), "file"),
        ("甲\0乙", None, "text"),
    ],
)
def test_neither_nor_both_nor_too_much(cast, signed_in, text, file, field):
    answer = bring(signed_in(cast.leader), cast, text, upload(*file) if file else None)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not AuditedText.objects.exists()


def test_a_text_that_is_just_short_enough_is_taken(cast, signed_in):
    assert bring(signed_in(cast.leader), cast, "甲" * MOST).status_code == 302


@pytest.mark.parametrize("fields", [{"year": 1989}, {"year": "x"}, {"place": "x"}, {"place": ""}])
def test_year_and_place_are_those_of_the_street(cast, signed_in, fields):
    answer = bring(signed_in(cast.leader), cast, TEXT, **fields)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(fields))
    assert answer.context["form"]["text"].value() == TEXT


def test_a_place_of_another_street_is_not_taken(cast, signed_in):
    answer = bring(signed_in(cast.leader), cast, TEXT, place=cast.other_street.pk)

    assert list(answer.context["form"].errors) == ["place"]


def test_a_text_on_a_community_is_judged_on_it(cast, signed_in):
    client = signed_in(cast.leader)

    answer = bring(client, cast, "划分网格2个。", place=cast.east.pk)

    (one,) = client.get(answer["Location"]).context["audit"].judged
    assert (one.figure.place.pk, one.verdict.outcome) == (cast.east.pk, Outcome.SUPPORTED)


def test_the_garbled_page_is_mended_and_shown(cast, signed_in):
    client = signed_in(cast.leader)

    answer = bring(client, cast, GARBLED.read_text(encoding="utf-8"))
    page = client.get(answer["Location"])

    words = {one.claim.text for one in page.context["audit"].judged}
    assert {"62场次", "200余个", "31个", "2.22亿元"} <= words
    assert len(page.context["repairs"]) > 100
    assert "屋场贴心会" in page.content.decode()


# --- the page


def test_the_list_is_narrowed_to_what_is_wrong(cast, signed_in, kept):
    client = signed_in(cast.office)

    def shown(only):
        return numbers(client.get(address("audit", kept.pk, only=only)))

    assert [shown(one) for one in ("", "wrong", "overstated", "supported", "unmatched")] == [
        [1, 2],
        [1],
        [1],
        [2],
        [],
    ]


def test_a_filter_that_does_not_exist_shows_all(cast, signed_in, kept):
    page = signed_in(cast.office).get(address("audit", kept.pk, only='"><script>'))

    assert (numbers(page), page.context["only"]) == ([1, 2], "")


def test_many_claims_come_in_pages_and_the_text_leads_to_the_right_one(cast, signed_in):
    many = keep_text(cast.street, 2021, TEXT * CLAIMS_ON_PAGE, name="", actor=cast.office)
    client = signed_in(cast.office)

    first = client.get(address("audit", many.pk))
    second = client.get(address("audit", many.pk) + first.context["after"])
    wrong = client.get(address("audit", many.pk, only="wrong"))

    last = 2 * CLAIMS_ON_PAGE
    assert numbers(first) + numbers(second) == list(range(1, last + 1))
    assert (first.context["before"], second.context["after"]) == ("", "")
    assert f'href="?page=2#c{last}"' in first.content.decode()
    assert 'href="#c1"' in first.content.decode()
    assert 'href="?page=1#c1"' in second.content.decode()
    assert (len(numbers(wrong)), wrong.context["after"]) == (CLAIMS_ON_PAGE, "")
    assert len(numbers(client.get(address("audit", many.pk, page="last")))) == CLAIMS_ON_PAGE


def test_each_claim_leads_to_the_records_behind_it(cast, signed_in, kept):
    html = signed_in(cast.office).get(address("audit", kept.pk)).content.decode()

    trace = f"{address('figure', 'PLC.GRIDS')}?year=2021&place={cast.street.pk}#records"
    assert f'href="{trace.replace("&", "&amp;")}"' in html or f'href="{trace}"' in html


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_verdict_is_told_by_colour_alone_in_either_language(cast, signed_in, kept, language):
    client = signed_in(cast.office)
    client.cookies["django_language"] = language

    page = client.get(address("audit", kept.pk))

    rows = [*page.context["page"]]
    html = page.content.decode()
    assert page["Content-Language"] == language
    assert [row.sign for row in rows] == ["▲", "✓"]
    assert all(f"{row.sign}</span> {row.label}" in html for row in rows)


def test_markup_in_a_text_is_only_text_on_every_screen(cast, signed_in):
    hostile = keep_text(cast.street, 2021, HOSTILE, name="<b>x</b>.txt", actor=cast.office)
    client = signed_in(cast.office)
    say_meaning(cast.street, "<script>", "PLC.GRIDS", is_meant=True, actor=cast.office)

    pages = [
        client.get(where).content.decode()
        for where in (
            address("audit", hostile.pk),
            address("audit_say", hostile.pk, 1),
            address("audits"),
            address("meanings"),
        )
    ]

    assert len(client.get(address("audit", hostile.pk)).context["audit"].judged) == 2
    for one in pages:
        assert ("<script>alert" in one, "<script>" in one, "<img src=x" in one, "<b>x" in one) == (
            False,
        ) * 4
    assert "&lt;script&gt;alert" in pages[0]


def test_a_page_costs_the_same_with_one_claim_and_with_many(cast, signed_in):
    client = signed_in(cast.office)

    def queries(text):
        kept = keep_text(cast.street, 2021, text, name="", actor=cast.office)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address("audit", kept.pk))
        return len(captured), len(page.context["audit"].judged)

    queries(TEXT)
    (with_one, one), (with_many, many) = queries(TEXT), queries(TEXT * 20)

    assert (one, many) == (2, 40)
    assert with_one == with_many


def test_the_texts_of_a_person_cost_the_same_with_one_and_with_three(cast, signed_in, kept):
    client = signed_in(cast.office)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address("audits"))
        return len(captured)

    queries()
    with_one = queries()
    for _ in range(2):
        keep_text(cast.east, 2021, TEXT, name="", actor=cast.office)

    assert queries() == with_one


def test_a_text_without_a_claim_says_so(cast, signed_in):
    kept = keep_text(cast.street, 2021, "坚持以人民为中心。", name="", actor=cast.office)

    page = signed_in(cast.office).get(address("audit", kept.pk))

    assert (numbers(page), page.status_code) == ([], 200)
    assert 'class="empty"' in page.content.decode()


# --- what a wording means


def test_a_person_says_what_a_claim_means_and_sees_it_change(cast, signed_in):
    kept = keep_text(cast.street, 2021, "点位3个。", name="", actor=cast.office)
    client = signed_in(cast.office)
    before = client.get(address("audit", kept.pk)).context["audit"].judged[0]

    answer = client.post(address("audit_say", kept.pk, 1), {"indicator": "PLC.GRIDS"})

    after = client.get(answer["Location"]).context["audit"].judged[0]
    assert answer["Location"] == address("audit", kept.pk) + "?page=1#c1"
    assert (before.verdict.outcome, after.verdict.outcome) == (
        Outcome.UNMATCHED,
        Outcome.SUPPORTED,
    )
    said = Correction.objects.get()
    assert (said.wording, said.is_meant, said.said_by) == ("点位", True, cast.office)


def test_a_person_says_that_a_match_is_wrong_and_keeps_the_filter(cast, signed_in, kept):
    client = signed_in(cast.office)

    answer = client.post(address("audit_say", kept.pk, 1), {"not_this": "1", "only": "wrong"})

    page = client.get(address("audit", kept.pk))
    assert answer["Location"] == address("audit", kept.pk) + "?only=wrong#c1"
    assert page.context["audit"].judged[0].match.indicator is None
    assert not Correction.objects.get().is_meant


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"indicator": "NO.SUCH"},
        {"indicator": "MTG.SESSIONS"},  # 场次: a number of 个 can never be compared with it
    ],
)
def test_an_indicator_that_cannot_be_meant_is_refused(cast, signed_in, kept, given):
    answer = signed_in(cast.office).post(address("audit_say", kept.pk, 1), given)

    assert answer.status_code >= 400 and answer.status_code < 500
    assert not Correction.objects.exists()


def test_only_indicators_that_can_be_compared_are_offered(cast, signed_in, kept):
    page = signed_in(cast.office).get(address("audit_say", kept.pk, 1))

    offered = [one.code for _line, own in page.context["indicators"] for one in own]
    assert ("PLC.GRIDS" in offered, "MTG.SESSIONS" in offered) == (True, False)


@pytest.mark.parametrize("number", [0, 3, 99999])
def test_a_claim_that_does_not_exist_is_not_found(cast, signed_in, kept, number):
    client = signed_in(cast.office)

    assert client.get(address("audit_say", kept.pk, number)).status_code == 404


@pytest.mark.parametrize("name", ["leader", "secretary", "grid_worker"])
def test_those_who_only_read_say_and_withdraw_nothing(cast, signed_in, name):
    kept = keep_text(cast.street, 2021, TEXT, name="", actor=cast.staff[name])
    said = say_meaning(cast.street, "点位", "PLC.GRIDS", is_meant=True, actor=cast.office)
    client = signed_in(cast.staff[name])

    answers = [
        client.post(address("audit_say", kept.pk, 1), {"not_this": "1"}),
        client.post(address("meanings"), {"said": said.pk}),
    ]

    page = client.get(address("audit_say", kept.pk, 1)).content.decode()
    assert [one.status_code for one in answers] == [403, 403]
    assert "<select" not in page.split("<main")[1]
    assert list(Correction.objects.filter(voided_at=None)) == [said]


def test_what_was_said_is_listed_and_withdrawn(cast, signed_in):
    said = say_meaning(cast.street, "点位", "PLC.GRIDS", is_meant=True, actor=cast.office)
    client = signed_in(cast.statistician)

    before = client.get(address("meanings")).context["rows"]
    answer = client.post(address("meanings"), {"said": said.pk})
    again = client.post(address("meanings"), {"said": said.pk})

    assert [(one.pk, entry.code) for one, entry in before] == [(said.pk, "PLC.GRIDS")]
    assert (answer["Location"], again.status_code) == (address("meanings"), 404)
    assert client.get(address("meanings")).context["rows"] == []


@pytest.mark.parametrize("said", ["", "x", "0", "00000000-0000-0000-0000-000000000000"])
def test_what_was_never_said_is_not_found(cast, signed_in, said):
    assert signed_in(cast.office).post(address("meanings"), {"said": said}).status_code == 404


def test_what_another_street_said_is_not_withdrawn_here(cast, signed_in):
    other = User.objects.create_user("elsewhere", display_name="elsewhere")
    appoint(other, Role.OFFICE, cast.other_street, valid_from=SINCE, by=SYSTEM)
    said = say_meaning(cast.other_street, "点位", "PLC.GRIDS", is_meant=True, actor=other)
    client = signed_in(cast.office)

    assert client.post(address("meanings"), {"said": said.pk}).status_code == 404
    assert client.get(address("meanings")).context["rows"] == []


# --- the workbook, and the end


def test_the_workbook_opens_and_holds_no_formula(cast, signed_in):
    text = "=1+1网格31个。\n=HYPERLINK(甲)社区2个。"
    kept = keep_text(cast.street, 2021, text, name="", actor=cast.office)

    answer = signed_in(cast.office).get(address("audit_workbook", kept.pk))

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    claims = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert [row[:2] for row in claims] == [(1, "31个"), (2, "2个")]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any(str(cell.value).startswith("=") for cell in cells)


def test_a_text_is_deleted_by_its_owner(cast, signed_in, kept):
    client = signed_in(cast.office)

    looked = client.get(address("audit_drop", kept.pk))
    answer = client.post(address("audit_drop", kept.pk))

    assert (looked.status_code, answer["Location"]) == (405, address("audits"))
    assert not AuditedText.objects.exists()
    assert client.get(address("audit", kept.pk)).status_code == 404


@with_requests
def test_a_community_that_a_claim_names_is_named_beside_its_records(cast, signed_in):
    made.hold_meetings(cast, 12, on=date(2021, 1, 4))
    text = "东园社区召开“屋场贴心会”12场次。"
    kept = keep_text(cast.street, 2021, text, name="", actor=cast.office)

    html = signed_in(cast.office).get(address("audit", kept.pk)).content.decode()

    assert f"place={cast.east.pk}" in html


def test_a_long_text_shows_at_once_that_it_is_being_read(cast, client):
    client.force_login(cast.staff["office"])
    text = "召开会议3场次。" * (audit_views.LONG // 8 + 1)
    kept = keep_text(cast.street, 2021, text, name="", actor=cast.staff["office"])
    address = reverse("reports:audit", args=[kept.pk])

    waiting = client.get(address, {"only": "wrong"}).content.decode()
    ready = client.get(address, {"only": "wrong", "ready": "1"}).content.decode()

    assert 'hx-get="?only=wrong&amp;ready=1"' in waiting
    assert "<progress" in waiting and "<progress" not in ready
