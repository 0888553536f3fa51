"""Types of an explanation: tests with the values they read, rules with their tests, and what blocks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from escalation_rules.decision.parts import DoneStep, Forbidden, Held, Missing, ParameterValue, Step
from escalation_rules.decision.plain import to_plain
from escalation_rules.errors import Position
from escalation_rules.frozen import frozen
from escalation_rules.policy.conditions import Condition
from escalation_rules.texts import Text

Standing = Literal["holds", "does_not_hold", "undecided"]
WrittenIn = Literal["applies_while", "for_each", "when", "unless", "first_that_applies", "until"]


@attrs.frozen
class Seen:
    """A value that a test read; null if unknown. `about` is the id of its record."""

    name: str
    about: str | None
    value: Any = attrs.field(converter=frozen)


@attrs.frozen
class AtomView:
    """One test of a rule: its YAML form, its truth (null: unknown), and the values it read.

    `part` is where the test is written: the ruleset's `applies_while`, the rule's `when` or `unless`, an
    alternative, the `until` of a hold, or `for_each` if the rule's list is empty or unknown. `wanted` is the truth that the test
    needs for the rule to hold (null: as it is).
    """

    test: dict[str, Any] = attrs.field(converter=frozen)
    part: WrittenIn
    truth: bool | None
    seen: tuple[Seen, ...]
    wanted: bool | None = None
    condition: Condition | None = attrs.field(default=None, eq=False, repr=False, metadata={"plain": False})


@attrs.frozen
class LimitView:
    """The limit (`where:`) of a prohibition, and a step that is wanted now.

    `covers`: whether the prohibition is about this step (null: undecided). `params` are the parameters that the limit reads,
    `unknown` those whose values are not known.
    """

    action: str
    about: str | None
    covers: bool | None
    params: Mapping[str, ParameterValue] = attrs.field(converter=frozen)
    unknown: tuple[str, ...] = ()


@attrs.frozen
class EndAct:
    """An act that the end of a hold asks about: what was done when (UTC) and by whom, and whether it counts there (null:
    undecided)."""

    action: str
    at: datetime
    by: str
    counts: bool | None
    params: Mapping[str, ParameterValue] = attrs.field(converter=frozen)


@attrs.frozen
class EndView:
    """The end (`until:`) of a hold for a step that is wanted now (`action` null: for whatever it holds).

    `ended`: whether it has come (null: undecided). `atoms` are its tests, `acts` the recorded acts that these ask about.
    `turns_at` (UTC) is the next instant at which time alone may change a test.
    """

    action: str | None
    about: str | None
    ended: bool | None
    atoms: tuple[AtomView, ...]
    acts: tuple[EndAct, ...] = ()
    turns_at: datetime | None = None


@attrs.frozen
class RuleView:
    """One rule evaluated for the case, or for the record `about`, with its tests.

    `in_the_way` is the smallest set of tests that would have to change for the rule to hold; empty if it
    holds or cannot hold. `overridden_by` names the rules that cancel the effect of a prohibition. `limits` and `ends`
    are those of its prohibitions, while it holds or is undecided.
    """

    rule: str
    about: str | None
    standing: Standing
    principle: str | None
    source: str | None
    text: Text
    atoms: tuple[AtomView, ...]
    in_the_way: tuple[AtomView, ...] = ()
    overridden_by: tuple[str, ...] = ()
    limits: tuple[LimitView, ...] = ()
    ends: tuple[EndView, ...] = ()


Part = Step | DoneStep | Forbidden | Held | Missing


@attrs.frozen
class TimeView:
    """A time limit of a step, and the rule that states it.

    `within` counts from `since`, which is the instant before which a time such as `2 days before` ends. `anew`: it was over
    when the reason became known, so it counts from then. `stood_still`: the clock was stopped for some time. `due` is when
    it ends; null while it is `paused`, or if it is `taken_over` by the rule that escalates this one.
    """

    rule: str
    within: str
    since: datetime
    due: datetime | None
    anew: bool = False
    stood_still: bool = False
    paused: bool = False
    taken_over: bool = False


@attrs.frozen
class PartView:
    """A step, prohibition or question of the decision, with its rules and, for a step of the plan, its time limits."""

    part: Part
    rules: tuple[RuleView, ...]
    times: tuple[TimeView, ...] = ()


WhyUncounted = Literal[
    "outcome",
    "role",
    "unknown_role",
    "barred",
    "same_role",
    "unknown_doer",
    "value",
    "too_early",
    "no_record",
    "incomplete",
]


@attrs.frozen
class Uncounted:
    """A recorded act that completes no step: what was done when, by whom, about which record, and why it does
    not count.

    `outcome`: its outcome does not count. `role`, `unknown_role`: its doer may not do the action, or the
    doer's role is unknown. `barred`, `unknown_doer`: the action's `not_by` excludes the doer, or may do so.
    `same_role`: it may, as only a role is known of two people, which they share.
    `value`: it states another value of a parameter that tells steps apart. `too_early`: the open step counts
    from `since`, which is later. `no_record`: it does not say which record of the action's list it is about.
    `incomplete`: it does not state a `required` parameter.
    """

    at: datetime
    by: str
    about: str | None
    outcome: str
    why: WhyUncounted
    since: datetime | None = None


@attrs.frozen
class Gone:
    """A rule that a later layer replaced or disabled (`by` is null), with the position and the reason."""

    rule: str
    by: str | None
    place: Position
    text: Text


@attrs.frozen
class Explanation:
    """An explanation. `about` is a rule id, an action, or null for the whole decision.

    Rules are sorted by the number of tests in the way, so that the shortest true answer comes first. A rule
    that is no longer in force is in `gone`. `uncounted` are the recorded acts of an action that complete no
    step, in order of time. `limits` are the rules that forbid or hold an action and are not behind one of the parts,
    whether or not they apply now.
    """

    about: str | None
    parts: tuple[PartView, ...]
    rules: tuple[RuleView, ...] = ()
    gone: Gone | None = None
    uncounted: tuple[Uncounted, ...] = ()
    limits: tuple[RuleView, ...] = ()

    def to_dict(self, language: str | None = None) -> dict[str, Any]:
        """The explanation as plain data for JSON; texts in `language`, or in all languages if None."""
        data: dict[str, Any] = _without_conditions(to_plain(self, language))
        return data


def _without_conditions(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_conditions(value) for key, value in data.items() if key != "condition"}
    return [_without_conditions(part) for part in data] if isinstance(data, list) else data
