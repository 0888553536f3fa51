"""Ten changes of the built-in policy, at once: each is found, with a case on which both policies differ, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Comparison, EffectChange, Policy, compare
from tests.compare import seeds


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> tuple[Policy, Policy]:
    folder = tmp_path_factory.mktemp("ten")
    changed = seeds.copied(folder / "changed", *seeds.SEEDS)
    return Policy.load(engine="plain"), Policy.load(changed, seeds.layer(folder / "layer"), engine="plain")


@pytest.fixture(scope="module")
def comparison(policies: tuple[Policy, Policy]) -> Comparison:
    return compare(*policies)


def test_all_ten_are_found_in_cases_and_nothing_else(comparison: Comparison) -> None:
    expected = {(*difference, (seed.cause,)) for seed in seeds.SEEDS for difference in seed.differences}
    expected |= {(*difference, (seeds.LAYER_CAUSE,)) for difference in seeds.LAYER_DIFFERENCES}
    assert len(expected) == 15
    found = {(each.how, each.head, each.actions, each.because) for each in comparison.effects}
    earlier = {
        ("otherwise", "recommend", (action,), (rule,))
        for action, rule in (
            ("convene_review", "failing-again-and-again"),
            ("assign_owner", "an-owner-when-it-boils-over"),
        )
    }  # of what they recommend, the due time differs as well: shown, or named
    assert found - earlier == expected
    assert len(comparison.effects) == len(found)
    left = {(each.head, each.actions, each.part) for each in comparison.not_compared}
    assert left == {("recommend", actions, "times") for _, _, actions, _ in earlier - found}
    assert not comparison.equivalent
    assert {each.action: each.holding for each in comparison.following} == {
        "ask_approval": ("pay_loss",),
        "express_regret": ("request_evidence",),
        "read_report": ("apologise",),
        "close_fact_finding": ("apologise",),
        "disclose_unjudged": ("read_report",),
        "arrange_interpreter": ("read_report",),
    }


def test_all_ten_are_told_in_words(comparison: Comparison) -> None:
    told = {each.rule: each.kind for each in comparison.rules} | {
        each.name: each.kind for each in comparison.vocabulary
    }
    expected = {seed.cause: "changed" for seed in seeds.SEEDS}
    assert told == expected | {seeds.OVERRIDDEN.cause: "added", seeds.LAYER_CAUSE: "removed"}
    deadline = next(each for each in comparison.rules if each.rule == seeds.DEADLINE.cause)
    (said,) = comparison.said(deadline, "en")
    (before,), (after,) = said.before, said.after
    assert said.part == "recommend"
    assert before.startswith("have the cause examined, within 3 working days of ")
    assert after == before.replace("3 working days", "5 working days")


def test_each_case_is_decided_otherwise_by_the_two(
    policies: tuple[Policy, Policy], comparison: Comparison
) -> None:
    for each in comparison.effects:
        before, after = (_answers(policy, each) for policy in policies)
        how = "otherwise" if each.is_of_blocking else each.how  # held, then in the plan
        assert _differ(how, before, after), each


def _differ(how: str, before: set[object], after: set[object]) -> bool:
    if how == "now":
        return before < after
    return after < before if how == "no longer" else bool(before and after) and before != after


def _answers(policy: Policy, change: EffectChange) -> set[object]:
    """What a policy says of the change's action in its case, by the façade alone."""
    witness, (action,) = change.witness, change.actions
    if change.head == "recommend":
        decision = policy.decide(witness.case, at=witness.at)
        held = {"held" for each in decision.held if each.action == action and each.wanted}
        return {(each.owner, each.due, each.within) for each in decision.plan if each.action == action} | held
    found: set[object] = set()
    for role in policy.vocabulary.roles:
        verdict = policy.check(witness.case, action, at=witness.at, by=role, params=witness.params or None)
        against = [each for each in verdict.because if each.effect == change.head and not each.undecided]
        found |= {role} if against else set()
    return found


def test_nothing_of_a_case_can_be_left_out(policies: tuple[Policy, Policy], comparison: Comparison) -> None:
    for each in comparison.effects:
        for name in each.witness.case.get("facts", {}):
            facts = {key: value for key, value in each.witness.case["facts"].items() if key != name}
            smaller = {**each.witness.case, "facts": facts}
            case = EffectChange(
                each.how, each.head, each.actions, each.about, each.because,
                type(each.witness)(smaller, each.witness.at, each.witness.params), (), (),
            )  # fmt: skip
            before, after = (_answers(policy, case) for policy in policies)
            how = "otherwise" if each.is_of_blocking else each.how
            assert not _differ(how, before, after), (each, name)


def test_a_copy_is_the_same_word_for_word(tmp_path: Path) -> None:
    result = compare(
        Policy.load(engine="plain"), Policy.load(seeds.copied(tmp_path / "copy"), engine="plain")
    )
    assert (result.rules, result.vocabulary, result.effects) == ((), (), ())
    assert result.equivalent
