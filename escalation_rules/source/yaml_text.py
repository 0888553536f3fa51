"""Reads YAML text as nodes.

Only events are used, no constructors: no tags, no anchors, limited size and depth, YAML 1.2 core scalars.
Duplicate keys are errors. Numbers with a fraction become `Decimal`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import attrs
import yaml

from escalation_rules.errors import Diagnostic, Position, Problems
from escalation_rules.source.characters import FORBIDDEN
from escalation_rules.source.loader import LOADER
from escalation_rules.source.nodes import MAX_NUMBER, Mapping, Node, Scalar, ScalarValue, Sequence
from escalation_rules.source.places import Places

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 60
MAX_NODES = 200_000
_WIDE = {
    "［": (
        "a full-width bracket does not begin a list",
        "ASCII brackets, such as [a, b], or quotes around a text",
    ),
    "｛": (
        "a full-width brace does not begin a mapping",
        "ASCII braces, such as {a: b}, or quotes around a text",
    ),
    "\u3000": ("a full-width space does not indent a line", "ordinary spaces"),
    "＃": ("a full-width `＃` does not begin a comment", "an ASCII `#`, or quotes around a text"),
}
"""Characters that resemble those of YAML, with the problem if a text begins with one."""

_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3}){1,6}")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_CUT = re.compile(r"[ \t]+#(?=[^\s#!])")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}


class _TooMuch(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


def parse_yaml(text: str, file: str, problems: Problems) -> Node | None:
    """Read one YAML document; `file` is its name in positions. None if it is empty or invalid (see `problems`)."""
    if len(text) > MAX_CHARACTERS:
        message, expected = f"the file has {len(text):,} characters", f"at most {MAX_CHARACTERS:,}"
        problems.add(Diagnostic("file-too-large", message, Position(file, 1, 1), expected=expected))
        return None
    places = Places(file, text)
    if control := FORBIDDEN.search(text, 1 if text.startswith("\ufeff") else 0):
        message, place = "the text contains a control character", places.of_index(control.start())
        _bad_syntax(problems, message, place, "the text without it")
        return None
    try:
        return _Composer(places, problems).compose(text)
    except _TooMuch as stop:
        problems.add(stop.diagnostic)
    except yaml.MarkedYAMLError as error:
        from escalation_rules.source.syntax_errors import given_up, trouble  # slow to import, seldom used

        if before := _too_much_before(places, given_up(error)):
            problems.add(before)
        else:
            found = trouble(text, error, LOADER)
            _bad_syntax(problems, found.message, places.of_index(found.index), found.expected)
    return None


def _bad_syntax(problems: Problems, message: str, place: Position, expected: str) -> None:
    problems.add(Diagnostic("yaml-syntax", f"not valid YAML: {message}", place, expected=expected))


def _too_much_before(places: Places, end: int) -> Diagnostic | None:
    """The limit that was exceeded before the parser stopped, if any.

    The parser reads ahead and has limits of its own, so it may stop before it has reported what it has read.
    """
    try:
        _Composer(places, Problems()).compose(places.text[:end])
    except _TooMuch as stop:
        return stop.diagnostic
    except yaml.YAMLError:
        pass
    return None


def _continued(before: Node, key: Node, value: Node) -> Scalar | None:
    """For `{TWD: 20,000}` in braces: the number whose part after the comma was read as a key."""
    if not (isinstance(before, Scalar) and isinstance(key, Scalar) and isinstance(value, Scalar)):
        return None
    text = f"{before.text},{key.text}"
    place = attrs.evolve(before.position, column=before.position.column + len(before.text) + 1)
    if value.text or value.quoted or before.quoted or key.position != place or not _THOUSANDS.fullmatch(text):
        return None
    return Scalar(before.position, int(text.replace(",", "")), text)


@attrs.define
class _Open:
    """An unfinished collection: its position, its style, its keys and values so far."""

    position: Position
    mapping: bool
    flow: bool
    values: list[Node] = attrs.Factory(list)


class _Composer:
    def __init__(self, places: Places, problems: Problems) -> None:
        self.places = places
        self.problems = problems
        self.count = 0

    def compose(self, text: str) -> Node | None:
        stack: list[_Open] = []
        root: Node | None = None
        documents = 0
        event: Any
        for event in yaml.parse(text, Loader=LOADER):
            done: Node | None = None
            kind = type(event)
            if kind is yaml.ScalarEvent:
                done = self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._check(event)
                if len(stack) >= MAX_DEPTH:
                    self._stop(
                        "too-deep", "the text is nested too deeply", event, f"at most {MAX_DEPTH} levels"
                    )
                flow = bool(event.flow_style)
                stack.append(_Open(self._position(event), kind is yaml.MappingStartEvent, flow))
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                done = self._close(stack.pop())
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._stop(
                        "several-documents",
                        "the file contains several YAML documents",
                        event,
                        "one document per file",
                    )
            elif kind is yaml.AliasEvent:
                name = str(event.anchor)[:60]
                wanted = f"the value itself, or quotes around a text that begins with `*{name}`"
                self._stop("alias", f"the alias *{name} is not allowed", event, wanted)
            if done is not None:
                if stack:
                    stack[-1].values.append(done)
                else:
                    root = done
        return root

    def _check(self, event: Any) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self._stop("file-too-large", "the file has too many values", event, f"at most {MAX_NODES:,}")
        if event.anchor:
            self._stop(
                "alias",
                f"the anchor &{event.anchor[:60]} is not allowed",
                event,
                "the value itself in every place, without a name for it",
            )
        if event.tag and event.tag != "!":
            expected = "an operator, such as {is_not: 3}" if event.tag.startswith("!=") else "plain YAML"
            self._stop("tag", f"the tag {event.tag[:60]} is not allowed", event, expected)

    def _scalar(self, event: Any) -> Scalar:
        self._check(event)
        position = self._position(event)
        text = event.value
        if event.style:
            return Scalar(position, text, text, quoted=True)
        if text[:1] in _WIDE:
            wrong, expected = _WIDE[text[0]]
            self._stop("yaml-syntax", f"not valid YAML: {wrong}", event, expected)
        cut = _CUT.match(self.places.text, event.end_mark.index) is not None
        return Scalar(position, self._core(text, position), text, cut=cut)

    def _core(self, text: str, position: Position) -> ScalarValue:
        if text in _WORDS:
            return _WORDS[text]
        if not (text[0].isdigit() or text[0] in "+-."):
            return text
        if _NOT_FINITE.fullmatch(text):
            self._spoilt("not-finite", f"{text} is not a number", position, "a finite number")
            return None
        number = _INTEGER.fullmatch(text) or _NUMBER.fullmatch(text) or _BASED.fullmatch(text)
        if number is None:
            return text
        if len(text) > MAX_NUMBER:
            self._spoilt(
                "number-too-long", "the number is too long", position, f"at most {MAX_NUMBER} digits"
            )
            return None
        if _INTEGER.fullmatch(text):
            return int(text)
        return Decimal(text) if _NUMBER.fullmatch(text) else int(text, 0)

    def _spoilt(self, code: str, message: str, position: Position, expected: str) -> None:
        self.problems.spoil(Diagnostic(code, message, position, expected=expected))

    def _close(self, opened: _Open) -> Node:
        if not opened.mapping:
            return Sequence(opened.position, tuple(opened.values), opened.flow)
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Position] = {}
        for key, value in zip(opened.values[::2], opened.values[1::2], strict=True):
            if opened.flow and entries and (whole := _continued(entries[-1][1], key, value)):
                entries[-1] = (entries[-1][0], whole)
            elif not isinstance(key, Scalar):
                self.problems.add(Diagnostic("bad-key", "a key must be a name", key.position))
            elif key.text in seen:
                message = f"duplicate key {key.text[:60]!r} (first in line {seen[key.text].line})"
                self.problems.add(Diagnostic("duplicate-key", message, key.position))
            else:
                seen[key.text] = key.position
                entries.append((key, value))
        for _, number in entries:
            if isinstance(number, Scalar) and isinstance(number.value, int) and "," in number.text:
                message = f"a comma ends a number here, so {number.text} would be read as several values"
                self.problems.spoil(
                    Diagnostic("number-with-comma", message, number.position, suggestion=str(number.value))
                )
        return Mapping(opened.position, tuple(entries), opened.flow)

    def _position(self, event: Any) -> Position:
        return self.places.of(event.start_mark)

    def _stop(self, code: str, message: str, event: Any, expected: str) -> None:
        raise _TooMuch(Diagnostic(code, message, self._position(event), expected=expected))
