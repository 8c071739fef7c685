"""One description of an answer, and the two forms in which it is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree as ET

from django.utils import timezone

#: Form → type of its content, without the encoding.
TYPES: Final[Mapping[str, str]] = {"xml": "text/xml", "json": "application/json"}

_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
#: Everything that XML 1.0 cannot hold, whatever way it is written.
NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Many:
    """A list; `each` is the name that every value has in XML, and nowhere else."""

    each: str
    values: Sequence[Any]


@dataclass(frozen=True)
class Answer:
    """What is said, under the name that the whole has in XML. Fields hold text, numbers, truth
    values, moments, None, further fields, or Many.
    """

    name: str
    content: Many | Mapping[str, Any]

    def written(self, form: str) -> bytes:
        """In UTF-8; what no XML can hold is left out of text. JSON has no outer name."""
        if form == "json":
            return json.dumps(_plain(self.content), ensure_ascii=False).encode()
        root = _element(self.name, self.content)
        written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=False)
        return _DECLARATION + written


def _plain(value: Any) -> Any:
    match value:
        case Many():
            return [_plain(one) for one in value.values]
        case Mapping():
            return {name: _plain(one) for name, one in value.items()}
        case datetime():
            return w3c(value)
        case str():
            return NOT_IN_XML.sub("", value)
    return value


def _element(name: str, value: Any) -> ET.Element:
    element = ET.Element(name)
    match value:
        case Many():
            element.extend(_element(value.each, one) for one in value.values)
        case Mapping():
            element.extend(_element(own, one) for own, one in value.items())
        case bool():
            element.text = "true" if value else "false"
        case None:
            pass
        case _:
            element.text = str(_plain(value))
    return element


def w3c(moment: datetime) -> str:
    """A moment at the office, to the second, with its offset.

    >>> from datetime import UTC
    >>> w3c(datetime(2021, 6, 1, 1, 2, 3, 456, tzinfo=UTC))
    '2021-06-01T09:02:03+08:00'
    """
    return timezone.localtime(moment).isoformat(timespec="seconds")
