"""What a decision costs: `python -m tests.bench.decide [--json] [--engine ENGINE] [--rounds N]`.

The built-in policy with the example cases and a bare case, and 60 generated rules of two to four tests over 40 facts with
40 cases. `decide` reads the plan, `all parts` whatever else but `review_at`, `to_dict` is what it adds to that.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from escalation_rules import Case, Decision, Policy
from escalation_rules.cli.arguments.inputs import read_case
from escalation_rules.texts import LANGUAGES

AT = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "examples" / "cases"
BARE = {"id": "B-1", "facts": {"case.opened_at": "2026-03-03T09:00:00+00:00"}}
PARTS = ("done", "forbidden", "held", "missing", "findings", "conclusions")
RULES, FACTS, CASES = 60, 40, 40
COLOURS = ("red", "green", "blue")
LEVELS = ("low", "mid", "high")
PHASES = ("first", "second", "third")
TYPES: dict[str, dict[str, Any]] = {
    "flag": {"type": "flag"},
    "count": {"type": "count"},
    "choice": {"type": "choice", "values": COLOURS},
    "level": {"type": "level", "values": LEVELS},
}


def generated(seed: int = 7) -> tuple[str, list[dict[str, Any]]]:
    """The text of a policy of 60 rules over 40 typed facts, and cases that leave about a quarter of the facts open."""
    dice = random.Random(seed)
    kinds = [dice.choice(tuple(TYPES)) for _ in range(FACTS)]
    actions = {f"do_{n}": {"by": ["clerk"], "phase": PHASES[n % 3], "about": "case"} for n in range(30)}
    vocabulary = {
        "phases": PHASES,
        "roles": ["clerk"],
        "facts": {"case.opened_at": {"type": "instant"}}
        | {f"x.f{n}": TYPES[kind] for n, kind in enumerate(kinds)},
        "actions": actions,
    }
    lines = ["format: 1", "ruleset: bench", f"vocabulary: {json.dumps(vocabulary)}", "rules:"]
    for number in range(RULES):
        chosen = sorted(dice.sample(range(FACTS), dice.randint(2, 4)))
        when = {"all": [{f"x.f{each}": _test(kinds[each], dice)} for each in chosen]}
        action = f"do_{dice.randrange(30)}"
        hold = {"hold": action, "until": {f"x.f{dice.randrange(FACTS)}": "given"}}
        effect = hold if number % 6 == 4 else {"forbid" if number % 6 == 5 else "recommend": action}
        then = json.dumps([effect]).replace('"given"', "given")  # in quotes it would be a value
        lines += [f"  - id: r{number}", "    because:", *(f"      {each}: reason {number}" for each in LANGUAGES),
                  f"    when: {json.dumps(when)}", f"    then: {then}"]  # fmt: skip
    cases = [
        {
            "id": f"G-{number}",
            "facts": {f"x.f{n}": _value(each, dice) for n, each in enumerate(kinds) if dice.random() < 0.75},
        }
        for number in range(CASES)
    ]
    return "\n".join(lines), cases


def _test(kind: str, dice: random.Random) -> Any:
    match kind:
        case "flag":
            return dice.random() < 0.5
        case "count":
            return {dice.choice(("at_least", "below")): dice.randint(2, 7)}
        case "choice":
            return {"in": sorted(dice.sample(COLOURS, 2))} if dice.random() < 0.5 else dice.choice(COLOURS)
    return {"at_least": dice.choice(LEVELS[1:])}


def _value(kind: str, dice: random.Random) -> Any:
    match kind:
        case "flag":
            return dice.random() < 0.5
        case "count":
            return dice.randint(0, 9)
        case "choice":
            return dice.choice(COLOURS)
    return dice.choice(LEVELS)


def everything(decision: Decision) -> None:
    """Read all parts."""
    for name in PARTS:
        getattr(decision, name)


def median(task: Callable[[], object], rounds: int) -> float:
    """The median of processor times in microseconds, after a round that warms up."""
    task()
    found = []
    for _ in range(rounds):
        start = time.process_time_ns()
        task()
        found.append((time.process_time_ns() - start) / 1000)
    return statistics.median(found)


def measured(policy: Policy, name: str, cases: Sequence[Case], rounds: int) -> dict[str, Any]:
    """What one decision of these costs, on average over the cases, in microseconds."""
    count = len(cases)

    def decide() -> None:
        for case in cases:
            policy.decide(case, at=AT)

    def decide_and_read() -> None:
        for case in cases:
            everything(policy.decide(case, at=AT))

    plan, whole = median(decide, rounds) / count, median(decide_and_read, rounds) / count
    made_ones = [policy.decide(case, at=AT) for case in cases]
    for each in made_ones:
        everything(each)
        _ = each.review_at
    plain = median(lambda: [each.to_dict() for each in made_ones], rounds) / count
    return {
        "policy": name,
        "cases": count,
        "decide": round(plan),
        "all_parts": round(whole),
        "to_dict": round(plain),
    }


def builtin_cases(policy: Policy) -> dict[str, Case]:
    """The example cases, and one that says next to nothing."""
    found = {path.stem: read_case(policy, str(path)) for path in sorted(EXAMPLES.glob("*.yaml"))}
    return found | {"bare": policy.case(BARE)}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--engine", choices=("durable", "plain"))
    parser.add_argument("--rounds", type=int, default=51)
    options = parser.parse_args(arguments)
    policy = Policy.load(engine=options.engine)
    rows = [measured(policy, f"built-in, {name}", [case], options.rounds)
            for name, case in builtin_cases(policy).items()]  # fmt: skip
    text, cases = generated()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bench.yaml").write_text(text, "utf-8")
        made = Policy.load(folder, engine=options.engine)
    rows.append(measured(made, f"{RULES} rules", [made.case(each) for each in cases], options.rounds))
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    print(f"{'microseconds a decision':38}{'decide':>9}{'all parts':>11}{'to_dict':>9}")
    for row in rows:
        print(f"{row['policy']:38}{row['decide']:9}{row['all_parts']:11}{row['to_dict']:9}")


if __name__ == "__main__":
    main(sys.argv[1:])
