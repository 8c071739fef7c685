"""What a writer is told about a text that can't be saved."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fenghuang.kernel.refusal import Refused

from .chapters import Written
from .prose import Fault

_WHY = {
    "digit": gettext_lazy("is typed by hand. Put in the figure instead; names go in “ ”."),
    "count": gettext_lazy(
        "is a number in words, typed by hand. Put in the figure instead; names go in “ ”."
    ),
    "marker": gettext_lazy(
        "changes what the figure beside it promises. Choose a style for the figure instead."
    ),
    "unknown_figure": gettext_lazy("names no figure. Choose one from the list."),
    "unknown_style": gettext_lazy(
        "names no style. The styles are exact, over, exceeding, nearly and about."
    ),
    "unknown_slot": gettext_lazy("is neither a figure nor year, next_year or place."),
    "unclosed": gettext_lazy("has no counterpart. Braces come in pairs: {{ … }} and {# … #}."),
}


def explained(fault: Fault, text: str) -> str:
    """One sentence: where in the text, what stands there, what to do instead."""
    line = text.count("\n", 0, fault.offset) + 1
    place = _("Line %(line)s: “%(found)s”") % {"line": line, "found": fault.found}
    return f"{place} {_WHY[fault.code]}"


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
