"""Finds questions by the end of their sentences."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.integrations.signals.finding.found import Found
from escalation_rules.integrations.signals.folding import Folded, Span

_BEFORE = " \"'.,;:!?)-*"
_CHINESE = ("吗", "呢", "么")


def questions(folded: Folded) -> Iterator[Found[str]]:
    """Each sentence with a question mark or a Chinese final question particle, as written."""
    for start, end in zip((0, *folded.stops), (*folded.stops, len(folded.text)), strict=True):
        text = folded.text[start:end]
        bare = text.strip().rstrip("!.。 ")
        if ("?" in text and bare.rstrip("?")) or bare.endswith(_CHINESE):
            place = start + len(text) - len(text.lstrip(_BEFORE))
            yield Found(Span(place, start + len(text.rstrip())), bare)
