"""A warning about two rules is given to the rule of the later layer, wherever the two layers are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules.policy.reading import read_policy
from escalation_rules.tools.lint import lint

LOWER = """\
format: 1
ruleset: lower
vocabulary:
  roles: [clerk]
  phases: [only]
  facts: {case.late: {type: flag}, case.sum: {type: amount}, case.opened_at: {type: instant}}
  actions:
    refund: {phase: only, owner: clerk, params: {amount: {type: amount}}}
    call: {phase: only, owner: clerk}
rules:
  - {id: m-refund, when: {case.late: true}, then: [{recommend: refund, amount: case.sum}]}
  - {id: m-call, when: {case.late: true}, then: [{recommend: call, within: 1 hour of case.opened_at}]}
"""
UPPER = """\
format: 1
ruleset: upper
rules:
  - {id: RULE-refund, when: {case.late: true}, then: [{recommend: refund, amount: {share: 50%, of: case.sum}}]}
  - {id: RULE-call, when: {case.late: true}, then: [{recommend: call, within: 2 hours of case.opened_at}]}
  - {id: RULE-again, when: {case.late: true}, then: [{recommend: refund, amount: case.sum}]}
"""


@pytest.mark.parametrize("rule", ["a", "z"])
@pytest.mark.parametrize(("lower", "upper"), [("a", "b"), ("b", "a")])
def test_the_later_layer_is_warned(rule: str, lower: str, upper: str, tmp_path: Path) -> None:
    files = {lower: LOWER, upper: UPPER.replace("RULE", rule)}
    for name, text in files.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "rules.yaml").write_text(text, encoding="utf-8")
    found = [
        each
        for each in lint(read_policy([tmp_path / lower, tmp_path / upper]))
        if each.code in ("conflicting-steps", "other-deadline", "written-twice")
    ]
    assert {each.code for each in found} == {"conflicting-steps", "other-deadline", "written-twice"}
    assert {Path(each.position.file).parent.name for each in found if each.position} == {upper}
