"""What a person reads when a scenario fails: where, what was expected, what the decision has instead, and why."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).parent / "catalogue"

CHECK = "When it is checked whether sales may offer_gift at 2026-03-01T10:00:00Z\n    "
AUDIT = "Given the history in history.yaml\n    When the history is audited until 2026-03-03T00:00:00Z\n    "
FAILURES: dict[str, tuple[str, list[str]]] = {
    "another rule": (
        "Then waive_charge about c1 is planned because of r-gone",
        [
            "waive_charge about c1 is planned, but not because of r-gone",
            "waive_charge about c1 · settle · case_owner · within 1 working day*because of r-waive, r-two",
        ],
    ),
    "elsewhere": (
        "Then pay_loss is planned",
        [
            "it is not true that pay_loss is planned",
            "it is held: pay_loss*needs cause.product_at_fault*wanted by r-pay*because of r-hold",
        ],
    ),
    "nowhere": (
        "Then survey is forbidden",
        ["it is not true that survey is forbidden", "the decision does not mention survey", "forbidden at *"],
    ),
    "a rule that wants it": (
        "Then pay_loss is held because of r-pay",
        ["pay_loss is held, but not because of r-pay", "pay_loss*wanted by r-pay · because of r-hold"],
    ),
    "there after all": (
        "Then dun_customer is not forbidden",
        ["dun_customer is forbidden:", "dun_customer about c1 · because of r-waive"],
    ),
    "other needs": (
        "Then pay_loss is held\n    And it needs customer.need",
        ["pay_loss is held, but needs is not customer.need", "pay_loss*needs cause.product_at_fault*"],
    ),
    "it without a word before": (
        "Then it needs customer.need",
        ["no earlier step says what 'it' is"],
    ),
    "other reasons": (
        "Then waive_charge is planned\n    And its reasons are exactly\n| rule | principle |\n| r-two | law |",
        [
            "waive_charge is planned, but the reasons are not as expected:",
            "expected r-two · principle law",
            "not expected: r-waive · recommend · settle · S3",
        ],
    ),
    "another amount": (
        "Then the amount of waive_charge is 900",
        ["the amount of waive_charge: expected 900, but it is 800 TWD"],
    ),
    "several steps": ("Then x is complete", ["x is not planned", "the plan at*", "1. call_back about s1*"]),
    "another due time": (
        "Then call_back is due at 2026-03-01T10:00:00Z",
        ["call_back: due: expected 2026-03-01T10:00:00Z, but it is 2026-03-01T02:30:00Z"],
    ),
    "another length": (
        "Then call_back is due within 1 hour",
        ["call_back: within: expected 1 hour, but it is 30 minutes"],
    ),
    "plan in another order": (
        "Then the plan includes in this order\n      | action |\n      | waive_charge |\n      | call_back |",
        [
            "the plan: not as expected",
            "expected call_back after waive_charge about c1*but it comes before",
        ],
    ),
    "plan with more": (
        "Then the plan is exactly\n      | action | owner |\n      | call_back | sales |",
        [
            "1. expected call_back · owner sales, but there is call_back about s1*",
            "owner: expected sales, but it is care_line",
            "not expected: waive_charge about c1*",
        ],
    ),
    "plan with less": (
        "Then the plan starts with\n      | action |\n      | call_back |\n      | waive_charge |\n      | survey |",
        ["3. expected survey, but the list is shorter"],
    ),
    "exact plan in another order": (
        "Then the plan is exactly\n      | action |\n      | waive_charge |\n      | call_back |",
        ["1. expected waive_charge, but it is number 2", "2. expected call_back, but it is number 1"],
    ),
    "row that nearly fits": (
        "Then the plan includes\n      | action | amount | rule |\n      | waive_charge | 800 | r-gone |",
        [
            "expected waive_charge · amount 800 · rule r-gone, but it is different:",
            "rule: expected r-gone, but the reasons are r-waive, r-two",
        ],
    ),
    "row that is elsewhere": (
        "Then the plan includes\n      | action |\n      | pay_loss |",
        ["expected pay_loss, but there is no such entry", "it is held: pay_loss*"],
    ),
    "row that must not be": (
        "Then the holds do not include\n      | action | needs |\n      | pay_loss | cause.product_at_fault |",
        ["the holds: not as expected", "not expected: pay_loss*"],
    ),
    "set with more": (
        "Then the prohibitions are exactly\n      | action |\n      | offer_gift |",
        ["not expected: dun_customer about c1*"],
    ),
    "not empty": ("Then the holds are empty", ["not expected: pay_loss*"]),
    "unknown column": (
        "Then the holds include\n      | action | nedes |\n      | pay_loss | x.y |",
        ["no column 'nedes' here; expected *; did you mean 'needs'?"],
    ),
    "no table": ("Then the plan is exactly", ["this step needs a table below it"]),
    "another first question": (
        "Then the first question is claim.by",
        ["the first question is cause.product_at_fault, not claims.by", "1. cause.product_at_fault*"],
    ),
    "asked": ("Then claim.by is not asked", ["claims.by is asked"]),
    "not asked": ("Then customer.x is asked", ["customer.x is not asked"]),
    "something is asked": ("Then nothing is asked", ["something is asked"]),
    "another phase": ("Then the phase is safety", ["the phase is settle, not safety"]),
    "another finding": (
        "Then the finding on c2 is established",
        ["the finding on c2 is one_sided, not established"],
    ),
    "another conclusion": (
        "Then it is concluded that escalation.failed is false",
        ["escalation.failed is true, not false"],
    ),
    "another review": (
        "Then the next review is at 2026-03-01T00:00:00Z",
        ["the next review is at 2026-03-01T02:30:00Z, not at 2026-03-01T00:00:00Z"],
    ),
    "a review": ("Then there is no next review", ["the next review is at 2026-03-01T02:30:00Z"]),
    "a stale decision": (
        "Given it becomes known that customer.need is x\n    Then the plan is empty",
        ["the case has changed since it was decided"],
    ),
    "another verdict": (
        f"{CHECK}Then the verdict is allowed",
        [
            "the verdict is held, not allowed",
            "because of r-gift · forbid · S4",
            "because of r-calm · hold · S1b",
        ],
    ),
    "a verdict for another reason": (
        f"{CHECK}Then the verdict is held because of r-gone",
        [
            "the verdict is held, but not because of r-gone",
            "because of r-gift*",
        ],
    ),
    "no offset": (
        "Then the next review is at 2026-03-01 10:00",
        ["*has no offset*Given all times are in Asia/Taipei*"],
    ),
    "no file": ("Given the case in missing.yaml", ["there is no missing.yaml", "looked at *"]),
    "no history": ("Given the history in decision.yaml", ["decision.yaml has no history"]),
    "no zone": ("Given all times are in Asia/Taipeh", ["unknown time zone 'Asia/Taipeh'"]),
    "nothing below": ("Given on top of it the policy in rules", ["there is no rules"]),
    "no fact": (
        "Given these facts\n      | need | x |",
        ["'need' is not a fact: facts have a dot, such as customer.need"],
    ),
}


ALONE = {
    "a breach that is not named": (
        f"{AUDIT}Then the breaches are exactly\n|what|\n|call_back|\nAnd also\n|what|why|\n|dun_customer|so|",
        [
            "the breaches: not as expected",
            "not expected: escalation.failed · failure · at *because of r-failed",
        ],
    ),
    "a breach that is not there": (
        f"{AUDIT}Then the breaches include\n      | what | at |\n      | call_back | 2026-03-01T00:00:00Z |",
        ["expected call_back · at 2026-03-01T00:00:00Z, but it is different:", "     at: expected *"],
    ),
    "an extra without its reason": (
        f"{AUDIT}Then also\n      | what |\n      | call_back |",
        ["each row under 'also' needs a reason in the column 'why'"],
    ),
    "an extra that is not there": (
        f"{AUDIT}Then also\n      | what | why |\n      | survey | so |",
        [
            "expected survey, but there is no such entry",
            "the breaches:",
            "1. dun_customer about c1 · forbidden*",
        ],
    ),
    "nothing checked": ("Then the verdict is held", ["nothing has been checked yet"]),
    "nothing audited": ("Then the breaches are empty", ["nothing has been audited yet"]),
    "nothing decided": ("Then the plan is empty", ["nothing has been decided yet"]),
    "nothing decided before": (
        "When the policy decides again",
        ["there is no earlier decision whose time *"],
    ),
    "nothing to put it on": (
        "Given on top of it the policy in .",
        ["there is no policy yet to put this one on top of"],
    ),
}
DECIDE = "    When the policy decides at 2026-03-01T10:00:00+08:00\n"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory, run_pytest: Callable[..., str]) -> str:
    """What pytest prints about a feature in which every scenario fails: one run for all of them."""
    project = tmp_path_factory.mktemp("project")
    for name in ("conftest.py", "decision.yaml", "history.yaml"):
        shutil.copy(CATALOGUE / name, project)
    (project / "test_failing.py").write_text(
        "from escalation_rules.pytest_plugin import bind_features\nbind_features('failing.feature')\n",
        encoding="utf-8",
    )
    feature = "Feature: Failing\n  Background:\n    Given the case in decision.yaml\n"
    for decide, scenarios in ((DECIDE, FAILURES), ("", ALONE)):
        for name, (steps, _) in scenarios.items():
            checked = "" if "Then " in steps else "    Then the plan is empty\n"
            feature += f"  Scenario: {name}\n{decide}    {steps}\n{checked}"
    (project / "failing.feature").write_text(feature, encoding="utf-8")
    printed = run_pytest(project)
    assert f"{len(FAILURES) + len(ALONE)} failed in" in printed, printed
    return printed


@pytest.mark.parametrize("name", [*FAILURES, *ALONE])
def test_a_failure_says_where_what_and_why(output: str, name: str) -> None:
    steps, messages = {**FAILURES, **ALONE}[name]
    heading = f"test_failing__{name.replace(' ', '_')} "
    told = output.partition(f"_ {heading}_")[2].partition("\n____")[0].splitlines()
    sentence = next(
        line.strip() for line in reversed(steps.splitlines()) if "|" not in line and "And also" not in line
    )
    lines = pytest.LineMatcher(told)
    lines.fnmatch_lines([f"*failing.feature:*: {sentence}", *(f"  *{message}" for message in messages)])
    lines.no_fnmatch_line("*Traceback*")
