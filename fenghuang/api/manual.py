"""The page on which people read what programs may send and ask for: every line and its records."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from fenghuang.kit.door import lines
from fenghuang.kit.intakes import Intake

from . import answers
from .batches import AT_MOST
from .document import example, refusals, sent_schema
from .filters import filters_of
from .schemas import Schema, in_words
from .shown import full_schema

LOOKS = ("GET", "HEAD")


@dataclass(frozen=True)
class Field:
    """One field or parameter: its name, what people call it, what it must be, its choices."""

    name: str
    title: str
    what: str
    is_required: bool
    choices: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Explained:
    """One kind of record, as the page explains it."""

    anchor: str
    title: str
    address: str
    sent: Sequence[Field]
    read: Sequence[Field]
    filters: Sequence[Field]
    entering: str
    reading: str


@login_not_required
@csrf_exempt
def manual(request: HttpRequest) -> HttpResponse:
    """What there is, line by line; open to everybody, since it tells nothing of what is kept."""
    if request.method not in LOOKS:
        return answers.wrong_method(LOOKS)
    origin = request.build_absolute_uri("/").rstrip("/")
    return render(
        request,
        "api/manual.html",
        {
            "kinds": [
                (line.title, [explained(intake, origin) for intake in line.intakes])
                for line in lines()
                if line.intakes
            ],
            "refusals": refusals(),
            "at_most": AT_MOST,
            "per_minute": settings.FENGHUANG_API_PER_MINUTE,
        },
    )


def explained(intake: Intake, origin: str) -> Explained:
    """What the page says of one kind of record. `origin` begins the addresses of its examples."""
    address = f"/api/{intake.line}/{intake.code}/"
    return Explained(
        anchor=f"{intake.line}-{intake.code}",
        title=str(intake.model._meta.verbose_name),
        address=address,
        sent=_fields(sent_schema(intake)),
        read=_fields(full_schema(intake)),
        filters=[_field(one.name, one.schema | {"title": one.title}) for one in filters_of(intake)],
        entering=_curl(origin + address, example(intake)),
        reading=_curl(f"{origin}{address}?limit=20"),
    )


def _fields(schema: Schema) -> list[Field]:
    required = schema["required"]
    return [_field(name, one, name in required) for name, one in schema["properties"].items()]


def _field(name: str, schema: Schema, is_required: bool = False) -> Field:
    has_choices = "enum" in schema
    described: str = "" if has_choices else schema.get("description", "")
    title: str = schema.get("title", described)
    what = _("one of these") if has_choices else in_words(schema)
    return Field(
        name,
        _marked(title),
        _marked(
            _("%(what)s; %(more)s") % {"what": what, "more": described}
            if described and "title" in schema
            else what
        ),
        is_required,
        [one.split("：", 1) for one in schema["description"].split("；")] if has_choices else (),
    )


def _marked(text: str) -> SafeString:
    """The text with the words of programs, which stand in quotation marks, as such."""
    return mark_safe(re.sub(r"“([\w.]+)”", r"<code>\1</code>", escape(text), flags=re.ASCII))  # noqa: S308 - it was escaped


def _curl(address: str, content: Any = None) -> str:
    words = [f'curl "{address}"', '-H "Authorization: Bearer $TOKEN"']
    if content is not None:
        text = json.dumps(content, ensure_ascii=False, indent=2)
        words += ['-H "Content-Type: application/json"', f"-d '{text}'"]
    return " \\\n  ".join(words)
