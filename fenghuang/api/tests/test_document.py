"""Every intake of every line is documented and answers, with no further code."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest
from django.test import Client
from django.utils import translation
from jsonschema import Draft202012Validator

from fenghuang.api import document as documents
from fenghuang.api.document import document, example, intakes, sent_schema
from fenghuang.api.manual import explained
from fenghuang.api.schemas import as_sent
from fenghuang.api.shown import columns_read
from fenghuang.api.tests.programs import Program
from fenghuang.kit.columns import Choice, Column, Day, Measured, Text, Whole
from fenghuang.kit.door import lines


def written(language: str = "zh-hans"):
    with translation.override(language):
        return document.__wrapped__(language)


def test_every_intake_of_every_line_is_documented_with_all_its_columns():
    made = written()

    for intake in intakes():
        name = f"{intake.line}.{intake.code}"
        sent = made["components"]["schemas"][f"{name}.new"]["properties"]
        read = made["components"]["schemas"][f"{name}.record"]["properties"]
        assert set(sent) == set(intake.fields)
        assert {column.code for column in columns_read(intake)} <= set(read)
        assert set(read) & set(intake.model.PERSONAL) == set()
        assert f"/api/{intake.line}/{intake.code}/" in made["paths"]


def test_every_intake_of_every_line_answers(cast):
    program = Program(cast.centre)
    schemas = written()["components"]["schemas"]
    for line in lines():
        factories = import_module(f"{line.name}.tests.factories").FACTORIES
        for intake in line.intakes:
            record = factories[intake.model](
                street=cast.street, place=cast.east_first, actor=cast.centre
            )
            address = f"/api/{line.code}/{intake.code}/"
            _status, page = program.get(address)
            own = schemas[f"{line.code}.{intake.code}.record"]
            one = program.get(f"{address}{record.number}/")[1]
            status, wrong = program.post(address, {})

            assert page["records"] == [one]
            assert list(Draft202012Validator(own).iter_errors(one)) == []
            assert (status, bool(wrong)) == (422, True)


def test_every_example_fits_its_schema():
    for intake in intakes():
        errors = Draft202012Validator(sent_schema(intake)).iter_errors(example(intake))
        assert list(errors) == []


@pytest.mark.line("requests")
def test_a_new_column_is_documented_shown_and_kept_to_at_once(monkeypatch):
    first = next(intakes())
    new = Column("depth", "深度", Measured("米", places=1), is_required=True)
    grown = replace(first, columns=(*first.columns, new))
    monkeypatch.setattr(documents, "intakes", lambda: iter([grown]))

    made = written()["components"]["schemas"][f"{first.line}.{first.code}.new"]

    assert made["properties"]["depth"]["title"] == "深度"
    assert "depth" in made["required"]
    assert "depth" in [field.name for field in explained(grown, "").sent]
    assert list(Draft202012Validator(sent_schema(grown)).iter_errors(example(grown))) == []


def test_schemas_say_types_limits_and_the_chinese_words_of_choices():
    road = Choice({"road": ("道路", "道路交通"), "noise": "噪音"})

    assert as_sent(Column("a", "甲", Text(80), is_required=True)) == {
        "title": "甲",
        "type": "string",
        "maxLength": 80,
        "minLength": 1,
    }
    assert as_sent(Column("a", "甲", Whole(most=9))) == {
        "title": "甲",
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 9,
    }
    assert as_sent(Column("a", "甲", road)) == {
        "title": "甲",
        "type": ["string", "null"],
        "enum": ["road", "noise", None],
        "description": "road：道路；noise：噪音",
    }
    assert as_sent(Column("a", "甲", Day(), has_many=True)) == {
        "title": "甲",
        "type": "array",
        "items": {"type": "string", "format": "date"},
    }


def test_everybody_may_read_the_document_in_either_language(db):
    chinese = Client().get("/api/openapi.json")
    english = Client().get("/api/openapi.json", headers={"Accept-Language": "en"})

    assert (chinese.status_code, chinese.json()["openapi"]) == (200, "3.1.0")
    assert chinese.json()["info"]["title"] != english.json()["info"]["title"]


def test_the_page_names_every_field_and_loads_nothing_from_elsewhere(db):
    page = Client().get("/api/").content.decode()

    assert all(f"<code>{name}</code>" in page for one in intakes() for name in one.fields)
    assert "//" not in page.replace("http://testserver", "")
