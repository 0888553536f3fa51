"""Random cases for a vocabulary, as plain data, with much that is not known; plain or as a history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.oracle.dice import Dice, chance, pick, shuffled
from tests.oracle.make_conditions import value
from tests.oracle.worlds import names, outcomes

Plain = Any
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
STEPS = [timedelta(hours=12 * number) for number in range(-4, 12)]
ODD = [
    timedelta(minutes=30),
    timedelta(seconds=30),
    timedelta(seconds=30),
    timedelta(hours=5),
    timedelta(days=7),
    timedelta(microseconds=1),
    timedelta(days=23),
]


@dataclass(frozen=True)
class Known:
    """What values may name: the ids of each list, the roles, and a few instants at which much happens."""

    ids: dict[str, list[str]]
    roles: list[str]
    busy: list[datetime]

    def moment(self, dice: Dice) -> datetime:
        """An instant, often one of the busy ones, of the same minute or half a minute later."""
        if chance(dice, 50):
            return moment(dice)
        return pick(dice, self.busy) + timedelta(seconds=pick(dice, [0, 0, 0, 30]))


def moment(dice: Dice) -> datetime:
    """An instant of few, so that limits are met exactly."""
    found = START + pick(dice, STEPS)
    if chance(dice, 25):
        found += pick(dice, ODD) * pick(dice, [1, -1])
    return found


def case(dice: Dice, vocabulary: dict[str, Plain]) -> dict[str, Plain]:
    """A case, plain or as a history."""
    made: dict[str, Plain] = {}
    if chance(dice, 92):
        made["currency"] = pick(dice, ["TWD", "TWD", "CNY", "JPY"])
    if chance(dice, 85):
        made["id"] = "T-1"
    listed = {name: ids(dice, name) for name in vocabulary["records"] if chance(dice, 85)}
    known = Known(listed, names(vocabulary["roles"]), [moment(dice) for _ in range(2)])
    if chance(dice, 65):
        made.update(entry(dice, vocabulary, known, 75))
        if made["acts"] and chance(dice, 20):  # delivered twice
            made["acts"][0]["id"] = "w1"
            made["acts"].append(dict(made["acts"][0]))
        return straight(made, vocabulary)
    instants = sorted(known.moment(dice) for _ in range(dice.number(0, 5)))
    made["history"] = [{"at": stamp(at), **entry(dice, vocabulary, known, 35, at)} for at in instants]
    return straight(named_acts(dice, whole(made, known)), vocabulary)


def named_acts(dice: Dice, made: dict[str, Plain]) -> dict[str, Plain]:
    """The history with ids for some acts: told again (whole or in part), corrected, withdrawn."""
    told: dict[str, dict[str, Plain]] = {}
    for each in made["history"][1:]:
        here: dict[str, dict[str, Plain]] = {}
        for number, one in enumerate(each["acts"]):
            name = pick(dice, ["w1", "w2"])
            if chance(dice, 40) and name not in here:
                again = told.get(name)
                said = one if again is None or chance(dice, 40) else in_part(dice, again, one["by"])
                here[name] = each["acts"][number] = {**said, "id": name}
        told |= here
        if told and chance(dice, 15):
            name = pick(dice, sorted(told))
            each["acts"].append({"id": name, "retract": True})
            del told[name]
    return made


def in_part(dice: Dice, told: dict[str, Plain], by: str) -> dict[str, Plain]:
    """The act told again, without some of what was told, perhaps by somebody else."""
    said = {key: each for key, each in told.items() if key in {"action", "by"} or not chance(dice, 40)}
    if "params" in said:
        said["params"] = {key: each for key, each in said["params"].items() if not chance(dice, 40)}
    if not chance(dice, 30):
        return said
    return {
        **{key: each for key, each in said.items() if key != "as"},
        "by": by,
    }  # a role is that of one doer


def straight(made: dict[str, Plain], vocabulary: dict[str, Plain]) -> dict[str, Plain]:
    """The case without records that would take the place of one another in a circle: only of one with a smaller id."""
    for listed, declared in vocabulary["records"].items():
        field = declared.get("takes_place_of")
        for each in made.get("history", [made]):
            for one in each.get(listed) or []:
                if field is not None and (one.get(field) or "") >= one["id"]:
                    del one[field]
    return made


def whole(made: dict[str, Plain], known: Known) -> dict[str, Plain]:
    """The history, with a first entry that names every record, so that no reference leads nowhere."""
    rows = {name: [{"id": each} for each in named] for name, named in known.ids.items()}
    return {**made, "history": [{"at": stamp(START - timedelta(days=40)), **rows}, *made["history"]]}


def ids(dice: Dice, listed: str) -> list[str]:
    """The ids of the records of a list."""
    return [f"{listed[:4]}{number}" for number in range(pick(dice, [0, 1, 2, 2, 3]))]


def entry(
    dice: Dice, vocabulary: dict[str, Plain], known: Known, percent: int, at: datetime | None = None
) -> dict[str, Plain]:
    """Facts, records and acts, so much of it known."""
    made: dict[str, Plain] = {}
    facts = {name: value_in(dice, each, known) for name, each in vocabulary["facts"].items()
             if not each.get("concluded") and chance(dice, percent)}  # fmt: skip
    made["facts"] = nested(facts) if chance(dice, 20) else facts
    for listed, named in known.ids.items():
        declared = vocabulary["records"][listed]["fields"]
        if at is None or chance(dice, 60):
            made[listed] = [
                record(dice, each, declared, known, percent + 10) for each in shuffled(dice, named)
            ]
            if at is not None:
                made[listed] = withdrawn(dice, made[listed])
    made["acts"] = [
        act(dice, vocabulary, known, at)
        for _ in range(pick(dice, [0, 1, 2, 4, 7] if at is None else [0, 1, 3]))
    ]
    if at is None and chance(dice, 30):
        made["learned_at"] = learned(dice, vocabulary, known)
    return made


def withdrawn(dice: Dice, rows: list[dict[str, Plain]]) -> list[dict[str, Plain]] | None:
    """The records as a history says them: some are withdrawn, or it is no longer known which there are."""
    if chance(dice, 3):
        return None
    return [{"id": each["id"], "retract": True} if chance(dice, 5) else each for each in rows]


def nested(facts: dict[str, Plain]) -> dict[str, Plain]:
    """The same facts in two levels."""
    found: dict[str, Plain] = {}
    for name, each in facts.items():
        head, _, tail = name.partition(".")
        found.setdefault(head, {})[tail] = each
    return found


def learned(dice: Dice, vocabulary: dict[str, Plain], known: Known) -> dict[str, str]:
    """When some of it was learned."""
    found = [(name, each) for name, each in vocabulary["facts"].items()]
    for listed, declared in vocabulary["records"].items():
        found += [(f"{listed}.{name}", each) for name, each in declared["fields"].items()]
    likely = [name for name, each in found if chance(dice, 70 if "stale_after" in each else 20)]
    return {name: stamp(known.moment(dice)) for name in likely}


def record(dice: Dice, name: str, declared: dict[str, Plain], known: Known, percent: int) -> dict[str, Plain]:
    """One record."""
    made: dict[str, Plain] = {"id": name}
    if chance(dice, 60):
        made["recorded_at"] = stamp(known.moment(dice))
    for field, each in declared.items():
        if not each.get("concluded") and chance(dice, percent):
            made[field] = pick(dice, known.roles) if field == "role" else value_in(dice, each, known)
    return made


def value_in(dice: Dice, declared: dict[str, Plain], known: Known) -> Plain:
    """A value, or null."""
    kind = declared["type"]
    if chance(dice, 3):
        return None
    if kind == "instant":
        return stamp(known.moment(dice))
    if kind == "reference":
        targets = known.ids.get(declared["to"], [])
        return pick(dice, targets) if targets else None
    if kind == "party":
        return party(dice, known)
    return value(dice, declared)


def party(dice: Dice, known: Known) -> str:
    """A role, or one of the parties."""
    parties = known.ids.get("parties", [])
    return pick(dice, parties) if parties and chance(dice, 50) else pick(dice, known.roles)


def act(dice: Dice, vocabulary: dict[str, Plain], known: Known, at: datetime | None) -> dict[str, Plain]:
    """One act; in a history its instant may be that of the entry."""
    name = pick(dice, list(vocabulary["actions"]))
    declared = vocabulary["actions"][name]
    made: dict[str, Plain] = {"action": name, "by": party(dice, known)}
    if at is None or chance(dice, 40):
        made["at"] = stamp(
            known.moment(dice)
            if at is None or chance(dice, 40)
            else at - pick(dice, [timedelta(), timedelta(hours=12)])
        )
    if made["by"] not in known.roles and chance(dice, 15):
        made["as"] = pick(dice, known.roles)
    if chance(dice, 50):
        made["outcome"] = pick(dice, outcomes(declared))
    about = declared.get("about")
    every = [each for listed, found in known.ids.items() if about in {None, listed} for each in found]
    if every and about != "case" and chance(dice, 75):
        made["about"] = pick(dice, every)
    simple = {
        key: each
        for key, each in declared.get("params", {}).items()
        if each["type"] not in {"record", "records"}
    }
    params = {key: value_in(dice, each, known) for key, each in simple.items() if chance(dice, 60)}
    return {**made, "params": params} if params else made


def stamp(at: datetime) -> str:
    """An instant as a case gives it."""
    return at.isoformat()
