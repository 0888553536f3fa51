"""How tests say what a customer wrote."""

from __future__ import annotations

from typing import Any

from escalation_rules.integrations.signals import Lexicon, Proposal, propose

AT = "2026-03-02T10:00:00+08:00"


def said(text: str, name: str = "m1", role: str = "customer") -> dict[str, Any]:
    """One message."""
    return {"id": name, "role": role, "text": text, "at": AT}


def proposed(text: str, currency: str | None = None, lexicon: Lexicon | None = None) -> tuple[Proposal, ...]:
    """What is proposed from one message of a customer."""
    return propose([said(text)], lexicon, currency=currency)


def told(text: str, currency: str | None = None) -> set[str]:
    """The same as words: `hazard.happened=True`, `signals kind=court`; questions are left out."""
    return {
        f"{each.path} kind={each.value['kind']}" if each.path == "signals" and isinstance(each.value, dict)
        else each.path if each.is_record else f"{each.path}={each.value}"
        for each in proposed(text, currency) if each.path != "questions"
    }  # fmt: skip
