"""Lets the engines take turns: one process each, the same core, the same cases, in an order that changes every round."""

from __future__ import annotations

import json
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs

from tests.bench.compare.cases import Cases
from tests.bench.compare.named import NO_PEERS, PROBLEMS
from tests.bench.compare.problem import Facts, fired

KINDS = ("hot", "mixed", "cold")
POPULAR = 250
"""How many signatures come again."""
ROOT = Path(__file__).parents[3]


@attrs.frozen
class Plan:
    """What to compare: engines by name on a problem, so many cases of each kind, dealt into rounds."""

    problem: str
    engines: Sequence[str]
    cases: int
    rounds: int
    seed: int = 1
    core: int | None = None


class Disagreement(Exception):
    """Two engines do not agree about a case."""


class Worker:
    """The process of one engine."""

    def __init__(self, stack: ExitStack, engine: str, folder: Path, core: int) -> None:
        self.name = engine
        command = [sys.executable, "-m", "tests.bench.compare.worker", engine, str(folder), str(core)]
        self._process = stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        )
        ready = self._line()
        self.unfit: str | None = ready.get("unfit")
        self.version = str(ready.get("version", ""))

    def ask(self, do: str, cases: Sequence[Facts]) -> Any:
        """Give an order and wait."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, "cases": cases}) + "\n")
        self._process.stdin.flush()
        return self._line()["found"]

    def end(self) -> None:
        """Let the process end."""
        self._process.communicate()

    def _line(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with exit code {self._process.wait()}")
        return json.loads(line)


def compare(plan: Plan) -> dict[str, Any]:
    """Check that all engines agree on all cases, then time them; raises `Disagreement`."""
    maker = PROBLEMS[plan.problem]()
    problem = maker.problem()
    drawn = Cases(problem, maker.case, plan.seed, POPULAR)
    streams = {kind: drawn.stream(kind, plan.cases) for kind in KINDS}
    warm = [*drawn.popular, *drawn.stream("cold", 50)]
    everything = [*warm, *(case for each in streams.values() for case in each)]
    expected = [sorted(fired(problem, case)) for case in everything]
    core = max(os.sched_getaffinity(0)) if plan.core is None else plan.core
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "problem").write_bytes(pickle.dumps(problem))
        (Path(folder) / "policy").mkdir()
        maker.write(Path(folder) / "policy")

        def start(stack: ExitStack, engine: str) -> Worker:
            return Worker(stack, engine, Path(folder), core)

        unfit: dict[str, str] = {}
        for name in plan.engines:
            with ExitStack() as stack:
                worker = start(stack, name)
                if worker.unfit is not None:
                    unfit[name] = worker.unfit
                    continue
                _agree(name, everything, worker.ask("check", everything), expected)
                worker.end()
        with ExitStack() as stack:
            workers = [start(stack, name) for name in plan.engines if name not in unfit]
            times = {kind: _taking_turns(workers, streams[kind], warm, plan.rounds) for kind in KINDS}
            versions = {worker.name: worker.version for worker in workers}
            for worker in workers:
                worker.end()
    return {
        "problem": problem.name,
        "rules": len(problem.rules),
        "our_rules": problem.ours,
        "facts": len(problem.facts),
        "cases": plan.cases,
        "agreed_on": len(everything),
        "fired": round(statistics.mean(map(len, expected)), 1),
        "versions": versions,
        "unfit": unfit,
        "microseconds": times,
        **ratios(times),
    }


def _agree(
    name: str, cases: Sequence[Facts], found: Sequence[list[str]], expected: Sequence[list[str]]
) -> None:
    pairs = list(zip(cases, found, expected, strict=True))
    wrong = [each for each in pairs if each[1] != each[2]]
    if wrong:
        case, said, right = wrong[0]
        more, less = sorted(set(said) - set(right)), sorted(set(right) - set(said))
        raise Disagreement(
            f"{name} disagrees on {len(wrong)} of {len(pairs)} cases; the first: {json.dumps(case)}: "
            f"it fires {more}, which do not hold, and leaves out {less}"
        )


def _taking_turns(
    workers: Sequence[Worker], cases: Sequence[Facts], warm: Sequence[Facts], rounds: int
) -> dict[str, float]:
    """By engine the median of the rounds: microseconds for one case. No case comes twice."""
    for worker in workers:
        worker.ask("run", warm)
    found: dict[str, list[float]] = {worker.name: [] for worker in workers}
    for number in range(rounds):
        dealt = cases[number::rounds]
        turn = number % len(workers)
        order = [*workers[turn:], *workers[:turn]]
        for worker in order if number % 2 == 0 else reversed(order):
            found[worker.name].append(worker.ask("run", dealt) / len(dealt) / 1000)
    return {name: round(statistics.median(each), 2) for name, each in found.items()}


def ratios(times: dict[str, dict[str, float]]) -> dict[str, Any]:
    """For each kind: the fastest peer's time by ours, and ours by that of hand-written code."""
    found: dict[str, Any] = {}
    for kind, row in times.items():
        peers = {name: each for name, each in row.items() if name not in NO_PEERS}
        for ours, suffix in (("ours", ""), ("ours from data", "_from_data")):
            if ours in row and peers:
                fastest = min(peers, key=peers.__getitem__)
                found["fastest_peer_" + kind] = fastest
                found[f"{kind}_vs_fastest_peer{suffix}"] = round(peers[fastest] / row[ours], 2)
            if ours in row and "hand-written" in row:
                found[f"{kind}_vs_handwritten{suffix}"] = round(row[ours] / row["hand-written"], 2)
    return found
