"""A recorded decision derived again from its policy, case and instant, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from escalation_rules.decision import Decision
from escalation_rules.frozen import frozen
from escalation_rules.texts import LANGUAGES

_PRINTED_ONLY = ("engine",)
"""Parts of `policy` that a printed decision carries and that do not belong to what was decided."""


_KEYS: dict[str, tuple[str, ...]] = {
    "plan": ("id", "action", "about"),
    "done": ("id", "action", "about"),
    "forbidden": ("action", "about", "by"),
    "held": ("action", "about", "by"),
    "missing": ("fact", "about"),
    "findings": ("fact", "about"),
    "conclusions": ("fact", "about"),
}
"""By what the items of each part are told apart."""


@attrs.frozen
class Difference:
    """One place (`plan[0].due`) at which the recorded decision and the one derived now are not the same.

    In a part that is a list, such as the plan, `name` is the action or the fact of the item, `about` its record, and the number
    in `path` is that of the recorded item, if there is one. An item that only one of the two has is null in the other.
    """

    path: str
    recorded: Any = attrs.field(converter=frozen)
    derived: Any = attrs.field(converter=frozen)
    part: str | None = None
    name: str | None = None
    about: Any = attrs.field(default=None, converter=frozen)


@attrs.frozen
class Verification:
    """Whether the policy is the one that decided (`same_policy`, by its digest), and where the answers differ."""

    same_policy: bool
    differences: tuple[Difference, ...]

    @property
    def verified(self) -> bool:
        """Whether the same policy gives the same decision."""
        return self.same_policy and not self.differences

    def to_dict(self) -> dict[str, Any]:
        """The verification as plain data, ready for JSON."""
        differences = [attrs.asdict(each) for each in self.differences]
        return {"verified": self.verified, "same_policy": self.same_policy, "differences": differences}


def verify(recorded: Mapping[str, Any], derived: Decision) -> Verification:
    """Compare plain data of a decision, in whatever languages it was written, with the decision derived now."""
    policy = {key: value for key, value in recorded["policy"].items() if key not in _PRINTED_ONLY}
    data = {**recorded, "policy": policy}
    found = min((_differences(data, derived.to_dict(each)) for each in (None, *LANGUAGES)), key=len)
    return Verification(policy.get("digest") == derived.policy.digest, found)


def _differences(recorded: Mapping[str, Any], derived: Mapping[str, Any]) -> tuple[Difference, ...]:
    return tuple(each for each in _of_decision(recorded, derived) if each.path != "policy.digest")


def _of_decision(recorded: Mapping[str, Any], derived: Mapping[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys((*derived, *recorded)):
        one, other = recorded.get(key), derived.get(key)
        if key in _KEYS and _is_items(one) and _is_items(other):
            yield from _of_part(str(key), one, other)
        else:
            yield from _compare(one, other, str(key))


def _is_items(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def _of_part(part: str, recorded: Any, derived: Any) -> Iterator[Difference]:
    """The items of a part by what they are called: one more or less moves no other."""
    before, after = _by_key(part, recorded), _by_key(part, derived)
    for key in dict.fromkeys((*after, *before)):
        number, one = before.get(key, (None, None))
        place, other = after.get(key, (None, None))
        item = one if one is not None else other
        path = f"{part}[{number if number is not None else place}]"
        for each in _compare(one, other, path):
            name, about = (_name(item), item.get("about")) if item is not None else (None, None)
            yield attrs.evolve(each, part=part, name=name, about=about)
    orders = [[key for key in one if key in other] for one, other in ((before, after), (after, before))]
    if orders[0] != orders[1]:
        before_names, after_names = (
            [_name(known[key][1]) for key in order]
            for known, order in zip((before, after), orders, strict=True)
        )
        yield Difference(part, before_names, after_names, part)


def _name(item: Mapping[str, Any]) -> Any:
    """The action or the fact that an item of a part is about."""
    return item.get("action", item.get("fact"))


def _by_key(part: str, items: Any) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """The items with their numbers; of several that are called the same, the second is another one."""
    found: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for number, each in enumerate(items):
        name = repr([each.get(key) for key in _KEYS[part]])
        while name in found:
            name += "+"
        found[name] = number, each
    return found


def _is_money(value: Mapping[str, Any]) -> bool:
    """Whether it is one value for its reader: an amount with its currency."""
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
