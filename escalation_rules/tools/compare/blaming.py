"""Which changes between two policies a difference in a replayed history comes from. Needs no solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.tools.compare.changed import Touched, deciding, names_changed, rules_changed

Plain = Mapping[str, Any]
"""A line of a replay, or one of its differences or breaches, as plain data."""

_DOING = frozenset({"owner", "phase", "anchor", "paused_while"})
"""The parts of an action's declaration that say how a step is done; the others can decide whether it is still open."""


class Blaming:
    """Names the changed rules and declarations from which differences come.

    It judges by what the rules behind a difference read: the change of such a name, or of a rule that overrides or concludes
    something for them, is the cause, and not the rule itself. Of several changes that reach the same rule, all are named.
    """

    def __init__(self, old: PolicyModel, new: PolicyModel) -> None:
        self._models = (old, new)
        rules, names = rules_changed(old, new), names_changed(old, new)
        self._touched = [Touched(each, rules, names) for each in self._models]
        self._declared = {each.name: each for each in names if each.of == "action" and deciding(each)}
        self._calendars = {each.name for each in names if each.of == "calendar"} | {"calendar"}
        self._all = {*self._touched[0].rules, *self._touched[0].names}

    def of(self, line: Plain, found: Plain) -> tuple[str, ...]:
        """The changes behind a difference of a line, or behind a breach that only one policy finds; () if unclear."""
        is_breach = "since" not in found
        causes = self._of_breach(line, found) if is_breach else self._of_difference(line, found)
        causes = self._at_work(line, causes) or causes
        if not causes and len(self._all) == 1:
            causes = self._all
        return tuple(sorted(causes))

    def _of_breach(self, line: Plain, breach: Plain) -> set[str]:
        name = breach["action"] or breach["fact"]
        about = [
            each
            for each in line["differences"]
            if each["name"] == name and each["about"] in (breach["about"], None)
        ]
        causes = {cause for each in about for cause in self._of_difference(line, each)}
        return causes or self._reaching(breach["because"]) or self._declaration(name)

    def _of_difference(self, line: Plain, found: Plain) -> set[str]:
        kind, name, because = found["kind"], found["name"], found["because"]
        if kind == "found":
            return self._reaching(self._concluding(name))
        if kind == "find_out":
            return self._reaching(because)
        if kind != "do":
            return self._prohibiting(because) or self._reaching(because)
        if found["before"] is None or found["after"] is None:
            bars = [rule for each in _bars(line, found) for rule in each["because"]]
            return self._prohibiting(bars) or self._coming_and_going(because, name) or self._reaching(because)
        return self._done_otherwise(found)

    def _coming_and_going(self, because: Iterable[str], name: str) -> set[str]:
        """The changes that decide whether rules hold, and whether an act is the step's."""
        causes = {
            cause for touched, rule in self._rules(because) for cause in touched.by(rule, only_when=True)
        }
        return causes | (self._declaration(name) if self._retired_otherwise(name) else set())

    def _done_otherwise(self, found: Plain) -> set[str]:
        """The changes of how a step is done."""
        before, after, name = found["before"], found["after"], found["name"]
        causes = self._reaching(found["because"]) | self._declaration(name)
        if before.get("owner") != after.get("owner"):
            return {each for each in causes if each not in self._calendars}
        if before.get("within") != after.get("within"):
            own = causes & set(found["because"])
            return own or causes
        if before.get("due") != after.get("due"):
            return causes & self._calendars or causes
        return {each for each in causes if each not in self._calendars} or causes

    def _prohibiting(self, rules: Iterable[str]) -> set[str]:
        """The changes that reach the rules that prohibit something."""
        causes = self._reaching(each for each in rules if self._prohibits(each))
        return causes - self._calendars or causes

    def _at_work(self, line: Plain, causes: set[str]) -> set[str]:
        """Without changed rules that only conclude what both policies conclude alike in this history."""
        differing = {each["name"] for each in line["differences"] if each["kind"] == "found"}
        idle = set()
        for _, rule in self._rules(causes):
            if len(rule.concludes) == len(rule.effects) > 0 and differing.isdisjoint(
                each.name for each in rule.concludes
            ):
                idle.add(rule.id)
        return causes - idle

    # --- rules and declarations -----------------------------------------------------------------------------------------

    def _reaching(self, rules: Iterable[str]) -> set[str]:
        return {cause for touched, rule in self._rules(rules) for cause in touched.by(rule)}

    def _rules(self, names: Iterable[str]) -> Iterator[tuple[Touched, Rule]]:
        wanted = set(names)
        for touched in self._touched:
            yield from ((touched, rule) for rule in touched.model.rules if rule.id in wanted)

    def _concluding(self, name: str) -> set[str]:
        return {
            rule.id
            for model in self._models
            for rule in model.rules
            for each in rule.concludes
            if each.name == name
        }

    def _prohibits(self, name: str) -> bool:
        return any(rule.prohibits for _, rule in self._rules([name]))

    def _declaration(self, name: str) -> set[str]:
        return {name} & self._declared.keys()

    def _retired_otherwise(self, name: str) -> bool:
        """Whether the declaration of an action changed in a part that decides which acts are the step."""
        change = self._declared.get(name)
        return change is not None and (change.kind != "changed" or bool(set(change.parts) - _DOING))


def _bars(line: Plain, step: Plain) -> Iterator[Plain]:
    """The prohibitions that appear where a step disappears, or the other way round."""
    for each in line["differences"]:
        is_bar = each["kind"] in {"must_not", "must_wait"} and each["name"] == step["name"]
        if is_bar and each["about"] == step["about"] and (each["before"] is None) is (step["after"] is None):
            yield each
