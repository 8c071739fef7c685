"""The screens of notices: what was told and what failed; webhooks; where one's own e-mails go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fenghuang.kernel.notices import actions, events, mail
from fenghuang.kernel.notices.delivery import send_now
from fenghuang.kernel.notices.models import MailSender, Notice, Webhook
from fenghuang.kernel.notices.queries import read_by, watched
from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.scope import administered
from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.terms import term
from fenghuang.kit.forms import OfficeForm, UnitChoice
from fenghuang.kit.screens import carried_out, for_administrators, signed_in

from .actions import set_own_email
from .context import own_street

PAGE = 20
SHOWN = 20  #: deliveries on the page of a webhook
MOST = 100  #: webhooks on their page


class Narrow(forms.Form):
    """The form above the list. What is not understood in an address narrows nothing."""

    NOT_SENT = "not_sent"

    state = forms.ChoiceField(
        label=term("state"),
        required=False,
        choices=[
            ("", gettext_lazy("any")),
            (NOT_SENT, gettext_lazy("not arrived")),
            *Notice.State.choices,
        ],
    )
    channel = forms.ChoiceField(
        label=term("notice_channel"),
        required=False,
        choices=[("", gettext_lazy("any")), *Notice.Channel.choices],
    )

    def narrow(self, notices: QuerySet[Notice]) -> QuerySet[Notice]:
        self.is_valid()
        state = self.cleaned_data.get("state")
        if state == self.NOT_SENT:
            notices = notices.filter(state__in=Notice.NOT_SENT)
        elif state:
            notices = notices.filter(state=state)
        if channel := self.cleaned_data.get("channel"):
            notices = notices.filter(channel=channel)
        return notices


class NewWebhook(OfficeForm):
    name = forms.CharField(
        label=gettext_lazy("what it is for"),
        max_length=60,
        help_text=gettext_lazy("The program that listens, for example “hotline gateway”."),
    )
    url = forms.CharField(
        label=gettext_lazy("its address"),
        max_length=400,
        help_text=gettext_lazy("Begins with https://; ask whoever runs the program."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    unit = UnitChoice(
        label=term("unit"),
        required=False,
        help_text=gettext_lazy("It then hears only what concerns this unit."),
    )
    events = forms.MultipleChoiceField(
        label=term("event"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose none, and it hears all of them."),
    )

    def fill(self) -> None:
        known = list(events.declared().items())
        if known:
            self.fields["events"].choices = known  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["events"]


class Sender(OfficeForm):
    name = forms.CharField(label=term("sender_name"), max_length=60)
    from_email = forms.EmailField(
        label=term("sender_email"),
        required=False,
        help_text=gettext_lazy("Leave it empty for the address of the installation."),
    )
    reply_to = forms.EmailField(
        label=term("reply_to"),
        required=False,
        help_text=gettext_lazy(
            "Where answers are read; without one the e-mails say that nobody does."
        ),
    )


class OwnEmail(OfficeForm):
    email = forms.EmailField(
        label=term("email"),
        required=False,
        help_text=gettext_lazy("Use the one of the office. Empty: nothing is sent to you."),
    )


def _watched(user: User) -> QuerySet[Notice]:
    streets = watched(user)
    if not streets:
        raise Refused("role", _("Notices are looked after by the office. Ask there."))
    return Notice.objects.filter(street__in=streets)


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What was told, the newest first: to whom in general, how it went, and why not."""
    user = signed_in(request)
    form = Narrow(request.GET)
    found = form.narrow(_watched(user)).select_related("user", "webhook").order_by("-id")
    if older := _key(request.GET.get("older", "")):
        found = found.filter(id__lt=older)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    query = request.GET.copy()
    query.pop("older", None)
    newest = f"?{query.urlencode()}" if older else ""
    if len(rows) > PAGE:
        query["older"] = str(shown[-1].pk)
    return render(
        request,
        "web/notices/notices.html",
        {
            "form": form,
            "is_narrowed": any(form.cleaned_data.values()),
            "notices": _read(shown, read_by(user)),
            "reads": bool(read_by(user)),
            "newest": newest,
            "older": f"?{query.urlencode()}" if len(rows) > PAGE else "",
            "address": request.get_full_path(),
            "has_mail": mail.is_set_up(),
            "administers": bool(administered(user)),
        },
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _read(shown: Sequence[Notice], readable: frozenset[UUID]) -> list[tuple[Notice, str, str]]:
    """Each notice with what it is about and the address of its record, for who may read that."""
    return [
        (one, _subject(one), _address(one)) if one.street_id in readable else (one, "", "")
        for one in shown
    ]


def _subject(notice: Notice) -> str:
    if notice.webhook_id is None:
        return notice.subject
    return str(event_label(notice.subject))


def event_label(event: str) -> Any:
    """How people call an event; its code where its line is switched off."""
    return _("trial delivery") if event == events.TEST else events.declared().get(event, event)


def _address(notice: Notice) -> str:
    """Where the record stands. Whether this person may open it, its own page decides."""
    if not notice.number:
        return ""
    try:
        model: Any = apps.get_model(notice.about_type)
        return reverse(f"{model.LINE}:{model._meta.model_name}", args=[notice.number])
    except (LookupError, NoReverseMatch):  # a line that is switched off
        return ""


@require_POST
def send_again(request: HttpRequest, pk: Any) -> HttpResponse:
    """Put a notice that failed in line again."""
    user = signed_in(request)
    notice = get_object_or_404(_watched(user), pk=pk)
    actions.send_again(notice, actor=user)
    messages.success(request, _("It is sent again in a moment."))
    return redirect("notices")


@for_administrators
def sender(request: HttpRequest) -> HttpResponse:
    """In whose name the e-mails of the street are sent."""
    user = signed_in(request)
    street = own_street(user)
    known = MailSender.objects.filter(street=street).first()
    form = Sender(
        request.POST or None,
        actor=user,
        initial={
            "name": known.name if known else street.name,
            "from_email": known.from_email if known else "",
            "reply_to": known.reply_to if known else "",
        },
    )
    if carried_out(form, actions.set_sender, street, actor=user):
        messages.success(request, _("Saved; it holds from the next e-mail."))
        return redirect("notices")
    return render(request, "web/notices/sender.html", {"form": form, "has_mail": mail.is_set_up()})


def own_email(request: HttpRequest) -> HttpResponse:
    """Where one's own notices go."""
    user = signed_in(request)
    form = OwnEmail(request.POST or None, actor=user, initial={"email": user.email})
    if request.method == "POST" and carried_out(form, set_own_email, user):
        messages.success(
            request,
            _("Your e-mail address is saved.") if user.email else _("Nothing is sent to you now."),
        )
        return redirect("own_email")
    return render(request, "web/notices/own_email.html", {"form": form})


def _webhooks(user: User) -> QuerySet[Webhook]:
    return Webhook.objects.filter(street__in=administered(user)).select_related("unit", "street")


@require_safe
@for_administrators
def webhooks(request: HttpRequest) -> HttpResponse:
    """The programs that listen."""
    found = _webhooks(signed_in(request)).order_by("-is_active", "name", "pk")
    return render(request, "web/notices/webhooks.html", {"webhooks": found[:MOST]})


@for_administrators
def add_webhook(request: HttpRequest) -> HttpResponse:
    """Let another program listen; its secret is shown on the page that answers, and never again."""
    user = signed_in(request)
    form = NewWebhook(request.POST if request.method == "POST" else None, actor=user)
    if carried_out(form, actions.add_webhook, own_street(user), actor=user):
        return render(request, "web/notices/webhook_added.html", {"webhook": form.outcome})
    return render(request, "web/notices/add_webhook.html", {"form": form})


@for_administrators
def webhook(request: HttpRequest, pk: Any) -> HttpResponse:
    """One webhook with its last deliveries; POST tries it, or switches it off or on."""
    user = signed_in(request)
    found = get_object_or_404(_webhooks(user), pk=pk)
    if request.method == "POST":
        _do(request, found, user)
        return redirect("webhook", found.pk)
    last = list(found.notices.order_by("-id")[:SHOWN])
    return render(
        request,
        "web/notices/webhook.html",
        {
            "webhook": found,
            "events": [event_label(one) for one in found.events],
            "deliveries": [(one, event_label(one.subject)) for one in last],
        },
    )


def _do(request: HttpRequest, found: Webhook, user: User) -> None:
    match request.POST.get("do"):
        case "try":
            notice = actions.try_webhook(found, actor=user)
            send_now(notice)
            if notice.state == Notice.State.SENT:
                messages.success(request, _("It arrived."))
            else:
                messages.error(request, _("It did not arrive. %(why)s") % {"why": notice.error})
        case "switch_off":
            actions.switch(found, actor=user, is_active=False)
            messages.success(request, _("Nothing is sent there any more."))
        case "switch_on":
            actions.switch(found, actor=user, is_active=True)
            messages.success(request, _("From now on it is told again what happens."))
