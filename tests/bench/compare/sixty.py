"""The policy of sixty generated rules: two to four typed tests each, over forty facts; and its cases."""

from __future__ import annotations

import json
import random
from pathlib import Path

from escalation_rules.texts import LANGUAGES
from tests.bench.compare.problem import All, Fact, Literal, Problem, Rule, Value, opposite

RULES, FACTS, ACTIONS = 60, 40, 30
COLOURS = ("red", "green", "blue")
LEVELS = ("low", "mid", "high")
PHASES = ("first", "second", "third")
TYPES = ("flag", "count", "choice", "level")
AIMED_AT = {"recommend": range(ACTIONS), "hold": range(10, 20), "forbid": range(20, ACTIONS)}
UNKNOWN = 0.25
"""The share of facts that a case leaves open."""


class Sixty:
    """The policy, for us as YAML and for others as a problem."""

    def __init__(self, seed: int = 12) -> None:
        dice = random.Random(seed)
        self.types = [dice.choice(TYPES) for _ in range(FACTS)]
        self.facts = tuple(self._fact(number) for number in range(FACTS))
        self._yaml: list[str] = []
        self.rules = tuple(self._rule(number, dice) for number in range(RULES))

    def problem(self) -> Problem:
        """The rules for the others."""
        return Problem("60 generated rules", self.facts, self.rules, RULES)

    def write(self, folder: Path) -> None:
        """Write our policy."""
        types = {
            "flag": {"type": "flag"},
            "count": {"type": "count"},
            "choice": {"type": "choice", "values": COLOURS},
            "level": {"type": "level", "values": LEVELS},
        }
        actions = {
            f"do_{each}": {"by": ["clerk"], "phase": PHASES[each % 3], "about": "case"}
            for each in range(ACTIONS)
        }
        vocabulary = {
            "phases": PHASES,
            "roles": ["clerk"],
            "facts": {"case.opened_at": {"type": "instant"}}
            | {fact.name: types[kind] for fact, kind in zip(self.facts, self.types, strict=True)},
            "actions": actions,
        }
        head = ["format: 1", "ruleset: bench", f"vocabulary: {json.dumps(vocabulary)}", "rules:"]
        (folder / "sixty.yaml").write_text("\n".join(head + self._yaml), "utf-8")

    def case(self, dice: random.Random) -> dict[str, Value]:
        """The facts of a case, by key."""
        return {fact.key: self._value(fact, dice) for fact in self.facts if dice.random() >= UNKNOWN}

    def _fact(self, number: int) -> Fact:
        kind, name = self.types[number], f"x.f{number}"
        if kind == "flag":
            return Fact(f"f{number}", name, "flag")
        if kind == "count":
            return Fact(f"f{number}", name, "number")
        return Fact(f"f{number}", name, "word", COLOURS if kind == "choice" else LEVELS)

    def _rule(self, number: int, dice: random.Random) -> Rule:
        chosen = sorted(dice.sample(range(FACTS), dice.randint(2, 4)))
        tests = [self._test(each, dice) for each in chosen]
        when = {"all": [{literal.fact.name: plain} for literal, plain in tests]}
        parts = [literal for literal, _ in tests]
        # A decision does not list a hold of what is forbidden anyway, so that no action is in both groups.
        head = {4: "hold", 5: "forbid"}.get(number % 6, "recommend")
        action = f"do_{dice.choice(AIMED_AT[head])}"
        if head == "hold":
            waits = self.facts[dice.randrange(FACTS)]
            effect = json.dumps({"hold": action, "until": {waits.name: "GIVEN"}}).replace('"GIVEN"', "given")
            # A hold that is released is none: the others test that with the rest.
            formula = All((*parts, Literal(waits, "unknown")))
        else:
            effect = json.dumps({head: action})
            formula = All(tuple(parts))
        self._yaml += [f"  - id: r{number}", "    because:", *(f"      {each}: reason {number}" for each in LANGUAGES),
                       f"    when: {json.dumps(when)}", f"    then: [{effect}]"]  # fmt: skip
        return Rule(f"r{number}", formula, opposite(formula))

    def _test(self, number: int, dice: random.Random) -> tuple[Literal, object]:
        fact = self.facts[number]
        match self.types[number]:
            case "flag":
                flag = dice.random() < 0.5
                return Literal(fact, "is", flag), flag
            case "count":
                limit, least = dice.randint(2, 7), dice.random() < 0.5
                return Literal(fact, "at_least" if least else "below", limit), {
                    "at_least" if least else "below": limit
                }
            case "choice":
                if dice.random() < 0.5:
                    one = dice.choice(COLOURS)
                    return Literal(fact, "is", one), one
                several = tuple(sorted(dice.sample(COLOURS, 2)))
                return Literal(fact, "in", several), {"in": several}
        lowest = dice.choice(LEVELS[1:])
        return Literal(fact, "in", LEVELS[LEVELS.index(lowest) :]), {"at_least": lowest}

    def _value(self, fact: Fact, dice: random.Random) -> Value:
        match fact.kind:
            case "flag":
                return dice.random() < 0.5
            case "number":
                return dice.randint(0, 9)
        return dice.choice(fact.values)
