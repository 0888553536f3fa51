"""Groups the steps of a plan that are done together."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.decision.parts import Step


def goes(steps: Sequence[Step]) -> list[tuple[Step, ...]]:
    """Group each step with the steps that are part of it, in the order of the plan. A part whose main step is
    absent forms its own group."""
    there = {each.id for each in steps} - {None}
    leading = [each for each in steps if each.part_of not in there]
    return [(each, *(part for part in steps if each.id and part.part_of == each.id)) for each in leading]
