"""Checks that need all rules: overrides, conclusions, cycles, and holds that wait for each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from escalation_rules.errors import Diagnostic, Position, Problems
from escalation_rules.policy.due_steps import behind, dependencies, tested_by
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.precedence import may_be_one
from escalation_rules.policy.reading.common import item_named
from escalation_rules.policy.reading.cycles import find_cycle
from escalation_rules.policy.reading.holds import check_holds
from escalation_rules.policy.reading.layers import unknown_rule
from escalation_rules.policy.reading.rules import ReadRule
from escalation_rules.policy.strata import conclusions_read, sort_rules
from escalation_rules.policy.vocabulary import Vocabulary


def check_policy(
    model: PolicyModel, kept: Mapping[str, ReadRule], gone: Collection[str], problems: Problems
) -> None:
    """Report problems between rules. `gone` are the rules that a later layer removed."""
    _check_overrides(model, kept, gone, problems)
    _check_escalations(model, kept, gone, problems)
    _check_conclusions(model, problems)
    check_holds(model, {name: read_rule.layer for name, read_rule in kept.items()}, problems)
    _check_reads(model, problems)
    _check_step_tests(model, kept, problems)
    strata = sort_rules(model.rules, model.rulesets)
    if strata.cycle:
        blamed = _latest(strata.cycle, kept)
        path = " → ".join(strata.cycle)
        message = f"conclusions depend on each other in a circle: {path}"
        problems.add(Diagnostic("cycle", message, kept[blamed].rule.position))


def _check_step_tests(model: PolicyModel, kept: Mapping[str, ReadRule], problems: Problems) -> None:
    """Report a test on an open step in a rule that decides about this step."""
    found = find_cycle(dependencies(model))
    if not found:
        return
    rules = behind(found[0], model).rules
    blamed = _latest(
        [rule.id for rule in model.rules if rule.id in rules and found[1] in tested_by(rule, model)], kept
    )
    problems.add(
        Diagnostic(
            "cycle",
            "a step depends on a test of its own due time: " + " → ".join(found),
            kept[blamed].rule.position,
            expected="another step; for the same one, `overdue_after:` an instant, and `escalates:` the other rule",
        )
    )


def _latest(rules: Iterable[str], kept: Mapping[str, ReadRule]) -> str:
    """The first of the rules in the highest layer, which introduced the problem."""
    return max(rules, key=lambda name: kept[name].layer)


def _named_rules(
    key: str,
    model: PolicyModel,
    kept: Mapping[str, ReadRule],
    gone: Collection[str],
    known: Collection[str],
    problems: Problems,
) -> Iterator[tuple[Rule, Rule, Position]]:
    """Each rule that names another below `overrides` or `escalates`, with the other, and where it does. Reports unknown
    ones; `known` are those that may be meant."""
    rules = {rule.id: rule for rule in model.rules}
    for rule in model.rules:
        for name in rule.overrides if key == "overrides" else rule.escalates:
            if problems.doubts(name) or name in gone or (name not in rules and problems.blind):
                continue
            item = item_named(kept[rule.id].node, key, name)
            place = item.position if item is not None else rule.position
            if name in rules:
                yield rule, rules[name], place
            else:
                unknown_rule(problems, name, key, known, place)


def _check_overrides(
    model: PolicyModel, kept: Mapping[str, ReadRule], gone: Collection[str], problems: Problems
) -> None:
    known = sorted(rule.id for rule in model.rules if rule.prohibits)
    for rule, other, place in _named_rules("overrides", model, kept, gone, known, problems):
        problem = _override_problem(rule, other)
        if problem is not None:
            message = f"{rule.id} cannot override {other.id}: {problem}"
            problems.add(Diagnostic("bad-override", message, place, expected=_instead_of_override(other)))


def _instead_of_override(other: Rule) -> str:
    """What to write instead of an invalid override."""
    if not other.prohibits:
        return (
            f"`replaces: {other.id}` or `disable:` in a later layer, as `overrides` only lifts a prohibition"
        )
    return "a rule that forbids or holds, with the same `for_each`"


def _override_problem(rule: Rule, other: Rule) -> str | None:
    """Why the rule cannot override `other`; None if it can."""
    if other.id == rule.id:
        return "it is the same rule"
    if not other.prohibits:
        return "it has no `forbid` or `hold`"
    if other.for_each != rule.for_each:
        return (
            f"it is for each of {other.for_each or 'the case'}, not for each of {rule.for_each or 'the case'}"
        )
    if other.overrides:
        return "it overrides rules itself, and overrides cannot be chained"
    return None


def _check_escalations(
    model: PolicyModel, kept: Mapping[str, ReadRule], gone: Collection[str], problems: Problems
) -> None:
    known = sorted(rule.id for rule in model.rules if rule.recommends)
    for rule, other, place in _named_rules("escalates", model, kept, gone, known, problems):
        problem = _escalation_problem(rule, other, model.vocabulary)
        if problem is not None:
            message = f"{rule.id} cannot escalate {other.id}: {problem}"
            expected = "a rule that recommends the same step"
            problems.add(Diagnostic("bad-escalation", message, place, expected=expected))
    _check_escalation_circle(model, kept, problems)


def _escalation_problem(rule: Rule, other: Rule, vocabulary: Vocabulary) -> str | None:
    """Why the rule cannot escalate `other`; None if it can."""
    if other is rule:
        return "it is the same rule"
    pairs = [(mine, its) for mine in rule.recommends for its in other.recommends if mine.action == its.action]
    if not pairs:
        return "the rules have no recommended action in common"
    if not any(may_be_one(mine, its, vocabulary.actions[mine.action]) for mine, its in pairs):
        return "one step is about the case, the other about a record"
    return None


def _check_escalation_circle(model: PolicyModel, kept: Mapping[str, ReadRule], problems: Problems) -> None:
    others = {rule.id: [name for name in rule.escalates if name != rule.id] for rule in model.rules}
    cycle = find_cycle(others)
    if cycle:
        blamed = _latest([name for name in cycle if name in kept], kept)
        message = f"rules escalate each other in a circle: {' → '.join(cycle)}"
        problems.add(
            Diagnostic(
                "cycle", message, kept[blamed].rule.position, expected="one rule that escalates all others"
            )
        )


def _check_conclusions(model: PolicyModel, problems: Problems) -> None:
    chosen: dict[str, Rule] = {}
    for rule in model.rules:
        for conclusion in rule.concludes:
            if not conclusion.alternatives:
                continue
            if rule.for_each is not None and not conclusion.of_record:
                problems.add(
                    Diagnostic(
                        "bad-conclusion",
                        f"{conclusion.name} is a fact of the case, but each of "
                        f"{rule.for_each} could conclude another value",
                        conclusion.position,
                        expected=f"a field of {rule.for_each}, or a rule without `for_each`",
                    )
                )
            if conclusion.name in chosen:
                first = chosen[conclusion.name]
                problems.add(
                    Diagnostic(
                        "duplicate",
                        f"{conclusion.name} is already concluded by {first.id} at {first.position}",
                        conclusion.position,
                        expected="one rule that concludes it",
                    )
                )
            else:
                chosen[conclusion.name] = rule


def _check_reads(model: PolicyModel, problems: Problems) -> None:
    """Report choices that are read but never concluded, and so would always be unknown."""
    if problems.errors:
        return  # it may be concluded by a rule that could not be read
    concluded = {conclusion.name for rule in model.rules for conclusion in rule.concludes}
    for rule in model.rules:
        reads = {
            name for part in rule.of_prohibitions for name, is_conclusion in part.all_reads() if is_conclusion
        }
        for name in sorted((conclusions_read(rule, model.rulesets) | reads) - concluded):
            fact = model.vocabulary.declaration(name)
            if fact is not None and fact.type.kind != "flag":
                problems.add(
                    Diagnostic(
                        "never-concluded",
                        f"{rule.id} reads {name}, which no rule concludes",
                        rule.position,
                        expected="a rule with `conclude:` and `first_that_applies:`",
                    )
                )
