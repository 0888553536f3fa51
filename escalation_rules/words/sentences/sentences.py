"""Renders conditions as sentences: clauses without a full stop, to be used after "until" or "because"."""

from __future__ import annotations

import json
from collections.abc import Sequence

import attrs

from escalation_rules.policy.conditions import (
    AllOf,
    AnyOf,
    Condition,
    DuringTest,
    FactTest,
    GivenTest,
    NoneOf,
    Not,
    RecordCondition,
    Some,
    StatedValue,
    StepTest,
)
from escalation_rules.policy.conditions.acts import Done, NotDone, NothingDoneFor
from escalation_rules.policy.conditions.records import NoRecord
from escalation_rules.policy.model import Effect, Recommend, Rule
from escalation_rules.policy.vocabulary import Fact, Vocabulary
from escalation_rules.words.labels import Formats, Labels, PlainFormats
from escalation_rules.words.sentences.acts import act_sentence, silence_sentence, step_sentence
from escalation_rules.words.sentences.comparisons import (
    during_sentence,
    fact_sentence,
    given_sentence,
    name_of,
)
from escalation_rules.words.sentences.effects import due_in_words, effect_sentences, effects_in_short
from escalation_rules.words.sentences.records import record_sentence
from escalation_rules.words.sentences.values import worth_said


@attrs.frozen
class Wording:
    """Renders conditions with the labels of one vocabulary, in one language."""

    labels: Labels

    @classmethod
    def of(
        cls,
        vocabulary: Vocabulary,
        language: str,
        *,
        currency: str | None = None,
        formats: Formats | None = None,
    ) -> Wording:
        """Create for one language; `currency` (the case's) selects among amounts per currency."""
        return cls(Labels(vocabulary, language, formats or PlainFormats(language), currency))

    def sentence(self, condition: Condition, for_each: str | None = None) -> str:
        """The condition in words; `for_each` is the record list in scope, if any."""
        return self._say(condition, 1 if for_each else 0)

    def clauses(self, condition: Condition, for_each: str | None = None) -> list[str]:
        """The condition as the parts that must all hold; each but the last ends in `and`."""
        depth = 1 if for_each else 0
        parts = condition.conditions if isinstance(condition, AllOf) else (condition,)
        said = [self._nested(part, depth) if len(parts) > 1 else self._say(part, depth) for part in parts]
        return [*(f"{sentence}{self._mark('and_then').rstrip()}" for sentence in said[:-1]), *said[-1:]]

    def effect(self, effect: Effect, for_each: str | None = None) -> list[str]:
        """An effect as clauses."""
        return effect_sentences(self.labels, effect, for_each, self._say, self._nested)

    def due(self, effect: Recommend, for_each: str | None = None) -> str:
        """The deadline of a step; "" if it has none."""
        return due_in_words(self.labels, effect, for_each)

    def reason(self, rule: Rule) -> str:
        """The reason of a rule; slots are filled with labels of facts."""
        depth = 1 if rule.for_each else 0
        filled = rule.because.filled(lambda slot, _: name_of(self.labels, rule.because_names[slot], depth))
        return filled.in_language(self.labels.language)

    def in_short(self, effects: Sequence[Effect]) -> str:
        """The effects on one line."""
        return effects_in_short(self.labels, effects)

    def _say(self, condition: Condition, depth: int) -> str:
        """The sentence of a condition; `depth` is the number of records in scope."""
        match condition:
            case AllOf():
                return self._joined(condition.conditions, depth, "and_then")
            case AnyOf():
                return self._joined(condition.conditions, depth, "or_else")
            case NoneOf():
                return self._none_of(condition.conditions, depth)
            case Not():
                return self._denied(condition.conditions[0], depth)
            case FactTest():
                return fact_sentence(self.labels, condition, depth, self._worth)
            case GivenTest():
                return given_sentence(self.labels, condition, depth)
            case DuringTest():
                return during_sentence(self.labels, condition, wanted=True)
            case RecordCondition():
                return record_sentence(self.labels, condition, depth, self._nested, self._worth)
            case NotDone() if condition.not_followed_by is not None:
                return self._denied(condition.turned_into(Done), depth)
            case Done():
                return act_sentence(self.labels, condition, depth)
            case NothingDoneFor():
                return silence_sentence(self.labels, condition, depth)
            case StepTest():
                return step_sentence(self.labels, condition)
        return json.dumps(condition.to_data(), ensure_ascii=False)

    def _worth(self, fact: Fact, value: StatedValue, depth: int) -> str:
        return worth_said(self.labels, fact, value, depth, self._nested)

    def _joined(self, conditions: Sequence[Condition], depth: int, joint: str) -> str:
        if len(conditions) == 1:
            return self._say(conditions[0], depth)
        return self._mark(joint).join(self._nested(condition, depth) for condition in conditions)

    def _nested(self, condition: Condition, depth: int) -> str:
        """The sentence as part of another: in brackets if it has several parts, or if what it denies would go on."""
        text = self._say(condition, depth)
        several = isinstance(condition, (AllOf, AnyOf, NoneOf)) and len(condition.conditions) > 1
        several = several or text.startswith(self.labels.say("record.not", part=""))
        return self.labels.say("punctuation.bracketed", text=text) if several else text

    def _none_of(self, conditions: Sequence[Condition], depth: int) -> str:
        if len(conditions) == 1:
            return self._denied(conditions[0], depth)
        opposites = [_opposite(condition) for condition in conditions]
        known = [condition for condition in opposites if condition is not None]
        if len(known) == len(conditions):
            return self._joined(known, depth, "and_then")
        parts = self._mark("semicolon").join(self._nested(condition, depth) for condition in conditions)
        return self.labels.say("record.none_of", parts=parts)

    def _denied(self, condition: Condition, depth: int) -> str:
        """The negation, in its own words if there are any, following Kleene's tables."""
        if isinstance(condition, DuringTest):
            return during_sentence(self.labels, condition, wanted=False)
        opposite = _opposite(condition)
        if opposite is not None:
            return self._say(opposite, depth)
        return self.labels.say("record.not", part=self._nested(condition, depth))

    def _mark(self, name: str) -> str:
        return self.labels.say(f"punctuation.{name}")


def _opposite(condition: Condition) -> Condition | None:
    match condition:
        case Not():
            return condition.conditions[0]
        case GivenTest():
            return attrs.evolve(condition, wanted=not condition.wanted)
        case FactTest():
            operator = condition.operator.opposite(condition.name.fact.type)
            return FactTest(condition.name, operator) if operator is not None else None
        case NoRecord():
            return Some(condition.selection)
        case Some():
            return NoRecord(condition.selection)
        case NotDone() if condition.not_followed_by is None:
            return condition.turned_into(Done)
        case Done() if condition.not_followed_by is None and not isinstance(condition, NotDone):
            return condition.turned_into(NotDone)
    return None
