"""The commands as a machine reads them: JSON and exit codes."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import connection

from fenghuang.cli.main import main
from fenghuang.kernel.people.actions import appoint, system_account
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.models import Boundary
from tests.cast import SINCE, SYSTEM, square

with_requests = pytest.mark.line("requests")


def run(*words: str):
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


@pytest.fixture
def street(cast):
    """A street with records of one year, and the account in whose name the commands write."""
    appoint(system_account(), Role.OFFICE, cast.street, valid_from=SINCE, by=SYSTEM)
    if apps.is_installed("fenghuang.lines.requests"):
        from fenghuang.lines.requests.tests.factories import MeetingFactory

        MeetingFactory(happened_on=date(2021, 3, 1), place=cast.east)
        MeetingFactory(happened_on=date(2022, 3, 1))
    return cast


def test_indicators_are_listed_with_what_a_machine_needs():
    listed = json.loads(run("indicators", "--json").output)

    grids = next(one for one in listed if one["code"] == "PLC.GRIDS")
    assert grids == {
        "code": "PLC.GRIDS",
        "name": "网格数",
        "unit": "个",
        "aggregation": "count",
        "period_kind": "stock",
        "line": "places",
    }


@with_requests
def test_a_figure_names_its_records(street):
    answer = run("figure", "MTG.SESSIONS", "--year", "2021", "--place", "990102003000", "--json")

    figure = json.loads(answer.output)
    assert answer.exit_code == 0
    assert figure.pop("definition").startswith("1-")
    assert figure == {
        "code": "MTG.SESSIONS",
        "value": 1,
        "unit": "场次",
        "period": "2021",
        "place": "梧桐街",
        "records": ["REQ-2021-00001"],
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["figure", "NO.SUCH", "--year", "2021"], "There is no indicator NO.SUCH"),
        (["figure", "PLC.GRIDS", "--year", "2021"], "Name one of the streets"),
        (["figure", "PLC.GRIDS", "--year", "2021", "--place", "无"], "There is no place"),
        (["figure", "PLC.GRIDS", "--year", "last"], "not a valid integer"),
        (["compile", "--year", "2021", "--out", "x", "--format", "odt"], "--format knows"),
    ],
)
def test_wrong_use_is_one_clear_line_and_exit_code_2(street, words, said):
    answer = run(*words)

    assert answer.exit_code == 2
    assert said in answer.stderr
    assert "Traceback" not in answer.output


@with_requests
def test_compile_writes_the_report_and_a_trace_for_each_figure(street, tmp_path):
    answer = run("compile", "--year", "2021", "--place", "梧桐街", "--out", str(tmp_path))

    assert answer.exit_code == 0
    assert "召开“屋场贴心会”1场次" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert (tmp_path / "trace" / "MTG.SESSIONS.html").exists()


def test_a_journal_without_a_fault_ends_with_0_and_a_changed_record_with_1(street):
    sound = run("journal", "check", "--place", "梧桐街")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE places_place SET name = '假园社区' WHERE name = '东园社区'")
    changed = run("journal", "check", "--place", "梧桐街", "--json")

    assert (sound.exit_code, changed.exit_code) == (0, 1)
    assert len(json.loads(changed.stdout)["faults"]) == 1


def test_a_checkpoint_is_a_signed_note(street):
    note = run("journal", "checkpoint", "--place", "梧桐街").output.splitlines()

    assert note[0] == f"fenghuang/{street.street.pk}"
    assert note[4].startswith("— ")


def test_createadmin_opens_the_books_of_an_empty_installation(db):
    answer = run(
        "createadmin",
        "--street",
        "新街",
        "--username",
        "head",
        "--name",
        "管理员",
        "--password",
        "a long enough password",
    )
    weak = run(
        "createadmin", "--street", "二街", "--username", "two", "--name", "二", "--password", "1234"
    )

    assert (answer.exit_code, answer.output) == (0, "新街: head\n")
    assert weak.exit_code == 2


# outlines


def outlines_of(tmp_path, *names: str):
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": square(114 + n, 27)}
        for n, name in enumerate(names)
    ]
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def test_outlines_are_drawn_once(street, tmp_path):
    Boundary.objects.filter(place=street.east_second).delete()
    words = ("outlines", outlines_of(tmp_path, "东园第二网格"), "--place", "梧桐街", "--json")

    tried = run(*words, "--dry-run")
    drawn = run(*words)
    again = run(*words)

    told = [json.loads(one.output)["drawn"] for one in (tried, drawn, again)]
    assert (told, tried.exit_code, drawn.exit_code) == ([0, 1, 0], 0, 0)
    assert json.loads(again.output)["known"] == ["东园第二网格"]


def test_outlines_with_a_fault_draw_nothing_and_exit_with_1(street, tmp_path):
    file = outlines_of(tmp_path, "东园第二网格", "无名网格")
    before = Boundary.objects.count()

    answer = run("outlines", file, "--place", "梧桐街")

    assert answer.exit_code == 1
    assert "features[1]" in answer.output
    assert Boundary.objects.count() == before
