"""Prints a decision: what to do first, what must not be done, what comes next, and what to find out."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo

import attrs

from escalation_rules import Case, Decision, Forbidden, Held, Missing, Policy, Reason, Step
from escalation_rules.cli.reports.against import Against, gathered
from escalation_rules.cli.reports.agenda import Agenda, Block, Item, agenda
from escalation_rules.cli.reports.report import ROWS, Report
from escalation_rules.cli.reports.speaker import SHOWN, Speaker
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.policy.conditions import CURRENCY_NEED, AllOf
from escalation_rules.policy.model import Prohibit

FEW_EXCEPTIONS = 2
"""How many exceptions of a group are named where nothing of it is wanted."""
FEWEST_LATE, MOSTLY = 3, 0.75
"""From how many late steps, and from which share of all steps on, the page says once that nearly all are late."""


@attrs.frozen
class View:
    """How much of a decision is shown: `everything`, or one line for each part (`brief`); for one `role` or for all."""

    everything: bool = False
    brief: bool = False
    role: str | None = None


def print_decision(
    kind: type[DecisionReport],
    policy: Policy,
    case: Case,
    decision: Decision,
    zone: tzinfo,
    *,
    language: str,
    view: View,
) -> None:
    """Print the decision as this kind of report; times are in `zone`."""
    speaker = Speaker.of(policy, case, decision, zone, language, in_short=not view.everything)
    labels = [speaker.say("label", label=speaker.say(row)) for row in ROWS]
    page = Page(labels, is_terminal=sys.stdout.isatty())
    general = policy.decide({}, at=decision.at)
    heading = speaker.headed(policy.heading(case, at=decision.at))
    kind(page, speaker, decision, view, general, heading).write()
    streams.write(page.text())


class DecisionReport(Report):
    """Writes the sections of a decision, most important first. `general` is the decision of an empty case: what it forbids
    and holds is not specific to this case. `heading` says what the case is about; "" if the policy declares nothing."""

    def __init__(
        self,
        page: Page,
        speaker: Speaker,
        decision: Decision,
        view: View,
        general: Decision,
        heading: str = "",
    ) -> None:
        super().__init__(page, speaker, decision)
        self.view = view
        self.steps = [step for step in decision.plan if view.role is None or step.owner in {None, view.role}]
        against: tuple[Forbidden | Held, ...] = (*decision.forbidden, *decision.held)
        self.against = [
            restriction
            for restriction in against
            if view.role is None or not restriction.by or view.role in restriction.by
        ]
        self.own = self._of_this_case(general)
        self.heading = heading
        self._said: dict[str, int] = {}
        """The reasons already on the page, with the number of their step."""
        self._beside: dict[int, list[Against]] = {}
        """The prohibitions that are told at a step, by its number."""
        self._all_late = False
        """Whether nearly all steps are late, which is said once at the top."""

    def write(self) -> None:
        found = self._agenda(None if self.view.everything else SHOWN)
        self._top(found)
        self._beside = self._limiting(found)
        self._plan(found.blocks[:1])
        self._blocked(True, "do_not")
        self._plan(found.blocks[1:])
        self._left(found)
        self._blocked(False, "not_yet")
        self._questions()
        self._failed()
        self._findings()
        self._done()
        self._standing()
        self._review()

    def _of_this_case(self, general: Decision) -> list[Forbidden | Held]:
        """The forbidden and held actions that are specific to this case: wanted, or not blocked in an empty case."""
        blocked: tuple[Forbidden | Held, ...] = (*general.forbidden, *general.held)
        always = {
            (type(restriction), restriction.action, reason.rule)
            for restriction in blocked
            for reason in restriction.because
        }
        return [
            restriction
            for restriction in self.against
            if restriction.wanted
            or any(
                (type(restriction), restriction.action, reason.rule) not in always
                for reason in restriction.because
            )
        ]

    def _agenda(self, most: int | None) -> Agenda:
        vocabulary = self.speaker.policy.vocabulary
        return agenda(self.decision, self.steps, vocabulary, self.speaker.reason, most)

    def _top(self, found: Agenda) -> None:
        """The case, what it is about, whether nearly all is late, and what comes first of all."""
        self._head(self.view.role)
        if self.heading:
            self.page.line(self.heading, TITLE)
        shown = [step for block in found.blocks for step in block.items]
        late = self._late_ones(shown)
        if late:
            self._all_late = True
            formats = self.speaker.formats
            slots = {"late": formats.number(len(late)), "at": formats.deadline(min(late), self.decision.at)}
            self.page.line(formats.plural("mostly_late", len(shown), **slots), ALARM)
        self._first_of_others()

    def _late_ones(self, shown: Sequence[Item]) -> list[datetime]:
        """The due times of the late steps if nearly all that are shown are late, and not all is shown in full."""
        late = [
            step.pressing.due for step in shown if step.pressing.overdue and step.pressing.due is not None
        ]
        are_most = len(late) >= FEWEST_LATE and len(late) >= MOSTLY * len(shown)
        return late if are_most and not self.view.everything else []

    def _limiting(self, found: Agenda) -> dict[int, list[Against]]:
        """The prohibitions that limit an action of a step that is shown (for other records, or by some people), by the number
        of the step."""
        if self.view.everything:
            return {}
        shown: dict[str, int] = {}
        planned: set[tuple[str, str | None]] = set()
        for entry in (step for block in found.blocks for step in block.items):
            shown |= {step.action: entry.number for step in entry.whole if step.action not in shown}
            planned |= {(step.action, step.about) for step in entry.whole}
        limiting: dict[int, list[Against]] = {}
        for group in self._gathered([restriction for restriction in self.own if not restriction.wanted]):
            # Who may not do it for records that are not part of the step limits nobody who takes the step.
            is_elsewhere = (
                group.by and group.records and not planned & {(group.named, one) for one in group.records}
            )
            if group.named in shown and not group.wanted and (group.by or group.records) and not is_elsewhere:
                limiting.setdefault(shown[group.named], []).append(group)
        return limiting

    # --- steps --------------------------------------------------------------------------------------------------------

    def _first_of_others(self) -> None:
        """What comes first, if only one role's part is shown and it is another's: whoever reads this may have to see to it."""
        first = next(iter(self.decision.plan), None)
        if first is None or first in self.steps:
            return
        who = [(self.speaker.labels.role(first.owner or ""), ""), *self._due_parts(first, in_short=True)]
        parts = self.speaker.say("comma").join(text for text, _ in who)
        self.page.line(self.speaker.say("first_of_others", what=self._together([first]), who=parts))

    def _plan(self, blocks: Sequence[Block]) -> None:
        last = None
        for block in blocks:
            if block.when != last:
                self.page.heading(self.speaker.say(f"when.{block.when}"))
                last = block.when
            else:
                self.page.space()
            for step in block.items:
                self._step(step, block)

    def _step(self, item: Item, block: Block) -> None:
        step, speaker = item.step, self.speaker
        self.page.item(self._title(item), item.number)
        rows = [Row(speaker.say("label", label=speaker.say("who")), [self._who(item)])]
        if names := self._also(item):
            rows.append(self._row("also", *names))
        rows += self._limits(item)
        if self.view.everything:
            rows = [*self._about(step.about, step.action, step.because), *rows, *self._part_of(step)]
        if parameters := speaker.parameters(step):
            rows.append(self._row("with", *parameters))
        shown = self.view.everything or item.number == 1 or self._speaks_of_the_case(step)
        if shown and (wording := speaker.text(step.say)):
            rows.append(self._row("say", speaker.said(wording, step.say_to)))
        self.page.rows([*rows, *self._why(item, block)])

    def _speaks_of_the_case(self, step: Step) -> bool:
        """Whether the text to say differs from the action's default, which people need not be told."""
        return step.say != self.speaker.policy.vocabulary.actions[step.action].say

    def _title(self, item: Item) -> str:
        """The action, with all its records in this item."""
        action = item.step.action
        return self.speaker.title(self._together([step for step in item.whole if step.action == action]))

    def _together(self, steps: Sequence[Step]) -> str:
        """An action with the records of its steps."""
        because = [reason for step in steps for reason in step.because]
        return self._action(steps[0].action, [step.about for step in steps if step.about], because)

    def _also(self, item: Item) -> list[str]:
        """The other actions that are done together with a step; how late they are, if the step is not."""
        found = []
        for name in dict.fromkeys(step.action for step in item.parts if step.action != item.step.action):
            steps = [step for step in item.parts if step.action == name]
            text = self._together(steps)
            late = [step for step in steps if step.overdue] if self._part_is_late(item) else []
            if late:
                first = min(late, key=lambda step: step.due or self.decision.at)
                text = self.speaker.say(
                    "late_part", what=text, late=self._due_parts(first, in_short=True)[0][0]
                )
            found.append(text)
        return found

    def _limits(self, item: Item) -> list[Row]:
        """For which records, and by whom, an action of this step must not be done, or not yet."""
        rows: dict[str, list[str]] = {}
        for group in self._beside.get(item.number, ()):
            name, text = self._limit(item, group)
            rows.setdefault(name, []).append(text)
        return [self._row(name, *texts) for name, texts in rows.items()]

    def _limit(self, item: Item, found: Against) -> tuple[str, str]:
        speaker, because = self.speaker, found.items[0].because
        planned = [step.about for step in item.whole if step.action == found.named]
        records = [record for record in found.records if record not in planned]
        about = speaker.few([speaker.short_record(record, found.named, because) for record in records])
        action = "" if found.named == item.step.action else speaker.labels.action(found.named)
        if action and about:
            action = speaker.say("about_line", action=action, about=about)
        if not found.by:
            return "but_not" if found.forbids else "but_later", action or speaker.say(
                "for_records", records=about
            )
        roles = speaker.labels.roles(found.by)
        what = action or (speaker.say("for_records", records=about) if about else "")
        return "but_not_by", speaker.say("about_line", action=roles, about=what) if what else roles

    def _who(self, item: Item) -> list[tuple[str, str]]:
        """The owner and the due time, on one line. What is late is to be done now: by how much is said once at the top if
        nearly all is late, and beside the part if only a part is."""
        step, first = item.step, item.pressing
        who = self.speaker.labels.role(step.owner) if step.owner else self.speaker.say("anybody")
        if (self._all_late and first.overdue) or self._part_is_late(item):
            due = [(self.speaker.say("overdue_now"), "")]
        else:
            due = self._due_parts(first, in_short=self.view.brief)
            due = [(text, "") for text, _ in due] if self._all_late else due
            due += self._due_there(item)
        return [(who, ""), *([(self.speaker.say("comma"), "")] if due else []), *due]

    def _due_there(self, item: Item) -> list[tuple[str, str]]:
        """The due time of a talk where the customer is, if it is not late and the time there is another one."""
        group, there = self.speaker.policy.vocabulary.goes.get(item.step.action), self.speaker.there
        due = item.pressing.due
        if there is None or due is None or item.pressing.overdue or group is None or not group.go_for_each:
            return []
        return [(self.speaker.say("due_there", at=there.deadline(due, self.decision.at)), "")]

    def _part_is_late(self, item: Item) -> bool:
        """Whether only a part is late that is named beside the step."""
        return item.pressing.overdue and not (item.step.overdue or self._all_late or self.view.brief)

    def _why(self, item: Item, block: Block) -> list[Row]:
        """The reasons of a step. Each is shown once on the page; reasons common to a block are shown at its last step."""
        is_last = item == block.items[-1]
        opens = self._opens_way(item.step)
        because = [
            reason
            for reason in item.step.because
            if self.view.everything or not opens or reason.effect != "hold"
        ]
        texts = {self.speaker.reason(reason): reason for reason in because}
        if self.view.everything:
            new = [
                reason
                for text, reason in texts.items()
                if text not in self._said and (is_last or text not in block.shared)
            ]
        elif said := [self._said[text] for text in texts if text in self._said]:
            number = self.speaker.formats.number(min(said))
            return [self._row("why", *opens, self.speaker.say("same_reason", number=number))]
        else:
            # One reason is enough; prefer one that all steps of the block share.
            shared = [reason for text, reason in texts.items() if text in block.shared]
            new = (shared or list(texts.values()))[:1] if is_last else []
        self._said |= {self.speaker.reason(reason): item.number for reason in new}
        return [self._reasons("why", new, *opens, with_basis=self.view.everything)] if new or opens else []

    def _opens_way(self, step: Step) -> list[str]:
        """The steps that are released by this step; if it releases a hold, its reasons are those of the hold."""
        rules = {reason.rule for reason in step.because if reason.effect == "hold"}
        waiting = [
            held_step
            for held_step in self.decision.held
            if held_step.wanted
            and rules & {one.rule for one in held_step.because}
            and not self._comes_instead(step, held_step)
        ]
        names = list(dict.fromkeys(self.speaker.labels.action(held_step.action) for held_step in waiting))
        return [self.speaker.say("opens_way", names=self.speaker.few(names))] if names else []

    def _comes_instead(self, step: Step, held: Held) -> bool:
        """Whether a step comes instead of what is held: the hold also waits for a fact that its own rule tests, so it lasts
        as long as the rule applies."""
        for rule in (self.speaker.policy.model.rule(reason.rule) for reason in held.because):
            if rule is None or rule.when is None:
                continue
            tested = {name.text for name in rule.when.names()}
            for effect in rule.prohibits:
                if step.action in effect.acts_needed and isinstance(effect.until, AllOf):
                    facts = [{name.text for name in part.names()} for part in effect.until.conditions]
                    if any(fact and fact <= tested for fact in facts):
                        return True
        return False

    def _left(self, found: Agenda) -> None:
        """The number of steps not shown, and those of them that are overdue."""
        speaker = self.speaker
        if not self.steps:
            self.page.space()
            self.page.line(speaker.say("nothing_now" if not self.decision.plan else "nothing_for_you"))
        if not found.left:
            return
        text = speaker.formats.plural("more_steps", len(found.left))
        late = [speaker.labels.action(step.step.action) for step in found.left if step.pressing.overdue]
        self.page.space()
        self.page.line(text)
        if late:
            names = speaker.few(list(dict.fromkeys(late)))
            self.page.line(speaker.formats.plural("late_steps", len(late), names=names), ALARM)

    # --- prohibitions -------------------------------------------------------------------------------------------------

    def _blocked(self, forbids: bool, heading: str) -> None:
        """The wanted actions that are forbidden or held."""
        found = [group for group in self._gathered(self.own) if group.wanted and group.forbids is forbids]
        if found:
            self.page.heading(self.speaker.say(heading))
        for group in found:
            self.page.bullet(self.speaker.title(self._name(group)), TITLE)
            self.page.rows([*self._included(group), *self._standing_rows(group)])

    def _gathered(self, items: Sequence[Forbidden | Held]) -> list[Against]:
        """The items grouped for display. A group is recognised by all actions that its rule prohibits."""
        rules = {
            one.rule for restriction in items for one in restriction.because if one.effect != "recommend"
        }
        ruled_out = [
            restriction
            for restriction in self.against
            if restriction in items or rules & {one.rule for one in restriction.because}
        ]
        actions = {(restriction.action, restriction.about) for restriction in items}
        return [
            group
            for group in gathered(self.speaker.policy.model, ruled_out, fully=self.view.everything)
            if any((one.action, one.about) in actions for one in group.items)
        ]

    def _included(self, found: Against) -> list[Row]:
        """The wanted steps that a group prohibits."""
        if found.named not in self.speaker.policy.vocabulary.groups:
            return []
        names = list(
            dict.fromkeys(self.speaker.labels.action(restriction.action) for restriction in found.wanted)
        )
        return [self._row("includes", self.speaker.few(names))]

    def _standing_rows(self, found: Against) -> list[Row]:
        """The roles concerned, what releases it, and the reasons; with `everything`, also the rules and the
        reasons in favour."""
        items = found.wanted or found.items
        held = [restriction for restriction in items if isinstance(restriction, Held)]
        rows = self._doers(items[0])
        rows += [self._due(held_step) for held_step in held if held_step.due is not None]
        whole = found.named in self.speaker.policy.vocabulary.groups and self.view.everything
        needs = [] if whole else [need for one in held for need in self._first_of(one)]
        before = (
            []
            if needs or self.view.everything
            else [need for one in held for need in self._steps_before(one)]
        )
        if needs or before:
            rows.append(self._row("needs", *dict.fromkeys(needs or before)))
        until = [
            text for held_step in held for text in self.speaker.untils(held_step, whole=self.view.everything)
        ]
        is_told = needs or (before and not any(self._waits_for_time(held_step) for held_step in held))
        if until and (self.view.everything or not is_told):
            rows.append(self._row("until", *dict.fromkeys(until)))
        if self.view.everything:
            rows.append(self._reasons("why", found.reasons))
            wanted = () if found.disagree else found.wanted
            return [*rows, *(row for restriction in wanted for row in self._in_favour(restriction.because))]
        decided = [reason for reason in found.reasons if not reason.undecided]
        decided = decided if found.disagree else decided[:1]
        return [*rows, *([self._reasons("why", decided, with_basis=False)] if decided else [])]

    def _first_of(self, held: Held) -> list[str]:
        """What releases a hold. Where no amount is set in the currency of the case, a planned step that ends the hold comes
        instead of the question for one."""
        ends = self._ends(held)
        needs = [need for need in held.needs if not (ends and need.name == CURRENCY_NEED)]
        acts = [
            self._by_whom(act, self.speaker.labels.action(act))
            for act in ends
            if len(needs) < len(held.needs)
        ]
        said = [(need, self._need(held.action, need)) for need in needs]
        return [
            *acts,
            *(self._by_whom(need.name, text) if need.kind == "act" else text for need, text in said),
        ]

    def _by_whom(self, action: str, text: str) -> str:
        """An act, and who does it, if only the part of another role is shown."""
        declared, labels = self.speaker.policy.vocabulary.actions[action], self.speaker.labels
        able = declared.roles_named or ((declared.owner,) if declared.owner is not None else ())
        if self.view.role is None or not able or self.view.role in able:
            return text
        return self.speaker.say(
            "task.by", act=text, roles=labels.listed([labels.role(role) for role in able])
        )

    def _ends(self, held: Held) -> list[str]:
        """The planned actions that end a hold."""
        acts = {name for effect in self._holding(held) for name in effect.acts_needed}
        return list(dict.fromkeys(step.action for step in self.decision.plan if step.action in acts))

    def _holding(self, held: Held) -> list[Prohibit]:
        """The effects that hold an action."""
        rules = [self.speaker.policy.model.rule(reason.rule) for reason in held.because]
        effects = [effect for rule in rules if rule is not None for effect in rule.prohibits]
        return [effect for effect in effects if held.action in effect.actions]

    def _steps_before(self, held: Held) -> list[str]:
        """The planned steps that the policy puts before an action that waits for no particular act and no answer."""
        followers = self.speaker.policy.vocabulary.followers
        names = dict.fromkeys(step.action for step in self.decision.plan)
        return [
            self.speaker.labels.action(action) for action in names if held.action in followers.get(action, ())
        ]

    def _waits_for_time(self, held: Held) -> bool:
        """Whether the end of a hold may come by time alone."""
        return any(effect.until is not None and effect.until.timed for effect in self._holding(held))

    def _to_ask(self) -> list[Missing]:
        """The questions, without the one for an amount in the currency if a step of the plan ends what waits for it."""
        waiting = [held_step for held_step in self.decision.held if held_step.wanted and
                   any(need.name == CURRENCY_NEED for need in held_step.needs)]  # fmt: skip
        is_moot = bool(waiting) and all(self._ends(held_step) for held_step in waiting)
        return [
            missing for missing in self.decision.missing if not (is_moot and missing.fact == CURRENCY_NEED)
        ]

    def _name(self, found: Against) -> str:
        """The name of a group with its exceptions, or of an action, with the records that it is about."""
        speaker, groups = self.speaker, self.speaker.policy.vocabulary.groups
        action, because = found.items[0].action, found.items[0].because
        everywhere = not (found.wanted or self.view.everything) and speaker.are_all(
            found.records, action, because
        )
        records = [] if everywhere else found.records
        if found.named not in groups:
            return self._action(action, records, because)
        label = speaker.labels.text(groups[found.named].label, found.named)
        label = self._of_records(label, records, action, because)
        if not found.spared:
            return speaker.say("anything", group=label)
        if len(found.spared) > FEW_EXCEPTIONS and not (found.wanted or self.view.everything):
            return speaker.say("anything_with_exceptions", group=label)
        names = speaker.few([speaker.labels.action(spared) for spared in found.spared])
        return speaker.say("anything_except", group=label, names=names)

    def _action(self, name: str, records: Sequence[str], because: Sequence[Reason]) -> str:
        return self._of_records(self.speaker.labels.action(name), records, name, because)

    def _of_records(self, label: str, records: Sequence[str], action: str, because: Sequence[Reason]) -> str:
        if not records:
            return label
        about = self.speaker.few([self.speaker.short_record(record, action, because) for record in records])
        return self.speaker.say("about_line", action=label, about=about)

    # --- questions and findings ---------------------------------------------------------------------------------------

    def _questions(self) -> None:
        missing = self._to_ask()
        if missing:
            self.page.heading(self._asked())
        for index, question in enumerate(missing[:SHOWN], 1):
            self.page.item(self._question(question), index, style="")

    def _asked(self) -> str:
        count = len(self._to_ask())
        number = self.speaker.formats.number
        if count <= SHOWN:
            return self.speaker.say("find_out", count=number(count))
        return self.speaker.say("find_out_first", shown=number(SHOWN), count=number(count))

    def _failed(self) -> None:
        failures = self._failures()
        if failures:
            self.page.heading(self.speaker.say("failures"))
        for failure in failures:
            self.page.bullet(self.speaker.title(failure))

    def _findings(self) -> None:
        if self.decision.findings:
            self.page.heading(self.speaker.say("findings"))
        names = {finding.fact for finding in self.decision.findings}
        for finding in self.decision.findings:
            declared = self.speaker.policy.vocabulary.declaration(finding.fact)
            value = self.speaker.say("undecided")
            if isinstance(finding.value, str):
                value = self.speaker.labels.value(declared, finding.value)
            listed = finding.fact.partition(".")[0]
            what = self.speaker.record_of(listed, finding.about) if finding.about else ""
            if what and len(names) == 1 and not self.view.everything:
                self.page.bullet(self.speaker.say("finding_alone", what=what, value=value))
                continue
            label = self.speaker.labels.fact(finding.fact)
            self.page.bullet(self.speaker.say("finding", what=what, fact=label, value=value))

    def _done(self) -> None:
        if self.decision.done:
            self.page.heading(self.speaker.say("done"))
        for step in self.decision.done:
            action = self.speaker.title(self.speaker.action(step.action, step.about, step.because))
            by = self.speaker.say("comma").join([self._party(step.by), *self.speaker.parameters(step)])
            self.page.bullet(
                self.speaker.say(
                    "done_line", action=action, by=by, at=self.speaker.formats.time(step.at, self.decision.at)
                )
            )

    # --- footer -------------------------------------------------------------------------------------------------------

    def _standing(self) -> None:
        """The prohibitions of steps that are not wanted: those specific to this case by name, or all in full."""
        rest = [restriction for restriction in self.against if not restriction.wanted]
        if self.view.everything:
            self._in_full(rest)
            return
        own = [restriction for restriction in self.own if not restriction.wanted]
        told = [group for listed in self._beside.values() for group in listed]
        for name, forbids in (("forbidden_too", True), ("waiting_too", False)):
            self._named(
                [group for group in self._gathered(own)
                 if not group.wanted and group.forbids is forbids and group not in told], name,
            )  # fmt: skip
        self.page.space()
        self.page.line(self.speaker.say("see_all"), FAINT)

    def _named(self, found: Sequence[Against], name: str) -> None:
        """The prohibitions specific to this case by name, first those for everybody; `name` is the name of the text.

        What only some roles must leave to others for some records is of use beside a step; here, only to such a role.
        """
        groups = self.speaker.policy.vocabulary.groups
        if self.view.role is None:
            found = [
                group for group in found if not (group.by and group.records and group.named not in groups)
            ]
        for_all = list(dict.fromkeys(self._name(group) for group in self._for_all(found)))
        if for_all:
            self.page.space()
            self.page.line(self.speaker.say(name, names=self.speaker.few(for_all)))
        for by in dict.fromkeys(group.by for group in found if group.by):
            names = dict.fromkeys(self._name(group) for group in found if group.by == by)
            if left := [title for title in names if title not in for_all]:
                self.page.space()
                self.page.line(self._of_some(by, left))

    def _for_all(self, found: Sequence[Against]) -> list[Against]:
        """What nobody may do in this case. A record is not named where its whole list is meant; without a role, nothing is
        said of records that the case does not have."""
        told = [
            group for group in found if not group.by and (self.view.role is not None or self._is_here(group))
        ]
        whole = {group.named for group in told if not group.records}
        return [group for group in told if not (group.records and group.named in whole)]

    def _is_here(self, group: Against) -> bool:
        """Whether the case has a record that the action could be about, if it is about one."""
        vocabulary = self.speaker.policy.vocabulary
        declared = vocabulary.actions.get(group.named)
        listed = None if declared is None else declared.about
        return (
            listed is None
            or listed not in vocabulary.records
            or bool(self.speaker.snapshot.records.get(listed))
        )

    def _of_some(self, by: Collection[str], names: Sequence[str]) -> str:
        """The actions that some roles must leave to others."""
        speaker = self.speaker
        acting = {
            role
            for action in speaker.policy.vocabulary.actions.values()
            for role in (action.owner, *action.by)
        }
        others = [role for role in speaker.policy.vocabulary.roles if role not in by and role in acting]
        text, roles = ("only_these", others) if 0 < len(others) < len(by) else ("not_these", list(by))
        listed = speaker.labels.listed([speaker.labels.role(role) for role in roles])
        return speaker.say(text, roles=listed, names=speaker.few(names))

    def _in_full(self, items: Sequence[Forbidden | Held]) -> None:
        found = gathered(self.speaker.policy.model, items, fully=True)
        for heading, forbids in (("standing", True), ("waiting", False)):
            listed = [group for group in found if group.forbids is forbids]
            if listed:
                self.page.heading(self.speaker.say(heading))
            for group in listed:
                self.page.bullet(self.speaker.title(self._name(group)), TITLE)
                self.page.rows(self._standing_rows(group))

    def _review(self) -> None:
        at = self.decision.review_at
        self.page.space()
        if at is None:
            self.page.line(self.speaker.say("look_again_then"))
        else:
            moment = self.speaker.formats.time(at, self.decision.at)
            self.page.line(self.speaker.say("look_again", at=moment))
