"""`{% complaint_plan ticket %}`: the panel of a ticket; `{% complaint_plan_title %}`: what it is called."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from complaint_plan.desk import look
from complaint_plan.panel import panel
from complaint_plan.words import words
from escalation_rules import EscalationRulesError

register = template.Library()


@register.inclusion_tag("complaint_plan/panel.html", takes_context=True)
def complaint_plan(context: dict[str, Any], ticket: Any) -> dict[str, Any]:
    """The panel. A case that cannot be read is told instead of it: the ticket's page must work in any case."""
    shown = {"ticket": ticket, "request": context["request"], "csrf_token": context.get("csrf_token")}
    try:
        return {**shown, "plan": panel(look(ticket, timezone.now()))}
    except EscalationRulesError as error:
        return {**shown, "problem": words()["broken"].replace("{problem}", str(error))}


@register.simple_tag
def complaint_plan_title() -> str:
    """What the panel is called."""
    return words()["title"]
