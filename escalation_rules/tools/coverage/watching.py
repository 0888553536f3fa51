"""Watches the questions that a policy is asked and tallies how rules, effects and tests turn out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from escalation_rules.case import Asked
from escalation_rules.engine import Assessment, Program
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.replay import moments
from escalation_rules.engine.request import read_request
from escalation_rules.errors import EscalationRulesError
from escalation_rules.policy.conditions import (
    Records,
    RecordView,
    Selection,
    Situation,
    Truth,
    step_record,
)
from escalation_rules.policy.model import Conclude, Hold, PolicyModel, Prohibit, overriding
from escalation_rules.tools.coverage.parts import Part, Parts, Root, RuleParts, effect_key
from escalation_rules.tools.coverage.tally import Standing, Tally


class Watch:
    """Tallies the questions that a policy is asked. Pass `note` to `Policy.observed`."""

    def __init__(self, model: PolicyModel, parts: Parts | None = None) -> None:
        self.model = model
        self.parts = parts or Parts.of(model)
        self.tally = Tally()
        self._program = Program(model, "plain")
        self._deciding: dict[tuple[str, tuple[Truth, ...]], tuple[int, ...]] = {}
        self._overriders = {
            rule.id: [overrider.id for overrider in overriding(model, rule)] for rule in model.rules
        }

    def note(self, asked: Asked) -> None:
        """Process one question: evaluate the case at its instant, or at each moment of its history up to then."""
        self.tally.asked += 1
        for assessment in self.assessments(asked):
            _Look(self, assessment, list(self._acts(asked, assessment))).take()

    def assessments(self, asked: Asked) -> Iterator[Assessment]:
        """The assessment of the case at each instant that the answer depends on."""
        if asked.how in {"decide", "check", "explain"}:
            yield self._program.assessment(asked.case, asked.case.at(asked.at), asked.at)
        else:
            yield from (moment.assessment for moment in moments(self._program, asked.case, asked.at))

    @staticmethod
    def _acts(asked: Asked, assessment: Assessment) -> Iterator[tuple[str, RecordView]]:
        """The acts, with parameters, to which prohibitions are applied: each wanted step, and the act of `check`."""
        drafts = [*assessment.free.values(), *(blocked.draft for blocked in assessment.blocked.values())]
        yield from ((draft.key.action, draft.as_record()) for draft in drafts)
        if asked.how == "check" and asked.params is not None:
            try:
                found = read_request(
                    assessment, asked.action, by=None, about=asked.about, params=asked.params
                )
            except EscalationRulesError:
                return  # invalid requests are reported to the caller
            yield found.action.name, step_record(found.params or {})

    def deciding(self, root: Root, truths: tuple[Truth, ...]) -> tuple[int, ...]:
        """The numbers of the tests that decide a condition, cached by their truths."""
        key = (root.key, truths)
        if key not in self._deciding:
            self._deciding[key] = tuple(root.deciding(truths))
        return self._deciding[key]

    def overruled(self, assessment: Assessment, instance: Instance) -> bool:
        """Whether another rule overrides the prohibitions of this one."""
        names = self._overriders[instance.rule.id]
        return any(assessment.outcome.truth(name, instance.records) for name in names)


class _Look:
    """Tallies one assessment."""

    def __init__(self, watch: Watch, assessment: Assessment, acts: Sequence[tuple[str, RecordView]]) -> None:
        self.watch = watch
        self.tally = watch.tally
        self.assessment = assessment
        self.situation: Situation = assessment.situation
        self.acts = acts

    def take(self) -> None:
        """Tally everything."""
        parts = self.watch.parts
        for root in (*parts.gates, *parts.orders):
            self._see(root, ())
        for root in parts.pauses:
            for records in self._scopes(root.scope):
                self._see(root, records)
        for rule in parts.rules:
            for instance in self.assessment.outcome.of(rule.rule.id):
                if instance.listed:
                    self._see(rule.root, instance.records)
                self._rule(rule, instance)
        self._steps()

    def _scopes(self, scope: tuple[str, ...]) -> list[Records]:
        return [(record,) for record in self.situation.lists.get(scope[0]) or ()] if scope else [()]

    # --- rules and effects ----------------------------------------------------------------------------------------------

    def _rule(self, rule: RuleParts, instance: Instance) -> None:
        chosen = any(isinstance(effect, Conclude) and effect.alternatives for effect in rule.rule.effects)
        if instance.truth is False and not chosen:
            return
        if instance.truth is not False:
            overruled = instance.truth is True and self.watch.overruled(self.assessment, instance)
            standing: Standing = (
                "pending" if instance.truth is None else "overruled" if overruled else "fired"
            )
            self.tally.rule(rule.rule.id, standing)
            for number, effect in enumerate(rule.rule.effects):
                if isinstance(effect, Prohibit):
                    self._prohibits(rule, instance, number, effect, overruled)
                elif isinstance(effect, Conclude):
                    if not effect.alternatives:
                        self.tally.effect(
                            effect_key(rule.rule.id, number), "fired" if instance.truth else "pending"
                        )
                elif instance.truth is None:
                    self.tally.effect(effect_key(rule.rule.id, number), "pending")
        self._chooses(rule, instance)
        if instance.listed:
            for number, part, root in rule.of_effects:
                self._in_effect(rule, instance, number, part, root)

    def _prohibits(
        self, rule: RuleParts, instance: Instance, number: int, effect: Prohibit, overruled: bool
    ) -> None:
        over = (
            instance.listed
            and isinstance(effect, Hold)
            and not effect.ends_by_step
            and effect.until.evaluate(self.situation, instance.records)
        )
        if over:
            return  # the hold has ended
        standing: Standing = "overruled" if overruled else "fired" if instance.truth else "pending"
        self.tally.effect(effect_key(rule.rule.id, number), standing)

    def _chooses(self, rule: RuleParts, instance: Instance) -> None:
        for number, effect in enumerate(rule.rule.effects):
            if not isinstance(effect, Conclude) or not effect.alternatives or not instance.listed:
                continue
            values = instance.records[0].values if effect.of_record else self.situation.facts
            name = effect.name.partition(".")[2] if effect.of_record else effect.name
            if isinstance(value := values.get(name), str):
                self.tally.effect(effect_key(rule.rule.id, number, value), "fired")

    def _steps(self) -> None:
        """Tally recommendations: planned, done or blocked."""
        numbers = {id(effect): number for rule in self.watch.parts.rules
                   for number, effect in enumerate(rule.rule.effects)}  # fmt: skip
        for key, listed in self.assessment.wanted():
            standing: Standing = "overruled" if key in self.assessment.blocked else "fired"
            for recommendation in listed:
                number = numbers.get(id(recommendation.effect))
                if number is not None:
                    self.tally.effect(effect_key(recommendation.rule.id, number), standing)

    def _in_effect(self, rule: RuleParts, instance: Instance, number: int, part: Part, root: Root) -> None:
        records = instance.records
        effect = rule.rule.effects[number]
        if isinstance(effect, Prohibit) and (part == "where" or effect.ends_by_step):
            for action, params in self.acts:
                if action in effect.actions and instance.truth is not False:
                    self._see(root, (*records, params))
        elif isinstance(effect, Conclude):
            before = takewhile(lambda entry: entry[2] is not root, rule.of_effects)
            if all(self._truth(other, records) is not True for at, _, other in before if at == number):
                self._see(root, records)
        elif instance.truth is not False:
            self._see(root, records) if root.selection is None else self._among(root, root.selection, records)

    # --- tests ----------------------------------------------------------------------------------------------------------

    def _truth(self, root: Root, records: Records) -> Truth:
        return root.outcome([test.condition.evaluate(self.situation, records) for test in root.tests])

    def _see(self, root: Root, records: Records) -> None:
        """Tally which tests decide the condition for these records, and process nested conditions."""
        truths = tuple(
            test.condition.evaluate(self.situation, records if test.counted else ()) for test in root.tests
        )
        for number in self.watch.deciding(root, truths):
            if root.tests[number].counted:
                self.tally.test(root.key, number, truths[number])
        for test in root.tests:
            for inner in test.inner:
                if inner.selection is not None:
                    self._among(inner, inner.selection, records)

    def _among(self, root: Root, selection: Selection, records: Records) -> None:
        """Process a condition on records for each record that it applies to."""
        for record in selection.candidates(self.situation, records):
            if selection.belongs(record, self.situation, records) is not False:
                self._see(root, (*records, record))
