"""The parts of a decision: frozen, comparable, each able to become plain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from escalation_rules.decision.plain import AsPlain
from escalation_rules.frozen import FrozenDict, frozen
from escalation_rules.texts import Text
from escalation_rules.values import Money

ParameterValue = bool | int | str | Money | tuple[str, ...]


@attrs.frozen
class Reason(AsPlain):
    """Why: a rule, what it does (`effect`), its principle and source, its text. `undecided` while a fact is missing."""

    rule: str
    effect: Literal["recommend", "forbid", "hold", "conclude"]
    principle: str | None = None
    source: str | None = None
    text: Text = Text()
    undecided: bool = False


# The steps of a decision that is remembered are made by copying what is in their `__dict__`, hence no slots.


@attrs.frozen(slots=False)
class Step(AsPlain):
    """Something to do now: what, about which record, by whom, until when (UTC), with which parameters, and why.

    `due` is null without an anchor, and while the clock stands still (`paused`); `within` is then still shown. `incomplete`
    names parameters that are not known yet. `part_of` is the id of the step with which it is done in one go.
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


@attrs.frozen(slots=False)
class DoneStep(AsPlain):
    """A step that would be due, had the act at `at` (UTC) by `by` not done it.

    `params` holds what tells it apart from other steps of the action.
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
    """Something that must not be done; `wanted` if a rule also recommends it. `by` empty means: by nobody."""

    action: str
    about: str | None
    by: tuple[str, ...]
    wanted: bool
    because: tuple[Reason, ...]


@attrs.frozen
class Release(AsPlain):
    """What would release a hold: a fact to find out, an act to be done, or parameters that rules disagree on."""

    kind: Literal["fact", "act", "parameter"]
    name: str
    about: str | None = None


@attrs.frozen
class Held(AsPlain):
    """Something that must not be done yet: `until` lists the conditions that end it, `needs` what is missing."""

    action: str
    about: str | None
    by: tuple[str, ...]
    wanted: bool
    because: tuple[Reason, ...]
    until: tuple[Any, ...] = attrs.field(default=(), converter=frozen)
    needs: tuple[Release, ...] = ()
    params: Mapping[str, ParameterValue] = attrs.field(default=FrozenDict(), converter=frozen)


@attrs.frozen
class Verdict(AsPlain):
    """The answer to "may this be done now?": `allowed`, `held` or `forbidden`, and why.

    `until` and `needs` say what would release a hold; `instead` what the plan has to offer in the same phase. `wanted` if a
    rule recommends it now, with these parameters (of what acts add up to, no more): a tool that does only what is recommended
    asks for both.
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
    """Something to find out: a fact, a record list or a field of the records `about`; `needed_by` names the rules."""

    fact: str
    about: tuple[str, ...]
    question: Text
    ask: str
    needed_by: tuple[str, ...]


@attrs.frozen
class Finding(AsPlain):
    """What was concluded about a point at issue, or about the case (`about` null); a value of null is undecided."""

    fact: str
    about: str | None
    value: bool | str | None


@attrs.frozen
class PolicyRef(AsPlain):
    """Which policy decided: its name and the digest of its content."""

    name: str
    digest: str
