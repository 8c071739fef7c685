"""Records of the requests line for the tests of reports, made without importing the line."""

from datetime import date, timedelta

from django.apps import apps

from fenghuang.kernel.records.actions import change, enter

LINE = "fenghuang.lines.requests"


def is_on():
    return apps.is_installed(LINE)


def hold_meetings(cast, count, *, place=None, attendances=20, on=date(2021, 3, 1)):
    meeting = apps.get_model("requests", "Meeting")
    return [
        enter(
            meeting(
                street=cast.street,
                place=place or cast.east_first,
                happened_on=on + timedelta(days=index),
                venue="梧桐里凉亭",
                theme="路灯",
                chair="周主任",
                attendances=attendances,
                state="held",
            ),
            actor=cast.community_worker,
        )
        for index in range(count)
    ]


def raise_problems(cast, count, *, resolved=0, place=None, on=date(2021, 4, 1)):
    problem = apps.get_model("requests", "Problem")
    made = [
        enter(
            problem(
                street=cast.street,
                place=place or cast.building,
                happened_on=on,
                text="门口王阿姨家的路灯不亮",
                contact="13900000000",
                category="lighting",
            ),
            actor=cast.community_worker,
        )
        for _ in range(count)
    ]
    for one in made[:resolved]:
        change(
            one,
            "answer_on_site",
            actor=cast.community_worker,
            disposition="answered_on_site",
            disposed_on=on,
            resolved_on=on,
            answer="已答复",
        )
    return made


def withdraw(record, cast):
    return change(record, "void", actor=cast.centre, op="void", voided_at=record.entered_at)
