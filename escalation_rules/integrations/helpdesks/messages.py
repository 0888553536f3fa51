"""Reads the messages of a payload: sorted, without duplicates, with author, direction and visibility."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

import attrs

from escalation_rules.integrations.helpdesks.bodies import MAX_BODY, clean, from_rich, squeezed
from escalation_rules.integrations.helpdesks.markup import from_html
from escalation_rules.integrations.helpdesks.normal import Direction, Message, Visibility
from escalation_rules.integrations.helpdesks.paths import MAX_ITEMS, Item, word
from escalation_rules.integrations.helpdesks.people import People
from escalation_rules.integrations.helpdesks.scope import Scope
from escalation_rules.integrations.helpdesks.spec import Body, Journal, MessageSource, Source

CUSTOMER = "customer"
_LONGEST_HEADER = 400
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&*+/=?^_{|}~-]{1,64}@[A-Za-z0-9.-]{1,189}[A-Za-z0-9]")


@attrs.frozen
class _Found:
    """A message with its index in the payload (`order`) and whether it is the ticket's description (`opening`)."""

    message: Message
    order: int
    opening: bool


def read_messages(scope: Scope, people: People, opened: datetime | None) -> tuple[Message, ...]:
    """All messages in order of time. A description that is also a message is listed once, as that message."""
    found: list[_Found] = []
    said: set[str] = set()
    for source in sorted(scope.spec.messages, key=lambda source: source.opening):
        for entry in _items(scope, source):
            text = body_text(source.text, entry) if source.when.holds(entry) else ""
            if not text:
                scope.keyed(source.place, entry)
            if not text or (source.opening and squeezed(text) in said):
                continue
            message = _message(scope, people, source, entry, text, opened)
            if message is not None:
                said.add(squeezed(text))
                found.append(_Found(message, len(found), source.opening))
    once: dict[str, _Found] = {}
    for match in found:
        once.setdefault(match.message.id, match)
    kept = sorted(
        once.values(),
        key=lambda match: (match.message.at, not match.opening, _number(match.message.id), match.order),
    )
    return tuple(match.message for match in kept)


def _number(key: str) -> int:
    """The number at the end of an id, which orders messages of the same second."""
    tail = key.rpartition(":")[2]
    return int(tail) if tail.isdecimal() and tail.isascii() else 0


def _items(scope: Scope, source: MessageSource) -> Iterator[Item]:
    items = scope.items(source.place)
    whole = (
        inner
        for entry in items
        for inner in (_entries(source.journal, entry) if source.journal else (entry,))
    )
    for number, entry in enumerate(whole):
        if number >= MAX_ITEMS:
            scope.no("messages", f"more than {MAX_ITEMS} messages; the rest is left out")
            return
        yield entry


def _entries(journal: Journal, item: Item) -> Iterator[Item]:
    """The entries of a journal: the text between each header line and the next."""
    written = (word(path.value(item)) for path in journal.paths)
    text = clean(next((body for body in written if body), ""))
    header = header_pattern(journal.header)
    entry: dict[str, str] | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        found = header.fullmatch(line) if len(line) < _LONGEST_HEADER else None
        if found is None:
            lines.append(line)
            continue
        if entry is not None:
            yield Item({**entry, "text": "\n".join(lines).strip()}, item.root, item)
        entry, lines = found.groupdict(), []
    if entry is not None:
        yield Item({**entry, "text": "\n".join(lines).strip()}, item.root, item)


def header_pattern(header: str) -> re.Pattern[str]:
    """A header such as `{at} - {author} ({kind})` as a pattern. Times consist of digits and marks; other
    slots stay on one line."""
    parts = re.split(r"\{([a-z_]+)\}", header)
    whole = ""
    for place, part in enumerate(parts):
        if place % 2 == 0:
            whole += re.escape(part)
        else:
            whole += (
                f"(?P<{part}>"
                + (r"[0-9][0-9T:+./ -]{7,30}(?:Z| ?[AP]M)?" if part == "at" else r"[^\n]{1,150}?")
                + ")"
            )
    return re.compile(whole)


def _message(
    scope: Scope, people: People, source: MessageSource, item: Item, text: str, opened: datetime | None
) -> Message | None:
    key = scope.id(source.id, item)
    at = scope.time(source.at, item, "the time of a message")
    if at is None and source.opening:
        at = opened
    if at is None:
        scope.no("messages", "a message without a time is left out", text)
        return None
    author = _author(people, source, item)
    direction = cast("Direction | None", scope.chosen(source.direction, item, "direction"))
    visibility = cast("Visibility | None", scope.chosen(source.visibility, item, "visibility"))
    role = people.role(author)
    if role is None and visibility == "private":
        direction = direction or "out"  # only the team writes what only the team sees
    if role is None and direction is not None:
        role = CUSTOMER if direction == "in" else scope.spec.staff_role
        if author is not None:
            people.state(author, role, sure=False)
            role = people.role(author)
    elif direction is None and role is not None:
        direction = "in" if scope.customer_side(role) else "out"
    if visibility == "sent" and _reaches(people, scope.words(source.to, item)):
        visibility = "public"
    name = "opening" if source.opening else key or _digest(at, text)
    return Message(scope.prefixed("message", name), at, text, author, role, direction, visibility)


def _author(people: People, source: MessageSource, item: Item) -> str | None:
    """The author's id. A name or an address is resolved to the only person who has it, or to nobody if several have it."""
    key = people.key(source.author, source.space, item)
    if key in people.known:
        return key
    raw = word(source.author.value(item)[0])
    found = _ADDRESS.findall(raw[:_LONGEST_HEADER]) if raw else []
    address = found[0].casefold() if len(found) == 1 and found[0] != raw else None
    same = next((having for name in (raw, address) if name and (having := people.named(name))), [])
    if len(same) > 1:
        people.scope.no(
            source.author.place, "several people have this name, so the author stays unknown", raw
        )
        return None
    author = Source(otherwise=address) if address else source.author
    return same[0] if same else people.party(author, source.space, item)


def _reaches(people: People, to: tuple[str, ...]) -> bool:
    """Whether one of the addresses belongs to a customer."""
    theirs = {address for person in people.customers() for address in person.addresses}
    return any(found.casefold() in theirs for text in to for found in _ADDRESS.findall(text[:2000]))


def _digest(at: datetime, text: str) -> str:
    return hashlib.sha256(f"{at.isoformat()}\n{text}".encode()).hexdigest()[:16]


def body_text(bodies: tuple[Body, ...], item: Item) -> str:
    """The plain text of the first body that is present."""
    for body in bodies:
        if body.when.holds(item):
            text = _plain(body, body.path.value(item))
            if text:
                return text
    return ""


def _plain(body: Body, raw: Any) -> str:
    if body.form == "rich":
        return from_rich(raw)
    text = word(raw)
    if text is None:
        return ""
    if body.form == "html":
        return from_html(text)
    return clean(_decoded(text) if body.form == "base64" else text)


def _decoded(text: str) -> str:
    """The decoded text of Base64 content (attachments of Request Tracker); other text is returned unchanged."""
    try:
        data = base64.b64decode(text[: 4 * MAX_BODY], validate=False)
    except (binascii.Error, ValueError):
        return text
    return data.decode("utf-8", "replace")
