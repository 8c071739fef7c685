"""Forms as the office fills them in, and the fields that lines share.

    class Fix(OfficeForm):
        fixed_on = Day(not_after_today=True)
        fixed_how = Text(label=term("fixed_how"))
        cost_fen = Yuan(required=False, label=term("cost"))

The names of the fields are the names of the action's arguments.
"""

from __future__ import annotations

from typing import Any

from django import forms


class OfficeForm(forms.Form):
    """`actor` fills it in; `record` is what it is about (None for a new one).

    `fill()` is called once after the fields are made: there a form narrows its choices by them.
    """

    def __init__(self, *args: Any, actor: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.record = actor, record
        self.outcome: Any = None
        self.fill()

    def fill(self) -> None:
        """For forms whose choices or first values depend on actor or record."""
