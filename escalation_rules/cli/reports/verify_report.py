"""Prints a verification: verified, or the differences with the names of steps and facts."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from datetime import tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

import attrs

from escalation_rules import Policy
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import ALARM, FAINT, TITLE, Page, Row
from escalation_rules.tools.verify import Difference, Verification
from escalation_rules.values import Instant, Money, ValueProblem

SHOWN = 20
LONGEST = 200
_NAMES = ("id", "action", "fact", "rule", "name")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def print_verification(policy: Policy, result: Verification, *, language: str, zone: tzinfo | None) -> None:
    """Print the result; times are in `zone`, or else that of the policy's calendar."""
    voice = Voice.of_policy(policy, language, zone)
    labels = {name: voice.say("label", label=voice.say(name)) for name in ("recorded", "derived")}
    page, teller = Page(labels.values(), is_terminal=sys.stdout.isatty()), _Teller(voice)
    if not result.same_policy:
        page.line(voice.say("other_policy"), ALARM)
    if result.verified:
        page.line(voice.say("verified"), TITLE)
    elif not result.differences:
        page.line(voice.say("otherwise_same"))
    else:
        page.line(voice.formats.plural("differences", len(result.differences)), ALARM)
    for difference in result.differences[:SHOWN]:
        page.space()
        page.item(teller.place(difference))
        then, now = teller.values(difference)
        page.rows([Row.plain(labels["recorded"], then), Row.plain(labels["derived"], now)])
    rest = len(result.differences) - SHOWN
    if rest > 0:
        page.space()
        page.line(voice.formats.plural("more_places", rest), FAINT)
    streams.write(page.text())


@attrs.frozen
class _Teller:
    """Describes differences between decisions."""

    voice: Voice

    def place(self, difference: Difference) -> str:
        """The part, the step or fact, and its field."""
        voice = self.voice
        if difference.part is None:
            return (
                voice.say(f"part.{difference.path}")
                if self.voice.has(f"part.{difference.path}")
                else difference.path
            )
        part = voice.say(f"part.{difference.part}")
        if difference.name is None:
            return voice.say("verify.order", part=part)
        text = voice.say("verify.item", part=part, what=self._what(difference))
        field = difference.path.partition("].")[2]
        return voice.say("verify.field", what=text, field=self._field(difference, field)) if field else text

    def values(self, difference: Difference) -> tuple[str, str]:
        """The recorded value and the current one."""
        then, now = difference.recorded, difference.derived
        if isinstance(then, list) and isinstance(now, list) and difference.name is not None:
            only = [[part for part in one if part not in other] for one, other in ((then, now), (now, then))]
            if any(only):
                return self._items(difference, only[0]), self._items(difference, only[1])
        return self._told(difference, then), self._told(difference, now)

    def _what(self, difference: Difference) -> str:
        labels = self.voice.labels
        name = str(difference.name)
        is_fact = difference.part in {"missing", "findings", "conclusions"}
        text = labels.quoted(labels.fact(name) if is_fact else labels.action(name))
        about = difference.about
        records = self.voice.joined([str(record) for record in about]) if isinstance(about, list) else about
        return self.voice.say("namely", text=text, value=str(records)) if records else text

    def _field(self, difference: Difference, field: str) -> str:
        if field.startswith("params."):
            name = field.split(".")[1]
            return self.voice.labels.parameter(str(difference.name), name)
        name = re.split(r"[.\[]", field)[0]
        return self.voice.say(f"field.{name}") if self.voice.has(f"field.{name}") else field

    def _items(self, difference: Difference, items: list[Any]) -> str:
        if not items:
            return self.voice.say("no_more")
        names = self.voice.joined([self._told(difference, part) for part in items])
        return self.voice.say("only_here", names=_cut(names))

    def _told(self, difference: Difference, value: Any) -> str:
        """A value as text if possible, else as JSON."""
        voice, field = self.voice, difference.path.partition("].")[2] or difference.path
        if value is None or value == []:
            return voice.say("absent")
        if difference.name is not None and isinstance(value, Mapping) and difference.path.endswith("]"):
            return voice.say("verify.there")
        if field == "owner" or field.startswith("by"):
            return voice.joined(
                [voice.labels.role(str(role)) for role in (value if isinstance(value, list) else [value])]
            )
        if field == "phase":
            return voice.labels.phase(str(value))
        if isinstance(value, list):
            return _cut(voice.joined([self._told(difference, part) for part in value]))
        return _cut(self._plain(value))

    def _plain(self, value: Any) -> str:
        if isinstance(value, Mapping) and value.keys() == {"amount", "currency"}:
            try:
                return self.voice.labels.value(
                    None, Money(Decimal(str(value["amount"])), str(value["currency"]))
                )
            except (InvalidOperation, ValueError):
                return json.dumps(value, ensure_ascii=False, default=str)
        if isinstance(value, Mapping):
            named = [str(value[name]) for name in _NAMES if value.get(name)]
            return named[0] if named else json.dumps(value, ensure_ascii=False, default=str)
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            try:
                return self.voice.formats.instant(Instant().parse(value))
            except ValueProblem:
                return value
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
