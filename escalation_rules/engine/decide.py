"""A situation → the decision: what is wanted, what stands in its way, in which order, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
from escalation_rules.engine.order import Waiting, in_order
from escalation_rules.engine.past import Past
from escalation_rules.engine.prohibitions import Prohibition, Prohibitions, prohibitions
from escalation_rules.engine.questions import PRESUMED, PROHIBITION, START, Questions, rank_of
from escalation_rules.engine.recommendations import (
    Key,
    Recommendation,
    Recommendations,
    aimed,
    key_of,
    possible_recommendation,
    recommendations,
)
from escalation_rules.engine.release import acts_required, carried_over, doer_of
from escalation_rules.engine.rule_index import Effect, RuleIndex
from escalation_rules.engine.slots import Words
from escalation_rules.engine.steps import Draft, Due, done_step, draft, finished, params
from escalation_rules.once import once
from escalation_rules.policy.conditions import (
    CURRENCY_NEED,
    Done,
    Need,
    Records,
    RecordView,
    Situation,
    Truth,
)
from escalation_rules.policy.model import NameAnchor, Recommend, Rule
from escalation_rules.words.labels import FormatsOf


@attrs.frozen(eq=False)
class Blocked:
    """What stands in the way of one wanted step."""

    draft: Draft
    covering: tuple[tuple[Prohibition, Truth], ...]

    @property
    def forbidden(self) -> bool:
        """Whether a decided prohibition forbids it."""
        return any(prohibition.forbids and truth for prohibition, truth in self.covering)


class Assessment:
    """One decision in the making; every part is worked out once, in the order of the methods.

    `past` is that of the case, `until` the last instant at which something may have been learned. `dues` says when the reasons
    for the steps of the plan are due.
    """

    def __init__(
        self,
        rule_index: RuleIndex,
        outcome: Outcome,
        situation: Situation,
        case_id: str | None,
        formats: FormatsOf,
        past: Past,
        until: datetime,
        outcome_with: OutcomeWith,
    ) -> None:
        self.rule_index = rule_index
        self.model = model = rule_index.model
        self.vocabulary = model.vocabulary
        self.outcome = outcome
        self.situation = situation
        self.case_id = case_id
        self.outcome_with = outcome_with
        self.words = Words(model.vocabulary, situation, formats)
        self.questions = Questions(rule_index, outcome, situation)
        known = situation.conclusion_times = KnownTimes(rule_index, outcome, past.clocks)
        self.recommendations: Recommendations = recommendations(outcome, rule_index, situation)
        self.prohibitions: Prohibitions = prohibitions(outcome, rule_index, situation)
        self.past = past
        self.clock = Clock(past, until, situation, self.prohibitions, known)
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
            finished(
                each,
                self.dues[key],
                self.case_id,
                self._recommended(each.recommendations),
                [name for _, names in self._waiting(each) for name in names],
                self.words,
            )
            for key, each in self.free.items()
        ]
        return tuple(in_order(list(zip(self.free, steps, strict=True)), self.order, self.vocabulary))

    def _waiting(self, step: Draft) -> Sequence[tuple[Prohibition, frozenset[str]]]:
        """The prohibitions that depend on parameters of a step which are still to be filled in, with these."""
        if not step.open:
            return ()
        key, record = step.key, step.as_record()
        return list(self.prohibitions.waiting(key.action, key.about, step.doer, record, self.situation))

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
        wanted = {key: list(found) for key, found in self.recommendations.open.items()}
        released_by: dict[tuple[Key, Key, Rule, str | None, Done], Recommendation] = {}
        waiting = Waiting(wanted)
        while waiting:
            key = waiting.first()
            recommendations = sorted(wanted[key], key=lambda each: (each.rule.id, each.record_id or ""))
            step = draft(key, recommendations, self.rule_index, self.situation)
            covering = tuple(
                self.prohibitions.covering(key.action, key.about, step.doer, step.as_record(), self.situation)
            )
            self.free.pop(key, None)
            if not covering and not step.conflicts:
                self.free[key] = step
                continue
            blocked = self.blocked[key] = Blocked(step, covering)
            for condition, released in () if blocked.forbidden else self._releasing(blocked):
                origin = (released.key, key, released.rule, released.record_id, condition)
                before = released_by.get(origin)
                if before is None or (before.starts, before.carried) != (released.starts, released.carried):
                    released_by[origin] = released
                    others = [each for each in wanted.get(released.key, ()) if each is not before]
                    wanted[released.key] = [*others, released]
                    waiting.add(released.key)

    def _releasing(self, blocked: Blocked) -> Iterator[tuple[Done, Recommendation]]:
        """The acts that what holds a step waits for, each with the test that it has to meet."""
        found: list[tuple[Prohibition, Done, Key]] = []
        alike: dict[Key, list[Prohibition]] = {}
        for prohibition, truth in blocked.covering:
            end = prohibition.over(blocked.draft.as_record())
            if truth is not True or end is None:
                continue
            for condition, action in acts_required(end[0], self.situation, end[1]):
                if self.vocabulary.actions[action].phase is not None:
                    key = Key(action, condition.acts.record_of(action, prohibition.records))
                    found.append((prohibition, condition, key))
                    alike.setdefault(key, []).append(prohibition)
        for prohibition, condition, key in found:
            yield condition, self._release(blocked.draft, prohibition, condition, key, alike[key])

    def _release(
        self, held: Draft, hold: Prohibition, condition: Done, key: Key, alike: Sequence[Prohibition]
    ) -> Recommendation:
        """One act that a hold waits for; all that are `alike` wait for it."""
        declared = self.vocabulary.actions[key.action]
        target = all(each.effect.target for each in held.recommendations)
        effect = Recommend(key.action, target=target, position=hold.effect.position)
        asked = Asked(hold.rule, effect, hold.records)
        return attrs.evolve(
            possible_recommendation(asked, key, self.recommendations, self.rule_index, self.situation),
            is_open=True,
            released_for=(hold.rule,),
            starts=self.clock.inherited(held, hold, alike) if hold.effect.waits_for_us else (),
            doer=doer_of(condition, declared),
            carried=carried_over(
                held.values,
                self.vocabulary.actions[held.key.action],
                declared,
                condition.covers,
                self.situation,
                hold.records,
            ),
        )

    # --- the plan -----------------------------------------------------------------------------------------------------

    def recommended(self, step: Draft) -> tuple[Reason, ...]:
        """The reasons for which a step is wanted."""
        return self._recommended(step.recommendations)

    def _recommended(self, recommendations: Sequence[Recommendation]) -> tuple[Reason, ...]:
        reasons = {}
        for each in recommendations:
            effect: Effect = "hold" if each.released_for else "recommend"
            reasons[each.rule.id, effect] = self.reason(each.rule, effect, each.records)
        return tuple(reasons[key] for key in sorted(reasons))

    def reasons_due(self, key: Key) -> dict[datetime, tuple[tuple[Reason, ...], bool]]:
        """When a step of the plan is due, because of which reasons (those with the same due belong together), and whether that
        is a target for all of them.
        """
        found: dict[datetime, list[Recommendation]] = {}
        for each in self.dues[key]:
            if each.at is not None:
                found.setdefault(each.at, []).append(each.recommendation)
        return {
            due: (self._recommended(reasons), all(each.effect.target for each in reasons))
            for due, reasons in found.items()
        }

    def reason(self, rule: Rule, effect: Effect, records: Records, undecided: bool = False) -> Reason:
        """Why, in the words of the rule."""
        return self.rule_index.reason(rule, effect, self.words, records, undecided)

    @once
    def done(self) -> tuple[DoneStep, ...]:
        """Steps that acts have retired."""
        found = [done_step(key, each, self.case_id, self._recommended(each), self.vocabulary, self.situation)
                 for key, each in self.recommendations.done.items()
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
        for action, listed in self.prohibitions.by_action.items():
            for prohibition in listed:
                if prohibition.stands and prohibition.forbids and (action, prohibition.about) not in shown:
                    found.setdefault((action, prohibition.about, prohibition.effect.by), []).extend(
                        self._reasons_against([prohibition])
                    )
        standing = [Forbidden(*key, False, _once(reasons)) for key, reasons in found.items()]
        return (*sorted(wanted, key=_place), *sorted(standing, key=_place))

    def _forbidden_steps(self, action: str, about: str | None, steps: Sequence[Blocked]) -> Forbidden:
        """What is wanted and forbidden; steps that are apart are one action that must not be done."""
        covering = [
            prohibition
            for each in steps
            for prohibition, truth in each.covering
            if prohibition.forbids and truth
        ]
        wanting = [recommendation for each in steps for recommendation in each.draft.recommendations]
        reasons = (*self._reasons_against(covering), *self._recommended(wanting))
        return Forbidden(action, about, _doers(covering), True, reasons)

    @once
    def held(self) -> tuple[Held, ...]:
        """What must not be done yet: wanted steps, with what releases them; then what is held in general."""
        wanted = [self._held_step(key, each) for key, each in self.blocked.items() if not each.forbidden]
        shown = {(key.action, key.about) for key in self.blocked}
        forbidden = {
            (action, prohibition.about, prohibition.effect.by)
            for action, of_it in self.prohibitions.by_action.items()
            for prohibition in of_it
            if prohibition.stands and prohibition.forbids
        }
        found: dict[tuple[str, str | None, tuple[str, ...]], list[Prohibition]] = {}
        for action, listed in self.prohibitions.by_action.items():
            for prohibition in listed:
                key = (action, prohibition.about, prohibition.effect.by)
                if (
                    prohibition.stands
                    and not prohibition.forbids
                    and key not in forbidden
                    and key[:2] not in shown
                ):
                    found.setdefault(key, []).append(prohibition)
        standing_ones = [self._standing(key, listed) for key, listed in found.items()]
        return (*sorted(wanted, key=_place), *sorted(standing_ones, key=_place))

    def _standing(self, key: tuple[str, str | None, tuple[str, ...]], listed: Sequence[Prohibition]) -> Held:
        needs = self.needs([(prohibition, True) for prohibition in listed])
        return Held(*key, False, self._reasons_against(listed), self.untils(listed), needs)

    def _held_step(self, key: Key, each: Blocked) -> Held:
        covering = [prohibition for prohibition, _ in each.covering]
        reasons = (
            *self._reasons_against(covering, dict(each.covering)),
            *self._recommended(each.draft.recommendations),
        )
        unsaid = (*each.draft.conflicts, *_uncovered(covering, each.draft.as_record()))
        parameters = tuple(Release("parameter", name, key.about) for name in dict.fromkeys(unsaid))
        return Held(
            key.action,
            key.about,
            _doers(covering),
            True,
            reasons,
            self.untils(covering),
            (*self.needs(each.covering, each.draft.as_record()), *parameters),
            params(each.draft, self.vocabulary, self.situation),
        )

    def _reasons_against(
        self, covering: Sequence[Prohibition], truths: Mapping[Prohibition, Truth] | None = None
    ) -> tuple[Reason, ...]:
        known = truths or {}
        reasons = [
            self.reason(each.rule, each.effect.head, each.records, undecided=known.get(each, True) is None)
            for each in covering
        ]
        return _once(sorted(reasons, key=lambda each: each.rule))

    def untils(self, covering: Sequence[Prohibition]) -> tuple[dict[str, object], ...]:
        """The conditions that end the holds among some prohibitions, each once, in the order of the rules."""
        ordered = sorted(
            covering,
            key=lambda prohibition: (
                prohibition.rule.id,
                prohibition.rule.prohibits.index(prohibition.effect),
            ),
        )
        found = [
            prohibition.effect.until.to_data()
            for prohibition in ordered
            if prohibition.effect.until is not None
        ]
        return tuple(each for index, each in enumerate(found) if each not in found[:index])

    def needs(
        self, covering: Sequence[tuple[Prohibition, Truth]], params: RecordView | None = None
    ) -> tuple[Release, ...]:
        """The facts and acts that would release what some prohibitions hold, for these parameters."""
        found: dict[Release, None] = {}
        for prohibition, truth in covering:
            for need in self.questions.facts(self._open_in(prohibition, truth, params)):
                found[Release("fact", need.name, need.about)] = None
            end = prohibition.over(params) if truth is True else None
            for condition, action in acts_required(end[0], self.situation, end[1]) if end is not None else ():
                record = condition.acts.record_of(action, prohibition.records)
                found[Release("act", action, record)] = None
        return tuple(sorted(found, key=lambda each: (each.kind, each.name, each.about or "")))

    def _open_in(self, prohibition: Prohibition, truth: Truth, params: RecordView | None) -> tuple[Need, ...]:
        """What would decide a prohibition; the currency, too, where a limit in money cannot be tested."""
        needs = self.questions.of_prohibition(prohibition, params)
        limit = truth is None and self.prohibitions.beyond(prohibition, params)
        return (*needs, Need(CURRENCY_NEED)) if limit else needs

    # --- what is missing ----------------------------------------------------------------------------------------------

    @once
    def missing(self) -> tuple[Missing, ...]:
        """What should be found out, the most decisive first."""
        to = Questions(self.rule_index, self.outcome, self.situation)  # of its own for each thread that asks
        for instance, effect in self._may_add:
            to.ask(to.undecided(instance), instance.rule.id, self._rank(effect.action))
        for instance, effect, need in self.recommendations.unaimed:
            to.ask((need,), instance.rule.id, self._rank(effect.action))
        for key, blocked in self.blocked.items():
            for prohibition, truth in blocked.covering:
                needs = self._open_in(prohibition, truth, blocked.draft.as_record())
                to.ask(needs, prohibition.rule.id, min(PROHIBITION, self._rank(key.action)))
            self._ask_params(blocked.draft, to)
            asked = {each.name for each in blocked.draft.unknown}
            for prohibition, _ in blocked.covering:
                unsaid = set(_uncovered([prohibition], blocked.draft.as_record())) - asked
                self._ask_unsaid(key, unsaid, prohibition, to)
        for key, step in self.free.items():
            self._ask_params(step, to)
            self._ask_start(key, step, to)
            stated = {each.name for each in step.unknown}
            for prohibition, names in self._waiting(step):
                self._ask_unsaid(key, names - stated, prohibition, to)
        self._confirm(to)
        return to.answer()

    def _confirm(self, to: Questions) -> None:
        """Ask for what is only presumed, if a rule would no longer want a step (or no longer perhaps) otherwise."""
        for name in sorted(each for each in self.rule_index.confirmed if each not in self.situation.stated):
            depending = self.rule_index.confirmed[name]
            wanting = [each for each in self._wanting() if each[0].id in depending]
            others = other_outcomes(self.vocabulary.facts[name], self.outcome_with) if wanting else ()
            for rule, records, possible in wanting:
                if any(each.truth(rule.id, records) not in possible for each in others):
                    to.ask((Need(name),), rule.id, PRESUMED)

    def _wanting(self) -> Iterator[tuple[Rule, Records, tuple[Truth, ...]]]:
        """Rules because of which a step is in the plan, or may come into it, and the truths with which it stays so."""
        for step in self.free.values():
            yield from ((each.rule, each.records, (True,)) for each in step.recommendations)
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
        action = self.vocabulary.actions[effect.action]
        key = key_of(effect, about, instance.records, action, self.situation)
        if key in self.free:
            return self._could_change(self.free[key], self.possible(instance, effect, about))
        if key in self.blocked:
            return False
        if effect.lapses_after is None and not self.situation.acts_of((effect.action,)):
            return True  # what nothing was done for is open
        return self.possible(instance, effect, about).is_open

    def _could_change(self, step: Draft, possible: Recommendation) -> bool:
        """Whether one more reason would give a step of the plan somebody else to do it, an earlier due or another value."""
        if not possible.is_open:
            return False
        other = draft(step.key, (*step.recommendations, possible), self.rule_index, self.situation)
        if (other.owner, other.values, other.conflicts) != (step.owner, step.values, step.conflicts):
            return True
        due, sooner = (each[0].at if each else None for each in (self.dues[step.key], self.clock.dues(other)))
        return sooner is not None and (due is None or sooner < due)

    def possible(self, instance: Instance, effect: Recommend, about: str | None) -> Recommendation:
        """What a rule requires that holds, or would require if it did."""
        action = self.vocabulary.actions[effect.action]
        key = key_of(effect, about, instance.records, action, self.situation)
        asked = Asked(instance.rule, effect, instance.records)
        return possible_recommendation(asked, key, self.recommendations, self.rule_index, self.situation)

    def _ask_params(self, step: Draft, to: Questions) -> None:
        for unknown in step.unknown:
            for rule_id, needs in unknown.waiting:
                to.ask(needs, rule_id, self._rank(step.key.action))

    def _ask_start(self, key: Key, step: Draft, to: Questions) -> None:
        """Ask from when the time of a step counts, where no reason for it knows that: else it would never be late."""
        if any(each.starts for each in step.recommendations):
            return
        for each in step.recommendations:
            anchor = each.effect.anchor if each.effect.within is not None else None
            name = anchor.name if isinstance(anchor, NameAnchor) else None
            if name is not None and name.get(self.situation, each.records) is None:
                to.ask((name.need(self.situation, each.records),), each.rule.id, START)

    def _ask_unsaid(self, key: Key, names: AbstractSet[str], prohibition: Prohibition, to: Questions) -> None:
        """Ask for parameters that no rule states, at which a prohibition looks."""
        needs = tuple(Need(f"{key.action}.{name}", key.about) for name in sorted(names))
        to.ask(needs, prohibition.rule.id, min(PROHIBITION, self._rank(key.action)))

    def _rank(self, action: str) -> int:
        first = self.order[0] if self.order else None
        return rank_of(self.vocabulary.actions[action].phase, self.phase, first)


def _doers(covering: Sequence[Prohibition]) -> tuple[str, ...]:
    if not covering or any(not prohibition.effect.by for prohibition in covering):
        return ()
    return tuple(sorted({role for prohibition in covering for role in prohibition.effect.by}))


def _uncovered(holds: Sequence[Prohibition], params: RecordView) -> Iterator[str]:
    """The parameters that the end of a hold looks at, and that are not said."""
    for each in holds:
        yield from (name for name in each.effect.covered if name not in params.values)


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
