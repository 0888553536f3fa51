"""A plan by go: each step with those that are done together with it."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.decision.parts import Step


def goes(steps: Sequence[Step]) -> list[tuple[Step, ...]]:
    """The steps, each with those that are part of it, in the order of the plan; a part whose step is not here stands alone."""
    there = {each.id for each in steps} - {None}
    leading = [each for each in steps if each.part_of not in there]
    return [(each, *(part for part in steps if each.id and part.part_of == each.id)) for each in leading]
