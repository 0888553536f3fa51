"""A process may fork while its threads decide: gunicorn and celery do. No child waits for a lock that nobody holds any more."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_rules import Policy
from escalation_rules.decision import Decision

# Every child sets an alarm that ends it, whatever its threads wait for; the parent has one, too, and the test a timeout.
_SCRIPT = """
import os, signal, sys, threading
from datetime import UTC, datetime, timedelta
from escalation_rules import Policy

signal.alarm(100)
sys.setswitchinterval(1e-4)
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
policy = Policy.load(engine=sys.argv[1])
plain = {"id": "c", "currency": "TWD", "facts": {"case.opened_at": START.isoformat()},
         "charges": [{"id": f"x{n}", "amount": 100 * n} for n in range(8)]}
entries = [{"at": (START + timedelta(hours=n)).isoformat(), "charges": [{"id": f"x{n}", "amount": 10 * n}]} for n in range(4)]
history = {"id": "h", "currency": "TWD", "history": [{"at": START.isoformat(), **{"facts": plain["facts"]}}, *entries]}
cases = [policy.case(plain), policy.case(history)]
at = START + timedelta(days=1)

def answers():
    found = [policy.decide(case, at=at).to_dict() for case in cases]
    found.append([each.to_dict() for each in policy.audit(cases[1], at=START + timedelta(hours=3))])
    found.append(policy.check(policy.case(plain), "apologise", at=at).to_dict())
    found.append(policy.explain(cases[0], at=at) is not None)
    return found

expected = policy.decide(cases[0], at=at).to_dict()
shared = policy.decide(cases[0], at=at)

def work():
    n = 0
    while True:
        n += 1
        fresh = policy.case(plain if n % 2 else history)
        policy.decide(fresh, at=at + timedelta(hours=n % 50)).review_at

for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
bad = []
for n in range(int(sys.argv[2])):
    child = os.fork()
    if not child:
        signal.alarm(30)
        right = policy.decide(cases[0], at=at).to_dict() == expected and shared.to_dict() == expected
        answers()
        os._exit(0 if right else 3)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code:
        bad.append(code)
        break
print(bad, flush=True)
os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_decides_while_threads_of_its_parent_did(engine: str) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", _SCRIPT, engine, "6"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "[]\n", "")


def test_no_thread_waits_for_the_review_of_another() -> None:
    """While one thread works out a `review_at`, another gets its own."""
    policy = Policy.load(engine="plain")
    decision = policy.decide({"id": "c"}, at=datetime(2026, 3, 2, tzinfo=UTC))
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> datetime | None:
        begun.set()
        go_on.wait(20)
        return None

    waiting: Decision = decision.looking_again(slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(lambda: waiting.review_at)
        try:
            assert begun.wait(20)
            second = pool.submit(lambda: decision.looking_again(lambda: None).review_at)
            assert second.result(timeout=10) is None
        finally:
            go_on.set()
        assert first.result(timeout=20) is None


def test_a_review_is_worked_out_once() -> None:
    policy = Policy.load(engine="plain")
    asked = []
    decision = policy.decide({"id": "c"}, at=datetime(2026, 3, 2, tzinfo=UTC)).looking_again(
        lambda: asked.append(1)
    )
    assert decision.review_at is None
    assert decision.review_at is None
    assert asked == [1]
