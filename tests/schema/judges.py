"""Two judges of the same text: the loader, and the schema that is derived from what the loader knows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from escalation_rules import BUILTIN, CaseError, Policy, PolicyError
from escalation_rules.errors import Problems
from escalation_rules.source import parse_yaml, to_plain
from escalation_rules.tools.schema import case_schema, policy_schema

ROOT = Path(__file__).resolve().parents[2]
BASE = Path(__file__).with_name("base")
RULESETS = sorted(each for each in (ROOT / "rulesets").rglob("*.yaml") if not each.name.startswith("."))
CASES = sorted(
    path for folder in ("cases", "histories") for path in (ROOT / "examples" / folder).glob("*.yaml")
)


@cache
def base() -> Policy:
    """The small policy beside this file, which has every form that the language has."""
    return Policy.load(BASE, engine="plain")


@cache
def builtin() -> Policy:
    """The built-in policy."""
    return Policy.load(BUILTIN, engine="plain")


@cache
def policy_validator(policy: Policy) -> Any:
    """The validator of the policy's files."""
    return Draft202012Validator(policy_schema(policy.vocabulary))


@cache
def case_validator(policy: Policy) -> Any:
    """The validator of cases for the policy."""
    return Draft202012Validator(case_schema(policy.vocabulary))


def plain(text: str) -> Any:
    """A YAML text as data that a schema can judge: fractions as floats. `ValueError` if it is no YAML of ours."""
    problems = Problems()
    data = to_plain(parse_yaml(text, "text", problems))
    if problems.errors:
        raise ValueError(str(problems.errors))
    return as_json(data)


class Dumper(yaml.CSafeDumper):
    """Writes what comes twice twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def dumped(data: Any) -> str:
    """The data as a YAML text without braces."""
    return str(yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000))


def as_json(data: Any) -> Any:
    """The data with floats for Decimals."""
    if isinstance(data, dict):
        return {key: as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(value) for value in data]
    return float(data) if isinstance(data, Decimal) else data


def policy_problems(layers: list[Path]) -> list[str]:
    """What the loader reports of the layers, by code."""
    try:
        Policy.load(*layers, engine="plain")
    except PolicyError as error:
        return [each.code for each in error.diagnostics]
    return []


def case_problems(policy: Policy, text: str) -> list[str]:
    """What the policy reports of a case, by code."""
    problems = Problems()
    data = to_plain(parse_yaml(text, "case", problems))
    try:
        policy.case(data)
    except CaseError as error:
        return [each.code for each in error.diagnostics]
    return []


def refusals(validator: Any, data: Any) -> list[str]:
    """What the schema has against the data."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(data)]


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything inside the data, outermost first."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for key in path:
        data = data[key]
    return data


def without(data: Any, path: tuple[Any, ...]) -> Any:
    """A copy of the data without what stands at a path."""
    return changed(data, path, remove=True)


def changed(data: Any, path: tuple[Any, ...], value: Any = None, *, remove: bool = False) -> Any:
    """A copy of the data with another value at a path, or without it."""
    key, *rest = path
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    if rest:
        copy[key] = changed(data[key], tuple(rest), value, remove=remove)
    elif remove:
        del copy[key]
    else:
        copy[key] = value
    return copy
