"""Names that follow several references, wherever a name may stand: a record of the rule, a `where`, the other side of a
comparison, a limit, a parameter, a due time, what an effect or a test on acts is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.dice import Dice, chance, pick
from tests.oracle.run import disagreement

Plain = Any
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
PAIRS = 5

WORDS: Plain = {
    "phases": ["ask", "settle"],
    "roles": ["customer", "clerk", "boss"],
    "principles": ["fairness"],
    "facts": {"case.main": {"type": "reference", "to": "misses"}, "case.led_by": {"type": "party"}},
    "records": {
        "parties": {"each": "party", "absent": "none", "fields": {
            "role": {"type": "party"}, "upset": {"type": "flag"}, "firm_of": {"type": "reference", "to": "firms"}}},
        "firms": {"each": "firm", "absent": "none", "fields": {
            "known": {"type": "flag", "presume": True}, "size": {"type": "count"}, "since": {"type": "instant"},
            "large": {"type": "flag", "concluded": True}, "led_by": {"type": "party"}}},
        "orders": {"each": "order", "absent": "none", "fields": {
            "firm_of": {"type": "reference", "to": "firms"}, "corrects": {"type": "reference", "to": "orders"}}},
        "misses": {"each": "miss", "absent": "none", "ordered_by": "at", "fields": {
            "at": {"type": "instant"}, "order_of": {"type": "reference", "to": "orders"}, "times": {"type": "count"}}},
    },
    "actions": {
        "warn": {"phase": "ask", "owner": "clerk", "about": "misses", "params": {"times": {"type": "count"}}},
        "call": {"phase": "ask", "owner": "clerk", "about": "firms"},
        "visit": {"phase": "settle", "owner": "boss", "about": "firms", "by": ["boss", "clerk"]},
        "look": {"phase": "settle", "owner": "clerk", "params": {"times": {"type": "count"}}},
    },
}  # fmt: skip

TESTS: Plain = [
    {"order_of.firm_of.known": True},
    {"order_of.firm_of.large": True},
    {"miss.order_of.firm_of.size": {"at_least": 2}},
    {"order_of.corrects.firm_of.known": False},
    {"order_of.corrects.corrects.firm_of": "given"},
    {"times": {"above": "miss.order_of.firm_of.size"}},
    {"at": {"after": "1 hour after order_of.firm_of.since"}},
    {"order_of.firm_of.since": {"older_than": "4 hours"}},
    {"order_of.firm_of.led_by.upset": True},
    {"order_of.firm_of.led_by": {"same_as": "case.led_by"}},
    {"case.main.order_of.firm_of.known": True},
    {"case.led_by.upset": False},
    {"case.led_by.firm_of.large": True},
    {"case.main.order_of.firm_of": {"same_as": "order_of.firm_of"}},
    {"not_done": {"action": "call", "about": "order_of.firm_of"}},
    {"done": {"action": "visit", "about": "miss.order_of.firm_of", "after": "order_of.firm_of.since"}},
]  # fmt: skip


def effect(dice: Dice) -> Plain:
    """What a rule for each miss does."""
    effects: Plain = [
        {"recommend": "warn", "times": "order_of.firm_of.size", "within": "2 hours of order_of.firm_of.since"},
        {"recommend": "warn", "within": "1 hour of learning miss.order_of.firm_of.size"},
        {"recommend": "call", "about": "order_of.firm_of", "within": "3 hours of miss.at"},
        {"recommend": "visit", "about": "miss.order_of.corrects.firm_of", "owner": pick(dice, ["boss", "clerk"])},
        {"forbid": "call", "about": "order_of.firm_of"},
        {"forbid": "warn", "where": {"times": {"above": "miss.order_of.firm_of.size"}}},
        {"hold": "visit", "about": "order_of.firm_of", "until": {"done": "call"}},
        {"hold": "warn", "until": {"order_of.firm_of.known": False}},
        {"recommend": "call", "about": "order_of.firm_of", "paused_while": {"order_of.firm_of.led_by.upset": True}},
    ]  # fmt: skip
    return pick(dice, effects)


def policy(dice: Dice) -> Plain:
    """Rules about misses, and about the firm to which the order of a miss belongs."""
    its: Plain = {"order_of.firm_of": {"same_as": "firm.id"}}
    far: Plain = {"order_of.firm_of.size": {pick(dice, ["at_least", "below"]): "firm.size"}}
    rules: Plain = [
        {"id": "large", "for_each": "firms", "when": {"size": {"at_least": 3}}, "then": [{"conclude": "firm.large"}]},
        {"id": "visited", "for_each": "firms", "when": {"some": "misses", "where": {**its, **pick(dice, TESTS[:4])}},
         "then": [{"recommend": "visit"}]},
        {"id": "seen", "for_each": "firms", "when": {"count": "misses", "where": far, "at_least": dice.number(1, 2)},
         "then": [{"recommend": "look", "about": "case", "times": "case.main.order_of.firm_of.size"}]},
    ]  # fmt: skip
    for number in range(dice.number(2, 4)):
        when = {**pick(dice, TESTS), **(pick(dice, TESTS[:12]) if chance(dice, 40) else {})}
        rule: Plain = {"id": f"r{number}", "for_each": "misses", "when": when, "then": [effect(dice)]}
        if chance(dice, 25):
            rule["unless"] = pick(dice, TESTS)
        rules.append(rule)
    return {"vocabulary": WORDS, "rulesets": [{"ruleset": "main", "rules": rules}]}


def history(dice: Dice) -> Plain:
    """Records that come to know one after another what they refer to."""
    entries: list[Plain] = [
        {"at": BEGIN.isoformat(), "firms": [{"id": "a"}, {"id": "b"}], "orders": [{"id": "o"}, {"id": "p"}],
         "misses": [{"id": "m", "order_of": "o"}, {"id": "n"}], "parties": [{"id": "ann"}]}
    ]  # fmt: skip

    def stated(chances: int, **values: Plain) -> Plain:
        return {name: value for name, value in values.items() if chance(dice, chances)}

    for number in range(dice.number(3, 9)):
        at = (BEGIN + timedelta(hours=number)).isoformat()
        entry: Plain = {"at": at}
        kind = pick(dice, ["orders", "firms", "misses", "facts", "parties", "acts"])
        if kind == "orders":
            values = stated(70, firm_of=pick(dice, ["a", "b"]), corrects=pick(dice, ["o", "p"]))
            entry["orders"] = [{"id": pick(dice, ["o", "p"]), **values}]
        elif kind == "firms":
            entry["firms"] = [{"id": pick(dice, ["a", "b"]), **stated(
                60, known=chance(dice, 50), size=dice.number(0, 4), since=at, led_by=pick(dice, ["ann", "boss"]))}]  # fmt: skip
        elif kind == "misses":
            values = stated(75, order_of=pick(dice, ["o", "p"]), at=at, times=dice.number(0, 4))
            entry["misses"] = [{"id": pick(dice, ["m", "n"]), **values}]
        elif kind == "facts":
            entry["facts"] = stated(
                70, **{"case.main": pick(dice, ["m", "n"]), "case.led_by": pick(dice, ["ann", "boss"])}
            )
        elif kind == "parties":
            values = stated(70, role=pick(dice, ["boss", "clerk"]), upset=chance(dice, 50), firm_of="a")
            entry["parties"] = [{"id": "ann", **values}]
        else:
            action = pick(dice, ["call", "visit", "warn"])
            about = pick(dice, ["m", "n"] if action == "warn" else ["a", "b"])
            entry["acts"] = [
                {"action": action, "about": about, "by": pick(dice, ["clerk", "boss"]), "at": at}
            ]
        entries.append(entry)
    return {"history": entries}


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided."""
    return [BEGIN + timedelta(hours=dice.number(2, 11))]


@pytest.mark.parametrize("seed", range(40))
def test_names_that_follow_several_references_mean_what_the_oracle_says(seed: int) -> None:
    assert disagreement(f"chains {seed}", policy, history, PAIRS, moments) is None
