"""All addresses: the shell's, then each line's under its code."""

from django.urls import include, path

from fenghuang.api.open311.urls import urlpatterns as open311
from fenghuang.kit.door import lines

urlpatterns = [
    path("", include("fenghuang.web.urls")),
    path("", include("fenghuang.reports.urls")),
    path("tokens/", include("fenghuang.api.screen_urls")),
    path("api/", include("fenghuang.api.urls")),
    path("open311/v2/", include((open311, "open311"))),
    path("open311/test/v2/", include((open311, "open311"), "open311_test"), {"is_test": True}),
    *(path(f"{line.code}/", include((line.urls, line.code))) for line in lines()),
    # what needs no account, under an address short enough for paper
    *(
        path(f"p/{line.code}/", include((line.public_urls, f"{line.code}_public")))
        for line in lines()
        if line.public_urls
    ),
]
