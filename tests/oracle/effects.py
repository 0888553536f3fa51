"""What rules want and what they prohibit, one by one, before it is put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import Any, Literal

from tests.oracle import open_steps
from tests.oracle.growing import as_of, changes
from tests.oracle.limits import leaves_open, limit_open
from tests.oracle.make_vocabulary import ROLES
from tests.oracle.precedence import last_word
from tests.oracle.since import last, of_value, recorded
from tests.oracle.times import end_named
from tests.oracle.times import stated as stated_within
from tests.oracle.truth import (
    ADDED,
    SCOPES,
    Rule,
    Spot,
    act_spec,
    actions_of,
    another,
    between_bounds,
    brought,
    every,
    fits,
    holds,
    instances,
    members,
    named,
    named_covers,
    negated,
    ordering_instant,
    parameter,
    parts,
    pending_truth,
    rule_truth,
    spot,
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
    comparable,
    counts,
    fields,
    later,
    passed,
    place,
    records,
    several,
)

ANYWHERE = "(whichever)"
"""What an effect is about as long as the reference that says so is not known."""

NOBODY = "(none that is known)"

HEADS = ("recommend", "forbid", "hold")

FINDING = ("some", "latest", "earliest", "count")
"""The tests whose records a deadline can count from."""


@dataclass(frozen=True)
class Time:
    """A time that runs: from when, how long, when people could know of it, and when it stood still before `since`, for what it
    was taken over from.
    """

    start: datetime
    within: str
    known: tuple[datetime | None, ...] = ()
    stopped: tuple[tuple[datetime, datetime | None], ...] = ()
    since: datetime | None = None
    fixed: bool = False


@dataclass(frozen=True)
class Want:
    """One reason for a step. `act` retired it; `times` run until it is due; a parameter of None is not known."""

    action: str
    about: str | None
    rule: str
    effect: Literal["recommend", "hold"]
    owner: str | None
    within: str | None
    times: tuple[Time, ...]
    act: Act | None
    params: Mapping[str, Plain]
    scope: Scope
    stated: Rule
    apart: tuple[tuple[str, Plain], ...] = ()
    start: Start | None = None
    lapsed: bool = False
    doer: str | None = None
    carried: Mapping[str, Plain] = field(default_factory=dict)

    @property
    def key(self) -> StepKey:
        return self.action, self.about, self.apart


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
        if "except_by" in self.stated:
            return tuple(role for role in ROLES if role not in several(self.stated["except_by"]))
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
        yield from in_every_scope(world, rule, ruleset)


def in_every_scope(
    world: World, rule: Rule, ruleset: Rule
) -> Iterator[tuple[Rule, Rule, Scope | None, Truth]]:
    """One rule, in every scope, with its truth."""
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


Ask = tuple[Rule, Scope, Rule]
"""A reason for a step: a rule, where it holds, and the effect."""

StepKey = tuple[str, str | None, tuple[tuple[str, Plain], ...]]
"""A step: action, record, and the values of what tells its steps apart."""


def wants(world: World, rules: Decided) -> list[Want]:
    """Every recommendation that is in force and whose record is known."""
    asks = asked(world, rules)
    return [want for ask in asks if not (want := wanted(world, ask, asks)).lapsed]


def asked(world: World, rules: Decided) -> list[Ask]:
    """The reasons that are in force, each about a record that is known."""
    return [
        (rule, scope, effect)
        for rule, _, scope, truth in rules
        if truth is True and scope is not None
        for effect in rule["then"]
        if "recommend" in effect and step_key(world, (rule, scope, effect))[1] != ANYWHERE
    ]


def step_key(world: World, ask: Ask) -> StepKey:
    """The step that a reason asks for."""
    rule, scope, effect = ask
    action = effect["recommend"]
    declared = world.declared("actions")[action]
    stated = stated_parameters(world, scope, declared, effect)
    apart = [(name, each) for name, each in stated.items() if declared["params"][name].get("apart")]
    return (
        action,
        aimed_at(world, rule, scope, effect, action),
        tuple(sorted(apart, key=lambda pair: pair[0])),
    )


def wanted(world: World, ask: Ask, asks: Sequence[Ask]) -> Want:
    """One recommendation, open or done, among all reasons for its step."""
    rule, scope, effect = ask
    action, about, apart = step_key(world, ask)
    declared = world.declared("actions")[action]
    within = stated_within(effect["within"])[0] if "within" in effect else None
    group = [each for each in asks if step_key(world, each) == (action, about, apart)]
    acts = serving(world, group, ask)
    starts, act = opened(world, anchors(world, *ask, about), acts, effect.get("again"))
    useful = [
        start
        for start in starts
        if "lapses_after" not in effect or world.at < passed(world, start[0], effect["lapses_after"])
    ]
    grown = grown_since(world, ask, about, retiring(world, action, about, apart))
    times = (
        [Time(at, within, (known, grown), fixed=bool(effect.get("fixed"))) for at, _, known, _ in useful]
        if within
        else []
    )
    if end_named(effect.get("within", "")):
        came_back = "again" in effect and acts and starts and starts[0][1:] == (None, None, False)
        back = starts[0][0] if came_back else None
        times = [
            Time(at, str(within), (known, grown, back)) for at, known in ends(world, rule, scope, effect)
        ]
    return Want(
        action,
        about,
        rule["id"],
        "recommend",
        effect.get("owner"),
        within,
        tuple(times) if act is None else (),
        act,
        stated_parameters(world, scope, declared, effect),
        scope,
        effect,
        apart,
        min(useful, key=lambda each: each[0], default=None),
        bool(starts) and not useful,
    )  # fmt: skip


# --- what acts do -----------------------------------------------------------------------------------------------------


def serving(world: World, group: Sequence[Ask], ask: Ask) -> list[Act]:
    """The acts that do what a reason wants: those after which it was not open, or with which its step was done."""
    action, about, apart = step_key(world, ask)
    acts = retiring(world, action, about, apart)
    if not to_reach(world, action):
        return acts
    found: dict[int, list[Act]] = {index: [] for index in range(len(group))}
    for number, act in enumerate(acts):
        starts = {
            index: start
            for index, each in enumerate(group)
            if (start := open_when_done(world, each, about, found[index], act)) is not None
        }
        counted = [
            each for each in acts[: number + 1] if any(counts_from(each, start) for start in starts.values())
        ]
        reached = all(
            reaches(world, action, name, [group[index] for index in starts], counted)
            for name in to_reach(world, action)
        )
        for index, so_far in found.items():
            if reached or index not in starts:
                so_far.append(act)
    return next(acts for index, acts in found.items() if group[index] is ask)


def grown_since(world: World, ask: Ask, about: str | None, acts: Sequence[Act]) -> datetime | None:
    """Since when the reason wants more than what had done it; None if nothing had."""
    _, scope, effect = ask
    params = world.declared("actions")[effect["recommend"]].get("params") or {}
    names = [name for name in to_reach(world, effect["recommend"]) if name in effect]
    starts = sorted(anchors(world, *ask, about), key=lambda start: start[0])
    counted = [act for act in acts if not starts or answers(act, starts[0])]
    for number in range(len(counted), 0, -1):
        done, moment = counted[:number], counted[number - 1].at
        enough = [
            is_enough(
                params[name],
                as_of(world, scope, params[name], effect[name], moment),
                [act.params.get(name) for act in done],
            )
            for name in names
        ]
        if names and all(enough):
            grew = (at for name in names for at in changes(world, scope, params[name], effect[name]))
            return min((at for at in grew if at is not None and moment < at <= world.at), default=None)
    return None


def is_enough(declared: Rule, total: Plain, stated: Sequence[Plain]) -> bool:
    """Whether what acts state comes to a total; one that states nothing does."""
    if None in stated:
        return True
    if total is None:
        return False
    if declared["type"] in ADDED:
        return bool(summed_up(stated) >= total)
    return max(comparable(declared, each) for each in stated) >= comparable(declared, total)  # type: ignore[no-any-return]


def to_reach(world: World, action: str) -> list[str]:
    """The parameters that have to be reached."""
    declared = world.declared("actions")[action].get("params") or {}
    return [
        name for name, each in declared.items() if each.get("reached", each.get("combine") in {"sum", "max"})
    ]


ALWAYS_COUNTED = (None, None, None, False)


def open_when_done(world: World, ask: Ask, about: str | None, before: list[Act], act: Act) -> Plain:
    """From when acts count for a reason that was open as the act was done; None if it was not open."""
    starts = sorted(anchors(world, *ask, about), key=lambda start: start[0])
    come = [start for start in starts if answers(act, start)]
    open_ones = [start for start in come if not any(answers(each, start) for each in before)]
    if open_ones:
        return open_ones[0]
    if starts and not come:
        return None
    if not before:
        return ALWAYS_COUNTED
    again = ask[2].get("again")
    back = passed(world, before[-1].at, again.removeprefix("every ")) if again else None
    return (back, None, None, False) if back and act.at >= back else None


def counts_from(act: Act, start: Plain) -> bool:
    """Whether an act came late enough."""
    return start[0] is None or answers(act, start)


def reaches(world: World, action: str, name: str, asks: Sequence[Ask], acts: Sequence[Act]) -> bool:
    """Whether the acts come to what the reasons want together."""
    declared = world.declared("actions")[action]["params"][name]
    stating = [each for each in asks if name in each[2]]
    stated = [act.params.get(name) for act in acts]
    if not stating or None in stated:
        return True
    last = last_word(world, {each[0]["id"] for each in stating})
    if declared.get("combine", "same") == "same":
        stating = [each for each in stating if each[0]["id"] in last]
    total = combine(declared, [parameter(world, each[1], declared, each[2][name]) for each in stating],
                    [(each[0]["id"], things(world, each[1], declared, each[2][name])) for each in stating])  # fmt: skip
    return total is not CONFLICT and is_enough(declared, total, stated)


CONFLICT = object()


def summed_up(values: Sequence[Plain]) -> Plain:
    """The sum of one value or more."""
    return reduce(lambda one, other: one + other, values)


Thing = tuple[str, str | None]
"""A fact, or a field and the id of its record."""


def combine(
    declared: Rule, values: list[Plain], said: Sequence[tuple[str, list[tuple[Thing | None, Plain]]]]
) -> Plain:
    """One value from those that several rules state: None while unknown, CONFLICT if they differ and must not.

    `said` is what each of the rules named, for what adds up.
    """
    how = declared.get("combine", "same")
    known = [each for each in values if each is not None]
    if how == "same" and len(set(known)) > 1:
        return CONFLICT
    if len(known) < len(values):
        return None
    if how in {"max", "min"}:
        return (max if how == "max" else min)(known, key=lambda each: comparable(declared, each))
    if how == "sum":
        return once_each(said)
    return frozenset().union(*known) if how == "union" else known[0]


def once_each(said: Sequence[tuple[str, list[tuple[Thing | None, Plain]]]]) -> Plain:
    """What rules state or work out, and of the things of the case that they name each as often as one rule does at most."""
    everything = [(rule, thing, worth) for rule, found in said for thing, worth in found]
    total = [worth for _, thing, worth in everything if thing is None]
    for thing in {thing for _, thing, _ in everything if thing is not None}:
        by = Counter(rule for rule, other, _ in everything if other == thing)
        total += [next(worth for _, other, worth in everything if other == thing)] * max(by.values())
    return summed_up(total)


def things(world: World, scope: Scope, declared: Rule, stated: Plain) -> list[tuple[Thing | None, Plain]]:
    """What a stated value is made of: things that the case itself names, or the whole as it was stated or worked out."""
    whole = parameter(world, scope, declared, stated)
    if whole is None:
        return []
    if isinstance(stated, Mapping) and "first_that_applies" in stated:
        maybe = [
            each for each in stated["first_that_applies"] if holds(world, scope, each["when"]) is not False
        ]
        return things(world, scope, declared, maybe[0]["value"] if maybe else stated["otherwise"])
    if isinstance(stated, Mapping) and "sum" in stated:
        listed, _, name = stated["sum"].partition(".")
        inside = [each for each, truth in members(world, scope, stated, listed) or [] if truth]
        found = [
            ((stated["sum"], each.record["id"]), value(world, Spot(name, each.fields[name], each)))
            for each in inside
        ]
        return [*found] or [(None, whole)]
    if isinstance(stated, Mapping) and (target := stated.get("latest") or stated.get("earliest")):
        listed, _, name = target.partition(".")
        possible = [
            (each, truth) for each, truth in members(world, scope, stated, listed) or [] if truth is not False
        ]
        winner = winner_of(world, possible, latest="latest" in stated) if possible else None
        return [((target, winner.record["id"]) if winner and name else None, whole)]
    if isinstance(stated, str) and NAME.fullmatch(stated):
        here = spot(world, scope, stated)
        return [((here.full, here.place.record["id"] if here.place else None), whole)]
    return [(None, whole)]


def stated_parameters(world: World, scope: Scope, declared: Rule, effect: Rule) -> dict[str, Plain]:
    """The values of the parameters that an effect states."""
    params = declared.get("params") or {}
    return {
        name: parameter(world, scope, each, effect[name]) for name, each in params.items() if name in effect
    }


def retiring(
    world: World,
    action: str,
    about: str | None,
    apart: Sequence[tuple[str, Plain]] = (),
    known: Truth = True,
) -> list[Act]:
    """The acts that can retire a step: with a counting outcome, about the same record, by an allowed role, and not with
    another value of what tells steps apart. With `known` None: those that would, if it were known who did them, or who may not.
    """
    return [
        each
        for each in world.done
        if each.action == action
        and (each.about == about or world.declared("actions")[action].get("about") == "case")
        and counts(world, each)
        and may_have_done(world, each) is known
        and all(is_value(each.params.get(name), value) for name, value in apart)
    ]


def may_have_done(world: World, each: Act) -> Truth:
    """Whether an act is by one of those who may do it."""
    roles = allowed(world, each.action)
    role = None if roles and each.by.role is None else not roles or each.by.role in roles
    return every([role, another(world, each)])


def is_value(said: Plain, known: Plain) -> bool:
    """Whether an act says this value, or none; a party may be said by a role."""
    if isinstance(said, Person) and isinstance(known, Person):
        one_is_role = said.name == said.role or known.name == known.role
        return said.name == known.name or (one_is_role and said.role is not None and said.role == known.role)
    return said is None or bool(said == known)


Start = tuple[datetime, Order | None, datetime | None, bool]
"""An instant from which a step counts, the place in the history that brought it, when it was learned, and whether it is
that of an act of the step's own action."""


def answers(act: Act, start: Start) -> bool:
    """Whether an act came late enough to do what counts from an instant: an act does not answer itself."""
    at, order, _, own = start
    return comes_after(act, at, order) and not (own and (act.at, act.order) == (at, order))


def opened(
    world: World, starts: list[Start], retired: list[Act], again: str | None
) -> tuple[list[Start], Act | None]:
    """From when an open step counts, if from some instants; the act that retired it."""
    waiting = [start for start in starts if not any(answers(each, start) for each in retired)]
    if waiting:
        return waiting, None
    if not retired:
        return [], None
    back = passed(world, retired[-1].at, again.removeprefix("every ")) if again else None
    return ([(back, None, None, False)], None) if back and world.at >= back else ([], retired[-1])


def anchors(world: World, rule: Rule, scope: Scope, effect: Rule, about: str | None) -> list[Start]:
    """The known instants from which a step counts."""
    name = stated_within(effect["within"])[1] if "within" in effect else ""
    if name in world.declared("actions"):
        roles = allowed(world, name)
        listed = None if about is None else target_list(world, effect, scope[0].list)
        elsewhere = listed is None or world.declared("actions")[name].get("about") != listed
        tests = [
            each for each in own_required(rule.get("when")) if actions_of(world, each["action"]) == [name]
        ]
        if len(tests) == 1:
            fitting = [each for each in world.done if fits(world, scope, tests[0], each)]
            fitting = fitting[int(tests[0].get("at_least", 1)) - 1 :]
        else:
            fitting = [
                each
                for each in world.done
                if each.action == name
                and counts(world, each)
                and (not roles or each.by.role in roles)
                and another(world, each) is True
            ]
        own = name == effect["recommend"]
        found: list[Start] = [
            (each.at, each.order, None, own) for each in fitting if each.about == about or elsewhere
        ]
        return found[-1:] if own else found
    if name in open_steps.HEADS:
        test = next(open_steps.required(rule["when"], name))
        late = open_steps.is_late(world, scope, name, test)
        begun = open_steps.late_since(world, scope, name, test, []) if late else None
        return [(begun, None, None, False)] if begun is not None else []
    if name.startswith("learning "):
        here, learned = learning(world, scope, name.removeprefix("learning "))
        if learned is not None:
            return [(learned, brought(world, here), learned, False)]
    elif name and not is_visible(world, scope, name):
        sure = [(value(world, each), each) for each in found_by_some(world, rule, scope, name)]
        return [(at, brought(world, each), last([of_value(world, each), recorded(each.place)]), False)
                for at, each in sure if at is not None and each.place]  # fmt: skip
    start = start_of(world, scope, effect, about, or_else=True)
    at = value(world, start) if start is not None else None
    return (
        [(at, brought(world, start), of_value(world, start), False)]
        if start is not None and at is not None
        else []
    )


def ends(world: World, rule: Rule, scope: Scope, effect: Rule) -> list[tuple[datetime, datetime | None]]:
    """The known instants before which a step is due, and since when each has been known."""
    name = end_named(effect["within"])
    if is_visible(world, scope, name):
        here = spot(world, scope, name)
        at = value(world, here)
        return [] if at is None else [(at, of_value(world, here))]
    found = [(value(world, each), each) for each in found_by_some(world, rule, scope, name)]
    return [
        (at, last([of_value(world, each), recorded(each.place)]))
        for at, each in found
        if at is not None and each.place
    ]


def start_of(
    world: World, scope: Scope, effect: Rule, about: str | None, *, or_else: bool = False
) -> Spot | None:
    """The fact or field from which `within` counts, if it is one; `or_else` also where that is when something was learned."""
    name = ""
    if "within" in effect:
        name = stated_within(effect["within"])[1]
        if not or_else:
            name = end_named(effect["within"]) or name
    learned = name.startswith("learning ")
    if not name or (learned and or_else):
        return own_anchor(world, scope, effect, about)
    if (
        learned
        or name in (*world.declared("actions"), *open_steps.HEADS)
        or not is_visible(world, scope, name)
    ):
        return None
    return spot(world, scope, name)


def own_anchor(world: World, scope: Scope, effect: Rule, about: str | None) -> Spot | None:
    """The anchor of the action itself: a fact, or a field of the record that the step is about, by its reference if any."""
    declared, via = world.declared("actions")[effect["recommend"]], effect.get("about", "case")
    name = declared.get("anchor")
    if (
        name is None
        or name in world.declared("facts")
        or via == "case"
        or any(each.each == via for each in scope)
    ):
        return default_anchor(world, effect["recommend"], about)
    reaches = spot(world, scope, via).declared
    led_to = "parties" if reaches["type"] == "party" else reaches["to"]
    return spot(world, scope, f"{via}.{name.rpartition('.')[2]}") if led_to == declared.get("about") else None


def learning(world: World, scope: Scope, name: str) -> tuple[Spot, datetime | None]:
    """What was learned, or the recording of the record in hand, and when."""
    for inside in scope:
        if inside.each == name:
            return Spot("recorded_at", inside.fields["recorded_at"], inside), recorded(inside)
    here = spot(world, scope, name)
    return here, of_value(world, here)


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
    one = any(key in {"latest", "earliest"} for key, _ in tests)
    tests = [(key, each) for key, each in tests if key != "some" or "where" in each or not one]
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


def own_required(condition: Plain) -> Iterator[Mapping[str, Plain]]:
    """What must have been done for a condition to hold."""
    for key, inner in (condition or {}).items():
        if key == "done":
            yield act_spec(inner)
        for each in inner if key == "all" else ():
            yield from own_required(each)


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


# --- forbid and hold --------------------------------------------------------------------------------------------------


def prohibitions(world: World, rules: Decided) -> list[Prohibition]:
    """Every prohibition that is in force or undecided."""
    found = []
    for rule, _, scope, truth in rules:
        if truth is False:
            continue
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
    if kind == "hold" and not covered(effect) and holds(world, scope, effect["until"]) is True:
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
    where = where_of(world, each, action, params)
    if where is None and left_open(world, each, action, params):
        return False  # what is filled in will decide
    ends = ending(world, each, action, params) if covered(each.stated) and not each.listed else None
    if ends is not None and holds(world, each.scope, ends) is True:
        return False  # for these parameters it is over
    return every([each.truth, where])


def covered(effect: Rule) -> set[str]:
    """The parameters of a held step that an act must cover to end the hold."""
    return {name for spec in covering_tests(effect.get("until")) for name in several(spec["covers"])}


def covering_tests(condition: Plain) -> Iterator[Rule]:
    """The tests of acts that have to cover what is held, wherever they stand."""
    if isinstance(condition, Mapping):
        if covers_step(condition):
            yield condition
        condition = list(condition.values())
    for each in condition if isinstance(condition, list) else []:
        yield from covering_tests(each)


def covers_step(spec: Rule) -> bool:
    """Whether an act has to cover what is held, and not facts or fields that are named."""
    return "covers" in spec and not isinstance(spec["covers"], Mapping)


def ending(world: World, each: Prohibition, action: str, params: Rule) -> Rule:
    """What ends a hold of a step with these parameters: each test of acts says what they must come to."""
    declared = world.declared("actions")[action].get("params") or {}

    def said(condition: Plain) -> Plain:
        if isinstance(condition, list):
            return [said(inner) for inner in condition]
        if not isinstance(condition, Mapping):
            return condition
        if covers_step(condition):
            wanted = {
                name: (params.get(name), declared[name]["type"] in ADDED)
                for name in several(condition["covers"])
            }
            return {**condition, "covers": wanted}
        return {key: said(inner) for key, inner in condition.items()}

    whole: Rule = said(each.stated["until"])
    return whole


def where_of(world: World, each: Prohibition, action: str, params: Rule) -> Truth:
    """Whether a prohibition means such parameters; what a step leaves out is still to be filled in."""
    return holds(world, (*each.scope, act_place(world, action, params)), each.stated.get("where"))


def left_open(world: World, each: Prohibition, action: str, params: Rule) -> set[str]:
    """The parameters that a step leaves out, and at which a prohibition looks."""
    declared = world.declared("actions")[action].get("params") or {}
    left = {name for name in declared if params.get(name) is None}
    return left & set(names_read(each.stated.get("where") or {}))


def names_read(condition: Plain) -> Iterator[str]:
    """Every bare name that a condition tests, wherever it stands in it, outside the records of a list."""
    if isinstance(condition, list):
        for each in condition:
            yield from names_read(each)
    elif isinstance(condition, Mapping):
        for key, inner in condition.items():
            if key in {"all", "any", "none", "not"} and isinstance(inner, (list, Mapping)):
                yield from names_read(inner)
            else:
                yield key
                yield from (each for each in operands_in(inner) if "." not in each)


def operands_in(test: Plain) -> Iterator[str]:
    """Whatever text a test compares with, and the names by which a value is chosen."""
    if isinstance(test, str):
        yield test
    elif isinstance(test, Mapping):
        for key, each in test.items():
            yield from names_read(each) if key == "when" else operands_in(each)
    elif isinstance(test, list):
        for each in test:
            yield from operands_in(each)


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
    words = effect["about"].split(".")
    for each in words[1:] if words[0] == world.declared("records")[listed]["each"] else words:
        declared = fields(world, listed)[each]
        listed = "parties" if declared["type"] == "party" else str(declared["to"])
    return listed


def act_place(world: World, action: str, params: Rule) -> Place:
    """The scope that the parameters of an act make."""
    declared = world.declared("actions")[action].get("params") or {}
    left = frozenset(name for name in declared if params.get(name) is None)
    return Place("(parameters)", "(act)", params, declared, typed=True, open=left)


Required = tuple[str, str | None, str | None, dict[str, Plain]]
"""An action, the record that it must be about, who must do it, and what it must say."""


def required_acts(world: World, scope: Scope, until: Rule) -> list[Required]:
    """The acts without which `until` cannot come true, each with its record and its doer: those that are not done yet."""
    found: list[Required] = []
    truths = dict(parts(world, scope, until))
    for key, inner in until.items():
        for each in inner if key == "all" else []:
            found += required_acts(world, scope, each)
        if key == "done" and truths[key] is False and not takes_time(world, scope, act_spec(inner)):
            found += required_act(world, scope, act_spec(inner))
    return found


def takes_time(world: World, scope: Scope, spec: Rule) -> bool:
    """Whether it was done, and only time has to pass: no further act is needed."""
    without = {key: each for key, each in spec.items() if key != "older_than"}
    if "not_followed_by" in spec:
        follow = act_spec(spec["not_followed_by"])
        without["not_followed_by"] = {key: each for key, each in follow.items() if key != "within"}
    return without != spec and holds(world, scope, {"done": without}) is True


def required_act(world: World, scope: Scope, spec: Rule) -> list[Required]:
    """The one action that a `done` test asks for, the record that it must be about, and who must do it if not its owner."""
    actions = actions_of(world, spec["action"])
    if len(actions) != 1:
        return []
    inside = this_record(world, scope, actions[0])
    about = world.declared("actions")[actions[0]].get("about")
    scoped = spec.get("about", "this" if inside and inside.list == about else "any")
    record = inside.record["id"] if inside and scoped == "this" else None
    if scoped not in SCOPES:
        record = named(world, scope, scoped)
    roles = several(spec["by"]) if "by" in spec else []
    owns = world.declared("actions")[actions[0]].get("owner") in roles
    doer = str(roles[0]) if roles and not owns else None
    wanted = {name: value(world, here) for name, here in named_covers(world, scope, spec)}
    says = {name: each for name, each in wanted.items() if each is not None}
    return [(actions[0], record, doer, says)]


def beyond(world: World, each: Prohibition, action: str, params: Rule) -> bool:
    """Whether a limit in money leaves a prohibition of a step undecided, and there is none for the case's currency."""
    if each.listed:
        return False
    if each.rule_truth is None and leaves_open(world, each.rule, each.scope):
        return True
    return limit_open(world, (*each.scope, act_place(world, action, params)), each.stated.get("where"))
