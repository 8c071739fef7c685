"""The text of a file that somebody hands in: .txt, .docx, .pdf, .html.

    document = read_document(name, data)
    document.text, document.format, document.notes

A file is judged by its content; its name only helps to tell a web page from plain text. What cannot
be read is `Unreadable`, with a code and one sentence that says what to do. Nothing here knows a
screen, a database or the disk, and the libraries are imported only when such a file comes.
"""

from .document import Document, Format, Note
from .files import MOST_BYTES, MOST_CHARACTERS, read_document
from .unreadable import Unreadable

__all__ = [
    "MOST_BYTES",
    "MOST_CHARACTERS",
    "Document",
    "Format",
    "Note",
    "Unreadable",
    "read_document",
]
