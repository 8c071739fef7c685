"""The answers of GeoReport v2 as JSON Schemas, written after the words of the standard.

The Open311 project publishes schemas of its own (open311/schema-validation) without a licence, so
they are not copied here. These ask for the same fields and types, and for more: no other fields,
moments with an offset and without fractions, text that is not empty where a client needs it.
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1}
PERHAPS = {"type": ["string", "null"]}
#: The pattern of open311-adapter; the standard leaves fractions of a second open.
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
DATATYPES = ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
ID = {"type": "string", "pattern": r"^[\w-]+$"}


def fields(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object with exactly these fields."""
    return {
        "type": "object",
        "required": list(required),
        "properties": required | optional,
        "additionalProperties": False,
    }


def many(each: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": each}


DISCOVERY = fields(
    {
        "changeset": MOMENT,
        "contact": TEXT,
        "key_service": TEXT,
        "endpoints": many(
            fields(
                {
                    "specification": {"const": "http://wiki.open311.org/GeoReport_v2"},
                    "url": {"type": "string", "pattern": "^https?://.*[^/]$"},
                    "changeset": MOMENT,
                    "type": {"enum": ["production", "test"]},
                    "formats": many({"enum": ["text/xml", "application/json"]}),
                }
            )
        ),
    }
)
SERVICES = many(
    fields(
        {
            "service_code": ID,
            "service_name": {"type": "string", "pattern": r"^\S(.*\S)?$"},
            "description": TEXT,
            "metadata": {"type": "boolean"},
            "type": {"enum": ["realtime", "batch", "blackbox"]},
            "keywords": TEXT,
            "group": TEXT,
        },
        groups=many(TEXT),
    )
)
DEFINITION = fields(
    {
        "service_code": ID,
        "attributes": many(
            fields(
                {
                    "variable": {"type": "boolean"},
                    "code": ID,
                    "datatype": {"enum": DATATYPES},
                    "required": {"type": "boolean"},
                    "datatype_description": {"type": "string"},
                    "order": {"type": "integer", "minimum": 1},
                    "description": TEXT,
                },
                values=many(fields({"key": TEXT, "name": TEXT})),
                automated={"enum": ["server_set", "hidden_field"]},
            )
        ),
    }
)
POSTED = many(fields({"service_request_id": ID}, service_notice=PERHAPS, account_id=PERHAPS))
TOKENS = many(fields({"service_request_id": ID, "token": TEXT}))
_REQUEST: dict[str, Any] = {
    "service_request_id": ID,
    "status": {"enum": ["open", "closed"]},
    "status_notes": TEXT,
    "service_name": TEXT,
    "service_code": ID,
    "description": {"type": ["string", "null"], "maxLength": 4000},
    "agency_responsible": TEXT,
    "service_notice": PERHAPS,
    "requested_datetime": MOMENT,
    "updated_datetime": MOMENT,
    "address": TEXT,
    "address_id": TEXT,
    "zipcode": PERHAPS,
    "lat": {"type": "number"},
    "long": {"type": "number"},
    "media_url": PERHAPS,
}
REQUESTS = many(fields(_REQUEST, expected_datetime=MOMENT))
EXTENDED = many(
    fields(
        _REQUEST
        | {
            "attributes": many(fields({"code": ID, "value": TEXT})),
            "extended_attributes": fields(
                {"status": TEXT, "channel": TEXT, "service_subtype": TEXT}
            ),
            "notes": many(fields({"datetime": MOMENT, "description": TEXT, "type": TEXT})),
        },
        expected_datetime=MOMENT,
    )
)
UPDATES = many(
    fields(
        {
            "update_id": ID,
            "service_request_id": ID,
            "status": {"type": "string", "pattern": "^[A-Z_]+$"},
            "updated_datetime": MOMENT,
            "description": TEXT,
            "media_url": PERHAPS,
        },
        external_status_code=TEXT,
    )
)
UPDATED = many(fields({"update_id": ID}))
ERRORS = {"minItems": 1} | many(
    fields({"code": {"type": "integer", "minimum": 400, "maximum": 499}, "description": TEXT})
)
