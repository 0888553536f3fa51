"""Converts message bodies to plain text: Atlassian documents, and the separation of quoted text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

MAX_BODY = 200_000
"""The maximum number of characters read from a body, before and after conversion to plain text."""

_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile("\r\n?|\u2028|\u2029")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ATTRIBUTION = re.compile(r"On .{4,200} wrote:|(?:在|於|于).{4,200}(?:寫道|写道)\s*[：:]")
_FORWARDED = re.compile(r"-{3,20}\s*(?:Original Message|Forwarded message|原始郵件|原始邮件)\s*-{3,20}")
_QUOTED = (">", "|>", "＞")
_MAX_NODES = 20_000


def clean(text: str) -> str:
    """Text with uniform line ends, without control characters and bidirectional marks."""
    text = _LINE_END.sub("\n", text[:MAX_BODY])
    return _SURROGATE.sub("\ufffd", _CONTROLS.sub("", text)).strip()


def from_rich(body: Any) -> str:
    """The text of an Atlassian document (ADF). A body that is already a text is returned unchanged."""
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
    """The texts and line ends of a document, in order. Iterative, since documents may be nested to any depth."""
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
        stack.extend((part, inner) for part in reversed(content if isinstance(content, list) else []))


def own_lines(text: str) -> Iterator[str]:
    """The lines written by the author, without quoted text.

    After "On … wrote:", marked lines are quoted, or everything if none is marked. After "Original Message",
    everything is.
    """
    lines = text.split("\n")
    for place, line in enumerate(lines):
        stripped = line.strip()
        if _FORWARDED.fullmatch(stripped):
            return
        if _ATTRIBUTION.fullmatch(stripped):
            following = next((rest.strip() for rest in lines[place + 1 :] if rest.strip()), "")
            if not following.startswith(_QUOTED):
                return
        elif not stripped.startswith(_QUOTED):
            yield line


def own_text(text: str) -> str:
    """The text written by the author."""
    return "\n".join(own_lines(text)).strip()


def squeezed(text: str) -> str:
    """The text without spaces and quoted lines, for comparison."""
    return _SPACE.sub("", own_text(text))
