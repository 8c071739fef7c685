"""The life cycles of the line as data."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.people.roles import CONFIRMS, Role
from fenghuang.kernel.records.cycles import LifeCycle, Verb, check_second_person
from fenghuang.kernel.terms import term

COMMUNITY = frozenset({Role.SECRETARY, Role.COMMUNITY_WORKER})
FIELD = COMMUNITY | {Role.GRID_WORKER}
GIVES_DISPOSITION = COMMUNITY | {Role.CENTRE}
LEADS = frozenset({Role.LEADER, Role.LINE_LEADER, Role.CENTRE})
OWNS_ITEM = frozenset({Role.DEPARTMENT, Role.CENTRE, Role.SECRETARY})
FIXES = FIELD | {Role.DEPARTMENT, Role.BUILDING_HEAD}


class MeetingState(TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class Disposition(TextChoices):
    OPEN = "open", term("disposition.open")
    ANSWERED_ON_SITE = "answered_on_site", term("disposition.answered_on_site")
    SMALL_MATTER = "small_matter", term("disposition.small_matter")
    PROJECT_ITEM = "project_item", term("disposition.project_item")
    REFERRED_UP = "referred_up", term("disposition.referred_up")
    MERGED = "merged", term("disposition.merged")
    NOT_ACCEPTED = "not_accepted", term("disposition.not_accepted")


class ItemState(TextChoices):
    LISTED = "listed", _("listed")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")


class MatterState(TextChoices):
    OPEN = "open", _("to be fixed")
    FIXED = "fixed", _("fixed, to be confirmed")
    STRUCK_OFF = "struck_off", term("struck_off")


def _another_person_than_the_fixer(matter: Any, user: Any) -> None:
    check_second_person(matter.fixed_by_id, user.pk)


MEETING = LifeCycle(
    code="meeting",
    line="requests",
    state_field="state",
    states=dict(MeetingState.choices),
    start=frozenset({MeetingState.PLANNED, MeetingState.HELD}),
    verbs=(
        Verb(
            "hold",
            _("Record as held"),
            {MeetingState.PLANNED: MeetingState.HELD},
            COMMUNITY,
            limit="meeting_entry",
            explains=_("The meeting took place; enter how many came."),
        ),
        Verb(
            "cancel",
            _("Cancel"),
            {MeetingState.PLANNED: MeetingState.CANCELLED},
            COMMUNITY,
            explains=_("The meeting does not take place."),
            is_grave=True,
        ),
    ),
)

PROBLEM = LifeCycle(
    code="problem",
    line="requests",
    state_field="disposition",
    states=dict(Disposition.choices),
    start=frozenset({Disposition.OPEN}),
    verbs=(
        Verb(
            "answer_on_site",
            _("Answered on the spot"),
            {Disposition.OPEN: Disposition.ANSWERED_ON_SITE},
            GIVES_DISPOSITION,
            limit="disposition",
            explains=_("The question was answered there and then."),
        ),
        Verb(
            "make_small_matter",
            _("Fix as a small matter"),
            {Disposition.OPEN: Disposition.SMALL_MATTER},
            GIVES_DISPOSITION,
            limit="disposition",
            explains=_("A quick repair or help; somebody fixes it, another person confirms it."),
        ),
        Verb(
            "put_on_project_list",
            _("Put on the project list"),
            {Disposition.OPEN: Disposition.PROJECT_ITEM},
            LEADS,
            limit="disposition",
            explains=_("Work of some size, with an owner, a budget and a due date."),
        ),
        Verb(
            "list_further_item",
            _("List a further item for it"),
            {Disposition.PROJECT_ITEM: Disposition.PROJECT_ITEM},
            LEADS,
            explains=_("One item is not enough: all its items must be done to resolve it."),
        ),
        Verb(
            "refer_up",
            _("Refer upwards"),
            {Disposition.OPEN: Disposition.REFERRED_UP},
            GIVES_DISPOSITION,
            limit="disposition",
            explains=_("Beyond what the street can do: handed to the district, with the reason."),
        ),
        Verb(
            "merge",
            _("Merge into another"),
            {Disposition.OPEN: Disposition.MERGED},
            GIVES_DISPOSITION,
            limit="disposition",
            explains=_("The same matter was raised before; it is handled and counted there."),
        ),
        Verb(
            "not_accept",
            _("Do not accept"),
            {Disposition.OPEN: Disposition.NOT_ACCEPTED},
            GIVES_DISPOSITION,
            limit="disposition",
            explains=_("Not a matter for the street: say why, and where to turn instead."),
            is_grave=True,
        ),
        Verb(
            "reopen",
            _("Reopen"),
            {
                Disposition.ANSWERED_ON_SITE: Disposition.OPEN,
                Disposition.REFERRED_UP: Disposition.OPEN,
                Disposition.MERGED: Disposition.OPEN,
                Disposition.NOT_ACCEPTED: Disposition.OPEN,
            },
            frozenset({Role.CENTRE}),
            explains=_("The disposition was a mistake; the problem is open again."),
            is_grave=True,
        ),
        Verb(
            "record_answer",
            _("Record the answer from above"),
            {Disposition.REFERRED_UP: Disposition.REFERRED_UP},
            GIVES_DISPOSITION,
            explains=_("The authority answered; the problem is resolved by it."),
        ),
        Verb(
            "record_feedback",
            _("Record what residents say"),
            {state: state for state in Disposition if state != Disposition.OPEN},
            GIVES_DISPOSITION | {Role.GRID_WORKER},
            explains=_("Are they satisfied with what was done?"),
        ),
    ),
)

PROJECT_ITEM = LifeCycle(
    code="project_item",
    line="requests",
    state_field="state",
    states=dict(ItemState.choices),
    start=frozenset({ItemState.LISTED}),
    verbs=(
        Verb(
            "report_progress",
            _("Report progress"),
            {
                ItemState.LISTED: ItemState.IN_PROGRESS,
                ItemState.IN_PROGRESS: ItemState.IN_PROGRESS,
            },
            OWNS_ITEM,
            limit="progress",
            explains=_("How far the work is, in per cent."),
        ),
        Verb(
            "complete",
            _("Accept as done"),
            {ItemState.IN_PROGRESS: ItemState.DONE},
            LEADS,
            explains=_("The work was accepted; its problems are resolved."),
        ),
        Verb(
            "add_problem",
            _("Let it answer a further problem"),
            {
                ItemState.LISTED: ItemState.LISTED,
                ItemState.IN_PROGRESS: ItemState.IN_PROGRESS,
            },
            LEADS,
            explains=_("One item may answer many problems."),
        ),
    ),
)

SMALL_MATTER = LifeCycle(
    code="small_matter",
    line="requests",
    state_field="state",
    states=dict(MatterState.choices),
    start=frozenset({MatterState.OPEN}),
    verbs=(
        Verb(
            "fix",
            _("Report as fixed"),
            {MatterState.OPEN: MatterState.FIXED},
            FIXES,
            limit="small_matter",
            explains=_("It is put right; add a picture if there is one."),
        ),
        Verb(
            "strike_off",
            _("Strike off"),
            {MatterState.FIXED: MatterState.STRUCK_OFF},
            CONFIRMS,
            guard=_another_person_than_the_fixer,
            explains=_("You saw that it is put right, and the person who raised it was told."),
        ),
        Verb(
            "send_back",
            _("Send back"),
            {MatterState.FIXED: MatterState.OPEN},
            CONFIRMS,
            guard=_another_person_than_the_fixer,
            explains=_("It is not put right yet: say what is missing."),
            is_grave=True,
        ),
        Verb(
            "hand_over",
            _("Hand over"),
            {MatterState.OPEN: MatterState.OPEN},
            FIXES | {Role.CENTRE},
            explains=_("Another colleague or unit will fix it."),
        ),
    ),
)
