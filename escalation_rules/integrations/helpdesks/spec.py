"""The parts of a profile as immutable objects: where values are, their words in the policy, and conditions.

A *source* finds a value: from the first of several paths that has one, through a table from the system's
words to the policy's, or from a list of conditional values. These parts drive the whole reader, which
contains nothing specific to a system.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, Literal

import attrs

from escalation_rules.errors import Position
from escalation_rules.integrations.helpdesks.paths import Item, Path, word


@attrs.frozen
class Test:
    """A test of a value: it is one of `values`, contains one of `has`, or is present or absent (`given`)."""

    path: Path
    values: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    given: bool | None = None

    def holds(self, item: Item) -> bool:
        """Whether a value at the path passes."""
        found = list(self.path.values(item))
        if self.given is not None:
            return self.given is any(value not in ("", [], {}) for value in found)
        texts = [text for value in found if (text := word(value)) is not None]
        return any(text in self.values or any(part in text for part in self.has) for text in texts)


@attrs.frozen
class Condition:
    """Tests that must all hold; without tests, always true."""

    tests: tuple[Test, ...] = ()

    def holds(self, item: Item) -> bool:
        """Whether all tests hold."""
        return all(test.holds(item) for test in self.tests)


@attrs.frozen
class Case:
    """A conditional value of a source: `value` if `when` holds."""

    when: Condition
    value: str


@attrs.frozen
class Source:
    """Where a value comes from. `guess`: the value is implied by the place instead of stated by the system.
    `split` is the separator of words that the system writes in one text (a space means any white space)."""

    paths: tuple[Path, ...] = ()
    table: Mapping[str, str] | None = None
    cases: tuple[Case, ...] = ()
    otherwise: str | None = None
    guess: bool = False
    split: tuple[str, ...] = ()

    def parts(self, text: str) -> list[str]:
        """The words in a text."""
        if not self.split:
            return [text]
        for separator in self.split:
            text = text.replace(separator, "\n") if separator.strip() else "\n".join(text.split())
        return [part for line in text.split("\n") if (part := line.strip())]

    def raw(self, item: Item) -> Any:
        """The first value at one of the paths, as in the payload; None if there is none."""
        found = (value for path in self.paths for value in path.values(item))
        return next((value for value in found if value != "" and not isinstance(value, (dict, list))), None)

    def value(self, item: Item) -> tuple[Any, Any]:
        """The value in the policy's words, and the payload's own word if the table lacks it."""
        for case in self.cases:
            if case.when.holds(item):
                return case.value, None
        raw = self.raw(item)
        if self.table is None:
            return (raw, None) if raw is not None else (self.otherwise, None)
        key = word(raw)
        if key is not None and key in self.table:
            return self.table[key], None
        return self.otherwise, raw if self.otherwise is None else None

    @property
    def place(self) -> str:
        """The path, for remarks."""
        return self.paths[0].text if self.paths else ""


@attrs.frozen
class Place:
    """Where items are: at the first path of `each` that has any, then in each of these at `inner`, then
    within each item at `nested`, at any depth.

    Without a path, the item is the ticket itself.
    """

    each: tuple[Path, ...] = ()
    inner: Path | None = None
    nested: Path | None = None


BodyForm = Literal["plain", "html", "rich", "base64"]
BODY_FORMS: tuple[BodyForm, ...] = ("plain", "html", "rich", "base64")


@attrs.frozen
class Body:
    """The location and format of a text: `plain`, `html`, `rich` (an Atlassian document) or `base64`, if `when` holds."""

    form: BodyForm
    path: Path
    when: Condition = Condition()


@attrs.frozen
class Journal:
    """Several messages in one text, each below a header line such as `{at} - {author} ({kind})`."""

    paths: tuple[Path, ...]
    header: str


@attrs.frozen
class PeopleSource:
    """The location of people and their attributes. `space` separates ids of different tables that may be equal."""

    place: Place
    id: Source
    space: Source = Source()
    name: tuple[Source, ...] = ()
    address: Source = Source()
    role: Source = Source()
    when: Condition = Condition()


@attrs.frozen
class MessageSource:
    """The location of messages. `opening`: the ticket's description, which may be repeated as the first message."""

    place: Place
    at: Source
    text: tuple[Body, ...]
    id: Source = Source()
    author: Source = Source()
    space: Source = Source()
    to: Source = Source()
    direction: Source = Source()
    visibility: Source = Source()
    journal: Journal | None = None
    opening: bool = False
    when: Condition = Condition()


@attrs.frozen
class EventSource:
    """The location of events: `name` is what was clicked or the form field's name, `value` the new value,
    `before` the old one, `about` the record."""

    kind: Any
    place: Place
    name: tuple[Source, ...]
    at: Source
    by: Source = Source()
    space: Source = Source()
    value: Source = Source()
    before: Source = Source()
    about: Source = Source()
    when: Condition = Condition()


@attrs.frozen
class ActSpec:
    """The action that an event stands for."""

    action: str
    about: str | None = None
    outcome: str | None = None


@attrs.frozen
class TicketSource:
    """The location of the ticket (the first path that has one) and of its parts."""

    at: tuple[Path, ...]
    id: Source
    number: Source = Source()
    status: Source = Source()
    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    changed_at: Source = Source()
    opened_at: Source = Source()
    closed_at: Source = Source()
    owner: Source = Source()
    priority: Source = Source()
    due: Source = Source()
    tags: Source = Source()


@attrs.frozen
class Request:
    """A request for writing: method, path and body, with slots such as `{ticket}` and `{text}`."""

    method: str
    path: str
    body: Any
    position: Position


@attrs.frozen
class Changes:
    """How the plan is written back.

    `guard` is what each request with a text must contain to stay private. `never` are paths that no request
    to the ticket may contain (tasks are exempt). `priorities` are the system's words, lowest first; `levels`
    maps `high` and `urgent` to them. A step in one of the phases `urgent` makes a plan urgent.
    """

    requests: Mapping[str, Request] = attrs.Factory(dict)
    guard: Mapping[str, Any] = attrs.Factory(dict)
    never: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    levels: Mapping[str, Any] = attrs.Factory(dict)
    urgent: tuple[str, ...] = ()
    due_form: str = "iso"


@attrs.frozen
class More:
    """A sign that the payload is incomplete: `when` holds, or there are fewer `items` than `total`."""

    when: Condition
    items: Path | None = None
    total: Path | None = None


@attrs.frozen
class Spec:
    """A complete profile. In `acts`, None marks what is no act; the keys of fields exist with and without the value."""

    name: str
    label: str
    language: str
    zone: tzinfo | None
    dates: str | None
    unset: tuple[str, ...]
    ticket: TicketSource
    facts: Mapping[str, Source]
    people: tuple[PeopleSource, ...]
    messages: tuple[MessageSource, ...]
    events: tuple[EventSource, ...]
    acts: Mapping[tuple[str, ...], ActSpec | None]
    more: tuple[More, ...]
    staff_role: str
    changes: Changes
