"""What rules want and what they prohibit, one by one, before it is put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tests.oracle.truth import (
    Rule,
    Spot,
    act_spec,
    actions_of,
    between_bounds,
    brought,
    every,
    holds,
    instances,
    members,
    named,
    negated,
    ordering_instant,
    parts,
    pending_truth,
    rule_truth,
    spot,
    summed,
    this_record,
    value,
    winner_of,
)
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
    counts,
    fields,
    later,
    passed,
    place,
    records,
    several,
    value_of,
)

ANYWHERE = "(whichever)"
"""What an effect is about as long as the reference that says so is not known."""

NOBODY = "(none that is known)"

HEADS = ("recommend", "forbid", "hold")

FINDING = ("some", "latest", "earliest", "count")
"""The tests whose records a deadline can count from."""


@dataclass(frozen=True)
class Want:
    """One reason for a step. `act` retired it; `due` is the end of `within`; a parameter of None is not known."""

    action: str
    about: str | None
    rule: str
    effect: Literal["recommend", "hold"]
    owner: str | None
    within: str | None
    due: datetime | None
    act: Act | None
    params: Mapping[str, Plain]
    scope: Scope
    stated: Rule

    @property
    def key(self) -> tuple[str, str | None]:
        return self.action, self.about


@dataclass(frozen=True)
class Prohibition:
    """One action that one rule forbids or holds; `truth` None: undecided, also as to the record it is about."""

    action: str
    about: str | None
    kind: Literal["forbid", "hold"]
    rule: str
    truth: Truth
    rule_truth: Truth
    scope: Scope
    stated: Rule
    listed: str | None = None  # the list for each record of which it is, if that is not known

    @property
    def by(self) -> tuple[str, ...]:
        return tuple(several(self.stated["by"])) if "by" in self.stated else ()


# --- which rule holds where -------------------------------------------------------------------------------------------


def not_overridden(world: World, rule: Rule, scope: Scope) -> Truth:
    """Whether no rule that overrides this one holds here."""
    overriding = [each for each in world.rules if rule["id"] in each[0].get("overrides", [])]
    return every(negated(rule_truth(world, *each, scope)) for each in overriding)


Decided = Sequence[tuple[Rule, Rule, Scope | None, Truth]]


def everywhere(world: World) -> Iterator[tuple[Rule, Rule, Scope | None, Truth]]:
    """Every rule, in every scope, with its truth; a scope of None stands for the records of an unknown list."""
    for rule, ruleset in world.rules:
        scopes = instances(world, rule)
        if scopes is None:
            yield rule, ruleset, None, pending_truth(world, ruleset)
        for scope in scopes or []:
            yield rule, ruleset, scope, rule_truth(world, rule, ruleset, scope)


def aimed_at(world: World, rule: Rule, scope: Scope, effect: Rule, action: str) -> str | None:
    """The record that an effect is about, None for the whole case."""
    about = effect.get("about")
    if about == "case" or "for_each" not in rule:
        return None
    if about is not None:
        target = named(world, scope, about)
        return ANYWHERE if target is None else target.name if isinstance(target, Person) else target
    if world.declared("actions")[action].get("about") == "case":
        return None
    record: str = scope[-1].record["id"]
    return record


# --- recommend --------------------------------------------------------------------------------------------------------


def wants(world: World, rules: Decided) -> list[Want]:
    """Every recommendation that is in force and whose record is known."""
    found = []
    for rule, _, scope, truth in rules:
        for effect in rule["then"] if truth is True and scope is not None else []:
            if "recommend" in effect and scope is not None:
                want = wanted(world, rule, scope, effect)
                found += [want] if want.about != ANYWHERE else []
    return found


def wanted(world: World, rule: Rule, scope: Scope, effect: Rule) -> Want:
    """One recommendation, open or done."""
    action = effect["recommend"]
    declared = world.declared("actions")[action]
    about = aimed_at(world, rule, scope, effect, action)
    within = effect["within"].partition(" of ")[0] if "within" in effect else None
    start, act = opened(
        world, anchors(world, rule, scope, effect, about), retiring(world, action, about), effect.get("again")
    )
    return Want(
        action,
        about,
        rule["id"],
        "recommend",
        effect.get("owner"),
        within,
        later(world, start, within) if start and within else None,
        act,
        stated_parameters(world, scope, declared, effect),
        scope,
        effect,
    )  # fmt: skip


def stated_parameters(world: World, scope: Scope, declared: Rule, effect: Rule) -> dict[str, Plain]:
    """The values of the parameters that an effect states."""
    params = declared.get("params") or {}
    return {
        name: parameter(world, scope, each, effect[name]) for name, each in params.items() if name in effect
    }


def retiring(world: World, action: str, about: str | None) -> list[Act]:
    """The acts that can retire a step: with a counting outcome, about the same record, by an allowed role."""
    roles = allowed(world, action)
    return [
        each
        for each in world.done
        if each.action == action
        and (each.about == about or world.declared("actions")[action].get("about") == "case")
        and counts(world, each)
        and (not roles or each.by.role in roles)
    ]


def opened(
    world: World, starts: list[Start], retired: list[Act], again: str | None
) -> tuple[datetime | None, Act | None]:
    """From when an open step counts, if from some instant; the act that retired it."""
    waiting = [
        start for start, order in starts if not any(comes_after(each, start, order) for each in retired)
    ]
    if waiting:
        return min(waiting), None
    if not retired:
        return None, None
    back = passed(world, retired[-1].at, again.removeprefix("every ")) if again else None
    return (back, None) if back and world.at >= back else (None, retired[-1])


Start = tuple[datetime, Order | None]
"""An instant from which a step counts, and the place in the history that brought it."""


def anchors(world: World, rule: Rule, scope: Scope, effect: Rule, about: str | None) -> list[Start]:
    """The known instants from which a step counts."""
    name = effect.get("within", "").partition(" of ")[2]
    if name in world.declared("actions"):
        roles = allowed(world, name)
        listed = None if about is None else target_list(world, effect, scope[0].list)
        elsewhere = listed is None or world.declared("actions")[name].get("about") != listed
        return [
            (each.at, each.order)
            for each in world.done
            if each.action == name
            and counts(world, each)
            and (each.about == about or elsewhere)
            and (not roles or each.by.role in roles)
        ]
    if name and is_visible(world, scope, name):
        found: list[Spot | None] = [spot(world, scope, name)]
    elif name:
        found = [*found_by_some(world, rule, scope, name)]
    else:
        found = [default_anchor(world, effect["recommend"], about)]
    known = [(value(world, each), each) for each in found if each is not None]
    return [(at, brought(world, each)) for at, each in known if at is not None]


def is_visible(world: World, scope: Scope, name: str) -> bool:
    """Whether the name is a fact or leads from the record in scope."""
    head = name.partition(".")[0]
    return name in world.declared("facts") or "." not in name or any(each.each == head for each in scope) \
        or (bool(scope) and head in scope[-1].fields)  # fmt: skip


def found_by_some(world: World, rule: Rule, scope: Scope, name: str) -> list[Spot]:
    """The field of the records that the rule's one `some` test over that list surely found."""
    head, _, tail = name.partition(".")
    listed = next(key for key, each in world.declared("records").items() if each["each"] == head)
    tests = [(key, each) for each in own_tests(rule["when"]) for key in FINDING if each.get(key) == listed]
    head, condition = min(tests, key=lambda test: test[0] != "some")
    found = members(world, scope, condition, listed) or []
    sure = [each for each, truth in found if truth]
    if head in {"latest", "earliest"}:
        possible = [(each, truth) for each, truth in found if truth is not False]
        winner = winner_of(world, possible, latest=head == "latest") if possible else None
        sure = [winner] if winner else []
    elif head == "count":
        sure = [each for each in sure if completes(world, condition, each, sure)]
    return [Spot(tail, each.fields[tail], each) for each in sure]


def own_tests(condition: Plain) -> Iterator[Mapping[str, Plain]]:
    """The mappings of a condition, but for what is inside a test on records."""
    if isinstance(condition, Mapping):
        yield condition
        for key in ("all", "any", "none", "not"):
            yield from own_tests(condition.get(key))
    for each in condition if isinstance(condition, list) else ():
        yield from own_tests(each)


def completes(world: World, condition: Rule, last: Place, sure: list[Place]) -> bool:
    """Whether, with this record, there were as many (in the span that ends with it) as the test asks for."""
    end = ordering_instant(world, last)
    if end is None:
        return False
    number = 0
    for place_of, each in enumerate(sure):
        at = ordering_instant(world, each)
        if at is not None and (at, place_of) <= (end, sure.index(last)):
            number += "within" not in condition or later(world, at, condition["within"]) >= end
    return between_bounds(condition, number, number) is True


def mappings_in(data: Plain) -> Iterator[Mapping[str, Plain]]:
    """Every mapping in plain data, however deep."""
    if isinstance(data, Mapping):
        yield data
    for each in data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ():
        yield from mappings_in(each)


def default_anchor(world: World, action: str, about: str | None) -> Spot | None:
    """The action's own anchor: a fact, or a field of the record that the step is about."""
    declared = world.declared("actions")[action]
    name, listed = declared.get("anchor"), declared.get("about")
    if name is None:
        return None
    if name in world.declared("facts"):
        return spot(world, (), name)
    for record in records(world, listed) or [] if about is not None else []:
        if record["id"] == about:
            field = name.rpartition(".")[2]
            return Spot(field, fields(world, listed)[field], place(world, listed, record))
    return None


def parameter(world: World, scope: Scope, declared: Rule, stated: Plain) -> Plain:
    """The value of a parameter; None while unknown."""
    if isinstance(stated, Mapping) and "sum" in stated:
        return summed(world, scope, stated, stated["sum"])
    for head in ("count", "one_of", "each_of"):
        if isinstance(stated, Mapping) and head in stated:
            return selected(world, scope, head, stated)
    if isinstance(stated, str) and NAME.fullmatch(stated):
        return named(world, scope, stated)
    return value_of(world, declared, stated)


def selected(world: World, scope: Scope, head: str, stated: Rule) -> Plain:
    """How many records, the first of them, or all of them."""
    found = members(world, scope, stated, stated[head], "where" if head == "count" else "which")
    sure = [each.record["id"] for each, truth in found or [] if truth]
    if head == "one_of":
        return sure[0] if sure else None
    if found is None or any(truth is None for _, truth in found):
        return None
    return len(sure) if head == "count" else frozenset(sure)


# --- forbid and hold --------------------------------------------------------------------------------------------------


def prohibitions(world: World, rules: Decided) -> list[Prohibition]:
    """Every prohibition that is in force or undecided."""
    found = []
    for rule, _, scope, truth in rules:
        left = truth if scope is None else every([truth, not_overridden(world, rule, scope)])
        for effect in rule["then"]:
            kind: Any = next((head for head in ("forbid", "hold") if head in effect), None)
            for action in prohibited_actions(world, effect, kind) if kind and left is not False else []:
                found += prohibited(world, rule, scope, left, effect, kind, action)
    return [each for each in found if each.truth is not False]


def prohibited_actions(world: World, effect: Rule, kind: str) -> list[str]:
    """The actions that are named, or those of a group but for the exceptions."""
    return [each for each in actions_of(world, effect[kind]) if each not in several(effect.get("except", []))]


def prohibited(
    world: World, rule: Rule, scope: Scope | None, truth: Truth, effect: Rule, kind: Any, action: str
) -> list[Prohibition]:
    """One action that an effect prohibits."""
    if scope is None:
        about = aim_unlisted(world, effect, action)
        if about == NOBODY:
            return []
        return [Prohibition(action, about, kind, rule["id"], None, None, (), effect, listed=rule["for_each"])]
    about = aimed_at(world, rule, scope, effect, action)
    if kind == "hold" and holds(world, scope, effect["until"]) is True:
        return []
    here = every([truth, None if about == ANYWHERE else True])
    return [Prohibition(action, about, kind, rule["id"], here, truth, scope, effect)]


def aim_unlisted(world: World, effect: Rule, action: str) -> str | None:
    """What an effect for the records of an unknown list is about: none that is known, if it is about each of them."""
    about = effect.get("about")
    if about == "case" or (about is None and world.declared("actions")[action].get("about") == "case"):
        return None
    return NOBODY if about is None else ANYWHERE


def affects(
    world: World, each: Prohibition, action: str, about: str | None, owner: str | None, params: Rule
) -> Truth:
    """Whether a prohibition stands against a step: same action, record and doer, and parameters that it means."""
    if each.action != action or not concerns(world, each, about):
        return False
    if each.by and owner not in each.by:
        return False
    if "where" in each.stated and each.listed:
        return None  # its record, of which `where` may speak, is not known
    return every(
        [each.truth, holds(world, (*each.scope, act_place(world, action, params)), each.stated.get("where"))]
    )


def concerns(world: World, each: Prohibition, about: str | None) -> bool:
    """Whether a prohibition may be about the record of a step: one on the whole case is about all."""
    if each.about != ANYWHERE:
        return each.about in {None, about}
    target = target_list(world, each.stated, each.listed or each.scope[0].list)
    return about in {record["id"] for record in records(world, target) or []}


def target_list(world: World, effect: Rule, listed: str) -> str:
    """The list of the record that an effect, of a rule for each of `listed`, is about."""
    if "about" not in effect:
        return listed
    declared = fields(world, listed)[effect["about"]]
    return "parties" if declared["type"] == "party" else str(declared["to"])


def act_place(world: World, action: str, params: Rule) -> Place:
    """The scope that the parameters of an act make."""
    declared = world.declared("actions")[action].get("params") or {}
    return Place("(parameters)", "(act)", params, declared, typed=True)


def required_acts(world: World, scope: Scope, until: Rule) -> list[tuple[str, str | None]]:
    """The acts without which `until` cannot come true, each with its record: those that are not done yet."""
    found: list[tuple[str, str | None]] = []
    truths = dict(parts(world, scope, until))
    for key, inner in until.items():
        for each in inner if key == "all" else []:
            found += required_acts(world, scope, each)
        if key == "done" and truths[key] is False:
            found += required_act(world, scope, act_spec(inner))
    return found


def required_act(world: World, scope: Scope, spec: Rule) -> list[tuple[str, str | None]]:
    """The one action that a `done` test asks for, and the record that it must be about."""
    actions = actions_of(world, spec["action"])
    if len(actions) != 1:
        return []
    inside = this_record(world, scope, actions[0])
    about = world.declared("actions")[actions[0]].get("about")
    this = spec.get("about", "this" if inside and inside.list == about else "any") == "this"
    return [(actions[0], inside.record["id"] if this and inside else None)]
