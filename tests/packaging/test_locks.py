"""The lock files fit the project: renewed when a bound changes, every release with its hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / ".ci" / "locks").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
RENEW = "`nox -f .ci/noxfile.py -s lock` renews it"


def locked(path: Path) -> dict[str, tuple[Version, int]]:
    """The releases in a lock file, and how many hashes each has."""
    entries = re.split(r"\n(?=[a-z0-9])", path.read_text(encoding="utf-8"))
    found = (re.match(r"([a-z0-9.-]+)==([^ ;]+)", entry) for entry in entries)
    return {
        each[1]: (Version(each[2]), each.string.count("--hash=sha256:")) for each in found if each is not None
    }


def required(*extras: str) -> list[Requirement]:
    """What the package and some of its extras require."""
    words = [*PROJECT["dependencies"], *(each for extra in extras for each in EXTRAS[extra])]
    return [each for each in map(Requirement, words) if each.name != PROJECT["name"]]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_release_has_its_hashes(path: Path) -> None:
    releases = locked(path)
    assert releases
    assert [name for name, (_, hashes) in releases.items() if not hashes] == []


@pytest.mark.parametrize("name", ["test", "lowest"])
def test_a_lock_meets_what_is_required(name: str) -> None:
    releases = locked(ROOT / ".ci" / "locks" / f"{name}.txt")
    for each in required("cli", "bdd", "test"):
        version, _ = releases[canonicalize_name(each.name)]
        assert each.specifier.contains(version), f"{each}: {name}.txt has {version}; {RENEW}"


def test_the_lowest_releases_are_the_lowest_that_are_allowed() -> None:
    releases = locked(ROOT / ".ci" / "locks" / "lowest.txt")
    for each in required("cli", "bdd"):
        (bound,) = (Version(each.version) for each in each.specifier)
        version, _ = releases[canonicalize_name(each.name)]
        assert version == bound, f"{each}: lowest.txt has {version}; {RENEW}"
