"""Compares rows of an expectation with entries of a decision, and describes the differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo

from escalation_rules.pytest_plugin.cells import instant_of, same_deadline, same_value, value_of
from escalation_rules.pytest_plugin.messages import WHOLE_CASE, Message, message, wordings_of
from escalation_rules.pytest_plugin.phrases import Target, names, unquoted
from escalation_rules.pytest_plugin.tables import Column
from escalation_rules.pytest_plugin.view import (
    Item,
    covers,
    fits,
    is_about,
    reasons_of,
    rules_of,
)
from escalation_rules.pytest_plugin.voice import Voice, shown

_NAMES = ("incomplete", "needs", "until", "needed_by")
_INSTANTS = ("due", "at", "known_from", "done_at")
_TEXTS = ("say", "question")
REASONS = ("rule", "principle", "source", "text")
"""The columns that are compared with the reasons of an entry."""
_PLAIN = (
    "id",
    "action",
    "phase",
    "owner",
    "overdue",
    "wanted",
    "fact",
    "ask",
    "value",
    "claim",
    "finding",
    "kind",
)


def differences(row: Mapping[str, str], item: Item, voice: Voice) -> list[Message]:
    """The differences between `item` and `row`; empty if there are none."""
    found = [_difference(column, cell, item, voice) for column, cell in row.items() if column not in REASONS]
    if reasons := {column: cell for column, cell in row.items() if column in REASONS}:
        found.append(_reason_difference(reasons, item))
    return [line for line in found if line]


def _difference(column: str, cell: str, item: Item, voice: Voice) -> Message | None:
    known = column in item or column in (
        *_PLAIN,
        *_NAMES,
        *_INSTANTS,
        *_TEXTS,
        "about",
        "by",
        "within",
        "what",
    )
    actual = (
        voice.name(item)
        if column == "what"
        else item.get(column)
        if known
        else (item.get("params") or {}).get(column)
    )
    checks: dict[str, Callable[[], bool]] = {
        "about": lambda: all(
            is_about(item, WHOLE_CASE if name in (*wordings_of(WHOLE_CASE), "null") else name)
            for name in _records(cell)
        ),
        "by": lambda: all(covers(item, role) for role in names(cell)),
        "what": lambda: fits(Target.read(cell), item),
        "within": lambda: not actual if cell == "null" else bool(actual) and same_deadline(cell, str(actual)),
        **dict.fromkeys(_NAMES, lambda: _holds_names(cell, actual)),
        **dict.fromkeys(_INSTANTS, lambda: _same_instant(cell, actual, voice.zone)),
        **dict.fromkeys(_TEXTS, lambda: unquoted(cell) in _versions(actual)),
    }
    if checks.get(column, lambda: same_value(value_of(cell, voice.zone), actual))():
        return None
    told: object = message("nothing") if actual in (None, [], "") else shown(actual)
    if column in _INSTANTS and actual:
        told = voice.time(actual, beside=cell)
    return message(
        "{column}: expected {cell}, but it is {actual}", column=Column(column), cell=cell, actual=told
    )


def _records(cell: str) -> tuple[str, ...]:
    return names(cell) or (cell,)


def _holds_names(cell: str, actual: object) -> bool:
    if isinstance(actual, bool) or cell in ("null", "true", "false"):
        return bool(actual) == (cell == "true")
    held = actual if isinstance(actual, list) else [actual]
    return all(name in map(str, held) for name in names(cell))


def _same_instant(cell: str, actual: object, zone: tzinfo | None) -> bool:
    if cell == "null" or not isinstance(actual, str):
        return cell == "null" and not actual
    return instant_of(cell, zone) == instant_of(actual)


def _versions(text: object) -> list[str]:
    return [str(wording) for wording in text.values()] if isinstance(text, dict) else [str(text)]


def _reason_difference(row: Mapping[str, str], item: Item) -> Message | None:
    reasons = reasons_of(item)
    for rule in names(row["rule"]) if "rule" in row else (None,):
        same_rule = [reason for reason in reasons if rule is None or reason["rule"] == rule]
        if not same_rule:
            known = ", ".join(rules_of(item)) or message("none")
            return message("rule: expected {rule}, but the reasons are {rules}", rule=rule, rules=known)
        for column in REASONS[1:]:
            if column in row and not any(reason_fits({column: row[column]}, reason) for reason in same_rule):
                told = "; ".join(shown(reason.get(column)) for reason in same_rule)
                return message(
                    "{column}: expected {cell}, but of {rule} it is {told}",
                    column=Column(column),
                    cell=row[column],
                    rule=rule or message("all rules"),
                    told=told,
                )
    return None


def reason_fits(row: Mapping[str, str], reason: Item) -> bool:
    """Whether a reason matches a row: rule, principle, source, text, effect, and `undecided`."""
    return all(
        unquoted(cell) in _versions(reason.get(column)) or same_value(value_of(cell), reason.get(column))
        for column, cell in row.items()
    )


def written(row: Mapping[str, str]) -> str:
    """A row of an expectation on one line."""
    subject = next(
        (row[column] for column in ("action", "what", "fact", "claim", "rule") if column in row), "?"
    )
    if row.get("about"):
        subject += f" about {row['about']}"
    rest = (
        f"{column} {cell}"
        for column, cell in row.items()
        if column not in ("action", "about") and cell != subject
    )
    return " · ".join([subject, *rest])
