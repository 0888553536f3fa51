"""Checks for unintended effects: endless steps, ignored instants, rules covered or contradicted by others."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from escalation_rules.errors import listing
from escalation_rules.policy.conditions import Done, FactTest, NotDone, StepTest, required_tests
from escalation_rules.policy.conditions.counting import Count
from escalation_rules.policy.conditions.operands import Other
from escalation_rules.policy.conditions.operators import Above, AtLeast
from escalation_rules.policy.conditions.records import Latest
from escalation_rules.policy.conditions.selection import RecordCondition
from escalation_rules.policy.model import Effect, FoundAnchor, Hold, Prohibit, Recommend, Rule
from escalation_rules.policy.parameter_values import Given, OfLast
from escalation_rules.policy.vocabulary import Action, Fact
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.rules import implies
from escalation_rules.tools.lint.usage import parts_of
from escalation_rules.values import Amount, Flag, Instant

_CLOSING = re.compile(r"(.*[._])?(active|closed|closed_at|resolved|resolved_at|settled|settled_at|ended_at)")
_RECORDED = "recorded_at"


def closing_facts(linted: Linted) -> set[str]:
    """The facts that tell whether a case is closed: recognised by name, and by their use in `applies_while`."""
    facts = linted.vocabulary.facts
    named = {name for name, fact in facts.items() if _CLOSING.fullmatch(name) and _tells(fact)}
    gates = [
        ruleset.applies_while
        for ruleset in linted.model.rulesets.values()
        if ruleset.applies_while is not None
    ]
    return named | {name for gate in gates for name, _ in gate.all_reads() if name in facts}


def _tells(fact: Fact) -> bool:
    return isinstance(fact.type, (Flag, Instant))


def goes_on(linted: Linted) -> Found:
    """Repeating steps of a rule that does not test whether the case is closed."""
    closing = closing_facts(linted)
    if not closing:
        return
    resting = _resting_on(linted, closing)
    for rule in linted.model.rules:
        if (
            linted.model.rulesets[rule.ruleset].applies_while is None
            and not linted.usage_of(rule).read & resting
            and not _looks_at_a_step(rule)
        ):
            for step in rule.recommends:
                if step.again is not None:
                    yield warning(
                        "goes-on", step.position,
                        f"{step.action} comes back `every {step.again}` also after the case is closed",
                        f"`applies_while:` in the ruleset, or a test of {sorted(closing)[0]} in the rule",
                    )  # fmt: skip


def _looks_at_a_step(rule: Rule) -> bool:
    """Whether the rule holds only while a step is open, whose own rule is looked at."""
    tests = required_tests(rule.when) if rule.when is not None else ()
    return any(isinstance(test, StepTest) for test in tests)


def _resting_on(linted: Linted, closing: set[str]) -> set[str]:
    """The closing facts, and all conclusions that depend on them."""
    known, before = set(closing), 0
    while len(known) > before:
        before = len(known)
        for rule in linted.model.rules:
            if linted.usage_of(rule).read & known:
                known |= {conclusion.name for conclusion in rule.concludes}
    return known


def no_order(linted: Linted) -> Found:
    """`latest`, `earliest`, `count … within` and similar, over a list that has instants of its own but is
    ordered by `recorded_at`."""
    seen: set[str] = set()
    for rule in linted.model.rules:
        for name in _ordered(rule):
            listed = linted.vocabulary.records[name]
            own = [
                field
                for field, fact in listed.fields.items()
                if isinstance(fact.type, Instant) and field != _RECORDED
            ]
            if own and listed.ordered_by == _RECORDED and name not in seen:
                seen.add(name)
                yield warning(
                    "no-order", listed.position,
                    f"{name} has no `ordered_by:`, so {rule.id} (see {rule.position}) counts from `recorded_at`, "
                    "which cases seldom contain: the step is then never due",
                    f"`ordered_by: {own[0]}`",
                )  # fmt: skip


def unclear_of(linted: Linted) -> Found:
    """Tests on the list that the rule goes through, if its records refer to one another and `of:` does not say
    whether those that refer to the record are meant, or all."""
    for rule in linted.model.rules:
        listed = linted.vocabulary.records.get(rule.for_each or "")
        if listed is None:
            continue
        fields = [name for name in listed.referring_to(listed.name) if name != listed.takes_place_of]
        for test in parts_of((rule.when, rule.unless, rule.effects)) if fields else ():
            if isinstance(test, RecordCondition):
                selection = test.selection
                if selection.list == listed.name and selection.via is None and not selection.whole:
                    yield warning(
                        "unclear-of", test.position,
                        f"this tests all {listed.name}, not only those whose {listing(fields)} is this {listed.each}",
                        f"`of: {fields[0]}`, or `of: case` if all are meant",
                    )  # fmt: skip


def _ordered(rule: Rule) -> Iterator[str]:
    for part in parts_of((rule.when, rule.unless, rule.effects)):
        if isinstance(part, (Latest, OfLast)) or (isinstance(part, Count) and part.window is not None):
            yield part.selection.list
    for step in rule.recommends:
        if isinstance(step.anchor, FoundAnchor) and isinstance(step.anchor.test, Count):
            yield step.anchor.test.selection.list


# --- pairs of rules ---------------------------------------------------------------------------------------------------


def _without_times(effect: Effect) -> Effect:
    return attrs.evolve(effect, within=None, anchor=None) if isinstance(effect, Recommend) else effect


def other_deadlines(linted: Linted) -> Found:
    """Rules that recommend the same for the same cases, with different times."""
    for rule, other in _pairs(linted):
        if linted.place(rule) < linted.place(other):
            continue  # reported once, at the later rule
        mine, its = rule.effects, other.effects
        timeless = [_without_times(effect) for effect in mine] == [_without_times(effect) for effect in its]
        if mine != its and timeless and implies(linted, rule, other) and implies(linted, other, rule):
            step = next(one for one, two in zip(rule.recommends, other.recommends, strict=True) if one != two)
            yield warning(
                "other-deadline", step.position,
                f"{rule.id} recommends {step.action} whenever {other.id} does (see {other.position}), with another deadline",
                "one of the two rules, or conditions that differ",
            )  # fmt: skip


def covered(linted: Linted) -> Found:
    """Rules that add nothing to another rule that applies whenever they do."""
    escalating = {name for rule in linted.model.rules for name in rule.escalates}
    overridden = {name for rule in linted.model.rules for name in rule.overrides}
    for rule, other in _pairs(linted):
        named = {rule.id, other.id} & (escalating | overridden)
        if named or not all(effect in other.effects for effect in rule.effects) or not rule.effects:
            continue
        if implies(linted, rule, other) and not (
            rule.effects == other.effects and implies(linted, other, rule)
        ):
            yield warning(
                "covered", rule.position,
                f"{rule.id} changes nothing: {other.id} says the same whenever it applies (see {other.position})",
                "no such rule, or effects that go further",
            )  # fmt: skip


def _pairs(linted: Linted) -> Iterator[tuple[Rule, Rule]]:
    """Pairs of rules with the same actions and scope, in both orders, except those that override or escalate
    one another."""
    plain = [
        rule
        for rule in linted.model.rules
        if not rule.overrides and not rule.escalates and not rule.concludes
    ]
    for rule in plain:
        for other in plain:
            if rule is not other and rule.for_each == other.for_each and _actions(rule) <= _actions(other):
                yield rule, other


def _actions(rule: Rule) -> set[object]:
    return {effect.action for effect in rule.recommends} | {
        (effect.named, effect.head) for effect in rule.prohibits
    }


def overrides_disabled(linted: Linted) -> Found:
    """Rules that override a rule disabled by a later layer."""
    for rule in linted.model.rules:
        for name in rule.overrides:
            gone = linted.model.removed.get(name)
            if gone is not None:
                yield warning(
                    "overrides-disabled", rule.position,
                    f"{rule.id} overrides {name}, which is {gone}: the override does nothing",
                    "no `overrides:`, or the rule that took its place",
                )  # fmt: skip


def limit_on_record(linted: Linted) -> Found:
    """Limits that test the value given for a step instead of the parameter of the act: an act with another
    amount passes."""
    given: dict[tuple[str, str], set[str]] = {}
    for rule in linted.model.rules:
        for step in rule.recommends:
            for name, value in step.params:
                if isinstance(value, Given) and isinstance(value.operand, Other):
                    given.setdefault((step.action, name), set()).add(value.operand.name.full)
    limited = {
        action
        for rule in linted.model.rules
        for effect in rule.prohibits
        if effect.where is not None
        for action in effect.actions
    }
    for rule in linted.model.rules:
        tests = (
            [condition for condition in rule.when.walk() if isinstance(condition, FactTest)]
            if rule.when is not None
            else []
        )
        above = {test.name.full: test for test in tests if isinstance(test.operator, (Above, AtLeast))}
        for effect in rule.prohibits:
            for (action, parameter), names in given.items():
                found = (
                    sorted(names & above.keys()) if action in effect.actions and action not in limited else []
                )
                if found:
                    operator = above[found[0]].operator
                    yield warning(
                        "limit-on-record", effect.position,
                        f"this tests {found[0]}, not the {parameter} of the act: {action} with another {parameter} is "
                        "not limited",
                        f"`where: {{{parameter}: {{{operator.key}: …}}}}` beside it, instead of the test of {found[0]}",
                    )  # fmt: skip


def approval_of_any_amount(linted: Linted) -> Found:
    """Holds that end by an act with the same amount, whatever its amount is."""
    actions = linted.vocabulary.actions
    for rule in linted.model.rules:
        for hold in rule.prohibits:
            for test in hold.awaited:
                ends = test.only_action if test.covers is None else None
                if ends is None:
                    continue
                both = _amounts(actions[ends]).intersection(
                    *(_amounts(actions[action]) for action in hold.actions)
                )
                in_order = test.position == hold.position
                for name in sorted(both):
                    covering = f"done: {{action: {ends}, covers: {name}}}"
                    yield warning(
                        "approval-of-any-amount", hold.position,
                        f"{ends} ends this hold whatever its {name}: done for a small {name}, it releases "
                        f"{hold.named} with a large one",
                        f"a hold of {hold.named} with `until: {{{covering}}}` besides `in_order:`, which compares no {name}"
                        if in_order else f"`{covering}`",
                    )  # fmt: skip


def unstated_approvals(linted: Linted) -> Found:
    """Holds that end by an act which covers a parameter, if the act need not state it."""
    actions = linted.vocabulary.actions
    for rule in linted.model.rules:
        for hold in rule.prohibits:
            for test in hold.awaited:
                for name in test.covers.parameters if test.covers is not None else ():
                    for ends in sorted(test.acts.actions):
                        if not actions[ends].params[name].required:
                            yield warning(
                                "approval-of-any-amount", hold.position,
                                f"{ends} also ends this hold if it does not state its {name}, and then covers every {name}",
                                f"`required: true` below {name} in the declaration of {ends}",
                            )  # fmt: skip


def small_approvals(linted: Linted) -> Found:
    """Each `not_done` that an act of any amount ends, although a hold requires such an act to cover the amount."""
    covering: dict[tuple[str, str], Prohibit] = {}
    for rule in linted.model.rules:
        for hold in rule.prohibits:
            for test in hold.until.walk() if isinstance(hold, Hold) else ():
                if isinstance(test, Done) and test.covers is not None:
                    pairs = [
                        (action, name) for action in test.acts.actions for name in test.covers.parameters
                    ]
                    covering |= {pair: hold for pair in pairs if pair not in covering}
    for rule in linted.model.rules:
        for test in parts_of((rule.when, rule.unless)):
            if not isinstance(test, NotDone) or test.covers is not None:
                continue
            for action in sorted(test.acts.actions):
                for name in sorted(_amounts(linted.vocabulary.actions[action])):
                    if (action, name) in covering:
                        yield warning(
                            "approval-of-any-amount", test.position,
                            f"{action} of any {name} ends this, but a hold requires one that covers the {name} "
                            f"(see {covering[action, name].position})",
                            f"`covers: {{{name}: …}}` with the fact or field that it has to cover",
                        )  # fmt: skip


def _amounts(action: Action) -> frozenset[str]:
    """The parameters of an action that are amounts of money of a single act, not totals (`reached`)."""
    return frozenset(
        name
        for name, parameter in action.params.items()
        if isinstance(parameter.type, Amount) and not parameter.reached
    )


CHECKS = (
    CheckUp(
        ("approval-of-any-amount",), "an approval that ends a hold of any amount", approval_of_any_amount
    ),
    CheckUp(
        ("approval-of-any-amount",), "an approval that need not state what it covers", unstated_approvals
    ),
    CheckUp(("approval-of-any-amount",), "an approval that ends a reminder of any amount", small_approvals),
    CheckUp(("limit-on-record",), "a limit that tests a record instead of the act", limit_on_record),
    CheckUp(("goes-on",), "a step that repeats after the case is closed", goes_on),
    CheckUp(("unclear-of",), "a test on a list that refers to itself", unclear_of),
    CheckUp(("no-order",), "a list that is ordered by when its records were recorded", no_order),
    CheckUp(("other-deadline",), "two rules that recommend the same with different times", other_deadlines),
    CheckUp(("covered",), "a rule that adds nothing to another rule", covered),
    CheckUp(("overrides-disabled",), "an override of a disabled rule", overrides_disabled),
)
