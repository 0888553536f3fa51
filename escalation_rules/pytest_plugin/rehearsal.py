"""Runs scenarios without pytest: read once, and run any number of times with different policies.

This is much faster than the tests that pytest-bdd creates. Scenarios with custom steps need pytest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any, cast

import attrs
import pytest
from pytest_bdd.parser import FeatureParser, Scenario
from pytest_bdd.parser import Step as Sentence

from escalation_rules import Policy
from escalation_rules.pytest_plugin import PLUGINS
from escalation_rules.pytest_plugin.below import refuse_unread
from escalation_rules.pytest_plugin.binding import faults_in
from escalation_rules.pytest_plugin.meant import steps_meant
from escalation_rules.pytest_plugin.names import Names
from escalation_rules.pytest_plugin.phrases import DEFINITIONS
from escalation_rules.pytest_plugin.scene import PLACE, Place, Scene

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


class NotRehearsed(Exception):
    """The scenario could not be run up to its assertions."""


class Unreadable(Exception):
    """An invalid feature file, with all invalid lines."""


@attrs.frozen
class Call:
    """A step's function with its arguments from the sentence, the table and the docstring."""

    function: Callable[..., object]
    arguments: dict[str, Any]


@attrs.frozen
class Play:
    """A scenario that is ready to run: the calls of its steps, and all words in it that may be rule ids."""

    scenario: Scenario
    calls: tuple[tuple[Sentence, Call], ...]
    names: frozenset[str]


def plays(file: Path) -> tuple[Play, ...]:
    """The scenarios of a feature file, one for each row of an outline. Raises `NotRehearsed` and `Unreadable`."""
    found = []
    for play in each_play(file):
        if isinstance(play, NotRehearsed):
            raise play
        found.append(play)
    return tuple(found)


def each_play(file: Path) -> Iterator[Play | NotRehearsed]:
    """Like `plays`, but yields the error for a scenario that needs pytest."""
    for name in PLUGINS:
        import_module(f"escalation_rules.pytest_plugin.{name}")
    faults = faults_in(file)
    if faults:
        raise Unreadable("\n".join(faults))
    for scenario in _scenarios(file):
        try:
            yield _play(scenario)
        except NotRehearsed as problem:
            yield problem


def _scenarios(file: Path) -> Iterator[Scenario]:
    for template in FeatureParser("", str(file)).parse().scenarios.values():
        rows = [row for examples in template.examples for row in examples.as_contexts()]
        yield from (template.render(row) for row in rows or [{}])


def _play(scenario: Scenario) -> Play:
    calls = tuple((step, _call(scenario, step)) for step in scenario.steps)
    return Play(scenario, calls, frozenset(name for step in scenario.steps for name in _names(step)))


def _names(step: Sentence) -> Iterator[str]:
    cells = (cell for row in step.datatable.raw() for cell in row) if step.datatable else ()
    for text in (step.name, *cells):
        yield from _ID.findall(text)


def _call(scenario: Scenario, step: Sentence) -> Call:
    fitting = [
        definition
        for definition in DEFINITIONS
        if step.type in definition.types and definition.phrase.is_matching(step.name)
    ]
    if len(fitting) != 1:
        meant = () if fitting else steps_meant(step.name, step.type, Place(scenario, step).language)
        raise NotRehearsed(
            f"{scenario.feature.filename}:{step.line_number}: {step.keyword} {step.name}: "
            f"{len(fitting) or 'no'} steps of the plugin are worded like this"
            + (f"; did you mean: {' / '.join(meant)}" if meant else "")
        )
    arguments = fitting[0].phrase.parse_arguments(step.name) or {}
    known = signature(fitting[0].function).parameters
    if step.datatable is not None and "datatable" in known:
        arguments["datatable"] = step.datatable.raw()
    if step.docstring is not None and "docstring" in known:
        arguments["docstring"] = step.docstring
    return Call(fitting[0].function, arguments)


@attrs.frozen(eq=False)
class _Settings:
    rootpath: Path
    stash: pytest.Stash = attrs.field(factory=pytest.Stash)


@attrs.frozen(eq=False)
class _Node:
    stash: pytest.Stash = attrs.field(factory=pytest.Stash)


@attrs.frozen(eq=False)
class _Alone:
    """Replaces pytest's request for a scene."""

    config: _Settings
    node: _Node = attrs.field(factory=_Node)

    def getfixturevalue(self, name: str) -> dict[str, Any]:
        """An empty case; there are no other fixtures."""
        if name != "case":
            raise NotRehearsed(f"no fixture {name} without pytest")
        return {}


def alone(root: Path) -> pytest.FixtureRequest:
    """A replacement for pytest's request. `root` is an additional base folder of paths in scenarios."""
    return cast(pytest.FixtureRequest, _Alone(_Settings(root)))


class _Stage(Scene):
    """A scene that always uses one policy, whatever the scenario names."""

    def __init__(self, request: pytest.FixtureRequest, policy: Policy, names: Names | None) -> None:
        super().__init__(request)
        self.replace_case({})
        self._deciding = policy
        self._known_names = names

    @property
    def policy(self) -> Policy:
        return self._deciding

    @property
    def names(self) -> Names:
        return super().names if self._known_names is None else self._known_names


def failure(
    play: Play, policy: Policy, request: pytest.FixtureRequest, names: Names | None = None
) -> str | None:
    """The failure message of the scenario with `policy`; None if it passes. `names` are those of the policy,
    if already known. Raises `NotRehearsed` for errors before an assertion."""
    try:
        for _ in performed(play, policy, request, names):
            pass
    except pytest.fail.Exception as failed:
        return str(failed)
    return None


def performed(
    play: Play, policy: Policy, request: pytest.FixtureRequest, names: Names | None = None
) -> Iterator[object]:
    """Run the steps and yield their results. Raises `NotRehearsed` for errors before an assertion."""
    scene = _Stage(request, policy, names)
    for sentence, call in play.calls:
        request.node.stash[PLACE] = Place(play.scenario, sentence)
        try:
            refuse_unread(request.node.stash[PLACE], call.function)
            yield call.function(scene=scene, **call.arguments)
        except pytest.fail.Exception as failed:
            if sentence.type != "then":
                raise NotRehearsed(str(failed)) from failed
            raise
