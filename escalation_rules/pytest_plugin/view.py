"""A decision's parts as the steps see them, and as a person reads them in a failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from escalation_rules.pytest_plugin.phrases import Target

Item = dict[str, Any]
"""One entry of a decision (a step, a prohibition, a question …) as `to_dict` gives it."""

TITLES = {
    "plan": "the plan",
    "done": "done",
    "forbidden": "forbidden",
    "held": "held",
    "missing": "the questions",
    "findings": "the findings",
    "conclusions": "the conclusions",
    "instead": "instead",
    "breaches": "the breaches",
    "unverified": "unverified",
}
_WORDS = {
    "by": "by",
    "at": "at",
    "due": "due",
    "done_at": "done at",
    "known_from": "known from",
    "within": "within",
    "until": "waits for",
    "needs": "needs",
    "incomplete": "lacks",
    "ask": "ask",
    "needed_by": "needed by",
}
_MOST = 12


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


def name_of(item: Item) -> str:
    """An entry in a few words: `waive_charge about c1`, or its fact."""
    about = item.get("about")
    name = str(item.get("action") or item["fact"])
    return f"{name} about {shown(about)}" if about else name


def described(item: Item) -> str:
    """An entry on one line, with all that a feature can assert of it except its wording."""
    words = [name_of(item), *_details(item)]
    if item.get("because"):
        words.append(f"because of {', '.join(rules_of(item))}")
    return " · ".join(words)


def _details(item: Item) -> Iterator[str]:
    for key in ("kind", "phase", "owner"):
        if item.get(key):
            yield str(item[key])
    for key, word in _WORDS.items():
        if item.get(key):
            yield f"{word} {shown(item[key])}"
    if item.get("overdue"):
        yield "overdue"
    if item.get("wanted"):
        wanting = [reason["rule"] for reason in item["because"] if reason["effect"] == "recommend"]
        yield f"wanted by {', '.join(wanting)}" if wanting else "wanted"
    for key, value in (item.get("params") or {}).items():
        yield f"{key} {shown(value)}"
    if "value" in item:
        yield shown(item["value"])


def shown(value: Any) -> str:
    """A plain value as it would be written in a feature."""
    if value is None or isinstance(value, bool):
        return {None: "unknown", True: "true", False: "false"}[value]
    if isinstance(value, dict) and "amount" in value:
        return f"{value['amount']} {value.get('currency') or ''}".strip()
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(each)}" for key, each in value.items())
    return str(value)


def part_lines(answer: Item, part: str) -> list[str]:
    """A part of a decision, verdict or audit, a line for each entry, cut where it gets long."""
    items = items_of(answer, part)
    title = TITLES[part.partition(" ")[0]] + (" although wanted" if " " in part else "")
    title += f" at {answer['at']}" if "at" in answer else ""
    if not items:
        return [f"{title}: nothing"]
    lines = [f"{number}. {described(item)}" for number, item in enumerate(items[:_MOST], 1)]
    rest = [f"… and {len(items) - _MOST} more"] if len(items) > _MOST else []
    return [f"{title}:", *(f"  {line}" for line in lines + rest)]


def elsewhere(decision: Item, action: str, not_in: Sequence[str] = ()) -> list[str]:
    """Where else the decision speaks of an action: a line for each entry."""
    return [
        f"it is {'in the plan' if part == 'plan' else part}: {described(item)}"
        for part in ("plan", "done", "forbidden", "held")
        if part not in not_in
        for item in items_of(decision, part)
        if item.get("action") == action
    ]
