"""Runs the examples in rules: a case in which the rule fires, and a change after which it does not.

    examples:
      at: 2026-03-02T10:00:00+08:00          # optional
      fires: {currency: TWD, facts: {customer.mood: bad}, charges: [{id: c1, open: true}]}
      not: {charges.c1.open: false}

`not` is one change, or a list of changes that are each tried separately. `undecided` has the same form: after
each of its changes, it must be unknown whether the rule holds. `examples` may be a list of such mappings, for
a rule that fires for several reasons.

A change is one of: a fact (`customer.mood: good`, or `null` to withdraw it), a field of a record
(`charges.c1.open`), a removed record (`charges.c1: null`) or an added one (`charges.c2: {open: true}`), an
unknown list (`charges: null`) or an empty one (`charges: []`), another act (`acts: [{action: …}]`), or
another instant (`at: …`).

A rule fires if it holds for the case or for one of its records. It is undecided if it holds for none and may
hold for one. A rule with `first_that_applies` fires if one of its alternatives applies; after the change,
this alternative must not apply. A rule that always holds needs no `not`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

import attrs

from escalation_rules.case import Case
from escalation_rules.decision import Explanation
from escalation_rules.errors import CaseError, Diagnostic, Position, listing
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.source import Mapping as MappingNode
from escalation_rules.source import Node, one_or_more, positions, to_plain
from escalation_rules.suggestions import nearest
from escalation_rules.tools.examples.change import Change, NotAChange
from escalation_rules.tools.examples.firing import Firing, firing, obstacle, undecided
from escalation_rules.values import Instant, ValueProblem, show

__all__ = ["DEFAULT_AT", "Explainer", "Tested", "check_examples", "run_example", "run_examples"]

DEFAULT_AT = "2026-03-02T10:00:00+08:00"
KEYS = ("at", "fires", "not", "undecided")


class Explainer(Protocol):
    """The part of a `Policy` that running examples needs."""

    @property
    def model(self) -> PolicyModel:
        """The parsed policy."""

    def case(self, data: Mapping[str, Any], positions: Mapping[str, Position] | None = None) -> Case:
        """Read and check a case."""

    def explain(self, case: Case, about: str | None = None, *, at: datetime) -> Explanation:
        """Explain why a rule holds or not."""


@attrs.frozen
class Tested:
    """The result of the examples of one rule.

    `half`: only one of the two examples exists, and it passes. `untested`: there are no examples.
    """

    rule: Rule
    outcome: Literal["passed", "failed", "half", "untested"]
    problems: tuple[Diagnostic, ...] = ()


def check_examples(policy: Explainer, *, require: bool = False) -> tuple[Diagnostic, ...]:
    """All problems with examples, in file order; with `require`, also each rule without both examples."""
    found: list[Diagnostic] = []
    for tested in run_examples(policy):
        found += tested.problems
        if require and tested.outcome in {"half", "untested"}:
            lacking = (
                "has no examples" if tested.outcome == "untested" else "has only one of its two examples"
            )
            found.append(Diagnostic("no-example", f"{tested.rule.id} {lacking}", tested.rule.position,
                                    expected="`examples:` with `fires:` and `not:`"))  # fmt: skip
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key))


def run_examples(policy: Explainer) -> tuple[Tested, ...]:
    """Run the examples of all rules; results by rule id."""
    return tuple(run_example(policy, rule) for rule in policy.model.rules)


def run_example(policy: Explainer, rule: Rule) -> Tested:
    """Run the examples of one rule."""
    if rule.examples is None:
        return Tested(rule, "untested")
    trial = _Trial(policy, rule)
    listed = one_or_more(rule.examples) or (rule.examples,)
    for example in listed:
        trial.run(example)
    if trial.problems:
        return Tested(rule, "failed", tuple(trial.problems))
    whole = trial.always or any(isinstance(example, MappingNode) and example.key("not") for example in listed)
    return Tested(rule, "passed" if whole else "half")


class _Trial:
    """Runs the examples of one rule in order."""

    def __init__(self, policy: Explainer, rule: Rule) -> None:
        self.policy = policy
        self.rule = rule
        self.problems: list[Diagnostic] = []
        gate = policy.model.rulesets[rule.ruleset].applies_while
        conditional = (
            rule.when,
            rule.unless,
            gate,
            rule.for_each,
            *(conclusion.otherwise for conclusion in rule.concludes),
        )
        self.always = all(condition is None for condition in conditional)
        self.fired: Firing = {}

    def run(self, node: Node) -> None:
        """Run the case that must fire, then the changes after which it must not."""
        if not isinstance(node, MappingNode):
            self.problem("bad-example", node, "the examples are not a mapping", "`fires:` and `not:`")
            return
        for key, _ in node.entries:
            if key.text not in KEYS:
                close = nearest(key.text, KEYS)
                self.problem(
                    "unknown-key", key, f"unknown key {show(key.text)} in the examples", listing(KEYS), close
                )
        fires, moment = node.get("fires"), node.get("at")
        at = self.instant(moment) if moment is not None else Instant().parse(DEFAULT_AT)
        if not isinstance(fires, MappingNode):
            place = fires if fires is not None else node
            self.problem("bad-example", place, "missing case in which the rule fires", "`fires:` with a case")
            return
        data = to_plain(fires)
        if at is None or not self.fires(data, dict(positions(fires)), node.key("fires") or fires, at):
            return
        for wanted in ("not", "undecided"):
            if (change := node.get(wanted)) is not None:
                for entry in one_or_more(change) or (change,):
                    self.after(wanted, data, fires, entry, at)

    def fires(self, data: Mapping[str, Any], places: Mapping[str, Position], key: Node, at: datetime) -> bool:
        """Whether the case is valid and the rule fires; otherwise reports a problem."""
        explained = self.explained(data, places, key.position, at)
        if explained is None:
            return False
        self.fired = firing(self.rule, explained)
        if not self.fired:
            self.problem(
                "does-not-fire", key, f"{self.rule.id} does not fire here: {obstacle(self.rule, explained)}"
            )
            return False
        return True

    def after(
        self, wanted: str, data: Mapping[str, Any], fires: MappingNode, change: Node, at: datetime
    ) -> None:
        """Report a problem if the rule still fires after the change, or is not undecided although that is `wanted`."""
        if not isinstance(change, MappingNode) or len(change.entries) != 1:
            place = change.entries[1][0] if isinstance(change, MappingNode) and change.entries else change
            self.problem(
                "bad-example",
                place,
                f"`{wanted}:` must contain exactly one change",
                "one fact, record, list, act or `at:`; several in a list, each in braces of its own",
            )
            return
        key, value = change.entries[0]
        places = dict(positions(fires))
        if key.text == "at":
            moment = self.instant(value)
            if moment is None:
                return
            at, changed = moment, dict(data)
        else:
            try:
                changed = Change(self.policy.model.vocabulary, data, key, value, places).made()
            except NotAChange as problem:
                self.problem("bad-example", key, problem.message, problem.expected, problem.suggestion)
                return
        before = len(self.problems)
        explained = self.explained(changed, places, key.position, at)
        own = {key.position, *(place for _, place in positions(value))}
        # The case was valid before, so any problem comes from the change.
        self.problems[before:] = [diagnostic if diagnostic.position in own else attrs.evolve(diagnostic, position=key.position)
                                  for diagnostic in self.problems[before:]]  # fmt: skip
        if explained is None:
            return
        still = self._still(firing(self.rule, explained))
        if not still and wanted == "undecided" and not undecided(explained):
            self.problem(
                "decided",
                key,
                f"{self.rule.id} is decided after this change: it does not hold",
                "`not:`, or another change",
            )
        if still:
            about = [record for record in still if record is not None]
            where = f" for {listing(about)}" if about else ""
            expected = "a change after which it does not"
            self.problem("still-fires", key, f"{self.rule.id} still fires{where} after this change", expected)

    def _still(self, firing: Firing) -> Firing:
        """What still fires; of alternatives, only the one that fired before."""
        by_order = any(effect.alternatives for effect in self.rule.concludes)
        return {
            about: which for about, which in firing.items() if not by_order or self.fired.get(about) == which
        }

    def explained(
        self, data: Mapping[str, Any], places: Mapping[str, Position], place: Position, at: datetime
    ) -> Explanation | None:
        """Explain the rule in the case. Reports problems and returns None if the case is invalid."""
        try:
            return self.policy.explain(self.policy.case(data, places), self.rule.id, at=at)
        except CaseError as error:
            self.problems += (
                diagnostic if diagnostic.position else attrs.evolve(diagnostic, position=place)
                for diagnostic in error.diagnostics
            )
            return None

    def instant(self, node: Node) -> datetime | None:
        """The instant given in an example."""
        try:
            return Instant().parse(to_plain(node))
        except ValueProblem as problem:
            self.problem("wrong-value", node, problem.message, problem.expected)
            return None

    def problem(
        self, code: str, node: Node, message: str, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        """Report a problem at its position."""
        expected = None if suggestion else expected
        self.problems.append(
            Diagnostic(code, message, node.position, expected=expected, suggestion=suggestion)
        )
