"""`PolicyStore`: whole versions only, the last good one while an edit is broken, and nobody waits for anybody."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_rules import Policy, PolicyError, PolicyStore, RequestError

ROOT = Path(__file__).parents[2]
BASE = ROOT / "tests" / "diagnostics" / "base"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
RELOADS = int(os.environ.get("RELOADS", "8"))
"""A hundred with `RELOADS=100`, as the environment `hosts` runs it."""
FILES = 12
"""Files of a version; each has a rule that says which version it is of."""


def file(version: str, number: int) -> str:
    rule = f"- {{id: {version}-{number}, when: {{customer.vip: true}}, then: [{{forbid: call}}]}}\n"
    return f"format: 1\nruleset: r{number}\nrules:\n{rule}"


def write(folder: Path, version: str, files: int = FILES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        (folder / f"f{number:02}.yaml").write_text(file(version, number), encoding="utf-8")
    return folder


def versions(policy: Policy) -> set[str]:
    return {rule.id.rpartition("-")[0] for rule in policy.model.rules if rule.ruleset.startswith("r")}


def is_whole(policy: Policy) -> bool:
    ours = [rule for rule in policy.model.rules if rule.ruleset.startswith("r")]
    return len(ours) == FILES and len(versions(policy)) == 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "rules", "one")


@pytest.fixture
def store(folder: Path) -> PolicyStore:
    return PolicyStore(BASE, folder, settle=0, engine="plain")


def test_nothing_happens_while_nothing_changes(store: PolicyStore, folder: Path) -> None:
    before = store.state
    assert not store.refresh()
    (folder / "f00.yaml").touch()
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert not store.refresh()
    (folder / "f00.yaml").write_text("# a comment\n" + file("one", 0), encoding="utf-8")
    assert not store.refresh()
    assert store.state is before or store.state == before
    assert store.policy is before.policy


def test_a_new_version_is_taken_over_whole_and_the_earlier_one_goes_on(
    store: PolicyStore, folder: Path
) -> None:
    before = store.policy
    write(folder, "two")
    assert store.refresh()
    assert (versions(before), versions(store.policy)) == ({"one"}, {"two"})
    assert before.decide({}, at=NOW).plan == ()
    assert (store.state.loads, store.state.failures, store.diagnostics) == (2, 0, ())


def test_a_broken_edit_keeps_the_last_good_policy_and_says_where(store: PolicyStore, folder: Path) -> None:
    before = store.policy
    (folder / "f03.yaml").write_text("format: 1\nrules: {", encoding="utf-8")
    for _ in range(2):
        assert not store.refresh()
        assert store.policy is before
    assert [Path(each.position.file).name for each in store.diagnostics if each.position] == ["f03.yaml"]
    assert store.state.failures == 1
    assert "problems in the present files" in repr(store)
    (folder / "f03.yaml").write_text(file("one", 3), encoding="utf-8")
    assert not store.refresh()
    assert (store.diagnostics, store.policy) == ((), before)


def test_a_folder_that_is_deleted_and_comes_back(store: PolicyStore, folder: Path) -> None:
    before = store.policy
    shutil.rmtree(folder)
    assert not store.refresh()
    assert [each.code for each in store.diagnostics] == ["no-policy"]
    assert store.policy is before
    write(folder, "two")
    assert store.refresh()
    assert (versions(store.policy), store.diagnostics) == ({"two"}, ())


def test_the_first_version_must_be_good(tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        PolicyStore(tmp_path, settle=0)
    with pytest.raises(RequestError):
        PolicyStore(settle=-1)


def test_a_version_that_changes_while_it_is_read_is_not_taken(
    store: PolicyStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the files are exchanged between the first and the last file that is read."""
    load = Policy.load
    changes: Iterator[str] = iter(["two", "three"])

    def loading(*layers: object, **more: object) -> Policy:
        version = next(changes, None)
        if version is not None:
            write(folder, version, FILES // 2)
            policy = load(*layers, **more)  # type: ignore[arg-type]
            assert not is_whole(policy)
            write(folder, version)
            return policy
        return load(*layers, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Policy, "load", loading)
    (folder / "f00.yaml").write_text(file("other", 0), encoding="utf-8")
    assert store.refresh()
    assert is_whole(store.policy)
    assert versions(store.policy) == {"three"}


def test_files_that_never_rest_are_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PolicyStore(BASE, folder, settle=0.001)
    numbers = iter(range(1000))
    monkeypatch.setattr(time, "sleep", lambda _: write(folder, f"v{next(numbers)}", 1))
    write(folder, "begin", 1)
    assert not store.refresh()
    assert [each.code for each in store.diagnostics] == ["unsettled"]
    assert versions(store.policy) == {"one"}


_WRITER = """
import os, sys, time
from pathlib import Path
from tests.robust.test_store import file, FILES, write
top, way = Path(sys.argv[1]), sys.argv[2]
number = 0
print("begun", flush=True)
while True:
    number += 1
    version = f"v{number}"
    fresh = top / version
    write(fresh, version)
    if way == "link":
        os.symlink(fresh, top / "next"); os.replace(top / "next", top / "rules")
    else:  # as Kubernetes does: files are links into ..data, which is a link
        os.symlink(fresh, top / "map" / "..next"); os.replace(top / "map" / "..next", top / "map" / "..data")
    time.sleep(0.05)
    if number > 1:
        import shutil; shutil.rmtree(top / f"v{number - 1}")
"""


@pytest.mark.parametrize("way", ["link", "config map"])
def test_links_that_are_swapped_without_end_never_give_a_mixture(way: str, tmp_path: Path) -> None:
    write(tmp_path / "v0", "v0")
    if way == "link":
        (tmp_path / "rules").symlink_to(tmp_path / "v0")
        folder = tmp_path / "rules"
    else:
        folder = tmp_path / "map"
        folder.mkdir()
        (folder / "..data").symlink_to(tmp_path / "v0")
        for number in range(FILES):
            (folder / f"f{number:02}.yaml").symlink_to(f"..data/f{number:02}.yaml")
    store = PolicyStore(BASE, folder, settle=0, engine="plain")
    command = [sys.executable, "-c", _WRITER, str(tmp_path), way.partition(" ")[0]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "begun\n"
            end = time.monotonic() + 4
            while time.monotonic() < end:
                store.refresh()
                assert is_whole(store.policy)
        finally:
            writer.send_signal(signal.SIGKILL)  # in the middle of whatever it does
    store.refresh()
    assert is_whole(store.policy)
    assert store.state.loads > 1


def test_a_writer_that_died_half_way_does_no_harm_where_there_is_a_digest(
    folder: Path, tmp_path: Path
) -> None:
    """What it left behind is stable and valid, and a mixture: nothing but a digest can tell."""
    good = Policy.load(BASE, folder, engine="plain")
    digest = tmp_path / "policy.digest"
    digest.write_text(good.digest + "\n", encoding="ascii")
    store = PolicyStore(BASE, folder, settle=0, engine="plain", digest_file=digest)
    write(folder, "two", FILES // 2)
    assert not is_whole(Policy.load(BASE, folder, engine="plain"))
    assert not store.refresh()
    assert [each.code for each in store.diagnostics] == ["other-digest"]
    assert versions(store.policy) == {"one"}
    write(folder, "two")
    digest.unlink()
    assert not store.refresh()
    assert [each.code for each in store.diagnostics] == ["unreadable"]
    digest.write_text(Policy.load(BASE, folder, engine="plain").digest, encoding="ascii")
    assert store.refresh()
    assert versions(store.policy) == {"two"}


@pytest.mark.parametrize("with_watchfiles", [False, True])
def test_watching_in_a_thread_of_the_host(
    store: PolicyStore, folder: Path, with_watchfiles: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if with_watchfiles:
        pytest.importorskip("watchfiles")
    else:
        monkeypatch.setitem(sys.modules, "watchfiles", None)
    stop = threading.Event()
    thread = threading.Thread(target=store.watch, args=(stop, 30 if with_watchfiles else 0.05))
    thread.start()
    try:
        time.sleep(0.3)
        write(folder, "two")
        end = time.monotonic() + 20
        while versions(store.policy) != {"two"} and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        stop.set()
        thread.join(20)
    assert versions(store.policy) == {"two"}
    assert not thread.is_alive()


def test_reloads_under_load_answer_of_one_version_each(store: PolicyStore, folder: Path) -> None:
    """Threads decide all the time; every answer is that of one whole version, and nobody ever waits."""
    stop = threading.Event()
    case = store.policy.case({"facts": {"customer.vip": True}})
    wrong: list[object] = []

    def work() -> int:
        count = 0
        while not stop.is_set():
            said = store.policy.decide(case, at=NOW).forbidden
            rules = {reason.rule for each in said for reason in each.because}
            found = {rule.rpartition("-")[0] for rule in rules if rule.startswith("v")} | (
                {"one"} if "one-0" in rules else set()
            )
            if len(found) != 1:
                wrong.append(rules)
            count += 1
            time.sleep(0.002)  # the host does other things, too
        return count

    with ThreadPoolExecutor(3) as pool:
        working = [pool.submit(work) for _ in range(3)]
        for number in range(RELOADS):
            write(folder, f"v{number}")
            assert store.refresh()
        stop.set()
        assert all(each.result() for each in working)
    assert wrong == []
    assert store.state.loads == RELOADS + 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_that_was_forked_while_its_parent_refreshes_can_refresh(
    store: PolicyStore, folder: Path
) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=store.watch, args=(stop, 0.001))
    thread.start()
    try:
        code = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _FORKING, str(BASE), str(folder)],
            timeout=60, check=False, cwd=ROOT,
        ).returncode  # fmt: skip
    finally:
        stop.set()
        thread.join(20)
    assert code == 0


_FORKING = """
import os, signal, sys, threading
from escalation_rules import PolicyStore
from pathlib import Path
from tests.robust.test_store import write, versions
signal.alarm(50)
base, folder = Path(sys.argv[1]), Path(sys.argv[2])
store = PolicyStore(base, folder, settle=0, engine="plain")
threading.Thread(target=store.watch, args=(threading.Event(), 0.001), daemon=True).start()
for number in range(5):
    write(folder, f"w{number}")
    child = os.fork()
    if not child:
        signal.alarm(20)
        write(folder, f"x{number}")
        store.refresh()
        os._exit(0 if versions(store.policy) == {f"x{number}"} else 3)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        os._exit(4)
os._exit(0)
"""
