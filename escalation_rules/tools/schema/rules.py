"""Schemas of rules."""

from __future__ import annotations

import re

from escalation_rules.policy.reading.common import RULE_ID
from escalation_rules.policy.reading.rules import RULE_KEYS
from escalation_rules.tools.schema.conditions import Conditions
from escalation_rules.tools.schema.effects import Effects
from escalation_rules.tools.schema.parts import (
    FAR_NAME,
    Kit,
    Schema,
    array,
    closed,
    declared,
    described,
    exactly,
    given,
    has,
    labels,
    lists,
    one_of,
    several,
    spoken,
    text,
    when,
)
from escalation_rules.tools.schema.scopes import View, case_view, each_view
from escalation_rules.tools.schema.tables import table

_DOCS = {
    "id": "The rule's name, in lower case with hyphens.",
    "principle": "The principle that it serves; by default that of the ruleset.",
    "source": "The source: an account, a standard, a law.",
    "for_each": "The rule is evaluated for each record of this list.",
    "when": "The condition under which it applies; by default always.",
    "unless": "The exception; it must be known to hold.",
    "overrides": "Rules whose prohibitions do not apply where this rule does. The rule may have no other effect.",
    "escalates": "Rules that recommend the same step: if owner or parameters differ, this rule takes precedence.",
    "replaces": "The rule of a lower layer that this one replaces.",
    "then": "The effects; optional with `overrides` or `table`.",
    "table": "Rows with conditions and conclusions, instead of `when` and `then`.",
    "because": "The reason, for readers of the decision. Slots: facts and fields in scope, such as {charge.amount}.",
    "examples": "Cases that show what the rule does.",
}
RULE = declared(RULE_ID.pattern)


def rule(kit: Kit, conditions: Conditions) -> Schema:
    """A rule."""
    return kit.define("rule", lambda: _rule(kit, conditions, Effects(kit, conditions)))


def _rule(kit: Kit, conditions: Conditions, effects: Effects) -> Schema:
    sources = {name: spoken(label) for name, label in kit.vocabulary.sources.items()}
    parts: dict[str, Schema] = {
        "id": RULE,
        "principle": one_of(labels(kit.vocabulary, "principles")),
        "source": {"anyOf": [one_of(sources), {"type": "string", "minLength": 1}]},
        "for_each": lists(kit),
        "when": {},
        "unless": {},
        "overrides": several(RULE),
        "escalates": several(RULE),
        "replaces": RULE,
        "then": {},
        "table": {},
        "because": {},
        "examples": {},
    }
    known = exactly(RULE_KEYS, {key: described(part, _DOCS[key]) for key, part in parts.items()})
    scopes = [{"if": has("for_each"), "else": _scoped(case_view(kit.vocabulary), conditions, effects)}]
    for listed in kit.vocabulary.records.values():
        view = each_view(kit.vocabulary, listed)
        scopes.append(when(has("for_each", {"const": listed.name}), _scoped(view, conditions, effects)))
    by_order = {"type": "array", "contains": {"type": "object", "required": ["first_that_applies"]}}
    scopes.append(given("then", by_order, {"when": False, "unless": False}))
    scopes.append(when(has("table"), {"properties": {"then": False, "when": False, "unless": False}}))
    return closed(known, ["id"]) | {"anyOf": [has("then"), has("overrides"), has("table")], "allOf": scopes}


def _scoped(view: View, conditions: Conditions, effects: Effects) -> Schema:
    condition = conditions.at(view)
    names = "|".join([*map(re.escape, sorted(view.names)), FAR_NAME])
    because = text(conditions.kit, view.key, names)
    return {
        "properties": {
            "when": condition,
            "unless": condition,
            "then": array(effects.at(view)) | {"uniqueItems": True},
            "table": table(conditions.named(view), effects.concluded(view), because),
            "because": because,
        }
    }
