"""Why something did not arrive."""

from __future__ import annotations

from typing import Any


class Undelivered(Exception):
    """It did not arrive; `sentence` says why. `is_final` where trying again would change nothing.

    The sentence is shown on a screen: it holds no address of a person.
    """

    def __init__(self, sentence: Any, *, is_final: bool = False) -> None:
        super().__init__(str(sentence))
        self.sentence = str(sentence)
        self.is_final = is_final
