"""What a decision says: frozen, comparable, and as plain data both ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.decision.changes import Changes, changes
from escalation_rules.decision.explanation import Explanation
from escalation_rules.decision.parts import (
    DoneStep,
    Finding,
    Forbidden,
    Held,
    Missing,
    PolicyRef,
    Step,
)
from escalation_rules.decision.plain import Plain, to_plain
from escalation_rules.decision.reading_back import from_plain, instant, required_instant
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.once import once
from escalation_rules.values import plain_instant

FORMAT = 1
"""The version of the decision's form as plain data."""


@attrs.frozen(slots=False)
class Decision:
    """What to do next and in which order, what not, what to find out, and when to look again."""

    case: str | None
    at: datetime
    policy: PolicyRef
    currency: str | None
    phase: str | None
    plan: tuple[Step, ...]
    done: tuple[DoneStep, ...]
    forbidden: tuple[Forbidden, ...]
    held: tuple[Held, ...]
    missing: tuple[Missing, ...]
    findings: tuple[Finding, ...]
    conclusions: tuple[Finding, ...]
    _look_again: Callable[[], datetime | None] = attrs.field(
        default=lambda: None, eq=False, repr=False, alias="look_again"
    )

    _explain: Callable[[str | None], Any] | None = attrs.field(
        default=None, eq=False, repr=False, alias="explain_by"
    )

    @once
    def review_at(self) -> datetime | None:
        """The earliest later instant (UTC), within a year, at which the decision would differ if no fact changed."""
        return self._look_again()

    def looking_again(self, look: Callable[[], datetime | None]) -> Decision:
        """The same decision, which asks `look` (once, when needed) for its `review_at`."""
        return attrs.evolve(self, look_again=look)

    def explained_by(self, explain: Callable[[str | None], Explanation]) -> Decision:
        """The same decision, which asks `explain` for its reasons."""
        return attrs.evolve(self, explain_by=explain)

    def explain(self, about: str | None = None) -> Explanation:
        """Why it says what it says; with `about`, why one rule holds or not, or why one action is not in the plan.

        Raises `RequestError` for a name that is neither, and for a decision that was read back from plain data (ask
        `policy.explain` with its case instead).
        """
        if self._explain is None:
            raise RequestError([Diagnostic("no-origin", "a decision that was read back cannot explain itself",
                                           expected="policy.explain(case, at=decision.at)")])  # fmt: skip
        explanation: Explanation = self._explain(about)
        return explanation

    def changes_since(self, earlier: Decision) -> Changes:
        """What this decision says otherwise than an earlier one about the same case."""
        return changes(earlier, self)

    def same_as(self, other: Decision) -> bool:
        """Whether both say the same, whatever the instant at which they were made."""
        return attrs.evolve(self, at=other.at) == other

    def to_dict(self, language: str | None = None) -> Plain:
        """The decision as plain data, ready for JSON: texts in one language, or (None) in all as a mapping."""
        return {
            "format": FORMAT,
            "case": self.case,
            "at": plain_instant(self.at),
            "policy": {"name": self.policy.name, "digest": self.policy.digest},
            "currency": self.currency,
            "phase": self.phase,
            **{name: [to_plain(each, language) for each in getattr(self, name)] for name in _PARTS},
            "review_at": plain_instant(self.review_at) if self.review_at else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Decision:
        """A decision from the plain data of `to_dict()`; `ValueError` if it is not of that form."""
        try:
            if data["format"] != FORMAT:
                raise ValueError(f"a decision of format {data['format']!r}; expected {FORMAT}")
            parts: Any = {
                name: tuple(from_plain(kind, each) for each in data[name]) for name, kind in _PARTS.items()
            }
            review = instant(data["review_at"])
            return cls(data["case"], required_instant(data["at"]), _policy(data["policy"]), data["currency"],
                       data["phase"], look_again=lambda: review, **parts)  # fmt: skip
        except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise ValueError(f"this is not a decision: {error}") from error

    def __getstate__(self) -> dict[str, Any]:
        # The function that looks ahead holds the policy; a pickled decision takes only its answer along.
        state = {
            name.name: getattr(self, name.name)
            for name in attrs.fields(Decision)
            if not name.name.startswith("_")
        }
        return state | {"review_at": self.review_at}

    def __setstate__(self, state: dict[str, Any]) -> None:
        review = state["review_at"]
        self.__dict__.update(state, _look_again=lambda: review, _explain=None)


def _policy(data: Mapping[str, Any]) -> PolicyRef:
    """The policy's reference; a printed decision names the engine too, which is no part of what was decided."""
    return PolicyRef(data["name"], data["digest"])


_PARTS: dict[str, type] = {
    "plan": Step,
    "done": DoneStep,
    "forbidden": Forbidden,
    "held": Held,
    "missing": Missing,
    "findings": Finding,
    "conclusions": Finding,
}
