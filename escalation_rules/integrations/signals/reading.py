"""Reads a lexicon's YAML files, and reports all problems with their lines and the nearest names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any, TypeVar

import attrs

from escalation_rules.errors import Diagnostic, Problems
from escalation_rules.integrations.signals.folding import fold_phrase, is_letter
from escalation_rules.integrations.signals.model import (
    NEEDED_BY,
    NEEDS,
    OF_THE_RECORD,
    SIDES,
    SLOTS,
    Entry,
    Example,
    Near,
    Need,
    Objection,
    Plain,
    Side,
    is_only_asked,
)
from escalation_rules.policy.vocabulary import Fact, Vocabulary
from escalation_rules.source import Mapping, Node, Scalar, Sequence, one_or_more
from escalation_rules.values import Amount, Count, Instant, TextType, ValueProblem, is_currency, show

T = TypeVar("T", bound=str)

FORMAT = 1
_TOP = ("format", "lexicon", "sets", "currencies", "against", "entries", "disable")
_ENTRY = ("id", "propose", "words", "near", "needs", "needs_within", "not_after", "not_before", "not_with", "drop_if",
          "relative_days", "each", "first", "replaces", "examples")  # fmt: skip
_NEAR = ("words", "within", "side", "clause")
_AGAINST = ("id", *_NEAR)
_ID = re.compile(r"[a-z0-9]{1,80}(-[a-z0-9]{1,80}){0,30}")
_SLOT_TYPES: dict[str, tuple[type, ...]] = {
    "the quote": (TextType,), "the sentence": (TextType,), "the time of the message": (Instant,), "the day": (Instant,),
    "the amount": (Amount,), "the number": (Count,),
}  # fmt: skip
_MOST_WORDS = 2000
_FARTHEST = 40


@attrs.define
class Layer:
    """The content of a file: entries (with the scalars of those that replace others), currencies, objections,
    and disabled ids."""

    entries: list[tuple[Entry, bool]] = attrs.Factory(list)
    objections: list[Objection] = attrs.Factory(list)
    currencies: dict[str, tuple[str, ...]] = attrs.Factory(dict)
    disabled: list[Scalar] = attrs.Factory(list)


class LexiconReader:
    """Reads files in order. Word sets defined in a file are available in later ones."""

    def __init__(self, vocabulary: Vocabulary | None, problems: Problems) -> None:
        self.vocabulary = vocabulary
        self.problems = problems
        self.sets: dict[str, tuple[str, ...]] = {}

    def read(self, root: Node) -> Layer:
        """Read the file with this root."""
        layer = Layer()
        if not isinstance(root, Mapping):
            self.error("wrong-form", root, "a lexicon is a mapping", "`format: 1` and `entries:`")
            return layer
        self.only_keys(root, _TOP, "the lexicon")
        form = root.get("format")
        if not isinstance(form, Scalar) or form.value is not FORMAT:
            self.error("format", form or root, "the file does not say `format: 1`", "`format: 1`")
        for key, node in self.pairs(root.get("sets")):
            self.sets[key.text] = self.phrases(node)
        for key, node in self.pairs(root.get("currencies")):
            if is_currency(key.text):
                layer.currencies[key.text] = self.phrases(node)
            else:
                self.error(
                    "bad-currency", key, f"{show(key.text)} is not a currency code", "three capital letters"
                )
        objections = map(self.objection, self.items(root.get("against")))
        entries = map(self.entry, self.items(root.get("entries")))
        layer.objections = [objection for objection in objections if objection is not None]
        layer.entries = [entry for entry in entries if entry is not None]
        layer.disabled = [node for node in self.items(root.get("disable")) if isinstance(node, Scalar)]
        return layer

    # --- entries ------------------------------------------------------------------------------------------------------

    def entry(self, node: Node) -> tuple[Entry, bool] | None:
        """One entry, and whether it replaces one of a lower layer."""
        if not isinstance(node, Mapping):
            self.error("wrong-form", node, "an entry is a mapping", "`id:`, `propose:` and `words:`")
            return None
        before = self.problems.count
        self.only_keys(node, _ENTRY, "the entry")
        name = self.identifier(node)
        path, is_record, value = self.proposed(node)
        examples = node.get("examples")
        matches, must_not = self.examples(examples, node)
        entry = Entry(
            id=name,
            path=path,
            is_record=is_record,
            value=value,
            words=self.phrases(node.get("words")),
            near=tuple(self.near(child) for child in one_or_more(node.get("near"))),
            needs=self.words_of("need", node.get("needs"), NEEDS),
            needs_within=self.number(node.get("needs_within"), 12),
            not_after=self.phrases(node.get("not_after")),
            not_before=self.phrases(node.get("not_before")),
            not_with=self.phrases(node.get("not_with")),
            drop_if=tuple(scalar.text for scalar in self.scalars(node.get("drop_if"))),
            relative_days=self.flag(node.get("relative_days")),
            each=self.flag(node.get("each")),
            first=self.flag(node.get("first")),
            matches=matches,
            must_not=must_not,
            position=node.position,
        )
        self.check_whole(entry, node)
        return (entry, self.flag(node.get("replaces"))) if self.problems.count == before else None

    def check_whole(self, entry: Entry, node: Mapping) -> None:
        """Check conditions that involve several parts. Consequences of a misspelt `needs` are not reported."""
        if len(one_or_more(node.get("needs"))) != len(entry.needs):
            return
        if not entry.words and not entry.needs:
            self.error("missing-key", node, "missing `words:` in the entry", "`words:`, or `needs:`")
        for slot in entry.slots:
            need: Need | None = NEEDED_BY.get(slot)
            if need is not None and need not in entry.needs:
                self.error("missing-key", node, f"`{slot}` cannot be filled", f"`needs: [{need}]`")

    def identifier(self, node: Mapping) -> str:
        """The entry's id."""
        found = node.get("id")
        if isinstance(found, Scalar) and _ID.fullmatch(found.text):
            return found.text
        if found is None:
            self.error("missing-key", node, "missing `id:` in the entry", "`id:`")
        else:
            self.error("bad-name", found, f"{show(_text(found))} is not an id", "small letters, digits and -")
        return ""

    def proposed(self, node: Mapping) -> tuple[str, bool, Plain | dict[str, Plain]]:
        """The path, whether it is a record list, and the value or the fields."""
        found = node.get("propose")
        if not isinstance(found, Mapping) or len(found.entries) != 1:
            code = "missing-key" if found is None else "wrong-form"
            self.error(code, found or node, "`propose:` has to name one fact or one record list",
                       "`propose: {hazard.happened: true}`, or a record list with its fields")  # fmt: skip
            return "", False, ""
        key, value = found.entries[0]
        self.check_proposable(key)
        if "." in key.text:
            fact = self.declared(
                "unknown-fact", key, "fact", self.vocabulary.facts if self.vocabulary else None
            )
            return key.text, False, self.plain(value, fact)
        lists = self.vocabulary.records if self.vocabulary else None
        listed = self.declared("unknown-record-list", key, "record list", lists)
        if not isinstance(value, Mapping):
            self.error("wrong-form", value, f"a record of {key.text} needs its fields", "a mapping of fields")
            return key.text, True, {}
        known = (
            {key: field for key, field in listed.fields.items() if key not in OF_THE_RECORD}
            if listed
            else None
        )
        fields: dict[str, Plain] = {}
        for name, entry in value.entries:
            self.check_proposable(name)
            fact = self.declared("unknown-field", name, "field", known)
            fields[name.text] = self.plain(entry, fact)
        return key.text, True, fields

    def check_proposable(self, node: Scalar) -> None:
        """Report a path that cannot be determined from a text."""
        if is_only_asked(node.text):
            message = f"{node.text} cannot be proposed from words: feelings and intentions have to be asked"
            self.error("does-not-fit", node, message, "another fact")

    def declared(self, code: str, node: Scalar, what: str, known: Any) -> Any:
        """The declaration of a name; None if unknown (reported if there is a vocabulary)."""
        if known is None:
            return None
        if node.text not in known:
            self.unknown(code, node, what, known)
            return None
        return known[node.text]

    def plain(self, node: Node, fact: Fact | None) -> Plain:
        """A proposed value: a slot, or a value of the fact's type."""
        value = node.value if isinstance(node, Scalar) else None
        if not isinstance(value, (bool, int, str)):
            self.error(
                "wrong-form",
                node,
                "this value cannot be proposed",
                "true, a name, a number or a slot",
            )
            return ""
        if isinstance(value, str) and value.startswith("the ") and value not in SLOTS:
            self.unknown("bad-slot", node, "slot", SLOTS)
        elif fact is not None and fact.concluded:
            self.error("concluded", node, f"{fact.name} is concluded by rules only", "another fact")
        elif fact is not None and value in SLOTS:
            if not isinstance(fact.type, _SLOT_TYPES[str(value)]):
                self.error("does-not-fit", node, f"`{value}` is no {fact.type.kind}", fact.type.expected)
        elif fact is not None:
            try:
                fact.type.parse(value)
            except ValueProblem as problem:
                self.error("wrong-value", node, problem.message, problem.expected, problem.suggestion)
        return value

    def examples(self, node: Node | None, entry: Mapping) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
        """The texts that must match and those that must not; an entry needs both."""
        if not isinstance(node, Mapping):
            code = "missing-key" if node is None else "wrong-form"
            self.error(
                code,
                node or entry,
                "missing `examples:` in the entry",
                "`examples:` with `match:` and `not:`",
            )
            return (), ()
        self.only_keys(node, ("match", "not"), "examples")
        for key in ("match", "not"):
            if not self.scalars(node.get(key)):
                self.error(
                    "no-example", node, f"the entry has no example below `{key}:`", f"`{key}:` with texts"
                )
        return tuple(self.example(node.get("match"))), tuple(self.example(node.get("not")))

    def example(self, node: Node | None) -> Iterable[Example]:
        """Texts with their positions."""
        return (Example(_text(scalar), scalar.position) for scalar in self.scalars(node))

    # --- words --------------------------------------------------------------------------------------------------------

    def objection(self, node: Node) -> Objection | None:
        """One kind of objection to a match."""
        if not isinstance(node, Mapping):
            self.error("wrong-form", node, "this is a mapping", "`id:` and `words:`")
            return None
        self.only_keys(node, _AGAINST, "`against:`")
        return Objection(self.identifier(node), self._near_of(node), node.position)

    def near(self, node: Node) -> Near:
        """Words that must be near."""
        if isinstance(node, Mapping) and node.get("set") is None:
            self.only_keys(node, _NEAR, "`near:`")
            return self._near_of(node)
        return Near(self.phrases(node))

    def _near_of(self, node: Mapping) -> Near:
        side: tuple[Side, ...] = self.words_of("side", node.get("side"), SIDES)
        words = self.phrases(node.get("words"))
        if not words:
            self.error("missing-key", node, "missing `words:`", "`words:` with a list")
        return Near(
            words,
            self.number(node.get("within"), 8),
            side[0] if side else "any",
            self.flag(node.get("clause")),
        )

    def phrases(self, node: Node | None) -> tuple[str, ...]:
        """Phrases, folded. `set: name` stands for the words of a set, and `*` at the end for any ending."""
        found: dict[str, None] = {}
        for entry in one_or_more(node):
            if isinstance(entry, Mapping) and entry.keys() == ("set",):
                name = entry.entries[0][1]
                if _text(name) in self.sets:
                    found.update(dict.fromkeys(self.sets[_text(name)]))
                else:
                    self.unknown("unknown-name", name, "set", self.sets)
                continue
            phrase = fold_phrase(_text(entry).removesuffix("*")) if isinstance(entry, Scalar) else ""
            star = _text(entry).endswith("*")
            if not phrase or (star and not is_letter(phrase[-1])):
                self.error("wrong-form", entry, f"{show(_text(entry))} is not a phrase", "a word or a phrase")
                continue
            found[phrase + "*" * star] = None
        if len(found) > _MOST_WORDS and node is not None:
            self.error("too-many", node, f"{len(found):,} phrases", f"at most {_MOST_WORDS:,}")
        return tuple(found)

    # --- nodes --------------------------------------------------------------------------------------------------------

    def items(self, node: Node | None) -> tuple[Node, ...]:
        """The items of a list."""
        if node is not None and not isinstance(node, Sequence):
            self.error("wrong-form", node, "this has to be a list", "a list")
        return node.items if isinstance(node, Sequence) else ()

    def pairs(self, node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
        """The entries of a mapping."""
        if node is not None and not isinstance(node, Mapping):
            self.error("wrong-form", node, "this has to be a mapping", "a mapping")
        return node.entries if isinstance(node, Mapping) else ()

    def scalars(self, node: Node | None) -> tuple[Scalar, ...]:
        """The texts in a list."""
        found = []
        for entry in one_or_more(node):
            if isinstance(entry, Scalar) and entry.text:
                found.append(entry)
            else:
                self.error("wrong-form", entry, "this has to be a text", "a text")
        return tuple(found)

    def words_of(self, what: str, node: Node | None, known: Collection[T]) -> tuple[T, ...]:
        """One or more of a fixed set of words."""
        found: list[T] = []
        for scalar in self.scalars(node):
            match = next((one for one in known if one == scalar.text), None)
            if match is None:
                self.unknown("unknown-name", scalar, what, known)
            else:
                found.append(match)
        return tuple(found)

    def number(self, node: Node | None, default: int) -> int:
        """A number of words; the default if missing."""
        found = node.value if isinstance(node, Scalar) else None
        if isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= _FARTHEST:
            return found
        if node is not None:
            self.error(
                "wrong-value", node, "this is not a number of words", f"a whole number up to {_FARTHEST}"
            )
        return default

    def flag(self, node: Node | None) -> bool:
        """True or false; false if missing."""
        if node is not None and not (isinstance(node, Scalar) and isinstance(node.value, bool)):
            self.error("wrong-value", node, f"{show(_text(node))} is not true or false", "true or false")
        return isinstance(node, Scalar) and node.value is True

    def only_keys(self, node: Mapping, known: Collection[str], what: str) -> None:
        """Report unknown keys and duplicate keys."""
        for key, _ in node.entries:
            if key.text not in known:
                self.unknown("unknown-key", key, f"key in {what}:", known)

    def unknown(self, code: str, node: Node, what: str, known: Iterable[str]) -> None:
        """Report an unknown name, with the nearest known one."""
        said = _text(node)
        self.problems.unknown(code, f"unknown {what} {show(said)}", said, known, position=node.position)

    def error(
        self, code: str, node: Node, message: str, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        """Report a problem at a node."""
        self.problems.add(Diagnostic(code, message, node.position, expected=expected, suggestion=suggestion))


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""
