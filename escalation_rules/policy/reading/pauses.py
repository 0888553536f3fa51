"""Reads the conditions that stop the clocks of actions."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.errors import Problems
from escalation_rules.policy.conditions import Condition, Context, Scope, read_condition
from escalation_rules.policy.reading.files import PolicyFile
from escalation_rules.policy.reading.parameters import COMPUTING
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.source import Mapping


def read_pauses(
    files: Sequence[PolicyFile], vocabulary: Vocabulary, problems: Problems
) -> dict[str, Condition]:
    """The `paused_while:` of the actions in force, each in the scope of its record."""
    found: dict[str, Condition] = {}
    for file in files:
        section = file.root.get("vocabulary")
        declared = section.get("actions") if isinstance(section, Mapping) else None
        for key, node in declared.entries if isinstance(declared, Mapping) else ():
            action = vocabulary.actions.get(key.text)
            stated = node.get("paused_while") if isinstance(node, Mapping) else None
            if action is None or stated is None or action.position != key.position:
                continue  # invalid, or replaced by a later layer
            listed = vocabulary.records.get(action.about or "")
            scope = Scope(vocabulary, (listed,) if listed is not None else ())
            condition = read_condition(Context(scope, problems, COMPUTING), stated)
            if condition is not None:
                found[key.text] = condition
    return found
