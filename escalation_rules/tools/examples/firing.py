"""Determines for which records a rule fires, and which test prevents it."""

from __future__ import annotations

from escalation_rules.decision import AtomView, Explanation
from escalation_rules.policy.model import Rule
from escalation_rules.policy.vocabulary import NOWHERE
from escalation_rules.values import show

LONGEST_TEST = 100
Firing = dict[str | None, int]
"""For each record (None: the case) for which a rule fires, the number of the alternative that applies."""


def firing(rule: Rule, explained: Explanation) -> Firing:
    """The records for which the rule fires."""
    if not any(effect.alternatives for effect in rule.concludes):
        return {view.about: 0 for view in explained.rules if view.standing == "holds"}
    found: Firing = {}
    for view in explained.rules:
        atoms = [atom for atom in view.atoms if atom.part == "first_that_applies"]
        first = next((number for number, atom in enumerate(atoms) if atom.truth), None)
        if first is not None:
            found[view.about] = first
    return found


def undecided(explained: Explanation) -> bool:
    """Whether it is unknown if the rule holds, for the case or for one of its records."""
    return any(view.standing == "undecided" for view in explained.rules)


def obstacle(rule: Rule, explained: Explanation) -> str:
    """The test that prevents the rule from firing, for the record with the fewest such tests."""
    view = explained.rules[0]
    tests = view.in_the_way
    if any(atom.part == "for_each" for atom in tests):
        known = view.standing != "undecided"
        return (
            f"the case has no {rule.for_each}"
            if known
            else f"it is not known which {rule.for_each} there are"
        )
    if any(effect.alternatives for effect in rule.concludes):
        tests = tuple(atom for atom in view.atoms if atom.part == "first_that_applies")
    about = f"for {view.about}, " if view.about else ""
    if not tests:
        return f"{about}it can never apply"
    return about + " and ".join(_said(test) for test in tests[:3])


def _said(atom: AtomView) -> str:
    place = atom.condition.position if atom.condition is not None else NOWHERE
    where = f" (line {place.line})" if place != NOWHERE else ""
    truth = {True: "is true", False: "is false", None: "is unknown"}[atom.truth]
    saw = "; ".join(f"{reading.name} is {_value(reading.value)}" for reading in atom.seen)
    part = "" if atom.part == "when" else f"in `{atom.part}`, "
    return f"{part}`{_test(atom.test)}`{where} {truth}" + (f" because {saw}" if saw else "")


def _value(value: object) -> str:
    if value is None:
        return "unknown"
    return (", ".join(map(str, value)) or "none") if isinstance(value, list) else show(value).strip("'")


def _test(data: object) -> str:
    text = _flow(data)
    text = text[1:-1] if isinstance(data, dict) else text
    return text if len(text) <= LONGEST_TEST else text[:LONGEST_TEST] + "…"


def _flow(data: object) -> str:
    """Plain data as YAML on one line; `equals` is omitted, as in rules."""
    match data:
        case dict() if list(data) == ["equals"]:
            return _flow(data["equals"])
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(value)}" for key, value in data.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_flow, data)) + "]"
        case bool():
            return "true" if data else "false"
    return str(data)
