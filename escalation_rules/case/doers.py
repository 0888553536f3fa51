"""Determines the roles of doers, and who was kept from an act, at the time when it was done."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import attrs

from escalation_rules.case.rows import Entry
from escalation_rules.policy.conditions import Act, Kept
from escalation_rules.policy.vocabulary import Barred, Vocabulary
from escalation_rules.values import Party, Value

_START = datetime.min.replace(tzinfo=UTC)

_Stated = tuple[datetime, int, str | None]
"""The time and sequence number at which a history states the role of a party; None if it withdraws the role."""


def with_doers(acts: Iterable[Act], entries: Sequence[Entry], vocabulary: Vocabulary) -> Iterator[Act]:
    """The acts, each with the role of its doer at that time, and whom its action's `not_by` meant then.

    Of entries at the instant of the act, those before it count. An act before the first known role gets this
    first role. A role stated by the act itself is kept.
    """
    stated, named = _roles(entries), dict[Barred, _Names]()
    for act in acts:
        known = stated.get(act.by.name, ()) if act.by.role is None else ()
        done = attrs.evolve(act, by=Party(act.by.name, _role_at(known, act))) if known else act
        kept: dict[str, Kept] = {}
        for barred in vocabulary.actions[act.action].barred if act.order is not None else ():
            if barred.action is None:
                if barred not in named:
                    named[barred] = _names(barred, entries)
                if (then := _named_then(act, barred, named[barred], vocabulary)) is not None:
                    kept[barred.named] = then
        yield attrs.evolve(done, kept=kept) if kept else done


def _named_then(act: Act, barred: Barred, names: _Names, vocabulary: Vocabulary) -> Kept | None:
    """Whom a fact or field below `not_by` named when the act was done: as last stated until then; if that is unknown, as
    presumed, else as first stated after it. None if the history does not say."""
    stated = names.get(act.about if barred.field else None, ())
    place = bisect_right(stated, (act.at, act.order or 0), key=lambda entry: entry[:2])
    if place and (last := stated[place - 1][2]) is not None:
        return Kept(last)
    declared = vocabulary.declaration(barred.fact or f"{barred.list}.{barred.field}")
    if declared is not None and isinstance(declared.presume, Party):
        return Kept(declared.presume)
    return next((Kept(party, at) for at, _, party in stated[place:] if party is not None), None)


_Names = dict[str | None, list[tuple[datetime, int, Party | None]]]
"""What a history states of a party, in order, by record (None: of the case); the party is None where it is withdrawn."""


def _names(barred: Barred, entries: Iterable[Entry]) -> _Names:
    """What a history states of a fact or field below `not_by`."""
    found: _Names = {}
    for entry in entries:
        place = entry.at or _START, entry.order
        if barred.fact is not None:
            if barred.fact in entry.facts:
                found.setdefault(None, []).append((*place, _party(entry.facts[barred.fact])))
            continue
        rows = entry.records.get(barred.list, ())
        for known in found.values() if rows is None else ():
            known.append((*place, None))
        for row in rows or ():
            if row.retract or barred.field in row.fields:
                party = None if row.retract else _party(row.fields[barred.field])
                found.setdefault(row.id, []).append((*place, party))
    return found


def _party(value: Value | None) -> Party | None:
    return value if isinstance(value, Party) else None


def _role_at(stated: Sequence[_Stated], act: Act) -> str | None:
    place = bisect_right(stated, (act.at, act.order or 0), key=lambda entry: entry[:2])
    if place:
        return stated[place - 1][2]
    return next((role for _, _, role in stated if role is not None), None)


def _roles(entries: Iterable[Entry]) -> dict[str, list[_Stated]]:
    """The roles stated for each party, in order."""
    found: dict[str, list[_Stated]] = {}
    for entry in entries:
        place = entry.at or _START, entry.order
        if "parties" not in entry.records:
            continue
        rows = entry.records["parties"]
        for known in found.values() if rows is None else ():
            known.append((*place, None))
        for row in rows or ():
            if row.retract or "role" in row.fields:
                role = None if row.retract else role_named(row.fields["role"])
                if role is not None or row.id in found:  # a role that was never stated cannot be withdrawn
                    found.setdefault(row.id, []).append((*place, role))
    return found


def role_named(value: Value | None) -> str | None:
    """The role in the field `role` of a party, which may be declared as a text, a choice or a party."""
    return value.name if isinstance(value, Party) else value if isinstance(value, str) else None
