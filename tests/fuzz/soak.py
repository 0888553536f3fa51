"""Decisions by the million in one process, with the memory measured: `python -m tests.fuzz.soak [--minutes N] [--engine ENGINE]`.

Three kinds in turn: hot (cases that were decided before), cold (a new case each time, of the size of real ones), hostile
(fuzzed data, most of which is refused). Ends with 1 if memory grew after the first fifth of the time by more than 5 %.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

from escalation_rules import EscalationRulesError, Policy
from tests.fuzz.mutation import changed
from tests.fuzz.targets import NOW, POLICY

CORPUS = Path(__file__).with_name("corpus")
MOST_GROWTH = 0.05


def memory() -> int:
    """KB that this process holds now."""
    gc.collect()
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS"))


class Soak:
    """Asks one policy for ever."""

    def __init__(self, engine: str) -> None:
        self.policy = Policy.load(POLICY, engine=engine)  # type: ignore[arg-type]
        self.dice = random.Random("soak")
        self.plain = [json.loads(each.read_bytes()) for each in sorted((CORPUS / "case").glob("*.json"))]
        self.known = [self.policy.case(each) for each in self.plain]
        self.done = {"hot": 0, "cold": 0, "hostile": 0, "refused": 0}

    def round(self) -> None:
        """A few hundred decisions of each kind."""
        for case in self.known:
            for minutes in range(60):
                self.policy.decide(case, at=NOW + timedelta(minutes=minutes)).to_dict("en", review=False)
                self.done["hot"] += 1
        for _ in range(200):
            case = json.loads(json.dumps(self.dice.choice(self.plain)))
            case["id"] = f"T-{self.done['cold']}"
            facts = case.get("facts", {})
            for holder in (facts, *(each for each in facts.values() if isinstance(each, dict))):
                for name, value in holder.items():
                    if not isinstance(value, dict) and self.dice.random() < 0.3:
                        holder[name] = None
            at = NOW + timedelta(seconds=self.dice.randrange(10**7))
            self.policy.decide(case, at=at).to_dict(review=False)
            self.done["cold"] += 1
        for _ in range(200):
            self.done["hostile"] += 1
            try:
                data = changed(json.loads(json.dumps(self.dice.choice(self.plain))), self.dice)
                self.policy.decide(data, at=NOW).to_dict(review=False)
            except EscalationRulesError as error:
                str(error)
                self.done["refused"] += 1


def main() -> int:
    """Read the command line, and tell the memory ten times."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--engine", choices=("durable", "plain"), default="plain")
    given = parser.parse_args()
    soak = Soak(given.engine)
    held: list[int] = []
    started = time.monotonic()
    for part in range(1, 11):
        while time.monotonic() - started < given.minutes * 6 * part:
            soak.round()
        held.append(memory())
        print(f"{part * 10} %: {held[-1]:,} KB, {soak.done}", flush=True)
    growth = held[-1] / held[1] - 1
    print(
        f"memory after the first fifth: {growth:+.1%}; failures of the engine: {soak.policy.engine_failures}"
    )
    return int(growth > MOST_GROWTH or soak.policy.engine_failures > 0)


if __name__ == "__main__":
    sys.exit(main())
