"""Feature files become tests, and none is lost silently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from escalation_rules.pytest_plugin.binding import FeatureError, bind

FEATURE = "Feature: F\n  Scenario: One\n    Then this\n  Rule: R\n    Scenario: 第二\n      Then that\n"


def test_every_scenario_becomes_a_test_named_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "b.feature").write_text(FEATURE, encoding="utf-8")
    (tmp_path / "deep" / "a.feature").write_text(FEATURE, encoding="utf-8")
    namespace: dict[str, Any] = {}
    bind(namespace, tmp_path, ["deep", "deep/a.feature"])
    assert list(namespace) == ["test_a__one", "test_a__第二", "test_b__one", "test_b__第二"]


def test_names_that_would_clash_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "f.feature").write_text(
        "Feature: F\n  Scenario: a b\n    Then x\n  Scenario: a, b\n    Then x\n", encoding="utf-8"
    )
    namespace: dict[str, Any] = {}
    bind(namespace, tmp_path, ["."])
    assert list(namespace) == ["test_f__a_b", "test_f__a_b_2"]


def test_a_name_used_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    text = FEATURE + "    Scenario: One\n      Then that\n"
    (tmp_path / "f.feature").write_text(text, encoding="utf-8")
    with pytest.raises(
        FeatureError, match=r"f\.feature:7: two scenarios have the name 'One' \(the other is in line 2\)"
    ):
        bind({}, tmp_path, ["."])


@pytest.mark.parametrize("path", ["missing", "missing.feature", "."])
def test_a_path_without_features_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(FeatureError, match="no feature file at"):
        bind({}, tmp_path, [path])
