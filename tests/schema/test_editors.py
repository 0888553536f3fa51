"""What an editor offers: every name with its label, every word of the language with its meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from escalation_rules import Policy
from escalation_rules.policy.conditions import ACT_CONDITIONS, OPERATORS, RECORD_CONDITIONS, STEP_CONDITIONS
from escalation_rules.tools.schema import case_schema, decision_schema, policy_schema
from tests.schema.judges import base, builtin


@cache
def defs() -> dict[str, Any]:
    """The definitions of the schema of the built-in policy; made when the first test asks."""
    made: dict[str, Any] = policy_schema(builtin().vocabulary)["$defs"]
    return made


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with what it refers to, as editors merge them."""
    while "$ref" in schema:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        schema = defs()[schema["$ref"].removeprefix("#/$defs/")] | rest
    return schema


def offered(name: str) -> dict[str, Any]:
    """The keys of a definition and of those that it takes in, as editors gather them."""
    own: dict[str, Any] = dict(defs()[name].get("properties", {}))
    for each in defs()[name].get("allOf", ()):
        if "$ref" in each:
            own = offered(each["$ref"].removeprefix("#/$defs/")) | own
    return own


def keywords(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            named = key in {"properties", "patternProperties", "$defs"}
            for each in value.values() if named else [value]:
                yield from keywords(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from keywords(each)


def test_every_fact_is_offered_with_its_label() -> None:
    properties = offered("condition.case")
    for name, fact in builtin().vocabulary.facts.items():
        description = resolved(properties[name])["description"]
        assert all(wording in description for _, wording in fact.label.versions), name
        assert f"({fact.type.kind}" in description


def test_every_field_is_offered_below_its_list_and_nowhere_else() -> None:
    for listed in builtin().vocabulary.records.values():
        properties = offered(f"condition.each.{listed.name}")
        for name in listed.fields:
            assert {name, f"{listed.each}.{name}"} <= set(properties)
            assert name not in offered("condition.case")
    assert "charge.amount" not in offered("condition.each.damages")
    assert "charge.amount" in offered("condition.inner.damages")
    assert "claim.finding" in offered("condition.each.evidence")


def test_every_word_is_explained() -> None:
    properties = offered("condition.case")
    for kind in (*RECORD_CONDITIONS, *ACT_CONDITIONS, *STEP_CONDITIONS):
        if kind.head != "none":
            assert kind.doc in resolved(properties[kind.head])["description"]
    described = {
        key: part["description"]
        for name, each in defs().items()
        if name.startswith("test.case.")
        for key, part in each.get("then", {}).get("properties", {}).items()
    }
    assert all(each.doc in described[key] for key, each in OPERATORS.items())


@pytest.mark.parametrize(("what", "key"), [("action", "actions"), ("role", "roles"), ("list", "records")])
def test_every_name_is_offered_with_its_label(what: str, key: str) -> None:
    declared = getattr(builtin().vocabulary, key)
    assert defs()[what]["enum"] == list(declared)
    for each, description in zip(declared.values(), defs()[what]["enumDescriptions"], strict=True):
        assert dict(each.label.versions)["zh-TW"] in description


def test_parameters_are_offered_for_their_action_only() -> None:
    taken = {
        part["if"]["properties"]["recommend"].get("const"): part["then"]
        for part in defs()["params.case"]["allOf"]
    }
    for action in builtin().vocabulary.actions.values():
        if action.params:
            assert set(action.params) <= set(taken[action.name]["properties"])
            assert set(action.params) <= set(taken[action.name]["propertyNames"]["enum"])
    assert not {name for each in builtin().vocabulary.actions.values() for name in each.params} & set(
        taken[None]["propertyNames"]["enum"]
    )


@pytest.mark.parametrize("policy", [builtin, base], ids=["built-in", "base"])
def test_editors_for_yaml_know_every_keyword(policy: Callable[[], Policy]) -> None:
    """They know draft 7, `$defs` as a path, and what to show of enumerations and patterns."""
    known = {
        "$schema", "$id", "$defs", "$ref", "title", "description", "type", "enum", "const", "enumDescriptions",
        "patternErrorMessage", "format", "properties", "required", "additionalProperties", "patternProperties", "propertyNames",
        "minProperties", "maxProperties", "items", "minItems", "maxItems", "uniqueItems", "contains", "pattern",
        "minLength", "maxLength", "minimum", "maximum", "allOf", "anyOf", "not", "if", "then", "else",
    }  # fmt: skip
    vocabulary = policy().vocabulary
    for schema in (policy_schema(vocabulary), case_schema(vocabulary), decision_schema()):
        assert set(keywords(schema)) <= known
