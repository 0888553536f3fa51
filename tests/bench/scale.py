"""Many generated histories, replayed in processes of this machine and on Spark: the same result, byte for byte?

    python -m tests.bench.scale --histories 100000 --workers 2 --spark --log scale.jsonl

Works in slices, so that a long run can be stopped: each slice is done in every way, compared, and written to the log as one
line; a slice that is in the log is not done again, if policy and version are the same. Tells histories a second and the digest
of all that came out, in order of id, for each way; ends with 1 if they differ. `nox -s scale -- --histories 100000` runs it in an
environment with Spark (needs Java).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
from pyarrow import parquet

from escalation_rules import Policy
from escalation_rules.integrations.batch.arrow import ReplayBatches, in_processes, spark_schema
from tests.bench.histories import START, history

ROOT = Path(__file__).parents[2]
UNTIL = START + timedelta(days=1)
"""The histories end on the first day; a longer time would measure how far a replay looks ahead."""
ENTRIES = (2, 3, 4, 5, 6)
"""How many entries the histories have, in turn."""
ROWS = 20
"""Histories in one batch."""
SCHEMA = pa.schema([("id", pa.string()), ("case", pa.string())])

Row = dict[str, Any]
Way = Callable[[range], Iterable[Row]]
"""Replays the histories of these seeds."""


def generated(policy: Policy, seeds: Iterable[int]) -> Iterator[pa.RecordBatch]:
    """The histories of these seeds, each other than the others."""
    rows = []
    for seed in seeds:
        data, _ = history(policy.vocabulary, ENTRIES[seed % len(ENTRIES)], seed=seed, open_ones=2)
        name = f"H-{seed:07}"
        rows.append({"id": name, "case": json.dumps({**data, "id": name}, ensure_ascii=False)})
        if len(rows) == ROWS:
            yield pa.RecordBatch.from_pylist(rows, SCHEMA)
            rows = []
    if rows:
        yield pa.RecordBatch.from_pylist(rows, SCHEMA)


@attrs.frozen
class Processes:
    """A pool of processes, which is kept from slice to slice."""

    policy: Policy
    rows: Iterator[Row]

    @classmethod
    def over(cls, policy: Policy, function: ReplayBatches, slices: list[range], workers: int) -> Processes:
        batches = (batch for seeds in slices for batch in generated(policy, seeds))
        out = in_processes(function, batches, workers=workers)
        return cls(policy, (row for batch in out for row in batch.to_pylist()))

    def __call__(self, seeds: range) -> Iterator[Row]:
        for _ in seeds:
            yield next(self.rows)


@attrs.frozen
class Spark:
    """Spark's `mapInArrow` on this machine."""

    policy: Policy
    function: ReplayBatches
    session: Any
    folder: Path

    @classmethod
    def started(cls, policy: Policy, function: ReplayBatches, workers: int, stack: ExitStack) -> Spark:
        from pyspark.sql import SparkSession

        os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
        os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        session = (
            SparkSession.builder.master(f"local[{workers}]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS))
            .config("spark.driver.memory", "2g")
            .config("spark.local.dir", str(folder))
            .getOrCreate()
        )
        stack.callback(session.stop)
        return cls(policy, function, session, folder)

    def __call__(self, seeds: range) -> list[Row]:
        path = self.folder / f"{seeds.start}.parquet"
        parquet.write_table(pa.Table.from_batches(generated(self.policy, seeds), SCHEMA), path)
        frame = self.session.read.parquet(str(path)).repartition(8)
        rows = frame.mapInArrow(self.function, spark_schema(self.function.schema)).collect()
        path.unlink()
        return [row.asDict() for row in rows]


@attrs.frozen
class Done:
    """What one way made of one slice."""

    run: str
    way: str
    first: int
    rows: int
    errors: int
    seconds: float
    digest: str


def summed_up(rows: Iterable[Row]) -> tuple[int, int, str]:
    """How many rows there are, how many are errors, and a digest of all their bytes in order of id."""
    digests: dict[str, bytes] = {}
    errors = 0
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
        digests[str(row["id"])] = hashlib.sha256(text.encode()).digest()
        errors += row["error"] is not None
    whole = hashlib.sha256(b"".join(digests[key] for key in sorted(digests)))
    return len(digests), errors, whole.hexdigest()


def known(log: Path | None, run: str) -> list[Done]:
    """What is in the log of a run with the same policy, slices and end."""
    if log is None or not log.exists():
        return []
    lines = (Done(**json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines() if line)
    return [each for each in lines if each.run == run]


def measured(slices: list[range], ways: dict[str, Way], log: Path | None, run: str) -> Iterator[Done]:
    """Each slice in every way; the log has a line for each."""
    for seeds in slices:
        for name, way in ways.items():
            started = time.monotonic()
            rows, errors, digest = summed_up(way(seeds))
            took = round(time.monotonic() - started, 1)
            done = Done(run, name, seeds.start, rows, errors, took, digest)
            if log is not None:
                with log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(attrs.asdict(done)) + "\n")
            print(f"{name} from {seeds.start}: {rows} in {took} s, {digest[:16]}", flush=True)
            yield done


def main() -> int:
    """Read the command line, and tell the figures of each way."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--slice", type=int, default=1000, help="histories that are compared at a time")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--log", type=Path, help="continue the run that is written there")
    parser.add_argument("--policy", nargs="+", default=[], help="layers (default: the built-in policy)")
    given = parser.parse_args()
    policy = Policy.load(*given.policy)
    function = ReplayBatches(policies=(policy,), until=UNTIL)
    total, size = given.histories, given.slice
    names = ["processes", *(["spark"] if given.spark else [])]
    run = f"{policy.digest}, {UNTIL.isoformat()}, slices of {size}"
    done = known(given.log, run)
    slices = [range(start, min(start + size, total)) for start in range(0, total, size)]
    found = {(each.way, each.first): each for each in done if each.first < total}
    left = [seeds for seeds in slices if any((name, seeds.start) not in found for name in names)]
    with ExitStack() as stack:
        ways: dict[str, Way] = {}
        if left:
            ways["processes"] = Processes.over(policy, function, left, given.workers)
            if given.spark:
                ways["spark"] = Spark.started(policy, function, given.workers, stack)
        found |= {(each.way, each.first): each for each in measured(left, ways, given.log, run)}
    same = True
    for name in names:
        parts = [found[name, seeds.start] for seeds in slices]
        rows, seconds = sum(each.rows for each in parts), sum(each.seconds for each in parts)
        whole = hashlib.sha256("".join(each.digest for each in parts).encode()).hexdigest()
        print(f"{name}: {rows} histories in {seconds:.0f} s, {rows / seconds:.1f}/s, "
              f"{sum(each.errors for each in parts)} errors, {whole}")  # fmt: skip
        same = same and rows == total
    different = [s.start for s in slices if len({found[name, s.start].digest for name in names}) > 1]
    if different:
        print(f"the results differ in the slices from {', '.join(map(str, different))}")
    return 0 if same and not different else 1


if __name__ == "__main__":
    sys.exit(main())
