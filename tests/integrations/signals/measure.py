"""How right the built-in lexicon is on texts of real customers: `python -m tests.integrations.signals.measure TURNS.jsonl`.

The texts are not part of this project: `data/README.md` says where they come from and in which form they are read. What is kept
here is what was made here: the labels, what was proposed, and of each text a digest that names it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from escalation_rules.integrations.signals import Proposal, propose
from escalation_rules.integrations.signals import lexicon as room

DATA = Path(__file__).parent / "data" / "measured.json"
PARTS = ("learnt", "sealed", "unread")
_CURRENCY = {"reviews-zh": "CNY"}
_SIGNALS = {
    "hazard.happened": "hazard", "people.injured": "injury", "people.at_risk": "unwell", "customer.wants_money": "refund",
    "customer.wants_to_return": "return", "customer.declined_gifts": "gift_declined", "customer.needed_by": "needed_by",
    "future_order.items": "future_order", "contacts": "repeated_contact", "problem.occurrences": "repeated_fault",
    "promises": "promise", "charges": "amount", "losses": "loss", "questions": "question",
}  # fmt: skip
_DEMANDS = ("replacement", "cancellation", "contact", "apology")
_ONLY_IN = {"question": "twitter-care", "amount": "twitter-care"}
"""Signals that were labelled in one set only; questions in a part of it."""


def signal_of(proposal: Proposal) -> str:
    """What a proposal is counted as: the kind of a signal, or a short name of the fact."""
    if isinstance(proposal.value, Mapping) and proposal.path == "signals":
        return str(proposal.value["kind"])
    if proposal.path == "customer.demand":
        return next((each for each in _DEMANDS if proposal.rule.endswith(each)), "demand")
    return _SIGNALS[proposal.path]


def lexicon_digest() -> str:
    """A digest of the built-in lexicon's files: what was measured."""
    folder = Path(room.__file__).parent / "lexicon"
    told = b"".join(each.read_bytes() for each in sorted(folder.glob("*.yaml")))
    return hashlib.sha256(told).hexdigest()[:16]


def load() -> dict[str, Any]:
    """The labels, and what was proposed when it was measured."""
    read: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return read


def totals(data: Mapping[str, Any]) -> dict[str, dict[str, Counter[str]]]:
    """For each signal and part: how many were right, wrong and missed."""
    found: dict[str, dict[str, Counter[str]]] = {}
    for text in data["texts"].values():
        labels, proposed = set(text["labels"]), set(text["proposed"])
        for signal in labels | proposed:
            if not counts(signal, text):
                continue
            outcome = "missed" if signal not in proposed else "right" if signal in labels else "wrong"
            found.setdefault(signal, {part: Counter() for part in PARTS})[text["part"]][outcome] += 1
    return found


def counts(signal: str, text: Mapping[str, Any]) -> bool:
    if signal == "question" and not text.get("questions"):
        return False
    return signal not in _ONLY_IN or _ONLY_IN[signal] == str(text["set"])


def table(data: Mapping[str, Any]) -> str:
    """The totals as a table in Markdown: `right of proposed, of all`."""
    lines = ["| signal | learnt | sealed | unread |", "|---|---|---|---|"]
    for signal, parts in sorted(totals(data).items()):
        cells = [_cell(parts[part]) for part in PARTS]
        lines.append(f"| {signal} | {' | '.join(cells)} |")
    sums = {part: sum((each[part] for each in totals(data).values()), Counter()) for part in PARTS}
    lines.append(f"| **all** | {' | '.join(_cell(sums[part]) for part in PARTS)} |")
    return "\n".join(lines)


def _cell(count: Counter[str]) -> str:
    right, wrong, missed = count["right"], count["wrong"], count["missed"]
    if not right + wrong + missed:
        return ""
    precision = f"{100 * right // (right + wrong)} %" if right + wrong else "-"
    recall = f"{100 * right // (right + missed)} %" if right + missed else "-"
    return f"{right}/{right + wrong}, {precision}; {right}/{right + missed}, {recall}"


def measured(turns: Path) -> Iterator[tuple[str, list[str]]]:
    """For each text its digest and what is proposed from it today."""
    for line in turns.read_text(encoding="utf-8").splitlines():
        turn = json.loads(line)
        key = hashlib.sha256(f"{turn['set']}\n{turn['text']}".encode()).hexdigest()[:16]
        message = {"id": key, "role": "customer", "text": turn["text"], "at": turn["at"]}
        found = propose([message], currency=_CURRENCY.get(turn["set"], "USD"))
        yield key, sorted({signal_of(each) for each in found})


def main(turns: Path) -> None:
    """Measure again, and write what is proposed today beside the labels."""
    data = load()
    for key, proposed in measured(turns):
        if key in data["texts"]:
            data["texts"][key]["proposed"] = proposed
    data["lexicon"] = lexicon_digest()
    lines = [f"  {json.dumps(key)}: {json.dumps(text)}" for key, text in data["texts"].items()]
    head = {key: value for key, value in data.items() if key != "texts"}
    told = json.dumps(head, indent=1)[:-2] + ',\n "texts": {\n' + ",\n".join(lines) + "\n }\n}\n"
    DATA.write_text(told, encoding="utf-8")
    sys.stdout.write(table(data) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
