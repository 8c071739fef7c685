"""The addresses of the shell. Of the sign-in library only what an office uses has an address."""

from allauth.account import views as account_views
from allauth.socialaccount import views as identities
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from . import evidence, jobs, ledgers, notices, people, places, posters, public, units, views
from .changes import views as changes

urlpatterns = [
    path("", views.home, name="home"),
    path("p/", public.public, name="public"),
    path("menu/", views.menu, name="menu"),
    path("enter/", views.enter, name="enter"),
    path("search/", views.search, name="search"),
    path("language/", login_not_required(csrf_exempt(set_language)), name="set_language"),
    path("type-size/", views.type_size, name="type_size"),
    path("ledgers/", ledgers.index, name="ledgers"),
    path("ledgers/<str:code>/", ledgers.ledger, name="ledger"),
    path("ledgers/<str:code>/take-out/", ledgers.take_out, name="ledger_take_out"),
    path("uploads/<uuid:pk>/", ledgers.upload, name="upload"),
    path("uploads/<uuid:pk>/columns/", ledgers.map_columns, name="upload_columns"),
    path("uploads/<uuid:pk>/enter/", ledgers.enter, name="upload_enter"),
    path("uploads/<uuid:pk>/to-mend/", ledgers.faulty, name="upload_faulty"),
    path("imports/", jobs.jobs, name="jobs"),
    path("imports/<uuid:pk>/", jobs.job, name="job"),
    path("imports/<uuid:pk>/undo/", ledgers.undo, name="undo_batch"),
    path("units/", units.units, name="units"),
    path("notices/", notices.notices, name="notices"),
    path("notices/sender/", notices.sender, name="mail_sender"),
    path("notices/<uuid:pk>/again/", notices.send_again, name="notice_again"),
    path("webhooks/", notices.webhooks, name="webhooks"),
    path("webhooks/new/", notices.add_webhook, name="add_webhook"),
    path("webhooks/<uuid:pk>/", notices.webhook, name="webhook"),
    path("people/", people.staff, name="staff"),
    path("people/new/", people.employ, name="employ"),
    path("people/<str:username>/", people.person, name="person"),
    path("people/<str:username>/account/", people.account, name="person_account"),
    path("people/<str:username>/appoint/", people.appoint, name="appoint"),
    path("people/<str:username>/dismiss/<uuid:pk>/", people.dismiss, name="dismiss"),
    path("places/", places.tree, name="places"),
    path("places/outlines.json", places.outlines, name="outlines"),
    path("places/drawing/", changes.bring_outlines, name="bring_outlines"),
    path("places/drawing/<uuid:pk>/", changes.staged_outlines, name="staged_outlines"),
    path(
        "places/drawing/<uuid:pk>/outlines.json",
        changes.staged_outlines_map,
        name="staged_outlines_map",
    ),
    path("places/<uuid:pk>/", places.place, name="place"),
    path("places/<uuid:pk>/change/<slug:verb>/", changes.change, name="place_change"),
    path("places/<uuid:pk>/poster/", posters.poster, name="place_poster"),
    path("evidence/<uuid:pk>/", evidence.file, name="evidence"),
    path("evidence/<uuid:pk>/thumbnail/", evidence.thumbnail, name="evidence_thumbnail"),
    path("evidence/<uuid:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("evidence/add/<str:kind>/<str:number>/", evidence.add, name="evidence_add"),
    path("accounts/login/", account_views.login, name="account_login"),
    path("accounts/logout/", account_views.logout, name="account_logout"),
    path("accounts/inactive/", account_views.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", account_views.password_change, name="account_change_password"),
    path("accounts/email/", notices.own_email, name="own_email"),
    path("accounts/sessions/", people.sessions, name="usersessions_list"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path(
        "accounts/identity/cancelled/",
        identities.login_cancelled,
        name="socialaccount_login_cancelled",
    ),
    path(
        "accounts/identity/failed/",
        login_not_required(identities.login_error),
        name="socialaccount_login_error",
    ),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
