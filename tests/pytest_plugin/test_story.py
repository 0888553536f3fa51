"""Changes to a case held as plain data, and to a history."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules.pytest_plugin.story import add_acts, forget, learn, learn_records, no_records


def test_facts_go_where_the_case_keeps_theirs() -> None:
    case: dict[str, Any] = {"facts": {"customer": {"need": "x"}, "cause.known": True}}
    learn(case, {"customer.need": "y", "cause.known": False, "product.secured": True})
    assert case == {"facts": {"customer": {"need": "y"}, "cause.known": False, "product.secured": True}}
    for name in ("customer.need", "cause.known", "product.secured", "never.said"):
        forget(case, name)
    assert case == {
        "facts": {
            "customer": {"need": None},
            "cause.known": None,
            "product.secured": None,
            "never.said": None,
        }
    }


def test_a_fact_has_a_dot() -> None:
    with pytest.raises(ValueError, match="facts have a dot"):
        learn({}, {"need": "x"})


def test_a_fact_may_have_been_learned_earlier() -> None:
    case: dict[str, Any] = {}
    learn(case, {"customer.need": "x"}, {"customer.need": "T0"})
    assert case == {"facts": {"customer.need": "x"}, "learned_at": {"customer.need": "T0"}}
    history: dict[str, Any] = {"history": [{"at": "T1"}]}
    learn(history, {"customer.need": "x"}, {"customer.need": "T0"})
    entry = {"at": "T1", "facts": {"customer.need": "x"}, "learned_at": {"customer.need": "T0"}}
    assert history["history"][1] == entry


def test_records_merge_by_id() -> None:
    case: dict[str, Any] = {}
    learn_records(case, "charges", [{"id": "c1", "amount": 800}, {"amount": 1}])
    learn_records(case, "charges", [{"id": "c1", "open": True}, {"amount": 2}])
    assert case == {"charges": [{"id": "c1", "amount": 800, "open": True}, {"amount": 1}, {"amount": 2}]}
    no_records(case, "charges")
    assert case == {"charges": []}


def test_what_is_no_field_of_acts_is_a_parameter() -> None:
    case: dict[str, Any] = {}
    add_acts(case, [{"action": "pay_loss", "by": "sales", "amount": 3}, {"action": "pay_loss"}])
    acts = [{"action": "pay_loss", "by": "sales", "params": {"amount": 3}}, {"action": "pay_loss"}]
    assert case == {"acts": acts}


def test_an_act_is_withdrawn_at_an_instant() -> None:
    case: dict[str, Any] = {
        "history": [{"at": TEN, "acts": [{"id": "a", "action": "call_back", "by": "sales"}]}]
    }
    add_acts(case, [{"id": "a", "retract": True, "at": "2026-03-01T11:00:00+08:00"}])
    add_acts(case, [{"id": "a", "retract": True}])
    assert case["history"][1:] == [
        {"at": "2026-03-01T11:00:00+08:00", "acts": [{"id": "a", "retract": True}]},
        {"at": "2026-03-01T11:00:00+08:00", "acts": [{"id": "a", "retract": True}]},
    ]


def test_changes_to_a_history_are_entries() -> None:
    case: dict[str, Any] = {"history": [{"at": "T0", "facts": {}}]}
    learn(case, {"customer.need": "x"})
    add_acts(case, [{"action": "call_back", "at": "T1"}])
    forget(case, "customer.need")
    learn_records(case, "charges", [{"id": "c1"}])
    no_records(case, "losses")
    assert case["history"][1:] == [
        {"at": "T0", "facts": {"customer.need": "x"}},
        {"at": "T1", "acts": [{"action": "call_back", "at": "T1"}]},
        {"at": "T1", "facts": {"customer.need": None}},
        {"at": "T1", "charges": [{"id": "c1"}]},
        {"at": "T1", "losses": []},
    ]


def test_an_empty_history_has_no_instant_to_add_to() -> None:
    with pytest.raises(ValueError, match="no entry yet"):
        learn({"history": []}, {"customer.need": "x"})


NINE, TEN, ELEVEN = (f"2026-03-01T{hour:02}:00:00+08:00" for hour in (9, 10, 11))


def test_what_became_known_at_an_instant_goes_between_the_entries() -> None:
    case: dict[str, Any] = {"history": [{"at": NINE}, {"at": NINE, "acts": []}, {"at": ELEVEN}]}
    learn(case, {"customer.need": "x"}, at=TEN)
    learn_records(
        case, "charges", [{"id": "c1", "amount": 2}], at="2026-03-01T01:00:00Z"
    )  # nine o'clock, too
    add_acts(case, [{"action": "call_back", "at": TEN}])
    learn(case, {"customer.need": "y"}, at="2026-03-01T08:00:00+08:00")
    learn(case, {"customer.need": "z"}, at="2026-03-01T12:00:00+08:00")
    assert case["history"] == [
        {"at": "2026-03-01T08:00:00+08:00", "facts": {"customer.need": "y"}},
        {"at": NINE},
        {"at": NINE, "acts": []},
        {"at": "2026-03-01T01:00:00Z", "charges": [{"id": "c1", "amount": 2}]},
        {"at": TEN, "facts": {"customer.need": "x"}},
        {"at": TEN, "acts": [{"action": "call_back", "at": TEN}]},
        {"at": ELEVEN},
        {"at": "2026-03-01T12:00:00+08:00", "facts": {"customer.need": "z"}},
    ]


def test_a_plain_case_keeps_when_a_fact_became_known_or_a_field_of_all_records() -> None:
    case: dict[str, Any] = {}
    learn(case, {"customer.need": "x"}, at=TEN)
    assert case == {"facts": {"customer.need": "x"}, "learned_at": {"customer.need": TEN}}
    learn_records(case, "charges", [{"id": "c1"}])
    learn_records(case, "charges", [{"id": "c1", "amount": 2}], at=TEN)
    assert case["learned_at"] == {"customer.need": TEN, "charges.amount": TEN}
    learn_records(case, "charges", [{"id": "c2", "amount": 3}])
    assert "history" not in case


def test_a_second_value_with_a_date_makes_the_case_a_history() -> None:
    case: dict[str, Any] = {
        "id": "T-1",
        "facts": {"customer": {"need": "x", "waits": True}, "case.opened_at": NINE},
        "acts": [{"action": "call_back", "by": "sales", "at": TEN}],
        "charges": [{"id": "c1"}],
    }
    learn(case, {"customer.waits": True}, at=TEN)
    learn(case, {"customer.waits": False}, at=ELEVEN)
    assert case == {
        "id": "T-1",
        "history": [
            {
                "at": NINE,
                "facts": {"customer": {"need": "x"}, "case.opened_at": NINE},
                "charges": [{"id": "c1"}],
            },
            {"at": TEN, "facts": {"customer.waits": True}},
            {"at": TEN, "acts": [{"action": "call_back", "by": "sales", "at": TEN}]},
            {"at": ELEVEN, "facts": {"customer.waits": False}},
        ],
    }


def test_values_with_dates_may_be_told_in_any_order() -> None:
    case: dict[str, Any] = {}
    learn(case, {"customer.need": "y", "customer.waits": True}, {"customer.need": ELEVEN})
    learn(case, {"customer.need": "x", "cause.known": True}, {"customer.need": TEN})
    forget(case, "customer.need", "2026-03-01T12:00:00+08:00")
    assert case["history"] == [
        {"at": TEN, "facts": {"customer.waits": True, "cause.known": True}},
        {"at": TEN, "facts": {"customer.need": "x"}},
        {"at": ELEVEN, "facts": {"customer.need": "y"}},
        {"at": "2026-03-01T12:00:00+08:00", "facts": {"customer.need": None}},
    ]


def test_a_field_of_one_record_with_a_date_makes_the_case_a_history() -> None:
    case: dict[str, Any] = {"charges": [{"id": "c1", "amount": 2}, {"id": "c2", "amount": 3}]}
    learn_records(case, "charges", [{"id": "c1", "amount": 4}], at=TEN)
    assert case["history"] == [
        {"at": TEN, "charges": [{"id": "c1", "amount": 2}, {"id": "c2", "amount": 3}]},
        {"at": TEN, "charges": [{"id": "c1", "amount": 4}]},
    ]


def test_a_new_record_with_a_date_makes_the_case_a_history() -> None:
    case: dict[str, Any] = {"facts": {"case.opened_at": NINE}}
    learn_records(case, "charges", [{"id": "c1", "amount": 4}], at=TEN)
    assert case["history"] == [
        {"at": NINE, "facts": {"case.opened_at": NINE}},
        {"at": TEN, "charges": [{"id": "c1", "amount": 4}]},
    ]


def test_the_dates_of_fields_are_those_of_their_entries() -> None:
    case: dict[str, Any] = {}
    learn_records(case, "charges", [{"id": "c1", "amount": 2, "open": True}])
    learn_records(case, "charges", [{"id": "c1", "amount": 3}], at=NINE)
    learn_records(case, "charges", [{"id": "c1", "amount": 4}], at=TEN)
    assert case["history"] == [
        {"at": NINE, "charges": [{"id": "c1", "amount": 2, "open": True}]},
        {"at": NINE, "charges": [{"id": "c1", "amount": 3}]},
        {"at": TEN, "charges": [{"id": "c1", "amount": 4}]},
    ]


def test_a_case_with_an_act_without_time_has_no_order() -> None:
    case: dict[str, Any] = {"facts": {"customer.need": "x"}, "acts": [{"action": "call_back"}]}
    with pytest.raises(ValueError, match="an act has no time"):
        learn(case, {"customer.need": "y"}, at=TEN)


def test_an_entry_whose_instant_cannot_be_read_is_left_where_it_is() -> None:
    case: dict[str, Any] = {"history": [{"at": "this morning"}, {}]}
    learn(case, {"customer.need": "x"}, at=TEN)
    assert case["history"][2] == {"at": TEN, "facts": {"customer.need": "x"}}
