"""Payloads in the shape of each system's interface, written for these tests after its public documentation, and their reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from escalation_rules import Policy
from escalation_rules.integrations.helpdesks import Profile, Reading, case_from

HERE = Path(__file__).parent
SYSTEMS = (
    "chatwoot", "django-helpdesk", "freescout", "freshdesk", "hubspot", "jira-service-management", "osticket",
    "request-tracker", "salesforce", "servicenow", "zammad", "zendesk",
)  # fmt: skip
ZONED = {"servicenow": "Asia/Taipei", "osticket": "Europe/Berlin"}
"""Systems that write times without a zone, and the zone of the payload here."""

KNOWN = {"charges": [{"id": "shipping", "kind": "delivery", "amount": 800, "open": True}], "currency": "TWD"}


@cache
def policy() -> Policy:
    return Policy.load(engine="plain")


def payload(system: str) -> Any:
    return json.loads((HERE / "payloads" / f"{system}.json").read_text(encoding="utf-8"))


def profile(system: str, *overrides: Mapping[str, Any]) -> Profile:
    zone = ({"zone": ZONED[system]},) if system in ZONED else ()
    return Profile.load(system, *zone, *overrides, policy=policy())


def read(system: str, data: Any = None, *overrides: Mapping[str, Any], known: Any = None) -> Reading:
    """The reading of a payload (left out: the one in `payloads/`); what comes out is a case that the policy takes."""
    reading = case_from(data if data is not None else payload(system), profile(system, *overrides), known)
    policy().case(reading.case)
    if reading.case["facts"].get("case.opened_at"):
        policy().case(reading.history())
    return reading


def texts(reading: Reading) -> list[str]:
    return [each.text for each in reading.messages]


def acts(reading: Reading) -> list[tuple[str, str, str | None]]:
    """Each act: action, by whom, about what."""
    return [(each["action"], each["by"], each.get("about")) for each in reading.case["acts"]]


def role(reading: Reading, person: str) -> str | None:
    return next(each.role for each in reading.people if each.id == person)


def said_of(reading: Reading, word: str) -> list[str]:
    """The remarks that contain a word."""
    return [str(each) for each in (*reading.unmapped, *reading.guessed) if word in str(each)]
