"""Whether two policies have the same text, although what it refers to may be declared otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from escalation_rules.policy.conditions.act_filter import Meant
from escalation_rules.policy.model import NameAnchor, Recommend
from escalation_rules.policy.vocabulary import Action

Actions = Mapping[str, Action]


def same_as_written(one: object, other: object, old: Actions, new: Actions) -> bool:
    """Whether two parts of rules are the same, apart from what they take over from the declaration of an action: which acts
    match, and from when the time of a step counts."""
    if one == other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Meant) and isinstance(
        other, Meant
    ):  # that somebody else is an outsider alone changes nothing
        return one.is_ours == other.is_ours and attrs.evolve(one, outsiders=other.outsiders) == other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(
            _is_declared(name, part, other[name], old, new) or same_as_written(part, other[name], old, new)
            for name, part in one.items()
        )
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(
            same_as_written(mine, its, old, new) for mine, its in zip(one, other, strict=True)
        )
    kind: Any = type(one)
    if not attrs.has(kind):
        return False
    parts = [
        (field.name, getattr(one, field.name), getattr(other, field.name))
        for field in attrs.fields(kind)
        if field.eq
    ]
    return all(
        (name == "anchor" and _count_as_declared(one, other, old, new))
        or same_as_written(mine, its, old, new)
        for name, mine, its in parts
    )


def _is_declared(name: object, one: object, other: object, old: Actions, new: Actions) -> bool:
    """Whether the acts of an action match differently because its declaration was changed."""
    if not isinstance(one, Meant) or not isinstance(other, Meant) or not isinstance(name, str):
        return False
    return name in old and name in new and old[name] != new[name] and one.depth == other.depth


def _count_as_declared(one: Any, other: Any, old: Actions, new: Actions) -> bool:
    """Whether the times of two steps count from what their action declares."""
    if not isinstance(one, Recommend) or not isinstance(other, Recommend):
        return False
    return _counts_as_declared(one, old) and _counts_as_declared(other, new)


def _counts_as_declared(step: Recommend, actions: Actions) -> bool:
    declared = actions[step.action].anchor
    stated = step.anchor.name.text if isinstance(step.anchor, NameAnchor) else None
    return stated == declared and (step.anchor is None or stated is not None)
