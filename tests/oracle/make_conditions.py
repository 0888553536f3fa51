"""Random conditions over a vocabulary, valid by construction: every operator, quantifier and act test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.oracle.dice import Dice, chance, pick, several
from tests.oracle.make_vocabulary import ROLES, layer_of
from tests.oracle.worlds import names

Plain = Any
SPANS = ["30 minutes", "12 hours", "1 day", "2 days", "1 week"]
WORKING = [
    "1 working day",
    "4 working hours",
    "2 working days",
    "3 working hours in night",
    "1 working day in night",
    "2 calendar days",
    "1 calendar day in night",
]
AGES = [
    *SPANS,
    *WORKING,
    "start of the day",
    "start of the week",
    "start of the month in night",
    "start of the quarter",
    "start of the year",
]
"""How old an instant may be."""
INSTANTS = ["2026-03-02T09:00:00+08:00", "2026-03-03T21:00:00+08:00", "2026-03-05T09:00:00+08:00"]
WORDS = [
    "broken", "late", "broken and late", "given", "é", "壞了", "the Cafe\u0301", "a Late hour", "too LATE!", "relate", "later",
    "來late了", "2late", "é2 été"
]  # fmt: skip
HOURS = [
    "working time",
    "working time in night",
    "23:00-07:00",
    "09:00-17:30 in night",
    "08:00-24:00",
    "sat-sun",
    "wed in night",
]
NUMERIC = {"count", "amount", "duration"}
ORDERED = {*NUMERIC, "level", "instant"}
HEADS = ["some", "some", "every", "none", "count", "count", "sum", "latest", "earliest"]
ACT_HEADS = {"done", "not_done", "nothing_done_for"}
COVERED = {"amount", "count", "duration", "flag", "text"}
"""Types of parameters that an act may have to cover, and that are the same wherever they are declared."""
OPPOSITE = ["at_least", "at_most", "above", "below"]
COMPUTED = [*OPPOSITE, "equals", "is_not", "between"]
"""The operators whose operands may be worked out."""


@dataclass(frozen=True)
class Inside:
    """A record that a condition is inside of; the parameters of an act have no list."""

    list: str | None
    each: str
    fields: dict[str, Plain]


@dataclass(frozen=True)
class Context:
    """What a condition may speak of: conclusions of layers below `layer`, and these actions."""

    vocabulary: dict[str, Plain]
    layer: int
    actions: tuple[str, ...]
    scope: tuple[Inside, ...] = ()
    computing: bool = True
    """Whether operands may be worked out."""

    def inside(self, listed: str) -> Context:
        """The context within a record of the list."""
        return replace(self, scope=(*self.scope, self.place(listed)))

    def place(self, listed: str) -> Inside:
        """A record of a list, with the fields that every record has."""
        declared = self.vocabulary["records"][listed]
        always = {"id": {"type": "text"}, "recorded_at": {"type": "instant"}}
        return Inside(listed, declared["each"], {**declared["fields"], **always})

    def names(self) -> dict[str, Plain]:
        """Every name that can be used here, with its declaration."""
        found = dict(self.vocabulary["facts"])
        for place in self.scope:
            if place.list is not None:
                found.update({f"{place.each}.{name}": each for name, each in place.fields.items()})
        for name, each in self.scope[-1].fields.items() if self.scope else ():
            found[name] = each
            target = self.target(each)
            if target is not None and not any(place.each == name for place in self.scope):
                found.update({f"{name}.{field}": other for field, other in self.place(target).fields.items()})
        return {name: each for name, each in found.items() if layer_of(name) < self.layer}

    def target(self, declared: dict[str, Plain]) -> str | None:
        """The list that a reference or a party leads to."""
        if self.scope and self.scope[-1].list is None:
            return None
        if declared["type"] == "party":
            return "parties" if "parties" in self.vocabulary["records"] else None
        found: str | None = declared["to"] if declared["type"] == "reference" else None
        return found

    def of_type(self, *kinds: str, dotted: bool = False) -> list[str]:
        """The names of these types."""
        return [
            name
            for name, each in self.names().items()
            if each["type"] in kinds and ("." in name or not dotted)
        ]


# --- conditions -------------------------------------------------------------------------------------------------------


def condition(dice: Dice, context: Context, depth: int = 2) -> dict[str, Plain]:
    """A bare mapping of one to three entries."""
    made: dict[str, Plain] = {}
    for _ in range(pick(dice, [1, 1, 1, 1, 2, 2, 3])):
        kind = dice.number(0, 99)
        if kind < 55 or (depth == 0 and kind < 85):
            name = pick(dice, list(context.names()))
            made[name] = test(dice, context, context.names()[name])
        elif depth > 0 and kind < 70:
            combined(dice, context, depth, made)
        elif depth > 0 and kind < 88:
            if not any(isinstance(made.get(head), str) for head in HEADS):
                quantified(dice, context, depth, made)
        elif kind < 91:
            made["during"] = pick(dice, HOURS)
        elif not ACT_HEADS & set(made) and context.actions:
            acted(dice, context, made)
    return made or {"case.opened_at": "given"}


def combined(dice: Dice, context: Context, depth: int, made: dict[str, Plain]) -> None:
    """Add `all`, `any`, `none` or `not`."""
    head = pick(dice, ["any", "any", "not", "all", "none"])
    if head in made:
        return
    if head == "not":
        made[head] = condition(dice, context, depth - 1)
    else:
        made[head] = [condition(dice, context, depth - 1) for _ in range(dice.number(1, 3))]


# --- tests of one value -----------------------------------------------------------------------------------------------


def test(dice: Dice, context: Context, declared: dict[str, Plain]) -> Plain:
    """What may be asked of a value of the type."""
    kind = declared["type"]
    if chance(dice, 12) or kind in {"reference", "record", "records"}:
        return reference_test(dice, context, declared)
    if kind == "flag" and chance(dice, 70):
        return chance(dice, 70)
    made: dict[str, Plain] = {}
    for key in several(dice, fitting(kind), 1, 2):
        operand = operand_of(dice, context, declared, key)
        if operand is not None:
            made[key] = operand
    if not made:
        return "given"
    if list(made) == ["equals"] and chance(dice, 60) and not isinstance(made["equals"], dict):
        return made["equals"] if made["equals"] != "given" else made
    return "not passed" if made == {"passed": False} else made


def reference_test(dice: Dice, context: Context, declared: dict[str, Plain]) -> Plain:
    """Presence, or the same record."""
    if declared["type"] in {"reference", "record"} and chance(dice, 40):
        same = [name for name, each in context.names().items()
                if each["type"] == "reference" and each["to"] == declared["to"] and "." in name]  # fmt: skip
        if same:
            return {pick(dice, ["same_as", "not_same_as"]): pick(dice, same)}
    return pick(dice, ["given", "not given", {"given": True}, {"given": False}])


def fitting(kind: str) -> list[str]:
    """The operators that belong to a type."""
    found = ["equals", "is_not", "same_as", "not_same_as"]
    if kind != "flag":
        found += ["in", "not_in"]
    if kind in ORDERED:
        found += [*OPPOSITE, "between"] * 2
    if kind == "text":
        found += ["contains"] * 3
    if kind == "instant":
        often = ["passed", "older_than", "newer_than", "overdue_after", "coming_within", "elapsed_between"]
        found = [*often, "after", "before", "during"] * 2
        found += ["same_as", "not_same_as", "at_least", "at_most", "above", "below", "between"]
    return list(dict.fromkeys(found))


def operand_of(dice: Dice, context: Context, declared: dict[str, Plain], key: str) -> Plain:
    """What an operator compares with; None if there is nothing that fits."""
    if declared["type"] in NUMERIC and context.computing and key in COMPUTED and chance(dice, 20):
        plain = replace(context, computing=False)
        if key == "between":
            return [computed(dice, plain, declared, 1), part_of(dice, plain, declared, 1)]
        return computed(dice, plain, declared, 1)
    if key in {"same_as", "not_same_as", "after", "before"} or (key in OPPOSITE and chance(dice, 35)):
        same = [name for name, each in context.names().items() if same_type(each, declared) and "." in name]
        if not same and key in OPPOSITE:
            return literal(dice, declared)
        if same and key in {"after", "before"} and chance(dice, 40):
            way = pick(dice, ["after", "before"])
            return f"{pick(dice, SPANS + WORKING if way == 'after' else SPANS)} {way} {pick(dice, same)}"
        return pick(dice, same) if same else None
    if key in {"in", "not_in"}:
        return unique(literal(dice, declared) for _ in range(dice.number(1, 3)))
    if key == "between":
        return ascending(declared, literal(dice, declared), literal(dice, declared))
    if key == "contains":
        return pick(dice, ["broken", "late", ["Late", "壞"], ["é", "café"], "a late", "LATE"])
    if key == "during":
        return pick(dice, HOURS)
    if key == "passed":
        return chance(dice, 60)
    if key == "elapsed_between":
        return pick(dice, [["30 minutes", "1 day"], ["12 hours", "2 days"], ["1 day", "1 week"]])
    lengths = {
        "older_than": AGES,
        "newer_than": AGES,
        "overdue_after": SPANS + WORKING,
        "coming_within": SPANS,
    }
    return pick(dice, lengths[key]) if key in lengths else literal(dice, declared)


def computed(dice: Dice, context: Context, declared: dict[str, Plain], depth: int) -> Plain:
    """An operand that is worked out, by one of the forms that give a value of the type."""
    kind = declared["type"]
    if chance(dice, 20) and (total := of_acts(dice, context, declared)):
        return total
    heads = ["sum", "sum", "least_of", "greatest_of", "total_of", "from", "first_that_applies"]
    heads += {"amount": ["times", "times", "share", "round"], "count": ["times", "count", "count"]}.get(
        kind, []
    )
    head = pick(dice, heads)

    def part() -> Plain:
        return part_of(dice, context, declared, depth - 1)

    match head:
        case "sum" | "count":
            return of_records(dice, context, kind, head)
        case "times":
            amount = {"TWD": 50, "CNY": 9.5}
            if kind == "amount" and chance(dice, 40):
                return {head: amount, "of": part_of(dice, context, {"type": "count"}, 0)}
            return {head: dice.number(0, 3), "of": part()}
        case "share":
            return {head: pick(dice, ["10%", "33.3%", "150%"]), "of": part()}
        case "from":
            return {head: part(), "less": part()}
        case "round":
            return {
                head: part(),
                "to": {"TWD": 7, "CNY": 0.05},
                "how": pick(dice, ["up", "down", "half_even"]),
            }
        case "first_that_applies":
            found = [{"value": part(), "when": condition(dice, context, 0)} for _ in range(dice.number(1, 2))]
            return {head: found, "otherwise": part()}
    return {head: [part(), part()]}


def part_of(dice: Dice, context: Context, declared: dict[str, Plain], depth: int) -> Plain:
    """A part of a value: another one that is worked out, a name or a literal."""
    if depth > 0 and chance(dice, 40):
        return computed(dice, context, declared, depth)
    known = context.names().items()
    same = [name for name, each in known if same_type(each, declared) and "." in name]
    return pick(dice, same) if same and chance(dice, 75) else literal(dice, declared)


def of_acts(dice: Dice, context: Context, declared: dict[str, Plain]) -> dict[str, Plain] | None:
    """How often something was done, or the sum of what acts state; None where no act states such a value."""
    actions = context.vocabulary["actions"]
    sums = [(action, name) for action in context.actions for name, each in actions[action].get("params", {}).items()
            if same_type(each, declared)]  # fmt: skip
    if declared["type"] == "count" and context.actions and chance(dice, 60):
        named = acts_named(dice, context)
        head = {"count_done": named}
    elif sums:
        named, parameter = pick(dice, sums)
        head = {"sum_done": f"{named}.{parameter}"}
    else:
        return None
    return {**head, **which_acts(dice, context, named)}


def of_records(dice: Dice, context: Context, kind: str, head: str) -> Plain:
    """A sum or a count of records; a literal where no field adds up to such a value."""
    records = context.vocabulary["records"]
    fields = [f"{listed}.{name}" for listed, each in records.items()
              for name, of in each["fields"].items() if of["type"] == kind]  # fmt: skip
    target = pick(dice, list(records) if head == "count" else fields) if head == "count" or fields else None
    if target is None:
        return {"least_of": [literal(dice, {"type": kind}), literal(dice, {"type": kind})]}
    listed = target.partition(".")[0]
    made: dict[str, Plain] = {head: target}
    if chance(dice, 75):
        made["where"] = condition(dice, context.inside(listed), 0)
    reference(dice, context, listed, made)
    return made


def unique(items: Any) -> list[Plain]:
    """The items without repetitions."""
    found: list[Plain] = []
    for each in items:
        if each not in found:
            found.append(each)
    return found


def same_type(one: dict[str, Plain], other: dict[str, Plain]) -> bool:
    """Whether two declared types are the same."""
    return all(one.get(key) == other.get(key) for key in ("type", "values", "to"))


def literal(dice: Dice, declared: dict[str, Plain]) -> Plain:
    """A literal of a type, as it is written in a policy."""
    kind = declared["type"]
    if kind == "amount":
        return pick(dice, [0, {"TWD": 100, "CNY": 50}, {"TWD": 250.5, "CNY": 99.5}, {"TWD": 50}])
    return value(dice, declared) if kind != "party" else pick(dice, ROLES)


def value(dice: Dice, declared: dict[str, Plain]) -> Plain:
    """A value of a type, as it is written in a case; a party is a role."""
    kind = declared["type"]
    if kind in {"choice", "level"}:
        return pick(dice, names(declared["values"]))
    if kind == "flag":
        return chance(dice, 50)
    values: dict[str, list[Plain]] = {
        "count": [0, 1, 2, 3],
        "amount": [0, 50, 99.5, 100, 250.5, 300],
        "text": WORDS,
        "instant": INSTANTS,
        "duration": SPANS,
        "party": ROLES,
    }
    return pick(dice, values[kind])


def ascending(declared: dict[str, Plain], low: Plain, high: Plain) -> list[Plain]:
    """Two literals in order."""

    def place(each: Plain) -> Any:
        if declared["type"] == "level":
            return declared["values"].index(each)
        if declared["type"] == "duration":
            return SPANS.index(each)
        return each.get("TWD") if isinstance(each, dict) else each

    found = sorted([low, high], key=place)
    if declared["type"] == "amount" and 0 in found and found != [0, 0]:
        return [{"TWD": 0, "CNY": 0} if each == 0 else each for each in found]
    return found


# --- records ----------------------------------------------------------------------------------------------------------


def quantified(dice: Dice, context: Context, depth: int, made: dict[str, Plain]) -> None:
    """Add a quantifier with its modifiers."""
    head = pick(dice, HEADS)
    listed = pick(dice, list(context.vocabulary["records"]))
    inner = context.inside(listed)
    if head == "none" and "none" in made:
        return
    made[head] = listed
    if chance(dice, 75):
        made["where"] = condition(dice, inner, depth - 1)
    if head in {"every", "latest", "earliest"}:
        made["has"] = condition(dice, inner, depth - 1)
    if head == "count":
        made.update(bounds(dice))
        if chance(dice, 30):
            for key in ("at_most", "below", "equals", "between"):
                made.pop(key, None)
            made.update({"at_least": dice.number(1, 3), "within": pick(dice, SPANS[:4])})
    if head == "sum":
        numeric = [name for name, each in inner.scope[-1].fields.items() if each["type"] in NUMERIC]
        if not numeric:
            del made[head]
            made["count"] = listed
            made["at_least"] = 1
        else:
            field = pick(dice, numeric)
            declared = inner.scope[-1].fields[field]
            made[head] = f"{listed}.{field}"
            made[pick(dice, OPPOSITE)] = literal(dice, declared)
    reference(dice, context, listed, made)


def bounds(dice: Dice) -> dict[str, Plain]:
    """Bounds of a count."""
    key = pick(dice, ["at_least", "at_least", "at_most", "above", "below", "equals", "between"])
    return {key: [dice.number(0, 1), dice.number(1, 3)] if key == "between" else dice.number(0, 3)}


def reference(dice: Dice, context: Context, listed: str, made: dict[str, Plain]) -> None:
    """Say by which reference the records are meant, where there may be a choice."""
    fields = context.vocabulary["records"][listed]["fields"]
    links = [name for name, each in fields.items() if each["type"] == "reference"]
    inside = [place.list for place in context.scope if place.list is not None]
    fitting_links = [name for name in links if fields[name]["to"] in inside]
    if len(fitting_links) > 1 or (fitting_links and chance(dice, 30)):
        made["of"] = pick(dice, ["case", *fitting_links])
    elif chance(dice, 10):
        made["of"] = "case"


# --- acts -------------------------------------------------------------------------------------------------------------


def acted(dice: Dice, context: Context, made: dict[str, Plain]) -> None:
    """Add an act test."""
    head = pick(dice, ["done", "done", "not_done", "nothing_done_for"])
    made[head] = silence(dice, context) if head == "nothing_done_for" else act_test(dice, context)


def act_test(dice: Dice, context: Context) -> Plain:
    """What `done` and `not_done` ask for."""
    action = acts_named(dice, context)
    if isinstance(action, str) and chance(dice, 35):
        return action
    made: dict[str, Plain] = {"action": action, **which_acts(dice, context, action)}
    if chance(dice, 15):
        made["at_least"] = dice.number(1, 2)
    if chance(dice, 30):
        made["not_followed_by"] = follow_up(dice, context)
    if chance(dice, 20) and (covers := covered(dice, context, action)):
        made["covers"] = covers
    return made


def which_acts(dice: Dice, context: Context, action: Plain) -> dict[str, Plain]:
    """Which of the acts are meant: by whom, about what, with which outcome, and when."""
    made: dict[str, Plain] = {}
    if chance(dice, 30):
        made["by"] = roles(dice)
    if chance(dice, 30):
        made["about"] = pick(dice, about(context, action))
    if chance(dice, 20) and isinstance(action, str) and action in context.vocabulary["actions"]:
        outcomes = context.vocabulary["actions"][action].get("outcomes", ["done"])
        made["outcome"] = pick(dice, [pick(dice, outcomes), several(dice, outcomes, 1, 2)])
    if chance(dice, 25):
        made[pick(dice, ["newer_than", "older_than"])] = pick(dice, AGES)
    instants = context.of_type("instant", dotted=True)
    if instants and chance(dice, 25):
        way = f"{pick(dice, SPANS + WORKING)} after " if chance(dice, 25) else ""
        made[pick(dice, ["after", "before"])] = (
            f"{way or pick(dice, ['', '', '2 days before '])}{pick(dice, instants)}"
        )
    return made


def covered(dice: Dice, context: Context, action: Plain) -> dict[str, str]:
    """Some parameters of one action, each with a fact or field of its type."""
    declared = context.vocabulary["actions"].get(action, {}) if isinstance(action, str) else {}
    found = {}
    for name, each in declared.get("params", {}).items():
        adds_up = each.get("reached", each.get("combine") in {"sum", "max"})
        if each["type"] not in COVERED or adds_up or not chance(dice, 70):
            continue
        alike = [other for other, its in context.names().items() if its["type"] == each["type"]]
        if alike:
            found[name] = pick(dice, alike)
    return found


def acts_named(dice: Dice, context: Context) -> Plain:
    """An action, several, or a group of permitted ones."""
    groups = [name for name, each in context.vocabulary.get("groups", {}).items()
              if set(each["actions"]) <= set(context.actions)]  # fmt: skip
    if groups and chance(dice, 15):
        return pick(dice, groups)
    if chance(dice, 15):
        return several(dice, context.actions, 1, 2)
    return pick(dice, context.actions)


def about(context: Context, action: Plain) -> list[str]:
    """What an act test may be about."""
    declared = context.vocabulary["actions"]
    inside = [place.list for place in context.scope if place.list is not None]
    found = ["any", "case"]
    if isinstance(action, str) and action in declared and declared[action].get("about", "case") in inside:
        found.append("this")
    if (
        isinstance(action, str)
        and action in declared
        and context.scope
        and context.scope[-1].list is not None
    ):
        fields = context.vocabulary["records"][context.scope[-1].list]["fields"]
        found += [name for name, each in fields.items()
                  if each["type"] == "reference" and each["to"] == declared[action].get("about")] * 2  # fmt: skip
    return found


def follow_up(dice: Dice, context: Context) -> Plain:
    """The act that did not come."""
    action = pick(dice, context.actions)
    if chance(dice, 40):
        return action
    made: dict[str, Plain] = {"action": action}
    if chance(dice, 30):
        made["by"] = roles(dice)
    if chance(dice, 70):
        made["within"] = pick(dice, SPANS + WORKING)
    return made


def silence(dice: Dice, context: Context) -> Plain:
    """What `nothing_done_for` asks for."""
    length = pick(dice, SPANS + WORKING)
    if chance(dice, 40):
        return length
    made: dict[str, Plain] = {"for": length}
    instants = context.of_type("instant", dotted=True)
    if chance(dice, 40) and instants:
        made["since"] = pick(dice, instants)
    if chance(dice, 40):
        made["by"] = roles(dice)
    if chance(dice, 40):
        made["action"] = acts_named(dice, context)
    return made


def roles(dice: Dice) -> Plain:
    """One role, or several."""
    return pick(dice, [pick(dice, ROLES), several(dice, ROLES, 1, 3)])
