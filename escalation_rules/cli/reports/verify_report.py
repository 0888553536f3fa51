"""A verification in a few lines: verified, or where the decisions differ."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from escalation_rules.cli.text import streams
from escalation_rules.cli.text.catalogue import DIFFERENCES, MORE_PLACES, TEXTS
from escalation_rules.cli.text.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.tools.verify import Difference, Verification
from escalation_rules.words.babel_formats import BabelFormats

SHOWN = 20
LONGEST = 200
_NAMES = ("id", "action", "fact", "rule", "name")


def print_verification(result: Verification, *, language: str) -> None:
    """Print the result for a person."""
    texts = {name: TEXTS[name].in_language(language) for name in TEXTS}
    labels = {name: texts["label"].format(label=texts[name]) for name in ("recorded", "derived")}
    page = Page(labels.values(), is_terminal=sys.stdout.isatty())
    formats = BabelFormats(language, UTC)
    if not result.same_policy:
        page.line(texts["other_policy"], ALARM)
    if result.verified:
        page.line(texts["verified"], TITLE)
    elif not result.differences:
        page.line(texts["otherwise_same"])
    else:
        page.line(formats.plural(DIFFERENCES, len(result.differences)), ALARM)
    for each in result.differences[:SHOWN]:
        page.space()
        page.item(each.path)
        then, now = (_told(value, texts) for value in _apart(each))
        page.rows([Row.plain(labels["recorded"], then), Row.plain(labels["derived"], now)])
    rest = len(result.differences) - SHOWN
    if rest > 0:
        page.space()
        page.line(formats.plural(MORE_PLACES, rest), FAINT)
    streams.write(page.text())


def _apart(difference: Difference) -> tuple[Any, Any]:
    """The two values; of two lists, what only one of them has."""
    then, now = difference.recorded, difference.derived
    if isinstance(then, list) and isinstance(now, list):
        only_then, only_now = (
            [each for each in one if each not in other] for one, other in ((then, now), (now, then))
        )
        return (only_then, only_now) if only_then or only_now else (then, now)
    return then, now


def _told(value: Any, texts: Mapping[str, str]) -> str:
    """A value in short: of a list what only it has, the parts of a decision by their names, all else as JSON."""
    if value is None:
        return texts["absent"]
    if isinstance(value, list):
        names = ", ".join(_name(each) for each in value)
        return texts["only_here"].format(names=_cut(names)) if names else texts["no_more"]
    return _cut(_name(value))


def _name(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        named = [str(value[name]) for name in _NAMES if value.get(name)]
        if named:
            return named[0]
    return json.dumps(value, ensure_ascii=False, default=str)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
