"""Folders and files of a policy → one node for each file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from escalation_rules.errors import Diagnostic, Position, Problems, nearest
from escalation_rules.source import MAX_CHARACTERS, Mapping, Scalar, parse_yaml

FORMAT = 1
TOP_KEYS = ("format", "name", "vocabulary", "ruleset", "label", "principle", "applies_while", "rules", "disable")
MAX_FILES = 500
SUFFIXES = (".yaml", ".yml")


@attrs.frozen
class PolicyFile:
    """One file of a policy: the `layer` it belongs to (0 is the lowest), its name in messages, its content."""

    layer: int
    file: str
    root: Mapping


def read_layers(layers: Sequence[str | Path], problems: Problems) -> tuple[PolicyFile, ...]:
    """All files of the layers, each layer a folder (searched whole, in order of path) or one file."""
    found: list[PolicyFile] = []
    for number, layer in enumerate(layers):
        files = list(_files(Path(layer), problems))
        if len(files) > MAX_FILES:
            problems.add(Diagnostic("too-many-files", f"{layer} holds {len(files)} YAML files", Position(str(layer), 1, 1),
                                    expected=f"at most {MAX_FILES}"))
            continue
        for path in files:
            root = _read(path, problems)
            if root is not None:
                found.append(PolicyFile(number, str(path), root))
    return tuple(found)


def _files(layer: Path, problems: Problems) -> Iterator[Path]:
    if layer.is_file():
        yield layer
        return
    files = sorted(path for path in layer.rglob("*") if path.suffix in SUFFIXES and path.is_file()) if layer.is_dir() else []
    if not files:
        what = "holds no YAML file" if layer.is_dir() else "does not exist"
        problems.add(Diagnostic("no-policy", f"{layer} {what}", Position(str(layer), 1, 1),
                                expected="a folder of YAML files, or one such file"))
    yield from files


def _read(path: Path, problems: Problems) -> Mapping | None:
    start = Position(str(path), 1, 1)
    data = b""
    try:
        with path.open("rb") as stream:
            data = stream.read(4 * MAX_CHARACTERS + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        problems.add(Diagnostic("unreadable", f"the file cannot be read: {error.strerror}", start))
        return None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.add(Diagnostic("not-utf-8", "the file is not UTF-8 text", Position(str(path), line, 1), expected="UTF-8"))
        return None
    root = parse_yaml(text, str(path), problems)
    if isinstance(root, Mapping):
        return root if _has_format(root, problems) else None
    if root is not None or not problems.errors:
        problems.add(Diagnostic("wrong-form", "the file is no mapping", start, expected=f"`format: {FORMAT}` at its top"))
    return None


def _has_format(root: Mapping, problems: Problems) -> bool:
    for key, _ in root.entries:
        if key.text not in TOP_KEYS:
            problems.add(Diagnostic("unknown-key", f"there is no key of a policy file, {key.text!r}", key.position,
                                    expected=", ".join(TOP_KEYS), suggestion=nearest(key.text, TOP_KEYS)))
    version = root.get("format")
    if isinstance(version, Scalar) and version.value == FORMAT and version.value is not True:
        return True
    place = version.position if version is not None else root.position
    message = "the file has no `format:`" if version is None else "this format is not known"
    problems.add(Diagnostic("format", message, place, expected=f"`format: {FORMAT}`"))
    return False
