"""The same sources give the same wheel and the same sdist, byte for byte: what is published can be built again and compared."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("escalation_rules", "rulesets", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")

pytestmark = pytest.mark.slow


def build(folder: Path, umask: int) -> dict[str, str]:
    """Build in a copy of the tree, with other times, another order and other permissions; the hashes of what was built."""
    tree = folder / "tree"
    tree.mkdir(parents=True)
    previous = os.umask(umask)
    try:
        for name in sorted(SHIPPED, reverse=bool(umask & 0o20)):
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(
                    source,
                    tree / name,
                    ignore=shutil.ignore_patterns("__pycache__"),
                    copy_function=shutil.copyfile,
                )
            else:
                shutil.copyfile(source, tree / name)
        command = [
            sys.executable,
            "-m",
            "build",
            "--no-isolation",
            "--outdir",
            str(folder / "dist"),
            str(tree),
        ]
        environment = {
            **os.environ,
            "SOURCE_DATE_EPOCH": "1700000000",
            "TZ": f"UTC{umask % 7}",
            "PYTHONHASHSEED": str(umask),
        }
        run = subprocess.run(
            command, capture_output=True, text=True, timeout=300, check=False, env=environment
        )
    finally:
        os.umask(previous)
    assert run.returncode == 0, run.stderr
    return {
        each.name: hashlib.sha256(each.read_bytes()).hexdigest()
        for each in sorted((folder / "dist").iterdir())
    }


def test_built_twice_it_is_the_same(tmp_path: Path) -> None:
    first = build(tmp_path / "one", 0o022)
    time.sleep(2.1)  # the times in an archive have a resolution of two seconds
    second = build(tmp_path / "two", 0o002)
    assert {Path(name).suffix for name in first} == {".whl", ".gz"}
    assert first == second
