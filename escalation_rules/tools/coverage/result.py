"""Result types of coverage: what the tests of a policy cover, and what they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from escalation_rules.decision import PolicyRef
from escalation_rules.errors import Position
from escalation_rules.policy.conditions import Truth
from escalation_rules.tools.coverage.tally import STANDINGS

TRUTHS: tuple[Truth, ...] = (True, False, None)


@attrs.frozen
class Counted:
    """A count out of a total."""

    met: int
    of: int

    @property
    def percent(self) -> float:
        """The percentage, rounded down to one decimal: 100 only if the count is complete."""
        return 100.0 if self.of == 0 else self.met * 1000 // self.of / 10

    def to_dict(self) -> dict[str, Any]:
        """The count as plain data for JSON."""
        return {"met": self.met, "of": self.of, "percent": self.percent}


@attrs.frozen
class RuleSeen:
    """How often a rule fired, was overruled, and was pending."""

    rule: str
    place: Position
    counts: Mapping[str, int]

    @property
    def fired(self) -> bool:
        """Whether it fired at least once."""
        return self.counts["fired"] > 0

    @property
    def standing(self) -> str:
        """The highest standing that was seen: fired, overruled, pending or never."""
        return next((standing for standing in STANDINGS if self.counts[standing]), "never")

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain data for JSON."""
        return {**_placed(self.place), "rule": self.rule, "standing": self.standing, **self.counts}


@attrs.frozen
class EffectSeen(RuleSeen):
    """The counts of an effect: `head` is its YAML keyword, `name` its subject."""

    head: str
    name: str

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain data for JSON."""
        return super().to_dict() | {"effect": self.head, "name": self.name}


@attrs.frozen
class TestSeen:
    """A test: the truths with which it was seen to decide, and those with which it cannot decide.

    `owner` is the rule, ruleset or action that it belongs to, `part` the key under which it is written.
    """

    __test__ = False  # not a test class for pytest

    owner: str
    part: str
    test: str
    place: Position
    seen: tuple[Truth, ...]
    cannot: tuple[Truth, ...]

    @property
    def missing(self) -> tuple[Truth, ...]:
        """The possible truths with which the test was not seen to decide."""
        return tuple(truth for truth in TRUTHS if truth not in self.seen and truth not in self.cannot)

    def to_dict(self) -> dict[str, Any]:
        """The test as plain data for JSON; an unknown truth is null."""
        return {**_placed(self.place), "owner": self.owner, "part": self.part, "test": self.test, "seen": list(self.seen),
                "cannot": list(self.cannot), "missing": list(self.missing)}  # fmt: skip


@attrs.frozen
class Uncovered:
    """A situation for which the policy has no rule: only this name is known, with one of these values (empty:
    any value).

    `name` is None for the situation in which nothing is known.
    """

    name: str | None
    values: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The situation as plain data for JSON."""
        return {"name": self.name, "values": list(self.values)}


@attrs.frozen
class Coverage:
    """The coverage of a policy by its tests.

    `asked` is the number of questions to the policy. `solved`: the solver was used to exclude what is
    impossible.
    """

    policy: PolicyRef
    asked: int
    rules: tuple[RuleSeen, ...]
    effects: tuple[EffectSeen, ...]
    tests: tuple[TestSeen, ...]
    uncovered: tuple[Uncovered, ...]
    solved: bool

    @property
    def rules_fired(self) -> Counted:
        """The rules that fired, of all rules."""
        return _fired(self.rules)

    @property
    def effects_fired(self) -> Counted:
        """The effects that fired, of all effects."""
        return _fired(self.effects)

    @property
    def decided(self) -> Counted:
        """Masking MC/DC: the truths true and false with which tests were seen to decide, of those possible."""
        return self._truths((True, False))

    @property
    def undecided(self) -> Counted:
        """The tests that were seen to decide while unknown, of those for which this is possible."""
        return self._truths((None,))

    @property
    def truths(self) -> Counted:
        """The truths true, false and unknown with which tests were seen to decide, of those possible."""
        return self._truths(TRUTHS)

    @property
    def lowest(self) -> float:
        """The lowest of the percentages."""
        return min(
            counted.percent
            for counted in (self.rules_fired, self.effects_fired, self.decided, self.undecided)
        )

    def _truths(self, asked: Sequence[Truth]) -> Counted:
        met = sum(truth in test.seen for test in self.tests for truth in asked)
        left = sum(truth in test.missing for test in self.tests for truth in asked)
        return Counted(met, met + left)

    def to_dict(self) -> dict[str, Any]:
        """The coverage as plain data for JSON."""
        shares = {"rules": self.rules_fired, "effects": self.effects_fired, "true_and_false": self.decided,
                  "unknown": self.undecided}  # fmt: skip
        return {
            "policy": {"name": self.policy.name, "digest": self.policy.digest},
            "asked": self.asked,
            "covered": {name: share.to_dict() for name, share in shares.items()},
            "rules": [rule.to_dict() for rule in self.rules],
            "effects": [effect.to_dict() for effect in self.effects],
            "tests": [test.to_dict() for test in self.tests],
            "uncovered": [gap.to_dict() for gap in self.uncovered],
            "solved": self.solved,
        }


def _fired(seen: Iterable[RuleSeen]) -> Counted:
    found = [rule.fired for rule in seen]
    return Counted(sum(found), len(found))


def _placed(place: Position) -> dict[str, Any]:
    return {"file": place.file, "line": place.line}
