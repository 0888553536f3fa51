"""Only the steps that the rules of one layer, file or ruleset recommend are counted: what other rules do hides no gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Analysis, Policy, RequestError, analyse
from tests.analysis.test_concerns import VOCABULARY

OURS = """\
format: 1
languages: [en]
name: ours
vocabulary:
  principles: [{care: care}]
  facts:
    club.closed: {type: flag, label: closed, question: Is it closed?}
    club.pause: {type: flag, label: pause, question: Do they want a break?}
  records:
    trainings:
      each: training
      label: trainings
      absent: none
      fields:
        harassment: {type: flag, label: harassment, question: Is harassment alleged?}
        told: {type: instant, label: told, question: When was it told?}
ruleset: ours
label: ours
principle: care
rules:
  - {id: closed, source: x, when: {club.closed: true}, then: [{recommend: call}], because: so}
  - id: harassment
    source: x
    for_each: trainings
    when: {harassment: true}
    then: [{recommend: refund, about: case}]
    because: so
"""
ALWAYS = "  - {id: always, source: x, then: [{recommend: call}], because: so}\n"


def two_layers(tmp_path: Path, ours: str = OURS) -> Policy:
    """A lower layer that always recommends something, and ours."""
    for name, text in (("low", VOCABULARY + ALWAYS), ("ours", ours)):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "policy.yaml").write_text(text, encoding="utf-8")
    return Policy.load(tmp_path / "low", tmp_path / "ours", engine="plain")


def shown(result: Analysis) -> list[tuple[str | None, dict[str, object]]]:
    return [(each.among, {key: value for key, value in dict(each.witness.case).items() if key != "id"})
            for each in result.concerns if each.witness is not None]  # fmt: skip


@pytest.mark.parametrize("name", ["ours", "policy-ours"])
def test_each_list_and_each_flag_that_no_rule_reads(tmp_path: Path, name: str) -> None:
    policy = two_layers(tmp_path, OURS.replace("ruleset: ours", "ruleset: policy-ours"))
    result = analyse(policy, steps_of=name)
    training = {"id": "training-1", "harassment": False}
    assert shown(result) == [
        ("trainings", {"trainings": [training]}),
        ("club.pause", {"facts": {"club.pause": True}}),
    ]
    assert (result.steps_of, result.clean, result.left_open) == (name, False, ())
    assert result.to_dict()["concerns"][0]["among"] == "trainings"


def test_among_the_cases_of_a_condition(tmp_path: Path) -> None:
    policy = two_layers(tmp_path)
    asked = "{some: trainings}"
    assert analyse(policy, gaps_in=asked).concerns == ()
    result = analyse(policy, gaps_in=asked, steps_of="ours")
    ((among, case),) = shown(result)
    assert (among, case["trainings"]) == (None, [{"id": "training-1", "harassment": False}])
    assert result.all_gaps_shown
    assert analyse(policy, gaps_in="{club.closed: true}", steps_of="ours").clean


def test_a_step_that_waits_is_a_step(tmp_path: Path) -> None:
    held = "  - {id: wait, source: x, then: [{hold: refund, until: {done: call}}], because: so}\n"
    policy = two_layers(tmp_path, OURS + held)
    result = analyse(policy, gaps_in="{some: trainings, where: {harassment: true}}", steps_of="ours")
    assert result.clean


def test_a_name_that_does_not_exist(tmp_path: Path) -> None:
    policy = two_layers(tmp_path)
    with pytest.raises(RequestError, match="did you mean 'ours'"):
        analyse(policy, steps_of="our")
    with pytest.raises(RequestError, match="--gaps-in"):
        analyse(two_layers(tmp_path / "more", OURS.partition("  facts:")[0] + "ruleset: ours\nlabel: x\nprinciple: care\nrules:\n"
                           "  - {id: one, source: x, then: [{recommend: call}], because: so}\n"), steps_of="ours")  # fmt: skip
