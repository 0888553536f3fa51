"""The whole loop on a real django-helpdesk: a customer's mail, a plan in the ticket, an agent's work, and nothing twice.

`nox -f .ci/noxfile.py -s django_helpdesk` makes the environment and runs it. Elsewhere it is left out, unless django-helpdesk is
installed.
"""

from __future__ import annotations

from datetime import timedelta
from importlib.util import find_spec
from urllib.error import HTTPError
from urllib.request import urlopen

import attrs
import pytest

from escalation_rules import Decision, Policy
from escalation_rules.integrations.helpdesks import Profile, Reading, case_from, changes_for
from tests.integrations.live.django_desk import Desk

pytestmark = pytest.mark.skipif(find_spec("helpdesk") is None, reason="django-helpdesk is not installed")

ACCEPTED = {
    "currency": "TWD",
    "damages": [{"id": "marks", "evident": True, "caused_by": "carrier"}],
    "charges": [{"id": "shipping", "kind": "delivery", "amount": 800, "open": True, "disputed": True}],
}
"""What an agent accepted of what the customer wrote; the host keeps it."""


@attrs.frozen
class Bridge:
    """What a host writes around the library: read, decide, write back."""

    desk: Desk
    policy: Policy
    profile: Profile

    def look(self) -> tuple[Reading, Decision]:
        reading = case_from(self.desk.api("GET", "/api/tickets/1/"), self.profile, ACCEPTED)
        return reading, self.policy.decide(reading.case, at=reading.messages[-1].at + timedelta(hours=1))

    def write(self) -> list[str]:
        """Write the plan into the ticket; the kinds of what was written."""
        reading, decision = self.look()
        requests = changes_for(decision, self.profile, reading)
        for request in requests:
            self.desk.api(request["method"], request["path"], request["body"])
        return [request["kind"] for request in requests]


def test_the_loop(desk: Desk) -> None:
    policy = Policy.load()
    bridge = Bridge(desk, policy, Profile.load("django-helpdesk", {"language": "zh-TW"}, policy=policy))

    # A customer's mail becomes a ticket, and the ticket a case.
    desk.mail(
        "The table has strap marks", "The new table has two strap marks.\nI do not pay the shipping.", 1
    )
    reading, decision = bridge.look()
    assert [(each.role, each.direction, each.visibility) for each in reading.messages] == [
        ("customer", "in", "public")
    ]
    assert ("waive_charge", "shipping") in [(step.action, step.about) for step in decision.plan]

    # The plan is written: privately, with priority and due date, and the ticket keeps its name.
    assert bridge.write() == ["priority", "due", "note"]
    ticket = desk.api("GET", "/api/tickets/1/")
    note = ticket["followup_set"][-1]
    assert note["public"] is False
    assert note["comment"].startswith("處理計畫（內部備註）")
    assert "#waive_charge shipping" in note["comment"]
    assert ticket["title"] == "The table has strap marks"
    assert (ticket["priority"], bool(ticket["due_date"])) == (2, True)
    assert not note["email_recipients"]
    assert "處理計畫" not in desk.sent()
    assert "escalation-rules" not in desk.sent()

    # A second run writes nothing twice, and the note itself is no act.
    assert bridge.write() == []
    assert bridge.look()[0].case["acts"] == []

    # What an agent does becomes an act, and the step is done.
    follow_up = {"ticket": 1, "user": None}
    desk.api(
        "POST",
        "/api/followups/",
        {**follow_up, "comment": "#waive_charge shipping amount=800", "public": False},
        by="theo",
    )
    reading, decision = bridge.look()
    assert [(act["action"], act["by"], act["about"]) for act in reading.case["acts"]] == [
        ("waive_charge", "django-helpdesk:user:2", "shipping")
    ]
    assert "waive_charge" in [each.action for each in decision.done]
    assert "waive_charge" not in [each.action for each in decision.plan]

    # A reply that may have been a step is asked about, and confirmed with one note line.
    desk.api(
        "POST", "/api/followups/", {**follow_up, "comment": "I am sorry about the table.", "public": True}
    )
    (reply,) = bridge.look()[0].unrecorded
    desk.api(
        "POST",
        "/api/followups/",
        {**follow_up, "comment": reply.note_line("express_regret"), "public": False},
    )
    reading, _ = bridge.look()
    assert reading.unrecorded == ()
    assert [act["action"] for act in reading.case["acts"]] == ["waive_charge", "express_regret"]

    # The customer answers, with our words quoted: no act, one more contact.
    desk.mail(
        "Re: [care-1] The table has strap marks",
        "Thank you.\n\nOn Tue, Care wrote:\n> #close_case\n> sorry",
        2,
    )
    after, _ = bridge.look()
    assert after.messages[-1].role == "customer"
    assert after.case["acts"] == reading.case["acts"]
    assert len(after.case["contacts"]) == len(reading.case["contacts"]) + 1
    assert bridge.write().count("note") <= 1
    assert bridge.write() == []


def test_closing_is_a_fact(desk: Desk) -> None:
    policy = Policy.load()
    bridge = Bridge(desk, policy, Profile.load("django-helpdesk", policy=policy))
    desk.mail("The table has strap marks", "Two strap marks.", 1)
    desk.api(
        "POST",
        "/api/followups/",
        {"ticket": 1, "user": None, "comment": "Done.", "public": True, "new_status": 4},
    )
    reading, _ = bridge.look()
    assert reading.ticket.closed is True
    assert reading.case["facts"]["case.ticket_closed_at"] == reading.case["contacts"][-1]["at"]
    assert reading.case["acts"] == []


def test_only_staff_may_click(desk: Desk) -> None:
    desk.mail("The table has strap marks", "Two strap marks.", 1)
    address = f"http://127.0.0.1:{desk.port}/complaint-plan/1/done/"
    with pytest.raises(HTTPError, match="403"):  # it lacks the token of a form of ours
        urlopen(address, b"step=django-helpdesk:ticket:1/express_regret", timeout=30)
    with urlopen(address, timeout=30) as answer:
        assert "/login" in answer.url
    assert len(desk.api("GET", "/api/tickets/1/")["followup_set"]) == 1
