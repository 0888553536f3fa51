"""The real hosts: gunicorn and celery with prefork, FastAPI, Django. The environment `hosts` of nox installs them.

Elsewhere what is not installed is skipped; with `HOSTS=1` it is a failure.
"""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import EscalationRulesError, Policy, PolicyStore
from tests.core.policies import ENGINES
from tests.hosts.case import AT, CASE

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def needs(*names: str) -> None:
    """Skip without these packages, unless they have to be there."""
    lacking = [name for name in names if importlib.util.find_spec(name) is None]
    if lacking and os.environ.get("HOSTS"):
        pytest.fail(f"not installed: {lacking}")
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)}")


def ask(port: int, body: Any) -> tuple[int, str | None, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, answer.getheader("X-Pid"), json.loads(answer.read())


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_gunicorn_with_prefork() -> None:
    """The policy is loaded and used before the fork, and used in all workers at once afterwards."""
    needs("gunicorn")
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers=3", f"--bind=127.0.0.1:{port}",
               "--log-level=error", "tests.hosts.gunicorn_app"]  # fmt: skip
    expected = Policy.load().decide(CASE, at=AT).to_dict("en")
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as host:
        try:
            for _ in range(200):
                try:
                    ask(port, CASE)
                    break
                except OSError:
                    time.sleep(0.1)
            with ThreadPoolExecutor(6) as pool:
                answers = list(pool.map(lambda _: ask(port, CASE), range(60)))
            status, _, problems = ask(port, {"nonsense": 1})
        finally:
            host.terminate()
            _, errors = host.communicate(timeout=30)
    assert [data for _, _, data in answers if data != expected] == []
    assert len({pid for _, pid, _ in answers}) > 1
    assert (status, [each["code"] for each in problems]) == (422, ["unknown-key"])
    assert "Traceback" not in errors


@pytest.mark.parametrize("engine", ENGINES)
def test_celery_with_prefork_and_soft_time_limits(engine: str, tmp_path: Path) -> None:
    """A limit that ends a task inside the engine reaches the task, and the same worker then decides as before, in C."""
    needs("celery")
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.hosts.celery_host",
        engine,
        str(tmp_path / "results"),
    ]
    run = subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=150, check=False
    )
    assert run.returncode == 0, run.stderr
    first, limit, second, again, third = json.loads(run.stdout.splitlines()[-1])
    assert len({each[0] for each in (first, limit, second, again, third)}) == 1, "one worker process"
    assert (limit[1:], again[1:]) == (["limit", True], ["limit", True])
    assert first[1:] == second[1:] == third[1:] == [True, True]


def test_fastapi() -> None:
    """Plain data is the response; what is wrong with a case is an answer, not a failure; threads and `to_thread` agree."""
    needs("fastapi", "httpx")
    import asyncio
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from fastapi import FastAPI, Request
        from fastapi.responses import JSONResponse
        from fastapi.testclient import TestClient

    policy = Policy.load()
    app = FastAPI()

    async def refuse(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, EscalationRulesError)
        return JSONResponse([each.to_dict() for each in error.diagnostics], 422)

    app.add_exception_handler(EscalationRulesError, refuse)

    def decide(case: dict[str, Any], language: str = "en") -> dict[str, Any]:
        return policy.decide(case, at=AT).to_dict(language)

    async def decide_later(case: dict[str, Any]) -> dict[str, Any]:
        return (await asyncio.to_thread(policy.decide, case, at=AT)).to_dict("en")

    def first(case: dict[str, Any]) -> dict[str, Any]:
        return policy.decide(case, at=AT).plan[0].to_dict("en")

    app.post("/decide")(decide)
    app.post("/later")(decide_later)
    app.post("/first")(first)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = TestClient(app)
        expected = policy.decide(CASE, at=AT).to_dict("en")
        with ThreadPoolExecutor(4) as pool:
            answers = list(
                pool.map(lambda path: client.post(path, json=CASE).json(), ["/decide", "/later"] * 10)
            )
        assert [each for each in answers if each != expected] == []
        assert client.post("/first", json=CASE).json() == expected["plan"][0]
        assert client.post("/decide?language=fr", json=CASE).status_code == 422
        broken = client.post("/decide", json={"facts": {"x\n": 1}})
    assert (broken.status_code, broken.json()[0]["code"]) == (422, "unknown-fact")


def test_django() -> None:
    """The store is a setting, the health check says which policy answers and what is wrong with later files."""
    needs("django")
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _DJANGO], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    decided, health = json.loads(run.stdout)
    policy = Policy.load()
    assert decided == policy.decide(CASE, at=AT).to_dict("zh-TW")
    assert health == {"digest": policy.digest, "loads": 1, "problems": []}


_DJANGO = """
import json
import django
from django.conf import settings
from django.http import JsonResponse
from django.urls import path
from escalation_rules import PolicyStore
from tests.hosts.case import AT, CASE

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], POLICY=PolicyStore(settle=0), SECRET_KEY="x", USE_TZ=True)
django.setup()

def decide(request):
    return JsonResponse(settings.POLICY.policy.decide(json.loads(request.body), at=AT).to_dict("zh-hant"))

def health(request):
    state = settings.POLICY.state
    problems = [each.to_dict() for each in state.diagnostics]
    return JsonResponse({"digest": state.policy.digest, "loads": state.loads, "problems": problems},
                        status=503 if problems else 200)

urlpatterns = [path("decide", decide), path("health", health)]
from django.test import Client
client = Client()
print(json.dumps([client.post("/decide", json.dumps(CASE), content_type="application/json").json(),
                  client.get("/health").json()]))
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_the_interpreter_ends_while_threads_decide(engine: str) -> None:
    script = f"""
import threading, time
from escalation_rules import Policy
from tests.hosts.case import AT, CASE
policy = Policy.load(engine={engine!r})
def work():
    while True:
        policy.decide(CASE, at=AT).to_dict()
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.5)
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_store_is_made_of_what_a_policy_is() -> None:
    assert PolicyStore(settle=0).policy.digest == Policy.load().digest
