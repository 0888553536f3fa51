"""The parsed policy: rules with their effects, rulesets, and the whole. Every node has its position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import attrs

from escalation_rules.calendar import Deadline, Duration
from escalation_rules.errors import Diagnostic, Position
from escalation_rules.frozen import frozen
from escalation_rules.once import once
from escalation_rules.policy.conditions import (
    Condition,
    Done,
    Finding,
    Name,
    NotDone,
    Selection,
    StepTest,
    required_acts,
)
from escalation_rules.policy.conditions.computed import conditions_in
from escalation_rules.policy.conditions.nested import tested_in, tested_steps, with_nested
from escalation_rules.policy.parameter_values import ParameterValue
from escalation_rules.policy.vocabulary import NOWHERE, Vocabulary
from escalation_rules.source import Node
from escalation_rules.texts import Text


def _place() -> Position:
    return attrs.field(default=NOWHERE, eq=False, repr=False, kw_only=True)


# --- anchors ----------------------------------------------------------------------------------------------------------


@attrs.frozen
class NameAnchor:
    """An instant fact, or an instant field of a record in scope."""

    name: Name


@attrs.frozen
class FoundAnchor:
    """An instant field of the records that a test of the rule found."""

    test: Finding
    field: str


@attrs.frozen
class ActAnchor:
    """The counting acts of an action, or the acts because of which the `test` of the rule on this action holds."""

    action: str
    test: Done | None = None


@attrs.frozen
class LearnedAnchor:
    """The instant at which a fact or field was learned or, if `name` is None, the record in scope was
    recorded.

    If this is unknown, `otherwise` is used.
    """

    name: Name | None
    otherwise: NameAnchor | None = None


@attrs.frozen
class StepAnchor:
    """The instant since which a test of the rule on an open step holds."""

    test: StepTest


Anchor = NameAnchor | FoundAnchor | ActAnchor | LearnedAnchor | StepAnchor


Waits = Literal["customer", "us"]


def is_ours(condition: Condition) -> bool:
    """Whether the test requires an act that one of us may do, not only customers and other outsiders."""
    if not isinstance(condition, Done) or isinstance(condition, NotDone):
        return False
    return any(meant.is_ours for meant in condition.acts.actions.values())


# --- effects ----------------------------------------------------------------------------------------------------------


@attrs.frozen
class Aim:
    """What an effect is about: the whole case, the record of `for_each`, or the record that its field `via`
    refers to.

    `to` is the list of that record.
    """

    target: Literal["case", "record", "via"] = "case"
    via: Name | None = None
    to: str | None = None


@attrs.frozen
class Recommend:
    """A recommended step. Its clock is stopped while `paused_while` is known to hold and, unless its time is `fixed`, while
    the step is held or forbidden. `say_to` is whom its wording is for (None: as the action says).

    Its purpose lapses when `lapses_after` has passed since its anchor. Missing a `target` is not a breach,
    but omitting the step is. If it is due before an instant, `before` is that instant, and the anchor only says
    which acts are late enough to count.
    """

    action: str
    aim: Aim = Aim()
    params: tuple[tuple[str, ParameterValue], ...] = ()
    owner: str | None = None
    within: Deadline | None = None
    anchor: Anchor | None = None
    before: NameAnchor | FoundAnchor | None = None
    again: Duration | None = None
    say: Text = Text()
    say_to: str | None = None
    paused_while: Condition | None = None
    lapses_after: Duration | None = None
    target: bool = False
    fixed: bool = False
    position: Position = _place()

    head: ClassVar[Literal["recommend"]] = "recommend"


@attrs.frozen
class Prohibit:
    """What `forbid` and `hold` have in common: for `actions` (`named`: as written), done by one of `by` (empty: anybody).

    `free` are the roles below `except_by`, if `by` are all others.

    The properties describe a prohibition that has no end; `Hold` overrides them.
    """

    actions: tuple[str, ...]
    named: str
    aim: Aim = Aim()
    by: tuple[str, ...] = ()
    where: Condition | None = None
    when_unknown_allow: bool = False
    free: tuple[str, ...] = ()
    position: Position = _place()

    head: ClassVar[Literal["forbid", "hold"]]

    @property
    def until(self) -> Condition | None:
        """The condition that ends it."""
        return None

    @property
    def until_data(self) -> Mapping[str, object] | None:
        """The condition that ends it, in its YAML form."""
        return None

    @property
    def covered(self) -> tuple[str, ...]:
        """The parameters of the step that an act which ends it must cover, sorted by name."""
        return ()

    @property
    def awaited(self) -> Iterator[Done]:
        """The tests on acts that its end requires."""
        return iter(())

    @property
    def acts_needed(self) -> Iterator[str]:
        """The actions without which it does not end."""
        return (test.only_action for test in self.awaited if test.only_action is not None)

    @property
    def waits_for_us(self) -> bool:
        """Whether it waits for us."""
        return False

    @property
    def ends_by_step(self) -> bool:
        """Whether its end depends on the parameters of the step."""
        return bool(self.covered)

    @property
    def always(self) -> bool:
        """Whether it does not depend on the parameters of a step."""
        return self.where is None and not self.covered

    @property
    def by_params(self) -> tuple[Condition, ...]:
        """Its conditions that read the parameters of a step."""
        found = (self.where, self.until if self.ends_by_step else None)
        return tuple(condition for condition in found if condition is not None)


@attrs.frozen
class Forbid(Prohibit):
    """`forbid`: as long as its rule holds."""

    head: ClassVar[Literal["forbid"]] = "forbid"


@attrs.frozen
class Hold(Prohibit):
    """`hold`: as long as its rule holds and `until` does not.

    `waits_for` is what the policy states: whether it waits for the customer or for us.
    """

    until: Condition = attrs.field(kw_only=True)
    waits_for: Waits | None = attrs.field(default=None, kw_only=True)

    covered: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)
    until_data: Mapping[str, object] = attrs.field(init=False, eq=False, repr=False)

    head: ClassVar[Literal["hold"]] = "hold"

    @covered.default
    def _all_covered(self) -> tuple[str, ...]:
        found = [
            condition.covers.parameters
            for condition in self.until.walk()
            if isinstance(condition, Done) and condition.covers is not None and condition.covers.of_step
        ]
        return tuple(sorted({name for names in found for name in names}))

    @until_data.default
    def _as_data(self) -> Mapping[str, object]:
        found: Mapping[str, object] = frozen(self.until.to_data())
        return found

    @property
    def awaited(self) -> Iterator[Done]:
        """The tests on acts that its end requires."""
        return required_acts(self.until)

    @property
    def waits_for_us(self) -> bool:
        """Whether it waits for us: as stated or, by default, if its end requires an act not done by the customer."""
        if self.waits_for is not None:
            return self.waits_for == "us"
        return any(is_ours(test) for test in self.awaited)


@attrs.frozen
class Conclude:
    """A conclusion: a flag that becomes true, or a choice by ordered `alternatives`, else `otherwise`.

    `reasons` contains a text for each alternative (empty: that of the rule); () if no alternative has its
    own.
    """

    name: str
    of_record: bool = False
    alternatives: tuple[tuple[str, Condition], ...] = ()
    otherwise: str | None = None
    reasons: tuple[Text, ...] = ()
    position: Position = _place()

    head: ClassVar[Literal["conclude"]] = "conclude"


Effect = Recommend | Forbid | Hold | Conclude


@attrs.frozen(slots=False)
class Rule:
    """A rule: if `when` holds and `unless` does not, its effects follow, once or for each record of
    `for_each`.

    `overrides` names rules whose prohibitions it cancels, `escalates` rules that its steps take further.
    """

    id: str
    ruleset: str
    effects: tuple[Effect, ...]
    for_each: str | None = None
    when: Condition | None = None
    unless: Condition | None = None
    overrides: tuple[str, ...] = ()
    escalates: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    principle: str | None = None
    source: str | None = None
    because: Text = Text()
    because_names: Mapping[str, Name] = attrs.field(factory=dict, hash=False, repr=False)
    replaces: str | None = None
    examples: Node | None = attrs.field(default=None, eq=False, repr=False)
    position: Position = _place()

    recommends: tuple[Recommend, ...] = attrs.field(init=False, eq=False, repr=False)
    prohibits: tuple[Forbid | Hold, ...] = attrs.field(init=False, eq=False, repr=False)
    concludes: tuple[Conclude, ...] = attrs.field(init=False, eq=False, repr=False)

    @recommends.default
    def _its_recommends(self) -> tuple[Recommend, ...]:
        return tuple(effect for effect in self.effects if isinstance(effect, Recommend))

    @prohibits.default
    def _its_prohibits(self) -> tuple[Forbid | Hold, ...]:
        return tuple(effect for effect in self.effects if isinstance(effect, (Forbid, Hold)))

    @concludes.default
    def _its_concludes(self) -> tuple[Conclude, ...]:
        return tuple(effect for effect in self.effects if isinstance(effect, Conclude))

    @once
    def deciding(self) -> tuple[Condition, ...]:
        """The conditions that decide whether it holds, apart from its ruleset's, and what it concludes."""
        return (*_present(self.when, self.unless), *self._choosing)

    @once
    def of_prohibitions(self) -> tuple[Condition, ...]:
        """The limits and the ends of its prohibitions."""
        return tuple(condition for ban in self.prohibits for condition in _present(ban.where, ban.until))

    @once
    def conditions(self) -> tuple[Condition, ...]:
        """All its conditions, apart from its ruleset's and those inside values."""
        pauses = _present(*(effect.paused_while for effect in self.recommends))
        return (*_present(self.when, self.unless), *pauses, *self.of_prohibitions, *self._choosing)

    @once
    def reads(self) -> frozenset[tuple[str, bool]]:
        """The names that the deciding conditions read, each with whether it is a conclusion."""
        return frozenset(read for condition in self.deciding for read in condition.all_reads())

    @once
    def every_condition(self) -> tuple[Condition, ...]:
        """All its conditions, also those inside values, apart from its ruleset's."""
        values = (value for effect in self.recommends for _, value in effect.params)
        inside = (condition for value in values for condition in conditions_in(value))
        return tuple(with_nested((*self.conditions, *inside)))

    @once
    def tested_steps(self) -> frozenset[str]:
        """The actions whose open steps are tested anywhere in it."""
        return tested_in(self.every_condition)

    @property
    def _choosing(self) -> tuple[Condition, ...]:
        return tuple(condition for conclusion in self.concludes for _, condition in conclusion.alternatives)


def _present(*conditions: Condition | None) -> tuple[Condition, ...]:
    return tuple(condition for condition in conditions if condition is not None)


@attrs.frozen(slots=False)
class Ruleset:
    """Related rules, and the condition while which they apply."""

    id: str
    label: Text = Text()
    principle: str | None = None
    applies_while: Condition | None = None
    position: Position = _place()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Its condition, if it has one."""
        return _present(self.applies_while)

    @once
    def reads(self) -> frozenset[tuple[str, bool]]:
        """The names that its condition reads, each with whether it is a conclusion."""
        return frozenset(read for condition in self.conditions for read in condition.all_reads())

    @once
    def tested_steps(self) -> frozenset[str]:
        """The actions whose open steps its condition tests."""
        return tested_steps(self.conditions)


@attrs.frozen
class PhaseOrder:
    """An alternative order of the phases, while a condition holds."""

    when: Condition
    order: tuple[str, ...]
    position: Position = _place()


@attrs.frozen
class Headed:
    """A part of the heading of a case: a fact, or the records of a list that a selection finds, with some of their
    `fields`. `is_zone`: the fact names the time zone of the customer, and the local time there is shown."""

    fact: str | None = None
    selection: Selection | None = None
    fields: tuple[str, ...] = ()
    is_zone: bool = False
    position: Position = _place()


@attrs.frozen
class Disabled:
    """A rule that a later layer disables, and the reason."""

    rule: str
    because: Text
    position: Position = _place()


@attrs.frozen
class Removed:
    """A rule that a later layer removed: replaced `by` another (possibly with the same id), or disabled."""

    rule: Rule
    by: Rule | None
    because: Text
    position: Position = _place()

    def __str__(self) -> str:
        return f"{'disabled' if self.by is None else 'replaced'} at {self.position}"


Pause = tuple[Condition, str | None]
"""The condition while which a clock is stopped, and the list of the record in its scope (None: the case)."""


@attrs.frozen
class PolicyModel:
    """A complete, checked policy: vocabulary, rulesets and rules, sorted by id.

    With `only_what_is_recommended`, everything that is not in the plan is forbidden. `removed` are the rules
    that later layers removed, by id. `pauses` maps actions to the conditions while which their clocks are
    stopped. `files` is the number of files read, `warnings` are those about the files, `layers` maps each
    file to the number of its layer.
    """

    name: str
    vocabulary: Vocabulary
    rulesets: Mapping[str, Ruleset]
    rules: tuple[Rule, ...]
    phase_orders: tuple[PhaseOrder, ...] = ()
    heading: tuple[Headed, ...] = ()
    pauses: Mapping[str, Condition] = attrs.Factory(dict)
    disabled: tuple[Disabled, ...] = ()
    removed: Mapping[str, Removed] = attrs.Factory(dict)
    digest: str = ""
    content_digest: str = ""
    versions: Mapping[str, str] = attrs.Factory(dict)
    files: int = 0
    warnings: tuple[Diagnostic, ...] = ()
    only_what_is_recommended: bool = False
    layers: Mapping[str, int] = attrs.field(factory=dict, eq=False, repr=False)

    def scope_of(self, action: str) -> str | None:
        """The list of the record that the pause of an action is about; None: the case."""
        about = self.vocabulary.actions[action].about
        return about if about in self.vocabulary.records else None

    def pauses_of(self, action: str) -> Iterator[Pause]:
        """All pauses of an action's steps: its own, and those of rules that recommend it."""
        if action in self.pauses:
            yield self.pauses[action], self.scope_of(action)
        for rule in self.rules:
            for effect in rule.recommends:
                if effect.action == action and effect.paused_while is not None:
                    yield effect.paused_while, rule.for_each

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with that id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def overriding(model: PolicyModel, rule: Rule) -> list[Rule]:
    """The rules that override the prohibitions of a rule."""
    return [overrider for overrider in model.rules if rule.id in overrider.overrides]
