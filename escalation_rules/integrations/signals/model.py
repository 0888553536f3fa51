"""A lexicon: what policy owners wrote about words, and what each of them proposes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from escalation_rules.errors import Position

Side = Literal["any", "before", "after"]
Need = Literal["amount", "day", "number", "question"]
NEEDS: tuple[Need, ...] = ("amount", "day", "number", "question")
SIDES: tuple[Side, ...] = ("any", "before", "after")

QUOTE = "the quote"
SENTENCE = "the sentence"
TIME = "the time of the message"
AMOUNT = "the amount"
DAY = "the day"
NUMBER = "the number"
SLOTS = (QUOTE, SENTENCE, TIME, AMOUNT, DAY, NUMBER)
"""What a proposed value may be taken from."""

NEEDED_BY: Mapping[str, Need] = {AMOUNT: "amount", DAY: "day", NUMBER: "number"}
"""What an entry has to need so that the slot can be filled."""

_ONLY_ASKED = frozenset({"temperature", "good_faith", "upset_since", "sarcasm", "satisfied", "abusive"})


OF_THE_RECORD = frozenset({"id", "recorded_at"})
"""Fields of every record that say nothing of what happened: never proposed."""


def is_only_asked(path: str) -> bool:
    """Whether people are asked for a fact or field and nothing is ever proposed: how somebody feels or means it."""
    return path.rpartition(".")[2] in _ONLY_ASKED


Plain = bool | int | str


@attrs.frozen
class Near:
    """Words of which one has to stand near: within so many words, on one side, in the same sentence or, in `clause`, with no
    comma between."""

    words: tuple[str, ...]
    within: int = 8
    side: Side = "any"
    clause: bool = False


@attrs.frozen
class Example:
    """A text that an entry has to match, or must not, with its place."""

    text: str
    position: Position


@attrs.frozen
class Entry:
    """One entry: where its words stand, as `near` and `not_…` say, it proposes `value` for `path`.

    `path` is a fact or, if `is_record`, a record list; then `value` maps its fields. `needs` is what has to be found by its
    form in the same sentence, `needs_within` so many words. What speaks against a match is kept with the proposal, unless
    it is in `drop_if`: then nothing is proposed. `each` proposes every match of a message, else the first. `first` ones come
    before all others. Phrases are folded.
    """

    id: str
    path: str
    is_record: bool
    value: Plain | Mapping[str, Plain]
    words: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    needs: tuple[Need, ...] = ()
    needs_within: int = 12
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    drop_if: tuple[str, ...] = ()
    relative_days: bool = False
    each: bool = False
    first: bool = False
    matches: tuple[Example, ...] = ()
    must_not: tuple[Example, ...] = ()
    position: Position = attrs.field(default=Position("", 0, 0), eq=False, repr=False)

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that its value uses."""
        values = self.value.values() if isinstance(self.value, Mapping) else (self.value,)
        return tuple(each for each in values if isinstance(each, str) and each in SLOTS)


@attrs.frozen
class Objection:
    """Words that speak against a match when one of them stands near it: a negation, a quoted agent, a supposition."""

    id: str
    near: Near
    position: Position = attrs.field(default=Position("", 0, 0), eq=False, repr=False)
