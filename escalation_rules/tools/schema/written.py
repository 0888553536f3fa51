"""The text of a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def written(schema: Mapping[str, Any]) -> str:
    """A schema as JSON with each key and definition on a line: compact, and changes show up as single lines."""
    parts = {key: json.dumps(value, ensure_ascii=False) for key, value in schema.items()}
    if "$defs" in schema:
        lines = (
            f"{json.dumps(key)}: {json.dumps(definition, ensure_ascii=False)}"
            for key, definition in schema["$defs"].items()
        )
        parts["$defs"] = "{\n" + ",\n".join(lines) + "\n}"
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {text}" for key, text in parts.items()) + "\n}\n"
