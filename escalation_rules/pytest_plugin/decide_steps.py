"""Steps that make a decision."""

from __future__ import annotations

from escalation_rules import Decision
from escalation_rules.pytest_plugin.phrases import phrase
from escalation_rules.pytest_plugin.scene import Scene


@phrase(
    "when",
    "given",
    en="the policy decides at {at:instant}",
    target_fixture="decision",
)
def decide(scene: Scene, at: str) -> Decision:
    """Decide the case at an instant. The fixture `decision` holds the result."""
    return scene.decide(scene.moment(at))


@phrase(
    "when",
    "given",
    en="the policy decides again",
    target_fixture="decision",
)
def decide_again(scene: Scene) -> Decision:
    """Decide again at the instant of the last decision or, if that is later, of the last event."""
    return scene.decide()


@phrase(
    "when",
    "given",
    en="{length} later the policy decides",
    target_fixture="decision",
)
def decide_later(scene: Scene, length: str) -> Decision:
    """Decide some time after the last event."""
    return scene.decide(scene.later(length))
