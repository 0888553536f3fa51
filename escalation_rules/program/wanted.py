"""Rules that recommend → what is wanted: open or done, from when, until when, with which parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.conditions import Act, Need, Records, Situation, latest, order_of, served
from escalation_rules.model import (
    ActAnchor,
    Aim,
    Anchor,
    FoundAnchor,
    LearnedAnchor,
    NameAnchor,
    Recommend,
    Rule,
)
from escalation_rules.program.evaluate import Instance, Outcome
from escalation_rules.values import Party
from escalation_rules.vocabulary import Action, Vocabulary

Key = tuple[str, str | None]
"""An action, and the record that it is about (None: the case)."""


Span = tuple[datetime, datetime | None]
"""From when until when a clock stood still; None: it still does."""


@attrs.frozen
class Start:
    """A time that runs: from when, how long, and the instants at which people could know of it (None: from the start).

    `stopped` is when it stood still for what it was inherited from, until `since`; from then on it is a clock of its own.
    """

    moment: datetime
    length: Duration
    known: tuple[datetime | None, ...] = ()
    stopped: tuple[Span, ...] = ()
    since: datetime | None = None


@attrs.frozen(eq=False)
class Requirement:
    """One rule's wish for one step; `anchor` is the instant from which it counts, `last` the act that served it.

    `starts` are the times until which it is to be done, one for each instant that no act has answered.
    """

    rule: Rule
    effect: Recommend
    records: Records
    key: Key
    is_open: bool
    anchor: datetime | None
    starts: tuple[Start, ...]
    last: Act | None
    returns: datetime | None = None
    released_for: tuple[Rule, ...] = ()

    @property
    def record_id(self) -> str | None:
        """The id of the record in scope, if there is one."""
        return self.records[0].id if self.records else None


@attrs.frozen(eq=False)
class Wishes:
    """All requirements by step, and what must be found out to know which record an effect is about."""

    open: Mapping[Key, list[Requirement]]
    done: Mapping[Key, list[Requirement]]
    unaimed: tuple[tuple[Instance, Recommend, Need], ...]


def aimed(aim: Aim, records: Records) -> tuple[bool, str | None]:
    """Whether the aim is known, and the id of the record (None: the case)."""
    if aim.target == "case":
        return True, None
    if not records:
        return False, None
    if aim.target == "record":
        return True, records[0].id
    value = records[0].values.get(aim.via or "")
    if isinstance(value, Party):
        value = value.name
    return (True, value) if isinstance(value, str) else (False, None)


def wishes(outcome: Outcome, vocabulary: Vocabulary, situation: Situation) -> Wishes:
    """What the rules that hold recommend."""
    open_ones: dict[Key, list[Requirement]] = {}
    done: dict[Key, list[Requirement]] = {}
    unaimed: list[tuple[Instance, Recommend, Need]] = []
    for instance in outcome.live:
        if not instance.truth:
            continue
        for effect in instance.rule.recommends:
            known, about = aimed(effect.aim, instance.records)
            if not known:
                record = instance.records[0]
                unaimed.append((instance, effect, Need(f"{record.list}.{effect.aim.via}", record.id)))
                continue
            wish = requirement(
                instance.rule, effect, instance.records, (effect.action, about), vocabulary, situation
            )
            (open_ones if wish.is_open else done).setdefault(wish.key, []).append(wish)
    return Wishes(
        open_ones, {key: each for key, each in done.items() if key not in open_ones}, tuple(unaimed)
    )


def requirement(
    rule: Rule, effect: Recommend, records: Records, key: Key, vocabulary: Vocabulary, situation: Situation
) -> Requirement:
    """What one rule requires now: retired by an act that counts, at or after every anchor."""
    acts = counting_acts(vocabulary.actions[key[0]], key[1], situation)
    last = acts[-1] if acts else None
    anchors = (
        sorted(
            _anchors(effect.anchor, effect.aim, records, key, vocabulary, situation),
            key=lambda each: each.moment,
        )
        if effect.anchor
        else []
    )
    unserved = [each for each in anchors if not served(acts, each.moment, each.order)]
    returns = (
        situation.interval_after(last.at, effect.again)
        if last is not None and effect.again is not None
        else None
    )
    is_open = bool(unserved) if anchors else last is None
    if not is_open and returns is not None and situation.at >= returns:
        is_open, unserved = True, [_Anchored(returns)]
    anchor = unserved[0].moment if unserved else None
    within = effect.within if is_open else None
    starts = [Start(each.moment, within, (each.learned,)) for each in unserved] if within is not None else []
    last_return = None if is_open else returns
    return Requirement(rule, effect, records, key, is_open, anchor, tuple(starts), last, last_return)


def counting_acts(action: Action, about: str | None, situation: Situation) -> list[Act]:
    """The acts that retire a step, in order of time: a counting outcome, the same record, an allowed role."""
    return [act for act in _counting(action, situation) if act.about == about or action.about == "case"]


def _counting(action: Action, situation: Situation) -> Iterator[Act]:
    for act in situation.acts:
        if act.action == action.name and act.outcome in action.counts and act.by.is_one_of(action.by):
            yield act


class _Anchored(NamedTuple):
    """An instant from which a step counts, the place in the history that brought it, and when it was learned."""

    moment: datetime
    order: int | None = None
    learned: datetime | None = None


def _anchors(
    anchor: Anchor, aim: Aim, records: Records, key: Key, vocabulary: Vocabulary, situation: Situation
) -> Iterator[_Anchored]:
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
                    yield _Anchored(moment, order, latest((learned, record.recorded)))
        case ActAnchor():
            action = vocabulary.actions[anchor.action]
            same = action.about is not None and action.about == aim.to
            for act in _counting(action, situation):
                if not same or act.about == key[1]:
                    yield _Anchored(act.at, act.order)


def _named(anchor: NameAnchor, records: Records, situation: Situation) -> Iterator[_Anchored]:
    moment = anchor.name.get(situation, records)
    if isinstance(moment, datetime):
        name = anchor.name
        yield _Anchored(moment, name.order(situation, records), name.since(situation, records))


def _learned(anchor: LearnedAnchor, records: Records, situation: Situation) -> Iterator[_Anchored]:
    """When what the anchor names was learned; where nobody knows that, the instant that counts otherwise."""
    if anchor.name is None:
        learned, order = records[-1].recorded, order_of(records[-1].known, "recorded_at")
    else:
        learned, order = anchor.name.since(situation, records), anchor.name.order(situation, records)
    if learned is not None:
        yield _Anchored(learned, order, learned)
    elif anchor.otherwise is not None:
        yield from _named(anchor.otherwise, records, situation)
