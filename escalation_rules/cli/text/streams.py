"""Output: UTF-8 on stdout, problems on stderr, and no traceback if the reader closes stdout."""

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
READER_GONE = 141  # the shell's exit code for a program ended by SIGPIPE

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def clean(text: str) -> str:
    """Untrusted text on one line, without control characters (hence without escape codes) and bidirectional marks."""
    return _CONTROL.sub(" ", _DIRECTION.sub("", text))


def relative(file: str) -> str:
    """The name of a file relative to the working directory, if it lies below."""
    try:
        return Path(file).resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file


def place(position: Position) -> str:
    """A line of a file, as text."""
    return f"{relative(position.file)}:{position.line}"


def write(text: str) -> None:
    """Print a text in UTF-8, independent of the locale. Characters that UTF-8 cannot encode are escaped."""
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
    """Print a JSON object."""
    write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def complain(diagnostics: Iterable[Diagnostic]) -> int:
    """Print problems to stderr, one a line. Returns the exit code."""
    for diagnostic in diagnostics:
        line = clean(str(diagnostic))
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    return BAD_INPUT


def abandon() -> int:
    """Discard pending output of stdout, so that the interpreter exits without an error. Returns the exit code."""
    with contextlib.suppress(OSError, ValueError):  # stdout may not be a file of the operating system
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE
