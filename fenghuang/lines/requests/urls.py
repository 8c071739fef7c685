"""The addresses of the line."""

from django.urls import path

from .views import (
    hot_spots,
    order_lists,
    orders,
    public,
    rates,
    registering,
    routing,
    suggesting,
    templates,
    workload,
)
from .views import meetings as views

app_name = "requests"

urlpatterns = [
    path("orders/register/", registering.register, name="raise_order"),
    path("orders/", order_lists.orders, name="orders"),
    path("orders/many/", order_lists.many, name="many_orders"),
    path("reply-templates/", templates.reply_templates, name="reply_templates"),
    path("reply-templates/<uuid:pk>/end/", templates.end_template, name="end_template"),
    path("workload/", workload.workload, name="workload"),
    path("workload/<uuid:pk>/", workload.unit_workload, name="unit_workload"),
    path("returned-orders/", order_lists.returned_orders, name="returned_orders"),
    path("orders/register/", orders.raise_order, name="raise_order"),
    path("publishing/", public.to_publish, name="to_publish"),
    path("orders/<str:number>/slip/", public.workorder_slip, name="workorder_slip"),
    path("orders/<str:number>/", orders.order, name="workorder"),
    path("orders/<str:number>/<str:verb>/", orders.order_verb, name="workorder_verb"),
    path("rates/", rates.rates, name="rates"),
    path("rates/bulletin/", rates.bulletin, name="bulletin"),
    path(
        "rates/<str:period>/<str:by>/<str:key>/<str:measure>/",
        rates.rate_records,
        name="rate_records",
    ),
    path("repeats/", registering.repeats, name="repeats"),
    path("hot-spots/", hot_spots.hot_spots, name="hot_spots"),
    path("hot-spots/one/", hot_spots.hot_spot, name="hot_spot"),
    path("suggestions/", suggesting.suggestions, name="suggestions"),
    path("routing/", routing.routing, name="routing"),
    path("routing/add/", routing.routing_add, name="routing_add"),
    path("routing/move/", routing.routing_move, name="routing_move"),
    path("routing/end/", routing.routing_end, name="routing_end"),
    path("duties/", routing.duties, name="duties"),
    path("duties/end/", routing.duty_end, name="duty_end"),
    path("duties/import/", routing.duties_import, name="duties_import"),
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
