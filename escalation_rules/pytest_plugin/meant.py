"""Suggests a step for an undefined one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache

from gherkin.dialect import Dialect

from escalation_rules.pytest_plugin.messages import ENGLISH, Message, message, translated, wording
from escalation_rules.pytest_plugin.phrases import (
    DEFINITIONS,
    NAME,
    QUOTED,
    Definition,
    Kind,
    Phrase,
    quoted_for,
)
from escalation_rules.pytest_plugin.scene import Place
from escalation_rules.texts import LANGUAGES
from escalation_rules.words.catalogue import catalogue, find

_NEAR = 0.55
_MEANT = "meant."
"""The section of the catalogues with sentences that people write for steps."""
_SLOT = re.compile(r"\{(\w+)(?::\w+)?\}")
_OPTIONAL = re.compile(r"\[[^\]]*\]")
_TARGET = "ACTION about RECORD"
_FACT = {"fact": Kind(rf"\w+\.\w+|{QUOTED}"), "outcome": Kind(rf"{QUOTED}|[^\s，,「」“”\"()]+")}
"""Slots of sentences that are no steps: any other name would make a fact fit too much, and outcomes come last."""
_ABOUT = "|".join(translated("column", "about"))
"""The names of the column for records, with which a target cannot be written in a sentence."""
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_LONGEST = 24
_RECORD = re.compile(rf"({NAME})\s*(?:{_ABOUT})\s*({NAME})\s*")


def no_such_step(place: Place) -> str:
    """The message about an undefined step: its line, and the most similar step, or the keyword it must begin with."""
    assert place.step is not None  # noqa: S101 - pytest-bdd looks up steps one by one
    name, kind, language = place.step.name, place.step.type, place.language
    other = next((definition for definition in DEFINITIONS if definition.phrase.is_matching(name)), None)
    told: list[Message] = [message("there is no such step")]
    if other is not None and kind not in other.types:
        words = ", ".join(_word(step_type, language) for step_type in other.types)
        told = [
            message("this step begins with {words}, not with {word}", words=words, word=_word(kind, language))
        ]
    told += [message("did you mean: {step}", step=sentence) for sentence in steps_meant(name, kind, language)]
    told.append(message("`pytest --policy-steps {language}` lists all steps", language=language))
    return "\n".join([place.told(), *(f"  {line.in_language(language)}" for line in told)])


def steps_meant(name: str, kind: str, language: str) -> list[str]:
    """The steps that a sentence was probably meant to be, at most a few; `kind` is its keyword (`given`, `when`, `then`)."""
    right = _rewritten(name, kind) or _with_quotes(name, kind)
    return [right] if right is not None else _meant(name, kind, language) or _nearest(name, kind, language)


def _rewritten(name: str, kind: str) -> str | None:
    """The sentence with its records in brackets, as Chinese steps have them, if it is a step then."""
    right = _RECORD.sub(r"\1（\2）", name)
    steps = (
        definition
        for definition in DEFINITIONS
        if kind in definition.types and definition.phrase.is_matching(right)
    )
    return right if right != name and next(steps, None) is not None else None


@cache
def meanings(language: str) -> Sequence[tuple[Phrase, str]]:
    """Sentences that people write for steps, in a language, each with the steps that exist, one a line."""
    found = catalogue(language).phrases.items()
    section = ((name.removeprefix(_MEANT), steps) for name, steps in found if name.startswith(_MEANT))
    return [(Phrase(*_spaced(said, language), kinds=_FACT), steps) for said, steps in section]


def _spaced(said: str, language: str) -> Sequence[str]:
    """The wordings of a phrase: spaces are optional in the second one, as in all languages but English."""
    return (said,) if language == ENGLISH else (said, f"{said} ")


def _meant(name: str, kind: str, language: str) -> list[str]:
    """The steps to write instead of a sentence that people write for them."""
    known = meanings(language)
    sentence = quoted_for([phrase for phrase, _ in known], name)
    for phrase, steps in known:
        if (match := phrase.as_written(sentence)) is None:
            continue
        filled = [_SLOT.sub(lambda slot: _written(slot[1], match.groupdict().get(slot[1])) or _slot(slot[1], language), step)
                  for step in steps.splitlines()]  # fmt: skip
        found = [step for step in filled if may_be(step, kind, language)]
        if found:
            return found
    return []


def _written(slot: str, text: str | None) -> str | None:
    """The text of a slot; an outcome with the quotes that a Chinese name needs."""
    return f"「{text}」" if text and slot == "outcome" and _CHINESE.fullmatch(text) else text


def may_be(step: str, kind: str, language: str) -> bool:
    """Whether a suggestion is a step of this kind, or names its own keyword."""
    if step.startswith((f"{_word('when', language)} ", f"{_word('given', language)} ")):
        return True
    free = re.sub(r"\b[A-Z]{2,}\b", "2026-03-01T10:00:00Z", step)
    return any(
        kind in definition.types
        and (definition.phrase.is_matching(step) or definition.phrase.is_matching(free))
        for definition in DEFINITIONS
    )


def _with_quotes(name: str, kind: str) -> str | None:
    """The sentence with quotes around the label that lacks them in Chinese, if it is a step then."""
    runs = [run for run in _CHINESE.finditer(name) if len(run[0]) <= _LONGEST]
    parts = [(start, end) for run in runs for start in range(run.start(), run.end())
             for end in range(start + 2, run.end() + 1)]  # fmt: skip
    for start, end in sorted(parts, key=lambda part: part[0] - part[1]):
        right = f"{name[:start]}「{name[start:end]}」{name[end:]}"
        if any(
            kind in definition.types and definition.phrase.is_matching(right) for definition in DEFINITIONS
        ):
            return right
    return None


def _word(kind: str, language: str) -> str:
    dialect = Dialect.for_name(language)
    keywords = getattr(dialect, f"{kind}_keywords", [kind]) if language != ENGLISH else [kind.title()]
    return str(keywords[-1 if len(keywords) == 1 else 1]).strip()


def _nearest(name: str, kind: str, language: str) -> list[str]:
    """The steps most similar to `name`, at most two."""
    found = sorted(
        (
            (_likeness(name, wording), wording)
            for definition in DEFINITIONS
            for wording in _wordings(definition, kind, language)
        ),
        key=lambda pair: -pair[0],
    )
    best = [
        _SLOT.sub(lambda slot: _slot(slot[1], language), wording)
        for likeness, wording in found
        if likeness >= _NEAR
    ]
    return list(dict.fromkeys(best))[:2]


def _slot(name: str, language: str) -> str:
    """What stands in a slot: its name, in Chinese that of the column for it, or the form of a target."""
    if language == ENGLISH:
        return name.upper()
    return (
        wording(_TARGET, language) if name == "target" else find(f"column.{name}", language) or name.upper()
    )


def _wordings(definition: Definition, kind: str, language: str) -> Iterator[str]:
    """The forms of a step in a language, with each of its fixed wordings."""
    if kind not in definition.types:
        return
    place = LANGUAGES.index(language)
    patterns = [_OPTIONAL.sub("", definition.phrase.wordings[place])]
    for slot, of in definition.phrase.slots.items():
        words = list(dict.fromkeys(of.wordings[place])) if of.wordings else []
        if words:
            patterns = [_filled(pattern, slot, word) for pattern in patterns for word in words]
    yield from patterns


def _filled(pattern: str, slot: str, word: str) -> str:
    return _SLOT.sub(lambda match: word if match[1] == slot else match[0], pattern)


def _likeness(name: str, wording: str) -> float:
    """The similarity of a sentence and a step; slots match any text."""
    parts = [part.strip() for part in _SLOT.split(wording)[::2]]
    fixed = "".join(part for part in parts if part)
    return SequenceMatcher(None, _without_names(name), fixed.replace(" ", "")).ratio()


def _without_names(name: str) -> str:
    return re.sub(
        r" about \S+|\b\w+_\w+\b|\b\w+\.\w+\b|\d[\dT:+Z.-]*|\"[^\"]*\"|「[^」]*」|“[^”]*”|\s", "", name
    )
