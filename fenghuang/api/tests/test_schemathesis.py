"""The interface against its own document: requests that nobody here thought of.

All checks of schemathesis, over HTTP and a real database, in every phase:
examples, boundaries of each field, random requests good and bad, and chains of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from django.core.servers.basehttp import WSGIRequestHandler
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import Status, events, from_schema

from fenghuang.api.actions import issue_token
from fenghuang.api.schemas import is_day
from fenghuang.kit.door import lines
from tests.cast import found_cast

POINT = {"lon": 113.855, "lat": 27.625}  # in the first grid of the cast
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture
def found(live_server, settings, monkeypatch):
    """What schemathesis found, and the statuses of all answers by method and address."""
    settings.FENGHUANG_API_PER_MINUTE = settings.FENGHUANG_API_FAILURES_PER_MINUTE = 0
    # Small answers, one after the other: waiting for a full packet would take most of the time.
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
    cast = found_cast()
    text, _token = issue_token(cast.centre, "schemathesis", 1, actor=cast.centre)
    config = SchemathesisConfig.from_path(CONFIG)
    schema = schemathesis.openapi.from_url(f"{live_server.url}/api/openapi.json", config=config)
    schema.config.update(headers={"Authorization": f"Bearer {text}"})

    @schema.hook
    def map_body(context, body):
        for one in body if isinstance(body, list) else [body]:
            if isinstance(one, dict):
                _bring_home(one, cast)
        return body

    return _run(schema)


def _bring_home(record, cast) -> None:
    """What the schema allows but the books may not know: a place, a point, a day to come."""
    days = {intake.day for line in lines() for intake in line.intakes}
    for name, value in record.items():
        if name == "place" and isinstance(value, str) and value:
            record[name] = cast.east.name
        elif name in days and isinstance(value, str) and is_day(value):
            record[name] = "2021-03-05"
        elif name in POINT and isinstance(value, int | float) and abs(value) <= 90:
            record[name] = POINT[name]


def _run(schema) -> tuple[list[str], dict[str, set[int]], set[str]]:
    faults: list[str] = []
    answered: dict[str, set[int]] = {}
    phases: set[str] = set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            faults.append(str(getattr(event, "value", event)))
        if isinstance(event, events.PhaseFinished) and event.status == Status.SUCCESS:
            phases.add(event.phase.name.name)
        if isinstance(event, events.ScenarioFinished):
            for case_id, node in event.recorder.cases.items():
                interaction = event.recorder.interactions.get(case_id)
                if interaction is not None and interaction.response is not None:
                    own = answered.setdefault(node.value.operation.label, set())
                    own.add(interaction.response.status_code)
            for checks in event.recorder.checks.values():
                faults += [_said(one.failure_info.failure) for one in checks if one.failure_info]
    return faults, answered, phases


def _said(failure: Failure) -> str:
    return f"{failure.operation} {failure.title}: {failure.message}"


@pytest.mark.line("requests")
def test_no_request_is_answered_otherwise_than_documented(found):
    faults, answered, phases = found

    assert faults == []
    assert {"EXAMPLES", "COVERAGE", "FUZZING"} <= phases
    for line in lines():
        for intake in line.intakes:
            address = f"/api/{intake.line}/{intake.code}/"
            assert 200 in answered[f"GET {address}"]
            assert 201 in answered[f"POST {address}"]
            assert 422 in answered[f"POST {address}"]
