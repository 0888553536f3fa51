"""What comes out alike in every case: it is made once, and used again whenever it is made of the same.

Of a rule for the case (not for each record of a list), a prohibition is always the same; and so is what it recommends as long as
nobody did anything of the kind, if it counts from no instant and its steps are not told apart. Nothing of a case is in it.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeVar

import attrs

if TYPE_CHECKING:
    from escalation_rules.decision import Forbidden
    from escalation_rules.engine.instances import Instance
    from escalation_rules.engine.prohibitions import Prohibition, Scope
    from escalation_rules.engine.recommendations import Recommendation
    from escalation_rules.engine.steps import AnyCase, Draft
    from escalation_rules.policy.conditions import Need, Truth

MAX_KEPT = 4096
"""Things of one kind that are kept; when there are more, all are forgotten."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@attrs.frozen(eq=False)
class Alike:
    """By the id of a rule, what it recommends (None: that depends on the case), and the facts that it waits for; prohibitions by
    rule, and by what overriding leaves of its truth; what is forbidden by what forbids it, and steps by what recommends them.
    """

    recommendations: dict[str, tuple[Recommendation | None, ...]] = attrs.Factory(dict)
    prohibitions: dict[tuple[Instance, Truth, tuple[str, ...]], tuple[Prohibition, ...]] = attrs.Factory(dict)
    forbidden: dict[tuple[Scope, tuple[Prohibition, ...]], Forbidden] = attrs.Factory(dict)
    drafts: dict[tuple[Recommendation, ...], Draft] = attrs.Factory(dict)
    steps: dict[Draft, AnyCase] = attrs.Factory(dict)
    unknown: dict[str, tuple[tuple[str, tuple[Need, ...]], ...]] = attrs.Factory(dict)


def keep(kept: dict[K, V], key: K, made: V) -> V:
    """Keep what was made. No lock is needed: whoever else makes it comes to the same."""
    if len(kept) >= MAX_KEPT:
        kept.clear()
    kept[key] = made
    return made
