"""What record batches cost beside plain decisions, on one core: `python -m tests.bench.batches [ROUNDS]`.

Each round decides the same cases one by one, reads the parts of which the columns are made, and then decides them as batches.
Only the ratio says something: it is of processor time, within one run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any

import pyarrow as pa

from escalation_rules import Policy
from escalation_rules.integrations.batch.arrow import DecideBatches

AT = datetime(2026, 3, 3, tzinfo=UTC)
CASES = 400
MOODS = ("calm", "uneasy", "upset", "furious")


def data(number: int) -> dict[str, Any]:
    """A case of two facts and one charge, each other than the others."""
    opened = datetime(2026, 3, 2, number % 12, number % 60, tzinfo=UTC).isoformat()
    charge = {
        "id": "c",
        "kind": "delivery",
        "amount": 100 + number,
        "open": True,
        "disputed": number % 3 == 0,
    }
    return {"id": f"C-{number}", "currency": "TWD", "charges": [charge],
            "facts": {"case.opened_at": opened, "customer.temperature": MOODS[number % 4]}}  # fmt: skip


def row(case: dict[str, Any]) -> dict[str, Any]:
    return {"id": case["id"], "currency": case["currency"], "charges": case["charges"], **case["facts"]}


def one_by_one(policy: Policy, cases: list[dict[str, Any]]) -> int:
    """Decide, and read what the columns say."""
    said = 0
    for each in cases:
        decision = policy.decide(each, at=AT)
        said += len(decision.plan) + len(decision.missing) + (decision.phase is not None)
        said += sum(one.wanted for one in decision.forbidden) + sum(one.wanted for one in decision.held)
    return said


def spent(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main(rounds: int) -> None:
    policy = Policy.load()
    decide = DecideBatches(policy, at=AT)
    cases = [data(number) for number in range(CASES)]
    batches = pa.Table.from_pylist([row(each) for each in cases]).to_batches(max_chunksize=100)
    works = (partial(one_by_one, policy, cases), lambda: list(decide(batches)))
    for each in works:  # what is remembered is remembered by both
        spent(each)
    pairs = [(spent(works[0]), spent(works[1])) for _ in range(rounds)]
    for before, after in pairs:
        print(
            f"plain {before / CASES * 1e6:6.0f} µs a case, batches {after / CASES * 1e6:6.0f} µs, {after / before - 1:+.1%}"
        )
    print(f"median {median(after / before for before, after in pairs) - 1:+.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
