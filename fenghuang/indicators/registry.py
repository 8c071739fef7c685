"""All definitions by code. Lines register theirs when the house starts."""

from __future__ import annotations

from collections.abc import Iterator

from .language import Definition

_DEFINITIONS: dict[str, Definition] = {}


class UnknownIndicator(LookupError):
    """No line that is switched on defines this code."""


def register(*definitions: Definition) -> None:
    """Make definitions known. The same code twice is a fault of ours."""
    for definition in definitions:
        known = _DEFINITIONS.get(definition.code)
        if known is not None and known != definition:
            raise ValueError(f"{definition.code} is defined twice")
        _DEFINITIONS[definition.code] = definition


def indicator(code: str) -> Definition:
    try:
        return _DEFINITIONS[code]
    except KeyError:
        raise UnknownIndicator(code) from None


def indicators(line: str | None = None) -> Iterator[Definition]:
    """The definitions, by code; those of one line, if it is named."""
    for code in sorted(_DEFINITIONS):
        if line is None or _DEFINITIONS[code].line == line:
            yield _DEFINITIONS[code]
