"""The texts of a note in the agents' language, with names instead of ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import attrs

from escalation_rules.decision import Step
from escalation_rules.integrations.helpdesks.normal import Reading
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.words.catalogue import say


@attrs.frozen
class Words:
    """Texts in one language, with the labels of a vocabulary. `names` maps ids to readable names."""

    language: str
    vocabulary: Vocabulary
    names: Mapping[str, str] = attrs.Factory(dict)

    def _word(self, name: str, /, **slots: str) -> str:
        return say(f"note.{name}", self.language, **slots)

    @property
    def heading(self) -> str:
        """The first line of the note."""
        return self._word("heading")

    @property
    def steps(self) -> str:
        """The heading of the steps."""
        return self._word("steps")

    @property
    def forbidden(self) -> str:
        """The heading of the forbidden actions."""
        return self._word("forbidden")

    @property
    def missing(self) -> str:
        """The heading of the questions."""
        return self._word("missing")

    def more(self, count: int) -> str:
        """How many further steps are not shown."""
        return self._word("one_more" if count == 1 else "more", count=str(count))

    def how(self, step: Step) -> str:
        """How to record a step, with a step of the plan as example."""
        return self._word("how", action=note_line(step.action, step.about))

    def due(self, moment: str) -> str:
        return self._word("due", due=moment)

    def say(self, text: str, to: str | None = None) -> str:
        """What an agent can say, and to whom, if the policy says it."""
        if to is None:
            return self._word("say", text=text)
        role = self.vocabulary.roles.get(to)
        if role is None:
            return self._word("say_to_colleague", text=text)
        return self._word("say_to", role=role.label.in_language(self.language) or to, text=text)

    def why(self, text: str) -> str:
        return self._word("why", text=text)

    def action(self, name: str, about: str | None) -> str:
        """An action's label with the name of its record, and its note line with the id."""
        label = (
            self.vocabulary.actions[name].label.in_language(self.language)
            if name in self.vocabulary.actions
            else ""
        )
        line, called = note_line(name, about), self.names.get(about or "")
        if label and called:
            label = self._word("about", action=label, name=called)
        return f"{label} ({line})" if label else line

    def owner(self, step: Step) -> str:
        """The owner of a step."""
        role = self.vocabulary.roles.get(step.owner or "")
        return (role.label.in_language(self.language) if role else "") or step.owner or ""

    def named(self, text: str) -> str:
        """A text with ids replaced by names."""
        return _ID.sub(lambda match: self.names.get(match[0], match[0]), text) if self.names else text

    def parameter(self, action: str, name: str) -> str:
        declared = (
            self.vocabulary.actions[action].params.get(name) if action in self.vocabulary.actions else None
        )
        return (declared.label.in_language(self.language) if declared else "") or name


def note_line(action: str, about: str | None) -> str:
    """The note line that records an act."""
    return f"#{action} {about}" if about else f"#{action}"


_ID = re.compile(r"[^\s:,;()\[\]“”「」]{1,80}:[^\s,;()\[\]“”「」]{1,200}(?<![.:])")
"""Matches an id in a text: a system's name and the rest, up to punctuation."""


def names_in(reading: Reading, label: str, shown: Callable[[datetime], str]) -> dict[str, str]:
    """Readable names of what a payload contains: people by name, messages by author and time, the ticket by number."""
    return dict(_names(reading, label, shown))


def _names(reading: Reading, label: str, shown: Callable[[datetime], str]) -> Iterator[tuple[str, str]]:
    people = {person.id: person.name for person in reading.people if person.name}
    yield from people.items()
    for message in reading.messages:
        author = people.get(message.author or "")
        if author:
            yield message.id, f"{author} {shown(message.at)}"
    yield f"{reading.ticket.id}:record", f"{label} {reading.ticket.number or reading.ticket.key}"


def words(language: str, vocabulary: Vocabulary, names: Mapping[str, str]) -> Words:
    """The texts of a language with readable names for ids."""
    return Words(language, vocabulary, names)
