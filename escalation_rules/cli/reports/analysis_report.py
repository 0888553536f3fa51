"""Prints an analysis: each concern with its rules and a case that shows it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

import attrs

from escalation_rules import Analysis, Answer, Concern, Policy
from escalation_rules.cli.reports.case_words import case_lines
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, TITLE, Page, Row
from escalation_rules.tools.analysis.result import gone, instead

if TYPE_CHECKING:
    from escalation_rules.tools.analysis.near import Near

ROWS = (
    "analysis.rules", "compare.example", "analysis.blocked", "analysis.near", "analysis.asks", "analysis.answer", "analysis.gone",
    "analysis.instead", "where",
)  # fmt: skip


def print_analysis(
    policy: Policy,
    result: Analysis,
    *,
    language: str,
    zone: tzinfo | None,
    everything: bool,
    gaps_in: str | None = None,
    most: int,
) -> None:
    """Print the concerns without an answer, or all with `everything`. `gaps_in`: the only cases that were looked into;
    `most`: how many gaps can be shown."""
    voice = Voice.of_policy(policy, language, zone)
    page = Page([voice.say("label", label=voice.say(row)) for row in ROWS], is_terminal=sys.stdout.isatty())
    _Report(page, voice, result, gaps_in, most).write(everything)
    streams.write(page.text())


@attrs.frozen
class _Report:
    page: Page
    voice: Voice
    result: Analysis
    gaps_in: str | None
    most: int

    def write(self, everything: bool) -> None:
        voice, result = self.voice, self.result
        everything = everything or self.gaps_in is not None
        shown = [concern for concern in result.concerns if everything or concern.answer is None]
        for kind in dict.fromkeys(concern.kind for concern in shown):
            self.page.line(self._kind(kind), TITLE)
            told: list[Concern] = []
            for concern in (one for one in shown if one.kind == kind):
                if concern.rules and any(concern.rules == one.rules for one in told):
                    continue  # it is told with the other actions of these rules
                told.append(concern)
                self._concern(
                    concern, [one for one in shown if (one.kind, one.rules) == (kind, concern.rules)]
                )
            if kind == "gap":
                self._are_all()
            self.page.space()
        undecided = [concern for concern in result.undecided if everything or concern.answer is None]
        if undecided:
            self.page.line(voice.say("analysis.undecided"), TITLE)
            for concern in undecided:
                self.page.bullet(self._named(concern))
                self.page.rows(
                    [] if concern.answer is None else [self._row("analysis.answer", concern.answer)]
                )
            self.page.space()
        if result.not_examined:
            self.page.line(voice.say("analysis.not_examined"), TITLE)
            for kind, count in Counter(concern.kind for concern in result.not_examined).items():
                what = voice.say(f"concern.{kind}")
                self.page.bullet(
                    what if kind == "gap" else voice.say("analysis.open", what=what, rules=str(count))
                )
            self.page.space()
        if result.stale:
            self.page.line(voice.say("analysis.stale"), ALARM)
            for answer in result.stale:
                self.page.bullet(self._named(answer))
                self.page.rows(
                    [*self._what_changed(answer), self._row("where", streams.place(answer.position))]
                )
            self.page.space()
        for line in self._last_lines(everything):
            self.page.line(line, TITLE)

    def _kind(self, kind: str) -> str:
        """The title of a kind of concern."""
        if kind == "gap" and self.result.steps_of is not None:
            return self.voice.say("analysis.no_steps_of", name=self.result.steps_of)
        return self.voice.say(f"concern.{kind}")

    def _concern(self, concern: Concern, alike: Sequence[Concern]) -> None:
        """Write a concern, with the actions of all that are about the same rules, and the case of the first one."""
        voice = self.voice
        titles = (
            voice.joined(list(dict.fromkeys(map(self._title, alike))))
            if concern.rules
            else self._title(concern)
        )
        self.page.bullet(titles, TITLE if concern.answer is None else "")
        rows = [self._row("analysis.rules", voice.joined(concern.rules))] if concern.rules else []
        if (witness := concern.witness) is not None:
            example = case_lines(voice, witness.case, concern.action, witness.params)
            example.append(voice.say("compare.looked_at", at=voice.formats.instant(witness.at)))
            rows.append(self._row("compare.example", *example))
        if concern.blocked:
            actions = [voice.title(voice.labels.action(action)) for action in concern.blocked]
            rows.append(self._row("analysis.blocked", voice.joined(actions)))
        if concern.near:
            rows.append(self._row("analysis.near", *(self._near(near_rule) for near_rule in concern.near)))
        if concern.asks:
            rows.append(
                self._row("analysis.asks", voice.few([voice.labels.fact(fact) for fact in concern.asks]))
            )
        if concern.answer is not None:
            rows.append(self._row("analysis.answer", concern.answer))
        self.page.rows(rows)

    def _named(self, found: Concern | Answer) -> str:
        """A kind of concern with its rules, if it has any, or what it was asked for."""
        if isinstance(found, Concern) and found.among is not None:
            return self._among(found.among)
        kind = self.voice.say(f"concern.{found.kind}")
        rules = self.voice.joined(found.rules)
        return self.voice.say("analysis.open", what=kind, rules=rules) if rules else kind

    def _what_changed(self, answer: Answer) -> Iterator[Row]:
        """About which rules there is no such concern any more, and what is found about them instead."""
        voice = self.voice
        if answer.rules:
            yield self._row("analysis.gone", voice.joined(gone(self.result, answer)))
        found = [voice.say("analysis.open", what=voice.say(f"concern.{concern.kind}"), rules=self._title(concern))
                   for concern in instead(self.result, answer)]  # fmt: skip
        if found:
            yield self._row("analysis.instead", *found)

    def _title(self, concern: Concern) -> str:
        voice = self.voice
        if concern.among is not None:
            return self._among(concern.among)
        if concern.kind == "gap":
            return voice.say("analysis.only_questions" if concern.asks else "analysis.no_step")
        if concern.action is not None:
            return voice.title(voice.labels.action(concern.action))
        return voice.joined(concern.rules) or voice.say("analysis.whole")

    def _among(self, name: str) -> str:
        """The list or flag for which it was asked whether there is a step."""
        labels = self.voice.labels
        is_list = name in self.voice.policy.vocabulary.records
        return self.voice.title(labels.records(name) if is_list else labels.fact(name))

    def _near(self, near: Near) -> str:
        voice = self.voice
        rule = next(candidate for candidate in voice.policy.model.rules if candidate.id == near.rule)
        condition = voice.wording.sentence(near.but_for, rule.for_each)
        return voice.say("analysis.near_except" if near.is_exception else "analysis.near_needs", rule=rule.id,
                         condition=condition)  # fmt: skip

    def _are_all(self) -> None:
        """Say whether the gaps are all that there are. Of a list or a flag, one is shown."""
        if any(concern.among is not None for concern in self.result.concerns):
            return
        voice, shown = self.voice, [concern for concern in self.result.unanswered if concern.kind == "gap"]
        if self.result.all_gaps_shown and any(not concern.asks for concern in shown):
            self.page.line(voice.say("analysis.all_gaps"))
        elif not self.result.all_gaps_shown:
            self.page.line(voice.say("analysis.more_gaps", count=str(len(shown)), most=str(self.most)))

    def _last_lines(self, everything: bool) -> Iterator[str]:
        voice, result = self.voice, self.result
        within = voice.say("compare.within_all", records=str(result.records), acts=str(result.acts))
        answered = sum(concern.answer is not None for concern in (*result.concerns, *result.undecided))
        if result.not_examined:
            yield voice.say("analysis.in_part", within=within)
        elif result.steps_of is not None:
            yield from self._steps_of(result.steps_of, within)
            return
        elif result.clean:
            yield voice.say("analysis.clean", within=within)
        elif not result.unanswered and not result.stale:
            yield voice.say("analysis.not_decided", within=within)
        else:
            yield voice.say("analysis.not_clean", within=within)
        if self.gaps_in is not None:
            if not any(
                concern.kind == "gap"
                for concern in (*result.concerns, *result.undecided, *result.not_examined)
            ):
                yield voice.say("analysis.no_gap")
                if len(voice.policy.layers) > 1:
                    yield voice.say("analysis.all_layers")
            yield voice.say("analysis.gaps_in", cases=self.gaps_in)
        if not result.asked_for_gaps:
            yield voice.say("analysis.no_gaps")
        if answered and not everything:
            yield voice.formats.plural("answered", answered)

    def _steps_of(self, name: str, within: str) -> Iterator[str]:
        """What was asked of the rules of one origin, and whether a case without a step was found."""
        voice, result = self.voice, self.result
        among = self.gaps_in is None
        if not result.concerns:
            key = (
                "analysis.not_decided"
                if result.undecided
                else "analysis.each_has"
                if among
                else "analysis.such_has"
            )
            yield voice.say(key, name=name, within=within)
        yield voice.say(
            "analysis.counted_among" if among else "analysis.counted", name=name, cases=self.gaps_in or ""
        )

    def _row(self, label: str, *texts: str) -> Row:
        return Row.plain(self.voice.say("label", label=self.voice.say(label)), *texts)
