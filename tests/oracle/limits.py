"""Limits in money that the policy has no amount for in the currency of the case: whether one is among what is undecided."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.needs import of_parameter
from tests.oracle.truth import (
    Rule,
    Spot,
    concluded_name,
    holds,
    instances,
    is_head,
    members,
    operator,
    operators,
    parameter,
    parts,
    rule_truth,
    spot,
    summed,
    value,
)
from tests.oracle.worked_out import OF_RECORDS, is_computed, is_worked_out, parts_of
from tests.oracle.worlds import NAME, Place, Plain, Scope, World

COMPARED = {"equals", "is_not", "in", "not_in", "at_least", "at_most", "above", "below", "between"}


def limit_open(world: World, scope: Scope, condition: Rule | None) -> bool:
    """Whether an undecided condition has such a limit among its undecided parts."""
    if condition is None or holds(world, scope, condition) is not None:
        return False
    return any(
        truth is None and in_part(world, scope, key, condition[key], condition)
        for key, truth in parts(world, scope, condition)
    )


def in_part(world: World, scope: Scope, key: str, inner: Plain, condition: Rule) -> bool:
    """Whether one undecided line of it has."""
    if is_head(key, inner):
        return in_records(world, scope, key, condition)
    if key in {"all", "any", "none"}:
        return any(limit_open(world, scope, each) for each in inner)
    if key == "not":
        return limit_open(world, scope, inner)
    if key in {"done", "not_done", "nothing_done_for"}:
        return False
    here = spot(world, scope, key)
    if value(world, here) is not None:
        limited = here.declared["type"] == "amount" and lacks(world, inner)
        return limited or in_compared(world, scope, here, inner) or in_computed(world, scope, here, inner)
    return not here.broken and bool(here.declared.get("concluded")) and in_conclusion(world, here)


def lacks(world: World, tests: Plain) -> bool:
    """Whether one of the tests of an amount compares with amounts that are none in the currency."""
    if not isinstance(tests, dict):
        return False
    if all(len(key) == 3 and key.isupper() for key in tests):
        return world.currency not in tests
    return any(
        lacks_amount(world, operand)
        for word, each in tests.items()
        if word in COMPARED
        for operand in (each if isinstance(each, list) else [each])
    )


def lacks_amount(world: World, operand: Plain) -> bool:
    """Whether an operand is amounts by currency, and not in that of the case."""
    return isinstance(operand, dict) and not is_computed(operand) and world.currency not in operand


def in_compared(world: World, scope: Scope, here: Spot, tests: Plain) -> bool:
    """Whether a conclusion that a value is compared with waits for such a limit."""
    for word, operand in operators(here, tests).items():
        if (
            isinstance(operand, str)
            and NAME.fullmatch(operand)
            and operator(world, scope, here, word, operand) is None
        ):
            other = spot(world, scope, operand)
            unknown = not other.broken and value(world, other) is None
            if unknown and other.declared.get("concluded") and in_conclusion(world, other):
                return True
    return False


def in_computed(world: World, scope: Scope, here: Spot, tests: Plain) -> bool:
    """Whether an operand that is worked out waits for the currency, or for what has such a limit."""
    for word, operand in operators(here, tests).items():
        if operator(world, scope, here, word, operand) is None:
            for each in operand if isinstance(operand, list) else [operand]:
                if is_computed(each) and parameter(world, scope, here.declared, each) is None:
                    waits = any(
                        need.fact == "currency" for need in of_parameter(world, scope, here.declared, each)
                    )
                    if waits or any(limit_open(world, *inner) for inner in inside(world, scope, each)):
                        return True
    return False


def inside(world: World, scope: Scope, stated: Plain) -> Iterator[tuple[Scope, Rule]]:
    """The conditions in a value, each with the records that it may be about."""
    if isinstance(stated, dict) and "first_that_applies" in stated:
        yield from ((scope, each["when"]) for each in stated["first_that_applies"])
        for value_ in [*(each["value"] for each in stated["first_that_applies"]), stated["otherwise"]]:
            yield from inside(world, scope, value_)
    elif is_worked_out(stated):
        for _, part in parts_of({}, stated):
            yield from inside(world, scope, part)
    elif is_computed(stated) and "where" in stated:
        listed = next(stated[head] for head in OF_RECORDS if head in stated).partition(".")[0]
        for each, truth in members(world, scope, stated, listed) or []:
            if truth is not False:
                yield (*scope, each), stated["where"]


def in_records(world: World, scope: Scope, head: str, condition: Rule) -> bool:
    """Whether a test on records has: in what is asked of one of them, or of their sum."""
    listed = condition[head].partition(".")[0]
    for each, truth in members(world, scope, condition, listed) or []:
        inner = (*scope, each)
        if truth is not False and any(
            limit_open(world, inner, condition.get(key)) for key in ("where", "has")
        ):
            return True
    if head != "sum" or summed(world, scope, condition, condition[head]) is None:
        return False
    return any(lacks_amount(world, operand) for key, said in condition.items() if key in COMPARED
               for operand in (said if isinstance(said, list) else [said]))  # fmt: skip


def in_conclusion(world: World, here: Spot) -> bool:
    """Whether what a conclusion waits for has."""
    return any(
        in_concluding(world, rule, ruleset, effect, scope)
        for rule, ruleset in world.rules
        for effect in rule["then"]
        if "conclude" in effect and concluded_name(world, rule, effect) == here.full
        for scope in scopes(world, rule, here.place)
    )


def scopes(world: World, rule: Rule, place: Place | None) -> list[Scope]:
    """Where a rule may conclude it."""
    return list(instances(world, rule) or []) if place is None else [(place,)]


def in_concluding(world: World, rule: Rule, ruleset: Rule, effect: Rule, scope: Scope) -> bool:
    """Whether what one rule that concludes waits for has."""
    if "first_that_applies" not in effect:
        return in_rule(world, rule, ruleset, scope)
    for alternative in effect["first_that_applies"]:
        for condition in alternative.values():
            if limit_open(world, scope, condition):
                return True
            if holds(world, scope, condition) is True:
                return False
    return False


def in_rule(world: World, rule: Rule, ruleset: Rule, scope: Scope) -> bool:
    """Whether what leaves a rule undecided has."""
    if rule_truth(world, rule, ruleset, scope) is not None:
        return False
    return limit_open(world, (), ruleset.get("applies_while")) or limit_open(world, scope, rule.get("when"))


def leaves_open(world: World, name: str, scope: Scope) -> bool:
    """Whether what leaves a rule, or one that overrides it, undecided has."""
    return any(
        in_rule(world, rule, ruleset, scope)
        for rule, ruleset in world.rules
        if rule["id"] == name or name in rule.get("overrides", [])
    )
