"""A CRM's ticket in, a plan out: plain data both ways. Run it with `python examples/embed.py`."""

from datetime import datetime, timedelta, timezone

from escalation_rules import Policy

TAIPEI = timezone(timedelta(hours=8))

policy = Policy.load()  # once, at start; threads may share it

ticket = {  # what the CRM knows, under the vocabulary's names; what is left out is unknown
    "id": "T-1",
    "currency": "TWD",
    "facts": {"case": {"opened_at": datetime(2026, 3, 2, 15, 40, tzinfo=TAIPEI)}},
    "damages": [
        {"id": "marks", "evident": True, "caused_by": "carrier", "reported_at": "2026-03-02T15:40:00+08:00"}
    ],
    "charges": [{"id": "shipping", "kind": "delivery", "amount": 800, "open": True, "disputed": True}],
}

decision = policy.decide(ticket, at=datetime(2026, 3, 3, 10, 0, tzinfo=TAIPEI))
for step in decision.plan:
    print(step.phase, step.action, step.about, step.due, *step.params.values())
    print("   ", step.because[0].text.in_language("en"))
print(
    "May we send a reminder?", policy.check(ticket, "dun_customer", about="shipping", at=decision.at).verdict
)
print("Look again at", decision.review_at)
