"""Changes of the routing table and of the duty lists. Nothing is deleted: it ends on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import write
from fenghuang.kernel.people.models import User
from fenghuang.kernel.refusal import Refused

from ..models import Duty, RoutingRule
from ..permissions import roles_at
from ..queries.routing import duties_on, placed, table_on
from ..states.orders import CENTRE


def may_route(actor: User, street: UUID) -> bool:
    """Only the governance centre of the whole street changes who gets what."""
    return bool(roles_at(actor, street) & CENTRE)


def _check_may_route(actor: User, street: UUID) -> None:
    if not may_route(actor, street):
        raise Refused(
            "role",
            _("The governance centre looks after the routing table. Ask there for a change."),
        )


def add_rule(rule: RoutingRule, *, actor: User, number: int, today: date) -> RoutingRule:
    """Put a new rule at that place of the table, from 1; it holds from today."""
    _check_may_route(actor, rule.street_id)
    if (rule.from_time is None) != (rule.to_time is None):
        raise Refused("half_a_time", _("Give both times, or neither."), where="to_time")
    if rule.from_time is not None and rule.from_time == rule.to_time:
        raise Refused("no_time", _("Both times are the same. Leave them empty."), where="to_time")
    rule.valid_from = today
    with transaction.atomic():
        table = placed(table_on(rule.street_id, today), rule, number)
        rule.rank = table.index(rule) + 1
        write.add(rule, by=actor.pseudonym, notes={"@verb": "add_rule"})
        _renumber(table, actor)
    return rule


def move_rule(rule: RoutingRule, *, actor: User, number: int, today: date) -> RoutingRule:
    """Put the rule at another place of the table."""
    _check_may_route(actor, rule.street_id)
    with transaction.atomic():
        _renumber(placed(table_on(rule.street_id, today), rule, number), actor)
    return rule


def end_rule(rule: RoutingRule, *, actor: User, today: date) -> RoutingRule:
    """The rule does not hold any more from today."""
    _check_may_route(actor, rule.street_id)
    with transaction.atomic():
        rule.valid_to = today
        write.fix(rule, by=actor.pseudonym, notes={"@verb": "end_rule"})
    return rule


def _renumber(table: Sequence[RoutingRule], actor: User) -> None:
    for rank, rule in enumerate(table, 1):
        if rule.rank != rank:
            rule.rank = rank
            write.fix(rule, by=actor.pseudonym, notes={"@verb": "move_rule"})


# --- duty lists


def add_duties(duties: Sequence[Duty], *, actor: User, today: date) -> list[Duty]:
    """Put categories on the duty lists of units from today; what is on them stays. The new ones."""
    if not duties:
        return []
    street = duties[0].street_id
    _check_may_route(actor, street)
    held = {(one.unit_id, one.category) for one in duties_on(street, today)}
    new: dict[object, Duty] = {}
    for duty in duties:
        duty.valid_from = today
        if (duty.unit_id, duty.category) not in held:
            new.setdefault((duty.unit_id, duty.category), duty)
    with transaction.atomic():
        write.add_all(list(new.values()), by=actor.pseudonym, notes={"@verb": "add_duty"})
    return list(new.values())


def add_duty(duty: Duty, *, actor: User, today: date) -> Duty:
    """Put one category on the duty list of a unit. Refused where it is on it already."""
    if not duty.citation.strip():
        raise Refused("citation_missing", _("Say which rule gives it this duty."), where="citation")
    added = add_duties([duty], actor=actor, today=today)
    if not added:
        raise Refused("on_the_list", _("This is on the duty list of the unit already."))
    return duty


def end_duty(duty: Duty, *, actor: User, today: date) -> Duty:
    """The unit is not responsible for the category any more from today."""
    _check_may_route(actor, duty.street_id)
    with transaction.atomic():
        duty.valid_to = today
        write.fix(duty, by=actor.pseudonym, notes={"@verb": "end_duty"})
    return duty
