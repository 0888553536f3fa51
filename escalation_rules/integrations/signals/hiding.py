"""Finds the parts of a message that are not the author's own words: quoted mail, signatures, links, addresses, mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from escalation_rules.integrations.signals.folding import Span

_LINK = re.compile(
    r"(?:https?|ftp)://[^\s<>\"']{1,2000}|\bwww\.[^\s<>\"']{1,500}|(?<![\w.])@\w{1,50}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
)
_QUOTE_BEGINS = re.compile(
    r"[ \t]*(?:"
    r"-{2,}[ \t]*(?:original message|forwarded message|原始郵件|原始邮件|轉寄郵件|转发邮件|原邮件).*"
    r"|on\b.{4,200}\bwrote:?[ \t]*|.{0,120}(?:寫道|写道)[:：]?[ \t]*"
    r"|(?:from|寄件者|寄件人|发件人|發件人)[:：].{1,200})",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"-- ?|_{5,}[ \t]*")
_SENT_FROM = re.compile(
    r"[ \t]*(?:sent from my\b|get outlook for\b|從我的|从我的|傳送自|发自我的|發自我的).{0,80}", re.IGNORECASE
)
_CLOSING = re.compile(
    r"[ \t]*(?:(?:best|kind|warm|many)?[ \t]*(?:regards|wishes)|yours (?:sincerely|faithfully|truly)|sincerely|cheers"
    r"|此致|敬上|順頌商祺|顺颂商祺|祝商祺)[ \t]*[,，.!]?[ \t]*",
    re.IGNORECASE,
)
_LONGEST_LINE = 400
_CLOSING_LINES = 6
_CLOSING_LINE = 60


def hidden(text: str) -> tuple[Span, ...]:
    """The spans of a text to ignore, in order and without overlap."""
    found: list[Span] = []
    for span in sorted([*_lines(text), *_links(text)], key=lambda span: (span.start, -span.end)):
        if found and span.start < found[-1].end:
            continue
        found.append(span)
    return tuple(found)


def _links(text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in _LINK.finditer(text))


def _lines(text: str) -> Iterator[Span]:
    """Quoted lines; everything after the header of a quoted mail or a signature mark; a closing and the few
    lines after it."""
    lines = _split(text)
    for number, (start, end) in enumerate(lines):
        line = text[start:end].rstrip("\r\n")
        bare = line.lstrip(" \t")
        if bare.startswith((">", "＞")):
            yield Span(start, end)
        elif len(line) <= _LONGEST_LINE and (
            _SIGNATURE.fullmatch(line)
            or _heads_a_quote(line, text, lines, number)
            or (_CLOSING.fullmatch(line) and _ends_soon(text, lines, number))
        ):
            yield Span(start, len(text))
            return
        elif len(line) <= _LONGEST_LINE and _SENT_FROM.fullmatch(line):
            yield Span(start, end)


def _split(text: str) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        places.append((start, start + len(line)))
        start += len(line)
    return places


def _heads_a_quote(line: str, text: str, lines: list[tuple[int, int]], number: int) -> bool:
    """Whether a line is the header of a quoted mail, such as `On Tuesday X wrote:`. `From:` counts only with
    another header below."""
    if not _QUOTE_BEGINS.fullmatch(line):
        return False
    if not re.match(r"[ \t]*(?:from|寄件者|寄件人|发件人|發件人)", line, re.IGNORECASE):
        return True
    after = "".join(text[start:end] for start, end in lines[number + 1 : number + 4])[:600]
    return bool(
        re.search(r"^(?:sent|to|date|subject|收件者|收件人|主旨|主题|日期)[ \t]*[:：]", after, re.I | re.M)
    )


def _ends_soon(text: str, lines: list[tuple[int, int]], number: int) -> bool:
    """Whether only a few short lines follow, such as a name and an address."""
    rest = [text[start:end].strip() for start, end in lines[number + 1 : number + 2 + _CLOSING_LINES]]
    return len(rest) <= _CLOSING_LINES and all(len(line) <= _CLOSING_LINE for line in rest)
