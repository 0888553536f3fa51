"""The arguments of a tool, as JSON Schema, from what the vocabulary says of an action."""

from __future__ import annotations

from typing import Any

from escalation_rules.policy.vocabulary import Action, Vocabulary
from escalation_rules.texts import Text
from escalation_rules.tools.schema.values import ID, value


def arguments_schema(action: Action, vocabulary: Vocabulary, language: str) -> dict[str, Any]:
    """`case` (the id), `about` (the id of the record, if the action is about one), and the parameters of the action."""
    properties: dict[str, Any] = {"case": {**ID, "description": "The id of the case."}}
    required = ["case"]
    if action.about in vocabulary.records:
        listed = vocabulary.records[action.about or ""]
        what = label_of(listed.label, listed.name, language)
        properties["about"] = {**ID, "description": f"The id of the record that it is about ({what})."}
        required.append("about")
    for name, each in action.params.items():
        properties[name] = {"description": label_of(each.label, name, language), **value(each.type)}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def label_of(label: Text | None, name: str, language: str) -> str:
    """What people call a thing, else its name."""
    return (label.in_language(language) if label else "") or name.replace("_", " ")
