"""The line's screens: translate in, one call, translate out."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fenghuang.kernel.records.parameters import limit_on
from fenghuang.kernel.terms import term
from fenghuang.kernel.worktime import Deadline
from fenghuang.kit.screens import (
    Choice,
    Days,
    InPlace,
    Part,
    Shown,
    YesNo,
    carried_out,
    enter_page,
    new_client_key,
    record_list,
    record_or_404,
    record_page,
    verb_page,
)

from ..actions import meetings as actions
from ..forms import meetings as forms
from ..models import Meeting, Problem, ProjectItem, SmallMatter
from ..permissions import may_enter
from ..queries import meetings as queries
from ..rules import meetings as rules

ROWS, MOST_ROWS = 10, 100


def _because(code: str, day: str) -> Any:
    """Why a record is due then: the days counted from that field of it, by the limit in force."""

    def deadline(record: Any) -> Deadline | None:
        start = getattr(record, day)
        return start and rules.due_by(start, limit_on(actions.LIMITS, code, start))

    return deadline


# --- meetings


@login_required
def meetings(request: HttpRequest) -> HttpResponse:
    found = Meeting.objects.visible_to(request.user).select_related("place")
    return record_list(
        request,
        queries.with_funnel(found),
        columns=(
            "happened_on",
            "place",
            "title",
            "attendances",
            Shown("problem_count", label=term("problems")),
        ),
        filters=(Choice("state"), Days("happened_on"), InPlace()),
        search=("venue", "theme"),
        title=term("meetings"),
        ledger="neighbourhood_meetings",
        enter="requests:hold_meeting",
        enter_label=_("Hold a meeting"),
        nothing_yet=_("No meeting has been entered yet. Enter the first one with its problems."),
    )


@login_required
def meeting(request: HttpRequest, number: str) -> HttpResponse:
    found = record_or_404(Meeting.objects.visible_to(request.user).select_related("place"), number)
    raised = found.problems.visible_to(request.user).standing().order_by("number")
    return record_page(
        request,
        found,
        facts=(
            "happened_on",
            "held_at",
            "place",
            "venue",
            "theme",
            "chair",
            "attendances",
            "count_method",
            "minutes",
        ),
        parts=(
            Part(
                term("problems"),
                records=raised.select_related("place"),
                columns=("title", "category", "due_on"),
                nothing_yet=_("No problem was raised at this meeting."),
            ),
        ),
    )


MEETING_VERBS = {"hold": (forms.Hold, actions.hold), "cancel": (forms.Reason, actions.cancel)}


@login_required
def meeting_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    return _verb(request, Meeting, number, verb, MEETING_VERBS)


@login_required
def plan_meeting(request: HttpRequest) -> HttpResponse:
    def plan(*, actor: Any, client_key: str, **facts: Any) -> Meeting:
        return actions.plan_meeting(_new(Meeting, client_key, facts), actor=actor)

    return enter_page(request, forms.PlannedMeeting, plan, Meeting, title=_("Plan a meeting"))


@login_required
def hold_meeting(request: HttpRequest) -> HttpResponse:
    """The quick form: one meeting and its problems, by keyboard alone."""
    sent = request.POST or None
    facts = forms.MeetingFacts(sent, actor=request.user)
    rows = [
        forms.ProblemRow(sent, actor=request.user, prefix=f"p{index}")
        for index in range(_row_count(request))
    ]
    client_key = request.POST.get("client_key") or new_client_key()

    def hold(*, actor: Any, **cleaned: Any) -> Meeting:
        problems = [_raised(row.cleaned_data) for row in rows if not row.is_empty]
        new = _new(Meeting, client_key, cleaned)
        return actions.enter_meeting(new, problems, actor=actor, today=timezone.localdate())

    if sent is not None and "more" not in sent:
        complete = [row.is_valid() for row in rows]  # each row is looked at and says what is wrong
        if all(complete) and carried_out(facts, hold, actor=request.user):
            return redirect(facts.outcome)
    return render(
        request,
        "requests/hold_meeting.html",
        {
            "form": facts,
            "rows": rows,
            "client_key": client_key,
            "may_enter": may_enter(request.user),
        },
    )


def _row_count(request: HttpRequest) -> int:
    sent = request.POST.get("rows", "")
    count = min(int(sent), MOST_ROWS) if sent.isdecimal() else ROWS
    return count + 5 if "more" in request.POST else count


def _new(model: Any, client_key: str, facts: dict[str, Any]) -> Any:
    return model(street_id=facts["place"].street_id, client_key=client_key, **facts)


def _raised(row: dict[str, Any]) -> Problem:
    return Problem(
        text=row["text"], category=row["category"], urgency=row["urgency"], answer=row["answer"]
    )


# --- problems


@login_required
def problems(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    return record_list(
        request,
        Problem.objects.visible_to(request.user).select_related("place", "unit"),
        columns=(
            "title",
            "category",
            "place",
            "happened_on",
            Shown("due_on", late=lambda one: one.disposition == "open" and one.due_on < today),
        ),
        filters=(
            Choice("disposition"),
            Choice("category"),
            Choice("urgency"),
            YesNo(
                "late",
                _("Late"),
                when=Q(disposition="open", due_on__lt=today),
            ),
            Days("happened_on"),
            InPlace(),
        ),
        search=("text",),
        title=term("problems"),
        ledger="problem_list",
        enter="requests:raise_problem",
        enter_label=_("Enter a problem"),
        nothing_yet=_("No problem has been entered yet. Hold a meeting, or enter one yourself."),
    )


@login_required
def problem(request: HttpRequest, number: str) -> HttpResponse:
    found = record_or_404(
        Problem.objects.visible_to(request.user).select_related(
            "place", "meeting", "unit", "merged_into"
        ),
        number,
    )
    return record_page(
        request,
        found,
        facts=(
            "text",
            "category",
            "urgency",
            "place",
            "happened_on",
            "channel",
            "meeting",
            "contact",
            Shown("due_on", because=_because("disposition", "happened_on")),
            "disposed_on",
            "unit",
            "reason",
            "answer",
            "merged_into",
            "resolved_on",
            "feedback",
        ),
        parts=(
            Part(
                term("small_matters"),
                records=found.small_matters.visible_to(request.user).standing(),
                columns=("title", "due_on", "fixed_on", "struck_off_on"),
            ),
            Part(
                term("project_items"),
                records=found.project_items.visible_to(request.user).standing(),
                columns=("title", "unit", "due_on", "progress"),
            ),
            Part(
                term("disposition.merged"),
                records=found.merged.visible_to(request.user).standing(),
                columns=("title", "happened_on"),
            ),
        ),
    )


PROBLEM_VERBS = {
    "answer_on_site": (forms.Answer, actions.answer_on_site),
    "make_small_matter": (forms.MakeSmallMatter, actions.make_small_matter),
    "put_on_project_list": (forms.PutOnProjectList, actions.put_on_project_list),
    "list_further_item": (forms.ListFurtherItem, actions.list_further_item),
    "refer_up": (forms.ReferUp, actions.refer_up),
    "merge": (forms.Merge, actions.merge),
    "not_accept": (forms.NotAccept, actions.not_accept),
    "reopen": (forms.Reason, actions.reopen),
    "record_answer": (forms.Answer, actions.record_answer),
    "record_feedback": (forms.Feedback, actions.record_feedback),
}


@login_required
def problem_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    return _verb(request, Problem, number, verb, PROBLEM_VERBS)


@login_required
def raise_problem(request: HttpRequest) -> HttpResponse:
    def raise_one(*, actor: Any, client_key: str, **facts: Any) -> Problem:
        new = _new(Problem, client_key, facts)
        return actions.raise_problem(new, actor=actor, today=timezone.localdate())

    return enter_page(request, forms.NewProblem, raise_one, Problem, title=_("Enter a problem"))


# --- project items


@login_required
def project_items(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    return record_list(
        request,
        ProjectItem.objects.visible_to(request.user).select_related("place", "unit"),
        columns=(
            "title",
            "unit",
            "place",
            "happened_on",
            Shown("due_on", late=lambda one: one.state != "done" and one.due_on < today),
            "progress",
        ),
        filters=(Choice("state"), Days("happened_on"), InPlace()),
        search=("item_title",),
        title=term("project_items"),
        due="due_on",
        nothing_yet=_("No item is on the list yet. Put a problem on it from the problem’s page."),
    )


@login_required
def project_item(request: HttpRequest, number: str) -> HttpResponse:
    found = record_or_404(
        ProjectItem.objects.visible_to(request.user).select_related("place", "unit"), number
    )
    return record_page(
        request,
        found,
        facts=(
            "title",
            "unit",
            "place",
            "happened_on",
            "due_on",
            Shown("budget_fen", label=term("budget"), value=lambda one: one.budget_yuan),
            "progress",
            "done_on",
        ),
        parts=(
            Part(
                term("problems"),
                records=found.problems.visible_to(request.user).standing().select_related("place"),
                columns=("title", "place", "happened_on"),
            ),
        ),
    )


ITEM_VERBS = {
    "report_progress": (forms.Progress, actions.report_progress),
    "complete": (forms.OnDay, actions.complete),
    "add_problem": (forms.AddProblem, actions.add_problem),
}


@login_required
def project_item_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    return _verb(request, ProjectItem, number, verb, ITEM_VERBS)


# --- small matters


@login_required
def small_matters(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    return record_list(
        request,
        SmallMatter.objects.visible_to(request.user).select_related("place", "handler"),
        columns=(
            "title",
            "place",
            "handler",
            Shown("due_on", late=lambda one: one.is_late_on(today)),
            "fixed_on",
            "struck_off_on",
        ),
        filters=(
            Choice("state"),
            Choice("category"),
            YesNo("late", _("Late"), when=Q(state="open", due_on__lt=today)),
            Days("happened_on"),
            InPlace(),
        ),
        search=("matter_title",),
        title=term("small_matters"),
        due="due_on",
        enter="requests:enter_small_matter",
        enter_label=_("Enter a small matter"),
        nothing_yet=_("No small matter yet. Enter what you found on your round."),
    )


@login_required
def enter_small_matter(request: HttpRequest) -> HttpResponse:
    def enter(*, actor: Any, client_key: str, **facts: Any) -> SmallMatter:
        new = _new(SmallMatter, client_key, facts)
        return actions.enter_small_matter(new, actor=actor, today=timezone.localdate())

    title = _("Enter a small matter")
    return enter_page(request, forms.NewSmallMatter, enter, SmallMatter, title=title)


@login_required
def small_matter(request: HttpRequest, number: str) -> HttpResponse:
    found = record_or_404(
        SmallMatter.objects.visible_to(request.user).select_related(
            "place", "problem", "handler", "unit", "fixed_by", "struck_off_by"
        ),
        number,
    )
    return record_page(
        request,
        found,
        facts=(
            "title",
            "category",
            "place",
            "problem",
            "handler",
            "unit",
            Shown("due_on", because=_because("small_matter", "happened_on")),
            "fixed_on",
            "fixed_by",
            "fixed_how",
            Shown("cost_fen", label=term("cost"), value=lambda one: one.cost_yuan),
            "was_on_time",
            "struck_off_on",
            "struck_off_by",
        ),
    )


MATTER_VERBS = {
    "fix": (forms.Fix, actions.fix),
    "strike_off": (forms.OnDay, actions.strike_off),
    "send_back": (forms.Reason, actions.send_back),
    "hand_over": (forms.HandOver, actions.hand_over),
}


@login_required
def small_matter_verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    return _verb(request, SmallMatter, number, verb, MATTER_VERBS)


#: Verbs of which the day of entry is a part.
KNOW_TODAY = frozenset(
    {
        "hold",
        "answer_on_site",
        "make_small_matter",
        "put_on_project_list",
        "list_further_item",
        "refer_up",
        "merge",
        "not_accept",
        "record_answer",
        "complete",
        "add_problem",
        "fix",
        "strike_off",
    }
)


def _verb(request: HttpRequest, model: Any, number: str, verb: str, verbs: Any) -> HttpResponse:
    found = record_or_404(model.objects.visible_to(request.user).select_related("place"), number)
    if verb not in verbs:
        raise Http404(verb)
    form, action = verbs[verb]
    if verb in KNOW_TODAY:
        action = partial(action, today=timezone.localdate())
    return verb_page(request, found, verb, form, action)
