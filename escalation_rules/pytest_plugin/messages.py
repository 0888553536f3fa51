"""Messages of failures in the language of the feature, from the catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import attrs

from escalation_rules.texts import LANGUAGES
from escalation_rules.words.catalogue import find

ENGLISH, TRADITIONAL = "en", "zh-TW"
WHOLE_CASE = "case"
"""What a target says instead of a record."""


def language_of(tag: str) -> str:
    """The language of messages for a feature with the language `tag`, or English if it is not supported."""
    return tag if tag in LANGUAGES else ENGLISH


@runtime_checkable
class Said(Protocol):
    """A text that is available in several languages."""

    def in_language(self, language: str) -> str:
        """The text in a language."""


@attrs.frozen
class Message:
    """A message: its English template, which is its key, and the values of its slots (possibly messages)."""

    template: str
    slots: Mapping[str, Any]

    def in_language(self, language: str) -> str:
        """The message in a language."""
        text = find(f"failure.{self.template}", language) or self.template
        return text.format(**{name: said(value, language) for name, value in self.slots.items()})

    def __str__(self) -> str:
        return self.in_language(ENGLISH)


def message(template: str, /, **slots: Any) -> Message:
    """Create a message from its English template and the values of its slots."""
    return Message(template, slots)


class Wrong(ValueError):
    """A part of a feature that cannot be read; `told` is the message."""

    def __init__(self, template: str, /, **slots: Any) -> None:
        super().__init__(str(message(template, **slots)))
        self.told = message(template, **slots)


def said(what: object, language: str) -> str:
    """A multilingual text in one language; other objects are unchanged."""
    return what.in_language(language) if isinstance(what, Said) else str(what)


def translated(section: str, english: str) -> tuple[str, ...]:
    """An English text of a section in the other languages; in English if one has no translation."""
    return tuple(find(f"{section}.{english}", language) or english for language in LANGUAGES[1:])


def wordings_of(english: str) -> tuple[str, ...]:
    """A fixed word of steps and tables in all languages, English first."""
    return (english, *translated("wording", english))


def wording(english: str, language: str) -> str:
    """A fixed word of steps and tables in a language."""
    return wordings_of(english)[LANGUAGES.index(language)]
