"""Dates that come back every year: of now and of an instant, over the end of the year, in leap years and in several zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.dice import Dice, Seeded, chance, pick
from tests.oracle.run import disagreement, load, review_unlike

Plain = Any
PAIRS = 4
DATES = (
    "1 November to 31 March", "20 December to 6 January", "29 February", "1 December to 29 February", "1 Mar to 28 Feb",
    "29 February to 3 March", "24 December", "1 April to 30 September in north", "31 December to 1 January in north",
)  # fmt: skip
EDGES = (
    (1, 1),
    (1, 7),
    (2, 28),
    (2, 29),
    (3, 1),
    (3, 4),
    (4, 1),
    (10, 1),
    (11, 1),
    (12, 20),
    (12, 24),
    (12, 25),
    (12, 31),
)

WORDS: Plain = {
    "phases": ["ask", "settle"],
    "roles": ["customer", "clerk"],
    "principles": ["fairness"],
    "calendar": "office",
    "calendars": {"office": {"timezone": "Asia/Taipei", "hours": {"mon-fri": ["09:00-18:00"]}},
                  "north": {"timezone": "Europe/Berlin", "hours": {"mon-sun": ["00:00-24:00"]}}},
    "facts": {"x.a": {"type": "flag"}, "x.when": {"type": "instant"}},
    "actions": {"call": {"phase": "ask", "owner": "clerk"}, "visit": {"phase": "settle", "owner": "clerk"}},
}  # fmt: skip


def policy(dice: Dice) -> Plain:
    """Rules for some dates."""
    on, off = pick(dice, DATES), pick(dice, DATES)
    rules: Plain = [
        {"id": "now", "when": {"x.a": True, "during": on}, "then": [{"recommend": "call", "within": "2 days of learning x.a"}]},
        {"id": "then", "when": {"x.when": {"during": off}}, "then": [{"recommend": "visit", "within": "1 day of x.when"}]},
        {"id": "other-dates", "when": {"not": {"during": off}}, "then": [{pick(dice, ["forbid", "recommend"]): "visit"}]},
        {"id": "hours-too", "when": {"all": [{"during": on}, {"during": pick(dice, ["08:00-20:00", "working time"])}]},
         "then": [{"hold": "call", "until": {"x.when": {"during": on}}}]},
    ]  # fmt: skip
    chosen = [each for each in rules if chance(dice, 60)] or rules[:1]
    return {"vocabulary": WORDS, "rulesets": [{"ruleset": "main", "rules": chosen}]}


def moment(dice: Dice) -> datetime:
    """An instant at, or near, the midnights at which some dates begin or end."""
    year, (month, day) = dice.number(2023, 2025), pick(dice, EDGES)
    day = day if (month, day) != (2, 29) or year == 2024 else 28
    hours = pick(dice, [-8, -1, 0, 0, 10])
    return datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hours, seconds=dice.number(-1, 1))


def history(dice: Dice) -> Plain:
    """Something learned on one such date, and an instant on another."""
    at = moment(dice)
    facts: Plain = {"x.a": True} if chance(dice, 70) else {}
    facts |= {"x.when": moment(dice).isoformat()} if chance(dice, 70) else {}
    return {"history": [{"at": at.isoformat(), "facts": facts}]}


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided: also before anything is known of it."""
    return [moment(dice), moment(dice)]


@pytest.mark.parametrize("seed", range(30))
def test_dates_of_the_year_mean_what_the_oracle_says(seed: int) -> None:
    assert disagreement(f"dates {seed}", policy, history, PAIRS, moments) is None


@pytest.mark.parametrize("seed", range(8))
def test_the_next_look_is_at_the_first_or_after_the_last_of_the_dates(seed: int) -> None:
    dice = Seeded(f"dates to look again {seed}")
    made = policy(dice)
    assert review_unlike(made, load(made), history(dice), moment(dice), 30) == []
