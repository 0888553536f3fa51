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
        found = dict.fromkeys(each.about for each in self.items)
        return () if None in found else tuple(each for each in found if each is not None)

    @property
    def wanted(self) -> tuple[Item, ...]:
        """The prohibitions of wanted steps."""
        return tuple(each for each in self.items if each.wanted)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons, without duplicates; recommendations are included only if there are no others (rules
        that disagree)."""
        items = self.wanted or self.items
        found = dict.fromkeys(one for each in items for one in each.because)
        return tuple(one for one in found if one.effect != "recommend") or tuple(found)

    @property
    def disagree(self) -> bool:
        """Whether the only reasons are rules that disagree."""
        return all(one.effect == "recommend" for each in self.items for one in each.because)


def gathered(model: PolicyModel, items: Sequence[Item], *, fully: bool = False) -> list[Against]:
    """Group the items for display: those of wanted steps first, otherwise in their given order.

    Actions prohibited as a group are listed only there; with `fully`, again with their other reasons, if any.
    """
    found: dict[Key, list[Item]] = {}
    for item in items:
        for key, part in _parts(model, item, items, fully):
            found.setdefault(key, []).append(part)
    gathered_ones = [
        Against(
            named, _spared(model, named, actions), by, tuple(sorted(listed, key=lambda each: not each.wanted))
        )
        for (named, _, by, actions), listed in found.items()
    ]
    return sorted(gathered_ones, key=lambda each: not each.wanted)


def _parts(model: PolicyModel, item: Item, items: Sequence[Item], fully: bool) -> Iterator[tuple[Key, Item]]:
    whole = _of_group(model, item, items)
    if whole is None:
        yield _of_action(item), item
        return
    rule, effect = whole
    own = tuple(each for each in item.because if each.rule == rule or each.effect == "recommend")
    yield (effect.named, (), effect.by, effect.actions), attrs.evolve(item, because=own)
    others = tuple(each for each in item.because if each not in own)
    if others and fully:
        other = attrs.evolve(item, because=others)
        yield _of_action(other), other


def _of_action(item: Item) -> Key:
    return item.action, (item.wanted, *item.because), item.by, ()


def _spared(model: PolicyModel, named: str, actions: tuple[str, ...]) -> tuple[str, ...]:
    return (
        tuple(each for each in model.vocabulary.groups[named].actions if each not in actions)
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
    return max(found, key=lambda each: len(each[1].actions), default=None)


def _group_effects(model: PolicyModel, reason: Reason) -> list[Prohibit]:
    rule = model.rule(reason.rule)
    prohibits = rule.prohibits if rule is not None else ()
    return [
        each for each in prohibits if each.named in model.vocabulary.groups and each.head == reason.effect
    ]


def _ruled_out(items: Sequence[Item], rule: str) -> set[str]:
    return {each.action for each in items if any(one.rule == rule for one in each.because)}
