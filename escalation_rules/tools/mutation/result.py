"""Result types of mutation testing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from escalation_rules.decision import PolicyRef
from escalation_rules.errors import Position

Fate = Literal["killed", "survived", "equivalent", "invalid"]


@attrs.frozen
class MutantSeen:
    """A mutant and its outcome: `by` is the test that failed, `scenario` a test that would fail.

    `differs`: a case was found in which the decisions differ, even if no scenario can express the difference.
    """

    kind: str
    owner: str
    place: Position
    before: str
    after: str
    fate: Fate
    by: str | None = None
    scenario: str | None = None
    differs: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The mutant as plain data for JSON."""
        return {"kind": self.kind, "owner": self.owner, "file": self.place.file, "line": self.place.line,
                "before": self.before, "after": self.after, "fate": self.fate, "by": self.by,
                "scenario": self.scenario, "differs": self.differs}  # fmt: skip


@attrs.frozen
class Mutation:
    """The mutants that were judged, and the total number of mutants."""

    policy: PolicyRef
    judged: tuple[MutantSeen, ...]
    of: int

    def count(self, fate: Fate) -> int:
        """The number of mutants with this outcome."""
        return sum(mutant.fate == fate for mutant in self.judged)

    @property
    def survivors(self) -> tuple[MutantSeen, ...]:
        """The mutants that no test notices."""
        return tuple(mutant for mutant in self.judged if mutant.fate == "survived")

    @property
    def percent(self) -> float:
        """The percentage of mutants that a test notices, of those that make a difference; rounded down to one decimal."""
        killed, left = self.count("killed"), self.count("survived")
        return 100.0 if not killed + left else killed * 1000 // (killed + left) / 10

    def by_kind(self) -> Mapping[str, tuple[int, int]]:
        """For each kind of change, how many were noticed and how many were not."""
        found: dict[str, tuple[int, int]] = {}
        for mutant in self.judged:
            killed, left = found.get(mutant.kind, (0, 0))
            if mutant.fate in {"killed", "survived"}:
                found[mutant.kind] = (killed + (mutant.fate == "killed"), left + (mutant.fate == "survived"))
        return dict(sorted(found.items()))

    def to_dict(self) -> dict[str, Any]:
        """The results as plain data for JSON."""
        return {
            "policy": {"name": self.policy.name, "digest": self.policy.digest},
            "mutants": self.of,
            "judged": len(self.judged),
            **{fate: self.count(fate) for fate in ("killed", "survived", "equivalent", "invalid")},
            "percent": self.percent,
            "kinds": {
                kind: {"killed": killed, "survived": left} for kind, (killed, left) in self.by_kind().items()
            },
            "survivors": [mutant.to_dict() for mutant in self.survivors],
            "equivalents": [mutant.to_dict() for mutant in self.judged if mutant.fate == "equivalent"],
        }
