"""A decision as advice on one page: what to do first, what must not be done, what comes next, what to find out."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from datetime import datetime

import attrs

from escalation_rules import Case, Decision, Forbidden, Held, Policy, Step
from escalation_rules.babel_formats import Plural
from escalation_rules.cli import streams
from escalation_rules.cli.against import Against, gathered
from escalation_rules.cli.agenda import Agenda, Block, Item, agenda
from escalation_rules.cli.catalogue import (
    HOLDS,
    LATE_STEPS,
    MORE_STEPS,
    MUST_NOT,
    MUST_WAIT,
    PROHIBITIONS,
    ROWS,
)
from escalation_rules.cli.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.cli.report import Report
from escalation_rules.cli.speaker import SHOWN, Speaker


@attrs.frozen
class View:
    """How much of a decision is shown: `everything`, or one line for each part (`brief`); one `role`'s part or all."""

    everything: bool = False
    brief: bool = False
    role: str | None = None


def print_decision(
    policy: Policy, case: Case, decision: Decision, at: datetime, *, language: str, view: View
) -> None:
    """Print the decision for a person."""
    speaker = Speaker.of(policy, case, decision, at, language)
    labels = [speaker.say("label", label=speaker.say(each)) for each in ROWS]
    page = Page(labels, is_terminal=sys.stdout.isatty())
    kind = BriefReport if view.brief else DecisionReport
    kind(page, speaker, decision, view).write()
    streams.write(page.text())


class DecisionReport(Report):
    """Writes the sections of a decision, in the order in which a person needs them."""

    def __init__(self, page: Page, speaker: Speaker, decision: Decision, view: View) -> None:
        super().__init__(page, speaker, decision)
        self.view = view
        self.steps = [each for each in decision.plan if view.role is None or each.owner in {None, view.role}]
        against: tuple[Forbidden | Held, ...] = (*decision.forbidden, *decision.held)
        self.against = [each for each in against if view.role is None or not each.by or view.role in each.by]
        self._said: set[str] = set()
        """Reasons that stand on the page already."""

    def write(self) -> None:
        """Write the page."""
        own = self._of_this_case()
        found = agenda(
            self.decision, self.steps, self.speaker.reason, None if self.view.everything else SHOWN
        )
        self._head(self.view.role)
        self._plan(found.blocks[:1])
        self._forbidden([each for each in own if each.wanted and _forbids(each)])
        self._plan(found.blocks[1:])
        self._left(found)
        self._held([each for each in own if each.wanted and not _forbids(each)])
        self._questions()
        self._findings()
        self._done()
        self._standing([each for each in own if not each.wanted])
        self._review()

    # --- what to do ---------------------------------------------------------------------------------------------------

    def _plan(self, blocks: Sequence[Block]) -> None:
        last = None
        for block in blocks:
            if block.when != last:
                self.page.heading(self.speaker.say(f"when.{block.when}"))
                last = block.when
            else:
                self.page.space()
            for item in block.items:
                self._step(item, block)

    def _step(self, item: Item, block: Block) -> None:
        step, speaker = item.step, self.speaker
        self.page.item(self._title(step), item.number)
        rows = self._who(step)
        if self.view.everything:
            rows = [*self._about(step.about, step.action, step.because), *rows]
        if parameters := speaker.parameters(step):
            rows.append(self._row("with", *parameters))
        if (wording := speaker.text(step.say)) and (self.view.everything or block.when in {"first", "now"}):
            rows.append(self._row("say", speaker.quoted(wording)))
        self.page.rows([*rows, *self._why(item, block)])

    def _title(self, step: Step) -> str:
        label = self.speaker.title(self.speaker.labels.action(step.action))
        if step.about is None:
            return label
        about = self.speaker.short_record(step.about, step.action, step.because)
        return self.speaker.say("about_line", action=label, about=about)

    def _who(self, step: Step) -> list[Row]:
        """Who, and until when, on one line."""
        who = self.speaker.labels.role(step.owner) if step.owner else self.speaker.say("anybody")
        due = self._due_parts(step)
        parts = [(who, ""), *([(self.speaker.say("comma"), "")] if due else []), *due]
        return [Row(self.speaker.say("label", label=self.speaker.say("who")), [parts])]

    def _why(self, item: Item, block: Block) -> list[Row]:
        """The reasons that do not stand on the page yet; those that a block has in common stand below its last step."""
        is_last = item == block.items[-1]
        because = [
            each
            for each in item.step.because
            if (text := self.speaker.reason(each)) not in self._said and (is_last or text not in block.shared)
        ]
        opens = self._opens_way(item.step)
        if not self.view.everything:
            # One reason is enough to act upon; a block's own is the one that its steps have in common.
            because = [each for each in because if each.effect != "hold" or not opens]
            because = sorted(because, key=lambda each: self.speaker.reason(each) not in block.shared)[:1]
            because = because if is_last or len(block.items) == 1 else []
        self._said |= {self.speaker.reason(each) for each in because}
        if not because and not opens:
            return []
        return [self._reasons("why", because, *opens, with_basis=self.view.everything)]

    def _opens_way(self, step: Step) -> list[str]:
        """What a step that releases a hold opens the way to; its reasons are those of the hold."""
        rules = {each.rule for each in step.because if each.effect == "hold"}
        waiting = [
            each for each in self.decision.held if each.wanted and rules & {one.rule for one in each.because}
        ]
        names = list(dict.fromkeys(self.speaker.labels.action(each.action) for each in waiting))
        return [self.speaker.say("opens_way", names=self.speaker.few(names))] if names else []

    def _left(self, found: Agenda) -> None:
        """How many steps are not shown, and which of them are late."""
        speaker = self.speaker
        if not self.steps:
            self.page.space()
            self.page.line(speaker.say("nothing_now" if not self.decision.plan else "nothing_for_you"))
        if not found.left:
            return
        text = speaker.formats.plural(MORE_STEPS, len(found.left))
        late = [speaker.labels.action(each.action) for each in found.left if each.overdue]
        self.page.space()
        self.page.line(text)
        if late:
            names = speaker.few(list(dict.fromkeys(late)))
            self.page.line(speaker.formats.plural(LATE_STEPS, len(late), names=names), ALARM)

    # --- what must not be done, or not yet ----------------------------------------------------------------------------

    def _forbidden(self, items: Sequence[Forbidden | Held]) -> None:
        """What must not be done though something speaks for it."""
        found = [each for each in gathered(self.speaker.policy.model, self._all_of(items)) if each.wanted]
        if found:
            self.page.heading(self.speaker.say("do_not"))
        for each in found:
            self.page.bullet(self.speaker.title(self._name(each)), TITLE)
            rows = self._includes(each)
            rows += self._doers(each.items[0])
            rows += self._against(each)
            self.page.rows(rows)

    def _all_of(self, items: Sequence[Forbidden | Held]) -> list[Forbidden | Held]:
        """With the others that are ruled out as they are, so that a group is recognised."""
        rules = {one.rule for each in items for one in each.because if one.effect != "recommend"}
        return [each for each in self.against if rules & {one.rule for one in each.because}]

    def _includes(self, found: Against) -> list[Row]:
        """The wanted steps that a group rules out."""
        if found.named not in self.speaker.policy.vocabulary.groups:
            return []
        names = list(dict.fromkeys(self.speaker.labels.action(each.action) for each in found.wanted))
        return [self._row("includes", self.speaker.few(names))]

    def _against(self, found: Against) -> list[Row]:
        """Why not; with everything, also what speaks for it."""
        reasons = [one for each in found.wanted for one in each.because if one.effect != "recommend"]
        reasons = list(dict.fromkeys(reasons))
        if self.view.everything:
            rows = [self._reasons("why", reasons)]
            return [*rows, *(row for each in found.wanted for row in self._in_favour(each.because))]
        return [self._reasons("why", reasons[:1], with_basis=False)]

    def _name(self, found: Against) -> str:
        """A group but for some of its actions, or one action with the record it is about."""
        speaker, groups = self.speaker, self.speaker.policy.vocabulary.groups
        if found.named in groups:
            label = speaker.labels.text(groups[found.named].label, found.named)
            if not found.spared:
                return speaker.say("anything", group=label)
            names = speaker.few([speaker.labels.action(each) for each in found.spared])
            return speaker.say("anything_except", group=label, names=names)
        label = speaker.labels.action(found.named)
        if found.about is None:
            return label
        because = found.items[0].because
        return speaker.say(
            "about_line", action=label, about=speaker.short_record(found.about, found.named, because)
        )

    def _held(self, items: Sequence[Forbidden | Held]) -> None:
        """What is wanted and has to wait: what releases it, and why."""
        if items:
            self.page.heading(self.speaker.say("not_yet"))
        for each in items:
            label = self.speaker.title(self.speaker.labels.action(each.action))
            if each.about is not None:
                about = self.speaker.short_record(each.about, each.action, each.because)
                label = self.speaker.say("about_line", action=label, about=about)
            self.page.bullet(label, TITLE)
            self.page.rows(self._waits(each))

    def _waits(self, item: Forbidden | Held) -> list[Row]:
        rows = self._doers(item)
        needs = [self._need(item.action, each) for each in item.needs] if isinstance(item, Held) else []
        until = self.speaker.untils(item) if isinstance(item, Held) else []
        if needs:
            rows.append(self._row("needs", *needs))
        if until and (self.view.everything or not needs):
            rows.append(self._row("until", *until))
        reasons = [each for each in item.because if each.effect != "recommend"]
        if self.view.everything:
            return [*rows, self._reasons("why", reasons), *self._in_favour(item.because)]
        decided = [each for each in reasons if not each.undecided][:1]
        return [*rows, *([self._reasons("why", decided, with_basis=False)] if decided else [])]

    # --- what to find out, what was found -----------------------------------------------------------------------------

    def _questions(self) -> None:
        missing = self.decision.missing
        if missing:
            self.page.heading(self._asked())
        for index, each in enumerate(missing[:SHOWN], 1):
            self.page.item(self._question(each), index, style="")

    def _asked(self) -> str:
        count = len(self.decision.missing)
        number = self.speaker.formats.number
        if count <= SHOWN:
            return self.speaker.say("find_out", count=number(count))
        return self.speaker.say("find_out_first", shown=number(SHOWN), count=number(count))

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
            by = self._party(each.by)
            self.page.bullet(
                self.speaker.say("done_line", action=action, by=by, at=self.speaker.formats.instant(each.at))
            )

    # --- last lines ---------------------------------------------------------------------------------------------------

    def _of_this_case(self) -> list[Forbidden | Held]:
        """What is forbidden or held because of this case: wanted, or not so in a case that says nothing."""
        of_any = self.speaker.policy.decide({}, at=self.decision.at)
        general: tuple[Forbidden | Held, ...] = (*of_any.forbidden, *of_any.held)
        always = {(each.action, reason.rule) for each in general for reason in each.because}
        return [
            each
            for each in self.against
            if each.wanted or any((each.action, reason.rule) not in always for reason in each.because)
        ]

    def _standing(self, own: Sequence[Forbidden | Held]) -> None:
        """What stands in general: what is so because of this case by name, the rest as a count; or everything."""
        rest = [each for each in self.against if not each.wanted]
        if self.view.everything:
            self._in_full([each for each in rest if _forbids(each)], "standing")
            self._in_full([each for each in rest if not _forbids(each)], "waiting")
            return
        general = [each for each in rest if each not in own]
        for forms, forbids in ((MUST_NOT, True), (MUST_WAIT, False)):
            self._named([each for each in own if _forbids(each) is forbids], forms)
        counts = (
            (PROHIBITIONS, len([each for each in general if _forbids(each)])),
            (HOLDS, len([each for each in general if not _forbids(each)])),
        )
        parts = [self.speaker.formats.plural(forms, count) for forms, count in counts if count]
        self.page.space()
        if parts:
            self.page.line(self.speaker.say("general", counts=self.speaker.joined(parts)), FAINT)
        self.page.line(self.speaker.say("see_all"), FAINT)

    def _named(self, items: Sequence[Forbidden | Held], forms: Plural) -> None:
        """What is so because of this case, by name: for all, then for some."""
        found = [
            each
            for each in gathered(self.speaker.policy.model, self._all_of(items))
            if not each.wanted and any(one in items for one in each.items)
        ]
        for_all = list(dict.fromkeys(self._name(each) for each in found if not each.by))
        if for_all:
            self.page.space()
            self.page.line(self.speaker.formats.plural(forms, len(for_all), names=self.speaker.few(for_all)))
        for by in dict.fromkeys(each.by for each in found if each.by):
            names = [self._name(each) for each in found if each.by == by]
            names = [each for each in dict.fromkeys(names) if each not in for_all]
            if names:
                self.page.space()
                self.page.line(self._of_some(by, names))

    def _of_some(self, by: Collection[str], names: Sequence[str]) -> str:
        """What some must leave to others."""
        speaker = self.speaker
        acting = {
            role for each in speaker.policy.vocabulary.actions.values() for role in (each.owner, *each.by)
        }
        others = [role for role in speaker.policy.vocabulary.roles if role not in by and role in acting]
        text, roles = ("only_these", others) if 0 < len(others) < len(by) else ("not_these", list(by))
        listed = speaker.labels.listed([speaker.labels.role(role) for role in roles])
        return speaker.say(text, roles=listed, names=speaker.few(names))

    def _in_full(self, items: Sequence[Forbidden | Held], heading: str) -> None:
        found = gathered(self.speaker.policy.model, items)
        if found:
            self.page.heading(self.speaker.say(heading))
        for each in found:
            self.page.bullet(self.speaker.title(self._name(each)), TITLE)
            rows = self._doers(each.items[0])
            held = [item for item in each.items if isinstance(item, Held)]
            needs = list(dict.fromkeys(self._need(item.action, need) for item in held for need in item.needs))
            if needs:
                rows.append(self._row("needs", *needs))
            if until := list(dict.fromkeys(text for item in held for text in self.speaker.untils(item))):
                rows.append(self._row("until", *until))
            reasons = list(dict.fromkeys(reason for item in each.items for reason in item.because))
            self.page.rows([*rows, self._reasons("why", reasons)])

    def _review(self) -> None:
        at = self.decision.review_at
        self.page.space()
        if at is None:
            self.page.line(self.speaker.say("look_again_then"))
        else:
            moment = self.speaker.formats.time(at, self.decision.at)
            self.page.line(self.speaker.say("look_again", at=moment))


class BriefReport(DecisionReport):
    """Writes each part of a decision as one line."""

    def write(self) -> None:
        """Write the page."""
        speaker = self.speaker
        found = agenda(self.decision, self.steps, speaker.reason, SHOWN)
        self._head(self.view.role)
        for block in found.blocks:
            for item in block.items:
                self._line(item)
        self._left(found)
        own = [each for each in self._of_this_case() if each.wanted]
        against = [each for each in gathered(speaker.policy.model, self._all_of(own)) if each.wanted]
        lines = [
            *(("brief.not", self._name(each)) for each in against if _forbids(each.items[0])),
            *(("brief.wait", self._name(each)) for each in against if not _forbids(each.items[0])),
            *(("brief.ask", self._question(each)) for each in self.decision.missing[:SHOWN]),
        ]
        if lines:
            self.page.space()
        for key, text in lines:
            self.page.line(speaker.say(key, text=text))
        if len(self.decision.missing) > SHOWN:
            self.page.line(self._asked())
        self._review()

    def _line(self, item: Item) -> None:
        step, speaker = item.step, self.speaker
        amounts = [speaker.parameter(step.action, name, each) for name, each in step.params.items()]
        what = speaker.joined([self._title(step), *amounts])
        who = self._who(step)[0].paragraphs[0]
        self.page.numbered([(speaker.say("brief.step", what=what), TITLE), *who], item.number)


def _forbids(item: Forbidden | Held) -> bool:
    return isinstance(item, Forbidden)
