"""What is fuzzed: each target takes bytes, and raises for whatever a stranger's input must never lead to.

Coverage guides `python -m tests.fuzz.guided TARGET`; `tests/fuzz/test_corpora.py` feeds what was kept of it.
"""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from escalation_rules import Case, CaseError, Decision, Policy, PolicyError, RequestError
from escalation_rules.errors import EscalationRulesError, Problems, printable
from escalation_rules.source.documents import plain_data

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
POLICY = Path(__file__).with_name("policy")
BASE = Path(__file__).parents[1] / "diagnostics" / "base"
AUDITED = 4
"""Entries and acts of a history that is audited too, which takes its time."""


class Finding(Exception):
    """What must not happen."""


@cache
def policy() -> Policy:
    """A random policy of the oracle's that was kept: nearly every operator, over facts of every type and records."""
    return Policy.load(POLICY, engine="plain")


def loader(data: bytes) -> None:
    """A file of a policy: it loads, or each problem has its place; what loads can decide."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "fuzzed.yaml").write_bytes(data)
        layers = (folder,) if b"vocabulary:" in data else (BASE, folder)
        try:
            loaded = Policy.load(*layers, engine="plain")
        except PolicyError as error:
            _well_told(error)
            return
        loaded.decide({"id": "a"}, at=NOW).to_dict()


def case(data: bytes) -> None:
    """A case as JSON or YAML: it is read, or each problem has its place; what is read is decided, twice alike."""
    found = _plain(data)
    if found is None:
        return
    try:
        read = policy().case(*found)
    except CaseError as error:
        _well_told(error)
        return
    decision = policy().decide(read, at=NOW)
    again = policy().decide(found[0], at=NOW)
    if again.to_dict(review=False) != decision.to_dict(review=False):
        raise Finding("the same case is decided in two ways")


def history(data: bytes) -> None:
    """A history: read, folded at several instants, followed, audited; what comes later changes nothing before."""
    found = _plain(data)
    if found is None or not isinstance(found[0], Mapping) or "history" not in found[0]:
        return
    try:
        read = policy().case(*found)
    except CaseError as error:
        _well_told(error)
        return
    for at in (NOW, NOW + timedelta(hours=30), NOW + timedelta(days=400)):
        policy().decide(read, at=at).to_dict(review=False)
    for decision in islice(policy().follow(read, until=NOW), 3):
        decision.to_dict(review=False)
    if len(read.entries) + len(read.acts) <= AUDITED:
        policy().audit(read, at=NOW).to_dict()
    _same_before(read, found[0])


def _same_before(read: Case, data: Mapping[str, Any]) -> None:
    """What is recorded later than an instant does not change the decision at it, unless it is an act of earlier, or known."""
    recorded = sorted({each.at for each in read.entries if each.at is not None})
    if len(recorded) < 2:
        return
    before = recorded[-2]
    count = sum(each.at is not None and each.at <= before for each in read.entries)
    kept, later = data["history"][:count], data["history"][count:]
    order = min(each.order for each in read.entries if each.at is not None and each.at > before)
    if any(act.at <= before and (act.order or 0) >= order for act in read.acts):
        return
    ids = [
        {act.get("id") for each in part for act in each.get("acts") or ()} - {None} for part in (kept, later)
    ]
    if ids[0] & ids[1]:
        return  # an act that is told again, or withdrawn, is as it was told last from the start
    try:
        other = policy().case({**data, "history": kept})
    except CaseError:
        return  # what was kept refers to what was not
    then, now = (policy().decide(each, at=before).to_dict(review=False) for each in (other, read))
    if then != now:
        raise Finding("what is recorded later changes what was decided before")


def decision(data: bytes) -> None:
    """A recorded decision: read back and the same, or refused."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError):
        return
    try:
        read = Decision.from_dict(plain)
    except RequestError as error:
        _well_told(error)
        return
    written = read.to_dict()
    if Decision.from_dict(written) != read or Decision.from_dict(written).to_dict() != written:
        raise Finding("a decision that is read back is another one")
    if pickle.loads(pickle.dumps(read)) != read:
        raise Finding("a decision that travels is another one")
    hash(read)
    repr(read)
    str(read)
    try:
        policy().verify(plain, {"id": "a"})
    except EscalationRulesError as error:
        _well_told(error)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "loader": loader,
    "case": case,
    "history": history,
    "decision": decision,
}


def _plain(data: bytes) -> tuple[Any, Any] | None:
    text = data.decode("utf-8", "replace")
    problems = Problems()
    found = plain_data(text, "fuzzed", problems, is_json=text.lstrip().startswith("{"))
    return None if problems.errors else found


def _well_told(error: EscalationRulesError) -> None:
    """Every problem is told on one line that is safe to log, with a place if it is of a file."""
    if not error.diagnostics:
        raise Finding("an error without a problem")
    for each in error.diagnostics:
        if not each.message or str(each) != printable(str(each), 20_000):
            raise Finding(f"not safe to log: {str(each)!r}")
        if isinstance(error, PolicyError) and each.position is None and each.path is None:
            raise Finding(f"a problem without a place: {each}")
