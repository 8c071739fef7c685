import re
from collections import Counter
from random import Random

import pytest

from fenghuang.demo.geography import demo_street
from fenghuang.demo.stories import (
    CATEGORIES,
    MEETINGS,
    PROBLEMS,
    URGENCIES,
    meetings,
    problems,
    retold,
)

STREET = demo_street()
SLOTS = {"compound", "building", "entrance", "floor", "lane", "community"}
FIELDS = {
    "small_matter": {"text", "title", "fixed", "yuan"},
    "project_item": {"text", "title", "owner", "wan", "days"},
    "answered_on_site": {"text", "answer"},
    "referred_up": {"text", "to", "reason"},
    "not_accepted": {"text", "reason"},
}
ENTRIES = [
    pytest.param(disposition, entry, id=f"{category}-{disposition}-{i}")
    for category, entries in PROBLEMS.items()
    for disposition, group in entries.items()
    for i, entry in enumerate(group)
]


def told(seed, count, disposition):
    turns = [STREET.communities[i % 8].key for i in range(count)]
    return problems(STREET, Random(seed), [(key, disposition) for key in turns])


def test_every_category_of_the_field_has_twelve_templates_or_more():
    counts = {category: sum(map(len, PROBLEMS[category].values())) for category in CATEGORIES}

    assert " ".join(CATEGORIES) == (
        "housing road lighting pipes parking sanitation noise neighbours safety elderly education "
        "medical employment other"
    )
    assert min(counts.values()) >= 12


@pytest.mark.parametrize(("disposition", "entry"), ENTRIES)
def test_an_entry_tells_the_whole_story_and_its_signs_are_in_pairs(disposition, entry):
    words = [value for value in entry.values() if isinstance(value, str)]

    assert entry.keys() - {"old"} == FIELDS[disposition]
    for text in words:
        assert set(re.findall(r"{(\w*)}", text)) <= SLOTS
        plain = re.sub(r"\([^()|]*(\|[^()|]*)+\)", "", re.sub(r"{\w+}", "", text))
        assert not set(plain) & set("{}()|")


def test_every_month_has_themes_and_there_are_enough_of_them():
    themes = [theme for month in range(1, 13) for theme in MEETINGS["themes"][str(month)]]

    assert min(len(MEETINGS["themes"][str(month)]) for month in range(1, 13)) >= 2
    assert len(set(themes)) == len(themes) >= 24


def test_three_hundred_problems_are_rarely_alike_and_keep_to_their_place():
    stories = told(7, 300, "small_matter")
    building_of = {building.key: building for building in STREET.buildings}
    compound_of = {compound.key: compound for compound in STREET.compounds}

    assert len({story.text for story in stories}) >= 240
    assert all(story.title and story.measure for story in stories)
    for story in stories:
        if story.building:
            assert building_of[story.building].compound == story.compound
            assert building_of[story.building].grid == story.grid
        if story.compound:
            assert compound_of[story.compound].community == story.community
            assert compound_of[story.compound].name in story.text
        assert not re.search(r"[{}()|]|\d{6}", story.text + story.title + story.measure)


@pytest.mark.parametrize("disposition", URGENCIES)
def test_a_problem_is_told_with_what_becomes_of_it(disposition):
    (story,) = told(3, 1, disposition)

    filled = {
        name
        for name in ("title", "measure", "owner", "budget_fen", "days", "answer", "referred_to")
        if getattr(story, name)
    }
    assert (
        filled
        == {
            "small_matter": {"title", "measure"},
            "project_item": {"title", "owner", "budget_fen", "days"},
            "answered_on_site": {"answer"},
            "referred_up": {"referred_to"},
            "not_accepted": set(),
        }[disposition]
    )
    assert bool(story.reason) == (disposition in {"referred_up", "not_accepted"})


def test_all_templates_are_told_before_one_is_told_again():
    count = sum(len(entries["small_matter"]) for entries in PROBLEMS.values())

    stories = told(5, 2 * count, "small_matter")

    times = Counter(id(story.entry) for story in stories)
    assert set(times.values()) == {2}
    assert len(times) == count


def test_an_old_compound_is_chosen_for_what_only_old_compounds_suffer():
    stories = told(11, 200, "project_item")
    built = {compound.key: compound.built_year for compound in STREET.compounds}

    years = [built[s.compound] for s in stories if s.compound and s.entry.get("old")]

    assert len(years) > 10
    assert max(years) <= 2000


def test_a_matter_told_again_keeps_its_place_and_its_title():
    rng = Random(1)
    stories = told(2, 40, "project_item")

    again = [retold(rng, story) for story in stories]

    assert [(s.title, s.compound, s.building) for s in again] == [
        (s.title, s.compound, s.building) for s in stories
    ]
    assert sum(a.text != b.text for a, b in zip(again, stories, strict=True)) > 20


def test_meetings_follow_the_months_and_communities_take_turns():
    stories = meetings(STREET, Random(4), 24)

    assert [story.month for story in stories] == [month for month in range(1, 13) for _ in "ab"]
    assert set(Counter(story.community for story in stories).values()) == {3}
    assert all(12 <= story.attendances <= 60 for story in stories)
    assert all(story.theme in MEETINGS["themes"][str(story.month)] for story in stories)
    assert all(1 <= story.minutes.count("。") <= 3 for story in stories)
    assert len({story.minutes for story in stories}) == 24
    assert {story.chair for story in stories} <= set(MEETINGS["chairs"])


def test_the_same_seed_tells_the_same():
    assert told(9, 30, "referred_up") == told(9, 30, "referred_up")
    assert meetings(STREET, Random(9), 5) == meetings(STREET, Random(9), 5)
