"""What other systems are told of a work order's state, in the words of their protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: State → word of the update extension of Open311, where the result says nothing more.
_WORDS: Final[Mapping[str, str]] = {
    "registered": "OPEN",
    "accepted": "INVESTIGATING",
    "filed": "INVESTIGATING",
    "dispatched": "ACTION_SCHEDULED",
    "received": "ACTION_SCHEDULED",
    "handling": "IN_PROGRESS",
    "return_asked": "INTERNAL_REFERRAL",
    "on_hold": "ACTION_SCHEDULED",
    "submitted": "IN_PROGRESS",
    "verified": "IN_PROGRESS",
    "merged": "DUPLICATE",
    "not_accepted": "NOT_COUNCILS_RESPONSIBILITY",
    "redirected": "NOT_COUNCILS_RESPONSIBILITY",
}
_WORDS_OF_RESULTS: Final[Mapping[str, str]] = {
    "solved": "FIXED",
    "impossible": "NO_FURTHER_ACTION",
}

#: What other systems may say of a request.
SAID: Final = frozenset(
    {"OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "ACTION_SCHEDULED", "INVESTIGATING", "DUPLICATE"}
    | {"NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION", "INTERNAL_REFERRAL", "FOR_TRIAGE"}
    | {"REOPEN", "CANCELLED"}
)


def word(state: str, result: str) -> str:
    """The word for a state; an order that was finished is told by its result.

    Partly solved, and explained, is plainly closed: neither fixed nor refused.
    Source: the servicerequestupdates extension of Open311 as mySociety wrote it down.

    >>> word("handling", ""), word("archived", "solved"), word("closed", "explained")
    ('IN_PROGRESS', 'FIXED', 'CLOSED')
    """
    return _WORDS.get(state) or _WORDS_OF_RESULTS.get(result, "CLOSED")


def own_key(pseudonym: str, key: str) -> str:
    """By which an order is known as one that this caller sent: at most 40 characters.

    >>> own_key("0123456789abcdef", "4711")
    '0123456789abcdef/4711'
    """
    return f"{pseudonym}/{key}"
