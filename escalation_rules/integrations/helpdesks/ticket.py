"""Reads the ticket: ids, status, owner, tags, and its times, which are dropped if they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from escalation_rules.integrations.helpdesks.normal import Event, Message, Ticket
from escalation_rules.integrations.helpdesks.people import People
from escalation_rules.integrations.helpdesks.scope import Scope
from escalation_rules.integrations.helpdesks.spec import Source
from escalation_rules.values import plain_instant


def read_ticket(scope: Scope, people: People) -> Ticket:
    """Read the ticket."""
    spec, item = scope.spec.ticket, scope.ticket
    key = scope.id(spec.id, item) or ""
    status = scope.chosen(spec.status, item, "status")
    closed = True if status in spec.closed else False if status in spec.open else None
    if status is not None and closed is None and (spec.open or spec.closed):
        scope.no(spec.status.place, "the profile does not say whether this status is open or closed", status)
    return Ticket(
        id=scope.prefixed("ticket", key),
        key=key,
        number=scope.id(spec.number, item),
        status=status,
        closed=closed,
        owner=people.party(spec.owner, Source(), item),
        priority=scope.text(spec.priority, item, 100) or None,
        due=scope.time(spec.due, item, "the due date"),
        tags=scope.words(spec.tags, item),
    )


@attrs.frozen
class Times:
    """When the ticket was opened, closed and last changed; None if unknown or implausible."""

    opened: datetime | None
    closed: datetime | None
    changed: datetime | None

    def checked(
        self, scope: Scope, ticket: Ticket, messages: Iterable[Message], events: Iterable[Event]
    ) -> Times:
        """The times without those that contradict messages or events. Imported tickets have the date of the import."""
        spec = scope.spec.ticket
        opened = self.opened
        first = min((message.at for message in messages), default=None)
        if first is not None and (opened is None or first < opened):
            why = "which is earlier" if opened else "as no other time is given"
            scope.guess(
                spec.opened_at.place or "messages", f"opened at the first message, {why}", _shown(opened)
            )
            opened = first
        closed = self._closing(scope, ticket, events)
        if opened is not None and closed is not None and closed < opened:
            scope.no(
                spec.closed_at.place,
                "closed before it was opened: neither time is used",
                _shown(closed),
            )
            return Times(None, None, self.changed)
        return Times(opened, closed, self.changed)

    def _closing(self, scope: Scope, ticket: Ticket, events: Iterable[Event]) -> datetime | None:
        spec = scope.spec.ticket
        if not ticket.closed:
            if self.closed is not None:
                state = (
                    "open again" if ticket.closed is False else "in a status that the profile does not know"
                )
                scope.no(spec.closed_at.place, f"has a closing time, but is {state}", _shown(self.closed))
            return None
        if self.closed is not None:
            return self.closed
        told = [
            event.at for event in events if event.kind == "status" and set(event.names) & set(spec.closed)
        ]
        if told:
            return max(told)
        if self.changed is not None:
            scope.guess(
                spec.status.place, "closed at the ticket's last change, at the latest", _shown(self.changed)
            )
        else:
            scope.no(spec.status.place, "closed, but the time is not known", ticket.status)
        return self.changed


def read_times(scope: Scope) -> Times:
    """The times as stated by the ticket."""
    spec, item = scope.spec.ticket, scope.ticket
    return Times(
        scope.time(spec.opened_at, item, "opened"),
        scope.time(spec.closed_at, item, "closed"),
        scope.time(spec.changed_at, item, "last changed"),
    )


def _shown(moment: datetime | None) -> str | None:
    return plain_instant(moment) if moment is not None else None
