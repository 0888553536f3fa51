"""Conditions as sentences: what a rule tests, in the words of the policy's vocabulary, in each language.

A tool: the core never imports it. It needs no Babel; whoever has it passes `Formats` that use it.
"""

from escalation_rules.words.sentences.sentences import Wording

__all__ = ["Wording"]
