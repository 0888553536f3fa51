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


@attrs.frozen
class Difference:
    """One place (`plan[0].due`) at which the recorded decision and the one derived now are not the same."""

    path: str
    recorded: Any = attrs.field(converter=frozen)
    derived: Any = attrs.field(converter=frozen)


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
    return tuple(each for each in _compare(recorded, derived, "") if each.path != "policy.digest")


def _compare(recorded: Any, derived: Any, path: str) -> Iterator[Difference]:
    if isinstance(recorded, Mapping) and isinstance(derived, Mapping):
        for key in dict.fromkeys((*derived, *recorded)):
            yield from _compare(recorded.get(key), derived.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(recorded, list) and isinstance(derived, list) and len(recorded) == len(derived):
        for index, (one, other) in enumerate(zip(recorded, derived, strict=True)):
            yield from _compare(one, other, f"{path}[{index}]")
    elif recorded != derived:
        yield Difference(path, recorded, derived)
