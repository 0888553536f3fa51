"""What must not be done, or not yet, as people say it: by group where a whole group is meant."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from escalation_rules.decision import Forbidden, Held, Reason
from escalation_rules.model import PolicyModel, Prohibit

Item = Forbidden | Held


@attrs.frozen
class Against:
    """Prohibitions that are said as one: of an action, or of a group (`named`) but for some of its actions (`spared`).

    `by` are those whom it concerns (empty: everybody), `items` the prohibitions, those of wanted steps first.
    """

    named: str
    spared: tuple[str, ...]
    by: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def about(self) -> str | None:
        """The record that all of them are about, if it is one."""
        found = {each.about for each in self.items}
        return found.pop() if len(found) == 1 else None

    @property
    def wanted(self) -> tuple[Item, ...]:
        """The prohibitions that stand in the way of a wanted step."""
        return tuple(each for each in self.items if each.wanted)


def gathered(model: PolicyModel, items: Sequence[Item]) -> list[Against]:
    """The items by what is said of them: first what touches wanted steps, then in the order in which they come."""
    effects: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], list[Item]] = {}
    for item in items:
        effect = _group_effect(model, item, items)
        key = (
            (item.action, item.about or "", item.by, ())
            if effect is None
            else (effect.named, "", effect.by, effect.actions)
        )
        effects.setdefault(key, []).append(item)
    found = [
        Against(
            named,
            tuple(
                each
                for each in (model.vocabulary.groups[named].actions if actions else ())
                if each not in actions
            ),
            by,
            tuple(sorted(listed, key=lambda each: not each.wanted)),
        )
        for (named, _, by, actions), listed in effects.items()
    ]
    return sorted(found, key=lambda each: not each.wanted)


def _group_effect(model: PolicyModel, item: Item, items: Sequence[Item]) -> Prohibit | None:
    """The effect on a group by which an item is ruled out, if all actions that it names are; the widest one."""
    found = [
        effect
        for reason in item.because
        for effect in _group_effects(model, reason)
        if item.action in effect.actions and set(effect.actions) <= _ruled_out(items, reason.rule)
    ]
    return max(found, key=lambda each: len(each.actions), default=None)


def _group_effects(model: PolicyModel, reason: Reason) -> list[Prohibit]:
    rule = model.rule(reason.rule)
    prohibits = rule.prohibits if rule is not None else ()
    return [
        each for each in prohibits if each.named in model.vocabulary.groups and each.head == reason.effect
    ]


def _ruled_out(items: Sequence[Item], rule: str) -> set[str]:
    return {each.action for each in items if any(one.rule == rule for one in each.because)}
