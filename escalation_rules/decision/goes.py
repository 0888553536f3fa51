"""Groups the steps of a plan that are done together."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.decision.parts import Step


def goes(steps: Sequence[Step]) -> list[tuple[Step, ...]]:
    """Group each step with the steps that are part of it, in the order of the plan. A part whose main step is
    absent forms its own group."""
    there = {step.id for step in steps} - {None}
    leading = [step for step in steps if step.part_of not in there]
    return [(step, *(part for part in steps if step.id and part.part_of == step.id)) for step in leading]
