"""The roles of a street office and what each may look at."""

from __future__ import annotations

from django.db import models

from fenghuang.kernel.terms import term


class Role(models.TextChoices):
    LEADER = "leader", term("leader")
    LINE_LEADER = "line_leader", term("line_leader")
    OFFICE = "office", term("party_office")
    CENTRE = "centre", term("governance_centre")
    DEPARTMENT = "department", term("department")
    CHECKER = "checker", term("checker")
    STATISTICIAN = "statistician", term("statistician")
    SECRETARY = "secretary", term("community_secretary")
    COMMUNITY_WORKER = "community_worker", term("community_worker")
    GRID_WORKER = "grid_worker", term("grid_worker")
    BUILDING_HEAD = "building_head", term("building_head")
    AUDITOR = "auditor", term("auditor")
    ADMINISTRATOR = "administrator", term("system_administrator")


#: Sees every record of the line within the place of the appointment.
SEES_THE_LINE = frozenset(Role) - {Role.BUILDING_HEAD, Role.ADMINISTRATOR}

#: Sees only what is in their own hands: volunteers.
SEES_OWN_TASKS = frozenset({Role.BUILDING_HEAD})

#: May enter new records of a line.
ENTERS = frozenset(
    {
        Role.OFFICE,
        Role.CENTRE,
        Role.DEPARTMENT,
        Role.SECRETARY,
        Role.COMMUNITY_WORKER,
        Role.GRID_WORKER,
    }
)

#: May confirm as the second person what another has done.
CONFIRMS = frozenset({Role.CHECKER, Role.CENTRE, Role.SECRETARY, Role.LINE_LEADER})

#: May say who stands in for an absent colleague of the places they look after.
NAMES_SUBSTITUTES = frozenset({Role.CENTRE, Role.SECRETARY})
