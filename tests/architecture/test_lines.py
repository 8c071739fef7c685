"""Every line is the same inside, is blind to the others, and declares what is personal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from fenghuang.kernel.records.actions import PURGE_ALL_ON, PURGE_ON
from fenghuang.kernel.records.models import Record
from fenghuang.kit.door import lines
from tests.architecture.modules import PACKAGE

FOLDERS = sorted(path.parent for path in (PACKAGE / "lines").glob("*/__init__.py"))

MODULES = {
    "__init__",
    "line",
    "urls",
    "views",
    "tasks",
    "demo",
    "forms",
    "columns",
    "indicators",
    "open311",
    "actions",
    "queries",
    "permissions",
    "models",
    "rules",
    "states",
}
NEEDED = {"__init__", "line", "urls", "indicators", "actions", "models", "states", "permissions"}
SUBFOLDERS = {"parameters", "templates", "static", "migrations", "tests"}

#: Packages of the kernel to whose tables a record may point.
KERNEL = {"journal", "places", "people", "records", "evidence"}

#: Where people and how to reach them are told.
PERSONAL = re.compile(r"contact|phone|mobile|address|e_?mail|birth|id_card|resident_name|caller")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_line_has_the_files_that_every_line_has(folder):
    """Where a file would grow too long, a folder of its name takes its place."""
    files = {path.stem for path in folder.glob("*.py")}
    found = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
    folders = {path.parent.name for path in folder.glob("*/__init__.py")} - SUBFOLDERS
    modules = files | folders
    others = found - {f"{name}.py" for name in files} - folders

    assert (modules - MODULES, NEEDED - modules, others - SUBFOLDERS) == (set(), set(), set())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_line_keeps_its_pages_under_its_own_name_with_one_chapter(folder):
    owned = [path.name for path in (folder / "templates").iterdir()]
    chapters = [path.name for path in (folder / "templates" / folder.name).glob("*.md")]

    assert (owned, chapters) == ([folder.name], ["chapter.md"])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_lines_tests_say_what_they_test(folder):
    names = [path.stem for path in (folder / "tests").glob("*.py")]

    assert [one for one in names if not re.fullmatch(r"__init__|factories|test_\w+", one)] == []


def test_beside_the_lines_stands_nothing():
    others = [path.name for path in (PACKAGE / "lines").iterdir() if path not in FOLDERS]

    assert set(others) <= {"__init__.py", "__pycache__"}


def pointed_at(own: Iterator[type[models.Model]]) -> set[str]:
    """The packages to whose tables these records point."""
    return {
        field.related_model._meta.app_label
        for model in own
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
    }


def test_no_line_points_into_another():
    crossings = {
        line.code: pointed_at(line.get_models(include_auto_created=True)) - KERNEL - {line.label}
        for line in lines()
    }

    assert {code: others for code, others in crossings.items() if others} == {}


def test_the_look_at_relations_sees_them():
    people = apps.get_app_config("people").get_models()

    assert pointed_at(people) == {"people", "places"}


def records() -> list[type[Record]]:
    return [model for model in apps.get_models() if issubclass(model, Record)]


def personal_faults(model: type[Record]) -> list[str]:
    """Personal fields without a purpose or a day to be erased on; fields that look personal."""
    fields = {field.name: field for field in model._meta.get_fields() if field.concrete}
    found = [f"{name}: no such field" for name in model.PERSONAL if name not in fields]
    found += [f"{name}: no purpose" for name, purpose in model.PERSONAL.items() if not purpose]
    found += [
        f"{name}: no {name}{PURGE_ON}"
        for name in model.PERSONAL
        if not isinstance(
            fields.get(f"{name}{PURGE_ON}", fields.get(PURGE_ALL_ON)), models.DateField
        )
    ]
    return found + [
        f"{name}: looks personal"
        for name, field in fields.items()
        if PERSONAL.search(name)
        and isinstance(field, models.CharField | models.TextField)
        and name not in model.PERSONAL
    ]


def test_every_personal_field_has_a_purpose_and_a_day_to_be_erased_on():
    assert {
        model.__name__: faults for model in records() if (faults := personal_faults(model))
    } == {}


@isolate_apps("fenghuang.kernel.people")
def test_a_personal_field_that_is_not_declared_is_noticed():
    class Caller(Record):
        PERSONAL = {"contact": "", "name": "to call back"}

        contact = models.CharField()
        name = models.CharField()
        name_purge_on = models.DateField()
        phone = models.CharField()

        class Meta(Record.Meta):
            app_label = "people"

    assert personal_faults(Caller) == [
        "contact: no purpose",
        "contact: no contact_purge_on",
        "phone: looks personal",
    ]


def parameter_files() -> list[Path]:
    return sorted(PACKAGE.rglob("parameters/*.toml"))


@pytest.mark.parametrize("path", parameter_files(), ids=lambda path: path.parent.parent.name)
def test_every_parameter_has_a_day_and_a_source(path):
    from fenghuang.kernel.records.parameters import rows

    missing = [row for row in rows(path) if not {"code", "valid_from", "source"} <= set(row)]

    assert missing == []
