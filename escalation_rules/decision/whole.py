"""The decision: immutable, comparable, convertible to and from plain data."""

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
from escalation_rules.decision.reading_back import NotRead, mapping, read
from escalation_rules.errors import Diagnostic, RequestError, reading
from escalation_rules.once import once
from escalation_rules.texts import known_language
from escalation_rules.values import plain_instant, show

FORMAT = 1
"""The version of the plain data format of decisions."""
HEADING = "heading"
"""The key that the command line adds to a decision, if the policy declares a heading."""


def _never() -> None:
    """`review_at` of a decision that cannot look ahead."""


@attrs.frozen(slots=False)
class Decision:
    """What to do next and in which order, what not to do, what to find out, and when to decide again.

    Parts may be computed on first access (see `deferred`); this is not visible from outside.
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
        default=_never, eq=False, repr=False, alias="look_again"
    )

    _explain: Callable[[str | None], Any] | None = attrs.field(
        default=None, eq=False, repr=False, alias="explain_by"
    )

    _later: Callable[[str], Any] | None = attrs.field(default=None, init=False, eq=False, repr=False)

    @classmethod
    def deferred(
        cls,
        case: str | None,
        at: datetime,
        policy: PolicyRef,
        currency: str | None,
        phase: str | None,
        known: Mapping[str, Any],
        later: Callable[[str], Any],
        look_again: Callable[[], datetime | None] = _never,
        explain: Callable[[str | None], Any] | None = None,
    ) -> Decision:
        """Create a decision of which only the parts in `known` are computed, at least the plan. `later(name)`
        computes the others on first access.

        If two threads access a part at once, both may compute it, with the same result.
        """
        made = object.__new__(cls)
        made.__dict__.update(known, case=case, at=at, policy=policy, currency=currency, phase=phase,
                             _look_again=look_again, _explain=explain, _later=later)  # fmt: skip
        return made

    if not TYPE_CHECKING:  # for type checkers, a misspelt attribute stays an error

        def __getattr__(self, name: str) -> Any:
            """Compute a part on first access."""
            later = self.__dict__.get("_later") if name in _PARTS else None
            if later is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            value = self.__dict__[name] = later(name)
            return value

    @once
    def review_at(self) -> datetime | None:
        """The earliest later instant (UTC), within a year, at which the decision would differ if no fact
        changed. None if there is none."""
        return self._look_again()

    def looking_again(self, look: Callable[[], datetime | None]) -> Decision:
        """Return the same decision, which calls `look` once, on first access, for its `review_at`."""
        other = self._with("_look_again", look)
        other.__dict__.pop("review_at", None)
        return other

    def explained_by(self, explain: Callable[[str | None], Explanation]) -> Decision:
        """Return the same decision, which calls `explain` for its explanations."""
        return self._with("_explain", explain)

    def _with(self, name: str, value: object) -> Decision:
        """A copy with one attribute replaced; parts that are not computed stay so."""
        other = object.__new__(Decision)
        other.__dict__.update(self.__dict__)
        other.__dict__[name] = value
        return other

    def explain(self, about: str | None = None) -> Explanation:
        """Explain the decision. With `about`, explain why one rule holds or not, or why one action is not in
        the plan.

        Raises `RequestError` if `about` is neither a rule nor an action, or if the decision was read from
        plain data (then use `policy.explain` with its case).
        """
        if self._explain is None:
            raise RequestError([Diagnostic("no-origin", "a decision that was read from data cannot be explained",
                                           expected="policy.explain(case, at=decision.at)")])  # fmt: skip
        explanation: Explanation = self._explain(about)
        return explanation

    def changes_since(self, earlier: Decision) -> Changes:
        """The changes since an earlier decision about the same case. Raises `RequestError` if `earlier` is
        not a decision."""
        _require_decision(earlier)
        return changes(earlier, self)

    def same_as(self, other: Decision) -> bool:
        """Whether both decisions are the same except for their instants. Raises `RequestError` if `other` is
        not a decision."""
        _require_decision(other)
        return all(getattr(self, name) == getattr(other, name) for name in _COMPARED)

    def to_dict(self, language: str | None = None, *, review: bool = True) -> Plain:
        """The decision as plain data for JSON: texts in `language`, or as mappings of all languages if None.

        With `review=False`, the key `review_at` is omitted and not computed; use this for display only, since
        `from_dict` and `verify` need all keys. Raises `RequestError` for an unknown language or an invalid
        `review`.
        """
        language = known_language(language)
        given: object = review
        if not isinstance(given, bool):
            problem = f"`review` cannot be {show(given)}"
            raise RequestError([Diagnostic("bad-argument", problem, expected="True or False")])
        plain: Plain = {
            "format": FORMAT,
            "case": self.case,
            "at": plain_instant(self.at),
            "policy": {"name": self.policy.name, "digest": self.policy.digest},
            "currency": self.currency,
            "phase": self.phase,
            **{name: [to_plain(part, language) for part in getattr(self, name)] for name in _PARTS},
        }
        if review:
            plain["review_at"] = plain_instant(self.review_at) if self.review_at else None
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Decision:
        """Create a decision from the plain data of `to_dict()`.

        Raises `RequestError` if the data has another format, missing or extra keys, values of the wrong type,
        or an instant without an offset.
        """
        with reading("the decision", RequestError):
            return cls._read(data)

    @classmethod
    def _read(cls, data: object) -> Decision:
        try:
            # The command line also prints the heading of the case, which is no part of the decision.
            given = {key: value for key, value in mapping(data, "decision").items() if key != HEADING}
            if type(given.get("format")) is not int or given["format"] != FORMAT:
                raise NotRead(
                    "format", f"found {show(given.get('format'))}", f"a decision of format {FORMAT}"
                )
            if unknown := [key for key in given if key not in _KEYS]:
                raise NotRead(show(unknown[0]).strip("'"), "unknown key", "a decision")
            if lacking := [key for key in _KEYS if key not in given]:
                raise NotRead(lacking[0], "missing key", "a decision with all its keys")
            read_values = {
                name: read(kind, given[name], name) for name, kind in _KEYS.items() if name != "policy"
            }
            policy = _policy(given["policy"])
        except NotRead as problem:
            message = f"this is not a decision: {problem.message}"
            raise RequestError(
                [Diagnostic("not-a-decision", message, path=problem.path, expected=problem.expected)]
            ) from None
        del read_values["format"]
        review = read_values.pop("review_at")
        return cls(policy=policy, look_again=lambda: review, **read_values)

    def __getstate__(self) -> dict[str, Any]:
        # The function that looks ahead refers to the policy, so only its result is pickled.
        state = {
            name.name: getattr(self, name.name)
            for name in attrs.fields(Decision)
            if not name.name.startswith("_")
        }
        return state | {"review_at": self.review_at}

    def __setstate__(self, state: dict[str, Any]) -> None:
        review = state["review_at"]
        self.__dict__.update(state, _look_again=lambda: review, _explain=None, _later=None)


def known_at(last: Decision, moment: datetime, *, may_change: bool) -> Decision | None:
    """The decision at `moment` (UTC), if it follows from the last decision of the same case; else None.

    If facts `may_change` in between, only the same instant counts; otherwise also any instant before the last
    decision's `review_at`, if that has been computed.
    """
    if moment == last.at:
        return last
    review_at: datetime | None = None if may_change else last.__dict__.get("review_at")
    if review_at is None or not last.at <= moment < review_at:
        return None
    return last._with("at", moment)


def _require_decision(other: object) -> None:
    if not isinstance(other, Decision):
        raise RequestError(
            [Diagnostic("not-a-decision", f"this is not a decision: {show(other)}", expected="a Decision")]
        )


def _policy(data: object) -> PolicyRef:
    """Read the policy reference. The command line's output also names the engine, which is ignored here."""
    decided = {name: value for name, value in mapping(data, "policy").items() if name != "engine"}
    ref: PolicyRef = read(PolicyRef, decided, "policy")
    return ref


_PARTS: dict[str, type] = {
    "plan": Step,
    "done": DoneStep,
    "forbidden": Forbidden,
    "held": Held,
    "missing": Missing,
    "findings": Finding,
    "conclusions": Finding,
}

_KEYS: dict[str, Any] = {
    "format": Any,
    "case": str | None,
    "at": datetime,
    "policy": PolicyRef,
    "currency": str | None,
    "phase": str | None,
    **{name: tuple[kind, ...] for name, kind in _PARTS.items()},  # type: ignore[valid-type]
    "review_at": datetime | None,
}
"""The fields of a decision as plain data, with their types."""

_COMPARED = tuple(field.name for field in attrs.fields(Decision) if field.eq and field.name != "at")
"""The fields compared by `same_as`. The plan, which differs most often, is always computed."""
