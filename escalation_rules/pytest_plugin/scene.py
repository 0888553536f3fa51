"""What a scenario has said so far: policy, case, decision, and which action its sentences speak of."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import attrs
import pytest
from pytest_bdd.parser import Scenario, Step

from escalation_rules import BUILTIN, Decision, EscalationRulesError, Policy, Position
from escalation_rules.case import Case
from escalation_rules.decision import Verdict
from escalation_rules.errors import Problems, nearest
from escalation_rules.pytest_plugin.cells import instant_of
from escalation_rules.pytest_plugin.phrases import Phrase, Target, names
from escalation_rules.pytest_plugin.tables import RawTable
from escalation_rules.pytest_plugin.view import Item, elsewhere, with_releases
from escalation_rules.source import parse_json, parse_yaml, positions, to_plain
from escalation_rules.tools.audit import Audit

Layer = Path | None
"""A folder with a policy, or None for the built-in one."""


@attrs.frozen
class Place:
    """Where a run is: in which scenario, at which step."""

    scenario: Scenario
    step: Step | None = None

    def __str__(self) -> str:
        file = self.scenario.feature.filename
        return f"{file}:{self.step.line_number}: {self.step.keyword} {self.step.name}" if self.step else file


_MOST = 20
_DECIDE = "When the policy decides at 2026-03-01T10:00:00+08:00"
_CHECK = "When it is checked whether care_line may offer_gift at 2026-03-01T10:00:00+08:00"
_AUDIT = "When the history is audited until 2026-03-01T10:00:00+08:00"
PLACE = pytest.StashKey[Place]()
_POLICIES = pytest.StashKey[dict[tuple[Layer, ...], Policy]]()


class Scene:
    """The state of one scenario. `case` is the mapping that will be decided; steps change it in place."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request
        self._layers: tuple[Layer, ...] = ()
        self._at: datetime | None = None
        self._positions: Mapping[str, Position] = {}
        self._entries: list[Item] = []
        self._answers: dict[str, tuple[Item, object]] = {}
        self.case: Item = request.getfixturevalue("case")
        self.zone: ZoneInfo | None = None
        self.subject: list[Item] = []
        self.subject_name = ""

    @property
    def policy(self) -> Policy:
        """The policy that the scenario named, else the fixture `policy`."""
        if not self._layers:
            with self.problems_as_failures():
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

    def path(self, name: str) -> Path:
        """The file or folder `name`: next to the feature file, else from pytest's root folder."""
        place = self._request.node.stash.get(PLACE, None)
        folders = [Path(place.scenario.feature.filename).parent] if place else []
        places = [folder / name for folder in (*folders, self._request.config.rootpath)]
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
        self._positions, self._entries = places, list(data.get("history") or ())

    def replace_case(self, case: Item) -> None:
        """Take `case` in place of the one that the scenario had."""
        self.case.clear()
        self.case.update(case)
        self._positions = {}

    def instant(self, text: str) -> datetime:
        """The instant that `text` stands for."""
        with self.problems_as_failures():
            return instant_of(text, self.zone)

    def decide(self, at: datetime | None = None) -> Decision:
        """Decide the case at `at`, or at the instant of the last decision."""
        at = at or self._at
        if at is None:
            self.fail(
                "there is no earlier decision whose instant could be taken", f"write instead: {_DECIDE}"
            )
        with self.problems_as_failures():
            decision = self.policy.decide(self._read_case(), at=at)
        self._at, self.subject = at, []
        self._keep("decision", decision.to_dict())
        return decision

    def check(self, target: Target, by: str | None, params: Item | None, at: datetime) -> Verdict:
        """Check whether something may be done at `at`, by whom and with which parameters if they are given."""
        about = None if target.about == "case" else target.about
        with self.problems_as_failures():
            case = self._read_case()
            verdict = self.policy.check(case, target.action, at=at, by=by, about=about, params=params)
        plain = with_releases(verdict.to_dict())
        self._keep("verdict", plain)
        self.speak_of(f"{target} is {plain['verdict']}", [plain])
        return verdict

    def audit_until(self, end: datetime) -> Audit:
        """Audit the history up to `end`."""
        with self.problems_as_failures():
            audit = self.policy.audit(self._read_case(), at=end)
        self._keep("audit", audit.to_dict())
        return audit

    def _read_case(self) -> Case:
        """The case as it is now; messages place it in its file unless an entry was put between those of the file."""
        entries = self.case.get("history") or ()
        as_read = all(one is other for one, other in zip(self._entries, entries, strict=False))
        return self.policy.case(self.case, self._positions if as_read else None)

    def _keep(self, name: str, answer: Item) -> None:
        self._answers[name] = answer, (copy.deepcopy(self.case), self._layers)

    def _answer(self, name: str, done: str, step: str) -> Item:
        if name not in self._answers:
            self.fail(f"nothing has been {done} yet", f"write before: {step}")
        answer, state = self._answers[name]
        if state != (self.case, self._layers):
            self.fail(f"the case has changed since it was {done}", f"write before: {step}")
        return answer

    @property
    def decision(self) -> Item:
        """The decision as plain data; the scenario fails if there is none or the case has changed since."""
        return self._answer("decision", "decided", _DECIDE)

    @property
    def verdict(self) -> Item:
        """The verdict as plain data; the scenario fails if there is none or the case has changed since."""
        return self._answer("verdict", "checked", _CHECK)

    @property
    def audit(self) -> Item:
        """The audit as plain data; the scenario fails if there is none or the case has changed since."""
        return self._answer("audit", "audited", _AUDIT)

    def elsewhere(self, action: str) -> list[str]:
        """Where the decision, if there is one, speaks of an action: a line for each entry."""
        return elsewhere(self._answers["decision"][0], action) if "decision" in self._answers else []

    def tables_of(self, phrase: Phrase) -> list[RawTable]:
        """The tables of all steps of this scenario that are a given phrase."""
        place = self._request.node.stash.get(PLACE, None)
        steps = place.scenario.steps if place else []
        return [step.datatable.raw() for step in steps if step.datatable and phrase.is_matching(step.name)]

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
        place = self._request.node.stash.get(PLACE, None)
        pytest.fail(
            "\n".join([str(place or ""), f"  {what}", *(f"  {line}" for line in details)]), pytrace=False
        )
