"""Arrows between packages point inward only, with no exception."""

from __future__ import annotations

import tomllib
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]


def test_every_contract_is_kept(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    status = lint_imports(config_filename="pyproject.toml", no_cache=True)

    assert status == 0, capsys.readouterr().out


def test_no_contract_makes_an_exception():
    excepted = [
        contract["name"]
        for contract in CONFIG["contracts"]
        if {"ignore_imports", "unmatched_ignore_imports_alerting"} & set(contract)
    ]

    assert excepted == []


def test_every_package_has_its_place_in_the_layers():
    layers = next(one for one in CONFIG["contracts"] if one["name"] == "Arrows point inward")
    placed = {name for layer in layers["layers"] for name in layer.replace(" ", "").split("|")}
    packages = {
        f"fenghuang.{folder.name}"
        for folder in (ROOT / "fenghuang").iterdir()
        if (folder / "__init__.py").exists()
    }

    assert placed == packages
