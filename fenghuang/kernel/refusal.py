"""The one way in which the house says no to a person."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An action was not carried out, and nothing was changed.

    `code` is stable and for programs and tests; `sentence` is for the person: what happened, why,
    what to do next. `where` names the form field or sheet cell it is about, if there is one.
    """

    def __init__(self, code: str, sentence: Any, *, where: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.where = where

    def __str__(self) -> str:
        return str(self.sentence)
