"""Determines which of several rules has precedence for one step: an escalating one, or a narrower one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import attrs

from escalation_rules.policy.conditions import AllOf, Condition, implies
from escalation_rules.policy.conditions.operands import Literal
from escalation_rules.policy.model import PolicyModel, Recommend, Rule, Ruleset
from escalation_rules.policy.parameter_values import FirstThatApplies, Given, ParameterValue
from escalation_rules.policy.vocabulary import Action
from escalation_rules.values import Value

Pair = tuple[tuple[Rule, Recommend], tuple[Rule, Recommend]]


@attrs.frozen(eq=False)
class Precedence:
    """For each rule, the rules that it has precedence over where their steps differ, and those that it
    escalates, directly or indirectly."""

    below: Mapping[str, frozenset[str]]
    above: Mapping[str, frozenset[str]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, model: PolicyModel) -> Precedence:
        """Compare the rules that may recommend the same step and state different values for it."""
        above = escalated(model.rules)
        below: dict[str, set[str]] = {}
        seen: set[tuple[str, str]] = set()
        for (one, _), (other, _) in _stating(model):
            for upper, lower in ((one, other), (other, one)):
                if upper is not lower and (upper.id, lower.id) not in seen:
                    seen.add((upper.id, lower.id))
                    if _outranks(upper, lower, above, model.rulesets):
                        below.setdefault(upper.id, set()).add(lower.id)
        return cls({name: frozenset(found) for name, found in below.items()}, above)

    def last(self, rules: Iterable[str]) -> set[str]:
        """The rules over which no other one has precedence; all of them if precedence is cyclic."""
        among = set(rules)
        beaten = {name for rule in among for name in self.below.get(rule, ())}
        return among - beaten or among

    def decides(self, one: Rule, other: Rule) -> bool:
        """Whether one of two different rules has precedence over the other."""
        return one is not other and len(self.last({one.id, other.id})) == 1

    def taken_over(self, rules: Iterable[str]) -> set[str]:
        """The rules that another of them escalates, whose time limit replaces theirs. All given rules have a time limit."""
        among = set(rules)
        return {name for rule in among for name in self.above.get(rule, ()) if name in among}


def escalated(rules: Sequence[Rule]) -> dict[str, frozenset[str]]:
    """For each rule, the rules that it escalates, directly or indirectly."""
    direct = {rule.id: rule.escalates for rule in rules if rule.escalates}
    found: dict[str, frozenset[str]] = {}
    for name, following in direct.items():
        reached: set[str] = set()
        waiting = [*following]
        while waiting:
            rule = waiting.pop()
            if rule not in reached:
                reached.add(rule)
                waiting.extend(direct.get(rule, ()))
        found[name] = frozenset(reached)
    return found


def _outranks(
    one: Rule, other: Rule, above: Mapping[str, frozenset[str]], rulesets: Mapping[str, Ruleset]
) -> bool:
    if other.id in above.get(one.id, ()):
        return True
    if one.id in above.get(other.id, ()):
        return False
    return narrower(one, other, rulesets) and not narrower(other, one, rulesets)


def narrower(one: Rule, other: Rule, rulesets: Mapping[str, Ruleset]) -> bool:
    """Whether `other` certainly applies wherever `one` does, to the same record. The reverse is not checked."""
    if other.for_each != one.for_each:
        return False
    mine, its = AllOf(_conditions(one, rulesets)), AllOf(_conditions(other, rulesets))
    if other.unless is not None and (one.unless is None or not implies(other.unless, one.unless)):
        return False
    return implies(mine, its)


def _conditions(rule: Rule, rulesets: Mapping[str, Ruleset]) -> tuple[Condition, ...]:
    gate = rulesets[rule.ruleset].applies_while
    return tuple(condition for condition in (gate, rule.when) if condition is not None)


# --- rules that may conflict ------------------------------------------------------------------------------------------


def differing(model: PolicyModel) -> Iterator[Pair]:
    """Pairs of recommendations that may be the same step, and state its owner or a parameter differently."""
    for one, other in _stating(model):
        action = model.vocabulary.actions[one[1].action]
        if differences(one[1], other[1], action) and not _are_apart(one[1], other[1], action):
            yield one, other


def _stating(model: PolicyModel) -> Iterator[Pair]:
    """Pairs of recommendations that may be the same step, and both state its owner or a parameter."""
    by_action: dict[str, list[tuple[Rule, Recommend]]] = {}
    for rule in model.rules:
        for step in rule.recommends:
            if _stated(step, model.vocabulary.actions[step.action]):
                by_action.setdefault(step.action, []).append((rule, step))
    for name, found in by_action.items():
        action = model.vocabulary.actions[name]
        for one, other in combinations(found, 2):
            if may_be_one(one[1], other[1], action) and _stated(one[1], action).keys() & _stated(
                other[1], action
            ):
                yield one, other


def _stated(step: Recommend, action: Action) -> dict[str, object]:
    """The values that must not differ between rules: the owner, and parameters that are not combined."""
    found: dict[str, object] = {
        name: value for name, value in step.params if action.params[name].combine == "same"
    }
    return found | ({"owner": step.owner} if step.owner is not None else {})


def differences(one: Recommend, other: Recommend, action: Action) -> list[str]:
    """The names of values that both state differently: `owner`, and names of parameters. Of parameters that are `apart`,
    one step has only one value."""
    mine, its = _stated(one, action), _stated(other, action)
    both = (mine.keys() & its.keys()).difference(action.apart)
    return sorted(name for name in both if _written(mine[name]) != _written(its[name]))


def _written(value: object) -> object:
    """A value as it is written, which is the same in a rule for each record and in one for the case."""
    return value.to_data() if isinstance(value, ParameterValue) else value


def _are_apart(one: Recommend, other: Recommend, action: Action) -> bool:
    """Whether two recommendations are never the same step, because a parameter that is `apart` always differs."""
    mine, its = dict(one.params), dict(other.params)
    return any(not _may_be_equal(mine.get(name), its.get(name)) for name in action.apart)


def _may_be_equal(one: ParameterValue | None, other: ParameterValue | None) -> bool:
    if one is None or other is None:
        return one is other
    mine, its = _possible(one), _possible(other)
    return mine is None or its is None or any(value in its for value in mine)


def _possible(value: ParameterValue) -> list[Value] | None:
    """The values written in the rule that a parameter can have; None if others are possible."""
    if isinstance(value, Given):
        return [value.operand.value] if isinstance(value.operand, Literal) else None
    if not isinstance(value, FirstThatApplies):
        return None
    found = [_possible(source) for source in (*(source for source, _ in value.alternatives), value.otherwise)]
    return None if None in found else [possible for values in found for possible in values or ()]


def may_be_one(one: Recommend, other: Recommend, action: Action) -> bool:
    """Whether two recommendations of an action can be the same step: both about the case, or about records of one list."""
    if action.about == "case":
        return True
    return one.aim.to == other.aim.to and (one.aim.target == "case") == (other.aim.target == "case")
