"""Builds steps from recommendations: reasons are united, the earliest due time counts, parameters are combined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs

from escalation_rules.calendar import Deadline
from escalation_rules.decision import DoneStep, ParameterValue, Reason, Step
from escalation_rules.engine.combining import combined, deciding
from escalation_rules.engine.reached import rest
from escalation_rules.engine.recommendations import Key, Recommendation, Start, acts_for, text_of
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.engine.slots import Words
from escalation_rules.policy.conditions import Act, Need, RecordView, Situation, step_record
from escalation_rules.policy.vocabulary import Action, Parameter, Vocabulary
from escalation_rules.texts import Text
from escalation_rules.values import Amount, Enumerated, Money, Party, Value, to_plain


@attrs.frozen
class Unknown:
    """An unknown parameter, and what each rule that sets it waits for."""

    name: str
    waiting: tuple[tuple[str, tuple[Need, ...]], ...]


@attrs.frozen(eq=False)
class Draft:
    """A wanted step, before prohibitions are applied. `open` are parameters without a value."""

    key: Key
    recommendations: tuple[Recommendation, ...]
    owner: str | None
    values: dict[str, Value]
    unknown: tuple[Unknown, ...]
    conflicts: tuple[str, ...]
    open: frozenset[str]

    @property
    def doer(self) -> Party | None:
        """The doer, if stated."""
        return Party(self.owner, self.owner) if self.owner is not None else None

    def as_record(self) -> RecordView:
        """The parameters as a record, for the `where` of a prohibition."""
        return step_record(self.values, self.open)


def draft(
    key: Key, recommendations: Sequence[Recommendation], rule_index: RuleIndex, situation: Situation
) -> Draft:
    """Combine recommendations into one step. If they differ, the rule with precedence decides.

    Of amounts to be reached, the remainder is used, after the acts since the first anchor.
    """
    action = rule_index.model.vocabulary.actions[key.action]
    owning = [recommendation for recommendation in recommendations if recommendation.effect.owner is not None]
    owners = sorted(
        {recommendation.effect.owner or "" for recommendation in deciding(owning, rule_index.precedence)}
    )
    acts = acts_for(key, action, situation) if action.reached else []
    since = [act for act in acts if any(recommendation.counts(act) for recommendation in recommendations)]
    values: dict[str, Value] = {}
    unknown: list[Unknown] = []
    conflicts = ["owner"] if len(owners) > 1 else []
    for name, parameter in sorted(action.params.items()):
        found = combined(parameter, recommendations, rule_index.precedence, situation)
        if found.conflict:
            conflicts.append(name)
        elif found.waiting:
            unknown.append(Unknown(name, found.waiting))
        elif found.value is not None:
            values[name] = rest(parameter, found.value, since)
        elif not found.stated:
            carried = [
                recommendation.carried[name]
                for recommendation in recommendations
                if name in recommendation.carried
            ]
            values |= {name: carried[0]} if carried and all(value == carried[0] for value in carried) else {}
    doers = sorted(
        recommendation.doer for recommendation in recommendations if recommendation.doer is not None
    )
    owner = owners[0] if owners else doers[0] if doers else action.owner
    left = frozenset(action.params.keys() - values.keys())
    return Draft(key, tuple(recommendations), owner, values, tuple(unknown), tuple(conflicts), left)


@attrs.frozen(eq=False)
class Due:
    """The due time of one reason. None while its clock is stopped (`paused`), or beyond the calendar's end.

    It counts from `begin`, and `stopped` says whether the clock ever stood still; `start` is the time as the rule states it.
    """

    recommendation: Recommendation
    at: datetime | None
    paused: bool
    start: Start
    begin: datetime
    stopped: bool = False


def finished(
    one: Draft,
    dues: Sequence[Due],
    case_id: str | None,
    reasons: tuple[Reason, ...],
    tested: Iterable[str],
    words: Words,
) -> Step:
    """The step as shown in the decision. `dues` are those of its reasons, earliest first.

    `tested` are parameters without a value that affect whether the step may be done.
    """
    vocabulary, situation = words.vocabulary, words.situation
    action = vocabulary.actions[one.key.action]
    due = dues[0].at if dues else None
    within = dues[0].recommendation.effect.within if due is not None else _shortest(one.recommendations)
    return Step(
        step_id(case_id, one.key, action, _times(acts_for(one.key, action, situation)) + 1),
        action.name,
        one.key.about,
        action.phase or "",
        one.owner,
        due,
        str(within) if within is not None else None,
        is_overdue(due, situation),
        tuple(sorted({unknown.name for unknown in one.unknown} | {*tested})),
        params(one, vocabulary, situation),
        reasons,
        words.say(_say(one, action), action, one.values, due, one.key.about),
        due is None and any(open_due.paused for open_due in dues),
        say_to=_say_to(one, action),
    )


def is_overdue(due: datetime | None, situation: Situation) -> bool:
    """Whether a step that is due then is overdue now: from the instant itself on. Without a due time the clock is not
    read, so that the answer can be cached for other instants."""
    return due is not None and situation.at >= due


def _shortest(recommendations: Iterable[Recommendation]) -> Deadline | None:
    stated = [
        (recommendation.effect.within, recommendation.rule.id)
        for recommendation in recommendations
        if recommendation.effect.within is not None
    ]
    return min(stated, key=lambda pair: (pair[0].nominal, pair[1]), default=(None, ""))[0]


def _say(one: Draft, action: Action) -> Text:
    return next(
        (recommendation.effect.say for recommendation in one.recommendations if recommendation.effect.say),
        action.say,
    )


def _say_to(one: Draft, action: Action) -> str | None:
    """Whom the wording of `_say` is for."""
    stated = next(
        (recommendation.effect.say_to for recommendation in one.recommendations if recommendation.effect.say),
        None,
    )
    return stated or action.say_to


def params(one: Draft, vocabulary: Vocabulary, situation: Situation) -> dict[str, ParameterValue]:
    """The known parameters of a step, as shown in the decision."""
    declared = vocabulary.actions[one.key.action].params
    return {name: parameter_shown(value, declared[name], situation) for name, value in one.values.items()}


def done_step(
    key: Key,
    recommendations: Sequence[Recommendation],
    case_id: str | None,
    reasons: tuple[Reason, ...],
    vocabulary: Vocabulary,
    situation: Situation,
) -> DoneStep | None:
    """A step that was done by an act; None if there is no such act."""
    action = vocabulary.actions[key.action]
    acts = acts_for(key, action, situation)
    if not acts or not recommendations:
        return None
    apart = {
        name: parameter_shown(value, action.params[name], situation)
        for name, value in key.apart
        if value is not None
    }
    return DoneStep(
        step_id(case_id, key, action, _times(acts)),
        key.action,
        key.about,
        acts[-1].at,
        acts[-1].by.name,
        reasons,
        apart,
    )


def _times(acts: Iterable[Act]) -> int:
    """The number of times something was done. Acts at the same instant count once, so that duplicates do not change ids."""
    return len({act.at for act in acts})


def step_id(case_id: str | None, key: Key, action: Action, occurrence: int) -> str | None:
    """The id of a step: case / action / record / occurrence, with the distinguishing values before the
    occurrence (`?` if unknown, empty if not stated). Slashes inside parts are escaped as `%2F`. None without
    a case id."""
    if case_id is None:
        return None
    parts = [
        *map(_quoted, (case_id, key.action, key.about or "")),
        *_apart_in_id(key, action),
        str(occurrence),
    ]
    return "/".join(parts)


NO_CASE = ""
"""The case id used in the cache. Ids of steps then begin with the slash after the case id."""


_StepOfNone = tuple[type[Step | DoneStep], dict[str, Any], str, str | None]


@attrs.frozen(eq=False)
class AnyCase:
    """Steps independent of a case: each with the ends of its id and of the id that it is part of."""

    steps: tuple[_StepOfNone, ...]

    @classmethod
    def of(cls, steps: Sequence[Step | DoneStep]) -> AnyCase:
        """Create from steps that were made for the case id `""`, whose ids consist of the end only."""
        return cls(
            tuple((type(step), vars(step), step.id or "", getattr(step, "part_of", None)) for step in steps)
        )

    def of_case(self, case_id: str | None) -> tuple[Step | DoneStep, ...]:
        """The steps for a case with this id."""
        head = None if case_id is None else _quoted(case_id)
        return tuple([_copied(parts, head) for parts in self.steps])

    def step_of_case(self, case_id: str | None) -> Step:
        """The one step that it holds, of a case with this id."""
        step = _copied(self.steps[0], None if case_id is None else _quoted(case_id))
        if not isinstance(step, Step):
            raise TypeError("this is not a step to do")
        return step


def _copied(step: _StepOfNone, head: str | None) -> Step | DoneStep:
    kind, said, end, leading = step
    made = object.__new__(kind)
    own = made.__dict__
    own.update(said)
    own["id"] = None if head is None else head + end
    if leading is not None:
        own["part_of"] = None if head is None else head + leading
    return made


def apart_order(key: Key, action: Action) -> tuple[tuple[int, Any], ...]:
    """Sort key of a step among those of its action and record: by distinguishing parameters, unstated ones first."""
    said = dict(key.apart)
    return tuple(_order(action.params[name], said.get(name), name in said) for name in action.apart)


def _order(parameter: Parameter, value: Value | None, stated: bool) -> tuple[int, Any]:
    if value is None:
        return int(stated), 0
    of = parameter.type
    if isinstance(of, Enumerated):
        return 2, of.names.index(str(value))
    return 2, value if of.ordered else text_of(value)


def _quoted(part: str) -> str:
    return part.replace("%", "%25").replace("/", "%2F")


def _apart_in_id(key: Key, action: Action) -> Iterator[str]:
    said = dict(key.apart)
    for name in action.apart:
        known = said.get(name)
        yield _quoted(text_of(known)).replace("?", "%3F") if known is not None or name not in said else "?"


def parameter_shown(value: Value, parameter: Parameter, situation: Situation) -> ParameterValue:
    """The value of a parameter, as shown in decisions."""
    if isinstance(parameter.type, Amount) and isinstance(value, Decimal):
        return Money(value, situation.currency or "")
    plain = to_plain(value)
    if isinstance(plain, list):
        return tuple(plain)
    return plain if isinstance(plain, (bool, int, str)) else str(plain)
