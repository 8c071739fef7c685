"""What each answer holds, under the names of the standard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.kit.open311 import Attribute, Service, Told, Update

from .forms import TYPES, Answer, Many

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
#: When what is offered here was changed last: clients read everything anew after it.
CHANGED_AT: Final = datetime(2026, 11, 20, 8, tzinfo=LOCAL_ZONE)

#: The columns of the bulk format, in its order.
BULK: Final = (
    "service_request_id",
    "requested_datetime",
    "updated_datetime",
    "closed_date",
    "status_description",
    "status_notes",
    "source",
    "service_name",
    "service_subtype",
    "description",
    "agency_responsible",
    "address",
    "lat",
    "long",
)


def discovery(contact: str, key_service: str, urls: Mapping[str, str]) -> Answer:
    """Where what is found; `urls` by the type of endpoint, production or test."""
    return Answer(
        "discovery",
        {
            "changeset": CHANGED_AT,
            "contact": contact,
            "key_service": key_service,
            "endpoints": Many(
                "endpoint",
                [
                    {
                        "specification": SPECIFICATION,
                        "url": url,
                        "changeset": CHANGED_AT,
                        "type": kind,
                        "formats": Many("format", list(TYPES.values())),
                    }
                    for kind, url in urls.items()
                ],
            ),
        },
    )


def services(offered: Iterable[Service]) -> Answer:
    return Answer(
        "services",
        Many(
            "service",
            [
                {
                    "service_code": service.code,
                    "service_name": service.name,
                    "description": service.description,
                    "metadata": bool(service.attributes),
                    "type": "realtime",
                    "keywords": service.name,
                    "group": service.group,
                    "groups": Many("group", [service.group]),
                }
                for service in offered
            ],
        ),
    )


def definition(service: Service) -> Answer:
    return Answer(
        "service_definition",
        {
            "service_code": service.code,
            "attributes": Many(
                "attribute",
                [_attribute(one, place) for place, one in enumerate(service.attributes, start=1)],
            ),
        },
    )


def _attribute(attribute: Attribute, order: int) -> dict[str, Any]:
    content: dict[str, Any] = {
        "variable": True,
        "code": attribute.code,
        "datatype": "singlevaluelist" if attribute.values else "string",
        "required": attribute.is_required,
        "datatype_description": "",
        "order": order,
        "description": attribute.description,
    }
    if attribute.values:
        values = [{"key": key, "name": name} for key, name in attribute.values]
        content["values"] = Many("value", values)
    if attribute.is_automatic:
        content["automated"] = "server_set"
    return content


def posted(number: str, notice: str) -> Answer:
    row = {"service_request_id": number, "service_notice": notice, "account_id": None}
    return Answer("service_requests", Many("request", [row]))


def token(number: str) -> Answer:
    row = {"service_request_id": number, "token": number}
    return Answer("service_requests", Many("request", [row]))


def requests(told: Iterable[Told], *, with_extensions: bool = False) -> Answer:
    rows = [_request(one) | (_extensions(one) if with_extensions else {}) for one in told]
    return Answer("service_requests", Many("request", rows))


def _request(told: Told) -> dict[str, Any]:
    expected = {"expected_datetime": told.expected_at} if told.expected_at else {}
    return {
        "service_request_id": told.number,
        "status": _open_or_closed(told),
        "status_notes": told.status_notes,
        "service_name": told.service.name,
        "service_code": told.service.code,
        "description": told.text or None,
        "agency_responsible": told.unit,
        "service_notice": None,
        "requested_datetime": told.requested_at,
        "updated_datetime": told.updated_at,
        **expected,
        "address": told.address,
        "address_id": told.address_code,
        "zipcode": None,
        "lat": told.point[1] if told.point else None,
        "long": told.point[0] if told.point else None,
        "media_url": None,
    }


def _open_or_closed(told: Told) -> str:
    return "open" if told.is_open else "closed"


def _extensions(told: Told) -> dict[str, Any]:
    return {
        "attributes": Many(
            "attribute", [{"code": code, "value": value} for code, value in told.attributes]
        ),
        "extended_attributes": {
            "status": told.status,
            "channel": told.channel,
            "service_subtype": told.kind,
        },
        "notes": Many(
            "note",
            [
                {"datetime": note.at, "description": note.sentence, "type": note.code}
                for note in told.notes
            ],
        ),
    }


def updates(found: Iterable[Update]) -> Answer:
    rows = [
        {
            "update_id": str(update.number),
            "service_request_id": update.request,
            "status": update.status,
            "updated_datetime": update.at,
            "description": update.sentence,
            "media_url": None,
            "external_status_code": update.code,
        }
        for update in found
    ]
    return Answer("service_request_updates", Many("request_update", rows))


def updated(number: int) -> Answer:
    rows = [{"update_id": str(number)}]
    return Answer("service_request_updates", Many("request_update", rows))


def error(code: int, description: str) -> Answer:
    return Answer("errors", Many("error", [{"code": code, "description": description}]))


def bulk(told: Told) -> dict[str, Any]:
    """One row of the bulk format, by column; moments are still moments."""
    return _request(told) | {
        "closed_date": told.closed_at,
        "status_description": _open_or_closed(told),
        "source": told.channel,
        "service_subtype": told.kind,
    }
