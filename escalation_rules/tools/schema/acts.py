"""Schemas of tests on acts."""

from __future__ import annotations

from collections.abc import Mapping

from escalation_rules.policy.conditions import (
    ACT_HEADS,
    NothingDoneFor,
    StepOverdue,
    StepTest,
)
from escalation_rules.policy.conditions.reading_acts import ACT_KEYS, FILTER_KEYS, OPENED
from escalation_rules.tools.schema.facts import FactTests
from escalation_rules.tools.schema.parts import (
    NOTHING,
    Kit,
    Schema,
    age,
    closed,
    deeds,
    described,
    duration,
    exactly,
    given,
    mapping_or,
    name_among,
    one_of,
    roles,
    several,
)
from escalation_rules.tools.schema.scopes import Depth

_ABOUT = {"this": "the record of for_each", "case": "the whole case", "any": "whatever it was about"}
_DOCS = {
    "action": "An action, a group of actions, or a list of them.",
    "by": "The role or roles that did it.",
    "about": "The record it was about. A field that refers to a record means that one. By default: the record of "
    "for_each if the action is about that list, else anything.",
    "outcome": "Its outcome. By default: one that counts.",
    "newer_than": "Less time than this has passed since then; with `start of the month`, in the current month.",
    "older_than": "At least this much time has passed since then; with `start of the month`, in an earlier month.",
    "after": "At or after this instant.",
    "before": "Before this instant.",
    "at_least": "How often.",
    "not_followed_by": "No such act came after it (within the time, which must have passed).",
    "covers": "Parameters, each with a fact or field: the act must state the same value, or at least as much if values add up. "
    "In the end of a hold, parameters of the held step.",
    "for": "For this long.",
    "within": "The time that is left until the step is due.",
    "since": "Counted from this instant, or from the last act if that is later.",
}


def act_test(kit: Kit, tests: FactTests, head: str, depth: Depth) -> Schema:
    """The schema of the test with the keyword `head`."""
    return kit.define(f"{head}.{depth}", lambda: _test(kit, tests, head, depth))


def _test(kit: Kit, tests: FactTests, head: str, depth: Depth) -> Schema:
    kind = ACT_HEADS[head]
    parts = _parts(kit, tests, depth)
    mapping = closed(
        exactly(ACT_KEYS[head], {key: described(part, _DOCS[key]) for key, part in parts.items()})
    )
    if head == NothingDoneFor.head:
        always = OPENED in kit.vocabulary.facts
        mapping["required"] = ["for"] if always else ["for", "since"]
        forms = [duration(kit)] if always else [NOTHING]
    elif issubclass(kind, StepTest):
        mapping["required"] = ["action"] if kind is StepOverdue else ["action", "within"]
        forms = several(deeds(kit))["anyOf"] if kind is StepOverdue else [NOTHING]
    else:
        mapping |= {"required": ["action"], "allOf": _outcomes(kit)}
        forms = several(deeds(kit))["anyOf"]
    return described(mapping_or(mapping, forms), f"{kind.doc}. Example: {kind.example}")


def acts_beside(kit: Kit, tests: FactTests, depth: Depth) -> dict[str, Schema]:
    """The keys beside an action that say which of its acts are meant."""
    parts = _parts(kit, tests, depth)
    return {key: described(parts[key], _DOCS[key]) for key in FILTER_KEYS}


def _parts(kit: Kit, tests: FactTests, depth: Depth) -> dict[str, Schema]:
    outcomes = {outcome for action in kit.vocabulary.actions.values() for outcome in action.outcomes}
    instant = tests.instants(depth)
    ends = several(one_of(sorted(outcomes)))
    later = closed(
        {"action": several(deeds(kit)), "by": several(roles(kit)), "outcome": ends, "within": duration(kit)},
        ["action"],
    )
    return {
        "action": several(deeds(kit)),
        "by": several(roles(kit)),
        "about": _scopes(tests, depth),
        "outcome": ends,
        "newer_than": age(kit),
        "older_than": age(kit),
        "after": {"anyOf": [instant, tests.shifted(depth)]},
        "before": {"anyOf": [instant, tests.shifted(depth)]},
        "at_least": {"type": "integer", "minimum": 1},
        "not_followed_by": mapping_or(later, several(deeds(kit))["anyOf"]),
        "covers": _covered(kit),
        "for": duration(kit),
        "within": duration(kit),
        "since": instant,
    }


def _scopes(tests: FactTests, depth: Depth) -> Schema:
    words = one_of({key: doc for key, doc in _ABOUT.items() if key != "this" or depth == "record"})
    fields = tests.references() if depth == "record" else []
    return {"anyOf": [words, name_among(fields)]}


def _covered(kit: Kit) -> Schema:
    params = sorted({name for action in kit.vocabulary.actions.values() for name in action.params})
    wanted = closed({name: {"type": "string"} for name in params})
    return mapping_or(wanted, several(one_of(params))["anyOf"])


def _outcomes(kit: Kit) -> list[Schema]:
    """Conditional schemas that restrict the outcomes to those of a single action or group."""
    by_outcomes: dict[tuple[str, ...], list[str]] = {}
    for name, outcomes in sorted(outcomes_of(kit).items()):
        by_outcomes.setdefault(outcomes, []).append(name)
    return [
        given("action", {"enum": names}, {"outcome": several(one_of(outcomes))})
        for outcomes, names in by_outcomes.items()
    ]


def outcomes_of(kit: Kit) -> Mapping[str, tuple[str, ...]]:
    """The outcomes of each action, and of each group's actions."""
    actions = kit.vocabulary.actions
    found = {name: tuple(sorted(action.outcomes)) for name, action in actions.items()}
    for name, group in kit.vocabulary.groups.items():
        found[name] = tuple(
            sorted({outcome for action in group.actions for outcome in actions[action].outcomes})
        )
    return found
