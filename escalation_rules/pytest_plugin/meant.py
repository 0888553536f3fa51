"""Suggests a step for an undefined one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from gherkin.dialect import Dialect

from escalation_rules.pytest_plugin.messages import ENGLISH, Message, message, translated, wording
from escalation_rules.pytest_plugin.phrases import DEFINITIONS, NAME, Definition
from escalation_rules.pytest_plugin.scene import Place
from escalation_rules.texts import LANGUAGES
from escalation_rules.words.catalogue import find

_NEAR = 0.55
_SLOT = re.compile(r"\{(\w+)(?::\w+)?\}")
_OPTIONAL = re.compile(r"\[[^\]]*\]")
_TARGET = "ACTION about RECORD"
_ABOUT = "|".join(translated("column", "about"))
"""The names of the column for records, with which a target cannot be written in a sentence."""
_RECORD = re.compile(rf"({NAME})\s*(?:{_ABOUT})\s*({NAME})\s*")


def no_such_step(place: Place) -> str:
    """The message about an undefined step: its line, and the most similar step, or the keyword it must begin with."""
    assert place.step is not None  # noqa: S101 - pytest-bdd looks up steps one by one
    name, kind, language = place.step.name, place.step.type, place.language
    other = next((each for each in DEFINITIONS if each.phrase.is_matching(name)), None)
    told: list[Message] = [message("there is no such step")]
    if other is not None and kind not in other.types:
        words = ", ".join(_word(each, language) for each in other.types)
        told = [
            message("this step begins with {words}, not with {word}", words=words, word=_word(kind, language))
        ]
    else:
        right = _rewritten(name, kind)
        steps = [right] if right is not None else _nearest(name, kind, language)
        told += [message("did you mean: {step}", step=each) for each in steps]
    told.append(message("`pytest --policy-steps {language}` lists all steps", language=language))
    return "\n".join([place.told(), *(f"  {each.in_language(language)}" for each in told)])


def _rewritten(name: str, kind: str) -> str | None:
    """The sentence with its records in brackets, as Chinese steps have them, if it is a step then."""
    right = _RECORD.sub(r"\1（\2）", name)
    steps = (each for each in DEFINITIONS if kind in each.types and each.phrase.is_matching(right))
    return right if right != name and next(steps, None) is not None else None


def _word(kind: str, language: str) -> str:
    dialect = Dialect.for_name(language)
    keywords = getattr(dialect, f"{kind}_keywords", [kind]) if language != ENGLISH else [kind.title()]
    return str(keywords[-1 if len(keywords) == 1 else 1]).strip()


def _nearest(name: str, kind: str, language: str) -> list[str]:
    """The steps most similar to `name`, at most two."""
    found = sorted(
        (
            (_likeness(name, wording), wording)
            for each in DEFINITIONS
            for wording in _wordings(each, kind, language)
        ),
        key=lambda each: -each[0],
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
            patterns = [_filled(each, slot, word) for each in patterns for word in words]
    yield from patterns


def _filled(pattern: str, slot: str, word: str) -> str:
    return _SLOT.sub(lambda each: word if each[1] == slot else each[0], pattern)


def _likeness(name: str, wording: str) -> float:
    """The similarity of a sentence and a step; slots match any text."""
    parts = [part.strip() for part in _SLOT.split(wording)[::2]]
    fixed = "".join(part for part in parts if part)
    return SequenceMatcher(None, _without_names(name), fixed.replace(" ", "")).ratio()


def _without_names(name: str) -> str:
    return re.sub(r"\b\w+_\w+\b|\b\w+\.\w+\b|\d[\dT:+Z.-]*|\"[^\"]*\"|「[^」]*」|“[^”]*”|\s", "", name)
