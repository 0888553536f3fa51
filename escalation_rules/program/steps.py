"""Requirements for one step → the step: reasons unite, the earliest due wins, parameters combine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from escalation_rules.conditions import Addable, Need, RecordView, Situation
from escalation_rules.decision import DoneStep, ParameterValue, Reason, Step
from escalation_rules.precedence import Precedence
from escalation_rules.program.lookup import Lookup
from escalation_rules.program.wanted import Key, Requirement, counting_acts
from escalation_rules.program.wording import Words
from escalation_rules.values import EXACT, Amount, Level, Money, Party, Value, to_plain
from escalation_rules.vocabulary import Parameter, Vocabulary


@attrs.frozen
class Unknown:
    """A parameter that is not known, and what each rule that gives it waits for."""

    name: str
    waiting: tuple[tuple[str, tuple[Need, ...]], ...]


@attrs.frozen(eq=False)
class Draft:
    """A wanted step before it is known whether something stands in its way."""

    key: Key
    requirements: tuple[Requirement, ...]
    owner: str | None
    values: dict[str, Value]
    unknown: tuple[Unknown, ...]
    conflicts: tuple[str, ...]

    @property
    def doer(self) -> Party | None:
        """Who is to do it, if that is said."""
        return Party(self.owner, self.owner) if self.owner is not None else None

    def as_record(self) -> RecordView:
        """The parameters as a record, for the `where` of a prohibition."""
        return RecordView("(parameters)", "", dict(self.values), frozenset(self.values))


def draft(key: Key, requirements: Sequence[Requirement], lookup: Lookup, situation: Situation) -> Draft:
    """The step that the requirements add up to; where they differ, the rule that has the last word decides."""
    action = lookup.model.vocabulary.actions[key[0]]
    owning = [each for each in requirements if each.effect.owner is not None]
    owners = sorted({each.effect.owner or "" for each in _deciding(owning, lookup.precedence)})
    values: dict[str, Value] = {}
    unknown: list[Unknown] = []
    conflicts = ["owner"] if len(owners) > 1 else []
    for name, parameter in sorted(action.params.items()):
        stating = [each for each in requirements if name in dict(each.effect.params)]
        if parameter.combine == "same":
            stating = _deciding(stating, lookup.precedence)
        sources = [(each, dict(each.effect.params)[name]) for each in stating]
        found = [source.get(situation, each.records) for each, source in sources]
        known = [value for value in found if value is not None]
        combined = _combine(parameter, known) if known else None
        if known and combined is None:
            conflicts.append(name)
        elif len(known) < len(found):
            waiting = [
                (each.rule.id, source.undecided(situation, each.records))
                for (each, source), value in zip(sources, found, strict=True)
                if value is None
            ]
            unknown.append(Unknown(name, tuple(waiting)))
        elif combined is not None:
            values[name] = combined
    owner = owners[0] if owners else action.owner
    return Draft(key, tuple(requirements), owner, values, tuple(unknown), tuple(conflicts))


def _deciding(requirements: Sequence[Requirement], precedence: Precedence) -> list[Requirement]:
    """The requirements of the rules that have the last word among them."""
    last = precedence.last(each.rule.id for each in requirements)
    return [each for each in requirements if each.rule.id in last]


def _combine(parameter: Parameter, values: Sequence[Any]) -> Value | None:
    if parameter.combine == "same":
        return values[0] if all(each == values[0] for each in values) else None
    if parameter.combine == "union":
        return frozenset().union(*values)
    if parameter.combine == "sum":
        return _sum(values)
    rank = parameter.type.rank if isinstance(parameter.type, Level) else lambda value: value
    best: Value = (max if parameter.combine == "max" else min)(values, key=rank)
    return best


def _sum(values: Sequence[Addable]) -> Value:
    result: Addable = values[0]
    for each in values[1:]:
        if isinstance(result, timedelta) and isinstance(each, timedelta):
            result += each
        elif isinstance(result, Decimal) and isinstance(each, Decimal):
            result = EXACT.add(result, each)
        elif isinstance(result, int) and isinstance(each, int):
            result += each
    return result


@attrs.frozen(eq=False)
class Due:
    """When one reason for a step is due; None while its clock stands still (`paused`), and past the end of the calendar."""

    requirement: Requirement
    at: datetime | None
    paused: bool


def finished(
    one: Draft, dues: Sequence[Due], case_id: str | None, reasons: tuple[Reason, ...], words: Words
) -> Step:
    """The step as the decision shows it; `dues` are those of its reasons, the earliest first."""
    vocabulary, situation = words.vocabulary, words.situation
    action = vocabulary.actions[one.key[0]]
    due = dues[0].at if dues else None
    timed = [each for each in one.requirements if each.effect.within is not None]
    first = (
        dues[0].requirement if due is not None else min(timed, key=lambda each: each.rule.id, default=None)
    )
    within = first.effect.within if first is not None else None
    say = next((each.effect.say for each in one.requirements if each.effect.say), action.say)
    return Step(
        step_id(case_id, one.key, len(counting_acts(action, one.key[1], situation)) + 1),
        action.name,
        one.key[1],
        action.phase or "",
        one.owner,
        due,
        str(within) if within is not None else None,
        due is not None and situation.at >= due,
        tuple(each.name for each in one.unknown),
        params(one, vocabulary, situation),
        reasons,
        words.say(say, action, one.values, due, one.key[1]),
        due is None and any(each.paused for each in dues),
    )


def params(one: Draft, vocabulary: Vocabulary, situation: Situation) -> dict[str, ParameterValue]:
    """The known parameters of a step, as the decision shows them."""
    declared = vocabulary.actions[one.key[0]].params
    return {name: _parameter(value, declared[name], situation) for name, value in one.values.items()}


def done_step(
    key: Key,
    wishes: Sequence[Requirement],
    case_id: str | None,
    reasons: tuple[Reason, ...],
    vocabulary: Vocabulary,
    situation: Situation,
) -> DoneStep | None:
    """A step that an act has retired."""
    acts = counting_acts(vocabulary.actions[key[0]], key[1], situation)
    if not acts or not wishes:
        return None
    return DoneStep(step_id(case_id, key, len(acts)), key[0], key[1], acts[-1].at, acts[-1].by.name, reasons)


def step_id(case_id: str | None, key: Key, occurrence: int) -> str | None:
    """Case / action / record / occurrence; slashes inside are written `%2F`. None without a case id."""
    if case_id is None:
        return None
    parts = [case_id, key[0], key[1] or "", str(occurrence)]
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def _parameter(value: Value, parameter: Parameter, situation: Situation) -> ParameterValue:
    if isinstance(parameter.type, Amount) and isinstance(value, Decimal):
        return Money(value, situation.currency or "")
    plain = to_plain(value)
    if isinstance(plain, list):
        return tuple(plain)
    return plain if isinstance(plain, (bool, int, str)) else str(plain)
