"""Work orders and callbacks: facts and constraints."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.records.models import Record
from fenghuang.kernel.terms import term

from ..rules import orders as rules
from ..states import orders as states
from ..states.orders import OPEN, OrderState
from .meetings import Category

#: No letters and digits that look alike on paper or sound alike on the telephone.
SLIP_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def slip_code() -> str:
    """What only the holder of the paper slip knows: ten letters, about 49 bits."""
    return "".join(secrets.choice(SLIP_LETTERS) for _n in range(10))


class Solved(models.TextChoices):
    YES = "yes", term("solved.yes")
    PARTLY = "partly", term("solved.partly")
    NO = "no", term("solved.no")
    NO_ANSWER = "no_answer", term("solved.no_answer")


class Satisfied(models.TextChoices):
    """The five levels of 好差评; the first three count as satisfied."""

    VERY = "very", term("satisfied.very")
    SATISFIED = "satisfied", term("satisfied.satisfied")
    BASICALLY = "basically", term("satisfied.basically")
    NOT = "not", term("satisfied.not")
    VERY_DISSATISFIED = "very_not", term("satisfied.very_not")
    NO_ANSWER = "no_answer", term("satisfied.no_answer")


class Decision(models.TextChoices):
    AGREED = "agreed", _("agreed")
    REFUSED = "refused", _("refused")


class WorkOrder(Record):
    """One request of a resident (工单), from its registration to the archive."""

    LINE = "requests"
    CYCLE = states.WORK_ORDER
    #: The moment at which a verb is tried, where that is not the present.
    acts_at: datetime | None = None
    JOURNALED_M2M: ClassVar = ("co_units", "shown_photos")
    EVENTS: ClassVar = {
        "register": _("registered"),
        "answer_by_link": _("the appellant answered by the link"),
        "add_by_slip": _("the holder of the slip added something"),
        "withdraw_by_slip": _("the holder of the slip no longer needs it"),
    }
    PERSONAL: ClassVar = {
        "contact_name": "to address the person as they wish",
        "contact": "to ask back, and to tell what became of the request",
        "email": "to tell what became of the request",
        "contact_hash": "to see that two orders have the same contact, without knowing whose",
        "where_exactly": "to find the spot",
        "exactly_at": "to find the spot",
    }

    class Channel(models.TextChoices):
        HOTLINE = "hotline", term("hotline")
        WEB = "web", _("public page")
        PHONE = "phone", _("telephone")
        COUNTER = "counter", _("at the counter")
        GRID = "grid", term("grid_visit")
        PROGRAM = "program", _("another system")

    class Kind(models.TextChoices):
        CONSULTATION = "consultation", term("order.consultation")
        HELP = "help", term("order.help")
        COMPLAINT = "complaint", term("complaint")
        REPORT_OF_WRONG = "report", term("report_of_wrong")
        SUGGESTION = "suggestion", term("order.suggestion")

    class Level(models.TextChoices):
        URGENT = "urgent", term("level.urgent")
        TIMED = "timed", term("level.timed")
        ORDINARY = "ordinary", term("level.ordinary")
        HARD = "hard", term("level.hard")

    class RefusalGround(models.TextChoices):
        """Beijing 11; Weifang 19."""

        EMERGENCY = "emergency", _("an emergency for 110, 119, 120 or 122")
        IN_PROCEEDINGS = "proceedings", _("before a court, in arbitration, discipline or review")
        DECIDED = "decided", _("decided before, and nothing new")
        SECRET = "secret", _("touches secrets or somebody’s privacy")
        PRIVATE = "private", _("outside public duty: a matter of the market or between persons")
        ELSEWHERE = "elsewhere", _("another place’s matter")

    class ReturnGround(models.TextChoices):
        NOT_OUR_DUTY = "duty", _("not on the unit’s duty list")
        WRONG_PLACE = "place", _("the place is another community’s")
        SEVERAL_UNITS = "several", _("another unit must lead")
        UNCLEAR = "unclear", _("it is not said what or where, and nobody can be asked")

    class Result(models.TextChoices):
        SOLVED = "solved", term("result.solved")
        PARTLY = "partly", term("result.partly")
        EXPLAINED = "explained", term("result.explained")
        IMPOSSIBLE = "impossible", term("result.impossible")

    class ExclusionGround(models.TextChoices):
        UNREASONABLE = "unreasonable", _("asks for what law or policy does not allow")
        NOT_IN_POWER = "power", _("outside the powers of street and unit")
        FACTS_WRONG = "facts", _("what is said did not happen")
        REPEATED = "repeated", _("raised again without anything new")
        FORCE = "force", _("force majeure")

    # what was raised
    order_no = models.CharField(term("order_no"), max_length=40, blank=True)
    channel = models.CharField(
        term("channel"), max_length=8, choices=Channel, default=Channel.HOTLINE
    )
    kind = models.CharField(
        term("order.kind"), max_length=12, choices=Kind, default=Kind.HELP, db_default="help"
    )
    category = models.CharField(term("category"), max_length=12, choices=Category)
    level = models.CharField(term("order.level"), max_length=8, choices=Level, default="ordinary")
    text = models.TextField(term("request_text"))
    registered_at = models.DateTimeField(term("registered_at"))
    lon = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    lat = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    contact_name = models.CharField(term("contact_name"), max_length=40, blank=True)
    contact = models.CharField(term("contact"), max_length=80, blank=True)
    email = models.EmailField(term("email"), blank=True)
    contact_hash = models.CharField(max_length=32, blank=True, editable=False)
    where_exactly = models.CharField(term("where_exactly"), max_length=120, blank=True)
    exactly_at = models.CharField(max_length=40, blank=True, editable=False)
    personal_purge_on = models.DateField(term("purge_on"), null=True, blank=True, editable=False)
    # what the public sees
    slip_code = models.CharField(max_length=12, unique=True, default=slip_code, editable=False)
    public_text = models.TextField(term("public_text"), blank=True)
    published_on = models.DateField(term("published_on"), null=True, blank=True)
    publish_decided_on = models.DateField(
        term("publish_decided_on"), null=True, blank=True, editable=False
    )
    shown_photos = models.ManyToManyField(
        Attachment, related_name="+", verbose_name=term("shown_photos"), blank=True
    )
    # the way through the office
    state = models.CharField(
        term("state"), max_length=12, choices=OrderState, default=OrderState.REGISTERED
    )
    moved_at = models.DateTimeField(term("moved_at"), editable=False)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("lead_unit"),
    )
    co_units = models.ManyToManyField(
        Unit, related_name="+", verbose_name=term("co_units"), blank=True
    )
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=term("handler")
    )
    promised_at = models.DateTimeField(term("promised_at"))
    dispatched_at = models.DateTimeField(term("dispatched_at"), null=True, blank=True)
    dispatched_on = models.DateField(term("dispatched_on"), null=True, blank=True)
    response_due_at = models.DateTimeField(term("response_due_at"), null=True, blank=True)
    response_due_on = models.DateField(term("response_due_on"), null=True, blank=True)
    due_at = models.DateTimeField(term("due_at"), null=True, blank=True)
    due_on = models.DateField(term("due_on"), null=True, blank=True)
    received_at = models.DateTimeField(term("received_at"), null=True, blank=True)
    contacted_at = models.DateTimeField(term("contacted_at"), null=True, blank=True)
    was_response_on_time = models.BooleanField(term("was_response_on_time"), null=True, blank=True)
    refusal_ground = models.CharField(
        term("refusal_ground"), max_length=12, choices=RefusalGround, blank=True
    )
    turn_to = models.CharField(term("turn_to"), max_length=120, blank=True)
    # return, extension, hold
    return_ground = models.CharField(
        term("return_ground"), max_length=8, choices=ReturnGround, blank=True
    )
    return_citation = models.CharField(term("return_citation"), max_length=200, blank=True)
    return_asked_on = models.DateField(term("return_asked_on"), null=True, blank=True)
    return_asked_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("return_asked_unit"),
    )
    return_decision = models.CharField(
        term("return_decision"), max_length=8, choices=Decision, blank=True
    )
    return_decided_on = models.DateField(term("return_decided_on"), null=True, blank=True)
    extension_asked_at = models.DateTimeField(term("extension_asked_at"), null=True, blank=True)
    extension_reason = models.TextField(term("extension_reason"), blank=True)
    extension_until = models.DateTimeField(term("extension_until"), null=True, blank=True)
    extension_decision = models.CharField(
        term("extension_decision"), max_length=8, choices=Decision, blank=True
    )
    extended_on = models.DateField(term("extended_on"), null=True, blank=True)
    hold_cause = models.TextField(term("hold_cause"), blank=True)
    held_on = models.DateField(term("held_on"), null=True, blank=True)
    hold_ended_on = models.DateField(term("hold_ended_on"), null=True, blank=True)
    hold_review_due_on = models.DateField(term("hold_review_due_on"), null=True, blank=True)
    # the end
    result = models.CharField(term("order.result"), max_length=12, choices=Result, blank=True)
    answer = models.TextField(term("answer"), blank=True)
    submitted_at = models.DateTimeField(term("submitted_at"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("submitted_by"),
    )
    verified_on = models.DateField(term("verified_on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("verified_by"),
    )
    closed_at = models.DateTimeField(term("closed_at"), null=True, blank=True)
    closed_on = models.DateField(term("closed_on"), null=True, blank=True)
    was_on_time = models.BooleanField(term("was_on_time"), null=True, blank=True)
    rule_version = models.CharField(max_length=10, blank=True, editable=False)
    reopened = models.PositiveSmallIntegerField(term("order.reopened"), default=0)
    callback_due_on = models.DateField(term("callback_due_on"), null=True, blank=True)
    called_back_on = models.DateField(term("called_back_on"), null=True, blank=True)
    was_reached = models.BooleanField(term("was_reached"), null=True, blank=True)
    solved = models.CharField(term("solved"), max_length=10, choices=Solved, blank=True)
    satisfied = models.CharField(term("satisfied"), max_length=10, choices=Satisfied, blank=True)
    struck_off_on = models.DateField(term("struck_off_on"), null=True, blank=True)
    struck_off_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("struck_off_by"),
    )
    archived_on = models.DateField(term("archived_on"), null=True, blank=True)
    # the same matter
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=term("merged_into"),
    )
    is_repeat = models.BooleanField(term("is_repeat"), default=False)
    # left out of the rates
    exclusion_ground = models.CharField(
        term("exclusion_ground"), max_length=12, choices=ExclusionGround, blank=True
    )
    exclusion_reason = models.TextField(term("exclusion_reason"), blank=True)
    exclusion_asked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("exclusion_asked_by"),
    )
    is_excluded = models.BooleanField(term("is_excluded"), default=False)
    excluded_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=term("excluded_by"),
    )

    class Meta(Record.Meta):
        verbose_name = term("work_order")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["street", "order_no"],
                condition=~Q(order_no="") & Q(voided_at=None),
                name="order_no_once_a_street",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="merged_order_names_the_other",
            ),
            models.CheckConstraint(
                condition=Q(dispatched_at=None, due_at=None)
                | Q(dispatched_at__isnull=False, due_at__isnull=False, unit__isnull=False),
                name="dispatched_order_has_unit_and_clock",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("submitted_by")),
                name="order_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(excluded_by=None) | ~Q(excluded_by=F("exclusion_asked_by")),
                name="order_excluded_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(is_excluded=False) | ~Q(exclusion_ground=""),
                name="excluded_order_has_a_ground",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_accepted") | ~Q(refusal_ground=""),
                name="order_not_accepted_has_a_ground",
            ),
            models.CheckConstraint(
                condition=~Q(state="on_hold") | (~Q(hold_cause="") & Q(held_on__isnull=False)),
                name="order_on_hold_has_a_cause",
            ),
        ]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["street", "category", "-happened_on"], name="order_alike"),
            models.Index(fields=["place", "-happened_on"], name="order_at_place"),
            models.Index(fields=["street", "dispatched_on"], name="order_dispatched"),
            models.Index(fields=["street", "response_due_on"], name="order_response_due"),
            models.Index(fields=["street", "due_on"], name="order_due"),
            models.Index(fields=["street", "closed_on"], name="order_closed"),
            models.Index(fields=["street", "called_back_on"], name="order_called_back"),
            models.Index(
                fields=["street", "contact_hash", "-happened_on"],
                name="order_same_contact",
                condition=~Q(contact_hash=""),
            ),
            models.Index(
                fields=["street", "state", "promised_at"],
                name="order_open",
                condition=Q(state__in=OPEN, voided_at=None),
            ),
            models.Index(
                fields=["unit", "state", "due_at"],
                name="order_of_unit",
                condition=Q(state__in=OPEN, voided_at=None),
            ),
            models.Index(
                fields=["street", "-happened_on"],
                name="order_to_publish",
                condition=Q(channel="web", publish_decided_on=None, voided_at=None),
            ),
            models.Index(
                fields=["street", "published_on"],
                name="order_published",
                condition=Q(published_on__isnull=False, voided_at=None),
            ),
            models.Index(
                fields=["street", "callback_due_on"],
                name="order_to_call_back",
                condition=Q(state="closed", voided_at=None),
            ),
        ]

    @property
    def title(self) -> str:
        return self.text if len(self.text) <= 40 else self.text[:39] + "…"

    @property
    def is_open(self) -> bool:
        """Is there work left to do? On hold is open."""
        return self.state in OPEN

    @classmethod
    def in_own_hands(cls, user: User) -> Q:
        return Q(handler=user) | Q(entered_by=user)

    def unit_presses(self, now: datetime) -> rules.Pressing | None:
        """How near the unit's clock is to its end; None where it does not run."""
        if not self.is_open or self.due_at is None or self.dispatched_at is None:
            return None
        return rules.pressing(now, self.dispatched_at, self.due_at)

    def promise_presses(self, now: datetime) -> rules.Pressing | None:
        """How near the citizen's clock is to its end; None once there is an answer."""
        if not (self.is_open or self.state == OrderState.MERGED):
            return None
        return rules.pressing(now, self.registered_at, self.promised_at)


class Callback(Journaled):
    """One try to hear from the appellant whether it is solved (回访)."""

    class Through(models.TextChoices):
        PHONE = "phone", _("telephone")
        VISIT = "visit", _("visit")
        LINK = "link", _("answered by the link")

    street = models.ForeignKey(Street, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(
        WorkOrder, models.PROTECT, related_name="callbacks", verbose_name=term("work_order")
    )
    called_at = models.DateTimeField(term("called_at"))
    called_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=term("called_by"), db_index=False
    )
    through = models.CharField(
        term("callback.through"), max_length=8, choices=Through, default=Through.PHONE
    )
    was_reached = models.BooleanField(term("was_reached"))
    solved = models.CharField(term("solved"), max_length=10, choices=Solved, blank=True)
    satisfied = models.CharField(term("satisfied"), max_length=10, choices=Satisfied, blank=True)
    note = models.CharField(term("callback.note"), max_length=500, blank=True)

    class Meta:
        verbose_name = term("callback")
        constraints = [
            models.CheckConstraint(
                condition=Q(was_reached=True) | Q(solved="", satisfied=""),
                name="callback_unreached_says_nothing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} · {self.called_at:%Y-%m-%d %H:%M}"

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street
