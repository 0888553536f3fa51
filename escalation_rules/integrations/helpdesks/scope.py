"""The state of reading a payload that all parts of the reader share: profile, payload and remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

import attrs

from escalation_rules.integrations.helpdesks.bodies import clean
from escalation_rules.integrations.helpdesks.normal import Remark
from escalation_rules.integrations.helpdesks.paths import Item, Path, each_item, word
from escalation_rules.integrations.helpdesks.spec import Place, Source, Spec
from escalation_rules.integrations.helpdesks.times import NoTime, read_time
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.values import (
    Amount,
    Count,
    Flag,
    TextType,
    ValueType,
    parsed,
    plain_amount,
    show,
    to_plain,
)  # fmt: skip

MAX_REMARKS = 500
_LONGEST_ID = 120
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")


@attrs.frozen
class Scope:
    """The reading of one payload. Remarks are kept in order, without duplicates."""

    spec: Spec
    vocabulary: Vocabulary
    root: Any
    ticket: Item
    unmapped: dict[Remark, None] = attrs.Factory(dict)
    guessed: dict[Remark, None] = attrs.Factory(dict)

    def items(self, place: Place) -> Iterator[Item]:
        """The items at a place in the ticket or, if there are none, elsewhere in the payload."""
        if not place.each:
            yield self.ticket
            return
        holders = (self.ticket, Item(self.root, self.root))
        for holder in holders:
            for path in place.each:
                found = each_item(holder, path)
                first = next(found, None)
                if first is not None:
                    for entry in chain((first,), found):
                        inner = each_item(entry, place.inner) if place.inner else (entry,)
                        yield from chain.from_iterable(_with_nested(part, place.nested) for part in inner)
                    return
        if not any(True for path in place.each for holder in holders for _ in path.values(holder)):
            self.no(place.each[0].text, "the payload has nothing there")  # an empty list counts as present

    def keyed(self, place: Place, item: Item) -> None:
        """Add a remark if an item yields nothing because it is a mapping of entries by id."""
        inner = item.data.values() if place.each and isinstance(item.data, Mapping) else ()
        if inner and all(isinstance(part, (Mapping, list)) for part in inner):
            last = place.nested or place.inner or place.each[0]
            self.no(last.text, f"this is keyed by id; write `{last.text}.*`, and `key()` for the id")

    def no(self, path: str, message: str, value: object = None) -> None:
        """Add a remark that something is not in the case."""
        _keep(self.unmapped, Remark(path, message, "" if value is None else show(value)))

    def guess(self, path: str, message: str, value: object = None) -> None:
        """Add a remark that something had to be assumed."""
        _keep(self.guessed, Remark(path, message, "" if value is None else show(value)))

    def customer_side(self, role: str | None) -> bool | None:
        """Whether a role is external (a customer); None if the role is unknown."""
        return None if role is None else role in self.vocabulary.outside

    def chosen(self, source: Source, item: Item, what: str) -> str | None:
        """The policy's word for the value of a source. A word missing from its table gets a remark."""
        value, strange = source.value(item)
        if strange is not None:
            self.no(source.place, f"{what}: the profile does not map this value", strange)
        elif value is not None and source.guess:
            self.guess(
                source.place or what, f"{what} follows from the place, the system does not say it", value
            )
        return word(value)

    def id(self, source: Source, item: Item) -> str | None:
        """An id of the system as text, or None."""
        value, _ = source.value(item)
        text = id_text(value)
        if text is None and value is not None:
            self.no(source.place, "this cannot be an id", value)
        return text

    def prefixed(self, space: str, key: str) -> str:
        """An id with the system's prefix: `zendesk:user:7`."""
        return f"{self.spec.name}:{space}:{key}"

    def time(self, source: Source, item: Item, what: str) -> datetime | None:
        """The instant at a source. An invalid one gets a remark."""
        raw = source.raw(item)
        try:
            moment = read_time(raw, self.spec.zone, self.spec.unset, self.spec.dates)
        except NoTime as problem:
            self.no(source.place, f"{what}: {problem}", raw)
            return None
        if moment is not None and moment.guess:
            self.guess(source.place, f"{what}: {moment.guess}", raw)
        return moment.at if moment else None

    def text(self, source: Source, item: Item, most: int = 1000) -> str:
        """A short text at a source, on one line."""
        value, _ = source.value(item)
        return " ".join(clean(word(value) or "").split())[:most]

    def words(self, source: Source, item: Item) -> tuple[str, ...]:
        """All texts at the first path that has any (one text, a list, or several in one text), or the fixed value."""
        for path in source.paths:
            found = [
                part
                for value in path.values(item)
                for part in (value if isinstance(value, list) else (value,))
            ]
            texts = [
                part
                for remark in found[:MAX_REMARKS]
                if (text := word(remark))
                for part in source.parts(text)
            ]
            if source.table is not None:
                texts = [source.table[text] for text in texts if text in source.table]
            if texts:
                return tuple(dict.fromkeys(clean(text)[:200] for text in texts))
        return (source.otherwise,) if source.otherwise is not None else ()


def id_text(value: object) -> str | None:
    """An id as text, if it is short and printable."""
    text = word(value)
    return text if text and len(text) <= _LONGEST_ID and text.isprintable() else None


def plain_value(of: ValueType, raw: Any, currency: str | None) -> Any:
    """A payload's value as a case needs it; some systems write flags and numbers as texts. Raises `ValueProblem`."""
    text = word(raw)
    if isinstance(of, Flag) and text in {"true", "false"}:
        raw = text == "true"
    elif isinstance(of, Count) and text is not None and text.isdecimal() and len(text) < 16:
        raw = int(text)
    elif isinstance(of, Amount) and text is not None and _NUMBER.fullmatch(text):
        raw = Decimal(text)
    elif isinstance(of, TextType) and text is not None:
        raw = clean(text)
    value = parsed(raw, of, currency)
    return plain_amount(value) if isinstance(value, Decimal) else to_plain(value)


def _with_nested(item: Item, path: Path | None) -> Iterator[Item]:
    """An item, and those nested in it at any depth. Iterative, since payloads may be nested to any depth."""
    waiting = [item]
    while waiting:
        first = waiting.pop()
        yield first
        waiting += each_item(first, path) if path else ()


def _keep(remarks: dict[Remark, None], remark: Remark) -> None:
    if len(remarks) < MAX_REMARKS:
        remarks.setdefault(remark)
