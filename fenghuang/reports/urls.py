"""The addresses of reports and figures."""

from django.urls import path

from . import views

app_name = "reports"

urlpatterns = [
    path("reports/", views.latest, name="latest"),
    path("reports/<int:year>/", views.report, name="report"),
    path("reports/<int:year>/<slug:code>/", views.chapter, name="chapter"),
    path("reports/<int:year>/<slug:code>/preview/", views.preview, name="preview"),
    path("figures/", views.index, name="figures"),
    path("figures/<str:code>/", views.trace, name="figure"),
]
