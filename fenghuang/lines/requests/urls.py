"""The addresses of the line."""

from django.urls import path

from .views import meetings as views
from .views import orders, public

app_name = "requests"

urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/register/", orders.raise_order, name="raise_order"),
    path("publishing/", public.to_publish, name="to_publish"),
    path("orders/<str:number>/slip/", public.workorder_slip, name="workorder_slip"),
    path("orders/<str:number>/", orders.order, name="workorder"),
    path("orders/<str:number>/<str:verb>/", orders.order_verb, name="workorder_verb"),
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/hold/", views.hold_meeting, name="hold_meeting"),
    path("meetings/plan/", views.plan_meeting, name="plan_meeting"),
    path("meetings/<str:number>/", views.meeting, name="meeting"),
    path("meetings/<str:number>/<str:verb>/", views.meeting_verb, name="meeting_verb"),
    path("problems/", views.problems, name="problems"),
    path("problems/raise/", views.raise_problem, name="raise_problem"),
    path("problems/<str:number>/", views.problem, name="problem"),
    path("problems/<str:number>/<str:verb>/", views.problem_verb, name="problem_verb"),
    path("project-items/", views.project_items, name="project_items"),
    path("project-items/<str:number>/", views.project_item, name="projectitem"),
    path(
        "project-items/<str:number>/<str:verb>/", views.project_item_verb, name="projectitem_verb"
    ),
    path("small-matters/", views.small_matters, name="small_matters"),
    path("small-matters/enter/", views.enter_small_matter, name="enter_small_matter"),
    path("small-matters/<str:number>/", views.small_matter, name="smallmatter"),
    path(
        "small-matters/<str:number>/<str:verb>/", views.small_matter_verb, name="smallmatter_verb"
    ),
]

#: For residents without an account, under /p/requests/.
public_urlpatterns = [
    path("", public.around, name="around"),
    path("raise/", public.raise_request, name="raise"),
    path("find/", public.find, name="find"),
    path("points.json", public.points, name="points"),
    path("outlines.json", public.outlines, name="outlines"),
    path("photos/<uuid:pk>/", public.photo, name="photo"),
    path("slip/<str:code>/", public.slip, name="slip"),
    path("slip/<str:code>/print/", public.paper, name="paper"),
    path("slip/<str:code>/photos/<uuid:pk>/", public.slip_photo, name="slip_photo"),
    path("slip/<str:code>/<slug:verb>/", public.slip_verb, name="slip_verb"),
    path("answer/<str:token>/", public.answer, name="answer"),
    path("follow/", public.follow, name="follow"),
    path("follow/<str:token>/confirm/", public.confirm_follow, name="confirm_follow"),
    path("follow/<str:token>/end/", public.end_follow, name="end_follow"),
    path("<str:number>/", public.order, name="order"),
]
