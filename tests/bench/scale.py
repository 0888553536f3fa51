"""Many generated histories, replayed in processes of this machine and on Spark: the same result, byte for byte?

    python -m tests.bench.scale --histories 100000 --workers 2 --spark

Tells histories a second and the digest of all that came out, in order of id, for each way; ends with 1 if they differ.
`nox -s scale -- --histories 100000` runs it in an environment with Spark (needs Java).
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
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from escalation_rules import Policy
from escalation_rules.integrations.batch.arrow import ReplayBatches, in_processes, spark_schema
from tests.bench.histories import START, history

ROOT = Path(__file__).parents[2]
UNTIL = START + timedelta(days=3)
"""The histories end on the first day; a longer time would measure how far a replay looks ahead."""
ROWS = 50
"""Histories in one batch."""


def written(policy: Policy, path: Path, count: int, entries: int) -> None:
    """Write so many histories to a Parquet file, each other than the others."""
    schema = pa.schema([("id", pa.string()), ("case", pa.string())])
    with parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, count, ROWS):
            rows = []
            for number in range(start, min(count, start + ROWS)):
                data, _ = history(policy.vocabulary, entries, seed=number, open_ones=2)
                name = f"H-{number:07}"
                rows.append({"id": name, "case": json.dumps({**data, "id": name}, ensure_ascii=False)})
            writer.write_table(pa.Table.from_pylist(rows, schema))


def by_processes(function: ReplayBatches, path: Path, workers: int) -> Iterator[dict[str, Any]]:
    """All rows, from a pool of processes."""
    batches = parquet.ParquetFile(path).iter_batches(batch_size=ROWS)
    for batch in in_processes(function, batches, workers=workers):
        yield from batch.to_pylist()


def by_spark(function: ReplayBatches, path: Path, workers: int) -> Iterator[dict[str, Any]]:
    """All rows, from Spark's `mapInArrow` on this machine."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    session = (
        SparkSession.builder.master(f"local[{workers}]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS))
        .config("spark.driver.memory", "2g")
        .getOrCreate()
    )
    try:
        frame = session.read.parquet(str(path)).repartition(workers * 4)
        out = frame.mapInArrow(function, spark_schema(function.schema))
        for row in out.toLocalIterator():
            yield row.asDict()
    finally:
        session.stop()


def summary(rows: Iterable[dict[str, Any]]) -> tuple[int, str]:
    """How many rows there are, and a digest of all their bytes in order of id."""
    digests: dict[str, bytes] = {}
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
        digests[str(row["id" if "id" in row else "case"])] = hashlib.sha256(text.encode()).digest()
    whole = hashlib.sha256(b"".join(digests[key] for key in sorted(digests)))
    return len(digests), whole.hexdigest()


def main() -> int:
    """Read the command line, and tell the figures of each way."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=4, help="of each history")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--policy", nargs="+", default=[], help="layers (default: the built-in policy)")
    given = parser.parse_args()
    policy = Policy.load(*given.policy)
    function = ReplayBatches(policies=(policy,), until=UNTIL)
    ways: dict[str, Callable[[ReplayBatches, Path, int], Iterator[dict[str, Any]]]] = {
        "processes": by_processes
    }
    if given.spark:
        ways["spark"] = by_spark
    found: set[tuple[int, str]] = set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "histories.parquet")
        written(policy, path, given.histories, given.entries)
        for name, way in ways.items():
            started = time.monotonic()
            rows, digest = summary(way(function, path, given.workers))
            took = time.monotonic() - started
            print(f"{name}: {rows} histories in {took:.0f} s, {rows / took:.0f}/s, {digest}", flush=True)
            found.add((rows, digest))
    if len(found) > 1 or next(iter(found))[0] != given.histories:
        print("the results differ")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
