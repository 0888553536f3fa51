"""Shared parts of the checks: the policy under check, the names its rules use, and how to create a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from escalation_rules.errors import Diagnostic, Position
from escalation_rules.once import once
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.tools.lint.usage import Usage, parts_of


class Linted:
    """The policy under check, with cached values that several checks need."""

    def __init__(self, model: PolicyModel) -> None:
        self.model = model
        self.vocabulary = model.vocabulary
        self._by_rule: dict[str, Usage] = {}

    @once
    def usage(self) -> Usage:
        """The names that the rules use."""
        usage = Usage(self.vocabulary)
        for rule in self.model.rules:
            usage.of_rule(rule)
        for ruleset in self.model.rulesets.values():
            usage.of_parts(parts_of(ruleset.applies_while))
            usage.principles.update({ruleset.principle} - {None})
        for order in self.model.phase_orders:
            usage.of_parts(parts_of(order.when))
        for part in self.model.heading:
            usage.of_heading(part)
        for pause in self.model.pauses.values():
            usage.of_parts(parts_of(pause))
        return usage

    def usage_of(self, rule: Rule) -> Usage:
        """The names that one rule uses."""
        if rule.id not in self._by_rule:
            self._by_rule[rule.id] = Usage(self.vocabulary)
            self._by_rule[rule.id].of_rule(rule)
        return self._by_rule[rule.id]

    def place(self, rule: Rule) -> tuple[int, Position]:
        """The sort position of a rule, by layer first, so that a warning about two rules is placed at the later layer."""
        return self.model.layers.get(rule.position.file, 0), rule.position


Found = Iterator[Diagnostic]


@attrs.frozen
class CheckUp:
    """One check: the codes of its warnings, a description, and its function."""

    codes: tuple[str, ...]
    doc: str
    find: Callable[[Linted], Found]


def warning(
    code: str, position: Position, message: str, expected: str | None = None, suggestion: str | None = None
) -> Diagnostic:
    """Create a warning at a position."""
    return Diagnostic(code, message, position, severity="warning", expected=expected, suggestion=suggestion)
