"""Schemas of the items of `then`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from escalation_rules.reading.effects import CONCLUDE_KEYS, HEADS, PROHIBIT_KEYS, RECOMMEND_KEYS, VALUE_HEADS
from escalation_rules.schema.conditions import Conditions
from escalation_rules.schema.parts import (
    NOTHING,
    Kit,
    Schema,
    actions,
    array,
    closed,
    deeds,
    described,
    duration_pattern,
    exactly,
    has,
    label_of,
    one_of,
    roles,
    several,
    spoken,
    text,
    when,
)
from escalation_rules.schema.scopes import Depth, View, fields_to, inner_view
from escalation_rules.schema.values import literal
from escalation_rules.values import Flag, Reference, References, ValueType
from escalation_rules.vocabulary import Fact, Parameter, RecordList

Params = tuple[tuple[str, ValueType], ...]
"""The parameters of an action, with their types."""

_DOCS = {
    "recommend": "The action becomes a step of the plan.",
    "forbid": "The action, or every action of the group, must not be done.",
    "hold": "The action, or every action of the group, must not be done yet.",
    "conclude": "The conclusion becomes true; a choice or level takes the first value whose condition holds.",
    "owner": "The role that does it, instead of the action's owner.",
    "within": "Until when: a length of time, `of` an instant, or of an action.",
    "again": "How often it comes back, as `every 2 days`.",
    "about": "What the effect is about: the whole case, or the record that a field of the for_each record refers to.",
    "say": "The wording, instead of the action's. Slots: its parameters, {due}, {about}.",
    "except": "Actions of the group that are left out.",
    "by": "Only if one of these roles does it.",
    "where": "Only acts whose parameters fulfil this.",
    "when_unknown": "`allow`: while it is not known whether the rule holds, the action may be done.",
    "until": "The condition that ends the hold.",
    "first_that_applies": "Values in order, each with its condition.",
    "otherwise": "The value if no condition holds.",
}
_VALUE_DOCS = {
    "sum": "The sum of this field over the records.",
    "count": "How many records of this list there are.",
    "one_of": "The first record (by id) of this list that qualifies.",
    "each_of": "All records of this list that qualify.",
}


class Effects:
    """The definitions of effects; one for the case, one for each list of `for_each`."""

    def __init__(self, kit: Kit, conditions: Conditions) -> None:
        self.kit = kit
        self.vocabulary = kit.vocabulary
        self.conditions = conditions

    def at(self, view: View) -> Schema:
        """An effect of a rule whose scope is the view."""
        return self.kit.define(f"effect.{view.key}", lambda: self._effect(view))

    def _effect(self, view: View) -> Schema:
        kinds = {
            "recommend": self._recommend(view),
            "forbid": self._prohibit(view, "forbid"),
            "hold": self._prohibit(view, "hold"),
            "conclude": self._conclude(view),
        }
        return {
            "type": "object",
            "properties": {head: described({}, _DOCS[head]) for head in HEADS},
            "anyOf": [has(head) for head in HEADS],
            "allOf": [when(has(head), kinds[head]) for head in HEADS],
        }

    # --- recommend ----------------------------------------------------------------------------------------------------

    def _recommend(self, view: View) -> Schema:
        steps = {name: doc for name, doc in label_of(self.vocabulary, "actions").items()
                 if self.vocabulary.actions[name].phase is not None}  # fmt: skip
        parts = {
            "recommend": self.kit.define("step", lambda: one_of(steps)),
            "owner": roles(self.kit),
            "within": self.kit.define("within", self._within),
            "again": {"type": "string", "pattern": f"^every {duration_pattern(self.vocabulary)}$"},
            "about": self._about(view),
            "say": {},
        }
        known = {key: described(part, _DOCS[key]) for key, part in exactly(RECOMMEND_KEYS, parts).items()}
        params = self.kit.define(f"params.{view.depth}", lambda: self._params(view.depth))
        return {"properties": known, "allOf": [params, *self._aims(view, "recommend")]}

    def _within(self) -> Schema:
        starts = [*self.vocabulary.actions, *self.conditions.tests.anchors()]
        start = "|".join(sorted(starts)).replace(".", r"\.")
        return {"type": "string", "pattern": f"^{duration_pattern(self.vocabulary)}( of ({start}))?$"}

    def _about(self, view: View) -> Schema:
        fields = fields_to(view.for_each.fields.values()) if view.for_each else []
        return one_of(["case", *fields])

    def _aims(self, view: View, head: str) -> Iterator[Schema]:
        """An action about another list than that of `for_each` needs `about`."""
        if view.for_each is not None:
            others = [name for name, each in self.vocabulary.actions.items()
                      if each.about not in {None, "case", view.for_each.name}]  # fmt: skip
            if others:
                other = self.kit.define(f"other.{view.key}", lambda: one_of(others))
                yield when(has(head, other), {"required": ["about"]})

    def _params(self, depth: Depth) -> Schema:
        """What each action takes beside the keys that all have."""
        plain = [name for name, each in self.vocabulary.actions.items() if not each.params]
        say = self._say("plain", ())
        parts = [when(has("recommend", one_of(plain)), {"properties": {"say": say}, **_only(RECOMMEND_KEYS)})]
        for action in self.vocabulary.actions.values():
            if action.params:
                own = {name: described(self._value(each, depth), spoken(each.label), f"({each.type.kind})")
                       for name, each in action.params.items()}  # fmt: skip
                then = {"properties": own | {"say": self._say(action.name, own)}, **_only((*RECOMMEND_KEYS, *own))}
                parts.append(when(has("recommend", {"const": action.name}), then))
        return {"allOf": parts}

    def _say(self, key: str, params: Iterable[str]) -> Schema:
        return described(text(self.kit, f"say.{key}", "|".join([*params, "due", "about"])), _DOCS["say"])

    # --- values of parameters -----------------------------------------------------------------------------------------

    def _value(self, parameter: Parameter, depth: Depth) -> Schema:
        of = parameter.type
        names = self.conditions.tests.dotted(of, depth)
        forms = [literal(of), one_of(names)] if names else [literal(of)]
        if isinstance(of, Reference) and depth == "record" and of.to in self.vocabulary.records:
            forms.append({"const": f"{self.vocabulary.records[of.to].each}.id"})
        forms += [each for head in VALUE_HEADS if (each := self._selected(head, parameter, depth))]
        return {"anyOf": forms}

    def _selected(self, head: str, parameter: Parameter, depth: Depth) -> Schema | None:
        of = parameter.type
        if head == "sum":
            names = self._fields_of(parameter)
            return self._chosen(head, names, "where", depth) if names else None
        if head == "count":
            return self._chosen(head, {name: name for name in self.vocabulary.records}, "where", depth) if of.kind == "count" else None
        fits = isinstance(of, Reference if head == "one_of" else References)
        to = getattr(of, "to", "")
        return self._chosen(head, {to: to}, "which", depth) if fits else None

    def _fields_of(self, parameter: Parameter) -> dict[str, str]:
        """The fields that add up to the parameter, with their lists."""
        found = {}
        for listed, names in self.conditions.summable().items():
            fields = self.vocabulary.records[listed].fields
            found |= {name: listed for name in names if fields[name.partition(".")[2]].type == parameter.type}
        return found

    def _chosen(self, head: str, names: dict[str, str], key: str, depth: Depth) -> Schema:
        by_list: dict[str, list[str]] = {}
        for name, listed in names.items():
            by_list.setdefault(listed, []).append(name)
        parts = []
        for listed, own in by_list.items():
            declared = self.vocabulary.records[listed]
            of = one_of(["case", *(fields_to(declared.fields.values()) if depth == "record" else ())])
            then = {"properties": {key: self.conditions.below(depth, declared), "of": of}}
            parts.append(when(has(head, {"enum": own}), then))
        known = {head: described(one_of(names.keys()), _VALUE_DOCS[head]), key: {}, "of": {}}
        return closed(known, [head]) | {"allOf": parts}

    # --- forbid and hold ----------------------------------------------------------------------------------------------

    def _prohibit(self, view: View, head: str) -> Schema:
        parts: dict[str, Schema] = {
            "except": several(actions(self.kit)),
            "by": several(roles(self.kit)),
            "about": self._about(view),
            "where": {},
            "when_unknown": {"const": "allow"},
        }
        known = exactly(PROHIBIT_KEYS, parts) | {head: deeds(self.kit)}
        if head == "hold":
            known["until"] = self.conditions.at(view)
        groups = [when(has(head, {"const": name}), {"properties": {"except": several(one_of(group.actions))}})
                  for name, group in self.vocabulary.groups.items()]  # fmt: skip
        alone = when(has(head, actions(self.kit)), {"properties": {"except": False}})
        body = closed({key: described(part, _DOCS[key]) for key, part in known.items()})
        needs: Schema = {"required": ["until"]} if head == "hold" else {}
        shared = self.kit.define(f"deeds.{head}", lambda: {"allOf": [alone, *groups, *self._wheres(head)]})
        return body | needs | {"allOf": [shared, *self._aims(view, head)]}

    def _wheres(self, head: str) -> Iterator[Schema]:
        """The conditions on the parameters of acts; of a group, on those that any of its actions has."""
        members = {name: (name,) for name in self.vocabulary.actions}
        members |= {name: group.actions for name, group in self.vocabulary.groups.items()}
        alike: dict[tuple[Params, ...], list[str]] = {}
        for name, each in members.items():
            params = {self._params_of(action): None for action in each}
            alike.setdefault(tuple(params), []).append(name)
        for number, (params, names) in enumerate(alike.items(), 1):
            yield when(has(head, {"enum": names}), {"properties": {"where": self._of_acts(str(number), params)}})

    def _params_of(self, action: str) -> Params:
        return tuple((each.name, each.type) for each in self.vocabulary.actions[action].params.values())

    def _of_acts(self, key: str, alternatives: Iterable[Params]) -> Schema:
        stacks: list[tuple[RecordList, ...]] = []
        for params in alternatives:
            fields = {name: Fact(name, of) for name, of in params}
            stacks += inner_view(self.vocabulary, RecordList("(parameters)", "(act)", fields)).stacks
        return self.conditions.at(View(self.vocabulary, f"act.{key}", tuple(stacks))) if stacks else NOTHING

    # --- conclude -----------------------------------------------------------------------------------------------------

    def _conclude(self, view: View) -> Schema:
        known = {name: fact for name, fact in self.vocabulary.facts.items() if fact.concluded}
        if view.for_each is not None:
            fields = {name: fact for name, fact in view.for_each.fields.items() if fact.concluded}
            known = fields | {f"{view.for_each.each}.{name}": fact for name, fact in fields.items()} | known
        flags = [name for name, fact in known.items() if isinstance(fact.type, Flag)]
        parts = [when(has("conclude", one_of(flags)), {"properties": {"first_that_applies": False, "otherwise": False}})]
        for name, fact in known.items():
            if name not in flags:
                parts.append(when(has("conclude", {"const": name}), self._by_order(view, fact)))
        docs = {key: described({}, _DOCS[key]) for key in CONCLUDE_KEYS}
        docs["conclude"] |= one_of({name: spoken(fact.label) for name, fact in known.items()})
        return closed(docs) | {"allOf": parts}

    def _by_order(self, view: View, fact: Fact) -> Schema:
        values = literal(fact.type, fact.values)
        condition = self.conditions.at(view)
        alternative = closed(dict.fromkeys(values["enum"], condition), least=1) | {"maxProperties": 1}
        return {"properties": {"first_that_applies": array(alternative), "otherwise": values},
                "required": ["first_that_applies", "otherwise"]}  # fmt: skip


def _only(keys: tuple[str, ...]) -> Schema:
    return {"propertyNames": {"enum": list(keys)}}
