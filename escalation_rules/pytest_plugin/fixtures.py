"""The fixtures used by the steps. Override `policy` and `case` in a conftest to use your own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_bdd.parser import Scenario, Step

from escalation_rules import BUILTIN, Policy
from escalation_rules.pytest_plugin.below import refuse_unread
from escalation_rules.pytest_plugin.meant import no_such_step
from escalation_rules.pytest_plugin.scene import PLACE, Place, Scene


@pytest.fixture(scope="session")
def policy(pytestconfig: pytest.Config) -> Policy:
    """The policy for scenarios that name none: the layers in the setting `escalation_rules_policy`, else the
    built-in policy. Override it with your own (any scope)."""
    return configured_policy(pytestconfig)


def configured_policy(config: pytest.Config) -> Policy:
    """The policy in pytest's configuration, else the built-in one."""
    root = config.inipath.parent if config.inipath else config.rootpath
    layers = config.getini("escalation_rules_policy")
    return Policy.load(*(BUILTIN if layer == "builtin" else root / layer for layer in layers))


@pytest.fixture
def case() -> dict[str, Any]:
    """The case as plain data, which steps change in place. Override it with a base case (function scope)."""
    return {}


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    """The state of the scenario, for your own steps."""
    return Scene(request)


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_before_scenario(request: pytest.FixtureRequest, scenario: Scenario) -> None:
    """Store the scenario, for paths and messages."""
    request.node.stash[PLACE] = Place(scenario)


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_before_step(
    request: pytest.FixtureRequest, scenario: Scenario, step: Step, step_func: Callable[..., object]
) -> None:
    """Store the current step, for messages, and refuse what it does not read."""
    request.node.stash[PLACE] = Place(scenario, step)
    refuse_unread(request.node.stash[PLACE], step_func)


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_step_func_lookup_error(scenario: Scenario, step: Step) -> None:
    """For an undefined step, suggest a similar one."""
    pytest.fail(no_such_step(Place(scenario, step)), pytrace=False)
