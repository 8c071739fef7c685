"""Runs the benches and prints one table: name, median, target, ratio."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from .installations import installation, versions
from .results import Result, table

BOTH = ("sqlite", "postgresql")
BENCHES = {
    "intake": BOTH,
    "lists": BOTH,
    "locate": ("",),
    "figures": BOTH,
    "journal": BOTH,
    "alike": BOTH,
    "open311": BOTH,
}
RESULTS = Path(__file__).with_name("RESULTS.md")
OF_ONE = "--of-one"
#: Plain records for the journal's bench, which no line has.
PLAIN_RECORDS = {"FENGHUANG_TEST_APPS": "fenghuang.kernel.journal.tests.app"}


def main() -> int:
    words = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    words.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    words.add_argument("--quick", action="store_true", help="fewer records and rounds")
    words.add_argument("--write", action="store_true", help=f"also write {RESULTS.name}")
    words.add_argument(OF_ONE, action="store_true", help=argparse.SUPPRESS)
    given = words.parse_args()
    unknown = set(given.names) - set(BENCHES)
    if unknown:
        words.error(
            f"there is no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}"
        )
    if given.of_one:
        _here(given.names[0], given.quick)
        return 0
    results = [one for name in given.names or BENCHES for one in _apart(name, given.quick)]
    shown = table(results)
    print(f"\n{machine()}\n\n{shown}")
    if given.write:
        RESULTS.write_text(f"# Benchmarks\n\n{machine()}\n\n{shown}\n", encoding="utf-8")
    return 0


def machine() -> str:
    """What the figures were measured on, as far as it explains them."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {versions()}"


def _apart(name: str, quick: bool) -> Iterator[Result]:
    """Run one bench on each of its databases, in a process of its own."""
    for engine in BENCHES[name]:
        print(" · ".join(filter(None, (name, engine))), file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "benchmarks", name, OF_ONE, *["--quick"] * quick]
        with installation(engine) as environment:
            environment |= PLAIN_RECORDS if name == "journal" else {}
            run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        for line in run.stdout.splitlines():
            one = Result(**json.loads(line))
            print(f"    {' · '.join(filter(None, one.row()))}", file=sys.stderr, flush=True)
            yield one


def _here(name: str, quick: bool) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    for one in import_module(f"benchmarks.{name}").measure(quick):
        print(json.dumps(asdict(one)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
