"""Every sentence with which a file is turned away, and what parsers raise on a damaged one."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import Any

from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.refusal import Refused

SENTENCES = {
    "file_empty": _("The file is empty. Wait until it has been saved whole, then choose it again."),
    "file_too_large": _(
        "The file is larger than %(limit)d MB. Take the picture smaller, or divide the document."
    ),
    "file_type": _(
        "%(kind)s files are not kept here. "
        "Save it as JPEG, PNG, PDF, Word (.docx), Excel (.xlsx) or plain text (.txt)."
    ),
    "file_unknown": _(
        "Nobody could tell what kind of file this is. "
        "Save it as JPEG, PNG, PDF, Word (.docx), Excel (.xlsx) or plain text (.txt)."
    ),
    "file_heic": _(
        "This is an HEIC picture, which many computers cannot show. "
        "Set the camera to “Most Compatible”, or send the picture as JPEG."
    ),
    "file_name_lies": _(
        "The name ends in %(named)s, but the content is something else. "
        "Choose the original file instead of a renamed one."
    ),
    "file_two_in_one": _(
        "Something else is hidden behind the end of the file or before its beginning. "
        "Open it, save it anew, and choose the new file."
    ),
    "file_damaged": _(
        "The file is damaged or did not arrive whole. Open it, save it anew, and choose it again."
    ),
    "file_protected": _(
        "The file is protected by a password, so nobody could check it later. "
        "Save it without protection."
    ),
    "file_old_office": _(
        "This is a file of an older Office. Save it as .docx or .xlsx, or as PDF, and choose that."
    ),
    "file_macros": _(
        "The document contains macros, which are programs. Save it without macros (.docx, .xlsx)."
    ),
    "file_runs_programs": _(
        "The PDF starts programs when it is opened. Print it into a new PDF and choose that."
    ),
    "file_embedded": _(
        "The document has other files inside it or draws them in from outside. "
        "Save it as PDF and choose that."
    ),
    "file_unpacks_too_large": _(
        "The document becomes far too large when it is unpacked. "
        "Save only the pages that are needed, as PDF."
    ),
    "picture_too_large": _(
        "The picture is too large to be drawn. "
        "Take or save it with at most %(limit)d million pixels."
    ),
    "picture_moves": _("The picture moves. Choose a still one, such as a screenshot of it."),
    "picture_wanted": _("This must be a picture. Choose a JPEG or PNG file."),
}

#: What parsers of our libraries raise when bytes are not what they say; Pillow's lets anything out.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    NotImplementedError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)


def refused(code: str, **values: Any) -> Refused:
    """The refusal with that code, its sentence filled in."""
    return Refused(code, SENTENCES[code] % values)
