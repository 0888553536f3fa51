"""The parts of a decision as steps see them, and how sentences select entries."""

from __future__ import annotations

from typing import Any

from escalation_rules.pytest_plugin.phrases import Target

Item = dict[str, Any]
"""An entry of a decision (a step, a prohibition, a question …) in the form of `to_dict`."""


def items_of(decision: Item, part: str) -> list[Item]:
    """The entries of a part of the decision. `forbidden wanted` and `held wanted` select those that are wanted."""
    name, _, wanted = part.partition(" ")
    return [_seen(name, entry) for entry in decision[name] if not wanted or entry["wanted"]]


def _seen(part: str, item: Item) -> Item:
    """An entry with additional keys for the names used in features: `finding`, `needs` and `until`."""
    if part == "findings":
        return {"claim": item["about"], "finding": item["value"], **item}
    return with_releases(item) if part == "held" else item


def with_releases(item: Item) -> Item:
    """A hold with the names of the facts that it needs (`needs`), and of the acts that end it (`until`)."""
    needs = [need["name"] for need in item["needs"] if need["kind"] != "act"]
    return {
        **item,
        "needs": needs,
        "until": [need["name"] for need in item["needs"] if need["kind"] == "act"],
    }


def reasons_of(item: Item) -> list[Item]:
    """The reasons of an entry. For a blocked entry, those for which it is wanted are left out.

    If rules disagree on a parameter, there are no other reasons, so they are kept.
    """
    reasons: list[Item] = item["because"]
    if not item.get("wanted"):
        return reasons
    stopping = [reason for reason in reasons if reason["effect"] != "recommend"]
    return stopping or reasons


def rules_of(item: Item) -> list[str]:
    """The rules of an entry's reasons, in order."""
    return [reason["rule"] for reason in reasons_of(item)]


def fits(target: Target, item: Item) -> bool:
    """Whether an entry matches the target: its action or fact, and its record and doer if given."""
    if target.action not in (item.get("action"), item.get("fact")):
        return False
    return (target.about is None or is_about(item, target.about)) and (
        target.by is None or covers(item, target.by)
    )


def is_about(item: Item, record: str) -> bool:
    """Whether an entry is about a record; `case` is the whole case."""
    about = item.get("about") or "case"
    return record in about if isinstance(about, list) else record == about


def covers(item: Item, role: str) -> bool:
    """Whether a step is owned by the role, or a prohibition applies to it; one without roles applies to everybody.

    A breach is by a role and, if it is known, by a person.
    """
    if "by" not in item:
        return bool(item.get("owner") == role)
    doers = item["by"]
    if role == item.get("person"):
        return True
    return not doers or role in ([doers] if isinstance(doers, str) else doers)
