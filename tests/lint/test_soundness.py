"""What lint says of conditions is true: tried on random conditions, each on many random cases."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escalation_rules.case import Case
from escalation_rules.engine.situation import SituationBuilder
from escalation_rules.errors import PolicyError, Problems
from escalation_rules.policy.conditions import Condition, Context, Scope, Situation, Truth, read_condition
from escalation_rules.policy.reading import read_policy
from escalation_rules.source import parse_yaml
from escalation_rules.tools.lint import lint
from escalation_rules.tools.lint.logic import is_always, is_never

BASE = Path(__file__).resolve().parents[1] / "diagnostics" / "base"
VOCABULARY = read_policy([BASE]).vocabulary
OBSERVER = SituationBuilder(VOCABULARY)
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
WORDS = ("cat", "ca", "at", "dog")
READ: list[Condition] = []
"""All conditions that were read: records cache results by the identity of a condition, which lives as long as its policy."""


def _test(dice: random.Random) -> dict[str, Any]:
    """A test on one fact of the small policy; the values are few, so that tests meet."""
    number = dice.randint(0, 3)
    money = {"TWD": number, **({"CNY": dice.randint(0, 2)} if dice.random() < 0.5 else {})}
    order = dice.choice(("at_least", "at_most", "above", "below", "equals", "is_not"))
    level = dice.choice(("calm", "heated", "furious"))
    choices: tuple[dict[str, Any], ...] = (
        {"customer.vip": dice.choice((True, False))},
        {"customer.mood": {dice.choice(("in", "not_in")): dice.sample(("good", "bad"), dice.randint(1, 2))}},
        {"customer.mood": {"given": dice.choice((True, False))}},
        {"customer.vip": {"given": dice.choice((True, False))}},
        {"customer.temper": {order: level}},
        {"customer.orders": {order: number}},
        {"customer.orders": {"between": [number, dice.randint(0, 3)]}},
        {"customer.budget": {order: money}},
        {"customer.budget": {order: 0}},
        {"customer.patience": {order: f"{number + 1} days"}},
        {"customer.letter": {"contains": dice.sample(WORDS, dice.randint(1, 2))}},
        {"customer.letter": dice.choice(("cat", "a dog", "at"))},
        {
            "customer.friend": {
                dice.choice(("in", "not_in")): dice.sample(("customer", "agent", "boss"), dice.randint(1, 3))
            }
        },
        {
            "case.opened_at": {
                dice.choice(("older_than", "newer_than", "coming_within")): f"{number + 1} hours"
            }
        },
        {"case.opened_at": {"passed": dice.choice((True, False))}},
        {"case.opened_at": {dice.choice(("above", "below")): "2026-03-02T09:00:00Z"}},
        {"count": "charges", order if order != "is_not" else "equals": number},
        {dice.choice(("some", "none")): "charges"},
        {dice.choice(("some", "none")): "charges", "where": {"open": dice.choice((True, False))}},
        {
            dice.choice(("some", "none")): "charges",
            "where": {"open": dice.choice((True, False)), "amount": {order: money}},
        },
        {"count": "charges", "where": {"open": True}, "at_least": number},
        {"sum": "charges.amount", order if order != "is_not" else "equals": {"TWD": number}},
        {dice.choice(("done", "not_done")): "call"},
    )
    return dice.choice(choices)


def _condition(dice: random.Random, depth: int) -> dict[str, Any]:
    if depth == 0 or dice.random() < 0.3:
        return _test(dice)
    if dice.random() < 0.2:
        return {"not": _condition(dice, depth - 1)}
    parts = [_condition(dice, depth - 1) for _ in range(dice.randint(2, 3))]
    return {dice.choice(("all", "all", "any", "any", "none")): parts}


def _read(data: dict[str, Any]) -> Condition:
    problems = Problems()
    node = parse_yaml(json.dumps(data), "condition", problems)
    assert node is not None
    condition = read_condition(Context(Scope(VOCABULARY), problems), node)
    assert condition is not None, [str(each) for each in problems]
    READ.append(condition)
    return condition


def _moment(dice: random.Random) -> str:
    step = timedelta(hours=dice.randint(-6, 6), microseconds=dice.choice((-1, 0, 0, 1)))
    return (AT + step).isoformat()


def _situation(dice: random.Random) -> Situation:
    """A case of the small policy in which each fact is known or not, at an instant that differs a little, too."""
    amounts = ("0", "0.5", "1", "2", "3", "4")
    values: dict[str, Any] = {
        "customer.vip": dice.choice((True, False)),
        "customer.mood": dice.choice(("good", "bad")),
        "customer.temper": dice.choice(("calm", "heated", "furious")),
        "customer.orders": dice.randint(0, 4),
        "customer.budget": float(dice.choice(amounts)),
        "customer.patience": f"{dice.randint(1, 5)} days",
        "customer.letter": dice.choice(("cat", "a dog", "at", "ca at", "", "the cat and the dog")),
        "customer.friend": dice.choice(("customer", "agent", "boss", "p1")),
        "case.opened_at": _moment(dice),
    }
    charge = {"open": dice.choice((True, False, None)), "amount": dice.choice((0, 1, 2, None))}
    data: dict[str, Any] = {
        "currency": dice.choice(("TWD", "CNY", "USD", None)),
        "facts": {name: value for name, value in values.items() if dice.random() < 0.8},
        "parties": [{"id": "p1", "role": dice.choice(("boss", None))}],
        "charges": [{"id": f"c{number}", **charge} for number in range(dice.randint(0, 3))],
        "acts": [{"action": "call", "by": "agent", "at": AT.isoformat()}] * dice.randint(0, 1),
    }
    if dice.random() < 0.1:
        data["charges"] = None
    case = Case.from_mapping(VOCABULARY, data)
    at = AT + timedelta(hours=dice.randint(-3, 3))
    return OBSERVER.situation(case.at(at), case.currency, at)


SITUATIONS = [_situation(random.Random(seed)) for seed in range(400)]


@pytest.mark.parametrize("block", range(8))
def test_what_is_called_never_or_always_is_so(block: int) -> None:
    said: dict[str, int] = {"never": 0, "always": 0, "possible": 0}
    for seed in range(150 * block, 150 * (block + 1)):
        dice = random.Random(seed)
        data = _condition(dice, dice.randint(0, 3))
        condition = _read(data)
        never, always = is_never([condition]), is_always(condition)
        truths: set[Truth] = {condition.evaluate(situation, ()) for situation in SITUATIONS}
        assert not (never and True in truths), data
        assert not (always and False in truths), data
        said["never" if never else "always" if always else "possible"] += 1
    assert min(said.values()) >= 3, said


def test_small_contradictions_are_all_found() -> None:
    """Where a condition of up to three tests is never true in hundreds of cases, lint says so, or it does exist."""
    missed = []
    for seed in range(10_000, 10_400):
        dice = random.Random(seed)
        condition = _read({"all": [_test(dice) for _ in range(2)]})
        if not is_never([condition]) and not any(condition.evaluate(each, ()) for each in SITUATIONS):
            missed.append(condition.to_data())
    assert len(missed) < 20, missed


# --- compared with itself ---------------------------------------------------------------------------------------------

OPERATORS = ("same_as", "not_same_as", "at_least", "at_most", "above", "below", "after", "before")


def _itself(operator: str, fact: str, path: Path) -> tuple[str, Condition] | None:
    """What lint says of a fact that is compared with itself, and the condition; None if it cannot be compared so."""
    path.write_text(
        f"format: 1\nruleset: one\nrules:\n  - id: itself\n    when: {{{fact}: {{{operator}: {fact}}}}}\n"
        "    then: [{forbid: gossip}]\n"
    )
    try:
        model = read_policy([BASE, path])
    except PolicyError:
        return None
    (said,) = [each.message for each in lint(model) if each.code == "compared-with-itself"]
    (rule,) = [each for each in model.rules if each.id == "itself"]
    assert rule.when is not None
    return said, rule.when


@pytest.mark.parametrize("operator", OPERATORS)
def test_what_is_said_of_a_comparison_with_itself_is_so(operator: str, tmp_path: Path) -> None:
    judged = 0
    for fact in ("customer.orders", "customer.friend", "customer.temper", "case.opened_at"):
        found = _itself(operator, fact, tmp_path / "rule.yaml")
        if found is None:
            continue
        said, condition = found
        truths = {condition.evaluate(situation, ()) for situation in SITUATIONS} - {None}
        assert truths == ({False} if said.endswith("never true") else {True}), said
        judged += 1
    assert judged
