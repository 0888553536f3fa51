"""Accepted proposals enter a case as plain data; rejected ones are kept, so that nothing is asked twice."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from escalation_rules import CaseError, Policy, RequestError
from escalation_rules.integrations.signals import Answers, Proposal, accepted
from tests.integrations.signals.said import proposed

POLICY = Policy.load(engine="plain")
NOW = datetime.fromisoformat("2026-03-02T10:05:00+08:00")
LATER = datetime.fromisoformat("2026-03-02T11:00:00+08:00")
TEXT = "The charger caught fire. I want a full refund, or I will report you to Trading Standards."


def one(path: str, text: str = TEXT, currency: str | None = None) -> Proposal:
    return next(each for each in proposed(text, currency) if each.path == path)


def test_an_accepted_signal_changes_the_plan() -> None:
    case: dict[str, Any] = {"id": "T-1", "facts": {"case.opened_at": "2026-03-02T10:00:00+08:00"}}
    before = deepcopy(case)
    changed = accepted(case, one("signals"), by="lin", at=NOW)
    assert case == before, "the case that was passed is left as it is"
    planned = {step.action for step in POLICY.decide(changed, at=LATER).plan}
    assert "call_back" in planned
    assert "call_back" not in {step.action for step in POLICY.decide(case, at=LATER).plan}


@pytest.mark.parametrize(
    "facts",
    [{}, None, {"hazard": {"others_at_risk": True}}, {"hazard.others_at_risk": True}],
)
def test_an_accepted_fact_goes_where_the_case_has_its_facts(facts: Any) -> None:
    changed = accepted({"facts": facts}, one("hazard.happened"), by="lin", at=NOW)
    assert POLICY.case(changed).at(LATER).values["hazard.happened"] is True
    assert changed["learned_at"] == {"hazard.happened": "2026-03-02T02:05:00+00:00"}


def test_a_history_gets_an_entry_that_names_the_proposal_and_who_accepted_it() -> None:
    history = [
        {"at": "2026-03-02T10:00:00+08:00", "facts": {"case.opened_at": "2026-03-02T10:00:00+08:00"}},
        {"at": "2026-03-02T10:30:00+08:00", "facts": {"case.formal": True}},
    ]
    found, signal = one("hazard.happened"), one("signals")
    case = accepted({"id": "T-1", "history": history}, found, by="lin", at=NOW)
    case = accepted(case, signal, by="lin", at=NOW)
    assert [each.get("id") for each in case["history"]] == [
        None,
        f"{found.id} by lin",
        f"{signal.id} by lin",
        None,
    ]
    assert accepted(case, found, by="chen", at=LATER) == case, "accepted twice, it is there once"
    snapshot = POLICY.case(case).at(LATER)
    assert snapshot.values["hazard.happened"] is True
    assert list(snapshot.records["signals"] or {}) == [signal.id]


def test_a_record_that_is_accepted_twice_is_there_once() -> None:
    signal = one("signals")
    once = accepted({}, signal, by="lin", at=NOW)
    assert accepted(once, signal, by="lin", at=LATER) == once
    assert [each["id"] for each in once["signals"]] == [signal.id]


def test_an_amount_of_another_currency_is_refused() -> None:
    charge = one("charges", "You charged me $20.", "USD")
    assert accepted({}, charge, by="lin", at=NOW)["currency"] == "USD"
    with pytest.raises(RequestError, match="the amount is in USD, the case in 'TWD'"):
        accepted({"currency": "TWD"}, charge, by="lin", at=NOW)


def test_nothing_is_asked_twice() -> None:
    found = proposed(TEXT)
    answers = Answers().accept(found[0], by="lin", at=NOW).reject(found[1], by="lin", at=NOW)
    kept = Answers.from_list(json.loads(json.dumps(answers.to_list())))
    assert kept == answers
    assert [each.id for each in kept.open(proposed(TEXT))] == [each.id for each in found[2:]]
    again = kept.accept(found[1], by="chen", at=LATER)
    assert [(each.proposal, each.accepted, each.by) for each in again.given] == [
        (found[0].id, True, "lin"),
        (found[1].id, True, "chen"),
    ]


def test_what_was_rejected_is_not_asked_again_of_a_longer_quote() -> None:
    found = one("hazard.happened")
    answers = Answers().reject(found, by="lin", at=NOW)
    longer = Proposal(found.path, found.value, found.message, TEXT[:24], 0, 24, "model", "model")
    elsewhere = Proposal(found.path, found.value, "m2", TEXT[:24], 0, 24, "model", "model")
    assert answers.open([longer, elsewhere]) == (elsewhere,)


@pytest.mark.parametrize("data", [None, {}, [1], [{"proposal": "x"}], [{"at": "yesterday"}]])
def test_answers_that_are_none(data: Any) -> None:
    with pytest.raises(RequestError, match="these are not answers"):
        Answers.from_list(data)


def test_bad_names_times_and_cases() -> None:
    found = one("signals")
    with pytest.raises(RequestError, match="is not a name"):
        accepted({}, found, by="", at=NOW)
    with pytest.raises(RequestError, match="is not a name"):
        Answers().reject(found, by="a\nb", at=NOW)
    with pytest.raises(CaseError, match="no offset"):
        accepted({}, found, by="lin", at=datetime(2026, 3, 2))  # noqa: DTZ001
    with pytest.raises(RequestError, match="the case cannot be"):
        accepted([], found, by="lin", at=NOW)  # type: ignore[arg-type]
