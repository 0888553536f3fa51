"""Names and values in the words that people use: labels of the vocabulary, numbers, money and times, in each language."""

from escalation_rules.words.labels.deadlines import deadline_said
from escalation_rules.words.labels.formats import Formats, FormatsOf, PlainFormats, Span
from escalation_rules.words.labels.labels import Labels
from escalation_rules.words.labels.phrases import FLAGS, NOT_KNOWN, PUNCTUATION

__all__ = [
    "FLAGS",
    "NOT_KNOWN",
    "PUNCTUATION",
    "Formats",
    "FormatsOf",
    "Labels",
    "PlainFormats",
    "Span",
    "deadline_said",
]
