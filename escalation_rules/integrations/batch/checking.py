"""Finds out which changes of a policy a difference comes from, by deciding the history again without each of them.

What `Blaming` judges from the rules is checked for a sample: the first cases of each kind of difference. At the instant at which
it begins, the new policy decides with each change undone; a breach is audited again. Other cases of the same kind are put down
to the same changes if the sample agrees.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from escalation_rules import EscalationRulesError, Policy
from escalation_rules.case import Case
from escalation_rules.engine import Program
from escalation_rules.integrations.batch.found import Found
from escalation_rules.tools.audit import audit
from escalation_rules.tools.compare.blaming import Blaming
from escalation_rules.tools.compare.changed import swapped
from escalation_rules.tools.replay import PART, Cause, said_at

SOURCE = "source"
"""The key under which a line has the history that it was read from."""
ENOUGH, MOST = 3, 12
"""How many cases of a kind of difference are checked: if these agree; otherwise."""
MOST_CHANGES = 16
"""How many changes are tried first, if there are more."""
MOST_ANSWERS = 20_000
"""How often a policy decides for this in one run."""

Plain = Mapping[str, Any]
Whose = Literal["old", "new", "neither"]
"""Whose answer a policy gives about a difference."""
_Sides = tuple[int, frozenset[str]]
"""A policy (0: the old one), and the changes in which it is like the other one."""


class Checking:
    """Names the changes behind the differences of lines that have their `SOURCE`, given in order."""

    def __init__(self, old: Policy, new: Policy) -> None:
        self._programs = tuple(Program(policy.model, "plain") for policy in (old, new))
        self._blaming = Blaming(old.model, new.model)
        self._samples: dict[object, list[Cause | None]] = {}
        self._mixed: dict[_Sides, Program | None] = {}
        self._answers: dict[tuple[object, ...], object] = {}
        self._history: object = None
        self._left = MOST_ANSWERS

    def of(self, line: Plain, found: Plain) -> Cause:
        """The changes behind a difference of a line, or behind a breach that only one policy finds."""
        judged = Cause(self._blaming.of(line, found))
        if len(self._blaming.changes) == 1:
            return Cause(tuple(self._blaming.changes), checked=True)
        sample = self._samples.setdefault((judged, *_kind(line, found)), [])
        first = sample[:ENOUGH]
        if len(sample) >= ENOUGH and all(cause is not None and cause == first[0] for cause in first):
            return first[0] or judged
        if len(sample) >= MOST or self._left <= 0 or SOURCE not in line:
            return judged
        sample.append(self._checked(line, found, judged.changes))
        return sample[-1] or judged

    # --- undoing changes ------------------------------------------------------------------------------------------------

    def _checked(self, line: Plain, found: Plain, judged: Sequence[str]) -> Cause | None:
        """What deciding again shows; None if it shows nothing."""
        if self._whose(0, (), line, found) != "old" or self._whose(1, (), line, found) != "new":
            return None

        def undone(changes: Iterable[str]) -> Whose | None:
            return self._whose(1, changes, line, found)

        first = self._likely(found, judged)
        others = [change for change in sorted(self._blaming.changes) if change not in first]
        for tried in (first, others) if others else (first,):
            answers = {change: undone([change]) for change in tried}
            needed = tuple(sorted(change for change, whose in answers.items() if whose in {"old", "neither"}))
            if needed:
                both = len(needed) > 1 and {answers[change] for change in needed} == {"old"}
                return Cause(needed, "together" if both else "", checked=True)
            alone = [change for change in tried if self._whose(0, [change], line, found) == "new"]
            if alone:
                return Cause(tuple(sorted(alone)), "each" if len(alone) > 1 else "", checked=True)
        possible = [change for change in (*first, *others) if self._mix(1, frozenset([change])) is not None]
        together = _smallest(possible, lambda changes: undone(changes) not in {"new", None})
        return Cause(tuple(sorted(together)), "any", checked=True) if together else None

    def _likely(self, found: Plain, judged: Sequence[str]) -> list[str]:
        """The changes to be tried first: all, unless there are many."""
        if len(self._blaming.changes) <= MOST_CHANGES:
            return sorted(self._blaming.changes)
        reaching = self._blaming.reaching(found["because"])
        return list(dict.fromkeys((*judged, *sorted(reaching))))

    def _mix(self, whose: int, changes: frozenset[str]) -> Program | None:
        """A policy that is like the other one in some changes; None if that is not possible."""
        if len(changes) > 1:  # seldom asked for again
            return self._mixed_anew(whose, changes)
        key = whose, changes
        if key not in self._mixed:
            self._mixed[key] = self._mixed_anew(whose, changes)
        return self._mixed[key]

    def _mixed_anew(self, whose: int, changes: frozenset[str]) -> Program | None:
        program: Program | None = self._programs[whose]
        for change in sorted(changes):
            program = (
                None if program is None else swapped(program.model, self._programs[1 - whose].model, change)
            )
        return program

    def _whose(self, side: int, changes: Iterable[str], line: Plain, found: Plain) -> Whose | None:
        """Whose answer a policy with these changes gives; None if it cannot be tried."""
        changes = frozenset(changes)
        program = self._mix(side, changes)
        if program is None:
            return None
        if self._history != line["digest"]:
            self._answers.clear()
            self._history = line["digest"]
        try:
            if "since" in found:
                return _of_difference(self._said(side, changes, program, line, found), found)
            return _of_breach(self._breaches(side, changes, program, line), line, found)
        except EscalationRulesError:  # the case is not valid for such a policy
            return None

    # --- what a policy answers ------------------------------------------------------------------------------------------

    def _said(
        self, side: int, changes: frozenset[str], program: Program, line: Plain, found: Plain
    ) -> list[Plain]:
        key = side, changes, found["since"]
        at = datetime.fromisoformat(found["since"])
        return self._known(key, lambda: said_at(program, _read(program, line), at))

    def _breaches(self, side: int, changes: frozenset[str], program: Program, line: Plain) -> list[Plain]:
        until = datetime.fromisoformat(line["replays"][0]["until"])

        def audited() -> list[Plain]:
            return [breach.to_dict("en") for breach in audit(program, _read(program, line), until).breaches]

        return self._known((side, changes), audited)

    def _known(self, key: tuple[object, ...], work: Callable[[], list[Any]]) -> list[Any]:
        if key not in self._answers:
            self._left -= 1
            self._answers[key] = work()
        found: Any = self._answers[key]
        return found if isinstance(found, list) else []


def _read(program: Program, line: Plain) -> Case:
    source: Found = line[SOURCE]
    return Case.from_mapping(program.model.vocabulary, source.plain())


def _of_difference(said: Sequence[Plain], found: Plain) -> Whose:
    part = found.get(PART)

    def text(value: Plain) -> str:
        return json.dumps(value if part is None else value.get(part), sort_keys=True, default=str)

    before, after = (None if found[side] is None else text(found[side]) for side in ("before", "after"))
    apart = (found["before"] or found["after"]).get("apart")
    values = {text(entry["value"]) for entry in said
              if (entry["kind"], entry["name"], entry["about"]) == (found["kind"], found["name"], found["about"])
              and entry["value"].get("apart") == apart}  # fmt: skip
    has_old, has_new = before is None or before in values, after is None or after in values
    lacks_old, lacks_new = before is None or before not in values, after is None or after not in values
    if has_new and lacks_old:
        return "new"
    return "old" if has_old and lacks_new else "neither"


def _of_breach(breaches: Sequence[Plain], line: Plain, found: Plain) -> Whose:
    is_in_new = any(_breach(breach) == _breach(found) for breach in line["replays"][-1]["breaches"])
    is_here = any(_breach(breach) == _breach(found) for breach in breaches)
    return "new" if is_here is is_in_new else "old"


def _breach(breach: Plain) -> tuple[Any, ...]:
    return breach["kind"], breach["action"], breach["fact"], breach["about"], breach["at"]


def _kind(line: Plain, found: Plain) -> Iterator[object]:
    """What differences have in common that are taken to come from the same changes."""
    yield from (found["kind"], tuple(found["because"]), found.get(PART))
    if "since" in found:
        sides = [found[side] or {} for side in ("before", "after")]
        yield from (found["name"], *(found[side] is None for side in ("before", "after")))
        yield tuple(
            sorted(name for name in {*sides[0], *sides[1]} if sides[0].get(name) != sides[1].get(name))
        )
    else:
        yield from (found["action"], found["fact"])
        yield any(_breach(breach) == _breach(found) for breach in line["replays"][-1]["breaches"])


def _smallest(changes: Sequence[str], shows: Callable[[Sequence[str]], bool]) -> list[str]:
    """Some of the changes that show something together, so that none of them can be left out; [] if all do not."""
    found = list(changes)
    if not shows(found):
        return []
    for change in changes:
        without = [one for one in found if one != change]
        if without and shows(without):
            found = without
    return found
