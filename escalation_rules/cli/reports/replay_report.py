"""Prints the summary of a replay: differences, breaches, time spent on questions, and rules that applied."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from typing import Any

import attrs

from escalation_rules import Policy
from escalation_rules.cli.reports.audit_report import KINDS
from escalation_rules.cli.reports.change_words import changes_said
from escalation_rules.cli.reports.replay_cases import ReplayCases
from escalation_rules.cli.reports.replay_voice import ReplayVoice
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.tools.replay import Summary
from escalation_rules.tools.replay.summary import (
    BreachCount,
    ChangeCount,
    DifferenceCount,
    QuestionCount,
    RuleCount,
)

SHOWN = 12
MOST_CHANGES = 40
FEW = 5
MOST_LINES = 8
"""How many lines are shown for one change of the policy."""


def print_replay(
    policies: Sequence[Policy],
    summary: Summary,
    until: datetime,
    layers: Sequence[Sequence[str]],
    details: Iterable[Mapping[str, Any]] | None,
    zone: tzinfo | None,
    *,
    language: str,
    written: str | None,
    until_now: bool,
) -> None:
    """Print the summary; with `details`, also each case. `written` is the folder with the full results.

    `until_now`: the user gave no end.
    """
    zone = zone or policies[-1].vocabulary.zone or until.tzinfo or UTC
    voices = tuple(Voice.of_policy(policy, language, zone) for policy in policies)
    say = voices[-1].say
    labels = [say("label", label=say("replay.waiting"))]
    page = Page(labels, is_terminal=sys.stdout.isatty())
    report = ReplayReport(page, voices, summary)
    report.write(until, layers)
    if details is not None:
        ReplayCases(page, voices).write_cases(details)
    report.write_end(written, hint=details is None, until_now=until_now)
    streams.write(page.text())


@attrs.frozen
class ReplayReport(ReplayVoice):
    """Writes a summary."""

    summary: Summary

    # --- the summary --------------------------------------------------------------------------------------------------

    def write(self, until: datetime, layers: Sequence[Sequence[str]]) -> None:
        """Write the summary; `layers` are the policies as the user named them."""
        self._head(until, layers)
        if self.compares and self.summary.changes:
            self._changes()
        if self.summary.cases:
            self._breaches()
            self._questions()
            self._rules()
        if self.summary.problems:
            self._problems()

    def _head(self, until: datetime, layers: Sequence[Sequence[str]]) -> None:
        say, summary, page = self.voice.say, self.summary, self.page
        at = self.formats.instant(until)
        cases = self._count(summary.cases)
        page.line(say("replay.header", cases=cases, at=at, offset=self.formats.offset(until)), TITLE)
        keys = ("replay.old", "replay.new") if self.compares else ("replay.policy",)
        for key, voice, named in zip(keys, self.voices, layers, strict=True):
            page.line(say(key, name=" + ".join(named), digest=voice.policy.digest[:12]), FAINT)
        if self.compares and summary.different:
            same = self.formats.number(summary.same)
            page.line(self.formats.plural("different_cases", summary.different, same=same), TITLE)
        elif self.compares and summary.unread:
            page.line(self.formats.plural("same_cases", summary.cases), TITLE)
        elif self.compares:
            page.line(say("replay.all_same"), TITLE)
        if summary.unread:
            page.line(self.formats.plural("unread_cases", summary.unread), ALARM)

    def _changes(self) -> None:
        say, changes = self.voice.say, self.summary.changes
        widest = max(changes, key=lambda change: change.cases)
        if len(changes) > 1 and widest.only and widest.cases > self.summary.different / 2:
            self.page.line(self.formats.plural("only_reason", widest.only, change=self._causes(widest)))
        self.page.heading(say("replay.what_differs"))
        if (
            any(change.checked for change in changes)
            and len({name for change in changes for name in change.because}) > 1
        ):
            self.page.line(say("replay.checked"), FAINT)
        for number, change in enumerate(changes[:MOST_CHANGES], start=1):
            self._change(change, number)
        self._rest(len(changes) - MOST_CHANGES)

    def _change(self, change: ChangeCount, number: int) -> None:
        """One change of the policy, the cases, and what differs in them."""
        say = self.voice.say
        names = self.voice.joined(change.examples) + ("…" if change.cases > len(change.examples) else "")
        count = say("replay.such_as", count=self._count(change.cases), names=names)
        self.page.numbered([(say("replay.counted", text=self._causes(change), count=count), TITLE)], number)
        if left := change.cases - change.checked:
            self.page.line(say("replay.not_checked", count=self._count(left)), FAINT)
        lines = [
            self._counted(list(group), change) for _, group in groupby(change.differences, key=_said_together)
        ]
        shown = lines if len(lines) <= MOST_LINES else lines[: MOST_LINES - 1]
        for text in shown:
            self.page.bullet(text)
        self._rest(len(lines) - len(shown))

    def _causes(self, change: ChangeCount) -> str:
        say, named = self.voice.say, changes_said(self.voices, change.because)
        names = self.voice.few(named) if named else say("replay.unclear")
        return say(f"replay.{change.how}", names=names) if change.how else names

    def _counted(self, group: Sequence[DifferenceCount], change: ChangeCount) -> str:
        """Differences of one kind about several things, with the number of cases if it is not that of the change."""
        difference, say = group[0], self.voice.say
        things = self.voice.few([self._what(difference.kind, one.name) for one in group])
        said = say(
            "replay.change",
            what=things,
            change=self._how(difference.kind, difference.change, difference.parts, difference.values),
        )
        values = self._said_parts(dict(difference.values), difference.name)
        text = say("replay.counted", text=said, count=values) if values else said
        return (
            text
            if difference.cases == change.cases
            else say("replay.counted", text=text, count=self._count(difference.cases))
        )

    def _row(self, key: str, text: str) -> None:
        self.page.rows([Row.plain(self.voice.say("label", label=self.voice.say(key)), text)])

    def _breaches(self) -> None:
        summary, say = self.summary, self.voice.say
        self.page.heading(say("replay.breaches"))
        if not summary.breaches:
            self.page.line(say("replay.no_breaches"))
            self._unverified()
            return
        self.page.bullet(say("replay.measure", label=say("replay.faulty"), value=self._both(summary.faulty)))
        for kind in KINDS:
            of_kind = [breach for breach in summary.breaches if breach.kind == kind]
            if not of_kind:
                continue
            total = tuple(map(sum, zip(*(breach.breaches for breach in of_kind), strict=True)))
            every = (
                not self.compares or kind == "failure"
            )  # which failures there were is the news, also if none is new
            shown = [breach for breach in of_kind if every or len(set(breach.breaches)) > 1]
            text = say("replay.measure", label=self.voice.title(say(f"kind.{kind}")), value=self._both(total))
            names = [self._breach(breach) for breach in shown[:FEW]]
            self.page.bullet(
                say("replay.such_as", count=text, names=self.voice.joined(names)) if names else text
            )

        self._unverified()

    def _unverified(self) -> None:
        """The acts that could not be judged."""
        if found := self.summary.unverified:
            total = tuple(map(sum, zip(*(breach.breaches for breach in found), strict=True)))
            text = self.voice.say(
                "replay.measure", label=self.voice.say("replay.unverified"), value=self._both(total)
            )
            names = self.voice.joined([self._breach(breach) for breach in found[:FEW]])
            self.page.bullet(self.voice.say("replay.such_as", count=text, names=names))

    def _breach(self, breach: BreachCount) -> str:
        what = self._fact(breach.name) if breach.kind == "failure" else self._action(breach.name)
        return f"{what} {self._both(breach.breaches)}"

    def _questions(self) -> None:
        self.page.heading(self.voice.say("replay.questions"))
        if not self.summary.questions:
            self.page.line(self.voice.say("replay.no_questions"))
        for question in self.summary.questions[:FEW]:
            self.page.bullet(self._question(question))
            self._row("replay.waiting", self.voice.few(question.rules))

    def _question(self, question: QuestionCount) -> str:
        seconds = [
            total // number if number else 0
            for total, number in zip(question.seconds, question.cases, strict=True)
        ]
        slots = {
            "fact": self._fact(question.fact),
            "cases": self._either(question.cases, self._count),
            "length": self._either(tuple(seconds), self._length),
        }
        if not any(question.open):
            return self.voice.say("replay.answered", **slots)
        return self.voice.say("replay.asked", open=self._either(question.open, self._count), **slots)

    def _rules(self) -> None:
        say, summary = self.voice.say, self.summary
        self.page.heading(say("replay.rules"))
        model = self.voice.policy.model
        newest = {rule.rule for rule in summary.rules if rule.fired[-1]}
        known = self.formats.number(len(model.rules))
        self.page.line(self.formats.plural("fired_rules", len(newest), all=known))
        changed = [rule for rule in summary.rules if self.compares and len(set(rule.fired)) > 1]
        fired = changed or sorted(summary.rules, key=lambda rule: (-max(rule.fired), rule.rule))
        self._named(
            "replay.fired_otherwise" if changed else "replay.fired", fired, [rule.fired for rule in fired]
        )
        gave_way = sorted((rule for rule in summary.rules if any(rule.overruled)),
                          key=lambda rule: (-max(rule.overruled), rule.rule))  # fmt: skip
        self._named("replay.overruled", gave_way, [rule.overruled for rule in gave_way])
        never = [rule.id for rule in model.rules if rule.id not in newest]
        if never:
            self.page.bullet(
                say("replay.measure", label=say("replay.never_fired"), value=self.voice.few(never))
            )

    def _named(self, key: str, rules: Sequence[RuleCount], counts: Sequence[tuple[int, ...]]) -> None:
        names = [
            self.voice.say("replay.times", rule=rule.rule, count=self._both(number))
            for rule, number in zip(rules, counts, strict=True)
        ][:FEW]
        if names:
            self.page.bullet(
                self.voice.say("replay.measure", label=self.voice.say(key), value=self.voice.joined(names))
            )

    def _problems(self) -> None:
        self.page.heading(self.voice.say("replay.problems"))
        said = [
            self._problem(failed, problem)
            for failed in self.summary.problems
            for problem in failed["problems"]
        ]
        for text in said[:SHOWN]:
            self.page.bullet(text, ALARM)
        self._rest(max(len(said), self.summary.unread) - SHOWN)

    @staticmethod
    def _problem(case: Mapping[str, Any], problem: Mapping[str, Any]) -> str:
        place = (
            f"{streams.relative(problem['file'])}:{problem['line']}:{problem['column']}"
            if problem["file"]
            else case["place"]
        )
        text = f"{place}: {problem['message']}"
        if problem["suggestion"]:
            return f"{text}; did you mean {problem['suggestion']!r}?"
        return f"{text}; expected {problem['expected']}" if problem["expected"] else text

    def write_end(self, written: str | None, *, hint: bool, until_now: bool) -> None:
        """The end of the replay if it was not given, and where to find more."""
        if until_now and self.summary.cases:
            self.page.space()
            self.page.line(self.voice.say("replay.until_now"), FAINT)
        if written is not None:
            self.page.space()
            self.page.line(self.voice.say("replay.written", path=written), FAINT)
        elif hint and self.summary.cases:
            self.page.space()
            self.page.line(self.voice.say("replay.see_details"), FAINT)


def _said_together(difference: DifferenceCount) -> tuple[Any, ...]:
    """A key for differences that are shown on one line."""
    return difference.kind, difference.change, difference.parts, difference.cases, difference.values
