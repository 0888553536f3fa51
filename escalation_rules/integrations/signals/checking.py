"""Runs the examples of a lexicon's entries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from escalation_rules.errors import Diagnostic
from escalation_rules.integrations.signals.lexicon import Lexicon
from escalation_rules.integrations.signals.matching import Text
from escalation_rules.integrations.signals.messages import Message
from escalation_rules.integrations.signals.model import Entry, Example
from escalation_rules.integrations.signals.proposing import Proposal, of_entry

_SAID_AT = datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=8)))


def check_examples(lexicon: Lexicon) -> tuple[Diagnostic, ...]:
    """A problem for each example that its entry wrongly matches or does not match."""
    return tuple(diagnostic for entry in lexicon.entries for diagnostic in _wrong(entry, lexicon))


def example_proposals(lexicon: Lexicon, entry: Entry, example: Example) -> tuple[Proposal, ...]:
    """The proposals of an entry for an example said by a customer; in each currency of the lexicon, if it needs amounts."""
    message = Message("example", "customer", example.text, _SAID_AT)
    currencies = lexicon.currencies if "amount" in entry.needs else (None,)
    return tuple(
        proposal
        for currency in currencies
        for proposal in of_entry(entry, Text.of(message, lexicon, currency))
    )


def _wrong(entry: Entry, lexicon: Lexicon) -> Iterator[Diagnostic]:
    for example in entry.matches:
        if not example_proposals(lexicon, entry, example):
            yield Diagnostic(
                "does-not-match", f"{entry.id}: the entry does not match its own example", example.position
            )
    for example in entry.must_not:
        if found := example_proposals(lexicon, entry, example):
            quote = found[0].quote
            yield Diagnostic(
                "still-matches",
                f"{entry.id}: the entry matches {quote!r}, which it must not",
                example.position,
            )
