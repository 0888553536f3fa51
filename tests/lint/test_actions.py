"""The built-in actions: each says who may do it, whether it can be undone, and what to say."""

from __future__ import annotations

from functools import cache

import pytest

from escalation_rules.errors import Problems
from escalation_rules.policy.reading import read_policy
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.policy.vocabulary import Action
from escalation_rules.source import Mapping, Node, parse_yaml
from escalation_rules.texts import LANGUAGES

MODEL = read_policy([builtin_path()])
ACTIONS = list(MODEL.vocabulary.actions.values())
STEPS = [each for each in ACTIONS if each.phase is not None]


@cache
def actions_file() -> Node | None:
    file = builtin_path() / "vocabulary" / "actions.yaml"
    return parse_yaml(file.read_text(encoding="utf-8"), str(file), Problems())


def written(*path: str) -> Mapping:
    node = actions_file()
    for key in path:
        assert isinstance(node, Mapping)
        node = node.get(key)
    assert isinstance(node, Mapping)
    return node


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_an_action_says_what_it_is_and_whether_it_can_be_undone(action: Action) -> None:
    assert tuple(action.label.to_dict()) == LANGUAGES
    assert action.reversible is not None


@pytest.mark.parametrize("action", STEPS, ids=lambda action: action.name)
def test_a_step_says_who_may_do_it_and_whoever_owns_it_may(action: Action) -> None:
    assert written("vocabulary", "actions", action.name).get("by") is not None
    assert not action.by or action.owner in action.by


@pytest.mark.parametrize("action", STEPS, ids=lambda action: action.name)
def test_what_can_be_planned_can_be_said(action: Action) -> None:
    recommended = {each.action for rule in MODEL.rules for each in rule.recommends}
    if action.name in recommended:
        assert tuple(action.say.to_dict()) == LANGUAGES
