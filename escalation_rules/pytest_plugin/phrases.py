"""Step sentences in all languages, defined with a small pattern language on top of pytest-bdd's parsers.

A step is defined by its English sentence. The catalogues of the other languages have it below `step`, and its fixed
wordings below `wording`.

`{facts:names}` is a slot with a kind, and `[…]` is optional. Spaces are optional in all languages but English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any, Literal, TypeVar

import attrs
from pytest_bdd import step
from pytest_bdd.parsers import StepParser

from escalation_rules.calendar.lengths import CHINESE, MEASURE_WORDS
from escalation_rules.pytest_plugin.messages import (
    ENGLISH,
    TRADITIONAL,
    WHOLE_CASE,
    Said,
    Wrong,
    translated,
    wording,
    wordings_of,
)
from escalation_rules.texts import LANGUAGES

Tables = Sequence[tuple[Said | str, Sequence[str]]]
"""The tables allowed below a step: what each is about ("": it is the only one), and its columns."""
StepType = Literal["given", "when", "then"]
Step = TypeVar("Step", bound=Callable[..., object])

QUOTED = r'"[^"]+"|「[^」]+」|“[^”]+”'
_BARE = r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?"
NAME = rf"(?:{QUOTED}|{_BARE})"
_RECORD = rf"(?:{QUOTED}|{_BARE}|{'|'.join(wordings_of(WHOLE_CASE))})"
_AND = r"(?:\s*[,，、]\s*|\s+and\s+|\s*[和與与及]\s*)"
_NAMES = rf"{NAME}(?:{_AND}{NAME})*"
_CLOCK = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?"

_TARGET_PARTS = re.compile(
    rf"(?:由\s*(?P<doer>{NAME})\s*(?:進行|进行)\s*)?(?P<action>{NAME})"
    rf"(?:\s*[（(]\s*(?P<record>{_RECORD})\s*[）)])?(?: about (?P<about>{_RECORD}))?(?: by (?P<by>{NAME}))?"
)
_TARGET = re.sub(r"\(\?P<\w+>", "(?:", _TARGET_PARTS.pattern)


@attrs.frozen
class Target:
    """What a sentence is about: an action or fact, the record (None: any; `case`: the whole case), and by whom."""

    action: str
    about: str | None = None
    by: str | None = None

    @classmethod
    def read(cls, text: str) -> Target:
        """Parse a target such as `offer_gift about c1 by sales` or `由 sales 進行 offer_gift（c1）`."""
        match = _TARGET_PARTS.fullmatch(quoted_for([_A_TARGET], text.strip()))
        if match is None:
            raise Wrong(
                "{text} does not name an action as ACTION, ACTION about RECORD or ACTION（RECORD）",
                text=repr(text),
            )
        about = match["record"] or match["about"]
        doer = match["doer"] or match["by"]
        whole = about is not None and unquoted(about) in wordings_of(WHOLE_CASE)
        return cls(
            unquoted(match["action"]), "case" if whole else about and unquoted(about), doer and unquoted(doer)
        )

    def in_language(self, language: str) -> str:
        """The target in a sentence of that language."""
        if language == ENGLISH:
            return str(self)
        doer = f"由 {self.by} {'進行' if language == TRADITIONAL else '进行'} " if self.by else ""
        about = wording(WHOLE_CASE, language) if self.about == WHOLE_CASE else self.about
        return f"{doer}{self.action}" + (f"（{about}）" if about else " ")

    def __str__(self) -> str:
        about = f" about {self.about}" if self.about else ""
        return f"{self.action}{about}" + (f" by {self.by}" if self.by else "")


def unquoted(text: str) -> str:
    """The text without its quotes, of any of the three kinds."""
    text = text.strip()
    quoted = len(text) > 1 and text[0] + text[-1] in ('""', "「」", "“”")
    return text[1:-1] if quoted else text


def names(text: str) -> tuple[str, ...]:
    """The names in `a, b and c` or `a、b 和 c`."""
    return tuple(unquoted(name) for name in re.findall(NAME, re.sub(_AND, ",", text)))


@attrs.frozen
class Kind:
    """A kind of slot: its pattern, its conversion to an argument, and its wordings if they are fixed."""

    pattern: str
    read: Callable[[str], Any] = unquoted
    wordings: tuple[tuple[str, ...], ...] = ()


_IN_UNITS = "".join(sorted(set("".join(word for words in CHINESE.values() for word in words))))

KINDS: dict[str, Kind] = {
    "name": Kind(NAME),
    "names": Kind(_NAMES, names),
    "target": Kind(_TARGET, Target.read),
    "instant": Kind(rf'"{_CLOCK}"|「{_CLOCK}」|“{_CLOCK}”|{_CLOCK}'),
    "path": Kind(rf"{QUOTED}|[^\s「」“”\"]+"),
    "value": Kind(r".+", str.strip),
    "length": Kind(rf"[0-9]+ ?[A-Za-z ]+|[0-9]+ ?[{MEASURE_WORDS}]*[{_IN_UNITS}]+"),
}


def one_of(wordings: Mapping[Any, str | tuple[str, ...]]) -> Kind:
    """A slot for fixed wordings. Maps each meaning to its English wording, or to several; the first is the key of the others."""
    english = {meaning: (words,) if isinstance(words, str) else words for meaning, words in wordings.items()}
    in_language = [tuple(word for words in english.values() for word in words)]
    in_language += [tuple(wordings_of(words[0])[place] for words in english.values())
                    for place in range(1, len(LANGUAGES))]  # fmt: skip
    meanings = {
        word: meaning
        for meaning, words in english.items()
        for word in (*words, *translated("wording", words[0]))
    }
    pattern = "|".join(re.escape(meaning) for meaning in sorted(meanings, key=len, reverse=True))
    return Kind(f"(?:{pattern})", lambda text: meanings[text.strip()], tuple(in_language))


_TOKEN = re.compile(
    r"\{(?P<slot>\w+)(?::(?P<kind>\w+))?\}|(?P<open>\[)|(?P<close>\])|(?P<space> +)|(?P<text>[^\[\]{} ]+)"
)

_OPTIONAL = re.compile(r"[\[\]{} ]")
"""Ends the text with which every sentence of a wording begins."""


class Phrase(StepParser):
    """A sentence in several languages, English first; it matches if any of them does."""

    def __init__(self, english: str, *others: str, kinds: Mapping[str, Kind] | None = None) -> None:
        super().__init__(english)
        self.kinds = {**KINDS, **(kinds or {})}
        self.wordings = (english, *others)
        self.slots: dict[str, Kind] = {}
        self._patterns = [
            (_OPTIONAL.split(wording, 1)[0], self._compile(wording, spaced=wording is english))
            for wording in self.wordings
        ]

    def _compile(self, wording: str, spaced: bool) -> re.Pattern[str]:
        pattern, last = "", ""
        gap = "" if spaced else r"\s*"
        for token in _TOKEN.finditer(wording):
            if slot := token["slot"]:
                last = token["kind"] or slot
                self.slots[slot] = self.kinds[last]
                pattern += f"{gap}(?P<{slot}>{self.kinds[last].pattern}){gap}"
                continue
            last = last if token["close"] else ""
            if token["space"]:
                pattern += r"\s+" if spaced else r"\s*"
            else:
                pattern += {"[": "(?:", "]": ")?"}.get(token[0], re.escape(token[0]))
        return re.compile(pattern + (r"\s*" if last == "value" else r"\s*[:：]?\s*"))

    def listed(self, language: int) -> list[str]:
        """The sentence in a language, and a line for each slot with fixed wordings."""
        lines = [re.sub(r"\{(\w+):\w+\}", r"{\1}", self.wordings[language])]
        fixed = ((slot, kind.wordings[language]) for slot, kind in self.slots.items() if kind.wordings)
        return lines + [f"    {slot}: {' · '.join(dict.fromkeys(words))}" for slot, words in fixed]

    def _match(self, sentence: str) -> re.Match[str] | None:
        return self.as_written(sentence) or self.as_written(quoted(sentence, len(DEFINITIONS)))

    def as_written(self, sentence: str) -> re.Match[str] | None:
        """The match of a sentence with quotes around all labels."""
        text = sentence.strip()
        for beginning, pattern in self._patterns:
            if text.startswith(beginning) and (match := pattern.fullmatch(text)):
                return match
        return None

    def is_matching(self, name: str) -> bool:
        """Whether `name`, the text of a step, matches in any language."""
        return self._match(name) is not None

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """The values of the slots in the text of a step, converted by kind; unused slots are absent."""
        match = self._match(name)
        if match is None:
            return None
        return {
            slot: self.slots[slot].read(text) for slot, text in match.groupdict().items() if text is not None
        }


_A_TARGET = Phrase("{target}")


@attrs.frozen
class Definition:
    """The definition of a step, for listings."""

    types: tuple[StepType, ...]
    phrase: Phrase
    function: Callable[..., object]
    names_policy: bool = False
    tables: Tables = ()


DEFINITIONS: list[Definition] = []
"""All steps of this plugin, in the order of its modules."""


_INNER = r"[^\s「」“”\"（）()、，:：]"
_WORD = re.compile(rf"(?<![^\s（(、，]){_INNER}*(?![\x00-\x7f]){_INNER}+(?=[\s（）()、，:：]|$)")
_MOST_WORDS = 8


@lru_cache(maxsize=1024)
def quoted(sentence: str, _known: int = 0) -> str:
    """The sentence with quotes around those of its words that make it a step, if it is none as it is written.

    In Chinese, a label that stands between spaces or brackets may do without quotes. The sentence is unchanged
    unless one way with the fewest quotes fits.
    """
    return quoted_for([definition.phrase for definition in DEFINITIONS], sentence)


def quoted_for(phrases: Sequence[Phrase], sentence: str) -> str:
    """The same for some phrases."""

    def fits(text: str) -> bool:
        return any(candidate.as_written(text) for candidate in phrases)

    words = [] if fits(sentence) else list(_WORD.finditer(sentence))
    for number in range(1, len(words) + 1 if len(words) <= _MOST_WORDS else 0):
        ways = (_with_quotes(sentence, chosen) for chosen in combinations(words, number))
        fitting = [way for way in ways if fits(way)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else sentence
    return sentence


def _with_quotes(sentence: str, words: Sequence[re.Match[str]]) -> str:
    for word in reversed(words):
        sentence = f"{sentence[: word.start()]}「{word[0]}」{sentence[word.end() :]}"
    return sentence


def names_policy(sentence: str) -> bool:
    """Whether a sentence selects the policy."""
    return any(
        definition.names_policy and definition.phrase.is_matching(sentence) for definition in DEFINITIONS
    )


def phrase(
    *types: StepType,
    en: str,
    kinds: Mapping[str, Kind] | None = None,
    target_fixture: str | None = None,
    names_policy: bool = False,
    tables: Tables = (),
) -> Callable[[Step], Step]:
    """Define a step for the given step types (`given`, `when`, `then`), by its English sentence."""
    parser = Phrase(en, *translated("step", en), kinds=kinds)

    def define(function: Step) -> Step:
        DEFINITIONS.append(Definition(types, parser, function, names_policy, tables))
        for kind in types:
            step(parser, kind, target_fixture=target_fixture, stacklevel=2)(function)
        return function

    return define
