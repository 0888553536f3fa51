"""Parts of a decision that are the same in all cases: each is made once and kept.

The prohibitions of a rule of the case (without `for_each`) are always the same. So are its recommendations while there are no
acts of the action, if they have no anchor and no parameters tell the steps of the action apart. Nothing kept comes from a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from escalation_rules.decision import Missing
    from escalation_rules.engine.by_action import ActionParts, ActionState
    from escalation_rules.engine.instances import Instance
    from escalation_rules.engine.prohibitions import Prohibition
    from escalation_rules.engine.recommendations import Recommendation
    from escalation_rules.policy.conditions import Need, Truth


@attrs.frozen(eq=False)
class Alike:
    """The parts that are kept.

    By the id of a rule: its recommendations (None: one that depends on the case), and the facts that it waits for. Prohibitions
    by their rule, and by its truth after overriding rules. Questions by the fact and the rules that wait for it. `said` is what a
    rule says about actions; `states` is what follows for an action, by what rules say about it.
    """

    recommendations: dict[str, tuple[Recommendation | None, ...]] = attrs.Factory(dict)
    prohibitions: dict[tuple[Instance, Truth, tuple[str, ...]], tuple[Prohibition, ...]] = attrs.Factory(dict)
    unknown: dict[str, tuple[tuple[str, tuple[Need, ...]], ...]] = attrs.Factory(dict)
    missing: dict[tuple[str, ...], Missing] = attrs.Factory(dict)
    said: dict[Instance | str, ActionParts] = attrs.Factory(dict)
    states: dict[tuple[object, ...], ActionState] = attrs.Factory(dict)
