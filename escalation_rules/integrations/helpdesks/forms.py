"""Reads the basic forms of a profile (paths, tests, sources, bodies) and reports all problems with their positions."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs

from escalation_rules.errors import Diagnostic, Problems, listing
from escalation_rules.integrations.helpdesks.paths import Path, parse_path
from escalation_rules.integrations.helpdesks.spec import BODY_FORMS, Body, Case, Condition, Source, Test
from escalation_rules.source import Mapping, Node, Scalar, Sequence, one_or_more

_SOURCE_KEYS = ("from", "map", "first", "is", "otherwise", "guess", "split")
_PATH = "a path such as `via.channel`"


@attrs.frozen
class Forms:
    """Reads parts of a profile. Problems are added to `problems`, and a harmless value is used instead."""

    problems: Problems

    def error(
        self, code: str, node: Node, message: str, expected: str | None = None, near: str | None = None
    ) -> None:
        """Report a problem at a node."""
        self.problems.add(Diagnostic(code, message, node.position, expected=expected, suggestion=near))

    # --- general -----------------------------------------------------------------------------------------------------

    def mapping(self, node: Node | None, what: str, known: Collection[str] | None = None) -> Mapping | None:
        """A mapping with only known keys; None if it is not a mapping."""
        if node is None:
            return None
        if not isinstance(node, Mapping):
            self.error("wrong-form", node, f"`{what}` must be a mapping", "`key: value` lines")
            return None
        for key, _ in node.entries if known is not None else ():
            self.name(key, known or (), f"`{key.text}` is not a key of {what}", "unknown-key")
        return node

    def name(self, node: Scalar, known: Collection[str], message: str, code: str = "unknown-name") -> bool:
        """Whether a scalar is a known name; otherwise report it."""
        if node.text in known:
            return True
        self.problems.unknown(code, message, node.text, known, position=node.position)
        return False

    def items(self, node: Node | None, what: str) -> Iterator[Node]:
        """The items of a list."""
        if isinstance(node, Sequence):
            yield from node.items
        elif node is not None:
            self.error("wrong-form", node, f"`{what}` must be a list", "`- ` items")

    def text(self, node: Node | None, what: str) -> str | None:
        """A text, as written."""
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text:
            return node.text
        self.error("wrong-form", node, f"`{what}` must be a text", "a text")
        return None

    def words(self, node: Node | None, what: str) -> tuple[str, ...]:
        """One word, or a list of words."""
        return tuple(text for child in one_or_more(node) if (text := self.text(child, what)) is not None)

    def one_of(
        self, node: Node | None, what: str, known: Collection[str], message: str, code: str
    ) -> str | None:
        """One of several names; None if missing or invalid. `message` is used for an unknown name, which replaces `{}`."""
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.error("wrong-form", node, f"`{what}` must be a text", f"one of {listing(known)}")
            return None
        return node.text if self.name(node, known, message.format(repr(node.text[:60])), code) else None

    def flag(self, node: Node | None, what: str) -> bool:
        """True or false; false if missing."""
        if node is not None and not (isinstance(node, Scalar) and isinstance(node.value, bool)):
            self.error("wrong-form", node, f"`{what}` must be true or false", "true or false")
        return isinstance(node, Scalar) and node.value is True

    # --- paths and conditions ----------------------------------------------------------------------------------------

    def path(self, node: Node | None, what: str) -> Path | None:
        """One path."""
        text = self.text(node, what)
        path = parse_path(text) if text is not None else None
        if text is not None and path is None and node is not None:
            self.error("wrong-value", node, f"{text[:60]!r} is not a path", _PATH)
        return path

    def paths(self, node: Node | None, what: str) -> tuple[Path, ...]:
        """One path, or a list of paths."""
        return tuple(path for child in one_or_more(node) if (path := self.path(child, what)) is not None)

    def condition(self, node: Node | None) -> Condition:
        """The content of `when:`: a mapping from paths to tests."""
        mapping = self.mapping(node, "when")
        return Condition(tuple(test for test in self._tests(mapping)))

    def _tests(self, mapping: Mapping | None) -> Iterator[Test]:
        for key, node in mapping.entries if mapping else ():
            path = self.path(key, "when")
            if path is None:
                continue
            if isinstance(node, Mapping):
                self.mapping(node, "a test", ("has",))
                yield Test(path, has=self.words(node.get("has"), "has"))
            elif isinstance(node, Scalar) and not node.quoted and node.text in {"given", "not given"}:
                yield Test(path, given=node.text == "given")
            else:
                yield Test(path, self.words(node, key.text))

    # --- sources -----------------------------------------------------------------------------------------------------

    def source(
        self, node: Node | None, what: str, known: Collection[str] | None = None, *, several: bool = False
    ) -> Source:
        """A source. Its words (`map`, `is`, `otherwise`) must be in `known`, if given. Only a source of
        `several` words can be split."""
        if node is None:
            return Source()
        if not isinstance(node, Mapping):
            return Source(self.paths(node, what))
        self.mapping(node, what, _SOURCE_KEYS)
        table = self._table(node.get("map"), what, known)
        cases = [self._case(entry, what, known) for entry in self.items(node.get("first"), "first")]
        always = self._word(node.get("is"), what, known)
        otherwise = self._word(node.get("otherwise"), what, known) or always
        guess = self.flag(node.get("guess"), "guess")
        if not any(node.get(key) for key in ("from", "first", "is")):
            self.error(
                "missing-key",
                node,
                f"`{what}` does not say where its value comes from",
                "`from:`, `first:` or `is:`",
            )
        split = self.words(node.get("split"), "split")
        if split and not several:
            message = f"`split` is for what has several words, and `{what}` has one"
            self.error("does-not-fit", node.get("split") or node, message, "a source without `split:`")
        paths = self.paths(node.get("from"), what)
        return Source(paths, table, tuple(filter(None, cases)), otherwise, guess, split)

    def sources(self, node: Node | None, what: str, *, several: bool = False) -> tuple[Source, ...]:
        """One source, or a list of sources that all count. With `several`, each may yield several words."""
        if isinstance(node, Sequence):
            return tuple(self.source(child, what, several=several) for child in node.items)
        return (self.source(node, what, several=several),) if node is not None else ()

    def _table(self, node: Node | None, what: str, known: Collection[str] | None) -> dict[str, str] | None:
        mapping = self.mapping(node, "map")
        if mapping is None:
            return None
        read = ((key.text, self._word(value, what, known)) for key, value in mapping.entries)
        return {key: value for key, value in read if value is not None}

    def _case(self, node: Node, what: str, known: Collection[str] | None) -> Case | None:
        mapping = self.mapping(node, "an item of `first`", ("when", "is"))
        value = self._word(mapping.get("is"), what, known) if mapping else None
        if mapping and value is None and mapping.get("is") is None:
            self.error("missing-key", node, "missing `is:`", "`{when: …, is: …}`")
        return Case(self.condition(mapping.get("when")), value) if mapping and value is not None else None

    def _word(self, node: Node | None, what: str, known: Collection[str] | None) -> str | None:
        text = self.text(node, what)
        if text is None or known is None or not isinstance(node, Scalar):
            return text
        return text if self.name(node, known, f"{text[:60]!r} is not a value of `{what}`") else None

    def bodies(self, node: Node | None) -> tuple[Body, ...]:
        """The content of `text:`: `{html: body}`, or a list of these, of which the first present one is used."""
        return tuple(body for child in one_or_more(node) if (body := self._body(child)) is not None)

    def _body(self, node: Node) -> Body | None:
        if isinstance(node, Scalar):
            path = self.path(node, "text")
            return Body("plain", path) if path else None
        mapping = self.mapping(node, "text", (*BODY_FORMS, "when"))
        form = next((key for key in BODY_FORMS if mapping and mapping.get(key)), None)
        if mapping is None or form is None:
            self.error(
                "missing-key", node, "the text has no form", listing(f"`{key}: …`" for key in BODY_FORMS)
            )
            return None
        path = self.path(mapping.get(form), form)
        return Body(form, path, self.condition(mapping.get("when"))) if path else None
