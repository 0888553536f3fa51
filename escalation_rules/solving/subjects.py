"""Lists the effects of rules by action. Does not need the solver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import attrs

from escalation_rules.policy.model import PolicyModel, Prohibit, Recommend, Rule

Head = Literal["recommend", "forbid", "hold"]
BLOCKING: tuple[Head, ...] = ("forbid", "hold")


@attrs.frozen(order=True)
class Subject:
    """The kind of an effect, its action, and the list `to` of its record ("": the case, or any record)."""

    head: Head
    action: str
    to: str = ""


Effects = list[tuple[Rule, "Recommend | Prohibit"]]


def subjects(model: PolicyModel) -> dict[Subject, Effects]:
    """The effects of a policy by subject, each with its rules."""
    found: dict[Subject, Effects] = {}
    for rule in model.rules:
        for effect, action in _acting(rule):
            found.setdefault(subject_of(model, effect, action), []).append((rule, effect))
    return found


def subject_of(model: PolicyModel, effect: Recommend | Prohibit, action: str) -> Subject:
    """The subject of an effect on an action."""
    whole = model.vocabulary.actions[action].about == "case"
    to = "" if whole or effect.aim.target == "case" else effect.aim.to or ""
    return Subject(effect.head, action, to)


def against(step: Subject) -> list[Subject]:
    """The prohibitions of a step, about its record or the case."""
    return [Subject(head, step.action, to) for head in BLOCKING for to in dict.fromkeys((step.to, ""))]


def _acting(rule: Rule) -> Iterator[tuple[Recommend | Prohibit, str]]:
    yield from ((effect, effect.action) for effect in rule.recommends)
    yield from ((effect, action) for effect in rule.prohibits for action in effect.actions)
