"""Prints the coverage of a policy by its tests."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

import attrs

from escalation_rules import Policy
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, TITLE, Page, Row
from escalation_rules.policy.conditions import Truth
from escalation_rules.tools.coverage import Counted, Coverage, TestSeen

SHOWN = 20
SHARES = ("coverage.rules", "coverage.effects", "coverage.decided", "coverage.undecided")
TRUTH_WORDS = {True: "coverage.true", False: "coverage.false", None: "coverage.unknown"}


@attrs.frozen
class Ran:
    """The tests that were run: the number of scenarios and of rules with examples, failures, and tests left out.

    `none_ran`: there are features, but none of their scenarios could be run.
    """

    scenarios: int
    examples: int
    failed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    none_ran: bool = False


def coverage_text(
    policy: Policy,
    found: Coverage,
    ran: Ran,
    *,
    language: str,
    least: float | None,
    everything: bool,
    is_terminal: bool,
) -> str:
    """The page as text. `least` is the required percentage, if any."""
    voice = Voice.of_policy(policy, language, None)
    page = Page([voice.say("label", label=voice.say(share)) for share in SHARES], is_terminal=is_terminal)
    _Report(page, voice, found, ran, everything).write(least)
    return page.text()


def print_coverage(
    policy: Policy, found: Coverage, ran: Ran, *, language: str, least: float | None, everything: bool
) -> None:
    """Print the page."""
    streams.write(coverage_text(policy, found, ran, language=language, least=least, everything=everything,
                                is_terminal=sys.stdout.isatty()))  # fmt: skip


def shares_of(found: Coverage) -> Sequence[tuple[str, Counted]]:
    """The percentages, each with the name of its text."""
    counted = (found.rules_fired, found.effects_fired, found.decided, found.undecided)
    return list(zip(SHARES, counted, strict=True))


def truths_said(voice: Voice, truths: Iterable[Truth]) -> str:
    """Truths in words."""
    return voice.joined([voice.say(TRUTH_WORDS[truth]) for truth in truths])


@attrs.frozen
class _Report:
    page: Page
    voice: Voice
    found: Coverage
    ran: Ran
    everything: bool

    def write(self, least: float | None) -> None:
        voice, found = self.voice, self.found
        self.page.line(voice.say(
            "coverage.header", name=found.policy.name, digest=found.policy.digest[:12], asked=str(found.asked),
            scenarios=str(self.ran.scenarios), examples=str(self.ran.examples)), TITLE)  # fmt: skip
        self.page.rows([
            Row.plain(voice.say("label", label=voice.say(name)),
                      voice.say("coverage.share", met=str(counted.met), of=str(counted.of), percent=f"{counted.percent:g}"))
            for name, counted in shares_of(found)
        ])  # fmt: skip
        if self.ran.none_ran:
            self.page.line(voice.say("coverage.none_ran"), ALARM)
        self._listed("coverage.failed", self.ran.failed, style=ALARM)
        self._listed("coverage.left_out", self.ran.left_out)
        self._listed("coverage.not_fired", list(self._effects()))
        self._listed("coverage.open", list(self._tests()))
        self._listed("coverage.uncovered", list(self._uncovered()))
        self.page.space()
        if not found.solved:
            self.page.line(voice.say("coverage.only_quickly"))
        if least is not None and found.lowest < least:
            self.page.line(voice.say("coverage.below", least=f"{least:g}"), ALARM)

    def _listed(self, title: str, lines: Sequence[str], style: str = "") -> None:
        if not lines:
            return
        self.page.heading(self.voice.say(title))
        for line in lines if self.everything else lines[:SHOWN]:
            self.page.bullet(line, style)
        if not self.everything and len(lines) > SHOWN:
            self.page.bullet(self.voice.say("coverage.more", count=str(len(lines) - SHOWN)))

    def _effects(self) -> Iterator[str]:
        for effect in self.found.effects:
            if not effect.fired:
                said = self.voice.say(
                    "coverage.effect", rule=effect.rule, effect=effect.head, name=effect.name
                )
                yield f"{streams.place(effect.place)}: {said}: {self.voice.say(f'coverage.{effect.standing}')}"

    def _tests(self) -> Iterator[str]:
        for test in self.found.tests:
            if test.missing:
                yield f"{streams.place(test.place)}: {gap_said(self.voice, test)}"

    def _uncovered(self) -> Iterator[str]:
        for gap in self.found.uncovered:
            if gap.name is None:
                yield self.voice.say("coverage.nothing_known")
            else:
                yield gap.name + (f": {self.voice.joined(gap.values)}" if gap.values else "")


def gap_said(voice: Voice, seen: TestSeen) -> str:
    """A test, and the truths with which it did not decide, in words."""
    return (
        f"{seen.owner}: {seen.test}: {voice.say('coverage.missing', truths=truths_said(voice, seen.missing))}"
    )
