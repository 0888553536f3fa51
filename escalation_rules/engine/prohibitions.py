"""Collects the prohibitions in force from rules, and finds those that cover a step or an act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from operator import itemgetter

import attrs

from escalation_rules.engine.caches import keep
from escalation_rules.engine.evaluate import Outcome, override
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.limits import Limits
from escalation_rules.engine.recommendations import aimed
from escalation_rules.engine.release import lacking_facts
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.policy.conditions import (
    Condition,
    FieldName,
    Need,
    Records,
    RecordView,
    Situation,
    Truth,
    both,
    step_record,
)
from escalation_rules.policy.model import Forbid, Prohibit, Rule
from escalation_rules.values import Party


@attrs.frozen(eq=False)
class Prohibition:
    """A prohibition of a rule: the effect's actions, about a record (None: any), by some roles (empty:
    anybody).

    `truth` is None if undecided. If the end of a hold depends on a step's parameters, it may have ended for
    some of them.
    """

    rule: Rule
    effect: Prohibit
    instance: Instance
    about: str | None
    truth: Truth
    overridden_by: tuple[str, ...] = ()
    aimed: bool = True
    among: frozenset[str] = frozenset()

    @property
    def stands(self) -> bool:
        """Whether it is certain, whatever the parameters of the act."""
        return self.truth is True and self.aimed and self.effect.always

    @property
    def forbids(self) -> bool:
        """Whether it is certain and a `forbid`."""
        return self.truth is True and isinstance(self.effect, Forbid)

    @property
    def records(self) -> Records:
        """The record in scope, if any."""
        return self.instance.records

    def over(self, params: RecordView | None) -> tuple[Condition, Records] | None:
        """The condition that ends a hold of a step with these parameters, with the records in its scope; None
        if there is none."""
        until = self.effect.until
        if until is None or not self.instance.listed:
            return None
        if not self.effect.ends_by_step:
            return until, self.records
        return until, (*self.records, params if params is not None else _UNSAID)

    @property
    def by_params_and_time(self) -> bool:
        """Whether time may change whether it applies to a step with certain parameters."""
        return self.instance.listed and any(condition.timed for condition in self.effect.by_params)

    def flips_for(self, params: RecordView, situation: Situation) -> Iterator[datetime]:
        """The instants at which it may start or stop applying to a step because of these parameters."""
        for condition in self.effect.by_params if self.instance.listed else ():
            yield from condition.flips(situation, (*self.records, params))


_UNSAID = step_record({})
"""A step without any parameters."""


@attrs.frozen(eq=False)
class _ByRecord:
    """The prohibitions of an action with their numbers: by record, and those that may concern any record."""

    of_record: dict[str, list[tuple[int, Prohibition]]]
    of_any: list[tuple[int, Prohibition]]

    @classmethod
    def of(cls, listed: Iterable[Prohibition]) -> _ByRecord:
        """Group prohibitions."""
        made = cls({}, [])
        for number, prohibition in enumerate(listed):
            about = prohibition.about if prohibition.aimed else None
            into = made.of_any if about is None else made.of_record.setdefault(about, [])
            into.append((number, prohibition))
        return made

    def concerning(self, about: str | None) -> Iterator[Prohibition]:
        """The prohibitions about this record or any record, in order."""
        own = self.of_record.get(about, []) if about is not None else []
        return (prohibition for _, prohibition in merge(self.of_any, own, key=itemgetter(0)))


Concerned = tuple[str, str | None, tuple[str, ...]]
"""An action, the record that it is about, and the roles of those who may not do it."""


@attrs.frozen(eq=False)
class Prohibitions:
    """All prohibitions that are in force or undecided, by action."""

    by_action: dict[str, list[Prohibition]]
    limits: Limits | None = None
    _by_record: dict[str, _ByRecord] = attrs.field(factory=dict, init=False)

    def _concerning(self, action: str, about: str | None) -> Iterable[Prohibition]:
        """The prohibitions of an action that may concern a step about this record or the case."""
        if action not in self._by_record:
            self._by_record[action] = _ByRecord.of(self.by_action.get(action, ()))
        return self._by_record[action].concerning(about)

    def covering(
        self,
        action: str,
        about: str | None,
        doer: Party | None,
        params: RecordView | None,
        situation: Situation,
        *,
        strictly: bool = True,
    ) -> Iterator[tuple[Prohibition, Truth]]:
        """Each prohibition that covers the step, with its truth for these parameters (None: undecided).

        A prohibition that depends on parameters still to be filled in is not included; see `left_open`.

        With `strictly`, prohibitions about another record or doer do not cover the step. Otherwise (for an
        act with unknown record or doer), all records and doers match. A doer with an unknown role makes the
        result undecided.
        """
        all_of_them = about is None and not strictly
        for prohibition in self.by_action.get(action, ()) if all_of_them else self._concerning(action, about):
            meets = both(
                (_same_record(prohibition, about, strictly), _same_doer(prohibition, doer, strictly))
            )
            if meets is False:
                continue
            where = _where(prohibition, params, situation)
            if where is None and _left_open(prohibition, params):
                continue
            if _has_ended(prohibition, params, situation):
                continue
            truth = both((meets, prohibition.truth, True if prohibition.aimed else None, where))
            if (
                truth is None
                and prohibition.effect.when_unknown_allow
                and not self.beyond(prohibition, params)
            ):
                continue
            if truth is not False:
                yield prohibition, truth

    def left_open(
        self, action: str, about: str | None, doer: Party | None, params: RecordView, situation: Situation
    ) -> Iterator[tuple[Prohibition, frozenset[str]]]:
        """The prohibitions whose cover of the step depends on parameters still to be filled in, with these parameters."""
        for prohibition in self._concerning(action, about):
            found = _left_open(prohibition, params)
            if found and _same_record(prohibition, about, strictly=True) and prohibition.truth is not False:
                meets = _same_doer(prohibition, doer, strictly=True) is not False
                if meets and _where(prohibition, params, situation) is None:
                    yield prohibition, found

    def beyond(self, prohibition: Prohibition, params: RecordView | None) -> bool:
        """Whether a limit in money, of the rule or for these parameters, cannot be tested in the currency of the case."""
        if self.limits is None:
            return False
        if prohibition.truth is None and self.limits.leaves_open(prohibition.instance):
            return True
        if params is None or not prohibition.instance.listed:
            return False
        return self.limits.in_where(prohibition.effect.where, (*prohibition.records, params))


def standing(
    by_action: Mapping[str, Sequence[Prohibition]],
) -> tuple[dict[Concerned, list[Prohibition]], dict[Concerned, list[Prohibition]]]:
    """The certain prohibitions by their scope: `forbid`, and `hold`."""
    forbidden: dict[Concerned, list[Prohibition]] = {}
    held: dict[Concerned, list[Prohibition]] = {}
    for action, listed in by_action.items():
        for prohibition in listed:
            if prohibition.stands:
                effect = prohibition.effect
                into = forbidden if isinstance(effect, Forbid) else held
                into.setdefault((action, prohibition.about, effect.by), []).append(prohibition)
    return forbidden, held


def _same_record(prohibition: Prohibition, about: str | None, strictly: bool) -> bool:
    if about is None and not strictly:
        return True
    if not prohibition.aimed:  # about one unknown record, which may be any of its list
        return about in prohibition.among
    return prohibition.about is None or prohibition.about == about


def _left_open(prohibition: Prohibition, params: RecordView | None) -> frozenset[str]:
    """The parameters still to be filled in that the prohibition depends on."""
    where = prohibition.effect.where
    if where is None or params is None or not params.open or not prohibition.instance.listed:
        return frozenset()
    return params.open & {name.field for condition in where.walk() for name in condition.names()
                          if isinstance(name, FieldName) and name.list == params.list}  # fmt: skip


def _same_doer(prohibition: Prohibition, doer: Party | None, strictly: bool) -> Truth:
    if not prohibition.effect.by:
        return True
    if doer is None:
        return not strictly
    return doer.is_one_of(prohibition.effect.by)


def _where(prohibition: Prohibition, params: RecordView | None, situation: Situation) -> Truth:
    if prohibition.effect.where is None:
        return True
    if params is None:
        return None
    if not prohibition.instance.listed:
        return None
    return prohibition.effect.where.evaluate(situation, (*prohibition.records, params))


def prohibitions(
    outcome: Outcome,
    rule_index: RuleIndex,
    situation: Situation,
    instances: Iterable[Instance] | None = None,
    but: Collection[str] = (),
) -> Prohibitions:
    """All prohibitions of the `instances` that are true or undecided now (None: of all), `but` those of some actions. Holds that
    have ended are excluded."""
    by_action: dict[str, list[Prohibition]] = {}
    limits = Limits(rule_index, outcome, situation)
    for instance in outcome.live if instances is None else instances:
        if not instance.rule.prohibits:
            continue
        truth, by_rules = _remaining(instance, rule_index.overriders.get(instance.rule.id, ()), outcome)
        if truth is False:
            continue
        alike = alike_prohibitions(instance, truth, by_rules, rule_index)
        for number, effect in enumerate(instance.rule.prohibits):
            actions = [action for action in effect.actions if action not in but] if but else effect.actions
            if not actions:
                continue
            may_pass = truth is None and effect.when_unknown_allow and effect.where is None
            if may_pass and not limits.leaves_open(instance):
                continue
            if _is_over(instance, effect, situation):
                continue
            prohibition = (
                alike[number] if alike else _prohibition(instance, effect, truth, by_rules, situation)
            )
            narrow = prohibition.about is not None or not prohibition.aimed
            for action in actions:
                whole = narrow and action in rule_index.case_actions  # one step of this action in a case
                found = attrs.evolve(prohibition, about=None, aimed=True) if whole else prohibition
                if action in by_action:
                    by_action[action].append(found)
                else:
                    by_action[action] = [found]
    return Prohibitions(by_action, limits)


def _remaining(instance: Instance, names: Sequence[str], outcome: Outcome) -> tuple[Truth, tuple[str, ...]]:
    """The truth after overriding rules, and those of them that are undecided."""
    if not names:
        return instance.truth, ()
    truth = instance.truth
    undecided = []
    for name in sorted(names):
        other = outcome.truth(name, instance.records)
        truth = override(truth, other)
        if other is None:
            undecided.append(name)
    return truth, tuple(undecided)


def _has_ended(prohibition: Prohibition, params: RecordView | None, situation: Situation) -> bool:
    """Whether a hold has ended for these parameters. Holds that ended independently of parameters were excluded before."""
    end = prohibition.over(params) if prohibition.effect.ends_by_step else None
    return end is not None and end[0].evaluate(situation, end[1]) is True


def _is_over(instance: Instance, effect: Prohibit, situation: Situation) -> bool:
    """Whether the condition that ends a hold is true."""
    ends = effect.until if instance.listed and not effect.ends_by_step else None
    return ends is not None and ends.evaluate(situation, instance.records) is True


def _prohibition(
    instance: Instance, effect: Prohibit, truth: Truth, overriders: tuple[str, ...], situation: Situation
) -> Prohibition:
    known, about = aimed(effect.aim, situation, instance.records)
    among = frozenset(situation.by_id(effect.aim.to or "")) if not known else frozenset()
    return Prohibition(instance.rule, effect, instance, about, truth, overriders, known, among)


def alike_prohibitions(
    instance: Instance, truth: Truth, overriders: tuple[str, ...], rule_index: RuleIndex
) -> tuple[Prohibition, ...]:
    """The prohibitions of a rule of the case, which are the same in all cases; () for a rule of records."""
    if instance.rule.for_each is not None:
        return ()
    kept, key = rule_index.alike.prohibitions, (instance, truth, overriders)
    found = kept.get(key)
    if found is None:
        made = [
            Prohibition(instance.rule, effect, instance, None, truth, overriders)
            for effect in instance.rule.prohibits
        ]
        found = keep(kept, key, tuple(made))
    return found


def release_needs(
    prohibition: Prohibition, situation: Situation, params: RecordView | None = None
) -> tuple[Need, ...]:
    """The facts that a hold of a step with these parameters waits for."""
    end = prohibition.over(params)
    return lacking_facts(end[0], situation, end[1]) if end is not None else ()


def uncovered(holds: Sequence[Prohibition], params: RecordView) -> Iterator[str]:
    """The missing parameters that the end of a hold depends on."""
    for hold in holds:
        yield from (name for name in hold.effect.covered if name not in params.values)
