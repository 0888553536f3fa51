"""Decides and replays cases in Arrow record batches; results are Arrow record batches.

    decide = DecideBatches(Policy.load(), at=now)
    for batch in decide(table.to_batches()): ...

Each row is a case, in the columns that `rows` describes. There is one result row for each, in the same order;
an invalid case has its problems in `error`. The functions can be pickled, also by Spark's pickler. The policy
is pickled with them and compiled once in each process, independent of the number of batches and tasks. Needs
pyarrow (extra `arrow`).
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import attrs
import pyarrow as pa

from escalation_rules import (
    CaseError,
    Decision,
    Diagnostic,
    EscalationRulesError,
    Policy,
    Position,
    RequestError,
)
from escalation_rules.call_arguments import bad_argument, instant
from escalation_rules.errors import listing, unknown_name
from escalation_rules.integrations.batch.found import Found, id_of
from escalation_rules.integrations.batch.replaying import Replaying
from escalation_rules.integrations.batch.rows import AT, case_of_row, json_text
from escalation_rules.pool import map_in_order
from escalation_rules.tools.replay import case_digest

_TIME = pa.timestamp("us", tz="UTC")
_TEXTS = pa.list_(pa.string())

DECISIONS: Mapping[str, pa.DataType] = {
    "id": pa.string(),
    "at": _TIME,
    "policy": pa.string(),
    "phase": pa.string(),
    "next_action": pa.string(),
    "next_about": pa.string(),
    "next_owner": pa.string(),
    "next_due": _TIME,
    "plan": _TEXTS,
    "forbidden": _TEXTS,
    "held": _TEXTS,
    "missing": _TEXTS,
    "review_at": _TIME,
    "decision": pa.string(),
    "error": pa.string(),
}
"""The columns of a decision. `policy` is the digest; `plan` lists the actions in order, `forbidden` and
`held` those that are wanted, `missing` the facts; `decision` is the whole decision as JSON. Only requested
columns are computed."""

REPLAYS: Mapping[str, pa.DataType] = {
    "id": pa.string(),
    "digest": pa.string(),
    "different": pa.bool_(),
    "breaches": pa.list_(pa.int64()),
    "line": pa.string(),
    "error": pa.string(),
}
"""The columns of a replay. `digest` is that of the case, `breaches` counts them for each policy, and `line`
is the line that `escalation-rules replay --out` writes, for `Tally`."""

_SAID: Mapping[str, Callable[[Decision, str | None], Any]] = {
    "id": lambda decision, _: decision.case,
    "at": lambda decision, _: decision.at,
    "policy": lambda decision, _: decision.policy.digest,
    "phase": lambda decision, _: decision.phase,
    "next_action": lambda decision, _: decision.plan[0].action if decision.plan else None,
    "next_about": lambda decision, _: decision.plan[0].about if decision.plan else None,
    "next_owner": lambda decision, _: decision.plan[0].owner if decision.plan else None,
    "next_due": lambda decision, _: decision.plan[0].due if decision.plan else None,
    "plan": lambda decision, _: [step.action for step in decision.plan],
    "forbidden": lambda decision, _: [
        forbidden.action for forbidden in decision.forbidden if forbidden.wanted
    ],
    "held": lambda decision, _: [held_step.action for held_step in decision.held if held_step.wanted],
    "missing": lambda decision, _: [missing.fact for missing in decision.missing],
    "review_at": lambda decision, _: decision.review_at,
    "decision": lambda decision, language: json_text(decision.to_dict(language)),
    "error": lambda *_: None,
}
USUAL = tuple(name for name in DECISIONS if name not in {"review_at", "decision"})
"""The columns that are cheap to compute."""


_POLICIES = 8
"""The number of policies that a process keeps."""


@lru_cache(maxsize=_POLICIES)
def _unpacked(packed: bytes) -> Policy:
    """An unpickled policy, compiled once in each process."""
    policy: Policy = pickle.loads(packed)  # noqa: S301 - packed by the same job that unpacks it
    return policy


@attrs.frozen
class _Packed:
    """A policy that can be pickled."""

    data: bytes = attrs.field(repr=False)

    @classmethod
    def of(cls, policy: object) -> _Packed:
        if not isinstance(policy, Policy):
            raise bad_argument("`policy`", policy, "a Policy")
        return cls(pickle.dumps(policy))

    @property
    def policy(self) -> Policy:
        return _unpacked(self.data)


def _one_packed(policy: object) -> _Packed:
    return _Packed.of(policy)


def _all_packed(policies: Iterable[object]) -> tuple[_Packed, ...]:
    return tuple(_Packed.of(policy) for policy in policies)


def _aware(at: object) -> datetime | None:
    return None if at is None else instant(at)


def _columns(columns: Iterable[str]) -> tuple[str, ...]:
    chosen = tuple(columns)
    for name in chosen:
        if name not in DECISIONS:
            expected = listing(DECISIONS, 20)
            raise RequestError(
                [unknown_name("unknown-name", f"unknown column {name!r}", name, DECISIONS, expected=expected)]
            )
    return chosen


@attrs.frozen
class DecideBatches:
    """Decides the cases of batches. `at` is the instant for rows without their own in a column `at`."""

    _packed: _Packed = attrs.field(converter=_one_packed, alias="policy")
    at: datetime | None = attrs.field(default=None, converter=_aware)
    columns: tuple[str, ...] = attrs.field(default=USUAL, converter=_columns)
    language: str | None = None

    @property
    def schema(self) -> pa.Schema:
        """The columns of the results."""
        return pa.schema([(name, DECISIONS[name]) for name in self.columns])

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield a batch of decisions for each batch of cases."""
        return map(self.batch, batches)

    def batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The decisions on the cases of one batch or table."""
        policy = self._packed.policy
        return _made(self.schema, [self._row(policy, row) for row in batch.to_pylist()])

    def _row(self, policy: Policy, row: Mapping[str, Any]) -> Sequence[Any]:
        at = row.get(AT) or self.at
        try:
            if at is None:
                raise CaseError(
                    [
                        Diagnostic(
                            "bad-instant", "at: is not given", path=AT, expected="a column `at`, or `at=`"
                        )
                    ]
                )
            decision = policy.decide(case_of_row(row), at=at)
        except EscalationRulesError as error:
            known = {"id": id_of(row), "error": _told(error.diagnostics)}
            return [known.get(name) for name in self.columns]
        return [_SAID[name](decision, self.language) for name in self.columns]


@attrs.frozen
class ReplayBatches:
    """Replays the histories of batches up to `until`, under one policy, or under an old and a new one."""

    _packed: tuple[_Packed, ...] = attrs.field(converter=_all_packed, alias="policies")
    until: datetime = attrs.field(converter=instant)

    @property
    def schema(self) -> pa.Schema:
        """The columns of the results."""
        return pa.schema(list(REPLAYS.items()))

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield a batch of replays for each batch of cases."""
        return map(self.batch, batches)

    def batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The replays of the cases of one batch or table."""
        replaying = Replaying(tuple(packed_policy.policy for packed_policy in self._packed), self.until)
        return _made(self.schema, [self._row(replaying, row) for row in batch.to_pylist()])

    @staticmethod
    def _row(replaying: Replaying, row: Mapping[str, Any]) -> Sequence[Any]:
        digest = None
        try:
            data = case_of_row(row)
            digest = case_digest(data)
            line = replaying.line(Found(Position("row", 1, 1), data=data), data, digest)
        except EscalationRulesError as error:
            return id_of(row), digest, None, None, None, _told(error.diagnostics)
        breaches = [len(replay["breaches"]) for replay in line["replays"]]
        different = bool(line.get("differences")) or len(set(breaches)) > 1
        return line["case"], digest, different, breaches, json_text(line), None


def in_processes(
    function: DecideBatches | ReplayBatches,
    batches: Iterable[pa.RecordBatch],
    *,
    workers: int,
    start: str | None = None,
) -> Iterator[pa.RecordBatch]:
    """Apply `function` in several processes on this machine, in order, with few batches in memory."""
    return map_in_order(partial(_batch_of, function), batches, lost=partial(_lost, function), workers=workers, start=start,
                    chunk=1)  # fmt: skip


def _batch_of(function: DecideBatches | ReplayBatches) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    return function.batch


def _lost(function: DecideBatches | ReplayBatches, batch: pa.RecordBatch) -> pa.RecordBatch:
    """The result for a batch whose process died on each attempt."""
    schema = function.schema
    text = "the process that worked on the batch ended"
    rows = [
        [{"id": id_of(row), "error": text}.get(name) for name in schema.names] for row in batch.to_pylist()
    ]
    return _made(schema, rows)


def _made(schema: pa.Schema, rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    columns = [[row[number] for row in rows] for number in range(len(schema))]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _told(problems: Iterable[Diagnostic]) -> str:
    return "\n".join(str(problem).removeprefix("row:1:1: ") for problem in problems)


def spark_schema(schema: pa.Schema) -> str:
    """The columns as a schema string for Spark's `mapInArrow`."""
    words = {pa.string(): "string", _TIME: "timestamp", pa.bool_(): "boolean", _TEXTS: "array<string>",
             pa.list_(pa.int64()): "array<bigint>"}  # fmt: skip
    return ", ".join(f"`{field.name}` {words[field.type]}" for field in schema)
