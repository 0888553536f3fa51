"""Localised numbers, money and times in texts. Needs the extra `cli`."""

from escalation_rules.words.babel_formats import BabelFormats

__all__ = ["BabelFormats"]
