"""Plain data from a CRM → typed entries of a case; every problem is reported with its place, none stops the reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from escalation_rules.conditions import Act, is_currency
from escalation_rules.errors import Position, Problems, listing, nearest
from escalation_rules.intake.reader import Reader, key_text
from escalation_rules.values import (
    Instant,
    Party,
    Value,
    ValueType,
    plain_text,
    records_named,
    show,
)
from escalation_rules.vocabulary import Action, Fact, RecordList, Vocabulary

_ENTRY_KEYS = ("facts", "acts", "learned_at")
_ACT_KEYS = ("action", "by", "at", "outcome", "about", "params")
_INSTANT = Instant()
_UNKNOWN = datetime.max.replace(tzinfo=UTC)


@attrs.frozen
class Row:
    """What an entry says of one record: fields learned (None: withdrawn), or that the record itself is withdrawn."""

    id: str
    fields: Mapping[str, Value | None]
    retract: bool = False


@attrs.frozen
class Entry:
    """What was learned and done at one instant (`at` None: a plain case, of which only `learned_at` is known)."""

    id: str | None = None
    at: datetime | None = None
    facts: Mapping[str, Value | None] = attrs.Factory(dict)
    records: Mapping[str, tuple[Row, ...] | None] = attrs.Factory(dict)
    acts: tuple[Act, ...] = ()
    learned_at: Mapping[str, datetime] = attrs.Factory(dict)

    def learned(self, name: str) -> datetime | None:
        """When the fact or field `name` was learned, if that is known."""
        return self.learned_at.get(name, self.at)


class Intake(Reader):
    """Reads one case: a `Reader` that knows what a case consists of."""

    def __init__(self, vocabulary: Vocabulary, problems: Problems, positions: Mapping[str, Position]) -> None:
        super().__init__(vocabulary, problems, positions)
        self.references: list[tuple[str, str, str | None]] = []
        self.record_ids: dict[str, set[str]] = {}

    def read(self, data: object) -> tuple[str | None, str | None, tuple[Entry, ...]] | None:
        """The case's id, its currency and its entries in order of time."""
        if not isinstance(data, Mapping):
            self.error(
                "wrong-form",
                "",
                f"the case is {show(data)}",
                "a mapping with `facts:`, record lists and `acts:`",
            )
            return None
        history = "history" in data
        known = (
            ("id", "currency", "history")
            if history
            else ("id", "currency", *_ENTRY_KEYS, *self.vocabulary.records)
        )
        self.top_keys(data, known, "", "case")
        case_id = self.identifier(data.get("id"), "id") if data.get("id") is not None else None
        currency = data.get("currency")
        if currency is not None and not is_currency(currency):
            self.error(
                "bad-currency",
                "currency",
                f"{show(currency)} is not a currency code",
                "three capital letters, as TWD",
            )
        self.currency = currency if is_currency(currency) else None
        entries = self.history(data["history"]) if history else (self.entry(data, "", None),)
        self.check_names()
        return case_id, plain_text(currency) if isinstance(currency, str) else None, entries

    def history(self, data: object) -> tuple[Entry, ...]:
        """The entries of a history; they must be in order of time."""
        found: list[Entry] = []
        ids: dict[str, int] = {}
        for index, item in enumerate(self.items(data, "history")):
            path = f"history[{index}]"
            if not isinstance(item, Mapping):
                self.error("wrong-form", path, f"the entry is {show(item)}", "a mapping with `at:`")
                continue
            self.top_keys(item, ("id", "at", *_ENTRY_KEYS, *self.vocabulary.records), path, "entry")
            if item.get("at") is None:
                self.error("missing-key", f"{path}.at", "the entry has no `at:`", _INSTANT.expected)
            at = self.value(item.get("at"), _INSTANT, f"{path}.at")
            if not isinstance(at, datetime):
                self.entry(item, path, _UNKNOWN)  # for its problems, and for the records that others name
                continue
            if found and found[-1].at is not None and at < found[-1].at:
                self.error(
                    "out-of-order",
                    f"{path}.at",
                    "the entry is earlier than the one before it",
                    "entries in order of time",
                )
            entry = self.entry(item, path, at)
            if entry.id is not None and entry.id in ids:
                self.error(
                    "duplicate",
                    f"{path}.id",
                    f"the entry id {entry.id!r} is used already in entry {ids[entry.id]}",
                )
            ids.setdefault(entry.id or "", index)
            found.append(entry)
        return tuple(found)

    def entry(self, data: Mapping[str, Any], path: str, at: datetime | None) -> Entry:
        """What one entry, or a plain case, says."""
        prefix = f"{path}." if path else ""
        lists = [name for name in self.vocabulary.records if name in data]
        learned = self.mapping(data.get("learned_at"), f"{prefix}learned_at")
        moments = {
            key_text(name): self.value(value, _INSTANT, f"{prefix}learned_at.{key_text(name)}")
            for name, value in learned.items()
        }
        for name in moments:
            if self.vocabulary.declaration(name) is None:
                self.unknown(
                    "unknown-fact", f"{prefix}learned_at.{name}", "fact", name, self.vocabulary.facts
                )
        entry_id = (
            self.identifier(data.get("id"), f"{prefix}id") if path and data.get("id") is not None else None
        )
        return Entry(
            entry_id,
            at,
            dict(self.facts(data.get("facts"), f"{prefix}facts")),
            {name: self.rows(data[name], self.vocabulary.records[name], f"{prefix}{name}") for name in lists},
            tuple(self.acts(data.get("acts"), f"{prefix}acts", at)),
            {name: moment for name, moment in moments.items() if isinstance(moment, datetime)},
        )

    def top_keys(self, data: Mapping[Any, Any], known: Iterable[str], path: str, what: str) -> None:
        """Report every key that is not known; of a fact that stands beside `facts:`, say where it belongs."""
        facts = [name for name in data if name in self.vocabulary.facts]
        for name in facts:
            place = f"{path}.{name}" if path else name
            message = f"{name} is a fact, and stands beside `facts:`"
            self.error("unknown-key", place, message, "it below `facts:`")
        self.only_keys([key for key in data if key not in facts], known, path, what)

    # --- facts and records --------------------------------------------------------------------------------------------

    def facts(self, data: object, path: str) -> Iterator[tuple[str, Value | None]]:
        """Each fact with its value, from nested or dotted names; None withdraws it."""
        seen: set[str] = set()
        for name, value, place in self._flat(self.mapping(data, path), path):
            fact = self.vocabulary.facts.get(name)
            if fact is None:
                self.unknown("unknown-fact", place, "fact", name, self.vocabulary.facts)
            elif name in seen:
                self.error("duplicate", place, f"{name} is given twice")
            elif not self._is_conclusion(fact, name, place):
                seen.add(name)
                yield name, self.value(value, fact.type, place)

    def _flat(self, data: Mapping[Any, Any], path: str) -> Iterator[tuple[str, object, str]]:
        for key, value in data.items():
            name = key_text(key)
            if "." not in name and isinstance(value, Mapping):
                for inner, one in value.items():
                    yield f"{name}.{key_text(inner)}", one, f"{path}.{name}.{key_text(inner)}"
            else:
                yield name, value, f"{path}.{name}"

    def _is_conclusion(self, fact: Fact, name: str, path: str) -> bool:
        if fact.concluded:
            self.error(
                "concluded",
                path,
                f"{name} is concluded by rules and cannot be given",
                "the facts that it follows from",
            )
        return fact.concluded

    def rows(self, data: object, listed: RecordList, path: str) -> tuple[Row, ...] | None:
        """The records of one list; None if the list is said to be unknown."""
        if data is None:
            return None
        found: list[Row] = []
        seen: set[str] = set()
        for index, item in enumerate(self.items(data, path)):
            place = f"{path}[{index}]"
            if not isinstance(item, Mapping):
                self.error("wrong-form", place, f"the record is {show(item)}", "a mapping with `id:`")
                continue
            row = self.row(item, listed, place)
            if row is not None and row.id in seen:
                self.error("duplicate", f"{place}.id", f"the id {row.id!r} is used twice in {listed.name}")
            elif row is not None:
                seen.add(row.id)
                self._only_in(listed, row.id, f"{place}.id")
                self.record_ids.setdefault(listed.name, set()).add(row.id)
                found.append(row)
        return tuple(found)

    def _only_in(self, listed: RecordList, key: str, path: str) -> None:
        """An act says only the id of what it is about, and so does a step: an id names one record of the whole case."""
        other = next(
            (name for name, ids in self.record_ids.items() if name != listed.name and key in ids), None
        )
        if other is not None:
            self.error(
                "duplicate", path, f"the id {key!r} is used already in {other}", "an id for one record only"
            )

    def row(self, data: Mapping[str, Any], listed: RecordList, path: str) -> Row | None:
        """One record."""
        self.only_keys(data, (*listed.fields, "retract"), path, f"{listed.each}")
        record_id = self.identifier(data.get("id"), f"{path}.id")
        if record_id is None:
            return None
        fields: dict[str, Value | None] = {}
        for name, fact in listed.fields.items():
            if name in data and not self._is_conclusion(fact, f"{listed.name}.{name}", f"{path}.{name}"):
                value = self.value(data[name], fact.type, f"{path}.{name}")
                fields[name] = value
                self._refers(f"{path}.{name}", fact.type, value)
        retract = data.get("retract")
        if retract is not None and not isinstance(retract, bool):
            self.error("wrong-value", f"{path}.retract", f"{show(retract)} is no flag", "true or false")
        return Row(record_id, fields, retract is True)

    def _refers(self, path: str, of: ValueType, value: Value | None) -> None:
        listed, keys = records_named(of, value) or ("", ())
        self.references += [(path, key, listed) for key in keys]

    # --- acts ---------------------------------------------------------------------------------------------------------

    def acts(self, data: object, path: str, at: datetime | None) -> Iterator[Act]:
        """The acts on record."""
        for index, item in enumerate(self.items(data, path)):
            place = f"{path}[{index}]"
            if not isinstance(item, Mapping):
                self.error(
                    "wrong-form",
                    place,
                    f"the act is {show(item)}",
                    "a mapping with `action:`, `by:` and `at:`",
                )
                continue
            self.only_keys(item, _ACT_KEYS, place, "act")
            name = item.get("action")
            action = self.vocabulary.actions.get(name) if isinstance(name, str) else None
            if action is None:
                self.unknown(
                    "unknown-action",
                    f"{place}.action",
                    "action",
                    show(name).strip("'"),
                    self.vocabulary.actions,
                )
            else:
                act = self.act(item, action, place, at)
                if act is not None:
                    yield act

    def act(self, item: Mapping[str, Any], action: Action, path: str, at: datetime | None) -> Act | None:
        """One act on record; `at` is the instant of its entry, if it gives none itself."""
        moment = (
            at
            if item.get("at") is None and at is not None
            else self.value(item.get("at"), _INSTANT, f"{path}.at")
        )
        if moment is None and item.get("at") is None:
            self.error("missing-key", path, "the act has no `at:`", _INSTANT.expected)
        party = self.party(item.get("by"), f"{path}.by")
        outcome = action.outcomes[0] if item.get("outcome") is None else item["outcome"]
        if outcome not in action.outcomes:
            close = nearest(outcome, action.outcomes) if isinstance(outcome, str) else None
            self.error(
                "wrong-value",
                f"{path}.outcome",
                f"{show(outcome)} is no outcome of {action.name}",
                listing(action.outcomes),
                close,
            )
        about = self.identifier(item.get("about"), f"{path}.about") if item.get("about") is not None else None
        if about is not None:
            self.references.append((f"{path}.about", about, action.about if action.about != "case" else None))
        params = self.params(self.mapping(item.get("params"), f"{path}.params"), action, f"{path}.params")
        if not isinstance(moment, datetime) or party is None:
            return None
        return Act(
            action.name, party, moment, plain_text(outcome) if isinstance(outcome, str) else "", about, params
        )

    def params(self, data: Mapping[str, Any], action: Action, path: str) -> dict[str, Value]:
        """The parameters of an act, by the declarations of its action."""
        self.only_keys(data, action.params, path, f"{action.name}")
        read = {
            name: self.value(value, action.params[name].type, f"{path}.{name}")
            for name, value in data.items()
            if name in action.params
        }
        for name, value in read.items():
            self._refers(f"{path}.{name}", action.params[name].type, value)
        return {name: value for name, value in read.items() if value is not None}

    def party(self, data: object, path: str) -> Party | None:
        """A role, or the id of a record in `parties`."""
        if data is None:
            self.error(
                "missing-key", path, "it is not said by whom", f"a role ({listing(self.vocabulary.roles)})"
            )
            return None
        name = self.identifier(data, path)
        if name is None:
            return None
        if name in self.vocabulary.roles:
            return Party(name, name)
        self.named_parties.append((path, name))
        return Party(name, None)

    # --- names -------------------------------------------------------------------------------------------------------

    def check_names(self) -> None:
        """Report parties and references that name nothing in the whole case."""
        parties = self.record_ids.get("parties", set())
        for path, name in self.named_parties:
            if name not in parties:
                self.unknown("unknown-party", path, "role or party", name, (*self.vocabulary.roles, *parties))
        for path, key, target in self.references:
            ids = (
                self.record_ids.get(target, set())
                if target
                else {each for ids in self.record_ids.values() for each in ids}
            )
            if key not in ids:
                self.unknown("unknown-record", path, f"record of {target or 'the case'}", key, ids)
