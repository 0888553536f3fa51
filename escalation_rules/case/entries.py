"""Reads plain data of a CRM as typed entries of a case, and reports all problems with their paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from escalation_rules.case.acts import INSTANT, ActReader
from escalation_rules.case.doers import with_doers
from escalation_rules.case.rows import Entry, Row, circle_in
from escalation_rules.case.values import key_text
from escalation_rules.errors import Position, Problems, listing
from escalation_rules.policy.conditions import Act
from escalation_rules.policy.conditions.human_values import CURRENCIES
from escalation_rules.policy.vocabulary import (
    CASE_KEYS,
    ENTRY_KEYS,
    HISTORY,
    RETRACT,
    STATED_KEYS,
    Fact,
    RecordList,
    Vocabulary,
)
from escalation_rules.values import Value, is_currency, plain_text, show

_UNKNOWN = datetime.max.replace(tzinfo=UTC)

PARTIES = "parties"
_OF_A_DECISION = frozenset({"policy", "plan", "missing"})
"""Keys that every decision has, and no case."""
_DECLARED = (
    "`parties: {each: party, absent: none, fields: {role: {type: party}}}` below `records:` of the vocabulary"
)


class Intake(ActReader):
    """Reads a case.

    `replaced` maps, for each list, records to the records that they replace.
    """

    def __init__(self, vocabulary: Vocabulary, problems: Problems, positions: Mapping[str, Position]) -> None:
        super().__init__(vocabulary, problems, positions)
        self.replaced: dict[str, dict[str, str]] = {}
        self.record_ids: dict[str, set[str]] = {}

    def read(self, data: object) -> tuple[str | None, str | None, tuple[Entry, ...], tuple[Act, ...]] | None:
        """Read the case's id, currency, entries and acts, the latter two in order of time. None if the data
        is not a case."""
        if not isinstance(data, Mapping):
            self.error(
                "wrong-form",
                "",
                f"the case cannot be {show(data)}",
                "a mapping with `facts:`, record lists and `acts:`",
            )
            return None
        if data.keys() >= _OF_A_DECISION:
            self.error(
                "a-decision",
                "",
                "this is a decision without its case: it says what to do, but not what was known",
                "the case that was decided; for a log, lines that `receipt_line(decision, given=case)` wrote",
            )
            return None
        history = HISTORY in data
        stated = (HISTORY,) if history else (*STATED_KEYS, *self.vocabulary.records)
        self.top_keys(data, (*CASE_KEYS, *stated), "", "the case")
        case_id = self.identifier(data.get("id"), "id") if data.get("id") is not None else None
        currency = data.get("currency")
        meant = CURRENCIES.get(currency.lower(), currency) if isinstance(currency, str) else None
        if currency is not None and (not is_currency(currency) or meant != currency):
            close = meant if is_currency(meant) and meant != currency else None
            self.error(
                "bad-currency",
                "currency",
                f"{show(currency)} is not a currency code",
                "three capital letters, such as TWD",
                close,
            )
        self.currency = currency if is_currency(currency) else None
        entries = self.history(data[HISTORY]) if history else (self.entry(data, "", None),)
        self.check_names()
        acts = sorted(with_doers(self.log.acts, entries, self.vocabulary), key=lambda act: act.at)
        return case_id, plain_text(currency) if isinstance(currency, str) else None, entries, tuple(acts)

    def history(self, data: object) -> tuple[Entry, ...]:
        """Read the entries of a history, which must be in order of time."""
        found: list[Entry] = []
        ids: dict[str, int] = {}
        for index, raw in enumerate(self.items(data, "history")):
            path = f"history[{index}]"
            if not isinstance(raw, Mapping):
                self.error("wrong-form", path, f"an entry cannot be {show(raw)}", "a mapping with `at:`")
                continue
            self.top_keys(raw, (*ENTRY_KEYS, *STATED_KEYS, *self.vocabulary.records), path, "the entry")
            if raw.get("at") is None:
                self.error("missing-key", f"{path}.at", "missing `at:` in the entry", INSTANT.expected)
            at = self.value(raw.get("at"), INSTANT, f"{path}.at")
            if not isinstance(at, datetime):
                self.entry(raw, path, _UNKNOWN)  # to report its problems, and to know its records
                continue
            if found and found[-1].at is not None and at < found[-1].at:
                self.error(
                    "out-of-order",
                    f"{path}.at",
                    "the entry is earlier than the one before it",
                    "entries in order of time",
                )
            entry = self.entry(raw, path, at)
            if entry.id is not None and entry.id in ids:
                self.error(
                    "duplicate",
                    f"{path}.id",
                    f"the entry id {entry.id!r} is already used in entry {ids[entry.id]}",
                )
            ids.setdefault(entry.id or "", index)
            found.append(entry)
        return tuple(found)

    def entry(self, data: Mapping[str, Any], path: str, at: datetime | None) -> Entry:
        """Read one entry, or a plain case."""
        prefix = f"{path}." if path else ""
        lists = [name for name in self.vocabulary.records if name in data]
        learned = self.mapping(data.get("learned_at"), f"{prefix}learned_at")
        moments = {
            key_text(name): self.value(value, INSTANT, f"{prefix}learned_at.{key_text(name)}")
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
        entry = Entry(
            entry_id,
            at,
            dict(self.facts(data.get("facts"), f"{prefix}facts")),
            {name: self.rows(data[name], self.vocabulary.records[name], f"{prefix}{name}") for name in lists},
            {name: moment for name, moment in moments.items() if isinstance(moment, datetime)},
            0 if at is None else self.number(),
        )
        self.acts(data.get("acts"), f"{prefix}acts", at, entry.order)
        return entry

    def top_keys(self, data: Mapping[Any, Any], known: Iterable[str], path: str, what: str) -> None:
        """Report unknown keys. For a fact outside `facts:`, say where it belongs."""
        facts = [name for name in data if name in self.vocabulary.facts]
        for name in facts:
            place = f"{path}.{name}" if path else name
            message = f"{name} is a fact, but is not below `facts:`"
            self.error("unknown-key", place, message, f"`{name}` below `facts:`")
        undeclared = [PARTIES] if PARTIES in data and PARTIES not in self.vocabulary.records else []
        for name in undeclared:
            place = f"{path}.{name}" if path else name
            self.error("unknown-key", place, f"the policy does not declare the list {name!r}", _DECLARED)
        self.only_keys([key for key in data if key not in (*facts, *undeclared)], known, path, what)

    # --- facts and records --------------------------------------------------------------------------------------------

    def facts(self, data: object, path: str) -> Iterator[tuple[str, Value | None]]:
        """Yield each fact with its value, from nested or dotted names. None withdraws the fact."""
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
        """Read the records of one list; None if the list is given as unknown."""
        if data is None:
            self.replaced.pop(listed.name, None)
            return None
        found: list[Row] = []
        seen: set[str] = set()
        for index, raw in enumerate(self.items(data, path)):
            place = f"{path}[{index}]"
            if not isinstance(raw, Mapping):
                self.error("wrong-form", place, f"a record cannot be {show(raw)}", "a mapping with `id:`")
                continue
            row = self.row(raw, listed, place)
            if row is not None and row.id in seen:
                self.error("duplicate", f"{place}.id", f"the id {row.id!r} is used twice in {listed.name}")
            elif row is not None:
                seen.add(row.id)
                self._only_in(listed, row.id, f"{place}.id")
                self.record_ids.setdefault(listed.name, set()).add(row.id)
                found.append(row)
        field = listed.takes_place_of
        if field is not None and any(row.retract or field in row.fields for row in found):
            self._replacing(found, field, listed, path)
        return tuple(found)

    def _only_in(self, listed: RecordList, key: str, path: str) -> None:
        """Report an id that another list uses as well. Acts and steps name records by id only, so ids must be
        unique in a case."""
        other = next(
            (name for name, ids in self.record_ids.items() if name != listed.name and key in ids), None
        )
        if other is not None:
            self.error("duplicate", path, f"the id {key!r} is already used in {other}", "a unique id")

    def row(self, data: Mapping[str, Any], listed: RecordList, path: str) -> Row | None:
        """Read one record."""
        self.only_keys(data, (*listed.fields, RETRACT), path, f"the {listed.each}")
        record_id = self.identifier(data.get("id"), f"{path}.id")
        if record_id is None:
            return None
        fields: dict[str, Value | None] = {}
        for name, fact in listed.fields.items():
            if name in data and not self._is_conclusion(fact, f"{listed.name}.{name}", f"{path}.{name}"):
                value = self.value(data[name], fact.type, f"{path}.{name}")
                fields[name] = value
                self.refers(f"{path}.{name}", fact.type, value)
        return Row(record_id, fields, self.flag(data.get(RETRACT), f"{path}.{RETRACT}"))

    def _replacing(self, rows: Sequence[Row], field: str, listed: RecordList, path: str) -> None:
        """Report cycles of records that replace each other."""
        links = self.replaced.setdefault(listed.name, {})
        for row in rows:
            target = None if row.retract else row.fields.get(field, links.get(row.id))
            if target is None:
                links.pop(row.id, None)
            else:
                links[row.id] = str(target)
        circle = circle_in(links)
        index = next((number for number, row in enumerate(rows) if row.id in circle), None)
        if index is not None:
            said = " → ".join((*circle[:5], "…" if len(circle) > 5 else circle[0]))
            message = f"records replace each other in a circle: {said}"
            expected = f"a {listed.each} that does not replace one of these"
            self.error("wrong-value", f"{path}[{index}].{field}", message, expected)

    # --- names -------------------------------------------------------------------------------------------------------

    def check_names(self) -> None:
        """Report parties and references that do not exist in the case."""
        parties = self.record_ids.get("parties", set())
        strange = [party for party in self.named_parties if party[1] not in parties]
        known = sorted((*self.vocabulary.roles, *parties)) if strange else []
        declared = PARTIES in self.vocabulary.records
        for path, name in strange:
            if not declared and not self.problems.nearest(name, known):
                message = f"unknown role {name!r}; the policy does not declare the list {PARTIES!r}"
                self.error("unknown-party", path, message, f"{listing(known)}, or {_DECLARED}")
                continue
            self.unknown("unknown-party", path, "role or party", name, known)
        ids = {**self.record_ids, "": set[str]().union(*self.record_ids.values())}
        ordered: dict[str, list[str]] = {}  # for messages: sorted once, however many names are missing
        for path, key, target in self.references:
            listed = target or ""
            if key not in ids.get(listed, ()):
                if listed not in ordered:
                    ordered[listed] = sorted(ids.get(listed, ()))
                what = f"record of {target or 'the case'}"
                self.unknown("unknown-record", path, what, key, ordered[listed])
