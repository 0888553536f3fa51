"""Reads the section `changes` of a profile: requests, and the rules that keep notes private."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from escalation_rules.integrations.helpdesks.forms import Forms
from escalation_rules.integrations.helpdesks.spec import Changes, Request
from escalation_rules.source import Mapping, Node, Scalar, Sequence, one_or_more, to_plain

KINDS = ("task", "tags", "priority", "due", "note")
"""What can be written, in this order. The note comes last, since its marks mean that everything was written."""

COMMON = ("ticket", "number", "key", "at")
SLOTS = {
    "note": ("text", "html"), "priority": ("priority",), "due": ("due",), "tags": ("tag", "tags", "all_tags"),
    "task": ("title", "details", "due"),
}  # fmt: skip
DUE_FORMS = ("iso", "date", "milliseconds", "local", "utc")
LEVELS = ("high", "urgent")
SLOT = re.compile(r"\{([^{}]*)\}")
_KEYS = (*KINDS, "guard", "never", "priorities", "levels", "urgent", "due_form")
_PUBLIC = {"text", "html"}
_URGENT = ("safety",)
"""The phases that make a plan urgent, unless the profile sets them."""


def read_changes(forms: Forms, node: Node | None, phases: Collection[str]) -> Changes:
    """Read the section. Without it, nothing can be written. `phases` are those of the policy."""
    mapping = forms.mapping(node, "changes", _KEYS)
    if mapping is None:
        return Changes()
    guard = {key.text: to_plain(value) for key, value in _entries(forms, mapping.get("guard"), "guard")}
    never = forms.words(mapping.get("never"), "never")
    requests = {
        kind: request for kind in KINDS if (request := _request(forms, mapping.get(kind), kind)) is not None
    }
    for kind, request in requests.items():
        _check(forms, mapping.get(kind), kind, request, guard, never)
    levels = _entries(forms, mapping.get("levels"), "levels")
    for key, _ in levels:
        forms.name(key, LEVELS, f"{key.text!r} is not a level")
    form = forms.one_of(
        mapping.get("due_form"), "due_form", DUE_FORMS, "{} is not a form of a time", "unknown-name"
    )
    urgent = mapping.get("urgent")
    for entry in one_or_more(urgent):
        forms.one_of(entry, "urgent", phases, "{} is not a phase", "unknown-phase")
    if "priority" in requests and not levels:
        forms.error(
            "missing-key", mapping, "`priority:` needs `levels:`", "the system's words for high and urgent"
        )
    priorities = forms.words(mapping.get("priorities"), "priorities")
    _check_levels(forms, levels, priorities)
    return Changes(
        requests, guard, never, priorities,
        {key.text: to_plain(value) for key, value in levels},
        forms.words(urgent, "urgent") if urgent else tuple(phase for phase in _URGENT if phase in phases),
        form or "iso",
    )  # fmt: skip


def _check_levels(forms: Forms, levels: tuple[tuple[Scalar, Node], ...], priorities: tuple[str, ...]) -> None:
    """Check that each level is one of the system's priorities, and that `urgent` is not lower than `high`."""
    places: dict[str, int] = {}
    for key, value in levels if priorities else ():
        text = str(to_plain(value))
        if text in priorities:
            places[key.text] = priorities.index(text)
        else:
            forms.error(
                "does-not-fit", value, f"{text!r} is not among the `priorities:`", ", ".join(priorities)
            )
    high, urgent = places.get("high"), places.get("urgent")
    if high is not None and urgent is not None and urgent < high:
        at = next(value for key, value in levels if key.text == "urgent")
        forms.error(
            "does-not-fit",
            at,
            "`urgent:` is lower than `high:`",
            "`priorities:` from the lowest to the highest",
        )


def _entries(forms: Forms, node: Node | None, what: str) -> tuple[tuple[Scalar, Node], ...]:
    mapping = forms.mapping(node, what)
    return mapping.entries if mapping else ()


def _request(forms: Forms, node: Node | None, kind: str) -> Request | None:
    mapping = forms.mapping(node, kind, ("method", "path", "body"))
    if mapping is None:
        return None
    method, path = forms.text(mapping.get("method"), "method"), forms.text(mapping.get("path"), "path")
    if method is None or path is None:
        forms.error(
            "missing-key", mapping, f"`{kind}` needs `method:` and `path:`", "`method: POST`, `path: /…`"
        )
        return None
    known = (*COMMON, *SLOTS[kind])
    for scalar in _scalars(mapping):
        for match in SLOT.finditer(scalar.text):
            if match[1] not in known:
                message = f"{{{match[1][:60]}}} cannot be filled in `{kind}`"
                forms.problems.unknown("bad-slot", message, match[1], known, position=scalar.position)
    return Request(method, path, to_plain(mapping.get("body")), mapping.position)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for entry in node.items:
            yield from _scalars(entry)
    else:
        for _, value in node.entries:
            yield from _scalars(value)


def _check(
    forms: Forms,
    node: Node | None,
    kind: str,
    request: Request,
    guard: dict[str, Any],
    never: tuple[str, ...],
) -> None:
    whole = {"method": request.method, "path": request.path, "body": request.body}
    place = node if isinstance(node, Mapping) else None
    if place is None:
        return
    slots = {match[1] for scalar in _scalars(place) for match in SLOT.finditer(scalar.text)}
    if slots & _PUBLIC:
        if not guard:
            forms.error(
                "missing-key",
                place,
                "the profile does not make the note private",
                "`guard:` with what makes it private",
            )
        for path, value in guard.items():
            if at(whole, path) != value:
                message = f"`{kind}` would not be private: `{path}` is not {value!r}"
                forms.error("does-not-fit", place, message, "the value that `guard:` names")
    for path in never if kind != "task" else ():
        if at(whole, path) is not None:
            forms.error(
                "does-not-fit",
                place,
                f"`{kind}` would write `{path}`, which `never:` forbids",
                "a request without it",
            )


def at(data: Any, path: str) -> Any:
    """The value at a dotted path of a request, or None."""
    for name in path.split("."):
        if isinstance(data, list) and name.isdecimal() and int(name) < len(data):
            data = data[int(name)]
        elif isinstance(data, dict):
            data = data.get(name)
        else:
            return None
    return data
