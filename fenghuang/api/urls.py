"""The addresses of the interface, all below /api/."""

from django.urls import path

from . import views
from .manual import manual

app_name = "api"

urlpatterns = [
    path("", manual, name="index"),
    path("openapi.json", views.openapi, name="openapi"),
    path("token/", views.token, name="token"),
    path("<str:line>/<str:code>/", views.records, name="records"),
    path("<str:line>/<str:code>/<str:number>/", views.record, name="record"),
]

# A program is answered in JSON even where something broke.
handler400 = views.not_understood
handler403 = views.forbidden
handler404 = views.no_such_address
handler500 = views.broken
