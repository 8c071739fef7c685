"""What is to be told, to whom, and how far it came; where other programs listen."""

from __future__ import annotations

import base64
import secrets
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from fenghuang.kernel.journal.models import Journaled
from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.terms import term

from .events import TEST


def new_secret() -> str:
    """The key of a webhook's signatures, as receiving libraries know it: whsec_ and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


class MailSender(Journaled):
    """In whose name the e-mails of a street are sent. Without one: the street, by its name."""

    street = models.OneToOneField(Street, models.PROTECT, related_name="+")
    name = models.CharField(term("sender_name"), max_length=60)
    from_email = models.EmailField(term("sender_email"), blank=True)
    reply_to = models.EmailField(term("reply_to"), blank=True)

    class Meta:
        verbose_name = term("mail_sender")

    def __str__(self) -> str:
        return self.name

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street


class Webhook(Journaled):
    """An address of another program, to which what happens is posted, signed with the secret.

    With a unit it hears what concerns that unit, else all of the street. No `events` means all.
    """

    # The journal is kept for ever and handed on; a secret must not be in it.
    UNJOURNALED: ClassVar = frozenset({"secret"})

    street = models.ForeignKey(Street, models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=term("unit")
    )
    name = models.CharField(_("what it is for"), max_length=60)
    url = models.URLField(_("its address"), max_length=400)
    secret = models.CharField(max_length=60, default=new_secret, editable=False)
    events = models.JSONField(term("event"), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = term("webhook")

    def __str__(self) -> str:
        return self.name

    @property
    def journal_id(self) -> uuid.UUID:
        street: uuid.UUID = self.street_id
        return street

    def hears(self, event: str, unit: Unit | None) -> bool:
        """Is it to be told of this event, which concerns that unit?"""
        is_of_interest = not self.events or event in self.events
        return is_of_interest and (self.unit_id is None or (unit and unit.pk) == self.unit_id)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def open(self) -> NoticeQuerySet:
        """Those that are still to be sent, now or later."""
        return self.filter(state__in=Notice.OPEN)

    def not_sent(self) -> NoticeQuerySet:
        """Those that failed so far, or for good."""
        return self.filter(state__in=Notice.NOT_SENT)


class Notice(models.Model):
    """One thing told to one receiver: a user, a webhook, or an e-mail address.

    An address is personal data of somebody who is no member of staff: on `address_purge_on` it is
    erased, with subject and body. A notice is no record: ended ones go after a while.

    `next_try_at` is also the claim: whoever sends it moves it on first, so nobody else takes it;
    if the sender dies, the notice is due again at that moment. For a webhook `subject` is the
    event and `body` the JSON as it is posted.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        WEBHOOK = "webhook", _("to a webhook")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed, is tried again")
        GIVEN_UP = "given_up", _("given up")

    OPEN: ClassVar = (State.WAITING, State.FAILED)
    NOT_SENT: ClassVar = (State.FAILED, State.GIVEN_UP)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    street = models.ForeignKey(Street, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    channel = models.CharField(term("notice_channel"), max_length=8, choices=Channel)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    webhook = models.ForeignKey(Webhook, models.PROTECT, null=True, related_name="notices")
    address = models.EmailField(blank=True)
    address_purge_on = models.DateField(null=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    number = models.CharField(max_length=24, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(term("state"), max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=255, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = term("notice")
        constraints = [
            models.UniqueConstraint(fields=["street", "key"], name="notice_once_a_key"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, webhook=None, address_purge_on=None)
                | Q(user=None, webhook__isnull=False, address_purge_on=None)
                | Q(user=None, webhook=None, address_purge_on__isnull=False),
                name="notice_one_receiver",
            ),
        ]
        indexes = [
            models.Index(fields=["street", "id"], name="notice_of_street"),
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "failed"]),
                name="notice_due",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_personal(self) -> bool:
        """Does it go to an address of somebody who is no member of staff?"""
        return self.address_purge_on is not None

    @property
    def is_trial(self) -> bool:
        """A trial delivery is tried once: whoever asked for it is looking."""
        return self.webhook_id is not None and self.subject == TEST

    @property
    def can_be_sent_again(self) -> bool:
        is_erased = self.is_personal and not self.address
        return self.state in self.NOT_SENT and not is_erased and not self.is_trial

    @property
    def receiver(self) -> Any:
        """The user or webhook; None for somebody's own address, which lists do not show."""
        return self.user or self.webhook
