"""The first page of the public side: what the lines offer to residents without an account."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fenghuang.kernel.places.queries import streets
from fenghuang.kit.door import lines


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """What may be done here without an account, line by line."""
    offers = [
        (
            line,
            [
                (entry.label, reverse(f"{line.code}_public:{entry.address}"), entry.is_for_entering)
                for entry in line.public
            ],
        )
        for line in lines()
        if line.public
    ]
    return render(request, "web/public.html", {"offers": offers, "streets": streets()})
