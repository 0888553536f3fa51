"""Labels of names and values: labels of the vocabulary, numbers, money and times, in each language."""

from escalation_rules.words.labels.barred import barred_names, doer_names
from escalation_rules.words.labels.deadlines import deadline_said, length_said, start_said
from escalation_rules.words.labels.formats import Formats, FormatsOf, PlainFormats, Span
from escalation_rules.words.labels.labels import Labels

__all__ = [
    "Formats",
    "FormatsOf",
    "Labels",
    "PlainFormats",
    "Span",
    "barred_names",
    "deadline_said",
    "doer_names",
    "length_said",
    "start_said",
]
