"""Names that follow several references: SEMANTICS 7. The oracle tests what they mean; here it is what people see of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy, PolicyError, compare
from escalation_rules.tools.lint import lint
from escalation_rules.words.sentences import Wording
from tests.core.policies import NOW, Plain

WORDS = """
format: 1
languages: [en]
name: homes
ruleset: homes
label: Homes
principle: fair
vocabulary:
  phases: [look: Look]
  roles: [agent: the agent]
  principles: [fair: Fair]
  facts:
    case.opened_at: {type: instant, label: opened, ask: system}
    case.main: {type: reference, to: visits, label: main visit, question: Which visit?}
  records:
    appliances:
      each: appliance
      label: appliances
      absent: none
      fields:
        kind: {type: choice, values: [boiler: boiler, oven: oven], label: kind, question: Which kind?}
        seen_at: {type: instant, label: seen at, ask: system}
    faults:
      each: fault
      label: faults
      absent: none
      fields: {appliance_of: {type: reference, to: appliances, label: appliance, question: Which appliance?}}
    visits:
      each: visit
      label: visits
      absent: none
      fields: {fault_of: {type: reference, to: faults, label: fault, question: Which fault?}}
  actions:
    call: {label: call, phase: look, owner: agent, about: visits}
    order: {label: order a part, phase: look, owner: agent, about: appliances}
rules:
"""
BOILERS = """
  - id: boilers-first
    source: example
    for_each: visits
    when: {fault_of.appliance_of.kind: boiler}
    then:
      - recommend: call
        within: 1 day of visit.fault_of.appliance_of.seen_at
      - recommend: order
        about: fault_of.appliance_of
    because: "A {fault_of.appliance_of.kind} comes first."
  - id: the-main-one
    source: example
    when: {case.main.fault_of.appliance_of.kind: oven}
    then: [{forbid: order}]
    because: An oven can wait.
"""
CASE: Plain = {
    "appliances": [{"id": "b", "kind": "boiler", "seen_at": "2026-03-02T01:00:00+00:00"}],
    "faults": [{"id": "f", "appliance_of": "b"}],
    "visits": [{"id": "v", "fault_of": "f"}],
    "facts": {"case.main": "v"},
}


def policy(tmp_path: Path, rules: str = BOILERS, name: str = "one") -> Policy:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "policy.yaml").write_text(WORDS + rules, encoding="utf-8")
    return Policy.load(folder)


def test_a_chain_finds_the_record_at_its_end(tmp_path: Path) -> None:
    decision = policy(tmp_path).decide(CASE, at=NOW)
    call, order = decision.plan
    assert (call.action, call.about, call.due.isoformat() if call.due else None) == (
        "call", "v", "2026-03-03T01:00:00+00:00"
    )  # fmt: skip
    assert (order.action, order.about) == ("order", "b")
    assert call.because[0].text.to_dict() == {"en": "A boiler comes first."}


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"visits": [{"id": "v"}]}, ("visits.fault_of", ("v",))),
        ({"faults": [{"id": "f"}]}, ("faults.appliance_of", ("f",))),
        ({"appliances": [{"id": "b"}]}, ("appliances.kind", ("b",))),
    ],
)
def test_the_first_link_that_is_unknown_is_asked_for(tmp_path: Path, changes: Plain, asked: Any) -> None:
    decision = policy(tmp_path).decide(CASE | changes, at=NOW)
    assert asked in [(each.fact, each.about) for each in decision.missing]
    assert not decision.plan


def test_a_fact_that_refers_to_a_record_begins_a_chain(tmp_path: Path) -> None:
    oven = CASE | {"appliances": [{"id": "b", "kind": "oven"}]}
    assert policy(tmp_path).check(oven, "order", by="agent", about="b", at=NOW).verdict == "forbidden"


def test_a_sentence_names_every_link(tmp_path: Path) -> None:
    model = policy(tmp_path).model
    when = model.rules[0].when
    assert when is not None
    said = Wording.of(model.vocabulary, "en").sentence(when, "visits")
    assert said == "“kind” of “appliance” of “fault” is “boiler”"


def test_everything_on_the_way_is_in_use(tmp_path: Path) -> None:
    unused = [each.message for each in lint(policy(tmp_path).model) if each.code.startswith("unused")]
    assert unused == ["no rule reads the fact case.opened_at"]


def test_another_end_of_a_chain_is_compared(tmp_path: Path) -> None:
    z3 = pytest.importorskip("z3")
    assert z3
    old = policy(tmp_path)
    new = policy(tmp_path, BOILERS.replace("kind: boiler}", "kind: oven}"), "two")
    found = compare(old, new)
    assert {each.actions for each in found.effects} >= {("call",)}
    same = policy(tmp_path, BOILERS.replace("fault_of.app", "visit.fault_of.app").replace("visit.visit.", "visit.")
                  .replace("main.visit.", "main."), "three")  # fmt: skip
    assert compare(old, same).effects == ()


def test_four_references_are_too_many(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="boilers"):
        policy(tmp_path, BOILERS.replace("appliance_of.kind: boiler}", "appliance_of.kind.boilers: 1}"))
