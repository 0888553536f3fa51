"""Answers of a layer when a later layer removes or replaces the rules that they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import BUILTIN, Policy, PolicyError, analyse
from escalation_rules.cli.commands.lint import checked
from escalation_rules.tools.analysis import read_answers
from tests.analysis.test_concerns import CALL, VOCABULARY, rule

BASE = (
    VOCABULARY + rule("do", "{order.late: true}", CALL) + rule("dont", "{order.lost: true}", "{forbid: call}")
)
ANSWERED = """\
answered:
  - concern: conflict
    rules: [do, dont]
    because: The lead decides.
"""
DISABLED = "format: 1\nlanguages: [en]\ndisable:\n  - {rule: dont, because: not ours}\n"
REPLACED = "format: 1\nlanguages: [en]\nruleset: ours\nlabel: ours\nprinciple: fair\nrules:\n"


def other(name: str) -> str:
    more = "    replaces: dont\n"
    return REPLACED + rule(name, "{order.lost: true}", "{forbid: call}", more=more)


def layered(tmp_path: Path, later: str, answers: str = "") -> Policy:
    base, ours = tmp_path / "base", tmp_path / "ours"
    for folder, text in ((base, BASE), (ours, later)):
        folder.mkdir()
        (folder / "policy.yaml").write_text(text, encoding="utf-8")
    (base / ".analysis.yaml").write_text(ANSWERED, encoding="utf-8")
    if answers:
        (ours / ".analysis.yaml").write_text(answers, encoding="utf-8")
    return Policy.load(base, ours, engine="plain")


def test_an_answer_about_a_disabled_rule_does_not_count(tmp_path: Path) -> None:
    result = analyse(layered(tmp_path, DISABLED))
    assert (result.concerns, result.stale, result.clean) == ((), (), True)


@pytest.mark.parametrize("name", ["dont", "never"])
def test_an_answer_about_a_replaced_rule_does_not_settle_the_new_one(tmp_path: Path, name: str) -> None:
    result = analyse(layered(tmp_path, other(name)))
    assert [(each.rules, each.answer) for each in result.concerns] == [(("do", name), None)]
    assert result.stale == ()


def test_the_layer_that_replaces_a_rule_answers_for_its_own(tmp_path: Path) -> None:
    result = analyse(layered(tmp_path, other("dont"), ANSWERED))
    assert [each.answer for each in result.concerns] == ["The lead decides."]
    assert result.clean


def test_a_layer_may_not_answer_for_a_rule_that_it_removes_itself(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="unknown rule 'dont'"):
        analyse(layered(tmp_path, DISABLED, ANSWERED))


def test_an_answer_to_a_warning_about_a_removed_rule_is_not_stale(tmp_path: Path) -> None:
    layered(tmp_path, DISABLED)
    path = tmp_path / "base" / ".analysis.yaml"
    path.write_text(ANSWERED.replace("conflict", "always-true"), encoding="utf-8")
    found = checked([str(tmp_path / "base"), str(tmp_path / "ours")]).found
    assert not {"unknown-rule", "stale-answer"} & {each.code for each in found}


def test_every_rule_that_the_built_in_answers_name_can_be_disabled(tmp_path: Path) -> None:
    built_in = Policy.load(BUILTIN, engine="plain")
    named = {name for each in read_answers(built_in.model, built_in.layers).answers for name in each.rules}
    assert named
    lines = "".join(f"  - {{rule: {name}, because: not ours}}\n" for name in sorted(named))
    ours = tmp_path / "ours.yaml"
    ours.write_text(f"format: 1\nlanguages: [en]\ndisable:\n{lines}", encoding="utf-8")
    policy = Policy.load(BUILTIN, ours, engine="plain")
    assert {each.kind for each in read_answers(policy.model, policy.layers).answers} <= {"gap"}


NEEDS = "needs_a_step: {order.count: {at_least: 3}}\n"
GAP = "answered:\n  - concern: gap\n    cases: {order.count: {at_least: 0}}\n    because: Nothing is left to do.\n"


def test_an_answer_about_gaps_settles_only_the_cases_of_its_own_file(tmp_path: Path) -> None:
    made = layered(tmp_path, DISABLED, NEEDS)
    base = tmp_path / "base" / ".analysis.yaml"
    base.write_text("needs_a_step: {order.late: false}\n" + GAP, encoding="utf-8")
    result = analyse(made)
    assert {(each.kind, each.answer) for each in result.concerns} == {("gap", None)}
    cases = [each.witness.case for each in result.concerns if each.witness is not None]
    assert all(each["facts"]["order.count"] >= 3 for each in cases)
    assert len({str(each) for each in cases}) == len(cases) == len(result.concerns)
    (tmp_path / "ours" / ".analysis.yaml").write_text(NEEDS + GAP, encoding="utf-8")
    assert analyse(made).clean
