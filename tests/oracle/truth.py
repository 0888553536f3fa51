"""Three-valued truth, straight from SEMANTICS: conditions, rules, conclusions. True, False or None (unknown)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle import open_steps
from tests.oracle.times import END_OF_DAY, MOVED, at_hours, due_by
from tests.oracle.worked_out import acts_meant, is_computed, is_worked_out, worked_out
from tests.oracle.worlds import (
    NAME,
    Act,
    Order,
    Person,
    Place,
    Plain,
    Scope,
    Truth,
    World,
    allowed,
    comes_after,
    comparable,
    counts,
    earlier,
    field_of,
    fields,
    flat,
    given_fact,
    given_field,
    instant,
    later,
    order_of,
    passed,
    person,
    place,
    records,
    several,
    value_of,
)

RECORD_HEADS = ("some", "every", "none", "count", "sum", "latest", "earliest")
ACT_HEADS = ("done", "not_done", "nothing_done_for", *open_steps.HEADS)
ADDED = {"amount", "count", "duration"}
"""Types whose values add up."""
ORDERING = ("at_least", "at_most", "above", "below", "between", "equals", "is_not")
MODIFIERS = ("where", "has", "of", "within", *ORDERING, "in", "not_in")


# --- Kleene's logic ---------------------------------------------------------------------------------------------------


def every(truths: Iterable[Truth]) -> Truth:
    """False if one is false, else unknown if one is unknown, else true."""
    found: Truth = True
    for truth in truths:
        if truth is False:
            return False
        found = None if truth is None else found
    return found


def some(truths: Iterable[Truth]) -> Truth:
    """True if one is true, else unknown if one is unknown, else false."""
    found: Truth = False
    for truth in truths:
        if truth is True:
            return True
        found = None if truth is None else found
    return found


def negated(truth: Truth) -> Truth:
    """Unknown stays unknown."""
    return None if truth is None else not truth


# --- names ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """What a name means here: a fact (`place` None), a field of a record, or (`broken`) one out of reach."""

    name: str
    declared: Mapping[str, Plain]
    place: Place | None = None
    broken: Spot | None = None  # the reference on the way whose value is not known
    through: Spot | None = None  # the reference on the way

    @property
    def full(self) -> str:
        return f"{self.place.list}.{self.name}" if self.place else self.name


def spot(world: World, scope: Scope, name: str) -> Spot:
    """The fact, the field of the innermost record, of an enclosing one, or of one to which references lead from these."""
    facts = world.declared("facts")
    if name in facts:
        return Spot(name, facts[name])
    head, *rest = name.split(".")
    inside = next((each for each in reversed(scope) if each.each == head), None)
    if rest and f"{head}.{rest[0]}" in facts:
        head, *rest = f"{head}.{rest[0]}", *rest[1:]
        found = Spot(head, facts[head])
    elif rest and inside is not None:
        found, rest = Spot(rest[0], inside.fields[rest[0]], inside), rest[1:]
    else:
        found = Spot(head, scope[-1].fields[head], scope[-1])
    for each in rest:
        found = _through(world, found, each)
    return found


def _through(world: World, reference: Spot, tail: str) -> Spot:
    listed = "parties" if reference.declared["type"] == "party" else reference.declared["to"]
    target = value(world, reference)
    wanted = target.name if isinstance(target, Person) else target
    for record in records(world, listed) or []:
        if record["id"] == wanted:
            return Spot(tail, fields(world, listed)[tail], place(world, listed, record), through=reference)
    unreached = Place(listed, world.declared("records")[listed]["each"], {}, fields(world, listed))
    return Spot(tail, fields(world, listed)[tail], unreached, broken=reference)


def value(world: World, here: Spot) -> Plain:
    """The value at a spot, presumption and conclusions included; None while unknown."""
    if here.broken:
        return None
    if here.declared.get("concluded"):
        return conclusion(world, here.full, here.place)
    if here.place is None:
        raw = given_fact(world, here.name)
        return value_of(world, here.declared, here.declared.get("presume") if raw is None else raw)
    if here.place.typed:
        return here.place.record.get(here.name)
    return field_of(world, here.place.list, here.place.record, here.name)


def present(world: World, here: Spot) -> bool:
    """Whether it was given (or concluded); a presumption is not given."""
    if here.broken or here.declared.get("concluded") or (here.place and here.place.typed):
        return value(world, here) is not None
    if here.place is None:
        return given_fact(world, here.name) is not None
    return given_field(world, here.place.list, here.place.record, here.name) is not None


def named(world: World, scope: Scope, name: str) -> Plain:
    """The value of a name in this scope."""
    return value(world, spot(world, scope, name))


def brought(world: World, here: Spot) -> Order:
    """The place in the history that brought the value at a spot: the later, where a reference leads to it."""
    key = (here.name,) if here.place is None else (here.place.list, here.place.record["id"], here.name)
    own = order_of(world, *key)
    return max(own, brought(world, here.through)) if here.through else own


# --- conditions -------------------------------------------------------------------------------------------------------


def holds(world: World, scope: Scope, condition: Mapping[str, Plain] | None) -> Truth:
    """A bare mapping means all; no condition holds always."""
    return every(truth for _, truth in parts(world, scope, condition or {}))


def parts(world: World, scope: Scope, condition: Mapping[str, Plain]) -> Iterator[tuple[str, Truth]]:
    """Every part of a condition, in written order, with its truth."""
    modified = any(is_head(key, condition[key]) for key in condition)
    for key, inner in condition.items():
        if not (modified and key in MODIFIERS):
            yield key, part(world, scope, key, inner, condition)


def is_head(key: str, inner: Plain) -> bool:
    """Whether the key is a quantifier: `none` is one with the name of a list, not with a list of conditions."""
    return key in RECORD_HEADS and isinstance(inner, str)


def part(world: World, scope: Scope, key: str, inner: Plain, condition: Mapping[str, Plain]) -> Truth:
    """The truth of one entry of a condition; `condition` holds the modifiers of a quantifier."""
    if is_head(key, inner):
        return QUANTIFIERS[key](world, scope, condition)
    if key == "all":
        return every(holds(world, scope, each) for each in inner)
    if key == "any":
        return some(holds(world, scope, each) for each in inner)
    if key == "none":
        return negated(some(holds(world, scope, each) for each in inner))
    if key == "not":
        return negated(holds(world, scope, inner))
    if key == "done":
        return done(world, scope, inner)
    if key == "not_done":
        return negated(done(world, scope, inner))
    if key == "nothing_done_for":
        return nothing_done(world, scope, inner)
    if key == "during":
        return at_hours(world, world.at, inner)
    if key in open_steps.HEADS:
        return open_steps.is_late(world, scope, key, inner)
    return tested(world, scope, spot(world, scope, key), inner)


# --- tests of one value -----------------------------------------------------------------------------------------------


def tested(world: World, scope: Scope, here: Spot, test: Plain) -> Truth:
    """A scalar, a bare word, or a mapping of operators which must all hold."""
    return every(operator(world, scope, here, key, operand) for key, operand in operators(here, test).items())


def operators(here: Spot, test: Plain) -> Mapping[str, Plain]:
    """The test as a mapping of operators."""
    words = {"given": {"given": True}, "not given": {"given": False}, "passed": {"passed": True}}
    words["not passed"] = {"passed": False}
    if isinstance(test, str) and test in words:
        return words[test]
    return test if isinstance(test, Mapping) else {"equals": test}


def operator(world: World, scope: Scope, here: Spot, key: str, operand: Plain) -> Truth:
    """One operator on one value."""
    if key == "given" and here.place and here.name in here.place.open:
        return None
    if key == "given":
        return present(world, here) is operand
    known = value(world, here)
    if known is None:
        return None
    if key in TIMED:
        return TIMED[key](world, known, operand)
    if key in {"after", "before"}:
        return _against(key, known, other_instant(world, scope, operand))
    if key in {"same_as", "not_same_as"}:
        return _against(key, known, named(world, scope, operand))
    if key == "contains":
        return any(has_word(known, value_of(world, here.declared, word)) for word in several(operand))
    if key == "between":
        return every(
            operator(world, scope, here, *pair) for pair in zip(("at_least", "at_most"), operand, strict=True)
        )
    if key in {"at_least", "at_most", "above", "below"}:
        return _ordered(here, key, known, _operand(world, scope, here, operand))
    if key in {"in", "not_in"}:
        truth = some(_equal(known, _literal(world, here, each)) for each in operand)
        return truth if key == "in" else negated(truth)
    if key not in {"equals", "is_not"}:
        raise KeyError(f"the oracle does not know the operator {key!r}")
    limit = _operand(world, scope, here, operand) if is_computed(operand) else _literal(world, here, operand)
    truth = _equal(known, limit)
    return truth if key == "equals" else negated(truth)


def other_instant(world: World, scope: Scope, operand: str) -> datetime | None:
    """The instant of a name, or so long after or before it."""
    stated, moved, place = operand.partition(MOVED)
    for way in (" after ", " before ", " of "):
        if way in stated and (way == " of ") is stated.startswith(END_OF_DAY):
            spoken, _, name = stated.rpartition(way)
            start = named(world, scope, name)
            if start is None:
                return None
            if way == " before ":
                return earlier(world, start, spoken)
            return until(world, start, spoken + moved + place)
    return named(world, scope, operand)  # type: ignore[no-any-return]


def until(world: World, start: datetime, spoken: str) -> datetime:
    """The end of a time limit, which may be that of a working day."""
    dated = MOVED in spoken or spoken.startswith(END_OF_DAY)
    return due_by(world, start, spoken) if dated else later(world, start, spoken)


def name_in(operand: str) -> str:
    """The name in what an instant is compared with."""
    return operand.partition(MOVED)[0].rpartition(" ")[2]


def has_word(text: str, word: str) -> bool:
    """Whether the word stands somewhere in the text, in capitals or not, and is no part of a longer one."""
    text, word = (unicodedata.normalize("NFC", each.casefold()) for each in (text, word))
    edges = [("", *text)[start] for start in range(len(text) + 1)], [*text, ""]
    return any(
        text[start : start + len(word)] == word
        and not (lettered(edges[0][start]) and lettered(word[0]))
        and not (lettered(edges[1][start + len(word)]) and lettered(word[-1]))
        for start in range(len(text) - len(word) + 1)
    )


def lettered(character: str) -> bool:
    """Whether it is a letter or a digit of a script that puts spaces between words."""
    name = unicodedata.name(character, "").split() if character else []
    joined = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "THAI", "LAO", "KHMER", "MYANMAR"}
    return bool(name) and unicodedata.category(character)[0] in "LNM" and name[0] not in joined


def _literal(world: World, here: Spot, raw: Plain) -> Plain:
    """A literal of the value's type; a party is compared with a role."""
    return raw if here.declared["type"] == "party" else value_of(world, here.declared, raw)


def _operand(world: World, scope: Scope, here: Spot, raw: Plain) -> Plain:
    is_name = isinstance(raw, str) and NAME.fullmatch(raw)
    if is_computed(raw):
        return parameter(world, scope, here.declared, raw)
    return named(world, scope, raw) if is_name else value_of(world, here.declared, raw)


def _equal(known: Plain, other: Plain) -> Truth:
    mine = known.role if isinstance(known, Person) else known
    return None if mine is None or other is None else mine == other


def _against(key: str, known: Plain, other: Plain) -> Truth:
    if other is None:
        return None
    if key in {"after", "before"}:
        return bool(known > other if key == "after" else known < other)
    same = one_person(known, other) if isinstance(known, Person) else known == other
    return same if key == "same_as" else negated(same)


def one_person(known: Person, other: Person) -> Truth:
    """Two ids are two persons; who is named by a role is everybody in that role."""
    by_role = known.name == known.role or other.name == other.role
    if known.name == other.name or not by_role:
        return known.name == other.name
    return None if None in {known.role, other.role} else known.role == other.role


def _ordered(here: Spot, key: str, known: Plain, limit: Plain) -> Truth:
    if limit is None:
        return None
    return compared(key, comparable(here.declared, known), comparable(here.declared, limit))


def compared(key: str, known: Any, limit: Any) -> bool:
    """The comparison that an ordering word means."""
    if key == "at_least":
        return bool(known >= limit)
    if key == "at_most":
        return bool(known <= limit)
    return bool(known > limit) if key == "above" else bool(known < limit)


def older(world: World, start: datetime, spoken: str) -> bool:
    """It holds from start + duration on."""
    return world.at >= passed(world, start, spoken)


def _coming(world: World, start: datetime, spoken: str) -> bool:
    return world.at < start <= later(world, world.at, spoken)


TIMED: dict[str, Callable[[World, datetime, Any], bool]] = {
    "passed": lambda world, start, wanted: (world.at >= start) is wanted,
    "older_than": older,
    "newer_than": lambda world, start, spoken: not older(world, start, spoken),
    "overdue_after": lambda world, start, spoken: world.at >= until(world, start, spoken),
    "coming_within": _coming,
    "during": at_hours,
    "elapsed_between": lambda world, start, pair: (
        older(world, start, pair[0]) and not older(world, start, pair[1])
    ),
}


# --- records ----------------------------------------------------------------------------------------------------------

Members = Sequence[tuple[Place, Truth]]


def members(
    world: World, scope: Scope, condition: Mapping[str, Plain], listed: str, key: str = "where"
) -> Members | None:
    """Every record of a list with whether it is meant (`of`) and fits (`where`); None if the list is not known."""
    known = records(world, listed)
    if known is None:
        return None
    inside = [place(world, listed, record) for record in known]
    return [(each, belongs(world, scope, condition, each, key)) for each in inside]


def belongs(
    world: World, scope: Scope, condition: Mapping[str, Plain], each: Place, key: str = "where"
) -> Truth:
    """Whether a record refers to the record that the condition is inside of, and fits."""
    meant = refers(world, scope, condition, each)
    return meant if meant is False else every([meant, holds(world, (*scope, each), condition.get(key))])


def refers(world: World, scope: Scope, condition: Mapping[str, Plain], each: Place) -> Truth:
    """Inside a record that the list references, only those that refer to it are meant, unless `of: case`."""
    link = link_of(scope, condition, each.list, each.fields)
    if link is None:
        return True
    name, target = link
    known = value(world, Spot(name, each.fields[name], each))
    if isinstance(known, Person):  # somebody named by a role is every party in that role
        role = value(world, Spot("role", target.fields["role"], target))
        return known.name in {target.record["id"], role.name if isinstance(role, Person) else role}
    return None if known is None else known == target.record["id"]


def link_of(
    scope: Scope, condition: Mapping[str, Plain], listed: str, declared: Mapping[str, Plain]
) -> tuple[str, Place] | None:
    """The reference field and the nearest enclosing record that it is about; None if all records are meant."""
    of = condition.get("of")
    if of == "case":
        return None
    for inside in reversed(scope):
        for name, each in declared.items():
            implied = of is None and each.get("to") == inside.list != listed
            if leads_to(each, inside.list) if of == name else implied:
                return name, inside
    return None


def leads_to(declared: Mapping[str, Plain], listed: str) -> bool:
    """Whether a field refers to records of the list."""
    return declared.get("to") == listed or (declared["type"] == "party" and listed == "parties")


def _some(world: World, scope: Scope, condition: Mapping[str, Plain]) -> Truth:
    found = members(world, scope, condition, condition["some"])
    return None if found is None else some(truth for _, truth in found)


def _none(world: World, scope: Scope, condition: Mapping[str, Plain]) -> Truth:
    return negated(_some(world, scope, {**condition, "some": condition["none"]}))


def _every(world: World, scope: Scope, condition: Mapping[str, Plain]) -> Truth:
    found = members(world, scope, condition, condition["every"])
    if found is None:
        return None
    has = condition.get("has")
    return every(
        True if truth is False else some([negated(truth), holds(world, (*scope, each), has)])
        for each, truth in found
    )


def _count(world: World, scope: Scope, condition: Mapping[str, Plain]) -> Truth:
    return count_truth(world, condition, members(world, scope, condition, condition["count"]))


def modifiers(condition: Mapping[str, Plain]) -> dict[str, Plain]:
    """What stands beside the head of a quantifier."""
    return {key: each for key, each in condition.items() if key in MODIFIERS}


def count_truth(world: World, condition: Mapping[str, Plain], found: Members | None) -> Truth:
    """The truth of a count over these members."""
    if found is None:
        return between_bounds(condition, 0, None)
    if "within" in condition:
        return between_bounds(condition, *_in_a_window(world, condition, found))
    least, most = (sum(1 for _, truth in found if truth in wanted) for wanted in ((True,), (True, None)))
    return between_bounds(condition, least, most)


def _in_a_window(world: World, condition: Mapping[str, Plain], found: Members) -> tuple[int, int]:
    """The most records that a window of that length surely holds, and may hold; both its ends belong to it."""
    timed = [(ordering_instant(world, each), truth) for each, truth in found if truth is not False]
    known = [(at, truth) for at, truth in timed if at is not None]
    least = most = 0
    for start, _ in known:
        end = later(world, start, condition["within"])
        inside = [truth for at, truth in known if start <= at <= end]
        least, most = max(least, inside.count(True)), max(most, len(inside))
    return least, most + len(timed) - len(known)


def between_bounds(condition: Mapping[str, Plain], least: int, most: int | None) -> Truth:
    """The tests of a count of which only bounds are known (`most` None: no bound)."""
    return every(_bounded(key, condition[key], least, most) for key in ORDERING if key in condition)


def _bounded(key: str, limit: Any, least: int, most: int | None) -> Truth:
    if key == "between":
        return every(
            [_bounded("at_least", limit[0], least, most), _bounded("at_most", limit[1], least, most)]
        )
    if key == "equals":
        return every([_bounded("at_least", limit, least, most), _bounded("at_most", limit, least, most)])
    if key == "is_not":
        return negated(_bounded("equals", limit, least, most))
    if key in {"at_most", "above"}:  # at most n: not at least n + 1
        return (
            _bounded("at_least", limit + 1, least, most)
            if key == "above"
            else negated(_bounded("above", limit, least, most))
        )
    if key == "below":
        return negated(_bounded("at_least", limit, least, most))
    return True if least >= limit else False if most is not None and most < limit else None


def _sum(world: World, scope: Scope, condition: Mapping[str, Plain]) -> Truth:
    listed, _, _ = condition["sum"].partition(".")
    return sum_truth(world, scope, condition, members(world, scope, condition, listed))


def sum_truth(world: World, scope: Scope, condition: Mapping[str, Plain], found: Members | None) -> Truth:
    """The truth of a sum over these members."""
    total = sum_of(world, condition["sum"], found)
    if total is None:
        return None
    listed, _, name = condition["sum"].partition(".")
    declared = fields(world, listed)[name]
    here = Spot(name, declared, Place("(sum)", "(sum)", {name: total}, {name: declared}, typed=True))
    wanted = {key: condition[key] for key in ORDERING if key in condition}
    return tested(world, scope, here, wanted)


def summed(world: World, scope: Scope, condition: Mapping[str, Plain], target: str) -> Plain:
    """The sum of `losses.amount` over the members; None if a membership or a value is unknown."""
    listed, _, _ = target.partition(".")
    return sum_of(world, target, members(world, scope, condition, listed))


def sum_of(world: World, target: str, found: Members | None) -> Plain:
    """The sum over these members; None if a membership or a value is unknown."""
    listed, _, name = target.partition(".")
    if found is None or any(truth is None for _, truth in found):
        return None
    values = [value(world, Spot(name, each.fields[name], each)) for each, truth in found if truth]
    if None in values:
        return None
    kind = fields(world, listed)[name]["type"]
    return sum(values, ZERO[kind])


ZERO: dict[str, Any] = {"count": 0, "amount": Decimal(0), "duration": timedelta(0)}


def ordering_instant(world: World, each: Place) -> datetime | None:
    """The instant by which a list is ordered."""
    name = world.declared("records")[each.list].get("ordered_by", "recorded_at")
    found: datetime | None = value(world, Spot(name, each.fields[name], each))
    return found


def _latest(world: World, scope: Scope, condition: Mapping[str, Plain]) -> Truth:
    found = members(world, scope, condition, condition["latest"])
    return _of_winner(world, scope, condition, found, latest=True)


def _earliest(world: World, scope: Scope, condition: Mapping[str, Plain]) -> Truth:
    found = members(world, scope, condition, condition["earliest"])
    return _of_winner(world, scope, condition, found, latest=False)


def _of_winner(
    world: World, scope: Scope, condition: Mapping[str, Plain], found: Members | None, *, latest: bool
) -> Truth:
    if found is None:
        return None
    possible = [(each, truth) for each, truth in found if truth is not False]
    if not possible:
        return False
    winner = winner_of(world, possible, latest=latest)
    return None if winner is None else holds(world, (*scope, winner), condition.get("has"))


def winner_of(world: World, possible: Members, *, latest: bool) -> Place | None:
    """The latest (or earliest) of the records; None while a membership, or one of several instants, is unknown."""
    if any(truth is None for _, truth in possible):
        return None
    if len(possible) == 1:
        return possible[0][0]
    timed = [(ordering_instant(world, each), number, each) for number, (each, _) in enumerate(possible)]
    known = [(at, number, each) for at, number, each in timed if at is not None]
    if len(known) < len(timed):
        return None
    return (max if latest else min)(known, key=lambda item: item[:2])[2]


Quantifier = Callable[[World, Scope, Mapping[str, Plain]], Truth]
QUANTIFIERS: dict[str, Quantifier] = {
    "some": _some,
    "every": _every,
    "none": _none,
    "count": _count,
    "sum": _sum,
    "latest": _latest,
    "earliest": _earliest,
}


# --- values that are worked out ------------------------------------------------------------------------------------------


def parameter(world: World, scope: Scope, declared: Mapping[str, Plain], stated: Plain) -> Plain:
    """The value of a parameter, or of an operand that is worked out; None while unknown."""
    if is_worked_out(stated):
        return worked_out(
            world,
            declared,
            stated,
            lambda of, part: parameter(world, scope, of, part),
            lambda condition: holds(world, scope, condition),
        )
    if (spec := acts_meant(stated)) is not None:
        return done_total(world, scope, spec, stated)
    if isinstance(stated, Mapping) and "sum" in stated:
        return summed(world, scope, stated, stated["sum"])
    for head in ("latest", "earliest"):
        if isinstance(stated, Mapping) and head in stated:
            return of_last(world, scope, stated, stated[head], latest=head == "latest")
    for head in ("count", "one_of", "each_of"):
        if isinstance(stated, Mapping) and head in stated:
            return selected(world, scope, head, stated)
    if isinstance(stated, str) and NAME.fullmatch(stated):
        return named(world, scope, stated)
    return value_of(world, declared, stated)


def of_last(world: World, scope: Scope, stated: Mapping[str, Plain], target: str, *, latest: bool) -> Plain:
    """A field of the latest (or earliest) record, or that record."""
    listed, _, name = target.partition(".")
    possible = [
        (each, truth) for each, truth in members(world, scope, stated, listed) or [] if truth is not False
    ]
    winner = winner_of(world, possible, latest=latest) if possible else None
    if winner is None:
        return None
    return value(world, Spot(name, winner.fields[name], winner)) if name else winner.record["id"]


def done_total(world: World, scope: Scope, spec: Mapping[str, Plain], stated: Mapping[str, Plain]) -> Plain:
    """How often something was done, or the sum of what the acts state."""
    found = [(each, fits(world, scope, spec, each)) for each in world.done]
    if any(truth is None for _, truth in found):
        return None
    meant = [each for each, truth in found if truth]
    if "count_done" in stated:
        return len(meant)
    name = stated["sum_done"].partition(".")[2]
    values = [each.params.get(name) for each in meant]
    if None in values:
        return None
    declared = world.declared("actions")[spec["action"]]["params"][name]
    total: Plain = timedelta() if declared["type"] == "duration" else 0
    for each in values:
        total += each
    return Decimal(total) if declared["type"] == "amount" else total


def selected(world: World, scope: Scope, head: str, stated: Mapping[str, Plain]) -> Plain:
    """How many records, the first of them, or all of them."""
    found = members(world, scope, stated, stated[head], "where" if head == "count" else "which")
    sure = [each.record["id"] for each, truth in found or [] if truth]
    if head == "one_of":
        return sure[0] if sure else None
    if found is None or any(truth is None for _, truth in found):
        return None
    return len(sure) if head == "count" else frozenset(sure)


# --- acts -------------------------------------------------------------------------------------------------------------


def act_spec(inner: Plain) -> Mapping[str, Plain]:
    """The long form of an act test."""
    return inner if isinstance(inner, Mapping) else {"action": inner}


def actions_of(world: World, named_action: Plain) -> list[str]:
    """The actions that a name, a list of names or a group stands for."""
    groups = world.declared("groups")
    return [
        action
        for name in several(named_action)
        for action in (groups[name]["actions"] if name in groups else [name])
    ]


def done(world: World, scope: Scope, inner: Plain) -> Truth:
    """Whether (so many) acts fit."""
    spec = act_spec(inner)
    fitting = [fits(world, scope, spec, each) for each in world.done]
    return between_bounds(
        {"at_least": spec.get("at_least", 1)}, fitting.count(True), len(fitting) - fitting.count(False)
    )


def fits(world: World, scope: Scope, spec: Mapping[str, Plain], each: Act) -> Truth:
    """Whether one act is meant by an act test."""
    if each.action not in actions_of(world, spec["action"]):
        return False
    truths = [
        done_by(world, spec, each),
        outcome_fits(world, spec, each),
        about_fits(world, scope, spec, each),
    ]
    truths += [TIMED[key](world, each.at, spec[key]) for key in ("newer_than", "older_than") if key in spec]
    truths += [_sides(world, scope, each, key, spec[key]) for key in ("after", "before") if key in spec]
    truths += [as_much(each.params.get(name), *wanted) for name, wanted in covering(world, scope, spec, each)]
    if "not_followed_by" in spec:
        truths.append(lonely(world, scope, act_spec(spec["not_followed_by"]), each))
    return every(truths)


def covering(
    world: World, scope: Scope, spec: Mapping[str, Plain], each: Act
) -> Iterator[tuple[str, tuple[Plain, bool]]]:
    """What an act has to say: each parameter with its value, and whether more will do; of a held step that is filled in."""
    named = dict(named_covers(world, scope, spec))
    declared = world.declared("actions")[each.action].get("params") or {}
    for name, wanted in spec.get("covers", {}).items():
        yield (
            name,
            (value(world, named[name]), declared[name]["type"] in ADDED) if name in named else wanted,
        )


def named_covers(world: World, scope: Scope, spec: Mapping[str, Plain]) -> list[tuple[str, Spot]]:
    """The parameters that have to cover a fact or field, each with where that stands."""
    covers = spec.get("covers")
    pairs = covers.items() if isinstance(covers, Mapping) else ()
    return [(name, spot(world, scope, wanted)) for name, wanted in pairs if isinstance(wanted, str)]


def as_much(said: Plain, wanted: Plain, adds_up: bool) -> Truth:
    """Whether an act is for what a step says: just that, or at least so much. One that does not say it is for anything."""
    if said is None:
        return True
    if wanted is None:
        return None
    return bool(said >= wanted) if adds_up else bool(said == wanted)


def done_by(world: World, spec: Mapping[str, Plain], each: Act) -> Truth:
    """Whether somebody of the roles did it: those named, or else those that may."""
    roles = several(spec["by"]) if "by" in spec else allowed(world, each.action)
    role = each.by.role
    allowed_to = True if not roles else None if role is None else role in roles
    return allowed_to if spec.get("whoever") else every([allowed_to, another(world, each)])


def another(world: World, each: Act) -> Truth:
    """Whether an act is by nobody whom its action bars."""
    found = list(barred(world, each))
    unreached = any(other is None and here is None for other, here in found)
    return (
        False if unreached else every([*(differ(each.by, other) for other, _ in found), the_one(world, each)])
    )


def only_party(world: World, each: Act) -> str | None:
    """The party below `by:` who alone may do it, beside the roles there."""
    names = several(world.declared("actions")[each.action].get("by", []))
    return next((name for name in names if "." in name), None)


def the_one(world: World, each: Act) -> Truth:
    """Whether an act is by the party below `by:`, or by one of the roles beside it; true if no party is named."""
    name = only_party(world, each)
    if name is None:
        return True
    roles = [role for role in several(world.declared("actions")[each.action]["by"]) if role != name]
    by_role = each.by.role in roles if each.by.role is not None else None if roles else False
    here = barred_spot(world, each, name)
    if here is None:
        return bool(by_role)
    then = named_then(world, each, name)
    other: Plain = value(world, here) if then is None else then[0]
    same = None if other is None else one_person(each.by, other)
    if same and each.by.name == each.by.role and other.name != other.role:
        same = False  # somebody of that role, and perhaps another one
    return some([by_role, same])


def differ(one: Person, other: Person | None) -> Truth:
    """Whether these are known to be two people: a role that they share does not say so."""
    return None if other is None else negated(one_person(one, other))


def barred(world: World, each: Act) -> Iterator[tuple[Person | None, Spot | None]]:
    """Those who may not do what this act did (None while nobody knows who that is), each with where the case says so."""
    declared = world.declared("actions")
    mine = declared[each.action].get("about")
    for name in several(declared[each.action].get("not_by", [])):
        if name in declared:
            same_list = mine in world.declared("records") and declared[name].get("about") == mine
            yield from ((other.by, None) for other in world.done
                        if other.action == name and other.number != each.number
                        and (not same_list or other.about == each.about)
                        and (other.at, other.order or ()) <= (each.at, each.order or ()))  # fmt: skip
        else:
            here = barred_spot(world, each, name)
            then = named_then(world, each, name) if here is not None else None
            yield (None if here is None else value(world, here)) if then is None else then[0], here


def named_then(world: World, each: Act, name: str) -> tuple[Person | None, datetime | None] | None:
    """Whom a fact, or a field of the record of an act, named when the act was done, and when that was stated, if later; None if
    that is what it names now."""
    if each.order is None:
        return None
    listed = None if name in world.declared("facts") else str(world.declared("actions")[each.action]["about"])
    field = name.rpartition(".")[2]
    stated = [
        (instant(entry["at"]), number, None if said is None else person(world, said))
        for number, entry in enumerate(world.told["history"])
        for said in stated_in(entry, name, listed, field, each.about)
    ]
    before = [who for at, number, who in stated if (at, number) <= (each.at, each.order[0])]
    if before and before[-1] is not None:
        return before[-1], None
    declared = world.declared("facts")[name] if listed is None else fields(world, listed)[field]
    if declared.get("presume") is not None:
        return person(world, declared["presume"]), None
    after = [(who, at) for at, _, who in stated[len(before) :] if who is not None]
    if not after:
        return None
    who, at = after[0]
    return (who, at) if at <= (world.seen or world.at) else (None, at)


def stated_in(
    entry: Mapping[str, Plain], name: str, listed: str | None, field: str, about: str | None
) -> list[Plain]:
    """What an entry states of a fact, or of a field of a record."""
    if listed is None:
        facts = flat(entry.get("facts") or {})
        return [facts[name]] if name in facts else []
    if listed in entry and entry[listed] is None:
        return [None]
    return [
        None if record.get("retract") else record[field]
        for record in entry.get(listed) or []
        if record["id"] == about and (record.get("retract") or field in record)
    ]


def barred_spot(world: World, each: Act, name: str) -> Spot | None:
    """Where a fact, or a field of the record of an act, stands; None where the record is not known."""
    if name in world.declared("facts"):
        return spot(world, (), name)
    listed = str(world.declared("actions")[each.action]["about"])
    found = [record for record in records(world, listed) or [] if record["id"] == each.about]
    return spot(world, (place(world, listed, found[0]),), name) if found else None


def _sides(world: World, scope: Scope, each: Act, key: str, stated: str) -> Truth:
    limit = other_instant(world, scope, stated)
    if limit is None:
        return None
    if " " in stated:  # so long before or after: nothing came at that instant
        return (each.at >= limit) is (key == "after")
    return comes_after(each, limit, brought(world, spot(world, scope, stated))) is (key == "after")


def compared_with(world: World, scope: Scope, spec: Mapping[str, Plain]) -> list[Spot]:
    """Where the instants stand with which acts are compared, and the reference to what they are about."""
    stated = [name_in(spec[key]) for key in ("since", "after", "before") if key in spec]
    stated += [spec["about"]] if spec.get("about", "any") not in SCOPES else []
    return [spot(world, scope, name) for name in stated]


def outcome_fits(world: World, spec: Mapping[str, Plain], each: Act) -> bool:
    """The outcomes named, or else those that count."""
    return each.outcome in several(spec["outcome"]) if "outcome" in spec else counts(world, each)


SCOPES = {"this", "case", "any"}


def about_fits(world: World, scope: Scope, spec: Mapping[str, Plain], each: Act) -> Truth:
    """`this` record, the whole `case`, any, or what a field refers to; by default this one inside a record of the list
    the action is about."""
    wanted = spec.get("about")
    if wanted is not None and wanted not in SCOPES:
        meant = named(world, scope, wanted)
        return False if each.about is None else None if meant is None else each.about == meant
    inside = this_record(world, scope, each.action)
    if wanted is None:
        wanted = (
            "this" if inside and world.declared("actions")[each.action].get("about") == inside.list else "any"
        )
    if wanted == "case":
        return each.about is None
    return wanted == "any" or (inside is not None and each.about == inside.record["id"])


def this_record(world: World, scope: Scope, action: str) -> Place | None:
    """The record that `this` means: the nearest of the list that the action is about, else the outermost."""
    about = world.declared("actions")[action].get("about")
    return next((inside for inside in reversed(scope) if inside.list == about), scope[0] if scope else None)


def lonely(world: World, scope: Scope, spec: Mapping[str, Plain], first: Act) -> Truth:
    """Whether the other act did not come at or after the first (within the time, which then must have passed)."""
    if "within" in spec and world.at < later(world, first.at, spec["within"]):
        return False
    return negated(some(follows(world, spec, first, each) for each in in_time(world, spec, first)))


def in_time(world: World, spec: Mapping[str, Plain], first: Act) -> list[Act]:
    """The acts that come early enough after the first to be its follow-up."""
    limit = later(world, first.at, spec["within"]) if "within" in spec else world.at
    return [
        each
        for each in world.done
        if each.number != first.number
        and comes_after(each, first.at, first.order)
        and (each.at > first.at or each.order is not None or each.number > first.number)
        and each.at <= limit
    ]


def follows(world: World, spec: Mapping[str, Plain], first: Act, each: Act) -> Truth:
    """Whether an act is the follow-up: by the roles asked for, and not about another record of the same kind."""
    if each.action not in actions_of(world, spec["action"]):
        return False
    declared = world.declared("actions")
    lists = [declared[act.action].get("about") for act in (first, each)]
    fitting = {first.about, None} if lists[1] is None else {first.about}
    elsewhere = lists[1] in {None, lists[0]} and first.about is not None and each.about not in fitting
    return every([not elsewhere, done_by(world, spec, each), outcome_fits(world, spec, each)])


def nothing_done(world: World, scope: Scope, inner: Plain) -> Truth:
    """Whether since then, and since every act that fits, so much time has passed."""
    spec = inner if isinstance(inner, Mapping) else {"for": inner}
    since = named(world, scope, spec.get("since", "case.opened_at"))
    truths = [None if since is None else older(world, since, spec["for"])]
    for each in world.done:
        meant = fits(world, scope, spec if "action" in spec else any_act(spec, each), each)
        truths.append(some([negated(meant), older(world, each.at, spec["for"])]))
    return every(truths)


def any_act(spec: Mapping[str, Plain], each: Act) -> Mapping[str, Plain]:
    """Without an action, every act is meant, by whom and about what it was, and whatever came of it."""
    anybody = {"action": each.action, "outcome": each.outcome, "about": "any", "by": [], "whoever": True}
    return {**anybody, **spec}


# --- rules and conclusions --------------------------------------------------------------------------------------------

Rule = Mapping[str, Plain]


def instances(world: World, rule: Rule) -> list[Scope] | None:
    """The scopes in which a rule is evaluated: once, or once per record; None if the list is not known."""
    if "for_each" not in rule:
        return [()]
    known = records(world, rule["for_each"])
    return None if known is None else [(place(world, rule["for_each"], record),) for record in known]


def rule_truth(world: World, rule: Rule, ruleset: Rule, scope: Scope) -> Truth:
    """`applies_while` and `when`, except where `unless` is known to hold."""
    if rule.get("unless") is not None and holds(world, scope, rule["unless"]) is True:
        return False
    parts = (((), ruleset.get("applies_while")), (scope, rule.get("when")))
    return every(holds(world, inside, condition) for inside, condition in parts)


def pending_truth(world: World, ruleset: Rule) -> Truth:
    """The truth of a rule for each record of a list that is not known: pending, once."""
    return False if holds(world, (), ruleset.get("applies_while")) is False else None


def concluded_name(world: World, rule: Rule, effect: Rule) -> str:
    """The full name of what an effect concludes: `case.lost` or `claims.finding`."""
    name: str = effect["conclude"]
    if name in world.declared("facts"):
        return name
    return f"{rule['for_each']}.{name.rpartition('.')[2]}"


def conclusion(world: World, full: str, record: Place | None) -> Plain:
    """The value of a conclusion, of the case (record None) or of a record."""
    key = (full, record.record["id"] if record else None)
    if key not in world.drawn:
        world.drawn[key] = _conclusion(world, full, record)
    return world.drawn[key]


def _conclusion(world: World, full: str, record: Place | None) -> Plain:
    for rule, _ in world.concluding:
        for effect in rule["then"]:
            if "first_that_applies" in effect and concluded_name(world, rule, effect) == full:
                return first_that_applies(world, (record,) if record else (), effect)
    declared = record.fields[full.rpartition(".")[2]] if record else world.declared("facts")[full]
    return some(concluding(world, full, record)) if declared["type"] == "flag" else None


def concluding(world: World, full: str, record: Place | None) -> Iterator[Truth]:
    """The truth of every rule that concludes a flag, in every scope in which it does."""
    for rule, ruleset in world.concluding:
        if not any("conclude" in each and concluded_name(world, rule, each) == full for each in rule["then"]):
            continue
        scopes = instances(world, rule) if record is None else [(record,)]
        if scopes is None:
            yield pending_truth(world, ruleset)
        for scope in scopes or []:
            yield rule_truth(world, rule, ruleset, scope)


def first_that_applies(world: World, scope: Scope, effect: Rule) -> str | None:
    """The first alternative that holds, else `otherwise`; unknown while one before might hold and says otherwise."""
    possible: list[str] = []
    for alternative in effect["first_that_applies"]:
        name, condition = next(iter(alternative.items()))
        truth = holds(world, scope, condition)
        possible += [name] if truth is not False else []
        if truth is True:
            break
    else:
        possible.append(effect["otherwise"])
    return possible[0] if len(set(possible)) == 1 else None


def instants_in(data: Plain) -> Iterator[datetime]:
    """Every instant that plain data holds, however deep."""
    if isinstance(data, Mapping):
        for each in data.values():
            yield from instants_in(each)
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for each in data:
            yield from instants_in(each)
    elif isinstance(data, datetime) or (isinstance(data, str) and data[4:5] == "-" and "T" in data):
        yield instant(data)
