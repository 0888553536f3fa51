"""Shared texts of replay reports: labels of one or two policies, counts, durations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from escalation_rules.babel_formats import BabelFormats
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text.page import FAINT, Page
from escalation_rules.words.labels import Span

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

    # --- words --------------------------------------------------------------------------------------------------------

    def _what(self, kind: str, name: str) -> str:
        return self._fact(name) if kind in {"find_out", "found"} else self._action(name)

    def _action(self, name: str) -> str:
        known = [each for each in self.voices if name in each.policy.vocabulary.actions]
        return self.voice.labels.quoted((known or [self.voice])[-1].labels.action(name))

    def _fact(self, name: str) -> str:
        known = [
            each
            for each in self.voices
            if each.policy.vocabulary.declaration(name) or name in each.policy.vocabulary.records
        ]
        return self.voice.labels.quoted((known or [self.voice])[-1].labels.fact(name))

    def _count(self, number: int) -> str:
        return self.formats.plural("cases", number)

    def _both(self, counts: Sequence[int]) -> str:
        return self._either(tuple(counts), self.formats.number)

    def _either(self, values: tuple[int, ...], write: Any) -> str:
        """One value, or both if they differ."""
        texts = list(dict.fromkeys(write(each) for each in values))
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
