"""Every pair of state and verb is decided, and so is who may do what."""

from __future__ import annotations

from datetime import datetime

import pytest

from fenghuang.kernel.people.models import User
from fenghuang.kernel.people.roles import Role
from fenghuang.kernel.worktime import LOCAL_ZONE
from fenghuang.lines.requests.models import (
    Meeting,
    Problem,
    ProjectItem,
    SmallMatter,
    WorkOrder,
)
from fenghuang.lines.requests.states import CYCLES
from fenghuang.lines.requests.tests.factories import SmallMatterFactory

MATRIX = {
    "meeting": """
        state     | hold | cancel
        planned   | held | cancelled
        held      | —    | —
        cancelled | —    | —
    """,
    "problem": """
        state            | answer_on_site   | make_small_matter | put_on_project_list | refer_up
        open             | answered_on_site | small_matter      | project_item        | referred_up
        answered_on_site | —                | —                 | —                   | —
        small_matter     | —                | —                 | —                   | —
        project_item     | —                | —                 | —                   | —
        referred_up      | —                | —                 | —                   | —
        merged           | —                | —                 | —                   | —
        not_accepted     | —                | —                 | —                   | —

        state            | merge  | not_accept   | reopen | list_further_item
        open             | merged | not_accepted | —      | —
        answered_on_site | —      | —            | open   | —
        small_matter     | —      | —            | —      | —
        project_item     | —      | —            | —      | project_item
        referred_up      | —      | —            | open   | —
        merged           | —      | —            | open   | —
        not_accepted     | —      | —            | open   | —

        state            | record_answer | record_feedback
        open             | —             | —
        answered_on_site | —             | answered_on_site
        small_matter     | —             | small_matter
        project_item     | —             | project_item
        referred_up      | referred_up   | referred_up
        merged           | —             | merged
        not_accepted     | —             | not_accepted
    """,
    "project_item": """
        state       | report_progress | complete | add_problem
        listed      | in_progress     | —        | listed
        in_progress | in_progress     | done     | in_progress
        done        | —               | —        | —
    """,
    "small_matter": """
        state      | fix   | strike_off | send_back | hand_over
        open       | fixed | —          | —         | open
        fixed      | —     | struck_off | open      | —
        struck_off | —     | —          | —         | —
    """,
    "work_order": """
        state        | accept   | not_accept   | redirect   | answer | file
        registered   | accepted | not_accepted | redirected | closed | —
        accepted     | —        | not_accepted | redirected | closed | filed
        filed        | —        | —            | redirected | —      | —
        dispatched   | —        | —            | —          | —      | —
        received     | —        | —            | —          | —      | —
        handling     | —        | —            | —          | —      | —
        return_asked | —        | —            | —          | —      | —
        on_hold      | —        | —            | —          | —      | —
        submitted    | —        | —            | —          | —      | —
        verified     | —        | —            | —          | —      | —
        closed       | —        | —            | —          | —      | —
        called_back  | —        | —            | —          | —      | —
        struck_off   | —        | —            | —          | —      | —
        archived     | —        | —            | —          | —      | —
        merged       | —        | —            | —          | —      | —
        not_accepted | —        | —            | —          | —      | —
        redirected   | —        | —            | —          | —      | —

        state        | dispatch   | receive  | ask_return   | agree_return | refuse_return
        registered   | —          | —        | —            | —            | —
        accepted     | —          | —        | —            | —            | —
        filed        | dispatched | —        | —            | —            | —
        dispatched   | —          | received | return_asked | —            | —
        received     | —          | —        | return_asked | —            | —
        handling     | —          | —        | —            | —            | —
        return_asked | —          | —        | —            | filed        | received
        on_hold      | —          | —        | —            | —            | —
        submitted    | —          | —        | —            | —            | —
        verified     | —          | —        | —            | —            | —
        closed       | —          | —        | —            | —            | —
        called_back  | —          | —        | —            | —            | —
        struck_off   | —          | —        | —            | —            | —
        archived     | —          | —        | —            | —            | —
        merged       | —          | —        | —            | —            | —
        not_accepted | —          | —        | —            | —            | —
        redirected   | —          | —        | —            | —            | —

        state        | contact  | ask_extension | grant_extension | refuse_extension | hold
        registered   | —        | —             | —               | —                | —
        accepted     | —        | —             | —               | —                | —
        filed        | —        | —             | —               | —                | —
        dispatched   | —        | —             | —               | —                | —
        received     | handling | received      | received        | received         | on_hold
        handling     | handling | handling      | handling        | handling         | on_hold
        return_asked | —        | —             | —               | —                | —
        on_hold      | —        | —             | on_hold         | on_hold          | —
        submitted    | —        | —             | —               | —                | —
        verified     | —        | —             | —               | —                | —
        closed       | —        | —             | —               | —                | —
        called_back  | —        | —             | —               | —                | —
        struck_off   | —        | —             | —               | —                | —
        archived     | —        | —             | —               | —                | —
        merged       | —        | —             | —               | —                | —
        not_accepted | —        | —             | —               | —                | —
        redirected   | —        | —             | —               | —                | —

        state        | review_hold | resume   | submit    | verify   | send_back
        registered   | —           | —        | —         | —        | —
        accepted     | —           | —        | —         | —        | —
        filed        | —           | —        | —         | —        | —
        dispatched   | —           | —        | —         | —        | —
        received     | —           | —        | submitted | —        | —
        handling     | —           | —        | submitted | —        | —
        return_asked | —           | —        | —         | —        | —
        on_hold      | on_hold     | handling | —         | —        | —
        submitted    | —           | —        | —         | verified | handling
        verified     | —           | —        | —         | —        | —
        closed       | —           | —        | —         | —        | —
        called_back  | —           | —        | —         | —        | —
        struck_off   | —           | —        | —         | —        | —
        archived     | —           | —        | —         | —        | —
        merged       | —           | —        | —         | —        | —
        not_accepted | —           | —        | —         | —        | —
        redirected   | —           | —        | —         | —        | —

        state        | close  | call_back   | record_try | end_calling | reopen
        registered   | —      | —           | —          | —           | —
        accepted     | —      | —           | —          | —           | —
        filed        | —      | —           | —          | —           | —
        dispatched   | —      | —           | —          | —           | —
        received     | —      | —           | —          | —           | —
        handling     | —      | —           | —          | —           | —
        return_asked | —      | —           | —          | —           | —
        on_hold      | —      | —           | —          | —           | —
        submitted    | —      | —           | —          | —           | —
        verified     | closed | —           | —          | —           | —
        closed       | —      | called_back | closed     | called_back | filed
        called_back  | —      | —           | —          | —           | filed
        struck_off   | —      | —           | —          | —           | filed
        archived     | —      | —           | —          | —           | —
        merged       | —      | —           | —          | —           | —
        not_accepted | —      | —           | —          | —           | registered
        redirected   | —      | —           | —          | —           | registered

        state        | merge  | unmerge  | strike_off | archive  | ask_exclusion
        registered   | merged | —        | —          | —        | —
        accepted     | merged | —        | —          | —        | —
        filed        | merged | —        | —          | —        | —
        dispatched   | —      | —        | —          | —        | —
        received     | —      | —        | —          | —        | —
        handling     | —      | —        | —          | —        | —
        return_asked | —      | —        | —          | —        | —
        on_hold      | —      | —        | —          | —        | —
        submitted    | —      | —        | —          | —        | —
        verified     | —      | —        | —          | —        | —
        closed       | —      | —        | —          | —        | closed
        called_back  | —      | —        | struck_off | archived | called_back
        struck_off   | —      | —        | —          | archived | struck_off
        archived     | —      | —        | —          | —        | —
        merged       | —      | accepted | —          | —        | —
        not_accepted | —      | —        | —          | archived | —
        redirected   | —      | —        | —          | archived | —

        state        | grant_exclusion | refuse_exclusion | hand_over  | add_co_unit | publish
        registered   | —               | —                | —          | —           | registered
        accepted     | —               | —                | —          | —           | accepted
        filed        | —               | —                | —          | —           | filed
        dispatched   | —               | —                | dispatched | dispatched  | dispatched
        received     | —               | —                | received   | received    | received
        handling     | —               | —                | handling   | handling    | handling
        return_asked | —               | —                | —          | —           | return_asked
        on_hold      | —               | —                | —          | —           | on_hold
        submitted    | —               | —                | —          | —           | submitted
        verified     | —               | —                | —          | —           | verified
        closed       | closed          | closed           | —          | —           | closed
        called_back  | called_back     | called_back      | —          | —           | called_back
        struck_off   | struck_off      | struck_off       | —          | —           | struck_off
        archived     | —               | —                | —          | —           | archived
        merged       | —               | —                | —          | —           | merged
        not_accepted | —               | —                | —          | —           | not_accepted
        redirected   | —               | —                | —          | —           | redirected
    """,
}

#: Who does what: s(ecretary), w(orker of the community), g(rid worker), c(entre), d(epartment),
#: l(eader), L(eader in charge), k (checker), h(ead of a building).
LETTERS = {
    "s": Role.SECRETARY,
    "w": Role.COMMUNITY_WORKER,
    "g": Role.GRID_WORKER,
    "c": Role.CENTRE,
    "d": Role.DEPARTMENT,
    "l": Role.LEADER,
    "L": Role.LINE_LEADER,
    "k": Role.CHECKER,
    "h": Role.BUILDING_HEAD,
}
WHO = """
    meeting.hold                | s w
    meeting.cancel              | s w
    problem.answer_on_site      | s w c
    problem.make_small_matter   | s w c
    problem.put_on_project_list | l L c
    problem.list_further_item   | l L c
    problem.refer_up            | s w c
    problem.merge               | s w c
    problem.not_accept          | s w c
    problem.reopen              | c
    problem.record_answer       | s w c
    problem.record_feedback     | s w c g
    project_item.report_progress | d c s
    project_item.complete       | l L c
    project_item.add_problem    | l L c
    small_matter.fix            | s w g d h
    small_matter.strike_off     | k c s L
    small_matter.send_back      | k c s L
    small_matter.hand_over      | s w g d h c
    work_order.accept | c
    work_order.not_accept | c
    work_order.redirect | c
    work_order.answer | c
    work_order.file | c
    work_order.dispatch | c
    work_order.receive | s w g c d
    work_order.ask_return | s w g c d
    work_order.agree_return | c
    work_order.refuse_return | c
    work_order.contact | s w g c d
    work_order.ask_extension | s w g c d
    work_order.grant_extension | c
    work_order.refuse_extension | c
    work_order.hold | l L
    work_order.review_hold | c l L
    work_order.resume | c l L
    work_order.submit | s w g c d
    work_order.verify | s c L k
    work_order.send_back | s c L k
    work_order.close | c
    work_order.call_back | c
    work_order.record_try | c
    work_order.end_calling | c
    work_order.reopen | c
    work_order.merge | c
    work_order.unmerge | c
    work_order.strike_off | s c L k
    work_order.archive | c
    work_order.ask_exclusion | s w g c d
    work_order.grant_exclusion | c l L k
    work_order.refuse_exclusion | c l L k
    work_order.hand_over | s w g c d
    work_order.add_co_unit | c
    work_order.publish | c
"""

CLASSES = {"meeting": Meeting, "problem": Problem, "project_item": ProjectItem}
CLASSES |= {"small_matter": SmallMatter, "work_order": WorkOrder}

#: Refused by the guard of the verb as long as nothing was asked for or nothing is due.
GUARDED = {
    "ask_extension": "overdue",
    "grant_extension": "nothing_asked",
    "refuse_extension": "nothing_asked",
    "end_calling": "call_again",
    "grant_exclusion": "nothing_asked",
    "refuse_exclusion": "nothing_asked",
}
EVERYBODY = frozenset(Role)


def cells(text):
    return [[cell.strip() for cell in row.split("|")] for row in text.strip().splitlines()]


def stated(text):
    """(state, verb) → next state, or None where the table has a dash."""
    found = {}
    for part in text.strip().split("\n\n"):
        (_state, *verbs), *rows = cells(part)
        for state, *targets in rows:
            for verb, target in zip(verbs, targets, strict=True):
                found[state, verb] = None if target == "—" else target
    return found


def somebody() -> User:
    """A person without a name, who stands in for nobody."""
    user = User()
    user.current_appointments = []
    return user


def decisions(cycle, roles, **values):
    """(state, verb) → the refusal's code, empty where allowed; each refusal has its sentence."""
    found = {}
    for state, verb, _to in cycle.matrix():
        record = CLASSES[cycle.code](**{cycle.state_field: state}, **values)
        decision = cycle.decide(verb, record, somebody(), roles)
        assert bool(decision.sentence) is not decision.is_allowed
        found[state, verb] = decision.code
    return found


@pytest.mark.parametrize("cycle", CYCLES, ids=lambda cycle: cycle.code)
def test_each_verb_leads_where_the_table_says_and_nowhere_else(cycle):
    decided = {(state, verb): to for state, verb, to in cycle.matrix()}

    assert decided == stated(MATRIX[cycle.code])


def test_each_verb_is_for_those_whom_the_table_names():
    who = {f"{cycle.code}.{verb.code}": verb.who for cycle in CYCLES for verb in cycle.verbs}

    assert who == {
        verb: frozenset(LETTERS[letter] for letter in letters.split())
        for verb, letters in cells(WHO)
    }


@pytest.mark.django_db
@pytest.mark.parametrize("cycle", CYCLES, ids=lambda cycle: cycle.code)
def test_what_the_state_does_not_allow_is_refused_to_everybody_with_a_reason(cycle):
    assert decisions(cycle, EVERYBODY) == {
        (state, verb): GUARDED.get(verb, "") if to else "state"
        for (state, verb), to in stated(MATRIX[cycle.code]).items()
    }


@pytest.mark.parametrize("cycle", CYCLES, ids=lambda cycle: cycle.code)
def test_who_holds_no_role_is_told_who_does(cycle):
    assert decisions(cycle, frozenset()) == {
        pair: "role" if to else "state" for pair, to in stated(MATRIX[cycle.code]).items()
    }


@pytest.mark.parametrize("cycle", CYCLES, ids=lambda cycle: cycle.code)
def test_nothing_can_be_done_to_a_record_that_was_withdrawn(cycle):
    withdrawn = decisions(cycle, EVERYBODY, voided_at=datetime(2021, 6, 1, 8, tzinfo=LOCAL_ZONE))

    assert set(withdrawn.values()) == {"voided"}


@pytest.mark.parametrize("verb", ["strike_off", "send_back"])
def test_whoever_fixed_a_small_matter_does_not_confirm_it(verb, cast):
    matter = SmallMatterFactory(state="fixed", fixed_by=cast.secretary)
    roles = frozenset({Role.SECRETARY})

    by_the_fixer = SmallMatter.CYCLE.decide(verb, matter, cast.secretary, roles)
    by_another = SmallMatter.CYCLE.decide(verb, matter, cast.centre, frozenset({Role.CENTRE}))

    assert (by_the_fixer.code, bool(by_the_fixer.sentence)) == ("second_person", True)
    assert by_another.is_allowed
