"""The schema of policy files."""

from __future__ import annotations

from escalation_rules.policy.reading.common import RULE_ID
from escalation_rules.policy.reading.files import FORMAT, TOP_KEYS
from escalation_rules.policy.reading.rules import RULESET_KEYS
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.texts import LANGUAGES
from escalation_rules.tools.schema.conditions import Conditions
from escalation_rules.tools.schema.parts import (
    FLAG,
    Kit,
    Schema,
    closed,
    declared,
    described,
    document,
    exactly,
    has,
    labels,
    one_of,
    text,
    when,
)
from escalation_rules.tools.schema.rules import RULE, rule
from escalation_rules.tools.schema.scopes import case_view
from escalation_rules.tools.schema.vocabulary import Declarations
from escalation_rules.tools.schema.worked_out import ValueForms

_DOCS = {
    "format": "The version of the policy language.",
    "name": "The name of the policy.",
    "languages": "The languages that its texts are written in; with only one, a text needs no `en:`.",
    "only_what_is_recommended": "Whether `check` forbids everything that no rule recommends now; for agents.",
    "vocabulary": "The names that rules and cases may use.",
    "ruleset": "The name of the ruleset, in lower case with hyphens.",
    "label": "The label of the ruleset.",
    "principle": "The principle of rules that name none.",
    "applies_while": "The condition without which no rule of the ruleset applies.",
    "rules": "The rules; their order does not matter.",
    "disable": "Rules of lower layers that are disabled, and why.",
}


def policy_schema(vocabulary: Vocabulary) -> Schema:
    """The JSON Schema of the files of a policy with this vocabulary.

    It contains the names of the loaded vocabulary; generate it again after declaring a new name.
    """
    kit = Kit(vocabulary)
    conditions = Conditions(kit)
    conditions.tests.computed = ValueForms(kit, conditions).operands
    label = text(kit)
    disabled = closed({"rule": RULE, "because": label}, ["rule", "because"])
    parts: dict[str, Schema] = {
        "format": {"const": FORMAT},
        "name": {"type": "string"},
        "languages": {"type": "array", "minItems": 1, "items": {"enum": list(LANGUAGES)}},
        "only_what_is_recommended": FLAG,
        "vocabulary": Declarations(kit, conditions).section(),
        "ruleset": declared(RULE_ID.pattern),
        "label": label,
        "principle": one_of(labels(vocabulary, "principles")),
        "applies_while": conditions.at(case_view(vocabulary)),
        "rules": {"type": "array", "items": rule(kit, conditions)},
        "disable": {"type": "array", "items": disabled},
    }
    known = exactly(TOP_KEYS, {key: described(part, _DOCS[key]) for key, part in parts.items()})
    needs = when({"anyOf": [has(key) for key in RULESET_KEYS]}, {"required": ["ruleset"]})
    body = {"title": "A policy file", **closed(known, ["format"]), "allOf": [needs]}
    return document("policy", FORMAT, body, kit.defs)
