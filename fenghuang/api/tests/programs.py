"""A program of the tests: it has a token, asks, and is answered."""

from __future__ import annotations

from typing import Any

from django.test import Client

from fenghuang.api.actions import issue_token
from fenghuang.kernel.people.models import User

PROBLEMS = "/api/requests/problems/"


class Program:
    """Sends JSON in the name of a person, with a token for what `scope` says."""

    def __init__(self, user: User, **scope: Any) -> None:
        self.text, self.token = issue_token(user, "test", 1, actor=user, **scope)
        self._client = Client(headers={"Authorization": f"Bearer {self.text}"})

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        answer = self._client.get(path, query)
        return answer.status_code, answer.json()

    def post(self, path: str, content: Any, **words: Any) -> tuple[int, Any]:
        answer = self._client.post(path, content, **{"content_type": "application/json"} | words)
        return answer.status_code, answer.json()

    def numbers(self, path: str, **query: Any) -> list[str]:
        """The numbers of the records that a list shows."""
        status, content = self.get(path, **query)
        assert status == 200, content
        return [one["number"] for one in content["records"]]


def codes(content: Any) -> list[tuple[str, str]]:
    """What is wrong, by code and field."""
    return [(one["code"], one["field"]) for one in content]
