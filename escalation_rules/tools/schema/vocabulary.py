"""Schemas of the declarations in `vocabulary:`.

Declared names are free; names that a declaration refers to (a role, a phase, a list, another action) must
exist in the vocabulary.
"""

from __future__ import annotations

from collections.abc import Collection

from escalation_rules.calendar import DAYS
from escalation_rules.policy.reading.actions import (
    ACTION_KEYS,
    ANYBODY,
    COMBINES,
    GROUP_KEYS,
    PARAMETER_KEYS,
    REVERSIBLE,
)
from escalation_rules.policy.reading.calendars import EXTENDED
from escalation_rules.policy.reading.calendars import KEYS as CALENDAR_KEYS
from escalation_rules.policy.reading.common import (
    FACT_NAME,
    LISTS_RESERVED,
    NAME,
    PARAMETERS_RESERVED,
    RESERVED,
    RULE_ID,
    VALUES_RESERVED,
)
from escalation_rules.policy.reading.facts import (
    ASKED,
    FACT_KEYS,
    FACT_TYPES,
    PARAMETER_TYPES,
    RECORD_KEYS,
    SIMPLE,
    SOURCES,
)
from escalation_rules.policy.reading.heading import HEADING_KEYS, ZONE_KEYS
from escalation_rules.policy.reading.vocabulary import KEYS
from escalation_rules.tools.schema.conditions import Conditions
from escalation_rules.tools.schema.parts import (
    ANY_SLOT,
    FLAG,
    NAMED,
    SPAN,
    Kit,
    Schema,
    actions,
    array,
    closed,
    declared,
    described,
    elapsed,
    exactly,
    given,
    has,
    labels,
    lists,
    named_list,
    one_of,
    phrase,
    roles,
    says_to,
    several,
    text,
    when,
)
from escalation_rules.tools.schema.scopes import case_view
from escalation_rules.tools.schema.values import PER_CURRENCY, value
from escalation_rules.values import VALUE_TYPES, Choice, PartyType

_DOCS = {
    "phases": "The phases of a case, the most urgent first.",
    "roles": "Who takes part.",
    "outside": "External roles, whose acts are not judged.",
    "principles": "What the rules serve.",
    "sources": "The labels of the sources that rules cite.",
    "amounts": "Sums of money that rules name, each by currency. A later layer adds currencies, or states other amounts.",
    "phase_order": "Other orders of the phases, each while a condition holds.",
    "heading": "What stands above a decision: facts, and records of a list, for people.",
    "for_each": "The list whose records are shown, by name.",
    "local_time": "The fact that names the customer's time zone: the time there is shown, if it differs.",
    "where": "Selects the records.",
    "show": "The fields that are shown with each record.",
    "calendar": "The calendar that counts working time unless another is named.",
    "calendars": "Working hours.",
    "facts": "The facts of a case; every name has one dot, such as customer.need.",
    "records": "Lists of records.",
    "actions": "What can be done.",
    "groups": "Names for several actions, to forbid or hold them together, or to do them together.",
    "extend": "In a later layer: more values of a choice, fields of a list, roles of an action, actions of a group, "
    "dates of a calendar.",
    "type": "The type of its values.",
    "label": "What people call it.",
    "values": "The values; those of a level from lowest to highest.",
    "to": "The record list that it refers to.",
    "presume": "The value assumed while it is unknown; it is then not asked for, except with `confirm`.",
    "confirm": "The presumption is to be confirmed while another value would change the plan.",
    "stale_after": "After this time it is unknown again.",
    "ask": "Who can answer it.",
    "question": "How to ask for it.",
    "comes_from": "Where it is usually found.",
    "concluded": "Only rules set it, never the case.",
    "failure": "A conclusion that is reported as a failure.",
    "for_people": "For people only; lint does not warn that no rule reads it.",
    "replaces": "It replaces the declaration of this name in a lower layer.",
    "each": "The singular, as in `charge.amount`.",
    "absent": "The meaning of a case without the list.",
    "ordered_by": "The instant that orders the records; by default when each was recorded.",
    "takes_place_of": "The field, a reference to the same list, by which a record names the one that it replaces, which "
    "then no longer counts.",
    "fields": "The fields of each record, besides `id` and `recorded_at`.",
    "phase": "The phase of the step; an action without one can only be forbidden or held.",
    "owner": "The role that does the step.",
    "by": "The roles that may do it; by default `anybody`.",
    "about": "The record list it is about, or `case`.",
    "in_one_go": "Its steps with the same owner are done together; with the name of a list, separately for each of its records.",
    "outcomes": "The possible outcomes; by default `done`.",
    "counts": "The outcomes that complete the step; by default the first.",
    "params": "Its parameters.",
    "combine": "How different values of several rules are combined.",
    "apart": "Steps with different values are different steps; an act completes only the step with its value.",
    "reached": "The step is done once the sum of the acts, or the highest of them, reaches the value.",
    "required": "An act that does not state it counts for nothing.",
    "not_by": "Who may not do it, whatever their role: the party in a fact or field, or the doer of an action.",
    "anchor": "The instant from which its time counts.",
    "paused_while": "While this is known to hold, the time of its steps is stopped.",
    "before": "Actions of the same phase that come after it.",
    "after": "Actions of the same phase that come before it.",
    "priority": "Higher comes first within the phase.",
    "reversible": "Whether it can be undone.",
    "say_to": "Whom the wording is for: a role, or `colleague`.",
    "say": "What to say. Slots: its parameters, {due}, {about}.",
    "timezone": "As Asia/Taipei.",
    "hours": "The hours worked, by weekday (mon, tue, mon-fri, sun-thu); a day that is missing is closed.",
    "holidays": "The country whose public holidays count, such as TW.",
    "closed": "Other days that are closed.",
    "open": "Make-up working days.",
    "other_hours": "Dates with different hours, such as short days.",
    "when": "The condition.",
    "order": "All phases, once each.",
}
_TRUE: Schema = {"const": True}
_DATE: Schema = {
    "anyOf": [{"type": "string", "pattern": "^[0-9][0-9W-]{5,9}$"}, {"type": "integer", "minimum": 1}]
}
# The types whose values have a kind that `COMBINES` names differently.
_KINDS = {"record": "reference", "records": "references"}


class Declarations:
    """The definitions of declarations."""

    def __init__(self, kit: Kit, conditions: Conditions) -> None:
        self.kit = kit
        self.vocabulary = kit.vocabulary
        self.conditions = conditions

    def section(self) -> Schema:
        """The schema of `vocabulary:`."""
        label = text(self.kit)
        parts = {
            "phases": named_list(label, NAME.pattern, VALUES_RESERVED),
            "roles": named_list(label, NAME.pattern, VALUES_RESERVED),
            "outside": several(roles(self.kit)),
            "principles": named_list(label, RULE_ID.pattern, VALUES_RESERVED),
            "sources": {"type": "object", "additionalProperties": label},
            "amounts": _named(PER_CURRENCY, FACT_NAME.pattern, ()),
            "phase_order": {"type": "array", "items": self._phase_order()},
            "calendar": one_of([*self.vocabulary.calendars]),
            "calendars": _named(self._calendar()),
            "facts": _named(self._fact(), FACT_NAME.pattern, ()),
            "records": _named(self._list(), reserved=LISTS_RESERVED),
            "actions": _named(self._action()),
            "groups": _named(self._group()),
            "heading": {"type": "array", "items": self._headed()},
            "extend": self._extend(),
        }
        return closed(_with_docs(KEYS, parts))

    def _phase_order(self) -> Schema:
        phases = one_of(labels(self.vocabulary, "phases"))
        order = array(phases, len(self.vocabulary.phases)) | {"uniqueItems": True}
        alone = {"anyOf": [phases, order]} if len(self.vocabulary.phases) == 1 else order
        parts = {"when": self.conditions.at(case_view(self.vocabulary)), "order": alone}
        return closed(_with_docs(tuple(parts), parts), parts)

    def _headed(self) -> Schema:
        about = [
            given("for_each", {"const": record_list.name}, {
                "where": self.conditions.below("case", record_list), "show": several(one_of([*record_list.fields])),
            })
            for record_list in self.vocabulary.records.values()
        ]  # fmt: skip
        parts: dict[str, Schema] = {"for_each": lists(self.kit), "where": {}, "show": {}}
        records = closed(_with_docs(HEADING_KEYS, parts), ["for_each"]) | {"allOf": about}
        facts = one_of([*self.vocabulary.facts])
        texts = [name for name, fact in self.vocabulary.facts.items() if fact.type.kind == "text"]
        zones = [closed(_with_docs(ZONE_KEYS, {"local_time": one_of(texts)}), ZONE_KEYS)] if texts else []
        return {"anyOf": [facts, *([records] if about else []), *zones]} if about or zones else facts

    def _calendar(self) -> Schema:
        days = [first if first == last else f"{first}-{last}" for first in DAYS for last in DAYS]
        parts = {
            "timezone": {"type": "string", "minLength": 1},
            "hours": closed(dict.fromkeys(days, _spans())),
            "holidays": {"type": "string", "minLength": 1},
            **self._exceptions(),
            "replaces": _TRUE,
        }
        return closed(_with_docs(CALENDAR_KEYS, parts), ["timezone", "hours"])

    def _exceptions(self) -> dict[str, Schema]:
        """The exceptional dates of a calendar."""
        dates = {"type": "array", "items": _DATE}
        others = {"type": "object", "additionalProperties": _spans() | {"minItems": 1}}
        return {"closed": dates, "open": dates, "other_hours": others}

    def _more_dates(self) -> Schema:
        return closed(_with_docs(EXTENDED, self._exceptions()))

    # --- facts and records --------------------------------------------------------------------------------------------

    def _fact(self) -> Schema:
        return self.kit.define("fact", self._fact_declared)

    def _fact_declared(self) -> Schema:
        parts = {
            **self._typed(FACT_TYPES),
            "label": text(self.kit),
            "presume": {},
            "confirm": FLAG,
            "stale_after": elapsed(self.kit),
            **self._asked(),
            "concluded": FLAG,
            "failure": FLAG,
            "for_people": FLAG,
            "replaces": _TRUE,
        }
        asked = ("presume", "confirm", "stale_after", "ask", "question", "comes_from")
        of = {"enum": ["flag", "choice", "level"]}
        failure = {"required": ["concluded"], "properties": {"concluded": _TRUE, "type": {"const": "flag"}}}
        rules = [
            *_type_needs(("reference",)),
            *self._presumptions(),
            given("concluded", _TRUE, {"type": of, **dict.fromkeys(asked, False)}),
            when(has("failure", _TRUE), failure),
            when(
                has("confirm", _TRUE),
                {
                    "required": ["presume"],
                    "properties": {
                        "type": {"enum": [value_type.kind for value_type in VALUE_TYPES if value_type.finite]}
                    },
                },
            ),
        ]
        return closed(_with_docs(FACT_KEYS, parts), ["type"]) | {"allOf": rules}

    def _typed(self, types: tuple[str, ...]) -> dict[str, Schema]:
        values = named_list(text(self.kit), NAME.pattern, VALUES_RESERVED)
        return {"type": one_of(types), "values": values, "to": lists(self.kit)}

    def _asked(self) -> dict[str, Schema]:
        return {"ask": one_of(ASKED), "question": text(self.kit), "comes_from": one_of(SOURCES)}

    def _presumptions(self) -> list[Schema]:
        types = {**SIMPLE, "party": PartyType(tuple(self.vocabulary.roles))}
        forms = {kind: value(of) for kind, of in types.items()} | dict.fromkeys(("choice", "level"), NAMED)
        return [given("type", {"const": kind}, {"presume": form}) for kind, form in forms.items()]

    def _fields(self) -> Schema:
        return _named({"allOf": [self._fact(), {"properties": {"confirm": {"const": False}}}]})

    def _list(self) -> Schema:
        parts = {
            "each": declared(),
            "label": text(self.kit),
            "absent": one_of(("none", "unknown")),
            **self._asked(),
            "ordered_by": NAMED,
            "takes_place_of": NAMED,
            "fields": self._fields(),
            "for_people": FLAG,
            "replaces": _TRUE,
        }
        return closed(_with_docs(RECORD_KEYS, parts), ["each", "fields"])

    def _somebody(self) -> Schema:
        """Somebody who may not do an action: the party in a fact or field, or the doer of an action."""
        return {"anyOf": [*self._parties(dotted=False), actions(self.kit)]}

    def _parties(self, *, dotted: bool = True) -> list[Schema]:
        """The facts and fields that are parties; with `dotted`, only names with a dot."""
        fields = [(f"{listed.each}.{name}", fact) for listed in self.vocabulary.records.values()
                  for name, fact in listed.fields.items()]  # fmt: skip
        named = [
            *self.vocabulary.facts.items(),
            *fields,
            *((name.rpartition(".")[2], fact) for name, fact in fields),
        ]
        parties = sorted({name for name, fact in named if isinstance(fact.type, PartyType)})
        found = [name for name in parties if "." in name or not dotted]
        return [one_of(found)] if found else []

    # --- actions ------------------------------------------------------------------------------------------------------

    def _action(self) -> Schema:
        others = several(actions(self.kit))
        parts = {
            "label": text(self.kit),
            "phase": one_of(labels(self.vocabulary, "phases")),
            "owner": roles(self.kit),
            "by": {
                "anyOf": [
                    described({"const": ANYBODY}, "Anybody may do it."),
                    several({"anyOf": [roles(self.kit), *self._parties()]}),
                ]
            },
            "about": one_of({"case": "the whole case", **labels(self.vocabulary, "records")}),
            "outcomes": named_list(text(self.kit), NAME.pattern, VALUES_RESERVED),
            "counts": several(NAMED),
            "params": _named(self._parameter(), reserved=PARAMETERS_RESERVED),
            "not_by": several(self._somebody()),
            "anchor": self.conditions.tests.instants("record"),
            "paused_while": self.conditions.at(self.conditions.tests.views["record"]),
            "before": others,
            "after": others,
            "priority": {"type": "integer", "minimum": -1000, "maximum": 1000},
            "reversible": one_of(REVERSIBLE),
            "say": text(self.kit, "any", ANY_SLOT),
            "say_to": says_to(self.kit),
            "replaces": _TRUE,
        }
        return closed(_with_docs(ACTION_KEYS, parts))

    def _parameter(self) -> Schema:
        parts = {**self._typed(PARAMETER_TYPES), "label": text(self.kit), "combine": one_of([*COMBINES]),
                 "apart": FLAG, "reached": FLAG, "required": FLAG}  # fmt: skip
        types = _type_needs(("reference", "record", "records"))
        for way, kinds in COMBINES.items():
            fitting = [name for name in PARAMETER_TYPES if _KINDS.get(name, name) in kinds]
            types.append(given("combine", {"const": way}, {"type": {"enum": fitting}}))
        ordered = [name for name in PARAMETER_TYPES if _KINDS.get(name, name) in COMBINES["max"]]
        types.append(given("reached", _TRUE, {"type": {"enum": ordered}}))
        types.append(given("apart", _TRUE, {"combine": False, "reached": False}))
        return closed(_with_docs(PARAMETER_KEYS, parts), ["type"]) | {"allOf": types}

    def _group(self) -> Schema:
        parts = {
            "label": text(self.kit),
            "actions": several(actions(self.kit)),
            "in_one_go": {"anyOf": [FLAG, lists(self.kit)]},
            "replaces": _TRUE,
        }
        return closed(_with_docs(GROUP_KEYS, parts), ["actions"])

    def _extend(self) -> Schema:
        more = named_list(text(self.kit), NAME.pattern, VALUES_RESERVED)
        choices = [name for name, fact in self.vocabulary.facts.items() if isinstance(fact.type, Choice)]
        choices += [f"{listed.name}.{name}" for listed in self.vocabulary.records.values()
                    for name, fact in listed.fields.items() if isinstance(fact.type, Choice)]  # fmt: skip
        return closed({
            **{name: described(more, "More values.") for name in choices},
            **{name: described(self._fields(), "More fields.") for name in self.vocabulary.records},
            **{name: described(closed({"by": several(roles(self.kit))}, ["by"]), "More roles that may do it.")
               for name, action in self.vocabulary.actions.items() if action.by},
            **{name: described(several(actions(self.kit)), "More actions.") for name in self.vocabulary.groups},
            **{name: described(self._more_dates(), "More dates.") for name in self.vocabulary.calendars},
        })  # fmt: skip


def _spans() -> Schema:
    what = "a span of time such as 09:00-12:00, up to 24:00, or 22:00-06:00"
    return {"type": "array", "items": phrase(SPAN, what)}


def _with_docs(keys: tuple[str, ...], parts: dict[str, Schema]) -> dict[str, Schema]:
    return {key: described(part, _DOCS[key]) for key, part in exactly(keys, parts).items()}


def _named(declaration: Schema, pattern: str = NAME.pattern, reserved: Collection[str] = RESERVED) -> Schema:
    """Declarations by name."""
    return {
        "type": "object",
        "propertyNames": declared(pattern, reserved),
        "additionalProperties": declaration,
    }


def _type_needs(references: tuple[str, ...]) -> list[Schema]:
    """Conditional schemas: only choices and levels have `values`, only references have `to`, and all of them must."""
    found = []
    for key, kinds in (("values", ["choice", "level"]), ("to", list(references))):
        needs = when(has("type", {"enum": kinds}), {"required": [key]})
        found.append(needs | {"else": {"properties": {key: False}}})
    return found
