"""Renders parts of a policy in words: labels, texts, reasons, lists of names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

import attrs

from escalation_rules import Policy
from escalation_rules.babel_formats import BabelFormats
from escalation_rules.policy.vocabulary import COLLEAGUE
from escalation_rules.texts import Text
from escalation_rules.words.catalogue import find, say
from escalation_rules.words.labels import Labels
from escalation_rules.words.sentences import Wording

SHOWN = 7
"""The maximum number of questions, or of names in a list, shown at once."""


@attrs.frozen
class Voice:
    """Texts in one language with the labels of a policy."""

    policy: Policy
    language: str
    formats: BabelFormats
    wording: Wording

    @classmethod
    def of_policy(cls, policy: Policy, language: str, zone: tzinfo | None) -> Voice:
        """A voice for the policy itself. Instants are in `zone`, or else that of the policy's calendar."""
        formats = BabelFormats(language, zone or policy.vocabulary.zone or UTC)
        return Voice(policy, language, formats, Wording.of(policy.vocabulary, language, formats=formats))

    @property
    def labels(self) -> Labels:
        """The labels of the vocabulary."""
        return self.wording.labels

    def say(self, name: str, /, **slots: str) -> str:
        """A text of the catalogue, with its slots filled."""
        return say(f"screen.{name}", self.language, **slots)

    def has(self, name: str) -> bool:
        """Whether the catalogue has a text with this name."""
        return find(f"screen.{name}", self.language) is not None

    def text(self, text: Text) -> str:
        """A text of the policy."""
        return text.in_language(self.language)

    def title(self, text: str) -> str:
        """The text with its first letter in upper case, if the script has cases."""
        return text[:1].upper() + text[1:]

    def sentence(self, text: str) -> str:
        """The text with a full stop, unless it already ends with punctuation."""
        return text if text.endswith((".", "!", "?", "。", "！", "？")) else self.say("sentence", text=text)

    def quoted(self, text: str) -> str:
        """The text in quotation marks; quotes inside it become single ones."""
        outer, inner = (say(f"punctuation.{name}", self.language) for name in ("quotes", "inner_quotes"))
        return self.say("quoted", text=text.translate(str.maketrans(outer, inner)))

    def said(self, wording: str, to: str | None) -> str:
        """A wording in quotation marks, with whom it is for, if that is known."""
        quoted = self.quoted(wording)
        if to is None:
            return quoted
        if to == COLLEAGUE and to not in self.policy.vocabulary.roles:
            return self.say("said_to_colleague", text=quoted)
        return self.say("said_to", role=self.labels.role(to), text=quoted)

    def joined(self, items: Sequence[str]) -> str:
        """Several names joined in a sentence."""
        return self.say("list").join(items)

    def few(self, items: Sequence[str]) -> str:
        """Several names joined in a sentence; names past a limit are only counted."""
        text = self.joined(items[:SHOWN])
        rest = len(items) - SHOWN
        return f"{text}{self.say('list')}{self.formats.plural('more', rest)}" if rest > 0 else text
