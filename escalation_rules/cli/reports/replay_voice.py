"""Shared texts of replay reports: labels of one or two policies, counts, durations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs

from escalation_rules.babel_formats import BabelFormats
from escalation_rules.calendar import Deadline
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text.page import FAINT, Page
from escalation_rules.values import ValueProblem, parsed
from escalation_rules.words.labels import Span, deadline_said

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@attrs.frozen
class ReplayVoice:
    """Texts about a run. Labels are those of the latest policy that has them."""

    page: Page
    voices: tuple[Voice, ...]

    @property
    def voice(self) -> Voice:
        """The voice of the newest policy."""
        return self.voices[-1]

    @property
    def compares(self) -> bool:
        """Whether two policies are compared."""
        return len(self.voices) > 1

    @property
    def formats(self) -> BabelFormats:
        """The formats of numbers and times."""
        return self.voice.formats

    def _concluded(self, fact: str, value: Any) -> str:
        """The label of a concluded value."""
        known = [voice for voice in self.voices if voice.policy.vocabulary.declaration(fact)]
        declared = known[-1].policy.vocabulary.declaration(fact) if known else None
        try:
            return (
                _shown(value)
                if declared is None
                else known[-1].labels.value(declared, declared.type.parse(value))
            )
        except ValueProblem:
            return _shown(value)

    # --- words --------------------------------------------------------------------------------------------------------

    def _what(self, kind: str, name: str) -> str:
        is_action = any(name in voice.policy.vocabulary.actions for voice in self.voices)
        return self._fact(name) if kind in {"find_out", "found"} or not is_action else self._action(name)

    def _how(
        self, kind: str, change: str, parts: Sequence[str], values: Mapping[str, Sequence[Any] | None]
    ) -> str:
        """How something differs; of a step, what about it. `values`: the old and the new value of each part."""
        say = self.voice.say
        if kind == "breach":
            return say(
                "replay.such_as",
                count=say(f"breach.{change}"),
                names=self.voice.joined([say(f"kind.{part}") for part in parts]),
            )
        if kind == "do" and change == "changed":
            named = [part for part in ("owner", "due", "params", "incomplete") if part in _as_shown(parts)]
            comma = self.voice.labels.say("punctuation.comma")
            return say("do.changed", parts=comma.join(say(f"do.{part}") for part in named))
        if list(parts) == ["wanted"]:
            was, now = values.get("wanted") or (None, None)
            key = "bar.wanted" if was is now else "bar.wanted_now" if now else "bar.wanted_no_longer"
            return say(key, said=say(f"replay.said.{kind}"))
        return say(f"{kind}.{change}")

    def _said_parts(self, values: Mapping[str, Sequence[Any]], of: str) -> str:
        """Old and new values of parts of a step or a conclusion (`of`), with their labels. A due time is said as
        the policy states it, if that was changed."""
        shown = {
            name: values[name]
            for name in _LABELS
            if name in values and not (name == "due" and "within" in values)
        }
        return self.voice.joined([
            self.voice.say("replay.measure", label=self.voice.say(_LABELS[name]), value=self._old_and_new(name, values, of))
            for name, values in shown.items()
        ])  # fmt: skip

    def _old_and_new(self, name: str, values: Sequence[Any], of: str) -> str:
        """Both values, or the one of a prohibition that only one policy has. Of parameters, those that differ."""
        if name == "params" and all(isinstance(value, Mapping) for value in values):
            return self.voice.joined([*self._parameters(values[0], values[1], of)])
        told = [value for value in values if value is not None] if name == "by" else values
        said = [self._value(name, value, of) for value in told]
        return self.voice.say("replay.both", old=said[0], new=said[1]) if len(said) > 1 else said[0]

    def _parameters(self, old: Mapping[str, Any], new: Mapping[str, Any], action: str) -> Iterator[str]:
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) != new.get(key):
                said = [self._parameter(action, key, params.get(key)) for params in (old, new)]
                both = self.voice.say("replay.both", old=said[0], new=said[1])
                yield self.voice.say("parameter", label=self._label(action, key), value=both)

    def _label(self, action: str, parameter: str) -> str:
        return self._knowing(action).labels.parameter(action, parameter)

    def _parameter(self, action: str, name: str, value: Any) -> str:
        """The value of a parameter as people write it."""
        declared = self._knowing(action).policy.vocabulary.actions.get(action)
        if value is None or declared is None or name not in declared.params:
            return self.voice.say("absent") if value is None else _shown(value)
        try:
            currency = value.get("currency") if isinstance(value, Mapping) else None
            found = parsed(value, declared.params[name].type, currency)
        except ValueProblem:
            return _shown(value)
        if isinstance(found, Decimal):
            return self.formats.amount(found, currency)
        return self._knowing(action).labels.value(declared.params[name], found)

    def _value(self, name: str, value: Any, of: str) -> str:
        if value in (None, "", [], {}):
            return self.voice.say("anybody" if name == "by" else "absent")
        if name == "due":
            return self.formats.deadline(datetime.fromisoformat(value))
        if name == "within":
            return deadline_said(Deadline.parse(value), "", self.voice.language, self.voice.formats)
        if name == "owner":
            return self.voice.labels.role(value)
        if name == "by":
            return self.voice.labels.listed([self.voice.labels.role(role) for role in value])
        if name == "value":
            return self._concluded(of, value)
        if isinstance(value, Mapping):
            return self.voice.joined([f"{key} {_shown(amount)}" for key, amount in value.items()])
        return _shown(value)

    def _action(self, name: str) -> str:
        return self.voice.labels.quoted(self._knowing(name).labels.action(name))

    def _knowing(self, action: str) -> Voice:
        """The newest policy that has an action."""
        known = [voice for voice in self.voices if action in voice.policy.vocabulary.actions]
        return (known or [self.voice])[-1]

    def _fact(self, name: str) -> str:
        known = [
            voice
            for voice in self.voices
            if voice.policy.vocabulary.declaration(name) or name in voice.policy.vocabulary.records
        ]
        return self.voice.labels.quoted((known or [self.voice])[-1].labels.fact(name))

    def _count(self, number: int) -> str:
        return self.formats.plural("cases", number)

    def _both(self, counts: Sequence[int]) -> str:
        return self._either(tuple(counts), self.formats.number)

    def _either(self, values: tuple[int, ...], write: Any) -> str:
        """One value, or both if they differ."""
        texts = list(dict.fromkeys(write(value) for value in values))
        return self.voice.say("replay.both", old=texts[0], new=texts[1]) if len(texts) > 1 else str(texts[0])

    def _length(self, seconds: int) -> str:
        """A duration in words: from two days in days, else in hours or minutes."""
        if seconds < _MINUTE:
            return self.voice.say("replay.less_than")
        for unit, size, least in (
            ("day", _DAY, 2 * _DAY),
            ("hour", _HOUR, 2 * _HOUR),
            ("minute", _MINUTE, _MINUTE),
        ):
            if seconds >= least:
                return self.formats.span(Span(round(seconds / size), unit))
        return ""

    def _rest(self, number: int) -> None:
        if number > 0:
            self.page.line("  " + self.formats.plural("more_changes", number), FAINT)


_LABELS = {
    "owner": "who",
    "within": "due",
    "due": "due",
    "params": "with",
    "incomplete": "needs",
    "by": "by",
    "value": "found",
}


def _as_shown(parts: Sequence[str]) -> set[str]:
    """The parts of a step that people tell apart: a deadline is one of them."""
    return {"due" if part == "within" else "params" if part == "apart" else part for part in parts}


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):  # an amount
        return " ".join(str(amount) for amount in value.values())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
