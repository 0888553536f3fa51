"""The whole loop on a real Request Tracker 5: a customer's mail, a plan in the ticket, an agent's work, and nothing twice.

`nox -f .ci/noxfile.py -s request_tracker-3.11` runs it. It needs Debian's packages request-tracker5, rt5-db-sqlite and
rt5-standalone; elsewhere it is left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from escalation_rules import Decision, Policy
from escalation_rules.integrations.helpdesks import Profile, Reading, case_from, changes_for
from escalation_rules.integrations.signals import accepted, propose
from tests.integrations.live.rt_desk import INSTALLED, Tracker, running

pytestmark = pytest.mark.skipif(
    not (INSTALLED and os.environ.get("REQUEST_TRACKER")),
    reason="Request Tracker 5 is not installed, or REQUEST_TRACKER=1 not set",
)

KNOWN = {
    "currency": "TWD",
    "damages": [{"id": "marks", "evident": True, "caused_by": "carrier"}],
    "charges": [{"id": "shipping", "kind": "delivery", "amount": 800, "open": True, "disputed": True}],
}
"""What the host's order system knows."""


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracker]:
    with running(tmp_path_factory.mktemp("rt")) as started:
        yield started


@attrs.define
class Bridge:
    """What a host writes around the library: read, decide, write back. It keeps `known` beside the ticket."""

    tracker: Tracker
    policy: Policy
    profile: Profile
    ticket: int
    known: dict[str, Any]

    def look(self) -> tuple[Reading, Decision]:
        reading = case_from(self.tracker.payload(self.ticket), self.profile, self.known)
        return reading, self.policy.decide(reading.case, at=reading.messages[-1].at + timedelta(hours=1))

    def write(self) -> list[str]:
        """Write the plan into the ticket; the kinds of what was written."""
        reading, decision = self.look()
        requests = changes_for(decision, self.profile, reading)
        for request in requests:
            self.tracker.api(request["method"], request["path"], request["body"])
        return [request["kind"] for request in requests]

    def say(self, kind: str, text: str, by: str = "theo") -> None:
        """An agent answers (`correspond`) or writes a private comment (`comment`)."""
        place = f"/REST/2.0/ticket/{self.ticket}/{kind}"
        self.tracker.api("POST", place, {"Content": text, "ContentType": "text/plain"}, by=by)


def test_the_loop(tracker: Tracker) -> None:
    policy = Policy.load()
    profile = Profile.load("request-tracker", {"language": "zh-TW"}, policy=policy)
    bridge = Bridge(tracker, policy, profile, 1, KNOWN)

    # A customer's mail becomes a ticket, and the ticket a case.
    text = "The new table has two strap marks.\nIf nobody calls me, I will report you to Trading Standards. 我要退費"
    tracker.mail("The table has strap marks", text, 1)
    reading, decision = bridge.look()
    assert [(each.role, each.direction, each.visibility) for each in reading.messages] == [
        ("customer", "in", "public")
    ]
    assert reading.messages[0].text == text
    assert reading.ticket.owner is None
    assert reading.case["facts"]["case.subject"] == "The table has strap marks"
    assert ("waive_charge", "shipping") in [(step.action, step.about) for step in decision.plan]

    # What the text may say is proposed; an agent accepts.
    found = propose(reading.signal_messages(), currency="TWD")
    signal = next(each for each in found if each.path == "signals")
    bridge.known = accepted(bridge.known, signal, by="rosa", at=reading.messages[0].at)
    assert [each["kind"] for each in bridge.look()[0].case["signals"]] == ["regulator"]

    # The plan is written: privately, with priority and due date, and the ticket keeps its name.
    assert bridge.write() == ["priority", "due", "note"]
    data = tracker.api("GET", "/REST/2.0/ticket/1")
    reading, decision = bridge.look()
    note = reading.messages[-1]
    assert (note.visibility, note.author) == ("private", "rt:user:rosa")
    assert note.text.startswith("處理計畫（內部備註）")
    assert "#waive_charge shipping" in note.text
    assert data["Subject"] == "The table has strap marks"
    assert data["Priority"] in {"75", "100"}
    assert reading.ticket.due == min(step.due for step in decision.plan if step.due)
    assert "處理計畫" not in tracker.sent()
    assert "escalation-rules" not in tracker.sent()

    # A second run writes nothing twice, and the note itself is no act.
    assert bridge.write() == []
    assert bridge.look()[0].case["acts"] == []

    # What an agent does becomes an act, and the step is done.
    bridge.say("comment", "#waive_charge shipping amount=800")
    reading, decision = bridge.look()
    assert [(act["action"], act["by"], act["about"]) for act in reading.case["acts"]] == [
        ("waive_charge", "rt:user:theo", "shipping")
    ]
    assert "waive_charge" in [each.action for each in decision.done]
    assert "waive_charge" not in [each.action for each in decision.plan]

    # A reply that may have been a step is asked about, and confirmed with one note line.
    bridge.say("correspond", "I am sorry about the table.", by="rosa")
    (reply,) = bridge.look()[0].unrecorded
    assert (reply.by, reply.text) == ("rt:user:rosa", "I am sorry about the table.")
    bridge.say("comment", reply.note_line("express_regret"))
    reading, _ = bridge.look()
    assert reading.unrecorded == ()
    assert [act["action"] for act in reading.case["acts"]] == ["waive_charge", "express_regret"]

    # The customer answers, with our words quoted: no act, one more contact.
    tracker.mail(
        "Re: [care #1] The table has strap marks",
        "Thank you.\n\nOn Tue, Care wrote:\n> #close_case\n> sorry",
        2,
    )
    after, _ = bridge.look()
    assert after.messages[-1].role == "customer"
    assert after.case["acts"] == reading.case["acts"]
    assert len(after.case["contacts"]) == len(reading.case["contacts"]) + 1
    assert bridge.write().count("note") <= 1
    assert bridge.write() == []


def test_closing_is_a_fact(tracker: Tracker, tmp_path: Path) -> None:
    policy = Policy.load()
    tracker.mail("A vase", "Only one was left.", 3)
    bridge = Bridge(tracker, policy, Profile.load("request-tracker", policy=policy), 2, {})
    tracker.api("PUT", "/REST/2.0/ticket/2", {"Owner": "theo", "Status": "resolved"})
    reading, _ = bridge.look()
    assert reading.ticket.closed is True
    assert reading.ticket.owner == "rt:user:theo"
    assert "case.ticket_closed_at" in reading.case["facts"]
    assert reading.case["acts"] == []
    assert [each.names for each in reading.events if each.kind == "status"] == [("resolved",)]
