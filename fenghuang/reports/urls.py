"""The addresses of reports and figures."""

from django.urls import path

from . import audit_views, views

app_name = "reports"

urlpatterns = [
    path("reports/", views.latest, name="latest"),
    path("reports/<int:year>/", views.report, name="report"),
    path("reports/<int:year>/<slug:code>/", views.chapter, name="chapter"),
    path("reports/<int:year>/<slug:code>/preview/", views.preview, name="preview"),
    path("audits/", audit_views.audits, name="audits"),
    path("audits/meanings/", audit_views.meanings, name="meanings"),
    path("audits/<uuid:pk>/", audit_views.shown, name="audit"),
    path("audits/<uuid:pk>/workbook/", audit_views.workbook, name="audit_workbook"),
    path("audits/<uuid:pk>/claims/<int:number>/", audit_views.say, name="audit_say"),
    path("audits/<uuid:pk>/drop/", audit_views.drop, name="audit_drop"),
    path("figures/", views.index, name="figures"),
    path("figures/<str:code>/", views.trace, name="figure"),
]
