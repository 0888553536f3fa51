"""What a comparison does not look for in cases, but names: changed keys that no question is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from escalation_rules.policy.model import Hold, PolicyModel, Recommend
from escalation_rules.policy.vocabulary import Action
from escalation_rules.solving.subjects import Head
from escalation_rules.tools.compare.changed import orders_differ
from escalation_rules.tools.compare.contents import Content
from escalation_rules.tools.compare.policies import NEW, OLD, Policies
from escalation_rules.tools.compare.result import NotCompared, Part

_ASKED_OF_STEPS = {"action", "aim", *(field.name for field in attrs.fields(Content))} - {"fixed"}
_ASKED_OF_HOLDS = {"actions", "named", "aim", "by", "free", "where", "when_unknown_allow", "until"}
_NO_KEYS = {"say", "say_to", "position", "covered", "until_data"}
"""Texts, which are compared as such, and what no key states."""


def _not_asked_of(kind: type[Recommend | Hold], asked: set[str]) -> tuple[str, ...]:
    return tuple(sorted(field.name for field in attrs.fields(kind) if field.name not in asked | _NO_KEYS))


OF_STEPS, OF_HOLDS = _not_asked_of(Recommend, _ASKED_OF_STEPS), _not_asked_of(Hold, _ASKED_OF_HOLDS)
OF_PARAMETERS = ("reached", "required")
"""The keys that no question is about. A new key of an effect is one of them until a question is about it."""
OF_RANKS = ("priority", "before", "after")
"""The keys of an action that decide only in which order steps come."""
OF_AUDITS = ("target",)
"""Those that decide only what an audit says."""
Stated = dict[tuple[Head, str, str], list[object]]
"""What has these keys, by the kind of effect, the action and the rule."""


def not_asked(policies: Policies) -> Iterator[NotCompared]:
    """The differences between the policies that no question is about."""
    if orders_differ(*policies.models):
        yield NotCompared("recommend", (), None, (), "not-looked-for", part="order", keys=("phase_order",))
    if sorted_otherwise := _ranked_otherwise(policies):
        keys = tuple(rank for rank in OF_RANKS if any(rank in parts for _, parts in sorted_otherwise))
        because = tuple(name for name, _ in sorted_otherwise)
        yield NotCompared("recommend", (), None, because, "not-looked-for", part="order", keys=keys)
    if aging := _stale_otherwise(policies):
        yield NotCompared("recommend", (), None, aging, "not-looked-for", part="aging", keys=("stale_after",))
    old, new = (_stated(model) for model in policies.models)
    for head, action, rule in sorted(old.keys() & new.keys()):
        names = OF_STEPS if head == "recommend" else OF_HOLDS
        keys = _differing(names, old[head, action, rule], new[head, action, rule])
        part: Part = "values" if head == "hold" else "audit" if {*keys} <= {*OF_AUDITS} else "times"
        if keys:
            yield NotCompared(head, (action,), None, (rule,), "not-looked-for", part=part, keys=keys)
    actions = [model.vocabulary.actions for model in policies.models]
    for name in sorted(actions[OLD].keys() & actions[NEW].keys()):
        keys = _differing(OF_PARAMETERS, *_parameters(actions[OLD][name], actions[NEW][name]))
        if keys:
            yield NotCompared("recommend", (name,), None, (name,), "not-looked-for", keys=keys)


def _ranked_otherwise(policies: Policies) -> list[tuple[str, tuple[str, ...]]]:
    """The actions of which it was changed where their steps come among others, each with the keys; none if the order of the
    actions of both policies is the same."""
    old, new = (model.vocabulary for model in policies.models)
    both = old.actions.keys() & new.actions.keys()
    orders = [sorted(both, key=vocabulary.ranks.__getitem__) for vocabulary in (old, new)]
    if orders[OLD] == orders[NEW]:
        return []
    found = ((name, _differing(OF_RANKS, [old.actions[name]], [new.actions[name]])) for name in sorted(both))
    return [(name, keys) for name, keys in found if keys]


def _stale_otherwise(policies: Policies) -> tuple[str, ...]:
    """The facts of both policies of which a value counts for another time."""
    old, new = (model.vocabulary.facts for model in policies.models)
    both = sorted(old.keys() & new.keys())
    return tuple(name for name in both if old[name].stale_after != new[name].stale_after)


def same_parameters(old: Action, new: Action) -> bool:
    """Whether the parameters of an action differ at most in such keys."""
    before, after = (
        [attrs.evolve(parameter, reached=False, required=False) for parameter in action.params.values()]
        for action in (old, new)
    )
    return before == after


def _stated(model: PolicyModel) -> Stated:
    found: Stated = {}
    for rule in model.rules:
        for step in rule.recommends:
            found.setdefault(("recommend", step.action, rule.id), []).append(step)
        for hold in rule.prohibits:
            for action in hold.actions if isinstance(hold, Hold) else ():
                found.setdefault(("hold", action, rule.id), []).append(hold)
    return found


def _parameters(old: Action, new: Action) -> tuple[list[object], list[object]]:
    """The parameters of the same names."""
    both = [name for name in old.params if name in new.params]
    return [old.params[name] for name in both], [new.params[name] for name in both]


def _differing(keys: Sequence[str], before: Sequence[object], after: Sequence[object]) -> tuple[str, ...]:
    """The keys in which the one differs from the other, in the order in which they are written."""
    pairs = list(zip(before, after, strict=False))
    return tuple(key for key in keys if any(getattr(one, key) != getattr(other, key) for one, other in pairs))
