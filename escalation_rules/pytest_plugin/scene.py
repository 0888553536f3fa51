"""The state of a scenario: policy, case, decision, and the action that its sentences refer to."""

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
from escalation_rules.errors import PolicyError, Problems, listing
from escalation_rules.policy.model import PolicyModel
from escalation_rules.pytest_plugin.cells import instant_of, later
from escalation_rules.pytest_plugin.dated import become_history
from escalation_rules.pytest_plugin.messages import Message, Wrong, language_of, message, said, wordings_of
from escalation_rules.pytest_plugin.names import Kind, Names, found
from escalation_rules.pytest_plugin.phrases import Phrase, Target, names_policy
from escalation_rules.pytest_plugin.places import Places, lists_with, records_in
from escalation_rules.pytest_plugin.tables import RawTable
from escalation_rules.pytest_plugin.view import Item, with_releases
from escalation_rules.pytest_plugin.voice import Voice
from escalation_rules.source import parse_json, parse_yaml, positions, to_plain
from escalation_rules.suggestions import nearest
from escalation_rules.texts import Text
from escalation_rules.tools.audit import Audit
from escalation_rules.values import Enumerated

Layer = Path | None
"""A folder with a policy, or None for the built-in one."""


@attrs.frozen
class Place:
    """The current scenario and step."""

    scenario: Scenario
    step: Step | None = None

    @property
    def file(self) -> str:
        return str(self.scenario.feature.filename)

    @property
    def language(self) -> str:
        return language_of(self.scenario.feature.language)

    def line(self, row: int | None = None) -> int:
        """The line of the step, or of a row of its table (counted from 0)."""
        if self.step is None:
            return int(self.scenario.line_number)
        if row is not None and self.step.datatable is not None and row < len(self.step.datatable.rows):
            return int(self.step.datatable.rows[row].location.line)
        return int(self.step.line_number)

    def position(self, row: int | None = None) -> Position:
        """The line as a position of the library."""
        return Position(self.file, self.line(row), 1 if self.step is None else self.step.indent + 1)

    def told(self, row: int | None = None) -> str:
        """The position as text, with the step."""
        words = f" {self.step.keyword} {self.step.name}" if self.step else ""
        return f"{self.file}:{self.line(row)}:{words}"


_MOST = 20
_DECIDE = message("When the policy decides at 2026-03-01T10:00:00+08:00")
_DONE = {
    "decision": (
        message("nothing has been decided yet"),
        message("the case has changed since it was decided"),
        _DECIDE,
    ),
    "verdict": (
        message("nothing has been checked yet"),
        message("the case has changed since it was checked"),
        message("When it is checked whether care_line may offer_gift at 2026-03-01T10:00:00+08:00"),
    ),
    "audit": (
        message("nothing has been audited yet"),
        message("the case has changed since it was audited"),
        message("When the history is audited until 2026-03-01T10:00:00+08:00"),
    ),
}
"""For each answer: that there is none, that it is outdated, and a step that gives one."""
PLACE = pytest.StashKey[Place]()
_POLICIES = pytest.StashKey[dict[tuple[Layer, ...], Policy]]()
_NAMES = pytest.StashKey[dict[int, tuple[PolicyModel, Names]]]()
_TOLD = pytest.StashKey[dict[str, str]]()
"""The errors of policies already reported, with the place of the failure that lists them."""


class Scene:
    """The state of one scenario. `case` is the mapping to be decided; steps change it in place."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request
        self._layers: tuple[Layer, ...] = ()
        self._at: datetime | None = None
        self._decided: Decision | None = None
        self._now: datetime | None = None
        self._told: datetime | None = None
        self.places = Places()
        self._answers: dict[str, tuple[Item, object]] = {}
        self.case: Item = request.getfixturevalue("case")
        self.zone: ZoneInfo | None = None
        self.subject: list[Item] = []
        self.subject_name: Message | str = ""

    @property
    def place(self) -> Place | None:
        """The current place, if a scenario is running."""
        place: Place | None = self._request.node.stash.get(PLACE, None)
        return place

    @property
    def language(self) -> str:
        """The language of messages: that of the feature."""
        return self.place.language if self.place else "en"

    @property
    def voice(self) -> Voice:
        """Describes entries of an answer."""
        return Voice(self.language, self.zone, self.names)

    @property
    def policy(self) -> Policy:
        """The policy named by the scenario, else the fixture `policy`."""
        if not self._layers:
            with self._errors_once():
                policy: Policy = self._request.getfixturevalue("policy")
                return policy
        known = self._request.config.stash.setdefault(_POLICIES, {})
        if self._layers not in known:
            with self._errors_once():
                known[self._layers] = Policy.load(*(layer or BUILTIN for layer in self._layers))
        return known[self._layers]

    @contextmanager
    def _errors_once(self) -> Iterator[None]:
        """Like `problems_as_failures`, but errors of a policy are listed in the first failure only."""
        __tracebackhide__ = True
        told = self._request.config.stash.setdefault(_TOLD, {})
        with self.problems_as_failures():
            try:
                yield
            except PolicyError as error:
                place = f"{self.place.file}:{self.place.line()}" if self.place else ""
                first = told.setdefault(str(error), place)
                if first != place:
                    self.fail(message("the policy has errors; they are listed at {place}", place=first))
                raise

    @property
    def names(self) -> Names:
        """The names of the policy."""
        model = self.policy.model
        known = self._request.config.stash.setdefault(_NAMES, {})
        if id(model) not in known:
            known[id(model)] = model, Names.of(model)
        return known[id(model)][1]

    # --- names --------------------------------------------------------------------------------------------------------

    def named(self, kind: Kind, text: str, row: int | None = None) -> str:
        """The id for a name or label. The scenario fails at its line if there is none."""
        with self.problems_as_failures(row):
            if kind == "record":
                if text == "case":
                    return text
                return found(kind, text, dict.fromkeys(records_in(self.case), Text()))
            if kind == "role" and text in records_in(self.case):
                return text
            return self.names.find(kind, text)

    def all_named(self, kind: Kind, texts: tuple[str, ...], row: int | None = None) -> tuple[str, ...]:
        """The ids for several names or labels."""
        return tuple(self.named(kind, text, row) for text in texts)

    def target(self, target: Target, kind: Kind = "action", row: int | None = None) -> Target:
        """A target with its names resolved to ids."""
        about = target.about and self.named("record", target.about, row)
        by = target.by and self.named("role", target.by, row)
        name = self.named(kind, target.action, row)
        if about not in (None, "case"):
            with self.problems_as_failures(row):
                self._check_may_be_about(kind, name, str(about))
        return Target(name, about, by)

    def _check_may_be_about(self, kind: Kind, name: str, record: str) -> None:
        """Raise `Wrong` if the action or field can never be about the record, because that is in another list."""
        listed = self.names.about(kind, name)
        if listed == "case":
            raise Wrong("{name} is about the whole case, not about {record}", name=name, record=repr(record))
        within = lists_with(self.case, record)
        if listed is not None and within and listed not in within:
            raise Wrong(
                "{record} is in {lists}; {name} is about {list}",
                record=repr(record), lists=listing(within), name=name, list=listed,
            )  # fmt: skip

    # --- names in the case; the library reports unknown ones --------------------------------------------------------------

    def told_name(self, kind: Kind, text: str) -> str:
        """The id for a label; other text is unchanged."""
        if not self._is_settled or text in self.names.kinds[kind]:
            return text
        try:
            return self.names.find(kind, text)
        except Wrong:
            return text

    def told_list(self, text: str) -> str:
        """The record list for a label; other text is unchanged."""
        lists = self.names.vocabulary.records if self._is_settled else {}
        labelled = {
            word: name for name, record_list in lists.items() for _, word in record_list.label.versions
        }
        return text if text in lists else labelled.get(text, text)

    def told_columns(self, what: str) -> dict[str, str]:
        """The fields of a record list by their labels; empty for acts."""
        if not self._is_settled or what == "acts":
            return {}
        listed = self.names.vocabulary.records.get(self.told_list(what))
        fields = listed.fields if listed is not None else {}
        labels = {word: name for name, field in fields.items() for _, word in field.label.versions}
        return {word: name for word, name in labels.items() if word not in fields}

    def told_value(self, fact: str, value: object) -> object:
        """The value for a label, and None for `unknown`; other values are unchanged."""
        try:
            told = self.names.value(fact, value) if self._is_settled else value
            return None if told in wordings_of("unknown") and not self._is_value(fact, told) else told
        except Wrong:
            return value

    # --- names of an action's parts; unknown ones are reported, unless the policy is not selected yet -----------------------

    def is_parameter(self, action: str, text: str) -> bool:
        """Whether a name or label is a parameter of the action."""
        try:
            return self._knows(action) and bool(self.names.parameter(text, (action,)))
        except Wrong:
            return False

    def told_parameter(self, action: str, text: str) -> str:
        """The parameter with a name or label. Raises `Wrong` if the action has none like this."""
        return self.names.parameter(text, (action,)) if self._knows(action) else text

    def told_parameter_or_text(self, action: str, text: str) -> str:
        """The same, but other text is unchanged."""
        return self.told_parameter(action, text) if self.is_parameter(action, text) else text

    def told_parameter_value(self, action: str, name: str, value: object) -> object:
        """The value of a parameter, for a label; other values are unchanged."""
        try:
            return (
                self.names.parameter_value(action, name, value) if self.is_parameter(action, name) else value
            )
        except Wrong:
            return value

    def told_outcome(self, action: str, text: object) -> object:
        """The outcome with a name or label; other text is unchanged."""
        try:
            return self.names.outcome(action, str(text)) if self._knows(action) else text
        except Wrong:
            return text

    def _knows(self, action: str) -> bool:
        return self._is_settled and action in self.names.vocabulary.actions

    def _is_value(self, fact: str, value: object) -> bool:
        """Whether a word is itself one of the values of a fact."""
        declared = self.names.declared(fact) if self._is_settled else ()
        return any(
            isinstance(declaration.type, Enumerated) and value in declaration.type.names
            for declaration in declared
        )

    def known_record(self, listed: str, record: str) -> None:
        """Fail unless the case has this record."""
        known = [key for key, name in records_in(self.case).items() if name == listed]
        if record in known:
            return
        near = nearest(record, known)
        first = message("tell it first, with a table: Given these {list}", list=listed)
        if not known:
            told = message("{list} has no records yet, so none {record}", list=listed, record=repr(record))
        elif near is None:
            told = message(
                "{list} has no record {record} yet; it has {names}",
                list=listed,
                record=repr(record),
                names=listing(known),
            )
        else:
            told = message(
                "{list} has no record {record} yet; did you mean {near}?",
                list=listed,
                record=repr(record),
                near=repr(near),
            )
        self.fail(told, *([] if near else [first]))

    @property
    def _is_settled(self) -> bool:
        """Whether no later step selects a policy. Until then, labels cannot be resolved."""
        if self.place is None or self.place.step is None:
            return True
        line = self.place.step.line_number
        steps = self.place.scenario.steps
        return not any(step.line_number > line and names_policy(step.name) for step in steps)

    # --- policy and case ----------------------------------------------------------------------------------------------

    def use_policy(self, layer: Layer, on_top: bool = False) -> None:
        """Use `layer` (a folder, or the built-in policy) as the policy, or as its next layer."""
        if on_top and not self._layers:
            self.fail(
                message("there is no policy yet to put this one on top of"),
                message("name the first one: Given the built-in policy"),
            )
        self._layers = (*self._layers, layer) if on_top else (layer,)

    def path(self, name: str) -> Path:
        """The file or folder `name`, relative to the feature file, else to pytest's root folder."""
        folders = [Path(self.place.file).parent] if self.place else []
        places = [folder / name for folder in (*folders, self._request.config.rootpath)]
        found = next((place for place in places if place.exists()), None)
        if found is None:
            looked = (message("looked at {place}", place=place) for place in places)
            self.fail(message("there is no {name}", name=name), *looked)
        return found.resolve()

    def read(self, name: str) -> None:
        """Read the case or history in the file `name` (YAML or JSON)."""
        path = self.path(name)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.fail(message("cannot read {file}", file=path), str(error))
        if path.suffix != ".json":
            self.write(text, str(path))
            return
        problems = Problems()
        self._replace(parse_json(text, str(path), problems), {}, str(path), problems)

    def write_below(self, docstring: str) -> None:
        """Read the case or history written as YAML below the step."""
        place = self.place
        if place is None:
            self.write(docstring)
        else:  # prefix empty lines, so that messages have the line numbers of the feature
            self.write("\n" * (place.line() + 1) + docstring, place.file)

    def write(self, text: str, file: str = "the case") -> None:
        """Read the case or history in the YAML `text`; `file` is its name in messages."""
        problems = Problems()
        node = parse_yaml(text, file, problems)
        self._replace(to_plain(node), dict(positions(node)), file, problems)

    def _replace(self, data: object, places: Mapping[str, Position], file: str, problems: Problems) -> None:
        if problems.errors or not isinstance(data, dict):
            told: list[Message | str] = [str(diagnostic) for diagnostic in problems.errors]
            told = told or [message("it is not a mapping")]
            self.fail(message("cannot read {file}", file=file), *told)
        self.replace_case(data)
        self.places.read(self.case, places)

    def replace_case(self, case: Item) -> None:
        """Replace the scenario's case by `case`."""
        self.case.clear()
        self.case.update(case)
        self.places = Places()
        self._told = None

    def instant(self, text: str) -> datetime:
        """The instant in `text`."""
        with self.problems_as_failures():
            return instant_of(text, self.zone)

    def moment(self, text: str) -> datetime:
        """The instant of an event in the scenario; `later` counts from the last one."""
        self._now = self.instant(text)
        return self._now

    def later(self, length: str) -> datetime:
        """The instant some time after the last event."""
        if self._now is None:
            self.fail(message("no earlier step states a time to count from"))
        with self.problems_as_failures():
            self._now = later(self._now, length, self.policy.model.vocabulary)
        return self._now

    def told_at(self, at: datetime) -> str:
        """The instant of a step that says what becomes known then; it is not known at an earlier instant."""
        self._told = max(at, self._told or at)
        return at.isoformat()

    def decide(self, at: datetime | None = None) -> Decision:
        """Decide the case at `at`, or at the instant of the last decision or, if that is later, of the last event."""
        if at is None and self._at is not None:
            at = max(self._at, self._now or self._at)
        if at is None:
            self.fail(
                message("there is no earlier decision whose time could be used"),
                message("write instead: {step}", step=_DECIDE),
            )
        with self.problems_as_failures():
            decision = self.policy.decide(self._read_case(at), at=at)
        self._at, self.subject, self._decided = at, [], decision
        self._keep("decision", decision.to_dict(review=False))
        return decision

    def check(self, target: Target, by: str | None, params: Item | None, at: datetime) -> Verdict:
        """Check whether an action may be done at `at`; `by` and `params` are optional."""
        about = None if target.about == "case" else target.about
        with self.problems_as_failures():
            case = self._read_case(at)
            verdict = self.policy.check(case, target.action, at=at, by=by, about=about, params=params)
        plain = with_releases(verdict.to_dict())
        self._keep("verdict", plain)
        self.speak_of(message("{target} {state}", target=target, state=message(plain["verdict"])), [plain])
        return verdict

    def verdict_on(self, target: Target) -> Item | None:
        """The verdict on the doer whom the target names, at the instant of the decision; None if it names nobody."""
        if target.by is None or self._at is None:
            return None
        about = None if target.about == "case" else target.about
        with self.problems_as_failures():
            verdict = self.policy.check(
                self._read_case(self._at), target.action, at=self._at, by=target.by, about=about
            )
        return with_releases(verdict.to_dict())

    def audit_until(self, end: datetime) -> Audit:
        """Audit the history up to `end`."""
        with self.problems_as_failures():
            audit = self.policy.audit(self._read_case(end), at=end)
        self._keep("audit", audit.to_dict())
        return audit

    def _read_case(self, at: datetime) -> Case:
        """The case as it is now. Messages name the lines of steps and files that set its values.

        In a plain case, what a step says for a later instant than `at` would be known already.
        """
        if self._told is not None and self._told > at and "history" not in self.case:
            become_history(self.case, at.isoformat(), self.places.move)
        return self.policy.case(self.case, self.places.of(self.case))

    def _keep(self, name: str, answer: Item) -> None:
        self._answers[name] = answer, (copy.deepcopy(self.case), self._layers)

    def _answer(self, name: str) -> Item:
        nothing, changed, step = _DONE[name]
        before = message("write before: {step}", step=step)
        if name not in self._answers:
            self.fail(nothing, before)
        answer, state = self._answers[name]
        if state != (self.case, self._layers):
            self.fail(changed, before)
        return answer

    @property
    def decision(self) -> Item:
        """The decision as plain data. The scenario fails if there is none, or if the case has changed since."""
        return self._answer("decision")

    @property
    def review_at(self) -> str | None:
        """`review_at` of the decision; computed only if a step asks for it, because it is slow."""
        answer = self.decision
        if "review_at" not in answer and self._decided is not None:
            answer["review_at"] = self._decided.to_dict()["review_at"]
        review: str | None = answer["review_at"]
        return review

    @property
    def verdict(self) -> Item:
        """The verdict as plain data. The scenario fails if there is none, or if the case has changed since."""
        return self._answer("verdict")

    @property
    def audit(self) -> Item:
        """The audit as plain data. The scenario fails if there is none, or if the case has changed since."""
        return self._answer("audit")

    # --- output -------------------------------------------------------------------------------------------------------

    def acts_without_record(self, action: str) -> list[Message]:
        """That the case has acts of an action about a list that do not name their record, if so."""
        about = self.names.vocabulary.actions[action].about
        acts = [act for entry in (self.case, *self.case.get("history", ())) for act in entry.get("acts", ())]
        if about not in self.names.vocabulary.records or not any(
            act.get("action") == action and not act.get("about") for act in acts
        ):
            return []
        return [message("an act of {name} does not say which of the {list} it is about, so it completes no step about one",
                        name=action, list=about)]  # fmt: skip

    def elsewhere(self, action: str) -> list[str]:
        """The entries of the decision, if any, about an action, one a line."""
        if "decision" not in self._answers:
            return []
        return self.voice.elsewhere(self._answers["decision"][0], action)

    def described(self, item: Item) -> str:
        """An entry of an answer on one line."""
        return self.voice.described(item)

    def part_lines(self, answer: Item, part: str) -> list[str]:
        """A part of an answer, one line for each entry."""
        return self.voice.part_lines(answer, part)

    def say(self, template: str, /, **slots: object) -> str:
        """A message in the language of the feature."""
        return message(template, **slots).in_language(self.language)

    def tables_of(self, phrase: Phrase) -> list[RawTable]:
        """The tables of all steps of this scenario that match a phrase."""
        steps = self.place.scenario.steps if self.place else []
        tables = [step.datatable for step in steps if step.datatable and phrase.is_matching(step.name)]
        return [[[cell.value for cell in row.cells] for row in table.rows] for table in tables]

    def speak_of(self, name: Message | str, items: list[Item]) -> None:
        """Set the entries that sentences with `it` refer to."""
        self.subject_name, self.subject = name, items

    @contextmanager
    def problems_as_failures(self, row: int | None = None) -> Iterator[None]:
        """A context manager that turns errors of the library and of a feature's text into failures of the
        step, or of a row."""
        __tracebackhide__ = True
        try:
            yield
        except EscalationRulesError as error:
            told: list[Message | str] = [str(diagnostic) for diagnostic in error.diagnostics]
            rest = [message("… and {count} more", count=len(told) - _MOST)] if len(told) > _MOST else []
            self.fail(message("the library refuses this:"), *told[:_MOST], *rest)
        except ValueError as problem:
            self.fail(getattr(problem, "told", str(problem)), row=row)

    def fail(self, what: Message | str, *details: Message | str, row: int | None = None) -> NoReturn:
        """Fail the scenario with the position of the current step (or a row of its table), a message, and details."""
        __tracebackhide__ = True
        told = [self.place.told(row) if self.place else ""]
        told += [f"  {said(line, self.language)}" for line in (what, *details)]
        raise pytest.fail.Exception("\n".join(told), pytrace=False) from None
