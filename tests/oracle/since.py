"""Since when something has been known to hold, or not to: from the words of SEMANTICS, condition by condition.

None: from the start, or nobody can say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial

from tests.oracle import needs, open_steps
from tests.oracle.times import turned
from tests.oracle.truth import (
    Rule,
    Spot,
    act_spec,
    actions_of,
    any_act,
    barred_spot,
    belongs,
    compared_with,
    concluded_name,
    count_truth,
    done,
    fits,
    follows,
    holds,
    in_time,
    instances,
    is_head,
    link_of,
    members,
    modifiers,
    name_in,
    named_covers,
    named_then,
    nothing_done,
    only_party,
    operator,
    operators,
    parts,
    pending_truth,
    refers,
    rule_truth,
    spot,
    sum_truth,
    until,
    value,
    winner_of,
)
from tests.oracle.worked_out import acts_meant, is_computed, is_worked_out, parts_of
from tests.oracle.worlds import (
    NAME,
    Act,
    Place,
    Plain,
    Scope,
    Truth,
    World,
    given_fact,
    given_field,
    instant,
    lapsed_fact,
    lapsed_field,
    later,
    length,
    passed,
    place,
    records,
    several,
)

Moment = datetime | None


def last(moments: Iterable[Moment]) -> Moment:
    """The last; None is the start of all time."""
    return max((each for each in moments if each is not None), default=None)


def first(moments: Iterable[Moment]) -> Moment:
    """The first; None is the start of all time."""
    found = list(moments)
    return None if None in found or not found else min(each for each in found if each is not None)


def joint(found: Iterable[tuple[Truth, Callable[[], Moment]]], settling: bool) -> Moment:
    """Of parts of which one that is `settling` decides the whole: the first of these, else the last of all."""
    all_parts = list(found)
    settled = [since() for truth, since in all_parts if truth is settling]
    if settled:
        return first(settled)
    return None if any(truth is None for truth, _ in all_parts) else last(since() for _, since in all_parts)


# --- conditions -------------------------------------------------------------------------------------------------------


def since(world: World, scope: Scope, condition: Mapping[str, Plain] | None) -> Moment:
    """Since when a condition has been as true as it is."""
    stated = condition or {}
    found = [
        (truth, partial(of_part, world, scope, key, stated)) for key, truth in parts(world, scope, stated)
    ]
    return joint(found, settling=False)


def of_part(world: World, scope: Scope, key: str, condition: Mapping[str, Plain]) -> Moment:
    """Of one entry of a condition."""
    inner = condition[key]
    if is_head(key, inner):
        return QUANTIFIED[key](world, scope, condition)
    if key in {"all", "any", "none"}:
        found = [(holds(world, scope, each), partial(since, world, scope, each)) for each in inner]
        return joint(found, settling=key != "all")
    if key == "not":
        return since(world, scope, inner)
    if key in {"done", "not_done"}:
        return of_done(world, scope, act_spec(inner))
    if key == "nothing_done_for":
        return of_nothing(world, scope, inner)
    if key == "during":
        return turned(world, inner)
    if key in open_steps.HEADS:
        spec = {"action": act_spec(inner)["action"]}
        acts = [each for each in world.done if fits(world, scope, spec, each)]
        return open_steps.late_since(world, scope, key, inner, acts)
    here = spot(world, scope, key)
    found = []
    for word, operand in operators(here, inner).items():
        truth = operator(world, scope, here, word, operand)
        found.append((truth, partial(of_test, world, scope, here, word, operand)))
    return joint(found, settling=False)


def of_test(world: World, scope: Scope, here: Spot, word: str, operand: Plain) -> Moment:
    """Of one operator: the value was learned, its limit was, and time made the test come out so."""
    if word == "given":
        there = operator(world, scope, here, word, True)
        return of_value(world, here) if there or not here.declared.get("concluded") else None
    limits = operand if isinstance(operand, list) else [operand]
    compared = [
        of_value(world, spot(world, scope, name_in(each))) for each in limits if is_compared(word, each)
    ]
    compared += [of_stated(world, scope, each) for each in limits if is_computed(each)]
    return last([of_value(world, here), *compared, *turns(world, value(world, here), word, operand)])


def is_compared(word: str, operand: Plain) -> bool:
    """Whether the operand names another fact or field."""
    if word in {"after", "before", "same_as", "not_same_as"}:
        return True
    ordering = {"at_least", "at_most", "above", "below", "between"}
    return word in ordering and isinstance(operand, str) and bool(NAME.fullmatch(operand))


def of_stated(world: World, scope: Scope, stated: Plain) -> Moment:
    """Since when everything that a value is worked out from has been as it is."""
    if isinstance(stated, Mapping) and "first_that_applies" in stated:
        return of_first(world, scope, stated)
    if is_worked_out(stated):
        return last(of_stated(world, scope, part) for _, part in parts_of({}, stated))
    if isinstance(stated, str) and NAME.fullmatch(stated):
        return of_value(world, spot(world, scope, stated))
    if not is_computed(stated):
        return None
    if (spec := acts_meant(stated)) is not None:
        named = [each for each in world.done if each.action in actions_of(world, spec["action"])]
        return last(at for each in named for at in of_meant(world, scope, spec, each))
    if "latest" in stated or "earliest" in stated:
        return of_last(world, scope, stated)
    listed, _, name = (stated.get("sum") or stated["count"]).partition(".")
    found = comings(world, scope, stated, listed)
    learned = [of_field(world, each, name) for _, each, comes in found if comes and name]
    return last([*(at for at, _, _ in found), *learned])


def of_last(world: World, scope: Scope, stated: Rule) -> Moment:
    """The record came to be meant, and its field was learned."""
    head = "latest" if "latest" in stated else "earliest"
    listed, _, name = stated[head].partition(".")
    possible = [
        (each, truth) for each, truth in members(world, scope, stated, listed) or [] if truth is not False
    ]
    winner = winner_of(world, possible, latest=head == "latest") if possible else None
    if winner is None:
        return None
    learned = [of_field(world, winner, name)] if name else []
    return last([of_belonging(world, scope, stated, winner), *learned])


def of_meant(world: World, scope: Scope, spec: Rule, each: Act) -> list[Moment]:
    """Since when an act has been meant or, if it is not, when it may have ceased to be."""
    if fits(world, scope, spec, each):
        return [of_act(world, scope, spec, each)]
    return [at for at in ends(world, scope, spec, each) if at is not None and each.at < at <= world.at]


def of_first(world: World, scope: Scope, stated: Rule) -> Moment:
    """Of the values that may be the first, and of the conditions before them."""
    found: list[Moment] = []
    for each in stated["first_that_applies"]:
        truth = holds(world, scope, each["when"])
        found += [since(world, scope, each["when"])] if truth is not None else []
        found += [of_stated(world, scope, each["value"])] if truth is not False else []
        if truth:
            return last(found)
    return last([*found, of_stated(world, scope, stated["otherwise"])])


def turns(world: World, known: Plain, word: str, operand: Plain) -> list[datetime]:
    """The instants until now at which time alone turned the test."""
    found: list[datetime] = []
    if word == "passed":
        found = [known]
    elif word in {"older_than", "newer_than"}:
        found = [passed(world, known, operand)]
    elif word == "overdue_after":
        found = [until(world, known, operand)]
    elif word == "elapsed_between":
        found = [passed(world, known, each) for each in operand]
    elif word == "coming_within":
        found = [known - length(operand), known]
    return [each for each in found if each <= world.at]


def of_value(world: World, here: Spot) -> Moment:
    """Since when a name has had its value; a presumption: from the start."""
    if here.broken or (here.place and here.place.typed):
        return None
    if here.declared.get("concluded"):
        own = of_conclusion(world, here.full, here.place)
    elif here.place is None:
        given = given_fact(world, here.name) is not None
        own = world.since.get((here.name,)) if given else lapsed_fact(world, here.name)
    else:
        own = of_field(world, here.place, here.name)
    return last([own, of_value(world, here.through)]) if here.through else own


def of_field(world: World, inside: Place, name: str) -> Moment:
    """Since when a field that the case gives has had its value, or has been stale."""
    if given_field(world, inside.list, inside.record, name) is None:
        return lapsed_field(world, inside.list, inside.record, name)
    return world.since.get((inside.list, inside.record["id"], name))


def recorded(inside: Place) -> Moment:
    """Since when there has been this record."""
    stated = inside.record.get("recorded_at")
    return instant(stated) if stated else None


# --- records ----------------------------------------------------------------------------------------------------------


def of_belonging(world: World, scope: Scope, condition: Rule, each: Place) -> Moment:
    """Since when a record has been meant, or not; not before there was the record."""
    link = link_of(scope, condition, each.list, each.fields)
    found: list[tuple[Truth, Callable[[], Moment]]] = [
        (refers(world, scope, condition, each), lambda: of_field(world, each, link[0]) if link else None)
    ]
    if condition.get("where") is not None and found[0][0] is not False:
        inner = (*scope, each)
        found.append(
            (holds(world, inner, condition["where"]), partial(since, world, inner, condition["where"]))
        )
    return last([recorded(each), joint(found, settling=False)])


Coming = tuple[Moment, Place, bool]


def comings(world: World, scope: Scope, condition: Rule, listed: str) -> list[Coming]:
    """Who surely is meant, since when; who surely is not any more, since when."""
    found: list[Coming] = []
    for each in [place(world, listed, record) for record in records(world, listed) or []]:
        truth = belongs(world, scope, condition, each)
        at = of_belonging(world, scope, condition, each) if truth is not None else None
        if truth or (truth is False and at is not None and at != recorded(each)):
            found.append((at, each, bool(truth)))
    return found


def of_some(world: World, scope: Scope, condition: Rule) -> Moment:
    """There is one since the first came; there is none since the last went."""
    listed = condition.get("some") or condition["none"]
    truth = holds(world, scope, {"some": listed, **modifiers(condition)})
    if truth is None:
        return None
    found = [at for at, _, came in comings(world, scope, condition, listed) if came is truth]
    return first(found) if truth else last(found)


def of_every(world: World, scope: Scope, condition: Rule) -> Moment:
    """Broken since the first that has it not; kept since the last came to have it, if it did not from its recording."""
    kept: list[Moment] = []
    broken: list[Moment] = []
    for each in [
        place(world, condition["every"], record) for record in records(world, condition["every"]) or []
    ]:
        inner = (*scope, each)
        meant, has = belongs(world, scope, condition, each), holds(world, inner, condition.get("has"))
        came = of_belonging(world, scope, condition, each)
        had = since(world, inner, condition.get("has"))
        if meant and has is False:
            broken.append(last([came, had]))
        elif meant is False or has:
            at = first([*([came] if meant is False else []), *([had] if has else [])])
            kept += [] if at is not None and at == recorded(each) else [at]
    return first(broken) if broken else last(kept)


def of_winner(world: World, scope: Scope, condition: Rule) -> Moment:
    """The record that is the latest (or earliest) came to be meant, and has it (or not) since."""
    head = "latest" if "latest" in condition else "earliest"
    found = members(world, scope, condition, condition[head])
    if found is None:
        return None
    possible = [(each, truth) for each, truth in found if truth is not False]
    if not possible:
        return last(at for at, _, _ in comings(world, scope, condition, condition[head]))
    winner = winner_of(world, possible, latest=head == "latest")
    if winner is None:
        return None
    has = since(world, (*scope, winner), condition.get("has"))
    return last([of_belonging(world, scope, condition, winner), has])


def of_count(world: World, scope: Scope, condition: Rule) -> Moment:
    """Comings and goings taken back until the test comes out otherwise."""
    listed = condition["count"]
    found = members(world, scope, condition, listed)
    return taken_back(world, found, comings(world, scope, condition, listed),
                      lambda meant: count_truth(world, condition, meant))  # fmt: skip


def of_sum(world: World, scope: Scope, condition: Rule) -> Moment:
    """As a count; a record counts once its value is known, too."""
    listed, _, name = condition["sum"].partition(".")
    found = members(world, scope, condition, listed)
    came = [(last([at, of_field(world, each, name)]) if comes else at, each, comes)
            for at, each, comes in comings(world, scope, condition, listed)]  # fmt: skip
    return taken_back(world, found, came, lambda meant: sum_truth(world, scope, condition, meant))


def taken_back(world: World, found: Plain, came: list[Coming], test: Callable[[Plain], Truth]) -> Moment:
    """The instant just before which the test came out otherwise."""
    if found is None:
        return None
    meant = [(each, truth) for each, truth in found if truth is not False]
    now = test(meant)
    for moment in (
        sorted({at for at, _, _ in came if at is not None}, reverse=True) if now is not None else []
    ):
        gone = [each.record["id"] for at, each, comes in came if at == moment and comes]
        back = [(each, True) for at, each, comes in came if at == moment and not comes]
        meant = [(each, truth) for each, truth in meant if each.record["id"] not in gone] + back
        if test(meant) is not now:
            return moment
    return None


QUANTIFIED: dict[str, Callable[[World, Scope, Rule], Moment]] = {
    "some": of_some,
    "none": of_some,
    "every": of_every,
    "latest": of_winner,
    "earliest": of_winner,
    "count": of_count,
    "sum": of_sum,
}


# --- acts -------------------------------------------------------------------------------------------------------------


def of_act(world: World, scope: Scope, spec: Rule, each: Act) -> Moment:
    """Since when an act has been meant: done, old enough, what it is compared with learned, and not followed in time."""
    ends = [passed(world, each.at, spec[key]) for key in ("newer_than", "older_than") if key in spec]
    followed = act_spec(spec.get("not_followed_by", {}))
    limit = [later(world, each.at, followed["within"])] if "within" in followed else []
    who = [] if spec.get("whoever") else [
        of_barred(world, each, name) for name in several(world.declared("actions")[each.action].get("not_by", []))
        if name not in world.declared("actions")
    ] + [of_barred(world, each, name) for name in [only_party(world, each)] if name is not None]  # fmt: skip
    return last(
        [each.at, *(end for end in ends if end <= world.at), *limit, *who, *limits(world, scope, spec)]
    )


def of_barred(world: World, each: Act, name: str) -> Moment:
    """Since when it has been known whom a fact or field named when an act was done."""
    here = barred_spot(world, each, name)
    if here is None:
        return None
    then = named_then(world, each, name)
    return of_value(world, here) if then is None else then[1]


def limits(world: World, scope: Scope, spec: Rule) -> list[Moment]:
    """When that was learned with which acts are compared."""
    compared = compared_with(world, scope, {key: each for key, each in spec.items() if key != "since"})
    covered = [here for _, here in named_covers(world, scope, spec)]
    return [of_value(world, here) for here in (*compared, *covered)]


def of_done(world: World, scope: Scope, spec: Rule) -> Moment:
    """Done since so many acts have been meant; not done since the last of them ceased to be."""
    truth = done(world, scope, spec)
    if truth is None:
        return None
    if truth:
        meant = [of_act(world, scope, spec, each) for each in world.done if fits(world, scope, spec, each)]
        moments: list[datetime] = sorted(at for at in meant if at is not None)
        return moments[int(spec.get("at_least", 1)) - 1]
    named = [each for each in world.done if each.action in actions_of(world, spec["action"])]
    return last(at for each in named for at in ends(world, scope, spec, each)
                if at is not None and each.at < at <= world.at)  # fmt: skip


def ends(world: World, scope: Scope, spec: Rule, each: Act) -> Iterator[Moment]:
    """When an act may have ceased to be meant."""
    yield from limits(world, scope, spec)
    if "newer_than" in spec:
        yield passed(world, each.at, spec["newer_than"])
    if "not_followed_by" in spec:
        after = act_spec(spec["not_followed_by"])
        found = [other.at for other in in_time(world, after, each) if follows(world, after, each, other)]
        yield from found[:1]


def of_nothing(world: World, scope: Scope, inner: Plain) -> Moment:
    """Idle since the time after every act was over; not idle since the last of them."""
    truth = nothing_done(world, scope, inner)
    if truth is None:
        return None
    spec = inner if isinstance(inner, Mapping) else {"for": inner}
    start = spot(world, scope, spec.get("since", "case.opened_at"))
    acts = [each.at for each in world.done
            if fits(world, scope, spec if "action" in spec else any_act(spec, each), each)]  # fmt: skip
    marks = [each for each in (*acts, value(world, start)) if each is not None]
    if not marks:
        return None
    over = [passed(world, each, spec["for"]) for each in marks] if truth else marks
    return last([*over, of_value(world, start)])


# --- rules ------------------------------------------------------------------------------------------------------------


def of_rule(world: World, rule: Rule, ruleset: Rule, scope: Scope) -> Moment:
    """Since when a rule that holds has held; not before there was its record."""
    unless = rule.get("unless")
    found = [(scope_, each) for scope_, each in (((), ruleset.get("applies_while")), (scope, rule.get("when")),
             (scope, unless)) if each is not None and holds(world, scope_, each) is not None]  # fmt: skip
    moments = [*(recorded(each) for each in scope), *(since(world, scope_, each) for scope_, each in found)]
    if unless is not None and holds(world, scope, unless) is None:
        moments += [of_lapse(world, need) for need in needs.undecided(world, scope, unless)]
    return last(moments)


def of_lapse(world: World, need: needs.Need) -> Moment:
    """Since when what has to be found out has been stale."""
    if need.about is None:
        return lapsed_fact(world, need.fact) if need.fact in world.declared("facts") else None
    listed, _, name = need.fact.partition(".")
    found = [each for each in records(world, listed) or [] if each["id"] == need.about]
    return lapsed_field(world, listed, found[0], name) if found and name else None


def of_failure(world: World, rule: Rule, ruleset: Rule, scope: Scope) -> Moment:
    """Since when a rule has not held: the first of what stands against it."""
    found = [since(world, scope_, each) for scope_, each, bad in (((), ruleset.get("applies_while"), False),
             (scope, rule.get("when"), False), (scope, rule.get("unless"), True))
             if each is not None and holds(world, scope_, each) is bad]  # fmt: skip
    return first(found)


def of_conclusion(world: World, full: str, record: Place | None) -> Moment:
    """Since when something has been concluded: the first rule that holds; not so: the last that ceased to."""
    held: list[Moment] = []
    failed: list[Moment] = []
    for rule, ruleset in world.rules:
        for effect in rule["then"]:
            if "conclude" not in effect or concluded_name(world, rule, effect) != full:
                continue
            of_record = full not in world.declared("facts")
            listed = [(record,)] if of_record and record else instances(world, rule)
            if listed is None and pending_truth(world, ruleset) is False:
                failed.append(since(world, (), ruleset["applies_while"]))
            for scope in listed or []:
                if "first_that_applies" in effect:
                    return of_choice(world, scope, effect)
                truth = rule_truth(world, rule, ruleset, scope)
                if truth:
                    held.append(of_rule(world, rule, ruleset, scope))
                elif truth is False:
                    failed.append(of_failure(world, rule, ruleset, scope))
    return first(held) if held else last(failed)


def of_choice(world: World, scope: Scope, effect: Rule) -> Moment:
    """The first alternative that applies, and those before it that do not."""
    found: list[Moment] = []
    for alternative in effect["first_that_applies"]:
        condition = next(iter(alternative.values()))
        truth = holds(world, scope, condition)
        if truth is not None:
            found.append(since(world, scope, condition))
        if truth:
            break
    return last(found)
