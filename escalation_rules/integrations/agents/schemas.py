"""Generates the JSON Schema of a tool's arguments from the declaration of an action."""

from __future__ import annotations

from typing import Any

from escalation_rules.policy.vocabulary import Action, Vocabulary
from escalation_rules.texts import Text
from escalation_rules.tools.schema.values import ID, value


def arguments_schema(action: Action, vocabulary: Vocabulary, language: str) -> dict[str, Any]:
    """The schema of `case` (the id), `about` (the id of a record, if the action is about one), and the
    action's parameters."""
    properties: dict[str, Any] = {"case": {**ID, "description": "The id of the case."}}
    required = ["case"]
    if action.about in vocabulary.records:
        listed = vocabulary.records[action.about or ""]
        what = label_of(listed.label, listed.name, language)
        properties["about"] = {**ID, "description": f"The id of the record that it is about ({what})."}
        required.append("about")
    for name, parameter in action.params.items():
        properties[name] = {"description": label_of(parameter.label, name, language), **value(parameter.type)}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def label_of(label: Text | None, name: str, language: str) -> str:
    """The label in the language, or the name if there is none."""
    return (label.in_language(language) if label else "") or name.replace("_", " ")
