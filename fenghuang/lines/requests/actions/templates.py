"""The verbs of reply templates: the governance centre adds them and ends them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from fenghuang.kernel.journal import write
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.models import Street
from fenghuang.kernel.refusal import Refused

from ..models import ReplyTemplate
from ..permissions import LINE


def _check_keeps(actor: User, street: Street) -> None:
    if Role.CENTRE not in actor.roles(LINE, place=[street.pk]):
        raise Refused(
            "role", _("Reply templates are kept by the governance centre. Ask a colleague there.")
        )


def add_template(street: Street, *, actor: User, verb: str, title: str, text: str) -> ReplyTemplate:
    """Offer a text at the verb it is for."""
    _check_keeps(actor, street)
    if ReplyTemplate.objects.filter(
        street=street, verb=verb, title=title, ended_on__isnull=True
    ).exists():
        raise Refused(
            "template_known",
            _("There is a template of that name for this verb. Choose another name."),
            where="title",
        )
    template = ReplyTemplate(street=street, verb=verb, title=title, text=text)
    with transaction.atomic():
        write.add(template, by=actor.pseudonym, notes={"@verb": "add_template"})
    return template


def end_template(template: ReplyTemplate, *, actor: User, on: date) -> None:
    """Offer it no longer, from that day. What was written by it stays as it is."""
    _check_keeps(actor, template.street)
    if template.ended_on is not None:
        raise Refused("template_ended", _("This template was ended already."))
    template.ended_on = on
    with transaction.atomic():
        write.fix(template, by=actor.pseudonym, notes={"@verb": "end_template"})
