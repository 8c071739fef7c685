"""Acting beforehand (未诉先办): a hot spot becomes a problem that the street takes up by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Place
from fenghuang.kernel.records import actions as records
from fenghuang.kernel.records.models import Link

from ..models import Problem, WorkOrder
from .meetings import raise_problem

LINKED = 50  #: orders linked at most, the newest


def act_beforehand(
    place: Place,
    category: str,
    orders: Sequence[WorkOrder],
    *,
    actor: User,
    today: date,
    text: str,
    urgency: str,
    client_key: str | None = None,
) -> Problem:
    """Raise a problem for the place, with links from the orders that led to it.

    Source: Beijing Regulation on Handling Complaints 24 to 26 (主动治理).
    """
    problem = Problem(
        street_id=place.street_id,
        place=place,
        happened_on=today,
        text=text,
        category=category,
        urgency=urgency,
        channel=Problem.Channel.GRID,
        client_key=client_key,
    )
    with transaction.atomic():
        raise_problem(problem, actor=actor, today=today)
        for order in orders[:LINKED]:
            records.link(order, Link.Kind.LED_TO, problem, actor=actor)
    return problem
