"""Renders conditions as sentences with the vocabulary's labels, in each language.

The core does not import it. It does not need Babel; callers may pass `Formats` that use it.
"""

from escalation_rules.words.sentences.sentences import Wording

__all__ = ["Wording"]
