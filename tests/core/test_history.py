"""SEMANTICS N, a history: entries fold up to `at`; records merge by id, null retracts, equal instants keep file order."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import CaseError, Policy
from tests.core.policies import MICRO, NOW, Make, Plain, act, at, decide, done, fired, iso, missing, plan

RULES = """
- {id: flag, when: {x.a: true}, then: [{recommend: call}]}
- {id: colour, when: {x.colour: red}, then: [{recommend: ask}]}
- {id: each, for_each: charges, when: {open: true, amount: {above: 0}}, then: [{recommend: waive}]}
- {id: claims, when: {none: claims}, then: [{recommend: secure}]}
"""


@pytest.fixture
def policy(make: Make) -> Policy:
    return make(RULES)


def entry(hours: float, **what: Any) -> dict[str, Any]:
    facts = {name.replace("__", "."): value for name, value in what.items() if "__" in name}
    return {
        "at": iso(hours),
        "facts": facts,
        **{name: value for name, value in what.items() if "__" not in name},
    }


def history(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"id": "T", "currency": "TWD", "history": list(entries)}


def problems(policy: Policy, *entries: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(CaseError) as caught:
        policy.case(history(*entries))
    return [(each.code, each.path) for each in caught.value.diagnostics]


def test_a_history_is_folded_up_to_the_instant(policy: Policy) -> None:
    case = history(entry(0, x__a=True), entry(2, x__colour="red"))
    assert fired(decide(policy, case, at(0) - MICRO)) == []
    assert fired(decide(policy, case, at(0))) == ["flag"]
    assert fired(decide(policy, case, at(2) - MICRO)) == ["flag"]
    assert fired(decide(policy, case, at(2))) == ["colour", "flag"]


def test_a_later_entry_corrects_and_null_retracts(policy: Policy) -> None:
    case = history(entry(0, x__a=True), entry(1, x__a=False), entry(2, x__a=None), entry(3, x__a=True))
    answers = [decide(policy, case, at(hours)) for hours in range(4)]
    assert [fired(each) for each in answers] == [["flag"], [], [], ["flag"]]
    assert [("x.a", (), ["flag"]) in missing(each) for each in answers] == [False, False, True, False]


def test_records_merge_by_id(policy: Policy) -> None:
    case = history(
        entry(0, charges=[{"id": "k1", "open": True}, {"id": "k2", "amount": 5}]),
        entry(1, charges=[{"id": "k1", "amount": 5}]),
        entry(2, charges=[{"id": "k2", "open": True}, {"id": "k3", "open": True, "amount": 1}]),
        entry(3, charges=[{"id": "k1", "amount": None}]),
        entry(4, charges=[{"id": "k3", "retract": True}]),
        entry(5, charges=[]),
    )
    assert [[each.about for each in decide(policy, case, at(hours)).plan] for hours in range(6)] == [
        [],
        ["k1"],
        ["k1", "k2", "k3"],
        ["k2", "k3"],
        ["k2"],
        ["k2"],
    ]


def test_a_retracted_record_comes_back_empty(policy: Policy) -> None:
    case = history(
        entry(0, charges=[{"id": "k1", "open": True, "amount": 5}]),
        entry(1, charges=[{"id": "k1", "retract": True}]),
        entry(2, charges=[{"id": "k1", "open": True}]),
    )
    assert [missing(decide(policy, case, at(hours)))[:1] for hours in range(3)] == [
        [("claims", (), ["claims"])],
        [("claims", (), ["claims"])],
        [("claims", (), ["claims"])],
    ]
    assert ("charges.amount", ("k1",), ["each"]) in missing(decide(policy, case, at(2)))


def test_a_list_of_null_is_unknown_again(policy: Policy) -> None:
    case = history(entry(0, claims=[]), entry(1, claims=None), entry(2, claims=[]))
    assert [fired(decide(policy, case, at(hours))) for hours in range(3)] == [["claims"], [], ["claims"]]


def test_equal_instants_keep_file_order(policy: Policy) -> None:
    case = history(entry(0, x__a=True), entry(0, x__a=False), entry(0, x__colour="red"))
    assert fired(decide(policy, case)) == ["colour"]
    swapped = history(entry(0, x__a=False), entry(0, x__a=True), entry(0, x__colour="red"))
    assert fired(decide(policy, swapped)) == ["colour", "flag"]


def test_entries_out_of_order_are_an_error(policy: Policy) -> None:
    assert problems(policy, entry(1), entry(0), entry(0.5)) == [("out-of-order", "history[1].at")]
    east = {"at": "2026-03-02T18:30:00+08:00"}
    policy.case(history(entry(0), east, entry(0.5), entry(1)))


def test_entry_ids_used_twice_are_an_error(policy: Policy) -> None:
    assert problems(policy, {"id": "e1", **entry(0)}, entry(1), {"id": "e1", **entry(2)}) == [
        ("duplicate", "history[2].id")
    ]
    policy.case(history(entry(0), entry(1), {"id": "e1", **entry(2)}))


def test_an_entry_needs_its_instant(policy: Policy) -> None:
    assert problems(policy, {"facts": {"x.a": True}}) == [("missing-key", "history[0].at")]
    assert problems(policy, {"at": None, "facts": {"x.a": True}}) == [("missing-key", "history[0].at")]


def test_the_rest_of_an_entry_without_a_usable_instant_is_checked_all_the_same(policy: Policy) -> None:
    found = problems(
        policy, {"at": "soon", "facts": {"x.a": 1}, "parties": [{"id": "p1"}]}, entry(1, x__who="p1")
    )
    assert found == [("wrong-value", "history[0].at"), ("wrong-value", "history[0].facts.x.a")]


def test_a_retraction_is_true_or_false_and_nothing_else(policy: Policy) -> None:
    wrong: list[Any] = ["yes", 1, "true", []]
    for value in wrong:
        assert problems(policy, entry(0, charges=[{"id": "k1", "retract": value}])) == [
            ("wrong-value", "history[0].charges[0].retract")
        ]
    for kept in (False, None):
        case = history(
            entry(0, charges=[{"id": "k1", "open": True, "amount": 1}]),
            entry(1, charges=[{"id": "k1", "retract": kept}]),
        )
        assert fired(decide(policy, case, at(1))) == ["each"]


def test_everything_else_of_a_case_belongs_into_the_entries(policy: Policy) -> None:
    with pytest.raises(CaseError) as caught:
        policy.case({**history(entry(0)), "facts": {"x.a": True}, "acts": []})
    assert [(each.code, each.path) for each in caught.value.diagnostics] == [
        ("unknown-key", "acts"),
        ("unknown-key", "facts"),
    ]


def test_an_act_happens_when_its_entry_does_unless_it_says_otherwise(policy: Policy) -> None:
    bare = {"action": "call", "by": "clerk"}
    case = history(entry(0, x__a=True), {"at": iso(2), "acts": [bare]})
    assert plan(decide(policy, case, at(1))) == [("call", None, ["flag"])]
    decision = decide(policy, case, at(2))
    assert done(decision) == [("call", None, ["flag"])]
    assert decision.done[0].at == at(2)
    earlier = history(entry(0, x__a=True), {"at": iso(2), "acts": [bare | {"at": iso(1)}]})
    assert fired(decide(policy, earlier, at(1) - MICRO)) == ["flag"], "not yet done"
    assert decide(policy, earlier, at(1)).done[0].at == at(1), "whenever it was logged"
    later = history(entry(0, x__a=True), {"at": iso(2), "acts": [bare | {"at": iso(3)}]})
    assert fired(decide(policy, later, at(2.5))) == ["flag"], "not yet done"
    assert fired(decide(policy, later, at(3))) == []


def test_an_act_of_a_plain_case_needs_its_instant(policy: Policy) -> None:
    with pytest.raises(CaseError) as caught:
        policy.case({"acts": [{"action": "call", "by": "clerk"}]})
    assert [(each.code, each.path) for each in caught.value.diagnostics] == [("missing-key", "acts[0]")]


def test_acts_at_one_instant_keep_file_order(make: Make) -> None:
    policy = make(
        "- {id: it, when: {done: call}, then: [{recommend: ask}]}\n- {id: two, then: [{recommend: call}]}\n"
    )
    acts = [act("call", -1), act("call", -1, by="boss")]
    assert [decide(policy, {"acts": order}).done[0].by for order in (acts, acts[::-1])] == ["boss", "clerk"]


def test_a_history_says_the_same_as_the_case_it_adds_up_to(policy: Policy) -> None:
    told = history(
        entry(-3, x__a=False, charges=[{"id": "k1", "open": True}]),
        entry(-2, x__a=True, claims=[], acts=[act("call", -2)]),
        entry(-1, x__colour="red", charges=[{"id": "k1", "amount": 3}]),
    )
    flat = {
        "id": "T",
        "currency": "TWD",
        "facts": {"x.a": True, "x.colour": "red"},
        "claims": [],
        "charges": [{"id": "k1", "open": True, "amount": 3}],
        "acts": [act("call", -2)],
    }
    assert policy.decide(told, at=NOW) == policy.decide(flat, at=NOW)


def test_names_may_refer_to_what_a_later_entry_brings(policy: Policy) -> None:
    policy.case(history(entry(0, x__who="p1"), entry(1, parties=[{"id": "p1", "role": "boss"}])))
    assert problems(policy, entry(0, x__who="p2"), entry(1, parties=[{"id": "p1"}])) == [
        ("unknown-party", "history[0].facts.x.who")
    ]


def test_a_correction_states_only_what_was_wrong(make: Make) -> None:
    policy = make(
        """
        - id: it
          when: {done: {action: call, by: boss, outcome: no_answer}}
          then: [{recommend: visit}]
        """
    )

    def entry(hours: float, **act: Plain) -> Plain:
        return {"at": iso(hours), "acts": [{"id": "a1", **act}]}

    first = entry(0, action="call", by="clerk", outcome="done")
    assert not fired(policy.decide({"history": [first]}, at=at(3)))
    corrected = [first, entry(1, outcome="no_answer"), entry(2, by="boss")]
    assert fired(policy.decide({"history": corrected}, at=at(3))) == ["it"]
    assert fired(policy.decide({"history": [*corrected, entry(2.5, by="clerk")]}, at=at(3))) == []
    with pytest.raises(CaseError, match="missing `action:`"):
        policy.decide({"history": [entry(0, outcome="done")]}, at=at(3))
    with pytest.raises(CaseError, match="missing `by:`"):
        policy.decide({"history": [first, entry(1, by=None)]}, at=at(3))
