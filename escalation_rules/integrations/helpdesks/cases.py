"""Converts the normal form of a ticket to a plain case. What the vocabulary does not have is omitted, with a remark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from escalation_rules.integrations.helpdesks.messages import CUSTOMER
from escalation_rules.integrations.helpdesks.normal import Message, Ticket
from escalation_rules.integrations.helpdesks.people import People
from escalation_rules.integrations.helpdesks.scope import Scope, plain_value
from escalation_rules.integrations.helpdesks.ticket import Times
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.values import Instant, ValueProblem, parsed, plain_instant


def assemble(
    scope: Scope, people: People, ticket: Ticket, times: Times, messages: Sequence[Message]
) -> dict[str, Any]:
    """The case without its acts: facts, people as `parties`, messages as `contacts`, and the ticket."""
    facts = {
        "case.opened_at": _instant(times.opened),
        "case.ticket_closed_at": _instant(times.closed),
        "case.owner": ticket.owner,
    }
    facts |= dict(_facts(scope))
    lists = {
        "parties": [
            {"id": person.id, "role": person.role, "person": person.name or None} for person in people.all()
        ],
        "contacts": list(_contacts(scope, people, ticket, messages)),
        "tickets": [_ticket(scope, ticket)],
    }
    known = scope.vocabulary
    return {
        "id": ticket.id,
        "facts": {name: value for name, value in facts.items() if value is not None and name in known.facts},
        **{
            name: [_fitting(scope, name, row) for row in rows]
            for name, rows in lists.items()
            if name in known.records
        },
    }


def _facts(scope: Scope) -> Iterator[tuple[str, Any]]:
    """The facts in the profile's `facts:`."""
    item = scope.ticket
    for name, source in scope.spec.facts.items():
        of = scope.vocabulary.facts[name].type
        if isinstance(of, Instant):
            moment = scope.time(source, item, name)
            if moment is not None:
                yield name, plain_instant(moment)
            continue
        value, strange = source.value(item)
        if strange is not None:
            scope.no(
                source.place, f"{name}: the profile does not map this value, so it stays unknown", strange
            )
        elif value is not None and value != "":
            try:
                yield name, plain_value(of, value, None)
            except ValueProblem as problem:
                scope.no(source.place, f"{name}: {problem.message}", value)


def _contacts(
    scope: Scope, people: People, ticket: Ticket, messages: Sequence[Message]
) -> Iterator[dict[str, Any]]:
    """The messages between the customer and us. As colleagues can read them in the ticket, they count as noted."""
    customers = people.customers()
    customer = customers[0].id if len(customers) == 1 else CUSTOMER
    for message in messages:
        if message.visibility not in {"public", None} or message.direction is None:
            continue
        if message.visibility is None:
            scope.guess(message.id, "seen by the customer; the payload does not say so")
        ours = message.author or message.role or scope.spec.staff_role
        by, to = (message.author or CUSTOMER, ticket.owner) if message.direction == "in" else (ours, customer)
        yield {
            "id": message.id, "made_by": by, "made_to": to, "at": plain_instant(message.at), "outcome": "written", "noted": True,
        }  # fmt: skip


def _ticket(scope: Scope, ticket: Ticket) -> dict[str, Any]:
    still = None if ticket.closed is None else not ticket.closed
    return {
        "id": f"{ticket.id}:record",
        "organisation": scope.spec.label,
        "held_by": ticket.owner,
        "open": still,
    }


def _fitting(scope: Scope, listed: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A record without fields that are unknown to the vocabulary or have invalid values."""
    fields = scope.vocabulary.records[listed].fields
    kept = {"id": row["id"]}
    for name, value in row.items():
        if name == "id" or value is None or name not in fields or fields[name].concluded:
            continue
        try:
            parsed(value, fields[name].type, None)
            kept[name] = value
        except ValueProblem:
            scope.no(f"{listed}.{name}", "the vocabulary does not allow this value", value)
    return kept


def _instant(moment: datetime | None) -> str | None:
    return plain_instant(moment) if moment is not None else None


# --- merging cases ---------------------------------------------------------------------------------------------------------


def joined(read: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two cases: facts and records of `known` take precedence, records are matched by id, acts by content."""
    whole = dict(read)
    for name, value in known.items():
        if name == "facts":
            whole[name] = {**_flat(read.get(name)), **_flat(value)}
        elif isinstance(value, list) and isinstance(read.get(name, []), list):
            whole[name] = _rows(read.get(name, []), value)
        elif value is not None or name not in read:
            whole[name] = value
    first = [name for name in ("id", "currency", "facts") if name in whole]
    return {name: whole[name] for name in (*first, *(key for key in whole if key not in first))}


def _rows(read: list[Any], known: list[Any]) -> list[Any]:
    rows: dict[Any, Any] = {}
    for number, message in enumerate([*read, *known]):
        key = message.get("id") if isinstance(message, Mapping) else None
        name = key if isinstance(key, str) else number
        rows[name] = {**rows[name], **message} if name in rows else message
    return list(rows.values())


def _flat(facts: object) -> dict[str, Any]:
    """Facts by their dotted names; in a case they may be nested."""
    found: dict[str, Any] = {}
    for name, value in facts.items() if isinstance(facts, Mapping) else ():
        if isinstance(value, Mapping) and "." not in str(name):
            found |= {f"{name}.{inner}": one for inner, one in value.items()}
        else:
            found[name] = value
    return found


def records_of(case: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, str]:
    """A mapping from the id of each record in a case to its list."""
    return {
        row["id"]: name
        for name, rows in case.items()
        if name in vocabulary.records and isinstance(rows, list)
        for row in rows
        if isinstance(row, Mapping) and isinstance(row.get("id"), str)
    }
