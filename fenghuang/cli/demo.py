"""Builds the demo street: places, staff, a made-up year, and the report that follows from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fenghuang import demo
from fenghuang.demo.books import DemoBooks
from fenghuang.demo.geography import DemoStreet, demo_street
from fenghuang.demo.plan import plan_2021
from fenghuang.indicators.figures import figures
from fenghuang.indicators.periods import year as whole_year
from fenghuang.indicators.registry import indicators
from fenghuang.kernel.people.actions import appoint, employ, found_unit, open_office
from fenghuang.kernel.people.models import Unit, User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.places.actions import add_places, sign_checkpoint
from fenghuang.kernel.places.models import (
    Boundary,
    Building,
    Community,
    Compound,
    ExternalCode,
    Grid,
    OtherName,
    Place,
    Street,
)
from fenghuang.kit.door import lines
from fenghuang.reports.audit_editions import as_html
from fenghuang.reports.audit_shown import in_sum
from fenghuang.reports.auditing import audit
from fenghuang.reports.compiling import write_report

Progress = Callable[[str, int, int], None]

#: A real annual report as a web page has it, damaged; the made-up year agrees with it.
FOUND = Path(demo.__file__).with_name("report_2021_as_found.txt")
FOUND_YEAR = 2021

SINCE = date(2015, 1, 1)
PASSWORD = "fenghuang-demo"  # noqa: S105 - named on the sign-in page of the demo, and only there
DEPARTMENTS = ("城建办", "社会事务办", "平安办", "党政办", "经发办", "应急办", "综治中心")

#: (user name, role, what the sign-in page says to try); one per role, all with the same password
ACCOUNTS: tuple[tuple[str, Role, Any], ...] = (
    ("secretary", Role.SECRETARY, "召开屋场贴心会，录入问题，给出处置去向"),
    ("grid", Role.GRID_WORKER, "录入问题，办理民生小事"),
    ("centre", Role.CENTRE, "给问题定去向，给民生小事销号"),
    ("checker", Role.CHECKER, "核对并销号"),
    ("department", Role.DEPARTMENT, "上报项目清单进展"),
    ("leader", Role.LEADER, "把问题列入项目清单，看报告和每个数字的来历"),
    ("office", Role.OFFICE, "编辑年度报告，导入导出台账"),
    ("auditor", Role.AUDITOR, "从报告数字一直查到记录"),
    ("admin", Role.ADMINISTRATOR, "管理账号和任职"),
)


def build(year: int, *, size: float, seed: int, out: Path, progress: Progress) -> list[str]:
    """Make the demo street unless it stands, compile its report; answers what to print.

    Deterministic by seed: the same seed gives the same places, people and events.
    """
    told = demo_street(seed)
    street = Street.objects.filter(name=told.name).first()
    if street is None:
        street = _enter(told, seed, size, progress)
    return _summary(street, year, out, progress)


def _enter(told: DemoStreet, seed: int, size: float, progress: Progress) -> Street:
    # One transaction: a demo that was broken off leaves nothing half made.
    with transaction.atomic():
        admin = open_office(
            told.name,
            code=told.code12,
            username="admin",
            name=str(Role.ADMINISTRATOR.label),
            password=PASSWORD,
            valid_from=SINCE,
        )
        street = admin.street
        assert street is not None
        by = admin.pseudonym
        places = enter_places(street, told, by=by)
        progress("地点", len(places), len(places))
        year = plan_2021(told, seed, size, today=timezone.localdate())
        units = _units(street, told, year, by)
        staff = _staff(street, told, places, units, by, progress)
        books = DemoBooks(street, year, places, units, staff)
        for line in lines():
            line.enter_demo(books, progress)
    sign_checkpoint(street)
    _name_accounts()
    return street


def enter_places(street: Street, told: DemoStreet, *, by: str) -> dict[str, Place]:
    """Enter the made-up places with codes, outlines and other names; answers them by their key."""
    places: dict[str, Place] = {}
    parents: dict[Any, list[Place]] = {}
    about: list[Any] = []

    def stand(key: str, place: Place, *above: Place) -> None:
        places[key] = place
        parents[place.id] = list(above)

    def code(place: Place, scheme: str, text: str) -> None:
        about.append(ExternalCode(place=place, scheme=scheme, code=text, valid_from=SINCE))

    def outline(place: Place, ring: Any) -> None:
        geometry = {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}
        about.append(Boundary(place=place, geometry=geometry, valid_from=SINCE))

    def also(place: Place, names: tuple[str, ...]) -> None:
        about.extend(OtherName(place=place, name=name, valid_from=SINCE) for name in names)

    for community in told.communities:
        one = Community(
            name=community.name,
            committee=community.committee,
            dwellings=community.dwellings,
            residents=community.residents,
            counted_on=community.as_of,
            valid_from=SINCE,
        )
        stand(community.key, one, street)
        code(one, ExternalCode.Scheme.STATISTICAL, community.code)
        outline(one, community.polygon)
        also(one, community.aliases)
    for grid in told.grids:
        cell = Grid(
            name=grid.name,
            limits=grid.boundary,
            dwellings=grid.dwellings,
            shops=grid.shops,
            public_phone=grid.public_phone,
            valid_from=SINCE,
        )
        stand(grid.key, cell, places[grid.community])
        code(cell, ExternalCode.Scheme.LOCAL, grid.code)
        outline(cell, grid.polygon)
    dwellings: dict[str, int] = {}
    for told_building in told.buildings:
        dwellings[told_building.compound] = (
            dwellings.get(told_building.compound, 0) + told_building.dwellings
        )
    for compound in told.compounds:
        estate = Compound(
            name=compound.name,
            tenure=compound.kind,
            built_year=compound.built_year,
            dwellings=dwellings.get(compound.key),
            floor_area_m2=compound.floor_area,
            manager=compound.manager_mode,
            is_old=compound.built_year <= 2000,
            valid_from=SINCE,
        )
        stand(compound.key, estate, places[compound.community])
        also(estate, compound.aliases)
    for building in told.buildings:
        house = Building(
            name=f"{building.no}栋",
            floors=building.floors,
            entrances=building.entrances,
            dwellings=building.dwellings,
            built_year=building.built_year,
            valid_from=SINCE,
        )
        stand(building.key, house, places[building.grid], places[building.compound])
    add_places(street, list(places.values()), parents, by=by, about=about)
    return places


def _units(street: Street, told: DemoStreet, year: Any, by: str) -> dict[str, Unit]:
    names = dict.fromkeys(DEPARTMENTS, Unit.Kind.DEPARTMENT)
    names |= dict.fromkeys((one.name for one in told.communities), Unit.Kind.COMMUNITY)
    for item in year.project_items:
        names.setdefault(item.owner, Unit.Kind.DEPARTMENT)
    for problem in year.problems:
        if problem.referred_to:
            names.setdefault(problem.referred_to, Unit.Kind.OUTSIDE)
    for matter in year.small_matters:
        names.setdefault(matter.unit, Unit.Kind.OUTSIDE)
    return {
        name: found_unit(street, name, kind, valid_from=SINCE, by=by)
        for name, kind in names.items()
    }


def _staff(
    street: Street,
    told: DemoStreet,
    places: Mapping[str, Place],
    units: Mapping[str, Unit],
    by: str,
    progress: Progress,
) -> dict[str, User]:
    """One person per role and place. All but the named accounts never sign in."""
    staff: dict[str, User] = {}
    named = {username for username, _role, _try in ACCOUNTS}
    total = len(ACCOUNTS) - 2 + 2 * len(told.communities) + len(told.grids)

    def hire(key: str, username: str, role: Role, place: Place, name: str, unit: str = "") -> None:
        password = PASSWORD if username in named else None
        staff[key] = employ(username, name, password, unit=units.get(unit))
        appoint(staff[key], role, place, valid_from=SINCE, by=by)
        progress("人员", len(staff), total)

    first = told.communities[0]
    first_grid = next(grid for grid in told.grids if grid.community == first.key)
    for index, community in enumerate(told.communities, 1):
        place, short = places[community.key], community.name.removesuffix("社区")
        username = "secretary" if community is first else f"secretary{index}"
        name = f"{short}·{Role.SECRETARY.label}"
        hire(community.key, username, Role.SECRETARY, place, name, community.name)
        name = f"{short}·{Role.COMMUNITY_WORKER.label}"
        worker = f"worker{index}"
        key = f"{community.key}/worker"
        hire(key, worker, Role.COMMUNITY_WORKER, place, name, community.name)
    for index, grid in enumerate(told.grids, 1):
        username = "grid" if grid is first_grid else f"grid{index}"
        hire(grid.key, username, Role.GRID_WORKER, places[grid.key], f"{grid.name}·网格员")
    for username, role, _try in ACCOUNTS:
        if username not in ("secretary", "grid", "admin"):
            hire(username, username, role, street, str(role.label))
    hire("caller", "caller", Role.CENTRE, street, f"{Role.CENTRE.label}·回访员")
    return staff


def _name_accounts() -> None:
    rows = [
        {
            "username": username,
            "password": PASSWORD,
            "role": str(role.label),
            "what_to_try": what_to_try,
        }
        for username, role, what_to_try in ACCOUNTS
    ]
    path = settings.HOME / "demo-accounts.json"
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=2), encoding="utf-8")


def _summary(street: Street, year: int, out: Path, progress: Progress) -> list[str]:
    # The accounts' page speaks the language of the office.
    read = figures(list(indicators()), whole_year(year), street)
    said = [
        f"{one.definition.zh}: {'—' if one.value is None else one.value} {one.definition.unit}"
        for one in read.values()
    ]
    written = write_report(out, street, year, ["txt", "html"], progress)
    audited = []
    if year == FOUND_YEAR:
        found = audit(FOUND.read_text(encoding="utf-8"), street, whole_year(year))
        page = out / "audit.html"
        page.write_text(as_html(found, FOUND.stem), encoding="utf-8", newline="\n")
        audited = [_("The report of %(year)s as the web has it:") % {"year": year}, in_sum(found)]
        written.append(page)
    return [
        _("%(street)s, %(year)s:") % {"street": street, "year": year},
        *said,
        *audited,
        *(_("written: %(path)s") % {"path": path} for path in written),
    ]
