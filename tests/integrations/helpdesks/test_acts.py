"""Note lines, replies that may have been steps, and what a host knows itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from escalation_rules.integrations.helpdesks import Reading
from tests.integrations.helpdesks.tickets import KNOWN, acts, payload, policy, read, said_of

AGENT, CUSTOMER = 21, 7


def noted(text: str, by: int = 22, *, public: bool = False, known: Any = KNOWN) -> Reading:
    """The Zendesk ticket, in which this is the text of the last comment."""
    data = payload("zendesk")
    data["comments"][2] |= {
        "plain_body": text,
        "body": text,
        "html_body": text,
        "public": public,
        "author_id": by,
    }
    return read("zendesk", data, known=known)


@pytest.mark.parametrize(("text", "expected"), [
    ("#waive_charge shipping", [("waive_charge", "zendesk:user:22", "shipping")]),
    ("  #call_back  ", [("call_back", "zendesk:user:22", None)]),
    ("done:\n#call_back\n#waive_charge shipping amount=800", [
        ("call_back", "zendesk:user:22", None), ("waive_charge", "zendesk:user:22", "shipping"),
    ]),
    ("see #waive_charge shipping", []),
    ("> #call_back", []),
    ("On Mon, 2 Mar 2026, Ana wrote:\n\n#call_back", []),
    ("On Mon, 2 Mar 2026, Ana wrote:\n> hello\n\n#call_back", [("call_back", "zendesk:user:22", None)]),
    ("-----Original Message-----\n#call_back", []),
    ("#12315", []),
    ("#Call_back", []),
    ("#", []),
])  # fmt: skip
def test_note_lines(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert acts(noted(text)) == expected


def test_outcome_and_parameters_of_a_note_line() -> None:
    (act,) = noted("#waive_charge shipping amount=800.50").case["acts"]
    assert act["params"] == {"amount": 800.5}
    (act,) = noted("#call_back outcome=no_answer").case["acts"]
    assert act["outcome"] == "no_answer"


@pytest.mark.parametrize(("text", "remark"), [
    ("#waive_charg shipping", "did you mean #waive_charge?"),
    ("#call_back outcome=nope", "has no outcome 'nope'"),
    ("#waive_charge shipping amount=lots", "#waive_charge amount"),
    ("#waive_charge shipping colour=red", "has no parameter 'colour'"),
    ("#call_back for=zendesk:message:4711", "refers to a message that the ticket does not have"),
])  # fmt: skip
def test_what_is_wrong_with_a_note_line_is_said(text: str, remark: str) -> None:
    assert said_of(noted(text), remark)


def test_customers_cannot_write_acts() -> None:
    assert acts(noted("#close_case", CUSTOMER, public=True)) == []
    assert acts(noted("#close_case", CUSTOMER)) == []


def test_public_replies_are_no_notes() -> None:
    """What the customer sees is not a place for commands; the line is an unrecorded reply."""
    reading = noted("#close_case", AGENT, public=True)
    assert acts(reading) == []
    assert "zendesk:message:1003" in [each.message for each in reading.unrecorded]


def test_act_about_a_record_that_the_case_does_not_have() -> None:
    """The policy would refuse the whole case; here one line is asked about."""
    reading = noted("#waive_charge shipping", known=None)
    assert acts(reading) == []
    assert [each.why for each in reading.unrecorded if each.message == "zendesk:message:1003:1"] == [
        "#waive_charge names 'shipping', which the case does not have in charges"
    ]


def test_replies_without_an_act_are_listed_and_confirmed_in_one_click() -> None:
    before = read("zendesk")
    reply = next(each for each in before.unrecorded if each.message == "zendesk:message:1002")
    assert reply.text.startswith("I am sorry about the table.")
    act = reply.act("express_regret")
    assert (act["by"], act["at"]) == ("zendesk:user:21", "2026-03-02T08:00:00Z")
    policy().case({**before.case, "acts": [*before.case["acts"], act]})

    after = noted(reply.note_line("express_regret"))
    assert acts(after) == [("express_regret", "zendesk:user:21", None)]
    assert after.case["acts"][0]["at"] == act["at"]
    assert reply.message not in [each.message for each in after.unrecorded]


def test_reply_that_goes_with_a_macro_is_recorded() -> None:
    own = {"acts": {"macro": {"Regret, no admission": "express_regret"}}}
    assert read("zendesk", None, own, known=KNOWN).unrecorded == ()


def test_tag_without_a_history_is_as_of_the_last_change() -> None:
    data = payload("freshdesk")
    reading = read("freshdesk", data, {"acts": {"tag": {"billing": "check_charge"}}})
    (act,) = (each for each in reading.case["acts"] if each["action"] == "check_charge")
    assert (act["at"], act["by"]) == ("2026-03-03T04:30:00Z", "frontline")
    assert said_of(reading, "set at the ticket's last change")


def test_status_of_a_workshop_is_an_act() -> None:
    own = {"acts": {"status": {"Waiting for support": {"action": "send_visit", "outcome": "done"}}}}
    found = acts(read("jira-service-management", None, own))
    assert found[0] == ("send_visit", "jira:user:557058:aa", None)


def test_form_field_of_a_system_without_a_history() -> None:
    """The host names the field and takes the ticket's last change for its time."""
    own = {
        "events": [
            {
                "kind": "field",
                "name": {"is": "warranty"},
                "value": "custom_fields.cf_warranty",
                "at": "updated_at",
            }
        ],
        "acts": {"field": {"warranty": {"Yes": "accept_proof"}}},
    }
    assert ("accept_proof", "frontline", None) in acts(read("freshdesk", None, own))


def test_click_of_a_customer_is_no_act() -> None:
    data = payload("zendesk")
    data["audits"][1]["author_id"] = CUSTOMER
    reading = read("zendesk", data, {"acts": {"macro": {"360011": "express_regret"}}})
    assert "express_regret" not in [each[0] for each in acts(reading)]
    assert said_of(reading, "a customer's click does not count as an act")


def test_what_the_host_knows_weighs_more() -> None:
    known = {"currency": "TWD", "facts": {"case": {"subject": "a table"}, "case.kind": "complaint"},
             "parties": [{"id": "zendesk:user:7", "temperature": "upset"}],
             "signals": [{"id": "s1", "kind": "posting"}]}  # fmt: skip
    case = read("zendesk", known=known).case
    assert case["facts"]["case.subject"] == "a table"
    assert case["facts"]["case.channel"] == "email"
    assert case["parties"][0] == {
        "id": "zendesk:user:7",
        "role": "customer",
        "person": "Mei Lin",
        "temperature": "upset",
    }
    assert case["signals"] == known["signals"]


def test_messages_for_the_signals_room() -> None:
    found = read("zendesk").signal_messages()
    assert found[0] == {
        "id": "zendesk:message:1001", "role": "customer", "at": "2026-03-02T07:40:00Z",
        "text": "The new table has two strap marks.\n\nPlease send another top.",
    }  # fmt: skip
    assert [each["id"] for each in found] == ["zendesk:message:1001", "zendesk:message:1002"]


def test_history_tells_each_thing_at_its_time() -> None:
    data = payload("zendesk")
    data["ticket"]["status"] = "solved"
    history = read("zendesk", data, known=KNOWN).history()["history"]
    assert [each["at"] for each in history] == sorted(each["at"] for each in history)
    assert "case.ticket_closed_at" not in history[0]["facts"]
    assert history[0]["tickets"][0]["open"] is True
    assert history[-1]["facts"] == {"case.ticket_closed_at": "2026-03-03T02:15:30Z"}
    assert (
        policy().audit(
            {"history": history, "id": "z", "currency": "TWD"}, at=datetime(2026, 3, 9, tzinfo=UTC)
        )
        is not None
    )
