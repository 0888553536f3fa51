"""Finds where an entry matches a text, and what speaks against each match."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.integrations.signals.finding import Found, amounts, counts, days, questions
from escalation_rules.integrations.signals.folding import Folded, Span, fold
from escalation_rules.integrations.signals.hiding import hidden
from escalation_rules.integrations.signals.lexicon import Hits, Lexicon
from escalation_rules.integrations.signals.messages import Message
from escalation_rules.integrations.signals.model import Entry, Near, Need, Side

_TOUCHING = 3
"""The maximum distance in words from a match to words of `not_after` and `not_before`."""
_AROUND = 12
"""The maximum distance in words from a match to words of `not_with`. Without full stops, a "sentence" may
have hundreds of words, and a distant word is irrelevant to a match."""
_MOST_TRIED = 200
"""The maximum number of places tried for one entry in one message. More repetitions add no information."""


@attrs.frozen
class Against:
    """What speaks against a proposal: its kind (such as `negation`) and the words as in the message."""

    kind: str
    quote: str
    start: int
    end: int


@attrs.frozen
class Match:
    """A match of an entry: the folded `span` of all its parts, the value found by form, and what speaks against it."""

    span: Span
    found: Mapping[Need, Any]
    against: tuple[Against, ...] = ()


@attrs.frozen(eq=False)
class Text:
    """A folded message with the spans of all phrases and, computed on first use, of amounts, days and so on."""

    message: Message
    lexicon: Lexicon
    folded: Folded
    hits: Hits
    currency: str | None
    _spans: dict[tuple[str, ...], tuple[Span, ...]] = attrs.Factory(dict)
    _found: dict[tuple[Need, bool], tuple[Found[Any], ...]] = attrs.Factory(dict)

    @classmethod
    def of(cls, message: Message, lexicon: Lexicon, currency: str | None) -> Text:
        """The text of a message, without parts that are not its author's own."""
        folded = fold(message.text, hidden(message.text))
        return cls(message, lexicon, folded, lexicon.hits(folded), currency)

    def spans(self, words: tuple[str, ...]) -> tuple[Span, ...]:
        """The spans of any of these phrases, in order."""
        if words not in self._spans:
            found = {span for word in words for span in self.hits.get(word, ())}
            self._spans[words] = tuple(sorted(found, key=lambda span: (span.start, -span.end)))
        return self._spans[words]

    def found(self, need: Need, relative: bool) -> tuple[Found[Any], ...]:
        """The values found by their form, in order."""
        key = (need, relative)
        if key not in self._found:
            self._found[key] = tuple(self._find(need, self.message.at, relative))
        return self._found[key]

    def _find(self, need: Need, at: datetime | None, relative: bool) -> Iterable[Found[Any]]:
        if need == "amount":
            return amounts(self.folded, self.lexicon.currencies, self.currency) if self.currency else ()
        if need == "number":
            return counts(self.folded)
        return questions(self.folded) if need == "question" else days(self.folded, at, relative)


def matches(entry: Entry, text: Text) -> Iterator[Match]:
    """Each match of the entry, except those that something in `drop_if` speaks against."""
    triggers = (
        text.spans(entry.words) if entry.words else _spans_of(text.found(entry.needs[0], entry.relative_days))
    )
    end = 0
    for trigger in triggers[:_MOST_TRIED]:
        if trigger.start < end:
            continue
        match = _match(entry, text, trigger)
        if match is None:
            continue
        objections = tuple(against(text, match.span))
        if any(objection.kind in entry.drop_if for objection in objections):
            continue
        end = trigger.end
        yield attrs.evolve(match, against=objections)


def _spans_of(found: Iterable[Found[Any]]) -> tuple[Span, ...]:
    return tuple(match.span for match in found)


def _match(entry: Entry, text: Text, trigger: Span) -> Match | None:
    sentence = text.folded.sentence(trigger.start)
    if _surrounded(text, entry.not_with, trigger, sentence):
        return None
    if _touches(text, entry.not_after, trigger, sentence, "before") or _touches(
        text, entry.not_before, trigger, sentence, "after"
    ):
        return None
    start, end = trigger.start, trigger.end
    for near in entry.near:
        other = _nearest(text, text.spans(near.words), trigger, sentence, near)
        if other is None:
            return None
        start, end = min(start, other.start), max(end, other.end)
    values: dict[Need, Any] = {}
    for need in entry.needs:
        found = text.found(need, entry.relative_days)
        here = _closest(found, trigger, sentence)
        if here is None or _distance(text, trigger, here.span) > entry.needs_within:
            return None
        values[need] = here.value
        start, end = min(start, here.span.start), max(end, here.span.end)
    return Match(Span(start, end), values)


def _surrounded(text: Text, words: tuple[str, ...], trigger: Span, sentence: Span) -> bool:
    """Whether one of the words is near the trigger or contains it: *像要爆炸* guards *爆炸*."""
    spans = text.spans(words)
    place = bisect_left(spans, trigger.start, key=lambda span: span.start)
    return any(
        sentence.start <= other.start < sentence.end and _distance(text, trigger, other) <= _AROUND
        for other in spans[max(0, place - _LOOKED_AT) : place + 1]
    )


def _touches(text: Text, words: tuple[str, ...], trigger: Span, sentence: Span, side: Side) -> bool:
    near = Near(words, _TOUCHING, side)
    return bool(words) and _nearest(text, text.spans(words), trigger, sentence, near) is not None


def _nearest(text: Text, spans: tuple[Span, ...], trigger: Span, sentence: Span, near: Near) -> Span | None:
    """The nearest of these spans in the sentence, on the side and within the distance given by `near`."""
    place = bisect_left(spans, trigger.start, key=lambda span: span.start)
    best: tuple[int, Span] | None = None
    if near.side != "after":
        for other in reversed(spans[max(0, place - _LOOKED_AT) : place]):
            if other.start < sentence.start:
                break
            if other.end <= trigger.start:
                best = (text.folded.between(other.end, trigger.start), other)
                break
    if near.side != "before":
        for other in spans[place : place + _LOOKED_AT]:
            if other.start >= sentence.end:
                break
            if other.start >= trigger.end:
                distance = text.folded.between(trigger.end, other.start)
                best = min(best, (distance, other), key=lambda pair: pair[0]) if best else (distance, other)
                break
    if best is None or best[0] > near.within or (near.clause and _comma(text, best[1], trigger)):
        return None
    return best[1]


def _comma(text: Text, one: Span, other: Span) -> bool:
    return "," in text.folded.text[min(one.end, other.end) : max(one.start, other.start)]


_LOOKED_AT = 20
"""The maximum number of overlapping spans that are skipped; more occur only in hostile input."""


def _closest(found: tuple[Found[Any], ...], trigger: Span, sentence: Span) -> Found[Any] | None:
    """The value found in the sentence nearest to the trigger."""
    place = bisect_left(found, trigger.start, key=lambda match: match.span.start)
    near = [match for match in found[max(0, place - 1) : place + 2]
            if sentence.start <= match.span.start and match.span.end <= sentence.end]  # fmt: skip
    return min(near, key=lambda match: abs(match.span.start - trigger.start), default=None)


def _distance(text: Text, one: Span, other: Span) -> int:
    """The number of words between two spans."""
    return text.folded.between(min(one.end, other.end), max(one.start, other.start))


def against(text: Text, span: Span) -> Iterator[Against]:
    """What speaks against a span of the folded text, in its sentence."""
    sentence = text.folded.sentence(span.start)
    for objection in text.lexicon.objections:
        words = text.spans(objection.near.words)
        found = _nearest(text, words, span, sentence, objection.near)
        if found is not None:
            place = text.folded.original(found)
            yield Against(objection.id, text.message.text[place.start : place.end], place.start, place.end)
