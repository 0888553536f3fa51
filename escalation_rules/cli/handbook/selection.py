"""A part of a handbook: what concerns one role, or what one layer, file or ruleset says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.vocabulary import Action

if TYPE_CHECKING:
    from escalation_rules.tools.analysis.origin import Origin


@attrs.frozen
class Selection:
    """What is left of a handbook: of a `role`, of an `origin` (a layer, a file or a ruleset), or of both; all without any."""

    model: PolicyModel
    role: str | None = None
    origin: Origin | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.role is None and self.origin is None

    def has_rule(self, rule: Rule) -> bool:
        """Whether the rule is of the origin, and has an effect for the role."""
        if self.origin is not None and rule.id not in self.origin.rules:
            return False
        return self.role is None or self.role in self._roles(rule)

    def _roles(self, rule: Rule) -> Iterator[str | None]:
        """Those who are to do its steps or may do them, and those whom its prohibitions name or whose steps they are about."""
        for step in rule.recommends:
            action = self.model.vocabulary.actions[step.action]
            yield from (step.owner or action.owner, *action.by)
        for prohibition in rule.prohibits:
            yield from prohibition.by
            for name in () if prohibition.by else prohibition.actions:
                action = self.model.vocabulary.actions[name]
                yield from (action.owner, *action.by)

    def has_role(self, name: str) -> bool:
        """Whether the section of a role is shown: of an origin, those that it declares."""
        if self.role is not None:
            return name == self.role
        return self.origin is None or self.model.vocabulary.roles[name].position.file in self.origin.files

    def has_action(self, action: Action) -> bool:
        """Whether the origin declares the action or has a rule about it, and the role may be to do it."""
        rules = [rule for rule in self.model.rules if self.has_rule(rule)]
        about = {step.action for rule in rules for step in rule.recommends}
        about |= {name for rule in rules for prohibition in rule.prohibits for name in prohibition.actions}
        its = self.role is None or self.role in (action.owner, *action.by)
        declared = self.origin is None or action.position.file in self.origin.files
        return action.name in about or (its and declared)

    @property
    def facts(self) -> frozenset[str]:
        """The facts, fields and lists that the rules read."""
        rules = [rule for rule in self.model.rules if self.has_rule(rule)]
        read = {name for rule in rules for name, _ in rule.reads}
        listed = {name.partition(".")[0] for name in read} | {
            rule.for_each for rule in rules if rule.for_each
        }
        return frozenset(read | (listed & self.model.vocabulary.records.keys()))
