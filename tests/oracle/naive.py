"""The oracle: what a policy decides about a case, computed from plain data, slowly, without compiling or remembering.

A second implementation of rulesets/SEMANTICS.md: `truth` says what holds, `effects` what rules want and prohibit, `needs` what
must be found out; here they become a decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from escalation_rules.calendar import Duration
from tests.oracle import clocks
from tests.oracle.clocks import due_of, inherited
from tests.oracle.effects import (
    ANYWHERE,
    CONFLICT,
    Ask,
    Decided,
    Prohibition,
    StepKey,
    Want,
    act_place,
    affects,
    aimed_at,
    asked,
    beyond,
    combine,
    concerns,
    counts_from,
    covered,
    covering_tests,
    ending,
    everywhere,
    left_open,
    mappings_in,
    prohibitions,
    required_acts,
    retiring,
    start_of,
    summed_up,
    things,
    to_reach,
    wanted,
    wants,
    where_of,
)
from tests.oracle.needs import (
    Need,
    first,
    of_doer,
    of_name,
    of_parameter,
    of_pending,
    of_rule,
    other_values,
    presumptions,
    required_facts,
    truth_with,
    undecided,
)
from tests.oracle.precedence import escalates, last_word
from tests.oracle.times import due_by, hours_in, stated, turns, usual_length
from tests.oracle.truth import ADDED, Rule, act_spec, actions_of, conclusion, holds, instants_in, spot
from tests.oracle.worlds import (
    Person,
    Plain,
    Scope,
    Truth,
    World,
    allowed,
    durations_in,
    later,
    length,
    names,
    passed,
    periods_in,
    place,
    records,
    several,
    world_of,
)

YEAR = timedelta(days=365)
Key = tuple[str, str | None, tuple[str, ...]]


def decide(
    policy: Mapping[str, Plain],
    case: Mapping[str, Plain],
    at: datetime,
    known_at: datetime | None = None,
) -> dict[str, Plain]:
    """The content of the decision as plain data, without `review_at`; by what was known at `known_at`, if that is given."""
    world = world_of(policy, case, at, known_at)
    rules = list(everywhere(world))
    found, against = wants(world, rules), prohibitions(world, rules)
    steps, verdict = settled(world, found, against)
    plan = [step for step in steps if verdict.blocked.get(step.key) is None]
    order = phase_order(world)
    plan = in_order(world, order, plan)
    return {
        "phase": phase_of(world, plan[0].action) if plan else None,
        "plan": with_parts(world, order, [plain_step(world, step, against) for step in plan]),
        "done": done_steps(world, found, steps),
        "forbidden": sorted(verdict.forbidden, key=place_of),
        "held": sorted(verdict.held, key=place_of),
        "missing": missing(world, order, steps, verdict, waiting(world, rules, against, steps, verdict)),
        "findings": findings(world),
        "conclusions": conclusions(world),
    }


# --- steps ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What all open reasons for the same action about the same record come to."""

    action: str
    about: str | None
    wants: tuple[Want, ...]
    owner: str | None
    params: Mapping[str, Plain]
    conflicts: tuple[str, ...]

    @property
    def apart(self) -> tuple[tuple[str, Plain], ...]:
        return self.wants[0].apart

    @property
    def key(self) -> StepKey:
        return self.action, self.about, self.apart

    @property
    def incomplete(self) -> list[str]:
        return sorted(
            name for name, known in self.params.items() if known is None and name not in self.conflicts
        )

    @property
    def because(self) -> set[Reason]:
        return {(each.rule, each.effect, False) for each in self.wants}


def step_of(world: World, found: list[Want]) -> Step:
    """One step from its open reasons."""
    declared = world.declared("actions")[found[0].action]
    last = last_word(world, {each.rule for each in found if each.owner})
    owners = sorted({each.owner for each in found if each.owner and each.rule in last})
    doers = sorted(each.doer for each in found if each.doer)
    combined = {
        name: whole
        for name, each in (declared.get("params") or {}).items()
        if (whole := together(world, name, each, found)) is not UNSTATED
    }
    for name in declared.get("params") or {}:
        known = [each.carried[name] for each in found if name in each.carried]
        if name not in combined and known and all(each == known[0] for each in known):
            combined[name] = known[0]
    return Step(
        found[0].action,
        found[0].about,
        tuple(found),
        owners[0] if owners else doers[0] if doers else declared.get("owner"),
        {name: known for name, known in combined.items() if known is not CONFLICT},
        tuple(sorted(name for name, known in combined.items() if known is CONFLICT))
        + (("owner",) if len(owners) > 1 else ()),
    )


UNSTATED = object()


def stating(world: World, name: str, declared: Rule, found: list[Want]) -> list[Want]:
    """The reasons whose value of a parameter counts."""
    stated = [each for each in found if name in each.params]
    if declared.get("combine", "same") != "same":
        return stated
    last = last_word(world, {each.rule for each in stated})
    return [each for each in stated if each.rule in last]


def together(world: World, name: str, declared: Rule, found: list[Want]) -> Plain:
    """What open reasons want of a parameter, less what was done of it."""
    wanting = stating(world, name, declared, found)
    if not wanting:
        return UNSTATED
    said = [(each.rule, things(world, each.scope, declared, each.stated[name])) for each in wanting]
    whole = combine(declared, [each.params[name] for each in wanting], said)
    if (
        whole in (None, CONFLICT)
        or declared["type"] not in ADDED
        or name not in to_reach(world, found[0].action)
    ):
        return whole
    acts = retiring(world, *found[0].key)
    since = [act for act in acts if any(counts_from(act, each.start or (None, None)) for each in found)]
    done = [act.params.get(name) for act in since]
    if not done:
        return whole
    zero = whole - whole
    return zero if None in done else max(zero, whole - summed_up(done))


Reason = tuple[str, str, bool]
"""A rule, what it does, and whether that is undecided."""


def steps_of(world: World, found: Iterable[Want]) -> list[Step]:
    """One step for each action and record that has an open reason."""
    groups: dict[StepKey, list[Want]] = {}
    for each in found:
        if each.act is None:
            groups.setdefault(each.key, []).append(each)
    return [step_of(world, each) for each in groups.values()]


def done_steps(world: World, wanted_once: list[Want], steps: list[Step]) -> list[Plain]:
    """The steps that acts retired and that nothing opens again."""
    still_open = {step.key for step in steps}
    groups: dict[StepKey, list[Want]] = {}
    for each in wanted_once:
        if each.act is not None and each.key not in still_open:
            groups.setdefault(each.key, []).append(each)
    found = []
    for (action, about, apart), reasons in groups.items():
        act = retiring(world, action, about, apart)[-1]
        found.append({
            "id": step_id(world, (action, about, apart), times_done(world, action, about, apart)),
            "action": action,
            "about": about,
            "at": plain(act.at),
            "by": plain(act.by),
            "params": plain_apart(world, action, apart),
            "because": {(each.rule, each.effect, False) for each in reasons},
        })  # fmt: skip
    return found


# --- wanted and blocked -----------------------------------------------------------------------------------------------


@dataclass
class Verdict:
    """What stands against steps and actions. `blocked` names steps that are not in the plan, and why."""

    blocked: dict[StepKey, str] = field(default_factory=dict)
    forbidden: list[Plain] = field(default_factory=list)
    against: dict[tuple[str, str | None], Standing] = field(default_factory=dict)
    held: list[Plain] = field(default_factory=list)


def settled(world: World, wanted_now: list[Want], against: list[Prohibition]) -> tuple[list[Step], Verdict]:
    """The steps, with those that release holds, and what stands against them."""
    released: list[Want] = []
    while True:
        steps = steps_of(world, [*wanted_now, *released])
        verdict = judged(world, steps, against)
        more = [
            each
            for step in steps
            if verdict.blocked.get(step.key) == "held"
            for each in releases(world, step, against)
        ]
        if [(each.key, each.rule, each.times) for each in more] == [
            (each.key, each.rule, each.times) for each in released
        ]:
            return steps, verdict
        released = more


def judged(world: World, steps: list[Step], against: list[Prohibition]) -> Verdict:
    """What is forbidden and held: whatever touches a step, and what stands in any case."""
    verdict = Verdict()
    for step in steps:
        judge(world, verdict, step, against)
    stand(world, verdict, against)
    return verdict


def judge(world: World, verdict: Verdict, step: Step, against: list[Prohibition]) -> None:
    """One step: forbidden wins over held; disagreeing parameters hold it, too."""
    forbidding, holding = standing(world, step, against)
    if forbidding:
        verdict.blocked[step.key] = "forbidden"
        reasons = step.because | {(each.rule, "forbid", False) for each, _ in forbidding}
        same = [each for each in verdict.forbidden if (each["action"], each["about"]) == step.key[:2]]
        if same:  # a step told apart from this one is forbidden, too: one thing that must not be done
            standing_so_far = verdict.against[step.key[:2]]
            standing_so_far += forbidding
            same[0].update(by=list(doers(standing_so_far)), because=same[0]["because"] | reasons)
        else:
            verdict.against[step.key[:2]] = [*forbidding]
            verdict.forbidden.append(line(step.key, doers(forbidding), True, reasons))
    elif holding or step.conflicts:
        verdict.blocked[step.key] = "held"
        needs = {need for each, truth in holding for need in needs_of(world, each, truth, step)}
        needs |= {("parameter", name, step.about) for each, _ in holding for name in uncovered(each, step)}
        needs |= {
            ("fact", "currency", None)
            for each, truth in holding
            if truth is None and beyond(world, each, step.action, step.params)
        }
        needs |= {("parameter", name, step.about) for name in step.conflicts}
        reasons = step.because | {(each.rule, each.kind, truth is None) for each, truth in holding}
        verdict.held.append(
            {
                **line(step.key, doers(holding), True, reasons, needs),
                "params": plain_params(world, step),
                "until": untils([each for each, _ in holding]),
                **fixed_due(world, step),
            }
        )


def stand(world: World, verdict: Verdict, against: list[Prohibition]) -> None:
    """What is forbidden or held, wanted or not, for any parameters: one line for each action, record and doers."""
    groups: dict[Key, list[Prohibition]] = {}
    for each in against:
        if each.truth is True and "where" not in each.stated and not covered(each.stated):
            groups.setdefault((each.action, each.about, each.by), []).append(each)
    for (action, about, by), found in groups.items():
        forbids, holds_ = ([each for each in found if each.kind == kind] for kind in ("forbid", "hold"))
        states = {state for key, state in verdict.blocked.items() if key[:2] == (action, about)}
        if forbids and "forbidden" not in states:
            reasons = {(each.rule, "forbid", False) for each in forbids}
            verdict.forbidden.append(line((action, about), by, False, reasons))
        elif holds_ and not forbids and not states:
            needs = {need for each in holds_ for need in needs_of(world, each, True)}
            reasons = {(each.rule, "hold", False) for each in holds_}
            said = line((action, about), by, False, reasons, needs)
            verdict.held.append(
                {**said, "params": {}, "until": untils(holds_), "due": None, "overdue": False}
            )


def place_of(said: Plain) -> tuple[str, str, list[str]]:
    """Where a line of `forbidden` or `held` stands among the others."""
    return said["action"], said["about"] or "", said["by"]


def untils(found: list[Prohibition]) -> list[str]:
    """The ends of holds as they are written: they matter for when to look again."""
    return sorted({repr(each.stated["until"]) for each in found if each.kind == "hold"})


Needs = set[tuple[str, str, str | None]]


def line(
    key: tuple[str, str | None] | StepKey,
    by: tuple[str, ...],
    wanted: bool,
    because: set[Reason],
    needs: Needs | None = None,
) -> Plain:
    """One line of `forbidden`, or (with `needs`) of `held`."""
    said = {"action": key[0], "about": key[1], "by": list(by), "wanted": wanted, "because": because}
    return said if needs is None else {**said, "needs": [list(need) for need in sorted(needs, key=str)]}


Standing = list[tuple[Prohibition, Truth]]


def doers(found: Standing) -> tuple[str, ...]:
    """Whom prohibitions concern together; nobody in particular if one concerns all."""
    everybody = any(not each.by for each, _ in found)
    return () if everybody else tuple(sorted({role for each, _ in found for role in each.by}))


def standing(world: World, step: Step, against: list[Prohibition]) -> tuple[Standing, Standing]:
    """The prohibitions that forbid a step, and those that hold it: holds in force, and anything undecided."""
    forbidding: Standing = []
    holding: Standing = []
    for each in against:
        truth = affects(world, each, step.action, step.about, step.owner, step.params)
        if truth is True and each.kind == "forbid":
            forbidding.append((each, truth))
        elif truth is True or (
            truth is None
            and (each.stated.get("when_unknown") != "allow" or beyond(world, each, step.action, step.params))
        ):
            holding.append((each, truth))
    return forbidding, holding


def releases(world: World, step: Step, against: list[Prohibition]) -> Iterator[Want]:
    """A reason for each act that a hold on this step waits for."""
    holds = [
        each for each, truth in standing(world, step, against)[1] if each.kind == "hold" and truth is True
    ]
    ours = [(rule["id"], repr(effect)) for rule, _ in world.rules for effect in rule["then"]
            if "hold" in effect and waits_for_us(world, effect)]  # fmt: skip
    for each in holds:
        for action, about, doer, says in required_acts(world, each.scope, end_of(world, each, step)):
            if "phase" in world.declared("actions")[action]:
                alike = [one for one in holds if (action, about) in
                         [found[:2] for found in required_acts(world, one.scope, end_of(world, one, step))]]  # fmt: skip
                times = [inherited(world, clock_of(step), want, time, each, alike, ours)
                         for want in in_time(world, step) for time in want.times if waits_for_us(world, each.stated)]  # fmt: skip
                yield Want(action, about, each.rule, "hold", None, None, tuple(times), None, {}, each.scope,
                           each.stated, doer=doer, carried={**carried_over(world, step, action, each), **says})  # fmt: skip


def uncovered(each: Prohibition, step: Step) -> list[str]:
    """The parameters that an act has to cover, and that the held step does not say."""
    return sorted(name for name in covered(each.stated) if step.params.get(name) is None)


def end_of(world: World, each: Prohibition, step: Step | None) -> Rule:
    """What ends a hold, of this step."""
    stated: Rule = each.stated["until"]
    return stated if step is None else ending(world, each, step.action, step.params)


def carried_over(world: World, step: Step, action: str, hold: Prohibition) -> dict[str, Plain]:
    """The known parameters of a held step that the act which ends the hold declares alike."""
    must = {name for spec in covering_tests(hold.stated["until"]) if spec["action"] == action
            for name in several(spec["covers"])}  # fmt: skip
    mine = world.declared("actions")[step.action].get("params") or {}
    its = world.declared("actions")[action].get("params") or {}
    kinds = ("type", "values", "to")
    return {
        name: value for name, value in step.params.items()
        if value is not None and name in its and all(mine[name].get(kind) == its[name].get(kind) for kind in kinds)
        and (name in must or (not its[name].get("apart") and name not in to_reach(world, action)))
    }  # fmt: skip


def clock_of(step: Step) -> clocks.Step:
    """What the clock of a step belongs to."""
    return clocks.Step(step.action, step.about, step.owner, step.params)


def waits_for_us(world: World, stated: Rule) -> bool:
    """What a hold says; unsaid, whether an act of somebody else than the customer is among what must hold in the end."""
    if "waits_for" in stated:
        return bool(stated["waits_for"] == "us")
    return any(ours(world, each) for each in required_tests(stated["until"]))


def required_tests(condition: Rule) -> Iterator[Rule]:
    """The entries of a condition that must all hold."""
    for key, inner in condition.items():
        if key == "all":
            for each in inner:
                yield from required_tests(each)
        else:
            yield {key: inner}


def ours(world: World, test: Rule) -> bool:
    """Whether the test is that one of us, too, may have done something."""
    if "done" not in test:
        return False
    spec = act_spec(test["done"])
    outsiders = {"customer", *world.policy["vocabulary"].get("outside", [])}
    meant = [
        several(spec["by"]) if "by" in spec else allowed(world, action)
        for action in actions_of(world, spec["action"])
    ]
    return any(not roles or not outsiders.issuperset(roles) for roles in meant)


def needs_of(world: World, each: Prohibition, truth: Truth, step: Step | None = None) -> Needs:
    """What would release a hold: facts to find out, acts to be done."""
    holding = each.kind == "hold" and truth is True
    acts = [act[:2] for act in required_acts(world, each.scope, end_of(world, each, step))] if holding else []
    return {("fact", *need) for need in facts_of(world, each, step)} | {("act", *act) for act in acts}


def facts_of(world: World, each: Prohibition, step: Step | None = None) -> list[Need]:
    """What leaves a prohibition undecided, or what a hold waits to learn."""
    if each.rule_truth is None:
        return rule_needs(world, each.rule, None if each.listed else each.scope) or overriding_needs(
            world, each
        )
    if each.about == ANYWHERE:
        return of_name(world, spot(world, each.scope, each.stated["about"]))
    if step is not None and where_of(world, each, step.action, step.params) is None:
        scope = (*each.scope, act_place(world, step.action, step.params))
        needs = undecided(world, scope, each.stated["where"])
        if asked := [need for need in needs if not need.fact.startswith("(parameters).")]:
            return asked
    if each.kind == "forbid":
        return []
    end = end_of(world, each, step)
    ended = holds(world, each.scope, end)
    return undecided(world, each.scope, end) if ended is None else required_facts(world, each.scope, end)


def rule_needs(world: World, name: str, scope: Scope | None) -> list[Need]:
    """What leaves a rule undecided: `applies_while`, its list, its own facts."""
    rule, ruleset = next(pair for pair in world.rules if pair[0]["id"] == name)
    if scope is not None:
        return of_rule(world, rule, ruleset, scope)
    return of_pending(world, rule, ruleset)


def overriding_needs(world: World, each: Prohibition) -> list[Need]:
    """What leaves undecided the first rule that overrides a prohibition."""
    found = [pair for pair in world.rules if each.rule in pair[0].get("overrides", [])]
    return first(of_rule(world, *pair, each.scope) for pair in found)


# --- the plan ---------------------------------------------------------------------------------------------------------


def phase_order(world: World) -> list[str]:
    """The order of the first entry that is known to apply, else the default."""
    for entry in world.vocabulary.get("phase_order") or []:
        if holds(world, (), entry["when"]) is True:
            return list(entry["order"])
    return names(world.vocabulary["phases"])


def phase_of(world: World, action: str) -> str:
    """The phase of an action."""
    phase: str = world.declared("actions")[action]["phase"]
    return phase


def in_order(world: World, order: list[str], steps: list[Step]) -> list[Step]:
    """Steps by phase; within it, of those that nothing left has to come before, the one that brings on the soonest due
    (its own, or that of a step that has to come after it), then by rank, then by record (the whole case first), then by
    what tells steps apart.
    """
    found: list[Step] = []
    left = list(steps)
    rank, dues_of = ranks(world), {step.key: due_time(world, step) for step in steps}
    direct = predecessors(world)
    while left:
        ready = [step for step in left if not any(comes_before(direct, each, step) for each in left)]

        def place(step: Step) -> tuple[Plain, ...]:
            dues = [dues_of[each.key] for each in left if each is step or comes_before(direct, step, each)]
            soonest = min((due for due in dues if due), default=None)
            phase = order.index(phase_of(world, step.action))
            name = rank.index(step.action)
            record = step.about is not None, step.about or ""
            return phase, soonest is None, soonest or world.at, name, *record, apart_place(world, step.key)

        found.append(left.pop(left.index(min(ready, key=place))))
    return found


def comes_before(direct: Mapping[str, set[str]], one: Step, other: Step) -> bool:
    """Whether `before` and `after` put the action of one step before that of another, directly or not; `direct` are the
    `predecessors`."""
    reached, waiting = set[str](), [other.action]
    while waiting:
        new = direct[waiting.pop()] - reached
        reached |= new
        waiting += new
    return one.action in reached


def predecessors(world: World) -> dict[str, set[str]]:
    """The actions that stand directly before each one."""
    actions = world.declared("actions")
    before = {name: {*_listed(each, "after")} for name, each in actions.items()}
    for name, each in actions.items():
        for other in _listed(each, "before"):
            before[other].add(name)
    return before


def ranks(world: World) -> list[str]:
    """All actions in order: of those that may come next, the one of highest priority, then by name."""
    actions = world.declared("actions")
    before = predecessors(world)
    ranked: list[str] = []
    while len(ranked) < len(actions):
        ready = [name for name in actions if name not in ranked and before[name] <= set(ranked)]
        ranked.append(min(ready, key=lambda name: (-actions[name].get("priority", 0), name)))
    return ranked


def _listed(declared: Rule, key: str) -> list[str]:
    return several(declared.get(key, []))


def due_time(world: World, step: Step, only_fixed: bool = False) -> datetime | None:
    """The first of the times until which a step is to be done; of those that no hold moves, if only they count."""
    clock = clock_of(step)
    dues = [
        due_of(world, clock, want, time)[0]
        for want in in_time(world, step)
        for time in want.times
        if time.fixed or not only_fixed
    ]
    return min((each for each in dues if each is not None), default=None)


def fixed_due(world: World, step: Step) -> Plain:
    """Until when a step has to be done although it is held."""
    due = due_time(world, step, only_fixed=True)
    return {"due": plain(due), "overdue": due is not None and world.at >= due}


def in_time(world: World, step: Step) -> list[Want]:
    """The reasons for a step that have a time of their own: a rule that escalates another brings its own time instead."""
    timed = [want for want in step.wants if want.times]
    rules = {rule["id"]: rule for rule, _ in world.rules}
    own = [want for want in timed if want.effect == "recommend"]
    gone = {
        low.rule for low in own if any(escalates(world, rules[high.rule], rules[low.rule]) for high in own)
    }
    return [want for want in timed if want.effect != "recommend" or want.rule not in gone]


def filling_in(world: World, step: Step, against: list[Prohibition]) -> list[tuple[Prohibition, str]]:
    """The parameters that a step leaves out and on which it depends whether it may be done, with what depends on them."""
    return [
        (each, name)
        for each in against
        if each.action == step.action and concerns(world, each, step.about) and each.truth is not False
        if (not each.by or step.owner in each.by) and not each.listed
        if where_of(world, each, step.action, step.params) is None
        for name in sorted(left_open(world, each, step.action, step.params))
    ]


def plain_step(world: World, step: Step, against: list[Prohibition]) -> Plain:
    """A step of the plan as plain data: the time that runs out first; without a due time, the first that is stated."""
    running = in_time(world, step)
    dues = [(*due_of(world, clock_of(step), want, time), want) for want in running for time in want.times]
    due = due_time(world, step)
    firsts = sorted((want for each, _, want in dues if each == due is not None), key=lambda want: want.rule)
    stated = sorted(
        (want for want in step.wants if want.within),
        key=lambda want: (usual_length(want.within or ""), want.rule),
    )
    within = (firsts or stated)[0].within if firsts or stated else None
    return {
        "id": step_id(world, step.key, times_done(world, *step.key) + 1),
        "action": step.action,
        "about": step.about,
        "phase": phase_of(world, step.action),
        "owner": step.owner,
        "due": plain(due),
        "within": within,
        "overdue": due is not None and world.at >= due,
        "paused": due is None and any(still for _, still, _ in dues),
        "params": plain_params(world, step),
        "incomplete": sorted({*step.incomplete, *(name for _, name in filling_in(world, step, against))}),
        "because": step.because,
    }


def with_parts(world: World, order: list[str], plan: list[Plain]) -> list[Plain]:
    """The steps of the plan, each with the id of the one that it is done in one go with, if that is an earlier one."""
    made = [{**line, "part_of": None} for line in plan]
    for group in world.declared("groups").values():
        if not group.get("in_one_go"):
            continue
        mine = [
            line for line in made if line["action"] in _listed(group, "actions") and line["phase"] != order[0]
        ]
        for owner in {line["owner"] for line in mine}:
            one_by_one = [line for line in mine if line["owner"] == owner]
            for go in goes_of(world, group["in_one_go"], one_by_one):
                for line in go[1:]:
                    line["part_of"] = go[0]["id"]
    return made


def goes_of(world: World, each: Plain, lines: list[Plain]) -> list[list[Plain]]:
    """Lines of one owner, in the order of the plan, by what is done in one go: one for each record of the list, if one is said.
    What is about no such record belongs to the first go.
    """

    def record(line: Plain) -> str | None:
        listed = world.declared("actions")[line["action"]].get("about")
        return line["about"] if listed == each else None

    records = list(dict.fromkeys(record(line) for line in lines if record(line)))
    if len(records) < 2:
        return [lines] if lines else []
    first = records[0]
    return [[line for line in lines if (record(line) or first) == one] for one in records]


def plain_params(world: World, step: Step) -> Plain:
    """The parameters that are known, as plain data."""
    declared = world.declared("actions")[step.action].get("params") or {}
    return {
        name: plain_of(world, declared[name], known)
        for name, known in step.params.items()
        if known is not None
    }


def times_done(world: World, action: str, about: str | None, apart: Sequence[tuple[str, Plain]] = ()) -> int:
    return len({act.at for act in retiring(world, action, about, apart)})


def step_id(world: World, key: StepKey, occurrence: int) -> str | None:
    """What a host remembers a step by."""
    case, said = world.case.get("id"), dict(key[2])
    told = sorted(
        name
        for name, each in (world.declared("actions")[key[0]].get("params") or {}).items()
        if each.get("apart")
    )
    apart = ["" if name not in said else "?" if said[name] is None else quoted(said[name]) for name in told]
    parts = [case or "", key[0], key[1] or "", *apart, str(occurrence)]
    return "/".join(parts) if case is not None else None


def quoted(known: Plain) -> str:
    """A value in the id of a step."""
    found = plain(known)
    text = (
        iso(found)
        if isinstance(found, timedelta)
        else ",".join(found)
        if isinstance(found, list)
        else f"{found.normalize() + Decimal(0):f}"
        if isinstance(found, Decimal)
        else str(found)
    )
    return text.replace("%", "%25").replace("/", "%2F").replace("?", "%3F")


def apart_place(world: World, key: StepKey) -> list[tuple[int, Plain]]:
    """Where a step stands among those of its action and record: first what is not said, then what is not known."""
    said, params = dict(key[2]), world.declared("actions")[key[0]].get("params") or {}
    found: list[tuple[int, Plain]] = []
    for name in sorted(name for name, each in params.items() if each.get("apart")):
        known = said.get(name)
        if known is None:
            found.append((int(name in said), 0))
        elif params[name]["type"] in {"level", "choice"}:
            found.append((2, names(params[name]["values"]).index(known)))
        else:
            ordered = params[name]["type"] in {"count", "amount", "duration", "instant"}
            found.append((2, known if ordered else quoted(known)))
    return found


def plain_apart(world: World, action: str, apart: tuple[tuple[str, Plain], ...]) -> Plain:
    """What tells a step apart, as plain data."""
    declared = world.declared("actions")[action].get("params") or {}
    return {name: plain_of(world, declared[name], known) for name, known in apart if known is not None}


def plain(known: Plain) -> Plain:
    """A value as plain data."""
    if isinstance(known, datetime):
        return known.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(known, Person):
        return known.name
    return sorted(known) if isinstance(known, frozenset) else known


def plain_of(world: World, declared: Rule, known: Plain) -> Plain:
    """A parameter as plain data: money with its currency, a duration as so many seconds."""
    if declared["type"] == "amount":
        return {"amount": str(known.normalize() + Decimal(0)), "currency": world.currency or ""}
    return iso(known) if isinstance(known, timedelta) else plain(known)


def iso(length: timedelta) -> str:
    """A length of time in ISO 8601, days and seconds carried over: `P2D`, `PT12H30M`."""
    clock = {"H": length.seconds // 3600, "M": length.seconds // 60 % 60, "S": length.seconds % 60}
    rest = "".join(f"{number}{unit}" for unit, number in clock.items() if number)
    days = f"{length.days}D" if length.days else ""
    return f"P{days}T{rest}" if rest else f"P{days or 'T0S'}"


# --- what was concluded -----------------------------------------------------------------------------------------------


def findings(world: World) -> list[Plain]:
    """The choices concluded about records, decided or not."""
    return list(of_records(world, "choice", "level"))


def conclusions(world: World) -> list[Plain]:
    """What was concluded about the case, and the flags that became true of records."""
    concluded = sorted(name for name, each in world.declared("facts").items() if each.get("concluded"))
    found = [{"fact": name, "about": None, "value": conclusion(world, name, None)} for name in concluded]
    return [each for each in [*found, *of_records(world, "flag")] if each["value"] not in {None, False}]


def of_records(world: World, *kinds: str) -> Iterator[Plain]:
    """The conclusions of these types about every record."""
    for listed, declared in sorted(world.declared("records").items()):
        for name, each in sorted(declared["fields"].items()):
            for record in (
                records(world, listed) or [] if each.get("concluded") and each["type"] in kinds else []
            ):
                known = conclusion(world, f"{listed}.{name}", place(world, listed, record))
                yield {"fact": f"{listed}.{name}", "about": record["id"], "value": known}


# --- what has to be found out -----------------------------------------------------------------------------------------


SAFETY, PRESUMED, PROHIBITION, CURRENT, OTHER, START = range(6)


@dataclass
class Question:
    """One line of `missing`."""

    rank: int = START
    about: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)


Waiting = tuple[str | None, str, list[Need], int]


def missing(
    world: World, order: list[str], steps: list[Step], verdict: Verdict, asked: Iterable[Waiting]
) -> list[Plain]:
    """One line a fact or field: for safety, a presumption to confirm, for a prohibition on a wanted step, for the
    current phase, the rest, last the start of a time.
    """
    free = [step for step in steps if step.key not in verdict.blocked]
    current = min((phase_of(world, step.action) for step in free), key=order.index, default=None)

    def rank(action: str | None) -> int:
        if action is None:
            return OTHER
        phase = world.declared("actions")[action].get("phase")
        return SAFETY if phase == order[0] else CURRENT if phase == current else OTHER

    lines: dict[str, Question] = {}
    for action, rule, needs, least in asked:
        for need in needs:
            question = lines.setdefault(need.fact, Question())
            question.rank = min(question.rank, least, START if least == START else rank(action))
            question.about |= {need.about} if need.about else set()
            question.rules.add(rule)
    ranked = sorted(lines, key=lambda name: (lines[name].rank, -len(lines[name].rules), name))
    return [
        {"fact": name, "about": sorted(lines[name].about), "needed_by": sorted(lines[name].rules)}
        for name in ranked
    ]


def waiting(
    world: World, rules: Decided, against: list[Prohibition], steps: list[Step], verdict: Verdict
) -> Iterator[Waiting]:
    """The action about which something is to be found out (if one), the rule that waits, for what, how urgent that is."""
    wanted_now = {step.key for step in steps}
    planned = {step.key: step for step in steps if step.key not in verdict.blocked}
    asks = asked(world, rules)
    for rule, _, scope, truth in rules:
        for effect in rule["then"]:
            if (
                "recommend" in effect
                and truth is None
                and could_add(world, asks, (rule, scope, effect), wanted_now, planned)
            ):
                yield effect["recommend"], rule["id"], rule_needs(world, rule["id"], scope), OTHER
            if "recommend" in effect and truth is True and scope is not None:
                yield effect["recommend"], rule["id"], of_aim(world, rule, scope, effect), OTHER
    for step in steps:
        if step.key in verdict.blocked:
            forbidding, holding = standing(world, step, against)
            for each, truth in [*forbidding, *holding]:
                limit = (
                    [Need("currency", None)]
                    if truth is None and beyond(world, each, step.action, step.params)
                    else []
                )
                yield step.action, each.rule, [*facts_of(world, each, step), *limit], PROHIBITION
                unsaid = [name for name in uncovered(each, step) if name not in step.incomplete]
                needs = [Need(f"{step.action}.{name}", step.about) for name in unsaid]
                yield step.action, each.rule, needs, PROHIBITION
        else:
            yield from to_fill_in(world, step, against)
            for act in retiring(world, step.action, step.about, step.apart, known=None):
                yield from ((step.action, want.rule, of_doer(world, {}, act), OTHER) for want in step.wants)
            yield from to_begin(world, step)
        for name in step.incomplete:
            declared = world.declared("actions")[step.action]["params"][name]
            for want in stating(world, name, declared, list(step.wants)):
                if want.params[name] is None:
                    yield (
                        step.action,
                        want.rule,
                        of_parameter(world, want.scope, declared, want.stated[name]),
                        OTHER,
                    )
    yield from presumed(world, rules, asks, planned, wanted_now)


def to_begin(world: World, step: Step) -> Iterator[Waiting]:
    """The instants from which the time of a step counts, where none of its reasons has one."""
    if any(want.times for want in step.wants):
        return
    for want in step.wants:
        if want.effect == "recommend" and want.within:
            start = start_of(world, want.scope, want.stated, step.about)
            if start is not None:
                yield step.action, want.rule, of_name(world, start), START


def to_fill_in(world: World, step: Step, against: list[Prohibition]) -> Iterator[Waiting]:
    """Parameters that somebody has to fill in before it is known whether the step may be done."""
    for each, name in filling_in(world, step, against):
        if name not in step.incomplete:
            yield step.action, each.rule, [Need(f"{step.action}.{name}", step.about)], PROHIBITION


def presumed(
    world: World,
    rules: Decided,
    asks: list[Ask],
    planned: Mapping[StepKey, Step],
    wanted_now: set[StepKey],
) -> Iterator[Waiting]:
    """The rules that depend on a presumption which is to be confirmed."""
    wanting: list[tuple[str, Scope | None, Truth]] = [
        (want.rule, want.scope, True) for step in planned.values() for want in step.wants
    ]
    for rule, _, scope, truth in rules:
        effects = [each for each in rule["then"] if "recommend" in each]
        if truth is None and any(
            could_add(world, asks, (rule, scope, each), wanted_now, planned) for each in effects
        ):
            wanting.append((rule["id"], scope, None))
    for name, scope, now in wanting:
        for fact in presumptions(world):
            truths = [truth_with(world, fact, value, name, scope) for value in other_values(world, fact)]
            if False in truths or (now is True and None in truths):
                yield None, name, [Need(fact, None)], PRESUMED


def could_add(
    world: World,
    asks: list[Ask],
    ask: tuple[Rule, Scope | None, Rule],
    wanted_now: set[StepKey],
    planned: Mapping[StepKey, Step],
) -> bool:
    """Whether an undecided recommendation would bring a step that is not wanted already, nor done, or change one."""
    rule, scope, effect = ask
    if scope is None:
        return True
    possible = rule, scope, effect
    want = wanted(world, possible, [*asks, possible])
    if want.about == ANYWHERE:
        return True
    if want.act is not None or want.lapsed:
        return False
    return want.key not in wanted_now or (want.key in planned and changed_by(world, planned[want.key], want))


def changed_by(world: World, step: Step, want: Want) -> bool:
    """Whether one more reason gives a step another owner, another value, or an earlier due."""
    other = step_of(world, [*step.wants, want])
    said = [
        (
            each.owner,
            {name: value for name, value in each.params.items() if value is not None},
            {*each.conflicts},
        )
        for each in (step, other)
    ]
    if said[0] != said[1]:
        return True
    first, sooner = due_time(world, step), due_time(world, other)
    return sooner is not None and (first is None or sooner < first)


def of_aim(world: World, rule: Rule, scope: Scope, effect: Rule) -> list[Need]:
    """The reference that says which record a step is about."""
    if aimed_at(world, rule, scope, effect, effect["recommend"]) != ANYWHERE:
        return []
    return of_name(world, spot(world, scope, effect["about"]))


# --- when to look again -----------------------------------------------------------------------------------------------


MOST = 150


def review_at(
    policy: Mapping[str, Plain],
    case: Mapping[str, Plain],
    at: datetime,
    claimed: datetime | None,
    most: int | None = None,
) -> datetime | None:
    """The earliest later instant, within a year, at which the decision differs: by trying all that could matter.

    Times of day turn several times a day. Where a policy tests them, of so many instants that are left over only `MOST` are
    tried, spread evenly over all of them, and what is `claimed` besides, just before and just then. With `most` of any
    policy no more than so many are tried.
    """
    now = decide(policy, case, at)
    found = sorted(each for each in moments(policy, case, at) if at < each <= at + YEAR)
    if most is None and any(hours_in(policy)):
        most = MOST
    if most is not None and len(found) > most:
        found = [*found[: most // 2], *found[most // 2 :: 1 + 2 * len(found) // most]]
        if claimed is not None:
            found = sorted({*found, claimed - timedelta(microseconds=1), claimed} - {at})
    for moment in found:
        if decide(policy, case, moment, known_at=at if "history" in case else None) != now:
            return moment
    return None


def moments(policy: Mapping[str, Plain], case: Mapping[str, Plain], at: datetime) -> set[datetime]:
    """Every instant of case and policy, shifted by every duration of the policy, ± a microsecond.

    Acts by two of them: a step comes back after a while, and is due a while later (as an interval, then as a deadline).
    """
    world = world_of(policy, case, at)
    lengths, periods = durations_in(policy), periods_in(policy)
    marks = {*instants_in(case), *instants_in(policy)}
    once = {end(world, mark, each) for mark in marks for each in lengths for end in (later, passed)}
    acts = {passed(world, act.at, each) for act in world.done for each in lengths}
    twice = {later(world, mark, each) for mark in acts for each in lengths}
    before = {mark - length(each) for mark in marks for each in lengths if Duration.parse(each).is_elapsed}
    untils = [
        stated(each["within"])[0] for each in mappings_in(policy) if "recommend" in each and "within" in each
    ]
    starts = {*marks, *(passed(world, act.at, each) for act in world.done for each in lengths)}
    dues = {due_by(world, mark, each) for mark in starts for each in untils}
    begun = {
        passed(world, mark, each) for mark in {*marks, *(act.at for act in world.done)} for each in periods
    }
    exact = marks | once | twice | before | dues | begun
    return (
        exact
        | {moment + timedelta(microseconds=1) for moment in exact}
        | {*turns(world, policy, at.date(), at.date() + YEAR)}
    )
