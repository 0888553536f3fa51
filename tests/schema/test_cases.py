"""The schema of a case: the examples fit, and it refuses what the policy refuses."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.schema.judges import (
    CASES,
    at,
    base,
    builtin,
    case_problems,
    case_validator,
    changed,
    dumped,
    places,
    plain,
    refusals,
    without,
)

PLAIN = """
id: T-1
currency: TWD
facts:
  case.opened_at: 2026-03-01T10:00:00+08:00
  customer:
    angry: true
    calls: 2
    asks: 800.50
    kind: private
    mood: heated
    words: I shall call the press
    patience: 2 days
    contact: agent
  visit.planned_at: null
parties:
  - {id: jo, role: manager, trusts: true, told_at: 2026-03-01T10:00:00Z}
claims:
  - {id: c1, made_by: jo, made_at: 2026-03-01T10:00:00Z, amount: 12, open: null}
  - {id: c2, retract: true}
evidence: null
losses:
  - {id: l1, claim: c1, amount: 300, pieces: 2, downtime: PT17H, what: a vase, recorded_at: 2026-03-01T10:00:00Z}
learned_at:
  customer.mood: 2026-03-01T10:00:00+08:00
  claims.open: null
acts:
  - {id: w-1, action: call_back, by: agent, at: 2026-03-01T11:00:00+08:00, outcome: no_answer}
  - {action: pay, by: jo, as: agent, at: 2026-03-01T12:00:00+08:00, about: c1, params: {amount: 300, reason: goodwill}}
  - action: review
    by: manager
    at: 2026-03-01T12:00:00+08:00
    outcome: null
    params: {chair: jo, items: [l1], at: 2026-03-01T10:00:00Z, length: 1 hour, led_by: jo, tone: soft, public: true}
"""
HISTORY = """
id: T-2
currency: null
history:
  - at: 2026-03-01T10:00:00+08:00
    facts: {customer.angry: true}
    claims: [{id: c1, open: true}]
    acts: [{action: call_back, by: agent}]
  - id: second
    at: 2026-03-02T10:00:00+08:00
    facts: {customer: {angry: null}}
    acts: [{id: w-1, action: pay, by: agent, at: 2026-03-02T09:00:00+08:00, about: c1}]
  - at: 2026-03-03T10:00:00+08:00
    acts:
      - {id: w-1, action: pay, by: agent, retract: false}
      - {id: w-1, retract: true}
"""
VISIT = "action: visit, by: agent, at: 2026-03-01T10:00:00Z"
PAY = "action: pay, by: agent, at: 2026-03-01T10:00:00Z"
BROKEN = {
    "role of an act that is none": f"acts: [{{{PAY}, as: jo}}]",
    "act with an id that is a number": f"acts: [{{id: 5, {PAY}}}]",
    "withdrawal in a plain case": f"acts: [{{id: w, {PAY}}}, {{id: w, retract: true}}]",
    "withdrawal of an act without an id": "history: [{at: 2026-03-01T10:00:00Z, acts: [{retract: true}]}]",
    "withdrawal that says more": "history: [{at: 2026-03-01T10:00:00Z, "
    f"acts: [{{id: w, {PAY}}}, {{id: w, retract: true, action: pay}}]}}]",
    "withdrawal that is no flag": "history: [{at: 2026-03-01T10:00:00Z, "
    f"acts: [{{id: w, {PAY}}}, {{id: w, retract: once}}]}}]",
    "unknown key": "people: []",
    "misspelt fact": "facts: {customer.angri: true}",
    "misspelt nested fact": "facts: {customer: {angri: true}}",
    "fact without a dot": "facts: {angry: true}",
    "conclusion": "facts: {case.hopeless: true}",
    "conclusion about a record": "claims: [{id: c1, upheld: true}]",
    "facts that are a list": "facts: [customer.angry]",
    "text for a flag": 'facts: {customer.angry: "true"}',
    "number for a flag": "facts: {customer.angry: 1}",
    "flag for a count": "facts: {customer.calls: true}",
    "negative count": "facts: {customer.calls: -1}",
    "text for an amount": 'facts: {customer.asks: "800"}',
    "amount per currency": "facts: {customer.asks: {TWD: 800}}",
    "negative amount": "facts: {customer.asks: -0.5}",
    "value that the choice does not have": "facts: {customer.kind: public}",
    "value that the level does not have": "facts: {customer.mood: cold}",
    "number for a text": "facts: {customer.words: 5}",
    "date for an instant": "facts: {case.opened_at: 2026-03-01}",
    "instant without an offset": "facts: {case.opened_at: 2026-03-01T10:00:00}",
    "working time for a duration": "facts: {customer.patience: 2 working days}",
    "empty party": 'facts: {customer.contact: ""}',
    "small currency": "currency: twd",
    "id that is a number": "id: 5",
    "list that is a mapping": "claims: {id: c1}",
    "record that is a word": "claims: [c1]",
    "record without an id": "claims: [{amount: 5}]",
    "unknown field": "claims: [{id: c1, sum: 5}]",
    "field of another type": "claims: [{id: c1, open: yes}]",
    "unknown action": "acts: [{action: wave, by: agent, at: 2026-03-01T10:00:00Z}]",
    "act without an action": "acts: [{by: agent, at: 2026-03-01T10:00:00Z}]",
    "act by nobody": "acts: [{action: visit, at: 2026-03-01T10:00:00Z}]",
    "act at no time": "acts: [{action: visit, by: agent}]",
    "act with an unknown key": f"acts: [{{{VISIT}, why: so}}]",
    "outcome that the action does not have": f"acts: [{{{VISIT}, outcome: reached}}]",
    "parameter that the action does not have": f"acts: [{{{VISIT}, params: {{amount: 5}}}}]",
    "parameter of another type": f"acts: [{{{PAY}, params: {{amount: free}}}}]",
    "learning of what there is not": "learned_at: {customer.angri: 2026-03-01T10:00:00Z}",
    "history and facts": "history: []\nfacts: {}",
    "history that is a mapping": "history: {at: 2026-03-01T10:00:00Z}",
    "entry that is a word": "history: [once]",
    "entry at a naive time": "history: [{at: 2026-03-01T10:00:00}]",
    "entry with an unknown key": "history: [{at: 2026-03-01T10:00:00Z, fact: {}}]",
}  # fmt: skip


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_the_examples_fit(path: Path) -> None:
    assert refusals(case_validator(builtin()), plain(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "text", [PLAIN, HISTORY, "{}", "history: []"], ids=["plain", "history", "empty", "no entry"]
)
def test_both_accept_a_case(text: str) -> None:
    assert case_problems(base(), text) == []
    assert refusals(case_validator(base()), plain(text)) == []


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_both_refuse_a_case(text: str) -> None:
    assert case_problems(base(), text)
    assert refusals(case_validator(base()), plain(text))


@pytest.mark.parametrize("text", [PLAIN, HISTORY], ids=["plain", "history"])
def test_what_the_policy_accepts_with_a_part_left_out_or_changed_the_schema_accepts(text: str) -> None:
    dice = random.Random(1)
    data = plain(text)
    paths = list(places(data))
    others = [without(data, path) for path in paths]
    others += [changed(data, path, at(data, dice.choice(paths))) for path in paths for _ in range(6)]
    words: list[Any] = [None, True, 0, 1.5, "", "agent", "2 days", [], {}]
    others += [changed(data, path, word) for path in paths for word in words]
    accepted = 0
    for other in others:
        written = dumped(other)
        if not case_problems(base(), written):
            assert refusals(case_validator(base()), plain(written)) == []
            accepted += 1
    assert accepted > 60
