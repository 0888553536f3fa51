"""Record batches in and out: the same answers as one by one, errors in their place, the policy compiled once a process."""

from __future__ import annotations

import json
import os
import pickle
import signal
from datetime import UTC, datetime
from multiprocessing import get_all_start_methods
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")

from escalation_rules import CaseError, Policy, RequestError  # noqa: E402
from escalation_rules.integrations.batch import arrow  # noqa: E402
from escalation_rules.integrations.batch.arrow import (  # noqa: E402
    DECISIONS,
    DecideBatches,
    ReplayBatches,
    in_processes,
    spark_schema,
)
from escalation_rules.tools.replay import case_digest, line_of  # noqa: E402
from tests.core.policies import load  # noqa: E402

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
RULES = """
- {id: furious, when: {x.mood: furious}, then: [{recommend: call, within: 2 hours of case.opened_at}]}
- {id: asks, when: {x.b: true}, then: [{recommend: secure}]}
- {id: each, for_each: claims, when: {open: true}, then: [{recommend: apologise}]}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return load(tmp_path / "policy", "plain", RULES)


def rows(number: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"c{n}",
            "x.mood": ("furious", "calm", "rude")[n % 3],
            "x.b": None if n % 2 else True,
            "case.opened_at": AT,
            "claims": [{"id": "k", "open": True, "amount": None}] if n % 4 else None,
        }
        for n in range(number)
    ]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    facts = {name: value for name, value in row.items() if "." in name and value is not None}
    claims = [{"id": "k", "open": True}] if row["claims"] else None
    return {"id": row["id"], "facts": facts, **({"claims": claims} if claims else {})}


def test_each_row_is_decided_as_by_itself(policy: Policy) -> None:
    table = pa.Table.from_pylist(rows(30))
    decide = DecideBatches(policy, at=AT, columns=DECISIONS, language="en")
    out = list(decide(table.to_batches(max_chunksize=7)))
    assert [each.num_rows for each in out] == [7, 7, 7, 7, 2]
    assert all(each.schema == decide.schema for each in out)
    found = [row for each in out for row in each.to_pylist()]
    for row, answer in zip(rows(30), found, strict=True):
        if row["x.mood"] == "rude":
            assert answer["id"] == row["id"]
            assert "'rude' is not a level" in answer["error"]
            assert answer["decision"] is None
            continue
        decision = policy.decide(plain(row), at=AT)
        assert json.loads(answer["decision"]) == decision.to_dict("en")
        assert answer["plan"] == [each.action for each in decision.plan]
        assert (answer["error"], answer["review_at"]) == (None, decision.review_at)
        assert answer["next_due"] == (decision.plan[0].due if decision.plan else None)


def test_a_row_may_say_its_instant(policy: Policy) -> None:
    later = datetime(2026, 3, 5, tzinfo=UTC)
    data = pa.RecordBatch.from_pylist([{"id": "a", "at": later}, {"id": "b", "at": None}])
    assert DecideBatches(policy, at=AT).batch(data).to_pydict()["at"] == [later, AT]
    told = DecideBatches(policy).batch(data).to_pydict()
    assert told["at"] == [later, None]
    assert "at: is not given" in told["error"][1]
    naive = pa.RecordBatch.from_pylist([{"id": "a", "at": later.replace(tzinfo=None)}])
    assert "has no offset from UTC" in DecideBatches(policy).batch(naive).to_pydict()["error"][0]


def test_no_rows_are_no_decisions(policy: Policy) -> None:
    empty = pa.RecordBatch.from_pylist([], schema=pa.schema([("id", pa.string())]))
    assert DecideBatches(policy, at=AT).batch(empty).num_rows == 0
    assert list(DecideBatches(policy, at=AT)([])) == []


def test_the_policy_is_compiled_once(policy: Policy) -> None:
    decide = DecideBatches(policy, at=AT)
    arrow._unpacked.cache_clear()
    for _ in range(3):  # as each task of a job has its own copy of the function
        copy = pickle.loads(pickle.dumps(decide))
        list(copy(pa.Table.from_pylist(rows(4)).to_batches()))
    assert arrow._unpacked.cache_info().misses == 1


def test_replays_are_the_lines_of_the_command(policy: Policy, tmp_path: Path) -> None:
    newer = load(tmp_path / "newer", "plain", RULES.replace("2 hours", "1 hour"))
    replayed = ReplayBatches((policy, newer), until=AT)
    (out,) = replayed(pa.Table.from_pylist(rows(3)).to_batches())
    first, second, bad = out.to_pylist()
    data = plain(rows(1)[0])
    line = line_of("c0", case_digest(data), [each.replay(data, until=AT) for each in (policy, newer)])
    assert json.loads(first["line"]) == json.loads(json.dumps(line))
    assert (first["different"], second["different"]) == (True, False)
    assert first["breaches"] == [0, 0]
    assert bad["line"] is None
    assert bad["error"].startswith("error: 'rude' is not a level")


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_processes_give_the_same(policy: Policy, start: str) -> None:
    if start not in get_all_start_methods():
        pytest.skip(f"no {start} here")
    batches = pa.Table.from_pylist(rows(40)).to_batches(max_chunksize=8)
    decide = DecideBatches(policy, at=AT, columns=DECISIONS)
    assert list(in_processes(decide, batches, workers=2, start=start)) == list(decide(batches))


class _Deadly(DecideBatches):
    """Kills its process at one batch."""

    def batch(self, batch: Any) -> Any:
        if batch.to_pydict()["id"][0] == "c8":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().batch(batch)


@pytest.mark.skipif("fork" not in get_all_start_methods(), reason="no fork here")
def test_a_batch_that_ends_its_process_is_told_and_the_others_go_on(policy: Policy) -> None:
    batches = pa.Table.from_pylist(rows(24)).to_batches(max_chunksize=8)
    out = list(in_processes(_Deadly(policy, at=AT), batches, workers=2, start="fork"))
    assert [each.to_pydict()["id"][0] for each in out] == ["c0", "c8", "c16"]
    assert set(out[1].to_pydict()["error"]) == {"the process that worked on the batch ended"}
    assert out[2] == DecideBatches(policy, at=AT).batch(batches[2])


def test_arguments_that_do_not_fit(policy: Policy) -> None:
    with pytest.raises(RequestError, match=r"unknown column 'pln'; did you mean 'plan'"):
        DecideBatches(policy, columns=["pln"])
    with pytest.raises(RequestError, match="`policy` cannot be"):
        DecideBatches("builtin")
    with pytest.raises(CaseError):
        DecideBatches(policy, at=datetime(2026, 3, 2))  # noqa: DTZ001


def test_every_column_has_a_name_in_spark(policy: Policy) -> None:
    assert spark_schema(DecideBatches(policy, columns=DECISIONS).schema).count(",") == len(DECISIONS) - 1
    assert "`breaches` array<bigint>" in spark_schema(ReplayBatches((policy,), until=AT).schema)
