"""Determines who is barred from an action despite having the right role (`not_by:`, or a party below `by:`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from escalation_rules.policy.conditions.condition import (
    Act,
    Need,
    Situation,
    Truth,
    both,
    either,
    latest,
    opposite,
)
from escalation_rules.policy.conditions.memory import ACTS, LIST
from escalation_rules.policy.vocabulary import Barred
from escalation_rules.values import Party


def may_have_done(
    roles: tuple[str, ...], barred: tuple[Barred, ...], act: Act, situation: Situation
) -> Truth:
    """Whether an act was done by one of the roles (empty: anybody) and by nobody who is barred; None if unknown."""
    truth = act.by.is_one_of(roles)
    if truth is False or not barred:
        return truth
    return both((truth, is_another(barred, act.by, act.about, situation, act)))


def unknown_doer(
    roles: tuple[str, ...], barred: tuple[Barred, ...], act: Act, situation: Situation
) -> tuple[Need, ...]:
    """What must be found out about the doer of an act, or about who is barred."""
    if act.by.is_one_of(roles) is None:
        return (Need("parties.role", act.by.name),)
    return unknown_of(barred, act.by, act.about, situation, act)


def is_another(
    barred: tuple[Barred, ...],
    doer: Party,
    about: str | None,
    situation: Situation,
    act: Act | None = None,
    *,
    strictly: bool = True,
) -> Truth:
    """Whether the doer is none of those who are barred; None if the case leaves this open.

    `about` is the record of the act. Other acts count if they were done before `act`, or up to now without
    it. If only a shared role is known of two people, they are not known to be different for an `act`; without
    one, or if this is not meant `strictly`, it is undecided.
    """
    return both(
        _may(barred_party, doer, about, situation, act, act is not None and strictly)
        for barred_party in barred
    )


def _may(
    barred: Barred, doer: Party, about: str | None, situation: Situation, act: Act | None, was_done: bool
) -> Truth:
    """Whether one part of the declaration lets the doer do it."""
    by_role = doer.is_one_of(barred.roles) if barred.roles else False
    if by_role:
        return True
    if barred.field and about not in situation.by_id(barred.list):
        return None if act is None else False  # its record is unknown
    parties = _parties(barred, about, situation, act)
    if barred.only:
        return either((by_role, *(_is_the_one(doer, party, was_done) for party in parties)))
    return both(_differ(doer, party, was_done) for party in parties)


def _is_the_one(doer: Party, party: Party | None, was_done: bool) -> Truth:
    """Whether the doer is the only one who may. Whoever is known by a role alone may be another person who has it."""
    if party is None:
        return None
    same = doer.is_same_as(party)
    if same and doer.person is None and party.person is not None:
        return False if was_done else None
    return same


def _differ(doer: Party, party: Party | None, was_done: bool) -> Truth:
    if party is None:
        return None
    same = doer.is_same_as(party)
    if same and (doer.name != party.name or doer.name == doer.role):
        return False if was_done else None
    return opposite(same)


def _parties(
    barred: Barred, about: str | None, situation: Situation, act: Act | None
) -> Iterator[Party | None]:
    if barred.action is None:
        yield _said(barred, about, situation, act)
    else:
        yield from (other.by for other in _barring(barred.action, barred, about, situation, act))


def _barring(
    action: str, barred: Barred, about: str | None, situation: Situation, act: Act | None
) -> Iterator[Act]:
    """The acts whose doers are barred."""
    for other in situation.acts_of((action,)):
        same_record = not barred.same_list or other.about == about
        if same_record and other is not act and (act is None or _place(other) <= _place(act)):
            yield other


def _said(barred: Barred, about: str | None, situation: Situation, act: Act | None) -> Party | None:
    """The party that the case names, or named when the act was done."""
    value: object
    if act is not None and (then := act.kept.get(barred.named)) is not None:
        value = then.party if then.since is None or then.since <= situation.at else None
    elif barred.fact is not None:
        value = situation.facts.get(barred.fact)
    else:
        record = situation.by_id(barred.list).get(about or "")
        value = record.values.get(barred.field) if record is not None else None
    return situation.as_known(value) if isinstance(value, Party) else None


def _place(act: Act) -> tuple[object, ...]:
    return act.at, act.order or 0


def unknown_of(
    barred: tuple[Barred, ...], doer: Party, about: str | None, situation: Situation, act: Act | None = None
) -> tuple[Need, ...]:
    """What must be found out to know whether the doer is barred."""
    for barred_party in barred:
        if barred_party.field and about not in situation.by_id(barred_party.list):
            return (Need(barred_party.list),)
        for party in _parties(barred_party, about, situation, act):
            if party is None and barred_party.fact is not None:
                return (Need(barred_party.fact),)
            if party is None:
                return (Need(f"{barred_party.list}.{barred_party.field}", about),)
            nameless = next((one for one in (doer, party) if one.role is None), None)
            if nameless is not None and doer.is_same_as(party) is None:
                return (Need("parties.role", nameless.name),)
            if (
                barred_party.only
                and barred_party.roles
                and doer.role is None
                and doer.is_same_as(party) is False
            ):
                return (Need("parties.role", doer.name),)
            if (
                not barred_party.only
                and doer.is_same_as(party)
                and party.person is None
                and barred_party.action is None
            ):
                return (
                    Need(barred_party.fact)
                    if barred_party.fact is not None
                    else Need(f"{barred_party.list}.{barred_party.field}", about),
                )
    return ()


def barred_since(
    barred: tuple[Barred, ...], about: str | None, situation: Situation, act: Act | None = None
) -> datetime | None:
    """Since when it has been known who is barred (from an act that was done), as far as facts and fields say so."""
    moments = []
    for barred_party in barred:
        if act is not None and (then := act.kept.get(barred_party.named)) is not None:
            moments.append(then.since)
        elif barred_party.fact is not None:
            moments.append(situation.since(barred_party.fact))
        elif (
            barred_party.field and (record := situation.by_id(barred_party.list).get(about or "")) is not None
        ):
            moments.append(record.since(barred_party.field))
    return latest(moments)


def kept_from_since(barred: Barred, act: Act, situation: Situation) -> datetime | None:
    """Since when the doer of an act has been barred from it: since the case says so, or since the first act that bars."""
    if barred.action is None:
        return barred_since((barred,), act.about, situation)
    others = _barring(barred.action, barred, act.about, situation, act)
    return min((other.at for other in others if act.by.is_same_as(other.by)), default=None)


def looked_at(barred: tuple[Barred, ...]) -> Iterator[str]:
    """The facts, lists and acts that determine who is barred."""
    for barred_party in barred:
        yield (
            f"{ACTS}{barred_party.action}"
            if barred_party.action
            else barred_party.fact or f"{LIST}{barred_party.list}"
        )
