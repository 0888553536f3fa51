"""Finds words in texts: whole words in scripts that separate them, any part of the text in others."""

from __future__ import annotations

import re
import unicodedata

_UNSEPARATED = re.compile(
    "["
    "\u0e00-\u0fff"  # Thai, Lao, Tibetan
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u1950-\u19df\u1a20-\u1aaf\uaa80-\uaadf"  # Tai
    "\u1b00-\u1b7f\ua980-\ua9df"  # Balinese, Javanese
    "\u3005-\u3007\u3031-\u303c\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001aff0-\U0001b16f"  # Japanese
    "\u3105-\u312f\u31a0-\u31bf"  # Bopomofo
    "\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese
    "\ua000-\ua4cf"  # Yi
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc"  # Korean: words have suffixes
    "]"
)
"""The letters of scripts that do not separate words by spaces, or attach particles to them."""


def folded(text: str) -> str:
    """The text in NFC without case distinctions; width and script are unchanged."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def holds_word(text: str, word: str) -> bool:
    """Whether the text contains the word (both are `folded`); as a whole word if its script separates words.

    A letter, digit or mark directly before or after makes it part of another word, unless either is of a
    script that does not separate words.
    """
    place = text.find(word)
    while place >= 0:
        end = place + len(word)
        if not _grown_together(text[max(place - 1, 0) : place], word[0]) and not _grown_together(
            word[-1], text[end : end + 1]
        ):
            return True
        place = text.find(word, place + 1)
    return False


def _grown_together(one: str, other: str) -> bool:
    """Whether two adjacent characters belong to one word. The end of the text is the empty string."""
    return _is_of_a_word(one) and _is_of_a_word(other)


def _is_of_a_word(character: str) -> bool:
    if not character or _UNSEPARATED.match(character):
        return False
    return character.isalnum() or unicodedata.category(character).startswith("M")
