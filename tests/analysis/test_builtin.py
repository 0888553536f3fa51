"""The built-in policy: every concern is answered, no answer is stale, and every case shows what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import BUILTIN, Analysis, Policy, analyse


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load(engine="plain")


@pytest.fixture(scope="module")
def analysis(policy: Policy) -> Analysis:
    return analyse(policy)


def test_each_concern_is_answered_and_no_answer_is_stale(analysis: Analysis) -> None:
    assert [(each.kind, each.rules) for each in analysis.unanswered] == []
    assert [(each.kind, each.rules) for each in analysis.stale] == []
    assert [(each.kind, each.rules) for each in analysis.undecided] == []


def test_each_case_shows_what_is_said_of_it(policy: Policy, analysis: Analysis) -> None:
    assert len(analysis.concerns) > 40
    for each in analysis.concerns:
        assert each.witness is not None, each
        decision = policy.decide(each.witness.case, at=each.witness.at)
        steps = [step for step in decision.plan if step.action == each.action]
        match each.kind:
            case "conflict":
                found = [one for one in decision.forbidden if one.wanted and one.action == each.action]
                assert any(set(each.rules) <= {why.rule for why in one.because} for one in found), each
            case "two-deadlines":
                assert any(set(each.rules) <= {why.rule for why in step.because} for step in steps), each
            case "no-deadline":
                held = any(one.wanted and one.action == each.action for one in decision.held)
                forbidden = any(one.wanted and one.action == each.action for one in decision.forbidden)
                assert held or forbidden or any(step.within is None and step.due is None for step in steps), (
                    each
                )
            case "gap":
                assert decision.plan == (), each
            case _:
                pytest.fail(f"no such concern is expected: {each}")


def test_a_gap_that_a_deleted_rule_leaves_is_found(tmp_path: Path) -> None:
    """The answers about gaps cover what their reasons say, and nothing else."""
    ours = tmp_path / "ours.yaml"
    ours.write_text(
        "format: 1\nlanguages: [en]\ndisable: [{rule: one-owner, because: not ours}]\n", encoding="utf-8"
    )
    asked = "{not_done: contacts_customer, none: parties, customer.good_faith: good}"
    result = analyse(Policy.load(BUILTIN, ours, engine="plain"), gaps_in=asked, most_gaps=1)
    assert [each.kind for each in result.unanswered if not each.asks] == ["gap"]
