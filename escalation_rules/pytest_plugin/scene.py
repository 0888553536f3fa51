"""What a scenario has said so far: policy, case, decision, and which action its sentences speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import pytest
from pytest_bdd.parser import Feature, Step

from escalation_rules import BUILTIN, Decision, EscalationRulesError, Policy, Position
from escalation_rules.errors import Problems, nearest
from escalation_rules.pytest_plugin.cells import instant_of
from escalation_rules.pytest_plugin.phrases import names
from escalation_rules.source import parse_json, parse_yaml, positions, to_plain

Layer = Path | None
"""A folder with a policy, or None for the built-in one."""

Item = dict[str, Any]
"""One entry of a decision (a step, a prohibition, a question …) as `to_dict` gives it."""

_MOST = 20
PLACE = pytest.StashKey[tuple[Feature, Step | None]]()
_POLICIES = pytest.StashKey[dict[tuple[Layer, ...], Policy]]()


class Scene:
    """The state of one scenario. `case` is the mapping that will be decided; steps change it in place."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request
        self._layers: tuple[Layer, ...] = ()
        self._at: datetime | None = None
        self._positions: Mapping[str, Position] = {}
        self._decision: Item | None = None
        self._stale = False
        self.case: Item = request.getfixturevalue("case")
        self.zone: ZoneInfo | None = None
        self.subject: list[Item] = []
        self.subject_name = ""

    @property
    def policy(self) -> Policy:
        """The policy that the scenario named, else the fixture `policy`."""
        if not self._layers:
            policy: Policy = self._request.getfixturevalue("policy")
            return policy
        known = self._request.config.stash.setdefault(_POLICIES, {})
        if self._layers not in known:
            with self.problems_as_failures():
                known[self._layers] = Policy.load(*(layer or BUILTIN for layer in self._layers))
        return known[self._layers]

    def use_policy(self, layer: Layer, on_top: bool = False) -> None:
        """Take `layer` (a folder, or the built-in policy) as the policy, or as the next layer of it."""
        if on_top and not self._layers:
            self.fail(
                "there is no policy yet to put this one on top of",
                "name the first one: Given the built-in policy",
            )
        self._layers = (*self._layers, layer) if on_top else (layer,)
        self.changed()

    def path(self, name: str) -> Path:
        """The file or folder `name`: next to the feature file, else from pytest's root folder."""
        feature = self._request.node.stash[PLACE][0]
        places = [Path(feature.filename).parent / name, self._request.config.rootpath / name]
        found = next((place for place in places if place.exists()), None)
        if found is None:
            self.fail(f"there is no {name}", *(f"looked at {place}" for place in places))
        return found.resolve()

    def read(self, name: str) -> None:
        """Take the case or history in the file `name` (YAML or JSON)."""
        path = self.path(name)
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".json":
            self.write(text, str(path))
            return
        problems = Problems()
        self._replace(parse_json(text, str(path), problems), {}, str(path), problems)

    def write(self, text: str, file: str = "the case") -> None:
        """Take the case or history that is written in `text` as YAML; `file` names it in messages."""
        problems = Problems()
        node = parse_yaml(text, file, problems)
        self._replace(to_plain(node), dict(positions(node)), file, problems)

    def _replace(self, data: object, places: Mapping[str, Position], file: str, problems: Problems) -> None:
        if problems.errors or not isinstance(data, dict):
            self.fail(
                f"cannot read {file}", *(str(each) for each in problems.errors or ["it is not a mapping"])
            )
        self.replace_case(data)
        self._positions = places

    def replace_case(self, case: Item) -> None:
        """Take `case` in place of the one that the scenario had."""
        self.case.clear()
        self.case.update(case)
        self._positions = {}
        self.changed()

    def changed(self) -> None:
        """Note that the last decision no longer speaks of the case as it is."""
        self._stale = self._decision is not None

    def instant(self, text: str) -> datetime:
        """The instant that `text` stands for."""
        with self.problems_as_failures():
            return instant_of(text, self.zone)

    def decide(self, at: datetime | None = None) -> Decision:
        """Decide the case at `at`, or at the instant of the last decision."""
        at = at or self._at
        if at is None:
            self.fail(
                "there is no earlier decision whose instant could be taken",
                "say when: the policy decides at …",
            )
        with self.problems_as_failures():
            decision = self.policy.decide(self.policy.case(self.case, self._positions), at=at)
        self._at, self._decision, self._stale, self.subject = at, decision.to_dict(), False, []
        return decision

    @property
    def decision(self) -> Item:
        """The decision as plain data; the scenario fails if there is none or the case has changed since."""
        if self._decision is None:
            self.fail(
                "nothing has been decided yet",
                "decide first: When the policy decides at 2026-03-01T10:00:00+08:00",
            )
        if self._stale:
            self.fail(
                "the case has changed since the last decision", "decide again: When the policy decides again"
            )
        return self._decision

    def speak_of(self, name: str, items: list[Item]) -> None:
        """Let the sentences that say `it` be about these entries."""
        self.subject_name, self.subject = name, items

    def rule_hints(self, text: str) -> list[str]:
        """A line for each rule named in `text` that the policy lacks, with the nearest that it has."""
        rules = [rule.id for rule in self.policy.model.rules]
        near = {name: nearest(name, rules) for name in names(text) if name not in rules}
        return [
            f"the policy has no rule {name!r}" + (f"; did you mean {other!r}?" if other else "")
            for name, other in near.items()
        ]

    @contextmanager
    def problems_as_failures(self) -> Iterator[None]:
        """A context in which the library's errors become failures of the step, with all their diagnostics."""
        __tracebackhide__ = True
        try:
            yield
        except EscalationRulesError as error:
            told = [str(each) for each in error.diagnostics]
            rest = [f"… and {len(told) - _MOST} more"] if len(told) > _MOST else []
            self.fail("the library refuses this:", *told[:_MOST], *rest)
        except ValueError as problem:
            self.fail(str(problem))

    def fail(self, what: str, *details: str) -> NoReturn:
        """Fail the scenario with the place of its current step, what is wrong, and details, a line each."""
        __tracebackhide__ = True
        feature, step = self._request.node.stash[PLACE]
        lines = (
            [f"{feature.filename}:{step.line_number}: {step.keyword} {step.name}"]
            if step
            else [feature.filename]
        )
        pytest.fail("\n".join([*lines, f"  {what}", *(f"  {line}" for line in details)]), pytrace=False)
