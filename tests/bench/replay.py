"""How the time for `audit` and `follow` grows with the history: `python -m tests.bench.replay [--json] [COUNT …]`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from escalation_rules import Case, Policy
from tests.bench.histories import history

COUNTS = (10, 30, 100, 300, 1000)
KINDS = ("audit", "follow")


def measured(policy: Policy, kind: str, count: int) -> dict[str, Any]:
    """Processor time, so that a busy machine tells the same as a quiet one; reading the case is not counted."""
    data, end = history(policy.vocabulary, count)
    case: Case = policy.case(data)
    start = time.process_time()
    found = (
        len(policy.audit(case, at=end)) if kind == "audit" else sum(1 for _ in policy.follow(case, until=end))
    )
    spent = time.process_time() - start
    return {"kind": kind, "entries": count, "found": found, "seconds": round(spent, 3),
            "milliseconds_an_entry": round(spent / count * 1000, 2)}  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--engine", choices=("durable", "plain"))
    options = parser.parse_args(arguments)
    policy = Policy.load(engine=options.engine)
    rows = []
    for kind in KINDS:
        for count in options.counts:
            rows.append(measured(policy, kind, count))
            if not options.json:
                print("{kind:7}{entries:6} entries  {seconds:9.3f} s  {milliseconds_an_entry:8.2f} ms an entry  ({found} found)"
                      .format(**rows[-1]), flush=True)  # fmt: skip
    if options.json:
        print(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
