"""Labels of the vocabulary in one language. A thing without a label is shown by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import attrs

from escalation_rules.policy.vocabulary import Action, Fact, Named, Parameter, Vocabulary
from escalation_rules.texts import Text
from escalation_rules.values import Money, Party, Value
from escalation_rules.words.catalogue import flag, say
from escalation_rules.words.labels.deadlines import value_said
from escalation_rules.words.labels.formats import Formats


@attrs.frozen
class Labels:
    """Converts names and values to words in one language; `currency` is the case's."""

    vocabulary: Vocabulary
    language: str
    formats: Formats
    currency: str | None = None

    def say(self, name: str, /, **slots: str) -> str:
        """A phrase of the catalogue."""
        return say(name, self.language, **slots)

    def text(self, text: Text, name: str) -> str:
        """The text, or the name if there is none."""
        return text.in_language(self.language) or name

    def action(self, name: str) -> str:
        return self._in(self.vocabulary.actions, name)

    def source(self, source: str) -> str:
        """The label of a rule's source."""
        return self.vocabulary.source_in(source, self.language)

    def phase(self, name: str) -> str:
        return self._in(self.vocabulary.phases, name)

    def role(self, name: str) -> str:
        return self._in(self.vocabulary.roles, name)

    def roles(self, names: Sequence[str]) -> str:
        """Several roles; if they are nearly all, those that are left out."""
        left = [role for role in self.vocabulary.roles if role not in names]
        if 0 < 2 * len(left) <= len(names):
            return self.all_but(left)
        return self.listed([self.role(name) for name in names])

    def all_but(self, names: Sequence[str]) -> str:
        """Everybody but these roles."""
        return self.say("value.all_but", roles=self.listed([self.role(name) for name in names], "nor"))

    def principle(self, name: str) -> str:
        return self._in(self.vocabulary.principles, name)

    def records(self, name: str) -> str:
        found = self.vocabulary.records.get(name)
        return self.text(found.label, name) if found else name

    def fact(self, name: str) -> str:
        """The label of a fact (`customer.need`), a field (`charges.amount`), or a record list."""
        found = self.vocabulary.declaration(name)
        if (
            found is not None and not found.label and name.endswith(".recorded_at")
        ):  # each list has this field
            return self.say("name.recorded")
        return self.text(found.label, name) if found else self.records(name)

    def parameter(self, action: str, name: str) -> str:
        """The label of a parameter of an action."""
        found = (
            self.vocabulary.actions[action].params.get(name) if action in self.vocabulary.actions else None
        )
        return self.text(found.label, name) if found else name

    def outcome(self, actions: Iterable[str], name: str) -> str:
        """The label of an outcome of an action, or of one of several actions in a test."""
        known = (self.vocabulary.actions[action] for action in actions if action in self.vocabulary.actions)
        labels = (label.label for action in known for label in action.outcome_labels if label.name == name)
        return self.text(next(filter(None, labels), Text()), name)

    def done_by(self, named: str) -> tuple[str, bool]:
        """The label of an action or a group named by a rule, and whether it is a group."""
        group = self.vocabulary.groups.get(named)
        return (self.text(group.label, named), True) if group else (self.action(named), False)

    def value(self, fact: Fact | Parameter | None, value: Value | Money) -> str:
        """A value of a fact or a parameter, without quotes."""
        match value:
            case Money():
                return self.formats.amount(value.amount, value.currency or None)
            case Decimal():
                return self.formats.amount(value, self.currency)
            case bool():
                return flag(value, self.language)
            case int():
                return self.formats.number(value)
            case datetime():
                return self.formats.instant(value)
            case timedelta():
                return value_said(value, self.language, self.formats)
            case Party():
                return self.role(value.name)
            case frozenset():
                return self.listed(sorted(value))
        return self._value_name(fact, value)

    def one_of(self, listed: str) -> str:
        """What one record of a list is called: in English the singular that the vocabulary declares."""
        found = self.vocabulary.records.get(listed)
        return (
            found.each.replace("_", " ")
            if found is not None and self.language == "en"
            else self.records(listed)
        )

    def own_words(
        self, listed: str, known: Mapping[str, Value], kinds: Sequence[str] = ("text", "choice")
    ) -> str:
        """A record in its own words: its first text, else its first choice, in the vocabulary's order; or ''."""
        declared = (
            self.vocabulary.records[listed].fields.values() if listed in self.vocabulary.records else ()
        )
        for kind in kinds:
            for fact in declared:
                if fact.type.kind == kind and fact.name in known and fact.name != "id":
                    return self.value(fact, known[fact.name])
        return ""

    def quoted(self, text: str) -> str:
        """The text in the language's quotation marks."""
        return self.say("punctuation.quoted", text=text)

    def listed(self, items: Sequence[str], last: str = "or") -> str:
        """`a, b or c`."""
        comma, final = (self.say(f"punctuation.{key}") for key in ("comma", last))
        return comma.join(items[:-1]) + final + items[-1] if len(items) > 1 else "".join(items)

    def _value_name(self, fact: Fact | Parameter | None, value: str) -> str:
        named = next((choice for choice in fact.values if choice.name == value), None) if fact else None
        return self.text(named.label, value) if named else value

    def _in(self, known: Mapping[str, Named] | Mapping[str, Action], name: str) -> str:
        found = known.get(name)
        return self.text(found.label, name) if found else name
