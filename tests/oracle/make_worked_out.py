"""Random policies with tables, and with amounts that are worked out; made from those that have none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.oracle.dice import Dice, Drawn, chance, pick, several
from tests.oracle.generate import policy, question
from tests.oracle.make_conditions import Context, condition, test
from tests.oracle.make_rules import parameter_value
from tests.oracle.make_vocabulary import LAYERS, layer_of

Plain = Any
AMOUNTS = [{"TWD": 100, "CNY": 20.5}, {"TWD": 30}, {"TWD": 0.3, "JPY": 7}]
LEAST = [{"TWD": 1, "CNY": 0.01}, {"TWD": 7, "JPY": 1}, {"TWD": 0.05}]
PERIODS = [
    "days",
    "12 hours",
    "week",
    "month",
    "2 months",
    "calendar days",
    "3 calendar days",
    "working hours",
    "90 working minutes",
]
SHARES = ["10%", "33.3%", "100 %", "0.5%", "250%"]


def with_worked_out(dice: Dice, made: dict[str, Plain]) -> dict[str, Plain]:
    """The policy with other values for amounts, counts and lengths of time."""
    whole = Context(made["vocabulary"], LAYERS + 1, tuple(made["vocabulary"]["actions"]))
    for ruleset in made["rulesets"]:
        for rule in ruleset["rules"]:
            if chance(dice, 60) and (effect := tabled(dice, made["vocabulary"], rule)):
                rule.update(effect)
                continue
            context = whole.inside(rule["for_each"]) if "for_each" in rule else whole
            for effect in rule.get("then", []):
                declared = made["vocabulary"]["actions"].get(effect.get("recommend"), {}).get("params", {})
                for name, each in declared.items():
                    if chance(dice, 85):
                        stated = worked_out(dice, context, each, pick(dice, [1, 1, 2]))
                        effect.update({name: stated} if stated is not None else {})
    return made


def tabled(dice: Dice, vocabulary: dict[str, Plain], rule: dict[str, Plain]) -> dict[str, Plain]:
    """A table in place of what a rule concludes; nothing for a rule that concludes nothing."""
    name = rule["then"][0].get("conclude") if rule.get("then") else None
    if name is None:
        return {}
    for key in ("then", "when", "unless"):
        rule.pop(key, None)
    listed = rule.get("for_each")
    field = name.rpartition(".")[2]
    fields = vocabulary["records"][listed]["fields"] if listed else {}
    declared = vocabulary["facts"].get(name) or fields[field]
    whole = Context(vocabulary, layer_of(field if listed and name not in vocabulary["facts"] else name), ())
    values = [True, False] if declared["type"] == "flag" else declared["values"]
    return {
        "table": {
            "outputs": [name],
            **table(dice, whole.inside(listed) if listed else whole, lambda: pick(dice, values)),
        }
    }


def table(dice: Dice, context: Context, says: Callable[[], Plain]) -> dict[str, Plain]:
    """Inputs, rows and what is said otherwise."""
    known = context.names()
    inputs = several(dice, [*known], 1, 2)
    rows: list[Plain] = [
        [
            *(
                "any" if row + column and chance(dice, 25) else test(dice, context, known[each])
                for column, each in enumerate(inputs)
            ),
            says(),
        ]
        for row in range(dice.number(1, 3))
    ]
    if chance(dice, 20):
        rows[0] = {"row": rows[0]}
    return {"hit": "first", "inputs": inputs, "rows": rows, "otherwise": says()}


def worked_out(dice: Dice, context: Context, declared: dict[str, Plain], depth: int) -> Plain:
    """A form for a parameter; None where it can have none."""
    kind = declared["type"]
    heads = ["first_that_applies", "table"]
    heads += (
        ["times", "share", "round"]
        if kind == "amount"
        else ["times", "full", "started"]
        if kind == "count"
        else []
    )
    heads += (
        ["from", "least_of", "greatest_of", "total_of"] if kind in {"amount", "count", "duration"} else []
    )
    if depth == 0:
        return (
            pick(dice, AMOUNTS)
            if kind == "amount" and chance(dice, 40)
            else parameter_value(dice, context, declared)
        )

    def part() -> Plain:
        return worked_out(dice, context, declared, depth - 1)

    head = pick(dice, heads)
    made: dict[str, Plain]
    match head:
        case "first_that_applies":
            found = [{"value": part(), "when": condition(dice, context, 1)} for _ in range(dice.number(1, 3))]
            made = {head: found, "otherwise": part()}
        case "table":
            made = {head: table(dice, context, part)}
        case "times":
            made = times(dice, context, kind, part)
        case "share":
            made = {head: pick(dice, SHARES), "of": part()}
        case "full" | "started":
            made = periods(dice, context, head)
        case "from":
            made = {head: part(), "less": part()}
        case "round":
            made = {head: part(), "to": pick(dice, LEAST)}
            made |= {"how": pick(dice, ["up", "down", "half_even", "half_up"])} if chance(dice, 80) else {}
        case _:
            made = {head: [part(), part()]}
    return None if not is_whole(made) or common(made) == set() else made


def times(dice: Dice, context: Context, kind: str, part: Callable[[], Plain]) -> dict[str, Plain]:
    """A number times something, or an amount times a count."""
    if kind != "amount" or chance(dice, 50):
        return {"times": dice.number(0, 3), "of": part()}
    factor = part()
    if factor == 0:  # which is a number as well
        factor = pick(dice, AMOUNTS)
    if chance(dice, 40):
        return {"times": factor, "of": periods(dice, context, pick(dice, ["full", "started"]))}
    return {"times": factor, "of": parameter_value(dice, context, {"type": "count"})}


def periods(dice: Dice, context: Context, head: str) -> dict[str, Plain]:
    """A number of periods between two instants; without two names of instants, nothing."""
    instants = [name for name, each in context.names().items() if each["type"] == "instant" and "." in name]
    if not instants:
        return {head: None}
    return {head: pick(dice, PERIODS), "since": pick(dice, instants), "until": pick(dice, instants)}


def is_whole(made: Plain) -> bool:
    """Whether nothing in it is missing."""
    if isinstance(made, dict):
        return all(is_whole(each) for each in made.values())
    return all(map(is_whole, made)) if isinstance(made, list) else made is not None


def common(made: Plain) -> set[str]:
    """The currencies that all amounts that it is worked out from are written in; each one has some by itself."""
    if isinstance(made, dict) and made and all(key.isupper() and len(key) == 3 for key in made):
        return set(made)
    parts = list(made.values()) if isinstance(made, dict) else made if isinstance(made, list) else []
    if isinstance(made, dict) and (
        "first_that_applies" in made or "table" in made or "where" in made or "which" in made
    ):
        parts = []
    found = {"TWD", "CNY", "JPY", "(any)"}
    for each in parts:
        found &= common(each) | (set() if has_amounts(each) else {"(any)"})
    return found


def has_amounts(made: Plain) -> bool:
    """Whether amounts are written in it."""
    return common(made) != {"TWD", "CNY", "JPY", "(any)"}


@st.composite
def pairs_worked_out(draw: st.DrawFn) -> tuple[dict[str, Plain], dict[str, Plain], Any]:
    """A policy with amounts that are worked out, a case for it and an instant."""
    dice = Drawn(draw)
    made = with_worked_out(dice, policy(dice))
    return made, *question(dice, made)
