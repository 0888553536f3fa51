"""Which changes between two policies a difference in a replayed history comes from. Needs no solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.tools.compare.changed import Touched, deciding, names_changed, rules_changed

Plain = Mapping[str, Any]
"""A line of a replay, or one of its differences or breaches, as plain data."""

_RETIRING = frozenset({"by", "barred", "counts", "outcomes"})
"""Those that only decide whether it is still open."""
_AGAINST = frozenset({"forbidden", "premature"})
"""The breaches that are acts against the policy."""
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
        self._touched = [Touched(model, rules, names) for model in self._models]
        self._declared = {
            change.name: change for change in names if change.of == "action" and deciding(change)
        }
        self._calendars = {change.name for change in names if change.of == "calendar"} | {"calendar"}
        self._added = {change.rule for change in rules if change.kind != "changed"}
        self.changes = {*self._touched[0].rules, *self._touched[0].names}

    def of(self, line: Plain, found: Plain) -> tuple[str, ...]:
        """The changes behind a difference of a line, or behind a breach that only one policy finds; () if unclear."""
        is_breach = "since" not in found
        causes = self._of_breach(line, found) if is_breach else self._of_difference(line, found)
        causes = self._at_work(line, causes) or causes
        if not causes and len(self.changes) == 1:
            causes = self.changes
        return tuple(sorted(causes))

    def _of_breach(self, line: Plain, breach: Plain) -> set[str]:
        name, because = breach["action"] or breach["fact"], breach["because"]
        if breach["kind"] in _AGAINST and (causes := self._of_act(breach["kind"], name, because)):
            return causes
        about = [
            difference
            for difference in line["differences"]
            if difference["name"] == name and difference["about"] in (breach["about"], None)
        ]
        causes = {cause for difference in about for cause in self._of_difference(line, difference)}
        if causes and _is_not_entitled(line, {**breach, "name": name}):
            causes |= self._declaration(name)  # otherwise it would have been done, if late
        return causes or self.reaching(because) or self._declaration(name)

    def _of_act(self, kind: str, name: str, because: Iterable[str]) -> set[str]:
        """The changes behind an act against the policy: of who may do it, by the declaration, or of the rules against it."""
        declared = self._declaration(name) if name in because else set()
        forbidding = [rule for rule in because if self._has(rule, "forbid")] if kind == "forbidden" else []
        found = declared | self._prohibiting(forbidding)
        return found or self._prohibiting(because)

    def _of_difference(self, line: Plain, found: Plain) -> set[str]:
        kind, name, because = found["kind"], found["name"], found["because"]
        if kind == "found":
            return self.reaching(self._concluding(name))
        if kind == "find_out":
            return self.reaching(because, only_when=True) or self.reaching(because)
        if kind != "do":
            instead = [rule for difference in _in_its_place(line, found) for rule in difference["because"]]
            if causes := self._prohibiting(instead):  # it was only hidden, unless its rule is new as well
                return causes | (self._added & set(because))
            when = self.reaching(because, only_when=True)
            return (
                when if self._concludes(line, when) else self._prohibiting(because) or self.reaching(because)
            )
        if found["before"] is None or found["after"] is None:
            bars = [rule for difference in _bars(line, found) for rule in difference["because"]]
            return self._prohibiting(bars) or self._coming_and_going(line, found) or self.reaching(because)
        return self._done_otherwise(line, found)

    def _coming_and_going(self, line: Plain, found: Plain) -> set[str]:
        """The changes that decide whether rules hold, and whether an act is the step's."""
        causes, name, because = set[str](), found["name"], found["because"]
        for touched, rule in self._rules(because):
            steps = [effect for effect in rule.recommends if effect.action == name]
            reached = {parameter.name for parameter in touched.model.vocabulary.actions[name].reached}
            may_retire = any(not reached.isdisjoint(dict(step.params)) for step in steps)
            causes |= touched.by(
                rule, only_when=bool(steps) and not may_retire
            )  # else the step ends a hold of the rule
        causes = causes - self._calendars or causes
        declared = self._declaration(name) if self._declares_other(name, _DOING) else set()
        return declared if _is_not_entitled(line, found) else causes or declared

    def _done_otherwise(self, line: Plain, found: Plain) -> set[str]:
        """The changes of how a step is done."""
        before, after, name = found["before"], found["after"], found["name"]
        causes = self.reaching(found["because"])
        if self._declares_other(name, _RETIRING) or _is_not_entitled(line, found):
            causes |= self._declaration(name)
        if before.get("owner") != after.get("owner"):
            return {cause for cause in causes if cause not in self._calendars}
        if before.get("within") != after.get("within"):
            own = causes & set(found["because"])
            return own or causes - self._calendars or causes
        if before.get("due") != after.get("due"):
            return causes & self._calendars or self._timed_by_held(line, found) or causes
        return {cause for cause in causes if cause not in self._calendars} or causes

    def _timed_by_held(self, line: Plain, found: Plain) -> set[str]:
        """The changes of the due time of the step that waits for this one: its own is the same."""
        held = {action for _, rule in self._rules(found["because"]) for hold in rule.prohibits
                if found["name"] in hold.acts_needed for action in hold.actions}  # fmt: skip
        wanting = [rule.id for model in self._models for rule in model.rules
                   if any(step.action in held and step.within is not None for step in rule.recommends)]  # fmt: skip
        moved = {rule for rule in wanting if self._within(0, rule) != self._within(1, rule)}
        at_work = {
            rule
            for difference in line["differences"]
            if difference["name"] in held
            for rule in difference["because"]
        }
        return moved & at_work or moved

    def _within(self, whose: int, rule: str) -> list[object]:
        found = self._models[whose].rule(rule)
        return (
            []
            if found is None
            else [(effect.action, effect.within, effect.anchor, effect.before) for effect in found.recommends]
        )

    def _prohibiting(self, rules: Iterable[str]) -> set[str]:
        """The changes that reach the rules that prohibit something."""
        causes = self.reaching(rule for rule in rules if self._has(rule, "forbid", "hold"))
        return causes - self._calendars or causes

    def _concludes(self, line: Plain, causes: set[str]) -> bool:
        """Whether a changed rule concludes something that differs in this history: then its rules hold for that reason."""
        differing = {
            difference["name"] for difference in line["differences"] if difference["kind"] == "found"
        }
        return any(
            conclusion.name in differing for _, rule in self._rules(causes) for conclusion in rule.concludes
        )

    def _at_work(self, line: Plain, causes: set[str]) -> set[str]:
        """Without changed rules that only conclude what both policies conclude alike in this history."""
        differing = {
            difference["name"] for difference in line["differences"] if difference["kind"] == "found"
        }
        idle = set()
        for _, rule in self._rules(causes):
            if len(rule.concludes) == len(rule.effects) > 0 and differing.isdisjoint(
                conclusion.name for conclusion in rule.concludes
            ):
                idle.add(rule.id)
        return causes - idle

    # --- rules and declarations -----------------------------------------------------------------------------------------

    def reaching(self, rules: Iterable[str], *, only_when: bool = False) -> set[str]:
        """The changes that reach some rules; with `only_when`, those that reach when they hold."""
        return {
            cause for touched, rule in self._rules(rules) for cause in touched.by(rule, only_when=only_when)
        }

    def _rules(self, names: Iterable[str]) -> Iterator[tuple[Touched, Rule]]:
        wanted = set(names)
        for touched in self._touched:
            yield from ((touched, rule) for rule in touched.model.rules if rule.id in wanted)

    def _concluding(self, name: str) -> set[str]:
        return {
            rule.id
            for model in self._models
            for rule in model.rules
            for conclusion in rule.concludes
            if conclusion.name == name
        }

    def _has(self, name: str, *heads: str) -> bool:
        """Whether a rule has an effect of one of these kinds."""
        return any(effect.head in heads for _, rule in self._rules([name]) for effect in rule.effects)

    def _declaration(self, name: str) -> set[str]:
        return {name} & self._declared.keys()

    def _declares_other(self, name: str, parts: frozenset[str]) -> bool:
        """Whether the declaration of an action changed in other parts than these."""
        change = self._declared.get(name)
        return change is not None and (change.kind != "changed" or bool(set(change.parts) - parts))


def _is_not_entitled(line: Plain, step: Plain) -> bool:
    """Whether only one of the policies lets the person do it who did the step."""
    breaches = ([(breach["at"], breach["by"]) for breach in replay["breaches"]
                 if breach["kind"] == "forbidden" and breach["action"] == step["name"] in breach["because"]
                 and breach["about"] in (step["about"], None)]
                for replay in line["replays"])  # fmt: skip
    before, after = breaches
    return before != after


def _in_its_place(line: Plain, wait: Plain) -> Iterator[Plain]:
    """The prohibitions that go where a hold of the same action appears, or the other way round: what is forbidden does not
    have to wait."""
    for difference in line["differences"] if wait["kind"] == "must_wait" else ():
        same = (difference["kind"], difference["name"], difference["about"]) == (
            "must_not",
            wait["name"],
            wait["about"],
        )
        if same and (difference["before"] is None) is (wait["after"] is None):
            yield difference


def _bars(line: Plain, step: Plain) -> Iterator[Plain]:
    """The prohibitions that appear where a step disappears, or the other way round."""
    for difference in line["differences"]:
        is_bar = difference["kind"] in {"must_not", "must_wait"} and difference["name"] == step["name"]
        if (
            is_bar
            and difference["about"] == step["about"]
            and (difference["before"] is None) is (step["after"] is None)
        ):
            yield difference
