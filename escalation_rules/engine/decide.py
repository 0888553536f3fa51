"""A situation → the decision: what is wanted, what stands in its way, in which order, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.decision import DoneStep, Forbidden, Held, Missing, Reason, Release, Step
from escalation_rules.engine.clock import Clock
from escalation_rules.engine.combining import Asked
from escalation_rules.engine.confirm import OutcomeWith, other_outcomes
from escalation_rules.engine.evaluate import Outcome
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.known import KnownTimes
from escalation_rules.engine.order import in_order
from escalation_rules.engine.past import Past
from escalation_rules.engine.prohibitions import Ban, Bans, bans
from escalation_rules.engine.questions import PRESUMED, PROHIBITION, Questions, rank_of
from escalation_rules.engine.recommendations import (
    Key,
    Requirement,
    Wishes,
    aimed,
    key_of,
    requirement,
    wishes,
)
from escalation_rules.engine.release import acts_required
from escalation_rules.engine.rule_index import Effect, Lookup
from escalation_rules.engine.slots import Words
from escalation_rules.engine.steps import Draft, Due, done_step, draft, finished, params
from escalation_rules.once import once
from escalation_rules.policy.conditions import CURRENCY_NEED, Need, Records, RecordView, Situation, Truth
from escalation_rules.policy.model import Recommend, Rule
from escalation_rules.words.labels import FormatsOf


@attrs.frozen(eq=False)
class Blocked:
    """What stands in the way of one wanted step."""

    draft: Draft
    covering: tuple[tuple[Ban, Truth], ...]

    @property
    def forbidden(self) -> bool:
        """Whether a decided prohibition forbids it."""
        return any(ban.forbids and truth for ban, truth in self.covering)


class Deciding:
    """One decision in the making; every part is worked out once, in the order of the methods.

    `past` is that of the case, `until` the last instant at which something may have been learned. `dues` says when the reasons
    for the steps of the plan are due.
    """

    def __init__(
        self,
        lookup: Lookup,
        outcome: Outcome,
        situation: Situation,
        case_id: str | None,
        formats: FormatsOf,
        past: Past,
        until: datetime,
        outcome_with: OutcomeWith,
    ) -> None:
        self.lookup = lookup
        self.model = model = lookup.model
        self.vocabulary = model.vocabulary
        self.outcome = outcome
        self.situation = situation
        self.case_id = case_id
        self.outcome_with = outcome_with
        self.words = Words(model.vocabulary, situation, formats)
        self.questions = Questions(lookup, outcome, situation)
        known = situation.conclusion_times = KnownTimes(lookup, outcome)
        self.wishes: Wishes = wishes(outcome, lookup, situation)
        self.bans: Bans = bans(outcome, lookup, situation)
        self.past = past
        self.clock = Clock(past, until, situation, self.bans, known)
        self.free: dict[Key, Draft] = {}
        self.blocked: dict[Key, Blocked] = {}
        self._sort_out()

    # What only an answer with a plan asks for: a verdict on one action does without it.

    @once
    def dues(self) -> dict[Key, list[Due]]:
        """When the reasons for the steps of the plan are due."""
        return {key: self.clock.dues(each) for key, each in self.free.items()}

    @once
    def order(self) -> tuple[str, ...]:
        """The phases in the order in force."""
        for each in self.model.phase_orders:
            if each.when.evaluate(self.situation, ()):
                return each.order
        return self.vocabulary.phase_order()

    @once
    def steps(self) -> tuple[tuple[Key, Step], ...]:
        """The steps of the plan in order."""
        steps = [
            finished(each, self.dues[key], self.case_id, self._recommended(each.requirements), self.words)
            for key, each in self.free.items()
        ]
        return tuple(in_order(list(zip(self.free, steps, strict=True)), self.order, self.vocabulary))

    @once
    def plan(self) -> tuple[Step, ...]:
        """The steps alone."""
        return tuple(step for _, step in self.steps)

    @once
    def phase(self) -> str | None:
        """The first phase with open steps."""
        return self.plan[0].phase if self.plan else None

    # --- what is wanted, and what stands in its way -------------------------------------------------------------------

    def _sort_out(self) -> None:
        """Divide wanted steps into free and blocked; what releases a hold is wanted too, and so on."""
        wanted = {key: list(found) for key, found in self.wishes.open.items()}
        released_by: dict[tuple[Key, Key, Rule, str | None], Requirement] = {}
        waiting = set(wanted)
        while waiting:
            key = min(waiting, key=lambda each: each.place)
            waiting.remove(key)
            requirements = sorted(wanted[key], key=lambda each: (each.rule.id, each.record_id or ""))
            step = draft(key, requirements, self.lookup, self.situation)
            covering = tuple(
                self.bans.covering(key.action, key.about, step.doer, step.as_record(), self.situation)
            )
            self.free.pop(key, None)
            if not covering and not step.conflicts:
                self.free[key] = step
                continue
            blocked = self.blocked[key] = Blocked(step, covering)
            for released in () if blocked.forbidden else self._releasing(blocked):
                origin = (released.key, key, released.rule, released.record_id)
                before = released_by.get(origin)
                if before is None or before.starts != released.starts:
                    released_by[origin] = released
                    others = [each for each in wanted.get(released.key, ()) if each is not before]
                    wanted[released.key] = [*others, released]
                    waiting.add(released.key)

    def _releasing(self, blocked: Blocked) -> Iterator[Requirement]:
        for ban, truth in blocked.covering:
            if truth is not True or ban.effect.until is None or not ban.instance.listed:
                continue
            for condition, action in acts_required(ban.effect.until, self.situation, ban.records):
                declared = self.vocabulary.actions[action]
                if declared.phase is None:
                    continue
                about = condition.acts.record_of(action, ban.records)
                effect = Recommend(action, position=ban.effect.position)
                asked = Asked(ban.rule, effect, ban.records)
                wish = requirement(asked, Key(action, about), self.wishes, self.lookup, self.situation)
                starts = self.clock.inherited(blocked.draft, ban) if ban.effect.waits_for_us else ()
                yield attrs.evolve(wish, is_open=True, released_for=(ban.rule,), starts=starts)

    # --- the plan -----------------------------------------------------------------------------------------------------

    def _recommended(self, requirements: Sequence[Requirement]) -> tuple[Reason, ...]:
        reasons = {}
        for each in requirements:
            effect: Effect = "hold" if each.released_for else "recommend"
            reasons[each.rule.id, effect] = self.reason(each.rule, effect, each.records)
        return tuple(reasons[key] for key in sorted(reasons))

    def reasons_due(self, key: Key) -> dict[datetime, tuple[Reason, ...]]:
        """When a step of the plan is due, and because of which reasons: those with the same due belong together."""
        found: dict[datetime, list[Requirement]] = {}
        for each in self.dues[key]:
            if each.at is not None:
                found.setdefault(each.at, []).append(each.requirement)
        return {due: self._recommended(reasons) for due, reasons in found.items()}

    def reason(self, rule: Rule, effect: Effect, records: Records, undecided: bool = False) -> Reason:
        """Why, in the words of the rule."""
        return self.lookup.reason(rule, effect, self.words, records, undecided)

    @once
    def done(self) -> tuple[DoneStep, ...]:
        """Steps that acts have retired."""
        found = [done_step(key, each, self.case_id, self._recommended(each), self.vocabulary, self.situation)
                 for key, each in self.wishes.done.items()
                 if key not in self.free and key not in self.blocked]  # fmt: skip
        return tuple(sorted((each for each in found if each), key=_done_place))

    # --- prohibitions -------------------------------------------------------------------------------------------------

    @once
    def forbidden(self) -> tuple[Forbidden, ...]:
        """What must not be done: first what is wanted all the same, then what stands in general."""
        found: dict[tuple[str, str | None, tuple[str, ...]], list[Reason]] = {}
        steps: dict[tuple[str, str | None], list[Blocked]] = {}
        for key, each in self.blocked.items():
            if each.forbidden:
                steps.setdefault((key.action, key.about), []).append(each)
        wanted = [self._forbidden_steps(*key, each) for key, each in steps.items()]
        shown = {(each.action, each.about) for each in wanted}
        for action, listed in self.bans.by_action.items():
            for ban in listed:
                if ban.stands and ban.forbids and (action, ban.about) not in shown:
                    found.setdefault((action, ban.about, ban.effect.by), []).extend(self._banned([ban]))
        standing = [Forbidden(*key, False, _once(reasons)) for key, reasons in found.items()]
        return (*sorted(wanted, key=_place), *sorted(standing, key=_place))

    def _forbidden_steps(self, action: str, about: str | None, steps: Sequence[Blocked]) -> Forbidden:
        """What is wanted and forbidden; steps that are apart are one action that must not be done."""
        covering = [ban for each in steps for ban, truth in each.covering if ban.forbids and truth]
        wanting = [wish for each in steps for wish in each.draft.requirements]
        reasons = (*self._banned(covering), *self._recommended(wanting))
        return Forbidden(action, about, _doers(covering), True, reasons)

    @once
    def held(self) -> tuple[Held, ...]:
        """What must not be done yet: wanted steps, with what releases them; then what is held in general."""
        wanted = [self._held_step(key, each) for key, each in self.blocked.items() if not each.forbidden]
        shown = {(key.action, key.about) for key in self.blocked}
        forbidden = {
            (action, ban.about, ban.effect.by)
            for action, bans_of_it in self.bans.by_action.items()
            for ban in bans_of_it
            if ban.stands and ban.forbids
        }
        found: dict[tuple[str, str | None, tuple[str, ...]], list[Ban]] = {}
        for action, listed in self.bans.by_action.items():
            for ban in listed:
                key = (action, ban.about, ban.effect.by)
                if ban.stands and not ban.forbids and key not in forbidden and key[:2] not in shown:
                    found.setdefault(key, []).append(ban)
        standing_ones = [self._standing(key, listed) for key, listed in found.items()]
        return (*sorted(wanted, key=_place), *sorted(standing_ones, key=_place))

    def _standing(self, key: tuple[str, str | None, tuple[str, ...]], listed: Sequence[Ban]) -> Held:
        needs = self.needs([(ban, True) for ban in listed])
        return Held(*key, False, self._banned(listed), self.untils(listed), needs)

    def _held_step(self, key: Key, each: Blocked) -> Held:
        covering = [ban for ban, _ in each.covering]
        reasons = (*self._banned(covering, dict(each.covering)), *self._recommended(each.draft.requirements))
        conflicts = tuple(Release("parameter", name, key.about) for name in each.draft.conflicts)
        return Held(
            key.action,
            key.about,
            _doers(covering),
            True,
            reasons,
            self.untils(covering),
            (*self.needs(each.covering, each.draft.as_record()), *conflicts),
            params(each.draft, self.vocabulary, self.situation),
        )

    def _banned(
        self, covering: Sequence[Ban], truths: Mapping[Ban, Truth] | None = None
    ) -> tuple[Reason, ...]:
        reasons = [self.reason(ban.rule, ban.effect.head, ban.records, (truths or {}).get(ban, True) is None)
                   for ban in covering]  # fmt: skip
        return _once(sorted(reasons, key=lambda each: each.rule))

    def untils(self, covering: Sequence[Ban]) -> tuple[dict[str, object], ...]:
        """The conditions that end the holds among some prohibitions, each once, in the order of the rules."""
        ordered = sorted(covering, key=lambda ban: (ban.rule.id, ban.rule.prohibits.index(ban.effect)))
        found = [ban.effect.until.to_data() for ban in ordered if ban.effect.until is not None]
        return tuple(each for index, each in enumerate(found) if each not in found[:index])

    def needs(
        self, covering: Sequence[tuple[Ban, Truth]], params: RecordView | None = None
    ) -> tuple[Release, ...]:
        """The facts and acts that would release what some prohibitions hold, for these parameters."""
        found: dict[Release, None] = {}
        for ban, truth in covering:
            for need in self.questions.facts(self._open_in(ban, truth, params)):
                found[Release("fact", need.name, need.about)] = None
            if truth is True and ban.effect.until is not None and ban.instance.listed:
                for condition, action in acts_required(ban.effect.until, self.situation, ban.records):
                    found[Release("act", action, condition.acts.record_of(action, ban.records))] = None
        return tuple(sorted(found, key=lambda each: (each.kind, each.name, each.about or "")))

    def _open_in(self, ban: Ban, truth: Truth, params: RecordView | None) -> tuple[Need, ...]:
        """What would decide a prohibition; the currency, too, where a limit in money cannot be tested."""
        needs = self.questions.of_ban(ban)
        limit = truth is None and self.bans.beyond(ban, params)
        return (*needs, Need(CURRENCY_NEED)) if limit else needs

    # --- what is missing ----------------------------------------------------------------------------------------------

    @once
    def missing(self) -> tuple[Missing, ...]:
        """What should be found out, the most deciding first."""
        to = Questions(self.lookup, self.outcome, self.situation)  # of its own for each thread that asks
        for instance, effect in self._may_add:
            to.ask(to.undecided(instance), instance.rule.id, self._rank(effect.action))
        for instance, effect, need in self.wishes.unaimed:
            to.ask((need,), instance.rule.id, self._rank(effect.action))
        for key, blocked in self.blocked.items():
            for ban, truth in blocked.covering:
                needs = self._open_in(ban, truth, blocked.draft.as_record())
                to.ask(needs, ban.rule.id, min(PROHIBITION, self._rank(key.action)))
            self._ask_params(blocked.draft, to)
        for step in self.free.values():
            self._ask_params(step, to)
        self._confirm(to)
        return to.answer()

    def _confirm(self, to: Questions) -> None:
        """Ask for what is only presumed, if a rule would no longer want a step (or no longer perhaps) otherwise."""
        for name in sorted(self.lookup.confirmed.keys() - self.situation.known.keys()):
            depending = self.lookup.confirmed[name]
            wanting = [each for each in self._wanting() if each[0].id in depending]
            others = other_outcomes(self.vocabulary.facts[name], self.outcome_with) if wanting else ()
            for rule, records, possible in wanting:
                if any(each.truth(rule.id, records) not in possible for each in others):
                    to.ask((Need(name),), rule.id, PRESUMED)

    def _wanting(self) -> Iterator[tuple[Rule, Records, tuple[Truth, ...]]]:
        """Rules because of which a step is in the plan, or may come into it, and the truths with which it stays so."""
        for step in self.free.values():
            yield from ((each.rule, each.records, (True,)) for each in step.requirements)
        for instance in dict.fromkeys(instance for instance, _ in self._may_add):
            yield instance.rule, instance.records, (True, None)

    @once
    def _may_add(self) -> tuple[tuple[Instance, Recommend], ...]:
        """What undecided rules recommend and would bring into the plan if they held."""
        return tuple(
            (instance, effect)
            for instance in self.outcome.live
            if instance.truth is None
            for effect in instance.rule.recommends
            if self._could_add(instance, effect)
        )

    def _could_add(self, instance: Instance, effect: Recommend) -> bool:
        if not instance.listed:
            return True
        known, about = aimed(effect.aim, instance.records)
        if not known:
            return True
        wish = self.possible(instance, effect, about)
        return wish.key not in self.free and wish.key not in self.blocked and wish.is_open

    def possible(self, instance: Instance, effect: Recommend, about: str | None) -> Requirement:
        """What a rule requires that holds, or would require if it did."""
        action = self.vocabulary.actions[effect.action]
        key = key_of(effect, about, instance.records, action, self.situation)
        asked = Asked(instance.rule, effect, instance.records)
        return requirement(asked, key, self.wishes, self.lookup, self.situation)

    def _ask_params(self, step: Draft, to: Questions) -> None:
        for unknown in step.unknown:
            for rule_id, needs in unknown.waiting:
                to.ask(needs, rule_id, self._rank(step.key.action))

    def _rank(self, action: str) -> int:
        first = self.order[0] if self.order else None
        return rank_of(self.vocabulary.actions[action].phase, self.phase, first)


def _doers(covering: Sequence[Ban]) -> tuple[str, ...]:
    if not covering or any(not ban.effect.by for ban in covering):
        return ()
    return tuple(sorted({role for ban in covering for role in ban.effect.by}))


def _once(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))


def _done_place(each: DoneStep) -> tuple[Any, ...]:
    return (
        each.at,
        each.action,
        each.about or "",
        sorted((name, str(value)) for name, value in each.params.items()),
    )


def _place(each: Forbidden | Held) -> tuple[Any, ...]:
    params = (
        sorted((name, str(value)) for name, value in each.params.items()) if isinstance(each, Held) else []
    )
    return each.action, each.about or "", each.by, params
