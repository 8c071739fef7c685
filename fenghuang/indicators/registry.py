"""All definitions by code. Lines register theirs when the house starts.

A definition must count as its row of the catalogue says; the catalogue may name more than is
defined, since not every line is switched on everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from .language import Definition

_DEFINITIONS: dict[str, Definition] = {}


class UnknownIndicator(LookupError):
    """No line that is switched on defines this code."""


def register(*definitions: Definition) -> None:
    """Make definitions known.

    ValueError for the same code twice and for a definition that counts otherwise than its row of
    the catalogue says, NotInCatalogue for a code without a row: faults of ours, found at start.
    """
    for definition in definitions:
        stated = definition.entry.aggregation, definition.entry.period
        if (definition.aggregation, definition.period) != stated:
            raise ValueError(f"{definition.code} counts otherwise than catalogue.csv says")
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
