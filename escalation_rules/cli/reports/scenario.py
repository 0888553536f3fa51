"""Writes a scenario that distinguishes a changed policy from the original."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from escalation_rules.tools.mutation import BY, Told

_PARTS = {"plan": "the plan", "forbidden": "the prohibitions", "held": "the holds", "missing": "the questions",
          "conclusions": "the conclusions", "findings": "the findings", "done": "the done steps"}  # fmt: skip
_NAMED = {"missing": "fact", "conclusions": "fact", "findings": "claim"}
_MORE = (
    "rule",
    "owner",
    "due",
    "within",
    "phase",
    "by",
    "wanted",
    "until",
    "needs",
    "incomplete",
    "finding",
    "value",
)
_INDENT = "    "


def scenarios(name: str, told: Told) -> Iterator[str]:
    """Scenarios that should fail with the changed policy, simplest first; the caller has to try them."""
    given = list(_given(told))
    for assertion in _assertions(told):
        yield "\n".join([f"  Scenario: {name}", *given, *assertion]) + "\n"


def feature_of(scenario: str) -> str:
    """A complete feature file with one scenario."""
    return f"Feature: Found by escalation-rules mutate\n\n{scenario}"


def _given(told: Told) -> Iterator[str]:
    case = {key: value for key, value in (told.case or {}).items() if key != "id"}
    if not case:
        yield f"{_INDENT}Given a case"
        return
    yield f"{_INDENT}Given this case"
    yield f'{_INDENT}  """'
    text = yaml.safe_dump(
        _plain(case), allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
    )
    yield from (f"{_INDENT}  {line}" for line in text.splitlines())
    yield f'{_INDENT}  """'


def _plain(data: Any) -> Any:
    """Convert to plain dicts and lists, as the YAML writer requires."""
    if isinstance(data, Mapping):
        return {str(key): _plain(part) for key, part in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(part) for part in data]
    return data if data is None or isinstance(data, (bool, int, float, str)) else str(data)


def _assertions(told: Told) -> Iterator[list[str]]:
    at = told.at.isoformat() if told.at is not None else ""
    decides = f"{_INDENT}When the policy decides at {at}"
    for part, title in _PARTS.items():
        before, after = told.before.get(part) or [], told.after.get(part) or []
        for mode, mine, others in (("include", before, after), ("do not include", after, before)):
            for entry in mine:
                if entry not in others:
                    yield from ([decides, *lines] for lines in _rows(title, mode, part, entry))
        if before != after and part == "plan":
            yield [decides, f"{_INDENT}Then the plan includes in this order", f"{_INDENT}  | action |",
                   *(f"{_INDENT}  | {act['action']} |" for act in before)]  # fmt: skip
    if told.before.get("phase") != told.after.get("phase"):
        yield [decides, f"{_INDENT}Then the phase is {told.before.get('phase') or 'none'}"]
    verdicts = told.before.get("verdicts") or {}
    for asked, verdict in verdicts.items():
        if verdict != (told.after.get("verdicts") or {}).get(asked):
            action, _, role = asked.partition(BY)
            yield [f"{_INDENT}When it is checked whether {role or 'somebody'} may {action} at {at}", *_params(told),
                   f"{_INDENT}Then the verdict is {verdict}"]  # fmt: skip


def _params(told: Told) -> Iterator[str]:
    """The table of the act's parameters."""
    if told.params:
        yield f"{_INDENT}  | parameter | value |"
        yield from (f"{_INDENT}  | {name} | {_written(value)} |" for name, value in told.params.items())


def _rows(title: str, mode: str, part: str, entry: Mapping[str, Any]) -> Iterator[list[str]]:
    """A table row that names the entry, then rows with one more of its fields."""
    name = _NAMED.get(part, "action")
    key = "about" if name == "claim" else name
    columns = {name: entry.get(key)} | (
        {"about": entry["about"]} if entry.get("about") and name != "claim" else {}
    )
    said = mode if not title.endswith("plan") else "includes" if mode == "include" else "does not include"
    for more in (None, *_MORE):
        extra = {} if more is None else _cell(more, entry)
        if more is None or extra:
            cells = {column: _written(value) for column, value in {**columns, **extra}.items()}
            yield [f"{_INDENT}Then {title} {said}", f"{_INDENT}  | {' | '.join(cells)} |",
                   f"{_INDENT}  | {' | '.join(cells.values())} |"]  # fmt: skip


def _cell(column: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    if column == "rule":
        names = [reason["rule"] for reason in entry.get("because", ()) if isinstance(reason, Mapping)]
        return {"rule": names} if names else {}
    if column == "finding":
        return {"finding": entry["value"]} if "value" in entry else {}
    return {column: entry[column]} if column in entry else {}


def _written(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part.get("name", part) if isinstance(part, Mapping) else part) for part in value)
    return str(value)
