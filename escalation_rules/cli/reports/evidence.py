"""Renders the tests of a rule in words: their current values, and the values needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from escalation_rules.cli.reports.speaker import Speaker
from escalation_rules.decision import AtomView, RuleView, Seen
from escalation_rules.policy.conditions import (
    AllOf,
    AnyOf,
    Condition,
    FactTest,
    GivenTest,
    NoneOf,
    Not,
    RecordCondition,
    StepTest,
)
from escalation_rules.policy.conditions.acts import Done, NothingDoneFor
from escalation_rules.policy.conditions.operators import Equals
from escalation_rules.values import Party, ValueProblem
from escalation_rules.words.catalogue import flag

LONGEST = 60
"""The maximum length in characters of a case's text that is shown as a value."""

_TIMES = ("due", "holds_from")

Found = Sequence[tuple[Condition, bool]]


@attrs.frozen
class Evidence:
    """Renders the tests of rules."""

    speaker: Speaker

    def wishes(self, view: RuleView) -> list[str]:
        """What would have to change for the rule to apply, with the current values."""
        return [self._wish(view, atom) for atom in _telling(view.in_the_way)]

    def facts(self, view: RuleView, *, brief: bool) -> list[str]:
        """The tests with their current values. `brief`: only the deciding tests if the rule applies,
        otherwise the open ones."""
        atoms = [atom for atom in view.atoms if atom not in _as_seen(view.in_the_way)]
        if brief and view.standing == "holds":
            atoms = self._decisive(view)
        elif brief:
            atoms = [atom for atom in view.atoms if atom.truth is None]
        return list(dict.fromkeys(self._fact(view, atom) for atom in atoms))

    def deciders(self, view: RuleView) -> list[str]:
        """The rules that decide the conclusions among the tests in the way."""
        names = {seen.name for atom in view.in_the_way for seen in atom.seen}
        rules = self.speaker.policy.model.rules
        return [rule.id for rule in rules if any(conclusion.name in names for conclusion in rule.concludes)]

    def sentence(self, view: RuleView, atom: AtomView) -> str:
        """A test in words, as it is written."""
        return self._sentence(view, atom, truth=True)

    def _wish(self, view: RuleView, atom: AtomView) -> str:
        text = self._sentence(view, atom, bool(atom.wanted))
        if not atom.seen or (isinstance(atom.condition, GivenTest) and atom.wanted):
            return text
        if isinstance(atom.condition, StepTest):
            return self._about_steps(atom, text)
        if all(reading.value is None for reading in atom.seen):
            return self.speaker.say("open", text=text)
        if _is_about_acts(atom):
            return text
        return self.speaker.say(
            "namely" if _is_about_time(atom) else "now", text=text, value=self._values(atom)
        )

    def _fact(self, view: RuleView, atom: AtomView) -> str:
        text = self._sentence(view, atom, atom.truth is not False)
        if atom.truth is None:
            return self.speaker.say("open", text=text)
        if isinstance(atom.condition, StepTest):
            return self._about_steps(atom, text)
        return text if _says_all(atom) else self.speaker.say("namely", text=text, value=self._values(atom))

    def _about_steps(self, atom: AtomView, text: str) -> str:
        """A test on open steps, with their due times and, if it does not hold yet, from when it will."""
        names = atom.condition.acts.actions if isinstance(atom.condition, StepTest) else ()
        parts = [
            self._open_step(reading, atom.truth is True) for reading in atom.seen if reading.name in names
        ]
        return self.speaker.say("namely", text=text, value=self.speaker.joined(parts)) if parts else text

    def _open_step(self, seen: Seen, holds: bool) -> str:
        speaker = self.speaker
        if seen.value is None:
            return speaker.say("no_open_step", step=speaker.action(seen.name, None))
        due, begin = (datetime.fromisoformat(seen.value[key] or seen.value["due"]) for key in _TIMES)
        step, time = speaker.action(seen.name, seen.about), speaker.formats.deadline(due)
        if holds or begin == due:
            return speaker.say("open_step", step=step, due=time)
        return speaker.say("open_step_from", step=step, due=time, since=speaker.formats.instant(begin))

    def _sentence(self, view: RuleView, atom: AtomView, truth: bool) -> str:
        if atom.condition is None:  # the explanation was read from plain data
            return json.dumps(atom.test, ensure_ascii=False)
        rule = self.speaker.policy.model.rule(view.rule)
        scope = rule.for_each if rule is not None and atom.part != "applies_while" else None
        condition = atom.condition if truth else Not((atom.condition,))
        return self.speaker.wording.sentence(condition, scope)

    def _decisive(self, view: RuleView) -> list[AtomView]:
        """The tests that make the rule apply; with alternatives, those of the shortest."""
        rule = self.speaker.policy.model.rule(view.rule)
        atoms = {
            atom.condition: atom for atom in view.atoms if atom.part == "when" and atom.condition is not None
        }
        if rule is None or rule.when is None:
            return []
        found = _reasons(rule.when, True, {condition: atom.truth for condition, atom in atoms.items()})
        return [atoms[condition] for condition, _ in found] if found is not None else list(atoms.values())

    # --- values -------------------------------------------------------------------------------------------------------

    def _values(self, atom: AtomView) -> str:
        if len(atom.seen) == 1:
            return self._value(atom, atom.seen[0])
        label = self.speaker.labels.fact
        parts = [
            self.speaker.say("parameter", label=label(reading.name), value=self._value(atom, reading))
            for reading in atom.seen
        ]
        return self.speaker.joined(parts)

    def _value(self, atom: AtomView, seen: Seen) -> str:
        speaker, value = self.speaker, seen.value
        if value is None:
            return speaker.say("not_known")
        if isinstance(atom.condition, RecordCondition):
            records = [speaker.short_record(record, listed=seen.name) for record in value]
            return speaker.few(records) if records else speaker.say("no_record")
        declared = speaker.policy.vocabulary.declaration(seen.name)
        if isinstance(value, bool):
            return flag(value, speaker.language)
        if declared is None:
            return str(value)
        try:
            known = declared.type.parse(_number(value) if declared.type.kind == "amount" else value)
        except ValueProblem:
            return str(value)
        if isinstance(known, Party) and known.role is None:
            return speaker.record_of("parties", known.name)
        text = speaker.labels.value(declared, known)
        short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        return speaker.labels.quoted(short) if declared.type.quoted else short


def _number(value: object) -> object:
    return Decimal(value) if isinstance(value, str) else value


def _as_seen(atoms: Iterable[AtomView]) -> list[AtomView]:
    """The tests in the way, as they are without the change."""
    return [attrs.evolve(atom, wanted=None) for atom in atoms]


def _telling(atoms: Sequence[AtomView]) -> list[AtomView]:
    """The tests, without "is known" tests that others imply."""

    def names(atom: AtomView) -> set[tuple[str, str | None]]:
        return {(reading.name, reading.about) for reading in atom.seen}

    others = [names(atom) for atom in atoms if not isinstance(atom.condition, GivenTest)]
    return [
        atom
        for atom in atoms
        if not (isinstance(atom.condition, GivenTest) and any(names(atom) <= other for other in others))
    ]


def _is_about_acts(atom: AtomView) -> bool:
    """Whether it tests acts. The only value it reads is then the instant from which acts count."""
    return isinstance(atom.condition, (Done, NothingDoneFor))


def _is_about_time(atom: AtomView) -> bool:
    """Whether it tests an instant, whose value need not be shown again."""
    condition = atom.condition
    return isinstance(condition, FactTest) and condition.name.fact.type.kind == "instant"


def _says_all(atom: AtomView) -> bool:
    """Whether the sentence already contains the value."""
    condition = atom.condition
    if not atom.seen or _is_about_acts(atom):
        return True
    if isinstance(condition, GivenTest):
        return atom.truth is not condition.wanted or not condition.wanted
    if isinstance(condition, FactTest):
        is_flag = condition.name.fact.type.kind == "flag"
        return is_flag or (isinstance(condition.operator, Equals) and atom.truth is True)
    return False


def _reasons(condition: Condition, wanted: bool, truths: Mapping[Condition, bool | None]) -> Found | None:
    """The smallest set of tests whose truth makes the condition true (or false, as `wanted`); None if there is none."""
    if condition in truths:
        return [(condition, wanted)] if truths[condition] is wanted else None
    if isinstance(condition, Not):
        return _reasons(condition.conditions[0], not wanted, truths)
    if not isinstance(condition, (AllOf, AnyOf, NoneOf)):
        return None
    inner = wanted is not isinstance(condition, NoneOf)
    parts = [_reasons(test, inner, truths) for test in condition.conditions]
    known = [part for part in parts if part is not None]
    if wanted is isinstance(condition, AnyOf):
        return min(known, key=len, default=None)
    return [pair for part in known for pair in part] if len(known) == len(parts) else None
