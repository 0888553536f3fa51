"""Converts HTML to plain text in linear time, whatever its content.

The standard library's parser is not used: in some releases of Python, unterminated comments take it minutes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import attrs

from escalation_rules.integrations.helpdesks.bodies import MAX_BODY, clean

_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BLOCKS = frozenset({
    "p", "div", "br", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "blockquote",
})  # fmt: skip
_LONGEST_TAG = 3000
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_TAG = re.compile(
    r"""<(/?)([A-Za-z][A-Za-z0-9:-]{0,30}+)(?>[^<>"']++|"[^"]*+"|'[^']*+'){0,200}+>|<[!?][^>]*+>""", re.DOTALL
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}+|#[xX][0-9a-fA-F]{1,6}+|[A-Za-z][A-Za-z0-9]{1,31}+);?")
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def from_html(text: str) -> str:
    """The text of an HTML body, without markup. Lines of quoted blocks begin with `> `.

    Unterminated markup is kept as text. A text without tags is not HTML and keeps its lines.
    """
    tokens = list(_tokens(text[:MAX_BODY]))
    if len(tokens) == 1:
        return clean(_unescaped(text[:MAX_BODY]))
    lines = _Lines()
    for name, closing, data in tokens:
        if name:
            lines.tag(name, closing)
        else:
            lines.add(_unescaped(data))
    return clean(_BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines.done)))


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


@attrs.define
class _Lines:
    """The lines so far; the last one is still open."""

    done: list[str] = attrs.Factory(lambda: [""])
    quoted: int = 0

    def tag(self, name: str, closing: bool) -> None:
        """Process a tag."""
        if name in _BLOCKS and not (closing and name == "br"):
            self._break(name)
        if name == "blockquote":
            self.quoted = max(0, self.quoted + (-1 if closing else 1))

    def _break(self, name: str) -> None:
        """Begin a new line: always for `br`, for blocks only if the last line is not empty."""
        if name == "br" or self.done[-1]:
            self.done.append("")

    def add(self, data: str) -> None:
        """Process a text between tags."""
        text = _SPACE.sub(" ", data)
        if not self.done[-1]:
            text = text.lstrip()
            text = f"> {text}" if text and self.quoted else text
        self.done[-1] += text


def _tokens(text: str) -> Iterator[tuple[str, bool, str]]:
    """Tags (name, whether closing) and the texts between them. Comments and hidden elements are skipped."""
    place = begin = 0
    folded = text.translate(_LOWER)
    while (place := text.find("<", place)) >= 0:
        found = None if text.startswith("<!--", place) else _TAG.match(text, place, place + _LONGEST_TAG)
        end = (
            found.end() if found else _after(text, "-->", place + 4) if text.startswith("<!--", place) else 0
        )
        if not end:
            place += 1
            continue
        yield "", False, text[begin:place]
        name = (found[2] or "").lower() if found else ""
        if name in _HIDDEN and found and not found[1]:
            end = _after(folded, f"</{name}", end) or len(text)
            end = _after(text, ">", end) or len(text)
        elif name and found:
            yield name, bool(found[1]), ""
        place = begin = end
    yield "", False, text[begin:]


def _after(text: str, mark: str, place: int) -> int:
    """The offset after the next `mark`; for an unterminated comment the end of the text; 0 if there is none."""
    found = text.find(mark, place)
    return found + len(mark) if found >= 0 else len(text) if mark == "-->" else 0
