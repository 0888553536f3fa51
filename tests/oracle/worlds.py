"""What the oracle knows: a policy and a case as plain data, an instant, and how raw values are read.

Nothing is shared with the library but working time (`Duration`, `WorkingCalendar`), which has its own oracle.
A value that is not known is None everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from escalation_rules.calendar import Duration, WorkingCalendar
from tests.oracle.tables import without_tables

Plain = Any
Truth = bool | None
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS: dict[str, Plain] = {"id": {"type": "text"}, "recorded_at": {"type": "instant"}}


Order = tuple[int, int]
"""A place in a history: the entry, and in it first all that was learned (0), then one act after the other."""


@dataclass(frozen=True)
class Person:
    """A party: named by a role or by the id of a record in `parties`; the role may be unknown."""

    name: str
    role: str | None


@dataclass(frozen=True)
class Act:
    """Something that was done."""

    action: str
    by: Person
    at: datetime
    outcome: str
    about: str | None
    number: int  # its place in the case
    order: Order | None = None  # its place in the history; None in a plain case
    params: Mapping[str, Plain] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Place:
    """A record that a condition is inside of, with the list it belongs to and what its fields are."""

    list: str
    each: str
    record: Mapping[str, Plain]
    fields: Mapping[str, Plain]
    typed: bool = False  # the record's values are values already, not raw data (parameters of an act)
    open: frozenset[str] = frozenset()  # parameters that somebody has still to fill in


Scope = tuple[Place, ...]


@dataclass(frozen=True)
class World:
    """One question to the oracle; `case` is folded and flat, `done` are the acts until now, in order of time.

    `learned` says when a fact (or a field: list, id, field) was learned, if that is known; `brought` which entry of a history
    brought the value that it has, `since` the instant since which it has been the same. `told` is the case as it was given, and
    `seen` the last instant at which something may have been learned. `steps_due` are the open steps, while these are being found.
    """

    policy: Mapping[str, Plain]
    case: Mapping[str, Plain]
    at: datetime
    learned: Mapping[tuple[str, ...], datetime] = field(default_factory=dict)
    brought: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    rules: Sequence[
        tuple[Mapping[str, Plain], Mapping[str, Plain]]
    ] = ()  # every rule with its ruleset, by id
    concluding: Sequence[
        tuple[Mapping[str, Plain], Mapping[str, Plain]]
    ] = ()  # those that conclude something
    done: Sequence[Act] = ()
    since: Mapping[tuple[str, ...], datetime] = field(default_factory=dict)
    told: Mapping[str, Plain] = field(default_factory=dict)
    seen: datetime | None = None
    dated_by: datetime | None = None
    steps_due: Mapping[str, Mapping[str | None, tuple[datetime, datetime | None]]] | None = None
    drawn: dict[tuple[str, str | None], Plain] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )  # the conclusions that were asked for: a world does not change

    @property
    def vocabulary(self) -> Mapping[str, Plain]:
        words: Mapping[str, Plain] = self.policy["vocabulary"]
        return words

    @property
    def currency(self) -> str | None:
        return self.case.get("currency")

    def declared(self, kind: str) -> Mapping[str, Plain]:
        """`facts`, `records`, `actions` or `groups` of the vocabulary."""
        words: Mapping[str, Plain] = self.policy["vocabulary"].get(kind) or {}
        return words


def names(listed: Sequence[Plain]) -> list[str]:
    """The names of a NAMED LIST, whose items are bare or have a label."""
    return [item if isinstance(item, str) else next(iter(item)) for item in listed]


def several(item: Plain) -> list[Plain]:
    """`item` if it is a list, a list of it otherwise."""
    return list(item) if isinstance(item, list) else [item]


# --- time -------------------------------------------------------------------------------------------------------------


def instant(raw: str | datetime) -> datetime:
    """An instant, in UTC."""
    return (datetime.fromisoformat(raw) if isinstance(raw, str) else raw).astimezone(UTC)


def later(world: World, start: datetime, spoken: str) -> datetime:
    """The instant by which something must be done for which there is so much time."""
    return Duration.parse(spoken).deadline_after(start, *_counting(world))


def earlier(world: World, end: datetime, spoken: str) -> datetime:
    """The last instant at which there is still so much time before another."""
    return Duration.parse(spoken).deadline_before(end, *_counting(world))


def passed(world: World, start: datetime, spoken: str) -> datetime:
    """The instant at which so much time has passed, or the day, week, month, quarter or year is over."""
    if spoken.startswith(START):
        return next_period(world, start, spoken)
    return Duration.parse(spoken).interval_after(start, *_counting(world))


def next_period(world: World, start: datetime, spoken: str) -> datetime:
    """The first midnight after an instant on which another day, week, month, quarter or year begins."""
    unit, _, name = spoken.removeprefix(START).partition(" in ")
    zone = calendar_named(world, name).tzinfo
    first = day = start.astimezone(zone).date()
    while PERIODS[unit](day) == PERIODS[unit](first):
        day += timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)


START = "start of the "
PERIODS: dict[str, Callable[[date], Plain]] = {
    "day": lambda day: day,
    "week": lambda day: day.isocalendar()[:2],
    "month": lambda day: (day.year, day.month),
    "quarter": lambda day: (day.year, (day.month - 1) // 3),
    "year": lambda day: day.year,
}
"""What all dates of a period have in common."""


def _counting(world: World) -> tuple[dict[str, WorkingCalendar], str]:
    vocabulary = world.vocabulary
    key = repr((vocabulary.get("calendars"), vocabulary.get("calendar")))
    return _calendars(key, vocabulary), vocabulary.get("calendar") or ""


def calendar_named(world: World, name: str) -> WorkingCalendar:
    """The calendar of that name; without one, the default."""
    calendars, default = _counting(world)
    return calendars[name or default]


def calendar_for(world: World, stated: Duration) -> WorkingCalendar:
    """The calendar by which a length of working time counts."""
    calendars, default = _counting(world)
    return calendars[stated.calendar or default]


SPOKEN = re.compile(
    r"[0-9]+ ((working|calendar) )?(second|minute|hour|day|week|month)s?( in [a-z][a-z0-9_]*)?"
)


def durations_in(policy: Mapping[str, Plain]) -> set[str]:
    """Every duration that the policy mentions, wherever."""
    return {match[0] for each in texts_in(policy) for match in SPOKEN.finditer(each)}


def periods_in(policy: Mapping[str, Plain]) -> set[str]:
    """Every start of a period that the policy mentions, wherever."""
    return {each for each in texts_in(policy) if each.startswith(START)}


def texts_in(data: Plain) -> Iterator[str]:
    """Every text in plain data."""
    if isinstance(data, str):
        yield data
    for each in data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ():
        yield from texts_in(each)


_KNOWN: dict[
    str, dict[str, WorkingCalendar]
] = {}  # reading a time zone takes long; this is the only thing kept


def _calendars(key: str, vocabulary: Mapping[str, Plain]) -> dict[str, WorkingCalendar]:
    if key not in _KNOWN:
        declared = vocabulary.get("calendars") or {}
        _KNOWN[key] = {name: calendar(name, each) for name, each in declared.items()}
    return _KNOWN[key]


def calendar(name: str, declared: Mapping[str, Plain]) -> WorkingCalendar:
    """A working calendar as the vocabulary declares it."""
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    for days, spans in declared["hours"].items():
        first, _, last = days.partition("-")
        for day in range(DAYS.index(first), DAYS.index(last or first) + 1):
            week[day] = shift(spans)
    closed, opened = (
        [date.fromisoformat(each) for each in declared.get(key) or []] for key in ("closed", "open")
    )
    others = declared.get("other_hours") or {}
    return WorkingCalendar(
        name,
        declared["timezone"],
        tuple(week),
        declared.get("holidays"),
        tuple(sorted(closed)),
        tuple(sorted(opened)),
        tuple(sorted((date.fromisoformat(day), shift(spans)) for day, spans in others.items())),
    )


def shift(spans: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """What is worked on a day; a span that ends no later than it begins ends on the next morning."""
    found = [(minutes(span[:5]), minutes(span[6:])) for span in spans]
    return tuple((start, end if end > start else end + 1440) for start, end in found)


def minutes(clock: str) -> int:
    """Minutes since midnight of `09:30`."""
    return int(clock[:2]) * 60 + int(clock[3:])


@cache
def length(spoken: str) -> timedelta:
    """A duration that is the same everywhere, such as `2 days`."""
    return Duration.parse(spoken).as_timedelta()


# --- values -----------------------------------------------------------------------------------------------------------


def value_of(world: World, declared: Mapping[str, Plain], raw: Plain) -> Plain:
    """The value that raw data of the declared type stands for; None stays None."""
    if raw is None:
        return None
    kind = declared["type"]
    if kind == "amount":
        return amount(world, raw)
    if kind == "text":
        return unicodedata.normalize("NFC", raw)
    if kind == "instant":
        return instant(raw)
    if kind == "duration":
        return length(raw)
    if kind == "party":
        return person(world, raw)
    if kind == "records":
        return frozenset(raw)
    return raw


def amount(world: World, raw: Plain) -> Decimal | None:
    """A number, or what a literal says for the case's currency; unknown if it says nothing for it."""
    if isinstance(raw, Mapping):
        raw = raw.get(world.currency)
    return None if raw is None else Decimal(str(raw))


def person(world: World, name: str) -> Person:
    """The party that a role or the id of a record in `parties` names."""
    if name in names(world.vocabulary["roles"]):
        return Person(name, name)
    found = [each for each in all_records(world, "parties") or [] if each["id"] == name]
    role = field_of(world, "parties", found[0], "role") if found else None
    return Person(name, role.role if isinstance(role, Person) else role)


def comparable(declared: Mapping[str, Plain], value: Plain) -> Plain:
    """What orders a value: itself, or the place of a level."""
    return names(declared["values"]).index(value) if declared["type"] == "level" else value


# --- the case ---------------------------------------------------------------------------------------------------------


def fact_of(world: World, name: str) -> Plain:
    """The raw value of a fact as the case gives it, or None."""
    return (world.case.get("facts") or {}).get(name)


def fields(world: World, listed: str) -> Mapping[str, Plain]:
    """The declared fields of a list, with those that every record has."""
    return {**world.declared("records")[listed]["fields"], **ALWAYS}


def declared_field(world: World, listed: str, name: str) -> Mapping[str, Plain]:
    """The declaration of one of them."""
    found: Mapping[str, Plain] = ALWAYS.get(name) or world.declared("records")[listed]["fields"][name]
    return found


def records(world: World, listed: str) -> list[Mapping[str, Plain]] | None:
    """The records of a list in its order, without those in whose place another stands; None if the list is not known."""
    known = all_records(world, listed)
    field = world.declared("records").get(listed, {}).get("takes_place_of")
    if known is None or field is None:
        return known
    replaced = [given_field(world, listed, each, field) for each in known]
    return [each for each in known if each["id"] not in replaced]


def all_records(world: World, listed: str) -> list[Mapping[str, Plain]] | None:
    """The records of a list in its order, or None if it is not known which there are."""
    given = world.case.get(listed)
    if given is None and listed in world.case:
        return None
    if given is None:
        return [] if world.declared("records").get(listed, {}).get("absent", "unknown") == "none" else None
    return list(given)


def fresh(world: World, declared: Mapping[str, Plain], learned: datetime | None) -> bool:
    """Whether something learned then is still known now."""
    limit = declared.get("stale_after")
    return limit is None or learned is None or world.at < learned + length(limit)


def lapsed_fact(world: World, name: str) -> datetime | None:
    """Since when a fact that the case gives has been stale."""
    return _lapsed(world, world.declared("facts")[name], fact_of(world, name), world.learned.get((name,)))


def lapsed_field(world: World, listed: str, record: Mapping[str, Plain], name: str) -> datetime | None:
    """Since when a field that the case gives has been stale."""
    declared = declared_field(world, listed, name)
    return _lapsed(world, declared, record.get(name), _learned(world, listed, record, name))


def _lapsed(
    world: World, declared: Mapping[str, Plain], raw: Plain, learned: datetime | None
) -> datetime | None:
    if raw is None or learned is None or fresh(world, declared, learned):
        return None
    return learned + length(declared["stale_after"])


def _learned(world: World, listed: str, record: Mapping[str, Plain], name: str) -> datetime | None:
    stated = record.get("recorded_at")
    return world.learned.get((listed, record["id"], name), instant(stated) if stated else None)


def field_of(world: World, listed: str, record: Mapping[str, Plain], name: str) -> Plain:
    """The value of a field that the case gives (not a conclusion), with staleness and presumption."""
    declared = declared_field(world, listed, name)
    raw = given_field(world, listed, record, name)
    return value_of(world, declared, declared.get("presume") if raw is None else raw)


def given_field(world: World, listed: str, record: Mapping[str, Plain], name: str) -> Plain:
    """The raw value that the case gives for a field, unless it has gone stale."""
    learned = _learned(world, listed, record, name)
    return record.get(name) if fresh(world, declared_field(world, listed, name), learned) else None


def given_fact(world: World, name: str) -> Plain:
    """The raw value that the case gives for a fact, unless it has gone stale."""
    declared = world.declared("facts")[name]
    return fact_of(world, name) if fresh(world, declared, world.learned.get((name,))) else None


def place(world: World, listed: str, record: Mapping[str, Plain]) -> Place:
    """The scope that a record makes."""
    return Place(listed, world.declared("records")[listed]["each"], record, fields(world, listed))


def acts_of(world: World) -> list[Act]:
    """What was done until now, in order of time, but for what does not state all that it has to state."""
    found = [act(world, raw, number) for number, raw in enumerate(world.case["acts"])]
    return sorted(
        (each for each in found if each.at <= world.at and is_complete(world, each)), key=lambda each: each.at
    )


def is_complete(world: World, act: Act) -> bool:
    """Whether an act states all parameters that are required."""
    declared = world.declared("actions")[act.action].get("params") or {}
    return all(act.params.get(name) is not None for name, each in declared.items() if each.get("required"))


def act(world: World, raw: Mapping[str, Plain], number: int) -> Act:
    """One act from plain data."""
    declared = world.declared("actions")[raw["action"]]
    return Act(
        raw["action"],
        raw["doer"],
        instant(raw["at"]),
        raw.get("outcome") or outcomes(declared)[0],
        raw.get("about"),
        number,
        raw["order"],
        {
            name: value_of(world, declared["params"][name], each)
            for name, each in (raw.get("params") or {}).items()
        },
    )


def outcomes(declared: Mapping[str, Plain]) -> list[str]:
    """The outcomes that an action may have."""
    return names(declared.get("outcomes") or ["done"])


def counting(declared: Mapping[str, Plain]) -> list[str]:
    """The outcomes that retire a step."""
    return several(declared.get("counts") or outcomes(declared)[0])


def allowed(world: World, action: str) -> list[str]:
    """The roles that may do it; empty: anybody may, or it is a party who may."""
    by = world.declared("actions")[action].get("by", "anybody")
    return [] if by == "anybody" or any("." in name for name in several(by)) else several(by)


def counts(world: World, each: Act) -> bool:
    """Whether the act's outcome counts."""
    return each.outcome in counting(world.declared("actions")[each.action])


# --- histories --------------------------------------------------------------------------------------------------------


def world_of(
    policy: Mapping[str, Plain],
    case: Mapping[str, Plain],
    at: datetime,
    known_at: datetime | None = None,
    dated_by: datetime | None = None,
) -> World:
    """The world of a case as it stands, or of a history as it stood at `at` (or is there, with what was known before).

    `dated_by`: of a plain case, too, only what does not say that it was learned later, and up to then.
    """
    now, seen = at.astimezone(UTC), (known_at or at).astimezone(UTC)
    world = World(
        policy,
        {key: case[key] for key in ("id", "currency") if key in case},
        now,
        told=case,
        seen=seen,
        dated_by=dated_by,
    )
    entries = case.get("history", [case])
    for number, entry in enumerate(entries):
        if "history" not in case or instant(entry["at"]) <= seen:
            world = _after(world, entry, number)
    done = list(
        _acts_until(world, entries, seen)
    )  # who did it is part of what was done, whenever his role was learned
    if dated_by is not None and "history" not in case:
        world = _learned_by(world, seen, dated_by)
    world = replace(world, case={**world.case, "acts": done})
    words = policy["vocabulary"]
    pairs = [
        (without_tables(words, rule), ruleset) for ruleset in policy["rulesets"] for rule in ruleset["rules"]
    ]
    rules = sorted(pairs, key=lambda pair: pair[0]["id"])
    concluding = [pair for pair in rules if any("conclude" in each for each in pair[0]["then"])]
    return replace(world, rules=rules, concluding=concluding, done=acts_of(world))


def _acts_until(
    world: World, entries: Sequence[Mapping[str, Plain]], seen: datetime
) -> Iterator[dict[str, Plain]]:
    """The acts of all entries that were done by then, or that an entry of then or earlier tells; with their doers."""
    for raw in _told(entries):
        number, _ = raw["order"]
        at, plain = instant(raw["at"]), "at" not in entries[number]
        if plain or instant(entries[number]["at"]) <= seen or at <= seen:
            doer = _doer(world, entries, raw, number, at)
            yield {**raw, "at": at, "order": None if plain else raw["order"], "doer": doer}


def _told(entries: Sequence[Mapping[str, Plain]]) -> list[dict[str, Plain]]:
    """Every act as it was told last, in the place where it was told first; what was withdrawn was never done."""
    found: list[dict[str, Plain]] = []
    for number, entry in enumerate(entries):
        for place, said in enumerate(entry.get("acts") or [], start=1):
            known = [each for each in found if said.get("id") is not None and each.get("id") == said["id"]]
            raw = {**({key: known[0][key] for key in ("action", "by")} if known else {}), **said}
            at = raw.get("at") or (known[0]["at"] if known else entry.get("at"))
            order = known[0]["order"] if known else (number, place)
            told = {**_kept_of(known, raw), **raw, "at": at, "order": order}
            told["params"] = {key: each for key, each in _params_of(known, raw).items() if each is not None}
            if raw.get("retract") or known:
                left = [] if raw.get("retract") else [told]
                found = [new for each in found for new in (left if each in known else [each])]
            else:
                found.append(told)
    return found


def _kept_of(known: Sequence[Mapping[str, Plain]], raw: Mapping[str, Plain]) -> dict[str, Plain]:
    """What an act told again keeps if it is of the same action."""
    if not known or known[0]["action"] != raw.get("action"):
        return {}
    keys = ("outcome", "about", *(("as",) if known[0]["by"] == raw["by"] else ()))
    return {key: known[0][key] for key in keys if key in known[0]}


def _params_of(known: Sequence[Mapping[str, Plain]], raw: Mapping[str, Plain]) -> dict[str, Plain]:
    """The parameters of an act told again: each that is not stated again, too."""
    same = known and known[0]["action"] == raw.get("action") and raw.get("params", {}) is not None
    return {**(known[0]["params"] if same else {}), **(raw.get("params") or {})}


def _doer(
    world: World, entries: Sequence[Mapping[str, Plain]], raw: Mapping[str, Plain], number: int, at: datetime
) -> Person:
    """Who did it, in the role that is said, or that the record of the party had then."""
    name = raw["by"]
    if raw.get("as"):
        return Person(name, raw["as"])
    if "at" not in entries[number] or name in names(world.vocabulary["roles"]):
        return person(world, name)
    stated = [(place, role) for place, entry in enumerate(entries) for role in _roles(entry, name)]
    while stated and stated[0][1] is None:  # what nobody has stated cannot be withdrawn
        del stated[0]
    before = [role for place, role in stated if (instant(entries[place]["at"]), place) <= (at, number)]
    after = [role for _, role in stated if role is not None]
    return Person(name, before[-1] if before else after[0] if after else None)


def _roles(entry: Mapping[str, Plain], name: str) -> Iterator[str | None]:
    """The role that an entry states for a party, if it does; None: it is not known any more."""
    if "parties" in entry and entry["parties"] is None:
        yield None
    for record in entry.get("parties") or []:
        if record["id"] == name and (record.get("retract") or "role" in record):
            yield None if record.get("retract") else record["role"]


def _after(world: World, entry: Mapping[str, Plain], number: int) -> World:
    """The world once an entry of a history (or a whole plain case) is known."""
    case, learned = dict(world.case), dict(world.learned)

    def note(name: str, *key: str) -> None:
        when = (entry.get("learned_at") or {}).get(name, entry.get("at"))
        learned.pop(key, None)
        if when is not None:
            learned[key] = instant(when)

    for name, raw in flat(entry.get("facts") or {}).items():
        case["facts"] = {**case.get("facts", {}), name: raw}
        note(name, name)
    for listed in world.declared("records"):
        if listed in entry:
            case[listed] = _merged(case.get(listed), entry[listed], entry.get("at"))
            there = {record["id"] for record in case[listed] or []}
            learned = {key: at for key, at in learned.items() if key[0] != listed or key[1] in there}
            for record in entry[listed] or []:
                for name in record:
                    note(f"{listed}.{name}", listed, record["id"], name)
    after = replace(world, case=case, learned=learned)
    before, now = _instants(world), _instants(after)
    stated = entry.get("at")
    old, new = _given(world), _given(after)
    brought = {
        key: world.brought[key] if key in old and old[key] == known else number for key, known in new.items()
    }
    brought |= {key: world.brought[key] if before.get(key) == at else number for key, at in now.items()}
    since = {key: world.since.get(key) if key in old and old[key] == known else after.learned.get(key, _own(after, key, stated))
             for key, known in new.items()}  # fmt: skip
    return replace(after, brought=brought, since={key: at for key, at in since.items() if at is not None})


def _own(world: World, key: tuple[str, ...], stated: str | None) -> datetime | None:
    """When a value was learned that does not say it: at its entry; in a plain case when its record was recorded."""
    if stated is not None:
        return instant(stated)
    rows = (world.case.get(key[0]) or []) if len(key) == 3 else []
    recorded = [
        record["recorded_at"] for record in rows if record["id"] == key[1] and record.get("recorded_at")
    ]
    return instant(recorded[0]) if recorded else None


def _given(world: World) -> dict[tuple[str, ...], Plain]:
    """All that the case gives, in a form in which what is the same is equal."""
    found: dict[tuple[str, ...], Plain] = {(name,): _alike(world.declared("facts")[name], raw)
             for name, raw in (world.case.get("facts") or {}).items() if raw is not None}  # fmt: skip
    for listed in world.declared("records"):
        for record in world.case.get(listed) or []:
            for name, declared in fields(world, listed).items():
                if record.get(name) is not None:
                    found[listed, record["id"], name] = _alike(declared, record[name])
    return found


def _alike(declared: Mapping[str, Plain], raw: Plain) -> Plain:
    kind = declared["type"]
    return instant(raw) if kind == "instant" else Decimal(str(raw)) if kind == "amount" else raw


def _learned_by(world: World, seen: datetime, now: datetime) -> World:
    """Without what was learned, and without the records that were recorded, later, up to now."""

    def known(*key: str) -> bool:
        when = world.learned.get(key, _own(world, key, None))
        return when is None or when <= seen or when > now

    case = dict(world.case)
    case["facts"] = {name: raw for name, raw in (case.get("facts") or {}).items() if known(name)}
    for listed in world.declared("records"):
        if case.get(listed) is not None:
            case[listed] = [
                {
                    name: raw
                    for name, raw in record.items()
                    if name == "id" or known(listed, record["id"], name)
                }
                for record in case[listed]
                if not record.get("recorded_at") or not seen < instant(record["recorded_at"]) <= now
            ]
    return replace(world, case=case)


def _instants(world: World) -> dict[tuple[str, ...], Plain]:
    """All instants that the case gives for facts and fields, and what names a record that may hold one."""
    found: dict[tuple[str, ...], Plain] = {}
    for name, raw in (world.case.get("facts") or {}).items():
        if raw is not None and world.declared("facts")[name]["type"] == "instant":
            found[(name,)] = instant(raw)
    for listed in world.declared("records"):
        for record in world.case.get(listed) or []:
            for name, declared in fields(world, listed).items():
                if record.get(name) is not None and declared["type"] in {"instant", "reference", "party"}:
                    raw = record[name]
                    found[listed, record["id"], name] = instant(raw) if declared["type"] == "instant" else raw
    return found


def order_of(world: World, *key: str) -> Order:
    """The place in the history that brought the value of a fact, or of a field (list, id, field)."""
    return world.brought.get(key, 0), 0


def comes_after(each: Act, at: datetime, order: Order | None) -> bool:
    """Whether an act came after what happened at an instant, or at the same and not before it.

    An act that is logged to the minute may have been done at any time within that minute, if the history has it so.
    """
    if each.order is None or order is None:
        return each.at >= at
    minute = at.replace(second=0, microsecond=0)
    return each.at > at or (each.at in {at, minute} and each.order >= order)


def flat(facts: Mapping[str, Plain]) -> dict[str, Plain]:
    """Facts by their dotted names."""
    found: dict[str, Plain] = {}
    for name, raw in facts.items():
        found.update(
            {f"{name}.{tail}": each for tail, each in raw.items()}
            if isinstance(raw, Mapping)
            else {name: raw}
        )
    return found


def _merged(known: Plain, given: Plain, when: str | None) -> list[dict[str, Plain]] | None:
    """The records by id, the later upon the earlier; null makes the list unknown, `retract` takes a record away."""
    if given is None:
        return None
    merged = {each["id"]: each for each in known or []}
    for record in given:
        new = {} if when is None else {"recorded_at": when}
        merged[record["id"]] = {**new, **merged.get(record["id"], {}), **record}
        if record.get("retract"):
            del merged[record["id"]]
    return list(merged.values())
