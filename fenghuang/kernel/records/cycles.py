"""Life cycles as data: which verb leads from state to state, who may, under what guard, by when.

A line writes its cycles in `states.py`. Screens, actions, diagrams and tests all read the same
data, so a button can never offer what the action would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fenghuang.kernel.refusal import Refused

#: Looks at record and person and raises Refused where the rules of the line forbid the verb.
Guard = Callable[[Any, Any], None]


@dataclass(frozen=True)
class Verb:
    """One thing the office does to a record.

    `leads` maps each state in which the verb is possible to the state it leads to (the same state
    where the verb only adds something). `who` are role codes. `limit` names a time limit of the
    line's parameters within which the verb is due.
    """

    code: str
    label: Any
    leads: Mapping[str, str]
    who: frozenset[str]
    guard: Guard | None = None
    limit: str | None = None
    explains: Any = ""
    is_grave: bool = False


@dataclass(frozen=True)
class Decision:
    """May this person do this verb to this record now? If not, `sentence` says why not."""

    verb: Verb
    code: str = ""
    sentence: str = ""

    @property
    def is_allowed(self) -> bool:
        return not self.code


@dataclass(frozen=True)
class LifeCycle:
    """The states of one kind of record, in the order in which people think of them."""

    code: str
    state_field: str
    states: Mapping[str, Any]
    start: frozenset[str]
    verbs: tuple[Verb, ...]
    line: str
    by_code: Mapping[str, Verb] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {verb.code: verb for verb in self.verbs})
        for verb in self.verbs:
            unknown = {*verb.leads, *verb.leads.values()} - set(self.states)
            if unknown:
                raise ValueError(f"{self.code}.{verb.code} names unknown states {sorted(unknown)}")

    def state_of(self, record: Any) -> str:
        return str(getattr(record, self.state_field))

    def decide(self, code: str, record: Any, user: Any, roles: frozenset[str]) -> Decision:
        """Every pair of state and verb has an answer: carried out, or refused with a sentence."""
        verb = self.by_code[code]
        state = self.state_of(record)
        if record.voided_at is not None:
            return Decision(
                verb, "voided", _("This record was withdrawn. Nothing can be done to it any more.")
            )
        if state not in verb.leads:
            return Decision(
                verb,
                "state",
                _("“%(verb)s” is for %(from)s; this one is %(state)s.")
                % {
                    "verb": verb.label,
                    "from": "、".join(f"“{self.states[one]}”" for one in verb.leads),
                    "state": f"“{self.states[state]}”",
                },
            )
        if not verb.who & roles:
            return Decision(
                verb,
                "role",
                _("“%(verb)s” is done by: %(who)s.")
                % {"verb": verb.label, "who": "、".join(_role_labels(verb.who))},
            )
        if verb.guard is not None:
            try:
                verb.guard(record, user)
            except Refused as refused:
                return Decision(verb, refused.code, str(refused.sentence))
        return Decision(verb)

    def check(self, code: str, record: Any, user: Any, roles: frozenset[str]) -> str:
        """The state that the verb leads to; Refused where it may not be done."""
        decision = self.decide(code, record, user, roles)
        if not decision.is_allowed:
            raise Refused(decision.code, decision.sentence)
        return decision.verb.leads[self.state_of(record)]

    def matrix(self) -> Iterator[tuple[str, str, str | None]]:
        """(state, verb, next state or None where refused) for every pair."""
        for state in self.states:
            for verb in self.verbs:
                yield state, verb.code, verb.leads.get(state)

    def diagram(self) -> str:
        """The cycle as a Mermaid state diagram, with who and the time limit on each arrow."""
        lines = ["stateDiagram-v2"]
        lines += [f"    [*] --> {state}" for state in self.states if state in self.start]
        for verb in self.verbs:
            note = f" · {verb.limit}" if verb.limit else ""
            for state, target in verb.leads.items():
                lines.append(f"    {state} --> {target}: {verb.code}{note}")
        ends = [
            state
            for state in self.states
            if not any(state in verb.leads and verb.leads[state] != state for verb in self.verbs)
        ]
        lines += [f"    {state} --> [*]" for state in ends]
        return "\n".join(lines)


def _role_labels(codes: frozenset[str]) -> list[str]:
    from fenghuang.kernel.people.roles import Role

    return [str(role.label) for role in Role if role.value in codes]


def check_second_person(first: Any, second: Any) -> None:
    """Whoever confirms must be another person than whoever did the work.

    Source: Statistics Law 24 (填报人/审核人/签发人); separation of handler and verifier.
    """
    if first is not None and first == second:
        raise Refused(
            "second_person",
            _("You did this yourself; somebody else must confirm it. Ask a colleague."),
        )
