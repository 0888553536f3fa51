"""A role that no rule names changes nothing by itself, be it one of us or an outsider."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import BUILTIN, Policy, compare
from escalation_rules.tools.compare.changed import names_changed, rules_changed
from tests.compare.test_small import VOCABULARY

ROLE = """\
format: 1
languages: [en]
name: more
vocabulary:
  roles: [{trainer: the trainer}]
  %s
ruleset: more
label: more
principle: settle
rules: %s
"""


def layered(tmp_path: Path, text: str) -> Policy:
    (tmp_path / "more.yaml").write_text(text, encoding="utf-8")
    return Policy.load(BUILTIN, tmp_path / "more.yaml", engine="plain")


@pytest.mark.parametrize("outside", ["outside: [trainer]", ""])
def test_a_layer_with_nothing_but_a_role(tmp_path: Path, outside: str) -> None:
    result = compare(Policy.load(engine="plain"), layered(tmp_path, ROLE % (outside, "[]")))
    assert result.rules == ()
    assert {(each.kind, each.of, each.name) for each in result.vocabulary} == {
        ("added", "role", "trainer"),
        *([("changed", "vocabulary", "outside")] if outside else []),
    }
    assert result.equivalent


def test_what_a_rule_of_the_layer_does_is_found(tmp_path: Path) -> None:
    rules = "\n  - {id: one, source: x, then: [{forbid: dun_customer, by: [trainer]}], because: so}"
    text = (ROLE % ("outside: [trainer]", rules)).replace("  roles:", "  sources: {x: x}\n  roles:")
    result = compare(Policy.load(engine="plain"), layered(tmp_path, text))
    (found,) = result.effects
    assert (found.how, found.head, found.actions, found.because) == (
        "now",
        "forbid",
        ("dun_customer",),
        ("one",),
    )
    assert found.after[0]["by"] == ["trainer"]
    assert result.proven


def test_a_role_that_is_no_outsider_any_more_is_a_change(tmp_path: Path) -> None:
    """A hold that ends by an act of this role alone waits for somebody else, or for us."""
    rules = """\
ruleset: own
label: own
principle: fair
rules:
  - {id: one, source: x, then: [{hold: refund, until: {done: call}}], because: so}
"""
    models = []
    for name, outside in (("old", "  outside: [agent]\n"), ("new", "")):
        text = VOCABULARY.partition("ruleset:")[0]
        assert "vocabulary:\n" in text
        text = text.replace("vocabulary:\n", f"vocabulary:\n{outside}", 1)
        action = "    call: {"
        assert action in text
        (tmp_path / name).mkdir()
        path = tmp_path / name / "policy.yaml"
        path.write_text(text.replace(action, action + "by: [agent], ", 1) + rules, encoding="utf-8")
        models.append(Policy.load(path, engine="plain").model)
    assert [each.rule for each in rules_changed(*models)] == ["one"]
    assert [each.name for each in names_changed(*models)] == ["outside"]
