"""What the truth of a rule rests on in the end: what the case says, behind all conclusions that it reads."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.policy.conditions import LIST, Condition
from escalation_rules.policy.model import PolicyModel, Rule


@attrs.frozen(eq=False)
class Grounds:
    """The facts, lists and acts behind a rule, by name; `timed` if the passing of time alone may change any of it."""

    names: tuple[str, ...]
    timed: bool

    @classmethod
    def of(cls, rule: Rule, rule_index: RuleIndex) -> Grounds:
        """The grounds of a rule."""
        names: set[str] = set()
        timed = False
        waiting, seen = [rule], {rule.id}
        while waiting:
            each = waiting.pop()
            names |= {f"{LIST}{each.for_each}"} if each.for_each is not None else set()
            for condition in _conditions(each, rule_index.model):
                reach = condition.reach
                names.update(reach.names)
                timed = timed or condition.timed
                for name, _ in condition.all_reads() if reach.concluded else ():
                    found = [other for other in rule_index.concluders.get(name, ()) if other.id not in seen]
                    seen.update(other.id for other in found)
                    waiting += found
        return cls(tuple(sorted(names - rule_index.concluders.keys())), timed)


def _conditions(rule: Rule, model: PolicyModel) -> Iterator[Condition]:
    """What its truth, and what it concludes, depends on."""
    for each in (model.rulesets[rule.ruleset].applies_while, rule.when, rule.unless):
        if each is not None:
            yield each
    for effect in rule.concludes:
        for _, condition in effect.alternatives:
            yield condition
