"""Steps that make a decision."""

from __future__ import annotations

from escalation_rules import Decision
from escalation_rules.pytest_plugin.phrases import phrase
from escalation_rules.pytest_plugin.scene import Scene


@phrase(
    "when",
    "given",
    en="the policy decides at {at:instant}",
    tw="政策於 {at:instant} 作出決定",
    cn="政策在 {at:instant} 作出决定",
    target_fixture="decision",
)
def decide(scene: Scene, at: str) -> Decision:
    """Decide the case at an instant. The fixture `decision` holds the result."""
    return scene.decide(scene.moment(at))


@phrase(
    "when",
    "given",
    en="the policy decides again",
    tw="政策再次作出決定",
    cn="政策再次作出决定",
    target_fixture="decision",
)
def decide_again(scene: Scene) -> Decision:
    """Decide again at the instant of the last decision."""
    return scene.decide()


@phrase(
    "when",
    "given",
    en="{length} later the policy decides",
    tw="{length}後政策作出決定",
    cn="{length}后政策作出决定",
    target_fixture="decision",
)
def decide_later(scene: Scene, length: str) -> Decision:
    """Decide some time after the last event."""
    return scene.decide(scene.later(length))
