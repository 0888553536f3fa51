"""Prints a replay case by case: the differences or, under one policy, the steps and breaches in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import attrs

from escalation_rules.cli.reports.replay_voice import ReplayVoice
from escalation_rules.tools.replay.summary import breaches_changed, parts_changed, values_told


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
            change = self._how(each["kind"], _change_of(each), parts_changed(each), values_told(each))
            text = self.voice.say("replay.change", what=things, change=change)
            parts = self._said_parts(values_told(each), each["name"])
            yield self._when(
                self.voice.say("replay.counted", text=text, count=parts) if parts else text, each
            )
        for change, breach in breaches_changed(line):
            said = self.voice.say(f"breach.{change}")
            yield self.voice.say("replay.change", what=self._told_breach(breach), change=said)

    def _timeline(self, line: Mapping[str, Any]) -> Iterator[str]:
        (told,) = line["replays"]
        events = [
            (each["since"], 0, self._when(self._step(each), each))
            for each in told["said"]
            if each["kind"] == "do"
        ]
        events += [
            (each["at"], 1, self._told_breach(each)) for each in (*told["breaches"], *told["unverified"])
        ]
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


def _change_of(each: Mapping[str, Any]) -> str:
    return "added" if each["before"] is None else "removed" if each["after"] is None else "changed"


def _said_at_once(each: Mapping[str, Any]) -> tuple[Any, ...]:
    """A key for differences of a case that are shown together; a changed item is shown alone, with its old
    and new value."""
    change = _change_of(each)
    own = (each["name"], each["about"]) if change == "changed" else ()
    return each["kind"], change, each["since"], each["until"], each["because"], own
