"""System checks: no line can be switched on whose chapter has a typed figure or an unknown one."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from . import chapters, prose


@register
def check_chapters(**_: Any) -> list[CheckMessage]:
    """E001 for every fault in the chapter that a line comes with, E002 where it has none."""
    known = chapters.known_codes()
    found: list[CheckMessage] = []
    for source in chapters.sources():
        try:
            text = source.default
        except FileNotFoundError:
            found.append(
                Error(
                    f"the chapter of {source.code} is missing",
                    hint="Write it; it may be empty.",
                    obj=str(source.path),
                    id="fenghuang.reports.E002",
                )
            )
            continue
        for fault in prose.faults(text, known):
            line = text.count("\n", 0, fault.offset) + 1
            found.append(
                Error(
                    f"{fault.found!r} in line {line} is a fault: {fault.code}",
                    hint="Figures stand in slots, with the code of an indicator.",
                    obj=str(source.path),
                    id="fenghuang.reports.E001",
                )
            )
    return found
