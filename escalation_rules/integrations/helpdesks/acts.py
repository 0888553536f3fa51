"""Recognises acts in a ticket: macros, tags, statuses, form fields, buttons, and note lines.

A note line is a line in one of our private notes: `#waive_charge shipping`, `#call_back outcome=no_answer`,
`#express_regret for=zendesk:message:9` (this message was the act, with its time and author).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from escalation_rules.integrations.helpdesks.bodies import own_lines
from escalation_rules.integrations.helpdesks.marks import marks_in
from escalation_rules.integrations.helpdesks.normal import Event, Message, Unrecorded
from escalation_rules.integrations.helpdesks.paths import MAX_ITEMS, Item, word
from escalation_rules.integrations.helpdesks.people import People
from escalation_rules.integrations.helpdesks.scope import Scope, plain_value
from escalation_rules.integrations.helpdesks.spec import ActSpec, EventSource
from escalation_rules.suggestions import nearest
from escalation_rules.values import ValueProblem, plain_instant

_LINE = re.compile(r"\s{0,8}#([a-z][a-z0-9_]{1,79})((?:[ \t]+\S{1,200}){0,8})[ \t]*")
_TOGETHER = timedelta(minutes=2)
"""The maximum time between a macro or note line and the reply that belongs to it."""


@attrs.frozen
class Acts:
    """The acts that were read, and the replies that no act explains."""

    acts: tuple[dict[str, Any], ...]
    unrecorded: tuple[Unrecorded, ...]


# --- events -------------------------------------------------------------------------------------------------------------


def read_events(scope: Scope, people: People) -> tuple[Event, ...]:
    """All events, in order of time."""
    found: dict[str, Event] = {}
    for place, source in enumerate(scope.spec.events):
        for number, entry in enumerate(scope.items(source.place)):
            if number >= MAX_ITEMS:
                scope.no("events", f"more than {MAX_ITEMS} events; the rest is left out")
                break
            if source.when.holds(entry):
                for event in _event(scope, people, source, entry, f"{place}.{number}"):
                    found.setdefault(event.id, event)
    return tuple(sorted(found.values(), key=lambda event: event.at))


def _event(scope: Scope, people: People, source: EventSource, item: Item, place: str) -> Iterator[Event]:
    at = scope.time(source.at, item, "the time of a click")
    names = tuple(dict.fromkeys(name for part in source.name for name in scope.words(part, item)))
    if at is None or not names:
        scope.keyed(source.place, item)
    if at is None:
        if names:
            scope.no("events", "a click without a time is left out", " ".join(names))
        return
    by = people.party(source.by, source.space, item)
    before = set(scope.words(source.before, item))
    value, about = word(source.value.value(item)[0]), scope.id(source.about, item)
    separate = (
        [(name,) for name in names if name not in before] if source.kind in {"tag", "status"} else [names]
    )
    for inner in separate:
        if inner:
            key = hashlib.sha256(repr((source.kind, inner, value, at, by, place)).encode()).hexdigest()[:16]
            yield Event(scope.prefixed("event", key), source.kind, inner, at, by, value, about)


def standing_tags(
    scope: Scope, events: tuple[Event, ...], tags: tuple[str, ...], at: datetime | None
) -> Iterator[Event]:
    """Tags on the ticket that are acts but have no event; they get the time of the last change."""
    told = {name for event in events if event.kind == "tag" for name in event.names}
    for tag in tags:
        if scope.spec.acts.get(("tag", tag)) is None or tag in told:
            continue
        if at is None:
            scope.no("tags", "the tag means an act, but the payload does not say when it was set", tag)
        else:
            scope.guess("tags", "the tag was set at the ticket's last change, at the latest", tag)
            yield Event(scope.prefixed("event", f"tag:{tag}"), "tag", (tag,), at)


# --- acts ---------------------------------------------------------------------------------------------------------------


@attrs.frozen
class Recorder:
    """Creates acts. `records` maps the ids of the case's records to their lists; `currency` is the case's."""

    scope: Scope
    people: People
    records: Mapping[str, str]
    currency: str | None

    def all(self, events: tuple[Event, ...], messages: tuple[Message, ...]) -> Acts:
        """The acts of events and note lines in order of time, and the replies that none of them explains."""
        acts: list[dict[str, Any]] = []
        left: list[Unrecorded] = []
        for event in events:
            spec = self._spec(event)
            if spec is not None:
                self._add(acts, left, spec, event.id, event.at, event.by, {}, " ".join(event.names))
        known = {message.id: message for message in messages}
        confirmed: set[str] = set()
        for message in messages:
            for number, line in enumerate(self._note_lines(message)):
                self._from_line(acts, left, message, line, number, known, confirmed)
        acts.sort(key=lambda act: act["at"])
        replies = (
            message for message in messages if self._may_be_step(message) and message.id not in confirmed
        )
        left += [
            Unrecorded(
                reply.id,
                reply.author or reply.role or self.scope.spec.staff_role,
                reply.at,
                _excerpt(reply.text),
            )
            for reply in replies
            if not any(self._together(act, reply) for act in acts)
        ]
        return Acts(
            tuple(acts), tuple(sorted(left, key=lambda unrecorded: (unrecorded.at, unrecorded.message)))
        )

    def _spec(self, event: Event) -> ActSpec | None:
        """The act that an event stands for, with its record. An event unknown to the profile gets a remark."""
        known = self.scope.spec.acts
        keys: list[tuple[str, ...]] = [(event.kind, name) for name in event.names]
        if event.kind == "field":
            keys = [key for names in keys for key in ((*names, event.value or ""), names)]
        key = next((names for names in keys if names in known), None)
        if key is None:
            self._unknown(event)
        spec = known[key] if key is not None else None
        if spec is None:
            return None
        listed = self.scope.vocabulary.actions[spec.action].about
        if spec.about or event.about is None or listed == "case":
            return spec
        return attrs.evolve(spec, about=self._record(listed, event.about))

    def _unknown(self, event: Event) -> None:
        """Add a remark for an event that the profile does not describe. A status is known if it opens or
        closes a ticket."""
        ticket, first = self.scope.spec.ticket, event.names[0]
        if event.kind == "status" and first in (*ticket.open, *ticket.closed):
            return
        path, value = f"acts.{event.kind}", first
        if any(key[:2] == (event.kind, first) for key in self.scope.spec.acts):
            path, value = f"{path}.{first}", event.value or ""
        self.scope.no(
            path, "the profile does not map this to an action; write `nothing` if it is not one", value
        )

    def _record(self, listed: str | None, key: str) -> str:
        """The id of the record that the payload calls `key`. Ids read from the payload have the system's prefix."""
        start, end = f"{self.scope.spec.name}:", f":{key}"
        found = [
            action
            for action, name in self.records.items()
            if name == listed and action.startswith(start) and action.endswith(end)
        ]
        return found[0] if len(found) == 1 and key not in self.records else key

    def _add(
        self, acts: list[dict[str, Any]], left: list[Unrecorded], spec: ActSpec, key: str, at: datetime, by: str | None,
        params: Mapping[str, Any], text: str,
    ) -> None:  # fmt: skip
        role = self.people.role(by)
        if self.scope.customer_side(role):
            self.scope.no(key, "a customer's click does not count as an act", text)
            return
        doer = by or self.scope.spec.staff_role
        if by is None:
            self.scope.guess(key, f"the payload does not say who did it; {doer} is assumed", text)
        listed = self.scope.vocabulary.actions[spec.action].about
        there = self.records.get(spec.about or "")
        if spec.about and (there is None or listed not in {None, "case", there}):
            why = f"#{spec.action} names {spec.about!r}, which the case does not have" + (
                f" in {listed}" if listed else ""
            )
            left.append(Unrecorded(key, doer, at, _excerpt(text), why))
            return
        said = {"id": key, "action": spec.action, "by": doer, "at": plain_instant(at)}
        more = {"about": spec.about, "outcome": spec.outcome, "params": dict(params)}
        acts.append(said | {name: value for name, value in more.items() if value})

    # --- note lines -------------------------------------------------------------------------------------------------------

    def _note_lines(self, message: Message) -> Iterator[re.Match[str]]:
        """The note lines of one of our private notes. Notes written by `changes_for` have none."""
        ours = message.visibility == "private" and not self.scope.customer_side(message.role)
        if ours and not marks_in(message.text):
            yield from (
                found
                for line in own_lines(message.text)
                if len(line) < 500 and (found := _LINE.fullmatch(line))
            )

    def _from_line(
        self, acts: list[dict[str, Any]], left: list[Unrecorded], message: Message, line: re.Match[str], number: int,
        known: Mapping[str, Message], confirmed: set[str],
    ) -> None:  # fmt: skip
        name, words = line[1], line[2].split()
        action = self.scope.vocabulary.actions.get(name)
        if action is None:
            near = nearest(name, self.scope.vocabulary.actions)
            if near:
                self.scope.no(message.id, f"#{name} is not an action; did you mean #{near}?")
            return
        given = dict(token.split("=", 1) for token in words if "=" in token)
        about = next((token for token in words if "=" not in token), None)
        outcome, target = given.pop("outcome", None), given.pop("for", None)
        if outcome is not None and outcome not in action.outcomes:
            self.scope.no(message.id, f"#{name} has no outcome {outcome[:60]!r}; the line is not counted")
            return
        done = known.get(target or "", message)
        if target is not None and target not in known:
            self.scope.no(message.id, f"#{name} refers to a message that the ticket does not have", target)
        elif target is not None:
            confirmed.add(target)
        params = dict(self._params(name, given, message.id))
        key = f"{message.id}:{number + 1}"
        self._add(acts, left, ActSpec(name, about, outcome), key, done.at, done.author, params, line[0])

    def _params(self, name: str, given: Mapping[str, str], place: str) -> Iterator[tuple[str, Any]]:
        declared = self.scope.vocabulary.actions[name].params
        for key, text in given.items():
            if key not in declared:
                self.scope.no(place, f"#{name} has no parameter {key[:60]!r}")
                continue
            try:
                of = declared[key].type
                yield key, plain_value(of, text, self.currency)
            except ValueProblem as problem:
                self.scope.no(place, f"#{name} {key}: {problem.message}")

    # --- replies ----------------------------------------------------------------------------------------------------------

    def _may_be_step(self, message: Message) -> bool:
        return message.direction == "out" and message.visibility in {"public", "sent", None}

    def _together(self, act: Mapping[str, Any], message: Message) -> bool:
        doer = message.author or self.scope.spec.staff_role
        near = _at(act) - _TOGETHER <= message.at <= _at(act) + _TOGETHER
        return near and act["by"] in {doer, self.scope.spec.staff_role}


def _at(act: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(act["at"])


def _excerpt(text: str) -> str:
    flat = " ".join(text.split())
    return flat[:200] + ("…" if len(flat) > 200 else "")
