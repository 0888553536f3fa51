"""Spark's mapInArrow on two local processes says what the function says by itself, byte for byte."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark")
pa = pytest.importorskip("pyarrow")

from pyspark.sql import SparkSession  # noqa: E402

from escalation_rules import Policy  # noqa: E402
from escalation_rules.integrations.batch import histories  # noqa: E402
from escalation_rules.integrations.batch.arrow import (  # noqa: E402
    DECISIONS,
    DecideBatches,
    ReplayBatches,
    spark_schema,
)

ROOT = Path(__file__).resolve().parents[3]
AT = datetime(2026, 11, 28, tzinfo=UTC)

pytestmark = pytest.mark.filterwarnings("ignore")  # what Spark and pandas deprecate is their affair


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "5")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """The example histories, each several times under another id, and one that cannot be used."""
    found = []
    for each in histories([ROOT / "examples" / "histories"]):
        text = json.dumps(each.plain(), ensure_ascii=False, default=str)
        found += [{"id": f"{each.place.file[-12:]}-{n}", "case": text} for n in range(2)]
    return [*found, {"id": "bad", "case": "{"}]


@pytest.mark.parametrize("which", ["decide", "replay"])
def test_spark_says_the_same(spark: Any, rows: list[dict[str, Any]], which: str) -> None:
    policy = Policy.load(engine="plain")
    function: Any = DecideBatches(policy, at=AT, columns=DECISIONS, language="en")
    if which == "replay":
        function = ReplayBatches((policy, policy), until=AT)
    frame = spark.createDataFrame(rows, "id string, `case` string").repartition(4)
    out = frame.mapInArrow(function, spark_schema(function.schema)).toArrow()
    alone = pa.Table.from_batches(list(function(pa.Table.from_pylist(rows).to_batches())))
    order = [("id", "ascending")]
    assert out.num_rows == len(rows)
    names = [each for each in alone.schema.names if each not in {"at", "next_due", "review_at"}]
    assert out.sort_by(order).select(names).to_pylist() == alone.sort_by(order).select(names).to_pylist()
    times = [each for each in alone.schema.names if each not in names]
    for name in times:
        ours, theirs = (
            table.sort_by(order).column(name).cast(pa.timestamp("us", tz="UTC")) for table in (alone, out)
        )
        assert ours.to_pylist() == theirs.to_pylist()
