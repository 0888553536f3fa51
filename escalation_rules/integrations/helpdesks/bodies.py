"""Bodies of messages → plain text: Atlassian documents, and which lines the author wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

MAX_BODY = 200_000
"""Characters of one body that are read, before and after it becomes plain text."""

_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile("\r\n?|\u2028|\u2029")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ATTRIBUTION = re.compile(r"On .{4,200} wrote:|(?:在|於|于).{4,200}(?:寫道|写道)\s*[：:]")
_FORWARDED = re.compile(r"-{3,20}\s*(?:Original Message|Forwarded message|原始郵件|原始邮件)\s*-{3,20}")
_QUOTED = (">", "|>", "＞")
_MAX_NODES = 20_000


def clean(text: str) -> str:
    """Text with one kind of line end, without control characters and marks that turn the reading direction."""
    text = _LINE_END.sub("\n", text[:MAX_BODY])
    return _SURROGATE.sub("\ufffd", _CONTROLS.sub("", text)).strip()


def from_rich(body: Any) -> str:
    """The text of an Atlassian document (ADF); a body that is a text already stays what it is."""
    if isinstance(body, str):
        return clean(body)
    if not isinstance(body, Mapping):
        return ""
    lines: list[str] = [""]
    for kind, text, quoted in _parts(body):
        if kind == "line":
            lines.append("")
        else:
            lines[-1] += ("> " if quoted and not lines[-1] else "") + text
    return clean("\n".join(line for line in lines if line))


_BLOCKS = frozenset(
    {
        "paragraph",
        "heading",
        "blockquote",
        "codeBlock",
        "listItem",
        "bulletList",
        "orderedList",
        "panel",
        "rule",
        "tableRow",
        "mediaSingle",
        "hardBreak",
    }
)


def _parts(document: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Texts and line ends of a document, in order. Without recursion: a document may be nested as deep as it likes."""
    stack: list[tuple[Any, bool]] = [(document, False)]
    seen = 0
    while stack and seen < _MAX_NODES:
        node, quoted = stack.pop()
        seen += 1
        if node is None:
            yield "line", "", quoted
        if not isinstance(node, Mapping):
            continue
        kind = node.get("type")
        shown = node.get("attrs") if isinstance(node.get("attrs"), Mapping) else {}
        text = node.get("text") or (shown or {}).get("text") or (shown or {}).get("url") or ""
        if isinstance(text, str) and text:
            yield "text", text, quoted
        block = isinstance(kind, str) and kind in _BLOCKS
        if block:
            yield "line", "", quoted
            stack.append((None, quoted))
        content = node.get("content")
        inner = quoted or kind == "blockquote"
        stack.extend((each, inner) for each in reversed(content if isinstance(content, list) else []))


def own_lines(text: str) -> Iterator[str]:
    """The lines that the author wrote, without quoted ones.

    Below "On … wrote:" quoted lines are marked, or else all that follows is quoted; below "Original Message" all is.
    """
    lines = text.split("\n")
    for place, line in enumerate(lines):
        stripped = line.strip()
        if _FORWARDED.fullmatch(stripped):
            return
        if _ATTRIBUTION.fullmatch(stripped):
            following = next((each.strip() for each in lines[place + 1 :] if each.strip()), "")
            if not following.startswith(_QUOTED):
                return
        elif not stripped.startswith(_QUOTED):
            yield line


def own_text(text: str) -> str:
    """What the author wrote, as one text."""
    return "\n".join(own_lines(text)).strip()


def squeezed(text: str) -> str:
    """What two spellings of one text have in common: the letters without spaces and quoted lines."""
    return _SPACE.sub("", own_text(text))
