"""The types of facts, fields and parameters, and how plain data is parsed as values.

Nothing is coerced: `"1"` is not 1, true is not 1, `""` is not 0. An invalid value raises `ValueProblem`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Context as DecimalContext
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Literal

import attrs

from escalation_rules.calendar.lengths import read_fixed
from escalation_rules.errors import listing
from escalation_rules.suggestions import nearest
from escalation_rules.values.money import MAX_DIGITS, Money, is_currency_or_none
from escalation_rules.values.shown import plain_number, plain_text, show

MAX_TEXT = 100_000
MAX_MARKS = 30
"""The maximum number of combining marks on a letter (Unicode's stream-safe form). Normalisation sorts them in
quadratic time."""
MAX_ID = 200
MAX_COUNT = 10**15
MAX_AMOUNT = Decimal(10) ** 15
MAX_FRACTION = 9
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_FRACTION = re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}")
EXACT = DecimalContext(prec=100)
"""The decimal context for sums, so that the host's precision does not change decisions."""

Kind = Literal[
    "flag",
    "count",
    "amount",
    "choice",
    "level",
    "text",
    "instant",
    "duration",
    "party",
    "reference",
    "references",
]


Addable = Decimal | timedelta | int
"""Values that can be added."""


class ValueProblem(ValueError):
    """An invalid value: what is wrong, what was expected, and candidates for the name that was `said`."""

    def __init__(self, message: str, expected: str, said: str = "", names: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self._said = said
        self._names = names

    @property
    def suggestion(self) -> str | None:
        """The nearest of the names, computed on demand."""
        return nearest(self._said, self._names)


@attrs.frozen
class Party:
    """A party: `name` is a role or the id of a record in `parties`; `role` is None if unknown."""

    name: str
    role: str | None

    @property
    def known_as(self) -> str:
        """The role or, if it is unknown, the name."""
        return self.role or self.name

    @property
    def person(self) -> str | None:
        """The id of the party; None if only a role is named."""
        return self.name if self.name != self.role else None

    def is_one_of(self, roles: Collection[str]) -> bool | None:
        """Whether the role is one of these (empty: any); None if it is unknown."""
        if not roles:
            return True
        return None if self.role is None else self.role in roles

    def is_same_as(self, other: Party) -> bool | None:
        """Whether the other is the same person; None if unknown. A role that stands for a person means whoever has it."""
        if self.name == other.name:
            return True
        if self.name != self.role and other.name != other.role:
            return False  # two persons with different ids
        return None if self.role is None or other.role is None else self.role == other.role


Value = bool | int | Decimal | str | datetime | timedelta | Party | frozenset[str]


@attrs.frozen
class ValueType:
    """Base class of types. `kind` is the keyword in YAML; `ordered`: values can be compared by order.

    `zero` is the start of sums; None if values cannot be added. `finite`: the declaration lists all values.
    `quoted`: sentences put values in quotes.
    """

    kind: ClassVar[Kind]
    ordered: ClassVar[bool] = False
    zero: ClassVar[Addable | None] = None
    finite: ClassVar[bool] = False
    quoted: ClassVar[bool] = False

    @property
    def adds_up(self) -> bool:
        """Whether values can be added."""
        return self.zero is not None

    @property
    def expected(self) -> str:
        """The form of values, for messages."""
        raise NotImplementedError

    def parse(self, raw: object) -> Value:
        """Parse plain data as a value. Raises `ValueProblem` if it is invalid."""
        raise NotImplementedError

    def from_word(self, word: str) -> object:
        """Plain data for a value given as one word, e.g. on the command line; not validated yet."""
        return word

    def refuse(self, raw: object, names: Sequence[str] = ()) -> ValueProblem:
        """The error for invalid data; if it is a text, one of the names may be suggested."""
        said = raw if isinstance(raw, str) else ""
        return ValueProblem(f"{show(raw)} is not {self.article} {self.kind}", self.expected, said, names)

    @property
    def article(self) -> str:
        """The article (`a` or `an`) of the kind."""
        return "an" if self.kind[0] in "aeiou" else "a"


@attrs.frozen
class Flag(ValueType):
    """True or false."""

    kind = "flag"
    finite = True

    @property
    def expected(self) -> str:
        return "true or false"

    def parse(self, raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        raise self.refuse(raw)

    def from_word(self, word: str) -> object:
        return {"true": True, "false": False}.get(word, word)


@attrs.frozen
class Count(ValueType):
    """An integer from 0."""

    kind = "count"
    ordered = True
    zero = 0

    @property
    def expected(self) -> str:
        return "a whole number from 0"

    def parse(self, raw: object) -> int:
        if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= MAX_COUNT:
            return int(raw)
        raise self.refuse(raw)

    def from_word(self, word: str) -> object:
        return _number_from(word)


@attrs.frozen
class Amount(ValueType):
    """Money in the case's currency, as a Decimal from 0. Finite floats are converted by their repr."""

    kind = "amount"
    ordered = True
    zero = Decimal(0)

    @property
    def expected(self) -> str:
        return f"a number from 0, with at most {MAX_FRACTION} decimals"

    def parse(self, raw: object) -> Decimal:
        number: Decimal | None = None
        if isinstance(raw, Decimal):
            number = raw
        elif isinstance(raw, float) and math.isfinite(raw):
            number = Decimal(repr(raw))
        elif isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) <= MAX_COUNT:
            number = Decimal(raw)
        if number is None or not number.is_finite() or not 0 <= number <= MAX_AMOUNT:
            raise self.refuse(raw)
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -MAX_FRACTION:
            raise self.refuse(raw)
        return Decimal(plain_number(number))

    def from_word(self, word: str) -> object:
        return _number_from(word)


def _number_from(word: str) -> object:
    if _WHOLE.fullmatch(word):
        return int(word)
    return Decimal(word) if _FRACTION.fullmatch(word) else word


@attrs.frozen
class Enumerated(ValueType):
    """Base class of types whose values are declared names."""

    finite = True
    quoted = True
    names: tuple[str, ...]

    @property
    def expected(self) -> str:
        return listing(self.names)

    def parse(self, raw: object) -> str:
        if isinstance(raw, str) and raw in self.names:
            return plain_text(raw)
        raise self.refuse(raw, self.names)


@attrs.frozen
class Choice(Enumerated):
    """One of the declared names, without an order."""

    kind = "choice"


@attrs.frozen
class Level(Enumerated):
    """One of the declared names, in order from the lowest."""

    kind = "level"
    ordered = True

    def rank(self, name: str) -> int:
        """The index of `name` in the order, from 0."""
        return self.names.index(name)


@attrs.frozen
class TextType(ValueType):
    """Text, normalised to Unicode NFC; width and script are kept."""

    kind = "text"
    quoted = True

    @property
    def expected(self) -> str:
        return f"text of at most {MAX_TEXT:,} characters"

    def parse(self, raw: object) -> str:
        if type(raw) in {bool, int, float, Decimal}:
            raise ValueProblem(f"{show(raw)} is not a text", f'quotes around it: "{show(raw)}"')
        if not isinstance(raw, str) or len(raw) > MAX_TEXT:
            raise self.refuse(raw)
        text = plain_text(raw)
        if text.isascii():
            return text
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise self.refuse(raw) from None
        if _too_many_marks(text):
            raise ValueProblem(f"{show(text)} puts too many marks on one letter", f"at most {MAX_MARKS}")
        return unicodedata.normalize("NFC", text)


def _too_many_marks(text: str) -> bool:
    """Whether there are more consecutive combining marks than any script needs."""
    run = 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        if run > MAX_MARKS:
            return True
    return False


@attrs.frozen
class Instant(ValueType):
    """An instant: an ISO 8601 string with an offset, or an aware datetime. Stored in UTC, to the microsecond."""

    kind = "instant"
    ordered = True

    @property
    def expected(self) -> str:
        return "a date and time with its offset, such as 2026-03-01T10:00:00+08:00"

    def parse(self, raw: object) -> datetime:
        moment = raw
        if isinstance(raw, str) and len(raw) <= 40:
            try:
                moment = datetime.fromisoformat(raw)
            except ValueError:
                raise self.refuse(raw) from None
            if "T" not in raw.upper():
                raise ValueProblem(f"{show(raw)} is not an instant", _with_t(raw, moment) or self.expected)
        if not isinstance(moment, datetime):
            raise self.refuse(raw)
        try:
            if moment.tzinfo is None or moment.utcoffset() is None:
                raise ValueProblem(f"{show(raw)} has no offset from UTC", self.expected)
            return moment.astimezone(UTC)
        except ValueProblem:
            raise
        except (
            OverflowError,
            ValueError,
            TypeError,
            LookupError,
            RuntimeError,
        ):  # its zone is the host's own code
            raise self.refuse(raw) from None


def _with_t(raw: str, moment: datetime) -> str | None:
    """The corrected text for an instant with a space instead of `T`, as written by `str(datetime)` and Django."""
    date, _, time = raw.partition(" ")
    return f"`{date}T{time}`, with `T` instead of the space" if time and moment.tzinfo is not None else None


@attrs.frozen
class DurationType(ValueType):
    """A fixed duration: `30 minutes`, `2 days`, `PT17H` or a timedelta, from 0."""

    kind = "duration"
    ordered = True
    zero = timedelta()

    @property
    def expected(self) -> str:
        return "a length of time such as 30 minutes, 2 days or PT17H"

    def parse(self, raw: object) -> timedelta:
        if isinstance(raw, timedelta) and timedelta() <= raw <= timedelta(days=10**6):
            return raw
        length = read_fixed(raw) if isinstance(raw, str) else None
        if length is not None:
            return length
        raise self.refuse(raw)


@attrs.frozen
class PartyType(ValueType):
    """A role, or the id of a record in `parties`; the case fills in the role of a parsed value."""

    kind = "party"
    quoted = True
    roles: tuple[str, ...] = attrs.field(eq=False)
    """The declared roles. Another role elsewhere in the vocabulary makes no other type."""

    @property
    def expected(self) -> str:
        return f"a role ({listing(self.roles)}) or the id of a record in parties"

    def parse(self, raw: object) -> Party:
        if isinstance(raw, str) and 0 < len(raw) <= MAX_ID:
            name = plain_text(raw)
            return Party(name, name if name in self.roles else None)
        raise self.refuse(raw)


@attrs.frozen
class Reference(ValueType):
    """The id of a record in the list `to`."""

    kind = "reference"
    quoted = True
    to: str

    @property
    def expected(self) -> str:
        return f"the id of a record in {self.to}"

    def parse(self, raw: object) -> str:
        if isinstance(raw, str) and 0 < len(raw) <= MAX_ID:
            return plain_text(raw)
        raise self.refuse(raw)


@attrs.frozen
class References(ValueType):
    """A set of ids of records in the list `to` (parameters only)."""

    kind = "references"
    to: str

    @property
    def expected(self) -> str:
        return f"a list of ids of records in {self.to}"

    def parse(self, raw: object) -> frozenset[str]:
        one = Reference(self.to)
        if isinstance(raw, Collection) and not isinstance(raw, (str, bytes, dict)):
            return frozenset(one.parse(word) for word in raw)
        raise self.refuse(raw)

    def from_word(self, word: str) -> object:
        return [name.strip() for name in word.split(",") if name.strip()]


VALUE_TYPES: tuple[type[ValueType], ...] = (
    Flag, Count, Amount, TextType, Instant, DurationType, Choice, Level, PartyType, Reference, References
)  # fmt: skip
"""All types that values are parsed as. What else a new type needs: CONTRIBUTING.md, "What to change to add something"."""
ORDERED: frozenset[Kind] = frozenset(value_type.kind for value_type in VALUE_TYPES if value_type.ordered)
ZEROS: dict[str, Addable] = {
    value_type.kind: value_type.zero for value_type in VALUE_TYPES if value_type.zero is not None
}


def records_named(of: ValueType, value: Value | None) -> tuple[str, tuple[str, ...]] | None:
    """The list and the ids that a value refers to, in order; None if it is not a reference, or unknown."""
    if not isinstance(of, (Reference, References)):
        return None
    if isinstance(value, frozenset):
        return of.to, tuple(sorted(value))
    return (of.to, (value,)) if isinstance(value, str) else None


def parsed(raw: object, of: ValueType, currency: str | None) -> Value:
    """Parse a value of the type `of`. An amount may also be `Money`, or the plain data of a step."""
    if isinstance(of, Amount) and isinstance(raw, Mapping) and set(raw) == {"amount", "currency"}:
        raw = _money(raw, of)
    if isinstance(of, Amount) and isinstance(raw, Money):
        if raw.currency != (currency or ""):
            raise ValueProblem(
                f"the amount is in {raw.currency or 'no currency'}", f"the case's currency, {currency}"
            )
        raw = raw.amount
    return of.parse(raw)


def _money(raw: Mapping[str, object], of: Amount) -> Money:
    """Money from plain data, where `to_dict` writes the amount as text."""
    amount, currency = raw["amount"], raw["currency"]
    if isinstance(amount, str):
        try:
            number = Decimal(amount) if len(amount) <= MAX_DIGITS else Decimal("nan")
        except InvalidOperation:
            raise of.refuse(amount) from None
        if not number.is_finite():
            raise of.refuse(amount)
        amount = number
    if not is_currency_or_none(currency):
        raise ValueProblem(f"{show(currency)} is not a currency code", "three capital letters, such as TWD")
    return Money(of.parse(amount), str(currency))
