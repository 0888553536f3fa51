"""Checks for names that are declared but not used."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from escalation_rules.policy.vocabulary import Action, Fact, RecordList, Vocabulary
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import Usage, parts_of
from escalation_rules.values import Flag, PartyType, Reference, References

ALWAYS_THERE = frozenset(("id", "recorded_at"))
"""The fields that every record has without a declaration."""
NEEDED = "a rule that uses it, or no declaration"
READ = "a rule that reads it, `for_people: true`, or no declaration"


def _read_by(vocabulary: Vocabulary, action: Action) -> set[str]:
    """The names that an action's declaration uses: lists, its anchor, and who may not do it."""
    used = {action.about or "", action.anchor or ""}
    listed = vocabulary.records.get(action.about or "")
    if action.anchor and listed is not None:
        used.add(f"{listed.name}.{action.anchor.removeprefix(f'{listed.each}.')}")
    used |= {
        barred_party.fact or f"{barred_party.list}.{barred_party.field}"
        for barred_party in action.barred
        if barred_party.action is None
    }
    return used | {
        parameter.type.to
        for parameter in action.params.values()
        if isinstance(parameter.type, (Reference, References))
    }


def _actions_read(vocabulary: Vocabulary) -> set[str]:
    return {name for action in vocabulary.actions.values() for name in _read_by(vocabulary, action)}


def _lists_used(linted: Linted) -> set[str]:
    used = linted.usage.used | _actions_read(linted.vocabulary)
    for name in list(used):
        fact = linted.vocabulary.declaration(name)
        if fact is not None and isinstance(fact.type, Reference):
            used.add(fact.type.to)
    declared = [
        *linted.vocabulary.facts.values(),
        *(fact for record_list in linted.vocabulary.records.values() for fact in record_list.fields.values()),
    ]
    if any(isinstance(declaration.type, PartyType) for declaration in declared):
        used.add("parties")  # roles of parties are read from there
    return used


def unused_facts(linted: Linted) -> Found:
    """Facts that no rule reads."""
    used = linted.usage.used | _actions_read(linted.vocabulary)
    for name, fact in linted.vocabulary.facts.items():
        if name not in used and not fact.concluded and not fact.for_people:
            yield warning("unused-fact", fact.position, f"no rule reads the fact {name}", READ)


def never_asked(linted: Linted) -> Found:
    """Flags and choices that only exceptions read. An exception needs a known fact, so nobody is asked for them."""
    asked = Usage(linted.vocabulary)
    for rule in linted.model.rules:
        asked.of_rule(attrs.evolve(rule, unless=None))
    asked.of_parts(parts_of([ruleset.applies_while for ruleset in linted.model.rulesets.values()]))
    asked.of_parts(parts_of([order.when for order in linted.model.phase_orders]))
    asked.of_parts(parts_of([*linted.model.pauses.values()]))
    for name in sorted(linted.usage.read - asked.read):
        fact = linted.vocabulary.declaration(name)
        if fact is None or fact.concluded or fact.for_people or fact.presume is not None:
            continue
        if fact.type.finite:
            yield warning(
                "never-asked", fact.position, f"{name} is never asked for: it is read only below `unless:`",
                f"a `not:` below `when:`, which asks first{_PRESUMED if isinstance(fact.type, Flag) else ''}",
            )  # fmt: skip


_PRESUMED = ", or `presume: false`, if it need not be asked"


def unused_lists(linted: Linted) -> Found:
    """Record lists that no rule or action uses."""
    used = _lists_used(linted)
    for name, listed in linted.vocabulary.records.items():
        if name not in used and not listed.for_people:
            yield warning("unused-list", listed.position, f"no rule reads the records {name}", READ)


def unused_fields(linted: Linted) -> Found:
    """Fields that no rule reads, of lists that are used."""
    lists = _lists_used(linted)
    used = linted.usage.used | _actions_read(linted.vocabulary) | {"parties.role"}
    for name, listed in linted.vocabulary.records.items():
        for field, fact in listed.fields.items() if name in lists else ():
            needless = fact.concluded or fact.for_people or field in {*ALWAYS_THERE, listed.takes_place_of}
            if f"{name}.{field}" not in used and not needless:
                yield warning(
                    "unused-field", fact.position, f"no rule reads the field {field} of {name}", READ
                )


def _for_people(vocabulary: Vocabulary) -> Iterator[tuple[str, Fact | RecordList]]:
    """The facts, lists and fields marked `for_people`."""
    yield from ((name, fact) for name, fact in vocabulary.facts.items() if fact.for_people)
    for name, listed in vocabulary.records.items():
        yield from ([(name, listed)] if listed.for_people else [])
        yield from ((f"{name}.{field}", fact) for field, fact in listed.fields.items() if fact.for_people)


def _reader(linted: Linted, name: str) -> str:
    """The first rule or action that reads a fact, list or field, with its position; "" if there is none."""
    for rule in linted.model.rules:
        if name in linted.usage_of(rule).read:
            return f"{rule.id} (see {rule.position})"
    if name in linted.usage.read:
        return "the condition of a ruleset or of an order of phases"
    action = next((declared_action for declared_action in linted.vocabulary.actions.values()
                   if name in _read_by(linted.vocabulary, declared_action)), None)  # fmt: skip
    return f"the action {action.name} (see {action.position})" if action is not None else ""


def not_only_for_people(linted: Linted) -> Found:
    """Facts, lists and fields marked `for_people` that affect decisions. Quoting one in a text does not count."""
    for name, declared in _for_people(linted.vocabulary):
        if reader := _reader(linted, name):
            yield warning("not-only-for-people", declared.position, f"{name} is marked `for_people`, but {reader} reads it",
                          "no `for_people:`, or rules that do not read it")  # fmt: skip


def _is_used(linted: Linted, action: Action) -> bool:
    usage = linted.usage
    return any(
        action.name in names for names in (usage.recommended, usage.prohibited, usage.observed, usage.awaited)
    )


def unused_actions(linted: Linted) -> Found:
    """Actions that no rule recommends, forbids, holds or tests, and whose doers are barred from no other action."""
    barring = {
        barred_party.action for action in linted.vocabulary.actions.values() for barred_party in action.barred
    }
    for action in linted.vocabulary.actions.values():
        if not _is_used(linted, action) and action.name not in barring:
            yield warning("unused-action", action.position, f"no rule uses the action {action.name}", NEEDED)


def actions_never_recommended(linted: Linted) -> Found:
    """Actions with a phase, hence meant to be steps, that no rule recommends."""
    usage = linted.usage
    for action in linted.vocabulary.actions.values():
        wanted = usage.recommended | usage.prohibited | usage.awaited
        if action.phase is not None and action.name not in wanted and _is_used(linted, action):
            yield warning("never-recommended", action.position,
                          f"{action.name} belongs to the phase {action.phase}, but no rule recommends it",
                          "a rule that recommends it, or no `phase:`")  # fmt: skip


def unused_groups(linted: Linted) -> Found:
    """Groups of actions that no rule uses."""
    for name, group in linted.vocabulary.groups.items():
        if name not in linted.usage.groups and not group.in_one_go:
            yield warning("unused-group", group.position, f"no rule uses the group {name}", NEEDED)


def unused_roles(linted: Linted) -> Found:
    """Roles that no rule or action uses."""
    vocabulary = linted.vocabulary
    used = linted.usage.roles | {action.owner or "" for action in vocabulary.actions.values()}
    used |= {role for action in vocabulary.actions.values() for role in action.roles_named} | {
        *vocabulary.outside
    }
    for name, role in vocabulary.roles.items():
        if name not in used:
            yield warning("unused-role", role.position, f"no rule or action uses the role {name}",
                          "a rule or an action that uses it, or no declaration")  # fmt: skip


def unused_phases(linted: Linted) -> Found:
    """Phases without actions."""
    used = {action.phase for action in linted.vocabulary.actions.values()}
    for name, phase in linted.vocabulary.phases.items():
        if name not in used:
            yield warning("unused-phase", phase.position, f"no action belongs to the phase {name}",
                          "an action in it, or no declaration")  # fmt: skip


def unused_principles(linted: Linted) -> Found:
    """Principles that no rule serves."""
    for name, principle in linted.vocabulary.principles.items():
        if name not in linted.usage.principles:
            yield warning(
                "unused-principle", principle.position, f"no rule serves the principle {name}", NEEDED
            )


def unused_amounts(linted: Linted) -> Found:
    """Amounts that no rule names."""
    for name, amount in linted.vocabulary.amounts.items():
        if name not in linted.usage.amounts:
            yield warning("unused-amount", amount.position, f"no rule names the amount {name}", NEEDED)


CHECKS = (
    CheckUp(("unused-fact",), "a fact that no rule reads", unused_facts),
    CheckUp(("never-asked",), "a flag or choice that is read in exceptions only", never_asked),
    CheckUp(("unused-list",), "a record list that nothing uses", unused_lists),
    CheckUp(("unused-field",), "a field that no rule reads", unused_fields),
    CheckUp(("not-only-for-people",), "a fact for people that decides something", not_only_for_people),
    CheckUp(("unused-action",), "an action that no rule uses", unused_actions),
    CheckUp(
        ("never-recommended",), "an action with a phase that no rule recommends", actions_never_recommended
    ),
    CheckUp(("unused-amount",), "an amount that no rule names", unused_amounts),
    CheckUp(("unused-group",), "a group that no rule names", unused_groups),
    CheckUp(("unused-role",), "a role that nobody has", unused_roles),
    CheckUp(("unused-phase",), "a phase without actions", unused_phases),
    CheckUp(("unused-principle",), "a principle that no rule serves", unused_principles),
)
