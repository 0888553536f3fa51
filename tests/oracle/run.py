"""The long run: many policies, many cases each, decided by the oracle and by both engines.

    python -m tests.oracle.run --pairs 200000 --seed 1

Prints how many decisions agree; the first that does not is made small and shown, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

sys.path.append(str(Path(__file__).resolve().parents[2]))

import yaml

from escalation_rules import EscalationRulesError, Policy, PolicyError
from escalation_rules.engine import durable_available
from tests.oracle import naive
from tests.oracle.compare import content, differences, expected
from tests.oracle.dice import Dice, Seeded
from tests.oracle.effects import mappings_in
from tests.oracle.generate import policy, question, write
from tests.oracle.shrink import shrunk

Plain = Any
Engine = Literal["plain", "durable"]
ENGINES: tuple[Engine, ...] = ("plain", "durable")


def main() -> int:
    """Run, print, and say by the exit code whether everything agrees."""
    options = arguments()
    total, started = Counter[str](), time.monotonic()
    number = 0
    while total["pairs"] < options.pairs:
        seed = f"{options.seed}/{number}"
        number += 1
        disagreement = one_policy(seed, options, total)
        if number % 100 == 0:
            print(f"{dict(total)} in {time.monotonic() - started:.0f} s", flush=True)
        if disagreement is not None and options.stop:
            show(*disagreement)
            return 1
        if disagreement is not None:
            print(f"policy {seed}: {disagreement[3]}", flush=True)
    print(f"seed {options.seed}: {dict(total)} in {time.monotonic() - started:.0f} s")
    return 1 if total["disagree"] else 0


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, default=2000, help="how many pairs of a policy and a case")
    parser.add_argument("--cases", type=int, default=25, help="how many of them for each policy")
    parser.add_argument("--seed", default="1")
    parser.add_argument(
        "--review", type=int, default=20, help="check review_at in one of so many pairs; 0: never"
    )
    parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--go-on", dest="stop", action="store_false", help="count disagreements, show none")
    return parser.parse_args()


Found = tuple[dict[str, Plain], dict[str, Plain], datetime, str]


def one_policy(seed: str, options: argparse.Namespace, total: Counter[str]) -> Found | None:
    """Decide the cases of one policy; the first disagreement, if there is one."""
    dice = Seeded(seed)
    made = policy(dice)
    try:
        loaded = [load(made, each) for each in ENGINES if options.engine in {each, "both"}]
    except PolicyError as error:
        if {each.code for each in error.diagnostics} != {"repeated"}:
            raise
        total["policies with an effect that came twice"] += 1
        return None
    total["policies"] += 1
    first: Found | None = None
    for number in range(options.cases):
        case, at = question(dice, made)
        total["pairs"] += 1
        wrong = unlike(made, loaded, case, at)
        if options.review and number % options.review == 0:
            total["reviews"] += 1
            wrong += review_unlike(made, loaded[0], case, at)
        total["disagree" if wrong else "agree"] += 1
        total.update(dict.fromkeys({f"in {part}" for part in wrong}, 1))
        if wrong and first is None:
            first = made, case, at, wrong[0]
    return first


def unlike(
    made: dict[str, Plain], loaded: Iterable[Policy], case: dict[str, Plain], at: datetime
) -> list[str]:
    """The parts of the decision in which the oracle and the policy, as some engine answers, disagree."""
    mine = expected(made, case, at)
    answers = [content(each.decide(case, at=at)) for each in loaded]
    return [part for theirs in answers for part in mine if mine[part] != theirs[part]]


def review_unlike(
    made: dict[str, Plain], loaded: Policy, case: dict[str, Plain], at: datetime, most: int | None = None
) -> list[str]:
    """`review_at` if the two disagree on it; the oracle tries no more than `most` instants."""
    claimed = loaded.decide(case, at=at).review_at
    return ["review_at"] if naive.review_at(made, case, at, claimed, most) != claimed else []


def show(made: dict[str, Plain], case: dict[str, Plain], at: datetime, part: str) -> None:
    """Print a disagreement, as small as it can be made."""
    print(story(made, case, at, part))


def story(made: dict[str, Plain], case: dict[str, Plain], at: datetime, part: str) -> str:
    """A disagreement on one part of a decision, as small as it can be made, and what both sides say."""

    def fails(data: Plain) -> bool:
        if any(not each.get("first_that_applies", True) for each in mappings_in(data)):
            return False
        try:
            made, case = data["policy"], data["case"]
            if part == "review_at":
                return bool(review_unlike(made, load(made), case, at))
            return part in unlike(made, engines(made), case, at)
        except (EscalationRulesError, LookupError, TypeError, AttributeError, StopIteration, ValueError):
            return False

    small = {"policy": made, "case": case}
    if fails(small):
        small = shrunk(small, fails)
    made, case = small["policy"], small["case"]
    lines = [f"at {at.isoformat()}, {part}:", as_yaml(small), *differences(made, load(made), case, at)]
    if part == "review_at":
        claimed = load(made).decide(case, at=at).review_at
        lines += [
            f"oracle  {naive.review_at(made, case, at, claimed)}",
            f"library {claimed}",
        ]
    return "\n".join(lines)


def load(made: dict[str, Plain], engine: Engine = "plain") -> Policy:
    """The policy as the library reads it."""
    with tempfile.TemporaryDirectory() as folder:
        return Policy.load(write(made, Path(folder)), engine=engine)


def disagreement(
    name: str,
    policy: Callable[[Dice], Plain],
    history: Callable[[Dice], Plain],
    pairs: int,
    moments: Callable[[Dice], Iterable[datetime]],
) -> Plain:
    """The first decision about directed policies and histories, drawn by this name, in which the oracle and the library
    differ, with all that it takes to see it; None if they agree."""
    dice = Seeded(name)
    made = policy(dice)
    loaded = load(made)
    for _ in range(pairs):
        whole = history(dice)
        for at in moments(dice):
            if found := differences(made, loaded, whole, at):
                return found, made["rulesets"], whole, at
    return None


def engines(made: dict[str, Plain]) -> list[Policy]:
    """The policy for each engine that is here."""
    return [load(made, each) for each in ENGINES if each == "plain" or durable_available()]


def as_yaml(data: Plain) -> str:
    """Plain data for people."""
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)
    return text


if __name__ == "__main__":
    sys.exit(main())
