"""Scenarios without pytest around them: read once, and run as often as one likes, each time by another policy.

pytest-bdd makes a test of each scenario, which is far slower. Only the steps of this plugin can be run like this: a scenario
with steps of its own is for pytest.
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
from escalation_rules.pytest_plugin.binding import faults_in
from escalation_rules.pytest_plugin.names import Names
from escalation_rules.pytest_plugin.phrases import DEFINITIONS
from escalation_rules.pytest_plugin.scene import PLACE, Place, Scene

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


class NotRehearsed(Exception):
    """A scenario that could not be run to its assertions."""


class Unreadable(Exception):
    """A feature file that would not be run as it reads: each line that is wrong."""


@attrs.frozen
class Call:
    """A step's function with the arguments that its sentence, its table and its docstring give."""

    function: Callable[..., object]
    arguments: dict[str, Any]


@attrs.frozen
class Play:
    """A scenario ready to run: its steps' calls, and all words in it that could be the id of a rule."""

    scenario: Scenario
    calls: tuple[tuple[Sentence, Call], ...]
    names: frozenset[str]


def plays(file: Path) -> tuple[Play, ...]:
    """The scenarios of a feature file, one for each row of an outline. Raises `NotRehearsed`, and `Unreadable`."""
    found = []
    for each in each_play(file):
        if isinstance(each, NotRehearsed):
            raise each
        found.append(each)
    return tuple(found)


def each_play(file: Path) -> Iterator[Play | NotRehearsed]:
    """The same; a scenario that cannot be run without pytest is the problem in its place."""
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
    fitting = [each for each in DEFINITIONS if step.type in each.types and each.phrase.is_matching(step.name)]
    if len(fitting) != 1:
        raise NotRehearsed(
            f"{scenario.feature.filename}:{step.line_number}: {step.keyword} {step.name}: "
            f"{len(fitting)} steps of the plugin are worded like this"
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
    """What a scene asks of pytest's request, where there is no pytest."""

    config: _Settings
    node: _Node = attrs.field(factory=_Node)

    def getfixturevalue(self, name: str) -> dict[str, Any]:
        """A case of which nothing is known; there are no other fixtures."""
        if name != "case":
            raise NotRehearsed(f"no fixture {name} without pytest")
        return {}


def alone(root: Path) -> pytest.FixtureRequest:
    """What stands for pytest's request in a run without it; `root` is the folder from which paths in scenarios count, too."""
    return cast(pytest.FixtureRequest, _Alone(_Settings(root)))


class _Stage(Scene):
    """A scene in which one policy decides, whichever the scenario names."""

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
    """What a person would read where the scenario fails by `policy`; None if it passes. `names` saves looking for those of
    the policy. Whatever goes wrong before an assertion is raised as `NotRehearsed`.
    """
    try:
        for _ in performed(play, policy, request, names):
            pass
    except pytest.fail.Exception as failed:
        return str(failed)
    return None


def performed(
    play: Play, policy: Policy, request: pytest.FixtureRequest, names: Names | None = None
) -> Iterator[object]:
    """What each step returns. Whatever goes wrong before an assertion is raised as `NotRehearsed`."""
    scene = _Stage(request, policy, names)
    for sentence, call in play.calls:
        request.node.stash[PLACE] = Place(play.scenario, sentence)
        try:
            yield call.function(scene=scene, **call.arguments)
        except pytest.fail.Exception as failed:
            if sentence.type != "then":
                raise NotRehearsed(str(failed)) from failed
            raise
