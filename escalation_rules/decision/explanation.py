"""What an explanation shows: tests with the values that they saw, rules with their tests, what stands in the way."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from escalation_rules.decision.parts import DoneStep, Forbidden, Held, Missing, Step
from escalation_rules.decision.plain import to_plain
from escalation_rules.errors import Position
from escalation_rules.frozen import frozen
from escalation_rules.policy.conditions import Condition
from escalation_rules.texts import Text

Standing = Literal["holds", "does_not_hold", "undecided"]


@attrs.frozen
class Seen:
    """A value that a test saw: null while unknown; `about` names the record."""

    name: str
    about: str | None
    value: Any = attrs.field(converter=frozen)


@attrs.frozen
class AtomView:
    """One test of a rule: in its YAML form, its truth (null: unknown), and what it saw.

    `part` is where it stands: in the ruleset's `applies_while`, in `when`, `unless`, or in an alternative; `for_each` where
    the rule's list has no record, or is not known. `wanted` is the truth that it would have to have for the rule to hold
    (null: as it is).
    """

    test: dict[str, Any] = attrs.field(converter=frozen)
    part: Literal["applies_while", "for_each", "when", "unless", "first_that_applies"]
    truth: bool | None
    seen: tuple[Seen, ...]
    wanted: bool | None = None
    condition: Condition | None = attrs.field(default=None, eq=False, repr=False, metadata={"plain": False})


@attrs.frozen
class RuleView:
    """One rule for the case, or for the record `about`: how it stands, and its tests.

    `in_the_way` holds the fewest tests that would have to be otherwise for the rule to hold; empty if it holds, or if
    nothing could make it hold. `overridden_by` names rules that take a prohibition's effect away.
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


Part = Step | DoneStep | Forbidden | Held | Missing


@attrs.frozen
class PartView:
    """One step, prohibition or question of the decision, with the rules behind it."""

    part: Part
    rules: tuple[RuleView, ...]


@attrs.frozen
class Gone:
    """A rule that a later layer replaced by another one, or disabled (`by` is null): at which place, and why."""

    rule: str
    by: str | None
    place: Position
    text: Text


@attrs.frozen
class Explanation:
    """Why, and why not. `about` is a rule id, an action, or null for the whole decision.

    The shortest true answer comes first: rules in `rules` are ordered by how few tests stand in their way. A rule that
    is no longer in force is `gone`.
    """

    about: str | None
    parts: tuple[PartView, ...]
    rules: tuple[RuleView, ...] = ()
    gone: Gone | None = None

    def to_dict(self, language: str | None = None) -> dict[str, Any]:
        """The explanation as plain data, ready for JSON."""
        data: dict[str, Any] = _without_conditions(to_plain(self, language))
        return data


def _without_conditions(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_conditions(value) for key, value in data.items() if key != "condition"}
    return [_without_conditions(each) for each in data] if isinstance(data, list) else data
