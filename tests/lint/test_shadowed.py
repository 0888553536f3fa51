"""A step that is forbidden whenever it is recommended: by a limit on what the rule says, or because of the same records."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules.tools.lint import lint
from tests.core.policies import load

PAY = "- {id: owed, when: {x.a: true}, then: [{recommend: pay, whole: VALUE}]}\n"
BAN = "- {id: never, when: {x.a: true}, then: [{forbid: pay, by: WHO, where: LIMIT}]}\n"


def codes(tmp_path: Path, rules: str) -> set[str]:
    return {each.code for each in lint(load(tmp_path, "plain", rules).model)}


@pytest.mark.parametrize(
    ("value", "limit", "shadowed"),
    [
        ("{EUR: 100}", "{whole: {above: {EUR: 50}}}", True),
        ("{EUR: 100, USD: 100}", "{whole: {above: {EUR: 50, USD: 90}}}", True),
        ("{EUR: 100}", "{whole: {above: {EUR: 100}}}", False),
        ("{EUR: 100, USD: 100}", "{whole: {above: {EUR: 50}}}", False),  # of dollars, nothing is said
        ("x.amount", "{whole: {above: {EUR: 50}}}", False),
        ("{EUR: 100}", "{whole: {above: {EUR: 50}}, x.b: true}", False),
        ("{EUR: 100}", "{method: cash}", False),
    ],
)
def test_a_limit_on_what_the_rule_writes_down(
    tmp_path: Path, value: str, limit: str, *, shadowed: bool
) -> None:
    rules = PAY.replace("VALUE", value) + BAN.replace("LIMIT", limit).replace("WHO", "boss")
    assert ("shadowed" in codes(tmp_path, rules)) is shadowed


def test_a_limit_for_somebody_else(tmp_path: Path) -> None:
    rules = PAY.replace("VALUE", "{EUR: 100}") + BAN.replace("LIMIT", "{whole: {above: {EUR: 50}}}")
    assert "shadowed" not in codes(tmp_path, rules.replace("WHO", "clerk"))


NARROW, WIDE = "{open: true, amount: {above: {EUR: 50}}}", "{amount: {above: {EUR: 20}}}"


@pytest.mark.parametrize(
    ("one", "other", "shadowed"),
    [
        (f"some: claims, where: {NARROW}", f"some: claims, where: {WIDE}", True),
        (f"some: claims, where: {NARROW}", "some: claims", True),
        (f"some: claims, where: {WIDE}", f"some: claims, where: {NARROW}", False),
        (f"some: claims, where: {NARROW}", f"some: charges, where: {WIDE}", False),
        (f"none: claims, where: {WIDE}", f"none: claims, where: {NARROW}", True),
        (f"none: claims, where: {NARROW}", f"none: claims, where: {WIDE}", False),
        ("none: claims", f"none: claims, where: {NARROW}", True),
    ],
)
def test_records_that_are_among_others(tmp_path: Path, one: str, other: str, *, shadowed: bool) -> None:
    rules = (
        f"- {{id: step, when: {{{one}}}, then: [{{recommend: secure}}]}}\n"
        f"- {{id: never, when: {{{other}}}, then: [{{forbid: secure}}]}}\n"
    )
    assert ("shadowed" in codes(tmp_path, rules)) is shadowed


def test_a_condition_that_such_records_exclude(tmp_path: Path) -> None:
    when = f"{{all: [{{some: claims, where: {NARROW}}}, {{none: claims, where: {WIDE}}}]}}"
    assert "never-true" in codes(tmp_path, f"- {{id: step, when: {when}, then: [{{recommend: secure}}]}}\n")
