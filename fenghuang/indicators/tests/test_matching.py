"""How well claims find the indicators of the whole catalogue: measured on labelled sentences."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from fenghuang.claims import reading, tests
from fenghuang.claims.matching import Matcher
from fenghuang.indicators.catalogue import catalogue
from fenghuang.indicators.tests.labelled import development, held_back

PHOENIX = Path(tests.__file__).parent / "data" / "phoenix_2021.txt"

#: what each figure of the annual report of Phoenix Street for 2021 says
PHOENIX_CODES = {
    "6家": "INV.CONTACT_ONSITE",
    "10余家": "INV.CONTACT_ONLINE",
    "2个": "INV.PROJ_COMPLETED_GE_1YI",
    "1个": "INV.PROJ_NEGOTIATING",
    "449家": "INV.HQ_ENTERPRISES_CUM",
    "19个": "REN.PROJ_DECLARED",
    "2.22亿元": "REN.INVEST_TOTAL",
    "307栋": "REN.BUILDINGS",
    "7740户": "REN.HOUSEHOLDS",
    "超过24万平方米": "REN.ASPHALT_AREA",
    "120余万元": "SEC.SPEND",
    "9个": "SEC.COMPOUNDS_DONE",
    "12次": "SAF.WAKEUP_DAYS",
    "70余次": "SAF.INSPECTIONS",
    "20余处": "SAF.HAZARDS_ELIMINATED",
    "8次": "EVT.LECTURES",
    "60余场": "EVT.TALK_SESSIONS",
    "超过1200人次": "EVT.TALK_ATTENDANCES",
    "40余场次": "EVT.CELEBRATION_SESSIONS",
    "62场次": "MTG.SESSIONS",
    "200余个": "MTG.PROBLEMS",
    "36项": "MTG.PROJECT_ITEMS",
    "180余件": "MTG.SMALL_MATTERS_RESOLVED",
    "8个": "PTY.ORGS",
    "18个": "PTY.PAIRED_UNITS",
    "347名": "PTY.MEMBERS_CHECKED_IN",
    "31个": "PLC.GRIDS",
    "300余次": "VOL.SESSIONS",
}


@pytest.fixture(scope="module")
def matcher():
    return Matcher([one.answerable() for one in catalogue()])


def measured(rows, matcher, *, with_text=True):
    """Right and wrong matches, and claims that have an indicator."""
    counts: Counter[str] = Counter()
    for row in rows:
        found = matcher.match(row.claim, row.section, row.text if with_text else "").indicator
        counts["answered"] += row.code is not None
        counts["right"] += found is not None and found == row.code
        counts["wrong"] += found is not None and found != row.code
    return counts


def test_every_numeric_claim_of_the_phoenix_report_finds_its_indicator(matcher):
    text = PHOENIX.read_text(encoding="utf-8")

    found = {
        claim.text: matcher.match(claim, text=text).indicator for claim in reading.claims(text)
    }

    assert {fragment: found.get(fragment) for fragment in PHOENIX_CODES} == PHOENIX_CODES


def test_every_indicator_is_meant_by_some_labelled_claim():
    meant = {row.code for row in (*development(), *held_back())} - {None}
    codes = {one.code for one in catalogue()}

    assert codes - meant == {"INV.SIZE_BAND", "SAF.MECHANISM", "SEC.CAMPAIGN_KINDS"}
    assert meant - codes == set()


def test_the_examples_are_many_and_many_of_them_mean_nothing():
    rows = [*development(), *held_back()]

    assert len(rows) > 600
    assert sum(row.code is None for row in rows) > 250


def test_on_claims_held_back_few_matches_are_wrong_and_most_are_found(matcher):
    counts = measured(held_back(), matcher)

    assert counts["right"] / (counts["right"] + counts["wrong"]) >= 0.97
    assert counts["right"] / counts["answered"] >= 0.85


def test_without_the_text_less_is_found_but_nothing_more_is_wrong(matcher):
    counts = measured(held_back(), matcher, with_text=False)

    assert counts["right"] / (counts["right"] + counts["wrong"]) >= 0.97


def test_the_right_indicator_is_among_the_three_that_are_offered(matcher):
    rows = [row for row in held_back() if row.code]
    offered = [
        row.code in {one.code for one in matcher.match(row.claim, row.section, row.text).candidates}
        for row in rows
    ]

    assert sum(offered) / len(rows) >= 0.97


#: confidence → how many best candidates had it, how many of them were right
def reliability(rows, matcher):
    table: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        for text in (row.text, ""):
            found = matcher.match(row.claim, row.section, text)
            if found.reasons[0].code == "same_fit":
                continue  # two are as good; none is put forward
            best = found.candidates[0]
            table[best.confidence][0] += 1
            table[best.confidence][1] += best.code == row.code
    return {stated: (cases, right) for stated, (cases, right) in table.items()}


def test_the_confidence_is_the_share_of_claims_held_back_that_are_right(matcher):
    table = reliability(held_back(), matcher)

    assert set(table) == {0.0, 0.03, 0.58, 0.98, 0.99}
    for stated, (cases, right) in table.items():
        spread = 3 * (max(stated * (1 - stated), 0.01) / cases) ** 0.5
        assert right / cases == pytest.approx(stated, abs=spread + 0.02)


def test_the_development_half_is_known_by_heart(matcher):
    counts = measured(development(), matcher)

    assert counts["wrong"] == 0


def test_what_people_confirm_or_refuse_changes_that_claim_and_no_other(matcher):
    before = {row.claim: matcher.match(row.claim, row.section, row.text) for row in held_back()}
    unsure = next(row for row in held_back() if row.code and not before[row.claim].indicator)
    sure = next(row for row in held_back() if row.code and before[row.claim].indicator == row.code)
    taught = Matcher(
        [
            one.answerable(
                confirmed=[unsure.claim.subject] if one.code == unsure.code else [],
                refused=[sure.claim.subject] if one.code == sure.code else [],
            )
            for one in catalogue()
        ]
    )

    learned = taught.match(unsure.claim, unsure.section, unsure.text)

    assert (learned.indicator, learned.confidence) == (unsure.code, 1.0)
    assert taught.match(sure.claim, sure.section, sure.text).indicator != sure.code


def test_500_claims_against_300_indicators_take_no_noticeable_time():
    known = [one.answerable() for one in catalogue()]
    doubled = [*known, *(replace(one, code=f"{one.code}_2") for one in known), *known[:18]]
    rows = [*development(), *held_back()][:500]
    matcher = Matcher(doubled[:300])

    started = time.process_time()
    for row in rows:
        matcher.match(row.claim, row.section, row.text)
    spent = time.process_time() - started

    assert (len(rows), spent < 1) == (500, True)  # measured 0.18 s; slow machines pass too
