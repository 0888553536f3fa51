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
            first = together[0]
            things = self.voice.few([self._thing(one) for one in together])
            change = self._how(first["kind"], _change_of(first), parts_changed(first), values_told(first))
            text = self.voice.say("replay.change", what=things, change=change)
            parts = self._said_parts(values_told(first), first["name"])
            yield self._when(
                self.voice.say("replay.counted", text=text, count=parts) if parts else text, first
            )
        for change, breach in breaches_changed(line):
            said = self.voice.say(f"breach.{change}")
            yield self.voice.say("replay.change", what=self._told_breach(breach), change=said)

    def _timeline(self, line: Mapping[str, Any]) -> Iterator[str]:
        (told,) = line["replays"]
        events = [
            (entry["since"], 0, self._when(self._step(entry), entry))
            for entry in told["said"]
            if entry["kind"] == "do"
        ]
        events += [
            (breach["at"], 1, self._told_breach(breach))
            for breach in (*told["breaches"], *told["unverified"])
        ]
        yield from (text for *_, text in sorted(events))

    def _step(self, entry: Mapping[str, Any]) -> str:
        return self.voice.say(
            "replay.change", what=self._thing(entry), change=self.voice.say("replay.said.do")
        )

    def _told_breach(self, breach: Mapping[str, Any]) -> str:
        what = self._action(breach["action"]) if breach["action"] else self._fact(breach["fact"])
        at = self.formats.instant(datetime.fromisoformat(breach["at"]))
        return self.voice.say("audit.item", at=at, kind=self.voice.say(f"kind.{breach['kind']}"),
                              what=self._about(what, breach["about"]))  # fmt: skip

    def _thing(self, entry: Mapping[str, Any]) -> str:
        return self._about(self._what(entry["kind"], entry["name"]), entry["about"])

    def _about(self, what: str, about: str | None) -> str:
        return self.voice.say("namely", text=what, value=about) if about else what

    def _when(self, text: str, entry: Mapping[str, Any]) -> str:
        since = self.formats.instant(datetime.fromisoformat(entry["since"]))
        if entry["until"] is None:
            said = self.voice.say("replay.since", at=since)
        else:
            until = self.formats.instant(datetime.fromisoformat(entry["until"]))
            said = self.voice.say("replay.between", at=since, until=until)
        return self.voice.say("replay.from", text=text, since=said)


def _change_of(entry: Mapping[str, Any]) -> str:
    return "added" if entry["before"] is None else "removed" if entry["after"] is None else "changed"


def _said_at_once(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """A key for differences of a case that are shown together; a changed item is shown alone, with its old
    and new value."""
    change = _change_of(entry)
    own = (entry["name"], entry["about"]) if change == "changed" else ()
    return entry["kind"], change, entry["since"], entry["until"], entry["because"], own
