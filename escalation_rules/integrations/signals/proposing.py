"""Turns messages into proposals for a case, which a person accepts or rejects."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Literal

import attrs

from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.integrations.signals.folding import Span
from escalation_rules.integrations.signals.lexicon import Lexicon, builtin_lexicon
from escalation_rules.integrations.signals.matching import Against, Match, Text, matches
from escalation_rules.integrations.signals.messages import Message, read_messages
from escalation_rules.integrations.signals.model import (
    AMOUNT,
    DAY,
    NUMBER,
    QUOTE,
    SENTENCE,
    TIME,
    Entry,
    Plain,
)
from escalation_rules.values import is_currency, show

CUSTOMERS = ("customer",)
_LONGEST_QUOTE = 500
_MOST_OF_ONE = 20
"""The maximum number of proposals of one entry from one message."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}|[0-9]{4}-[0-9]{2}-[0-9]{2}T.{5,30}")
"""Matches values that are names or instants, not words."""

ProposedValue = bool | int | Decimal | str
Source = Literal["lexicon", "model"]


@attrs.frozen
class Proposal:
    """Something that a message may say: the fact or record list at `path`, and its `value` or fields.

    `quote` is the exact text of message `message` from `start` to `end`. `rule` is the entry that found it,
    `against` what speaks against it. `currency` is that of an amount in it.
    """

    path: str
    value: ProposedValue | Mapping[str, ProposedValue]
    message: str
    quote: str
    start: int
    end: int
    rule: str
    source: Source = "lexicon"
    against: tuple[Against, ...] = ()
    currency: str | None = None

    @property
    def is_record(self) -> bool:
        """Whether it is a record of the list at `path`, not the value of a fact."""
        return isinstance(self.value, Mapping)

    @property
    def id(self) -> str:
        """An identifier that depends only on the content: `signal:` and a digest."""
        told = json.dumps([self.message, self.path, self.start, self.end, plain(self.value)], sort_keys=True)
        return f"signal:{hashlib.sha256(told.encode()).hexdigest()[:20]}"

    def to_dict(self) -> dict[str, Any]:
        """The proposal as plain data for JSON."""
        return {**attrs.asdict(self), "id": self.id, "value": plain(self.value)}


def plain(value: Any) -> Any:
    """A value as JSON data; amounts become texts."""
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    return str(value) if isinstance(value, Decimal) else value


def propose(
    messages: object,
    lexicon: Lexicon | None = None,
    *,
    currency: str | None = None,
    customers: Collection[str] = CUSTOMERS,
) -> tuple[Proposal, ...]:
    """Propose facts and records from the customer's messages, in the order in which to review them: danger
    and injury first.

    `messages` are plain mappings (`id`, `role`, `text`, `at`) or `Message` objects; only those with a role in
    `customers` are read. `currency` is the case's; without it, no amounts are proposed. Raises `MessageError`
    for invalid messages.
    """
    if currency is not None and not is_currency(currency):
        problem = f"{show(currency)} is not a currency code"
        raise RequestError(
            [Diagnostic("bad-currency", problem, path="currency", expected="three capital letters")]
        )
    read = read_messages(messages)
    known = lexicon or builtin_lexicon()
    found = [
        proposal
        for message in read
        if message.role in customers
        for proposal in of_message(message, known, currency)
    ]
    first = {entry.id for entry in known.entries if entry.first}
    return tuple(sorted(found, key=lambda proposal: proposal.rule not in first))


def of_message(message: Message, lexicon: Lexicon, currency: str | None) -> Iterator[Proposal]:
    """The proposals of one message; of those with equal content, the one with the least against it."""
    text = Text.of(message, lexicon, currency)
    best: dict[tuple[str, str, int | None, str], Proposal] = {}
    for entry in lexicon.entries:
        for proposal in of_entry(entry, text):
            said = gist(proposal.value)
            key = (proposal.path, said, proposal.start if entry.each else None, "" if said else entry.id)
            other = best.get(key)
            if other is None or len(proposal.against) < len(other.against):
                best[key] = proposal
    kept = [
        proposal
        for proposal in best.values()
        if not any(_says_more(other, proposal) for other in best.values())
    ]
    yield from sorted(kept, key=lambda proposal: (proposal.start, proposal.end, proposal.path, proposal.rule))


def _says_more(one: Proposal, other: Proposal) -> bool:
    """Whether a record has everything that another has from the same words, and more."""
    return (
        isinstance(one.value, Mapping)
        and isinstance(other.value, Mapping)
        and one.path == other.path
        and one.start < other.end
        and other.start < one.end
        and other.value.keys() < one.value.keys()
        and all(gist(one.value[key]) == gist(part) for key, part in other.value.items())
    )


def of_entry(entry: Entry, text: Text) -> Iterator[Proposal]:
    """The proposals of one entry from a text, up to a maximum."""
    for match in islice(matches(entry, text), _MOST_OF_ONE):
        quote = _short(text.folded.original(match.span))
        value = _filled(entry, match, text, quote)
        if value is None:
            continue
        yield Proposal(
            path=entry.path,
            value=value,
            message=text.message.id,
            quote=text.message.text[quote.start : quote.end],
            start=quote.start,
            end=quote.end,
            rule=entry.id,
            against=match.against,
            currency=text.currency if "amount" in match.found else None,
        )


def _filled(
    entry: Entry, match: Match, text: Text, quote: Span
) -> ProposedValue | Mapping[str, ProposedValue] | None:
    """The entry's value with its slots filled. A field whose slot has no value is left out; for a fact, the
    result is None."""
    if not isinstance(entry.value, Mapping):
        return _slot(entry.value, match, text, quote)
    fields = {name: _slot(part, match, text, quote) for name, part in entry.value.items()}
    return {name: field for name, field in fields.items() if field is not None}


def _slot(value: Plain, match: Match, text: Text, quote: Span) -> ProposedValue | None:
    original = text.message.text
    if value == QUOTE:
        return original[quote.start : quote.end]
    if value == SENTENCE:
        sentence = _short(text.folded.original(text.folded.sentence(match.span.start)))
        return original[sentence.start : sentence.end]
    if value == TIME:
        return _instant(text.message.at)
    if value == DAY:
        return _instant(match.found["day"].due)
    if value == AMOUNT:
        return Decimal(match.found["amount"])
    return int(match.found["number"]) if value == NUMBER else value


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _short(span: Span) -> Span:
    return Span(span.start, min(span.end, span.start + _LONGEST_QUOTE))


def gist(value: object) -> str:
    """A value without the customer's own words, for comparing proposals."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={gist(part)}" for key, part in sorted(value.items()) if gist(part))
    return str(value) if not isinstance(value, str) or _NAME.fullmatch(value) else ""
