"""Collects the recommendations of rules: open or done, with anchors, times and parameters."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

import attrs

from escalation_rules.calendar import Deadline
from escalation_rules.engine.caches import keep
from escalation_rules.engine.combining import Asked
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.reached import Anchored, Reason, acts_that_serve, grown_since
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.policy.conditions import (
    Act,
    Need,
    Records,
    Situation,
    latest,
    order_of,
)
from escalation_rules.policy.conditions.barring import may_have_done
from escalation_rules.policy.model import (
    ActAnchor,
    Aim,
    Anchor,
    FoundAnchor,
    LearnedAnchor,
    NameAnchor,
    Recommend,
    Rule,
    StepAnchor,
)
from escalation_rules.policy.vocabulary import Action, Vocabulary
from escalation_rules.values import Party, Value, to_plain


class Key(NamedTuple):
    """Identifies a step: an action, its record (None: the case), and its distinguishing parameters.

    A value of None is unknown; parameters that no rule states are left out.
    """

    action: str
    about: str | None = None
    apart: tuple[tuple[str, Value | None], ...] = ()

    @property
    def place(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """A deterministic sort key."""
        return self.action, self.about or "", tuple((name, text_of(value)) for name, value in self.apart)


def text_of(value: Value | None) -> str:
    """A distinguishing value as a short text; empty if unknown."""
    plain = to_plain(value) if value is not None else ""
    return ",".join(plain) if isinstance(plain, list) else str(plain)


Span = tuple[datetime, datetime | None]
"""A span during which a clock was stopped; an end of None means that it still is."""


@attrs.frozen
class Start:
    """A running time: its start (or the instant before which it ends), its length, and the instants from which it could
    be known (None: from the start).

    `stopped` are the spans until `since` in which the inherited clock was stopped; after that, it is an
    independent clock. If it is `fixed`, holds and prohibitions do not stop it.
    """

    moment: datetime
    length: Deadline
    known: tuple[datetime | None, ...] = ()
    stopped: tuple[Span, ...] = ()
    since: datetime | None = None
    fixed: bool = False


@attrs.frozen(eq=False)
class Recommendation(Asked):
    """One rule's recommendation of one step. `anchor` is the instant from which it counts, `last` the act that served it.

    `starts` are the running times, one for each instant that no act has answered. `lapses` are the instants
    at which its purpose lapses; a recommendation that `has_lapsed` is neither open nor done. If the step
    releases a hold, `doer` may do this and `carried` are the parameters taken over from the held step.
    """

    key: Key
    is_open: bool
    anchor: Anchored | None
    starts: tuple[Start, ...]
    last: Act | None
    returns: datetime | None = None
    lapses: tuple[datetime, ...] = ()
    has_lapsed: bool = False
    released_for: tuple[Rule, ...] = ()
    doer: str | None = None
    carried: Mapping[str, Value] = attrs.Factory(dict)
    alike: bool = False
    """Whether it is the same in all cases."""

    def counts(self, act: Act) -> bool:
        """Whether an act for the step came late enough to count for this recommendation."""
        return self.anchor is None or self.anchor.is_answered_by(act)


@attrs.frozen(eq=False)
class Recommendations:
    """All recommendations by step, and what must be known to determine the record of an effect.

    `asked` contains all reasons for each step, open or done.
    """

    open: Mapping[Key, list[Recommendation]]
    done: Mapping[Key, list[Recommendation]]
    unaimed: tuple[tuple[Instance, Recommend, Need], ...]
    asked: Mapping[Key, Sequence[Asked]]


def aimed(aim: Aim, situation: Situation, records: Records) -> tuple[bool, str | None]:
    """Whether the aim is known, and the id of the record (None: the case)."""
    if aim.target == "case":
        return True, None
    if not records:
        return False, None
    if aim.target == "record":
        return True, records[0].id
    value = aim.via.get(situation, records) if aim.via is not None else None
    if isinstance(value, Party):
        value = value.name
    return (True, value) if isinstance(value, str) else (False, None)


def key_of(
    effect: Recommend, about: str | None, records: Records, action: Action, situation: Situation
) -> Key:
    """The step that an effect recommends for a record."""
    if not action.apart:
        return Key(effect.action, about)
    apart = ((name, source.get(situation, records)) for name, source in effect.params if name in action.apart)
    return Key(effect.action, about, tuple(apart))


def recommendations(
    instances: Iterable[Instance], but: Container[str], rule_index: RuleIndex, situation: Situation
) -> Recommendations:
    """The recommendations of the rules that hold among `instances`, `but` those of some actions."""
    asked: dict[Key, list[Asked]] = {}
    actions = rule_index.model.vocabulary.actions
    unaimed: list[tuple[Instance, Recommend, Need]] = []
    for instance in instances:
        if not instance.truth or not instance.rule.recommends:
            continue
        for effect, always in zip(instance.rule.recommends, alike(instance.rule, rule_index), strict=True):
            if effect.action in but:
                continue
            if always is not None:
                asked.setdefault(always.key, []).append(always)
                continue
            known, about = aimed(effect.aim, situation, instance.records)
            if not known:
                if effect.aim.via is not None:
                    unaimed.append((instance, effect, effect.aim.via.need(situation, instance.records)))
                continue
            key = key_of(effect, about, instance.records, actions[effect.action], situation)
            asked.setdefault(key, []).append(Asked(instance.rule, effect, instance.records))
    open_ones: dict[Key, list[Recommendation]] = {}
    done: dict[Key, list[Recommendation]] = {}
    for key, reasons in asked.items():
        found = recommendations_for(key, reasons, rule_index, situation)
        if open_here := [recommendation for recommendation in found if recommendation.is_open]:
            open_ones[key] = open_here
        elif served_ones := [recommendation for recommendation in found if not recommendation.has_lapsed]:
            done[key] = served_ones
    return Recommendations(open_ones, done, tuple(unaimed), asked)


def alike(rule: Rule, rule_index: RuleIndex) -> tuple[Recommendation | None, ...]:
    """The recommendations of a rule that are the same in all cases without acts of the action; None for the others."""
    found = rule_index.alike.recommendations.get(rule.id)
    if found is None:
        made = tuple([_alike(rule, effect, rule_index) for effect in rule.recommends])
        found = keep(rule_index.alike.recommendations, rule.id, made)
    return found


def _alike(rule: Rule, effect: Recommend, rule_index: RuleIndex) -> Recommendation | None:
    apart = rule_index.model.vocabulary.actions[effect.action].apart
    if rule.for_each is not None or effect.aim.target != "case" or apart or effect.anchor is not None:
        return None
    if effect.before is not None:
        return None
    return Recommendation(rule, effect, (), Key(effect.action), True, None, (), None, alike=True)


def recommendations_for(
    key: Key, asked: Sequence[Asked], rule_index: RuleIndex, situation: Situation
) -> Sequence[Recommendation]:
    """The current recommendation of each reason for one step."""
    if isinstance(asked[0], Recommendation):
        always = [request for request in asked if isinstance(request, Recommendation) and request.alike]
        if len(always) == len(asked) and not situation.acts_of((key.action,)):
            return always
    vocabulary = rule_index.model.vocabulary
    action = vocabulary.actions[key.action]
    reasons = [
        Reason(
            request,
            _sorted_anchors(request.effect.anchor, request, key, vocabulary, situation),
            _sorted_anchors(request.effect.before, request, key, vocabulary, situation),
        )
        for request in asked
    ]
    counting = acts_for(key, action, situation)
    serving = acts_that_serve(reasons, counting, action, rule_index.precedence, situation)
    return [
        _recommendation(
            reason, key, acts, partial(grown_since, reason, counting, action, situation), situation
        )
        for reason, acts in zip(reasons, serving, strict=True)
    ]


def possible_recommendation(
    asked: Asked, key: Key, wanted: Recommendations, rule_index: RuleIndex, situation: Situation
) -> Recommendation:
    """The recommendation of a possible additional reason, if acts are shared with the existing ones."""
    shared = rule_index.model.vocabulary.actions[key.action].reached
    others = (
        [request for request in wanted.asked.get(key, ()) if not request.is_same(asked)] if shared else []
    )
    return recommendations_for(key, [*others, asked], rule_index, situation)[-1]


def _recommendation(
    reason: Reason,
    key: Key,
    acts: Sequence[Act],
    grown_since: Callable[[], datetime | None],
    situation: Situation,
) -> Recommendation:
    """The current recommendation of one rule. It is done if an act serves it and no anchor came later. `grown_since` tells
    since when more is wanted than what had been done."""
    effect, anchors = reason.asked.effect, reason.anchors
    last = acts[-1] if acts else None
    unserved = [anchored for anchored in anchors if not anchored.is_answered(acts)]
    returns = (
        situation.interval_after(last.at, effect.again)
        if last is not None and effect.again is not None
        else None
    )
    is_open = bool(unserved) if anchors else last is None
    came_back = not is_open and returns is not None and situation.at >= returns
    if came_back and returns is not None:
        is_open, unserved = True, [Anchored(returns)]
    unserved, lapses = _still_of_use(unserved, effect, situation)
    has_lapsed = is_open and not unserved and lapses is not None
    is_open = is_open and not has_lapsed
    anchor = unserved[0] if unserved else None
    within = effect.within if is_open else None
    starts: list[Start] = []
    grown = grown_since() if within is not None else None
    if within is not None and within.before:
        known = (returns,) if came_back else ()
        starts = [
            Start(anchored.moment, within, (anchored.learned, grown, *known)) for anchored in reason.ends
        ]
    elif within is not None:
        starts = [
            Start(anchored.moment, within, (anchored.learned, grown), fixed=effect.fixed)
            for anchored in unserved
        ]
    asked, back = reason.asked, None if is_open else returns
    return Recommendation(
        asked.rule, asked.effect, asked.records, key, is_open, anchor, tuple(starts), last, back, lapses or (),
        has_lapsed,
    )  # fmt: skip


def _still_of_use(
    unserved: list[Anchored], effect: Recommend, situation: Situation
) -> tuple[list[Anchored], tuple[datetime, ...] | None]:
    """The unanswered instants whose purpose has not lapsed, and when it will; None if it never does."""
    if effect.lapses_after is None or not unserved:
        return unserved, None
    ends = [
        (anchored, situation.interval_after(anchored.moment, effect.lapses_after)) for anchored in unserved
    ]
    left = [(anchored, end) for anchored, end in ends if end is None or situation.at < end]
    return [anchored for anchored, _ in left], tuple(end for _, end in left if end is not None)


def acts_for(key: Key, action: Action, situation: Situation) -> list[Act]:
    """The acts that count for a step, in order of time: a counting outcome, the same record, an allowed role,
    and no contradicting distinguishing value."""
    return [act for act in counting_acts(action, key.about, situation) if is_of(act, key.apart, situation)]


def is_of(act: Act, apart: Iterable[tuple[str, Value | None]], situation: Situation) -> bool:
    """Whether an act does not contradict the step. Missing values match anything."""
    for name, value in apart:
        said = act.params.get(name)
        if isinstance(said, Party) and isinstance(value, Party):
            if situation.as_known(said).is_same_as(value) is not True:
                return False
        elif said is not None and said != value:
            return False
    return True


def counting_acts(action: Action, about: str | None, situation: Situation) -> list[Act]:
    """The acts that count for an action and a record, in order of time: a counting outcome and an allowed role."""
    return [act for act in _counting(action, situation) if act.about == about or action.about == "case"]


def undecided_acts(key: Key, action: Action, situation: Situation) -> Iterator[Act]:
    """The acts that may count for a step, depending on who did them."""
    for act in situation.acts_of((action.name,)):
        about = act.about == key.about or action.about == "case"
        possible = act.outcome in action.counts and about and is_of(act, key.apart, situation)
        if possible and may_have_done(action.by, action.barred, act, situation) is None:
            yield act


def _counting(action: Action, situation: Situation) -> Iterator[Act]:
    for act in situation.acts_of((action.name,)):
        if act.outcome in action.counts and may_have_done(action.by, action.barred, act, situation):
            yield act


def _sorted_anchors(
    anchor: Anchor | None, asked: Asked, key: Key, vocabulary: Vocabulary, situation: Situation
) -> tuple[Anchored, ...]:
    if anchor is None:
        return ()
    found = _anchors(anchor, asked.effect.aim, asked.records, key, vocabulary, situation)
    return tuple(sorted(found, key=lambda anchored: anchored.moment))


def _anchors(
    anchor: Anchor, aim: Aim, records: Records, key: Key, vocabulary: Vocabulary, situation: Situation
) -> Iterator[Anchored]:
    match anchor:
        case NameAnchor():
            yield from _named(anchor, records, situation)
        case LearnedAnchor():
            yield from _learned(anchor, records, situation)
        case FoundAnchor():
            for record in anchor.test.found(situation, records):
                moment = record.values.get(anchor.field)
                if isinstance(moment, datetime):
                    order, learned = order_of(record.known, anchor.field), record.since(anchor.field)
                    yield Anchored(moment, order, latest((learned, record.recorded)))
        case StepAnchor():
            moment = (
                anchor.test.since(situation, records) if anchor.test.evaluate(situation, records) else None
            )
            if moment is not None:
                yield Anchored(moment)
        case ActAnchor():
            action = vocabulary.actions[anchor.action]
            same = action.about is not None and action.about == aim.to
            acts = (
                _counting(action, situation) if anchor.test is None else anchor.test.found(situation, records)
            )
            own = anchor.action == key.action
            meant = [act for act in acts if not same or act.about == key.about]
            for act in meant[-1:] if own else meant:  # each attempt is the answer to the one before
                yield Anchored(act.at, act.order, own=own)


def _named(anchor: NameAnchor, records: Records, situation: Situation) -> Iterator[Anchored]:
    moment = anchor.name.get(situation, records)
    if isinstance(moment, datetime):
        name = anchor.name
        yield Anchored(moment, name.order(situation, records), name.since(situation, records))


def _learned(anchor: LearnedAnchor, records: Records, situation: Situation) -> Iterator[Anchored]:
    """When the fact or record of the anchor was learned; if unknown, the fallback instant."""
    if anchor.name is None:
        learned, order = records[-1].recorded, order_of(records[-1].known, "recorded_at")
    else:
        learned, order = anchor.name.since(situation, records), anchor.name.order(situation, records)
    if learned is not None:
        yield Anchored(learned, order, learned)
    elif anchor.otherwise is not None:
        yield from _named(anchor.otherwise, records, situation)
