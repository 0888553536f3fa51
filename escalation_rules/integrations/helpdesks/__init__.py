"""Help desks: a ticket as its system's API gives it → a case; a decision → requests that write the plan back.

profile = Profile.load("zendesk", "our-zendesk.yaml")
reading = case_from(payload, profile)
decision = policy.decide(reading.case, at=now)
requests = changes_for(decision, profile, reading)

Plain data in, plain data out: nothing here talks to a help desk, and no client of one is needed. A profile (YAML) says
all that is particular to a system; `profiles()` names those that come with the library.
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
