"""What the process writes: UTF-8 on stdout, problems on stderr, and no traceback when the reader goes away."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from escalation_rules.errors import Diagnostic, Position, RequestError

BAD_INPUT = 2
READER_GONE = 141  # what a shell reports for a program that SIGPIPE has ended

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def clean(text: str) -> str:
    """Text of a stranger on one line: no control characters, hence no escape codes, and no change of direction."""
    return _CONTROL.sub(" ", _DIRECTION.sub("", text))


def relative(file: str) -> str:
    """The name of a file as seen from the working directory, if it lies below."""
    try:
        return Path(file).resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file


def place(position: Position) -> str:
    """A line of a file."""
    return f"{relative(position.file)}:{position.line}"


def write(text: str) -> None:
    """Print a text, whole: in UTF-8 whatever the machine's locale; what UTF-8 cannot hold is written as an escape."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        message = f"the output cannot be written: {error.strerror or error}"
        raise RequestError([Diagnostic("unwritable", message)]) from None


def write_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def complain(diagnostics: Iterable[Diagnostic]) -> int:
    """Print problems to stderr, one a line; returns the exit code."""
    for each in diagnostics:
        line = clean(str(each))
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    return BAD_INPUT


def abandon() -> int:
    """Send what is left of stdout nowhere, so that the interpreter's end is quiet; returns the exit code."""
    with contextlib.suppress(OSError, ValueError):  # stdout may be no file of the system's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE
