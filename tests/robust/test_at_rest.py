"""While it decides, the library opens no file, no connection and no process: an audit hook sees every attempt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.policies import ENGINES

ROOT = Path(__file__).parents[2]

# Audit hooks cannot be removed, so this runs in a process of its own.
_SCRIPT = """
import sys
from datetime import timedelta
from escalation_rules import Decision, Policy
from tests.hosts.case import AT, CASE

policy = Policy.load(engine=sys.argv[1])
history = {"id": "H", "currency": "TWD", "history": [
    {"at": "2026-03-02T15:40:00+08:00", "facts": CASE["facts"], "charges": CASE["charges"]},
    {"at": "2026-03-02T16:40:00+08:00", "damages": CASE["damages"],
     "acts": [{"action": "express_regret", "by": "frontline", "at": "2026-03-02T16:41:00+08:00"}]}]}
seen = []
HARMLESS = ("object.", "gc.", "builtins.id", "sys._getframe", "code.__new__", "compile", "exec", "import", "marshal.")

def hook(event, arguments):
    if watching and not event.startswith(HARMLESS):
        seen.append((event, str(arguments)[:100]))
    if watching and event == "import":
        seen.append((event, str(arguments[0])))

watching = False
sys.addaudithook(hook)
watching = True
case = policy.case(CASE)
decision = policy.decide(case, at=AT)
decision.review_at
for language in (None, "en", "zh-TW"):
    data = decision.to_dict(language)
Decision.from_dict(data).to_dict()
decision.explain().to_dict("en")
policy.explain(case, "waive_charge", at=AT).to_dict("zh-CN")
policy.check(case, "dun_customer", about="s", by="accounts", at=AT, params={}).to_dict("en")
policy.verify(decision, case)
decision.changes_since(policy.decide({**CASE, "charges": []}, at=AT)).to_dict()
list(policy.follow(history, until=AT + timedelta(days=3)))
policy.audit(history, at=AT + timedelta(days=30)).to_dict("en")
try:
    policy.case({"nonsense": 1})
except Exception as error:
    str(error)
watching = False
print(sorted(set(seen)))
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_opened_while_it_decides(engine: str, tmp_path: Path) -> None:
    """Nor is anything imported: whatever is needed is there when a policy is loaded. The folder is empty, home is missing."""
    environment = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "missing"), "PATH": os.environ["PATH"]}
    run = subprocess.run(
        [sys.executable, "-c", _SCRIPT, engine], cwd=tmp_path, env=environment, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "[]\n"
    assert list(tmp_path.iterdir()) == []


def test_loading_reads_and_writes_nothing_but_reads(tmp_path: Path) -> None:
    """On a read-only file system and without a home: files are opened for reading only, nothing else is touched."""
    script = """
import sys
import escalation_rules
from escalation_rules import Policy
seen = []
def hook(event, arguments):
    if event == "open" and arguments[1] is not None and set(str(arguments[1])) & set("wax+"):
        seen.append(arguments[0])
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.mkdir", "os.remove", "os.rename",
                         "shutil.", "tempfile.", "urllib.", "http.")):
        seen.append(event)
sys.dont_write_bytecode = True
sys.addaudithook(hook)
Policy.load()
print(seen)
"""
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "[]\n", "")
