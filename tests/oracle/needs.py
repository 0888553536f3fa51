"""What has to be found out: the first facts that leave a condition undecided, in written order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from tests.oracle import open_steps
from tests.oracle.truth import (
    ACT_HEADS,
    MODIFIERS,
    ORDERING,
    RECORD_HEADS,
    Members,
    Rule,
    Spot,
    act_spec,
    any_act,
    barred,
    barred_spot,
    belongs,
    compared_with,
    concluded_name,
    differ,
    done_by,
    fits,
    follows,
    holds,
    in_time,
    instances,
    is_head,
    members,
    name_in,
    named_covers,
    named_then,
    older,
    only_party,
    operator,
    operators,
    parameter,
    parts,
    pending_truth,
    present,
    refers,
    rule_truth,
    spot,
    the_one,
    value,
    winner_of,
)
from tests.oracle.truth import link_of as link
from tests.oracle.worked_out import acts_meant, is_computed, is_worked_out, parts_of
from tests.oracle.worlds import (
    NAME,
    Act,
    Person,
    Place,
    Plain,
    Scope,
    Truth,
    World,
    allowed,
    given_fact,
    names,
    several,
)

WORDS = {*RECORD_HEADS, *ACT_HEADS, "all", "any", "none", "not", "during"}


class Need(NamedTuple):
    """A fact, a record list, or a field (`charges.amount`) of one record."""

    fact: str
    about: str | None


def undecided(world: World, scope: Scope, condition: Rule | None) -> list[Need]:
    """What leaves a condition undecided: its first undecided part does; nothing if the condition is decided."""
    if condition is None or holds(world, scope, condition) is not None:
        return []
    for key, truth in parts(world, scope, condition):
        if truth is None and (found := of_part(world, scope, key, condition[key], condition)):
            return found
    return []


def of_part(world: World, scope: Scope, key: str, inner: Plain, condition: Rule) -> list[Need]:
    """What leaves one undecided entry of a condition undecided."""
    if is_head(key, inner):
        return in_records(world, scope, key, condition)
    if key in open_steps.HEADS:
        return of_name(world, spot(world, scope, inner["about"]))
    if key in {"all", "any", "none"}:
        return first(undecided(world, scope, each) for each in inner)
    if key == "not":
        return undecided(world, scope, inner)
    if key == "during":
        return []
    if key in {"done", "not_done", "nothing_done_for"}:
        return in_acts(world, scope, key, inner)
    return in_test(world, scope, spot(world, scope, key), inner)


def first(found: Iterable[list[Need]]) -> list[Need]:
    """The first that is not empty."""
    return next(filter(None, found), [])


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
    for rule, ruleset in world.rules:
        for effect in rule["then"]:
            if "conclude" in effect and concluded_name(world, rule, effect) == full:
                for scope in (instances(world, rule) if record is None else [(record,)]) or [None]:
                    found += of_concluding(world, rule, ruleset, effect, scope)
    return found


def of_concluding(world: World, rule: Rule, ruleset: Rule, effect: Rule, scope: Scope | None) -> list[Need]:
    """What one rule that concludes waits for; None stands for the records of an unknown list, or for none."""
    if scope is None:
        return of_pending(world, rule, ruleset) if instances(world, rule) is None else []
    if "first_that_applies" in effect:
        return of_alternatives(world, scope, effect)
    return of_rule(world, rule, ruleset, scope)


def of_pending(world: World, rule: Rule, ruleset: Rule) -> list[Need]:
    """What a rule for each record of an unknown list waits for: `applies_while`, then the list."""
    if pending_truth(world, ruleset) is False:
        return []
    return undecided(world, (), ruleset.get("applies_while")) or [Need(rule["for_each"], None)]


def of_alternatives(world: World, scope: Scope, effect: Rule) -> list[Need]:
    """What leaves the first undecided alternative undecided."""
    return first(undecided(world, scope, next(iter(each.values()))) for each in effect["first_that_applies"])


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
    for key, operand in operators(here, test).items():
        if operator(world, scope, here, key, operand) is None:
            needs = (
                of_operand(
                    world, scope, here.declared, name_in(operand) if key in {"after", "before"} else operand
                )
                or of_other(world, scope, key, operand)
                or of_role(value(world, here))
            )
            if needs:
                return needs
    return []


def of_role(known: Plain) -> list[Need]:
    """The role of a party, if that is not known."""
    return [Need("parties.role", known.name)] if isinstance(known, Person) and known.role is None else []


def of_other(world: World, scope: Scope, key: str, operand: Plain) -> list[Need]:
    """The role of the person compared with, if that is not known."""
    return of_role(value(world, spot(world, scope, operand))) if key in {"same_as", "not_same_as"} else []


def of_operand(world: World, scope: Scope, declared: Rule, operand: Plain) -> list[Need]:
    """The name that a value is compared with, or the currency that says which amount is meant."""
    if isinstance(operand, list) and any(map(is_computed, operand)):
        return first(of_operand(world, scope, declared, each) for each in operand)
    if is_computed(operand):
        return of_parameter(world, scope, declared, operand)
    if isinstance(operand, str) and NAME.fullmatch(operand):
        return of_name(world, spot(world, scope, operand))
    amounts = [each for each in several(operand) if isinstance(each, dict)]
    return [Need("currency", None)] if any(world.currency not in each for each in amounts) else []


# --- records ----------------------------------------------------------------------------------------------------------


def in_records(world: World, scope: Scope, head: str, condition: Rule) -> list[Need]:
    """The list, else the first record that leaves the quantifier undecided."""
    listed = condition[head].partition(".")[0]
    found = members(world, scope, condition, listed)
    if found is None:
        return [Need(listed, None)]
    possible = [(each, truth) for each, truth in found if truth is not False]
    if head == "every":
        return first(of_having(world, scope, condition, each) for each, _ in possible)
    belonging = of_members(world, scope, condition, possible)
    if head == "sum":
        values = of_values(world, condition["sum"].partition(".")[2], possible)
        return (
            belonging
            or values
            or first(of_operand(world, scope, {}, condition[key]) for key in ORDERING if key in condition)
        )
    if head in {"latest", "earliest"}:
        winner = winner_of(world, possible, latest=head == "latest")
        having = undecided(world, (*scope, winner), condition.get("has")) if winner else []
        return belonging or having or first(of_instant(world, each) for each, _ in possible)
    return belonging or (
        first(of_instant(world, each) for each, _ in possible) if "within" in condition else []
    )


def of_members(world: World, scope: Scope, condition: Rule, found: Members, key: str = "where") -> list[Need]:
    """What leaves it open which records belong: the first of which it is open."""
    return first(of_belonging(world, scope, condition, each, key) for each, truth in found if truth is None)


def of_belonging(world: World, scope: Scope, condition: Rule, each: Place, key: str = "where") -> list[Need]:
    """What leaves it open whether one record belongs."""
    if belongs(world, scope, condition, each, key) is not None:
        return []
    if refers(world, scope, condition, each) is None:
        name = (link(scope, condition, each.list, each.fields) or ("", each))[0]
        return of_name(world, Spot(name, each.fields[name], each))
    return undecided(world, (*scope, each), condition.get(key))


def of_having(world: World, scope: Scope, condition: Rule, each: Place) -> list[Need]:
    """What leaves it open whether one record, if it belongs, has what is asked of it."""
    inner = (*scope, each)
    if holds(world, inner, condition.get("has")) is True:
        return []
    return of_belonging(world, scope, condition, each) or undecided(world, inner, condition.get("has"))


def of_instant(world: World, each: Place) -> list[Need]:
    """The instant by which a record is ordered."""
    name = world.declared("records")[each.list].get("ordered_by", "recorded_at")
    return of_name(world, Spot(name, each.fields[name], each))


def of_values(world: World, name: str, found: Members) -> list[Need]:
    """The first value that is missing from a sum."""
    return first(of_name(world, Spot(name, each.fields[name], each)) for each, _ in found)


# --- acts -------------------------------------------------------------------------------------------------------------


def in_acts(world: World, scope: Scope, key: str, inner: Plain) -> list[Need]:
    """The instants that acts are compared with, else the role of the first doer on whom it depends."""
    spec: Rule = {"for": inner} if isinstance(inner, str) and key == "nothing_done_for" else act_spec(inner)
    if key == "nothing_done_for":
        spec = {"since": "case.opened_at", **spec}
    compared = compared_with(world, scope, spec)
    recent = [each for each in world.done if "for" not in spec or not older(world, each.at, spec["for"])]
    return first(of_name(world, each) for each in compared) or first(
        of_act(world, scope, spec, each) for each in recent
    )


def of_act(world: World, scope: Scope, spec: Rule, each: Act) -> list[Need]:
    """The role on which it depends whether an act is meant: that of its doer, or of who may have followed."""
    if fits(world, scope, spec if "action" in spec else any_act(spec, each), each) is not None:
        return []
    if done_by(world, spec if "action" in spec else any_act(spec, each), each) is None:
        found = of_doer(world, spec, each)
        if found:
            return found
    for name, here in named_covers(world, scope, spec):
        if value(world, here) is None and each.params.get(name) is not None:
            return of_name(world, here)
    if "not_followed_by" not in spec:
        return []  # what the held step does not say yet
    other = act_spec(spec["not_followed_by"])
    return first(
        of_doer(world, other, later)
        for later in in_time(world, other, each)
        if follows(world, other, each, later) is None
    )


def of_doer(world: World, spec: Rule, each: Act) -> list[Need]:
    """The role of a doer; if that is no question, who is barred, as far as the case may say it."""
    roles = several(spec["by"]) if "by" in spec else allowed(world, each.action)
    if roles and each.by.role is None:
        return of_role(each.by)
    for other, here in barred(world, each):
        if other is None:
            return of_name(world, here) if here is not None else []  # of which record it was is not known
        if differ(each.by, other) is None:
            return of_role(each.by) or of_role(other)
    return of_the_one(world, each) if the_one(world, each) is None else []


def of_the_one(world: World, each: Act) -> list[Need]:
    """Who alone may do it, else the role that says whether this was that party, or one of the roles beside it."""
    here = barred_spot(world, each, only_party(world, each) or "")
    if here is None:
        return []
    then = named_then(world, each, only_party(world, each) or "")
    other = value(world, here) if then is None else then[0]
    return of_name(world, here) if other is None else of_role(each.by) or of_role(other)


# --- parameters -------------------------------------------------------------------------------------------------------


def of_total(world: World, scope: Scope, spec: Rule, stated: Rule) -> list[Need]:
    """The first act of which it is not known whether it is meant, else the first that does not state the parameter."""
    found = [(each, fits(world, scope, spec, each)) for each in world.done]
    compared = compared_with(world, scope, spec)
    needs = first(
        first(of_name(world, here) for here in compared) or of_act(world, scope, spec, each)
        for each, truth in found
        if truth is None
    )
    name = stated.get("sum_done", "").partition(".")[2]
    lacking = [each for each, truth in found if truth is not False and name and each.params.get(name) is None]
    return needs or [Need(f"{each.action}.{name}", each.about) for each in lacking[:1]]


def of_parameter(world: World, scope: Scope, declared: Rule, stated: Plain) -> list[Need]:
    """What must be found out to know the value of a parameter."""
    if isinstance(stated, dict) and "first_that_applies" in stated:
        known = parameter(world, scope, declared, stated) is not None
        return [] if known else of_first_value(world, scope, declared, stated)
    if is_worked_out(stated):
        parts = [*parts_of(declared, stated), *([(declared, stated["to"])] if "round" in stated else [])]
        return first(of_parameter(world, scope, of, part) for of, part in parts)
    if isinstance(stated, str) and NAME.fullmatch(stated):
        return of_name(world, spot(world, scope, stated))
    if (spec := acts_meant(stated)) is not None:
        return of_total(world, scope, spec, stated)
    head = next(
        (
            each
            for each in ("sum", "count", "latest", "earliest", "one_of", "each_of")
            if isinstance(stated, dict) and each in stated
        ),
        None,
    )
    if head is None:
        return of_operand(world, scope, declared, stated)
    listed = stated[head].partition(".")[0]
    key = "which" if head in {"one_of", "each_of"} else "where"
    found = members(world, scope, stated, listed, key)
    if found is None:
        return [Need(listed, None)]
    possible = [(each, truth) for each, truth in found if truth is not False]
    belonging = of_members(world, scope, stated, possible, key)
    if head == "sum":
        return belonging or of_values(world, stated["sum"].partition(".")[2], possible)
    if head in {"latest", "earliest"} and possible and not belonging:
        winner = winner_of(world, possible, latest=head == "latest")
        undated = [] if winner else first(of_instant(world, each) for each, _ in possible)
        return undated or of_values(world, stated[head].partition(".")[2], [(winner, True)] if winner else [])
    return belonging or ([Need(listed, None)] if head in {"one_of", "latest", "earliest"} else [])


def of_first_value(world: World, scope: Scope, declared: Rule, stated: Rule) -> list[Need]:
    """The condition that leaves it undecided which value is the first, or what that value waits for."""
    for each in stated["first_that_applies"]:
        truth = holds(world, scope, each["when"])
        if truth is None:
            return undecided(world, scope, each["when"])
        if truth:
            return of_parameter(world, scope, declared, each["value"])
    return of_parameter(world, scope, declared, stated["otherwise"])


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


# --- presumptions -----------------------------------------------------------------------------------------------------


def presumptions(world: World) -> list[str]:
    """The facts that are only presumed, and are to be confirmed."""
    return [
        name
        for name, each in world.declared("facts").items()
        if each.get("confirm") and given_fact(world, name) is None
    ]


def other_values(world: World, fact: str) -> list[Plain]:
    """What a fact could be, other than what is presumed."""
    declared = world.declared("facts")[fact]
    values = [True, False] if declared["type"] == "flag" else names(declared["values"])
    return [each for each in values if each != declared["presume"]]


def truth_with(world: World, fact: str, known: Plain, name: str, scope: Scope | None) -> Truth:
    """The truth of a rule if a fact was known to have a value."""
    learned = {key: each for key, each in world.learned.items() if key != (fact,)}
    facts = {**world.case.get("facts", {}), fact: known}
    other = replace(world, case={**world.case, "facts": facts}, learned=learned)
    rule, ruleset = next(pair for pair in world.rules if pair[0]["id"] == name)
    return pending_truth(other, ruleset) if scope is None else rule_truth(other, rule, ruleset, scope)
