"""The fixtures behind the steps; override `policy` and `case` in a conftest to give scenarios your own."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_bdd.parser import Scenario, Step

from escalation_rules import BUILTIN, Policy
from escalation_rules.pytest_plugin.meant import no_such_step
from escalation_rules.pytest_plugin.scene import PLACE, Place, Scene


@pytest.fixture(scope="session")
def policy(pytestconfig: pytest.Config) -> Policy:
    """The policy of scenarios that name none: the layers of `escalation_rules_policy` in pytest's configuration, else
    the built-in one. Override it with your own (any scope)."""
    return configured_policy(pytestconfig)


def configured_policy(config: pytest.Config) -> Policy:
    """The policy that pytest's configuration names, else the built-in one."""
    root = config.inipath.parent if config.inipath else config.rootpath
    layers = config.getini("escalation_rules_policy")
    return Policy.load(*(BUILTIN if each == "builtin" else root / each for each in layers))


@pytest.fixture
def case() -> dict[str, Any]:
    """The case as plain data; steps change it in place. Override it with a base case (function scope)."""
    return {}


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    """Everything that the scenario has said so far, for steps of your own."""
    return Scene(request)


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_before_scenario(request: pytest.FixtureRequest, scenario: Scenario) -> None:
    """Remember the scenario, for paths and messages."""
    request.node.stash[PLACE] = Place(scenario)


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_before_step(request: pytest.FixtureRequest, scenario: Scenario, step: Step) -> None:
    """Remember the step that runs, for messages."""
    request.node.stash[PLACE] = Place(scenario, step)


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_step_func_lookup_error(scenario: Scenario, step: Step) -> None:
    """Say of a step that nobody defined which one may be meant."""
    pytest.fail(no_such_step(Place(scenario, step)), pytrace=False)
