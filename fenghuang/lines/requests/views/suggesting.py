"""What was learned from the closed orders, and if it is shown."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from fenghuang.kit.door import line
from fenghuang.kit.screens import signed_in

from ..permissions import LINE
from ..queries.alike import amount
from ..queries.suggesting import states


@login_required
def suggestions(request: HttpRequest) -> HttpResponse:
    """When it was trained, on how many orders, both scores, on or off, and why."""
    street = signed_in(request).street
    return render(
        request,
        "requests/suggestions.html",
        {
            "line": line(LINE),
            "states": states(street) if street is not None else [],
            "fewest": amount("suggestion.orders", timezone.localdate()),
        },
    )
