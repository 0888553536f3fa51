"""The entries of a lexicon: words, and what each proposes."""

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
"""The slots that a proposed value may be filled from."""

NEEDED_BY: Mapping[str, Need] = {AMOUNT: "amount", DAY: "day", NUMBER: "number"}
"""What an entry must need for the slot to be filled."""

_ONLY_ASKED = frozenset({"temperature", "good_faith", "upset_since", "sarcasm", "satisfied", "abusive"})


OF_THE_RECORD = frozenset({"id", "recorded_at"})
"""Administrative fields of every record, which are never proposed."""


def is_only_asked(path: str) -> bool:
    """Whether a fact or field, such as somebody's feelings or intentions, is only asked for and never proposed."""
    return path.rpartition(".")[2] in _ONLY_ASKED


Plain = bool | int | str


@attrs.frozen
class Near:
    """Words of which one must be near: within a number of words, on one side, in the same sentence or, with
    `clause`, without a comma in between."""

    words: tuple[str, ...]
    within: int = 8
    side: Side = "any"
    clause: bool = False


@attrs.frozen
class Example:
    """A text that an entry must or must not match, with its position."""

    text: str
    position: Position


@attrs.frozen
class Entry:
    """An entry: proposes `value` for `path` where its words occur as `near` and `not_…` require.

    `path` is a fact or, if `is_record`, a record list; then `value` maps its fields. `needs` is a value that
    must be found by its form in the same sentence, within `needs_within` words. What speaks against a match
    is kept with the proposal, unless it is in `drop_if`: then nothing is proposed. With `each`, all matches
    in a message are proposed, else the first. Entries with `first` are proposed before all others. Phrases
    are folded.
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
        return tuple(value for value in values if isinstance(value, str) and value in SLOTS)


@attrs.frozen
class Objection:
    """Words that speak against a match near them: a negation, a quoted agent, a supposition."""

    id: str
    near: Near
    position: Position = attrs.field(default=Position("", 0, 0), eq=False, repr=False)
