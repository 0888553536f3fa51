"""Collects the unknown facts to ask for, and orders them by importance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from escalation_rules.decision import Missing
from escalation_rules.engine.caches import keep
from escalation_rules.engine.evaluate import Outcome
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.prohibitions import Prohibition, release_needs
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.policy.conditions import (
    CURRENCY_NEED,
    STEP,
    AllOf,
    Condition,
    FactTest,
    Need,
    RecordView,
    Situation,
)
from escalation_rules.policy.model import Rule
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.texts import Text
from escalation_rules.words.catalogue import in_all_languages

URGENT, PRESUMED, PROHIBITION, CURRENT, OTHER, START = range(6)
"""The importance of a question: it may affect the first phase; a presumption to be confirmed; a prohibition
of a wanted action; the current phase; anything else; the start of a step's time."""


@attrs.define
class _Question:
    rank: int
    rules: set[str]
    about: set[str] = attrs.Factory(set)


class Questions:
    """Collects what undecided rules wait for, grouped by fact, list or field."""

    def __init__(self, rule_index: RuleIndex, outcome: Outcome, situation: Situation) -> None:
        self.model = rule_index.model
        self._rule_index = rule_index
        self.outcome = outcome
        self.situation = situation
        self._found: dict[str, _Question] = {}
        self._concluders = rule_index.concluders

    def ask(self, needs: tuple[Need, ...], rule_id: str, rank: int) -> None:
        """Record that a rule waits for `needs`. Conclusions are replaced by the facts that they wait for."""
        one = len(needs) == 1 and not needs[0].concluded
        for need in needs if one else self._traced(needs, set()):
            question = self._found.get(need.name)
            if question is None:
                question = self._found[need.name] = _Question(rank, {rule_id})
            else:
                question.rules.add(rule_id)
                question.rank = min(question.rank, rank)
            if need.about is not None:
                question.about.add(need.about)

    def facts(self, needs: tuple[Need, ...]) -> tuple[Need, ...]:
        """The needs without duplicates; conclusions are replaced by the facts that they wait for."""
        return tuple(dict.fromkeys(self._traced(needs, set())))

    def _traced(self, needs: tuple[Need, ...], seen: set[Need]) -> Iterator[Need]:
        for need in needs:
            if not need.concluded:
                yield need
            elif need not in seen:
                seen.add(need)
                for rule in self._concluders.get(need.name, ()):
                    for instance in self._meant(rule.id, need.about):
                        if instance.record_id == need.about or need.about is None or not instance.listed:
                            yield from self._traced(self._why_open(instance, need.name), seen)

    def _meant(self, rule_id: str, about: str | None) -> Iterable[Instance]:
        return self.outcome.of(rule_id) if about is None else self.outcome.about(rule_id, about)

    def _why_open(self, instance: Instance, conclusion: str) -> tuple[Need, ...]:
        effect = next(concluded for concluded in instance.rule.concludes if concluded.name == conclusion)
        if not effect.alternatives:
            return self.undecided(instance)
        if not instance.listed:
            return (Need(instance.rule.for_each or ""),)
        for _, condition in effect.alternatives:
            truth = condition.evaluate(self.situation, instance.records)
            if truth is None:
                return condition.undecided(self.situation, instance.records)
            if truth:
                break
        return ()

    def undecided(self, instance: Instance) -> tuple[Need, ...]:
        """The first facts that keep a rule undecided."""
        if instance.truth is not None:
            return ()
        if not self.situation.noting:  # a situation that records what is read must see the tests
            facts = self.situation.facts
            for name, needs in unknowns(instance.rule, self._rule_index):
                if name not in facts:
                    return needs
        gate = self.model.rulesets[instance.rule.ruleset].applies_while
        if gate is not None and self.outcome.gates.get(instance.rule.ruleset, True) is None:
            return gate.undecided(self.situation, ())
        if not instance.listed:
            return (Need(instance.rule.for_each or ""),)
        when = instance.rule.when
        return when.undecided(self.situation, instance.records) if when is not None else ()

    def of_prohibition(self, prohibition: Prohibition, params: RecordView | None = None) -> tuple[Need, ...]:
        """What would decide whether a prohibition holds, or whether a hold has ended for these parameters."""
        needs = self.undecided(prohibition.instance)
        for name in () if needs else prohibition.overridden_by:
            record = prohibition.instance.record_id
            others = (
                instance for instance in self.outcome.about(name, record) if instance.record_id == record
            )
            needs = needs or next(filter(None, (self.undecided(instance) for instance in others)), ())
        aim = prohibition.effect.aim.via
        if not needs and not prohibition.aimed and prohibition.records and aim is not None:
            needs = (aim.need(self.situation, prohibition.records),)
        return (
            needs or self._of_where(prohibition, params) or release_needs(prohibition, self.situation, params)
        )

    def _of_where(self, prohibition: Prohibition, params: RecordView | None) -> tuple[Need, ...]:
        """What leaves undecided whether a prohibition is about these parameters. Missing ones are asked for elsewhere."""
        where = prohibition.effect.where
        if where is None or params is None or not prohibition.instance.listed:
            return ()
        records = (*prohibition.records, params)
        if where.evaluate(self.situation, records) is not None:
            return ()
        needs = where.undecided(self.situation, records)
        return tuple(need for need in needs if not need.name.startswith(f"{STEP}."))

    def answer(self) -> tuple[Missing, ...]:
        """The questions, most important first."""
        found = self._found
        order = sorted([(question.rank, -len(question.rules), name) for name, question in found.items()])
        return tuple([self._missing(name, found[name]) for _, _, name in order])

    def _missing(self, name: str, question: _Question) -> Missing:
        """A question as shown in the decision; kept if it is not about records or the currency of this case."""
        key = (name, *sorted(question.rules))
        if question.about or name == CURRENCY_NEED:
            return Missing(name, tuple(sorted(question.about)), *self._wording(name), key[1:])
        kept = self._rule_index.alike.missing
        found = kept.get(key)
        return found or keep(kept, key, Missing(name, (), *self._wording(name), key[1:]))

    def _wording(self, name: str) -> tuple[Text, str]:
        vocabulary = self.model.vocabulary
        if name == CURRENCY_NEED:
            currency = self.situation.currency
            text = in_all_languages("question.no_amount" if currency else "question.currency")
            return text.filled(lambda *_: currency or ""), "agent" if currency else "system"
        declared = vocabulary.declaration(name) or vocabulary.records.get(name)
        if declared is None and (parameter := _parameter(vocabulary, name)) is not None:
            return parameter, "agent"
        if declared is None:
            return Text(), "agent"
        return declared.question or declared.label, declared.ask


_ALWAYS_DECIDED = frozenset(("flag", "choice", "level", "count"))
"""Types of facts whose tests are decided as soon as the fact is known."""


def unknowns(rule: Rule, rule_index: RuleIndex) -> tuple[tuple[str, tuple[Need, ...]], ...]:
    """The facts that an undecided rule waits for: the first that is not known. () if it may wait for anything else."""
    found = rule_index.alike.unknown.get(rule.id)
    if found is None:
        alone = rule.for_each is None and rule_index.model.rulesets[rule.ruleset].applies_while is None
        found = keep(rule_index.alike.unknown, rule.id, _unknowns(rule.when) if alone else ())
    return found


def _unknowns(condition: Condition | None) -> tuple[tuple[str, tuple[Need, ...]], ...]:
    tests = condition.conditions if isinstance(condition, AllOf) else (condition,)
    found = []
    for test in tests:
        if (
            not isinstance(test, FactTest)
            or not test.by_value
            or test.name.fact.type.kind not in _ALWAYS_DECIDED
        ):
            return ()
        found.append((test.name.text, (Need(test.name.text, None, test.name.fact.concluded),)))
    return tuple(found)


def _parameter(vocabulary: Vocabulary, name: str) -> Text | None:
    """The question for a parameter of an action (`action.parameter`); None if there is none."""
    action, _, param = name.partition(".")
    declared = vocabulary.actions.get(action)
    if declared is None or param not in declared.params:
        return None

    def label(slot: str, language: str) -> str:
        what, key = (declared.params[param].label, param) if slot == "parameter" else (declared.label, action)
        return what.in_language(language) or key.replace("_", " ")

    return in_all_languages("question.parameter").filled(label)


def rank_of(phase: str | None, current: str | None, first: str | None) -> int:
    """The importance of an answer that may bring a step of `phase` into the plan."""
    if phase is not None and phase == first:
        return URGENT
    return CURRENT if phase is not None and phase == current else OTHER
