"""What a decision costs here and with other engines: `python -m tests.bench.compare [--json] [--cases N] [--rounds N]`.

Needs the extra `[bench]`. All engines are given the same rules and cases, and have to agree on the rules that hold for
every case before anything is timed. Each runs in a process of its own, pinned to one core, and they take turns.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from tests.bench.compare.named import ENGINES, PROBLEMS, missing
from tests.bench.compare.report import table
from tests.bench.compare.turns import Plan, compare


def main(arguments: Sequence[str]) -> int:
    """Compare, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.compare", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--cases", type=int, default=5000, help="cases of each run (default: 5000)")
    parser.add_argument(
        "--rounds", type=int, default=10, help="into how many turns they are dealt (default: 10)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--core", type=int, help="the core that all engines are pinned to (default: the last)"
    )
    parser.add_argument("--problem", choices=PROBLEMS, action="append", help="default: all")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="default: all that are installed")
    options = parser.parse_args(arguments)
    wanted = options.engine or list(ENGINES)
    absent = {each: module for each in wanted if (module := missing(each))}
    for name, module in absent.items():
        print(f"{name} is left out: {module} is not installed", file=sys.stderr)
    engines = [each for each in wanted if each not in absent]
    results = [
        compare(Plan(each, engines, options.cases, options.rounds, options.seed, options.core))
        for each in options.problem or PROBLEMS
    ]
    print(json.dumps(results, indent=2) if options.json else "\n\n".join(map(table, results)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
