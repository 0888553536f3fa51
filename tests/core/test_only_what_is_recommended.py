"""A policy that denies by default: whatever is in no plan is forbidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Policy, PolicyError
from tests.core.policies import NOW, load

RULES = """\
- id: call
  when: {x.a: true}
  then: [{recommend: call}]
- id: gift
  then:
    - recommend: gift
      worth: x.amount
    - hold: gift
      where: {worth: {above: {TWD: 500}}}
      until: {done: call}
- id: claims
  for_each: claims
  when: {open: true}
  then: [{recommend: apologise}]
- id: pay
  then: [{recommend: pay, total: {TWD: 100}}]
"""
STRICT = "format: 1\nonly_what_is_recommended: {flag}\n"
CASE = {
    "currency": "TWD",
    "facts": {"x.a": True, "x.amount": 300},
    "claims": [{"id": "c1", "open": True}, {"id": "c2", "open": False}],
}


@pytest.fixture
def policy(tmp_path: Path, engine: str) -> Policy:
    return load(tmp_path / "p", engine, RULES, more=[STRICT.format(flag="true")])


@pytest.mark.parametrize(
    ("action", "more", "verdict"),
    [
        ("call", {}, "allowed"),
        ("visit", {}, "forbidden"),
        ("gift", {"params": {"worth": 300}}, "allowed"),
        ("gift", {"params": {"worth": 301}}, "forbidden"),
        ("gift", {"params": {"worth": 300, "kind": "token"}}, "allowed"),  # no rule says which kind
        ("apologise", {"about": "c1"}, "allowed"),
        ("apologise", {"about": "c2"}, "forbidden"),
        ("apologise", {}, "forbidden"),  # about which claim is not said
        ("pay", {"params": {"total": 60}}, "allowed"),  # acts add up
        ("pay", {"params": {"total": 101}}, "forbidden"),
    ],
)
def test_only_steps_may_be_done(policy: Policy, action: str, more: dict[str, object], verdict: str) -> None:
    answer = policy.check(CASE, action, at=NOW, **more)  # type: ignore[arg-type]
    assert answer.verdict == verdict, answer.to_dict()
    if verdict == "forbidden":
        assert [each.rule for each in answer.because] == ["only_what_is_recommended"]


def test_a_step_that_waits_is_held_not_forbidden(policy: Policy) -> None:
    case = {**CASE, "facts": {"x.a": True, "x.amount": 900}}
    assert policy.check(case, "gift", at=NOW, params={"worth": 900}).verdict == "held"


def test_what_somebody_outside_does_is_not_ours_to_forbid(tmp_path: Path, engine: str) -> None:
    loaded = load(
        tmp_path / "p", engine, RULES, words="outside: [customer]\n", more=[STRICT.format(flag="true")]
    )
    assert loaded.check(CASE, "visit", at=NOW, by="customer").verdict == "allowed"


def test_a_higher_layer_has_the_last_word(tmp_path: Path, engine: str) -> None:
    load(tmp_path / "p", engine, RULES, more=[STRICT.format(flag="true")])
    (tmp_path / "open.yaml").write_text(STRICT.format(flag="false"), encoding="utf-8")
    both = Policy.load(tmp_path / "p", tmp_path / "open.yaml", engine=engine)  # type: ignore[arg-type]
    assert both.check(CASE, "visit", at=NOW).verdict == "allowed"


def test_it_is_true_or_false(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="not a flag"):
        load(tmp_path / "p", "plain", RULES, more=[STRICT.format(flag="sometimes")])
