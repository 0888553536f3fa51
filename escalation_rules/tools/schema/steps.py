"""Schemas of `recommend`: the step and the parameters of each action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from escalation_rules.policy.reading.due import LEARNING
from escalation_rules.policy.reading.effects import RECOMMEND_KEYS, VALUE_HEADS
from escalation_rules.policy.vocabulary import Parameter
from escalation_rules.tools.schema.conditions import Conditions
from escalation_rules.tools.schema.parts import (
    FLAG,
    Kit,
    Schema,
    closed,
    deadline_pattern,
    described,
    duration,
    duration_pattern,
    exactly,
    given,
    has,
    labels,
    one_of,
    phrase,
    roles,
    spoken,
    text,
    when,
)
from escalation_rules.tools.schema.scopes import Depth, View, fields_to
from escalation_rules.tools.schema.values import literal
from escalation_rules.tools.schema.worked_out import WorkedOutForms
from escalation_rules.values import Reference, References, ValueType

_DOCS = {
    "recommend": "The action becomes a step of the plan.",
    "owner": "The role that does it, instead of the action's owner.",
    "within": "Until when: a length of time, `of` an instant or of an action.",
    "fixed": "Holds and prohibitions do not move the time; only `paused_while` does.",
    "target": "The time is a target: an audit reports a breach only if the step is not done at all.",
    "paused_while": "While this is known to hold, the time is stopped.",
    "again": "How often it is repeated, such as `every 2 days`.",
    "lapses_after": "After this time, counted like `within`, the step no longer has a purpose and leaves the plan.",
    "about": "What it is about: the whole case, or the record that a field of the for_each record refers to.",
    "say": "The wording, instead of the action's. Slots: its parameters, {due}, {about}.",
}
_VALUE_DOCS = {
    "sum": "The sum of this field over the records.",
    "count": "The number of records of this list.",
    "one_of": "The first record (by id) of this list that qualifies.",
    "each_of": "All records of this list that qualify.",
}
_CONDITION = {"sum": "where", "count": "where", "one_of": "which", "each_of": "which"}


class Steps:
    """The definitions used by `recommend`."""

    def __init__(self, kit: Kit, conditions: Conditions) -> None:
        self.kit = kit
        self.vocabulary = kit.vocabulary
        self.conditions = conditions
        self.worked_out = WorkedOutForms(conditions)

    def body(self, view: View, about: Schema) -> Schema:
        """The schema of `recommend`; `about` is the schema of its record."""
        actions = self.vocabulary.actions
        steps = {name: doc for name, doc in labels(self.vocabulary, "actions").items() if actions[name].phase}
        parts = {
            "recommend": self.kit.define("step", lambda: one_of(steps)),
            "owner": roles(self.kit),
            "within": self.kit.define("within", self._within),
            "fixed": FLAG,
            "target": FLAG,
            "again": self.kit.define("again", self._again),
            "lapses_after": duration(self.kit),
            "paused_while": self.conditions.at(view),
            "about": about,
            "say": {},
        }
        known = {key: described(part, _DOCS[key]) for key, part in exactly(RECOMMEND_KEYS, parts).items()}
        return {
            "properties": known,
            "allOf": [self.kit.define(f"params.{view.depth}", lambda: self._params(view.depth))],
        }

    def _again(self) -> Schema:
        return phrase(f"every {duration_pattern(self.vocabulary)}", "`every` and a length of time")

    def _within(self) -> Schema:
        learned = "|".join(self.conditions.tests.learned())
        starts = sorted([*self.vocabulary.actions, *self.conditions.tests.anchors()])
        start = "|".join([*starts, f"{LEARNING}({learned})"]).replace(".", r"\.")
        pattern = f"{deadline_pattern(self.vocabulary, f'( of ({start}))?')}"
        return phrase(
            pattern, "a length of time such as 2 days, optionally `of` a declared instant or action"
        )

    def _params(self, depth: Depth) -> Schema:
        """Conditional schemas of each action's own parameters."""
        every = self.vocabulary.actions.values()
        plain = one_of([each.name for each in every if not each.params])
        own = [
            self._taken({"const": each.name}, f"say.{each.name}", each.params, depth)
            for each in every
            if each.params
        ]
        return {"allOf": [self._taken(plain, "say", {}, depth), *own]}

    def _taken(self, actions: Schema, key: str, params: Mapping[str, Parameter], depth: Depth) -> Schema:
        properties = {name: self._parameter(each, depth) for name, each in params.items()}
        say = text(self.kit, key, "|".join([*params, "due", "about"]))
        return when(has("recommend", actions), {
            "properties": {**properties, "say": described(say, _DOCS["say"])},
            "propertyNames": {"enum": [*RECOMMEND_KEYS, *params]},
        })  # fmt: skip

    def _parameter(self, parameter: Parameter, depth: Depth) -> Schema:
        return described(self._value(parameter, depth), spoken(parameter.label), f"({parameter.type.kind})")

    def _value(self, parameter: Parameter, depth: Depth) -> Schema:
        """Anything that can give a value to such a parameter."""
        of = parameter.type
        key = f"value.{depth}.{of.kind}" + "".join(f".{each}" for each in self._told_apart(of))
        return self.kit.define(key, lambda: self._any_value(parameter, depth))

    def _told_apart(self, of: ValueType) -> tuple[str, ...]:
        """Distinguishes types of the same kind, e.g. by their values or by the list they refer to."""
        return (*getattr(of, "names", ()), *((of.to,) if isinstance(of, (Reference, References)) else ()))

    def _any_value(self, parameter: Parameter, depth: Depth) -> Schema:
        of = parameter.type
        names = self.conditions.tests.dotted(of, depth)
        if isinstance(of, Reference) and depth == "record" and of.to in self.vocabulary.records:
            names.append(f"{self.vocabulary.records[of.to].each}.id")
        forms = [literal(of), *([one_of(names)] if names else [])]
        targets = {head: self._targets(head, parameter) for head in VALUE_HEADS}
        forms += [self._chosen(head, each, depth) for head, each in targets.items() if each]
        forms += self.worked_out.forms(parameter, depth, self._value)
        return {"anyOf": forms}

    def _targets(self, head: str, parameter: Parameter) -> Mapping[str, Iterable[str]]:
        """The names allowed after `head` for such a parameter, by record list."""
        of, records = parameter.type, self.vocabulary.records
        if head == "sum":
            found = {}
            for listed, names in self.conditions.summable().items():
                fields = records[listed].fields
                found[listed] = [name for name in names if fields[name.partition(".")[2]].type == of]
            return {listed: names for listed, names in found.items() if names}
        if head == "count":
            return {name: [name] for name in records} if of.kind == "count" else {}
        fits = isinstance(of, Reference if head == "one_of" else References)
        to = getattr(of, "to", "")
        return {to: [to]} if fits and to in records else {}

    def _chosen(self, head: str, targets: Mapping[str, Iterable[str]], depth: Depth) -> Schema:
        key = _CONDITION[head]
        parts = []
        for name, names in targets.items():
            listed = self.vocabulary.records[name]
            of = one_of(["case", *(fields_to(listed.fields.values()) if depth == "record" else ())])
            parts.append(given(head, one_of(names), {key: self.conditions.below(depth, listed), "of": of}))
        every = one_of([each for names in targets.values() for each in names])
        return closed({head: described(every, _VALUE_DOCS[head]), key: {}, "of": {}}, [head]) | {
            "allOf": parts
        }
