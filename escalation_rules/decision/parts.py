"""The parts of a decision: immutable, comparable, convertible to plain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from escalation_rules.decision.plain import AsPlain, Plain
from escalation_rules.frozen import FrozenDict, frozen
from escalation_rules.texts import Text, known_language
from escalation_rules.values import Money, Value
from escalation_rules.values import to_plain as plain_value

ParameterValue = bool | int | str | Money | tuple[str, ...]


@attrs.frozen
class Reason(AsPlain):
    """Why: a rule with its effect, principle, source and text. `undecided` if a fact is missing."""

    rule: str
    effect: Literal["recommend", "forbid", "hold", "conclude"]
    principle: str | None = None
    source: str | None = None
    text: Text = Text()
    undecided: bool = False


# No slots: cached decisions copy the `__dict__` of their steps.


@attrs.frozen(slots=False)
class Step(AsPlain):
    """A step to do now: action, record, owner, due time (UTC), parameters and reasons.

    `due` is null if there is no anchor, or while the clock is paused (`paused`); `within` is still given.
    `say_to` is whom the wording `say` is for: a role, or `colleague`; null if the policy does not say.
    `incomplete` names parameters that are unknown so far. `part_of` is the id of the step that this one is
    done together with.
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
    params: Mapping[str, ParameterValue] = attrs.field(converter=frozen)
    because: tuple[Reason, ...]
    say: Text = Text()
    paused: bool = False
    part_of: str | None = None
    say_to: str | None = None


@attrs.frozen(slots=False)
class DoneStep(AsPlain):
    """A step that would be in the plan, but was done at `at` (UTC) by `by`.

    `params` holds the parameters that distinguish it from other steps of the action.
    """

    id: str | None
    action: str
    about: str | None
    at: datetime
    by: str
    because: tuple[Reason, ...]
    params: Mapping[str, ParameterValue] = attrs.field(default=FrozenDict(), converter=frozen)


@attrs.frozen
class Forbidden(AsPlain):
    """A forbidden action. `wanted` if a rule also recommends it. An empty `by` means that nobody may do it."""

    action: str
    about: str | None
    by: tuple[str, ...]
    wanted: bool
    because: tuple[Reason, ...]


@attrs.frozen
class HeadingPart(AsPlain):
    """A part of the heading that a policy declares: the value of a fact, or of a field of the record `about`.

    `value` is None if the record is shown and its field is not known. For a record shown without fields, `fact` is its list.
    """

    fact: str
    about: str | None
    value: Value | None

    def to_dict(self, language: str | None = None) -> Plain:
        """The part as plain data for JSON; it has no texts, so `language` does not matter."""
        known_language(language)
        value = None if self.value is None else plain_value(self.value)
        return {"fact": self.fact, "about": self.about, "value": value}


@attrs.frozen
class Release(AsPlain):
    """What would release a hold: a fact to find out, an act to do, or parameters on which rules disagree."""

    kind: Literal["fact", "act", "parameter"]
    name: str
    about: str | None = None


@attrs.frozen
class Held(AsPlain):
    """An action that must wait: `until` lists the conditions that end the hold, `needs` what is missing.

    `due` (UTC) is the earliest time limit of a wanted step that counts although it is held (`fixed: true`), null if there
    is none.
    """

    action: str
    about: str | None
    by: tuple[str, ...]
    wanted: bool
    because: tuple[Reason, ...]
    until: tuple[Any, ...] = attrs.field(default=(), converter=frozen)
    needs: tuple[Release, ...] = ()
    params: Mapping[str, ParameterValue] = attrs.field(default=FrozenDict(), converter=frozen)
    due: datetime | None = None
    overdue: bool = False


@attrs.frozen
class Verdict(AsPlain):
    """The answer to "may this be done now?": `allowed`, `held` or `forbidden`, and why.

    `until` and `needs` say what would release a hold; `instead` lists steps of the plan in the same phase.
    `wanted` if a rule recommends the action now with these parameters (for cumulative ones, at most these). A
    tool that may only do what is recommended should check both `allowed` and `wanted`.
    """

    verdict: Literal["allowed", "held", "forbidden"]
    action: str
    about: str | None = None
    by: str | None = None
    because: tuple[Reason, ...] = ()
    until: tuple[Any, ...] = attrs.field(default=(), converter=frozen)
    needs: tuple[Release, ...] = ()
    instead: tuple[Step, ...] = ()
    wanted: bool = False

    @property
    def allowed(self) -> bool:
        """Whether it may be done now."""
        return self.verdict == "allowed"


@attrs.frozen
class Missing(AsPlain):
    """Something to find out: a fact, a record list, or a field of the records `about`. `needed_by` names the rules."""

    fact: str
    about: tuple[str, ...]
    question: Text
    ask: str
    needed_by: tuple[str, ...]


@attrs.frozen
class Finding(AsPlain):
    """A conclusion about a record, or about the case (`about` is null). A null value means undecided."""

    fact: str
    about: str | None
    value: bool | str | None


@attrs.frozen
class PolicyRef(AsPlain):
    """The policy that decided: its name and the digest of its content."""

    name: str
    digest: str
