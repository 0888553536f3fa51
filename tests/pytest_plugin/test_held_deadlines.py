"""A deadline that counts although its step is held can be tested like that of a planned step."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Policy
from tests.core.clocks.desk import load
from tests.pytest_plugin.test_sentences import told

RULES = """
- {id: answers, then: [{recommend: reply, within: 1 day of case.opened_at, fixed: true}]}
- {id: reminds, then: [{recommend: remind, within: 1 day of case.opened_at}]}
- {id: waits, then: [{hold: reply, until: {case.urgent: true}}, {hold: remind, until: {case.urgent: true}}]}
"""
START = """Feature: F
  Background:
    Given all times are in Asia/Taipei
    And a case "E-1"
    And these facts
      | case.opened_at | 2026-03-02 09:00 |

  Scenario: S
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    return load(tmp_path_factory.mktemp("desk"), "plain", RULES)


@pytest.mark.parametrize(
    ("at", "right", "wrong", "why"),
    [
        ("2026-03-02 10:00", "reply is due at 2026-03-03 09:00", "reply is due at 2026-03-04 09:00", "it is 2026-03-03 09:00"),
        ("2026-03-02 10:00", "reply is not overdue", "reply is overdue", "overdue: expected true, but it is false"),
        ("2026-03-03 09:00", "reply is overdue", "reply is not overdue", "overdue: expected false, but it is true"),
        ("2026-03-05 09:00", "remind is not overdue", "remind is overdue", "remind is not planned"),
        ("2026-03-05 09:00", "reply is held", "remind is due at 2026-03-03 09:00", "remind is not planned"),
        (
            "2026-03-03 09:00",
            "the holds include\n      | action | due | overdue |\n      | reply | 2026-03-03 09:00 | true |",
            "the holds include\n      | action | overdue |\n      | remind | true |",
            "overdue",
        ),
    ],
)  # fmt: skip
def test_due_and_overdue(tmp_path: Path, policy: Policy, at: str, right: str, wrong: str, why: str) -> None:
    decided = f"    When the policy decides at {at}\n    Then "
    assert told(tmp_path, policy, decided + right, START) is None
    assert why in (told(tmp_path, policy, decided + wrong, START) or "")
