"""What outside roles do: prohibitions bind them where an action names them, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Policy
from tests.core.clocks.desk import act, entry, history, load, on

WORDS = """\
  extend: {by: [agent, customer], not_by: close_case}
  tell: {phase: handle}
  agree: {phase: handle, owner: customer, by: [customer]}
outside: [customer, agency]
"""
RULES = """
- {id: once, when: {done: extend}, then: [{forbid: extend}, {forbid: tell}]}
- {id: first, then: [{hold: agree, until: {done: reply}}]}
"""
EXTENDED = history(entry("mon 09:00"), entry("mon 10:00", act("extend", by="customer")))


@pytest.fixture
def policy(tmp_path: Path, engine: str) -> Policy:
    words = WORDS.replace("agency", "lead")
    return load(tmp_path / "p", engine, RULES, words=words)


@pytest.mark.parametrize(
    ("action", "by", "verdict", "rules"),
    [
        ("extend", "customer", "forbidden", ["once"]),
        ("extend", "agent", "forbidden", ["once"]),
        ("agree", "customer", "held", ["first"]),
        ("tell", "customer", "allowed", []),  # the action does not name the customer
        (
            "extend",
            "lead",
            "forbidden",
            ["extend"],
        ),  # an outside role, of an action for which others are named
    ],
)
def test_an_outside_role_is_bound_where_the_action_names_it(
    policy: Policy, action: str, by: str, verdict: str, rules: list[str]
) -> None:
    found = policy.check(EXTENDED, action, by=by, at=on("mon 11:00"))
    assert (found.verdict, [each.rule for each in found.because]) == (verdict, rules)


def test_what_it_does_all_the_same_is_a_breach(policy: Policy) -> None:
    case = history(
        entry("mon 09:00"),
        entry("mon 10:00", act("extend", by="customer"), act("tell", by="customer")),
        entry(
            "mon 11:00", act("extend", by="customer"), act("tell", by="customer"), act("agree", by="customer")
        ),
    )
    found = policy.audit(case, at=on("mon 12:00")).breaches
    assert [(each.kind, each.action, each.by) for each in found] == [
        ("forbidden", "extend", "customer"),
        ("premature", "agree", "customer"),
    ]


def test_denying_by_default_is_for_our_roles_only(tmp_path: Path, engine: str) -> None:
    words = WORDS.replace("agency", "lead")
    strict = "format: 1\nonly_what_is_recommended: true\n"
    policy = load(tmp_path / "p", engine, RULES, words=words, more=[strict])
    case = history(entry("mon 09:00"))
    verdicts = {
        by: policy.check(case, "extend", by=by, at=on("mon 11:00")).verdict for by in ("agent", "customer")
    }
    assert verdicts == {"agent": "forbidden", "customer": "allowed"}
