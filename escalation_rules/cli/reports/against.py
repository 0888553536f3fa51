"""Groups forbidden and held actions for display; actions forbidden as a group are shown as the group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from escalation_rules.decision import Forbidden, Held, Reason
from escalation_rules.policy.model import PolicyModel, Prohibit

Item = Forbidden | Held
Key = tuple[str, tuple[object, ...], tuple[str, ...], tuple[str, ...]]
"""The action or group, the reasons (for an action), the roles concerned, and the group's actions concerned."""


@attrs.frozen
class Against:
    """Prohibitions that are displayed together: of an action, or of a group (`named`) except some of its
    actions (`spared`).

    `by` are the roles concerned (empty: everybody). `items` are the prohibitions, those of wanted steps
    first. Those of a group contain only the reasons that concern the whole group; those of an action differ
    only in their record.
    """

    named: str
    spared: tuple[str, ...]
    by: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def forbids(self) -> bool:
        """Whether it is forbidden, not only held."""
        return isinstance(self.items[0], Forbidden)

    @property
    def records(self) -> tuple[str, ...]:
        """The records concerned; empty if it is not about particular records."""
        found = dict.fromkeys(restriction.about for restriction in self.items)
        return () if None in found else tuple(record for record in found if record is not None)

    @property
    def wanted(self) -> tuple[Item, ...]:
        """The prohibitions of wanted steps."""
        return tuple(restriction for restriction in self.items if restriction.wanted)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons, without duplicates; recommendations are included only if there are no others (rules
        that disagree)."""
        items = self.wanted or self.items
        found = dict.fromkeys(one for restriction in items for one in restriction.because)
        return tuple(one for one in found if one.effect != "recommend") or tuple(found)

    @property
    def disagree(self) -> bool:
        """Whether the only reasons are rules that disagree."""
        return all(one.effect == "recommend" for restriction in self.items for one in restriction.because)


def gathered(model: PolicyModel, items: Sequence[Item], *, fully: bool = False) -> list[Against]:
    """Group the items for display: those of wanted steps first, otherwise in their given order.

    Actions prohibited as a group are listed only there; with `fully`, again with their other reasons, if any.
    """
    found: dict[Key, list[Item]] = {}
    for restriction in items:
        for key, part in _parts(model, restriction, items, fully):
            found.setdefault(key, []).append(part)
    gathered_ones = [
        Against(
            named,
            _spared(model, named, actions),
            by,
            tuple(sorted(listed, key=lambda restriction: not restriction.wanted)),
        )
        for (named, _, by, actions), listed in found.items()
    ]
    return sorted(gathered_ones, key=lambda group: not group.wanted)


def _parts(model: PolicyModel, item: Item, items: Sequence[Item], fully: bool) -> Iterator[tuple[Key, Item]]:
    whole = _of_group(model, item, items)
    if whole is None:
        yield _of_action(item), item
        return
    rule, effect = whole
    own = tuple(reason for reason in item.because if reason.rule == rule or reason.effect == "recommend")
    yield (effect.named, (), effect.by, effect.actions), attrs.evolve(item, because=own)
    others = tuple(reason for reason in item.because if reason not in own)
    if others and fully:
        other = attrs.evolve(item, because=others)
        yield _of_action(other), other


def _of_action(item: Item) -> Key:
    return item.action, (item.wanted, *item.because), item.by, ()


def _spared(model: PolicyModel, named: str, actions: tuple[str, ...]) -> tuple[str, ...]:
    return (
        tuple(action for action in model.vocabulary.groups[named].actions if action not in actions)
        if actions
        else ()
    )


def _of_group(model: PolicyModel, item: Item, items: Sequence[Item]) -> tuple[str, Prohibit] | None:
    """The rule and its effect on the largest group that prohibits the item, if it prohibits all its actions here."""
    found = [
        (reason.rule, effect)
        for reason in item.because
        for effect in _group_effects(model, reason)
        if item.action in effect.actions and set(effect.actions) <= _ruled_out(items, reason.rule)
    ]
    return max(found, key=lambda pair: len(pair[1].actions), default=None)


def _group_effects(model: PolicyModel, reason: Reason) -> list[Prohibit]:
    rule = model.rule(reason.rule)
    prohibits = rule.prohibits if rule is not None else ()
    return [
        effect
        for effect in prohibits
        if effect.named in model.vocabulary.groups and effect.head == reason.effect
    ]


def _ruled_out(items: Sequence[Item], rule: str) -> set[str]:
    return {
        restriction.action for restriction in items if any(one.rule == rule for one in restriction.because)
    }
