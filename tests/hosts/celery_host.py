"""Celery with prefork, the broker in memory and soft time limits: prints what its tasks answered.

python -m tests.hosts.celery_host ENGINE FOLDER
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_ready

from escalation_rules import Policy
from tests.hosts.case import AT, CASE

ENGINE, FOLDER = sys.argv[1], sys.argv[2]
POLICY = Policy.load(engine=ENGINE)  # type: ignore[arg-type]
EXPECTED = POLICY.decide(CASE, at=AT).to_dict()

app = Celery("hosts", broker="memory://", backend=f"file://{FOLDER}")
app.conf.update(
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_concurrency=1,
    broker_connection_retry_on_startup=False,
)


def calls_of_c(work: Any) -> int:
    """How often a piece of work enters C."""
    if ENGINE == "plain":
        return 1
    import durable_rules_engine as engine

    real, count = engine.assert_fact, 0

    def counting(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        return real(*arguments)

    engine.assert_fact = counting
    try:
        work()
    finally:
        engine.assert_fact = real
    return count


def decide() -> list[Any]:
    """Whether the answer is right, and whether it still comes from C."""
    answers: list[Any] = []
    used = calls_of_c(fire)
    answers.append(POLICY.decide(CASE, at=AT).to_dict() == EXPECTED)
    return [os.getpid(), *answers, used > 0]


def fire() -> None:
    """Ask every network of the policy: decisions may be remembered, and then never reach C."""
    for stratum in POLICY._program._compiled.strata:
        for block in stratum.blocks:
            block._network.fired(-1)


def varied(case: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Cases that were not decided before: what is remembered never reaches C."""
    flags = ["case.formal", "case.live", "customer.calm", "case.escalated"]
    known = [
        each
        for each in flags
        if each in POLICY.vocabulary.facts and not POLICY.vocabulary.facts[each].concluded
    ]
    start = time.monotonic_ns()
    return [
        {**case, "charges": [{"id": f"c{k}", "amount": 100 * k, "open": bool((start + n) >> k & 1),
                              "disputed": bool((start * 7 + n) >> k & 1), "our_error": bool((start * 13 + n) >> k & 1)}
                             for k in range(6)],
         "facts": {**case["facts"], **{name: bool(n >> k & 1) for k, name in enumerate(known)}}}
        for n in range(number)
    ]  # fmt: skip


def endless() -> list[Any]:
    """Decide for ever; celery's limit ends it."""
    count = 0
    try:
        while True:
            for case in varied(CASE, 20):
                POLICY.decide(case, at=AT).to_dict()
                count += 1
    except SoftTimeLimitExceeded:
        return [os.getpid(), "limit", count > 0]


TASKS = {
    "decide": app.task(name="decide")(decide),
    "endless": app.task(name="endless", soft_time_limit=1)(endless),
}


def produce() -> None:
    """Send tasks, print their answers, end the process."""
    code = 1
    try:
        wanted = ("decide", "endless", "decide", "endless", "decide")
        answers = [TASKS[name].delay().get(timeout=60, disable_sync_subtasks=False) for name in wanted]
        print(json.dumps(answers), flush=True, file=sys.__stdout__)
        code = 0
    finally:
        os._exit(code)


def begin(**_: Any) -> None:
    """The worker listens: what is sent earlier may be lost."""
    threading.Thread(target=produce, daemon=True).start()


if __name__ == "__main__":
    signal.alarm(120)  # whatever happens, it ends
    Path(FOLDER).mkdir(exist_ok=True)
    worker_ready.connect(begin)
    app.Worker(pool="prefork", concurrency=1, loglevel="ERROR", without_heartbeat=True, without_mingle=True,
               without_gossip=True).start()  # fmt: skip
