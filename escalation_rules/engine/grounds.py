"""Determines the inputs that the truth of a rule depends on, through all conclusions that it reads."""

from __future__ import annotations

import attrs

from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.policy.conditions import LIST, Names
from escalation_rules.policy.model import Rule
from escalation_rules.policy.strata import conclusions_read, conditions_of


@attrs.frozen(eq=False)
class Grounds:
    """The facts, lists and acts that a rule depends on; `timed` if it also depends on time.

    `rules` are the ids of the rule and of all rules whose conclusions it depends on.
    """

    read: Names
    timed: bool
    rules: tuple[str, ...]

    @classmethod
    def of(cls, rule: Rule, rule_index: RuleIndex) -> Grounds:
        """The grounds of a rule."""
        rulesets = rule_index.model.rulesets
        names: set[str] = set()
        timed = False
        waiting, seen = [rule], {rule.id}
        while waiting:
            rule_read = waiting.pop()
            names |= {f"{LIST}{rule_read.for_each}"} if rule_read.for_each is not None else set()
            for condition in conditions_of(rule_read, rulesets):
                names.update(condition.reach.names)
                timed = timed or condition.timed
            for name in sorted(conclusions_read(rule_read, rulesets)):
                found = [other for other in rule_index.concluders.get(name, ()) if other.id not in seen]
                seen.update(other.id for other in found)
                waiting += found
        return cls(Names(tuple(sorted(names - rule_index.concluders.keys()))), timed, tuple(sorted(seen)))
