"""Gives attributes of a decision for OpenTelemetry spans and log records. Does not need OpenTelemetry.

span.set_attributes(attributes(decision, asked_by="bot"))
"""

from __future__ import annotations

from escalation_rules.decision import Decision
from escalation_rules.values import plain_instant

Attribute = str | int | bool | list[str]
PREFIX = "escalation_rules"


def attributes(
    decision: Decision, *, asked_by: str | None = None, with_case: bool = True
) -> dict[str, Attribute]:
    """The attributes of a decision: strings, numbers and lists of strings, without customers' texts. Unknown
    values are omitted.

    `with_case=False` omits the id of the case, for traces that must not contain it.
    """
    first = decision.plan[0] if decision.plan else None
    found: dict[str, Attribute | None] = {
        "policy.name": decision.policy.name,
        "policy.digest": decision.policy.digest,
        "case": decision.case if with_case else None,
        "at": plain_instant(decision.at),
        "asked_by": asked_by,
        "phase": decision.phase,
        "next.action": first.action if first else None,
        "next.owner": first.owner if first else None,
        "next.due": plain_instant(first.due) if first and first.due else None,
        "steps": len(decision.plan),
        "steps.overdue": sum(step.overdue for step in decision.plan),
        "plan": [step.action for step in decision.plan],
        "forbidden.wanted": [forbidden.action for forbidden in decision.forbidden if forbidden.wanted],
        "held.wanted": [held_step.action for held_step in decision.held if held_step.wanted],
        "missing": [missing.fact for missing in decision.missing],
        "rules": sorted({reason.rule for step in decision.plan for reason in step.because}),
    }
    return {f"{PREFIX}.{name}": value for name, value in found.items() if value is not None}
