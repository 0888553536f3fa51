"""Who handles a complaint well hears nothing from the audit, and is told first what a calm person would do.

The histories were made up, of varied kinds and trades, and hold what was recorded. `turning_points` names the first steps
that are right; `nothing` means that no step is.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from escalation_rules import Policy
from tests.stories.score import HERE, instant, plain, stories

WELL = dict(stories(HERE / "well"))
SELDOM_LOGGED = {
    "show_effort",
    "take_aside",
    "thank_customer",
    "ask_need",
    "note_answer_time",
    "prepare_options",
}
"""What is done in a talk, and is not always noted as an act of its own."""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load(engine="plain")


def breaches(policy: Policy, story: Mapping[str, Any]) -> list[tuple[str, str | None, str | None]]:
    audit = policy.audit(policy.case(plain(story["case"])), at=instant(story["audit_until"]))
    return [(each.kind, each.action or each.fact, each.about) for each in audit.breaches]


@pytest.mark.parametrize("name", WELL)
def test_the_audit_says_nothing(policy: Policy, name: str) -> None:
    assert breaches(policy, WELL[name]) == []


@pytest.mark.parametrize("name", WELL)
def test_nor_where_less_was_logged(policy: Policy, name: str) -> None:
    story = copy.deepcopy(WELL[name])
    for entry in story["case"]["history"]:
        entry["acts"] = [act for act in entry.get("acts", ()) if act["action"] not in SELDOM_LOGGED]
    assert breaches(policy, story) == []


@pytest.mark.parametrize("name", WELL)
def test_the_first_step_is_what_a_calm_person_would_do(policy: Policy, name: str) -> None:
    case = policy.case(plain(WELL[name]["case"]))
    for point in WELL[name]["turning_points"]:
        plan = policy.decide(case, at=instant(point["at"])).plan
        assert (plan[0].action if plan else "nothing") in point["first"], point["at"]


def test_a_story_that_was_handled_badly_is_not_passed(policy: Policy) -> None:
    story = copy.deepcopy(WELL["11-rotterdam-a-smell-of-gas"])
    for entry in story["case"]["history"]:
        entry["acts"] = []
    assert ("omitted", "ask_about_injuries", None) in breaches(policy, story)
