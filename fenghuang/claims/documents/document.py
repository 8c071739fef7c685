"""What was read: a text, the kind of file it came from, and what the reader should know of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    TEXT = "txt"
    WORD = "docx"
    PDF = "pdf"
    WEB = "html"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was left out or decided while reading: a stable code and two sentences."""

    code: str
    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class Document:
    """The text with `\\n` at the end of each paragraph, table cells of a row parted by tabs."""

    text: str
    format: Format
    notes: tuple[Note, ...] = ()
