"""Reads YAML or JSON text as nodes with positions."""

from escalation_rules.source.json_text import MAX_JSON_DEPTH, parse_json
from escalation_rules.source.nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    one_or_more,
    positions,
    to_plain,
    values_in,
)
from escalation_rules.source.yaml_text import MAX_CHARACTERS, MAX_DEPTH, MAX_NODES, parse_yaml

__all__ = [
    "MAX_CHARACTERS", "MAX_DEPTH", "MAX_JSON_DEPTH", "MAX_NODES", "Mapping", "Node", "Scalar", "Sequence", "one_or_more",
    "parse_json", "parse_yaml", "positions", "to_plain", "values_in",
]  # fmt: skip
