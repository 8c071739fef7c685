"""One address, one view."""

import json

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

from .models import Event, Report


def take_in(request: HttpRequest) -> JsonResponse:
    sent = json.loads(request.body)
    with transaction.atomic():
        report = Report.objects.create(
            text=sent["text"],
            category=sent["category"],
            happened_on=sent["happened_on"],
            lon=sent["lon"],
            lat=sent["lat"],
        )
        Event.objects.create(report=report, said="raise")
    return JsonResponse({"id": report.pk}, status=201)


urlpatterns = [path("reports/", take_in)]
