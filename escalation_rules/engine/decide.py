"""Computes the decision for a situation: wanted steps, what blocks them, their order, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import attrs

from escalation_rules.decision import DoneStep, Forbidden, Held, Missing, Reason, Release, Step
from escalation_rules.engine.asking import Asking
from escalation_rules.engine.by_action import ActionState, Blocked, by_action
from escalation_rules.engine.clock import Clock
from escalation_rules.engine.combining import Asked
from escalation_rules.engine.confirm import OutcomeWith
from escalation_rules.engine.evaluate import Outcome
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.known import KnownTimes
from escalation_rules.engine.order import KeyQueue, in_order
from escalation_rules.engine.past import Past
from escalation_rules.engine.prohibitions import (
    Concerned,
    Prohibition,
    Prohibitions,
    prohibitions,
    standing,
    uncovered,
)
from escalation_rules.engine.questions import Questions
from escalation_rules.engine.recommendations import (
    Key,
    Recommendation,
    Recommendations,
    key_of,
    possible_recommendation,
    recommendations,
)
from escalation_rules.engine.release import carried_over, doer_of, lacking_acts
from escalation_rules.engine.rule_index import EffectName, RuleIndex
from escalation_rules.engine.slots import Words
from escalation_rules.engine.steps import (
    NO_CASE,
    AnyCase,
    Draft,
    Due,
    done_step,
    draft,
    finished,
    is_overdue,
    params,
)
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
from escalation_rules.policy.model import Recommend, Rule
from escalation_rules.words.labels import FormatsOf


class Assessment:
    """The parts of one decision, each computed once.

    `past` is that of the case, `until` the last instant at which something may have been learned, `known` since when
    rules have held.
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
        known: KnownTimes,
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
        self.states, self.others = by_action(outcome.live, situation, rule_index)
        self.recommendations: Recommendations = recommendations(
            self.others, self.states, rule_index, situation
        )
        self.prohibitions: Prohibitions = prohibitions(
            outcome, rule_index, situation, self.others, self.states
        )
        self.past = past
        self.clock = Clock(past, until, situation, self.prohibitions, known)
        self.free: dict[Key, Draft] = {}
        self.blocked: dict[Key, Blocked] = {}
        self._add_states()
        self._sort_out()

    # Needed only for a plan, not for the verdict on a single action.

    @once
    def dues(self) -> dict[Key, list[Due]]:
        """The due times of the reasons for each step of the plan."""
        return {key: self.clock.dues(step) for key, step in self.free.items()}

    @once
    def fixed_dues(self) -> dict[Key, list[Due]]:
        """The due times that count although their step is held, earliest first; steps without any are left out."""
        return {
            key: [due for due in self.clock.dues(blocked.draft) if due.start.fixed]
            for key, blocked in self.blocked.items()
            if not blocked.forbidden
            and any(start.fixed for reason in blocked.draft.recommendations for start in reason.starts)
        }

    @once
    def order(self) -> tuple[str, ...]:
        """The phases in their current order."""
        for order in self.model.phase_orders:
            if order.when.evaluate(self.situation, ()):
                return order.order
        return self.vocabulary.phase_order()

    @once
    def steps(self) -> tuple[tuple[Key, Step], ...]:
        """The steps of the plan in order, with their keys."""
        steps = [(key, self._step(key, step)) for key, step in self.free.items()]
        return tuple(in_order(steps, self.order, self.vocabulary))

    def _step(self, key: Key, draft: Draft) -> Step:
        """A step of the plan, copied if it is the same in all cases."""
        state = self.states.get(key.action)
        if state is not None:
            if state.step is None:
                state.step = AnyCase.of(
                    [finished(draft, (), NO_CASE, self.recommended(draft), (), self.words)]
                )
            return state.step.step_of_case(self.case_id)
        tested = [name for _, names in self.left_open(draft) for name in names]
        reasons = self._recommended(draft.recommendations)
        return finished(draft, self._due(key), self.case_id, reasons, tested, self.words)

    def _due(self, key: Key) -> Sequence[Due]:
        """The due times that count for a step now, earliest first."""
        return self.dues[key] if key in self.dues else self.fixed_dues.get(key, ())

    @once
    def held_with_due(self) -> tuple[tuple[Key, Step], ...]:
        """The held steps with such due times as they would be in the plan, with their keys."""
        return tuple((key, self._step(key, self.blocked[key].draft)) for key in self.fixed_dues)

    def left_open(self, step: Draft) -> Sequence[tuple[Prohibition, frozenset[str]]]:
        """The prohibitions that depend on parameters of a step still to be filled in, with the names of these."""
        if not step.open or step.key.action not in self.prohibitions.by_action:
            return ()
        key, record = step.key, step.as_record()
        return list(self.prohibitions.left_open(key.action, key.about, step.doer, record, self.situation))

    @once
    def plan(self) -> tuple[Step, ...]:
        """The steps of the plan in order."""
        return tuple(step for _, step in self.steps)

    @once
    def phase(self) -> str | None:
        """The first phase with open steps."""
        return self.plan[0].phase if self.plan else None

    def wanted(self) -> Iterator[tuple[Key, Sequence[Recommendation]]]:
        """Each step that rules recommend, done or not, with the recommendations."""
        for state in self.states.values():
            draft = state.draft if state.blocked is None else state.blocked.draft
            if draft is not None:
                yield state.key, draft.recommendations
        yield from (*self.recommendations.open.items(), *self.recommendations.done.items())

    # --- wanted and blocked steps -------------------------------------------------------------------------------------

    def _add_states(self) -> None:
        """Add the actions whose state is the same in all such cases."""
        for action, state in self.states.items():
            if state.prohibitions:
                self.prohibitions.by_action[action] = state.prohibitions
            if state.draft is not None:
                self.free[state.key] = state.draft
            elif state.blocked is not None:
                self.blocked[state.key] = state.blocked

    def _sort_out(self) -> None:
        """Divide wanted steps into free and blocked ones. Acts that release a hold become wanted steps too, recursively."""
        if not self.recommendations.open:
            return
        wanted = {key: list(found) for key, found in self.recommendations.open.items()}
        released_by: dict[tuple[Key, Key, Rule, str | None, Done], Recommendation] = {}
        queue = KeyQueue(wanted)
        while queue:
            key = queue.first()
            recommendations = wanted[key]
            if len(recommendations) > 1:
                recommendations.sort(
                    key=lambda recommendation: (recommendation.rule.id, recommendation.record_id or "")
                )
            step = draft(key, recommendations, self.rule_index, self.situation)
            covering = self._covering(step) if key.action in self.prohibitions.by_action else ()
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
                    others = [
                        recommendation
                        for recommendation in wanted.get(released.key, ())
                        if recommendation is not before
                    ]
                    wanted[released.key] = [*others, released]
                    queue.add(released.key)

    def _covering(self, step: Draft) -> tuple[tuple[Prohibition, Truth], ...]:
        """The prohibitions that cover a step."""
        key = step.key
        covering = self.prohibitions.covering(
            key.action, key.about, step.doer, step.as_record(), self.situation
        )
        return tuple(covering)

    def _releasing(self, blocked: Blocked) -> Iterator[tuple[Done, Recommendation]]:
        """The acts that the holds of a step wait for, each with the test that it must satisfy."""
        found: list[tuple[Prohibition, Done, Key]] = []
        alike: dict[Key, list[Prohibition]] = {}
        for prohibition, truth in blocked.covering:
            end = prohibition.over(blocked.draft.as_record())
            if truth is not True or end is None:
                continue
            for condition, action in lacking_acts(end[0], self.situation, end[1]):
                if self.vocabulary.actions[action].phase is not None:
                    key = Key(action, condition.acts.record_of(action, self.situation, prohibition.records))
                    found.append((prohibition, condition, key))
                    alike.setdefault(key, []).append(prohibition)
        for prohibition, condition, key in found:
            yield condition, self._release(blocked.draft, prohibition, condition, key, alike[key])

    def _release(
        self, held: Draft, hold: Prohibition, condition: Done, key: Key, alike: Sequence[Prohibition]
    ) -> Recommendation:
        """One act that a hold waits for. All `alike` holds wait for the same act."""
        declared = self.vocabulary.actions[key.action]
        target = all(recommendation.effect.target for recommendation in held.recommendations)
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
        for recommendation in recommendations:
            effect: EffectName = "hold" if recommendation.released_for else "recommend"
            reasons[recommendation.rule.id, effect] = self.reason(
                recommendation.rule, effect, recommendation.records
            )
        return tuple(reasons[key] for key in sorted(reasons))

    def reasons_due(self, key: Key) -> dict[datetime, tuple[tuple[Reason, ...], bool]]:
        """The due times of a step, each with its reasons and whether it is only a target for all of them."""
        found: dict[datetime, list[Recommendation]] = {}
        for due in self._due(key):
            if due.at is not None:
                found.setdefault(due.at, []).append(due.recommendation)
        return {
            due: (self._recommended(reasons), all(reason.effect.target for reason in reasons))
            for due, reasons in found.items()
        }

    def reason(self, rule: Rule, effect: EffectName, records: Records, undecided: bool = False) -> Reason:
        """A reason with the text of the rule."""
        return self.rule_index.reason(rule, effect, self.words, records, undecided)

    @once
    def done(self) -> tuple[DoneStep, ...]:
        """The steps that were done by acts."""
        found = [done_step(key, fulfilled, self.case_id, self._recommended(fulfilled), self.vocabulary, self.situation)
                 for key, fulfilled in self.recommendations.done.items()
                 if key not in self.free and key not in self.blocked]  # fmt: skip
        return tuple(sorted((step for step in found if step), key=_done_place))

    # --- prohibitions -------------------------------------------------------------------------------------------------

    @once
    def forbidden(self) -> tuple[Forbidden, ...]:
        """The forbidden actions: first those that are wanted, then the others."""
        found = [
            forbidden
            for state in self.states.values()
            if state.forbids
            for forbidden in self._always_forbidden(state)
        ]
        steps: dict[tuple[str, str | None], list[Blocked]] = {}
        for key, blocked in self.blocked.items():
            if blocked.forbidden and key.action not in self.states:
                steps.setdefault((key.action, key.about), []).append(blocked)
        found += [self._forbidden_steps(*key, blocked) for key, blocked in steps.items()]
        found += [
            self._forbidden_in_general(key, listed)
            for key, listed in self._standing_ones[0].items()
            if key[:2] not in steps
        ]
        return tuple(sorted(found, key=_listed))

    def _always_forbidden(self, state: ActionState) -> tuple[Forbidden, ...]:
        """An action that is forbidden in all cases with this state."""
        found = state.forbidden
        if found is None:
            blocked, key = state.blocked, state.key
            found = state.forbidden = (
                (self._forbidden_steps(key.action, key.about, [blocked]),)
                if blocked is not None and blocked.forbidden
                else tuple([self._forbidden_in_general(*pair) for pair in state.forbidding])
            )
        return found

    def _forbidden_in_general(self, key: Concerned, listed: Sequence[Prohibition]) -> Forbidden:
        """An action that is forbidden, wanted or not."""
        return Forbidden(*key, False, self._reasons_against(listed))

    def _forbidden_steps(self, action: str, about: str | None, steps: Sequence[Blocked]) -> Forbidden:
        """An action that is wanted and forbidden. Steps with different parameters are listed as one."""
        covering = [
            prohibition
            for blocked in steps
            for prohibition, truth in blocked.covering
            if prohibition.forbids and truth
        ]
        wanting = [recommendation for blocked in steps for recommendation in blocked.draft.recommendations]
        reasons = (*self._reasons_against(covering), *self._recommended(wanting))
        return Forbidden(action, about, _doers(covering), True, reasons)

    @once
    def _standing_ones(self) -> tuple[dict[Concerned, list[Prohibition]], dict[Concerned, list[Prohibition]]]:
        """The prohibitions that are certain, of actions without a state of their own: `forbid` and `hold`."""
        if not self.others:
            return {}, {}
        listed = self.prohibitions.by_action.items()
        return standing({action: bans for action, bans in listed if action not in self.states})

    @once
    def held(self) -> tuple[Held, ...]:
        """The held actions: first wanted steps with what releases them, then the others."""
        found = [
            self._held_step(key, blocked) for key, blocked in self.blocked.items() if not blocked.forbidden
        ]
        shown = {(key.action, key.about) for key in self.blocked}
        forbidden, held = self._standing_ones
        found += [
            self._standing(key, listed)
            for key, listed in held.items()
            if key not in forbidden and key[:2] not in shown
        ]
        found += [
            self._standing(*pair) for state in self.states.values() if state.holding for pair in state.holding
        ]
        return tuple(sorted(found, key=_listed))

    def _standing(self, key: Concerned, listed: Sequence[Prohibition]) -> Held:
        needs = self.needs([(prohibition, True) for prohibition in listed])
        return Held(*key, False, self._reasons_against(listed), self.untils(listed), needs)

    def _held_step(self, key: Key, blocked: Blocked) -> Held:
        covering = [prohibition for prohibition, _ in blocked.covering]
        reasons = (
            *self._reasons_against(covering, dict(blocked.covering)),
            *self._recommended(blocked.draft.recommendations),
        )
        unsaid = (*blocked.draft.conflicts, *uncovered(covering, blocked.draft.as_record()))
        parameters = tuple(Release("parameter", name, key.about) for name in dict.fromkeys(unsaid))
        due = next((fixed.at for fixed in self.fixed_dues.get(key, ())), None)
        return Held(
            key.action,
            key.about,
            _doers(covering),
            True,
            reasons,
            self.untils(covering),
            (*self.needs(blocked.covering, blocked.draft.as_record()), *parameters),
            params(blocked.draft, self.vocabulary, self.situation),
            due,
            is_overdue(due, self.situation),
        )

    def _reasons_against(
        self, covering: Sequence[Prohibition], truths: Mapping[Prohibition, Truth] | None = None
    ) -> tuple[Reason, ...]:
        known = truths or {}
        reasons = [
            self.reason(
                prohibition.rule,
                prohibition.effect.head,
                prohibition.records,
                undecided=known.get(prohibition, True) is None,
            )
            for prohibition in covering
        ]
        if len(reasons) > 1:
            reasons.sort(key=attrgetter("rule"))
        return _distinct(reasons)

    def untils(self, covering: Sequence[Prohibition]) -> tuple[Mapping[str, object], ...]:
        """The conditions that end the holds among some prohibitions, without duplicates, in the order of rules."""
        ordered = covering if len(covering) < 2 else sorted(
            covering,
            key=lambda prohibition: (
                prohibition.rule.id,
                prohibition.rule.prohibits.index(prohibition.effect),
            ),
        )  # fmt: skip
        found = [
            prohibition.effect.until_data
            for prohibition in ordered
            if prohibition.effect.until_data is not None
        ]
        return tuple(until for index, until in enumerate(found) if until not in found[:index])

    def needs(
        self, covering: Sequence[tuple[Prohibition, Truth]], params: RecordView | None = None
    ) -> tuple[Release, ...]:
        """The facts and acts that would release holds among some prohibitions, for these parameters."""
        found: dict[Release, None] = {}
        for prohibition, truth in covering:
            for need in self.questions.facts(self.open_in(prohibition, truth, params)):
                found[Release("fact", need.name, need.about)] = None
            end = prohibition.over(params) if truth is True else None
            for condition, action in lacking_acts(end[0], self.situation, end[1]) if end is not None else ():
                record = condition.acts.record_of(action, self.situation, prohibition.records)
                found[Release("act", action, record)] = None
        return tuple(sorted(found, key=lambda need: (need.kind, need.name, need.about or "")))

    def open_in(self, prohibition: Prohibition, truth: Truth, params: RecordView | None) -> tuple[Need, ...]:
        """What would decide a prohibition; includes the currency if a limit in money cannot be tested."""
        needs = self.questions.of_prohibition(prohibition, params)
        limit = truth is None and self.prohibitions.beyond(prohibition, params)
        return (*needs, Need(CURRENCY_NEED)) if limit else needs

    # --- questions ----------------------------------------------------------------------------------------------------

    @once
    def missing(self) -> tuple[Missing, ...]:
        """The facts to find out, most important first."""
        return Asking(self).answer()

    def possible(self, instance: Instance, effect: Recommend, about: str | None) -> Recommendation:
        """The recommendation of a rule if it holds."""
        action = self.vocabulary.actions[effect.action]
        key = key_of(effect, about, instance.records, action, self.situation)
        asked = Asked(instance.rule, effect, instance.records)
        return possible_recommendation(asked, key, self.recommendations, self.rule_index, self.situation)


def _doers(covering: Sequence[Prohibition]) -> tuple[str, ...]:
    if not covering or any(not prohibition.effect.by for prohibition in covering):
        return ()
    return tuple(sorted({role for prohibition in covering for role in prohibition.effect.by}))


_FEW = 4


def _distinct(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    if len(reasons) > _FEW:
        return tuple(dict.fromkeys(reasons))
    found: list[Reason] = []
    for reason in reasons:
        if reason not in found:  # to compare a few is quicker than to hash them
            found.append(reason)
    return tuple(found)


def _done_place(step: DoneStep) -> tuple[Any, ...]:
    return (
        step.at,
        step.action,
        step.about or "",
        sorted((name, str(value)) for name, value in step.params.items()),
    )


def _listed(restriction: Forbidden | Held) -> tuple[Any, ...]:
    """The place in a list of what is forbidden or held: wanted actions come first."""
    params = (
        sorted((name, str(value)) for name, value in restriction.params.items())
        if isinstance(restriction, Held)
        else []
    )
    return not restriction.wanted, restriction.action, restriction.about or "", restriction.by, params
