"""Creates pytest tests from feature files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import scenario
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.gherkin_parser import Child, Feature, get_gherkin_document

from escalation_rules.pytest_plugin.form import faults_of, meant_by


class FeatureError(pytest.Collector.CollectError):
    """Invalid feature files; pytest prints the message without a traceback."""


def bind(namespace: dict[str, Any], folder: Path, paths: Sequence[str]) -> None:
    """Add a test for each scenario of `paths` (relative to `folder`) to `namespace`.

    Raises `FeatureError` with all lines, of all files, that would not be run as they read.
    """
    files = dict.fromkeys(file for path in paths for file in _files(folder / path))
    faults: list[str] = []
    for file in files:
        wrong = faults_in(file)
        faults += wrong
        for name in () if wrong else dict(_scenarios(_parsed(file).children)):
            namespace[_test_name(namespace, file, name)] = _test(file, name)
    if faults:
        raise FeatureError("\n".join(faults))


def faults_in(file: Path) -> list[str]:
    """All lines of a feature file that would not be run as they read, with their positions."""
    try:
        feature = _parsed(file)
    except FeatureError as error:
        return [str(error)]
    found = [*_twice(feature.children), *faults_of(feature, file.read_text("utf-8").splitlines())]
    return [f"{file}:{line}: {fault}" for line, fault in sorted(found)]


def _parsed(file: Path) -> Feature:
    try:
        return get_gherkin_document(str(file)).feature
    except UnicodeDecodeError:
        raise FeatureError(f"{file}:1: the file is not UTF-8 text; save it as UTF-8") from None
    except KeyError:  # pytest-bdd asks for the feature of a file that has none
        raise FeatureError(f"{file}:1: the file has no feature; begin it with `Feature: …`") from None
    except GherkinParseError as error:
        text = error.line_content.strip()
        meant = meant_by(text, file.read_text("utf-8").splitlines())
        raise FeatureError(f"{file}:{error.line}: {meant or error.message}\n  {text}") from None


def _twice(children: Sequence[Child]) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    for name, line in _scenarios(children):
        if name in seen:
            fault = f"two scenarios have the name {name!r} (the other is in line {seen[name]})"
            yield line, f"{fault}; pytest-bdd would run only one of them"
        seen.setdefault(name, line)


def _files(path: Path) -> list[Path]:
    found = sorted(path.rglob("*.feature")) if path.is_dir() else [path]
    if not found or not found[0].is_file():
        raise FeatureError(f"no feature file at {path}")
    return [file.resolve() for file in found]


def _scenarios(children: Sequence[Child]) -> Iterator[tuple[str, int]]:
    for child in children:
        if child.scenario:
            yield child.scenario.name, child.scenario.location.line
        elif child.rule:
            yield from _scenarios(child.rule.children)


def _test(file: Path, name: str) -> Any:
    def steps_alone() -> None:
        """An empty test body; the steps do all the work."""

    return scenario(str(file), name, features_base_dir="")(steps_alone)


def _test_name(namespace: dict[str, Any], file: Path, name: str) -> str:
    words = re.sub(r"\W+", "_", f"{file.stem}__{name}").strip("_").lower()
    test, number = f"test_{words}", 1
    while test in namespace:
        number += 1
        test = f"test_{words}_{number}"
    return test
