"""What another system gave: parameters by name, each read as what it must be, or refused."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from fenghuang.kernel.refusal import Refused
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.kit.open311 import Point

from .forms import NOT_IN_XML

LONGEST = 4000  # characters of a description; the standard's limit
LONGEST_SPAN = timedelta(days=90)
MOST = 1000  # requests in one answer
MOST_PAGES = 100_000
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](?:\[\])?")
_LOST_PLUS = re.compile(r" (?=\d\d:\d\d$)")


class Given:
    """The parameters of a request. An empty one counts as absent. Refused where one is wrong."""

    def __init__(self, *sources: MultiValueDict[str, str]) -> None:
        self.values: dict[str, list[str]] = {}
        for source in sources:
            for name, values in source.lists():
                kept = [value.strip() for value in values if value.strip()]
                if kept:
                    self.values.setdefault(name, kept)

    @classmethod
    def of(cls, request: HttpRequest) -> Given:
        """From the address, and before it from the body of a form."""
        if request.method != "POST":
            return cls(request.GET)
        if request.content_type not in _FORMS:
            raise Refused(
                "content_type",
                _("Send a form: application/x-www-form-urlencoded or multipart/form-data."),
            )
        try:
            return cls(request.POST, request.GET)
        except (SuspiciousOperation, MultiPartParserError, BadRequest) as error:
            raise Refused(
                "form", _("The form can’t be read: it is too large or was cut off.")
            ) from error

    def one(self, name: str, *, longest: int = 200) -> str:
        """The text under that name; the last if it was given more than once, "" if it was not."""
        text = self.values.get(name, [""])[-1].replace("\r\n", "\n")
        if len(text) > longest:
            raise Refused(
                "too_long",
                _("“%(name)s” is longer than %(longest)s characters.")
                % {"name": name, "longest": longest},
            )
        if NOT_IN_XML.search(text):
            raise Refused(
                "characters", _("“%(name)s” holds characters that are no text.") % {"name": name}
            )
        return text

    def wanted(self, name: str, *, longest: int = 200) -> str:
        """The text under that name, which must be there."""
        text = self.one(name, longest=longest)
        if not text:
            raise Refused("missing", _("“%(name)s” is missing.") % {"name": name})
        return text

    def many(self, name: str) -> list[str]:
        """The texts under that name, parted by commas."""
        parts = self.one(name, longest=20_000).split(",")
        return [part.strip() for part in parts if part.strip()]

    def moment(self, name: str) -> datetime | None:
        """A W3C moment; without an offset it is the office's time, without a time a whole day's
        beginning.
        """
        text = _LOST_PLUS.sub("+", self.one(name))
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise _no_moment(name) from error
        if not 1970 <= moment.year <= 2200:
            raise _no_moment(name)
        return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)

    def span(self) -> tuple[datetime, datetime]:
        """From `start_date` to `end_date`, at most 90 days; the last 90 if neither is given."""
        now = timezone.now()
        start, end = self.moment("start_date"), self.moment("end_date")
        if start is None:
            end = end or now
            return end - LONGEST_SPAN, end
        if end is None:
            return start, start + LONGEST_SPAN
        if not start <= end <= start + LONGEST_SPAN:
            raise Refused(
                "span", _("From “start_date” to “end_date” there may be at most 90 days.")
            )
        return start, end

    def whole(self, name: str, *, most: int) -> int | None:
        """A whole number from 1 to `most`."""
        text = self.one(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
            raise Refused(
                "number",
                _("“%(name)s” is a whole number from 1 to %(most)s.")
                % {"name": name, "most": most},
            )
        return int(text)

    def degrees(self, name: str, most: float) -> float | None:
        text = self.one(name)
        if not text:
            return None
        try:
            degrees = float(text)
        except ValueError:
            degrees = math.nan
        if not abs(degrees) <= most:  # not a number is not within anything
            raise Refused(
                "degrees", _("“%(name)s” is in degrees (WGS 84), as 27.625.") % {"name": name}
            )
        return degrees

    def point(self) -> Point | None:
        """`long` and `lat`: both or neither."""
        lon, lat = self.degrees("long", 180), self.degrees("lat", 90)
        if lon is None and lat is None:
            return None
        if lon is None or lat is None:
            raise Refused("point", _("Give both “lat” and “long”, or neither."))
        return lon, lat

    def attributes(self) -> dict[str, list[str]]:
        """What was given as attribute[CODE], and as attribute[CODE][] for several values."""
        found: dict[str, list[str]] = {}
        for name in self.values:
            if match := _ATTRIBUTE.fullmatch(name):
                self.one(name, longest=LONGEST)
                found.setdefault(match[1], []).extend(self.values[name])
        return found

    def urls(self, name: str) -> list[str]:
        """Web addresses, however often the name was given."""
        found = [*self.values.get(name, ()), *self.values.get(f"{name}[]", ())]
        for url in found:
            if not re.fullmatch(r"https?://[\x21-\x7e]{1,500}", url):
                raise Refused(
                    "url", _("“%(name)s” is a web address (http, https).") % {"name": name}
                )
        return found


def _no_moment(name: str) -> Refused:
    return Refused(
        "moment",
        _("“%(name)s” is a date and time with its offset, as 2021-03-05T08:00:00+08:00.")
        % {"name": name},
    )
