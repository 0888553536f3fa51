"""Fills slots in texts with the case's values, using the vocabulary's labels and each language's formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from escalation_rules.policy.conditions import Name, Records, Situation
from escalation_rules.policy.model import Rule
from escalation_rules.policy.vocabulary import Action, Fact, Parameter, Vocabulary
from escalation_rules.texts import Text
from escalation_rules.values import Party, Value, ValueType, records_named
from escalation_rules.words.catalogue import say
from escalation_rules.words.labels import FormatsOf, Labels


@attrs.frozen
class Words:
    """Fills the slots of texts for one situation."""

    vocabulary: Vocabulary
    situation: Situation
    formats: FormatsOf

    def because(self, rule: Rule, records: Records) -> Text:
        """The rule's reason with its slots filled; that of the applicable alternative, if it has its own."""

        def fill(slot: str, language: str) -> str:
            name = rule.because_names[slot]
            value = _reachable(name, self.situation, records)
            return self._spoken(value, name.fact.type, name.fact, language)

        return (self._of_alternative(rule, records) or rule.because).filled(fill)

    def _of_alternative(self, rule: Rule, records: Records) -> Text | None:
        """The text of the first alternative known to apply, if no earlier one may apply."""
        for effect in rule.concludes if not rule.for_each or records else ():
            for (_, condition), reason in zip(effect.alternatives, effect.reasons, strict=False):
                truth = condition.evaluate(self.situation, records)
                if truth is not False:
                    if truth and reason:
                        return reason
                    break
        return None

    def say(
        self, text: Text, action: Action, values: Mapping[str, Value], due: datetime | None, about: str | None
    ) -> Text:
        """The text of a step, with parameters, `{due}` and `{about}` filled in."""

        def fill(slot: str, language: str) -> str:
            labels = self._labels(language)
            if slot == "due" and due is not None:
                return labels.formats.deadline(due)
            if slot == "about" and about is not None:
                return self._record(about, (action.about or "", *self.situation.lists), labels)
            declared = action.params.get(slot)
            return (
                say("value.not_known", language)
                if declared is None
                else self._spoken(values.get(slot), declared.type, declared, language)
            )

        return text.filled(fill)

    def _labels(self, language: str) -> Labels:
        return Labels(self.vocabulary, language, self.formats(language), self.situation.currency)

    def _spoken(self, value: Value | None, of: ValueType, declared: Fact | Parameter, language: str) -> str:
        labels = self._labels(language)
        if value is None:
            return say("value.not_known", language)
        if named := records_named(of, value):
            return labels.listed([self._record(record, named[:1], labels) for record in named[1]], "comma")
        if isinstance(value, Party) and value.name in self.situation.by_id("parties"):
            return self._record(value.name, ("parties",), labels)
        return labels.value(declared, value)

    def _record(self, key: str, lists: Iterable[str], labels: Labels) -> str:
        """A record in its own words, else its id."""
        for name in lists:
            record = self.situation.by_id(name).get(key)
            if record is not None:
                return labels.own_words(name, record.values) or key
        return key


def _reachable(name: Name, situation: Situation, records: Records) -> Value | None:
    depth = getattr(name, "depth", -1)
    return name.get(situation, records) if depth < len(records) else None
