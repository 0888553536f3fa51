"""Normalises a text for matching, and keeps the offsets of the original text.

Folds case, width, script (Traditional to Simplified), accents and apostrophes. Combining, bidirectional and
zero-width characters are removed, and white space becomes a single space.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import cache

import attrs
import opencc

_IDEOGRAPHS = range(0x3400, 0xA000)
_HANGUL = range(0xAC00, 0xD7A4)
_APOSTROPHES = dict.fromkeys("’‘ʼ`´＇", "'") | dict.fromkeys("“”„«»", '"')
_TOKEN = re.compile(r"[^\W_㐀-鿿]+(?:'[^\W_㐀-鿿]+)*|[㐀-鿿]")
_STOP = re.compile(r"[!?;。]+|(?<![0-9])\.+|\.+(?![0-9])")
_SHORT_LINE = 40
"""A line shorter than this was ended by its author; a longer one may have been wrapped by a mail program."""


@attrs.frozen
class Span:
    """A part of a text, from `start` up to but excluding `end`."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the spans overlap."""
        return self.start < other.end and other.start < self.end


@attrs.frozen(eq=False)
class Folded:
    """A folded `text`. `origin[i]` is the original offset of character `i`; `tokens` are the offsets of
    words, `stops` those of sentence ends.

    A word is a run of letters and digits. Each Chinese character counts as one word.
    """

    text: str
    origin: tuple[int, ...]
    tokens: tuple[int, ...]
    stops: tuple[int, ...]

    def original(self, span: Span) -> Span:
        """The original span of a folded span, including combining marks after its last character."""
        return Span(self.origin[span.start], self.origin[span.end - 1] + 1)

    def between(self, left: int, right: int) -> int:
        """The number of words that begin in the range from `left` to `right`."""
        return bisect_left(self.tokens, right) - bisect_left(self.tokens, left)

    def sentence(self, at: int) -> Span:
        """The sentence around an offset, without surrounding white space."""
        number = bisect_right(self.stops, at)
        start = self.stops[number - 1] if number else 0
        end = self.stops[number] if number < len(self.stops) else len(self.text)
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return Span(start, end)


def fold(text: str, hidden: tuple[Span, ...] = ()) -> Folded:
    """Fold a text. `hidden` spans (quoted lines, signatures, links) become white space that ends a sentence."""
    letters: list[str] = []
    origin: list[int] = []
    stops: list[int] = []
    spans = iter(hidden)
    span = next(spans, None)
    line = 0
    for place, character in enumerate(text):
        while span is not None and place >= span.end:
            span = next(spans, None)
        if span is not None and place >= span.start:
            if place == span.start and span.end - span.start > 1 and "\n" in text[span.start : span.end]:
                stops.append(len(letters))
            piece = " "
        elif character in "\n\r\u2028\u2029":
            if len(letters) - line < _SHORT_LINE or _blank_follows(text, place):
                stops.append(len(letters))
            line, piece = len(letters), " "
        else:
            piece = _folded(character)
        if piece == " " and (not letters or letters[-1] == " "):
            continue
        letters.extend(piece)
        origin.extend([place] * len(piece))
    folded = "".join(letters)
    stops.extend(match.end() for match in _STOP.finditer(folded))
    tokens = tuple(match.start() for match in _TOKEN.finditer(folded))
    return Folded(folded, tuple(origin), tokens, tuple(sorted({stop for stop in stops if stop})))


def fold_phrase(phrase: str) -> str:
    """A phrase of a lexicon, folded as texts are."""
    return fold(phrase).text.strip()


def is_letter(character: str) -> bool:
    """Whether a character belongs to a script that separates words by spaces."""
    return character.isalnum() and ord(character) not in _IDEOGRAPHS


def _blank_follows(text: str, place: int) -> bool:
    rest = text[place + 1 : place + 80]
    return not rest.strip() or "\n" in rest[: len(rest) - len(rest.lstrip())]


@cache
def _folded(character: str) -> str:
    """The folded form of a character: zero or more characters."""
    if character in _APOSTROPHES:
        return _APOSTROPHES[character]
    if character.isspace():
        return " "
    if ord(character) in _IDEOGRAPHS:
        return _simplified().get(character, character)
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc", "Cs", "Co"}:
        return ""
    parts = character if ord(character) in _HANGUL else unicodedata.normalize("NFKD", character)
    letters = "".join(letter for letter in parts if not unicodedata.combining(letter)).casefold()
    return " " if letters.isspace() else "".join(_simplified().get(letter, letter) for letter in letters)


@cache
def _simplified() -> dict[str, str]:
    """A table of Traditional to Simplified characters. One to one, so that offsets do not change."""
    characters = [chr(code) for code in _IDEOGRAPHS]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        one: other
        for one, other in zip(characters, converted, strict=True)
        if one != other and len(other) == 1
    }
