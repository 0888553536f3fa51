"""Numbers, money and times in texts as people write them; needs the extra `cli`."""

from escalation_rules.words.babel_formats import BabelFormats

__all__ = ["BabelFormats"]
