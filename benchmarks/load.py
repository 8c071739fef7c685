"""A client that sends the same kind of request over a few connections, as fast as it is answered.

One thread, sockets and epoll, no library: it costs a few hundredths of what a server spends on the
request, and says how much.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import quantiles

SMALLEST = 65_536


@dataclass(frozen=True)
class Load:
    """What came back: how many answers in how many seconds, and how long each took."""

    answers: int
    seconds: float
    latencies: list[float]
    statuses: dict[int, int]
    client_seconds: float

    @property
    def rate(self) -> float:
        return self.answers / self.seconds

    @property
    def p95(self) -> float:
        return quantiles(self.latencies, n=20)[-1]


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> int | None:
        """Read what has come; the status of the answer once it is whole."""
        some = self.socket.recv(SMALLEST)
        if not some:
            raise ConnectionError("the server closed the connection")
        self.received += some
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return None
        _before, has_length, length = head.lower().partition(b"content-length:")
        if has_length:
            is_whole = len(body) >= int(length.split(b"\r\n", 1)[0])
        else:  # in chunks, of which the last is empty
            is_whole = body.endswith(b"0\r\n\r\n")
        return int(head[9:12]) if is_whole else None


JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def post(path: str, body: bytes, headers: str = "", *, kind: str = JSON) -> bytes:
    """The bytes of a POST over a connection that stays open."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


def send(requests: Iterator[bytes], port: int, *, connections: int, seconds: float) -> Load:
    """Send one request after the other on each connection for so long, then await the last."""
    latencies: list[float] = []
    statuses: dict[int, int] = {}
    began, spent = time.perf_counter(), time.process_time()
    with selectors.DefaultSelector() as waiting:
        for _n in range(connections):
            connection = _Connection(port)
            waiting.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(requests))
        while waiting.get_map():
            for key, _events in waiting.select():
                connection = key.data
                status = connection.status()
                if status is None:
                    continue
                now = time.perf_counter()
                latencies.append(now - connection.sent_at)
                statuses[status] = statuses.get(status, 0) + 1
                if now - began < seconds:
                    connection.send(next(requests))
                else:
                    waiting.unregister(connection.socket)
                    connection.socket.close()
    took = time.perf_counter() - began
    return Load(len(latencies), took, latencies, statuses, time.process_time() - spent)
