"""A payload is data of strangers: whatever stands in it, a case comes out that the policy takes, or a `CaseError`."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_rules import CaseError
from escalation_rules.integrations.helpdesks import case_from, changes_for
from tests.integrations.helpdesks.tickets import KNOWN, SYSTEMS, payload, policy, profile, read

ODD: tuple[Any, ...] = (
    10**400, "9" * 5000, "\ud800", "\x00\u202e", "=cmd()", {}, [], [[[["x"]]]], {"id": {"id": {}}}, -1, "99999999999999999",
    "2026-13-45T99:99:99Z", "2026-03-02T07:40:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
)  # fmt: skip
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.sampled_from(ODD)
)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a payload."""
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def put(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    data = copy.deepcopy(data)
    if not path:
        return value
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return data


@pytest.mark.parametrize("system", SYSTEMS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_anything_anywhere(system: str, data: st.DataObject) -> None:
    whole = payload(system)
    for _ in range(data.draw(st.integers(1, 3))):
        whole = put(whole, data.draw(st.sampled_from(list(places(whole)))), data.draw(JUNK))
        if not isinstance(whole, (dict, list)):
            break
    try:
        reading = case_from(whole, profile(system), KNOWN)
    except CaseError:
        return  # no ticket is left in it
    policy().case(reading.case)
    decision = policy().decide(reading.case, at=datetime(2026, 3, 4, tzinfo=UTC))
    json.dumps(
        [reading.case, changes_for(decision, profile(system), reading), reading.signal_messages()]
    ).encode()


@pytest.mark.parametrize(
    "whole", [None, [], "x", 7, {}, {"ticket": None}, {"ticket": []}, {"ticket": {"id": None}}]
)
def test_no_ticket(whole: Any) -> None:
    with pytest.raises(CaseError, match=r"the payload (cannot be|holds no Zendesk ticket)"):
        case_from(whole, profile("zendesk"))


HOSTILE = (
    "<" * 100_000,
    "<div>" * 30_000,
    "&" * 100_000,
    "<!--" * 30_000,
    "<a href='" + "x" * 100_000,
    "<![CDATA[" * 20_000,
    "> " * 50_000,
    "\n" * 200_000,
    "On " + "x" * 100_000 + " wrote:",
    "#a" + " b" * 100_000,
    "-" * 100_000,
    "[escalation-rules" + " 0123456789ab" * 20_000,
    "a@" * 50_000,
    "&#" + "9" * 5000 + ";",
    '<a "' * 40_000,
    "<style>" * 30_000,
    "<b" + " x" * 100_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_takes_long(text: str) -> None:
    whole = payload("freshdesk")
    for each in whole["conversations"]:
        each |= {"body": text, "body_text": None, "to_emails": [text]}
    whole["description"], whole["description_text"] = text, None
    start = time.process_time()
    reading = read("freshdesk", whole)
    assert time.process_time() - start < 5
    assert all(len(each.text) <= 200_000 for each in reading.messages)


def test_journal_of_many_lines_takes_not_long() -> None:
    whole = payload("servicenow")
    lines = "2026-03-02 16:30:00 - " + "a - (b" * 50
    whole["result"]["comments_and_work_notes"]["display_value"] = "\n".join([lines] * 600)
    start = time.process_time()
    read("servicenow", whole)
    assert time.process_time() - start < 5


def test_more_messages_than_can_be_read() -> None:
    whole = payload("zendesk")
    whole["comments"] = [whole["comments"][0] | {"id": number} for number in range(2500)]
    reading = read("zendesk", whole)
    assert len(reading.messages) <= 2001
    assert "more than 2000 messages; the rest is left out" in [each.message for each in reading.unmapped]


@pytest.mark.parametrize(("system", "change", "remark"), [
    ("zendesk", {"next_page": "https://example.zendesk.com/api/v2/tickets/1/comments?page=2"}, "there is more on the next page"),
    ("request-tracker", {}, "the payload holds 5 of 60"),
])  # fmt: skip
def test_a_part_of_the_ticket_is_said_to_be_one(system: str, change: dict[str, Any], remark: str) -> None:
    whole = payload(system) | change
    if not change:
        whole["history"]["total"] = 60
    assert any(remark in each.message for each in read(system, whole).unmapped)


def test_unknown_status_and_missing_fields() -> None:
    whole = {"ticket": {"id": 5, "status": "sleeping", "via": {"channel": "fax"}}}
    reading = read("zendesk", whole)
    assert reading.ticket.closed is None
    assert [(each.path, each.value) for each in reading.unmapped] == [
        ("users", ""),
        ("status", "'sleeping'"),
        ("comments", ""),
        ("audits", ""),
        ("via.channel", "'fax'"),
    ]
    assert {each.message for each in reading.unmapped if not each.value} == {
        "the payload has nothing there"
    }, "a path that leads nowhere is told; an empty list is something"
    assert not [
        each
        for each in read("zendesk", {**whole, "users": [], "comments": [], "audits": []}).unmapped
        if not each.value
    ]
    assert reading.case == {
        "id": "zendesk:ticket:5", "facts": {}, "parties": [], "contacts": [],
        "tickets": [{"id": "zendesk:ticket:5:record", "organisation": "Zendesk"}], "acts": [],
    }  # fmt: skip


@pytest.mark.parametrize(("html", "text"), [
    ("<p>a<b>b</b> c</p><p>d</p>", "ab c\nd"),
    ("a<br><br>b", "a\n\nb"),
    ("<script>alert(1)</script><style>p{}</style>seen", "seen"),
    ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
    ("<blockquote>old<br>older</blockquote>new", "> old\n> older\nnew"),
    ("1 &lt; 2 &amp; 3 &#x4F60;", "1 < 2 & 3 你"),
    ("İİİİİİİİ<STYLE>p{}</STYLE>seen", "İİİİİİİİseen"),
    ("a < b <3 <>", "a < b <3 <>"),
    ("<p title='a > b'>seen<!-- not seen -->", "seen"),
    ("<!DOCTYPE html><html><head><title>t</title></head><body>seen</body></html>", "seen"),
    ("plain text", "plain text"),
    ("no tag\n#call_back &amp; more", "no tag\n#call_back & more"),
    ("<p>\n  spread\n  over lines\n</p>", "spread over lines"),
    ("<td>a</td><td>b</td>", "ab"),
    ("not closed <b>at all", "not closed at all"),
])  # fmt: skip
def test_html_as_text(html: str, text: str) -> None:
    whole = payload("freshdesk") | {"description": html, "description_text": None}
    assert read("freshdesk", whole).messages[0].text == text


@pytest.mark.parametrize("system", SYSTEMS)
def test_order_of_keys_does_not_matter(system: str) -> None:
    def turned(data: Any) -> Any:
        if isinstance(data, dict):
            return {key: turned(data[key]) for key in reversed(data)}
        return [turned(each) for each in data] if isinstance(data, list) else data

    one, other = read(system, known=KNOWN), read(system, turned(payload(system)), known=KNOWN)
    assert json.dumps(one.case) == json.dumps(other.case)
    assert one == other


def test_customer_who_calls_herself_like_an_agents_number() -> None:
    """Names are looked up where a system writes names; an id that is known is never taken for one."""
    whole = payload("zendesk")
    whole["users"][0]["name"] = "22"
    reading = read("zendesk", whole, known=KNOWN)
    assert reading.messages[2].author == "zendesk:user:22"
    assert len(reading.case["acts"]) == 1


def test_customer_who_calls_herself_like_an_agent() -> None:
    """Two of one name cannot be told apart: neither gets what was written under it."""
    whole = payload("servicenow")
    whole["result"]["contact"]["display_value"] = "Beth Anglin"
    reading = read("servicenow", whole)
    assert {each.role for each in reading.messages if each.visibility == "public"} == {"customer", None}
    assert "servicenow:user:62826bf0" not in {act["by"] for act in reading.case["acts"]}


def test_payload_is_not_changed() -> None:
    whole = payload("zendesk")
    read("zendesk", whole, known=KNOWN)
    assert whole == payload("zendesk")
