"""The library's own texts: one file of phrases per language in `languages/`, loaded on first use.

A phrase is identified by its section and key (`comparison.equals`); its slots are `{name}`. A mapping inside
a section is only a heading and not part of the name. `plural` and `unit` contain forms by CLDR plural
categories. A phrase that a language does not have yet is shown in English; tests report it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import attrs

from escalation_rules.texts import CATALOGUES, LANGUAGES, ORDER, Text

_WITH_FORMS = ("plural", "unit")

Forms = Mapping[str, str]
"""A phrase for each plural category of a language (`one`, `other`); `other` is required."""


@attrs.frozen
class Catalogue:
    """The phrases of one language."""

    phrases: Mapping[str, str]
    forms: Mapping[str, Forms]


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a supported language."""
    sections: dict[str, dict[str, Any]] = json.loads((CATALOGUES / f"{language}.json").read_bytes())
    del sections[ORDER]
    forms = {
        f"{name}.{key}": phrase for name in _WITH_FORMS for key, phrase in sections.pop(name, {}).items()
    }
    phrases = {
        f"{name}.{key}": phrase for name, section in sections.items() for key, phrase in _flat(section)
    }
    return Catalogue(phrases, forms)


def _flat(section: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            yield key, value


def say(name: str, language: str, /, **slots: str) -> str:
    """A phrase with its slots filled."""
    return _phrase(name, language).format(**slots)


def _phrase(name: str, language: str) -> str:
    own = catalogue(language).phrases.get(name)
    return catalogue(LANGUAGES[0]).phrases[name] if own is None else own


def find(name: str, language: str) -> str | None:
    """A phrase as in the catalogue; None if there is none with that name."""
    own = catalogue(language).phrases.get(name)
    return catalogue(LANGUAGES[0]).phrases.get(name) if own is None else own


def form(name: str, category: str, language: str, /, **slots: str) -> str:
    """The form of a phrase for a plural category, with its slots filled."""
    forms = catalogue(language).forms.get(name) or catalogue(LANGUAGES[0]).forms[name]
    return forms.get(category, forms["other"]).format(**slots)


def flag(value: bool, language: str) -> str:
    """The text of a flag that is not part of a sentence."""
    return say("flag.true" if value else "flag.false", language)


def in_all_languages(name: str) -> Text:
    """A phrase in every language, for texts whose language is chosen later."""
    return Text(tuple((language, _phrase(name, language)) for language in LANGUAGES))
