"""The lexicon: read from files in layers, checked as a whole, and compiled to an automaton that scans a text once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import ahocorasick
import attrs

from escalation_rules.call_arguments import BUILTIN
from escalation_rules.errors import Diagnostic, EscalationRulesError, Problems
from escalation_rules.integrations.signals.files import read_files
from escalation_rules.integrations.signals.folding import Folded, Span, is_letter
from escalation_rules.integrations.signals.model import Entry, Objection
from escalation_rules.integrations.signals.reading import Layer, LexiconReader
from escalation_rules.policy.vocabulary import Vocabulary

_BUILTIN = Path(__file__).parent / "lexicon"
Hits = Mapping[str, tuple[Span, ...]]
"""The spans of each phrase in a folded text, in order."""


class LexiconError(EscalationRulesError):
    """The lexicon's files are invalid."""


@attrs.frozen(eq=False)
class Lexicon:
    """Entries, objections to matches, and currency marks. Create it with `Lexicon.load`.

    Immutable: load it once and share it.
    """

    entries: tuple[Entry, ...]
    objections: tuple[Objection, ...]
    currencies: Mapping[str, tuple[str, ...]]
    _automaton: ahocorasick.Automaton | None = attrs.field(repr=False)

    @classmethod
    def load(cls, *layers: str | Path | object, vocabulary: Vocabulary | None = None) -> Lexicon:
        """Load a lexicon from folders or files, each a layer on top of the previous ones. Without arguments,
        load the built-in one.

        `BUILTIN` stands for the built-in lexicon. With `vocabulary` (`policy.vocabulary`), paths and values
        are checked against it. Raises `LexiconError` with all problems of all files.
        """
        problems = Problems()
        paths = [_BUILTIN if layer is BUILTIN else Path(str(layer)) for layer in layers or (BUILTIN,)]
        reader = LexiconReader(vocabulary, problems)
        merged = _Merged(problems)
        for number, root in read_files(paths, problems):
            merged.add(number, reader.read(root))
        merged.check()
        if problems.errors:
            raise LexiconError(problems.errors)
        entries = tuple(sorted(merged.entries.values(), key=lambda entry: not entry.first))
        objections = tuple(merged.objections.values())
        return cls(entries, objections, merged.currencies, _automaton_of(entries, objections))

    def hits(self, folded: Folded) -> Hits:
        """The spans of all phrases in a text: whole words in scripts that separate words by spaces, any
        characters in others."""
        found: dict[str, list[Span]] = {}
        text = folded.text
        for last, phrases in self._automaton.iter(text) if self._automaton is not None and text else ():
            for phrase in phrases:
                if (span := _whole(text, phrase, last + 1)) is not None:
                    found.setdefault(phrase, []).append(span)
        return {phrase: tuple(spans) for phrase, spans in found.items()}


_LONGEST_ENDING = 12


def _whole(text: str, phrase: str, end: int) -> Span | None:
    """The span of a phrase that ends there, unless it is part of a longer word."""
    bare = phrase.removesuffix("*")
    start = end - len(bare)
    if is_letter(bare[0]) and start and is_letter(text[start - 1]):
        return None
    if bare is not phrase:
        last = end + _LONGEST_ENDING
        while end < min(last, len(text)) and is_letter(text[end]):
            end += 1
    if is_letter(bare[-1]) and end < len(text) and is_letter(text[end]):
        return None
    return Span(start, end)


@cache
def builtin_lexicon() -> Lexicon:
    """The built-in lexicon, loaded once."""
    return Lexicon.load()


class _Merged:
    """Merges layers; undeclared collisions are reported."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.entries: dict[str, Entry] = {}
        self.layers: dict[str, int] = {}
        self.objections: dict[str, Objection] = {}
        self.currencies: dict[str, tuple[str, ...]] = {}

    def add(self, number: int, layer: Layer) -> None:
        """Merge the content of a file of layer `number`."""
        for scalar in layer.disabled:
            if self.layers.get(scalar.text, number) < number:
                self.entries.pop(scalar.text, None)
            else:
                close = self.problems.nearest(scalar.text, self.entries)
                self.problems.add(Diagnostic("nothing-replaced", f"no lower layer has an entry {scalar.text!r} to disable",
                                             scalar.position, suggestion=close))  # fmt: skip
        for entry, replaces in layer.entries:
            self._entry(number, entry, replaces)
        for objection in layer.objections:
            earlier = self.objections.get(objection.id)
            near = objection.near
            if earlier is not None:  # a layer extends the words of a currency
                near = attrs.evolve(near, words=tuple(dict.fromkeys([*earlier.near.words, *near.words])))
            self.objections[objection.id] = attrs.evolve(objection, near=near)
        for currency, marks in layer.currencies.items():
            self.currencies[currency] = tuple(dict.fromkeys([*self.currencies.get(currency, ()), *marks]))

    def _entry(self, number: int, entry: Entry, replaces: bool) -> None:
        lower = self.layers.get(entry.id, number) < number
        if replaces and not lower:
            close = self.problems.nearest(entry.id, self.entries)
            self.problems.add(Diagnostic("nothing-replaced", f"no lower layer has an entry {entry.id!r} to replace",
                                         entry.position, suggestion=close))  # fmt: skip
        elif entry.id in self.layers and not replaces:
            expected = "another id, or `replaces: true`" if lower else "another id"
            self.problems.add(Diagnostic("duplicate", f"an entry {entry.id!r} exists already",
                                         entry.position, expected=expected))  # fmt: skip
        self.entries[entry.id] = entry
        self.layers[entry.id] = number

    def check(self) -> None:
        """Check names that may be declared in any file."""
        for entry in self.entries.values():
            for name in entry.drop_if:
                if name not in self.objections:
                    message = f"{entry.id}: `against:` has no entry {name!r}"
                    self.problems.unknown(
                        "unknown-name", message, name, self.objections, position=entry.position
                    )


def _automaton_of(entries: Iterable[Entry], objections: Iterable[Objection]) -> ahocorasick.Automaton | None:
    """One automaton for all phrases. A phrase with and without `*` has two entries at the same place."""
    listed = [
        words
        for entry in entries
        for words in (entry.words, entry.not_after, entry.not_before, entry.not_with)
    ]
    listed += [near.words for entry in entries for near in entry.near]
    listed += [objection.near.words for objection in objections]
    phrases = sorted({phrase for words in listed for phrase in words})
    if not phrases:
        return None
    automaton = ahocorasick.Automaton()
    grouped: dict[str, list[str]] = {}
    for phrase in phrases:
        grouped.setdefault(phrase.removesuffix("*"), []).append(phrase)
    for bare, same in grouped.items():
        automaton.add_word(bare, tuple(same))
    automaton.make_automaton()
    return automaton
