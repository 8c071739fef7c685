"""What a line and the Open311 interface tell each other; the interface knows no line by name.

The words are ours; how they are called on the wire is the interface's matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from fenghuang.kernel.people.models import User
from fenghuang.kernel.places.models import Place, Street

Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS 84."""


@dataclass(frozen=True)
class Attribute:
    """Something more that is asked about a matter of one service.

    `values` are the keys and names of a list to choose from; an automatic attribute is filled in by
    the other system, and nobody is asked.
    """

    code: str
    description: str
    values: Sequence[tuple[str, str]] = ()
    is_required: bool = False
    is_automatic: bool = False
    longest: int = 200


@dataclass(frozen=True)
class Service:
    """One kind of matter that may be reported."""

    code: str
    name: str
    description: str
    group: str
    attributes: Sequence[Attribute] = ()


@dataclass(frozen=True)
class Report:
    """A matter as another system sent it, read and found to be in order.

    `address` is where it is in the sender's own words; `pictures` are files as they were uploaded.
    """

    street: Street
    caller: User
    service: str
    text: str
    place: Place
    point: Point | None = None
    address: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    pictures: Sequence[Any] = ()


@dataclass(frozen=True)
class Wanted:
    """Which requests are asked for. Numbers go before everything else.

    `around` is the south-west and the north-east corner; moments are inclusive.
    """

    numbers: Sequence[str] = ()
    services: Sequence[str] = ()
    is_open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    around: tuple[Point, Point] | None = None
    start: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Note:
    """One step on the way of a request."""

    at: datetime
    code: str
    sentence: str


@dataclass(frozen=True)
class Told:
    """One request, as much of it as the caller may know."""

    number: str
    is_open: bool
    status: str
    status_notes: str
    service: Service
    kind: str
    channel: str
    text: str
    unit: str
    requested_at: datetime
    updated_at: datetime
    address: str
    address_code: str
    point: Point | None
    closed_at: datetime | None = None
    expected_at: datetime | None = None
    attributes: Sequence[tuple[str, str]] = ()
    notes: Sequence[Note] = ()


@dataclass(frozen=True)
class Update:
    """A request has moved on. `status` is a word of the update extension, `code` our own."""

    number: int
    request: str
    status: str
    code: str
    at: datetime
    sentence: str


class Desk(Protocol):
    """What a line offers: its services, taking reports, telling what became of them."""

    def services(self) -> Sequence[Service]:
        """All kinds of matter, with unique codes and names."""

    def take(self, report: Report, now: datetime, *, is_test: bool = False) -> str:
        """Enter a report; its number. A test checks everything and keeps nothing."""

    def requests(
        self, street: Street, caller: User | None, wanted: Wanted, *, with_notes: bool = False
    ) -> list[Told]:
        """The requests that the caller may know of, newest first."""

    def all_published(
        self, street: Street, since: datetime | None, until: datetime | None
    ) -> Iterator[Told]:
        """Every published request of these days, oldest first."""

    def updates(
        self, street: Street, caller: User, since: datetime, until: datetime
    ) -> list[Update]:
        """What became of the caller's own requests in that time, oldest first."""

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
        """Keep what the caller says about an own request, once for each `sent`; its number."""
