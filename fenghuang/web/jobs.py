"""One's own imports: under way, done, or refused. Leaving the page stops nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fenghuang.kit.ledgers import ledger_called, ledgers
from fenghuang.kit.models import Job
from fenghuang.kit.screens import signed_in
from fenghuang.kit.tasks import how_far

SHOWN = 50
LONG = timedelta(seconds=30)  #: nobody begins for so long: perhaps no worker runs


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """One's own imports of the last weeks, the newest first."""
    titles = {one.code: one.title for one in ledgers()}
    found = (
        Job.objects.filter(asked_by=signed_in(request))
        .select_related("batch")
        .order_by("-asked_at")[:SHOWN]
    )
    return render(
        request,
        "web/jobs.html",
        {"jobs": [(one, titles.get(one.ledger, one.ledger)) for one in found]},
    )


@require_safe
def job(request: HttpRequest, pk: Any) -> HttpResponse:
    """How far it has come, or how it ended. Asked by the page itself, only what is new is sent."""
    found = get_object_or_404(
        Job.objects.select_related("batch", "upload"), pk=pk, asked_by=request.user
    )
    come = how_far(found.pk) if found.is_under_way else None
    seen = f"{found.began_at}{found.ended_at}{come}"
    if request.headers.get("HX-Request") and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    others_first = Job.objects.filter(ended_at=None, asked_at__lt=found.asked_at).exists()
    return render(
        request,
        "web/job.html",
        {
            "job": found,
            "ledger": ledger_called(found.ledger),
            "come": come,
            "seen": seen,
            "others_first": others_first,
            "waits_long": found.is_waiting
            and not others_first
            and timezone.now() - found.asked_at > LONG,
        },
    )
