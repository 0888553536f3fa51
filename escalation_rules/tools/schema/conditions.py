"""Schemas of conditions: one for the case, and two for each record list (directly inside it, and with outer records)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import chain

from escalation_rules.once import once
from escalation_rules.policy.conditions import ACT_HEADS, DuringTest, target_of
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.logic import AllOf, AnyOf, NoneOf, Not
from escalation_rules.policy.conditions.reading_records import (
    MODIFIERS,
    MODIFIERS_OF,
    NEEDING_HAS,
    NUMBER_TESTS,
    RECORD_HEADS,
)
from escalation_rules.policy.vocabulary import RecordList
from escalation_rules.tools.schema.acts import act_test
from escalation_rules.tools.schema.facts import FactTests
from escalation_rules.tools.schema.parts import (
    FAR_NAME,
    Kit,
    Schema,
    closed,
    described,
    elapsed,
    given,
    has,
    hours,
    lists,
    name_among,
    one_of,
    when,
)
from escalation_rules.tools.schema.scopes import (
    Depth,
    View,
    case_view,
    each_view,
    fields_to,
    inner_view,
)
from escalation_rules.values import Count as CountType
from escalation_rules.values import ValueType

CONNECTIVES = {kind.key: f"{kind.doc[0].upper()}{kind.doc[1:]}." for kind in (AllOf, AnyOf, NoneOf, Not)}
_MODIFIERS = {
    "where": "Selects the records.",
    "has": "The condition that each of them, or the latest or earliest, must satisfy.",
    "of": "`case`: records of the whole case; a field: records whose field refers to the record in scope.",
    "within": "This number within any span of that length.",
}
_LISTED = tuple(head for head in RECORD_HEADS if head != Sum.head)


class Conditions:
    """The definitions of conditions. Each refers to itself in `all`, `any`, `none` and `not`."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.tests = FactTests(kit)

    def at(self, view: View) -> Schema:
        """A condition in a view."""
        return self.kit.define(f"condition.{view.key}", lambda: self._condition(view))

    def below(self, depth: Depth, listed: RecordList) -> Schema:
        """A condition below `where` or `has` of a list."""
        view = each_view if depth == "case" else inner_view
        return self.at(view(self.kit.vocabulary, listed))

    def anywhere(self, depth: Depth) -> Schema:
        """A condition of a rule for the case, or of a rule for each record of any list."""
        if depth == "case":
            return self.at(case_view(self.kit.vocabulary))
        vocabulary = self.kit.vocabulary
        return {
            "anyOf": [
                self.at(each_view(vocabulary, record_list)) for record_list in vocabulary.records.values()
            ]
        }

    def names(self, depth: Depth) -> list[str]:
        """The facts and fields that may be named at this depth."""
        vocabulary = self.kit.vocabulary
        views = [case_view(vocabulary)]
        if depth == "record":
            views = [each_view(vocabulary, record_list) for record_list in vocabulary.records.values()]
        return sorted({name for view in views for name in view.names})

    def summable(self) -> dict[str, list[str]]:
        """The fields of each list that can be summed, as `sum` names them."""
        return {
            listed.name: [
                f"{listed.name}.{name}" for name, field in listed.fields.items() if field.type.adds_up
            ]
            for listed in self.kit.vocabulary.records.values()
        }

    def _condition(self, view: View) -> Schema:
        tests = {name: self.tests.of_name(view, name) for name in view.names}
        rest = [self._heads(), self._over(view.depth)]
        if view.depth == "case":
            known = self._connectives(view) | self._words("case") | tests
            far = any(target_of(fact.type) for fact in view.vocabulary.facts.values())
            through: Schema = {"patternProperties": {f"^({FAR_NAME})$": {}}} if far else {}
            return closed(known, least=1) | through | {"allOf": rest}
        parts = {"words.record": self._words("record"), "facts.record": self._facts}
        if set(self._fields) <= set(tests):
            parts["fields.record"] = self._fields
        shared = {key: value for part in parts.values() for key, value in part.items()}
        own = self._connectives(view) | {key: test for key, test in tests.items() if test != shared.get(key)}
        return self._open(own, parts) | {"allOf": [*map(self._shared, parts, parts.values()), *rest]}

    def _shared(self, name: str, properties: dict[str, Schema]) -> Schema:
        """The definition of properties shared by many conditions."""
        return self.kit.define(name, lambda: {"properties": properties})

    def _open(self, own: dict[str, Schema], shared: dict[str, dict[str, Schema]]) -> Schema:
        """A mapping whose keys are its own and those of the shared definitions, and no others."""
        others = [
            self.kit.define(f"keys.{name}", partial(one_of, sorted(properties)))
            for name, properties in shared.items()
        ]
        keys = {"anyOf": [name_among(sorted(own)), *others]}
        return {"type": "object", "properties": own, "propertyNames": keys, "minProperties": 1}

    @once
    def _facts(self) -> dict[str, Schema]:
        """The tests on facts, where a record is in scope."""
        every = self.tests.views["record"]
        return {name: self.tests.of_name(every, name) for name in self.kit.vocabulary.facts}

    @once
    def _fields(self) -> dict[str, Schema]:
        """The tests on fields of all lists as named where another record is in scope: `charge.amount`."""
        every = self.tests.views["record"]
        return {name: self.tests.of_name(every, name) for listed in self.kit.vocabulary.records.values()
                for field in listed.fields if (name := f"{listed.each}.{field}") in every.names}  # fmt: skip

    def named(self, view: View) -> Schema:
        """The name of a fact or field in a view."""
        facts = self.kit.define("keys.facts.record", lambda: one_of(sorted(self.kit.vocabulary.facts)))
        own = name_among(sorted(set(view.names) - set(self.kit.vocabulary.facts)))
        return self.kit.define(f"names.{view.key}", lambda: {"anyOf": [facts, own]})

    def named_anywhere(self, depth: Depth) -> Schema:
        """The name of a fact or field in any view of a depth."""
        return self.kit.define(f"names.{depth}", lambda: name_among(self.names(depth)))

    def _connectives(self, view: View) -> dict[str, Schema]:
        """The keys that combine conditions of the same view, and `of`, which depends on the record in scope."""
        own = {"$ref": f"#/$defs/condition.{view.key}"}
        some = {"type": "array", "items": own, "minItems": 1}
        return {
            **{key: described(some, doc) for key, doc in CONNECTIVES.items()},
            Not.key: described(own, CONNECTIVES[Not.key]),
            NoneOf.key: described({"anyOf": [some, lists(self.kit)]}, CONNECTIVES[NoneOf.key]),
            "of": described(self._of(view), _MODIFIERS["of"]),
        }

    def _words(self, depth: Depth) -> dict[str, Schema]:
        """The keywords of tests on records and acts, and their modifiers."""
        summable = one_of([name for names in self.summable().values() for name in names])
        docs = {kind.head: f"{kind.doc}. Example: {kind.example}" for kind in RECORD_HEADS.values()}
        heads = {
            head: described(summable if head == Sum.head else lists(self.kit), doc)
            for head, doc in docs.items()
        }
        modifiers = {
            key: described({}, _MODIFIERS.get(key, "How many, or how much.")) for key in sorted(MODIFIERS)
        }
        acts = {head: act_test(self.kit, self.tests, head, depth) for head in ACT_HEADS}
        during = described(hours(self.kit), f"{DuringTest.doc}. Example: {DuringTest.example}")
        words = {**heads, **modifiers, **acts, DuringTest.head: during}
        return {key: word for key, word in words.items() if key not in {NoneOf.key, "of"}}

    def _of(self, view: View) -> Schema:
        if view.for_each is None:
            return {}
        every = self.kit.vocabulary.records.values()
        names = {
            name
            for record_list in every
            for name in fields_to(record_list.fields.values(), view.for_each.name)
        }
        return one_of(["case", *sorted(names)])

    def _heads(self) -> Schema:
        """At most one keyword for records and one for acts, with the modifiers that it requires and allows."""
        parts = [when(_headed([head]), self._head(head)) for head in RECORD_HEADS]
        alone = dict.fromkeys(sorted(MODIFIERS), False)
        parts.append({"if": _headed(RECORD_HEADS), "else": {"properties": alone}})
        acts = [*ACT_HEADS]
        for head in acts[1:]:
            others: dict[str, Schema | bool] = dict.fromkeys((act for act in acts if act != head), False)
            parts.append(when(has(head), {"properties": others}))
        return self.kit.define("heads", lambda: {"allOf": parts})

    def _head(self, head: str) -> Schema:
        properties: dict[str, Schema | bool] = dict.fromkeys(sorted(MODIFIERS - MODIFIERS_OF[head]), False)
        for other in RECORD_HEADS:
            if other != head:
                properties[other] = {"type": "array"} if other == NoneOf.key else False
        rest: Schema = {"required": ["has"]} if head in NEEDING_HAS else {}
        if head in {Count.head, Sum.head}:
            rest = {"anyOf": [has(key) for key in NUMBER_TESTS]}
        return {"properties": properties, **rest}

    def _over(self, depth: Depth) -> Schema:
        """The contents of modifiers, depending on the list or field that the keyword names."""
        return self.kit.define(
            f"over.{depth}", lambda: {"allOf": [*self._lists(depth), *self._numbers(depth)]}
        )

    def _lists(self, depth: Depth) -> Iterable[Schema]:
        summable = self.summable()
        for listed in self.kit.vocabulary.records.values():
            heads = [has(head, {"const": listed.name}) for head in _LISTED]
            heads.append(has(Sum.head, one_of(summable[listed.name])))
            below = self.below(depth, listed)
            of = one_of(["case", *(fields_to(listed.fields.values()) if depth == "record" else ())])
            yield when({"anyOf": heads}, {"properties": {"where": below, "has": below, "of": of}})

    def _numbers(self, depth: Depth) -> Iterable[Schema]:
        yield when(
            has(Count.head),
            {"properties": {**self._tests(CountType(), depth, ()), "within": elapsed(self.kit)}},
        )
        names: dict[ValueType, list[str]] = {}
        for name in chain.from_iterable(self.summable().values()):
            field = self.kit.vocabulary.declaration(name)
            if field is not None:
                names.setdefault(field.type, []).append(name)
        for of, own in names.items():
            yield given(Sum.head, {"enum": own}, self._tests(of, depth, self.tests.computed(of, depth)))

    def _tests(self, of: ValueType, depth: Depth, computed: tuple[Schema, ...]) -> dict[str, Schema]:
        return {
            key: self.tests.operator(kind, (of, ()), depth, computed) for key, kind in NUMBER_TESTS.items()
        }


def _headed(heads: Iterable[str]) -> Schema:
    """Matches mappings with one of the keywords. `none` with a list of conditions does not count as one."""
    found = [has(head, {"type": "string"}) if head == NoneOf.key else has(head) for head in heads]
    return found[0] if len(found) == 1 else {"anyOf": found}
