"""What has to be found out: the first facts that leave a condition undecided, in written order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.oracle.truth import (
    ACT_HEADS,
    MODIFIERS,
    RECORD_HEADS,
    Members,
    Rule,
    Spot,
    act_spec,
    belongs,
    concluded_name,
    fits,
    holds,
    instances,
    is_head,
    members,
    nothing_done,
    operator,
    operators,
    ordering_instant,
    parts,
    present,
    refers,
    rivals,
    rule_truth,
    spot,
    sure_winner,
    value,
)
from tests.oracle.truth import link_of as link
from tests.oracle.worlds import NAME, Act, Place, Plain, Scope, World, acts

WORDS = {*RECORD_HEADS, *ACT_HEADS, "all", "any", "none", "not"}


class Need(NamedTuple):
    """A fact, a record list, or a field (`charges.amount`) of one record."""

    fact: str
    about: str | None


def undecided(world: World, scope: Scope, condition: Rule | None) -> list[Need]:
    """What leaves a condition undecided: its first undecided part does; nothing if the condition is decided."""
    if condition is None or holds(world, scope, condition) is not None:
        return []
    key = next(name for name, truth in parts(world, scope, condition) if truth is None)
    inner = condition[key]
    if is_head(key, inner):
        return in_records(world, scope, key, condition)
    if key in {"all", "any", "none"}:
        return next(
            found
            for each in inner
            if (found := undecided(world, scope, each)) or holds(world, scope, each) is None
        )
    if key == "not":
        return undecided(world, scope, inner)
    if key in {"done", "not_done", "nothing_done_for"}:
        return in_acts(world, scope, key, inner)
    return in_test(world, scope, spot(world, scope, key), inner)


def of_name(world: World, here: Spot) -> list[Need]:
    """What must be found out to know the value of a name."""
    if here.broken:
        return of_name(world, here.broken) or [Need(here.place.list, None)] if here.place else []
    if value(world, here) is not None:
        return []
    if here.declared.get("concluded"):
        return of_conclusion(world, here.full, here.place)
    if here.place and here.place.typed:
        return []
    return [Need(here.full, here.place.record["id"] if here.place else None)]


def of_conclusion(world: World, full: str, record: Place | None) -> list[Need]:
    """What leaves a conclusion undecided: the first facts of every undecided rule that concludes it."""
    found: list[Need] = []
    for rule, ruleset in world.rules():
        for effect in rule["then"]:
            if "conclude" not in effect or concluded_name(world, rule, effect) != full:
                continue
            scopes = instances(world, rule) if record is None else [(record,)]
            if scopes is None:
                found.append(Need(rule["for_each"], None))
            for scope in scopes or []:
                found += (
                    of_alternatives(world, scope, effect)
                    if "first_that_applies" in effect
                    else of_rule(world, rule, ruleset, scope)
                )
    return found


def of_alternatives(world: World, scope: Scope, effect: Rule) -> list[Need]:
    """What leaves the first undecided alternative undecided, unless one before it applies."""
    for alternative in effect["first_that_applies"]:
        condition = next(iter(alternative.values()))
        truth = holds(world, scope, condition)
        if truth is not False:
            return undecided(world, scope, condition)
    return []


def of_rule(world: World, rule: Rule, ruleset: Rule, scope: Scope) -> list[Need]:
    """What leaves a rule undecided."""
    if rule_truth(world, rule, ruleset, scope) is not None:
        return []
    if holds(world, (), ruleset.get("applies_while")) is None:
        return undecided(world, (), ruleset["applies_while"])
    return undecided(world, scope, rule.get("when"))


# --- tests ------------------------------------------------------------------------------------------------------------


def in_test(world: World, scope: Scope, here: Spot, test: Plain) -> list[Need]:
    """The value tested, else what the first undecided operator compares it with."""
    if found := of_name(world, here):
        return found
    if (
        here.declared["type"] == "party"
        and value(world, here).role is None
        and not _compares_persons(here, test)
    ):
        return [Need("parties.role", value(world, here).name)]
    for key, operand in operators(here, test).items():
        if (
            operator(world, scope, here, key, operand) is None
            and isinstance(operand, str)
            and NAME.fullmatch(operand)
        ):
            return of_name(world, spot(world, scope, operand))
    return []


def _compares_persons(here: Spot, test: Plain) -> bool:
    return set(operators(here, test)) <= {"same_as", "not_same_as", "given"}


# --- records ----------------------------------------------------------------------------------------------------------


def in_records(world: World, scope: Scope, head: str, condition: Rule) -> list[Need]:
    """The list, else every record that leaves the quantifier undecided."""
    listed = condition[head].partition(".")[0]
    found = members(world, scope, condition, listed)
    if found is None:
        return [Need(listed, None)]
    if head == "sum":
        return of_sum(world, scope, condition, found)
    if head in {"latest", "earliest"}:
        return of_winner(world, scope, condition, found, latest=head == "latest")
    needs = of_members(world, scope, condition, found)
    if head == "every":
        needs = [
            need
            for each, truth in found
            if truth is not False
            for need in _of_has(world, scope, condition, each)
        ]
    if head == "count" and "within" in condition:
        needs += [need for each, truth in found if truth is not False for need in _of_instant(world, each)]
    return needs


def of_members(world: World, scope: Scope, condition: Rule, found: Members, key: str = "where") -> list[Need]:
    """What leaves it open which records belong."""
    return [
        need
        for each, truth in found
        if truth is None
        for need in of_belonging(world, scope, condition, each, key)
    ]


def of_belonging(world: World, scope: Scope, condition: Rule, each: Place, key: str = "where") -> list[Need]:
    """What leaves it open whether one record belongs."""
    if belongs(world, scope, condition, each, key) is not None:
        return []
    if refers(world, scope, condition, each) is None:
        name = (link(scope, condition, each.list, each.fields) or ("", each))[0]
        return of_name(world, Spot(name, each.fields[name], each))
    return undecided(world, (*scope, each), condition.get(key))


def _of_has(world: World, scope: Scope, condition: Rule, each: Place) -> Iterator[Need]:
    if holds(world, (*scope, each), condition.get("has")) is not True:
        yield from of_belonging(world, scope, condition, each) or undecided(
            world, (*scope, each), condition.get("has")
        )


def _of_instant(world: World, each: Place) -> list[Need]:
    name = world.declared("records")[each.list].get("ordered_by", "recorded_at")
    return [Need(f"{each.list}.{name}", each.record["id"])] if ordering_instant(world, each) is None else []


def of_sum(world: World, scope: Scope, condition: Rule, found: Members) -> list[Need]:
    """The memberships, and the values of those that belong."""
    name = condition["sum"].partition(".")[2]
    values = [
        need for each, truth in found if truth for need in of_name(world, Spot(name, each.fields[name], each))
    ]
    return of_members(world, scope, condition, found) or values


def of_winner(world: World, scope: Scope, condition: Rule, found: Members, *, latest: bool) -> list[Need]:
    """Which record it is, else what leaves undecided what is asked of it."""
    open_ones = rivals(world, found, latest=latest)
    if open_ones:
        truths = {each.record["id"]: truth for each, truth in found}
        return [need for each in open_ones for need in (
            of_belonging(world, scope, condition, each) if truths[each.record["id"]] is None else _of_instant(world, each)
        )]  # fmt: skip
    winner = sure_winner(world, found, latest=latest)
    return undecided(world, (*scope, winner), condition.get("has")) if winner else []


# --- acts -------------------------------------------------------------------------------------------------------------


def in_acts(world: World, scope: Scope, key: str, inner: Plain) -> list[Need]:
    """The roles of those who acted, and the instants that acts are compared with."""
    if key == "nothing_done_for":
        spec = inner if isinstance(inner, dict) else {"for": inner}
        since = of_name(world, spot(world, scope, spec.get("since", "case.opened_at")))
        return since or of_roles(acts(world)) if nothing_done(world, scope, inner) is None else []
    spec = act_spec(inner)
    if any(fits(world, scope, spec, each) is None for each in acts(world)):
        compared = [
            need
            for name in ("after", "before")
            if name in spec
            for need in of_name(world, spot(world, scope, spec[name]))
        ]
        return compared or of_roles(acts(world))
    return []


def of_roles(found: Iterable[Act]) -> list[Need]:
    """The parties whose role is not known."""
    return [Need("parties.role", each.by.name) for each in found if each.by and each.by.role is None]


# --- parameters -------------------------------------------------------------------------------------------------------


def of_parameter(world: World, scope: Scope, stated: Plain) -> list[Need]:
    """What must be found out to know the value of a parameter."""
    if isinstance(stated, str) and NAME.fullmatch(stated):
        return of_name(world, spot(world, scope, stated))
    head = next(
        (
            each
            for each in ("sum", "count", "one_of", "each_of")
            if isinstance(stated, dict) and each in stated
        ),
        None,
    )
    if head is None:
        return []
    listed = stated[head].partition(".")[0]
    key = "which" if head in {"one_of", "each_of"} else "where"
    found = members(world, scope, stated, listed, key)
    if found is None:
        return [Need(listed, None)]
    if head == "sum":
        return of_sum(world, scope, stated, found)
    return of_members(world, scope, stated, found, key) or ([Need(listed, None)] if head == "one_of" else [])


def required_facts(world: World, scope: Scope, until: Rule) -> list[Need]:
    """The facts that must be given for `until` to hold, and are not."""
    found: list[Need] = []
    for key, inner in until.items():
        if key == "all":
            found += [need for each in inner for need in required_facts(world, scope, each)]
        elif key not in WORDS and not any(is_head(head, until[head]) and key in MODIFIERS for head in until):
            here = spot(world, scope, key)
            if operators(here, inner).get("given") is True and not present(world, here):
                found += not_given(world, here)
    return found


def not_given(world: World, here: Spot) -> list[Need]:
    """What must be found out so that a fact is given: also what is only presumed."""
    return of_name(world, here) or [Need(here.full, here.place.record["id"] if here.place else None)]
