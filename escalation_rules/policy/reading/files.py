"""Folders and files of a policy → one node for each file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from escalation_rules.errors import Diagnostic, Position, Problems, nearest
from escalation_rules.source import MAX_CHARACTERS, Mapping, Scalar, parse_yaml

FORMAT = 1
TOP_KEYS = (
    "format",
    "name",
    "languages",
    "vocabulary",
    "ruleset",
    "label",
    "principle",
    "applies_while",
    "rules",
    "disable",
)
VOCABULARY_KEYS = ("phases", "roles", "outside", "principles", "sources", "phase_order", "calendar", "calendars",
                   "facts", "records", "actions", "groups", "extend")  # fmt: skip
MAX_FILES = 500
SUFFIXES = (".yaml", ".yml")


@attrs.frozen
class PolicyFile:
    """One file of a policy: the `layer` it belongs to (0 is the lowest), its name in messages, its content."""

    layer: int
    file: str
    root: Mapping


def read_layers(layers: Sequence[str | Path], problems: Problems) -> tuple[PolicyFile, ...]:
    """All files of the layers, each layer a folder (searched whole) or one file."""
    found: list[PolicyFile] = []
    seen: set[Path] = set()
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
        if twice := [each for each in files if each.resolve() in seen]:
            _problem(
                problems,
                "same-file",
                f"{twice[0]} is already part of a lower layer",
                layer,
                "each file in one layer only",
            )
            continue
        seen.update(each.resolve() for each in files)
        for path in files:
            root = _read(path, problems)
            if root is not None:
                found.append(PolicyFile(number, str(path), root))
            else:
                problems.blind = True
    return tuple(found)


def _files(layer: Path, problems: Problems) -> list[Path]:
    """The files of a layer, in order of path. Each comes once, however many links lead to it."""
    if layer.is_file():
        return [layer]
    found: dict[Path, Path] = {}
    for path in sorted(_search(layer, problems)) if layer.is_dir() else ():
        found.setdefault(path.resolve(), path)
    if not found:
        what = "contains no YAML file" if layer.is_dir() else "does not exist"
        _problem(problems, "no-policy", f"{layer} {what}", layer, "a folder of YAML files, or one YAML file")
        problems.blind = True
    return list(found.values())


def _search(folder: Path, problems: Problems) -> Iterator[Path]:
    """The YAML files below a folder, through links too. A name that begins with a dot is left out.

    Kubernetes mounts a ConfigMap so: `rules.yaml` is a link into `..data`, which is a link to a folder `..2026_11_28…`.
    """

    def refuse(error: OSError) -> None:
        _problem(problems, "unreadable", f"the folder cannot be read: {error.strerror}", str(error.filename))
        problems.blind = True

    known = {folder.resolve()}
    for where, folders, files in os.walk(folder, onerror=refuse, followlinks=True):
        here = Path(where)
        below = sorted((each for each in folders if not each.startswith(".")),
                       key=lambda name: ((here / name).is_symlink(), name))  # fmt: skip
        folders.clear()
        for name in below:
            if (target := (here / name).resolve()) not in known:  # a link may lead back
                known.add(target)
                folders.append(name)
        for name in files:
            path = here / name
            if not name.startswith(".") and path.suffix in SUFFIXES and path.is_file():
                yield path


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
        problems.add(Diagnostic("not-utf-8", "the file is not UTF-8 text", place, expected="UTF-8"))
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


def _has_format(root: Mapping, problems: Problems) -> bool:
    """Check the keys at the top. False if the file is of a format that this release does not know."""
    version = root.get("format")
    if version is not None:
        known = isinstance(version, Scalar) and type(version.value) is int and version.value == FORMAT
        if not known:
            message = "unknown format"
            problems.add(Diagnostic("format", message, version.position, expected=f"`format: {FORMAT}`"))
            return False
    for key, _ in root.entries:
        if key.text not in TOP_KEYS:
            close = nearest(key.text, TOP_KEYS)
            expected = None if close else ", ".join(TOP_KEYS)
            if key.text in VOCABULARY_KEYS:
                close, expected = None, f"`{key.text}:` indented below `vocabulary:`"
                problems.doubt((root.position, "vocabulary"))
            message = f"unknown key {key.text[:60]!r} in a policy file"
            problems.add(
                Diagnostic("unknown-key", message, key.position, expected=expected, suggestion=close)
            )
            problems.doubt((root.position, close))
            problems.blind = True  # what the file declares below that key is not read
    if version is None and not problems.doubts((root.position, "format")):
        message = "missing `format:` in the file"
        problems.add(Diagnostic("format", message, root.position, expected=f"`format: {FORMAT}`"))
    return True
