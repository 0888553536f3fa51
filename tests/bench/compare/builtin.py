"""The built-in policy, as far as all engines can say it: translated from the policy that was read.

Cases hold facts of the case, no records and no acts. A rule is in the common part if it then rests on flags, choices,
levels, counts, and on whether something is known. What other rules conclude is put in its place. What is left out: rules
for each record, tests of time, and conclusions that choose one of several values.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from escalation_rules import Policy
from escalation_rules.policy.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Done,
    FactName,
    FactTest,
    GivenTest,
    NoneOf,
    Not,
    NotDone,
    RecordCondition,
)
from escalation_rules.policy.conditions.forms import OneOperand, SeveralOperands
from escalation_rules.policy.conditions.operands import Literal as Written
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.operators import AtLeast, Below, Equals
from escalation_rules.policy.conditions.records import Every, NoRecord, Some
from escalation_rules.policy.model import Rule as OurRule
from escalation_rules.policy.vocabulary import Fact as OurFact
from escalation_rules.texts import LANGUAGES
from tests.bench.compare.problem import (
    All,
    Any,
    Fact,
    Facts,
    Formula,
    Literal,
    Problem,
    Rule,
    Value,
    literals,
    negated,
    passes,
)

KNOWN = 0.4
"""The share of facts that a case gives."""
EXAMPLES = {"instant": "2026-03-02T08:00:00+08:00", "text": "said"}
"""A value of types of which only is tested whether something is known."""
ALWAYS, NEVER = All(()), Any(())


class Untranslatable(Exception):
    """Not every engine can say this."""


class Builtin:
    """The common part of the built-in policy. With `alone`, our policy has little else, too."""

    def __init__(self, alone: bool = False) -> None:
        self._alone = alone
        self._policy = Policy.load(engine="plain")
        self._translated = tuple(self._translations())
        # What holds for every case without records and acts, or for none, is no work for anybody.
        self._rules = tuple(each for each in self._translated if each.when not in (ALWAYS, NEVER))
        used = {each.fact for rule in self._rules for each in literals(rule.when)}
        self._facts = tuple(sorted(used, key=lambda fact: fact.name))

    def problem(self) -> Problem:
        """The rules for the others."""
        name = "built-in policy, common part alone" if self._alone else "built-in policy, common part"
        ours = len(self._kept() if self._alone else self._policy.model.rules)
        return Problem(name, self._facts, self._rules, ours, shown=False)

    def write(self, folder: Path) -> None:
        """Write our policy: a layer upon the built-in one, which takes the other rules away or does nothing."""
        kept = self._kept()
        because = "".join(f"\n      {each}: Not every engine can say it." for each in LANGUAGES)
        others = [rule.id for rule in self._policy.model.rules if rule.id not in kept] if self._alone else []
        lines = ["format: 1", "name: bench", *(["disable:"] if others else [])]
        lines += [f"  - rule: {each}\n    because:{because}" for each in others]
        (folder / "layer.yaml").write_text("\n".join(lines), "utf-8")

    def case(self, dice: random.Random) -> Facts:
        """The facts of a case, by key."""
        return {fact.key: _value(fact, dice) for fact in self._facts if dice.random() < KNOWN}

    def _translations(self) -> Iterator[Rule]:
        for rule in self._policy.model.rules:
            if rule.for_each is None:
                try:
                    yield Rule(rule.id, self._true(rule), self._false(rule))
                except Untranslatable:
                    continue

    def _kept(self) -> set[str]:
        """The rules of the common part, and those that conclude what others read, without which no policy loads."""
        concluding = {rule.id for rule in self._policy.model.rules if rule.concludes}
        return {rule.id for rule in self._translated} | concluding

    # --- a rule ---------------------------------------------------------------------------------------------------

    def _true(self, rule: OurRule) -> Formula:
        """Where a rule is known to hold: an exception counts only where it is known to hold."""
        when = ALWAYS if rule.when is None else self._formula(rule.when, True)
        unless = NEVER if rule.unless is None else self._formula(rule.unless, True)
        return both((when, _otherwise(unless)))

    def _false(self, rule: OurRule) -> Formula:
        when = NEVER if rule.when is None else self._formula(rule.when, False)
        unless = NEVER if rule.unless is None else self._formula(rule.unless, True)
        return either((when, unless))

    def _concluded(self, name: str, wanted: bool) -> Formula:
        """Where a flag is concluded, or where no rule concludes it."""
        rules = [
            (rule, effect)
            for rule in self._policy.model.rules
            for effect in rule.concludes
            if effect.name == name and not effect.of_record
        ]
        if any(effect.alternatives for _, effect in rules):
            raise Untranslatable(name)
        # Without records, a rule for each of them holds for none.
        of_case = [rule for rule, _ in rules if rule.for_each is None]
        if any(rule.for_each and self._absent(rule.for_each) != "none" for rule, _ in rules):
            raise Untranslatable(name)
        if wanted:
            return either(tuple(self._true(rule) for rule in of_case))
        return both(tuple(self._false(rule) for rule in of_case))

    def _absent(self, listed: str) -> str:
        return self._policy.vocabulary.records[listed].absent

    # --- a condition ----------------------------------------------------------------------------------------------

    def _formula(self, condition: Condition, wanted: bool) -> Formula:
        """Where a condition is known to hold, or (`wanted` False) known not to hold."""
        match condition:
            case AllOf(conditions=parts):
                return (both if wanted else either)(tuple(self._formula(each, wanted) for each in parts))
            case AnyOf(conditions=parts):
                return (either if wanted else both)(tuple(self._formula(each, wanted) for each in parts))
            case NoneOf(conditions=parts):
                return (both if wanted else either)(tuple(self._formula(each, not wanted) for each in parts))
            case Not(conditions=(part,)):
                return self._formula(part, not wanted)
            case NotDone():
                return ALWAYS if wanted else NEVER
            case Done():
                return NEVER if wanted else ALWAYS
            case RecordCondition():
                return self._of_records(condition, wanted)
            case GivenTest(name=FactName() as name) if not name.fact.concluded:
                literal = Literal(self._fact(name.fact, known_only=True), "known")
                return literal if condition.wanted is wanted else negated(literal)
            case FactTest(name=FactName() as name):
                return self._test(condition, name.fact, wanted)
        raise Untranslatable(type(condition).__name__)

    def _of_records(self, condition: RecordCondition, wanted: bool) -> Formula:
        if self._absent(condition.selection.list) != "none":
            raise Untranslatable(condition.selection.list)
        match condition:
            case NoRecord() | Every():
                return ALWAYS if wanted else NEVER
            case Some():
                return NEVER if wanted else ALWAYS
        raise Untranslatable(type(condition).__name__)

    def _test(self, condition: FactTest, fact: OurFact, wanted: bool) -> Formula:
        if fact.concluded:
            if fact.type.kind != "flag" or not isinstance(condition.operator, Equals):
                raise Untranslatable(fact.name)
            return self._concluded(fact.name, bool(_operand(condition.operator)) is wanted)
        if fact.stale_after is not None:
            raise Untranslatable(fact.name)
        literal = self._literal(condition, fact)
        formula = literal if wanted else negated(literal)
        if fact.presume is None:
            return formula
        assert isinstance(fact.presume, Value)
        presumed = passes(literal.operator, literal.operand, fact.presume) is wanted
        return Any((Literal(literal.fact, "unknown"), formula)) if presumed else formula

    def _literal(self, condition: FactTest, fact: OurFact) -> Literal:
        made, operator = self._fact(fact), condition.operator
        if made.kind == "word":
            return Literal(made, "in", tuple(each for each in made.values if _passes(operator, each)))
        match operator:
            case Equals() if made.kind == "flag":
                return Literal(made, "is", bool(_operand(operator)))
            case AtLeast() | Below():
                limit = _operand(operator)
                assert isinstance(limit, int)
                return Literal(made, "at_least" if isinstance(operator, AtLeast) else "below", limit)
        raise Untranslatable(operator.key)

    def _fact(self, fact: OurFact, known_only: bool = False) -> Fact:
        key = "k_" + fact.name.replace(".", "_")
        match fact.type.kind:
            case "flag":
                return Fact(key, fact.name, "flag")
            case "count":
                return Fact(key, fact.name, "number")
            case "choice" | "level":
                return Fact(key, fact.name, "word", tuple(fact.type.names))  # type: ignore[attr-defined]
            case kind if known_only and kind in EXAMPLES:
                return Fact(key, fact.name, "word", (EXAMPLES[kind],))
        raise Untranslatable(fact.type.kind)


# --- small parts ------------------------------------------------------------------------------------------------------


def both(parts: tuple[Formula, ...]) -> Formula:
    """All of them, without parts that say nothing."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, All) else (part,))]
    kept = tuple(dict.fromkeys(flat))
    return NEVER if NEVER in kept else kept[0] if len(kept) == 1 else All(kept)


def either(parts: tuple[Formula, ...]) -> Formula:
    """At least one of them, without parts that say nothing."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, Any) else (part,))]
    kept = tuple(dict.fromkeys(flat))
    return ALWAYS if ALWAYS in kept else kept[0] if len(kept) == 1 else Any(kept)


def _otherwise(formula: Formula) -> Formula:
    """Where a formula does not hold, for whatever reason."""
    match formula:
        case All(parts):
            return either(tuple(_otherwise(each) for each in parts))
        case Any(parts):
            return both(tuple(_otherwise(each) for each in parts))
        case Literal(operator="known" | "unknown"):
            return negated(formula)
        case Literal():
            return either((Literal(formula.fact, "unknown"), negated(formula)))


def _operand(operator: OneOperand) -> object:
    if not isinstance(operator.operand, Written):
        raise Untranslatable(operator.key)
    return operator.operand.value


def _passes(operator: Operator, value: str) -> bool:
    """Whether a word passes a comparison with what is written in the policy."""
    match operator:
        case OneOperand():
            return operator.compare(value, _operand(operator)) is True  # type: ignore[arg-type]
        case SeveralOperands() if operator.by_value:
            return operator.holds(value, None, ()) is True  # type: ignore[arg-type]  # it looks at no situation
    raise Untranslatable(operator.key)


def _value(fact: Fact, dice: random.Random) -> Value:
    match fact.kind:
        case "flag":
            return dice.random() < 0.5
        case "number":
            return dice.randint(0, 9)
    return dice.choice(fact.values)
