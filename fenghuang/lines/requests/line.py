"""The door of the line."""

from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.terms import term
from fenghuang.kit.door import Line, MenuEntry


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
        MenuEntry(term("returned_orders"), "returned_orders"),
        MenuEntry(term("workload"), "workload"),
        MenuEntry(term("reply_templates"), "reply_templates"),
        MenuEntry(term("meetings"), "meetings"),
        MenuEntry(term("problems"), "problems"),
        MenuEntry(term("project_items"), "project_items"),
        MenuEntry(term("small_matters"), "small_matters"),
    )
