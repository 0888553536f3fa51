"""Guesses the meaning of words and values that are not in the rule language. For messages only."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

import attrs

from escalation_rules.suggestions import nearest
from escalation_rules.texts import Text

KEYS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("if", "condition", "conditions", "trigger"), ("when",)),
    **dict.fromkeys(("do", "action", "actions", "effect", "effects", "steps"), ("then", "action")),
    **dict.fromkeys(("reason", "why", "rationale", "explanation"), ("because",)),
    **dict.fromkeys(("name", "title"), ("id", "label")),
    **dict.fromkeys(("description", "text"), ("because", "label")),
    **dict.fromkeys(("exception", "exceptions", "but_not"), ("unless", "except")),
    **dict.fromkeys(("foreach", "each", "per"), ("for_each",)),
    **dict.fromkeys(("who", "role", "doer", "actor"), ("by", "owner")),
    **dict.fromkeys(("by", "assignee", "assigned_to", "responsible"), ("owner",)),
    **dict.fromkeys(("result", "status"), ("outcome",)),
    **dict.fromkeys(("times", "how_often"), ("at_least",)),
    **dict.fromkeys(("repeat", "every"), ("again",)),
    **dict.fromkeys(("deadline", "due", "due_in", "by_when", "sla"), ("within",)),
    **dict.fromkeys(("wording", "message", "script"), ("say",)),
    **dict.fromkeys(("options", "choices", "enum"), ("values",)),
    **dict.fromkeys(("default", "else"), ("otherwise", "presume")),
    **dict.fromkeys(("kind", "datatype"), ("type",)),
    "within": ("newer_than",), "where": ("which",), "which": ("where",), "followed_by": (),
}  # fmt: skip
"""Common unknown keys with the keys probably meant, if valid at that place; none if the nearest key would
mean the opposite."""

_NEGATED = re.compile("^(not|no|does_not|doesnt|doesn't|is_not|isnt)_")


class Worded(Protocol):
    """What a keyword of the language stands for: its description and its synonyms."""

    @property
    def doc(self) -> str:
        """Its description."""

    @property
    def meant_by(self) -> tuple[str, ...]:
        """Equivalent words of other tools or everyday language."""


@attrs.frozen
class Phrase:
    """A keyword that is not implemented by a class."""

    doc: str
    meant_by: tuple[str, ...]


@attrs.frozen
class Guess:
    """The word that was probably meant. `expected` distinguishes several meanings, or shows another form."""

    word: str | None
    expected: str | None = None


def by_label(said: str, things: Mapping[str, object]) -> Guess | None:
    """The thing with this label; None if there is none."""
    for name, thing in things.items():
        label = getattr(thing, "label", None)
        if isinstance(label, Text) and said.strip().lower() in {
            wording.lower() for _, wording in label.versions
        }:
            return Guess(name)
    return None


def key_meant(said: str, known: Collection[str]) -> str | None:
    """The key in `known` that was probably meant: by meaning, else by similarity."""
    meant = KEYS.get(said.lower())
    found = next((word for word in meant or () if word in known), None)
    return found or (nearest(said, known) if meant != () else None)


def guess(said: str, words: Iterable[tuple[str, Worded]]) -> Guess | None:
    """The first of `words` that was probably meant; None if there is none."""
    name, known = said.strip().lower().replace(" ", "_").replace("-", "_"), list(words)
    if found := {word: kind.doc for word, kind in known if name in kind.meant_by}:
        told_apart = "; or ".join(f"`{word}:` – {doc}" for word, doc in found.items())
        return Guess(next(iter(found)), told_apart if len(found) > 1 else None)
    positive = _NEGATED.sub("", name)
    opposite = next((word for word, kind in known if positive in {word, *kind.meant_by}), None)
    return (
        Guess(None, f"`not:` with the test `{opposite}` below it") if opposite and positive != name else None
    )
