"""What the line offers to other systems by Open311: each category of work order is a service."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.records.actions import AlreadyEntered
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit.open311 import Attribute, Note, Report, Service, Told, Update, Wanted

from .actions.programs import note_from_outside, raise_from_program
from .models import Category, WorkOrder
from .queries import programs as queries
from .rules.programs import SAID, own_key, word
from .states.orders import OrderState

KIND, WHERE, SENT = "kind", "where_exactly", "fixmystreet_id"
_AT_ONCE = 500
#: Field, what the standard calls it, and how many characters it takes.
_LONGEST = (("contact_name", "first_name, last_name", 40), ("contact", "phone", 80))
_SENT = re.compile(r"[\w.-]{1,23}", re.ASCII)


class RequestsDesk:
    """Takes requests from other systems and tells what became of them.

    Everybody is told what was published, in the published words. Whoever raised a request is told
    of it before, in the words that were sent, since they are the sender's own; nobody is ever told
    a contact, a door or where exactly it is.
    """

    def services(self) -> Sequence[Service]:
        return [self._service(Category(code)) for code in Category.values]

    def _service(self, category: Category) -> Service:
        return Service(
            code=category.value,
            name=str(category.label),
            description=_("Requests to the street office: %(category)s.")
            % {"category": category.label},
            group=str(term("requests_line")),
            attributes=(
                Attribute(
                    KIND,
                    _("What kind of request is it?"),
                    values=[(str(key), str(name)) for key, name in WorkOrder.Kind.choices],
                    # The other categories say enough; this one says nothing at all.
                    is_required=category == Category.OTHER,
                ),
                Attribute(WHERE, _("Where exactly? It is shown to nobody else."), longest=120),
                Attribute(
                    SENT,
                    _("The report’s number in the system that sends it: it is entered once only."),
                    is_automatic=True,
                    longest=23,
                ),
            ),
        )

    def take(self, report: Report, now: datetime, *, is_test: bool = False) -> str:
        order = WorkOrder(
            street=report.street,
            place=report.place,
            channel=WorkOrder.Channel.PROGRAM,
            source=WorkOrder.Source.API,
            category=report.service,
            kind=report.attributes.get(KIND, WorkOrder.Kind.HELP),
            text=report.text or str(Category(report.service).label),
            where_exactly=report.attributes.get(WHERE, report.address[:120]),
            contact_name=report.contact_name,
            contact=report.phone,
            email=report.email,
            client_key=own_key(report.caller.pseudonym, _key(report)),
        )
        if report.point is not None:
            lon, lat = report.point
            order.exactly_at = f"{lon:.6f},{lat:.6f}"
        _check_contact(order)
        try:
            return raise_from_program(order, report.pictures, now=now, is_test=is_test).number
        except AlreadyEntered as before:
            return before.record.number

    def requests(
        self, street: Street, caller: User | None, wanted: Wanted, *, with_notes: bool = False
    ) -> list[Told]:
        found = queries.known_to(street, caller)
        if wanted.numbers:
            found = found.filter(number__in=wanted.numbers)
        else:
            if wanted.services:
                found = found.filter(category__in=wanted.services)
            if wanted.is_open is not None:
                waiting = {"state__in": queries.WAITING}
                found = found.filter(**waiting) if wanted.is_open else found.exclude(**waiting)
            if wanted.since is not None:
                found = found.filter(registered_at__gte=wanted.since)
            if wanted.until is not None:
                found = found.filter(registered_at__lte=wanted.until)
            if wanted.around is not None:
                found = found.filter(queries.around(street, *wanted.around, timezone.localdate()))
        end = None if wanted.most is None else wanted.start + wanted.most
        newest = found.order_by("-registered_at", "-number")[wanted.start : end]
        return self._told(street, list(newest), caller, with_notes=with_notes)

    def all_published(
        self, street: Street, since: datetime | None, until: datetime | None
    ) -> Iterator[Told]:
        found = queries.known_to(street, None).order_by("registered_at", "number")
        if since is not None:
            found = found.filter(registered_at__gte=since)
        if until is not None:
            found = found.filter(registered_at__lte=until)
        rows = found.iterator(chunk_size=_AT_ONCE)
        while some := list(islice(rows, _AT_ONCE)):
            yield from self._told(street, some, None)

    def updates(
        self, street: Street, caller: User, since: datetime, until: datetime
    ) -> list[Update]:
        moved = queries.own_of(street, caller).filter(moved_at__gte=since)
        orders = {order.pk: order for order in moved}
        found = [
            update
            for key, steps in queries.steps(street, orders).items()
            for update in _updates(orders[key], steps)
            if since <= update.at <= until
        ]
        return sorted(found, key=lambda update: update.number)

    def note(
        self,
        street: Street,
        caller: User,
        number: str,
        sent: str,
        status: str,
        text: str,
        *,
        is_test: bool = False,
    ) -> int:
        order = queries.own_of(street, caller).filter(number=number).first()
        if order is None:
            raise Refused("unknown_request", _("No request of yours has this number."))
        if status not in SAID:
            raise Refused(
                "status",
                _("“status” is one of: %(words)s.") % {"words": ", ".join(sorted(SAID))},
            )
        return note_from_outside(order, sent=sent, status=status, text=text, is_test=is_test)

    def _told(
        self,
        street: Street,
        orders: list[WorkOrder],
        caller: User | None,
        *,
        with_notes: bool = False,
    ) -> list[Told]:
        services = {service.code: service for service in self.services()}
        spots = queries.spots(street, orders, timezone.localdate())
        steps = queries.steps(street, [order.pk for order in orders]) if with_notes else {}
        return [
            _told(
                order,
                services[order.category],
                spots[order.pk],
                steps.get(order.pk, ()),
                is_own=queries.is_own(order, caller),
            )
            for order in orders
        ]


def _told(
    order: WorkOrder,
    service: Service,
    spot: queries.Spot,
    steps: Iterable[queries.Step],
    *,
    is_own: bool,
) -> Told:
    is_open = order.state in queries.WAITING
    return Told(
        number=order.number,
        is_open=is_open,
        status=word(order.state, order.result),
        status_notes=_said(order, order.state) if is_own else order.state_label,
        service=service,
        kind=order.get_kind_display(),
        channel=order.get_channel_display(),
        text=order.text if is_own else order.public_text,
        unit=str(order.unit or order.street),
        requested_at=order.registered_at,
        updated_at=(None if is_open else order.closed_at) or order.moved_at,
        closed_at=None if is_open else order.closed_at or order.moved_at,
        expected_at=order.promised_at if is_open else None,
        address=spot.address,
        address_code=spot.code,
        point=spot.point,
        attributes=[(KIND, order.kind)],
        notes=[
            Note(step.at, word(step.state, step.result), str(OrderState(step.state).label))
            for step in steps
        ],
    )


def _updates(order: WorkOrder, steps: Iterable[queries.Step]) -> Iterator[Update]:
    """The steps that mean something outside: what the office does after closing is its own."""
    before = word(OrderState.REGISTERED, "")
    for step in steps:
        now = word(step.state, step.result)
        if now != before:
            yield Update(step.n, order.number, now, step.state, step.at, _said(order, step.state))
        before = now


def _said(order: WorkOrder, state: str) -> str:
    """What the one who raised it is told: the state, and the answer once it is closed."""
    parts = [str(OrderState(state).label)]
    if not {state, order.state} & set(queries.WAITING):
        parts += [part for part in (order.answer, order.turn_to) if part]
    return "：".join(parts)


def _key(report: Report) -> str:
    """The sender's own number, by which a report sent twice is entered once; else a fresh one."""
    own = report.attributes.get(SENT, "")
    if own and not _SENT.fullmatch(own):
        raise Refused(
            "attribute",
            _("“%(name)s” is up to 23 letters, digits, dots and dashes.") % {"name": SENT},
        )
    return own or secrets.token_hex(11)


def _check_contact(order: WorkOrder) -> None:
    if order.email:
        try:
            validate_email(order.email)
        except ValidationError as error:
            raise Refused("email", _("“email” is not an e-mail address.")) from error
    for name, label, longest in _LONGEST:
        if len(getattr(order, name)) > longest:
            raise Refused(
                "too_long",
                _("“%(name)s” is longer than %(longest)s characters.")
                % {"name": label, "longest": longest},
            )


DESK = RequestsDesk()
