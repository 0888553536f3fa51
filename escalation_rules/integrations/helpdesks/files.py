"""Reads profiles from files and mappings: the built-in profile, with each override merged into it."""

from __future__ import annotations

import json
from collections.abc import Mapping as PlainMapping
from pathlib import Path
from typing import Any

import attrs

from escalation_rules.errors import Diagnostic, PolicyError, Position, Problems
from escalation_rules.source import Mapping, Node, Scalar, parse_yaml, to_plain

PROFILES = Path(__file__).parent / "profiles"
_LARGEST = 4_000_000
_LOCKED = ("changes", "guard"), ("changes", "never")
"""The keys that keep notes private and protect the ticket's identity. Overrides may add to them, but not change them."""


def profiles() -> tuple[str, ...]:
    """The names of the built-in profiles."""
    return tuple(sorted(path.stem for path in PROFILES.glob("*.yaml")))


def read_layers(name_or_path: str | Path, overrides: tuple[Any, ...], problems: Problems) -> Mapping:
    """The merged profile. Raises `PolicyError` if a file cannot be read."""
    first = PROFILES / f"{name_or_path}.yaml" if name_or_path in profiles() else Path(name_or_path)
    merged = _read(first, 0, problems, known=profiles())
    for number, override in enumerate(overrides, 1):
        merged = _merge(merged, _read(override, number, problems), (), problems)
    return merged


def _read(layer: Any, number: int, problems: Problems, known: tuple[str, ...] = ()) -> Mapping:
    file, text = _text(layer, number, problems, known)
    root = parse_yaml(text, file, problems) if text is not None else None
    if isinstance(root, Mapping):
        return root
    if not problems.count:
        place = Position(file, 1, 1)
        problems.add(
            Diagnostic("wrong-form", "the profile is not a mapping", place, expected="`format: 1` at its top")
        )
    raise PolicyError(problems.errors)


def _text(layer: Any, number: int, problems: Problems, known: tuple[str, ...]) -> tuple[str, str | None]:
    if isinstance(layer, PlainMapping):
        return f"<override {number}>", json.dumps(layer, ensure_ascii=False, default=str)
    path = Path(layer)
    place = Position(str(path), 1, 1)
    expected = (
        f"the path of a YAML file, or one of {', '.join(known)}" if known else "the path of a YAML file"
    )
    suggestion = problems.nearest(str(layer), known)
    try:
        if path.stat().st_size > _LARGEST:
            problems.add(Diagnostic("file-too-large", "the profile is too large", place))
            return str(path), None
        return str(path), path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        utf8 = isinstance(error, UnicodeDecodeError)
        code = "not-utf-8" if utf8 else "unreadable"
        why = "is not UTF-8 text" if utf8 else f"cannot be read: {getattr(error, 'strerror', None) or error}"
        message = f"the profile {why}"
        problems.add(Diagnostic(code, message, place, expected=expected, suggestion=suggestion))
        return str(path), None


def _merge(lower: Mapping, upper: Mapping, place: tuple[str, ...], problems: Problems) -> Mapping:
    """Merge two mappings key by key; other values are replaced, and `null` removes a key."""
    entries = {key.text: (key, value) for key, value in lower.entries}
    for key, said in upper.entries:
        value, below = said, entries[key.text][1] if key.text in entries else None
        here = (*place, key.text)
        if below is not None and any(here[: len(start)] == start for start in _LOCKED):
            value = _added(below, value, here, problems)
        elif isinstance(below, Mapping) and isinstance(value, Mapping):
            value = _merge(below, value, here, problems)
        if isinstance(value, Scalar) and value.value is None:
            entries.pop(key.text, None)
        else:
            entries[key.text] = (key, value)
    return attrs.evolve(lower, entries=tuple(entries.values()))


def _added(lower: Node, upper: Node, place: tuple[str, ...], problems: Problems) -> Node:
    if isinstance(lower, Mapping) and isinstance(upper, Mapping):
        return _merge(lower, upper, place, problems)
    low, high = to_plain(lower), to_plain(upper)
    if isinstance(low, list) and isinstance(high, list) and all(value in high for value in low):
        return upper
    if low != high:
        name = ".".join(place)
        message = f"an override cannot take anything away from `{name}`, which keeps notes private"
        problems.add(
            Diagnostic("does-not-fit", message, upper.position, expected="the lower layer's entries, or more")
        )
    return lower
