"""What comes in the body of a request: JSON, from anybody."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _

from fenghuang.kernel.refusal import Refused


def content_of(request: HttpRequest) -> Any:
    """The JSON of the body. Refused if it is none, or holds what no database and no journal takes.

    That is half a surrogate pair, NUL, NaN and infinity, and nesting that nobody writes by hand.
    """
    try:
        text = request.body.decode()
        content = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Refused("json", _("The body is not JSON in UTF-8.")) from error
    if "\\u" in text:
        try:
            _check_text(content)
        except ValueError as error:
            raise Refused(
                "characters", _("Leave out characters that are none: NUL, half surrogate pairs.")
            ) from error
    return content


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _check_text(content: Any) -> None:
    if isinstance(content, str):
        content.encode()  # half a surrogate pair has no UTF-8
        if "\0" in content:
            raise ValueError("NUL")
    elif isinstance(content, list):
        for one in content:
            _check_text(one)
    elif isinstance(content, dict):
        for name, value in content.items():
            _check_text(name)
            _check_text(value)
