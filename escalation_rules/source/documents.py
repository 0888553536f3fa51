"""Reads a YAML or JSON text as plain data, with the positions of its parts."""

from __future__ import annotations

from typing import Any

from escalation_rules.errors import Position, Problems
from escalation_rules.source.json_text import parse_json
from escalation_rules.source.nodes import positions, to_plain
from escalation_rules.source.yaml_text import parse_yaml


def plain_data(text: str, name: str, problems: Problems, *, is_json: bool) -> tuple[Any, dict[str, Position]]:
    """The data of a text, with the position of each path in it. `name` is the text's name in messages."""
    if not is_json:
        node = parse_yaml(text, name, problems)
        return to_plain(node), dict(positions(node))
    data = parse_json(text, name, problems)
    # JSON is a subset of YAML with few exceptions, for which messages contain only the path.
    node = parse_yaml(text, name, Problems())
    return data, dict(positions(node))
