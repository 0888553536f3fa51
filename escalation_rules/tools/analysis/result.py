"""What an analysis says: concerns, each with a case that shows it, and what the policy's owners answered."""

from __future__ import annotations

from typing import Any, Literal, get_args

import attrs

from escalation_rules.decision import PolicyRef
from escalation_rules.errors import Position
from escalation_rules.solving.witness import Witness

Kind = Literal[
    "conflict",
    "two-ways",
    "two-deadlines",
    "endless-hold",
    "never-fires",
    "always-covered",
    "gap",
    "no-deadline",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@attrs.frozen
class Answer:
    """Why a concern is none: of a kind, and between these rules."""

    kind: Kind
    rules: tuple[str, ...]
    because: str
    position: Position = attrs.field(eq=False)

    def covers(self, kind: Kind, rules: tuple[str, ...]) -> bool:
        """Whether it answers a concern of this kind, between these rules."""
        return kind == self.kind and set(rules) <= set(self.rules)


@attrs.frozen
class Concern:
    """What may be wrong with some rules, about an action if it is about one; the witness shows it.

    What can never be has no witness: it is proven.
    """

    kind: Kind
    rules: tuple[str, ...]
    action: str | None = None
    witness: Witness | None = None
    answer: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The concern as plain data, ready for JSON."""
        return {"kind": self.kind, "rules": list(self.rules), "action": self.action, "answer": self.answer,
                "witness": None if self.witness is None else self.witness.to_dict()}  # fmt: skip


@attrs.frozen
class Analysis:
    """The concerns about a policy. `undecided` are those that no case confirmed and no proof excluded; `stale` are answers to
    concerns that there are not (any more). `asked_for_gaps`: the owners say which case has to have a step."""

    policy: PolicyRef
    concerns: tuple[Concern, ...]
    undecided: tuple[Concern, ...]
    stale: tuple[Answer, ...]
    records: int
    acts: int
    asked_for_gaps: bool = True

    @property
    def unanswered(self) -> tuple[Concern, ...]:
        """The concerns that nobody has answered."""
        return tuple(each for each in self.concerns if each.answer is None)

    @property
    def clean(self) -> bool:
        """Whether each concern is answered, and no answer is stale."""
        return not self.unanswered and not self.stale

    def to_dict(self) -> dict[str, Any]:
        """The analysis as plain data, ready for JSON."""
        return {
            "policy": attrs.asdict(self.policy),
            "clean": self.clean,
            "asked_for_gaps": self.asked_for_gaps,
            "within": {"records": self.records, "acts": self.acts},
            "concerns": [each.to_dict() for each in self.concerns],
            "undecided": [each.to_dict() for each in self.undecided],
            "stale": [{"kind": each.kind, "rules": list(each.rules), "because": each.because,
                       "position": each.position.to_dict()} for each in self.stale],
        }  # fmt: skip
