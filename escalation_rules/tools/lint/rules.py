"""Checks for problems between rules: unread conclusions, steps that are always forbidden, duplicates, conflicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from escalation_rules.errors import Diagnostic
from escalation_rules.policy.conditions import (
    STEP,
    AllOf,
    AnyOf,
    Condition,
    FieldName,
    Name,
    limits_money,
    step_record,
)
from escalation_rules.policy.conditions.excluding import exclude
from escalation_rules.policy.conditions.operands import Other
from escalation_rules.policy.model import Forbid, Prohibit, Recommend, Rule
from escalation_rules.policy.parameter_values import Chosen, Counted, Given, OfLast, Summed
from escalation_rules.policy.precedence import Precedence, differences, differing, may_be_one
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.solving.domains import situation
from escalation_rules.solving.formulas import Solver
from escalation_rules.solving.kleene import Node, conditions_of, holding
from escalation_rules.solving.satisfy import Formula
from escalation_rules.solving.written import currencies_in
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import parts_of


def _conclusions(linted: Linted) -> Iterator[tuple[str, Fact]]:
    yield from ((name, fact) for name, fact in linted.vocabulary.facts.items() if fact.concluded)
    for listed in linted.vocabulary.records.values():
        yield from ((f"{listed.name}.{name}", fact) for name, fact in listed.fields.items() if fact.concluded)


def conclusions_for_nobody(linted: Linted) -> Found:
    """Conclusions that rules draw and no rule reads, except failures (for audits) and those marked `for_people`."""
    usage = linted.usage
    for name, fact in _conclusions(linted):
        is_meant = fact.failure or fact.for_people
        if name in usage.concluded and name not in usage.used and not is_meant:
            yield warning("unread-conclusion", fact.position, f"no rule reads the conclusion {name}",
                          "a rule that reads it, `for_people: true`, or no declaration")  # fmt: skip


def conclusions_never_drawn(linted: Linted) -> Found:
    """Conclusions that no rule draws."""
    for name, fact in _conclusions(linted):
        if name not in linted.usage.concluded:
            yield warning(
                "no-conclusion", fact.position, f"no rule concludes {name}", "a rule with `conclude:`"
            )


# --- shadowed recommendations -----------------------------------------------------------------------------------------


def shadowed(linted: Linted) -> Found:
    """Steps that another rule forbids whenever this rule recommends them."""
    overridden = {name for rule in linted.model.rules for name in rule.overrides}
    forbidding = [(rule, effect) for rule in linted.model.rules for effect in rule.prohibits
                  if isinstance(effect, Forbid) and rule.id not in overridden]  # fmt: skip
    for rule in linted.model.rules:
        for step in rule.recommends:
            for other, ban in forbidding:
                if other is rule and _covers(linted, rule, step, other, ban):
                    yield warning("shadowed", step.position, f"{rule.id} recommends {step.action} and forbids it at once "
                                  f"(see {ban.position})", "one of the two, or two rules with other conditions")  # fmt: skip
                    break
                if _covers(linted, rule, step, other, ban) and implies(linted, rule, other):
                    yield warning("shadowed", step.position, f"{other.id} forbids {step.action} whenever {rule.id} "
                                  f"recommends it (see {other.position})",
                                  f"`overrides: {other.id}`, or a narrower condition in it")  # fmt: skip
                    break


def _covers(linted: Linted, rule: Rule, step: Recommend, other: Rule, ban: Prohibit) -> bool:
    """Whether the prohibition concerns the step: the same action, its owner, and the case or the same record."""
    if step.action not in ban.actions:
        return False
    owner = step.owner or linted.vocabulary.actions[step.action].owner
    if (ban.by and owner not in ban.by) or not _is_over(linted, step, ban.where):
        return False
    if other.for_each is None:
        return ban.aim.target == "case"
    return other.for_each == rule.for_each and ban.aim == step.aim


def _is_over(linted: Linted, step: Recommend, limit: Condition | None) -> bool:
    """Whether the values that a rule writes down for a step are certainly over a limit, in each currency that they are in."""
    if limit is None:
        return True
    params = linted.vocabulary.actions[step.action].params
    values = {name: value for name, value in step.params if params[name].combine == "same"}
    if not all(
        isinstance(name, FieldName) and name.list == STEP and name.field in values for name in _names(limit)
    ):
        return False
    for currency in sorted(currencies_in(tuple(values.values()))) or (None,):
        here = situation(currency)
        known = {name: value.get(here, ()) for name, value in values.items() if isinstance(value, Given)
                 and not isinstance(value.operand, Other)}  # fmt: skip
        stated = step_record({name: value for name, value in known.items() if value is not None})
        if limit.evaluate(here, (stated, stated)) is not True:
            return False
    return True


def _names(condition: Condition) -> Iterator[Name]:
    return (name for test in condition.walk() for name in test.names())


def implies(linted: Linted, rule: Rule, other: Rule) -> bool:
    """Whether `other` certainly holds (for the same record) whenever `rule` does."""
    solver = Solver(
        (
            *conditions_of(rule, linted.model.rulesets[rule.ruleset]),
            *conditions_of(other, linted.model.rulesets[other.ruleset]),
        )
    )
    return not solver.can_be(True, _holds_alone)


def _holds_alone(formulas: Sequence[Formula]) -> Formula:
    other: Formula = Node("known", (holding(formulas[3:]),))
    return Node("all", (holding(formulas[:3]), Node("not", (other,))))


# --- duplicates -------------------------------------------------------------------------------------------------------


def written_twice(linted: Linted) -> Found:
    """Rules with the same conditions and effects as another rule."""
    rules = sorted(linted.model.rules, key=linted.place)
    for index, rule in enumerate(rules):
        for other in rules[:index]:
            alike = all(_equal(one, two) for one, two in zip(_said(rule), _said(other), strict=True))
            if rule.for_each == other.for_each and alike:
                pairs = zip(
                    conditions_of(rule, linted.model.rulesets[rule.ruleset]),
                    conditions_of(other, linted.model.rulesets[other.ruleset]),
                    strict=True,
                )
                if all(_equal(_conjuncts(mine), _conjuncts(its)) for mine, its in pairs):
                    message = (
                        f"{rule.id} has the same conditions and effects as {other.id} (see {other.position})"
                    )
                    yield warning("written-twice", rule.position, message, "only one of the two")
                    break


def _said(rule: Rule) -> tuple[Sequence[object], ...]:
    return rule.effects, rule.overrides, rule.escalates


def _conjuncts(condition: Condition) -> Sequence[Condition]:
    if isinstance(condition, AllOf):
        return [test for part in condition.conditions for test in _conjuncts(part)]
    return (condition,)


def _equal(mine: Sequence[object], its: Sequence[object]) -> bool:
    """Whether two collections have equal elements, in any order."""
    return (
        len(mine) == len(its)
        and all(effect in its for effect in mine)
        and all(effect in mine for effect in its)
    )


# --- limits that unknown amounts pass ---------------------------------------------------------------------------------


def open_limits(linted: Linted) -> Found:
    """Limits in money with `when_unknown: allow`: an unknown amount passes them."""
    for rule in linted.model.rules:
        gate, when, _ = conditions_of(rule, linted.model.rulesets[rule.ruleset])
        for ban in rule.prohibits:
            limits = (gate, when, *(() if ban.where is None else (ban.where,)))
            if ban.when_unknown_allow and any(limits_money(limit) for limit in limits):
                yield warning(
                    "open-limit",
                    ban.position,
                    "with `when_unknown: allow`, an unknown amount passes this limit in money",
                    "no `when_unknown: allow`, so that it is held until the amount is known",
                )


# --- conflicting values ------------------------------------------------------------------------------------------------


def conflicting_steps(linted: Linted) -> Found:
    """Rules that may recommend one step with different owners or parameters, with no precedence between them."""
    precedence = Precedence.of(linted.model)
    for (one, first), (other, second) in differing(linted.model):
        names = [name for name in differences(first, second, linted.vocabulary.actions[first.action])
                 if not (_is_read(first, name) and _is_read(second, name))]  # fmt: skip
        if names and not precedence.decides(one, other) and _can_meet(linted, (one, first), (other, second)):
            pair = sorted(
                ((one, first), (other, second)),
                key=lambda rule_and_effect: (linted.place(rule_and_effect[0]), rule_and_effect[1].position),
            )
            yield _conflict(names, *pair)


def _conflict(names: Sequence[str], one: tuple[Rule, Recommend], other: tuple[Rule, Recommend]) -> Diagnostic:
    (first, step), (second, later) = one, other
    same = "the same rule" if first is second else first.id
    message = (
        f"{second.id} and {same} (see {step.position}) can both recommend {step.action} with a different "
        f"{' and '.join(names)}; the step is then held"
    )
    return warning("conflicting-steps", later.position, message,
                   f"`escalates: {first.id}`, a narrower condition, or conditions that exclude each other")  # fmt: skip


def added_up(linted: Linted) -> Found:
    """Rules that give a parameter which is added up from the same amount of the case, of which one works its value out: together
    they come to more than was meant. Amounts that the case itself contains count once.
    """
    by_action: dict[str, list[tuple[Rule, Recommend]]] = {}
    for rule in sorted(linted.model.rules, key=linted.place):
        for step in rule.recommends:
            by_action.setdefault(step.action, []).append((rule, step))
    for name, steps in by_action.items():
        added = [
            parameter.name
            for parameter in linted.vocabulary.actions[name].params.values()
            if parameter.combine == "sum"
        ]
        for (one, first), (other, second) in combinations(steps if added else (), 2):
            if one is other or not may_be_one(first, second, linted.vocabulary.actions[name]):
                continue
            for parameter in added:
                values = [dict(effect.params).get(parameter) for effect in (first, second)]
                shared = set.intersection(*(_amounts_read(value) for value in values))
                worked_out = not all(_is_read(effect, parameter) for effect in (first, second))
                if shared and worked_out and _can_meet(linted, (one, first), (other, second)):
                    yield warning(
                        "added-up", second.position,
                        f"{other.id} and {one.id} (see {first.position}) both give the {parameter} of {name} from "
                        f"{min(shared)}; the two amounts are added",
                        f"`replaces: {one.id}`, or conditions that exclude each other, if it is meant once",
                    )  # fmt: skip


def _amounts_read(value: object) -> set[str]:
    """The amounts of the case that a value is made from."""
    return {part.full for part in parts_of(value) if isinstance(part, Name) and part.fact.type.adds_up}


def _is_read(step: Recommend, name: str) -> bool:
    """Whether the value is copied from the case. Two such values may mean the same."""
    value = dict(step.params).get(name)
    if isinstance(value, Given):
        return isinstance(value.operand, Other)
    return isinstance(value, (Summed, Counted, Chosen, OfLast))


def _can_meet(linted: Linted, one: tuple[Rule, Recommend], other: tuple[Rule, Recommend]) -> bool:
    """Whether both rules can hold for the same record."""
    (first, step), (second, later) = one, other
    if first is second:
        return True
    mine, its = (
        conditions_of(first, linted.model.rulesets[first.ruleset]),
        conditions_of(second, linted.model.rulesets[second.ruleset]),
    )
    if first.for_each is not None and (step.aim.target, later.aim.target) != ("record", "record"):
        mine = _of_the_case(linted, mine)  # this rule may hold for one record, and the other for another
    if any(exclude(effect, other) for effect in mine for other in its):
        return False
    solver = Solver((*mine, *its))
    return solver.can_be(True, lambda formulas: Node("all", (holding(formulas[:3]), holding(formulas[3:]))))


def _of_the_case(
    linted: Linted, conditions: tuple[Condition, Condition, Condition]
) -> tuple[Condition, Condition, Condition]:
    """The conditions reduced to their parts about the case, so that they hold at least as often."""
    gate, when, unless = conditions
    facts = linted.vocabulary.facts
    about_case = [
        condition for condition in _conjuncts(when) if all(name in facts for name, _ in condition.all_reads())
    ]
    lasting = all(name in facts for name, _ in unless.all_reads())
    return gate, AllOf(tuple(about_case)), unless if lasting else AnyOf(())


CHECKS = (
    CheckUp(("unread-conclusion",), "a conclusion that no rule reads", conclusions_for_nobody),
    CheckUp(("no-conclusion",), "a conclusion that no rule draws", conclusions_never_drawn),
    CheckUp(("shadowed",), "a step that is forbidden whenever it is recommended", shadowed),
    CheckUp(("conflicting-steps",), "a step for which two rules state different values", conflicting_steps),
    CheckUp(("added-up",), "one amount that two rules give", added_up),
    CheckUp(("open-limit",), "a limit in money that an unknown amount passes", open_limits),
    CheckUp(("written-twice",), "two identical rules", written_twice),
)
