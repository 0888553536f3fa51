"""Checks the arguments of the public methods; errors name the argument."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from os import PathLike, fsencode, fspath
from pathlib import Path
from typing import Final

from escalation_rules.errors import CaseError, Diagnostic, RequestError, listing
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.policy.reading.files import BUILTIN_WORD
from escalation_rules.values import Instant, ValueProblem, plain_text, show

MOST_WORKERS = 1024


class Builtin:
    """The type of `BUILTIN`."""

    def __repr__(self) -> str:
        return "BUILTIN"

    def __reduce__(self) -> str:
        return "BUILTIN"


BUILTIN: Final = Builtin()
"""The built-in policy in `Policy.load(BUILTIN, "our-rules/")`; the word "builtin" is accepted as well."""


def check_pool(workers: object, start: object) -> None:
    """Raise `RequestError` if `workers` is not a number of processes or `start` is not a start method."""
    if type(workers) is not int or not 1 <= workers <= MOST_WORKERS:
        raise bad_argument("`workers`", workers, f"1 to {MOST_WORKERS}")
    if start is None:
        return
    from multiprocessing import get_all_start_methods

    if type(start) is not str or start not in get_all_start_methods():
        raise bad_argument("`start`", start, listing(get_all_start_methods()))


def layer_path(layer: object) -> Path:
    """The path of a layer. Raises `RequestError` if it is neither a path nor `BUILTIN` (nor its word on the
    command line)."""
    if isinstance(layer, Builtin) or (type(layer) is str and layer == BUILTIN_WORD):
        return builtin_path()
    return path_of("a layer", layer, "a path, or BUILTIN; the working folder is '.'")


def path_of(name: str, value: object, expected: str) -> Path:
    """Return the argument as a path. Raises `RequestError` if the system cannot have such a path."""
    said = fspath(value) if isinstance(value, PathLike) else value
    try:
        if isinstance(said, str):
            text = plain_text(said)  # a subclass of `str` may override `__str__`
            if text and b"\0" not in fsencode(text):
                return Path(text)
    except UnicodeEncodeError:
        pass
    raise bad_argument(name, value, expected)


def check_engine(engine: object) -> None:
    """Raise `RequestError` if `engine` is not the name of an engine. None leaves the choice to the library."""
    if engine is not None and (not isinstance(engine, str) or engine not in {"durable", "plain"}):
        message = f"unknown engine {show(engine)}"
        raise RequestError([Diagnostic("unknown-engine", message, expected="durable or plain")])


def check_text(name: str, value: object, expected: str) -> None:
    """Raise `RequestError` if the argument is neither a text nor None."""
    if value is not None and not isinstance(value, str):
        raise bad_argument(f"`{name}`", value, expected)


def bad_argument(name: str, value: object, expected: str) -> RequestError:
    """The error for an argument with the wrong type or form."""
    return RequestError([Diagnostic("bad-argument", f"{name} cannot be {show(value)}", expected=expected)])


def decided_at(data: object) -> datetime:
    """The instant of a decision given as plain data. Raises `RequestError` if it has none."""
    said = f"this is not a decision: it is {show(data)}"
    if isinstance(data, Mapping):
        said = "this is not a decision: it lacks `policy`"
        if isinstance(data.get("policy"), Mapping):
            try:
                return Instant().parse(data.get("at"))
            except ValueProblem as problem:
                said = f"this is not a decision: {problem.message}"
    raise RequestError([Diagnostic("not-a-decision", said, expected="the data of to_dict()")])


def instant(at: object) -> datetime:
    """Return `at` in UTC. Raises `CaseError` if it is not an aware datetime."""
    if type(at) is datetime and at.tzinfo is UTC:
        return at
    try:
        if not isinstance(at, datetime):
            raise ValueProblem(f"`at` cannot be {show(at)}", "an aware datetime")
        return Instant().parse(at)
    except ValueProblem as problem:
        raise CaseError(
            [Diagnostic("bad-instant", f"at: {problem.message}", path="at", expected=problem.expected)]
        ) from None
