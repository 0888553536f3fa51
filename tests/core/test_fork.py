"""A process may be forked while its threads decide: no child waits for a thread that it does not have."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from escalation_rules.program import durable_available

SCRIPT = """
import os, signal, sys, threading
from datetime import datetime, timezone
from escalation_rules import Policy

policy = Policy.load(engine=sys.argv[1])
at = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
data = {
    "id": "T", "currency": "TWD",
    "facts": {"case.opened_at": "2026-03-02T09:00:00+08:00"},
    "questions": [{"id": f"q{n}", "asked_at": f"2026-03-{n + 1:02}T09:00:00+08:00"} for n in range(20)],
}
ended = threading.Event()

def busy():
    while not ended.is_set():
        policy.decide(data, at=at).to_dict()

expected = policy.decide(data, at=at).to_dict()
case = policy.case(data)
threads = [threading.Thread(target=busy, daemon=True) for _ in range(3)]
for thread in threads:
    thread.start()
codes = []
for _ in range(6):
    child = os.fork()
    if not child:
        signal.alarm(60)  # a child that waits for ever is ended, and seen
        same = all(policy.decide(each, at=at).to_dict() == expected for each in (data, case))
        os._exit(0 if same else 3)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
ended.set()
print(codes)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize(
    "engine",
    ["plain", pytest.param("durable", marks=pytest.mark.skipif(not durable_available(), reason="no engine"))],
)
def test_children_forked_while_threads_decide_answer_alike(engine: str) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", SCRIPT, engine],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, f"{[0] * 6}\n", "")
