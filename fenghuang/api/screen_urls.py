"""The addresses of the administrator's screens; those of programs lie below /api/ (`urls`)."""

from django.urls import path

from . import screens

urlpatterns = [
    path("", screens.tokens, name="tokens"),
    path("new/", screens.issue, name="issue_token"),
    path("<uuid:pk>/revoke/", screens.revoke, name="revoke_token"),
]
