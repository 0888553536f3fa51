"""What a profile says, as frozen parts: where a value stands, what it is called in the policy, under which condition.

A *source* finds a value: paths of which the first given one counts, a table from the system's words to ours, or a list
of cases with conditions. The whole reader is driven by these parts; none of them knows a system.
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
    """One test of a value: one of `values`, or with one of `has` in it, or `given` (something, or nothing)."""

    path: Path
    values: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    given: bool | None = None

    def holds(self, item: Item) -> bool:
        """Whether one of the values at the path passes."""
        found = list(self.path.values(item))
        if self.given is not None:
            return self.given is any(each not in ("", [], {}) for each in found)
        texts = [text for each in found if (text := word(each)) is not None]
        return any(text in self.values or any(part in text for part in self.has) for text in texts)


@attrs.frozen
class Condition:
    """Tests that must all hold; none: always true."""

    tests: tuple[Test, ...] = ()

    def holds(self, item: Item) -> bool:
        """Whether all tests hold."""
        return all(each.holds(item) for each in self.tests)


@attrs.frozen
class Case:
    """One case of a source: the value `value` where `when` holds."""

    when: Condition
    value: str


@attrs.frozen
class Source:
    """Where a value comes from. `guess` says that it follows from the place and not from a statement of the system, `split`
    what stands between words that the system writes in one text (a space: any white space)."""

    paths: tuple[Path, ...] = ()
    table: Mapping[str, str] | None = None
    cases: tuple[Case, ...] = ()
    otherwise: str | None = None
    guess: bool = False
    split: tuple[str, ...] = ()

    def parts(self, text: str) -> list[str]:
        """The words in one text."""
        if not self.split:
            return [text]
        for each in self.split:
            text = text.replace(each, "\n") if each.strip() else "\n".join(text.split())
        return [part for each in text.split("\n") if (part := each.strip())]

    def raw(self, item: Item) -> Any:
        """The first value given at one of the paths, as the payload has it; None if there is none."""
        found = (each for path in self.paths for each in path.values(item))
        return next((each for each in found if each != "" and not isinstance(each, (dict, list))), None)

    def value(self, item: Item) -> tuple[Any, Any]:
        """The value in the policy's words, and the payload's own word where the table does not have it."""
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
    """Where items stand: at the first of the paths `each` that leads to some, and in each of these at `inner`;
    then, at any depth, within each item at `nested`.

    Without a path it is the ticket itself.
    """

    each: tuple[Path, ...] = ()
    inner: Path | None = None
    nested: Path | None = None


BodyForm = Literal["plain", "html", "rich", "base64"]
BODY_FORMS: tuple[BodyForm, ...] = ("plain", "html", "rich", "base64")


@attrs.frozen
class Body:
    """Where a text stands, and its form: `plain`, `html`, `rich` (an Atlassian document) or `base64`; `when` it is so."""

    form: BodyForm
    path: Path
    when: Condition = Condition()


@attrs.frozen
class Journal:
    """Messages that stand in one text, each below a header line such as `{at} - {author} ({kind})`."""

    paths: tuple[Path, ...]
    header: str


@attrs.frozen
class PeopleSource:
    """Where people stand, and what is said of them there. `space` parts ids that two tables of a system give twice."""

    place: Place
    id: Source
    space: Source = Source()
    name: tuple[Source, ...] = ()
    address: Source = Source()
    role: Source = Source()
    when: Condition = Condition()


@attrs.frozen
class MessageSource:
    """Where messages stand. With `opening` it is the ticket's description, which may be the first message once more."""

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
    """Where clicks stand: `name` is what was clicked or the form field's name, `value` the new value, `before` the old,
    `about` the record that it was about."""

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
    """Which action something clicked is."""

    action: str
    about: str | None = None
    outcome: str | None = None


@attrs.frozen
class TicketSource:
    """Where the ticket stands (the first path that leads to something), and where its parts."""

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
    """A request to write: method, path and body, with slots such as `{ticket}` and `{text}`."""

    method: str
    path: str
    body: Any
    position: Position


@attrs.frozen
class Changes:
    """How the plan is written back.

    `guard` is what each request that carries a text must say, so that it stays private; `never` are paths that no
    request to the ticket may have (a task is another thing); `priorities` are the system's words, lowest first, and
    `levels` those that a high and an urgent plan need; a step in one of the phases `urgent` makes a plan urgent.
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
    """A sign that the payload is only a part: `when` holds, or there are fewer `items` than `total` says."""

    when: Condition
    items: Path | None = None
    total: Path | None = None


@attrs.frozen
class Spec:
    """All that a profile says. In `acts`, None is for what is no act; of a field, with or without the value."""

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
