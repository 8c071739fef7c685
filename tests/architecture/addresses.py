"""Every address of the house, and records to ask for there: in the east, in the west, elsewhere.

A new line's addresses are covered as soon as it has factories. An address that wants something
nobody has told here how to fill makes `asked_at` fail, and says so.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from fenghuang.api.actions import issue_token
from fenghuang.api.models import Token
from fenghuang.indicators.registry import indicators
from fenghuang.kernel.evidence.actions import attach
from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.notices.actions import notify
from fenghuang.kernel.notices.models import Notice, Webhook
from fenghuang.kernel.people.actions import appoint, found_unit
from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.models import Place, Street
from fenghuang.kernel.records.models import Record
from fenghuang.kit.actions import ask_to_undo, keep_filter, keep_outlines, keep_upload
from fenghuang.kit.door import lines
from fenghuang.kit.intakes import Intake
from fenghuang.kit.ledgers import ledgers
from fenghuang.kit.models import Batch, Job, SavedFilter, Upload
from fenghuang.reports import chapters
from fenghuang.reports.actions import keep_text
from fenghuang.reports.models import AuditedText
from fenghuang.web.changes.views import CHANGES
from tests.cast import PASSWORD, SINCE, SYSTEM, Cast


@dataclass(frozen=True)
class Address:
    """A name, with its namespace, and the names of what stands in it."""

    name: str
    wants: frozenset[str]

    @property
    def line(self) -> str:
        return self.name.rpartition(":")[0]


def addresses() -> Iterator[Address]:
    yield from _below(get_resolver(), "", frozenset())


def _below(resolver: URLResolver, space: str, wants: frozenset[str]) -> Iterator[Address]:
    for one in resolver.url_patterns:
        more = wants | set(one.pattern.converters) | set(one.pattern.regex.groupindex)
        if isinstance(one, URLPattern):
            yield Address(f"{space}{one.name}", more)
        else:
            yield from _below(one, f"{space}{one.namespace}:" if one.namespace else space, more)


@dataclass
class Spot:
    """A part of the world: what is kept there, by somebody who works there.

    All its records happened in a year of its own, so that their numbers tell where they are from.
    """

    year: int
    street: Street
    place: Place
    worker: User
    records: dict[type[Record], Record]
    attachments: list[Attachment]
    uploads: list[Upload]
    batches: list[Batch]
    outlines: Upload
    job: Job
    token: Token
    audited: AuditedText
    notice: Notice
    webhook: Webhook
    saved: SavedFilter
    template: Any


def found_spots(cast: Cast) -> dict[str, Spot]:
    """East and West are parts of one street; Elsewhere is another street."""
    other = cast.other_street
    found_unit(other, "城建办", Unit.Kind.DEPARTMENT, valid_from=SINCE, by=SYSTEM)
    stranger = User.objects.create_user("stranger", PASSWORD, display_name="stranger")
    appoint(stranger, Role.SECRETARY, other, valid_from=SINCE, by=SYSTEM)
    return {
        "east": _spot(2016, cast.street, cast.east_first, cast.secretary),
        "west": _spot(2017, cast.street, cast.west_first, cast.west_secretary),
        "elsewhere": _spot(2018, other, other, stranger),
    }


def _spot(year: int, street: Street, place: Place, worker: User) -> Spot:
    records: dict[type[Record], Record] = {}
    for line in lines():
        for model, factory in import_module(f"{line.name}.tests.factories").FACTORIES.items():
            records[model] = factory(
                street=street, place=place, happened_on=date(year, 6, 1), actor=worker
            )
    pixel = io.BytesIO()
    Image.new("RGB", (2, 2), (year % 256, 0, 0)).save(pixel, "PNG")
    file = SimpleUploadedFile("photo.png", pixel.getvalue())
    uploads = [
        keep_upload(street, one, "编号\n1\n".encode(), "ledger.csv", actor=worker, year=year)
        for one in ledgers()
    ]
    batches = [
        Batch.objects.create(
            street=street,
            ledger=one.code,
            file_name="ledger.csv",
            sha256="0" * 64,
            rows=1,
            journal_size=0,
            entered_by=worker,
        )
        for one in ledgers()
    ]
    attachments = []
    for record in records.values():
        file.seek(0)
        attachments.append(attach(record, upload=file, kind=Attachment.Kind.PHOTO, actor=worker))
    outlines = keep_outlines(street, b'{"features": []}', "grids.geojson", actor=worker)
    job = ask_to_undo(batches[0], actor=worker, language="zh-hans")
    _text, token = issue_token(worker, "网关", 30, actor=worker)
    audited = keep_text(place, year, "召开屋场贴心会3场次。", name="工作总结", actor=worker)
    webhook = Webhook(street=street, name="网关", url="https://203.0.113.9/", entry=0)
    webhook.save()
    about = next(iter(records.values()), None)
    number = about.number if about else ""
    with transaction.atomic():
        notice = notify(
            worker, street=street, key=str(year), subject=f"到期 {number}", body="…", about=about
        )
        notify(webhook, street=street, key=str(year), subject="test", body="{}", about=about)
    return Spot(
        year,
        street,
        place,
        worker,
        records,
        attachments,
        uploads,
        batches,
        outlines,
        job,
        token,
        audited,
        notice,
        webhook,
        keep_filter(actor=worker, path="/", query=f"year={year}", name="筛选"),
        _template(street),
    )


def _template(street: Street) -> Any:
    """A reply template of the street, where the line that has them is switched on."""
    if not apps.is_installed("fenghuang.lines.requests"):
        return None
    template = apps.get_model("requests.ReplyTemplate")(
        street=street, verb="answer", title="答复", text="…", entry=0
    )
    template.save()
    return template


@dataclass(frozen=True)
class Asked:
    """An address filled in. `about` says what kind of thing stands there, if any."""

    name: str
    path: str
    about: str = ""


def asked_at(address: Address, spot: Spot) -> Iterator[Asked]:
    """The address with everything of this spot that can stand in it.

    LookupError for an address that wants what is not known here.
    """
    for about, kwargs in _fillings(address, spot):
        path = reverse(address.name, kwargs=kwargs)
        if about == "figure":
            path += f"?year={spot.year}"
        if address.name.startswith("open311"):
            path += f"?jurisdiction_id={spot.street.name}"
        yield Asked(address.name, path, about)


def _fillings(address: Address, spot: Spot) -> Iterator[tuple[str, dict[str, Any]]]:
    name, wants = address.name, address.wants
    years = {"year": spot.year}
    match sorted(wants):
        case []:
            yield "", {}
        case _ if address.line.endswith("_public"):
            yield from (("public", one) for one in _public(name, wants, spot))
        case ["by", "key", "measure", "period"]:
            rates = {"by": "unit", "key": "all", "measure": "CASE.RECEIVED"}
            yield "figure", {"period": str(spot.year), **rates}
        case ["number"]:
            yield "record", {"number": _record(address, spot).number}
        case ["number", "verb"]:
            record = _record(address, spot)
            assert record.CYCLE is not None, f"{name}: the record has no verbs"
            for verb in record.CYCLE.verbs:
                yield "record", {"number": record.number, "verb": verb.code}
        case ["kind", "number"]:
            for model, record in spot.records.items():
                yield "record", {"kind": model._meta.label_lower, "number": record.number}
        case ["pk"] if name.startswith("evidence"):
            yield from (("record", {"pk": one.pk}) for one in spot.attachments)
        case ["pk"] if name in ("place", "place_poster"):
            yield "place", {"pk": spot.place.pk}
        case ["pk", "verb"] if name == "place_change":
            for verb in CHANGES:
                yield "place", {"pk": spot.place.pk, "verb": verb}
        case ["pk"] if name.startswith("staged_outlines"):
            yield "upload", {"pk": spot.outlines.pk}
        case ["pk"] if name.startswith("reports:audit"):
            yield "upload", {"pk": spot.audited.pk}
        case ["number", "pk"] if name == "reports:audit_say":
            yield "upload", {"pk": spot.audited.pk, "number": 1}
        case ["pk"] if name == "job":
            yield "upload", {"pk": spot.job.pk}
        case ["pk"] if name == "notice_again":
            yield "notice", {"pk": spot.notice.pk}
        case ["pk"] if name == "webhook":
            yield "person", {"pk": spot.webhook.pk}
        case ["pk"] if name == "requests:unit_workload":
            yield "place", {"pk": spot.street.units.order_by("name")[0].pk}
        case ["pk"] if name == "requests:end_template":
            yield "template", {"pk": spot.template.pk}
        case ["pk"] if name == "forget_filter":
            yield "upload", {"pk": spot.saved.pk}
        case ["pk"] if name == "revoke_token":
            yield "person", {"pk": spot.token.pk}
        case ["pk"] if name.startswith("upload"):
            yield from (("upload", {"pk": one.pk}) for one in spot.uploads)
        case ["pk"] if name == "undo_batch":
            yield from (("batch", {"pk": one.pk}) for one in spot.batches)
        case ["username"]:
            yield "person", {"username": spot.worker.username}
        case ["pk", "username"] if name == "dismiss":
            held = spot.worker.appointments.get()
            yield "person", {"username": spot.worker.username, "pk": held.pk}
        case ["code"] if name.startswith("ledger"):
            yield from (("ledger", {"code": one.code}) for one in ledgers())
        case ["code"] if name == "reports:figure":
            # one for each kind of record: the others show the same rows
            kinds = {one.parts()["records"]: one.code for one in indicators()}
            yield from (("figure", {"code": code}) for code in kinds.values())
        case ["year"]:
            yield "", years
        case ["code", "year"]:
            yield from (("", years | {"code": one.code}) for one in chapters.sources())
        case ["code", "line"]:
            yield from (("", {"line": line, "code": one.code}) for line, one in _intakes())
        case ["code", "line", "number"]:
            for line, one in _intakes():
                number = spot.records[one.model].number
                yield "record", {"line": line, "code": one.code, "number": number}
        case ["form"]:
            yield "", {"form": "json"}
        case ["code", "form"]:
            yield "", {"form": "json", "code": "lighting"}
        case ["form", "number" | "token" as which]:
            for record in spot.records.values():
                yield "", {"form": "json", which: record.number}
        case ["provider_id"]:
            yield "", {"provider_id": "office"}
        case _:
            raise LookupError(f"{name} wants {sorted(wants)}: say here how that is filled")


def _public(name: str, wants: frozenset[str], spot: Spot) -> Iterator[dict[str, Any]]:
    """What stands in addresses that need no account: numbers, the code of a slip, signed links."""
    order: Any = next(one for one in spot.records.values() if hasattr(one, "slip_code"))
    match sorted(wants):
        case []:
            yield {}
        case ["number"]:
            yield {"number": order.number}
        case ["code"]:
            yield {"code": order.slip_code}
        case ["code", "verb"]:
            yield from ({"code": order.slip_code, "verb": one} for one in ("add", "withdraw"))
        case ["pk"] | ["code", "pk"]:
            [photo] = [one for one in spot.attachments if one.record_id == order.pk]
            yield {"pk": photo.pk} | ({"code": order.slip_code} if "code" in wants else {})
        case ["token"]:
            yield {"token": "neither:signed:nor-known"}
        case _:
            raise LookupError(f"{name} wants {sorted(wants)}: say here how that is filled")


def _intakes() -> Iterator[tuple[str, Intake]]:
    return ((line.code, one) for line in lines() for one in line.intakes)


def _record(address: Address, spot: Spot) -> Record:
    """The record that an address is about, by the name that all lines give to it."""
    own = address.name.rpartition(":")[2]
    found = [
        record
        for model, record in spot.records.items()
        if model._meta.app_label == address.line and own.startswith(model._meta.model_name or "")
    ]
    if not found:
        raise LookupError(f"{address.name} does not begin with the name of its record")
    return max(found, key=lambda record: len(record._meta.model_name or ""))
