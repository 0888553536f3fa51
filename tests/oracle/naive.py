"""The oracle: what a policy decides about a case, computed from plain data, slowly, without compiling or remembering.

Read it as a second specification of DESIGN §4: `truth` says what holds, `effects` what rules want and prohibit, `needs`
what must be found out; here they become a decision. Where the text is silent, READINGS.md says what was assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import reduce

from escalation_rules.calendar import Duration
from tests.oracle.effects import (
    ANYWHERE,
    Decided,
    Prohibition,
    Want,
    affects,
    aimed_at,
    everywhere,
    prohibitions,
    required_acts,
    retiring,
    wanted,
    wants,
)
from tests.oracle.needs import (
    Need,
    first,
    of_name,
    of_parameter,
    of_pending,
    of_rule,
    required_facts,
    undecided,
)
from tests.oracle.truth import Rule, conclusion, holds, instants_in, spot
from tests.oracle.worlds import (
    Person,
    Plain,
    Scope,
    Truth,
    World,
    comparable,
    later,
    length,
    names,
    passed,
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
    plan.sort(key=lambda step: step_order(world, order, step))
    return {
        "phase": phase_of(world, plan[0].action) if plan else None,
        "plan": [plain_step(world, step) for step in plan],
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
    def key(self) -> tuple[str, str | None]:
        return self.action, self.about

    @property
    def due(self) -> datetime | None:
        return min((each.due for each in self.wants if each.due), default=None)

    @property
    def incomplete(self) -> list[str]:
        return sorted(
            name for name, known in self.params.items() if known is None and name not in self.conflicts
        )

    @property
    def within(self) -> str | None:
        """The time that runs out first; without a due time, the first that is stated."""
        timed = sorted((each for each in self.wants if each.within), key=lambda each: each.rule)
        first_due = [each for each in timed if each.due == self.due]
        return first_due[0].within if first_due else None

    @property
    def because(self) -> set[Reason]:
        return {(each.rule, each.effect, False) for each in self.wants}


def step_of(world: World, found: list[Want]) -> Step:
    """One step from its open reasons."""
    declared = world.declared("actions")[found[0].action]
    owners = sorted({each.owner for each in found if each.owner})
    values = {
        name: [each.params[name] for each in found if name in each.params]
        for name in declared.get("params") or {}
    }
    combined = {name: combine(declared["params"][name], stated) for name, stated in values.items() if stated}
    return Step(
        found[0].action,
        found[0].about,
        tuple(found),
        owners[0] if owners else declared.get("owner"),
        {name: known for name, known in combined.items() if known is not CONFLICT},
        tuple(sorted(name for name, known in combined.items() if known is CONFLICT))
        + (("owner",) if len(owners) > 1 else ()),
    )


Reason = tuple[str, str, bool]
"""A rule, what it does, and whether that is undecided."""

CONFLICT = object()


def combine(declared: Rule, values: list[Plain]) -> Plain:
    """One value from those that several rules state: None while unknown, CONFLICT if they differ and must not."""
    how = declared.get("combine", "same")
    known = [each for each in values if each is not None]
    if how == "same" and len(set(known)) > 1:
        return CONFLICT
    if len(known) < len(values):
        return None
    if how in {"max", "min"}:
        return (max if how == "max" else min)(known, key=lambda each: comparable(declared, each))
    if how == "sum":
        return reduce(lambda one, other: one + other, known)
    return frozenset().union(*known) if how == "union" else known[0]


def steps_of(world: World, found: Iterable[Want]) -> list[Step]:
    """One step for each action and record that has an open reason."""
    groups: dict[tuple[str, str | None], list[Want]] = {}
    for each in found:
        if each.act is None:
            groups.setdefault(each.key, []).append(each)
    return [step_of(world, each) for each in groups.values()]


def done_steps(world: World, wanted_once: list[Want], steps: list[Step]) -> list[Plain]:
    """The steps that acts retired and that nothing opens again."""
    still_open = {step.key for step in steps}
    groups: dict[tuple[str, str | None], list[Want]] = {}
    for each in wanted_once:
        if each.act is not None and each.key not in still_open:
            groups.setdefault(each.key, []).append(each)
    found = []
    for (action, about), reasons in groups.items():
        act = max((each.act for each in reasons if each.act), key=lambda act: act.at)
        found.append({
            "id": step_id(world, (action, about), len(retiring(world, action, about))),
            "action": action,
            "about": about,
            "at": plain(act.at),
            "by": plain(act.by),
            "because": {(each.rule, each.effect, False) for each in reasons},
        })  # fmt: skip
    return found


# --- wanted and blocked -----------------------------------------------------------------------------------------------


@dataclass
class Verdict:
    """What stands against steps and actions. `blocked` names steps that are not in the plan, and why."""

    blocked: dict[tuple[str, str | None], str] = field(default_factory=dict)
    forbidden: list[Plain] = field(default_factory=list)
    held: list[Plain] = field(default_factory=list)


def settled(world: World, wanted_now: list[Want], against: list[Prohibition]) -> tuple[list[Step], Verdict]:
    """The steps, with those that release holds, and what stands against them."""
    found = list(wanted_now)
    while True:
        steps = steps_of(world, found)
        verdict = judged(world, steps, against)
        more = [
            each
            for step in steps
            if verdict.blocked.get(step.key) == "held"
            for each in releases(world, step, against)
        ]
        fresh = {
            (each.key, each.rule): each
            for each in more
            if not any(is_release(each, other) for other in found)
        }
        if not fresh:
            return steps, verdict
        found += fresh.values()


def is_release(one: Want, other: Want) -> bool:
    """Whether both are the same reason to do what a hold waits for."""
    return other.effect == "hold" and (one.key, one.rule) == (other.key, other.rule)


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
        verdict.forbidden.append(line(step.key, doers(forbidding), True, reasons))
    elif holding or step.conflicts:
        verdict.blocked[step.key] = "held"
        needs = {need for each, truth in holding for need in needs_of(world, each, truth)}
        needs |= {("parameter", name, step.about) for name in step.conflicts}
        reasons = step.because | {(each.rule, each.kind, truth is None) for each, truth in holding}
        verdict.held.append(
            {
                **line(step.key, doers(holding), True, reasons, needs),
                "params": plain_params(world, step),
                "until": untils([each for each, _ in holding]),
            }
        )


def stand(world: World, verdict: Verdict, against: list[Prohibition]) -> None:
    """What is forbidden or held, wanted or not, for any parameters: one line for each action, record and doers."""
    groups: dict[Key, list[Prohibition]] = {}
    for each in against:
        if each.truth is True and "where" not in each.stated:
            groups.setdefault((each.action, each.about, each.by), []).append(each)
    for (action, about, by), found in groups.items():
        forbids, holds_ = ([each for each in found if each.kind == kind] for kind in ("forbid", "hold"))
        state = verdict.blocked.get((action, about))
        if forbids and state != "forbidden":
            reasons = {(each.rule, "forbid", False) for each in forbids}
            verdict.forbidden.append(line((action, about), by, False, reasons))
        elif holds_ and not forbids and state is None:
            needs = {need for each in holds_ for need in needs_of(world, each, True)}
            reasons = {(each.rule, "hold", False) for each in holds_}
            said = line((action, about), by, False, reasons, needs)
            verdict.held.append({**said, "params": {}, "until": untils(holds_)})


def place_of(said: Plain) -> tuple[str, str, list[str]]:
    """Where a line of `forbidden` or `held` stands among the others."""
    return said["action"], said["about"] or "", said["by"]


def untils(found: list[Prohibition]) -> list[str]:
    """The ends of holds as they are written: they matter for when to look again."""
    return sorted({repr(each.stated["until"]) for each in found if each.kind == "hold"})


Needs = set[tuple[str, str, str | None]]


def line(
    key: tuple[str, str | None],
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
        elif truth is True or (truth is None and each.stated.get("when_unknown") != "allow"):
            holding.append((each, truth))
    return forbidding, holding


def releases(world: World, step: Step, against: list[Prohibition]) -> Iterator[Want]:
    """A reason for each act that a hold on this step waits for."""
    for each, truth in standing(world, step, against)[1]:
        if each.kind == "hold" and truth is True:
            for action, about in required_acts(world, each.scope, each.stated["until"]):
                if "phase" in world.declared("actions")[action]:
                    yield Want(
                        action, about, each.rule, "hold", None, None, None, None, {}, each.scope, each.stated
                    )


def needs_of(world: World, each: Prohibition, truth: Truth) -> Needs:
    """What would release a hold: facts to find out, acts to be done."""
    holding = each.kind == "hold" and truth is True
    acts = required_acts(world, each.scope, each.stated["until"]) if holding else []
    return {("fact", *need) for need in facts_of(world, each)} | {("act", *act) for act in acts}


def facts_of(world: World, each: Prohibition) -> list[Need]:
    """What leaves a prohibition undecided, or what a hold waits to learn."""
    if each.rule_truth is None:
        return rule_needs(world, each.rule, None if each.listed else each.scope) or overriding_needs(
            world, each
        )
    if each.about == ANYWHERE:
        return of_name(world, spot(world, each.scope, each.stated["about"]))
    if each.kind == "forbid":
        return []
    ended = holds(world, each.scope, each.stated["until"])
    return (
        undecided(world, each.scope, each.stated["until"])
        if ended is None
        else required_facts(world, each.scope, each.stated["until"])
    )


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


def step_order(world: World, order: list[str], step: Step) -> tuple[int, int, bool, str]:
    """Phase, then rank within it, then the record (the whole case first)."""
    return (
        order.index(phase_of(world, step.action)),
        ranks(world).index(step.action),
        step.about is not None,
        step.about or "",
    )


def ranks(world: World) -> list[str]:
    """All actions in order: of those that may come next, the one of highest priority, then by name."""
    actions = world.declared("actions")
    before = {name: {*_listed(each, "after")} for name, each in actions.items()}
    for name, each in actions.items():
        for other in _listed(each, "before"):
            before[other].add(name)
    ranked: list[str] = []
    while len(ranked) < len(actions):
        ready = [name for name in actions if name not in ranked and before[name] <= set(ranked)]
        ranked.append(min(ready, key=lambda name: (-actions[name].get("priority", 0), name)))
    return ranked


def _listed(declared: Rule, key: str) -> list[str]:
    return several(declared.get(key, []))


def plain_step(world: World, step: Step) -> Plain:
    """A step of the plan as plain data."""
    return {
        "id": step_id(world, step.key, len(retiring(world, *step.key)) + 1),
        "action": step.action,
        "about": step.about,
        "phase": phase_of(world, step.action),
        "owner": step.owner,
        "due": plain(step.due),
        "within": str(Duration.parse(step.within)) if step.within else None,
        "overdue": step.due is not None and world.at >= step.due,
        "params": plain_params(world, step),
        "incomplete": step.incomplete,
        "because": step.because,
    }


def plain_params(world: World, step: Step) -> Plain:
    """The parameters that are known, as plain data."""
    declared = world.declared("actions")[step.action].get("params") or {}
    return {
        name: plain_of(world, declared[name], known)
        for name, known in step.params.items()
        if known is not None
    }


def step_id(world: World, key: tuple[str, str | None], occurrence: int) -> str | None:
    """What a host remembers a step by."""
    case = world.case.get("id")
    return f"{case}/{key[0]}/{key[1] or ''}/{occurrence}" if case is not None else None


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


SAFETY, PROHIBITION, CURRENT, OTHER = range(4)


@dataclass
class Question:
    """One line of `missing`."""

    rank: int = OTHER
    about: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)


Waiting = tuple[str, str, list[Need], int]


def missing(
    world: World, order: list[str], steps: list[Step], verdict: Verdict, asked: Iterable[Waiting]
) -> list[Plain]:
    """One line a fact or field: for safety, for a prohibition on a wanted step, for the current phase, the rest."""
    free = [step for step in steps if step.key not in verdict.blocked]
    current = min((phase_of(world, step.action) for step in free), key=order.index, default=None)

    def rank(action: str) -> int:
        phase = world.declared("actions")[action].get("phase")
        return SAFETY if phase == order[0] else CURRENT if phase == current else OTHER

    lines: dict[str, Question] = {}
    for action, rule, needs, least in asked:
        for need in needs:
            question = lines.setdefault(need.fact, Question())
            question.rank = min(question.rank, least, rank(action))
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
    """The action about which something is to be found out, the rule that waits for it, what, and how urgent that is."""
    wanted_now = {step.key for step in steps}
    for rule, _, scope, truth in rules:
        for effect in rule["then"]:
            if "recommend" in effect and truth is None and could_add(world, rule, scope, effect, wanted_now):
                yield effect["recommend"], rule["id"], rule_needs(world, rule["id"], scope), OTHER
            if "recommend" in effect and truth is True and scope is not None:
                yield effect["recommend"], rule["id"], of_aim(world, rule, scope, effect), OTHER
    for step in steps:
        if step.key in verdict.blocked:
            forbidding, holding = standing(world, step, against)
            for each, _ in [*forbidding, *holding]:
                yield step.action, each.rule, facts_of(world, each), PROHIBITION
        for want in step.wants:
            for name in step.incomplete:
                needs = (
                    of_parameter(world, want.scope, want.stated[name])
                    if want.params.get(name, 0) is None
                    else []
                )
                yield step.action, want.rule, needs, OTHER


def could_add(
    world: World, rule: Rule, scope: Scope | None, effect: Rule, wanted_now: set[tuple[str, str | None]]
) -> bool:
    """Whether an undecided recommendation would bring a step that is not wanted already, nor done."""
    if scope is None:
        return True
    want = wanted(world, rule, scope, effect)
    return want.about == ANYWHERE or (want.act is None and want.key not in wanted_now)


def of_aim(world: World, rule: Rule, scope: Scope, effect: Rule) -> list[Need]:
    """The reference that says which record a step is about."""
    if aimed_at(world, rule, scope, effect, effect["recommend"]) != ANYWHERE:
        return []
    return of_name(world, spot(world, scope, effect["about"]))


# --- when to look again -----------------------------------------------------------------------------------------------


def review_at(policy: Mapping[str, Plain], case: Mapping[str, Plain], at: datetime) -> datetime | None:
    """The earliest later instant, within a year, at which the decision differs: by trying all that could matter."""
    now = decide(policy, case, at)
    for moment in sorted(moments(policy, case, at)):
        if at < moment <= at + YEAR and decide(policy, case, moment, known_at=at) != now:
            return moment
    return None


def moments(policy: Mapping[str, Plain], case: Mapping[str, Plain], at: datetime) -> set[datetime]:
    """Every instant of case and policy, shifted by every duration of the policy, ± a microsecond.

    Acts by two of them: a step comes back after a while, and is due a while later (as an interval, then as a deadline).
    """
    world = world_of(policy, case, at)
    lengths = durations(policy)
    marks = {*instants_in(case), *instants_in(policy)}
    once = {end(world, mark, each) for mark in marks for each in lengths for end in (later, passed)}
    acts = {passed(world, act.at, each) for act in world.done for each in lengths}
    twice = {later(world, mark, each) for mark in acts for each in lengths}
    before = {mark - length(each) for mark in marks for each in lengths if "working" not in each}
    exact = marks | once | twice | before
    return exact | {moment + timedelta(microseconds=1) for moment in exact}


def durations(policy: Mapping[str, Plain]) -> set[str]:
    """Every duration that the policy mentions, wherever."""
    found: set[str] = set()
    for each in texts_in(policy):
        found |= {match[0] for match in SPOKEN.finditer(each)}
    return found


SPOKEN = re.compile(r"[0-9]+ (working )?(second|minute|hour|day|week)s?( in [a-z][a-z0-9_]*)?")


def texts_in(data: Plain) -> Iterator[str]:
    """Every text in plain data."""
    if isinstance(data, str):
        yield data
    for each in data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ():
        yield from texts_in(each)
