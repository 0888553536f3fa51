"""Diagnoses YAML syntax errors in words that do not require knowledge of YAML.

The parser reports where it stopped; the cause is looked for in that line and those above it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import attrs
import yaml

from escalation_rules.once import once
from escalation_rules.source.characters import LINE_END

_KEY = r"[\w.\"'-]+"
_WIDE_COLON = re.compile(rf"[ \t]*(?:- )?{_KEY}(：)")
_WIDE_SPACE = re.compile("[ \t-]*([\u3000\u00a0])")
_TAB = re.compile(r"[ -]*(\t)")
_BARE_DASH = re.compile(r" *(-)[^\W\d_]")
_TWO_KEYS = re.compile(rf" *(?:- )?({_KEY}): +(?P<rest>\S.*?): ")
_TIGHT = re.compile(rf" *(?:- )?(?P<key>{_KEY}?):(?P<value>[^\s:/].*)")
_BARE_KEY = re.compile(rf" *(?:- )?{_KEY}")
_COLON = re.compile(r":(\s|$)")
_LONGEST = 60


@attrs.frozen
class Trouble:
    """The problem, its character offset, and what was expected."""

    index: int
    message: str
    expected: str


@attrs.frozen
class _Line:
    """A line: its offset, its text (with comments), and the indentation of its content."""

    start: int
    number: int
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def item(self) -> bool:
        """Whether it is an item of a list."""
        return self.text.lstrip(" ").startswith("- ") or self.text.strip() == "-"

    @property
    def columns(self) -> list[int]:
        """The columns at which related lines may begin: that of its content, and of each `-` before that."""
        found = [self.indent]
        rest = self.text.lstrip(" ")
        while rest.startswith("- "):
            inner = rest[1:].lstrip(" ")
            found.append(found[-1] + len(rest) - len(inner))
            rest = inner
        return found

    def begins(self, column: int = 0) -> str:
        """The text at a column, or its beginning, for a message."""
        key = re.match(rf" *(?:- )*{_KEY}:?", self.text[column:])
        return (key[0] if key else self.text[column:]).strip()[:_LONGEST]


@attrs.frozen(slots=False)
class _Scene:
    """A text with the offset where the parser stopped (`index`), the start of the unfinished element
    (`start`), and its message."""

    text: str
    index: int
    start: int | None
    said: str
    loader: Any

    @once
    def lines(self) -> list[_Line]:
        """All lines up to the one where the parser stopped."""
        starts = [0, *(end.end() for end in LINE_END.finditer(self.text, 0, self.index))]
        ends = [*starts[1:], len(self.text)]
        texts = (
            LINE_END.split(self.text[one:two], maxsplit=1)[0] for one, two in zip(starts, ends, strict=True)
        )
        return [
            _Line(start, number, text)
            for number, (start, text) in enumerate(zip(starts, texts, strict=True), 1)
        ]

    @property
    def line(self) -> _Line:
        """The line where the parser stopped."""
        return self.lines[-1]

    @property
    def before(self) -> str:
        """The text on that line before the offset where it stopped."""
        return self.line.text[: self.index - self.line.start]

    @property
    def here(self) -> str:
        """The character at which it stopped; "" at the end."""
        return self.text[self.index : self.index + 1]

    def above(self) -> Iterator[_Line]:
        """The non-empty lines above it, nearest first."""
        return (
            line for line in reversed(self.lines[:-1]) if line.text.strip() and line.text.lstrip()[0] != "#"
        )

    @once
    def token(self) -> Any:
        """The last complete token: a value or a bracket; None if there is none."""
        last = None
        try:
            for token in yaml.scan(self.text, Loader=self.loader):
                if token.end_mark.index > self.index:
                    break
                if isinstance(token, (yaml.ScalarToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)):
                    last = token
        except yaml.YAMLError:
            pass
        return last


def given_up(error: yaml.MarkedYAMLError) -> int:
    """The offset at which the parser stopped."""
    mark: Any = error.problem_mark or error.context_mark
    return int(mark.index)


def trouble(text: str, error: yaml.MarkedYAMLError, loader: Any) -> Trouble:
    """Diagnose the text for which `loader` raised `error`."""
    start = error.context_mark.index if error.context_mark else None
    scene = _Scene(text, given_up(error), start, error.problem or "", loader)
    return next(filter(None, (look(scene) for look in _LOOKS)))


def _wide_colon(scene: _Scene) -> Trouble | None:
    for line in (scene.line, next(scene.above(), scene.line)):
        if found := _WIDE_COLON.match(line.text):
            return Trouble(
                line.start + found.start(1),
                "a full-width colon does not end a key",
                "an ASCII colon and a space (`: `)",
            )
    return None


def _wide_space(scene: _Scene) -> Trouble | None:
    for line in (scene.line, *islice(scene.above(), 2)):
        if found := _WIDE_SPACE.match(line.text):
            index = line.start + found.start(1)
            return Trouble(index, "a full-width space does not indent a line", "ordinary spaces in its place")
    return None


def _tab(scene: _Scene) -> Trouble | None:
    found = _TAB.match(scene.line.text)
    if found is None and scene.here != "\t":
        return None
    index = scene.index if found is None else scene.line.start + found.start(1)
    return Trouble(index, "a tab is not allowed here", "spaces instead of the tab")


def _dash(scene: _Scene) -> Trouble | None:
    near = (scene.line, next(scene.above(), scene.line))
    if any(line.item for line in (*near, *scene.above())):
        for line in near:
            if found := _BARE_DASH.match(line.text):
                wanted = f"`- {line.text[found.end(1) :].strip()[:_LONGEST]}`"
                return Trouble(line.start + found.start(1), "missing space after the dash", wanted)
    return None


def _quote(scene: _Scene) -> Trouble | None:
    if "end of stream" in scene.said and scene.start is not None and scene.text[scene.start] in "\"'":
        return _open_quote(scene, scene.start)
    token = scene.token
    if (
        "escape" in scene.said
        or not isinstance(token, yaml.ScalarToken)
        or not token.style
        or token.style in "|>"
    ):
        return None
    if token.start_mark.line < token.end_mark.line == scene.line.number - 1:
        return _open_quote(scene, token.start_mark.index)
    if scene.text[token.end_mark.index : scene.index].strip(" ") or scene.here in {"", ":"}:
        return None
    wanted = "quotes around the whole text, and '' for an apostrophe inside"
    return Trouble(scene.index, "text after the closing quote is not allowed", wanted)


def _open_quote(scene: _Scene, index: int) -> Trouble:
    return Trouble(index, f"unclosed quote {scene.text[index]}",
                   "the same quote at the end of the text")  # fmt: skip


def _no_colon(scene: _Scene) -> Trouble | None:
    """A line without a colon, which the parser notices only on the next line."""
    if "could not find expected ':'" in scene.said and scene.start is not None:
        return _lacking(
            next(line for line in reversed(scene.lines) if line.start <= scene.start), scene.start
        )
    noted = len(scene.lines) > 1 and scene.lines[-2].text.lstrip().startswith("#")  # a comment ends any text
    key = "mapping values" in scene.said and _BARE_KEY.fullmatch(scene.before)
    if not key and (scene.before.strip(" ") or not noted):
        return None
    above = next(scene.above(), None)
    if above is None or _COLON.search(above.text) or scene.line.indent > above.columns[-1]:
        return None
    return _lacking(above, above.start + above.columns[-1])


def _lacking(line: _Line, index: int) -> Trouble:
    if tight := _TIGHT.fullmatch(line.text.rstrip()):
        wanted = f"`{tight['key']}: {tight['value'][:_LONGEST]}`"
        return Trouble(line.start + tight.start("value"), "missing space after the colon", wanted)
    return Trouble(
        index, "missing colon in this line", "a key, a colon and a space, or `- ` before an item of a list"
    )


def _colon(scene: _Scene) -> Trouble | None:
    """A second colon on one line, or a key below a line that already has a value."""
    if "mapping values" not in scene.said:
        return None
    if two := _TWO_KEYS.match(scene.line.text + " "):
        curly = two["rest"][0] in "“”‘’「『"
        quotes = "straight quotes, \" or ', around the text" if curly else "quotes around the text"
        inner = (
            ""
            if curly or " " in two["rest"]
            else f", or `{two['rest']}:` in a separate line, indented by two more spaces"
        )
        return Trouble(scene.index, "this line contains a second colon", f"{quotes}{inner}")
    above = next(scene.above(), scene.line)
    message = f"this line is indented below `{above.begins()}`, which already has a value"
    wanted = "the same indentation, or quotes around a text that continues here"
    return Trouble(scene.line.start + scene.line.indent, message, wanted)


def _bracket(scene: _Scene) -> Trouble | None:
    """Problems in brackets and braces, or after them."""
    if "expected ','" in scene.said and scene.start is not None:
        inside = scene.text[scene.start : scene.index]
        if wide := re.search("[，；、]", inside):
            return Trouble(
                scene.start + wide.start(),
                "a full-width comma does not separate items",
                "an ASCII comma and a space (`, `)",
            )
        kind = {"[": "bracket", "{": "brace"}.get(scene.text[scene.start], "bracket")
        if LINE_END.search(inside):
            return Trouble(scene.start, f"unclosed {kind}", f"the closing {kind}")
        return Trouble(scene.index, "missing comma", f"a comma between items, the closing {kind} after the last, "
                       "and quotes around a text that contains one of , : [ ] { }")  # fmt: skip
    if isinstance(scene.token, (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)) and not scene.text[
        scene.token.end_mark.index : scene.index
    ].strip(" "):
        return Trouble(scene.index, "text after the closing brace or bracket is not allowed",
                       "quotes around a text that begins with [ or {")  # fmt: skip
    if scene.here in {"]", "}"}:
        return Trouble(
            scene.index,
            "unmatched closing bracket",
            "quotes around a text that contains brackets or braces",
        )
    return None


def _sign(scene: _Scene) -> Trouble | None:
    """A text that begins with a special character."""
    if scene.line.text.startswith("%"):
        return Trouble(scene.line.start, "a text cannot begin with %", "quotes around the text")
    begun = (
        re.search(r"([>|])[^\s]*\s*$", scene.before)
        if "line break" in scene.said or "chomping" in scene.said
        else None
    )
    if begun:
        index = scene.line.start + begun.start()
        if scene.text[index] == "|":
            return Trouble(
                index,
                "a text after `|` must start in the next line",
                "the text there, indented by two more spaces",
            )
        return Trouble(
            index,
            "`>` cannot be used as a comparison",
            "an operator, such as {above: 3}, or quotes around a text",
        )
    if "sequence entries" in scene.said:
        return Trouble(scene.index, "a list item cannot be in the same line as its key",
                       "the items in the next lines, each after `- `, or quotes around a text")  # fmt: skip
    if "alphabetic" in scene.said or "cannot start" in scene.said or "mapping keys" in scene.said:
        index = scene.index if "alphabetic" not in scene.said or scene.start is None else scene.start
        return Trouble(index, f"a text cannot begin with {scene.text[index]}", "quotes around the text")
    if "escape" in scene.said and "\\" in scene.text[: scene.index + 1]:
        message = "invalid escape sequence after a backslash in double quotes"
        wanted = "single quotes, in which a backslash has no special meaning"
        return Trouble(scene.text.rindex("\\", 0, scene.index + 1), message, wanted)
    return None


def _indentation(scene: _Scene) -> Trouble | None:
    """A line whose indentation matches none of those above it."""
    line = scene.line
    if scene.before.strip(" -"):
        return None
    index, known = line.start + line.indent, _open_columns(scene.above())
    item = next(
        (earlier for earlier in scene.above() if earlier.item and earlier.indent <= line.indent + 3), line
    )
    fellow = known.get(line.indent)
    if line.item and fellow is not None and fellow.indent == line.indent:
        message = f"a list item cannot have the same indentation as the key `{fellow.begins()}`"
        return Trouble(index, message, "`- ` before each of these lines, or before none")
    if line.item and item.indent != line.indent:
        message = f"this `- ` is in column {line.indent + 1}, but `{item.begins()}` above it is in column {item.indent + 1}"
        return Trouble(index, message, "the same column for all items of a list")
    if fellow is not None and fellow.item:
        message = f"a key cannot have the same indentation as the list item `{fellow.begins()}`"
        wanted = "two more spaces if it belongs to the item above it, or `- ` if it is an item itself"
        return Trouble(index, message, wanted)
    keys = {column: opener for column, opener in known.items() if not opener.text[column:].startswith("-")}
    close = [column for column in keys if abs(column - line.indent) <= 2] or list(keys)
    near = sorted(sorted(close, key=lambda column: (abs(column - line.indent), column))[:2])
    if near and line.indent not in known:
        spaces = (
            f"{column} spaces as in line {keys[column].number} (`{keys[column].begins(column)}`)"
            for column in near
        )
        return Trouble(index, "the indentation does not match any line above", " or ".join(spaces))
    return None


def _open_columns(above: Iterable[_Line]) -> dict[int, _Line]:
    """The columns at which a line may continue, each with the nearest line above that begins there."""
    found: dict[int, _Line] = {}
    for line in above:
        for column in reversed(line.columns):
            if column < min(found, default=column + 1):
                found[column] = line
    return found


def _something(scene: _Scene) -> Trouble:
    if scene.here == ":":
        return Trouble(scene.index, "missing key before the colon", "a key, a colon and a space")
    wanted = "the same indentation for keys that belong together, a colon after each, quotes around texts with special characters"
    return Trouble(scene.index, "this text does not fit here", wanted)


_LOOKS: tuple[Callable[[_Scene], Trouble | None], ...] = (
    _wide_colon, _wide_space, _tab, _quote, _bracket, _sign, _dash, _no_colon, _colon, _indentation, _something
)  # fmt: skip
"""The checks for causes, most certain first; the last one always returns a result."""
