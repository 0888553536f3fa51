"""Texts that a person reads, in several languages, with named slots."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import attrs

LANGUAGES = ("en", "zh-TW", "zh-CN")
"""The languages in which the product speaks; the first is what a missing translation falls back to."""

_SLOT = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


@attrs.frozen
class Text:
    """One text in one or more languages: `versions` pairs a language with its wording."""

    versions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, versions: Mapping[str, str]) -> Text:
        """A text from a mapping language → wording, in the product's order of languages."""
        order = {name: index for index, name in enumerate(LANGUAGES)}
        return cls(tuple(sorted(versions.items(), key=lambda item: (order.get(item[0], 99), item[0]))))

    def __bool__(self) -> bool:
        return bool(self.versions)

    def in_language(self, language: str) -> str:
        """The wording in `language`. A missing translation falls back visibly: `[en] …`. An empty text is ''."""
        known = dict(self.versions)
        if language in known:
            return known[language]
        for fallback, wording in self.versions:
            return f"[{fallback}] {wording}"
        return ""

    def slots(self) -> Iterator[tuple[str, str]]:
        """Each (language, slot name) that the text uses, in order."""
        for language, wording in self.versions:
            for match in _SLOT.finditer(wording):
                if match[1] is not None:
                    yield language, match[1]

    def filled(self, value: Callable[[str, str], str]) -> Text:
        """The text with every slot replaced by `value(slot, language)` and doubled braces made single."""
        if not any("{" in wording or "}" in wording for _, wording in self.versions):
            return self
        return Text(tuple((language, _fill(wording, language, value)) for language, wording in self.versions))

    def to_dict(self) -> dict[str, str]:
        """The text as a mapping language → wording."""
        return dict(self.versions)


def _fill(wording: str, language: str, value: Callable[[str, str], str]) -> str:
    def replace(match: re.Match[str]) -> str:
        return value(match[1], language) if match[1] is not None else match[0][0]

    return _SLOT.sub(replace, wording)
