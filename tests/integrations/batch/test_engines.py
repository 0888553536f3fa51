"""The examples of `examples/REPLAY.md` for Ray Data, Dask and Beam run as they stand there, and give the same rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")

from pyarrow import parquet  # noqa: E402

from escalation_rules import Policy  # noqa: E402
from escalation_rules.integrations.batch import histories  # noqa: E402
from escalation_rules.integrations.batch.arrow import DecideBatches  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
Rows = list[dict[str, Any]]

pytestmark = pytest.mark.filterwarnings("ignore")  # what these engines deprecate is their affair


def example(word: str) -> str:
    """The block of the page that imports this."""
    blocks = (ROOT / "examples" / "REPLAY.md").read_text(encoding="utf-8").split("```text\n")[1:]
    (found,) = (code for code in (each.split("```")[0] for each in blocks) if f"import {word}" in code)
    return found


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rows:
    """The example histories in `cases/`, one that says nothing, and one that cannot be used."""
    found: Rows = [{"id": each.place.file, "case": json.dumps(each.plain(), ensure_ascii=False, default=str)}
             for each in histories([ROOT / "examples" / "histories"])]  # fmt: skip
    found += [{"id": "empty", "case": None}, {"id": "bad", "case": "{"}]
    monkeypatch.chdir(tmp_path)
    Path("cases").mkdir()
    parquet.write_table(pa.Table.from_pylist(found), "cases/a.parquet")
    return found


@pytest.fixture
def decide() -> DecideBatches:
    return DecideBatches(Policy.load(engine="plain"), at=datetime(2026, 3, 3, tzinfo=UTC))


def by_id(rows: Rows) -> Rows:
    return sorted(rows, key=lambda each: str(each["id"]))


def expected(decide: DecideBatches, rows: Rows) -> Rows:
    found = decide.batch(pa.Table.from_pylist(rows)).to_pylist()
    assert sum(each["error"] is not None for each in found) == 1
    assert any(each["missing"] for each in found)
    return by_id(found)


def test_dask(decide: DecideBatches, rows: Rows) -> None:
    pytest.importorskip("dask.dataframe")
    names: dict[str, Any] = {"decide": decide, "pa": pa}
    exec(example("dask"), names)
    found = pa.Table.from_pandas(names["decisions"].compute(), preserve_index=False)
    assert found.schema.equals(decide.schema)
    assert by_id(found.to_pylist()) == expected(decide, rows)


@pytest.fixture
def ray() -> Iterator[Any]:
    found = pytest.importorskip("ray")
    found.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield found
    found.shutdown()


def test_ray(decide: DecideBatches, rows: Rows, ray: Any) -> None:
    names: dict[str, Any] = {"decide": decide, "pa": pa}
    exec(example("ray"), names)
    assert by_id(names["decisions"].take_all()) == expected(decide, rows)


def test_beam(decide: DecideBatches, rows: Rows) -> None:
    beam = pytest.importorskip("apache_beam")
    with beam.Pipeline() as pipeline:
        names: dict[str, Any] = {"decide": decide, "pa": pa, "cases": pipeline | beam.Create(rows)}
        exec(example("apache_beam"), names)
        written = names["decisions"] | beam.Map(lambda row: json.dumps(row, default=str))
        written | beam.io.WriteToText("out", num_shards=1, shard_name_template="")
    found = [json.loads(line) for line in Path("out").read_text("utf-8").splitlines()]
    assert by_id(found) == json.loads(json.dumps(expected(decide, rows), default=str))
