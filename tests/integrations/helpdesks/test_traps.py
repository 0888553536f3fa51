"""What goes wrong with real payloads, system by system: each trap was seen in tickets that are public."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integrations.helpdesks.tickets import (
    KNOWN,
    SYSTEMS,
    acts,
    payload,
    policy,
    read,
    role,
    said_of,
    texts,
)

FIRST = datetime(2026, 3, 2, 7, 40, tzinfo=UTC)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system(system: str) -> None:
    """Sorted messages, one customer who wrote first, an act from a note line, and no remark about a message."""
    reading = read(system, known=KNOWN)
    times = [each.at for each in reading.messages]
    first = reading.messages[0]
    assert times == sorted(times)
    assert len({each.id for each in reading.messages}) == len(times)
    assert (first.role, first.direction, first.visibility) == ("customer", "in", "public")
    assert len(reading.case["contacts"]) == sum(each.visibility == "public" for each in reading.messages)
    assert len(reading.case["acts"]) == 1
    start = reading.ticket.id.partition(":")[0] + ":"
    ids = [*(each.id for each in reading.messages), *(each.id for each in reading.people)]
    assert all(each.startswith(start) for each in ids)
    assert not said_of(reading, "left out")


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_decision_follows(system: str) -> None:
    decision = policy().decide(read(system, known=KNOWN).case, at=datetime(2026, 4, 1, tzinfo=UTC))
    assert decision.plan


@pytest.mark.parametrize(("system", "path", "word"), [
    ("zendesk", ("ticket", "status"), "closed"),
    ("freshdesk", ("status",), 5),
    ("zammad", ("ticket", "state"), "closed"),
    ("chatwoot", ("status",), "resolved"),
    ("freescout", ("status",), "closed"),
    ("osticket", ("ticket", "state"), "closed"),
    ("request-tracker", ("ticket", "Status"), "resolved"),
])  # fmt: skip
def test_a_closed_status_is_a_fact_and_not_an_act(system: str, path: tuple[str, ...], word: object) -> None:
    before = acts(read(system))
    data = payload(system)
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = word
    reading = read(system, data)
    assert reading.ticket.closed is True
    assert "case.ticket_closed_at" in reading.case["facts"]
    assert reading.case["tickets"][0]["open"] is False
    assert acts(reading) == before


# --- Zendesk --------------------------------------------------------------------------------------------------------------


def test_zendesk_question_is_no_kind_of_case() -> None:
    reading = read("zendesk")
    assert payload("zendesk")["ticket"]["type"] == "question"
    assert "case.kind" not in reading.case["facts"]
    assert said_of(
        reading, "case.kind: the profile does not map this value, so it stays unknown ('question')"
    )


def test_zendesk_host_that_uses_the_types_maps_them() -> None:
    kind = {"facts": {"case.kind": {"from": "type", "map": {"question": "question"}}}}
    assert read("zendesk", None, kind).case["facts"]["case.kind"] == "question"


def test_zendesk_requester_who_is_the_assignee_is_staff() -> None:
    data = payload("zendesk")
    data["ticket"]["requester_id"] = 21
    reading = read("zendesk", data)
    assert role(reading, "zendesk:user:21") == "case_owner"
    assert said_of(reading, "although the place suggests customer")
    assert role(reading, "zendesk:user:7") == "customer"


def test_zendesk_requester_who_is_the_assignee_without_users() -> None:
    data = {"ticket": payload("zendesk")["ticket"] | {"requester_id": 21}}
    reading = read("zendesk", data)
    assert role(reading, "zendesk:user:21") == "case_owner"
    assert not any(each.role == "customer" for each in reading.people)


def test_zendesk_description_that_is_the_first_comment_counts_once() -> None:
    reading = read("zendesk")
    assert [each.id for each in reading.messages] == [
        f"zendesk:message:{number}" for number in (1001, 1002, 1003)
    ]


def test_zendesk_description_alone_is_the_first_message() -> None:
    reading = read("zendesk", {"ticket": payload("zendesk")["ticket"]})
    assert [(each.id, each.at) for each in reading.messages] == [("zendesk:message:opening", FIRST)]


def test_zendesk_macro_tag_and_field_become_acts() -> None:
    own = {
        "acts": {
            "macro": {"Regret, no admission": "express_regret"},
            "tag": {"owner-named": "assign_owner"},
            "field": {"360009": {"parts_ordered": "order_repair"}},
        }
    }
    assert acts(read("zendesk", None, own, known=KNOWN)) == [
        ("express_regret", "zendesk:user:21", None),
        ("assign_owner", "zendesk:user:21", None),
        ("order_repair", "zendesk:user:21", None),
        ("waive_charge", "zendesk:user:22", "shipping"),
    ]


def test_zendesk_macro_by_its_number() -> None:
    reading = read("zendesk", None, {"acts": {"macro": {"360011": "express_regret"}}})
    assert ("express_regret", "zendesk:user:21", None) in acts(reading)


def test_zendesk_custom_field_is_a_fact() -> None:
    own = {
        "facts": {
            "product.in_warranty": {
                "from": "custom_fields[id=360001].value",
                "map": {"yes": "true", "no": "false"},
            }
        }
    }
    assert read("zendesk", None, own).case["facts"]["product.in_warranty"] is True


# --- Freshdesk ------------------------------------------------------------------------------------------------------------


def test_freshdesk_list_out_of_order() -> None:
    assert [each["id"] for each in payload("freshdesk")["conversations"]] == [5003, 5001, 5002]
    assert [each.id.rpartition(":")[2] for each in read("freshdesk").messages] == [
        "opening",
        "5001",
        "5002",
        "5003",
    ]


def test_freshdesk_first_text_stands_only_in_the_ticket() -> None:
    assert texts(read("freshdesk"))[0] == "I was charged twice. Please check."


def test_freshdesk_first_text_in_html_only() -> None:
    data = payload("freshdesk")
    del data["description_text"]
    assert texts(read("freshdesk", data))[0] == "I was charged twice.\nPlease check."


def test_freshdesk_times_of_india() -> None:
    reading = read("freshdesk")
    assert reading.case["facts"]["case.opened_at"] == "2026-03-02T07:40:06Z"
    assert reading.messages[1].at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_freshdesk_ticket_that_an_agent_sent() -> None:
    data = payload("freshdesk") | {"source": 10}
    assert read("freshdesk", data).messages[0].direction == "out"


def test_freshdesk_quoted_note_line_is_not_said() -> None:
    assert acts(read("freshdesk")) == [("call_back", "freshdesk:user:5", None)]


# --- Zammad ---------------------------------------------------------------------------------------------------------------


def test_zammad_author_is_the_origin() -> None:
    """An agent files the customer's call: who created the article is not who said it."""
    first = read("zammad").messages[0]
    assert (first.author, first.role, first.direction) == ("zammad:user:12", "customer", "in")


def test_zammad_number_is_not_the_id() -> None:
    ticket = read("zammad").ticket
    assert (ticket.id, ticket.key, ticket.number) == ("zammad:ticket:81", "81", "65073")


def test_zammad_internal_mail_is_sent_all_the_same() -> None:
    seen = {each.id.rpartition(":")[2]: each.visibility for each in read("zammad").messages}
    assert seen == {"301": "public", "302": "public", "303": "sent", "304": "private"}


def test_zammad_mail_to_somebody_else_is_no_contact_with_the_customer() -> None:
    reading = read("zammad")
    assert [each["id"] for each in reading.case["contacts"]] == ["zammad:message:301", "zammad:message:302"]
    assert "zammad:message:303" in [each.message for each in reading.unrecorded]


def test_zammad_webhook_with_one_article() -> None:
    data = payload("zammad")
    reading = read("zammad", {"ticket": data["ticket"], "article": data["articles"][0]})
    assert texts(reading) == ["Rang about the headphones, has no invoice."]


def test_zammad_first_ticket_and_nobody() -> None:
    """The user 1 is nobody; the ticket 1 is a ticket."""
    data = payload("zammad")
    data["ticket"] |= {"id": 1, "owner_id": 1}
    ticket = read("zammad", data).ticket
    assert (ticket.key, ticket.owner) == ("1", None)


# --- Chatwoot -------------------------------------------------------------------------------------------------------------


def test_chatwoot_seconds_and_iso_in_one_payload() -> None:
    times = [each.at for each in read("chatwoot").messages]
    assert [each.isoformat() for each in times] == [
        f"2026-03-02T{each}+00:00" for each in ("07:40:00", "08:00:00", "09:05:57", "10:00:00")
    ]


def test_chatwoot_sender_absent() -> None:
    message = read("chatwoot").messages[2]
    assert (message.author, message.role, message.direction) == (None, "customer", "in")


def test_chatwoot_contact_and_user_of_one_number() -> None:
    reading = read("chatwoot")
    assert role(reading, "chatwoot:contact:5") == "customer"
    assert role(reading, "chatwoot:user:5") != "customer"


def test_chatwoot_line_about_an_event_is_no_message() -> None:
    assert not [each for each in texts(read("chatwoot")) if "resolved" in each]


# --- Jira Service Management ------------------------------------------------------------------------------------------------


def test_jira_document_as_text() -> None:
    assert texts(read("jira-service-management"))[0].split("\n") == [
        "The box failed a third time.", "Who owns this?", "first visit", "second visit",
    ]  # fmt: skip


def test_jira_text_of_the_older_interface() -> None:
    data = payload("jira-service-management")
    data["fields"]["description"] = "The box failed.\r\n"
    assert texts(read("jira-service-management", data))[0] == "The box failed."


def test_jira_offset_without_a_colon() -> None:
    assert payload("jira-service-management")["fields"]["created"].endswith("+0700")
    assert read("jira-service-management").messages[0].at == FIRST


def test_jira_quoted_block_is_not_the_customers() -> None:
    assert texts(read("jira-service-management"))[-1] == "> A technician comes tomorrow.\nNobody came."


def test_jira_internal_comment_by_its_property() -> None:
    data = payload("jira-service-management")
    comment = data["fields"]["comment"]["comments"][1]
    del comment["jsdPublic"]
    comment["properties"] = [{"key": "sd.public.comment", "value": {"internal": True}}]
    assert read("jira-service-management", data).messages[2].visibility == "private"


def test_jira_document_nested_without_end() -> None:
    data = payload("jira-service-management")
    node: dict[str, Any] = {"type": "text", "text": "deep"}
    for _ in range(5000):
        node = {"type": "blockquote", "content": [node]}
    data["fields"]["description"] = {"type": "doc", "content": [node]}
    assert texts(read("jira-service-management", data))[0] == "> deep"


# --- Salesforce -------------------------------------------------------------------------------------------------------------


def test_salesforce_closed_before_created_after_an_import() -> None:
    data = payload("salesforce")
    for each in ("EmailMessages", "CaseComments"):
        data[each] = None
    reading = read("salesforce", data)
    assert {"case.opened_at", "case.ticket_closed_at"}.isdisjoint(reading.case["facts"])
    assert said_of(reading, "neither time is used")


def test_salesforce_import_with_its_messages_is_dated_by_them() -> None:
    facts = read("salesforce").case["facts"]
    assert facts["case.opened_at"] == "2025-11-17T08:00:00Z"
    assert facts["case.ticket_closed_at"] == "2025-11-20T08:00:00Z"


def test_salesforce_description_null() -> None:
    assert payload("salesforce")["Description"] is None
    assert len(read("salesforce").messages) == 3


def test_salesforce_sender_is_known_by_address() -> None:
    assert read("salesforce").messages[0].author == "salesforce:user:003D000000QQQ"


# --- ServiceNow -------------------------------------------------------------------------------------------------------------


def test_servicenow_journal_is_one_text() -> None:
    found = [(each.author, each.visibility, each.text) for each in read("servicenow").messages[1:]]
    assert found == [
        ("servicenow:user:46d44a5d", "public", "We move you to another room.\nIs everybody all right?"),
        ("servicenow:user:62826bf0", "public", "Still wet. Call 2026-03-02 or later - thanks (really)"),
        ("servicenow:user:46d44a5d", "private", "#go_to_customer outcome=not_met"),
    ]


def test_servicenow_local_times_need_a_zone() -> None:
    reading = read("servicenow", None, {"zone": None})
    assert "case.opened_at" not in reading.case["facts"]
    assert reading.messages == ()
    assert said_of(reading, "the time has no zone; write `zone:` in the profile")


def test_servicenow_values_without_display() -> None:
    data = {"result": {key: value["value"] for key, value in payload("servicenow")["result"].items()}}
    reading = read("servicenow", data, {"zone": "UTC"})
    assert reading.case["facts"]["case.opened_at"] == "2026-03-02T07:40:00Z"
    assert reading.ticket.owner == "servicenow:user:46d44a5d"


# --- HubSpot ----------------------------------------------------------------------------------------------------------------


def test_hubspot_everything_is_a_text() -> None:
    own = {"facts": {
        "hazard.happened": "properties.hazard_reported",
        "problem.occurrences": "properties.times_reported",
    }}  # fmt: skip
    facts = read("hubspot", None, own).case["facts"]
    assert facts["hazard.happened"] is True
    assert facts["problem.occurrences"] == 3


def test_hubspot_milliseconds_as_text() -> None:
    assert [each.at for each in read("hubspot").messages] == [
        FIRST, datetime(2026, 3, 2, 8, 30, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC),
    ]  # fmt: skip


def test_hubspot_content_that_is_the_first_mail_counts_once() -> None:
    assert texts(read("hubspot")).count("The power bank caught fire.") == 1


def test_hubspot_note_line_for_an_earlier_message() -> None:
    reading = read("hubspot")
    (act,) = reading.case["acts"]
    assert (act["action"], act["at"], act["by"]) == (
        "ask_about_injuries", "2026-03-02T08:30:00Z", "hubspot:address:care@example.com",
    )  # fmt: skip
    assert reading.unrecorded == ()


# --- FreeScout --------------------------------------------------------------------------------------------------------------


def test_freescout_draft_and_line_item_are_no_messages() -> None:
    assert [each.id.rpartition(":")[2] for each in read("freescout").messages] == ["1001", "1002", "1004"]


def test_freescout_customer_and_user_of_one_number() -> None:
    reading = read("freescout")
    assert (role(reading, "freescout:customer:9"), role(reading, "freescout:user:9")) == (
        "customer",
        "frontline",
    )


def test_freescout_newest_first_and_html() -> None:
    assert texts(read("freescout"))[:2] == [
        "Why must I sign? <b>",
        "Please sign the card.\nIt is for your safety.",
    ]


# --- osTicket ---------------------------------------------------------------------------------------------------------------


def test_osticket_times_are_those_of_the_database() -> None:
    """Clocks went forward in Berlin in that night: 01:30 was at +1, 11:00 at +2."""
    assert [each.at.hour for each in read("osticket").messages] == [0, 9, 10]


@pytest.mark.parametrize(("written", "remark"), [
    ("2026-10-25 02:30:00", "exists twice"),
    ("2026-03-29 02:30:00", "does not exist"),
])  # fmt: skip
def test_osticket_hour_of_the_change_of_clocks(written: str, remark: str) -> None:
    data = payload("osticket")
    data["entries"][0]["created"] = written
    assert said_of(read("osticket", data), remark)


def test_osticket_customer_and_staff_of_one_number() -> None:
    reading = read("osticket")
    assert (role(reading, "osticket:customer:5"), role(reading, "osticket:user:5")) == (
        "customer",
        "case_owner",
    )


# --- django-helpdesk --------------------------------------------------------------------------------------------------------


def test_django_helpdesk_mail_of_the_customer_has_no_user() -> None:
    reading = read("django-helpdesk")
    found = [(each.id.rpartition(":")[2], each.role) for each in reading.messages]
    assert found == [("11", "customer"), ("12", "case_owner"), ("14", "frontline"), ("15", "customer")]


def test_django_helpdesk_does_not_tell_when_a_ticket_was_opened_or_closed() -> None:
    """The interface of 2.6 gives neither time; the first mail and the follow-up that closed it do."""
    data = payload("django-helpdesk") | {"status": 4}
    data["followup_set"][3]["new_status"] = 4
    facts = read("django-helpdesk", data).case["facts"]
    assert facts["case.opened_at"] == "2026-03-02T07:40:01Z"
    assert facts["case.ticket_closed_at"] == "2026-03-03T07:30:00Z"
    assert said_of(read("django-helpdesk"), "opened at the first message, as no other time is given")


@pytest.mark.parametrize("title", [
    "E-Mail empfangen von lin@example.org",
    "从 lin@example.org处收到的邮件",
    "Ticket Re-Opened by E-Mail Received from Lin@Example.org",
])  # fmt: skip
def test_django_helpdesk_title_of_a_mail_in_other_words(title: str) -> None:
    data = payload("django-helpdesk")
    data["followup_set"][4]["title"] = title
    assert read("django-helpdesk", data).messages[-1].role == "customer"


def test_django_helpdesk_mail_of_somebody_else_is_not_the_customers() -> None:
    data = payload("django-helpdesk")
    data["followup_set"][4]["title"] = "E-Mail Received from boss@example.com"
    last = read("django-helpdesk", data).messages[-1]
    assert (last.author, last.role) == ("django-helpdesk:customer:boss@example.com", None)


def test_django_helpdesk_line_of_the_system_is_no_customer() -> None:
    assert not [each for each in texts(read("django-helpdesk")) if "escalated" in each]


def test_django_helpdesk_description_that_came_by_mail_counts_once() -> None:
    assert texts(read("django-helpdesk")).count("My watch lies with you for a year.") == 1


# --- Request Tracker --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["1970-01-01T00:00:00Z", "Not set", "", None, "1970-01-01 00:00:00"])
def test_request_tracker_unset_times(written: str | None) -> None:
    data: Any = payload("request-tracker")
    data |= {"users": []}
    data["ticket"] |= {"Due": written, "Resolved": written}
    reading = read("request-tracker", data)
    assert reading.ticket.due is None
    assert "case.ticket_closed_at" not in reading.case["facts"]
    assert reading.unmapped == ()


def test_request_tracker_quoted_lines_are_not_said() -> None:
    reading = read("request-tracker")
    assert acts(reading) == [("search_for_it", "rt:user:root", None)]
    assert reading.messages[-1].text.startswith("> We look for another.")


def test_request_tracker_quoted_line_in_a_comment_is_no_act() -> None:
    data = payload("request-tracker")
    data["history"]["items"][2] |= {"ContentEncoding": "", "Content": "> #apologise\n\n#search_for_it"}
    assert acts(read("request-tracker", data)) == [("search_for_it", "rt:user:root", None)]


def test_request_tracker_nobody_owns_it() -> None:
    assert read("request-tracker").ticket.owner is None


def test_request_tracker_content_in_base64() -> None:
    assert "#search_for_it" in texts(read("request-tracker"))


def test_request_tracker_who_comments_is_one_of_us() -> None:
    reading = read("request-tracker")
    assert role(reading, "rt:user:root") == "frontline"
    assert reading.messages[1].direction == "out"


def test_request_tracker_somebody_in_copy_stays_unknown() -> None:
    data = payload("request-tracker")
    data["history"]["items"][2]["Type"] = "Correspond"
    reading = read("request-tracker", data)
    assert role(reading, "rt:user:root") is None
    assert said_of(reading, "whether the author is a customer or belongs to the team")


# --- as a real Request Tracker 5.0.3 gave it (Debian's packages, started for this) ----------------------------------------

REAL_RT = "request-tracker-5.0.3"


def test_real_request_tracker() -> None:
    reading = read("request-tracker", payload(REAL_RT), known=KNOWN)
    assert reading.unmapped == ()
    assert [(each.author, each.role, each.visibility) for each in reading.messages] == [
        ("rt:user:lin@example.org", "customer", "public"),
        ("rt:user:theo", "frontline", "public"),
        ("rt:user:theo", "frontline", "private"),
        ("rt:user:lin@example.org", "customer", "public"),
    ]
    assert texts(reading)[1] == "We are sorry."
    assert acts(reading) == [("waive_charge", "rt:user:theo", "shipping")]
    assert reading.ticket.owner == "rt:user:rosa"
    assert reading.ticket.due == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    assert reading.ticket.closed is True
    assert role(reading, "rt:user:RT_System") is None


def test_real_request_tracker_agent_who_only_replied() -> None:
    data = payload(REAL_RT)
    data["history"]["items"] = [each for each in data["history"]["items"] if each["Type"] != "Comment"]
    assert role(read("request-tracker", data), "rt:user:theo") == "frontline"
    del data["users"]
    assert role(read("request-tracker", data), "rt:user:theo") is None
