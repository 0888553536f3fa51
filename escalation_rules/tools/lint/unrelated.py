"""Checks for tests on a whole list where only the records that belong to the rule's record are meant."""

from __future__ import annotations

from escalation_rules.policy.conditions import RecordCondition
from escalation_rules.policy.conditions.selection import Selection
from escalation_rules.policy.vocabulary import RecordList
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import parts_of


def unrelated_lists(linted: Linted) -> Found:
    """Tests, in a rule for each record, on a list that refers to that record only through another list."""
    lists = linted.vocabulary.records
    for rule in linted.model.rules:
        own = lists.get(rule.for_each or "")
        if own is None:
            continue
        for test in parts_of((rule.when, rule.unless, rule.effects)):
            if not isinstance(test, RecordCondition) or not _is_whole(test.selection, own):
                continue
            listed = lists[test.selection.list]
            if own.name in (listed.name, *listed.references.values()):
                continue
            ways = [
                f"{near}.{far}"
                for near, target in listed.references.items()
                for far in lists[target].referring_to(own.name)
            ]
            if ways:
                yield warning(
                    "unrelated-list", test.position,
                    f"this means all {listed.name} of the case, not only those of the {own.each}: no field of {listed.name} "
                    f"refers to {own.name}",
                    f"`where: {{{ways[0]}: {{same_as: {own.each}.id}}}}`, or `of: case` if all are meant",
                )  # fmt: skip


def _is_whole(selection: Selection, own: RecordList) -> bool:
    """Whether nothing relates the records to the one of the rule, and it is not said that this is meant."""
    if selection.via is not None or selection.whole:
        return False
    names = (
        [name for condition in selection.where.walk() for name in condition.names()]
        if selection.where
        else []
    )
    return not any(getattr(name, "list", None) == own.name for name in names)


CHECKS = (CheckUp(("unrelated-list",), "a test on a whole list where a part is meant", unrelated_lists),)
