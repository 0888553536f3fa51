"""Describes parts of a decision in failure messages, in the feature's language and the scenario's time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

import attrs

from escalation_rules.pytest_plugin.messages import ENGLISH, Message, message, said
from escalation_rules.pytest_plugin.names import Names
from escalation_rules.pytest_plugin.view import Item, items_of, rules_of

_TITLES = {
    "plan": message("the plan"),
    "done": message("done"),
    "forbidden": message("forbidden"),
    "held": message("held"),
    "missing": message("the questions"),
    "findings": message("the findings"),
    "conclusions": message("the conclusions"),
    "instead": message("instead"),
    "breaches": message("the breaches"),
    "unverified": message("unverified"),
}
_DETAILS = {
    "by": "by {value}",
    "at": "at {value}",
    "due": "due {value}",
    "done_at": "done at {value}",
    "known_from": "known from {value}",
    "within": "within {value}",
    "until": "waits for {value}",
    "needs": "needs {value}",
    "incomplete": "lacks {value}",
    "ask": "ask {value}",
    "needed_by": "needed by {value}",
}
_OFFSET = re.compile(r"(?:Z|[+-]\d\d:?\d\d)\W*$")
_TIMES = ("at", "due", "done_at", "known_from")
_MOST = 12


@attrs.frozen
class Voice:
    """Describes entries of an answer in a language and a time zone; ids are followed by the policy's labels."""

    language: str = ENGLISH
    zone: tzinfo | None = None
    names: Names | None = None

    def say(self, what: object) -> str:
        """A message in the language; other objects are unchanged."""
        return said(what, self.language)

    def name(self, item: Item) -> str:
        """An entry in short: `waive_charge about c1`, or its fact."""
        name = str(item.get("action") or item["fact"])
        about = item.get("about")
        label = self._label(item)
        known = f"{name}「{label}」" if label else name
        return self.say(message("{name} about {record}", name=known, record=shown(about))) if about else known

    def _label(self, item: Item) -> str | None:
        """The label of the action or fact, if the language differs from that of the ids."""
        if self.names is None or self.language == ENGLISH:
            return None
        kind, name = ("action", item["action"]) if item.get("action") else ("fact", item["fact"])
        label = self.names.kinds["action" if kind == "action" else "fact"].get(name)
        return label.in_language(self.language) if label is not None and label.versions else None

    def described(self, item: Item) -> str:
        """An entry on one line, with everything that a feature can check except its texts."""
        words = [self.name(item), *map(self.say, self._details(item))]
        if item.get("because"):
            words.append(self.say(message("because of {rules}", rules=", ".join(rules_of(item)))))
        return " · ".join(words)

    def _details(self, item: Item) -> Iterator[object]:
        for key in ("kind", "phase", "owner"):
            if item.get(key):
                yield str(item[key])
        for key, template in _DETAILS.items():
            if item.get(key):
                value = self.time(item[key]) if key in _TIMES else shown(item[key])
                if key == "by" and item.get("person") not in (None, value):
                    value = f"{item['person']} ({value})"
                yield message(template, value=value)
        if item.get("overdue"):
            yield message("overdue")
        if item.get("wanted"):
            wanting = [reason["rule"] for reason in item["because"] if reason["effect"] == "recommend"]
            yield message("wanted by {rules}", rules=", ".join(wanting)) if wanting else message("wanted")
        for key, value in (item.get("params") or {}).items():
            yield f"{key} {shown(value)}"
        if "value" in item:
            yield shown(item["value"])

    def time(self, text: object, beside: str = "") -> str:
        """An instant of an answer in the scenario's zone; with its offset where what stands beside it has one."""
        if self.zone is None or not isinstance(text, str):
            return shown(text)
        moment = datetime.fromisoformat(text).astimezone(self.zone)
        if _OFFSET.search(beside):
            return moment.isoformat()
        return f"{moment.date()} {moment.time().isoformat('seconds').removesuffix(':00')}"

    def part_lines(self, answer: Item, part: str) -> list[str]:
        """A part of a decision, verdict or audit, one line for each entry, shortened if long."""
        items = items_of(answer, part)
        title: object = _TITLES[part.partition(" ")[0]]
        if " " in part:
            title = message("{title} although wanted", title=title)
        if "at" in answer:
            title = message("{title} at {at}", title=title, at=self.time(answer["at"]))
        if not items:
            return [self.say(message("{title}: {rest}", title=title, rest=message("nothing")))]
        lines = [f"{number}. {self.described(entry)}" for number, entry in enumerate(items[:_MOST], 1)]
        if len(items) > _MOST:
            lines.append(self.say(message("… and {count} more", count=len(items) - _MOST)))
        return [self.say(message("{title}:", title=title)), *(f"  {line}" for line in lines)]

    def elsewhere(self, decision: Item, action: str, not_in: Sequence[str] = ()) -> list[str]:
        """Other entries of the decision about an action, one a line."""
        return [
            self.say(_place(part, self.described(entry)))
            for part in ("plan", "done", "forbidden", "held")
            if part not in not_in
            for entry in items_of(decision, part)
            if entry.get("action") == action
        ]


def _place(part: str, item: str) -> Message:
    if part == "plan":
        return message("it is in the plan: {item}", item=item)
    return message("it is {part}: {item}", part=_TITLES[part], item=item)


def shown(value: Any) -> str:
    """A plain value as written in a feature."""
    if value is None or isinstance(value, bool):
        return {None: "unknown", True: "true", False: "false"}[value]
    if isinstance(value, dict) and "amount" in value:
        return f"{value['amount']} {value.get('currency') or ''}".strip()
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(part)}" for key, part in value.items())
    return str(value)
