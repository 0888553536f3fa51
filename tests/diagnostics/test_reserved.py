"""No name that a policy declares is also a key at the same place."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import PolicyError
from escalation_rules.policy.reading.effect_keys import IN_ORDER, RECOMMEND_KEYS
from escalation_rules.policy.vocabulary import CASE_KEYS, ENTRY_KEYS, HISTORY, RETRACT, STATED_KEYS
from tests.core.policies import load


@pytest.mark.parametrize("name", [*RECOMMEND_KEYS, IN_ORDER])
def test_no_parameter_is_a_key_of_a_step(tmp_path: Path, name: str) -> None:
    _refused(tmp_path, f"{name!r} is a word", "actions", f"new: {{params: {{{name}: {{type: flag}}}}}}")


@pytest.mark.parametrize("name", [*CASE_KEYS, HISTORY, *ENTRY_KEYS, *STATED_KEYS])
def test_no_list_is_a_key_of_a_case_or_an_entry(tmp_path: Path, name: str) -> None:
    _refused(
        tmp_path, f"{name!r} is a word", "records", f"{name}: {{each: one, fields: {{a: {{type: flag}}}}}}"
    )


def test_no_field_is_a_key_of_a_record(tmp_path: Path) -> None:
    declared = f"some_list: {{each: one, fields: {{{RETRACT}: {{type: flag}}}}}}"
    _refused(tmp_path, f"{RETRACT!r} is a word", "records", declared)


def test_a_field_may_be_a_key_of_an_effect(tmp_path: Path) -> None:
    fields = "target: {type: flag}, fixed: {type: flag}, owner: {type: text}"
    more = f"format: 1\nvocabulary: {{records: {{things: {{each: thing, fields: {{{fields}}}}}}}}}\n"
    rule = "{id: one, for_each: things, when: {target: true, fixed: true, owner: given}, then: [{recommend: call}]}"
    assert "target" in load(tmp_path, "plain", f"- {rule}", more=[more]).vocabulary.records["things"].fields


def _refused(folder: Path, message: str, section: str, declared: str) -> None:
    more = f"format: 1\nvocabulary: {{{section}: {{{declared}}}}}\n"
    with pytest.raises(PolicyError, match=message):
        load(folder, "plain", "- {id: one, then: [{recommend: call}]}", more=[more])
