"""The library's decision and the oracle's, in one shape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from escalation_rules import Decision, Policy
from tests.oracle import naive
from tests.oracle.worlds import instant

Plain = Any
PLAN = ("id", "action", "about", "phase", "owner", "due", "within", "overdue", "paused", "incomplete",
        "part_of")  # fmt: skip
LINES: dict[str, tuple[str, ...]] = {
    "done": ("id", "action", "about", "at", "by", "params"),
    "forbidden": ("action", "about", "by", "wanted"),
    "held": ("action", "about", "by", "wanted", "due", "overdue"),
    "missing": ("fact", "about", "needed_by"),
    "findings": ("fact", "about", "value"),
    "conclusions": ("fact", "about", "value"),
}
ORDERED = ("plan", "missing")


def content(decision: Decision) -> dict[str, Plain]:
    """What the oracle, too, says of a decision."""
    data = decision.looking_again(lambda: None).to_dict()  # `review_at` takes long and is compared elsewhere
    made: dict[str, Plain] = {"phase": data["phase"], "plan": [_step(each) for each in data["plan"]]}
    for part, keys in LINES.items():
        made[part] = [{key: each[key] for key in keys} for each in data[part]]
        if part in {"done", "forbidden", "held"}:
            for line, each in zip(made[part], data[part], strict=True):
                line["because"] = _reasons(each)
                if part == "done":
                    line["params"] = _params(each)
        if part == "held":
            for line, each in zip(made[part], data[part], strict=True):
                needs = [[need["kind"], need["name"], need["about"]] for need in each["needs"]]
                line["needs"] = sorted(needs, key=str)
                line["params"] = _params(each)
    return _tidy(made)


def expected(policy: Mapping[str, Plain], case: Mapping[str, Plain], at: datetime) -> dict[str, Plain]:
    """What the oracle decides."""
    made = naive.decide(policy, case, at)
    # The library writes conditions in a form of its own.
    made["held"] = [{key: each[key] for key in each if key != "until"} for each in made["held"]]
    return _tidy(made)


def differences(
    policy: Mapping[str, Plain], loaded: Policy, case: Mapping[str, Plain], at: datetime
) -> list[str]:
    """Where the two disagree, a line each; nothing if they agree."""
    mine, theirs = expected(policy, case, at), content(loaded.decide(case, at=at))
    return [
        f"{part}:\n    oracle  {mine[part]}\n    library {theirs[part]}"
        for part in mine
        if mine[part] != theirs[part]
    ]


def _step(data: Mapping[str, Plain]) -> dict[str, Plain]:
    made = {key: data[key] for key in PLAN}
    made["incomplete"] = sorted(made["incomplete"])
    return {**made, "params": _params(data), "because": _reasons(data)}


def _reasons(data: Mapping[str, Plain]) -> set[tuple[str, str, bool]]:
    return {(reason["rule"], reason["effect"], reason["undecided"]) for reason in data["because"]}


def _params(data: Mapping[str, Plain]) -> dict[str, Plain]:
    return {name: _value(each) for name, each in data["params"].items() if each is not None}


def _value(known: Plain) -> Plain:
    return sorted(known) if isinstance(known, list) else known


def _tidy(made: dict[str, Plain]) -> dict[str, Plain]:
    """Instants and reasons in one form; order only where it says something."""
    for part in ("plan", "done", "forbidden", "held"):
        for line in made[part]:
            line["because"] = sorted(line["because"])
            for key in ("due", "at"):
                if line.get(key):
                    line[key] = instant(line[key]).isoformat()
    return {
        part: lines if part in ORDERED or part == "phase" else sorted(lines, key=_place)
        for part, lines in made.items()
    }


def _place(line: Mapping[str, Plain]) -> str:
    return repr(
        sorted((key, sorted(each.items()) if isinstance(each, dict) else each) for key, each in line.items())
    )
