"""Prints an analysis: each concern with its rules and a case that shows it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import tzinfo

import attrs

from escalation_rules import Analysis, Concern, Policy
from escalation_rules.cli.reports.case_words import case_lines
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, TITLE, Page, Row

ROWS = ("analysis.rules", "compare.example", "analysis.answer", "where")


def print_analysis(
    policy: Policy, result: Analysis, *, language: str, zone: tzinfo | None, everything: bool
) -> None:
    """Print the concerns without an answer, or all with `everything`."""
    voice = Voice.of_policy(policy, language, zone)
    page = Page([voice.say("label", label=voice.say(each)) for each in ROWS], is_terminal=sys.stdout.isatty())
    _Report(page, voice, result).write(everything)
    streams.write(page.text())


@attrs.frozen
class _Report:
    page: Page
    voice: Voice
    result: Analysis

    def write(self, everything: bool) -> None:
        voice, result = self.voice, self.result
        shown = [each for each in result.concerns if everything or each.answer is None]
        for kind in dict.fromkeys(each.kind for each in shown):
            self.page.line(voice.say(f"concern.{kind}"), TITLE)
            for each in shown:
                if each.kind == kind:
                    self._concern(each)
            self.page.space()
        if result.undecided:
            self.page.line(voice.say("analysis.undecided"), TITLE)
            for each in result.undecided:
                self.page.bullet(voice.say("analysis.open", what=voice.say(f"concern.{each.kind}"),
                                           rules=voice.joined(each.rules)))  # fmt: skip
            self.page.space()
        if result.stale:
            self.page.line(voice.say("analysis.stale"), ALARM)
            for answer in result.stale:
                self.page.bullet(voice.say("analysis.open", what=voice.say(f"concern.{answer.kind}"),
                                           rules=voice.joined(answer.rules)))  # fmt: skip
                self.page.rows([self._row("where", streams.place(answer.position))])
            self.page.space()
        for line in self._last_lines(everything):
            self.page.line(line, TITLE)

    def _concern(self, concern: Concern) -> None:
        voice = self.voice
        label = (
            voice.labels.action(concern.action) if concern.action is not None else voice.joined(concern.rules)
        )
        self.page.bullet(
            voice.title(label) if label else voice.say("analysis.whole"),
            TITLE if concern.answer is None else "",
        )
        rows = [self._row("analysis.rules", voice.joined(concern.rules))] if concern.rules else []
        if (witness := concern.witness) is not None:
            example = case_lines(voice, witness.case, concern.action, witness.params)
            example.append(voice.say("compare.looked_at", at=voice.formats.instant(witness.at)))
            rows.append(self._row("compare.example", *example))
        if concern.answer is not None:
            rows.append(self._row("analysis.answer", concern.answer))
        self.page.rows(rows)

    def _last_lines(self, everything: bool) -> Iterator[str]:
        voice, result = self.voice, self.result
        within = voice.say("compare.within_all", records=str(result.records), acts=str(result.acts))
        answered = len(result.concerns) - len(result.unanswered)
        if result.clean:
            yield voice.say("analysis.clean", within=within)
        else:
            yield voice.say("analysis.not_clean", within=within)
        if not result.asked_for_gaps:
            yield voice.say("analysis.no_gaps")
        if answered and not everything:
            yield voice.formats.plural("answered", answered)

    def _row(self, label: str, *texts: str) -> Row:
        return Row.plain(self.voice.say("label", label=self.voice.say(label)), *texts)
