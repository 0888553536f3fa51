"""pytest plugin: Gherkin steps for policies, in English, 繁體中文 and 简体中文.

It is registered as a `pytest11` entry point. The steps need pytest-bdd (`pip install "escalation-rules[bdd]"`);
where that is missing or switched off the plugin does nothing. In pytest's configuration:

    escalation_rules_features = features/

or, in a test module of your own:

    from escalation_rules.pytest_plugin import bind_features
    bind_features("../features")
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from escalation_rules.texts import LANGUAGES

if TYPE_CHECKING:
    import pytest

__all__ = ["bind_features"]

PLUGINS = (
    "fixtures",
    "policy_steps",
    "case_steps",
    "decide_steps",
    "verdict_steps",
    "audit_steps",
    "action_steps",
    "part_steps",
    "answer_steps",
)
"""The modules with fixtures and steps, in which pytest finds both by name."""


def pytest_configure(config: pytest.Config) -> None:
    """Register the steps for the whole session, if pytest-bdd is installed."""
    if not _has_bdd(config):
        return
    manager = config.pluginmanager
    for name in PLUGINS:
        module = f"{__name__}.{name}"
        if not manager.hasplugin(module):
            manager.register(import_module(module), module)
    if config.getoption("--policy-coverage"):
        from escalation_rules.pytest_plugin.coverage import PolicyCoverage

        manager.register(PolicyCoverage(config), f"{__name__}.coverage")
    if config.args_source is config.ArgsSource.TESTPATHS:
        from escalation_rules.pytest_plugin.collector import feature_folders

        config.args += [str(folder) for folder in feature_folders(config)]


def _has_bdd(config: pytest.Config) -> bool:
    manager = config.pluginmanager
    return manager.hasplugin("pytest-bdd") or manager.hasplugin("pytest_bdd.plugin")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Create tests from the feature files in the configured folders."""
    if file_path.suffix != ".feature" or not _has_bdd(parent.config):
        return None
    from escalation_rules.pytest_plugin.collector import collect

    return collect(file_path, parent)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the plugin's options, and the settings for features without a Python file."""
    parser.addini(
        "escalation_rules_features",
        "folders of feature files, each a test, without a Python file",
        "paths",
        [],
    )
    parser.addini(
        "escalation_rules_policy",
        "the layers of the policy of scenarios that name none; `builtin` is the built-in one, the default",
        "args",
        [],
    )
    group = parser.getgroup("escalation_rules")
    group.addoption(
        "--policy-coverage", action="store_true",
        help="tell which rules, effects and tests of the policy (escalation_rules_policy) all tests cover",
    )  # fmt: skip
    group.addoption(
        "--policy-fail-under", type=float, metavar="PERCENT",
        help="with --policy-coverage: fail if one of the shares is lower",
    )  # fmt: skip
    group.addoption(
        "--policy-coverage-quick", action="store_true",
        help="with --policy-coverage: do not use the solver to exclude impossible combinations",
    )  # fmt: skip
    group.addoption(
        "--policy-steps",
        choices=LANGUAGES,
        help="list the Gherkin steps for policies in this language, with their tables and how values are written, and exit",
    )


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """List the steps, if requested."""
    language = config.getoption("--policy-steps")
    if not language:
        return None
    for name in PLUGINS:
        import_module(f"{__name__}.{name}")
    from escalation_rules.pytest_plugin.steps_listed import listed

    for line in listed(language):
        print(line)  # noqa: T201 - the requested output
    return 0


def bind_features(*paths: str) -> None:
    """Create a test for each scenario in `paths`: files, or folders with their `*.feature` files.

    Call it in a test module; relative paths start at that module. Tests are named after file and scenario.
    """
    try:
        from escalation_rules.pytest_plugin.binding import bind
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            f'features need pytest-bdd: pip install "escalation-rules[bdd]" ({missing})', name=missing.name
        ) from missing
    caller = sys._getframe(1)
    bind(caller.f_globals, Path(caller.f_code.co_filename).parent, paths)
