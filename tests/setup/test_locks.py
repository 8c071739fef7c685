"""The locks hold what pyproject.toml asks for, by hash, and say nothing of where it is fetched."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bootstrap import LOCKS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked(name: str) -> dict[str, set[str]]:
    """Each `package==version` of a lock with its hashes."""
    pins: dict[str, set[str]] = {}
    for entry in re.split(r"\n(?=[a-z])", (LOCKS / f"{name}.lock").read_text()):
        pins[entry.split()[0]] = set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", entry))
    return pins


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("runtime", PROJECT["project"]["dependencies"]),
        ("development", PROJECT["project"]["dependencies"]),
        ("development", PROJECT["dependency-groups"]["dev"]),
        ("development", PROJECT["build-system"]["requires"]),
        ("bootstrap", PROJECT["dependency-groups"]["bootstrap"]),
    ],
)
def test_everything_asked_for_is_locked_within_its_bounds(lock, asked):
    pins = [pin.split("==") for pin in locked(lock)]

    outside = [
        wanted
        for wanted in map(Requirement, asked)
        if not [
            version
            for name, version in pins
            if name == canonicalize_name(wanted.name) and wanted.specifier.contains(version)
        ]
    ]

    assert outside == []


def test_what_is_developed_with_is_what_runs():
    runtime, development = locked("runtime"), locked("development")

    assert {pin: development.get(pin) for pin in runtime} == runtime


@pytest.mark.parametrize("lock", ["runtime", "development", "bootstrap"])
def test_every_pin_has_hashes_and_none_has_an_address(lock):
    assert [pin for pin, hashes in locked(lock).items() if not hashes] == []
    assert "://" not in (LOCKS / f"{lock}.lock").read_text()
