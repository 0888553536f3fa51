"""Applies a single change, as written in a rule's examples, to a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from escalation_rules.errors import Position, listing
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.source import Node, Scalar, positions, to_plain
from escalation_rules.source import Sequence as SequenceNode
from escalation_rules.suggestions import nearest
from escalation_rules.values import show


class NotAChange(Exception):
    """The text is not a single change; holds the reason, what was expected, and the nearest name."""

    def __init__(self, message: str, expected: str | None = None, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.suggestion = suggestion


class Change:
    """A change of a case. Its position is added to `places`, for messages about the changed case."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        data: Mapping[str, Any],
        key: Scalar,
        node: Node,
        places: dict[str, Position],
    ) -> None:
        self.vocabulary = vocabulary
        self.before = data
        self.data: dict[str, Any] = deepcopy(dict(data))
        self.key = key
        self.node = node
        self.value = to_plain(node)
        self.places = places

    def made(self) -> dict[str, Any]:
        """The changed case as plain data. Raises `NotAChange`."""
        if "history" in self.data:
            raise NotAChange("a history cannot be changed", "a plain case, or `at:`")
        head, _, rest = self.key.text.partition(".")
        if head == "acts" and not rest:
            self._acts()
        elif head in self.vocabulary.records:
            self._records(head, rest)
        else:
            self._fact()
        if self.data == self.before:
            raise NotAChange("this changes nothing", "a value other than in `fires:`")
        return self.data

    def _fact(self) -> None:
        facts = dict(_flat(self.data.get("facts") or {}))
        same = facts.get(self.key.text, self) == self.value or (
            self.value is None and self.key.text not in facts
        )
        if same:
            raise NotAChange("this changes nothing", "a value other than in `fires:`")
        self.data["facts"] = {**facts, self.key.text: self.value}
        self._stands(f"facts.{self.key.text}")

    def _acts(self) -> None:
        acts = list(self.data.get("acts") or ())
        if self.value is not None and not isinstance(self.value, list):
            raise NotAChange("acts must be a list", "a list with one more act")
        if self.value and len(self.value) > 1:
            raise NotAChange(
                f"`not:` must contain exactly one change, but adds {len(self.value)} acts", "one more act"
            )
        self.data["acts"] = [*acts, *self.value] if self.value else []
        if isinstance(self.node, SequenceNode) and self.node.items:
            self._stands(f"acts[{len(acts)}]", self.node.items[0])

    def _records(self, name: str, rest: str) -> None:
        rows = [dict(part) for part in self.data.get(name) or () if isinstance(part, dict)]
        ids = [str(row.get("id")) for row in rows]
        if not rest:
            if self.value not in (None, []):
                raise NotAChange("a list can only become unknown or empty", "null, [], or one of its records")
            self.data[name] = self.value
            self._stands(name)
        elif rest in ids and self.value is None:
            self.data[name] = [row for row in rows if row.get("id") != rest]
            self._stands(name)
        elif rest not in ids and isinstance(self.value, dict):
            self.data[name] = [*rows, {"id": rest, **self.value}]
            self._stands(f"{name}[{len(rows)}]", self.node)
        else:
            self._field(name, rest, rows, ids)

    def _field(self, name: str, rest: str, rows: Sequence[dict[str, Any]], ids: Sequence[str]) -> None:
        key, _, field = rest.rpartition(".")
        if key not in ids or rest in ids:
            singular = self.vocabulary.records[name].each
            message = f"unknown {singular} {show(key or rest)} in `fires:`"
            if rest in ids:
                message = f"a change of {rest} must be one of its fields, or null"
            raise NotAChange(message, listing(ids), nearest(key or rest, ids) if rest not in ids else None)
        index = ids.index(key)
        rows[index][field] = self.value
        self.data[name] = list(rows)
        self._stands(f"{name}[{index}].{field}")

    def _stands(self, path: str, node: Node | None = None) -> None:
        for known in [
            place for place in self.places if place == path or place.startswith((f"{path}.", f"{path}["))
        ]:
            del self.places[known]
        self.places[path] = self.key.position
        self.places.update(positions(node, path) if node is not None else ())


def _flat(facts: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Facts by their dotted names."""
    found: list[tuple[str, Any]] = []
    for name, value in facts.items():
        nested = "." not in name and isinstance(value, dict)
        found += [(f"{name}.{inner}", part) for inner, part in value.items()] if nested else [(name, value)]
    return found
