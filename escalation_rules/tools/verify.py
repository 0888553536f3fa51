"""Verifies a recorded decision by comparing it with one derived again from its policy, case and instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from escalation_rules.decision import Decision
from escalation_rules.decision.whole import HEADING
from escalation_rules.frozen import frozen
from escalation_rules.texts import LANGUAGES

_PRINTED_ONLY = ("engine",)
"""Parts of `policy` in a printed decision that are not part of the decision itself."""


_KEYS: dict[str, tuple[str, ...]] = {
    "plan": ("id", "action", "about"),
    "done": ("id", "action", "about"),
    "forbidden": ("action", "about", "by"),
    "held": ("action", "about", "by"),
    "missing": ("fact", "about"),
    "findings": ("fact", "about"),
    "conclusions": ("fact", "about"),
}
"""The fields that identify the items of each part."""


@attrs.frozen
class Difference:
    """One path (`plan[0].due`) at which the recorded and the newly derived decision differ.

    In a list such as the plan, `name` is the action or fact of the item and `about` its record; the number in
    `path` is that of the recorded item, if there is one. If only one decision has the item, it is null in the
    other.
    """

    path: str
    recorded: Any = attrs.field(converter=frozen)
    derived: Any = attrs.field(converter=frozen)
    part: str | None = None
    name: str | None = None
    about: Any = attrs.field(default=None, converter=frozen)


@attrs.frozen
class Verification:
    """The result of verifying: whether the policy is the one that decided (`same_policy`, by digest), and the
    differences."""

    same_policy: bool
    differences: tuple[Difference, ...]

    @property
    def verified(self) -> bool:
        """Whether the same policy gives the same decision."""
        return self.same_policy and not self.differences

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data for JSON."""
        differences = [attrs.asdict(difference) for difference in self.differences]
        return {"verified": self.verified, "same_policy": self.same_policy, "differences": differences}


def verify(recorded: Mapping[str, Any], derived: Decision) -> Verification:
    """Compare the plain data of a decision, in any language, with the decision derived now."""
    policy = {key: value for key, value in recorded["policy"].items() if key not in _PRINTED_ONLY}
    data = {key: value for key, value in recorded.items() if key != HEADING} | {"policy": policy}
    found = min((_differences(data, derived.to_dict(language)) for language in (None, *LANGUAGES)), key=len)
    return Verification(policy.get("digest") == derived.policy.digest, found)


def _differences(recorded: Mapping[str, Any], derived: Mapping[str, Any]) -> tuple[Difference, ...]:
    return tuple(
        difference for difference in _of_decision(recorded, derived) if difference.path != "policy.digest"
    )


def _of_decision(recorded: Mapping[str, Any], derived: Mapping[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys((*derived, *recorded)):
        one, other = recorded.get(key), derived.get(key)
        if key in _KEYS and _is_items(one) and _is_items(other):
            yield from _of_part(str(key), one, other)
        else:
            yield from _compare(one, other, str(key))


def _is_items(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, Mapping) for part in value)


def _of_part(part: str, recorded: Any, derived: Any) -> Iterator[Difference]:
    """Compare the items of a part by key, so that an added or removed item does not shift the others."""
    before, after = _by_key(part, recorded), _by_key(part, derived)
    for key in dict.fromkeys((*after, *before)):
        number, one = before.get(key, (None, None))
        place, other = after.get(key, (None, None))
        item = one if one is not None else other
        path = f"{part}[{number if number is not None else place}]"
        for difference in _compare(one, other, path):
            name, about = (_name(item), item.get("about")) if item is not None else (None, None)
            yield attrs.evolve(difference, part=part, name=name, about=about)
    orders = [[key for key in one if key in other] for one, other in ((before, after), (after, before))]
    if orders[0] != orders[1]:
        before_names, after_names = (
            [_name(known[key][1]) for key in order]
            for known, order in zip((before, after), orders, strict=True)
        )
        yield Difference(part, before_names, after_names, part)


def _name(item: Mapping[str, Any]) -> Any:
    """The action or fact of an item."""
    return item.get("action", item.get("fact"))


def _by_key(part: str, items: Any) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """The items by key, with their indexes. Repeated keys are made unique by a counter."""
    found: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for number, entry in enumerate(items):
        name = repr([entry.get(key) for key in _KEYS[part]])
        while name in found:
            name += "+"
        found[name] = number, entry
    return found


def _is_money(value: Mapping[str, Any]) -> bool:
    """Whether it is an amount with its currency, which is compared as one value."""
    return value.keys() == {"amount", "currency"}


def _compare(recorded: Any, derived: Any, path: str) -> Iterator[Difference]:
    if isinstance(recorded, Mapping) and isinstance(derived, Mapping) and not _is_money(derived):
        for key in dict.fromkeys((*derived, *recorded)):
            yield from _compare(recorded.get(key), derived.get(key), f"{path}.{key}")
    elif isinstance(recorded, list) and isinstance(derived, list) and len(recorded) == len(derived):
        for index, (one, other) in enumerate(zip(recorded, derived, strict=True)):
            yield from _compare(one, other, f"{path}[{index}]")
    elif recorded != derived:
        yield Difference(path, recorded, derived)
