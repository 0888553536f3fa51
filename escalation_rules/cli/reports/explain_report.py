"""Prints an explanation: the shortest true answer first, then its basis."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import tzinfo

from escalation_rules import Case, Decision, DoneStep, Finding, Forbidden, Held, Missing, Policy, Reason, Step
from escalation_rules.calendar import Deadline
from escalation_rules.cli.reports.evidence import Evidence
from escalation_rules.cli.reports.report import Report
from escalation_rules.cli.reports.speaker import SHOWN, Speaker
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.decision import (
    EndView,
    Explanation,
    Gone,
    LimitView,
    Part,
    PartView,
    RuleView,
    TimeView,
    Uncounted,
)
from escalation_rules.policy.model import Forbid, Hold, Rule
from escalation_rules.words.labels import deadline_said

LABELS = ("about", "joins", "due", "it_takes", "facts", "why", "in_favour", "until", "needs", "waits", "found", "where",
          "forbids", "holds", "limit")  # fmt: skip
NEAREST = 3
"""The number of rules shown in full that could have recommended an action."""
SECTIONS: tuple[tuple[str, type], ...] = (
    ("do_not", Forbidden), ("do_now", Step), ("not_yet", Held), ("asked", Missing), ("done", DoneStep)
)  # fmt: skip
STANDING: tuple[tuple[str, type], ...] = (("standing", Forbidden), ("waiting", Held))


def print_explanation(
    policy: Policy, case: Case, decision: Decision, explanation: Explanation, zone: tzinfo, *, language: str
) -> None:
    """Print the explanation; times are in `zone`."""
    speaker = Speaker.of(policy, case, decision, zone, language)
    labels = [speaker.say("label", label=speaker.say(label)) for label in LABELS]
    page = Page(labels, is_terminal=sys.stdout.isatty())
    ExplainReport(page, speaker, decision).write_explanation(explanation)
    streams.write(page.text())


class ExplainReport(Report):
    """Writes an explanation."""

    def __init__(self, page: Page, speaker: Speaker, decision: Decision) -> None:
        super().__init__(page, speaker, decision)
        self.evidence = Evidence(speaker)

    def write_explanation(self, explanation: Explanation) -> None:
        about = explanation.about
        rule = self.speaker.policy.model.rule(about) if about else None
        if about is None:
            self._whole(explanation.parts)
        elif explanation.gone is not None:
            self._gone(explanation.gone)
        elif rule is not None:
            self._rule(rule, explanation.rules)
        else:
            self._action(about, explanation)
        if about is not None:
            self._as_of()

    def _as_of(self) -> None:
        speaker, at = self.speaker, self.decision.at
        slots = {"at": speaker.formats.instant(at), "offset": speaker.formats.offset(at)}
        self.page.space()
        self.page.line(speaker.say("as_of", case=self.decision.case or speaker.say("no_id"), **slots), FAINT)

    # --- one rule -----------------------------------------------------------------------------------------------------

    def _rule(self, rule: Rule, views: Sequence[RuleView]) -> None:
        """The state of a rule for each record, what would make it apply, and its content."""
        for number, view in enumerate(views[:SHOWN]):
            if number:
                self.page.space()
            bans = [effect for effect in rule.prohibits if effect.where is not None]
            beyond = len(bans) == len(rule.effects) and _is_beyond(view.limits)
            self.page.line(
                self.speaker.say("rule.beyond" if beyond else f"rule.{view.standing}", rule=rule.id), TITLE
            )
            rows = [*self._about_of(view), *self._banned(rule, bans), *self._limited(view.limits)]
            rows += self._ends(view)
            if view.standing != "holds":
                rows.append(self._takes(view))
            if view.overridden_by:
                names = self.speaker.joined(view.overridden_by)
                rows.append(self._row("facts", self.speaker.say("rule.overridden", rules=names)))
            self.page.rows([*rows, *self._concluded(rule, view), *self._facts(view, brief=False)])
            if number == 0 or view.text != views[number - 1].text:
                self.page.rows([self._reason(view)])
        if len(views) > SHOWN:
            self.page.space()
            self.page.line(self.speaker.formats.plural("more", len(views) - SHOWN), FAINT)

    def _concluded(self, rule: Rule, view: RuleView) -> list[Row]:
        """The value that the rule concluded; omitted for a flag."""
        names = {conclusion.name for conclusion in rule.concludes if conclusion.alternatives}
        found = [
            finding
            for finding in self.decision.findings
            if finding.fact in names and finding.about == view.about
        ]
        return [self._row("found", self._finding(finding)) for finding in found]

    def _finding(self, finding: Finding) -> str:
        labels = self.speaker.labels
        value = self.speaker.say("undecided")
        if isinstance(finding.value, str):
            declared = self.speaker.policy.vocabulary.declaration(finding.fact)
            value = labels.quoted(labels.value(declared, finding.value))
        return self.speaker.say("parameter", label=labels.fact(finding.fact), value=value)

    def _gone(self, gone: Gone) -> None:
        """Which rule or layer removed the rule, where, and why."""
        speaker = self.speaker
        rows = [self._row("where", streams.place(gone.place))]
        if gone.by is None:
            self.page.line(speaker.say("rule.disabled", rule=gone.rule), TITLE)
            self.page.rows([*rows, self._row("why", speaker.text(gone.text))])
            return
        self.page.line(speaker.say("rule.replaced", rule=gone.rule, by=gone.by), TITLE)
        by = speaker.policy.model.rule(gone.by)
        principle, source = (by.principle, by.source) if by is not None else (None, None)
        reason = Reason(gone.by, "recommend", principle, source, gone.text)
        self.page.rows([*rows, self._reasons("why", [reason])])

    # --- one action ---------------------------------------------------------------------------------------------------

    def _action(self, action: str, explanation: Explanation) -> None:
        """The decision about an action; if nothing recommends it, what would."""
        label = self.speaker.title(self.speaker.labels.action(action))
        for number, part in enumerate(explanation.parts):
            if number:
                self.page.space()
            self.page.line(self.speaker.say(f"answer.{_kind(part.part)}", action=label), TITLE)
            self.page.rows(self._part(part))
        self._uncounted(action, explanation.uncounted)
        if not any(_is_wanted(part.part) for part in explanation.parts):
            self._unplanned(label, explanation)
        self._limits(action, explanation.limits)

    def _unplanned(self, label: str, explanation: Explanation) -> None:
        """That an action is not in the plan, and the rules that could recommend it."""
        if explanation.parts:
            self.page.space()
        else:
            self.page.line(self.speaker.say("answer.unplanned", action=label), TITLE)
        count = len(explanation.rules)
        unasked = "unasked_too" if explanation.parts else "unasked"
        ends = [rule.id for rule in self.speaker.policy.model.rules
                if any(explanation.about in [*effect.acts_needed] for effect in rule.prohibits)]  # fmt: skip
        if not count and ends:
            self.page.line(self.speaker.say("ends_hold", rules=self.speaker.few(ends)))
        else:
            self.page.line(self.speaker.say((unasked, "would_ask")[count] if count < 2 else "would_ask_one"))
        self._nearest(explanation.rules)

    def _limits(self, action: str, views: Sequence[RuleView]) -> None:
        """The other rules that forbid or hold an action: to what extent, and whether they apply now."""
        if views:
            self.page.space()
            self.page.line(self.speaker.say("limits"))
        for view in views[:NEAREST]:
            rule = self.speaker.policy.model.rule(view.rule)
            effects = [effect for effect in (rule.prohibits if rule else ()) if action in effect.actions]
            limits = [limit for limit in view.limits if limit.action == action]
            beyond = all(effect.where is not None for effect in effects) and _is_beyond(limits)
            self.page.space()
            self.page.item(
                self.speaker.say("rule.beyond" if beyond else f"rule.{view.standing}", rule=view.rule)
            )
            rows = [*self._about_of(view), *self._banned(rule, effects), *self._limited(limits)]
            rows += self._ends(view, action)
            if view.standing != "holds":
                rows.append(self._takes(view))
            self.page.rows([*rows, *self._facts(view, brief=True), self._reason(view)])
        self._by_name(views, NEAREST)

    def _banned(self, rule: Rule | None, effects: Sequence[Forbid | Hold]) -> list[Row]:
        """What prohibitions of a rule say."""
        scope = rule.for_each if rule is not None else None
        return [
            self._row(
                "forbids" if effect.head == "forbid" else "holds",
                *map(self.speaker.title, self.speaker.wording.effect(effect, scope)),
            )
            for effect in effects
        ]

    def _limited(self, limits: Sequence[LimitView]) -> list[Row]:
        """Whether limits cover the steps that are wanted now, with the values that they read."""
        speaker, said = self.speaker, []
        for limit in limits:
            known = {
                name: speaker.parameter(limit.action, name, value) for name, value in limit.params.items()
            }
            known |= dict.fromkeys(limit.unknown, speaker.say("not_known"))
            values = [speaker.say("parameter", label=speaker.labels.parameter(limit.action, name), value=value)
                      for name, value in sorted(known.items())]  # fmt: skip
            word = {True: "covers", False: "beyond", None: "undecided"}[limit.covers]
            said.append(speaker.say(f"limit.{word}", values=speaker.joined(values)))
        return [self._row("limit", *dict.fromkeys(said))] if said else []

    def _ends(self, view: RuleView, action: str | None = None, about: str | None = None) -> list[Row]:
        """How far the end of a hold has come: its tests, and the recorded acts that they ask about."""
        return [
            self._row("so_far", *self._end(view, end))
            for end in view.ends
            if action is None or end.action is None or (end.action, about or end.about) == (action, end.about)
        ]

    def _end(self, view: RuleView, end: EndView) -> Iterator[str]:
        speaker, formats = self.speaker, self.speaker.formats
        yield speaker.say(_ENDED[end.ended])
        for atom in end.atoms if len(end.atoms) > 1 else ():
            yield speaker.title(speaker.say(_NOW[atom.truth], text=self.evidence.sentence(view, atom)))
        for act in end.acts[:SHOWN]:
            known = [
                speaker.say(
                    "parameter",
                    label=speaker.labels.parameter(act.action, name),
                    value=speaker.parameter(act.action, name, value),
                )
                for name, value in sorted(act.params.items())
            ]
            done = speaker.joined([self._party(act.by), formats.instant(act.at), *known])
            text = speaker.say("namely", text=speaker.title(speaker.labels.action(act.action)), value=done)
            yield speaker.say(_COUNTS[act.counts], text=text)
        if len(end.acts) > SHOWN:
            yield formats.plural("more", len(end.acts) - SHOWN)
        if end.turns_at is not None:
            yield speaker.say("end.turns_at", at=formats.instant(end.turns_at))

    def _uncounted(self, action: str, acts: Sequence[Uncounted]) -> None:
        """The recorded acts that complete no step, and why."""
        if acts:
            self.page.space()
            self.page.line(self.speaker.say("uncounted"))
        for act in acts[:SHOWN]:
            formats, labels = self.speaker.formats, self.speaker.labels
            title = self.speaker.action(action, act.about)
            slots = {
                "outcome": labels.quoted(labels.outcome([action], act.outcome)),
                "since": formats.instant(act.since) if act.since is not None else "",
            }
            value = f"{self._party(act.by)}, {formats.instant(act.at)}"
            done = self.speaker.say("parameter", label=self.speaker.title(title), value=value)
            why = self.speaker.say(f"uncounted.{act.why}", **slots)
            self.page.bullet(self.speaker.say("namely", text=done, value=why))
        if len(acts) > SHOWN:
            self.page.line(self.speaker.formats.plural("more", len(acts) - SHOWN), FAINT)

    def _nearest(self, views: Sequence[RuleView]) -> None:
        """The rules that need the fewest changes in full, the others by name."""
        shown = views[:NEAREST]
        for view in shown:
            self.page.space()
            self.page.item(self.speaker.title(self.speaker.say("rule", rule=view.rule)))
            self.page.rows([*self._about_of(view), self._takes(view), self._reason(view)])
        self._by_name(views, len(shown))

    def _by_name(self, views: Sequence[RuleView], shown: int) -> None:
        """The names of the rules after the first ones, which are shown in full."""
        rest = dict.fromkeys(view.rule for view in views[shown:])
        names = [name for name in rest if name not in {view.rule for view in views[:shown]}]
        if names:
            self.page.space()
            self.page.line(self.speaker.say("further", names=self.speaker.few(names)), FAINT)

    # --- the whole decision -------------------------------------------------------------------------------------------

    def _whole(self, parts: Sequence[PartView]) -> None:
        """Each part of the decision with its rules, in the order of `decide`."""
        self._head()
        for failure in self._failures():
            self.page.line(self.speaker.say("failure", what=self.speaker.sentence(failure)), ALARM)
        for heading, kind in SECTIONS:
            chosen = [part for part in parts if isinstance(part.part, kind) and _is_wanted(part.part)]
            if chosen:
                self.page.heading(self.speaker.say(heading))
            for number, part in enumerate(chosen, 1):
                if number > 1:
                    self.page.space()
                self.page.item(self._title(part.part), number)
                self.page.rows(self._part(part))
        for heading, kind in STANDING:
            chosen = [part for part in parts if isinstance(part.part, kind) and not _is_wanted(part.part)]
            if chosen:
                self.page.heading(self.speaker.say(heading))
            for part in chosen:
                self.page.bullet(self._in_short(part))

    def _in_short(self, view: PartView) -> str:
        """A part that nothing recommends, with the rules against it and their tests, in one paragraph."""
        part, speaker = view.part, self.speaker
        if isinstance(part, Missing):
            return ""
        reasons = [
            speaker.say(
                "namely",
                text=speaker.joined(self._tests(rule_view)),
                value=speaker.say("rule", rule=rule_view.rule),
            )
            for rule_view in view.rules
        ]
        action = speaker.title(speaker.action(part.action, part.about, part.because))
        return speaker.say("parameter", label=action, value=speaker.say("parts").join(reasons))

    def _title(self, part: Part) -> str:
        if isinstance(part, Missing):
            return self._question(part)
        return self.speaker.title(self.speaker.labels.action(part.action))

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _part(self, view: PartView) -> list[Row]:
        """A part of the decision: the record, what releases it, and its rules with their tests."""
        part = view.part
        if isinstance(part, Missing):
            return self._waiting(view)
        rows = self._about(part.about, part.action, part.because)
        if isinstance(part, Step):
            rows += self._part_of(part)
        if isinstance(part, (Step, Held)):
            rows += self._times(part, view.times)
        if isinstance(part, DoneStep):
            done = self.speaker.formats.instant(part.at)
            rows.append(self._row("by", f"{self._party(part.by)}, {done}"))
        if isinstance(part, Held):
            if until := self.speaker.untils(part):
                rows.append(self._row("until", *until))
            rows += [
                row for rule_view in view.rules for row in self._ends(rule_view, part.action, part.about)
            ]
            if part.needs:
                rows.append(self._row("needs", *(self._need(part.action, need) for need in part.needs)))
        wanted_too = {reason.rule for reason in part.because if reason.effect == "recommend"}
        for rule_view in view.rules:
            against = isinstance(part, (Forbidden, Held)) and rule_view.rule in wanted_too
            rows += [
                self._reason(rule_view, "in_favour" if against else "why"),
                *self._facts(rule_view, brief=True),
            ]
        return rows

    def _times(self, step: Step | Held, times: Sequence[TimeView]) -> list[Row]:
        """When a step is due; for each time limit, from when it counts and the rule that states it."""
        if not times:
            return []
        speaker, formats = self.speaker, self.speaker.formats
        paragraphs = [self._due_parts(step)]
        for timing in times:
            deadline = Deadline.parse(timing.within)
            key = "time.before" if deadline.before else "time.from"
            time = deadline_said(deadline, None, speaker.language, formats)
            said = speaker.say(key, time=time, since=formats.instant(timing.since))
            notes = [
                *([speaker.say("time.due", at=formats.deadline(timing.due))] if timing.due is not None else []),
                *(speaker.say(f"time.{name}") for name in ("anew", "stood_still", "paused", "taken_over")
                  if getattr(timing, name)),
            ]  # fmt: skip
            text = speaker.say("parts").join([said, *notes])
            paragraphs.append(
                [(speaker.say("namely", text=text, value=speaker.say("rule", rule=timing.rule)), FAINT)]
            )
        return [Row(speaker.say("label", label=speaker.say("due")), paragraphs)]

    def _waiting(self, view: PartView) -> list[Row]:
        """The rules that wait for an answer: the first with its open tests, the others by name."""
        rows: list[Row] = []
        for rule_view in view.rules[:1]:
            rows += [self._reason(rule_view, "waits"), *self._facts(rule_view, brief=True)]
        names = dict.fromkeys(rule_view.rule for rule_view in view.rules)
        if rest := list(names)[1:]:
            rows.append(self._row("waits", self.speaker.say("further", names=self.speaker.few(rest))))
        return rows

    def _about_of(self, view: RuleView) -> list[Row]:
        rule = self.speaker.policy.model.rule(view.rule)
        if view.about is None or rule is None or rule.for_each is None:
            return []
        return [self._row("about", self.speaker.record_of(rule.for_each, view.about))]

    def _takes(self, view: RuleView) -> Row:
        """What would have to change."""
        wishes = self.evidence.wishes(view)
        if not wishes:
            wishes = [self.speaker.say("never")]
        paragraphs = [[(wish, "")] for wish in wishes]
        if deciders := self.evidence.deciders(view):
            paragraphs.append([(self.speaker.say("concluded_by", rules=self.speaker.few(deciders)), FAINT)])
        return Row(self.speaker.say("label", label=self.speaker.say("it_takes")), paragraphs)

    def _facts(self, view: RuleView, *, brief: bool) -> list[Row]:
        facts = self._tests(view) if brief else self.evidence.facts(view, brief=False)
        return [self._row("facts", *facts)] if facts else []

    def _tests(self, view: RuleView) -> list[str]:
        """The tests that decide, or that are open."""
        facts = self.evidence.facts(view, brief=True)
        return facts or ([self.speaker.say("always")] if view.standing == "holds" else [])

    def _reason(self, view: RuleView, label: str = "why") -> Row:
        undecided = view.standing == "undecided" and label == "why"
        reason = Reason(view.rule, "recommend", view.principle, view.source, view.text, undecided)
        return self._reasons(label, [reason])


_ENDED = {True: "ended.true", False: "ended.false", None: "ended.open"}
_NOW = {True: "end.true", False: "end.false", None: "end.open"}
_COUNTS = {True: "end.counts", False: "end.does_not_count", None: "end.may_count"}


def _is_beyond(limits: Sequence[LimitView]) -> bool:
    """Whether there are steps, and none is covered."""
    return bool(limits) and all(limit.covers is False for limit in limits)


def _is_wanted(part: Part) -> bool:
    return part.wanted if isinstance(part, (Forbidden, Held)) else True


def _kind(part: Part) -> str:
    names = {Step: "planned", DoneStep: "done", Forbidden: "forbidden", Held: "held"}
    return names[type(part)]
