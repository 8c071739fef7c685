"""Programs that send problems over several connections, each knowing what it was answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from threading import Lock
from typing import Any, NamedTuple

from .offices import PATIENCE

ADDRESS = "/api/requests/problems/"
AT_ONCE = 32  # connections

Fields = dict[str, Any]
Sent = Fields | list[Fields]


class Answer(NamedTuple):
    """What was sent, and what came back: a record, a list of records, or a list of problems."""

    sent: Sent
    status: int
    content: Any

    @property
    def is_acknowledged(self) -> bool:
        """201 is for what was entered now, 200 for what had been entered before."""
        return self.status in (200, 201)

    @property
    def key(self) -> str:
        """The client key of what was sent alone."""
        assert isinstance(self.sent, dict)
        key: str = self.sent["client_key"]
        return key


def acknowledged(answers: Iterable[Answer]) -> dict[str, str]:
    """The numbers that were told, by client key, of what was sent one by one."""
    return {one.key: one.content["number"] for one in answers if one.is_acknowledged}


class Client:
    """A program with a token. Its calls are for many threads."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send_all(
        self,
        contents: Iterable[Sent],
        *,
        connections: int = AT_ONCE,
        after: int = 0,
        cut: Callable[[], None] | None = None,
    ) -> list[Answer]:
        """Send everything, `connections` at a time, in order; the answers as they came.

        Whoever receives the acknowledgement number `after` calls `cut` at once, before anybody
        sends more. A connection that breaks sends nothing more.
        """
        waiting, turn = iter(contents), Lock()
        answers: list[Answer] = []

        def keep(answer: Answer) -> None:
            answers.append(answer)
            if cut and answer.is_acknowledged:
                nonlocal after
                after -= 1
                if after == 0:
                    cut()

        def work(_number: int) -> None:
            connection = self._connect()
            try:
                while True:
                    with turn:
                        content = next(waiting, None)
                    if content is None:
                        return
                    answer = self._post(connection, content)
                    with turn:
                        keep(answer)
            except (OSError, HTTPException):
                if cut is None:  # then nothing should have broken
                    raise
            finally:
                connection.close()

        with ThreadPoolExecutor(connections) as pool:
            list(pool.map(work, range(connections)))
        return answers

    def numbers(self) -> dict[str, str]:
        """All problems within sight that have a client key: their number, by key."""
        return {one["client_key"]: one["number"] for one in self._records()}

    def _records(self) -> Iterator[Fields]:
        connection = self._connect()
        after: str | None = ""
        while after is not None:
            connection.request("GET", f"{ADDRESS}?after={after}", headers=self._headers)
            page = json.load(connection.getresponse())
            yield from page["records"]
            after = page["after"]
        connection.close()

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)

    def _post(self, connection: HTTPConnection, content: Sent) -> Answer:
        connection.request("POST", ADDRESS, json.dumps(content), self._headers)
        response = connection.getresponse()
        body = response.read()
        is_json = response.headers.get_content_type() == "application/json"
        return Answer(content, response.status, json.loads(body) if is_json else body)
