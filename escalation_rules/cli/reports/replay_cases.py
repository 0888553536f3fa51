"""Prints a replay case by case: the differences or, under one policy, the steps and breaches in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import attrs

from escalation_rules.cli.reports.replay_voice import ReplayVoice


@attrs.frozen
class ReplayCases(ReplayVoice):
    """Writes the events of each case."""

    def write_cases(self, lines: Iterable[Mapping[str, Any]]) -> None:
        """Write for each case the differences or, under one policy, the steps and breaches."""
        self.page.heading(self.voice.say("replay.cases"))
        for line in lines:
            items = list(self._differences(line) if self.compares else self._timeline(line))
            if not items and self.compares:
                continue
            self.page.space()
            name = line["case"] or self.voice.say("no_id")
            self.page.item(
                self.voice.say("namely", text=name, value=line["place"]) if "place" in line else name
            )
            for text in items:
                self.page.bullet(text)

    def _differences(self, line: Mapping[str, Any]) -> Iterator[str]:
        for _, group in groupby(line["differences"], key=_said_at_once):
            together = list(group)
            each = together[0]
            things = self.voice.few([self._thing(one) for one in together])
            change = self.voice.say(f"{each['kind']}.{_change_of(each)}")
            text = self.voice.say("replay.change", what=things, change=change)
            parts = self._parts(each)
            yield self._when(
                self.voice.say("replay.counted", text=text, count=parts) if parts else text, each
            )
        old, new = (line["replays"][number]["breaches"] for number in (0, -1))
        for key, here, other in (("removed", old, new), ("added", new, old)):
            known = {_breach_key(each) for each in other}
            for each in here:
                if _breach_key(each) not in known:
                    change = self.voice.say(f"breach.{key}")
                    yield self.voice.say("replay.change", what=self._told_breach(each), change=change)

    def _parts(self, each: Mapping[str, Any]) -> str:
        """The fields of a step or conclusion that changed, with old and new values."""
        before, after = each["before"], each["after"]
        if before is None or after is None:
            return ""
        found = [
            self.voice.say(
                "replay.measure",
                label=self.voice.say(_LABELS[name]),
                value=self.voice.say(
                    "replay.both",
                    old=self._value(name, before.get(name)),
                    new=self._value(name, after.get(name)),
                ),
            )
            for name in _LABELS
            if before.get(name) != after.get(name)
        ]
        return self.voice.joined(found)

    def _value(self, name: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return self.voice.say("absent")
        if name == "due":
            return self.formats.deadline(datetime.fromisoformat(value))
        if name == "owner":
            return self.voice.labels.role(value)
        if name == "by":
            return self.voice.labels.listed([self.voice.labels.role(each) for each in value])
        if isinstance(value, Mapping):
            return self.voice.joined([f"{key} {_shown(each)}" for key, each in value.items()])
        return _shown(value)

    def _timeline(self, line: Mapping[str, Any]) -> Iterator[str]:
        (told,) = line["replays"]
        events = [
            (each["since"], 0, self._when(self._step(each), each))
            for each in told["said"]
            if each["kind"] == "do"
        ]
        events += [(each["at"], 1, self._told_breach(each)) for each in told["breaches"]]
        yield from (text for *_, text in sorted(events))

    def _step(self, each: Mapping[str, Any]) -> str:
        return self.voice.say(
            "replay.change", what=self._thing(each), change=self.voice.say("replay.said.do")
        )

    def _told_breach(self, each: Mapping[str, Any]) -> str:
        what = self._action(each["action"]) if each["action"] else self._fact(each["fact"])
        at = self.formats.instant(datetime.fromisoformat(each["at"]))
        return self.voice.say("audit.item", at=at, kind=self.voice.say(f"kind.{each['kind']}"),
                              what=self._about(what, each["about"]))  # fmt: skip

    def _thing(self, each: Mapping[str, Any]) -> str:
        return self._about(self._what(each["kind"], each["name"]), each["about"])

    def _about(self, what: str, about: str | None) -> str:
        return self.voice.say("namely", text=what, value=about) if about else what

    def _when(self, text: str, each: Mapping[str, Any]) -> str:
        since = self.formats.instant(datetime.fromisoformat(each["since"]))
        if each["until"] is None:
            said = self.voice.say("replay.since", at=since)
        else:
            until = self.formats.instant(datetime.fromisoformat(each["until"]))
            said = self.voice.say("replay.between", at=since, until=until)
        return self.voice.say("replay.from", text=text, since=said)


_LABELS = {
    "owner": "who",
    "due": "due",
    "params": "with",
    "incomplete": "needs",
    "by": "by",
    "value": "found",
}


def _change_of(each: Mapping[str, Any]) -> str:
    return "added" if each["before"] is None else "removed" if each["after"] is None else "changed"


def _said_at_once(each: Mapping[str, Any]) -> tuple[Any, ...]:
    """A key for differences of a case that are shown together; a changed item is shown alone, with its old
    and new value."""
    change = _change_of(each)
    own = (each["name"], each["about"]) if change == "changed" else ()
    return each["kind"], change, each["since"], each["until"], each["because"], own


def _breach_key(each: Mapping[str, Any]) -> tuple[Any, ...]:
    return each["kind"], each["action"], each["fact"], each["about"], each["at"]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):  # an amount
        return " ".join(str(each) for each in value.values())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
