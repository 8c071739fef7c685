"""The addresses of Open311. Each ends with the form of its answer."""

from django.urls import path, re_path

from . import views

FORM = r"\.(?P<form>xml|json)$"

urlpatterns = [
    re_path(rf"^discovery{FORM}", views.discovery, name="discovery"),
    re_path(rf"^services{FORM}", views.services, name="services"),
    re_path(rf"^services/(?P<code>[^/]*){FORM}", views.definition, name="definition"),
    re_path(rf"^requests{FORM}", views.requests, name="requests"),
    path("requests.csv", views.bulk, name="bulk"),
    re_path(rf"^requests/(?P<number>[^/]*){FORM}", views.request_of, name="request"),
    re_path(rf"^tokens/(?P<token>[^/]*){FORM}", views.token, name="token"),
    re_path(rf"^servicerequestupdates{FORM}", views.updates, name="updates"),
    re_path(r"^.*?(?:\.(?P<form>xml|json))?$", views.elsewhere, name="elsewhere"),
]
