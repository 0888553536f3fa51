"""Checks which acts a test means: of which record, and whether all of a step was done."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.errors import Position, listing
from escalation_rules.policy.conditions import Done, NotDone, NothingDoneFor
from escalation_rules.policy.conditions.act_filter import ActFilter
from escalation_rules.policy.model import Rule
from escalation_rules.policy.vocabulary import Action
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import parts_of


def other_records(linted: Linted) -> Found:
    """Tests on acts about any record, in a rule for records each of which refers to one; and on acts about no record."""
    for rule in linted.model.rules:
        for place, acts in _filters(rule):
            about = {linted.vocabulary.actions[name].about for name in acts.actions}
            listed = next(iter(about)) if len(about) == 1 else None
            if not acts.named or listed not in linted.vocabulary.records:
                continue
            named = listing(acts.named)
            if acts.about == "case":
                message = (
                    f"an act of {named} is about one of {listed}, and `about: case` means acts about none"
                )
                yield warning(
                    "acts-about", place, message, "`about: any` if those about all records are meant"
                )
            fields = _referring(linted, rule, listed) if acts.about is None and acts.scope == "any" else []
            if fields:
                message = f"this means {named} about any of {listed}, not only that of {listing(fields)}"
                expected = f"`about: {fields[0]}`, or `about: any` if all are meant"
                yield warning("acts-about", place, message, expected)


def _filters(rule: Rule) -> Iterator[tuple[Position, ActFilter]]:
    """Which acts the tests and totals of a rule mean, each with the place of the test, or of the rule."""
    parts = list(parts_of((rule.when, rule.unless, rule.effects)))
    tests = [part for part in parts if isinstance(part, (Done, NothingDoneFor))]
    yield from ((test.position, test.acts) for test in tests)
    tested = {id(test.acts) for test in tests}
    yield from (
        (rule.position, part) for part in parts if isinstance(part, ActFilter) and id(part) not in tested
    )


def _referring(linted: Linted, rule: Rule, target: str | None) -> list[str]:
    """The fields of the rule's records that refer to a record of another list."""
    listed = linted.vocabulary.records.get(rule.for_each or "")
    if listed is None or target in (None, listed.name):
        return []
    return listed.referring_to(target)


def part_done(linted: Linted) -> Found:
    """Holds that end with an act of an action whose steps are complete only when its acts add up to what is wanted."""
    for rule in linted.model.rules:
        for hold in rule.prohibits:
            for test in parts_of(hold.until):
                action = (
                    linted.vocabulary.actions.get(test.only_action or "") if isinstance(test, Done) else None
                )
                reached = _reached(action) if action is not None and not isinstance(test, NotDone) else []
                if action is not None and reached:
                    total = f"sum_done: {action.name}.{reached[0]}"
                    yield warning(
                        "part-done", hold.position,
                        f"this hold of {listing(hold.actions)} ends with any {action.name}, even of a part: its {reached[0]} "
                        "adds up (`reached: true`)",
                        f"a hold until what is wanted is at most the total, such as `{{claim.amount: {{at_most: {{{total}}}}}}}`",
                    )  # fmt: skip


def _reached(action: Action) -> list[str]:
    return [name for name, parameter in action.params.items() if parameter.reached]


CHECKS = (
    CheckUp(("acts-about",), "a test on acts about other records than meant", other_records),
    CheckUp(("part-done",), "a hold that ends when a part is done", part_done),
)
