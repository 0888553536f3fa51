"""Prints a comparison of two policies: first differences in cases, then in texts."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import takewhile
from typing import Any

import attrs

from escalation_rules import Comparison, EffectChange, Following, NameChange, NotCompared, Policy, RuleChange
from escalation_rules.calendar import Deadline, WorkingCalendar
from escalation_rules.cli.reports.case_words import case_lines
from escalation_rules.cli.reports.change_words import changes_said, declared_said
from escalation_rules.cli.reports.part_report import calendar_rows
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import TITLE, Page, Row
from escalation_rules.words.labels import barred_names, deadline_said, doer_names

ROWS = ("compare.because", "compare.example", "compare.before", "compare.after", "ruleset", "principle", "source", "for_each",
        "while", "when", "unless", "effect.recommend", "effect.forbid", "effect.hold", "effect.conclude", "overrides",
        "escalates", "why")  # fmt: skip
_PARTS = {"recommend": "effect.recommend", "forbid": "effect.forbid", "hold": "effect.hold", "conclude": "effect.conclude",
          "because": "why"}  # fmt: skip

_LONG, _CONTEXT = 240, 60
"""How long a changed text is before only the place of the change is shown, and how much is shown around it."""


def print_comparison(
    old: Policy, new: Policy, result: Comparison, *, language: str, zone: tzinfo | None, why_not: str | None
) -> None:
    """Print the comparison; `why_not` says why cases were not compared, if so."""
    voices = (Voice.of_policy(old, language, zone), Voice.of_policy(new, language, zone))
    page = Page(
        [voices[0].say("label", label=voices[0].say(row)) for row in ROWS], is_terminal=sys.stdout.isatty()
    )
    _Report(page, voices, result).write(why_not)
    streams.write(page.text())


@attrs.frozen
class _Report:
    page: Page
    voices: tuple[Voice, Voice]
    result: Comparison

    @property
    def voice(self) -> Voice:
        """The voice of the new policy, which knows most of the names."""
        return self.voices[1]

    def write(self, why_not: str | None) -> None:
        """Write the page; `why_not` says why cases were not compared, if so."""
        voice, result = self.voice, self.result
        policies = [
            voice.say("compare.policy", name=policy.name, digest=policy.digest[:12])
            for policy in (result.old, result.new)
        ]
        self.page.line(voice.say("compare.header", old=policies[0], new=policies[1]), TITLE)
        self._summary()
        if result.effects:
            self.page.heading(voice.say("compare.in_cases"))
            for number, effect in enumerate(result.effects, start=1):
                self._effect(effect, number)
        if result.following:
            self.page.heading(voice.say("compare.following"))
            for follower in result.following:
                self._following(follower)
        if result.not_compared:
            self.page.heading(voice.say("compare.not_compared"))
            for bullet, rows in dict.fromkeys(map(self._left, result.not_compared)):
                self.page.bullet(bullet)
                self.page.rows(rows)
        if result.rules:
            self.page.heading(voice.say("compare.in_rules"))
            replacing = self._replacing()
            for rule in result.rules:
                if rule.kind != "added" or rule.rule not in replacing:
                    self._rule(rule)
        for key, names in self._declared():
            self.page.heading(voice.say(key))
            for name in names:
                self.page.bullet(self._name(name))
        self.page.space()
        for line in self._last_lines(why_not):
            self.page.line(line, TITLE)

    def _summary(self) -> None:
        """Write how much differs, if anything does: in cases, rules by what became of them, and the vocabulary."""
        voice, result = self.voice, self.result
        if result.same_texts:
            return
        replacing, counts = self._replacing(), Counter[str]()
        for change in result.rules:
            removed = result.models[1].removed.get(change.rule) if change.kind == "removed" else None
            if removed is not None:
                counts["disabled" if removed.by is None else "replaced"] += 1
            elif change.kind != "added" or change.rule not in replacing:
                counts[change.kind] += 1
        kinds = [kind for kind in ("added", "changed", "replaced", "removed", "disabled") if counts[kind]]
        parts = [voice.say("compare.count.cases", count=str(len(result.effects)))] if result.in_cases else []
        if kinds:
            said = (voice.say(f"compare.count.{kind}", count=str(counts[kind])) for kind in kinds)
            parts.append(voice.say("compare.count.rules", counts=voice.joined(list(said))))
        if result.vocabulary:
            parts.append(voice.say("compare.count.names", count=str(len(result.vocabulary))))
        self.page.line(voice.say("compare.between").join(parts))

    def _declared(self) -> Iterator[tuple[str, list[NameChange]]]:
        """The changes of headings and of the vocabulary, each below its title."""
        for key, is_heading in (("compare.in_headings", True), ("compare.in_names", False)):
            if found := [
                change for change in self.result.vocabulary if (change.of == "ruleset") is is_heading
            ]:
                yield key, found

    def _last_lines(self, why_not: str | None) -> Iterator[str]:
        voice, result = self.voice, self.result
        within = voice.say("compare.within_all", records=str(result.records), acts=str(result.acts))
        if result.same_texts:
            yield voice.say("compare.same_text")
        elif why_not is not None:
            yield voice.say(f"compare.{why_not}")
        elif not result.proven:
            yield voice.say("compare.open" if result.effects else "compare.not_all")
        else:
            yield voice.say("compare.only_that" if result.effects else "compare.equivalent", within=within)

    # --- cases ----------------------------------------------------------------------------------------------------------

    def _effect(self, change: EffectChange, number: int) -> None:
        voice, witness = self.voice, change.witness
        if number > 1:
            self.page.space()
        rules = voice.joined([*change.contradicting])
        title = voice.say(f"{change.how}.{_kind(change)}", names=self._actions(change), rules=rules)
        self.page.numbered([(title, TITLE)], number)
        example = case_lines(voice, witness.case, change.actions[0], witness.params)
        example.append(voice.say("compare.looked_at", at=voice.formats.instant(witness.at)))
        self.page.rows([
            self._row("compare.because", voice.joined(changes_said(self.voices, change.because))),
            self._row("compare.example", *example),
            *self._before_and_after(change),
        ])  # fmt: skip

    def _following(self, step: Following) -> None:
        (name,), held = self._labels([step.action]), self.voice.joined(self._labels(step.holding))
        self.page.bullet(self.voice.say("compare.follows", name=name, held=held))
        because = self.voice.joined(changes_said(self.voices, step.because))
        self.page.rows([self._row("compare.because", because)])

    def _labels(self, actions: Sequence[str]) -> list[str]:
        """The labels of actions, each from a policy that knows it."""
        return [next(voice.labels.action(name) for voice in reversed(self.voices)
                     if name in voice.policy.vocabulary.actions) for name in actions]  # fmt: skip

    def _actions(self, change: EffectChange | NotCompared) -> str:
        found = self._labels(change.actions)
        return self.voice.joined(found) if isinstance(change, EffectChange) else self.voice.few(found)

    def _before_and_after(self, change: EffectChange) -> Iterator[Row]:
        if change.head != "recommend":
            both = change.how == "otherwise"
            sides = [(key, voice, entries) for key, voice, entries in self._sides(change) if entries or both]
            whom = [_to_whom(voice, change.actions[0], entries) for _, voice, entries in sides]
            alike = len(set(whom)) < len(whom)
            for (key, voice, entries), role in zip(sides, whom, strict=True):
                ends = _until_when(voice, change.actions[0], entries) if alike else []
                yield self._row(key, *(ends or [role]))
            return
        otherwise = change.how == "otherwise"
        only = _differing(change.before, change.after) if otherwise else None
        for key, voice, entries in self._sides(change):
            zoned = str(self.voices[0].formats.zone) != str(
                self.voices[1].formats.zone
            )  # equal zones may be two objects
            said = [
                line
                for entry in entries
                if (line := _step(voice, change.actions[0], entry, only, zoned=zoned))
            ]
            if said or otherwise:
                yield self._row(key, *(dict.fromkeys(said) or [voice.say("compare.nothing")]))

    def _sides(self, change: EffectChange) -> Iterator[tuple[str, Voice, Sequence[Mapping[str, Any]]]]:
        yield "compare.before", self.voices[0], change.before
        yield "compare.after", self.voices[1], change.after

    def _left(self, left: NotCompared) -> tuple[str, tuple[Row, ...]]:
        """What was not compared, and why."""
        voice = self.voice
        part = "open" if left.part == "presence" else f"open.{left.part}"
        bullet = voice.say(f"{part}.{left.head}", names=self._actions(left))
        keys = voice.joined([f"`{keyword}:`" for keyword in left.keys])
        numbers = voice.joined([*map(str, self._shown(left))])
        key: str = left.part if left.part in ("audit", "order", "aging") else left.why
        if numbers and left.part not in ("audit", "aging") and left.why in {"unconfirmed", "not-looked-for"}:
            key = "besides"
        why = [voice.say(f"why.{key}", keys=keys, numbers=numbers)]
        if left.tests:
            said = list(dict.fromkeys(voice.wording.sentence(test) for test in left.tests))
            why.append(voice.say("why.tests", tests=voice.few(said)))
        because = [voice.joined(changes_said(self.voices, left.because))] if left.because else []
        return bullet, (*(self._row("compare.because", reason) for reason in because), self._row("why", *why))

    def _shown(self, left: NotCompared) -> Iterator[int]:
        """The numbers of the differences that are shown of the same actions, or of a changed key."""
        for number, change in enumerate(self.result.effects, start=1):
            same = (
                change.head == left.head
                and set(change.actions) & set(left.actions)
                and change.about == left.about
            )
            if same or (left.keys and {*left.because} <= {*change.because}):
                yield number

    # --- words ----------------------------------------------------------------------------------------------------------

    def _rule(self, change: RuleChange) -> None:
        voice = self.voice
        removed = self.result.models[1].removed.get(change.rule) if change.kind == "removed" else None
        instead = removed.by.id if removed is not None and removed.by is not None else None
        self.page.bullet(
            self._heading(change, instead, is_disabled=removed is not None and instead is None), TITLE
        )
        rows = []
        if removed is not None and instead is None:
            rows.append(self._row("why", voice.text(removed.because)))
        found = self.result.said(change, voice.language, voice.formats, instead)
        for said in found:
            if said.part == "because" and removed is not None and instead is None:
                continue  # the reason why it was disabled is said instead
            written = str if said.part in ("overrides", "escalates") else voice.title  # ids stay as they are
            before = [written(value) for value in said.before if value not in said.after]
            after = [written(value) for value in said.after if value not in said.before]
            if change.kind == "changed" or instead is not None:
                if len(before) == len(after) == 1:
                    before, after = map(list, zip(_around(before[0], after[0]), strict=True))
                before = [voice.say("compare.was", text=text) for text in before]
                after = [voice.say("compare.is", text=text) for text in after]
            if before or after:
                rows.append(self._row(_PARTS.get(said.part, said.part), *before, *after))
        if not found and (languages := self._in_other_languages(change)):
            rows.append(
                self._row("why", voice.say("compare.in_languages", languages=voice.joined(languages)))
            )
        self.page.rows(rows)

    def _heading(self, change: RuleChange, instead: str | None, *, is_disabled: bool) -> str:
        """What became of a rule: of one that is there again, also why it was not."""
        say, before = self.voice.say, self.result.models[0].removed.get(change.rule)
        if is_disabled:
            return say("rule.disabled", rule=change.rule)
        if instead is not None:
            return say("rule.replaced", rule=change.rule, by=instead)
        if change.kind != "added" or before is None:
            return say(f"rule.{change.kind}", rule=change.rule)
        if before.by is None:
            return say("rule.enabled", rule=change.rule)
        return say("rule.back", rule=change.rule, by=before.by.id)

    def _in_other_languages(self, change: RuleChange) -> list[str]:
        """The other languages in which the texts of a rule differ."""
        known = self.result.models[1].vocabulary.languages
        return [
            language
            for language in known
            if language != self.voice.language and self.result.said(change, language)
        ]

    def _replacing(self) -> set[str]:
        """The rules that are shown as those that replace others."""
        removed = self.result.models[1].removed
        gone = (removed.get(change.rule) for change in self.result.rules if change.kind == "removed")
        return {removal.by.id for removal in gone if removal is not None and removal.by is not None}

    def _name(self, change: NameChange) -> str:
        voice = self.voice
        parts = [self._part(change, part) for part in change.parts if part != "value"]
        kind = change.kind if parts or change.kind != "changed" else "changed_as_whole"
        name = declared_said(self.voices, change.of, change.name) or change.name
        return voice.say(
            f"name.{kind}", of=voice.say(f"of.{change.of}"), name=name, parts=voice.joined(parts)
        )

    def _part(self, change: NameChange, part: str) -> str:
        """What was changed; of the role, phase, doers or priority of an action, of a group and of a calendar, also its old and
        new value."""
        says = [self._value(number, change, part) for number in (0, 1)]
        label = self.voice.say(f"declares.{part}") if self.voice.has(f"declares.{part}") else part
        if says[0] is None or says[1] is None or (says[0] == says[1] and change.of == "ruleset"):
            return label
        before, after = (text or self.voice.say("compare.nothing") for text in says)
        return self.voice.say("name.from_to", part=label, before=before, after=after)

    def _value(self, whose: int, change: NameChange, part: str) -> str | None:
        """The value of a part in words; None if it is only named."""
        voice, vocabulary = self.voices[whose], self.result.models[whose].vocabulary
        if change.of == "calendar":
            found = [
                _of_calendar(voice, model.vocabulary.calendars[change.name], part)
                for model in self.result.models
            ]
            return voice.joined([text for text in found[whose] if text not in found[1 - whose]])
        if change.of == "group" and change.kind == "changed":
            members = [model.vocabulary.groups[change.name].actions for model in self.result.models]
            return voice.joined(
                [voice.labels.action(member) for member in members[whose] if member not in members[1 - whose]]
            )
        if change.of == "ruleset":
            return voice.text(self.result.models[whose].rulesets[change.name].label) or change.name
        if change.of != "action":
            return None
        action, labels = vocabulary.actions[change.name], voice.labels
        match part:
            case "owner":
                return labels.role(action.owner or "")
            case "phase":
                return labels.phase(action.phase or "")
            case "by":
                return labels.listed([*doer_names(action, vocabulary, voice.language)]) or voice.say(
                    "anybody"
                )
            case "barred":
                return labels.listed([*barred_names(action, vocabulary, voice.language)])
            case "priority":
                return str(action.priority)
        return None

    def _row(self, label: str, *texts: str) -> Row:
        return Row.plain(self.voice.say("label", label=self.voice.say(label)), *texts)


def _around(before: str, after: str) -> tuple[str, str]:
    """Two long texts, shortened to where they differ, with some of what is before and after that."""
    if min(len(before), len(after)) < _LONG:
        return before, after
    start = _shared(before, after)
    rest = min(len(before), len(after)) - start
    end = min(_shared(before[::-1], after[::-1]), rest)
    first, last = max(0, start - _CONTEXT), max(0, end - _CONTEXT)
    shortened = []
    for text in (before, after):
        kept = text[first : len(text) - last]
        kept = kept if first == 0 else f"…{kept.partition(' ')[2] or kept}"
        shortened.append(kept if last == 0 else f"{kept.rpartition(' ')[0] or kept}…")
    return shortened[0], shortened[1]


def _shared(one: str, other: str) -> int:
    """The length of the beginning that two texts share."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _of_calendar(voice: Voice, calendar: WorkingCalendar, part: str) -> list[str]:
    """A part of a calendar, line by line."""
    match part:
        case "closed" | "open":
            return [day.isoformat() for day in getattr(calendar, part)]
        case "other_hours":
            return [day.isoformat() for day, _ in calendar.other_hours]
    return dict(calendar_rows(voice, calendar)).get(part, [])


def _kind(change: EffectChange) -> str:
    """The kind of a difference: of a step that is only recommended, but may not be taken, `blocked`; of a prohibition that
    is only undecided in one of the policies, `doubt`."""
    if change.contradicting:
        return "contradiction"
    if change.is_of_blocking:
        return "open"
    side = {"now": change.after, "no longer": change.before}.get(change.how, ())
    if change.head != "recommend":
        before, after = (
            bool(entries) and all(one["undecided"] for one in entries)
            for entries in (change.before, change.after)
        )
        if change.how == "otherwise":
            doubt = "" if before == after else "to_doubt" if after else "from_doubt"
        else:
            doubt = "doubt" if change.head == "forbid" and (before or after) else ""
        return f"{doubt}.{change.head}" if doubt else change.head
    return "blocked" if side and all("wanted" in entry for entry in side) else change.head


def _differing(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> set[str] | None:
    """The fields in which two decisions differ; None unless each side has exactly one."""
    if len(before) != 1 or len(after) != 1:
        return None
    keys = {*before[0], *after[0]}
    found = {key for key in keys if before[0].get(key) != after[0].get(key)}
    return found | ({"params"} if "incomplete" in found else set())


def _step(
    voice: Voice, action: str, entry: Mapping[str, Any], only: set[str] | None, *, zoned: bool = False
) -> str:
    """A step in short: owner and due time (`zoned`: with the offset of its zone); or `only` the fields that differ."""
    if only is not None and "due" in only:
        only = {*only, "undated"}
    parts = [
        text
        for key, text in _parts(voice, action, entry, zoned=zoned)
        if (key != "undated" if only is None else key in only)
    ]
    return voice.say("parts").join(parts)


def _parts(voice: Voice, action: str, entry: Mapping[str, Any], *, zoned: bool) -> Iterator[tuple[str, str]]:
    if "wanted" in entry:
        yield "state", voice.say("replay.said.must_wait" if "until" in entry else "replay.said.must_not")
        if entry.get("due") is not None:
            yield "due", _until(voice, entry["due"], zoned=zoned)
        elif "due" in entry:
            yield "undated", voice.say("compare.no_due")
        for need in entry.get("needs", ()):
            if need["kind"] == "parameter":
                name = need["name"]
                label = voice.labels.parameter(action, name) if name != "owner" else ""
                yield "needs", voice.say("disagree", name=label) if label else voice.say("disagree_who")
        for name, value in entry.get("params", {}).items():
            yield (
                "params",
                voice.say(
                    "parameter", label=voice.labels.parameter(action, name), value=_plain(voice, value)
                ),
            )
        return
    who = voice.say("anybody") if entry["owner"] is None else voice.labels.role(entry["owner"])
    yield "owner", voice.say("compare.by", roles=who)
    if entry["within"] is not None:
        yield "within", deadline_said(Deadline.parse(entry["within"]), "", voice.language, voice.formats)
    if entry["due"] is not None:
        yield "due", _until(voice, entry["due"], zoned=zoned)
    elif not entry["paused"]:
        yield "undated", voice.say("compare.no_due" if entry["within"] is None else "compare.undated")
    yield "phase", voice.say("compare.phase", phase=voice.labels.phase(entry["phase"]))
    if entry["paused"]:
        yield "paused", voice.say("paused")
    params = {name: _plain(voice, value) for name, value in entry["params"].items()} | dict.fromkeys(
        entry["incomplete"], voice.say("not_known")
    )
    for name, value in params.items():
        yield "params", voice.say("parameter", label=voice.labels.parameter(action, name), value=value)


def _until(voice: Voice, due: str, *, zoned: bool) -> str:
    """Until when a step is to be done."""
    instant = datetime.fromisoformat(due)
    at = voice.formats.deadline(instant)
    return voice.say("compare.due", at=f"{at} ({voice.formats.offset(instant)})" if zoned else at)


def _to_whom(voice: Voice, action: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """To whom an action is prohibited, by all rules together, and whether this is undecided."""
    if not entries:
        return voice.say("compare.nothing")
    sure = [entry for entry in entries if not entry["undecided"]] or entries
    roles = dict.fromkeys(voice.labels.role(role) for entry in sure for role in entry["by"])
    roles |= dict.fromkeys(
        _barred(voice, action, {name for entry in sure for name in entry.get("barred", ())})
    )
    everybody = any(not entry["by"] and not entry.get("barred") for entry in sure)
    whom = voice.say("compare.everybody") if everybody else voice.labels.listed([*roles])
    in_doubt = all(entry["undecided"] for entry in sure)
    return voice.say("compare.in_doubt" if in_doubt else "compare.to", roles=whom)


def _barred(voice: Voice, action: str, named: Collection[str]) -> Iterator[str]:
    """Who is barred from an action by its declaration."""
    vocabulary = voice.policy.model.vocabulary
    declared = vocabulary.actions[action]
    some = attrs.evolve(
        declared,
        by=(),
        barred=tuple(barred_party for barred_party in declared.barred if barred_party.named in named),
    )
    yield from barred_names(some, vocabulary, voice.language)
    if only := [*doer_names(some, vocabulary, voice.language)]:
        yield voice.labels.say("value.all_but", roles=voice.labels.listed(only, "nor"))


def _until_when(voice: Voice, action: str, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Until when an action is held, by each rule."""
    rules = [(voice.policy.model.rule(entry["rule"]), entry["until"]) for entry in entries]
    found = [voice.wording.sentence(effect.until, rule.for_each)
             for rule, until in rules if rule is not None
             for effect in rule.prohibits
             if effect.until is not None and action in effect.actions and effect.until.to_data() == until]  # fmt: skip
    return [voice.say("compare.until", until=text) for text in dict.fromkeys(found)]


def _plain(voice: Voice, value: Any) -> str:
    """The value of a parameter, shortened."""
    if isinstance(value, Mapping):
        if value.keys() == {"amount", "currency"}:
            return voice.formats.amount(Decimal(value["amount"]), value["currency"])
        return " ".join(str(amount) for amount in value.values())
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
