"""Meetings, problems, project items and small matters: facts and constraints."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.terms import term

from ..rules.meetings import yuan
from ..states import meetings as states
from ..states.meetings import Disposition, ItemState, MatterState, MeetingState


class Category(models.TextChoices):
    HOUSING = "housing", _("housing")
    ROAD = "road", _("roads")
    LIGHTING = "lighting", _("lighting")
    PIPES = "pipes", _("pipes")
    PARKING = "parking", _("parking")
    SANITATION = "sanitation", _("sanitation")
    NOISE = "noise", _("noise")
    NEIGHBOURS = "neighbours", _("neighbours")
    SAFETY = "safety", _("safety of people")
    ELDERLY = "elderly", _("care of the elderly")
    EDUCATION = "education", _("education")
    MEDICAL = "medical", _("medical care")
    EMPLOYMENT = "employment", _("employment")
    OTHER = "other", _("other matters")


class Meeting(Record):
    """One neighbourhood meeting (屋场贴心会): one date, one place, one programme."""

    LINE = "requests"
    CYCLE = states.MEETING

    class CountMethod(models.TextChoices):
        SIGN_IN = "sign_in", _("by sign-in")
        HEADCOUNT = "headcount", _("by headcount")
        ESTIMATE = "estimate", _("estimated")

    held_at = models.TimeField(term("meeting.held_at"), null=True, blank=True)
    venue = models.CharField(term("venue"), max_length=80)
    theme = models.CharField(term("theme"), max_length=80)
    chair = models.CharField(term("chair"), max_length=40)
    attendances = models.PositiveIntegerField(term("attendances"), null=True, blank=True)
    count_method = models.CharField(
        term("count_method"), max_length=10, choices=CountMethod, default=CountMethod.SIGN_IN
    )
    minutes = models.TextField(term("minutes"), blank=True)
    state = models.CharField(
        term("state"), max_length=12, choices=MeetingState, default=MeetingState.PLANNED
    )

    class Meta(Record.Meta):
        verbose_name = term("meeting")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="held") | Q(attendances__isnull=False),
                name="held_meeting_has_attendances",
            ),
        ]

    @property
    def title(self) -> str:
        return f"{self.venue}：{self.theme}"


class Problem(Record):
    """Something that residents want put right. It has exactly one disposition at any time."""

    LINE = "requests"
    CYCLE = states.PROBLEM
    PERSONAL: ClassVar = {"contact": "to tell the person what became of the problem"}

    class Urgency(models.TextChoices):
        URGENT = "urgent", term("urgency.urgent")
        DIFFICULT = "difficult", term("urgency.difficult")
        WORRYING = "worrying", term("urgency.worrying")
        HOPED_FOR = "hoped_for", term("urgency.hoped_for")

    class Channel(models.TextChoices):
        MEETING = "meeting", term("meeting")
        HOTLINE = "hotline", term("hotline")
        GRID = "grid", term("grid_visit")
        VISIT = "visit", term("office_visit")
        ONLINE = "online", _("online")
        OTHER = "other", _("another channel")

    class Feedback(models.TextChoices):
        SATISFIED = "satisfied", _("satisfied")
        BASICALLY = "basically", _("basically satisfied")
        DISSATISFIED = "dissatisfied", _("dissatisfied")
        UNREACHED = "unreached", _("not reached")

    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name=term("meeting"),
    )
    text = models.TextField(term("problem.text"))
    category = models.CharField(term("category"), max_length=12, choices=Category)
    urgency = models.CharField(
        term("urgency"), max_length=10, choices=Urgency, default=Urgency.WORRYING
    )
    channel = models.CharField(
        term("channel"), max_length=8, choices=Channel, default=Channel.MEETING
    )
    contact = models.CharField(term("contact"), max_length=80, blank=True)
    contact_purge_on = models.DateField(term("purge_on"), null=True, blank=True, editable=False)
    disposition = models.CharField(
        term("disposition"), max_length=16, choices=Disposition, default=Disposition.OPEN
    )
    disposed_on = models.DateField(term("disposed_on"), null=True, blank=True)
    reason = models.TextField(term("disposition_reason"), blank=True)
    answer = models.TextField(term("answer"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=term("merged_into"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=term("unit")
    )
    due_on = models.DateField(term("due_on"), null=True, blank=True)
    resolved_on = models.DateField(term("resolved_on"), null=True, blank=True)
    feedback = models.CharField(
        term("feedback"), max_length=12, choices=Feedback, blank=True, default=""
    )

    class Meta(Record.Meta):
        verbose_name = term("problem")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(disposition="merged", merged_into__isnull=False)
                | (~Q(disposition="merged") & Q(merged_into=None)),
                name="merged_problem_names_the_other",
            ),
            models.CheckConstraint(
                condition=~Q(disposition__in=["not_accepted", "referred_up"]) | ~Q(reason=""),
                name="turned_away_problem_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(disposition="open", disposed_on=None)
                | (~Q(disposition="open") & Q(disposed_on__isnull=False)),
                name="disposed_problem_has_a_day",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            # Holds every column that the figures and the task list ask for.
            models.Index(
                fields=["street", "happened_on", "voided_at", "disposition", "resolved_on", "id"],
                name="problem_figures",
            ),
            models.Index(
                fields=["street", "due_on"],
                name="problem_waiting",
                condition=Q(disposition="open", voided_at=None),
            ),
        ]

    @property
    def title(self) -> str:
        return self.text if len(self.text) <= 40 else self.text[:39] + "…"


class ProjectItem(Record):
    """An item on the project list (项目清单): work of some size that answers problems."""

    LINE = "requests"
    CYCLE = states.PROJECT_ITEM
    JOURNALED_M2M: ClassVar = ("problems",)

    item_title = models.CharField(term("item_title"), max_length=120)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=term("responsible_unit")
    )
    budget_fen = models.BigIntegerField(term("budget"), null=True, blank=True)
    due_on = models.DateField(term("due_on"))
    progress = models.PositiveSmallIntegerField(term("progress"), default=0)
    state = models.CharField(
        term("state"), max_length=12, choices=ItemState, default=ItemState.LISTED
    )
    done_on = models.DateField(term("done_on"), null=True, blank=True)
    problems = models.ManyToManyField(
        Problem, related_name="project_items", verbose_name=term("problems"), blank=True
    )

    class Meta(Record.Meta):
        verbose_name = term("project_item")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | (~Q(state="done") & Q(done_on=None)),
                name="done_item_has_a_day",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            models.Index(
                fields=["street", "due_on"],
                name="item_unfinished",
                condition=Q(done_on=None, voided_at=None),
            ),
        ]

    @property
    def title(self) -> str:
        return self.item_title

    @property
    def budget_yuan(self) -> Decimal | None:
        return yuan(self.budget_fen)


class SmallMatter(Record):
    """A small matter of daily life (民生小事): put right quickly, confirmed by a second person."""

    LINE = "requests"
    CYCLE = states.SMALL_MATTER

    problem = models.ForeignKey(
        Problem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="small_matters",
        verbose_name=term("problem"),
    )
    matter_title = models.CharField(term("matter_title"), max_length=120)
    category = models.CharField(term("category"), max_length=12, choices=Category)
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=term("handler")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=term("unit")
    )
    due_on = models.DateField(term("due_on"))
    cost_fen = models.BigIntegerField(term("cost"), null=True, blank=True)
    state = models.CharField(
        term("state"), max_length=12, choices=MatterState, default=MatterState.OPEN
    )
    fixed_on = models.DateField(term("fixed_on"), null=True, blank=True)
    fixed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=term("fixed_by")
    )
    fixed_how = models.TextField(term("fixed_how"), blank=True)
    was_on_time = models.BooleanField(term("was_on_time"), null=True, blank=True)
    rule_version = models.CharField(max_length=10, blank=True, editable=False)
    struck_off_on = models.DateField(term("struck_off_on"), null=True, blank=True)
    struck_off_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("struck_off_by"),
    )

    class Meta(Record.Meta):
        verbose_name = term("small_matter")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(struck_off_by=None) | ~Q(struck_off_by=F("fixed_by")),
                name="struck_off_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="struck_off", struck_off_on__isnull=False, fixed_on__isnull=False)
                | (~Q(state="struck_off") & Q(struck_off_on=None)),
                name="struck_off_matter_has_its_days",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            models.Index(
                fields=["street", "struck_off_on", "voided_at", "was_on_time", "id"],
                name="matter_figures",
            ),
            # One for each state: SQLite sees that an index serves a query by the very same words.
            *(
                models.Index(
                    fields=["street", "due_on", "place", "handler"],
                    name=f"matter_{state}",
                    condition=Q(state=state, voided_at=None),
                )
                for state in ("open", "fixed")
            ),
        ]

    @property
    def title(self) -> str:
        return self.matter_title

    @property
    def cost_yuan(self) -> Decimal | None:
        return yuan(self.cost_fen)

    @classmethod
    def in_own_hands(cls, user: User) -> Q:
        return Q(handler=user) | Q(entered_by=user)

    def is_late_on(self, day: date) -> bool:
        return self.state == MatterState.OPEN and day > self.due_on
