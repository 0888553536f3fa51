"""Feature files → pytest tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_bdd import scenario
from pytest_bdd.gherkin_parser import Child, get_gherkin_document


class FeatureError(Exception):
    """A feature file that would not be run as it reads."""


def bind(namespace: dict[str, Any], folder: Path, paths: Sequence[str]) -> None:
    """Put one test per scenario of `paths` (relative to `folder`) into `namespace`."""
    files = [file for path in paths for file in _files(folder / path)]
    for file in dict.fromkeys(files):
        seen: dict[str, int] = {}
        for name, line in _scenarios(file):
            if name in seen:
                raise FeatureError(
                    f"{file}:{line}: two scenarios have the name {name!r} (the other is in line "
                    f"{seen[name]}); pytest-bdd would run only one of them"
                )
            seen[name] = line
            namespace[_test_name(namespace, file, name)] = _test(file, name)


def _files(path: Path) -> list[Path]:
    found = sorted(path.rglob("*.feature")) if path.is_dir() else [path]
    if not found or not found[0].is_file():
        raise FeatureError(f"no feature file at {path}")
    return [file.resolve() for file in found]


def _scenarios(file: Path) -> Iterator[tuple[str, int]]:
    def below(children: Sequence[Child]) -> Iterator[tuple[str, int]]:
        for child in children:
            if child.scenario:
                yield child.scenario.name, child.scenario.location.line
            elif child.rule:
                yield from below(child.rule.children)

    return below(get_gherkin_document(str(file)).feature.children)


def _test(file: Path, name: str) -> Any:
    def steps_alone() -> None:
        """Nothing is left to do once the steps have run."""

    return scenario(str(file), name, features_base_dir="")(steps_alone)


def _test_name(namespace: dict[str, Any], file: Path, name: str) -> str:
    words = re.sub(r"\W+", "_", f"{file.stem}__{name}").strip("_").lower()
    test, number = f"test_{words}", 1
    while test in namespace:
        number += 1
        test = f"test_{words}_{number}"
    return test
