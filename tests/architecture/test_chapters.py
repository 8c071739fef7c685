"""No figure is typed into a report: chapters hold prose and slots, and slots name indicators."""

from __future__ import annotations

import re
import sys
import textwrap
import unicodedata

import pytest
from django.core import checks

from tests.architecture.modules import PACKAGE

SLOT = re.compile(r"\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
CHAPTERS = sorted(PACKAGE.glob("lines/*/templates/*/chapter.md")) + sorted(
    PACKAGE.glob("reports/templates/reports/*.md")
)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.parent.name + "/" + path.stem)
def test_a_chapter_has_no_digit_outside_its_slots(path):
    prose = SLOT.sub("", path.read_text(encoding="utf-8"))

    assert [one for one in prose if unicodedata.category(one).startswith("N")] == []


@pytest.fixture
def made_up_line(tmp_path, settings, monkeypatch):
    """Switches on a line with the chapter it is given; answers what the system checks say."""

    def switch_on(chapter: str) -> list[tuple[str, str]]:
        package = tmp_path / "made_up"
        pages = package / "templates" / "made_up"
        pages.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "indicators.py").touch()
        (package / "line.py").write_text(
            textwrap.dedent(
                """
                from fenghuang.kit.door import Line


                class MadeUp(Line):
                    name = label = code = "made_up"
                    number_code = "MAD"
                    title = heading = "Made up"
                    order = 99
                """
            )
        )
        (pages / "chapter.md").write_text(chapter, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "made_up.line.MadeUp"]
        registered = checks.registry.registry.get_checks()
        [ours] = [one for one in registered if one.__module__ == "fenghuang.reports.checks"]
        return [(found.id, found.msg) for found in ours(app_configs=None)]

    yield switch_on
    for name in [one for one in sys.modules if one.partition(".")[0] == "made_up"]:
        del sys.modules[name]


def test_a_chapter_of_prose_and_known_figures_passes(made_up_line):
    assert made_up_line('全街社区{{ figure "PLC.COMMUNITIES" }}。') == []


def test_an_unknown_figure_is_an_error_before_the_house_opens(made_up_line):
    found = made_up_line('全街社区{{ figure "PLC.COMUNITIES" }}。')

    assert [code for code, _message in found] == ["fenghuang.reports.E001"]
    assert "unknown_figure" in found[0][1]


def test_a_typed_figure_is_an_error_before_the_house_opens(made_up_line):
    found = made_up_line("全街社区8个。")

    assert [code for code, _message in found] == ["fenghuang.reports.E001"]
    assert "digit" in found[0][1]
