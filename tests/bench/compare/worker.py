"""One engine in a process of its own: reads commands as JSON lines, answers with one line each.

`check` gives the rules that hold for each case, `run` the processor time of the answers about them in nanoseconds.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.compare.engines.base import Engine, Unfit, release
from tests.bench.compare.named import ENGINES
from tests.bench.compare.problem import Problem


def checked(engine: Engine, cases: list[Any]) -> list[list[str]]:
    """For each case the rules that hold, in order of id."""
    return [sorted(engine.found(case)) for case in engine.prepared(cases)]


def timed(engine: Engine, cases: list[Any]) -> int:
    """The processor time of this process for the answers; what is prepared is not counted."""
    prepared, answer = engine.prepared(cases), engine.answer
    gc.collect()
    start = time.process_time_ns()
    for case in prepared:
        answer(case)
    return time.process_time_ns() - start


def main(name: str, folder: str, core: int) -> None:
    """Answer until the input ends."""
    os.sched_setaffinity(0, {core})
    module, kind = ENGINES[name]
    problem: Problem = pickle.loads((Path(folder) / "problem").read_bytes())
    made = getattr(import_module(f"tests.bench.compare.engines.{module}"), kind)
    out, sys.stdout = sys.stdout, sys.stderr  # nothing that a package prints may get between the lines
    try:
        engine: Engine = made(problem, Path(folder) / "policy")
    except Unfit as reason:
        print(json.dumps({"unfit": str(reason)}), file=out, flush=True)
        return
    print(json.dumps({"ready": name, "version": release(engine.package)}), file=out, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        do = {"check": checked, "run": timed}[order["do"]]
        print(json.dumps({"found": do(engine, order["cases"])}), file=out, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
