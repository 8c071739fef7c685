"""What a writer is told about a text that can't be saved."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.refusal import Refused

from .chapters import Written
from .prose import Fault

_SENTENCES = {
    "digit": gettext_lazy(
        "Line %(line)s: “%(found)s” is typed by hand. Put in the figure instead; names go in “ ”."
    ),
    "count": gettext_lazy(
        "Line %(line)s: “%(found)s” is a number in words, typed by hand. "
        "Put in the figure instead; names go in “ ”."
    ),
    "marker": gettext_lazy(
        "Line %(line)s: “%(found)s” changes what the figure beside it promises. "
        "Choose another wording of the figure instead."
    ),
    "unknown_figure": gettext_lazy(
        "Line %(line)s: “%(found)s” names no figure that there is. Choose one from the list."
    ),
    "unknown_style": gettext_lazy(
        "Line %(line)s: “%(found)s” names no style. "
        "The styles are exact, over, exceeding, nearly and about."
    ),
    "unknown_slot": gettext_lazy(
        "Line %(line)s: “%(found)s” is neither a figure nor year, next_year or place. "
        "Choose one from the list."
    ),
    "unclosed": gettext_lazy(
        "Line %(line)s: “%(found)s” stands alone. Braces come in pairs: {{ … }} and {# … #}."
    ),
}


def explained(fault: Fault, text: str) -> str:
    """Where in the text, what stands there, what to do instead."""
    line = text.count("\n", 0, fault.offset) + 1
    return str(_SENTENCES[fault.code]) % {"line": line, "found": fault.found}


class SavedMeanwhile(Refused):
    """Somebody else saved the chapter after it was opened here; `theirs` is what stands now."""

    def __init__(self, theirs: Written) -> None:
        super().__init__(
            "saved_meanwhile",
            _(
                "Somebody else saved this chapter meanwhile, so yours was not saved. "
                "Both texts are shown: bring them together and save again."
            ),
            where="text",
        )
        self.theirs = theirs
