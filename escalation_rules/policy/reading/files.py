"""Reads the folders and files of a policy, one root node for each file."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal

import attrs

from escalation_rules.errors import Diagnostic, Position, Problems
from escalation_rules.source import MAX_CHARACTERS, Mapping, Scalar, parse_yaml, values_in

BUILTIN_WORD = "builtin"
"""The word for the built-in policy on the command line."""
FORMAT = 1
TOP_KEYS = (
    "format",
    "name",
    "languages",
    "only_what_is_recommended",
    "vocabulary",
    "ruleset",
    "label",
    "principle",
    "applies_while",
    "rules",
    "disable",
)
VOCABULARY_KEYS = ("phases", "roles", "outside", "principles", "sources", "amounts", "phase_order", "calendar", "calendars",
                   "facts", "records", "actions", "groups", "heading", "extend")  # fmt: skip
MAX_FILES = 500
MAX_VALUES = 600_000
"""The maximum number of values in all files of a policy; the built-in policy has about 13,000."""
MAX_ENTRIES = 20_000
"""The maximum number of files and folders in a layer."""
MAX_LEVELS = 50
SUFFIXES = (".yaml", ".yml")
_HEAD = 4096
_STATES_FORMAT = re.compile(rb"^format:\s*[0-9]", re.MULTILINE)


@attrs.frozen
class PolicyFile:
    """A file of a policy: its `layer` (0 is the lowest), its name in messages, its content."""

    layer: int
    file: str
    root: Mapping


def read_layers(layers: Sequence[str | Path], problems: Problems) -> tuple[PolicyFile, ...]:
    """Read all files of the layers. A layer is a folder (read recursively) or a file."""
    found: list[PolicyFile] = []
    seen: set[Path] = set()
    left = MAX_VALUES
    for number, layer in enumerate(layers):
        files = _files(Path(layer), problems)
        if len(files) > MAX_FILES:
            _problem(
                problems,
                "too-many-files",
                f"{layer} contains {len(files)} YAML files",
                layer,
                f"at most {MAX_FILES}",
            )
            problems.blind = True
            continue
        if twice := [file for file in files if file.resolve() in seen]:
            _problem(
                problems,
                "same-file",
                f"{twice[0]} is already part of a lower layer",
                layer,
                "each file in one layer only",
            )
            continue
        seen.update(file.resolve() for file in files)
        for path in files:
            root = _read(path, problems)
            if root is None:
                problems.blind = True
                continue
            left -= values_in(root)
            if left < 0:
                _problem(problems, "policy-too-large", f"the policy has more than {MAX_VALUES:,} values", path,
                         f"at most {MAX_VALUES:,} in all files")  # fmt: skip
                problems.blind = True
                return tuple(found)
            found.append(PolicyFile(number, str(path), root))
    return tuple(found)


def files_of(layers: Iterable[Path], problems: Problems) -> Iterator[Path]:
    """The files that a policy with these layers is read from."""
    for layer in layers:
        yield from _files(layer, problems)


def _files(layer: Path, problems: Problems) -> list[Path]:
    """The files of a layer, sorted by path. A file with several links to it is listed once."""
    found: dict[Path, Path] = {}
    try:
        if layer.is_file():
            return [layer]
        is_folder, there = layer.is_dir(), layer.exists()
        for path in sorted(_search(layer, problems)) if is_folder else ():
            found.setdefault(path.resolve(), path)
    except (OSError, RuntimeError) as error:  # up to Python 3.12, a cycle of links raises RuntimeError
        _unreadable(problems, layer, "path", error)
        return []
    if not found and not problems.blind:
        what = "contains no YAML file" if is_folder else "does not exist"
        what = "is neither a file nor a folder" if there and not is_folder else what
        problems.unknown("no-policy", f"{layer} {what}", str(layer), () if there else (BUILTIN_WORD,),
                         position=Position(str(layer), 1, 1), expected="a folder of YAML files, or one YAML file")  # fmt: skip
        problems.blind = True
    return list(found.values())


def _unreadable(problems: Problems, path: Path, what: str, error: Exception) -> None:
    said = (error.strerror if isinstance(error, OSError) else None) or "links form a circle"
    _problem(problems, "unreadable", f"the {what} cannot be read: {said}", path)
    problems.blind = True


def _search(layer: Path, problems: Problems) -> Iterator[Path]:
    """The YAML files below a folder, following links. Names that begin with a dot are skipped.

    This supports Kubernetes ConfigMaps: `rules.yaml` is a link into `..data`, which is a link to a folder
    `..2026_11_28…`. Unreadable files are reported, since no rule may be lost silently.
    """
    known = {layer.resolve()}
    pending = [(layer, 0)]
    seen = 0
    while pending:
        folder, depth = pending.pop()
        try:
            with os.scandir(folder) as entries:
                names = sorted((entry.name, entry.is_symlink()) for entry in islice(entries, MAX_ENTRIES + 1))
        except OSError as error:
            _unreadable(problems, folder, "folder", error)
            continue
        seen += len(names)
        if seen > MAX_ENTRIES or depth > MAX_LEVELS:
            what = (
                f"more than {MAX_ENTRIES:,} files" if seen > MAX_ENTRIES else f"more than {MAX_LEVELS} levels"
            )
            _problem(
                problems, "too-many-files", f"{layer} contains {what}", layer, "a folder of policies only"
            )
            problems.blind = True
            return
        below: list[tuple[bool, Path]] = []
        for name, is_link in names:
            path = folder / name
            if name.startswith("."):
                _name_skipped(path, problems)
                continue
            kind = _kind(path, is_link, problems)
            if kind == "folder":
                below.append((is_link, path))
            elif kind == "file":
                yield path
        fresh = []
        for _, path in sorted(below):  # folders before links to them
            if (target := path.resolve()) not in known:  # a link may lead back
                known.add(target)
                fresh.append((path, depth + 1))
        pending += reversed(fresh)


def _kind(path: Path, is_link: bool, problems: Problems) -> Literal["folder", "file", "other"]:
    """Whether a path is a folder to search, a file to read, or neither. A path that may hide a rule is reported."""
    is_ours = is_rule_file(path.name)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if is_ours or not is_link:
            _unreadable(problems, path, "path", error)
        return "other"
    if stat.S_ISDIR(mode):
        return "folder"
    if not is_ours:
        _name_skipped(path, problems)
        return "other"
    if not stat.S_ISREG(mode):
        _problem(problems, "unreadable", "this is not a file", path, "a file of YAML")
        problems.blind = True
        return "other"
    return "file"


def is_rule_file(name: str) -> bool:
    """Whether a file of this name in the folder of a layer is one of the policy's."""
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def _name_skipped(path: Path, problems: Problems) -> None:
    """Warn about a file that is skipped because of its name but looks like a policy."""
    name = path.name.lower()
    if not any(suffix in name for suffix in SUFFIXES) or name.startswith("._"):
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return
    if _STATES_FORMAT.search(head):
        message = "this file has the form of a policy and is skipped because of its name"
        expected = "a name that ends in .yaml and does not begin with a dot"
        problems.add(warning("skipped-file", message, Position(str(path), 1, 1), expected))


def warning(code: str, message: str, place: Position, expected: str) -> Diagnostic:
    """A warning, which does not prevent the use of the policy."""
    return Diagnostic(code, message, place, severity="warning", expected=expected)


_ENCODINGS = {"big5": "Big5", "gb18030": "GBK"}
"""Common encodings of Chinese files that are not UTF-8."""


def _saved_as(data: bytes) -> str:
    """How to fix a file that is not UTF-8, with its likely encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "the file saved as UTF-8 (it is UTF-16)"
    may_be = [name for encoding, name in _ENCODINGS.items() if _reads(data, encoding)]
    return (
        f"the file saved as UTF-8 (it may be {' or '.join(may_be)})" if may_be else "the file saved as UTF-8"
    )


def _reads(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _read(path: Path, problems: Problems) -> Mapping | None:
    data = b""
    try:
        with path.open("rb") as stream:
            data = stream.read(4 * MAX_CHARACTERS + 1)
        if len(data) > 4 * MAX_CHARACTERS:
            _problem(
                problems,
                "file-too-large",
                "the file is too large",
                path,
                f"at most {MAX_CHARACTERS:,} characters",
            )
            return None
        text = data.decode("utf-8").removeprefix("\ufeff")
    except OSError as error:
        _problem(problems, "unreadable", f"the file cannot be read: {error.strerror}", path)
        return None
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        place = Position(str(path), before.count("\n") + 1, len(before) - before.rfind("\n"))
        problems.add(Diagnostic("not-utf-8", "the file is not UTF-8 text", place, expected=_saved_as(data)))
        return None
    count = problems.count
    root = parse_yaml(text, str(path), problems)
    if isinstance(root, Mapping):
        return root if _has_format(root, problems) else None
    if root is not None or problems.count == count:
        _problem(problems, "wrong-form", "the file is not a mapping", path, f"`format: {FORMAT}` at its top")
    return None


def _problem(
    problems: Problems, code: str, message: str, file: str | Path, expected: str | None = None
) -> None:
    problems.add(Diagnostic(code, message, Position(str(file), 1, 1), expected=expected))


def _is_case(keys: set[str]) -> bool:
    """Whether a file with these top-level keys is a case among the files of a policy."""
    return keys.isdisjoint(TOP_KEYS) and (bool(keys & {"history", "acts"}) or {"id", "facts"} <= keys)


def _has_format(root: Mapping, problems: Problems) -> bool:
    """Check the top-level keys. Returns False if this release does not support the file's format."""
    version = root.get("format")
    if version is not None:
        known = isinstance(version, Scalar) and type(version.value) is int and version.value == FORMAT
        if not known:
            message = "unknown format"
            problems.add(Diagnostic("format", message, version.position, expected=f"`format: {FORMAT}`"))
            return False
    elif _is_case(set(root.keys())):
        message = "the file is a case and not a part of a policy"
        problems.add(Diagnostic("format", message, root.position, expected="cases in a folder of their own"))
        return False
    for key, _ in root.entries:
        if key.text not in TOP_KEYS:
            misplaced = key.text in VOCABULARY_KEYS
            if misplaced:
                problems.doubt((root.position, "vocabulary"))
            close = problems.unknown(
                "unknown-key",
                f"unknown key {key.text[:60]!r} in a policy file",
                key.text,
                () if misplaced else TOP_KEYS,
                position=key.position,
                expected=f"`{key.text}:` indented below `vocabulary:`" if misplaced else ", ".join(TOP_KEYS),
            )
            problems.doubt((root.position, close))
            problems.blind = True  # declarations below that key are not read
    if version is None and not problems.doubts((root.position, "format")):
        message = "missing `format:` in the file"
        problems.add(Diagnostic("format", message, root.position, expected=f"`format: {FORMAT}`"))
    return True
