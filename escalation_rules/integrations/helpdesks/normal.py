"""The normal form: what every help desk's ticket is read as, whatever the system.

    Ticket     the ticket itself: ids, status, owner, priority, due date, tags
    Person     who takes part: an id with the system's prefix, a role of the policy, a name
    Message    one thing that was written: who, when, to which side, seen by whom, its text
    Event      one thing that was clicked: a macro, a tag, a status, a form field, a button
    Reading    all of that, the case that the policy reads, and what could not be read or had to be guessed

`Reading.signal_messages()` gives the messages as the signals room reads them.
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
    """Something about a payload that a person should know: where, what, and the value as it stood there (shortened)."""

    path: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" + (f" ({self.value})" if self.value else "")


@attrs.frozen
class Person:
    """Somebody who takes part. `role` is a role of the policy's vocabulary, or None while it is not known."""

    id: str
    role: str | None = None
    name: str = ""
    addresses: tuple[str, ...] = ()


@attrs.frozen
class Message:
    """One thing that was written, in order of time.

    `author` is the id of a person, `role` that person's role. `direction` is `in` (from the customer) or `out` (from us).
    `visibility`: `public` (the customer sees it), `private` (only the team does), `sent` (it left the house, but not to the
    customer as far as the payload shows). None: not known. `text` is plain and complete, quoted lines begin with `>`.
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
    """One thing that was clicked: `kind`, `names` (a macro has an id and a title), the `value` of a form field, and the
    record that it was `about`, as the payload names it."""

    id: str
    kind: EventKind
    names: tuple[str, ...]
    at: datetime
    by: str | None = None
    value: str | None = None
    about: str | None = None


@attrs.frozen
class Ticket:
    """The ticket itself. `key` is the system's own id, as its API wants it; `id` the same with the prefix."""

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
    """A reply of ours of which no act says what it was. An agent confirms it in one click.

    `act` makes the act; `note_line` the line of a private note that records it, so that it is not asked again.
    """

    message: str
    by: str
    at: datetime
    text: str
    why: str = "a reply may have been a step"

    def act(self, action: str, about: str | None = None, outcome: str | None = None) -> dict[str, Any]:
        """The act that this reply was."""
        said = {
            "id": f"{self.message}:{action}",
            "action": action,
            "by": self.by,
            "at": plain_instant(self.at),
        }
        return said | {name: value for name, value in (("about", about), ("outcome", outcome)) if value}

    def note_line(self, action: str, about: str | None = None, outcome: str | None = None) -> str:
        """The note line that says so: `#express_regret for=zendesk:message:9`."""
        words = [f"#{action}", about or "", f"outcome={outcome}" if outcome else "", f"for={self.message}"]
        return " ".join(each for each in words if each)


@attrs.frozen
class Reading:
    """What was read of one payload.

    `case` is plain data that `policy.case()` accepts. `unmapped` lists what the payload has and the case has not, `guessed`
    what had to be assumed, `unrecorded` replies that may have been steps. `written` holds the marks of what
    `changes_for` wrote into the ticket before.
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
        """The public messages as `integrations.signals` reads them: `id`, `role`, `at`, `text`.

        Private notes are left out: they hold what we say about the customer.
        """
        return [
            {"id": each.id, "role": each.role or "unknown", "at": plain_instant(each.at), "text": each.text}
            for each in self.messages
            if each.visibility == "public"
        ]

    def history(self) -> dict[str, Any]:
        """The case as a history, for `policy.audit` and `policy.follow`: each contact, each act and the closing at its time.

        Facts without a time of their own are taken as known from the start: when the case was opened, or the first thing
        happened. A case in which nothing has a time cannot become a history: `ValueError`.
        """
        facts = dict(self.case.get("facts", {}))
        opened, closed = facts.get(_OPENED), facts.pop(_CLOSED, None)
        timed = sorted(self._timed(closed), key=lambda each: Instant().parse(each[0]))
        start = min(
            [each for each in (opened, *(at for at, _ in timed)) if each], key=Instant().parse, default=None
        )
        if start is None:
            raise ValueError("the case contains no time")
        lists = {
            name: value
            for name, value in self.case.items()
            if isinstance(value, list) and name not in {"contacts", "acts"}
        }
        if closed and "tickets" in lists:
            lists["tickets"] = [{**each, "open": True} for each in lists["tickets"]]
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
            open_ = [{"id": each["id"], "open": False} for each in self.case.get("tickets", ())]
            yield closed, {"facts": {_CLOSED: closed}, **({"tickets": open_} if open_ else {})}


_OPENED, _CLOSED = "case.opened_at", "case.ticket_closed_at"
