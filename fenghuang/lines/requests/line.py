"""The door of the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.terms import term
from fenghuang.kit.door import Line, MenuEntry

if TYPE_CHECKING:
    from fenghuang.kit.suggesting.office import Source


class Requests(Line):
    name = "fenghuang.lines.requests"
    label = "requests"
    code = "requests"
    number_code = "REQ"
    title = term("requests_line")
    order = 10
    heading = "开创为群众办实事新局面"
    menu = (
        MenuEntry(_("Hold a meeting"), "hold_meeting", is_for_entering=True),
        MenuEntry(_("Register a request"), "raise_order", is_for_entering=True),
        MenuEntry(_("Enter a problem"), "raise_problem", is_for_entering=True),
        MenuEntry(term("work_orders"), "orders"),
        MenuEntry(_("Rates of the orders"), "rates"),
        MenuEntry(term("returned_orders"), "returned_orders"),
        MenuEntry(term("workload"), "workload"),
        MenuEntry(term("reply_templates"), "reply_templates"),
        MenuEntry(_("Waiting to be published"), "to_publish"),
        MenuEntry(term("meetings"), "meetings"),
        MenuEntry(term("problems"), "problems"),
        MenuEntry(term("project_items"), "project_items"),
        MenuEntry(term("small_matters"), "small_matters"),
        MenuEntry(term("hot_spots"), "hot_spots"),
        MenuEntry(term("repeats"), "repeats"),
        MenuEntry(term("routing_table"), "routing"),
        MenuEntry(term("duties"), "duties"),
        MenuEntry(term("suggestions"), "suggestions"),
    )

    public = (
        MenuEntry(_("Raise a request"), "raise", is_for_entering=True),
        MenuEntry(_("How far is my request?"), "find"),
        MenuEntry(_("What is going on around me"), "around"),
        MenuEntry(_("News of my area by e-mail"), "follow"),
    )

    @property
    def suggestion_sources(self) -> Sequence[Source]:
        from .queries.suggesting import sources

        return sources()
