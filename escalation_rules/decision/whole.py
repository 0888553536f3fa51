"""What a decision says: frozen, comparable, and as plain data both ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

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
    """What to do next and in which order, what not, what to find out, and when to look again.

    A part that nobody has read may still have to be worked out (see `deferred`); nobody sees a difference.
    """

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

    _later: Mapping[str, Callable[[], Any]] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    @classmethod
    def deferred(
        cls,
        case: str | None,
        at: datetime,
        policy: PolicyRef,
        currency: str | None,
        phase: str | None,
        plan: tuple[Step, ...],
        later: Mapping[str, Callable[[], Any]],
    ) -> Decision:
        """A decision of which the other parts are worked out when they are first read, by the functions in `later`.

        Two threads that read a part at once may both work it out, to the same result.
        """
        made = cls(case, at, policy, currency, phase, plan, (), (), (), (), (), ())
        for name in later:
            del made.__dict__[name]
        made.__dict__["_later"] = later
        return made

    if not TYPE_CHECKING:  # a misspelt name stays an error

        def __getattr__(self, name: str) -> Any:
            """A part that nobody has read yet."""
            work = self.__dict__.get("_later", {}).get(name)
            if work is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            value = self.__dict__[name] = work()
            return value

    @once
    def review_at(self) -> datetime | None:
        """The earliest later instant (UTC), within a year, at which the decision would differ if no fact changed."""
        return self._look_again()

    def looking_again(self, look: Callable[[], datetime | None]) -> Decision:
        """The same decision, which asks `look` (once, when needed) for its `review_at`."""
        other = self._with("_look_again", look)
        other.__dict__.pop("review_at", None)
        return other

    def explained_by(self, explain: Callable[[str | None], Explanation]) -> Decision:
        """The same decision, which asks `explain` for its reasons."""
        return self._with("_explain", explain)

    def _with(self, name: str, value: object) -> Decision:
        """A copy with another attribute; parts that nobody has read stay so."""
        other = object.__new__(Decision)
        other.__dict__.update(self.__dict__)
        other.__dict__[name] = value
        return other

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
        return all(getattr(self, name) == getattr(other, name) for name in _COMPARED)

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
        self.__dict__.update(state, _look_again=lambda: review, _explain=None, _later={})


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

_COMPARED = tuple(each.name for each in attrs.fields(Decision) if each.eq and each.name != "at")
"""What two decisions that say the same have in common; the plan, which differs most often, is worked out already."""
