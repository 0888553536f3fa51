"""Shared parts of reports on a case: rows for records, due times, releases of holds, reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from escalation_rules import Decision, Forbidden, Held, Missing, Reason, Step
from escalation_rules.cli.reports.speaker import Speaker
from escalation_rules.cli.text.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.decision import Release

ROWS = ("about", "who", "also", "joins", "not_by", "but_not", "but_not_by", "but_later", "due", "with", "say", "why",
        "until", "needs", "includes", "in_favour")  # fmt: skip
"""The texts that label rows."""
_NEAR, _AT_ONCE = timedelta(days=1), timedelta(minutes=5)
"""The time left before a due time is shown if it is less than this; up to the second, people read "now"."""


class Report:
    """Base class of reports on a decision."""

    def __init__(self, page: Page, speaker: Speaker, decision: Decision) -> None:
        self.page = page
        self.speaker = speaker
        self.decision = decision

    # --- header -------------------------------------------------------------------------------------------------------

    def _head(self, role: str | None = None) -> None:
        """The case, instant and phase; the role, if only its part is shown."""
        decision, speaker = self.decision, self.speaker
        slots = {
            "case": decision.case or self.speaker.say("no_id"),
            "at": speaker.formats.instant(decision.at),
            "offset": speaker.formats.offset(decision.at),
        }
        phase = speaker.labels.phase(decision.phase) if decision.phase else ""
        text = speaker.say("header", phase=phase, **slots) if phase else speaker.say("header_idle", **slots)
        if role is not None:
            text = speaker.say("for_role", text=text, role=speaker.labels.role(role))
        self.page.line(text, TITLE)

    def _failures(self) -> list[str]:
        """The conclusions that are failures, each once with its records."""
        speaker, found = self.speaker, dict[str, list[str]]()
        for conclusion in self.decision.conclusions:
            declared = speaker.policy.vocabulary.declaration(conclusion.fact)
            if declared is not None and declared.failure and conclusion.value is True:
                listed = conclusion.fact.partition(".")[0]
                records = found.setdefault(conclusion.fact, [])
                records += (
                    [speaker.record_of(listed, conclusion.about)] if conclusion.about is not None else []
                )
        return [self._with_records(speaker.labels.fact(name), records) for name, records in found.items()]

    # --- texts --------------------------------------------------------------------------------------------------------

    def _with_records(self, text: str, records: Sequence[str]) -> str:
        if not records:
            return text
        return self.speaker.say("about_line", action=text, about=self.speaker.few(records))

    def _question(self, missing: Missing) -> str:
        speaker = self.speaker
        question = speaker.title(speaker.text(missing.question) or speaker.labels.fact(missing.fact))
        ask = self.speaker.say(f"ask.{missing.ask}")
        if not missing.about:
            return self.speaker.say("question", question=question, ask=ask)
        listed = missing.fact.partition(".")[0]
        records = speaker.few([speaker.record_of(listed, record) for record in missing.about])
        return self.speaker.say("question_about", question=question, ask=ask, records=records)

    def _party(self, name: str) -> str:
        known = "parties" in self.speaker.policy.vocabulary.records
        if name in self.speaker.policy.vocabulary.roles or not known:
            return self.speaker.labels.role(name)
        return self.speaker.record_of("parties", name)

    def _due_parts(self, step: Step | Held, *, in_short: bool = False) -> list[tuple[str, str]]:
        """The due time as styled parts of a line; empty if there is none."""
        speaker, at = self.speaker, self.decision.at
        if isinstance(step, Step) and step.paused:
            return [(speaker.say("paused"), "")]
        if step.due is None:
            is_timed = (
                isinstance(step, Step) and step.within is not None and not speaker.starts_with_act(step)
            )
            return [(speaker.within(step), "")] if isinstance(step, Step) and is_timed else []
        moment = speaker.formats.deadline(step.due, at)
        if step.overdue and at == step.due:
            return [(speaker.say("overdue_now"), ALARM)]
        if step.overdue:
            late = speaker.say("overdue", length=speaker.formats.late(step.due, at))
            return [(late, ALARM)] if in_short else [(late, ALARM), (speaker.say("was_due", at=moment), "")]
        if not in_short and step.due - at <= _AT_ONCE:
            return [(speaker.say("at_once", at=moment), "")]
        if in_short or step.due - at > _NEAR:
            return [(speaker.say("due_by", at=moment), "")]
        left = speaker.formats.roughly(at, step.due)
        return [(speaker.say("left", at=moment, length=left), "")]

    def _need(self, action: str, need: Release) -> str:
        """What releases a hold: an act, a fact to find out, or rules that have to agree."""
        speaker = self.speaker
        if need.kind == "act":
            return speaker.action(need.name, need.about)
        if need.kind == "parameter":
            if need.name == "owner":
                return speaker.say("disagree_who")
            return speaker.say("disagree", name=speaker.labels.parameter(action, need.name))
        asked = next((missing for missing in self.decision.missing if missing.fact == need.name), None)
        text = (speaker.text(asked.question) if asked else "") or speaker.question_of(need.name)
        who = speaker.say(f"ask.{asked.ask if asked else speaker.asked_of(need.name)}")
        if need.about:
            record = speaker.record_of(need.name.partition(".")[0], need.about)
            text = speaker.say("question_about", question=text, ask=who, records=record)
        else:
            text = speaker.say("question", question=text, ask=who)
        return speaker.say("need_fact", question=text)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _due(self, step: Step | Held) -> Row:
        return Row(self.speaker.say("label", label=self.speaker.say("due")), [self._due_parts(step)])

    def _doers(self, item: Forbidden | Held) -> list[Row]:
        return [self._row("not_by", self.speaker.labels.roles(item.by))] if item.by else []

    def _in_favour(self, because: Sequence[Reason]) -> list[Row]:
        """The reasons for a wanted action that is blocked, in short."""
        wanted = [self.speaker.reason(reason) for reason in because if reason.effect == "recommend"]
        return [self._row("in_favour", *wanted)] if wanted else []

    def _row(self, label: str, *texts: str) -> Row:
        return Row.plain(self.speaker.say("label", label=self.speaker.say(label)), *texts)

    def _about(self, record: str | None, action: str, because: Sequence[Reason]) -> list[Row]:
        return [self._row("about", self.speaker.record(record, action, because))] if record else []

    def _part_of(self, step: Step) -> list[Row]:
        """The step that this one is done together with."""
        leading = [
            planned
            for planned in self.decision.plan
            if step.part_of is not None and planned.id == step.part_of
        ]
        return [
            self._row("joins", self.speaker.action(planned.action, planned.about, planned.because))
            for planned in leading
        ]

    def _reasons(self, label: str, because: Sequence[Reason], *first: str, with_basis: bool = True) -> Row:
        """The texts of rules, each once, with its principle and source."""
        paragraphs = [[(text, "")] for text in first]
        for text, basis in dict.fromkeys(
            (self.speaker.reason(reason), self.speaker.basis(reason)) for reason in because
        ):
            paragraphs.append([(text, "")])
            if with_basis:
                paragraphs.append([(basis, FAINT)])
        return Row(self.speaker.say("label", label=self.speaker.say(label)), paragraphs)
