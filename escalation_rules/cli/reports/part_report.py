"""Describes a role, a phase, a principle or a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

import attrs
from babel.dates import get_day_names

from escalation_rules.calendar import WorkingCalendar
from escalation_rules.calendar.shifts import Spans
from escalation_rules.cli.names import Part
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.width import width
from escalation_rules.policy.conditions import AllOf, Condition
from escalation_rules.policy.model import Forbid, Hold, PolicyModel, Recommend, Rule, overriding
from escalation_rules.policy.vocabulary import Action
from escalation_rules.solving.written import currencies_in

Rows = Iterator[tuple[str, list[str]]]
_MIDNIGHT = 24 * 60
_MOST_CELLS = 160
"""How much of a condition is said where a rule is only mentioned."""


@attrs.frozen
class PartDescription:
    """Describes roles, phases and principles as rows. `most`: how much of a condition is said where a rule is only mentioned;
    None: all."""

    voice: Voice
    most: int | None = _MOST_CELLS

    @property
    def model(self) -> PolicyModel:
        return self.voice.policy.model

    def rows(self, part: Part) -> Rows:
        """The rows of one part."""
        name = part.named.name
        match part.kind:
            case "role":
                yield from self._role(name)
            case "everybody":
                yield from self.prohibitions(None)
                return
            case "phase":
                yield from self._phase(name)
            case "principle":
                found = [rule.id for rule in self.model.rules if rule.principle == name]
                yield "its_rules", [self.voice.joined(found) or self.voice.say("no_rules")]
        yield "where", [streams.place(part.named.position)]

    # --- roles --------------------------------------------------------------------------------------------------------

    def _role(self, role: str) -> Rows:
        voice, actions = self.voice, self.model.vocabulary.actions.values()
        if role in self.model.vocabulary.outside:
            yield "note", [voice.say("is_outside")]
        steps = [
            action for action in actions if action.phase is not None or role in action.by
        ]  # others are nobody's task
        own = [action for action in steps if action.owner == role]
        also = [action for action in steps if role in action.by and action.owner != role]
        yield "owns", [self._task(action, role) for action in own]
        yield "may_too", [self._task(action, role) for action in also]
        yield from self.prohibitions(role)
        yield "besides", [voice.say("see_everybody")] if self.bans(None) else []

    def _task(self, action: Action, role: str) -> str:
        """A step; when it is to be done and until when, by which rule; and the acts of others after which it may be done, such
        as an approval. Rules of the last layer come first."""
        voice, model = self.voice, self.model
        steps = [
            (rule, effect)
            for rule in model.rules
            for effect in rule.recommends
            if effect.action == action.name
        ]
        mine = [
            (rule, effect) for rule, effect in steps if role in {effect.owner or action.owner, action.owner}
        ] or steps
        mine.sort(key=lambda one: (-model.layers.get(one[0].position.file, 0), *_soonest(one[1])))
        brief = attrs.evolve(self, most=_MOST_CELLS)
        times = dict.fromkeys(brief.occasion(rule, effect) for rule, effect in mine)
        text = voice.labels.quoted(voice.labels.action(action.name))
        if times:
            text = voice.say("task.due", text=text, times=voice.few([*times]))
        acts = dict.fromkeys(
            self._act_of(model.vocabulary.actions[name], role, effect, rule)
            for rule, effect in self._prohibitions("hold")
            if action.name in effect.actions and (not effect.by or role in effect.by)
            for name in effect.acts_needed
        )
        return voice.say("task.after", text=text, acts=voice.joined([*acts])) if acts else text

    def occasion(self, rule: Rule, step: Recommend) -> str:
        """When a step is to be done, until when, and the rule that says so."""
        parts = [self._situation(rule), self.voice.wording.due(step, rule.for_each)]
        text = self.voice.say("situation.joint").join(part for part in parts if part)
        return self.voice.say("with_rule" if text else "task.rule", text=text, rule=rule.id)

    def _act_of(self, action: Action, role: str, hold: Forbid | Hold, rule: Rule) -> str:
        """An act that a hold waits for, who does it, if that is somebody else, and the limit from which it is needed."""
        labels = self.voice.labels
        name = labels.quoted(labels.action(action.name))
        able = action.roles_named or ((action.owner,) if action.owner is not None else ())
        if able and role not in able:
            name = self.voice.say(
                "task.by", act=name, roles=labels.listed([labels.role(doer) for doer in able])
            )
        if hold.where is None:
            return name
        return self.voice.say(
            "task.where", act=name, where=self.voice.wording.sentence(hold.where, rule.for_each)
        )

    def _groups(self, found: list[tuple[Rule, Forbid | Hold]]) -> list[str]:
        """The groups that prohibitions name, with their members."""
        labels, groups = self.voice.labels, self.model.vocabulary.groups
        named = sorted({effect.named for _, effect in found if effect.named in groups})
        return [
            self.voice.say("group.members", group=labels.quoted(labels.done_by(group)[0]),
                           actions=self.voice.joined([labels.quoted(labels.action(one)) for one in groups[group].actions]))
            for group in named
        ]  # fmt: skip

    def prohibitions(self, role: str | None) -> Rows:
        """What a role (None: everybody) must wait with, must never do, and must not do in some situations."""
        bans = self.bans(role)
        yield "only_after", [self.with_rule(*pair) for pair in self.holds(role)]
        yield "must_never", [self.with_rule(*ban) for ban in bans if not self._situation(ban[0])]
        yield "must_not", [self.with_rule(*ban) for ban in bans if self._situation(ban[0])]
        yield "groups_named", self._groups([*self.holds(role), *bans])

    def holds(self, role: str | None) -> list[tuple[Rule, Forbid | Hold]]:
        """The holds on a role: those that name it, and those for everybody on steps that it may do. For None,
        all holds for everybody."""
        return [
            (rule, effect)
            for rule, effect in self._prohibitions("hold")
            if role in effect.by or (not effect.by and (role is None or self._theirs(role, effect)))
        ]

    def bans(self, role: str | None) -> list[tuple[Rule, Forbid | Hold]]:
        """The prohibitions that name a role, then those for everybody on steps that it may do. For None, all for everybody."""
        found = [*self._prohibitions("forbid")]
        own = [(rule, effect) for rule, effect in found if role in effect.by]
        return [
            *own,
            *(
                (rule, effect)
                for rule, effect in found
                if not effect.by and (role is None or self._theirs(role, effect))
            ),
        ]

    def with_rule(self, rule: Rule, effect: Forbid | Hold) -> str:
        """A prohibition in words, with the situation in which it applies, and its rule."""
        voice, situation = self.voice, self._situation(rule)
        text = " ".join(voice.wording.effect(effect, rule.for_each))
        text = voice.say("in_situation", situation=situation, text=text) if situation else text
        lifting = [overrider.id for overrider in overriding(self.model, rule)]
        if lifting:
            rules = voice.few(lifting)
            return voice.say("with_rule_lifted", text=voice.title(text), rule=rule.id, rules=rules)
        return voice.say("with_rule", text=voice.title(text), rule=rule.id)

    def _situation(self, rule: Rule) -> str:
        """When a rule applies, in short; "" if always."""
        say, listed = self.voice.say, rule.for_each
        gate = self.model.rulesets[rule.ruleset].applies_while
        when = self._short((gate, None), (rule.when, listed))
        unless = self._short((rule.unless, listed))
        parts = []
        if listed is not None:
            parts.append(
                say("situation.each", list=self.voice.labels.quoted(self.voice.labels.records(listed)))
            )
        if gate is not None or rule.when is not None:
            parts.append(say("situation.when", condition=when) if when else say("situation.sometimes"))
        if rule.unless is not None:
            parts.append(say("situation.unless", condition=unless) if unless else say("situation.except"))
        return say("situation.joint").join(parts)

    def _short(self, *conditions: tuple[Condition | None, str | None]) -> str:
        """The parts of conditions, each with its list, that are short enough, first those with limits in money; the others
        are in the rule."""
        wording = self.voice.wording
        parts = [(part, listed) for condition, listed in conditions for part in _parts(condition)]
        kept, left = set[int](), self.most
        for number in sorted(range(len(parts)), key=lambda place: not currencies_in(parts[place][0])):
            needed = width(wording.sentence(*parts[number])) if left is not None else 0
            if left is None or needed <= left:
                kept.add(number)
                left = None if left is None else left - needed
        said = [wording.sentence(AllOf(tuple(parts[number][0] for number in sorted(kept) if parts[number][1] == listed)), listed)
                for listed in dict.fromkeys(parts[number][1] for number in sorted(kept))]  # fmt: skip
        if said and (left_out := len(parts) - len(kept)):
            said.append(self.voice.formats.plural("more_conditions", left_out))
        return self.voice.labels.say("punctuation.and_then").join(said)

    def _prohibitions(self, head: str) -> Iterator[tuple[Rule, Forbid | Hold]]:
        for rule in self.model.rules:
            yield from ((rule, effect) for effect in rule.prohibits if effect.head == head)

    def _theirs(self, role: str, effect: Forbid | Hold) -> bool:
        """Whether it affects a step that the role may do."""
        actions = self.model.vocabulary.actions
        return any(
            role in actions[action].roles_named or (actions[action].phase and actions[action].owner == role)
            for action in effect.actions
        )

    # --- phases -------------------------------------------------------------------------------------------------------

    def steps_of(self, phase: str) -> list[Action]:
        """The actions of a phase in order."""
        vocabulary = self.model.vocabulary
        found = [action for action in vocabulary.actions.values() if action.phase == phase]
        return sorted(found, key=lambda action: (vocabulary.ranks.get(action.name, 0), action.name))

    def _phase(self, phase: str) -> Rows:
        voice, order = self.voice, self.model.vocabulary.phase_order()
        number, total = order.index(phase) + 1, len(order)
        yield (
            "steps_in_order",
            [voice.labels.quoted(voice.labels.action(action.name)) for action in self.steps_of(phase)],
        )
        yield (
            "place_of_phase",
            [voice.say("phase_at", number=str(number), all=str(total)), *self.other_orders()],
        )

    def other_orders(self) -> list[str]:
        """The conditional orders of the phases."""
        voice = self.voice
        return [
            voice.say("instead_when", condition=voice.wording.sentence(order.when),
                      order=voice.say("then").join(voice.labels.phase(name) for name in order.order))
            for order in self.model.phase_orders
        ]  # fmt: skip


def _soonest(step: Recommend) -> tuple[bool, timedelta]:
    """A sort key: steps with a time limit come first, the shortest of them before the others."""
    return (True, timedelta()) if step.within is None else (False, step.within.nominal)


def _parts(condition: Condition | None) -> Iterator[Condition]:
    """The conditions that must all hold."""
    if isinstance(condition, AllOf):
        for test in condition.conditions:
            yield from _parts(test)
    elif condition is not None:
        yield condition


def calendar_rows(voice: Voice, calendar: WorkingCalendar) -> Rows:
    """The working hours, by consecutive days with the same hours, and the exceptional days."""
    yield "zone", [calendar.zone]
    days = get_day_names("abbreviated", locale=voice.formats.locale)
    hours = []
    for spans, group in groupby(range(7), key=lambda day: calendar.hours[day]):
        named = [days[number] for number in group]
        first_to_last = named[0] if len(named) == 1 else f"{named[0]}–{named[-1]}"
        hours.append(voice.say("hours_on", days=first_to_last, hours=_spans(voice, spans)))
    yield "hours", hours
    yield "holidays", [calendar.holidays] if calendar.holidays else []
    yield "closed_on", [voice.joined([day.isoformat() for day in calendar.closed])]
    yield "open_on", [voice.joined([day.isoformat() for day in calendar.open])]
    yield (
        "other_hours",
        [
            voice.say("other_hours_on", date=day.isoformat(), hours=_spans(voice, spans))
            for day, spans in calendar.other_hours
        ],
    )


def _spans(voice: Voice, spans: Spans) -> str:
    return voice.joined([f"{_clock(start)}–{_clock(end)}" for start, end in spans]) or voice.say("no_hours")


def _clock(minute: int) -> str:
    minute = minute if minute <= _MIDNIGHT else minute - _MIDNIGHT
    return f"{minute // 60:02d}:{minute % 60:02d}"
