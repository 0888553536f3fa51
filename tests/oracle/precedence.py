"""Which of two rules has the last word about one step: read side by side, line by line, from the plain data."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from escalation_rules.calendar import Duration
from tests.oracle.truth import ORDERING, Rule, act_spec, is_head
from tests.oracle.worked_out import is_computed
from tests.oracle.worlds import NAME, START, Plain, World, comparable, several, value_of

BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}
UP, DOWN = ("at_least", "above"), ("at_most", "below")
BARE = {
    "given": {"given": True},
    "not given": {"given": False},
    "passed": {"passed": True},
    "not passed": {"passed": False},
}
TESTS = (*ORDERING, "in", "not_in")


def last_word(world: World, names: set[str]) -> set[str]:
    """Those of the rules over which none of the others has the last word."""
    rules = {rule["id"]: (rule, ruleset) for rule, ruleset in world.rules}
    beaten = {
        low
        for low in names
        if any(high != low and outranks(world, *rules[high], *rules[low]) for high in names)
    }
    return names - beaten or names


def outranks(world: World, one: Rule, of_one: Rule, other: Rule, of_other: Rule) -> bool:
    """Whether one rule escalates the other, or is the narrower one."""
    if escalates(world, one, other):
        return True
    if escalates(world, other, one):
        return False
    there, back = (
        narrower(world, one, of_one, other, of_other),
        narrower(world, other, of_other, one, of_one),
    )
    return there and not back


def escalates(world: World, one: Rule, other: Rule) -> bool:
    """Whether a rule names another one, or one that does."""
    rules = {rule["id"]: rule for rule, _ in world.rules}
    return any(
        name == other["id"] or escalates(world, rules[name], other)
        for name in several(one.get("escalates", []))
    )


def narrower(world: World, one: Rule, of_one: Rule, other: Rule, of_other: Rule) -> bool:
    """Whether each line of the other rule is there in the one, the same or stricter, and its exception is no wider."""
    if other.get("for_each") != one.get("for_each"):
        return False
    here = Side(world, one.get("for_each"))
    mine = [each for each in (of_one.get("applies_while"), one.get("when")) if each]
    its = [each for each in (of_other.get("applies_while"), other.get("when")) if each]
    if other.get("unless") and not (one.get("unless") and implies(here, other["unless"], one["unless"])):
        return False
    return implies(here, {"all": mine}, {"all": its})


class Side:
    """Where the conditions of two rules stand: in the case, in a record of a list, or in one inside that."""

    def __init__(self, world: World, listed: str | None, outer: Side | None = None) -> None:
        self.world, self.listed, self.outer = world, listed, outer

    def inside(self, listed: str) -> Side:
        return Side(self.world, listed, self)

    def full(self, name: str) -> str:
        """A field of the innermost record with the word for it in front."""
        return name if "." in name else f"{self.world.declared('records')[self.listed or '']['each']}.{name}"

    def declared(self, name: str) -> Plain:
        """What a name is declared as; None where it leads to another record."""
        if name in self.world.declared("facts"):
            return self.world.declared("facts")[name]
        head, _, tail = self.full(name).partition(".")
        place: Side | None = self
        while place is not None and place.listed is not None:
            listed = self.world.declared("records")[place.listed]
            if listed["each"] == head and tail in listed["fields"]:
                return listed["fields"][tail]
            place = place.outer
        return None


def implies(here: Side, one: Rule, other: Rule) -> bool:
    """Whether each line of the other condition follows from a line of the one."""
    return all(
        any(line_implies(here, mine, its) for mine in lines(one)) or _splits(here, one, its)
        for its in lines(other)
    )


def _splits(here: Side, one: Rule, its: Rule) -> bool:
    """Whether an `any` of several lines follows from one of those (a mapping of lines inside `any` is one thing)."""
    return "any" in its and any(implies(here, one, each) for each in its["any"])


def lines(condition: Rule) -> Iterator[Rule]:
    """The lines of a mapping and of its `all`, each a mapping of its own; a test on records with what belongs to it."""
    head = next((key for key, each in condition.items() if is_head(key, each)), None)
    belongs = {"where", "has", "of", "within", *TESTS} if head else set()
    for key, inner in condition.items():
        if key == "all":
            for each in inner:
                yield from lines(each)
        elif key == head:
            yield {head: inner, **{each: condition[each] for each in condition if each in belongs}}
        elif key not in belongs:
            yield from (
                ({key: {name: each}} for name, each in tests(inner).items())
                if _is_test(key)
                else [{key: inner}]
            )


def _is_test(key: str) -> bool:
    return key not in {"any", "none", "not", "done", "not_done", "nothing_done_for", "during"}


def tests(inner: Plain) -> dict[str, Plain]:
    """What is said of a value: operators with what they compare with, the two ends of a range each by itself."""
    if not isinstance(inner, Mapping) or (inner and all(key.isupper() for key in inner)):
        return BARE.get(inner, {"equals": inner}) if isinstance(inner, str) else {"equals": inner}
    found: dict[str, Plain] = {}
    for key, each in inner.items():
        if key == "between":
            found |= {f"at_least {len(found)}": each[0], f"at_most {len(found)}": each[1]}
        elif key == "elapsed_between":
            found |= {f"older_than {len(found)}": each[0], f"newer_than {len(found)}": each[1]}
        else:
            found[key] = each
    return found


def normal(data: Plain) -> Plain:
    """A condition with its tests in their long form."""
    if isinstance(data, list):
        return [normal(each) for each in data]
    if not isinstance(data, Mapping):
        return data
    inner = {"where", "has", "of", "within", "for", "since", "action", "by", "about", "outcome", *TESTS}
    named = {
        key for key, each in data.items() if _is_test(key) and key not in inner and not is_head(key, each)
    }
    return {key: tests(each) if key in named and key != "all" else normal(each) for key, each in data.items()}


def line_implies(here: Side, one: Rule, other: Rule) -> bool:
    """Whether one line follows from another one."""
    (key, mine), (word, its) = next(iter(one.items())), next(iter(other.items()))
    if key == "any":
        return all(implies(here, each, other) for each in mine)
    if word == "any":
        return key == word and one == other
    if is_head(key, mine) or is_head(word, its):
        return is_head(key, mine) and is_head(word, its) and records_imply(here, one, other)
    if not _is_test(key) or not _is_test(word):
        return key == word and acts_imply(key, mine, its)
    if here.full(key) != here.full(word):
        return False
    ((mine_op, mine_value),) = mine.items()
    ((its_op, its_value),) = its.items()
    return test_implies(
        here, here.declared(key), (mine_op.split()[0], mine_value), (its_op.split()[0], its_value)
    )


def records_imply(here: Side, one: Rule, other: Rule) -> bool:
    """Tests on the records of one list: the same but for the numbers, or for what `some` asks of them."""
    head = next(key for key, each in one.items() if is_head(key, each))
    if normal(one) == normal(other):
        return True
    if (
        one.get(head) != other.get(head)
        or "every" in one
        or "latest" in one
        or "earliest" in one
        or "none" in one
    ):
        return False
    loose = {"where"} if head == "some" else set(TESTS)
    if {key: each for key, each in one.items() if key not in loose} != {
        key: each for key, each in other.items() if key not in loose
    }:
        return False
    if head == "some":
        inner = here.inside(one[head])
        return "where" not in other or ("where" in one and implies(inner, one["where"], other["where"]))
    declared = {"type": "count"}
    if head == "sum":
        listed, _, field = one[head].partition(".")
        declared = here.world.declared("records")[listed]["fields"][field]
    mine, its = (tests({key: each for key, each in line.items() if key in TESTS}) for line in (one, other))
    return all(
        any(test_implies(here, declared, (a.split()[0], x), (b.split()[0], y)) for a, x in mine.items())
        for b, y in its.items()
    )


def acts_imply(head: str, mine: Plain, its: Plain) -> bool:
    """Tests on acts: the same but for how often and how long ago. `none` and `not`: only the same."""
    if head in {"none", "not", "during"}:
        return bool(normal(mine) == normal(its))
    one, other = (act_spec(each) if head != "nothing_done_for" else _silence(each) for each in (mine, its))
    if head == "not_done":
        return bool(one == other)
    if head == "nothing_done_for":
        return {**one, "for": 0} == {**other, "for": 0} and no_shorter(one["for"], other["for"])
    loose = {"at_least", "older_than", "newer_than"}
    rest = [{key: each for key, each in spec.items() if key not in loose} for spec in (one, other)]
    old = "older_than" not in other or (
        "older_than" in one and no_shorter(one["older_than"], other["older_than"])
    )
    new = "newer_than" not in other or (
        "newer_than" in one and no_shorter(other["newer_than"], one["newer_than"])
    )
    return rest[0] == rest[1] and one.get("at_least", 1) >= other.get("at_least", 1) and old and new


def _silence(inner: Plain) -> dict[str, Plain]:
    return dict(inner) if isinstance(inner, Mapping) else {"for": inner}


# --- tests of one value -----------------------------------------------------------------------------------------------


def test_implies(here: Side, declared: Plain, mine: tuple[str, Plain], its: tuple[str, Plain]) -> bool:
    """Whether whatever passes one test passes the other, for literals and lengths of time."""
    (one, a), (other, b) = mine, its
    if one == other and a == b:
        return True
    if one == "overdue_after" and (other == one or (other == "older_than" and Duration.parse(a).is_elapsed)):
        return no_shorter(a, b)
    if one in {"older_than", "coming_within"} and one == other:
        return no_shorter(a, b) if one == "older_than" else no_shorter(b, a)
    if one == other == "newer_than":
        return no_shorter(b, a)
    if declared is None or not _literal(declared, one, a) or not _literal(declared, other, b):
        return False
    if one in {"is_not", "not_in"} and other in {"is_not", "not_in"}:
        return all(each in _listed(one, a) for each in _listed(other, b))
    if one in {"equals", "in"}:
        return all(
            _passes(here, declared, value, currency, other, b)
            for each in _listed(one, a)
            for currency, value in by_currency(here, declared, each).items()
        )
    if (one in UP and other in UP) or (one in DOWN and other in DOWN):
        return all(
            _reaches(one, value, other, _in(by_currency(here, declared, b), currency))
            for currency, value in by_currency(here, declared, a).items()
        )
    return False


def _reaches(one: str, value: Plain, other: str, bound: Plain) -> bool:
    if bound is None:
        return False
    return BOUNDS[other](value, bound) or (one in {"above", "below"} and value == bound)


def _passes(
    here: Side, declared: Plain, value: Plain, currency: str | None, other: str, operand: Plain
) -> bool:
    bounds = [_in(by_currency(here, declared, each), currency) for each in _listed(other, operand)]
    if other in {"equals", "in"}:
        return value in [each for each in bounds if each is not None]
    if None in bounds:
        return False
    return BOUNDS[other](value, bounds[0]) if other in BOUNDS else value not in bounds


def _listed(word: str, operand: Plain) -> list[Plain]:
    return list(operand) if word in {"in", "not_in"} else [operand]


def _literal(declared: Plain, word: str, operand: Plain) -> bool:
    """Whether an operator compares with values that are written in the policy."""
    if word not in {*BOUNDS, "equals", "is_not", "in", "not_in"}:
        return False
    return not is_computed(operand) and not (
        word in BOUNDS and isinstance(operand, str) and NAME.fullmatch(operand)
    )


def by_currency(here: Side, declared: Plain, raw: Plain) -> dict[str | None, Plain]:
    """What a literal is, in each currency or (None) in any."""
    if declared["type"] == "amount":
        return (
            {key: Decimal(str(each)) for key, each in raw.items()}
            if isinstance(raw, Mapping)
            else {None: Decimal(str(raw))}
        )
    return {None: comparable(declared, value_of(here.world, declared, raw))}


def _in(found: Mapping[str | None, Plain], currency: str | None) -> Plain:
    return found.get(currency, found.get(None))


PARTS = {
    "week": {"day"},
    "month": {"day"},
    "quarter": {"day", "month"},
    "year": {"day", "month", "quarter"},
}
"""The periods that never lie in two of another."""


def no_shorter(one: str, other: str) -> bool:
    """Whether one length of time is never over before the other."""
    if one.startswith(START) or other.startswith(START):
        (mine, _, where), (its, _, there) = (
            each.removeprefix(START).partition(" in ") for each in (one, other)
        )
        return where == there and (mine == its or its in PARTS.get(mine, ()))
    first, second = (Duration.parse(each) for each in (one, other))
    if first.is_elapsed and second.is_elapsed:
        return first.as_timedelta() >= second.as_timedelta()
    if first.calendar != second.calendar:
        return False
    minutes = {"working_minute": 1, "working_hour": 60}
    if first.unit in minutes and second.unit in minutes:
        return first.amount * minutes[first.unit] >= second.amount * minutes[second.unit]
    return first.unit == second.unit and first.amount >= second.amount
