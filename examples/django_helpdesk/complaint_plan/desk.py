"""Between the desk and the library: a ticket is read, decided and written to. No page and no click in here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import attrs
from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string
from helpdesk.models import FollowUp, Ticket
from helpdesk.serializers import TicketSerializer

from complaint_plan.models import CaseRecord
from escalation_rules import BUILTIN, Decision, Policy
from escalation_rules.integrations.helpdesks import (
    Profile,
    Reading,
    Unrecorded,
    case_from,
    changes_for,
    joined,
)
from escalation_rules.integrations.signals import Answers, Proposal, propose

TITLE = "Plan"
"""The title of the follow-ups that this app writes."""


def option(name: str, otherwise: Any = None) -> Any:
    """One of the settings `COMPLAINT_PLAN`: `policy`, `profile`, `language`, `currency`, `known`."""
    return getattr(settings, "COMPLAINT_PLAN", {}).get(name, otherwise)


@cache
def policy() -> Policy:
    """The policy, loaded once in each process."""
    return Policy.load(*option("policy", (BUILTIN,)))


@cache
def profile() -> Profile:
    """The profile of django-helpdesk, with what the settings change in it."""
    notes = {"language": option("language", "en")}
    return Profile.load("django-helpdesk", notes, option("profile", {}), policy=policy())


@attrs.frozen
class Look:
    """A ticket as it stands: what was read, decided, and is to be asked of the agent."""

    record: CaseRecord
    reading: Reading
    decision: Decision
    proposals: tuple[Proposal, ...]
    answered: tuple[Proposal, ...]

    @property
    def unrecorded(self) -> list[Unrecorded]:
        """The replies that may have been steps and that nobody was asked about."""
        return [each for each in self.reading.unrecorded if each.message not in self.record.no_steps]


def look(ticket: Ticket, at: datetime, *, locked: bool = False) -> Look:
    """Read a ticket and decide about it. `locked`: nobody else changes the record until the transaction ends."""
    record = _record(ticket, locked)
    known = joined(_known(ticket), record.known)
    reading = case_from(_payload(ticket), profile(), known)
    found = propose(reading.signal_messages(), currency=known.get("currency"))
    waiting = Answers.from_list(record.answers).open(found)
    answered = tuple(each for each in found if each not in waiting)
    return Look(record, reading, policy().decide(reading.case, at=at), waiting, answered)


def write(ticket: Ticket, look: Look, author: Any = None) -> list[str]:
    """Write priority and due date into the ticket and, with an `author`, the plan as a private follow-up.

    Gives the kinds of what is new. A follow-up needs an author: those without one are not read again as notes of ours.
    """
    kinds = []
    for request in changes_for(look.decision, profile(), look.reading):
        body = request["body"]
        if request["kind"] != "note":
            _set(ticket, body)
        elif author is not None:
            FollowUp.objects.create(
                ticket=ticket, user=author, title=TITLE, comment=body["comment"], public=body["public"]
            )
        else:
            continue
        kinds.append(request["kind"])
    return kinds


def put_down(ticket: Ticket, user: Any, line: str) -> FollowUp:
    """Write a note line, such as `#waive_charge shipping`, as a private follow-up: it is read as an act."""
    return FollowUp.objects.create(ticket=ticket, user=user, title=TITLE, comment=line, public=False)


def take_back(ticket: Ticket, key: str) -> bool:
    """Delete a note line that this app wrote, by the id of its act; whether it was there."""
    number = key.removeprefix("django-helpdesk:message:").partition(":")[0]
    if not number.isdecimal():
        return False
    ours = FollowUp.objects.filter(pk=int(number), ticket=ticket, title=TITLE, comment__startswith="#")
    return bool(ours.delete()[0])


def _payload(ticket: Ticket) -> dict[str, Any]:
    """The ticket as its interface gives it, and when it was opened, which the interface leaves out."""
    times = {"created": ticket.created.isoformat(), "modified": ticket.modified.isoformat()}
    return {**TicketSerializer(ticket).data, **times}


def _record(ticket: Ticket, locked: bool) -> CaseRecord:
    if not locked:
        return CaseRecord.objects.filter(pk=ticket.pk).first() or CaseRecord(ticket=ticket)
    CaseRecord.objects.get_or_create(ticket=ticket)
    return CaseRecord.objects.select_for_update().get(pk=ticket.pk)


def _known(ticket: Ticket) -> dict[str, Any]:
    """What other systems of yours know of the case, by the function that the setting `known` names."""
    currency = {"currency": option("currency")} if option("currency") else {}
    function = option("known")
    return {**currency, **(import_string(function)(ticket) if function else {})}


def _set(ticket: Ticket, body: Mapping[str, Any]) -> None:
    for name, value in body.items():
        setattr(ticket, name, parse_datetime(value) if name == "due_date" else value)
    ticket.save(update_fields=[*body, "modified"])
