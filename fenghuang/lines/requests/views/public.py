"""Pages for residents without an account, and the staff pages that belong to them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from uuid import UUID

import segno
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fenghuang.kernel.evidence.models import Attachment
from fenghuang.kernel.evidence.serving import (
    THUMBNAIL_HEADERS,
    thumbnail_path_of,
)
from fenghuang.kernel.refusal import Refused
from fenghuang.kit.pace import Pace, address_of
from fenghuang.kit.screens import (
    Choice,
    InPlace,
    carried_out,
    new_client_key,
    record_list,
    record_or_404,
)

from ..actions import public as actions
from ..actions.orders import answer_by_link
from ..forms import public as forms
from ..models import Category, WorkOrder
from ..queries import public as queries
from ..rules import public as rules
from ..states.orders import OPEN, OrderState

DAY, HOUR = 24 * 60 * 60.0, 60 * 60.0
#: From one address: requests sent and areas followed in a day, wrong slip codes in an hour.
RAISED, FOLLOWED, WRONG_CODES = Pace(20, DAY), Pace(5, DAY), Pace(30, HOUR)
A_PAGE, ON_THE_MAP = 20, 500
FRESH = 60  # seconds that a public page may be kept on its way

STEPS = {
    rules.Step.RECEIVED: gettext_lazy("We have it and look who must act"),
    rules.Step.WITH_UNIT: gettext_lazy("A unit is working on it"),
    rules.Step.ON_HOLD: gettext_lazy("It can’t be solved now; we look at it again each quarter"),
    rules.Step.VERIFYING: gettext_lazy("Somebody else checks that it is done"),
    rules.Step.FINISHED: gettext_lazy("Finished"),
    rules.Step.ELSEWHERE: gettext_lazy(
        "Not a matter for the street; the answer says where to turn"
    ),
    rules.Step.TOGETHER: gettext_lazy("Handled together with an earlier request"),
}

View = Callable[..., HttpResponseBase]


def everybody(view: View) -> View:
    """A page that knows nothing of who asks: caches on the way may keep it for a minute."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        is_plain = request.method in ("GET", "HEAD") and not request.user.is_authenticated
        if is_plain and response.status_code == 200 and not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=FRESH)
        return response

    return answer


def holder(view: View) -> View:
    """A page for whoever holds a secret: kept nowhere, and found by no search engine."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer


def _too_often() -> Refused:
    return Refused(
        "too_often",
        _("This was done too often from your connection. Try again tomorrow, or telephone 12345."),
    )


# Raising a request


@holder
def raise_request(request: HttpRequest) -> HttpResponse:
    """What and where first; then what is known already, pictures and contact; then it is sent."""
    step = request.POST.get("step", "")
    form: Any
    if step == "send":
        form = forms.Send(request.POST, request.FILES, actor=None)
        if _sent(request, form):
            return redirect("requests_public:slip", form.outcome.slip_code)
    elif step in ("find", "what"):
        form = forms.What(request.POST, actor=None)
        if step == "find":
            form.errors.clear()
        elif form.is_valid():
            return _second_step(request, form)
    else:
        form = forms.What(actor=None, initial={"place": request.GET.get("place")})
    return _raise_page(request, form, is_second=step == "send")


def _sent(request: HttpRequest, form: Any) -> bool:
    key = _client_key(request.POST.get("client_key", ""))

    def send(**facts: Any) -> WorkOrder:
        if RAISED.is_over(address_of(request)):
            raise _too_often()
        for name in ("website", "lon", "lat"):
            facts.pop(name)
        photos = facts.pop("photos")
        order = WorkOrder(
            street_id=facts["place"].street_id,
            channel=WorkOrder.Channel.WEB,
            client_key=key,
            **facts,
        )
        made = actions.raise_with_photos(order, now=timezone.now(), photos=photos)
        RAISED.count(address_of(request))
        return made

    return carried_out(form, send)


def _client_key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return new_client_key()


def _second_step(request: HttpRequest, first: Any) -> HttpResponse:
    given = first.cleaned_data
    initial = {name: request.POST.get(name, "") for name in ("text", "lon", "lat", "find")}
    form = forms.Send(
        actor=None, initial={**initial, "place": given["place"].pk, "category": given["category"]}
    )
    return _raise_page(request, form, is_second=True, place=given["place"], given=given)


def _raise_page(
    request: HttpRequest,
    form: Any,
    *,
    is_second: bool,
    place: Any = None,
    given: dict[str, Any] | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    alike = []
    if given is not None:
        alike = queries.near_duplicates(
            given["text"], given["category"], place, place.street, today
        )
        _show(alike)
    return render(
        request,
        "requests/public/raise.html",
        {
            "form": form,
            "is_second": is_second,
            "alike": alike,
            "client_key": _client_key(request.POST.get("client_key", "")),
            "outlines": reverse("requests_public:outlines"),
            "most_photos": forms.PHOTOS,
        },
    )


# Following one request


def _show(orders: list[WorkOrder]) -> None:
    """Give each what the public pages say of it: area, step, whether it is late."""
    now = timezone.now()
    queries.name_areas(orders, timezone.localdate())
    for order in orders:
        shown: Any = order
        shown.step = STEPS[rules.step(queries.lead_of(order).state)]
        shown.is_late = queries.is_late(order, now)


def _way(order: WorkOrder) -> list[tuple[Any, bool]]:
    """The steps in words, and which of them it has come to."""
    lead = queries.lead_of(order)
    now = rules.step(order.state if lead.state in OPEN else lead.state)
    return [(STEPS[one], one == now) for one in rules.way(now)]


@holder
def find(request: HttpRequest) -> HttpResponse:
    """By the number, which is no secret, or by the code of the slip, which is one."""
    if "number" in request.GET:
        by_number = forms.Number(request.GET, actor=None)
        if by_number.is_valid():
            number = by_number.cleaned_data["number"].strip().upper()
            if queries.by_number(number):
                return redirect("requests_public:order", number)
            by_number.add_error(
                "number", _("There is no request with this number here. Look at your slip again.")
            )
    else:
        by_number = forms.Number(actor=None)
    by_code = forms.Code(request.POST if request.method == "POST" else None, actor=None)
    if by_code.is_bound and by_code.is_valid():
        found = _by_slip(request, by_code.cleaned_data["code"])
        if found:
            return redirect("requests_public:slip", found.slip_code)
        by_code.add_error("code", _("No slip has this code. Look at it again, letter by letter."))
    return render(
        request, "requests/public/find.html", {"by_number": by_number, "by_code": by_code}
    )


def _by_slip(request: HttpRequest, code: str) -> WorkOrder | None:
    """The order of a slip; Refused where too many wrong codes came from that address."""
    if WRONG_CODES.is_over(address_of(request)):
        raise _too_often()
    found = queries.by_slip(code)
    if found is None:
        WRONG_CODES.count(address_of(request))
    return found


def _held(request: HttpRequest, code: str) -> WorkOrder:
    found = _by_slip(request, code)
    if found is None:
        raise Http404(code)
    return found


@everybody
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """What everybody may know of a request: never the text, unless it was published."""
    found = queries.by_number(number)
    if street := request.GET.get("street"):
        found = [one for one in found if str(one.street_id) == street]
    if not found:
        raise Http404(number)
    _show(found)
    one: Any = found[0]
    photos = []
    if one.published_on:
        photos = [each for each in one.shown_photos.select_related("file") if each.is_kept]
    return render(
        request,
        "requests/public/order.html",
        {
            "order": one,
            "others": found if len(found) > 1 else [],
            "way": _way(one),
            "answer": queries.answer_shown(one),
            "photos": photos,
        },
    )


@holder
@require_safe
def slip(request: HttpRequest, code: str) -> HttpResponse:
    """The page of whoever holds the slip: their own text, the answer, what they may do."""
    found: Any = _held(request, code)
    _show([found])
    return render(
        request,
        "requests/public/slip.html",
        {
            "order": found,
            "way": _way(found),
            "photos": queries.own_photos(found),
            "may_answer": found.state == OrderState.CLOSED,
            "code": rules.spoken_code(found.slip_code),
            "phone": queries.phone_of(found, timezone.localdate()),
        },
    )


@holder
@require_safe
def slip_photo(request: HttpRequest, code: str, pk: UUID) -> FileResponse:
    """One’s own picture, small."""
    found = _held(request, code)
    for photo in queries.own_photos(found):
        if photo.pk == pk:
            return _picture(photo)
    raise Http404(pk)


@everybody
@require_safe
def photo(request: HttpRequest, pk: UUID) -> FileResponse:
    """A picture that was chosen for the public, small."""
    found = queries.shown_photo(pk)
    if found is None:
        raise Http404(pk)
    return _picture(found)


def _picture(found: Attachment) -> FileResponse:
    path = thumbnail_path_of(found.file)
    if path is None or not path.exists():
        raise Http404(found.pk)
    response = FileResponse(path.open("rb"))
    for name, value in THUMBNAIL_HEADERS.items():
        response.headers[name] = value
    return response


@holder
@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The slip on paper, A6 or a roll of 80 mm, with its number, code and a code to scan."""
    return _paper(request, _held(request, code))


def _paper(request: HttpRequest, found: WorkOrder) -> HttpResponse:
    address = request.build_absolute_uri(reverse("requests_public:slip", args=[found.slip_code]))
    return render(
        request,
        "requests/public/paper.html",
        {
            "order": found,
            "code": rules.spoken_code(found.slip_code),
            "picture": _scannable(address),
            "site": request.get_host(),
            "phone": queries.phone_of(found, timezone.localdate()),
        },
    )


def _scannable(address: str) -> SafeString:
    """The address as a QR code, drawn as SVG."""
    drawn: str = segno.make(address, error="m").svg_inline(scale=4, border=4, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from our own address; holds no text


VERBS: dict[str, tuple[Any, Any, Any]] = {
    "add": (forms.Add, actions.add, gettext_lazy("Add something new")),
    "withdraw": (forms.Withdraw, actions.withdraw, gettext_lazy("I no longer need this")),
    "answer": (forms.Answer, answer_by_link, gettext_lazy("Is it solved?")),
}


@holder
def slip_verb(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """What the holder of a slip may do: add, withdraw, answer once when it is closed."""
    if verb not in VERBS:
        raise Http404(verb)
    found = _held(request, code)
    if verb == "answer":
        return _answer(request, found, reverse("requests_public:slip", args=[found.slip_code]))
    form_class, action, title = VERBS[verb]
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = form_class(*posted, actor=None)
    if posted[0] is not None:
        if RAISED.is_over(address_of(request)):
            raise _too_often()
        if carried_out(form, action, found):
            RAISED.count(address_of(request))
            return redirect("requests_public:slip", found.slip_code)
    back = reverse("requests_public:slip", args=[found.slip_code])
    return _form_page(request, form, title, back=back, number=found.number)


@holder
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The callback, answered once through the signed link of the e-mail."""
    found = queries.by_answer_token(token)
    if found is None:
        raise Http404(token)
    return _answer(request, found, "")


def _answer(request: HttpRequest, found: WorkOrder, back: str) -> HttpResponse:
    is_sent = request.method == "POST"
    form = forms.Answer(request.POST if is_sent else None, actor=None)
    is_done = found.state != OrderState.CLOSED
    if is_sent and not is_done:
        is_done = carried_out(form, answer_by_link, found, now=timezone.now())
    return render(
        request,
        "requests/public/answer.html",
        {
            "order": found,
            "form": form,
            "is_done": is_done,
            "back": back,
            "phone": queries.phone_of(found, timezone.localdate()),
        },
    )


def _form_page(request: HttpRequest, form: Any, title: Any, **context: Any) -> HttpResponse:
    return render(request, "requests/public/form.html", {"form": form, "title": title, **context})


# What is going on


@everybody
@require_safe
def around(request: HttpRequest) -> HttpResponse:
    """What was published, by area, category and whether it is open; as a list and on a map."""
    today = timezone.localdate()
    orders = _narrowed(request)
    page = Paginator(orders.order_by("-happened_on", "-pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = list(page.object_list)
    _show(shown)
    asked = request.GET.copy()
    asked.pop("page", None)
    return render(
        request,
        "requests/public/around.html",
        {
            "orders": shown,
            "page": page,
            "asked": asked.urlencode(),
            "given": request.GET,
            "places": queries.places("", today),
            "categories": Category.choices,
            "outlines": reverse("requests_public:outlines"),
            "points": f"{reverse('requests_public:points')}?{asked.urlencode()}",
        },
    )


def _narrowed(request: HttpRequest) -> Any:
    """The published orders that the address asks for; what it says wrongly narrows nothing."""
    orders = queries.published()
    given = request.GET
    with suppress(ValueError):
        orders = queries.within(orders, UUID(given.get("place", "")), timezone.localdate())
    if given.get("category") in Category.values:
        orders = orders.filter(category=given["category"])
    if given.get("state") == "open":
        orders = orders.filter(state__in=OPEN)
    elif given.get("state") == "finished":
        orders = orders.exclude(state__in=OPEN)
    return orders


@everybody
@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """The published orders as rounded points, GeoJSON; the newest 500."""
    orders = list(_narrowed(request).exclude(lon=None).order_by("-happened_on", "-pk")[:ON_THE_MAP])
    _show(orders)
    return JsonResponse(
        _features(
            (
                {
                    "name": f"{one.number} {one.get_category_display()} · {one.step}",
                    "address": reverse("requests_public:order", args=[one.number]),
                },
                {"type": "Point", "coordinates": [float(one.lon), float(one.lat)]},
            )
            for one in orders
        )
    )


@everybody
@require_safe
def outlines(request: HttpRequest) -> JsonResponse:
    """The grids, to tap on."""
    rows = queries.outlines(timezone.localdate())
    return JsonResponse(
        _features(
            ({"name": row.place.name, "place": str(row.place_id)}, row.geometry) for row in rows
        )
    )


def _features(found: Any) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": geometry}
            for properties, geometry in found
        ],
    }


@holder
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the news of an area by e-mail."""
    is_sent = request.method == "POST"
    form = forms.Follow(
        request.POST if is_sent else None, actor=None, initial={"place": request.GET.get("place")}
    )

    def ask(*, website: str, **given: Any) -> None:
        if not FOLLOWED.count(address_of(request)):
            raise _too_often()
        actions.follow(now=timezone.now(), **given)

    if is_sent and carried_out(form, ask):
        return _said(
            request,
            _("Look into your mailbox"),
            _(
                "We have sent a link to confirm it. Without that nothing is sent, and the "
                "address is erased after 7 days."
            ),
        )
    return _form_page(
        request,
        form,
        _("News of my area by e-mail"),
        intro=_(
            "Once a week, if something happened. The address serves for nothing else, is given "
            "to nobody, and is erased when you end it, at the latest after a year."
        ),
    )


@holder
def confirm_follow(request: HttpRequest, token: str) -> HttpResponse:
    """It was really they: one press."""
    follower = queries.by_follow_token(token)
    if follower is None:
        raise Http404(token)
    title = _("News of %(place)s") % {"place": follower.place}
    if request.method == "POST":
        actions.confirm(follower, now=timezone.now())
        return _said(request, title, _("It is confirmed. Each letter has a link to end it."))
    return _form_page(request, None, title, button=_("Yes, send me the news"))


@holder
def end_follow(request: HttpRequest, token: str) -> HttpResponse:
    """No more news: one press. Whoever ended it before is told the same."""
    follower = queries.by_follow_token(token)
    title = _("No more news")
    if follower is None or request.method == "POST":
        if follower is not None:
            actions.end(follower)
        return _said(request, title, _("It is ended, and your address is erased."))
    return _form_page(request, None, title, button=_("End it"))


def _said(request: HttpRequest, title: str, sentence: str) -> HttpResponse:
    return render(request, "requests/public/said.html", {"title": title, "sentence": sentence})


# For staff


def to_publish(request: HttpRequest) -> HttpResponse:
    """What residents sent and nobody has decided on yet: shown to everybody, or not."""
    return record_list(
        request,
        queries.to_publish(request.user).select_related("place"),
        columns=("title", "category", "place", "registered_at"),
        filters=(Choice("category"), InPlace()),
        search=("text",),
        title=_("waiting to be published"),
        intro=_(
            "Open an order and press “Decide what is published”. What you leave empty is not "
            "shown; the original is kept apart either way."
        ),
        nothing_yet=_("Nothing waits to be published."),
    )


@require_safe
def workorder_slip(request: HttpRequest, number: str) -> HttpResponse:
    """Print the slip once more, at the counter."""
    return _paper(request, record_or_404(WorkOrder.objects.visible_to(request.user), number))
