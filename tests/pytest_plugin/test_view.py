"""What the steps see of an entry: its reasons, and which of them a sentence about it means."""

from __future__ import annotations

import pytest

from escalation_rules.pytest_plugin.view import Item, rules_of
from escalation_rules.pytest_plugin.voice import Voice

WANTS = {"rule": "wants", "effect": "recommend"}
WAITS = {"rule": "waits", "effect": "hold"}
STOPS = {"rule": "stops", "effect": "forbid"}
ENTRY = {"action": "call_back", "about": None}


@pytest.mark.parametrize(
    ("entry", "rules"),
    [
        # A step that a rule wants and that also ends a hold.
        ({"phase": "calm", "because": [WANTS, WAITS]}, ["wants", "waits"]),
        ({"done_at": "2026-03-01T02:00:00Z", "kind": "late", "because": [WANTS, WAITS]}, ["wants", "waits"]),
        # Something that is stopped although a rule wants it.
        ({"wanted": True, "because": [STOPS, WANTS]}, ["stops"]),
        ({"wanted": True, "because": [WAITS, WANTS]}, ["waits"]),
        ({"wanted": False, "because": [WAITS]}, ["waits"]),
        # Held because those who want it disagree on a parameter.
        ({"wanted": True, "because": [WANTS, {**WANTS, "rule": "wants-too"}]}, ["wants", "wants-too"]),
    ],
)
def test_all_reasons_of_a_step_count_and_of_what_is_stopped_those_that_stop_it(
    entry: Item, rules: list[str]
) -> None:
    item = {**ENTRY, **entry}
    assert rules_of(item) == rules
    assert f"because of {', '.join(rules)}" in Voice().described(item)
