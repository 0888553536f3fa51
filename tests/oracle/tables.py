"""A rule with a table as a rule without one, in plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Plain = Any
ANY = "any"


def without_tables(vocabulary: Mapping[str, Plain], rule: dict[str, Plain]) -> dict[str, Plain]:
    """The same rule, in which rows are conditions in order."""
    if "table" not in rule:
        return {**rule, "then": [parameters_without(each) for each in rule.get("then", [])]}
    table = rule["table"]
    outputs = as_list(table["outputs"])
    rows = [
        (condition(table, cells(row)), cells(row)[len(as_list(table["inputs"])) :]) for row in table["rows"]
    ]
    last = as_list(table["otherwise"]) if "otherwise" in table else rows[-1][1]
    bare = {key: each for key, each in rule.items() if key != "table"}
    if is_flag(vocabulary, rule.get("for_each"), outputs[0]):
        return {**bare, "when": is_true(rows, last[0]), "then": [{"conclude": outputs[0]}]}
    return {**bare, "then": [
        {"conclude": name, "first_that_applies": [{says[at]: test} for test, says in rows], "otherwise": last[at]}
        for at, name in enumerate(outputs)
    ]}  # fmt: skip


def is_true(rows: list[tuple[Plain, list[Plain]]], last: bool) -> Plain:
    """That a row says true applies, and none before it that says something else."""
    found: list[Plain] = []
    before: list[Plain] = []
    for test, (says,) in rows:
        found += [{"all": [test, *({"not": each} for each in before)]}] if says else []
        before += [] if says else [test]
    if last:
        found.append({"all": [{"not": each} for each in before]} if before else ALWAYS)
    return {"any": found} if found else {"not": ALWAYS}


ALWAYS = {"any": [{"case.opened_at": "given"}, {"case.opened_at": "not given"}]}


def parameters_without(effect: dict[str, Plain]) -> dict[str, Plain]:
    """The effect, with values in order of their conditions in place of tables."""
    return {name: value_without(each) if isinstance(each, dict) else each for name, each in effect.items()}


def value_without(value: Plain) -> Plain:
    """The value of a parameter, however deep a table is in it."""
    if isinstance(value, list):
        return [value_without(each) for each in value]
    if not isinstance(value, dict) or "where" in value or "which" in value:
        return value
    if "table" not in value:
        return {key: each if key == "when" else value_without(each) for key, each in value.items()}
    table = value["table"]
    rows = [(condition(table, cells(row)), value_without(cells(row)[-1])) for row in table["rows"]]
    last = table["otherwise"] if "otherwise" in table else cells(table["rows"][-1])[-1]
    last = last[0] if isinstance(last, list) else last
    return {
        "first_that_applies": [{"value": says, "when": test} for test, says in rows],
        "otherwise": value_without(last),
    }


def condition(table: Mapping[str, Plain], row: list[Plain]) -> Plain:
    """What a row asks."""
    tests = [
        {name: {"in": cell} if isinstance(cell, list) else cell}
        for name, cell in zip(as_list(table["inputs"]), row, strict=False)
        if cell != ANY
    ]
    return {"all": tests} if tests else ALWAYS


def cells(row: Plain) -> list[Plain]:
    """The cells of a row, which may have a reason."""
    found: list[Plain] = row["row"] if isinstance(row, dict) else row
    return found


def as_list(said: Plain) -> list[Plain]:
    """One thing, or several."""
    return said if isinstance(said, list) else [said]


def is_flag(vocabulary: Mapping[str, Plain], listed: str | None, name: str) -> bool:
    """Whether a conclusion is a flag."""
    field = name.rpartition(".")[2]
    fields = vocabulary["records"][listed]["fields"] if listed else {}
    known = vocabulary["facts"].get(name) or fields.get(field) or {}
    return bool(known.get("type") == "flag")
