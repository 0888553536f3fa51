"""A decision's parts as the steps see them, and which of their entries a sentence means."""

from __future__ import annotations

from typing import Any

from escalation_rules.pytest_plugin.phrases import Target

Item = dict[str, Any]
"""One entry of a decision (a step, a prohibition, a question …) as `to_dict` gives it."""


def items_of(decision: Item, part: str) -> list[Item]:
    """The entries of a part of the decision; `forbidden wanted` and `held wanted`: those that were wanted."""
    name, _, wanted = part.partition(" ")
    return [_seen(name, item) for item in decision[name] if not wanted or item["wanted"]]


def _seen(part: str, item: Item) -> Item:
    """An entry with what features call by another name: a claim's finding, what a hold needs and waits for."""
    if part == "findings":
        return {"claim": item["about"], "finding": item["value"], **item}
    return with_releases(item) if part == "held" else item


def with_releases(item: Item) -> Item:
    """A hold with the names of what it needs to know (`needs`), and of the acts that end it (`until`)."""
    needs = [each["name"] for each in item["needs"] if each["kind"] != "act"]
    return {
        **item,
        "needs": needs,
        "until": [each["name"] for each in item["needs"] if each["kind"] == "act"],
    }


def reasons_of(item: Item) -> list[Item]:
    """The reasons why an entry is where it is: of something wanted but stopped, not those for which it is wanted.

    Where rules only disagree on a parameter, they are all that there is.
    """
    reasons: list[Item] = item["because"]
    if not item.get("wanted"):
        return reasons
    stopping = [reason for reason in reasons if reason["effect"] != "recommend"]
    return stopping or reasons


def rules_of(item: Item) -> list[str]:
    """The rules of an entry's reasons, in its order."""
    return [reason["rule"] for reason in reasons_of(item)]


def fits(target: Target, item: Item) -> bool:
    """Whether an entry is about the target: its action, or its fact, and the record and the doer if it names them."""
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
    """Whether a step is that role's, or a prohibition touches it; one that names nobody touches everybody."""
    if "by" not in item:
        return bool(item.get("owner") == role)
    doers = item["by"]
    return not doers or role in ([doers] if isinstance(doers, str) else doers)
