"""What is learned from: each text once, enough of each label, the latest held back by day."""

from __future__ import annotations

from datetime import date

from fenghuang.kit.suggesting.examples import Example, RareLabel, latest, lesson


def test_a_text_counts_once_whatever_its_marks_width_and_digits():
    rows = [
        Example("3号路灯坏了", "灯"),
        Example("３号，路灯坏了！", "灯"),
        Example("4号路燈壞了", "灯"),
    ]

    found = lesson(rows, fewest=1)

    assert (found.examples, found.repeated, found.disputed) == ((rows[0],), 2, 0)


def test_of_a_text_with_several_labels_the_most_frequent_counts():
    rows = [Example("太吵", "噪音"), Example("太吵", "环境"), Example("太吵！", "环境")]

    found = lesson(rows, fewest=1)

    assert (found.examples, found.disputed) == ((Example("太吵", "环境"),), 1)


def test_a_label_with_too_few_texts_is_left_out_and_named():
    rows = [Example(f"{letter}灯", "灯") for letter in "甲乙丙丁戊"] + [Example("己树", "树")] * 9

    found = lesson(rows)

    assert (found.labels, found.rare) == (["灯"], (RareLabel("树", 1),))


def test_rows_without_text_or_label_are_counted():
    rows = [Example("", "灯"), Example(" ！\n", "灯"), Example("灯", ""), Example("灯", "灯")]

    found = lesson(rows, fewest=1)

    assert (found.without_text, found.without_label, len(found.examples)) == (2, 1, 1)


def test_the_fingerprint_is_that_of_the_rows_in_any_order():
    one, other = Example("灯", "甲"), Example("树", "乙")

    same = {lesson(rows, fewest=1).fingerprint for rows in ([one, other], [other, one])}

    assert len(same) == 1
    assert lesson([one, other._replace(label="甲")], fewest=1).fingerprint not in same


def test_the_latest_fifth_is_held_back_and_a_day_is_never_cut():
    days = [1, 2, 3, 4, 5, 6, 7, 9, 9, 9]
    rows = [Example(f"{at}", "灯", date(2021, 1, day)) for at, day in enumerate(days)]

    earlier, later = latest(rows)

    assert (earlier, later) == (rows[:7], rows[7:])
