"""Claims for tests, made from a fragment as reading makes them from a text."""

from __future__ import annotations

from typing import Any

from fenghuang.claims.claim import Claim
from fenghuang.claims.wording import promise


def claimed(fragment: str, subject: str = "", *, start: int = 0, **facts: Any) -> Claim:
    """The claim that a fragment makes of a subject, standing at `start`."""
    phrase = promise(fragment)
    return Claim(
        text=fragment,
        start=start,
        end=start + len(fragment),
        value=phrase.number.value if phrase.number else None,
        unit=phrase.unit,
        subject=subject,
        approx=phrase.marker.approx,
        interval=phrase.interval,
        **facts,
    )
