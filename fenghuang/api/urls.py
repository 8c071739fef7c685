"""The addresses of the interface, all below /api/."""

from django.urls import path

from . import views

app_name = "api"

urlpatterns = [
    path("", views.index, name="index"),
    path("<str:line>/<str:code>/", views.records, name="records"),
    path("<str:line>/<str:code>/<str:number>/", views.record, name="record"),
]
