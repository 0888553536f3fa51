"""A decision as advice on one page: what must not be done, what to do now, what has to wait, what to find out."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from datetime import tzinfo

from escalation_rules import (
    Case,
    Decision,
    Finding,
    Forbidden,
    Held,
    Missing,
    Policy,
    Reason,
    Step,
)
from escalation_rules.babel_formats import Plural
from escalation_rules.cli import streams
from escalation_rules.cli.catalogue import HOLDS, MUST_NOT, MUST_WAIT, PROHIBITIONS, ROWS
from escalation_rules.cli.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.cli.speaker import SHOWN, Speaker
from escalation_rules.decision import Release


def print_report(
    policy: Policy, case: Case, decision: Decision, zone: tzinfo, *, language: str, everything: bool
) -> None:
    """Print the decision for a person; its times are those of `zone`."""
    speaker = Speaker.of(policy, case, decision, zone, language)
    labels = [speaker.say("label", label=speaker.say(each)) for each in ROWS]
    page = Page(labels, is_terminal=sys.stdout.isatty())
    Report(page, speaker, decision).write(everything)
    streams.write(page.text())


class Report:
    """Writes the sections of a decision, in the order in which a person needs them."""

    def __init__(self, page: Page, speaker: Speaker, decision: Decision) -> None:
        self.page = page
        self.speaker = speaker
        self.decision = decision

    def write(self, everything: bool) -> None:
        """Write the page."""
        self._head()
        self._forbidden([each for each in self.decision.forbidden if each.wanted], "do_not")
        self._plan()
        self._held([each for each in self.decision.held if each.wanted], "not_yet")
        self._questions()
        self._findings()
        self._done()
        self._standing(everything)
        self._review()

    # --- first lines --------------------------------------------------------------------------------------------------

    def _head(self) -> None:
        decision, speaker = self.decision, self.speaker
        slots = {
            "case": decision.case or self.speaker.say("no_id"),
            "at": speaker.formats.instant(decision.at),
            "offset": speaker.formats.offset(decision.at),
        }
        phase = speaker.labels.phase(decision.phase) if decision.phase else ""
        self.page.line(
            self.speaker.say("header", phase=phase, **slots)
            if phase
            else self.speaker.say("header_idle", **slots),
            TITLE,
        )
        for each in decision.conclusions:
            declared = speaker.policy.vocabulary.declaration(each.fact)
            if declared is not None and declared.failure and each.value is True:
                what = speaker.sentence(self._subject(each, speaker.labels.fact(each.fact)))
                self.page.line(self.speaker.say("failure", what=what), ALARM)

    def _subject(self, finding: Finding, text: str) -> str:
        listed = finding.fact.partition(".")[0]
        if finding.about is None:
            return text
        return self.speaker.say(
            "about_line", action=text, about=self.speaker.record_of(listed, finding.about)
        )

    # --- what to do ---------------------------------------------------------------------------------------------------

    def _plan(self) -> None:
        self.page.heading(self.speaker.say("do_now"))
        if not self.decision.plan:
            self.page.line(self.speaker.say("nothing_now"))
        phase = None
        for number, step in enumerate(self.decision.plan, 1):
            if step.phase != phase:
                self.page.space()
                self.page.line(self.speaker.title(self.speaker.labels.phase(step.phase)))
                phase = step.phase
            else:
                self.page.space()
            self.page.item(self.speaker.title(self.speaker.labels.action(step.action)), number)
            self.page.rows(self._step(step))

    def _step(self, step: Step) -> list[Row]:
        speaker = self.speaker
        rows = self._about(step.about, step.action, step.because)
        if step.owner:
            rows.append(self._row("who", speaker.labels.role(step.owner)))
        if step.due is not None or step.within is not None or step.paused:
            rows.append(self._due(step))
        if parameters := speaker.parameters(step):
            rows.append(self._row("with", *parameters))
        if wording := speaker.text(step.say):
            rows.append(self._row("say", speaker.quoted(wording)))
        return [*rows, self._reasons("why", step.because, *self._opens_way(step))]

    def _opens_way(self, step: Step) -> list[str]:
        """What a step that releases a hold opens the way to; its reasons are those of the hold."""
        rules = {each.rule for each in step.because if each.effect == "hold"}
        waiting = [
            each for each in self.decision.held if each.wanted and rules & {one.rule for one in each.because}
        ]
        names = list(dict.fromkeys(self.speaker.labels.action(each.action) for each in waiting))
        return [self.speaker.say("opens_way", names=self.speaker.few(names))] if names else []

    def _due(self, step: Step) -> Row:
        speaker = self.speaker
        if step.paused:
            return self._row("due", speaker.say("paused"))
        if step.due is None:
            return self._row("due", speaker.within(step))
        at = speaker.formats.instant(step.due)
        now = self.decision.at
        if not step.overdue:
            left = speaker.formats.between(now, step.due)
            return self._row("due", self.speaker.say("left", at=at, length=left))
        late = (
            self.speaker.say("overdue", length=speaker.formats.between(step.due, now))
            if now > step.due
            else self.speaker.say("overdue_now")
        )
        was = self.speaker.say("was_due", at=at)
        return Row(self.speaker.say("label", label=self.speaker.say("due")), [[(late, ALARM), (was, "")]])

    # --- what must not be done, or not yet ----------------------------------------------------------------------------

    def _forbidden(self, items: Sequence[Forbidden], heading: str) -> None:
        if items:
            self.page.heading(self.speaker.say(heading))
        for number, each in enumerate(items):
            if number:
                self.page.space()
            self.page.item(self.speaker.title(self.speaker.labels.action(each.action)))
            against = [reason for reason in each.because if reason.effect != "recommend"]
            rows = [*self._about(each.about, each.action, each.because), *self._doers(each)]
            rows.append(self._reasons("why", against))
            self.page.rows([*rows, *self._in_favour(each.because)])

    def _held(self, items: Sequence[Held], heading: str) -> None:
        if items:
            self.page.heading(self.speaker.say(heading))
        for number, each in enumerate(items):
            if number:
                self.page.space()
            self.page.item(self.speaker.title(self.speaker.labels.action(each.action)))
            rows = [*self._about(each.about, each.action, each.because), *self._doers(each)]
            if until := self.speaker.untils(each):
                rows.append(self._row("until", *until))
            if each.needs:
                rows.append(self._row("needs", *(self._need(each.action, need) for need in each.needs)))
            rows.append(
                self._reasons("why", [reason for reason in each.because if reason.effect != "recommend"])
            )
            self.page.rows([*rows, *self._in_favour(each.because)])

    def _need(self, action: str, need: Release) -> str:
        speaker = self.speaker
        if need.kind == "act":
            return self.speaker.say("first_do", action=speaker.action(need.name, need.about))
        if need.kind == "parameter":
            label = (
                speaker.say("who") if need.name == "owner" else speaker.labels.parameter(action, need.name)
            )
            return speaker.say("disagree", name=label)
        asked = next((each for each in self.decision.missing if each.fact == need.name), None)
        text = speaker.text(asked.question) if asked else speaker.labels.fact(need.name)
        listed = need.name.partition(".")[0]
        return (
            self.speaker.say("about_line", action=text, about=speaker.record_of(listed, need.about))
            if need.about
            else text
        )

    def _doers(self, item: Forbidden | Held) -> list[Row]:
        return [self._row("not_by", *(self.speaker.labels.role(each) for each in item.by))] if item.by else []

    def _in_favour(self, because: Sequence[Reason]) -> list[Row]:
        """Why it was wanted, where it was: in short, as it must not be done."""
        wanted = [self.speaker.reason(each) for each in because if each.effect == "recommend"]
        return [self._row("in_favour", *wanted)] if wanted else []

    # --- what to find out, what was found -----------------------------------------------------------------------------

    def _questions(self) -> None:
        missing = self.decision.missing
        number = self.speaker.formats.number
        if missing and len(missing) <= SHOWN:
            self.page.heading(self.speaker.say("find_out", count=number(len(missing))))
        elif missing:
            self.page.heading(
                self.speaker.say("find_out_first", shown=number(SHOWN), count=number(len(missing)))
            )
        for index, each in enumerate(missing[:SHOWN], 1):
            self.page.item(self._question(each), index, style="")

    def _question(self, missing: Missing) -> str:
        speaker = self.speaker
        question = speaker.title(speaker.text(missing.question) or speaker.labels.fact(missing.fact))
        ask = self.speaker.say(f"ask.{missing.ask}")
        if not missing.about:
            return self.speaker.say("question", question=question, ask=ask)
        listed = missing.fact.partition(".")[0]
        records = speaker.few([speaker.record_of(listed, each) for each in missing.about])
        return self.speaker.say("question_about", question=question, ask=ask, records=records)

    def _findings(self) -> None:
        if self.decision.findings:
            self.page.heading(self.speaker.say("findings"))
        for each in self.decision.findings:
            declared = self.speaker.policy.vocabulary.declaration(each.fact)
            value = self.speaker.say("undecided")
            if isinstance(each.value, str):
                value = self.speaker.labels.value(declared, each.value)
            listed = each.fact.partition(".")[0]
            what = self.speaker.record_of(listed, each.about) if each.about else ""
            self.page.bullet(
                self.speaker.say("finding", what=what, fact=self.speaker.labels.fact(each.fact), value=value)
            )

    def _done(self) -> None:
        if self.decision.done:
            self.page.heading(self.speaker.say("done"))
        for each in self.decision.done:
            action = self.speaker.title(self.speaker.action(each.action, each.about, each.because))
            by = ", ".join([self._party(each.by), *self.speaker.parameters(each)])
            self.page.bullet(
                self.speaker.say("done_line", action=action, by=by, at=self.speaker.formats.instant(each.at))
            )

    def _party(self, name: str) -> str:
        known = "parties" in self.speaker.policy.vocabulary.records
        if name in self.speaker.policy.vocabulary.roles or not known:
            return self.speaker.labels.role(name)
        return self.speaker.record_of("parties", name)

    # --- last lines ---------------------------------------------------------------------------------------------------

    def _standing(self, everything: bool) -> None:
        forbidden = [each for each in self.decision.forbidden if not each.wanted]
        held = [each for each in self.decision.held if not each.wanted]
        if everything:
            self._forbidden(forbidden, "standing")
            self._held(held, "waiting")
        elif forbidden or held:
            general = self.speaker.policy.decide({}, at=self.decision.at)
            ruled_out = self._of_this_case(MUST_NOT, forbidden, general.forbidden)
            waiting = self._of_this_case(MUST_WAIT, held, general.held)
            counts = ((PROHIBITIONS, ruled_out), (HOLDS, waiting))
            parts = [self.speaker.formats.plural(forms, count) for forms, count in counts if count]
            if parts:
                self.page.space()
                self.page.line(self.speaker.say("general", counts=self.speaker.joined(parts)), FAINT)
            self.page.line(self.speaker.say("see_all"), FAINT)

    def _of_this_case(
        self, forms: Plural, items: Sequence[Forbidden | Held], general: Sequence[Forbidden | Held]
    ) -> int:
        """Name what holds because of this case; returns how much would hold just so of a case that says nothing."""
        always = {(each.action, reason.rule) for each in general for reason in each.because}
        own = [
            each for each in items if any((each.action, reason.rule) not in always for reason in each.because)
        ]
        for_all = {each.action for each in own if not each.by}
        names = self._names(for_all)
        if names:
            self.page.space()
            self.page.line(self.speaker.formats.plural(forms, len(names), names=self.speaker.few(names)))
        for by in dict.fromkeys(each.by for each in own if each.by):
            names = self._names({each.action for each in own if each.by == by} - for_all)
            if names:
                self.page.space()
                self.page.line(self._of_some(by, names))
        return len(items) - len(own)

    def _names(self, actions: Collection[str]) -> list[str]:
        return list(dict.fromkeys(self.speaker.labels.action(each) for each in sorted(actions)))

    def _of_some(self, by: Sequence[str], names: Sequence[str]) -> str:
        """What some must leave to others."""
        speaker = self.speaker
        acting = {
            role for each in speaker.policy.vocabulary.actions.values() for role in (each.owner, *each.by)
        }
        others = [role for role in speaker.policy.vocabulary.roles if role not in by and role in acting]
        text, roles = ("only_these", others) if 0 < len(others) < len(by) else ("not_these", list(by))
        listed = speaker.labels.listed([speaker.labels.role(role) for role in roles])
        return speaker.say(text, roles=listed, names=speaker.few(names))

    def _review(self) -> None:
        at = self.decision.review_at
        self.page.space()
        if at is None:
            self.page.line(self.speaker.say("look_again_then"))
        else:
            self.page.line(self.speaker.say("look_again", at=self.speaker.formats.instant(at)))

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _row(self, label: str, *texts: str) -> Row:
        return Row.plain(self.speaker.say("label", label=self.speaker.say(label)), *texts)

    def _about(self, record: str | None, action: str, because: Sequence[Reason]) -> list[Row]:
        return [self._row("about", self.speaker.record(record, action, because))] if record else []

    def _reasons(self, label: str, because: Sequence[Reason], *first: str) -> Row:
        paragraphs = [[(each, "")] for each in first]
        for each in because:
            paragraphs += [[(self.speaker.reason(each), "")], [(self.speaker.basis(each), FAINT)]]
        return Row(self.speaker.say("label", label=self.speaker.say(label)), paragraphs)
