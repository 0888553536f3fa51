"""Terms about the times of a step: that it has begun to count, that it would be back, that it has lapsed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from escalation_rules.calendar import Deadline, Duration
from escalation_rules.policy.model import Aim, LearnedAnchor, NameAnchor, Recommend, Rule
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene_terms import YES, Term, conj, disj
from escalation_rules.solving.search import Frame
from escalation_rules.solving.subjects import Subject
from escalation_rules.solving.symbols import Quantity, Slot
from escalation_rules.tools.compare.policies import NEW, OLD, Policies

_SOON = 2 * 60 * 60
_DAY = 24 * 60 * 60
_APART = 4 * _DAY
Ago = tuple[int, int | None]
"""At least so many seconds ago, and at most so many."""
BEGINNING = frozenset({"anchor", "before"})
STOPPING = frozenset({"paused_while", "paused_always_while"})


def in_time(
    policies: Policies, frame: Frame, subject: Subject, fields: frozenset[str]
) -> Iterator[list[Term]]:
    """Alternatives that show a step whose times are stated differently in these fields: its clock runs, or is stopped."""
    begun = lately_begun(policies, frame, subject)
    if fields & STOPPING:
        yield [*begun, disj(*_stopped(policies, frame, subject))]
    if "escalates" in fields:
        names = {name for _, rule, _ in _effects(policies, subject) for name in rule.escalates}
        encoder = frame.encoders[NEW]
        yield [
            *begun,
            disj(*(encoder.anywhere(rule).yes for rule in encoder.model.rules if rule.id in names)),
        ]
    if fields & BEGINNING and begun:
        yield from _begun_apart(policies, frame, subject)
        yield begun


def _begun_apart(policies: Policies, frame: Frame, subject: Subject) -> Iterator[list[Term]]:
    """That the instants are known from which the times of a step count, and that two of them are apart: by days, else at all.
    The same length counted from the same day may end at the same time."""
    found = {quantity.term.get_id(): quantity for quantity in _begins(policies, frame, subject)}
    known = [quantity.given for quantity in found.values()]
    pairs = [(one.term, other.term) for one, other in permutations(found.values(), 2)]
    for least in (_APART, 1) if pairs else ():
        yield [*known, disj(*(one - other >= least for one, other in pairs))]


def _stopped(policies: Policies, frame: Frame, subject: Subject) -> Iterator[Term]:
    """That a condition holds that stops the clock of the step."""
    for whose, rule, effect in _effects(policies, subject):
        encoder, model = frame.encoders[whose], policies.models[whose]
        pause, listed = model.pauses.get(effect.action), model.scope_of(effect.action)
        if effect.paused_while is not None:
            for slot in _slots(encoder, subject, rule, effect.aim):
                yield encoder.truth(effect.paused_while, () if slot is None else (slot,)).yes
        # It may be for each record, and this step about none.
        if pause is not None and listed in (None, subject.to):
            yield encoder.truth(pause, () if listed is None else encoder.symbols.records(listed)[:1]).yes


def lately_begun(policies: Policies, frame: Frame, subject: Subject) -> list[Term]:
    """That the instants are known, and recent, from which the times of a step count."""
    return [conj(quantity.given, is_recent(quantity)) for quantity in _begins(policies, frame, subject)]


def begun_before(policies: Policies, frame: Frame, subject: Subject, ago: Ago) -> Term:
    """That the instants from which a step counts are so long ago."""
    return conj(
        *(
            conj(quantity.given, _is_ago(quantity.term, *ago))
            for quantity in _begins(policies, frame, subject)
        )
    )


def done_before(frame: Frame, subject: Subject, ago: Ago) -> Term:
    """That the step was done so long ago."""
    encoder = frame.encoders[OLD]
    about = frame.symbols.records(subject.to)[0] if subject.to else None
    counts = frozenset(encoder.model.vocabulary.actions[subject.action].counts)
    return disj(
        *(
            conj(_is_ago(act.at, *ago), encoder.acts.counts(act, subject.action, counts, about))
            for act in frame.symbols.acts
        )
    )


def span(frame: Frame, short: Duration, long: Duration | None) -> Ago:
    """A span of seconds after the end of a shorter time, and before that of a longer one."""
    first = _seconds(frame, short)
    if long is None or not long.is_elapsed:
        return first, None
    return first, int(long.as_timedelta().total_seconds()) - 1


def shorter(one: Duration | None, other: Duration | None) -> bool:
    """Whether a time ends before another one; None never ends."""
    if one is None or other is None:
        return one is not None
    return _length(one) < _length(other)


def _length(length: Duration) -> int:
    days = {"working_day": _DAY, "working_hour": 3 * 60 * 60}
    if length.is_elapsed:
        return int(length.as_timedelta().total_seconds())
    return length.amount * days.get(length.unit, _DAY)


def _seconds(frame: Frame, length: Duration) -> int:
    if length.is_elapsed:
        return int(length.as_timedelta().total_seconds())
    return frame.encoders[NEW].tests.at_most(Deadline(length))


def instants(frame: Frame) -> list[Quantity]:
    """The instants of a case."""
    quantities = (*frame.symbols.facts.values(), *frame.symbols.fields.values())
    return [quantity for quantity in quantities if quantity.kind == "instant"]


def is_recent(instant: Quantity) -> Term:
    """That an instant is within the last two hours."""
    return _is_ago(instant.term, 0, _SOON)


def _is_ago(moment: Term, least: int, most: int | None) -> Term:
    return conj(moment <= -least, YES if most is None else moment >= -most)


def _begins(policies: Policies, frame: Frame, subject: Subject) -> Iterator[Quantity]:
    """The facts and fields from which the times of a step count."""
    for whose, rule, effect in _effects(policies, subject):
        encoder, vocabulary = frame.encoders[whose], policies.models[whose].vocabulary
        anchor = effect.anchor.otherwise if isinstance(effect.anchor, LearnedAnchor) else effect.anchor
        if isinstance(anchor, NameAnchor):
            if not anchor.name.fact.concluded:
                for slot in _slots(encoder, subject, rule, effect.aim):
                    yield encoder.quantity(anchor.name, () if slot is None else (slot,))
        elif effect.anchor is None and (named := vocabulary.actions[subject.action].anchor) is not None:
            head, _, field = named.partition(".")
            listed = vocabulary.records.get(subject.to)
            if named in vocabulary.facts:
                yield frame.symbols.fact(vocabulary.facts[named])
            elif listed is not None and listed.each == head:
                yield frame.symbols.field(frame.symbols.records(subject.to)[0], listed.fields[field])


def _effects(policies: Policies, subject: Subject) -> Iterator[tuple[int, Rule, Recommend]]:
    for whose in (OLD, NEW):
        for rule, effect in policies.effects_of(whose, subject):
            if isinstance(effect, Recommend):
                yield whose, rule, effect


def _slots(encoder: Encoder, subject: Subject, rule: Rule, aim: Aim) -> tuple[Slot | None, ...]:
    """The record that the step is about, or all that the rule is about."""
    return (
        encoder.slots(rule)[:1]
        if aim.target == "record" and rule.for_each == subject.to
        else encoder.slots(rule)
    )
