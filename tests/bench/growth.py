"""How time grows with the size of what is passed: `python -m tests.bench.growth [--json] [--seconds N] [NAME …]`.

Each curve doubles its size until one call takes so many seconds, and tells the exponent of the last doublings: 1 is
linear, 2 a square. `tests/robust/test_growth.py` bounds the number of function calls of the same curves.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from escalation_rules import Case, Policy

NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
Data = dict[str, Any]
MAX = 10_000
"""Items of one list."""


def iso(minutes: float) -> str:
    """So many minutes before now."""
    return (NOW - timedelta(minutes=minutes)).isoformat()


def base(**more: Any) -> Data:
    """A case with a few facts."""
    facts = {"case.opened_at": iso(3000), "case.kind": "complaint", "case.channel": "phone"}
    return {"id": "T", "currency": "TWD", "facts": facts, **more}


def charges(count: int) -> list[Data]:
    return [
        {"id": f"c{n}", "amount": 100 + n % 7, "open": n % 3 > 0, "disputed": n % 2 > 0, "kind": "delivery", "charged_at": iso(n)}
        for n in range(count)
    ]  # fmt: skip


def damages(count: int) -> list[Data]:
    return [
        {"id": f"d{n}", "what": "dent", "evident": n % 2 > 0, "reported_at": iso(n)} for n in range(count)
    ]


def claims(count: int) -> list[Data]:
    return [{"id": f"k{n}", "statement": "so", "answered": n % 2 > 0} for n in range(count)]


def contacts(count: int) -> list[Data]:
    return [{"id": f"t{n}", "at": iso(n), "outcome": "reached", "noted": n % 2 > 0} for n in range(count)]


def acts(count: int, action: str = "express_regret", **more: Any) -> list[Data]:
    return [{"id": f"a{n}", "action": action, "by": "frontline", "at": iso(n), **more} for n in range(count)]


def decided(make: Callable[[int], Data]) -> Callable[[Policy, int], Callable[[], object]]:
    """Reads the case, and decides all parts of it."""

    def curve(policy: Policy, count: int) -> Callable[[], object]:
        data = make(count)
        return lambda: policy.decide(data, at=NOW).to_dict(review=False)

    return curve


def reviewed(make: Callable[[int], Data]) -> Callable[[Policy, int], Callable[[], object]]:
    """Asks when to look again."""

    def curve(policy: Policy, count: int) -> Callable[[], object]:
        read = policy.case(make(count))
        return lambda: policy.decide(fresh(policy, read), at=NOW).review_at

    return curve


def fresh(policy: Policy, read: Case) -> Case:
    """The same case, of which nothing is remembered."""
    return Case(read.id, read.currency, read.entries, read.acts, read.vocabulary)


def followed(make: Callable[[int], Data]) -> Callable[[Policy, int], Callable[[], object]]:
    """All decisions of a history."""

    def curve(policy: Policy, count: int) -> Callable[[], object]:
        data = make(count)
        return lambda: sum(1 for _ in policy.follow(data, until=NOW))

    return curve


def in_history(make: Callable[[int], list[Data]], name: str) -> Callable[[int], Data]:
    """A history with one entry for each record."""

    def made(count: int) -> Data:
        history: list[Data] = [{"at": iso(3000 + count), "facts": {"case.opened_at": iso(3000 + count)}}]
        history += [{"at": iso(count - n), name: [each]} for n, each in enumerate(make(count))]
        return {"id": "T", "currency": "TWD", "history": history}

    return made


def every_list(policy: Policy, count: int) -> Callable[[], object]:
    """As many records in every list of the policy."""
    data = base(**{name: [{"id": f"{name}{n}"} for n in range(count)] for name in policy.vocabulary.records})
    return lambda: policy.decide(data, at=NOW).to_dict(review=False)


CURVES: dict[str, Callable[[Policy, int], Callable[[], object]]] = {
    "charges": decided(lambda n: base(charges=charges(n))),
    "claims": decided(lambda n: base(claims=claims(n))),
    "contacts": decided(lambda n: base(contacts=contacts(n))),
    "charges × damages": decided(lambda n: base(charges=charges(n), damages=damages(n))),
    "claims × evidence": decided(
        lambda n: base(
            claims=claims(n),
            evidence=[{"id": f"e{i}", "claim": f"k{i % n}", "kind": "document"} for i in range(n)],
        )
    ),
    "questions": decided(lambda n: base(questions=[{"id": f"q{i}", "asked_at": iso(i)} for i in range(n)])),
    "acts": decided(lambda n: base(acts=acts(n))),
    "acts about the case": decided(lambda n: base(acts=acts(n, "offer_gift"))),
    "acts about records": decided(
        lambda n: base(
            charges=charges(n),
            acts=[
                {"id": f"a{i}", "action": "waive_charge", "by": "frontline", "at": iso(i), "about": f"c{i}"}
                for i in range(n)
            ],
        )
    ),
    "every list": every_list,
    "review of acts": reviewed(lambda n: base(acts=acts(n))),
    "review of questions": reviewed(
        lambda n: base(questions=[{"id": f"q{i}", "asked_at": iso(i)} for i in range(n)])
    ),
    "review of charges": reviewed(lambda n: base(charges=charges(n))),
    "follow contacts": followed(in_history(contacts, "contacts")),
    "follow acts": followed(
        lambda n: {
            "id": "T",
            "currency": "TWD",
            "history": [{"at": iso(3000 + n), "acts": acts(n)[::-1]}],
        }
    ),
}


def measured(policy: Policy, name: str, limit: float) -> Data:
    """Sizes and seconds of one curve, and the exponent of its last doublings."""
    points: list[tuple[int, float]] = []
    count = 40
    while count <= MAX:
        task = CURVES[name](policy, count)
        started = time.process_time()
        task()
        points.append((count, time.process_time() - started))
        if points[-1][1] > limit:
            break
        count = MAX if count < MAX < 2 * count else 2 * count
    return {"curve": name, "points": points, "exponent": exponent(points)}


def exponent(points: list[tuple[int, float]]) -> float | None:
    """That of the last two doublings, if there are so many."""
    if len(points) < 3:
        return None
    (low, fast), (high, slow) = points[-3], points[-1]
    return math.log(slow / fast) / math.log(high / low)


def main() -> None:
    """Read the command line, and print a line for each curve."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", default=list(CURVES))
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    policy = Policy.load()
    for name in given.names:
        found = measured(policy, name, given.seconds)
        if given.json:
            print(json.dumps(found, ensure_ascii=False), flush=True)
            continue
        power = "-" if found["exponent"] is None else f"{found['exponent']:.2f}"
        points = "  ".join(f"{count}: {seconds:.2f} s" for count, seconds in found["points"])
        print(f"{name:22} n^{power:5} {points}", flush=True)


if __name__ == "__main__":
    main()
