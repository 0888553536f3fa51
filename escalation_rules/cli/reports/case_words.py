"""Renders a small case in words: facts, records and acts, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from escalation_rules.cli.reports.voice import Voice
from escalation_rules.policy.vocabulary import Fact, Parameter
from escalation_rules.values import Party, Value, ValueProblem


def case_lines(
    voice: Voice, case: Mapping[str, Any], action: str | None = None, params: Mapping[str, Any] | None = None
) -> list[str]:
    """The lines of a case. `params` are those of an act in question."""
    return [*_lines(voice, case, action, params or {})] or [voice.say("compare.empty")]


def _lines(
    voice: Voice, case: Mapping[str, Any], action: str | None, params: Mapping[str, Any]
) -> Iterator[str]:
    vocabulary, currency = voice.policy.vocabulary, case.get("currency")
    if currency is not None:
        yield voice.say("compare.currency", currency=currency)
    for name, value in case.get("facts", {}).items():
        yield _known(voice, vocabulary.declaration(name), name, value, currency)
    for name, rows in case.items():
        if name in vocabulary.records and not rows:
            known = voice.say("compare.nothing") if rows is not None else voice.say("not_known")
            yield voice.say("compare.known", label=voice.labels.records(name), value=known)
        for row in rows or () if name in vocabulary.records else ():
            said = [_known(voice, vocabulary.declaration(f"{name}.{field}"), field, value, currency)
                    for field, value in row.items() if field != "id"]  # fmt: skip
            record = voice.say("compare.record", list=voice.labels.records(name), id=row["id"])
            yield voice.say("compare.known", label=record, value=voice.joined(said)) if said else record
    for act in case.get("acts", ()):
        yield voice.say("parts").join(_act(voice, act, currency))
    for parameter in _params(voice, action or "", params, currency):
        yield voice.say("compare.asked_with", parameter=parameter)


def _act(voice: Voice, act: Mapping[str, Any], currency: str | None) -> Iterator[str]:
    """An act with everything that a reader has to enter to get the same decision."""
    name, labels = act["action"], voice.labels
    yield voice.say("compare.act", action=labels.quoted(labels.action(name)), by=labels.role(act["by"]),
                    at=voice.formats.instant(_instant(act["at"])))  # fmt: skip
    declared = voice.policy.vocabulary.actions.get(name)
    if declared is None or len(declared.outcomes) > 1 or act["outcome"] not in declared.outcomes:
        yield voice.say("compare.outcome", outcome=labels.quoted(labels.outcome([name], act["outcome"])))
    if "about" in act:
        yield voice.say("compare.about", id=act["about"])
    yield from _params(voice, name, act.get("params", {}), currency)


def _params(voice: Voice, action: str, params: Mapping[str, Any], currency: str | None) -> Iterator[str]:
    acting = voice.policy.vocabulary.actions.get(action)
    for name, value in params.items():
        declared = acting.params.get(name) if acting is not None else None
        yield voice.say(
            "parameter",
            label=voice.labels.parameter(action, name),
            value=_value(voice, declared, value, currency),
        )


def _known(voice: Voice, fact: Fact | None, name: str, value: Any, currency: str | None) -> str:
    recorded = voice.labels.say("name.recorded") if name == "recorded_at" else name
    label = voice.text(fact.label) if fact is not None and fact.label else recorded
    return voice.say(
        "compare.known", label=voice.labels.quoted(label), value=_value(voice, fact, value, currency)
    )


def _value(voice: Voice, declared: Fact | Parameter | None, value: Any, currency: str | None) -> str:
    if declared is None:
        return str(value)
    try:
        parsed: Value = declared.type.parse(value)
    except ValueProblem:
        return str(value)
    if isinstance(parsed, Decimal):
        return voice.formats.amount(parsed, currency)
    return voice.labels.role(value) if isinstance(parsed, Party) else voice.labels.value(declared, parsed)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
