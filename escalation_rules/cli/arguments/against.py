"""What must not be done, or not yet, as people say it: by group where a whole group is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from escalation_rules.decision import Forbidden, Held, Reason
from escalation_rules.policy.model import PolicyModel, Prohibit

Item = Forbidden | Held
Key = tuple[str, tuple[object, ...], tuple[str, ...], tuple[str, ...]]
"""An action or a group, why (of an action), whom it concerns, and the actions of the group that are meant."""


@attrs.frozen
class Against:
    """Prohibitions that are said as one: of an action, or of a group (`named`) but for some of its actions (`spared`).

    `by` are those whom it concerns (empty: everybody). `items` are the prohibitions, those of wanted steps first; of a
    group they give only the reasons that concern it as a whole, of an action they differ in the record only.
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
        """The records that it is about; none if it is about all."""
        found = dict.fromkeys(each.about for each in self.items)
        return () if None in found else tuple(each for each in found if each is not None)

    @property
    def wanted(self) -> tuple[Item, ...]:
        """The prohibitions that stand in the way of a wanted step."""
        return tuple(each for each in self.items if each.wanted)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why not, each once; where only rules that disagree stand in the way, these."""
        items = self.wanted or self.items
        found = dict.fromkeys(one for each in items for one in each.because)
        return tuple(one for one in found if one.effect != "recommend") or tuple(found)

    @property
    def disagree(self) -> bool:
        """Whether nothing but rules that disagree stands in the way."""
        return all(one.effect == "recommend" for each in self.items for one in each.because)


def gathered(model: PolicyModel, items: Sequence[Item], *, fully: bool = False) -> list[Against]:
    """The items by what is said of them: first what touches wanted steps, then in the order in which they come.

    What a group rules out is said with it only; `fully` says again of an action what holds for it besides.
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
    """The rule and its effect on a group by which an item is ruled out, if all actions that it names are; the widest."""
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
