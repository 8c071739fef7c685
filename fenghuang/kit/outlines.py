"""Outlines of grids, from a GeoJSON file: looked through like a ledger, then drawn.

A grid that has an outline keeps it: to redraw it takes a document.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang.kernel.places.models import Boundary, Kind, Street
from fenghuang.kernel.places.outlines import check_outline
from fenghuang.kernel.refusal import Refused

from .cells import text
from .findings import Finding, Severity
from .names import Named, NameIndex
from .workbooks import LARGEST_FILE


@dataclass
class StagedOutlines:
    """A GeoJSON file looked through: outlines of grids that have none yet, and what was found.

    `known` are the grids that have an outline; where the file has another one it is in `changed`.
    """

    street: Street
    file_name: str
    new: list[tuple[Named, dict[str, Any]]] = field(default_factory=list)
    known: list[Named] = field(default_factory=list)
    changed: list[tuple[Named, dict[str, Any]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]


_CODES = ("code", "网格编号", "网格编码")
_NAMES = ("name", "网格名称", "网格")
_COMMUNITIES = ("community", "社区")
MOST_OUTLINES = 20_000


def stage_outlines(
    content: bytes, names: NameIndex, *, street: Street, file_name: str = ""
) -> StagedOutlines:
    """Look a GeoJSON FeatureCollection of grid outlines through (degrees, WGS 84).

    A feature names its grid by `code` or 网格编号, or by `name` or 网格名称. Where several grids
    have that name, it also names its `community` or 社区.
    """
    staged = StagedOutlines(street, file_name)
    drawn = dict(
        Boundary.objects.valid_on(timezone.localdate())
        .filter(street=street, place__kind=Kind.GRID)
        .values_list("place_id", "geometry")
    )
    taken: set[uuid.UUID] = set()
    today = timezone.localdate()
    for n, feature in enumerate(_features(content), 1):
        try:
            grid = _grid_of_feature(feature, names)
            _check_in_being(grid, today)
            geometry = feature["geometry"]
            check_outline(geometry)
            if grid.id in taken:
                raise Refused("outline_twice", _("This grid has two outlines in the file."))
        except Refused as problem:
            staged.findings.append(_about(n, problem.code, str(problem.sentence), Severity.ERROR))
            continue
        taken.add(grid.id)
        if grid.id not in drawn:
            staged.new.append((grid, geometry))
            continue
        staged.known.append(grid)
        if not check_outline(drawn[grid.id]).equals(check_outline(geometry)):
            staged.changed.append((grid, geometry))
            sentence = _("The books hold another outline of %(grid)s. Redraw it with a document.")
            staged.findings.append(_about(n, "differs", sentence % {"grid": grid}, Severity.NOTE))
    return staged


def _check_in_being(grid: Named, today: date) -> None:
    if not grid.valid_from <= today < grid.valid_to:
        raise Refused(
            "retired_grid",
            _("%(grid)s is no longer in being. Name the grid that goes on for it.")
            % {"grid": grid},
        )


def _about(n: int, code: str, sentence: str, severity: Severity) -> Finding:
    return Finding("", n, f"features[{n - 1}]", "", code, sentence, severity)


def _features(content: bytes) -> list[Any]:
    not_geojson = Refused(
        "not_geojson", _("This is not a GeoJSON FeatureCollection. Export it as GeoJSON, WGS 84.")
    )
    if len(content) > getattr(settings, "FENGHUANG_LEDGER_MAX_BYTES", LARGEST_FILE):
        raise Refused("file_too_large", _("The file is too large. Simplify the outlines."))
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise not_geojson from error
    if not isinstance(data, dict) or not isinstance(features := data.get("features"), list):
        raise not_geojson
    if len(features) > MOST_OUTLINES:
        raise Refused("file_too_large", _("The file has too many outlines. Split it."))
    return features


def _grid_of_feature(feature: Any, names: NameIndex) -> Named:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or "geometry" not in feature:
        raise Refused("not_a_feature", _("This is not a feature with properties and a geometry."))

    def told(keys: Iterable[str]) -> str:
        return next((text(properties[key]) for key in keys if properties.get(key)), "")

    community = told(_COMMUNITIES)
    within = names.find(community, [Kind.COMMUNITY]) if community else []
    for name in (told(_CODES), told(_NAMES)):
        found = (
            names.find(name, [Kind.GRID], within=within[0].id if len(within) == 1 else None)
            if name
            else []
        )
        if len(found) == 1:
            return found[0]
    raise Refused(
        "unknown_grid",
        _("No one grid of the books is “%(name)s”. Name it by its code.")
        % {"name": told(_CODES) or told(_NAMES)},
    )
