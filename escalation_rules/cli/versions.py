"""Loads policies from OLD and NEW: a folder, the word `builtin`, or a folder in a git revision (`REV:path`)."""

from __future__ import annotations

import argparse
import io
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

from escalation_rules import Policy
from escalation_rules.cli.loading import load_policy
from escalation_rules.errors import Diagnostic, PolicyError, Position, RequestError
from escalation_rules.policy.reading.files import BUILTIN_WORD

EXPECTED = "a folder, `builtin`, or REV:FOLDER of a git repository"


def load_version(below: Sequence[str], version: str | None) -> Policy:
    """Load some layers, with a version on top if given. Problems name files as the user gave them."""
    return load_layers([*below, *([version] if version is not None else [])])


def load_layers(layers: Sequence[str], options: argparse.Namespace | None = None) -> Policy:
    """Load the policy of some layers, each a version. Problems name files as the user gave them; for
    `options` see `load_policy`."""
    with TemporaryDirectory() as folder:
        unpacked: dict[str, str] = {}
        for number, version in enumerate(layer for layer in layers if _is_revision(layer)):
            revision, _, path = version.partition(":")
            unpacked[version] = str(Path(folder, str(number)))
            _unpack(revision, path, unpacked[version])
        try:
            return load_policy([unpacked.get(layer, layer) for layer in layers], options)
        except PolicyError as error:
            raise PolicyError([_renamed(diagnostic, unpacked) for diagnostic in error.diagnostics]) from None


def _is_revision(version: str) -> bool:
    return version != BUILTIN_WORD and ":" in version and not Path(version).exists()


def _unpack(revision: str, path: str, folder: str) -> None:
    """Write the content of a folder in a revision to another folder."""
    tree = f"{revision}:./{path}" if not path.startswith(("./", "../")) else f"{revision}:{path}"
    if revision.startswith("-"):
        raise _no_revision(f"{revision}:{path}", "a revision does not begin with a hyphen")
    try:
        found = subprocess.run(  # noqa: S603 - a fixed program, without a shell
            ["git", "archive", "--format=tar", tree],  # noqa: S607 - git is found in the user's PATH
            capture_output=True, check=False,
        )  # fmt: skip
    except OSError as error:
        raise _no_revision(f"{revision}:{path}", f"git cannot be run ({error.strerror})") from None
    if found.returncode != 0:
        reason = found.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _no_revision(
            f"{revision}:{path}", reason[-1].removeprefix("fatal: ") if reason else "git failed"
        )
    with tarfile.open(fileobj=io.BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")


def _no_revision(version: str, reason: str) -> RequestError:
    return RequestError([Diagnostic("usage", f"{version} cannot be read: {reason}", expected=EXPECTED)])


def _renamed(problem: Diagnostic, unpacked: Mapping[str, str]) -> Diagnostic:
    """The problem with the path that the user gave instead of that of the temporary copy."""
    for version, folder in unpacked.items():
        place = problem.position
        moved = place and Position(place.file.replace(folder, version), place.line, place.column)
        message, expected = problem.message.replace(folder, version), problem.expected
        expected = expected and expected.replace(folder, version)
        problem = attrs.evolve(problem, position=moved, message=message, expected=expected)
    return problem
