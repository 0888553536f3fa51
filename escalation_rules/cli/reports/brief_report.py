"""Prints a decision with each part on one line, for `decide --brief`."""

from __future__ import annotations

from escalation_rules import Money
from escalation_rules.cli.reports.against import Against
from escalation_rules.cli.reports.agenda import Item
from escalation_rules.cli.reports.decide_report import DecisionReport
from escalation_rules.cli.reports.speaker import SHOWN
from escalation_rules.cli.text.page import FAINT, TITLE


class BriefReport(DecisionReport):
    """Writes each part of a decision on one line."""

    def write(self) -> None:
        speaker = self.speaker
        found = self._agenda(SHOWN)
        self._top(found)
        for block in found.blocks:
            for step in block.items:
                self._line(step)
        self._left(found)
        against = [group for group in self._gathered(self.own) if group.wanted]
        lines = [
            *(("brief.not", self._with_doers(group)) for group in against if group.forbids),
            *(("brief.wait", self._with_doers(group)) for group in against if not group.forbids),
            *(("brief.ask", self._question(missing)) for missing in self._to_ask()[:SHOWN]),
            *(("brief.failed", failure) for failure in self._failures()),
        ]
        if lines:
            self.page.space()
        for key, text in lines:
            self.page.line(speaker.say(key, text=text))
        if len(self._to_ask()) > SHOWN:
            self.page.line(self._asked())
        self._review()

    def _with_doers(self, found: Against) -> str:
        """The prohibited action, and the roles concerned."""
        labels, by = self.speaker.labels, found.items[0].by
        if not by:
            return self._name(found)
        roles = labels.listed([labels.role(role) for role in by])
        return self.speaker.say("about_line", action=self._name(found), about=roles)

    def _line(self, item: Item) -> None:
        step, speaker = item.step, self.speaker
        apart = speaker.policy.vocabulary.actions[step.action].apart
        texts = [
            speaker.parameter(step.action, name, value)
            for name, value in step.params.items()
            if name in apart or isinstance(value, Money)
        ]
        what = speaker.say("comma").join([self._title(item), *texts])
        names = self._also(item)
        also = [(speaker.say("brief.also", names=speaker.few(names)), FAINT)] if names else []
        self.page.numbered(
            [(speaker.say("brief.step", what=what), TITLE), *self._who(item), *also], item.number
        )
