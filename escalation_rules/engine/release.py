"""Determines what ends a hold: the missing acts and facts that its `until` requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from escalation_rules.policy.conditions import (
    Condition,
    Covered,
    Done,
    GivenTest,
    Need,
    Records,
    Situation,
    required_acts,
    required_tests,
)
from escalation_rules.policy.vocabulary import Action
from escalation_rules.values import Value


def lacking_acts(until: Condition, situation: Situation, records: Records) -> Iterator[tuple[Done, str]]:
    """Each `done: ACTION` that must become true for `until` to hold, unless time alone will make it true. Alternatives are
    left to people."""
    for test in required_acts(until):
        if test.only_action is None or test.evaluate(situation, records) is not False:
            continue
        if not test.needs_only_time(situation, records):
            yield test, test.only_action


def doer_of(done: Done, action: Action) -> str | None:
    """The role that can end a hold by an act that its owner cannot: the first one that the test names."""
    roles = done.acts.roles
    return roles[0] if roles and action.owner not in roles else None


def carried_over(
    held: Mapping[str, Value],
    of: Action,
    to: Action,
    covers: Covered | None,
    situation: Situation,
    records: Records,
) -> dict[str, Value]:
    """The parameters of a held step that the releasing act takes over, and the facts and fields that it must cover.

    Parameters that distinguish steps or add up are taken over only if the act must cover them.
    """
    names = covers.parameters if covers is not None and covers.of_step else ()
    alike = {
        name: value
        for name, value in held.items()
        if name in to.params
        and to.params[name].type == of.params[name].type
        and (name in names or not (to.params[name].apart or to.params[name].reached))
    }
    return alike if covers is None else alike | covers.stated(situation, records)


def lacking_facts(until: Condition, situation: Situation, records: Records) -> tuple[Need, ...]:
    """The facts that `until` waits for: those that leave it undecided, and those that must be given."""
    if until.evaluate(situation, records) is None:
        return until.undecided(situation, records)
    return tuple(
        test.name.need(situation, records)
        for test in required_tests(until)
        if isinstance(test, GivenTest) and test.wanted and not test.name.is_given(situation, records)
    )
