"""Reads help desk tickets as cases, and creates requests that write plans back.

profile = Profile.load("zendesk", "our-zendesk.yaml")
reading = case_from(payload, profile)
decision = policy.decide(reading.case, at=now)
requests = changes_for(decision, profile, reading)

Input and output are plain data: the library neither calls a help desk nor needs its client. A profile (YAML)
describes the specifics of a system; `profiles()` lists the built-in ones.
"""

from escalation_rules.integrations.helpdesks.cases import joined
from escalation_rules.integrations.helpdesks.changes import changes_for
from escalation_rules.integrations.helpdesks.normal import (
    Event,
    Message,
    Person,
    Reading,
    Remark,
    Ticket,
    Unrecorded,
)
from escalation_rules.integrations.helpdesks.profile import Profile, profiles
from escalation_rules.integrations.helpdesks.reading import case_from

__all__ = [
    "Event", "Message", "Person", "Profile", "Reading", "Remark", "Ticket", "Unrecorded", "case_from", "changes_for", "joined",
    "profiles",
]  # fmt: skip
