"""The words of a note, in the agents' language, with names where a case has ids."""

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
    """The words of one language, with the labels of a vocabulary. `names` are what people call what has an id."""

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
        """The heading over what to do."""
        return self._word("steps")

    @property
    def forbidden(self) -> str:
        """The heading over what not to do."""
        return self._word("forbidden")

    @property
    def missing(self) -> str:
        """The heading over what to find out."""
        return self._word("missing")

    def more(self, count: int) -> str:
        """How many steps are not shown yet."""
        return self._word("one_more" if count == 1 else "more", count=str(count))

    def how(self, step: Step) -> str:
        """How a step is put on record, with a step of the plan as example."""
        return self._word("how", action=note_line(step.action, step.about))

    def due(self, moment: str) -> str:
        """Until when."""
        return self._word("due", due=moment)

    def say(self, text: str) -> str:
        """What an agent can say."""
        return self._word("say", text=text)

    def why(self, text: str) -> str:
        """Why it is to be done."""
        return self._word("why", text=text)

    def action(self, name: str, about: str | None) -> str:
        """An action by its label, with the name of what it is about, and with its line for notes, which has the id."""
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
        """Who is to do it."""
        role = self.vocabulary.roles.get(step.owner or "")
        return (role.label.in_language(self.language) if role else "") or step.owner or ""

    def named(self, text: str) -> str:
        """A text with names in the places of ids."""
        return _ID.sub(lambda found: self.names.get(found[0], found[0]), text) if self.names else text

    def parameter(self, action: str, name: str) -> str:
        """The label of a parameter."""
        declared = (
            self.vocabulary.actions[action].params.get(name) if action in self.vocabulary.actions else None
        )
        return (declared.label.in_language(self.language) if declared else "") or name


def note_line(action: str, about: str | None) -> str:
    """The line of a note that records an act."""
    return f"#{action} {about}" if about else f"#{action}"


_ID = re.compile(r"[^\s:,;()\[\]“”「」]{1,80}:[^\s,;()\[\]“”「」]{1,200}(?<![.:])")
"""What an id looks like in a text: a system's name and the rest, up to a mark or the end of a sentence."""


def names_in(reading: Reading, label: str, shown: Callable[[datetime], str]) -> dict[str, str]:
    """What people call what a payload holds: a person by name, a message by its author and time, the ticket by its number."""
    return dict(_names(reading, label, shown))


def _names(reading: Reading, label: str, shown: Callable[[datetime], str]) -> Iterator[tuple[str, str]]:
    people = {each.id: each.name for each in reading.people if each.name}
    yield from people.items()
    for message in reading.messages:
        author = people.get(message.author or "")
        if author:
            yield message.id, f"{author} {shown(message.at)}"
    yield f"{reading.ticket.id}:record", f"{label} {reading.ticket.number or reading.ticket.key}"


def words(language: str, vocabulary: Vocabulary, names: Mapping[str, str]) -> Words:
    """The words of a language, and the names of what has an id."""
    return Words(language, vocabulary, names)
