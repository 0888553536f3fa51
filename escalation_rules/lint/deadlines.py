"""A step that is due within a time, counted from nothing."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.conditions import Done, Some
from escalation_rules.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.model import Rule
from escalation_rules.reading.rules import finding_tests
from escalation_rules.values import Instant
from escalation_rules.vocabulary import RecordList

MOST = 4
"""How many instants are named from which the time could count."""


def counted_from_nothing(linted: Linted) -> Found:
    """`within` without `of`, for an action without an anchor (or with one that the rule does not reach)."""
    for rule in linted.model.rules:
        for step in rule.recommends:
            if step.within is None or step.anchor is not None:
                continue
            near = list(dict.fromkeys(instants_near(linted, rule)))[:MOST]
            named = f"`of` and an instant ({', '.join(near)})" if near else "`of` and an instant"
            yield warning(
                "no-anchor", step.position,
                f"`within: {step.within}` of {step.action} counts from nothing: no due time will ever be shown",
                f"{named}, or an `anchor:` in the declaration of {step.action}",
                f"{step.within} of {near[0]}" if near else None,
            )  # fmt: skip


def instants_near(linted: Linted, rule: Rule) -> Iterator[str]:
    """What may stand behind `of` in the rule, the nearest first: of its record, of those that it found, what was done,
    the facts that it tests, and all others.
    """
    records, facts = linted.vocabulary.records, linted.vocabulary.facts
    tests = list(rule.when.walk()) if rule.when is not None else []
    if rule.for_each is not None:
        yield from _instants(records[rule.for_each])
    found = list(finding_tests(rule.when)) if rule.when is not None else []
    for name in dict.fromkeys(each.selection.list for each in found):
        its = [each for each in found if each.selection.list == name]
        if len([each for each in its if isinstance(each, Some)] or its) == 1 and name != rule.for_each:
            yield from _instants(records[name])
    yield from (each.only_action for each in tests if type(each) is Done and each.only_action is not None)
    known = [name for name, fact in facts.items() if isinstance(fact.type, Instant)]
    yield from (name.full for each in tests for name in each.names() if name.full in known)
    yield from known


def _instants(listed: RecordList) -> Iterator[str]:
    """The instants of a record; when it was recorded comes last."""
    fields = [name for name, fact in listed.fields.items() if isinstance(fact.type, Instant)]
    yield from (f"{listed.each}.{name}" for name in sorted(fields, key="recorded_at".__eq__))


CHECKS = (CheckUp(("no-anchor",), "a time that counts from nothing", counted_from_nothing),)
