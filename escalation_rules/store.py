"""Reloads a policy when its files change. While an edit is incomplete or invalid, the last valid version stays in use."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from importlib import import_module
from itertools import count
from os import PathLike, fsencode
from pathlib import Path
from threading import Event
from typing import Any

import attrs

from escalation_rules.api import Engine, Policy
from escalation_rules.call_arguments import BUILTIN, bad_argument, layer_path, path_of
from escalation_rules.errors import Diagnostic, PolicyError, Position, Problems
from escalation_rules.policy.reading.files import files_of
from escalation_rules.source import MAX_CHARACTERS

_TRIES = 10
_MOST_SECONDS = 3600
_LONGEST_DIGEST = 200
_MOST_BYTES = 4 * MAX_CHARACTERS + 1
"""The maximum size of a file that is compared; larger ones are rejected when they are read."""


@attrs.frozen
class StoreState:
    """A snapshot of a store: the policy in use, and the problems of files that were refused.

    `loads` counts the policies that were put into use, including the first one; `failures` counts refused
    versions.
    """

    policy: Policy
    diagnostics: tuple[Diagnostic, ...] = ()
    loads: int = 1
    failures: int = 0


class PolicyStore:
    """Holds the policy of some layers and replaces it when its files change to a complete, valid version.

    Read `store.policy` once for each request: it is replaced atomically, and a request continues with the
    policy it has read. A version is used only if the files did not change for `settle` seconds and while they
    were read. `digest_file`, written last and containing the digest of the policy, also protects against a
    writer that stops half way. The store starts no thread: call `refresh()`, or run `watch(stop)` in a thread
    of your own.
    """

    def __init__(
        self,
        *layers: str | PathLike[str] | Any,
        engine: Engine | None = None,
        settle: float = 0.2,
        digest_file: str | PathLike[str] | None = None,
    ) -> None:
        """Load the first version. Raises the same errors as `Policy.load`."""
        _check_seconds("settle", settle)
        self._layers = layers or (BUILTIN,)
        self._paths = tuple(layer_path(layer) for layer in self._layers)
        self._engine: Engine | None = engine
        self._settle = settle
        self._digest_file = (
            path_of("`digest_file`", digest_file, "the path of a file") if digest_file is not None else None
        )
        self._tickets = count()
        policy, self._seen = self._settled()
        self._state = StoreState(policy)
        self._newest = -1

    @property
    def policy(self) -> Policy:
        """The policy in use."""
        return self._state.policy

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The problems of the current files; empty if they are in use."""
        return self._state.diagnostics

    @property
    def state(self) -> StoreState:
        """Policy, diagnostics and counters as one consistent snapshot, for example for a health check."""
        return self._state

    def refresh(self) -> bool:
        """Load the current files if they changed. Returns whether the policy was replaced.

        Never raises for invalid files: the policy stays, and `diagnostics` lists the problems. May take
        `settle` seconds plus the loading time. Thread-safe.
        """
        ticket = next(self._tickets)
        if self._look() == self._seen:
            if self._state.diagnostics and self._newest < ticket:  # an invalid edit was undone
                self._state = attrs.evolve(self._state, diagnostics=())
            return False
        try:
            policy, seen = self._settled()
        except PolicyError as error:
            return self._refused(error)
        if ticket < self._newest:  # another thread has already loaded a later version
            return False
        before = self._state
        changed = policy.digest != before.policy.digest
        self._newest, self._seen = ticket, seen
        if changed:
            self._state = StoreState(policy, (), before.loads + 1, before.failures)
        else:
            self._state = attrs.evolve(before, diagnostics=())
        return changed

    def _refused(self, error: PolicyError) -> bool:
        before = self._state
        if before.diagnostics != error.diagnostics:
            self._state = attrs.evolve(before, diagnostics=error.diagnostics, failures=before.failures + 1)
        return False

    def watch(self, stop: Event, every: float = 5.0) -> None:
        """Call `refresh` every `every` seconds until `stop` is set; with `watchfiles` (extra `watch`), when a
        file changes.

        Run it in a thread of your own; with forking servers, start it in each worker.
        """
        if not isinstance(stop, Event):
            raise bad_argument("`stop`", stop, "a threading.Event")
        _check_seconds("every", every)
        for _ in self._occasions(stop, every):
            self.refresh()

    def _occasions(self, stop: Event, every: float) -> Iterator[object]:
        watched = [str(path) for path in self._paths if path.exists()]
        try:
            watch: Any = import_module("watchfiles").watch
        except ImportError:
            watch = None
        if watch is None or not watched:
            while not stop.wait(every):
                yield None
            return
        wait = max(1, int(every * 1000))
        while not stop.is_set():
            yield from watch(*watched, stop_event=stop, rust_timeout=wait, yield_on_timeout=True)

    def _settled(self) -> tuple[Policy, bytes]:
        """A policy whose files did not change for a while nor while they were read, with the digest of their state."""
        seen = self._look()
        for _ in range(_TRIES):
            if self._settle:
                time.sleep(self._settle)
            if (again := self._look()) != seen:
                seen = again
                continue
            failure: PolicyError | None = None
            policy = None
            try:
                policy = Policy.load(*self._layers, engine=self._engine, expect_digest=self._expected())
            except PolicyError as error:
                failure = error
            if (again := self._look()) != seen:  # changed while being read
                seen = again
            elif failure is not None:
                raise failure
            elif policy is not None:
                return policy, seen
        message = "the files keep changing, so no complete version can be read"
        raise PolicyError([Diagnostic("unsettled", message, expected="files that stay the same for a while")])

    def _expected(self) -> str | None:
        if self._digest_file is None:
            return None
        try:
            with self._digest_file.open("rb") as stream:
                return stream.read(_LONGEST_DIGEST).decode("utf-8", "replace").strip()
        except OSError as error:
            place = Position(str(self._digest_file), 1, 1)
            message = f"the file with the digest cannot be read: {error.strerror}"
            raise PolicyError([Diagnostic("unreadable", message, place)]) from None

    def _look(self) -> bytes:
        """A digest of the resolved paths and contents of the files; for an unreadable file, of its error."""
        digest = hashlib.blake2b()
        problems = Problems()
        for path in (*files_of(self._paths, problems), *((self._digest_file,) if self._digest_file else ())):
            try:
                with path.open("rb") as stream:
                    content = stream.read(_MOST_BYTES)
                where = str(path.resolve())
            except (OSError, RuntimeError) as error:
                content, where = type(error).__name__.encode(), ""
            for part in (fsencode(path), fsencode(where), content):
                digest.update(len(part).to_bytes(8, "big") + part)
        digest.update(repr([str(problem) for problem in problems]).encode(errors="replace"))
        return digest.digest()

    def __reduce__(self) -> tuple[Any, ...]:
        # After unpickling, the store follows the files of the machine it is on.
        return _arrived, (self._layers, self._engine, self._settle, self._digest_file)

    def __copy__(self) -> PolicyStore:
        return self

    def __deepcopy__(self, memo: object) -> PolicyStore:
        return self

    def __repr__(self) -> str:
        state = self._state
        said = f", {len(state.diagnostics)} problems in the present files" if state.diagnostics else ""
        return f"<PolicyStore of {state.policy!r}{said}>"


def _arrived(
    layers: tuple[Any, ...], engine: Engine | None, settle: float, digest_file: Path | None
) -> PolicyStore:
    """Restore a pickled store."""
    return PolicyStore(*layers, engine=engine, settle=settle, digest_file=digest_file)


def _check_seconds(name: str, value: object) -> None:
    if not isinstance(value, (int, float)) or not 0 <= value <= _MOST_SECONDS:
        raise bad_argument(f"`{name}`", value, f"0 to {_MOST_SECONDS} seconds")
