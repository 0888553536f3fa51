"""Texts for people, in several languages, with named slots."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs

from escalation_rules.errors import Diagnostic, RequestError, listing

CATALOGUES = Path(__file__).parent / "words" / "languages"
ORDER = "order"


def _languages() -> tuple[str, ...]:
    files = CATALOGUES.glob("*.json")
    return tuple(
        path.stem for path in sorted(files, key=lambda file: int(json.loads(file.read_bytes())[ORDER]))
    )


LANGUAGES = _languages()
"""The supported languages: those that have a catalogue, in its `order`. A missing translation falls back to the first."""

_LONGEST_TAG = 35
_TRADITIONAL = frozenset({"TW", "HK", "MO"})
"""The regions that use traditional Chinese characters by default (CLDR's likely subtags)."""

_SLOT = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def language_of(tag: object) -> str:
    """The supported language for a tag such as `zh`, `zh-Hant`, `zh_TW` or `en-GB`. Raises `RequestError` if
    there is none.

    Case does not matter, nor `_` instead of `-`. A Chinese tag is traditional or simplified by its script,
    else by its region.
    """
    if isinstance(tag, str) and len(tag) <= _LONGEST_TAG:
        head, *parts = tag.replace("_", "-").split("-")
        scripts = {part.capitalize() for part in parts if len(part) == 4}
        regions = {part.upper() for part in parts if len(part) == 2}
        if all(part.isascii() and part.isalnum() for part in (head, *parts)):
            if head.lower() in LANGUAGES:
                return head.lower()
            if head.lower() == "zh" and scripts <= {"Hans", "Hant"}:
                script = "Hant" if scripts == {"Hant"} or (not scripts and regions & _TRADITIONAL) else "Hans"
                return "zh-TW" if script == "Hant" else "zh-CN"
    said = repr(tag[:_LONGEST_TAG]) if isinstance(tag, str) else f"of type {type(tag).__name__}"
    raise RequestError(
        [
            Diagnostic(
                "unknown-language", f"unknown language {said}", path="language", expected=listing(LANGUAGES)
            )
        ]
    )


def known_language(tag: str | None) -> str | None:
    """Like `language_of`, for an argument `language=`, where None means all languages."""
    return tag if tag is None or _is_known(tag) else language_of(tag)


def _is_known(tag: object) -> bool:
    return isinstance(tag, str) and tag in LANGUAGES


@attrs.frozen
class Text:
    """A text in one or more languages. `versions` contains pairs of language and wording."""

    versions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, versions: Mapping[str, str]) -> Text:
        """Create a text from a mapping of language to wording; languages are sorted in the library's order."""
        order = {name: index for index, name in enumerate(LANGUAGES)}
        return cls(tuple(sorted(versions.items(), key=lambda pair: (order.get(pair[0], 99), pair[0]))))

    def __bool__(self) -> bool:
        return bool(self.versions)

    def in_language(self, language: str) -> str:
        """The wording in `language` (see `language_of`); '' if the text is empty.

        Falls back visibly if the policy has no translation: `[en] …`. Raises `RequestError` for an unknown
        language.
        """
        if not _is_known(language):
            language = language_of(language)
        for known, wording in self.versions:
            if known == language:
                return wording
        for fallback, wording in self.versions:
            return f"[{fallback}] {wording}"
        return ""

    def slots(self) -> Iterator[tuple[str, str]]:
        """Yield (language, slot name) for each slot in the text, in order."""
        for language, wording in self.versions:
            for match in _SLOT.finditer(wording):
                if match[1] is not None:
                    yield language, match[1]

    def filled(self, value: Callable[[str, str], str]) -> Text:
        """The text with each slot replaced by `value(slot, language)`, and doubled braces by single ones."""
        if not any("{" in wording or "}" in wording for _, wording in self.versions):
            return self
        return Text(tuple((language, _fill(wording, language, value)) for language, wording in self.versions))

    def to_dict(self) -> dict[str, str]:
        """The text as a mapping of language to wording."""
        return dict(self.versions)


def _fill(wording: str, language: str, value: Callable[[str, str], str]) -> str:
    def replace(match: re.Match[str]) -> str:
        return value(match[1], language) if match[1] is not None else match[0][0]

    return _SLOT.sub(replace, wording)
