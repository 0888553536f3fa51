"""Prints a verdict: the answer, the reasons, what would release it, and alternatives."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from escalation_rules import Case, Decision, DoneStep, Forbidden, Held, Policy, Step
from escalation_rules.cli.reports.report import ROWS, Report
from escalation_rules.cli.reports.speaker import Speaker
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.decision import ParameterValue, Release, Verdict
from escalation_rules.policy.conditions import Act
from escalation_rules.values import parsed
from escalation_rules.words.catalogue import flag

LABELS = (*ROWS, "by", "facts")


def print_verdict(
    policy: Policy,
    case: Case,
    decision: Decision,
    verdict: Verdict,
    zone: tzinfo,
    *,
    language: str,
    params: Mapping[str, object],
) -> None:
    """Print the verdict; times are in `zone`."""
    speaker = Speaker.of(policy, case, decision, zone, language)
    labels = [speaker.say("label", label=speaker.say(label)) for label in LABELS]
    page = Page(labels, is_terminal=sys.stdout.isatty())
    VerdictReport(page, speaker, decision, verdict, case.acts).write_verdict(params)
    streams.write(page.text())


class VerdictReport(Report):
    """Writes a verdict, with the answer on the first line."""

    def __init__(
        self, page: Page, speaker: Speaker, decision: Decision, verdict: Verdict, acts: Sequence[Act]
    ) -> None:
        super().__init__(page, speaker, decision)
        self.verdict = verdict
        self.acts = acts

    def write_verdict(self, params: Mapping[str, object]) -> None:
        verdict, speaker = self.verdict, self.speaker
        sentence = speaker.say(f"verdict.{verdict.verdict}", action=speaker.labels.action(verdict.action))
        self.page.line(sentence, TITLE if verdict.allowed else ALARM)
        self.page.rows([*self._act(params), *self._standing_against()])
        if verdict.allowed:
            self.page.line(self._wanted(params))
        self._instead(params)
        slots = {
            "at": speaker.formats.instant(self.decision.at),
            "offset": speaker.formats.offset(self.decision.at),
        }
        self.page.space()
        case = self.decision.case or speaker.say("no_id")
        self.page.line(speaker.say("as_of", case=case, **slots), FAINT)

    def _act(self, params: Mapping[str, object]) -> list[Row]:
        """The act in question: record, doer, parameters."""
        verdict, speaker = self.verdict, self.speaker
        rows = self._about(verdict.about, verdict.action, verdict.because)
        if verdict.by:
            rows.append(self._row("by", speaker.labels.role(verdict.by)))
        if params:
            rows.append(self._row("with", *(self._parameter(name, raw) for name, raw in params.items())))
        return rows

    def _parameter(self, name: str, raw: object) -> str:
        label = self.speaker.labels.parameter(self.verdict.action, name)
        return self.speaker.say("parameter", label=label, value=self._value(name, raw))

    def _value(self, name: str, raw: object) -> str:
        action, speaker = self.verdict.action, self.speaker
        declared = speaker.policy.vocabulary.actions[action].params[name]
        value = parsed(raw, declared.type, self.decision.currency)
        if declared.type.kind in {"reference", "references"}:
            return speaker.parameter(
                action, name, tuple(sorted(value)) if isinstance(value, frozenset) else str(value)
            )
        if isinstance(value, bool):
            return flag(value, speaker.language)
        return speaker.labels.value(None, value)

    def _standing_against(self) -> list[Row]:
        """Until when, what is needed, and why; what releases a hold comes before its reasons."""
        verdict, rows = self.verdict, list[Row]()
        held = Held(verdict.action, verdict.about, (), False, verdict.because, verdict.until, verdict.needs)
        if until := self.speaker.untils(held):
            rows.append(self._row("until", *until))
        if verdict.needs:
            rows.append(self._row("needs", *(self._need(verdict.action, need) for need in verdict.needs)))
        if verdict.because:
            rows.append(self._reasons("why", verdict.because))
        if earlier := list(self._earlier()):
            rows.append(self._row("facts", *earlier))
        return rows

    @property
    def _is_declared(self) -> bool:
        """Whether the declaration of the action says who may not do it, and this is a reason."""
        barred = self.speaker.policy.vocabulary.actions[self.verdict.action].barred
        return any(not barred_party.only for barred_party in barred) and any(
            reason.rule == self.verdict.action for reason in self.verdict.because
        )

    def _earlier(self) -> Iterator[str]:
        """The earlier acts whose doers may not do this one."""
        barred = (
            self.speaker.policy.vocabulary.actions[self.verdict.action].barred if self._is_declared else ()
        )
        for barred_party in barred:
            for act in self.acts:
                if (
                    act.action == barred_party.action
                    and act.at <= self.decision.at
                    and (not barred_party.same_list or act.about == self.verdict.about)
                ):
                    done = f"{self._party(act.by.name)}, {self.speaker.formats.instant(act.at)}"
                    label = self.speaker.labels.action(act.action)
                    yield self.speaker.say("parameter", label=label, value=done)

    def _need(self, action: str, need: Release) -> str:
        if need.kind == "parameter" and need.name == "by":
            return self.speaker.say("need_doer")
        if need.kind != "parameter" or need.name not in self.speaker.policy.vocabulary.actions[action].params:
            return super()._need(action, need)
        label = self.speaker.labels.parameter(action, need.name)
        return self.speaker.say("need_parameter", label=label, name=need.name)

    def _planned(self, steps: Sequence[Step], params: Mapping[str, object]) -> str:
        """Whether the act is a step of the plan, part of one, or one with other values."""
        if any(self._says(step.params, params) for step in steps):
            return self.speaker.say("verdict.planned")
        key = "verdict.planned_in_part" if self.verdict.wanted else "verdict.planned_otherwise"
        steps_said = [self.speaker.joined(self.speaker.parameters(step)) for step in steps]
        return self.speaker.say(key, values=" / ".join(dict.fromkeys(steps_said)))

    def _says(self, planned: Mapping[str, ParameterValue], params: Mapping[str, object]) -> bool:
        """Whether no value of the act differs from that of a step."""
        known = {
            name: self.speaker.parameter(self.verdict.action, name, value) for name, value in planned.items()
        }
        return all(known.get(name) in {None, self._value(name, raw)} for name, raw in params.items())

    def _wanted(self, params: Mapping[str, object]) -> str:
        """Whether an allowed act is recommended, or was already done."""
        decision, speaker = self.decision, self.speaker
        if planned := [step for step in decision.plan if self._is_asked_about(step)]:
            return self._planned(planned, params)
        done = [step for step in decision.done if self._is_asked_about(step)]
        if done:
            last = max(done, key=lambda step: step.at)
            return speaker.say("verdict.done", by=self._party(last.by), at=speaker.formats.instant(last.at))
        held = [
            held_step for held_step in decision.held if held_step.wanted and self._is_asked_about(held_step)
        ]
        if held and not any(self._says(held_step.params, params) for held_step in held):
            values = [speaker.joined(speaker.parameters(held_step)) for held_step in held]
            return speaker.say("verdict.free_otherwise", values=" / ".join(dict.fromkeys(values)))
        if self._is_not_ours:
            return speaker.say("verdict.outside", role=speaker.labels.role(self.verdict.by or ""))
        blocked = any(
            forbidden.wanted and self._is_asked_about(forbidden) for forbidden in decision.forbidden
        )
        return speaker.say("verdict.free" if held or blocked else "verdict.unasked")

    @property
    def _is_not_ours(self) -> bool:
        """Whether prohibitions do not apply to the doer: an outside role that the action does not name."""
        vocabulary = self.speaker.policy.vocabulary
        return (
            self.verdict.by in vocabulary.outside
            and self.verdict.by not in vocabulary.actions[self.verdict.action].by
        )

    def _is_asked_about(self, part: Step | DoneStep | Forbidden | Held) -> bool:
        return part.action == self.verdict.action and self.verdict.about in {None, part.about}

    def _instead(self, params: Mapping[str, object]) -> None:
        """What to do instead: not the act itself, unless with other values, or by another person."""
        steps = [
            step
            for step in self.verdict.instead
            if self._is_declared or not self._is_asked_about(step) or not self._says(step.params, params)
        ]
        if not steps:
            return
        related = [step for step in steps if self._is_related(step)]
        self.page.heading(self.speaker.say("instead" if related else "planned_now"))
        for number, step in enumerate(related or steps, 1):
            self.page.item(self.speaker.title(self.speaker.labels.action(step.action)), number, style="")
            rows = self._about(step.about, step.action, step.because)
            if step.params:
                rows.append(self._row("with", *self.speaker.parameters(step)))
            if step.owner:
                rows.append(self._row("who", self._doer(step, step.owner)))
            if step.due is not None or step.within is not None or step.paused:
                rows.append(self._due(step))
            self.page.rows(rows)

    def _is_related(self, step: Step) -> bool:
        """Whether a step is about the same record (or the case, like the act), comes from a rule against the act, or is
        needed for it."""
        verdict = self.verdict
        rules = {reason.rule for reason in verdict.because}
        return (
            verdict.about in {None, step.about}
            or any(reason.rule in rules for reason in step.because)
            or any(need.kind == "act" and need.name == step.action for need in verdict.needs)
        )

    def _doer(self, step: Step, owner: str) -> str:
        """The owner of a step; another person than the one who asks, if `not_by` is what forbids it to that one."""
        speaker, verdict = self.speaker, self.verdict
        role = speaker.labels.role(owner)
        asked_again = step.action == verdict.action and step.about in {None, verdict.about}
        return speaker.say("another_person", role=role) if self._is_declared and asked_again else role
