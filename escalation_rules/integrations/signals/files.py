"""Reads the files and folders of a lexicon, with the number of their layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from escalation_rules.errors import Diagnostic, Position, Problems
from escalation_rules.source import Node, parse_yaml

_SUFFIXES = (".yaml", ".yml")
_MOST_FILES = 100
_LARGEST = 4_000_000
_EXPECTED = "a folder of YAML files, or one YAML file"


def read_files(layers: Iterable[Path], problems: Problems) -> Iterator[tuple[int, Node]]:
    """The root of each file, in the order of layers and, within a folder, of names."""
    for number, layer in enumerate(layers):
        files = sorted(path for path in layer.iterdir() if _is_ours(path)) if layer.is_dir() else [layer]
        place = Position(str(layer), 1, 1)
        if not files:
            problems.add(Diagnostic("no-policy", f"{layer} contains no YAML file", place, expected=_EXPECTED))
        if len(files) > _MOST_FILES:
            message = f"{layer} contains {len(files)} YAML files"
            problems.add(Diagnostic("too-many-files", message, place, expected=f"at most {_MOST_FILES}"))
            continue
        for file in files:
            text = _text(file, problems)
            root = None if text is None else parse_yaml(text, str(file), problems)
            if root is not None:
                yield number, root


def _is_ours(path: Path) -> bool:
    return path.suffix in _SUFFIXES and not path.name.startswith(".") and path.is_file()


def _text(file: Path, problems: Problems) -> str | None:
    place = Position(str(file), 1, 1)
    try:
        if file.stat().st_size > _LARGEST:
            problems.add(Diagnostic("file-too-large", f"{file} has more than {_LARGEST:,} bytes", place))
            return None
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.add(
            Diagnostic("unreadable", f"{file} cannot be read: {error.strerror}", place, expected=_EXPECTED)
        )
    except UnicodeDecodeError:
        problems.add(Diagnostic("not-utf-8", f"{file} is not encoded in UTF-8", place, expected="UTF-8"))
    return None
