"""What a decision says: frozen, comparable, and as plain data both ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import attrs

from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.texts import Text
from escalation_rules.values import Money, plain_instant, plain_number

if TYPE_CHECKING:
    from escalation_rules.changes import Changes
    from escalation_rules.explain import Explanation

FORMAT = 1
"""The version of the decision's form as plain data."""

Plain = dict[str, Any]
ParameterValue = bool | int | str | Money | tuple[str, ...]


@attrs.frozen
class Reason:
    """Why: a rule, what it does (`effect`), its principle and source, its text. `undecided` while a fact is missing."""

    rule: str
    effect: Literal["recommend", "forbid", "hold", "conclude"]
    principle: str | None = None
    source: str | None = None
    text: Text = Text()
    undecided: bool = False


@attrs.frozen
class Step:
    """Something to do now: what, about which record, by whom, until when (UTC), with which parameters, and why.

    `due` is null without an anchor; `within` is then still shown. `incomplete` names parameters that are not known yet.
    """

    id: str | None
    action: str
    about: str | None
    phase: str
    owner: str | None
    due: datetime | None
    within: str | None
    overdue: bool
    incomplete: tuple[str, ...]
    params: Mapping[str, ParameterValue]
    because: tuple[Reason, ...]
    say: Text = Text()


@attrs.frozen
class DoneStep:
    """A step that would be due, had the act at `at` (UTC) by `by` not done it."""

    id: str | None
    action: str
    about: str | None
    at: datetime
    by: str
    because: tuple[Reason, ...]


@attrs.frozen
class Forbidden:
    """Something that must not be done; `wanted` if a rule also recommends it. `by` empty means: by nobody."""

    action: str
    about: str | None
    by: tuple[str, ...]
    wanted: bool
    because: tuple[Reason, ...]


@attrs.frozen
class Release:
    """What would release a hold: a fact to find out, an act to be done, or parameters that rules disagree on."""

    kind: Literal["fact", "act", "parameter"]
    name: str
    about: str | None = None


@attrs.frozen
class Held:
    """Something that must not be done yet: `until` lists the conditions that end it, `needs` what is missing for that."""

    action: str
    about: str | None
    by: tuple[str, ...]
    wanted: bool
    because: tuple[Reason, ...]
    until: tuple[Any, ...] = ()
    needs: tuple[Release, ...] = ()


@attrs.frozen
class Verdict:
    """The answer to "may this be done now?": `allowed`, `held` or `forbidden`, and why.

    `until` and `needs` say what would release a hold; `instead` what the plan has to offer in the same phase.
    """

    verdict: Literal["allowed", "held", "forbidden"]
    action: str
    about: str | None = None
    by: str | None = None
    because: tuple[Reason, ...] = ()
    until: tuple[Any, ...] = ()
    needs: tuple[Release, ...] = ()
    instead: tuple[Step, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it may be done now."""
        return self.verdict == "allowed"

    def to_dict(self, language: str | None = None) -> Plain:
        """The verdict as plain data, ready for JSON: texts in one language, or (None) in all as a mapping."""
        return to_plain(self, language)


@attrs.frozen
class Missing:
    """Something to find out: a fact, a record list or a field of the records `about`; `needed_by` names the rules."""

    fact: str
    about: tuple[str, ...]
    question: Text
    ask: str
    needed_by: tuple[str, ...]


@attrs.frozen
class Finding:
    """What was concluded about a point at issue, or about the case (`about` null); a value of null is undecided."""

    fact: str
    about: str | None
    value: bool | str | None


@attrs.frozen
class PolicyRef:
    """Which policy decided: its name and the digest of its content."""

    name: str
    digest: str


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

    @cached_property
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
        from escalation_rules.changes import changes

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
            parts = {
                name: tuple(_from_plain(kind, each) for each in data[name]) for name, kind in _PARTS.items()
            }
            review = _instant(data["review_at"])
            return cls(data["case"], _required_instant(data["at"]), PolicyRef(**data["policy"]), data["currency"],
                       data["phase"], look_again=lambda: review, **parts)  # fmt: skip
        except (KeyError, TypeError, AttributeError) as error:
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


_PARTS: dict[str, type] = {
    "plan": Step,
    "done": DoneStep,
    "forbidden": Forbidden,
    "held": Held,
    "missing": Missing,
    "findings": Finding,
    "conclusions": Finding,
}
_INSTANTS = {"due", "at"}
_TEXTS = {"text", "say", "question"}


def to_plain(part: Any, language: str | None) -> Plain:
    """A part of a decision (or anything made of such parts) as plain data."""
    return {
        field.name: _plain_value(getattr(part, field.name), language) for field in attrs.fields(type(part))
    }


def _plain_value(value: Any, language: str | None) -> Any:
    if isinstance(value, Text):
        return value.to_dict() if language is None else value.in_language(language)
    if isinstance(value, datetime):
        return plain_instant(value)
    if isinstance(value, Money):
        return {"amount": plain_number(value.amount), "currency": value.currency}
    if isinstance(value, Mapping):
        return {key: _plain_value(value[key], language) for key in sorted(value)}
    if attrs.has(type(value)):
        return to_plain(value, language)
    if isinstance(value, (tuple, list)):
        return [_plain_value(each, language) for each in value]
    return value


def _from_plain(kind: type, data: Mapping[str, Any]) -> Any:
    names = {field.name for field in attrs.fields(kind)}
    if unknown := sorted(set(data) - names):
        raise ValueError(f"a {kind.__name__.lower()} has no {unknown[0]!r}")
    return kind(**{name: _value(name, value) for name, value in data.items()})


def _value(name: str, value: Any) -> Any:
    if name in _TEXTS:
        return Text.of(value) if isinstance(value, Mapping) else Text((("en", value),)) if value else Text()
    if name in _INSTANTS:
        return _instant(value)
    if name == "because":
        return tuple(_from_plain(Reason, each) for each in value)
    if name == "needs":
        return tuple(_from_plain(Release, each) for each in value)
    if name == "until":
        return tuple(value)
    if name == "params":
        return {key: _parameter(each) for key, each in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _parameter(value: Any) -> ParameterValue:
    if isinstance(value, Mapping):
        return Money(Decimal(value["amount"]), value["currency"])
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value is not None else None


def _required_instant(value: str) -> datetime:
    return datetime.fromisoformat(value)
