"""Prints an audit in order of time: each breach with its doer, reasons, and since when it could have been known."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo

from escalation_rules import Case, Decision, Policy
from escalation_rules.cli.reports.report import Report
from escalation_rules.cli.reports.speaker import Speaker
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.tools.audit import Audit, Breach, Kind

LABELS = ("about", "who", "by", "why", "known", "done_late")
_DUE: tuple[Kind, ...] = ("late", "omitted")
"""The kinds whose time is a due time: midnight ends a day."""
KINDS: tuple[Kind, ...] = ("forbidden", "premature", "late", "omitted", "failure")


def print_audit(
    policy: Policy, case: Case, decision: Decision, found: Audit, zone: tzinfo, *, language: str
) -> None:
    """Print the audit; times are in `zone`."""
    speaker = Speaker.of(policy, case, decision, zone, language)
    labels = [speaker.say("label", label=speaker.say(label)) for label in LABELS]
    page = Page(labels, is_terminal=sys.stdout.isatty())
    AuditReport(page, speaker, decision).write_audit(found, is_history=case.is_history)
    streams.write(page.text())


class AuditReport(Report):
    """Writes an audit."""

    def write_audit(self, found: Audit, *, is_history: bool) -> None:
        speaker, at = self.speaker, self.decision.at
        slots = {"at": speaker.formats.instant(at), "offset": speaker.formats.offset(at)}
        case = self.decision.case or speaker.say("no_id")
        self.page.line(speaker.say("audit.header", case=case, **slots), TITLE)
        if not is_history:
            self.page.line(speaker.say("audit.no_history"), FAINT)
        self._list(found.breaches, ALARM)
        if found.unverified:
            self.page.heading(speaker.say("audit.unverified"))
            self._list(found.unverified, TITLE)
        self.page.space()
        self.page.line(self._count(found), TITLE)

    def _list(self, breaches: Sequence[Breach], style: str) -> None:
        for number, breach in enumerate(breaches, 1):
            self.page.space()
            self.page.item(self._what(breach), number, style)
            self.page.rows(self._rows(breach))

    def _what(self, breach: Breach) -> str:
        """The time, kind and subject of a breach."""
        labels = self.speaker.labels
        what = labels.action(breach.action) if breach.action else labels.fact(breach.fact or "")
        kind, formats = self.speaker.say(f"kind.{breach.kind}"), self.speaker.formats
        at = formats.deadline(breach.at) if breach.kind in _DUE else formats.instant(breach.at)
        return self.speaker.say("audit.item", at=at, kind=kind, what=what)

    def _rows(self, breach: Breach) -> list[Row]:
        speaker, instant = self.speaker, self.speaker.formats.instant
        rows: list[Row] = []
        if breach.about and breach.action:
            rows = self._about(breach.about, breach.action, breach.because)
        elif breach.about and breach.fact:
            rows = [self._row("about", speaker.record_of(breach.fact.partition(".")[0], breach.about))]
        if breach.by:
            rows.append(self._row("who" if breach.kind == "omitted" else "by", self._doer(breach, breach.by)))
        if breach.done_at is not None:
            length = speaker.formats.between(breach.at, breach.done_at)
            rows.append(
                self._row("done_late", speaker.say("late_by", at=instant(breach.done_at), length=length))
            )
        rows.append(self._reasons("why", breach.because))
        if breach.known_from < breach.at:
            rows.append(self._row("known", speaker.say("known_from", at=instant(breach.known_from))))
        return rows

    def _doer(self, breach: Breach, role: str) -> str:
        """Who did it: the person, if the act names one, and the role."""
        if breach.person in {None, role}:
            return self._party(role)
        person = self._party(str(breach.person))
        return self.speaker.say("doer", person=person, role=self.speaker.labels.role(role))

    def _count(self, found: Audit) -> str:
        """The number of breaches by kind. Acts that could not be judged are counted separately."""
        speaker, formats = self.speaker, self.speaker.formats
        counted = Counter(breach.kind for breach in found.breaches)
        kinds = [
            speaker.say("parameter", label=speaker.say(f"kind.{kind}"), value=formats.number(counted[kind]))
            for kind in KINDS
            if counted[kind]
        ]
        text = speaker.say("audit.clean")
        if found.breaches:
            text = formats.plural("breaches", len(found.breaches), kinds=speaker.joined(kinds))
        if found.unverified:
            text = speaker.say(
                "audit.also", text=text, more=formats.plural("unverified", len(found.unverified))
            )
        return text
