"""The clicks. Each is a POST from the panel, changes one thing, and leads back to the panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST
from helpdesk.decorators import helpdesk_staff_member_required
from helpdesk.models import Ticket
from helpdesk.user import HelpdeskUser

from complaint_plan import desk
from complaint_plan.panel import asked, note_line
from complaint_plan.words import words
from escalation_rules import EscalationRulesError, Step
from escalation_rules.integrations.helpdesks import joined
from escalation_rules.integrations.signals import Answers, accepted
from escalation_rules.values import Count, Flag, Instant, ValueType

Click = Callable[[HttpRequest, Ticket, desk.Look], str | None]
"""Does what was clicked; gives the word of what is to be said to the agent if it could not be done."""


def on_ticket(click: Click) -> Callable[..., HttpResponse]:
    """A view that does a click on a ticket: by staff who may see it, one click after the other."""

    @helpdesk_staff_member_required
    @require_POST
    def view(request: HttpRequest, ticket_id: int) -> HttpResponse:
        with transaction.atomic():
            ticket = get_object_or_404(Ticket.objects.select_for_update(), pk=ticket_id)
            if not HelpdeskUser(request.user).can_access_ticket(ticket):
                raise PermissionDenied
            try:
                with transaction.atomic():
                    problem = click(request, ticket, desk.look(ticket, timezone.now(), locked=True))
                    desk.write(ticket, desk.look(ticket, timezone.now()))
            except EscalationRulesError as error:
                messages.error(request, str(error))
            else:
                if problem:
                    messages.warning(request, words()[problem])
        return HttpResponseRedirect(f"{reverse('helpdesk:view', args=[ticket_id])}#complaint-plan")

    return view


@on_ticket
def proposal(request: HttpRequest, _ticket: Ticket, look: desk.Look) -> str | None:
    """Accept or reject what a customer may have said."""
    found = next((each for each in look.proposals if each.id == request.POST.get("proposal")), None)
    if found is None:
        return "not_open"
    record, by, now = look.record, _name(request), timezone.now()
    answers = Answers.from_list(record.answers)
    if request.POST.get("answer") == "yes":
        record.known = accepted(record.known, found, by=by, at=now)
        record.answers = answers.accept(found, by=by, at=now).to_list()
    else:
        record.answers = answers.reject(found, by=by, at=now).to_list()
    record.save()
    return None


@on_ticket
def ask_again(request: HttpRequest, _ticket: Ticket, look: desk.Look) -> str | None:
    """Take an answer back: what was accepted leaves the case, and the question is open again."""
    record = look.record
    found = next((each for each in look.answered if each.id == request.POST.get("proposal")), None)
    if found is None:
        return "not_open"
    given = Answers.from_list(record.answers).given
    record.answers = Answers(tuple(each for each in given if not each.answers(found))).to_list()
    known = dict(record.known)
    if found.is_record:
        known[found.path] = [each for each in known.get(found.path, []) if each["id"] != found.id]
    else:
        for part in ("facts", "learned_at"):
            known[part] = {name: each for name, each in known.get(part, {}).items() if name != found.path}
    record.known = known
    record.save()
    return None


@on_ticket
def done(request: HttpRequest, ticket: Ticket, look: desk.Look) -> str | None:
    """A step was done: a private note line puts it on record."""
    step, outcome = _step(look, request.POST.get("step")), request.POST.get("outcome", "")
    if step is None:
        return "gone"
    declared = desk.policy().vocabulary.actions[step.action].outcomes
    given = outcome if outcome in declared and outcome != "done" else ""
    desk.put_down(ticket, request.user, note_line(step, given))
    return None


@on_ticket
def not_done(request: HttpRequest, ticket: Ticket, _look: desk.Look) -> str | None:
    """A click too many: the note line is deleted."""
    return None if desk.take_back(ticket, request.POST.get("act", "")) else "gone"


@on_ticket
def reply(request: HttpRequest, ticket: Ticket, look: desk.Look) -> str | None:
    """A reply was one of the steps, or none."""
    found = next((each for each in look.unrecorded if each.message == request.POST.get("message")), None)
    if found is None:
        return "not_open"
    if not request.POST.get("step"):
        look.record.no_steps = [*look.record.no_steps, found.message]
        look.record.save()
        return None
    step = _step(look, request.POST["step"])
    if step is None:
        return "gone"
    desk.put_down(ticket, request.user, found.note_line(step.action, step.about))
    return None


@on_ticket
def answer(request: HttpRequest, _ticket: Ticket, look: desk.Look) -> str | None:
    """A question of the plan was answered: with a value of its fact, or of the field of a record."""
    name, about, given = (request.POST.get(each, "") for each in ("fact", "record", "value"))
    fact, now = asked(name), timezone.now().isoformat()
    open_ = any(each.fact == name and about in (each.about or ("",)) for each in look.decision.missing)
    if fact is None or not open_ or not given:
        return "not_open"
    value, known = _value(fact.type, given), look.record.known
    said: dict[str, Any] = {"learned_at": {**known.get("learned_at", {}), name: now}}
    records, _, field = name.partition(".")
    said |= {records: [{"id": about, field: value}]} if about else {"facts": {name: value}}
    look.record.known = joined(known, said)
    look.record.save()
    return None


def _value(of: ValueType, given: str) -> Any:
    """What was clicked or typed, as a case has it; a time is one of the desk's zone. What does not fit is refused later."""
    if isinstance(of, Flag):
        return {"true": True, "false": False}.get(given, given)
    if isinstance(of, Instant):
        moment = parse_datetime(given)
        return timezone.make_aware(moment).isoformat() if moment and timezone.is_naive(moment) else given
    return int(given) if isinstance(of, Count) and given.isdecimal() and len(given) < 16 else given


def _step(look: desk.Look, key: str | None) -> Step | None:
    return next((each for each in look.decision.plan if each.id == key), None)


def _name(request: HttpRequest) -> str:
    user: Any = request.user
    return str(user.get_username())[:100]
