"""Random vocabularies, as plain data: every type of fact, lists that refer to each other, actions of every kind."""

from __future__ import annotations

from typing import Any

from tests.oracle.dice import Dice, chance, pick, several

Plain = Any
PHASES = ["alarm", "soothe", "inquire", "settle"]
ROLES = ["customer", "frontline", "owner", "legal"]
CHOICES = [["red", "green", "blue"], ["seller", "carrier", "maker"]]
LEVELS = [["calm", "uneasy", "furious"], ["low", "middle", "high"]]
TEXT = {"en": "So it is."}
LIFE = ["2 days", "12 hours"]
LISTS = {"parties": "party", "charges": "charge", "claims": "claim", "proofs": "proof"}
KINDS = ["flag", "count", "amount", "choice", "level", "text", "instant", "duration", "party"]
CALENDARS = {
    "office": {
        "timezone": "Asia/Taipei",
        "hours": {"mon-fri": ["09:00-12:00", "13:30-18:00"]},
        "holidays": "TW",
        "other_hours": {"2026-03-20": ["09:00-12:00"]},
    },
    "night": {
        "timezone": "Europe/Berlin",
        "hours": {"mon-sun": ["22:00-03:00"]},
        "closed": ["2026-03-27"],
    },
}
LAYERS = 3


def vocabulary(dice: Dice) -> dict[str, Plain]:
    """A vocabulary; `layers` (a key that is no part of the language) says in which layer a conclusion is reached."""
    lists = list(LISTS)[: dice.number(2, 4)]
    made: dict[str, Plain] = {
        "phases": PHASES[: dice.number(2, 4)],
        "roles": ROLES,
        "principles": ["fairness"],
        "calendar": "office",
        "calendars": CALENDARS,
        "facts": facts(dice),
        "records": {name: record_list(dice, name, lists[: lists.index(name) + 1]) for name in lists},
    }
    made["actions"] = actions(dice, made)
    if chance(dice, 70):
        made["groups"] = groups(dice, made)
    return made


def facts(dice: Dice) -> dict[str, Plain]:
    """The instant at which the case was opened, given facts of many types, and conclusions."""
    made: dict[str, Plain] = {"case.opened_at": {"type": "instant"}}
    for number in range(dice.number(4, 10)):
        made[f"{pick(dice, ['customer', 'product'])}.f{number}"] = fact(
            dice, pick(dice, [*KINDS, "flag", "flag", "choice"])
        )
    for each in made.values():
        if "presume" in each and each["type"] != "count" and chance(dice, 50):
            each["confirm"] = True
    for number in range(dice.number(0, 4)):
        kind = pick(dice, ["flag", "flag", "choice", "level"])
        made[f"verdict.l{dice.number(1, LAYERS)}_{number}"] = {**typed(dice, kind), "concluded": True}
    return made


def fact(dice: Dice, kind: str) -> dict[str, Plain]:
    """A fact, or a field of a record, that the case gives."""
    made = typed(dice, kind)
    if chance(dice, 15) and kind in {"flag", "choice", "level", "count"}:
        made["presume"] = literal(dice, made)
    if chance(dice, 15):
        made["stale_after"] = pick(dice, LIFE)
    return made


def typed(dice: Dice, kind: str) -> dict[str, Plain]:
    """A declared type."""
    if kind in {"choice", "level"}:
        return {"type": kind, "values": pick(dice, CHOICES if kind == "choice" else LEVELS)}
    return {"type": kind}


def literal(dice: Dice, declared: dict[str, Plain]) -> Plain:
    """A value that a flag, count, choice or level may have."""
    kind = declared["type"]
    if kind == "flag":
        return chance(dice, 50)
    return dice.number(0, 3) if kind == "count" else pick(dice, declared["values"])


def record_list(dice: Dice, name: str, targets: list[str]) -> dict[str, Plain]:
    """A list with fields of many types, references to itself or to lists before it, and conclusions."""
    fields: dict[str, Plain] = {}
    if name == "parties":
        fields["role"] = {"type": "party"} if chance(dice, 50) else {"type": "choice", "values": ROLES}
    for number in range(dice.number(1, 4)):
        fields[f"g{number}"] = fact(dice, pick(dice, [*KINDS, "flag", "amount", "instant"]))
    for number in range(dice.number(0, 2)):
        target = pick(dice, targets)
        same = chance(dice, 50) and LISTS[target] not in fields and target != name
        fields[LISTS[target] if same else f"ref{number}"] = {"type": "reference", "to": target}
    for number in range(dice.number(0, 2)):
        kind = pick(dice, ["flag", "choice"])
        fields[f"l{dice.number(1, LAYERS)}_{number}"] = {**typed(dice, kind), "concluded": True}
    made: dict[str, Plain] = {"each": LISTS[name], "fields": fields}
    if chance(dice, 60):
        made["absent"] = pick(dice, ["none", "unknown"])
    instants = [field for field, each in fields.items() if each["type"] == "instant"]
    if instants and chance(dice, 60):
        made["ordered_by"] = pick(dice, instants)
    own = [field for field, each in fields.items() if each.get("to") == name]
    if own and chance(dice, 60):
        made["takes_place_of"] = pick(dice, own)
    return made


def layer_of(name: str) -> int:
    """The layer in which a conclusion is reached; 0 for what the case gives."""
    last = name.rpartition(".")[2]
    head, line, number = last.partition("_")
    return int(head[1:]) if line and number.isdigit() and head[0] == "l" and head[1:].isdigit() else 0


# --- actions ----------------------------------------------------------------------------------------------------------

PARAMETERS = {
    "remark": ["text", "flag", "choice", "party"],
    "total": ["amount", "count", "duration"],
    "chosen": ["record", "records"],
    "deadline": ["instant", "level"],
}
COMBINES = {
    "amount": ["sum", "sum", "sum", "max", "min", "same"],
    "count": ["sum", "sum", "max", "min", "same"],
    "duration": ["sum", "max", "min", "same"],
    "instant": ["max", "min", "same"],
    "level": ["max", "min", "same"],
    "records": ["union", "same"],
}
ORDERED = {"amount", "count", "duration", "instant", "level"}
ACTIONS = ["call_up", "hear_out", "look_into", "make_good", "pay_back", "part_ways"]


def actions(dice: Dice, made: dict[str, Plain]) -> dict[str, Plain]:
    """Few actions, so that rules meet; those that come later may stand after those before, and the reverse."""
    names = ACTIONS[: dice.number(3, 6)]
    found: dict[str, Plain] = {}
    for name in names:
        found[name] = action(dice, made)
        if len(found) > 1 and chance(dice, 12):
            found[name].setdefault("not_by", []).append(pick(dice, list(found)))
        earlier = [
            each for each in found if each != name and found[each].get("phase") == found[name].get("phase")
        ]
        if earlier and "phase" in found[name] and chance(dice, 40):
            found[name]["after"] = several(dice, earlier, 1, 2)
        if earlier and "phase" in found[name] and chance(dice, 20):
            other = pick(dice, earlier)
            found[other].setdefault("before", []).append(name)
    return found


def action(dice: Dice, made: dict[str, Plain]) -> dict[str, Plain]:
    """One action."""
    declared: dict[str, Plain] = {}
    if chance(dice, 92):
        declared["phase"] = pick(dice, made["phases"])
    if chance(dice, 70):
        declared["owner"] = pick(dice, ROLES)
    if chance(dice, 30):
        declared["by"] = pick(dice, ["anybody", *[several(dice, ROLES, 1, 3)] * 4])
    if chance(dice, 60):
        declared["about"] = pick(dice, ["case", *made["records"]])
    if chance(dice, 12):
        declared["not_by"] = barred(made, declared.get("about"))
        if not declared["not_by"]:
            del declared["not_by"]
    if chance(dice, 40):
        declared["outcomes"] = ["fine", "no_answer", "refused"]
        if chance(dice, 60):
            declared["counts"] = several(dice, declared["outcomes"], 1, 2)
    if chance(dice, 60):
        chosen = several(dice, list(PARAMETERS), 1, 3)
        wanted = [name for name in PARAMETERS if name in chosen or (name == "total" and chance(dice, 60))]
        declared["params"] = {name: parameter(dice, name, made) for name in wanted}
    if chance(dice, 30):
        declared["anchor"] = anchor(dice, made, declared.get("about"))
    if chance(dice, 30):
        declared["priority"] = dice.number(-1, 2)
    return declared


def barred(made: dict[str, Plain], about: str | None) -> list[str]:
    """The parties that facts name, and those of the record that the action is about."""
    found = [name for name, each in made["facts"].items() if each["type"] == "party"]
    if about in made["records"]:
        listed = made["records"][about]
        found += [
            f"{listed['each']}.{name}" for name, each in listed["fields"].items() if each["type"] == "party"
        ]
    return found[-2:]


def parameter(dice: Dice, name: str, made: dict[str, Plain]) -> dict[str, Plain]:
    """One parameter."""
    kind = pick(dice, PARAMETERS[name])
    declared = (
        {"type": kind, "to": pick(dice, list(made["records"]))} if name == "chosen" else typed(dice, kind)
    )
    if kind in COMBINES and chance(dice, 70):
        declared["combine"] = pick(dice, COMBINES[kind])
    elif chance(dice, 25):
        declared["apart"] = True
    if kind in ORDERED and "apart" not in declared and chance(dice, 30):
        declared["reached"] = chance(dice, 70)
    if chance(dice, 8):
        declared["required"] = True
    return declared


def anchor(dice: Dice, made: dict[str, Plain], about: str | None) -> str:
    """An instant fact, or an instant of the record that the action is about."""
    found = [name for name, each in made["facts"].items() if each["type"] == "instant"]
    if about in made["records"]:
        listed = made["records"][about]
        instants = [
            "recorded_at",
            *(name for name, each in listed["fields"].items() if each["type"] == "instant"),
        ]
        found += [f"{listed['each']}.{name}" for name in instants]
    chosen: str = pick(dice, found)
    return chosen


def groups(dice: Dice, made: dict[str, Plain]) -> dict[str, Plain]:
    """Names for several actions."""
    found: dict[str, Plain] = {"contacts": {"actions": several(dice, list(made["actions"]), 2, 3)}}
    if chance(dice, 40):
        found["payments"] = {"actions": several(dice, list(made["actions"]), 2, 4)}
    if chance(dice, 60):
        together = several(dice, list(made["actions"]), 2, len(made["actions"]))
        found["sitting"] = {"actions": together, "in_one_go": pick(dice, [True, *made["records"]])}
        others = [each for each in made["actions"] if each not in together]
        if len(others) > 1:
            found["errand"] = {"actions": others, "in_one_go": chance(dice, 50)}
    return found
