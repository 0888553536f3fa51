"""Long histories of one complaint under the built-in policy, always the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from escalation_rules.policy.vocabulary import Vocabulary

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
PEOPLE = {
    "wang": "customer",
    "mei": "frontline",
    "lin": "case_owner",
    "chen": "care_line",
    "wu": "brand_owner",
    "hsu": "field_service",
    "kao": "accounts",
    "partner-1": "partner",
    "lawyer-1": "legal",
}
FACTS: dict[str, tuple[Any, ...]] = {
    "customer.temperature": ("calm", "uneasy", "upset", "furious"),
    "customer.need": ("a working machine", "an apology", "the money back"),
    "customer.satisfied": (True, False, None),
    "customer.wants_money": (True, False),
    "problem.diagnosed": (True, False, None),
    "problem.solved_at": ("now", None),
    "cause.product_at_fault": (True, False, None),
    "product.in_warranty": (True, False),
    "service.stuck": (True, False),
    "hazard.happened": (True, False),
    "people.injured": (False, None),
}
SHARES = {
    "contacts": 30,
    "acts": 30,
    "questions": 6,
    "answers": 6,
    "promises": 5,
    "claims": 3,
    "evidence": 4,
    "charges": 3,
    "losses": 2,
    "damages": 1,
    "signals": 1,
    "appointments": 2,
    "facts": 7,
}


def history(
    vocabulary: Vocabulary, count: int, seed: int = 9, open_ones: int | None = None
) -> tuple[dict[str, Any], datetime]:
    """A case of so many entries, minutes to hours apart, and the instant after the last of them.

    With `open_ones`, no more than so many questions, promises and so on are open at a time: the oldest is settled before
    another comes. Without, most stay open for ever.
    """
    return _Writer(vocabulary, seed, open_ones).written(count)


class _Writer:
    def __init__(self, vocabulary: Vocabulary, seed: int, open_ones: int | None) -> None:
        self.vocabulary = vocabulary
        self.chance = random.Random(seed)
        self.open_ones = open_ones
        self.unsettled: dict[str, list[str]] = {}
        self.ids: dict[str, list[str]] = {"parties": list(PEOPLE)}
        self.at = START
        roles = {
            name: {role for person, role in PEOPLE.items() if role in action.by}
            for name, action in vocabulary.actions.items()
        }
        self.doable = [name for name, action in vocabulary.actions.items() if not action.by or roles[name]]

    def written(self, count: int) -> tuple[dict[str, Any], datetime]:
        first = {
            "at": self.stamp(),
            "facts": {
                "case.opened_at": self.stamp(),
                "case.owner": "lin",
                "case.jurisdiction": "taiwan",
                "customer.temperature": "upset",
                "customer.demand": "the money back",
            },
            "parties": [{"id": name, "role": role, "person": name} for name, role in PEOPLE.items()],
        }
        entries = [first]
        kinds, weights = zip(*SHARES.items(), strict=True)
        while len(entries) < count:
            self.at += timedelta(minutes=self.chance.choice((5, 20, 45, 90, 240)))
            kind = self.chance.choices(kinds, weights)[0]
            entries.append({"at": self.stamp(), **self.entry(kind)})
        case = {"id": "long", "currency": "TWD", "history": entries}
        return case, self.at + timedelta(hours=1)

    def stamp(self, hours: float = 0) -> str:
        return (self.at + timedelta(hours=hours)).isoformat()

    def entry(self, kind: str) -> dict[str, Any]:
        if kind == "acts":
            return {"acts": [self.act()]}
        if kind == "facts":
            name = self.chance.choice(list(FACTS))
            value = self.chance.choice(FACTS[name])
            return {"facts": {name: self.stamp() if value == "now" else value}}
        waiting = self.unsettled.setdefault(kind, [])
        if self.open_ones is not None and len(waiting) >= self.open_ones and kind in _LATER:
            key = waiting.pop(0)
            fields = self.filled(_LATER[kind])
            step = _DONE.get(kind)
            act = {"action": step, "by": "lin", "about": key} if step else None
            return {kind: [{"id": key, **fields}], **({"acts": [act]} if act else {})}
        if self.open_ones is None and kind in self.ids and self.chance.random() < 0.2 and kind in _LATER:
            return {kind: [{"id": self.one(kind), **self.filled(_LATER[kind])}]}
        if kind in _NEEDS and _NEEDS[kind] not in self.ids:
            return self.entry(_NEEDS[kind])
        key = f"{kind[:3]}-{len(self.ids.setdefault(kind, []))}"
        self.ids[kind].append(key)
        waiting.append(key)
        return {kind: [{"id": key, **self.filled(_FIRST[kind])}]}

    def filled(self, fields: Mapping[str, Callable[[_Writer], Any]]) -> dict[str, Any]:
        return {name: value(self) for name, value in fields.items()}

    def one(self, kind: str) -> str:
        return self.chance.choice(self.ids[kind])

    def act(self) -> dict[str, Any]:
        while True:
            action = self.vocabulary.actions[self.chance.choice(self.doable)]
            about = action.about if action.about in self.vocabulary.records else None
            if about is None or about in self.ids:
                break
        doers = [
            name
            for name, role in PEOPLE.items()
            if role != "customer" and (not action.by or role in action.by)
        ]
        act = {
            "action": action.name,
            "by": self.chance.choice(doers),
            "outcome": self.chance.choice(action.outcomes),
        }
        return act | ({"about": self.one(about)} if about else {})


def _now(writer: _Writer) -> str:
    return writer.stamp()


def _later(writer: _Writer) -> str:
    return writer.stamp(writer.chance.choice((4, 24, 72)))


def _of(*values: Any) -> Callable[[_Writer], Any]:
    return lambda writer: writer.chance.choice(values)


_NEEDS = {"answers": "questions", "evidence": "claims"}
_FIRST: dict[str, dict[str, Callable[[_Writer], Any]]] = {
    "contacts": {"made_by": _of("wang", "mei", "lin"), "made_to": _of("lin", "wang"), "at": _now,
                 "outcome": _of("reached", "no_answer", "reached"), "noted": _of(True, False)},
    "questions": {"asked_by": _of("wang"), "text": _of("When?", "Why?"), "asked_at": _now},
    "answers": {"question": lambda writer: writer.one("questions"), "spoken_by": _of("lin", "chen"), "given_at": _now,
                "found": _of("a worn seal"), "will_do": _of("replace it"), "who": _of("hsu"), "by_when": _later,
                "convincing": _of(True, False)},
    "promises": {"promised_by": _of("lin", "chen"), "promised_to": _of("wang"), "what": _of("a call"), "made_at": _now,
                 "due_at": _later},
    "claims": {"made_by": _of("wang"), "against": _of("partner-1", "wu"), "statement": _of("It leaks."),
               "answered": _of(True, False)},
    "evidence": {"claim": lambda writer: writer.one("claims"), "supplied_by": _of("wang", "partner-1"),
                 "kind": _of("photo", "document"), "stance": _of("supports", "contradicts"), "direct": _of(True, False)},
    "charges": {"kind": _of("service", "delivery"), "amount": _of(200, 800), "open": _of(True, False),
                "disputed": _of(True, False), "charged_at": _now},
    "losses": {"what": _of("a day off"), "amount": _of(500, 1500), "connected": _of(True, False, None)},
    "damages": {"what": _of("a scratch"), "evident": _of(True, False), "caused_by": _of("carrier", "unclear"),
                "reported_at": _now},
    "signals": {"kind": _of("media", "regulator", "posting"), "at": _now, "words": _of("I will post this.")},
    "appointments": {"arranged_by": _of("lin"), "kind": _of("visit", "call_back"), "at": _later, "state": _of("pending")},
}  # fmt: skip
_LATER: dict[str, dict[str, Callable[[_Writer], Any]]] = {
    "questions": {"answered_at": _now},
    "promises": {"kept_at": _now},
    "claims": {"answered": _of(True)},
    "charges": {"open": _of(False)},
    "losses": {"connected": _of(True)},
    "appointments": {"state": _of("kept", "missed", "cancelled")},
    "contacts": {"noted": _of(True)},
}
"""What an entry says of a record that is there already."""
_DONE = {"losses": "pay_loss"}
"""What is done with it as well, in a history in which things are settled."""
