"""What a failure says, in the language of the feature: sentences with slots, in the words of the catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import attrs

from escalation_rules.texts import LANGUAGES
from escalation_rules.words.catalogue import find

ENGLISH, TRADITIONAL = "en", "zh-TW"


def language_of(tag: str) -> str:
    """The language of messages for a feature in the language `tag`: that one, or English where the product does not speak it."""
    return tag if tag in LANGUAGES else ENGLISH


@runtime_checkable
class Said(Protocol):
    """Something that can be said in several languages."""

    def in_language(self, language: str) -> str:
        """Its words in a language."""


@attrs.frozen
class Message:
    """One sentence: its English form, which is its key, and what fills its slots (messages, too)."""

    template: str
    slots: Mapping[str, Any]

    def in_language(self, language: str) -> str:
        """The sentence in a language."""
        text = find(f"failure.{self.template}", language) or self.template
        return text.format(**{name: said(value, language) for name, value in self.slots.items()})

    def __str__(self) -> str:
        return self.in_language(ENGLISH)


def message(template: str, /, **slots: Any) -> Message:
    """A sentence of the catalogues, by its English form, with its slots filled."""
    return Message(template, slots)


class Wrong(ValueError):
    """Something in a feature that cannot be read; `told` says what, in every language."""

    def __init__(self, template: str, /, **slots: Any) -> None:
        super().__init__(str(message(template, **slots)))
        self.told = message(template, **slots)


def said(what: object, language: str) -> str:
    """What can be said in several languages in one of them; anything else as it is."""
    return what.in_language(language) if isinstance(what, Said) else str(what)
