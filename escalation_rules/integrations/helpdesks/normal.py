"""The normal form into which tickets of all help desks are read.

    Ticket     the ticket itself: ids, status, owner, priority, due date, tags
    Person     a participant: an id with the system's prefix, a role of the policy, a name
    Message    a message: author, time, direction, visibility, text
    Event      something clicked: a macro, a tag, a status, a form field, a button
    Reading    all of these, the case for the policy, and what could not be read or had to be assumed

`Reading.signal_messages()` gives the messages in the form that `integrations.signals` reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from escalation_rules.values import Instant, plain_instant

Direction = Literal["in", "out"]
Visibility = Literal["public", "private", "sent"]
EventKind = Literal["macro", "tag", "status", "field", "button"]
EVENT_KINDS: tuple[EventKind, ...] = ("macro", "tag", "status", "field", "button")


@attrs.frozen
class Remark:
    """A note for people about a payload: path, message, and the value found there (shortened)."""

    path: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" + (f" ({self.value})" if self.value else "")


@attrs.frozen
class Person:
    """A participant. `role` is a role of the policy's vocabulary, or None if unknown."""

    id: str
    role: str | None = None
    name: str = ""
    addresses: tuple[str, ...] = ()


@attrs.frozen
class Message:
    """A message.

    `author` is the id of a person, `role` that person's role. `direction` is `in` (from the customer) or
    `out` (from us). `visibility` is `public` (the customer sees it), `private` (only the team does) or `sent`
    (sent out, but not to the customer as far as the payload shows). None means unknown. `text` is plain and
    complete; quoted lines begin with `>`.
    """

    id: str
    at: datetime
    text: str
    author: str | None = None
    role: str | None = None
    direction: Direction | None = None
    visibility: Visibility | None = None


@attrs.frozen
class Event:
    """Something clicked: `kind`, `names` (a macro has an id and a title), the `value` of a form field, and
    the record that it is `about`, as the payload names it."""

    id: str
    kind: EventKind
    names: tuple[str, ...]
    at: datetime
    by: str | None = None
    value: str | None = None
    about: str | None = None


@attrs.frozen
class Ticket:
    """The ticket. `key` is the system's own id for its API, `id` the same with the prefix."""

    id: str
    key: str
    number: str | None = None
    status: str | None = None
    closed: bool | None = None
    owner: str | None = None
    priority: str | None = None
    due: datetime | None = None
    tags: tuple[str, ...] = ()


@attrs.frozen
class Unrecorded:
    """A reply of ours that may have been a step, but has no act. An agent can confirm it.

    `act` returns the act; `note_line` the line for a private note that records it, so that it is not asked
    again.
    """

    message: str
    by: str
    at: datetime
    text: str
    why: str = "a reply may have been a step"

    def act(self, action: str, about: str | None = None, outcome: str | None = None) -> dict[str, Any]:
        """The act for this reply."""
        said = {
            "id": f"{self.message}:{action}",
            "action": action,
            "by": self.by,
            "at": plain_instant(self.at),
        }
        return said | {name: value for name, value in (("about", about), ("outcome", outcome)) if value}

    def note_line(self, action: str, about: str | None = None, outcome: str | None = None) -> str:
        """The note line that records it, e.g. `#express_regret for=zendesk:message:9`."""
        words = [f"#{action}", about or "", f"outcome={outcome}" if outcome else "", f"for={self.message}"]
        return " ".join(word for word in words if word)


@attrs.frozen
class Reading:
    """The result of reading a payload.

    `case` is plain data for `policy.case()`. `unmapped` lists parts of the payload that are not in the case,
    `guessed` what had to be assumed, `unrecorded` replies that may have been steps. `written` contains the
    marks that `changes_for` wrote into the ticket earlier.
    """

    case: Mapping[str, Any]
    ticket: Ticket
    people: tuple[Person, ...] = ()
    messages: tuple[Message, ...] = ()
    events: tuple[Event, ...] = ()
    unmapped: tuple[Remark, ...] = ()
    guessed: tuple[Remark, ...] = ()
    unrecorded: tuple[Unrecorded, ...] = ()
    written: frozenset[str] = frozenset()

    def signal_messages(self) -> list[dict[str, str]]:
        """The public messages in the form that `integrations.signals` reads: `id`, `role`, `at`, `text`.

        Private notes are left out, since they contain our own words about the customer.
        """
        return [
            {
                "id": message.id,
                "role": message.role or "unknown",
                "at": plain_instant(message.at),
                "text": message.text,
            }
            for message in self.messages
            if message.visibility == "public"
        ]

    def history(self) -> dict[str, Any]:
        """The case as a history, for `policy.audit` and `policy.follow`: each contact, each act and the
        closing at its time.

        Facts without a time count as known from the start, i.e. when the case was opened or the first event.
        Raises `ValueError` if nothing in the case has a time.
        """
        facts = dict(self.case.get("facts", {}))
        opened, closed = facts.get(_OPENED), facts.pop(_CLOSED, None)
        timed = sorted(self._timed(closed), key=lambda pair: Instant().parse(pair[0]))
        start = min(
            [moment for moment in (opened, *(at for at, _ in timed)) if moment],
            key=Instant().parse,
            default=None,
        )
        if start is None:
            raise ValueError("the case contains no time")
        lists = {
            name: value
            for name, value in self.case.items()
            if isinstance(value, list) and name not in {"contacts", "acts"}
        }
        if closed and "tickets" in lists:
            lists["tickets"] = [{**ticket, "open": True} for ticket in lists["tickets"]]
        first = {"at": start, "facts": facts, **lists}
        whole = [first, *({"at": at, **said} for at, said in timed)]
        return {
            **{name: self.case[name] for name in ("id", "currency") if name in self.case},
            "history": whole,
        }

    def _timed(self, closed: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
        for contact in self.case.get("contacts", ()):
            yield contact["at"], {"contacts": [contact]}
        for act in self.case.get("acts", ()):
            yield act["at"], {"acts": [act]}
        if closed:
            open_ = [{"id": ticket["id"], "open": False} for ticket in self.case.get("tickets", ())]
            yield closed, {"facts": {_CLOSED: closed}, **({"tickets": open_} if open_ else {})}


_OPENED, _CLOSED = "case.opened_at", "case.ticket_closed_at"
