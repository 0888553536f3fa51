"""Checks who may do what: owners without permission, holds nobody can end, self-approval, new roles that escape lists."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.errors import Diagnostic, Position, listing
from escalation_rules.policy.conditions import Done, limits_money
from escalation_rules.policy.model import Forbid, Hold, Prohibit, Rule, is_ours
from escalation_rules.policy.vocabulary import Action, Named
from escalation_rules.solving.kleene import conditions_of
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning

_MOST = 4


def may_not_act(linted: Linted) -> Found:
    """Roles that are to do an action, are kept from it, or are to end a hold by it, but may not do it at all."""
    actions = linted.vocabulary.actions
    for action in actions.values():
        if action.owner is not None and not _may(action, action.owner):
            yield _may_not(action, action.owner, action.position, "owns")
    for rule in linted.model.rules:
        for step in rule.recommends:
            if step.owner is not None and not _may(actions[step.action], step.owner):
                yield _may_not(actions[step.action], step.owner, step.position, "owns")
        for ban in rule.prohibits:
            for role in ban.by if not ban.free else ():
                if not any(_may(actions[action], role) for action in ban.actions):
                    message = (
                        f"{role} may not do {ban.named} anyway, so forbidding it to {role} changes nothing"
                    )
                    yield warning(
                        "may-not-act", ban.position, message, _those_who_may(actions[ban.actions[0]])
                    )
            for test, action in _ending(linted, ban):
                for role in test.acts.roles:
                    if not _may(action, role):
                        yield _may_not(action, role, ban.position, "ends this hold by")


def _may(action: Action, role: str) -> bool:
    return not action.by or role in action.by


def _may_not(action: Action, role: str, place: Position, verb: str) -> Diagnostic:
    message = f"{role} {verb} {action.name}, but may not do it"
    return warning("may-not-act", place, message, _those_who_may(action))


def _those_who_may(action: Action) -> str:
    return f"one of those who may ({listing(action.by)}), or the role below `by:` of {action.name}"


def _ending(linted: Linted, ban: Prohibit) -> Iterator[tuple[Done, Action]]:
    """The acts of ours that are required to end a hold, with their declarations."""
    for test in ban.awaited:
        if is_ours(test) and test.only_action is not None:
            yield test, linted.vocabulary.actions[test.only_action]


def waits_for_forbidden(linted: Linted) -> Found:
    """Holds that end with an act which no rule recommends and another rule forbids."""
    forbidden: dict[str, Rule] = {}
    overridden = {name for rule in linted.model.rules for name in rule.overrides}
    for rule in linted.model.rules:
        for ban in rule.prohibits:
            if isinstance(ban, Forbid) and not ban.by and ban.where is None and rule.id not in overridden:
                forbidden |= {action: rule for action in ban.actions if action not in forbidden}
    for rule in linted.model.rules:
        for hold in rule.prohibits:
            for _, action in _ending(linted, hold):
                other = forbidden.get(action.name)
                if other is not None and action.name not in linted.usage.recommended:
                    yield warning(
                        "waits-for-forbidden", hold.position,
                        f"this hold ends with {action.name}, which no rule recommends and {other.id} forbids "
                        f"(see {other.position})",
                        "an `until:` with something that may be done",
                    )  # fmt: skip


def nobody_is_asked(linted: Linted) -> Found:
    """Holds that end with one of several acts of ours, none of which becomes a step (SEMANTICS 34) or is recommended."""
    for rule in linted.model.rules:
        for hold in rule.prohibits:
            if not isinstance(hold, Hold) or any(_ending(linted, hold)):
                continue
            tests = [
                condition
                for condition in hold.until.walk()
                if isinstance(condition, Done) and is_ours(condition)
            ]
            actions = list(dict.fromkeys(name for test in tests for name in test.acts.actions))
            if actions and linted.usage.recommended.isdisjoint(actions):
                yield warning(
                    "nobody-is-asked", hold.position,
                    f"this hold may end with {listing(actions, _MOST)}, but nobody is asked to do it: no rule recommends it, "
                    "and of several possible acts none becomes a step",
                    "one action with all these roles below its `by:`, or a rule that recommends one of them",
                )  # fmt: skip


def self_approval(linted: Linted) -> Found:
    """Limits in money that end with an act which an owner of the held step may do himself."""
    for rule in linted.model.rules:
        _, when, _ = conditions_of(rule, linted.model.rulesets[rule.ruleset])
        for hold in rule.prohibits:
            if not any(limits_money(condition) for condition in (when, hold.where) if condition is not None):
                continue
            owners = _owners(linted, hold)
            for test, action in _ending(linted, hold):
                who = test.acts.roles or action.by
                own = sorted(owners & {*who})
                apart = all(
                    _is_barred(linted.vocabulary.actions[held_action], action) for held_action in hold.actions
                )
                if own and action.name not in hold.actions and not action.barred and not apart:
                    yield warning(
                        "self-approval", hold.position,
                        f"{own[0]} does {hold.named} and may also end this hold by {action.name}: "
                        "no other role checks the amount",
                        f"`done: {{action: {action.name}, by: …}}` with a role other than {own[0]}, or "
                        f"`not_by: {action.name}` in the declaration of {hold.named}",
                    )  # fmt: skip


def _is_barred(action: Action, other: Action) -> bool:
    """Whether nobody may do an action after having done the other."""
    return any(barred_party.action == other.name for barred_party in action.barred)


def _owners(linted: Linted, hold: Prohibit) -> set[str]:
    """The owners of the held steps that a hold binds: those of the declarations, and those that rules name."""
    found = {linted.vocabulary.actions[held_action].owner for held_action in hold.actions}
    found |= {
        step.owner for rule in linted.model.rules for step in rule.recommends if step.action in hold.actions
    }
    return {role for role in found if role is not None and (not hold.by or role in hold.by)}


def one_sided(linted: Linted) -> Found:
    """Two acts that different people have to do, if only one of them looks at the other: the same person may do that one
    first, and the other afterwards."""
    actions = linted.vocabulary.actions
    seen = set[tuple[str, str]]()
    for rule in linted.model.rules:
        for hold in rule.prohibits:
            ending = [action.name for _, action in _ending(linted, hold)]
            for name in ending:
                for barred in actions[name].barred:
                    other = barred.action
                    if other is None or other == name or not _may_be_one(actions[name], actions[other]):
                        continue
                    if (
                        name not in [barred_party.action for barred_party in actions[other].barred]
                        and (name, other) not in seen
                    ):
                        seen.add((name, other))
                        yield warning(
                            "one-sided", actions[name].position,
                            f"who does {name} first may do {other} afterwards: `not_by: {other}` of {name} looks at earlier "
                            "acts only",
                            f"`not_by: {name}` in the declaration of {other} as well",
                        )  # fmt: skip


def _may_be_one(one: Action, other: Action) -> bool:
    """Whether one person may do both, by their roles."""
    return not one.by or not other.by or not {*one.by}.isdisjoint(other.by)


def escaping_roles(linted: Linted) -> Found:
    """Roles added by a later layer that are missing from lists of roles in lower layers, and so may do what
    these forbid."""
    layers, vocabulary = linted.model.layers, linted.vocabulary
    for name, role in vocabulary.roles.items():
        level = layers.get(role.position.file, 0)
        if name in vocabulary.outside or level == 0:
            continue
        free = [rule for rule in linted.model.rules for ban in rule.prohibits
                if layers.get(rule.position.file, 0) < level and _escapes(linted, ban, role)]  # fmt: skip
        if free:
            rules = list(dict.fromkeys(rule.id for rule in free))
            yield warning(
                "role-escapes", role.position,
                f"the new role {name} is missing from the `by:` lists of {listing(rules, _MOST)}: "
                "these prohibitions do not apply to it",
                f"`except_by:` in place of `by:` there, rules of this layer that forbid it to {name}, or `outside: [{name}]`",
            )  # fmt: skip


def _escapes(linted: Linted, ban: Prohibit, role: Named) -> bool:
    """Whether a prohibition lists roles without the new one, and the new role may do its actions."""
    actions = [linted.vocabulary.actions[action] for action in ban.actions]
    return bool(ban.by) and role.name not in ban.by and any(_may(action, role.name) for action in actions)


CHECKS = (
    CheckUp(("may-not-act",), "a role that is to do what it may not do", may_not_act),
    CheckUp(("waits-for-forbidden",), "a hold that ends with a forbidden act", waits_for_forbidden),
    CheckUp(("nobody-is-asked",), "a hold that ends with an act that nobody is asked for", nobody_is_asked),
    CheckUp(("self-approval",), "an approval that the requester may give", self_approval),
    CheckUp(("one-sided",), "two people of whom only one is kept from doing both", one_sided),
    CheckUp(("role-escapes",), "a new role that is missing from lists of roles", escaping_roles),
)
