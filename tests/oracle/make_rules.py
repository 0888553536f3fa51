"""Random rules over a vocabulary, valid by construction: conclusions in layers, holds that wait for later acts only."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.oracle.dice import Dice, chance, pick, several, shuffled
from tests.oracle.effects import FINDING, own_tests
from tests.oracle.make_conditions import (
    ACT_HEADS,
    AGES,
    SPANS,
    WORKING,
    Context,
    Inside,
    condition,
    literal,
    of_acts,
    same_type,
)
from tests.oracle.make_vocabulary import LAYERS, ROLES, layer_of
from tests.oracle.times import is_ahead

Plain = Any


def rulesets(dice: Dice, vocabulary: dict[str, Plain]) -> list[dict[str, Plain]]:
    """Rules that conclude, and rules that act; these may apply only while some condition holds."""
    every = tuple(vocabulary["actions"])
    given, all_known = Context(vocabulary, 1, every), Context(vocabulary, LAYERS + 1, every)
    found: list[dict[str, Plain]] = [
        {"ruleset": "conclusions", "rules": concluding(dice, vocabulary)},
        {"ruleset": "effects", "rules": acting(dice, all_known)},
    ]
    for ruleset, context in zip(found, (given, all_known), strict=True):
        if chance(dice, 25):
            ruleset["applies_while"] = condition(dice, context, 1)
    return [ruleset for ruleset in found if ruleset["rules"]]


# --- conclusions ------------------------------------------------------------------------------------------------------


def concluding(dice: Dice, vocabulary: dict[str, Plain]) -> list[dict[str, Plain]]:
    """For every conclusion one rule or two (a choice: in one place); some flags nobody concludes."""
    found: list[dict[str, Plain]] = []
    for target in conclusions(vocabulary):
        needed = target[2]["type"] != "flag"  # a choice that is read and never concluded is refused
        for _ in range(pick(dice, [1, 1, 2]) if needed or chance(dice, 95) else 0):
            rule = conclude(dice, vocabulary, *target)
            rule["id"] = f"c{len(found)}"
            found.append(rule)
            if "first_that_applies" in rule["then"][0]:
                break
    return found


def conclusions(vocabulary: dict[str, Plain]) -> list[tuple[str | None, str, dict[str, Plain]]]:
    """Every concluded fact or field, with its list."""
    found: list[tuple[str | None, str, dict[str, Plain]]] = [
        (None, name, each) for name, each in vocabulary["facts"].items() if each.get("concluded")
    ]
    for listed, declared in vocabulary["records"].items():
        found += [(listed, name, each) for name, each in declared["fields"].items() if each.get("concluded")]
    return found


def conclude(
    dice: Dice, vocabulary: dict[str, Plain], listed: str | None, name: str, declared: dict[str, Plain]
) -> dict[str, Plain]:
    """A rule that reads only what lies in layers below."""
    context = Context(vocabulary, layer_of(name), tuple(vocabulary["actions"]))
    each = listed
    if listed is None and declared["type"] == "flag" and chance(dice, 30):
        each = pick(dice, list(vocabulary["records"]))
    inner = context.inside(each) if each else context
    rule: dict[str, Plain] = {"id": "", **({"for_each": each} if each else {})}
    said = f"{vocabulary['records'][listed]['each']}.{name}" if listed and chance(dice, 30) else name
    if declared["type"] == "flag":
        conditions(dice, inner, rule)
        return {**rule, "then": [{"conclude": said}]}
    alternatives = [
        {pick(dice, declared["values"]): condition(dice, inner)} for _ in range(dice.number(1, 3))
    ]
    effect = {
        "conclude": said,
        "first_that_applies": alternatives,
        "otherwise": pick(dice, declared["values"]),
    }
    return {**rule, "then": [effect]}


def conditions(dice: Dice, context: Context, rule: dict[str, Plain]) -> None:
    """Add `when` and `unless`."""
    if chance(dice, 75):
        rule["when"] = condition(dice, context, pick(dice, [0, 1, 1, 2]))
    if chance(dice, 15):
        rule["unless"] = condition(dice, context, 1)


# --- rules that act ---------------------------------------------------------------------------------------------------


def acting(dice: Dice, context: Context) -> list[dict[str, Plain]]:
    """Rules with effects; some override others of the same scope that do not override themselves, and may do only that."""
    found = [acting_rule(dice, context, f"r{number}") for number in range(dice.number(2, 7))]
    for rule in list(found):
        if chance(dice, 35):
            found.append(twin(dice, context, rule, f"{pick(dice, 'qs')}{len(found)}"))
        elif any(names_what_adds_up(context, each) for each in rule["then"]) and chance(dice, 60):
            found.append({**deepcopy(rule), "id": f"{pick(dice, 'qs')}{len(found)}"})
    escalate(dice, context, found)
    targets: set[str] = set()
    for rule in found:
        others = [each["id"] for each in found if may_override(rule, each)]
        if others and rule["id"] not in targets and chance(dice, 25):
            rule["overrides"] = several(dice, others, 1, 2)
            targets |= set(rule["overrides"])
            escalated = any(rule["id"] in each.get("escalates", []) for each in found)
            if chance(dice, 40) and "escalates" not in rule and not escalated:
                del rule["then"]
    return found


def twin(dice: Dice, context: Context, rule: dict[str, Plain], name: str) -> dict[str, Plain]:
    """A rule like another one, mostly under narrower conditions, that asks for its steps in another way."""
    made: dict[str, Plain] = deepcopy({**rule, "id": name})
    inner = context.inside(rule["for_each"]) if "for_each" in rule else context
    made["when"] = narrowed(dice, inner, made.get("when", {}))
    if chance(dice, 25):
        made.pop("unless", None)
    for each in made["then"]:
        if "within" in each:
            each["within"] = within(dice, inner, made)  # other records may be found now
            if not is_counted(context, each):
                each.pop("lapses_after", None)
            if is_ahead(each["within"]):  # nothing stops such a time
                each.pop("fixed", None)
                each.pop("paused_while", None)
        if "recommend" in each and chance(dice, 70):
            each["owner"] = pick(dice, ROLES)
        for parameter, declared in (
            context.vocabulary["actions"].get(each.get("recommend"), {}).get("params", {}).items()
        ):
            stated = parameter_value(dice, inner, declared) if chance(dice, 30) else None
            each.update({parameter: stated} if stated is not None else {})
    made["then"] = list({str(gist(each)): each for each in made["then"]}.values())
    return made


def names_what_adds_up(context: Context, effect: dict[str, Plain]) -> bool:
    """Whether a step gets what adds up from something that the case names."""
    params = context.vocabulary["actions"].get(effect.get("recommend"), {}).get("params", {})
    return any(
        declared.get("combine") == "sum" and isinstance(effect.get(name), str | dict)
        for name, declared in params.items()
    )


def narrowed(dice: Dice, context: Context, when: dict[str, Plain]) -> dict[str, Plain]:
    """The condition with other numbers and lengths, or with more to it."""
    changed: dict[str, Plain] = stricter(dice, when)
    if changed and chance(dice, 50):
        return changed
    more = condition(dice, context, 1)
    if not changed:
        return more
    return {"all": shuffled(dice, [changed, more])}


def is_count(each: Plain) -> bool:
    """Whether it is a number that may be another one: 0 may be an amount, which takes no other."""
    return type(each) is int and each > 0


def stricter(dice: Dice, data: Plain) -> Plain:
    """The same with some lengths of time and some numbers exchanged."""
    if isinstance(data, dict):
        return {
            key: pick(dice, AGES) if key in {"older_than", "newer_than"} and chance(dice, 60)
            else dice.number(1, 3) if key in {"at_least", "above", "at_most"} and is_count(each) and chance(dice, 60)
            else stricter(dice, each)
            for key, each in data.items()
        }  # fmt: skip
    return [stricter(dice, each) for each in data] if isinstance(data, list) else data


def escalate(dice: Dice, context: Context, rules: list[dict[str, Plain]]) -> None:
    """Let some rules escalate others before them that may ask for the same step."""
    for number, rule in enumerate(rules):
        others = [each["id"] for each in rules[:number] if may_escalate(context, rule, each)]
        if others and chance(dice, 20):
            rule["escalates"] = several(dice, others, 1, 2)


def may_escalate(context: Context, rule: dict[str, Plain], other: dict[str, Plain]) -> bool:
    """Whether both ask for one step of the case, or about the records of one list."""
    for mine in rule["then"]:
        for its in other["then"]:
            action = mine.get("recommend")
            if action is None or action != its.get("recommend"):
                continue
            if context.vocabulary["actions"][action].get("about") == "case":
                return True
            if rule.get("for_each") == other.get("for_each") and mine.get("about") == its.get("about"):
                return True
    return False


def may_override(rule: dict[str, Plain], other: dict[str, Plain]) -> bool:
    """Whether one rule may override the other."""
    prohibits = any("forbid" in each or "hold" in each for each in other.get("then", []))
    same = rule.get("for_each") == other.get("for_each")
    return prohibits and same and rule is not other and "overrides" not in other


def acting_rule(dice: Dice, context: Context, name: str) -> dict[str, Plain]:
    """One rule with effects."""
    rule: dict[str, Plain] = {"id": name}
    inner = context
    if chance(dice, 45):
        rule["for_each"] = pick(dice, list(context.vocabulary["records"]))
        inner = context.inside(rule["for_each"])
    conditions(dice, inner, rule)
    found = [effect(dice, inner, rule) for _ in range(pick(dice, [1, 1, 2, 3]))]
    effects = {str(gist(each)): each for each in found if each}
    rule["then"] = list(effects.values()) or [simplest(context)]
    if chance(dice, 15):
        limited(dice, inner, rule)
    return rule


def limited(dice: Dice, context: Context, rule: dict[str, Plain]) -> None:
    """Let the rule forbid something by a limit in money, in its condition or for the parameter, and what is unknown pass."""
    limit = {pick(dice, ["above", "at_most"]): pick(dice, [{"TWD": 100, "CNY": 50}, {"TWD": 50}])}
    amounts = context.of_type("amount")
    actions = [
        name for name, each in context.vocabulary["actions"].items()
        if each.get("params", {}).get("total", {}).get("type") == "amount"
    ]  # fmt: skip
    banned = {"forbid": context.actions[0], "about": "case", "when_unknown": "allow"}
    if actions and chance(dice, 50):
        rule["then"].append({**banned, "forbid": pick(dice, actions), "where": {"total": limit}})
    elif amounts:
        test = {pick(dice, amounts): limit}
        rule["when"] = {"all": [rule["when"], test]} if "when" in rule else test
        rule["then"].append(banned)


def gist(effect: dict[str, Plain]) -> dict[str, Plain]:
    """What must differ between two effects of a rule: the rest may be written in several ways and mean the same."""
    return {
        key: value
        for key, value in effect.items()
        if key not in {"about", "by", "except_by", "except", "within", "lapses_after"}
    }


def simplest(context: Context) -> dict[str, Plain]:
    """An effect that is valid everywhere."""
    return {"forbid": context.actions[0], "about": "case"}


def effect(dice: Dice, context: Context, rule: dict[str, Plain]) -> dict[str, Plain] | None:
    """One effect; None where the choice made cannot be aimed."""
    kind = pick(dice, ["recommend", "recommend", "recommend", "forbid", "hold"])
    return recommend(dice, context, rule) if kind == "recommend" else prohibit(dice, context, kind)


def aims(context: Context, actions: list[str]) -> list[str | None]:
    """What an effect on these actions may be about: None for the default, else a word for `about:`."""
    declared = context.vocabulary["actions"]
    about = {declared[name].get("about") for name in actions}
    listed = context.scope[0].list if context.scope else None
    found: list[str | None] = ["case"]
    if listed is None or about <= {None, "case", listed}:
        found = [None, None, None, "case"]
    for name, each in context.scope[0].fields.items() if context.scope else ():
        target = "parties" if each["type"] == "party" else each.get("to")
        if (
            each["type"] in {"reference", "party"}
            and target in context.vocabulary["records"]
            and about <= {None, target}
        ):
            found += [name, name]
    return found


# --- recommend --------------------------------------------------------------------------------------------------------


def recommend(dice: Dice, context: Context, rule: dict[str, Plain]) -> dict[str, Plain] | None:
    """A step."""
    actions = [name for name, each in context.vocabulary["actions"].items() if "phase" in each]
    if not actions:
        return None
    action = pick(dice, actions)
    declared = context.vocabulary["actions"][action]
    made: dict[str, Plain] = {"recommend": action}
    for name, parameter in declared.get("params", {}).items():
        if chance(dice, 75):
            stated = parameter_value(dice, context, parameter)
            if stated is not None:
                made[name] = stated
    aim = pick(dice, aims(context, [action]))
    if aim is not None:
        made["about"] = aim
    if chance(dice, 20):
        made["owner"] = pick(dice, ROLES)
    if chance(dice, 60):
        made["within"] = within(dice, context, rule)
        if chance(dice, 20) and not is_ahead(made["within"]):
            made["fixed"] = True
    if is_counted(context, made) and chance(dice, 15):
        made["lapses_after"] = pick(dice, SPANS + WORKING)
    if chance(dice, 20):
        made["again"] = f"every {pick(dice, [each for each in SPANS + WORKING if 'calendar' not in each])}"
    if chance(dice, 12) and not is_ahead(made.get("within", "")):
        made["paused_while"] = condition(dice, context, 0)
    return made


def is_counted(context: Context, effect: dict[str, Plain]) -> bool:
    """Whether it is said from when the time of a step counts."""
    declared = context.vocabulary["actions"][effect["recommend"]]
    stated = effect.get("within", "").removeprefix("end of the working day")
    return " of " in stated or declared.get("anchor") in context.vocabulary["facts"]


def within(dice: Dice, context: Context, rule: dict[str, Plain]) -> str:
    """How long, and perhaps from when."""
    starts = context.of_type("instant", dotted=True)
    heads = {name.partition(".")[0] for name in context.names()}
    for listed in found_lists(rule.get("when", {})):
        declared = context.vocabulary["records"][listed]
        instants = [name for name, each in declared["fields"].items() if each["type"] == "instant"]
        if declared["each"] not in heads:
            starts += [f"{declared['each']}.{name}" for name in ("recorded_at", *instants)] * 3
    if starts and chance(dice, 15):
        ahead = "by" if chance(dice, 30) else f"{pick(dice, [*SPANS, *WORKING])} before"
        return f"{ahead} {pick(dice, starts)}"
    starts += list(context.vocabulary["actions"])[:2]
    starts += [
        each for each in acts_required(rule.get("when", {})) if each in context.vocabulary["actions"]
    ] * 5
    learned = [f"learning {name}" for name in context.names() if "." in name]
    learned += [f"learning {place.each}" for place in context.scope[:1]]
    length = pick(dice, [*SPANS, *WORKING, "end of the working day", "end of the working day in night"])
    said = length
    if chance(dice, 20):
        said = f"{length} of {pick(dice, learned)}"
    elif chance(dice, 75):
        said = f"{length} of {pick(dice, starts)}"
    moved = pick(dice, ["", "", ", moved to a working day", ", moved to a working day in night"])
    return f"{said}{moved}" if length in {*SPANS, "2 calendar days"} else said


def acts_required(when: dict[str, Plain]) -> list[str]:
    """The single actions that must have been done for a condition to hold."""
    inner = when.get("done")
    named = inner.get("action") if isinstance(inner, dict) else inner
    found = [named] if isinstance(named, str) else []
    return found + [name for each in when.get("all", ()) for name in acts_required(each)]


def found_lists(when: dict[str, Plain]) -> list[str]:
    """The lists of which exactly one test finds records for the rule; of several, the one `some`."""
    found = [each[head] for each in own_tests(when) for head in FINDING if head in each]
    some = [each["some"] for each in own_tests(when) if "some" in each]
    return [
        each
        for each in dict.fromkeys(found)
        if (some.count(each) if each in some else found.count(each)) == 1
    ]


def parameter_value(dice: Dice, context: Context, declared: dict[str, Plain]) -> Plain:
    """A literal, a name, or something about records; None if nothing fits."""
    kind = declared["type"]
    if kind in {"record", "records"}:
        head = "one_of" if kind == "record" else "each_of"
        named = [name for name, each in context.names().items() if "." in name and kind == "record"
                 and each["type"] == "reference" and each["to"] == declared["to"]]  # fmt: skip
        if named and chance(dice, 40):
            return pick(dice, named)
        which = condition(dice, context.inside(declared["to"]), 1)
        return linked(context, declared["to"], {head: declared["to"], "which": which})
    named = [name for name, each in context.names().items() if same_type(each, declared) and "." in name]
    if named and chance(dice, 45):
        return pick(dice, named)
    if kind == "count" and chance(dice, 50):
        listed = pick(dice, list(context.vocabulary["records"]))
        return linked(context, listed, {"count": listed, "where": condition(dice, context.inside(listed), 1)})
    if (
        kind in {"amount", "count", "duration"}
        and chance(dice, 15)
        and (total := of_acts(dice, context, declared))
    ):
        return total
    sums = [(listed, name) for listed, each in context.vocabulary["records"].items()
            for name, field in each["fields"].items() if field["type"] == kind]  # fmt: skip
    if kind in {"amount", "count", "duration"} and sums and chance(dice, 60):
        listed, field = pick(dice, sums)
        made: dict[str, Plain] = {"sum": f"{listed}.{field}"}
        if chance(dice, 60):
            made["where"] = condition(dice, context.inside(listed), 1)
        return linked(context, listed, made)
    return literal(dice, declared)


def linked(context: Context, listed: str, made: dict[str, Plain]) -> dict[str, Plain]:
    """Name the case where several references could be meant."""
    fields = context.vocabulary["records"][listed]["fields"]
    inside = [place.list for place in context.scope]
    links = [name for name, each in fields.items() if each["type"] == "reference" and each["to"] in inside]
    return {**made, "of": "case"} if len(links) > 1 else made


# --- forbid and hold --------------------------------------------------------------------------------------------------


def prohibit(dice: Dice, context: Context, kind: str) -> dict[str, Plain] | None:
    """A prohibition; a hold waits only for actions that come later than those it holds."""
    named = pick(dice, [*context.vocabulary["actions"], *context.vocabulary.get("groups", {})])
    group = context.vocabulary.get("groups", {}).get(named)
    actions = group["actions"] if group else [named]
    made: dict[str, Plain] = {kind: named}
    if group and chance(dice, 40):
        made["except"] = several(dice, actions, 1, len(actions) - 1)
    left = [name for name in actions if name not in made.get("except", [])]
    aim = pick(dice, aims(context, left))
    if aim is not None:
        made["about"] = aim
    if chance(dice, 25):
        key = "except_by" if chance(dice, 30) else "by"
        made[key] = pick(dice, [pick(dice, ROLES), several(dice, ROLES, 1, 2)])
    shared = shared_parameters(context, left)
    if shared and chance(dice, 35):
        place = Inside(None, "(act)", shared)
        made["where"] = parameter_condition(dice, context, place)
    if chance(dice, 25):
        made["when_unknown"] = "allow"
    if kind == "hold":
        made["until"] = until(dice, context, left)
        for spec in (made["until"].get("done"),):
            alike = covering(context, left, spec) if isinstance(spec, str) else []
            if alike and chance(dice, 60):
                made["until"]["done"] = {"action": spec, "covers": several(dice, alike, 1, 2)}
        if chance(dice, 15):
            made["waits_for"] = pick(dice, ["customer", "us"])
    return made


def covering(context: Context, held: list[str], action: str) -> list[str]:
    """The parameters that an act which ends a hold may have to cover."""
    declared = context.vocabulary["actions"]
    if action not in declared:
        return []
    its = declared[action].get("params", {})
    return [
        name
        for name, each in shared_parameters(context, held).items()
        if name in its and same_type(its[name], each) and each["type"] != "party"
        and not its[name].get("reached", its[name].get("combine") in {"sum", "max"})
    ]  # fmt: skip


def parameter_condition(dice: Dice, context: Context, place: Inside) -> dict[str, Plain]:
    """A condition that is (mostly) about parameters."""
    inner = Context(context.vocabulary, context.layer, (), (*context.scope, place))
    for _ in range(4):
        made = condition(dice, inner, 0)
        if set(made) & set(place.fields):
            return made
    return {next(iter(place.fields)): "given"}


def shared_parameters(context: Context, actions: list[str]) -> dict[str, Plain]:
    """The parameters that all the actions have, of the same type."""
    declared = [context.vocabulary["actions"][name].get("params", {}) for name in actions]
    return {
        name: each
        for name, each in declared[0].items()
        if all(name in other and same_type(other[name], each) for other in declared)
        and each["type"] != "records"
    }


def until(dice: Dice, context: Context, held: list[str]) -> dict[str, Plain]:
    """What ends a hold."""
    order = list(context.vocabulary["actions"])
    later = tuple(order[max(order.index(name) for name in held) + 1 :])
    inner = Context(context.vocabulary, context.layer, later, context.scope)
    if later and chance(dice, 45):
        made: dict[str, Plain] = {"done": pick(dice, later)}
        if chance(dice, 40):
            more = condition(dice, inner, 0)
            return {"all": [made, more]} if set(more) & ACT_HEADS else {**made, **more}
        return made
    return condition(dice, inner, 1)
