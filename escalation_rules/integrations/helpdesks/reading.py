"""`case_from` reads a help desk's payload as a case, and lists what is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from escalation_rules.errors import CaseError, Diagnostic
from escalation_rules.integrations.helpdesks.acts import Recorder, read_events, standing_tags
from escalation_rules.integrations.helpdesks.cases import assemble, joined, records_of
from escalation_rules.integrations.helpdesks.marks import marks_in
from escalation_rules.integrations.helpdesks.messages import read_messages
from escalation_rules.integrations.helpdesks.normal import Message, Reading
from escalation_rules.integrations.helpdesks.paths import Item, each_item
from escalation_rules.integrations.helpdesks.people import People
from escalation_rules.integrations.helpdesks.profile import Profile
from escalation_rules.integrations.helpdesks.scope import Scope, id_text
from escalation_rules.integrations.helpdesks.spec import More, Spec
from escalation_rules.integrations.helpdesks.ticket import read_ticket, read_times
from escalation_rules.values import show


def case_from(
    payload: Mapping[str, Any], profile: Profile, known: Mapping[str, Any] | None = None
) -> Reading:
    """Read a ticket with its messages from the help desk's API or webhook payload.

    `known` is a plain case of the host's own data, such as accepted facts, claims and charges. It is merged
    with the payload and takes precedence; acts can refer to its records. Raises `CaseError` if the payload
    contains no ticket. Anything else that cannot be read is listed in `unmapped`.
    """
    item = _ticket_item(payload, profile.spec)
    scope = Scope(profile.spec, profile.vocabulary, payload, item)
    people = People(scope)
    people.read()
    times = read_times(scope)
    ticket = read_ticket(scope, people)
    found = read_messages(scope, people, times.opened)
    messages = tuple(_settled(scope, people, message) for message in found)
    events = read_events(scope, people)
    times = times.checked(scope, ticket, messages, events)
    events = (*events, *standing_tags(scope, events, ticket.tags, times.changed))
    for more in scope.spec.more:
        _more(scope, more)
    base = joined(assemble(scope, people, ticket, times, messages), known or {})
    recorder = Recorder(scope, people, records_of(base, scope.vocabulary), base.get("currency"))
    done = recorder.all(events, messages)
    return Reading(
        case=joined({"acts": list(done.acts)}, base),
        ticket=ticket,
        people=tuple(people.all()),
        messages=messages,
        events=events,
        unmapped=tuple(scope.unmapped),
        guessed=tuple(scope.guessed),
        unrecorded=done.unrecorded,
        written=frozenset(
            mark for message in messages if _is_ours(scope, message) for mark in marks_in(message.text)
        ),
    )


def _ticket_item(payload: object, profile: Spec) -> Item:
    """The ticket in the payload: the first place that has a mapping with an id."""
    spec = profile.ticket
    if not isinstance(payload, Mapping):
        said = show(payload)
        raise CaseError(
            [
                Diagnostic(
                    "wrong-form", f"the payload cannot be {said}", path="", expected="a mapping, as from JSON"
                )
            ]
        )
    for path in spec.at:
        for entry in each_item(Item(payload, payload), path):
            if isinstance(entry.data, Mapping) and id_text(spec.id.value(entry)[0]) is not None:
                return entry
    where = " or ".join(f"`{path.text}`" for path in spec.at)
    message = f"the payload holds no {profile.label} ticket"
    expected = f"a mapping at {where} with `{spec.id.place}`"
    raise CaseError([Diagnostic("missing-key", message, path=spec.at[0].text, expected=expected)])


def _settled(scope: Scope, people: People, message: Message) -> Message:
    """The message, completed with what other messages show about its author."""
    role = people.role(message.author) or (None if message.author else message.role)
    direction = message.direction
    if direction is None and role is not None:
        direction = "in" if scope.customer_side(role) else "out"
    if role is None and message.author is not None:
        scope.no(
            message.id,
            "it is not known whether the author is a customer or belongs to the team",
            message.author,
        )
    return attrs.evolve(message, role=role, direction=direction)


def _is_ours(scope: Scope, message: Message) -> bool:
    return message.visibility == "private" and not scope.customer_side(message.role)


def _more(scope: Scope, more: More) -> None:
    """Add a remark that the payload is incomplete."""
    root = Item(scope.root, scope.root)
    if more.when.tests and more.when.holds(root):
        place = more.when.tests[0].path
        scope.no(
            place.text, "there is more on the next page; read all pages and join them", place.value(root)
        )
    if more.items is not None and more.total is not None:
        there, total = sum(1 for _ in more.items.values(root)), str(more.total.value(root))
        if total.isdecimal() and len(total) < 10 and there < int(total):
            scope.no(more.items.text, f"the payload holds {there} of {total}; read all pages and join them")
