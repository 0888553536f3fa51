"""Who may not do an action although the role would do: whoever asked for it, or did something else before (`not_by:`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from escalation_rules.policy.conditions.condition import Act, Need, Situation, Truth, both, latest, opposite
from escalation_rules.policy.conditions.memory import ACTS, LIST
from escalation_rules.policy.conditions.operators import same_person
from escalation_rules.policy.vocabulary import Barred
from escalation_rules.values import Party


def is_another(
    barred: tuple[Barred, ...], doer: Party, about: str | None, situation: Situation, act: Act | None = None
) -> Truth:
    """Whether the doer is none of those who are barred. None while that is not known: also where only the role of one is known,
    and the other has it.

    `about` is the record of the act; of other acts those count that were done before `act`, or up to now without it.
    """
    return both(_differ(doer, party) for each in barred for party in _parties(each, about, situation, act))


def _differ(doer: Party, party: Party | None) -> Truth:
    if party is None:
        return None
    same = same_person(doer, party)
    return None if same and doer.name != party.name else opposite(same)


def _parties(
    barred: Barred, about: str | None, situation: Situation, act: Act | None
) -> Iterator[Party | None]:
    if barred.action is not None:
        for other in situation.acts_of((barred.action,)):
            same_record = not barred.same_list or other.about == about
            if same_record and other is not act and (act is None or _place(other) <= _place(act)):
                yield other.by
    elif barred.fact is not None:
        value = situation.facts.get(barred.fact)
        yield situation.as_known(value) if isinstance(value, Party) else None
    else:
        record = situation.by_id(barred.list).get(about or "")
        value = record.values.get(barred.field) if record is not None else None
        yield situation.as_known(value) if isinstance(value, Party) else None


def _place(act: Act) -> tuple[object, ...]:
    return act.at, act.order or 0


def unknown_of(barred: tuple[Barred, ...], about: str | None, situation: Situation) -> tuple[Need, ...]:
    """The first fact or field that has to be found out before it is known who is barred."""
    for each in barred:
        if each.fact is not None and each.fact not in situation.facts:
            return (Need(each.fact),)
        record = situation.by_id(each.list).get(about or "") if each.field else None
        if record is not None and each.field not in record.values:
            return (Need(f"{each.list}.{each.field}", record.id),)
    return ()


def barred_since(barred: tuple[Barred, ...], about: str | None, situation: Situation) -> datetime | None:
    """Since when it has been known who is barred, as far as the case says it in facts and fields."""
    moments = []
    for each in barred:
        if each.fact is not None:
            moments.append(situation.since(each.fact))
        elif each.field and (record := situation.by_id(each.list).get(about or "")) is not None:
            moments.append(record.since(each.field))
    return latest(moments)


def looked_at(barred: tuple[Barred, ...]) -> Iterator[str]:
    """The facts, lists and acts that say who is barred."""
    for each in barred:
        yield f"{ACTS}{each.action}" if each.action else each.fact or f"{LIST}{each.list}"
