"""Finds how often something happened: `twice`, `3 times`, `for the third time`, 第三次."""

from __future__ import annotations

import re
from collections.abc import Iterator

from escalation_rules.integrations.signals.finding.found import Found
from escalation_rules.integrations.signals.finding.numbers import NUMERAL, chinese_number
from escalation_rules.integrations.signals.folding import Folded, Span

_WORDS = {name: number for number, name in enumerate(
    ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)}  # fmt: skip
_ORDINALS = {name: number for number, name in enumerate(
    ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 2)}  # fmt: skip
_COUNT = re.compile(
    r"(?<![a-z0-9'])(?:(?P<twice>twice)"
    rf"|(?P<word>{'|'.join(_WORDS)}) (?:separate |different |more )?(?:times|occasions)"
    rf"|(?P<figure>[1-9][0-9]?) ?(?:x|times|occasions)"
    rf"|(?P<ordinal>{'|'.join(_ORDINALS)}) (?:time|occasion)"
    r"|(?P<nth>[1-9][0-9]?)(?:nd|rd|th) (?:time|occasion))(?![a-z0-9])"
    rf"|第?(?P<chinese>{NUMERAL}|[0-9]{{1,2}})(?:多|来)?(?:次|回|遍)"
)
_LEAST = 2


def counts(folded: Folded) -> Iterator[Found[int]]:
    """Each count from 2 up; for ordinals, their number."""
    for match in _COUNT.finditer(folded.text):
        value = _value(match)
        if value is not None and value >= _LEAST:
            yield Found(Span(*match.span()), value)


def _value(found: re.Match[str]) -> int | None:
    if found["twice"]:
        return 2
    if found["word"] or found["ordinal"]:
        return _WORDS.get(found["word"] or "") or _ORDINALS.get(found["ordinal"] or "")
    figures = found["figure"] or found["nth"] or found["chinese"]
    return int(figures) if figures.isascii() else chinese_number(figures)
