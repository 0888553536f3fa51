"""Rules of one policy as they are with the declarations of another vocabulary: what they take over from these, and nothing else,
is replaced. Needs no solver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from escalation_rules.policy.conditions.act_filter import ActFilter, Followed, Meant
from escalation_rules.policy.conditions.condition import STEP
from escalation_rules.policy.conditions.names import Name, ViaName
from escalation_rules.policy.conditions.reading_acts import CUSTOMER
from escalation_rules.policy.model import NameAnchor, Prohibit, Recommend, Rule
from escalation_rules.policy.vocabulary import Vocabulary


def rebound(rule: Rule, mine: Vocabulary, its: Vocabulary, twin: Rule | None = None) -> Rule:
    """A rule read with one vocabulary as it is with another one. `twin`: the rule of this id that was read with the other one.
    Raises `LookupError` if it needs a declaration that the other one does not have."""
    if mine is its:
        return rule
    found: Rule = _Binding(mine, its).part(rule)
    effects = tuple(
        attrs.evolve(effect, anchor=_anchor(effect, mine, its, twin))
        if isinstance(effect, Recommend)
        else effect
        for effect in found.effects
    )
    return found if effects == found.effects else attrs.evolve(found, effects=effects)


def rebound_part(part: Any, mine: Vocabulary, its: Vocabulary) -> Any:
    """The same of a condition, or None."""
    return part if mine is its else _Binding(mine, its).part(part)


def _anchor(step: Recommend, mine: Vocabulary, its: Vocabulary, twin: Rule | None) -> Any:
    """From when the time of a step counts, which its action may declare."""
    before, after = mine.actions[step.action].anchor, its.actions[step.action].anchor
    stated = step.anchor.name.text if isinstance(step.anchor, NameAnchor) else None
    if before == after or stated != before or (step.anchor is not None and stated is None):
        return step.anchor
    if after is None:
        return None
    for effect in () if twin is None else twin.recommends:
        if (
            effect.action == step.action
            and isinstance(effect.anchor, NameAnchor)
            and effect.anchor.name.text == after
        ):
            return effect.anchor
    raise LookupError(after)


@attrs.frozen
class _Binding:
    mine: Vocabulary
    its: Vocabulary

    def part(self, part: Any) -> Any:
        """A part of a rule, with the other declarations."""
        if isinstance(part, Name):
            return self._name(part)
        if isinstance(part, (ActFilter, Followed)):
            part = attrs.evolve(part, actions=self._meant(part))
        elif isinstance(part, Prohibit):
            part = attrs.evolve(part, actions=self._prohibited(part))
        if isinstance(part, (tuple, list)):
            found = type(part)(map(self.part, part))
            return part if all(one is other for one, other in zip(part, found, strict=True)) else found
        if isinstance(part, Mapping):
            of = {name: self.part(inner) for name, inner in part.items()}
            return part if all(of[name] is inner for name, inner in part.items()) else of
        return self._fields(part) if attrs.has(type(part)) else part

    def _fields(self, part: Any) -> Any:
        before = {field: getattr(part, field.name) for field in attrs.fields(type(part)) if field.init}
        after = {field.alias: self.part(value) for field, value in before.items()}
        same = all(after[field.alias] is value for field, value in before.items())
        return part if same else attrs.evolve(part, **after)

    def _name(self, name: Name) -> Name:
        if name.full.startswith(STEP):
            return name
        declared = self.its.declaration(name.full)
        if declared is None:
            raise LookupError(name.full)
        if isinstance(name, ViaName):
            through = self._name(name.through)
            if through is not name.through:
                name = attrs.evolve(name, through=through)
        return name if declared is name.fact else attrs.evolve(name, fact=declared)

    def _meant(self, acts: ActFilter | Followed) -> dict[str, Meant]:
        if not acts.named:  # all actions
            left = {action: one for action, one in acts.actions.items() if action in self.its.actions}
            some = next(iter(acts.actions.values()))
            added = {action: attrs.evolve(some, about=one.about, outcomes=frozenset(one.outcomes))
                     for action, one in self.its.actions.items() if action not in left}  # fmt: skip
            return left | added
        depths = {criteria.about: criteria.depth for criteria in acts.actions.values()}
        found = {}
        for name in self._expanded(acts.named, acts.actions):
            declared = self.its.actions[name]
            default = Meant(
                frozenset(declared.counts), declared.by, declared.about, depths.get(declared.about), declared.barred,
                frozenset((CUSTOMER, *self.its.outside)),
            )  # fmt: skip
            known = acts.actions.get(name)
            found[name] = default if known is None else self._as_declared(name, known, default)
        return found

    def _as_declared(self, name: str, meant: Meant, now: Meant) -> Meant:
        """Which acts of an action match: what the rule states itself stays, what was declared is as declared now."""
        was = self.mine.actions[name]
        return attrs.evolve(
            meant,
            outcomes=now.outcomes if meant.outcomes == frozenset(was.counts) else meant.outcomes,
            roles=now.roles if meant.roles == was.by else meant.roles,
            barred=now.barred if meant.barred == was.barred else meant.barred,
            about=now.about,
            outsiders=now.outsiders,
        )

    def _expanded(self, named: tuple[str, ...], before: Mapping[str, Any]) -> list[str]:
        """The actions of names and groups; those that were left out of a group stay out."""
        found: list[str] = []
        for name in named:
            if name not in self.mine.groups:
                found.append(name)
                continue
            left_out = {*self.mine.groups[name].actions} - before.keys()
            found += [one for one in self.its.groups[name].actions if one not in left_out]
        return list(dict.fromkeys(found))

    def _prohibited(self, ban: Prohibit) -> tuple[str, ...]:
        if ban.named not in self.mine.groups:
            return ban.actions
        return tuple(self._expanded((ban.named,), dict.fromkeys(ban.actions)))
