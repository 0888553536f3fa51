"""Puts the parts of a policy into words: what things are called, texts, reasons, lists of names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

import attrs

from escalation_rules import Policy
from escalation_rules.texts import Text
from escalation_rules.words.babel_formats import BabelFormats
from escalation_rules.words.catalogue import find, say
from escalation_rules.words.labels import Labels
from escalation_rules.words.sentences import Wording

SHOWN = 7
"""The most questions, or names in a list, that are shown at once."""


@attrs.frozen
class Voice:
    """Speaks one language, in the words of a policy."""

    policy: Policy
    language: str
    formats: BabelFormats
    wording: Wording

    @classmethod
    def of_policy(cls, policy: Policy, language: str, zone: tzinfo | None) -> Voice:
        """A voice for the policy itself; instants that it names are given in `zone`, or else that of its calendar."""
        formats = BabelFormats(language, zone or policy.vocabulary.zone or UTC)
        return Voice(policy, language, formats, Wording.of(policy.vocabulary, language, formats=formats))

    @property
    def labels(self) -> Labels:
        """What the vocabulary calls things."""
        return self.wording.labels

    def say(self, name: str, /, **slots: str) -> str:
        """A text of the catalogue."""
        return say(f"screen.{name}", self.language, **slots)

    def has(self, name: str) -> bool:
        """Whether the catalogue has a text of this name."""
        return find(f"screen.{name}", self.language) is not None

    def text(self, text: Text) -> str:
        """A text of the policy."""
        return text.in_language(self.language)

    def title(self, text: str) -> str:
        """The text with a capital at its beginning, where the script has capitals."""
        return text[:1].upper() + text[1:]

    def sentence(self, text: str) -> str:
        """The text with a full stop, unless it ends in a mark already."""
        return text if text.endswith((".", "!", "?", "。", "！", "？")) else self.say("sentence", text=text)

    def quoted(self, text: str) -> str:
        """The text as speech; quotes inside become those of the second level."""
        outer, inner = (say(f"punctuation.{name}", self.language) for name in ("quotes", "inner_quotes"))
        return self.say("quoted", text=text.translate(str.maketrans(outer, inner)))

    def joined(self, items: Sequence[str]) -> str:
        """Several names in a row."""
        return self.say("list").join(items)

    def few(self, items: Sequence[str]) -> str:
        """Several names in a row, past a few the rest as a count."""
        text = self.joined(items[:SHOWN])
        rest = len(items) - SHOWN
        return f"{text}{self.say('list')}{self.formats.plural('more', rest)}" if rest > 0 else text
