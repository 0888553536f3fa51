"""The environments that the checks run in. `nox -f .ci/noxfile.py --list` names them.

`.ci/run` takes `checks`, `tests`, `django_helpdesk`, `request_tracker` and `lowest`: these install the releases in
`.ci/locks` and nothing else (`request_tracker` uses packages of Debian besides). `newest` installs what PyPI has today, as
a user would. `hosts` runs the library inside web and task servers, `mcp` the server for models' hosts, `engine`,
`sanitized` and `durable` hold durable-rules, `fuzz` what is read from strangers, `no_compiler` installs without one,
`batch` and `scale` work on many cases, `audit` looks for known weaknesses in what is needed, `sbom` lists it. `lock` writes
the lock files anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / ".ci" / "locks"
PYTHONS = ("3.11", "3.12", "3.13")
FIRST = os.environ.get("FIRST_PYTHON", PYTHONS[0])
PYTEST = (
    *("pytest", "-p", "no:cacheprovider", "--durations=15"),
    *("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"),
)
ONCE = (
    "tests/analysis/test_builtin.py", "tests/removal", "tests/reference", "tests/schema", "tests/solving", "tests/stories",
    "tests/trace",
)  # fmt: skip
"""What judges the rules, the pages and the schema, and so is the same on every Python: run by the first only."""

DURABLE = ("--no-deps", "--no-cache-dir", "--no-binary=durable-rules", "durable-rules==2.0.28")
"""Build durable-rules anew; its setup.py overwrites CFLAGS, and takes CPPFLAGS."""
SANITIZED = {
    "CPPFLAGS": "-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g -O1",
    "LDFLAGS": "-fsanitize=address,undefined",
}

FOR_3_13 = {"CPPFLAGS": "-DPyEval_CallObject=PyObject_CallObject"}
DECIDES = """
from datetime import UTC, datetime
from escalation_rules import Policy
policy = Policy.load()
assert policy.engine == "plain"
policy.decide({"id": "a"}, at=datetime(2026, 3, 2, tzinfo=UTC))
"""
RT = Path("/usr/share/request-tracker5/libexec/rt-server")

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv"  # installs in seconds, and checks the same hashes
nox.options.envdir = str(ROOT / ".nox")
nox.options.error_on_missing_interpreters = True
nox.options.sessions = [
    f"checks-{FIRST}",
    "tests",
    f"django_helpdesk-{FIRST}",
    f"request_tracker-{FIRST}",
    f"lowest-{FIRST}",
]


def install(session: nox.Session, lock: str) -> None:
    """Install the package and what a lock file names, all of it by its hash: also what builds it."""
    session.chdir(ROOT)
    session.install("--require-hashes", "-r", str(LOCKS / "build.txt"))
    session.install("--require-hashes", "--no-build-isolation", "-r", str(LOCKS / f"{lock}.txt"))
    session.install("--no-deps", "--no-build-isolation", ".")


def run_tests(session: nox.Session) -> None:
    """Run the tests; words behind `--` on nox's command line go to pytest."""
    less = [] if session.python == FIRST else [f"--ignore={each}" for each in ONCE]
    session.run(*PYTEST, *less, *session.posargs)


@nox.session(python=PYTHONS)
def checks(session: nox.Session) -> None:
    """Form, types and the direction of imports."""
    install(session, "test")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy", "--strict")
    session.run("lint-imports", "--no-cache")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests, with the releases that are locked."""
    install(session, "test")
    run_tests(session)


@nox.session(python=PYTHONS)
def lowest(session: nox.Session) -> None:
    """The tests, with the lowest releases that the package and its extras allow."""
    install(session, "lowest")
    run_tests(session)


@nox.session(python=PYTHONS, venv_backend="venv")
def newest(session: nox.Session) -> None:
    """The tests, with what a user gets from PyPI today. Not part of `.ci/run`: what others publish cannot break it."""
    session.chdir(ROOT)
    session.install("--upgrade", "--upgrade-strategy=eager", ".[test]")
    run_tests(session)


@nox.session(python=PYTHONS)
def hosts(session: nox.Session) -> None:
    """The library inside gunicorn, celery, FastAPI and Django, and a hundred reloads under load."""
    install(session, "test")
    session.install("--require-hashes", "-r", str(LOCKS / "hosts.txt"))
    known = {"HOSTS": "1", "RELOADS": "100"}
    session.run(
        "pytest", "-p", "no:cacheprovider", "tests/hosts", "tests/robust", *session.posargs, env=known
    )


@nox.session(python=PYTHONS[:2])
def engine(session: nox.Session) -> None:
    """A million answers of durable-rules at its limits, with noise in freed memory, against the plain ones."""
    install(session, "test")
    session.run("python", "-m", "tests.fuzz.engine", *session.posargs)


@nox.session(python=PYTHONS[:2])
def sanitized(session: nox.Session) -> None:
    """The same against durable-rules built with AddressSanitizer and UBSan (needs gcc and its libraries)."""
    install(session, "test")
    folder = session.create_tmp()
    session.install(*DURABLE, "--target", folder, env=SANITIZED)
    given = session.posargs or ("--evaluations", "100000", "--per-process", "10000")
    session.run("python", "-m", "tests.fuzz.engine", "--sanitized", folder, *given)


@nox.session(python="3.13")
def durable(session: nox.Session) -> None:
    """durable-rules on Python 3.13, where it imports only if it is built with a name that Python still has."""
    install(session, "test")
    session.install(*DURABLE, env=FOR_3_13)
    tests = (
        "tests/network",
        "tests/fuzz/test_engine.py",
        "tests/core/test_determinism.py",
        "tests/core/test_fork.py",
    )
    session.run("pytest", "-p", "no:cacheprovider", *tests, *session.posargs, env={"DURABLE": "1"})


@nox.session(python=PYTHONS)
def no_compiler(session: nox.Session) -> None:
    """The documented way to install without a compiler, with none on the path, and one decision."""
    session.chdir(ROOT)
    nowhere = {"PATH": os.fspath(Path(session.bin)), "CC": "/nowhere/cc"}
    for command in without_compiler():
        session.run(*command, env=nowhere)
    session.run("python", "-c", DECIDES, env=nowhere)


def without_compiler() -> list[list[str]]:
    """The commands of README.md, as `uv` takes them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [line] = [each for each in text.splitlines() if each.startswith("pip install attrs")]
    return [["uv", *each.split()] for each in line.split(" && ")]


@nox.session(python=PYTHONS)
def fuzz(session: nox.Session) -> None:
    """Coverage-guided fuzzing of each target for so many seconds: `-- 1800` (the default is a minute)."""
    session.chdir(ROOT)
    install(session, "test")
    session.install("--require-hashes", "-r", str(LOCKS / "fuzz.txt"))
    found = session.create_tmp()
    for target in ("loader", "case", "history", "decision"):
        seconds = session.posargs[0] if session.posargs else "60"
        session.run("python", "-m", "tests.fuzz.guided", target, "--seconds", seconds, "--found", found)


@nox.session(python=PYTHONS)
def mcp(session: nox.Session) -> None:
    """The server for models' hosts, asked by the client of the official SDK."""
    install(session, "test")
    session.install("--require-hashes", "-r", str(LOCKS / "mcp.txt"))
    session.run("python", "-c", "import mcp")  # without it the test would be left out
    session.run("pytest", "-p", "no:cacheprovider", "tests/integrations/agents", *session.posargs)


@nox.session(python=PYTHONS[0])
def batch(session: nox.Session) -> None:
    """Cases in Parquet files and databases, functions over record batches, and Spark on two local processes (needs Java)."""
    install(session, "test")
    session.install("--require-hashes", "-r", str(LOCKS / "batch.txt"))
    session.run(
        "python", "-c", "import dask.dataframe, pyarrow, pyspark, sqlalchemy"
    )  # without them the tests would be left out
    tests = ("tests/integrations/batch", "tests/integrations/spark")
    session.run("pytest", "-p", "no:cacheprovider", *tests, *session.posargs)


@nox.session(python=PYTHONS[0])
def scale(session: nox.Session) -> None:
    """Generated histories, replayed in two processes and on Spark with the same result: `-- --histories 100000` (needs Java)."""
    install(session, "test")
    session.install("--require-hashes", "-r", str(LOCKS / "batch.txt"))
    given = session.posargs or ("--histories", "1000")
    session.run("python", "-m", "tests.bench.scale", "--spark", *given)


@nox.session(python=PYTHONS[0])
def audit(session: nox.Session) -> None:
    """Known weaknesses in what the package needs: asks a data base on the network, and says so where it cannot be reached."""
    session.chdir(ROOT)
    session.install("--require-hashes", "-r", str(LOCKS / "audit.txt"))
    for lock in ("lowest", "test", "hosts"):
        command = (
            "pip-audit",
            "--strict",
            "--require-hashes",
            "--disable-pip",
            "-r",
            str(LOCKS / f"{lock}.txt"),
        )
        session.run(*command, *session.posargs)


@nox.session(python=PYTHONS[0])
def sbom(session: nox.Session) -> None:
    """Write what a user of the package gets, with releases and licences, as CycloneDX: `sbom.json`, or the file after `--`."""
    session.chdir(ROOT)
    session.install("--require-hashes", "-r", str(LOCKS / "audit.txt"))
    output = session.posargs[0] if session.posargs else "sbom.json"
    requirements = Path(session.create_tmp(), "user.txt")
    resolve(session, requirements, "pyproject.toml", "--generate-hashes", "--constraint=.ci/locks/test.txt")
    session.run(
        "cyclonedx-py",
        "requirements",
        str(requirements),
        "--pyproject",
        "pyproject.toml",
        "--output-file",
        output,
    )


@nox.session(python=PYTHONS)
def django_helpdesk(session: nox.Session) -> None:
    """The whole loop on a real help desk, django-helpdesk on SQLite, with the panel of examples/; the test starts and ends it."""
    browsers = ("chromium", "chromium-browser", "google-chrome")
    if not (any(map(shutil.which, browsers)) or install_packages("chromium")):
        session.warn(
            "the page is not opened: Chromium is not here and cannot be installed; apt-get install chromium"
        )
    install(session, "test")
    try:
        session.install("--require-hashes", "-r", str(LOCKS / "django-helpdesk.txt"))
    except CommandFailed:
        session.skip("left out: django-helpdesk cannot be installed here")
    session.run("python", "-c", "import helpdesk")  # without it the test would be left out
    session.run(
        "pytest",
        "-p",
        "no:cacheprovider",
        "tests/integrations/live/test_django_helpdesk.py",
        "tests/integrations/live/test_django_page.py",
        *session.posargs,
    )


@nox.session(python=PYTHONS)
def request_tracker(session: nox.Session) -> None:
    """The whole loop on a real Request Tracker 5 on SQLite, of Debian's packages; the test starts and ends it."""
    if not (RT.exists() or install_packages("request-tracker5", "rt5-db-sqlite", "rt5-standalone")):
        session.skip(
            "left out: Request Tracker 5 is not here and cannot be installed; "
            "apt-get install --no-install-recommends request-tracker5 rt5-db-sqlite rt5-standalone"
        )
    install(session, "test")
    test = "tests/integrations/live/test_request_tracker.py"
    session.run("pytest", "-p", "no:cacheprovider", test, *session.posargs, env={"REQUEST_TRACKER": "1"})


def install_packages(*names: str) -> bool:
    """Install packages of the system, where root runs this and Debian's installer is there; whether they are there now."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    known = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names],
    )
    try:
        return all(
            subprocess.run(each, env=known, capture_output=True, check=False, timeout=600).returncode == 0
            for each in commands
        )
    except subprocess.TimeoutExpired:  # no mirror answers
        return False


@nox.session(python=PYTHONS[0])
def lock(session: nox.Session) -> None:
    """Write the lock files anew, with the newest releases: for every Python and system, with the hashes of all files."""
    session.chdir(ROOT)
    session.install("--require-hashes", "-r", str(LOCKS / "nox.txt"))
    direct = Path(session.create_tmp(), "lowest.in")
    lock_file(session, "test", "pyproject.toml", "--extra=test")
    lock_file(session, "build", ".ci/locks/build.in", "--constraint=.ci/locks/test.txt")
    lock_file(session, "nox", ".ci/locks/nox.in")
    lock_file(session, "hosts", ".ci/locks/hosts.in", "--constraint=.ci/locks/test.txt")
    lock_file(session, "mcp", ".ci/locks/mcp.in", "--constraint=.ci/locks/test.txt")
    lock_file(session, "fuzz", ".ci/locks/fuzz.in", "--constraint=.ci/locks/test.txt")
    lock_file(session, "batch", ".ci/locks/batch.in", "--constraint=.ci/locks/test.txt")
    lock_file(session, "audit", ".ci/locks/audit.in", "--constraint=.ci/locks/test.txt")
    lock_file(session, "django-helpdesk", ".ci/locks/django-helpdesk.in", "--constraint=.ci/locks/test.txt")
    resolve(
        session,
        direct,
        "pyproject.toml",
        "--extra=bdd",
        "--extra=cli",
        "--extra=signals",
        "--resolution=lowest-direct",
        "--no-deps",
    )
    lock_file(
        session,
        "lowest",
        "pyproject.toml",
        "--extra=test",
        f"--constraint={direct}",
        "--constraint=.ci/locks/build.txt",
    )


def lock_file(session: nox.Session, name: str, *what: str) -> None:
    """Write one lock file."""
    command = "nox -f .ci/noxfile.py -s lock"
    output = f".ci/locks/{name}.txt"
    resolve(session, Path(output), *what, "--generate-hashes", f"--custom-compile-command={command}")


def resolve(session: nox.Session, output: Path, *what: str) -> None:
    """Write the releases that fit to a file."""
    uv = (
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--no-config",
        "--universal",
        f"--python-version={PYTHONS[0]}",
        "--upgrade",
    )
    session.run(*uv, *what, f"--output-file={os.fspath(output)}")
