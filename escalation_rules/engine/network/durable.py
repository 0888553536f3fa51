"""The network in durable-rules: the only module that may touch its C extension.

The extension crashes the process when it is used in ways that look harmless. What is done
here, and in which order, is the recipe that was measured to be safe; keep to it. Only names
made here reach C, only the number 1, and only rules that are one `$and` over one fact.
"""

from __future__ import annotations

import json
import os
import warnings
import weakref
from collections import deque
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from importlib import import_module
from itertools import compress
from operator import or_
from typing import Protocol, cast

from attrs import define, frozen

from escalation_rules.engine.network.base import MAX_PATH_LITERALS, NetworkError, Path, Units
from escalation_rules.engine.network.plain import PlainNetwork, mask_of
from escalation_rules.errors import EngineWarning

# Of at most 64 paths that may match at once (error 303), and quickest with 20 to 30.
PATHS_PER_RULESET = 30
# Beside these a fact has `id`, `sid` and the sentinel; above 252 properties: error 302.
LITERALS_PER_RULESET = MAX_PATH_LITERALS

_OK, _UNMATCHED = 0, 1
_SID = "0"  # The engine's own default; a ruleset has one state only, so one sid serves all.
_FACT = '{"id":"f"'
_RETRACT = '{"id":"f"}'
_PRIMER = '{"id":"p","z":1}'
_SENTINEL = {"all": [{"m": {"$and": [{"z": 1}]}}]}
_BITS = bytes.maketrans(b"01", b"\0\1")


class _Engine(Protocol):
    """The functions of `durable_rules_engine` in use. Looked up anew at every call."""

    error: type[Exception]

    def create_ruleset(self, name: str, rules: str, /) -> int: ...
    def assert_fact(self, ruleset: int, fact: str, /) -> tuple[int, int]: ...
    def retract_fact(self, ruleset: int, fact: str, /) -> tuple[int, int]: ...
    def start_action_for_state(self, ruleset: int, state: int, /) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, ruleset: int, state: int, /) -> str | None: ...
    def delete_state(self, ruleset: int, sid: str, /) -> None: ...
    def delete_ruleset(self, ruleset: int, /) -> None: ...


def _load() -> _Engine | None:
    if not _in_main_interpreter():  # there its first call ends the process
        return None
    try:
        import durable_rules_engine
    except ImportError:  # Not installed, or (Python 3.13 and later) installed but unusable.
        return None
    return cast("_Engine", durable_rules_engine)


def _in_main_interpreter() -> bool:
    for name in ("_interpreters", "_xxsubinterpreters"):  # the latter up to Python 3.12
        try:
            interpreters = import_module(name)
        except ImportError:
            continue
        return bool(interpreters.get_current() == interpreters.get_main())
    return True


def durable_available() -> bool:
    """Tell whether durable-rules can be used here: imported, and in the main interpreter."""
    return _load() is not None


@frozen(eq=False)
class _Part:
    """What one ruleset is made of: at most 30 paths and 200 literals."""

    rules: str
    mask: int
    literals: tuple[int, ...]
    fragments: tuple[str, ...]
    units: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, paths: Mapping[Path, Sequence[int]]) -> _Part:
        """Compile `paths`, each with the units that it makes fire."""
        literals = tuple(sorted({literal for path in paths for literal in path}))
        names = {literal: f"a{number}" for number, literal in enumerate(literals)}
        rules: dict[str, object] = {}
        units = {}
        for number, (path, wanted) in enumerate(paths.items()):
            tests = [{names[literal]: 1} for literal in path]
            rules[f"r{number}"] = {"all": [{"m": {"$and": tests}}]}
            units[f"r{number}"] = tuple(wanted)
        rules["z"] = _SENTINEL
        fragments = tuple(f',"{names[literal]}":1' for literal in literals)
        return cls(json.dumps(rules), mask_of(literals), literals, fragments, units)

    def fact(self, flags: bytes) -> str:
        """Return the fact that lists the literals that hold; `flags` has a byte for each."""
        holding = map(flags.__getitem__, self.literals)
        return f"{_FACT}{''.join(compress(self.fragments, holding))}}}"


def _dispose(engine: _Engine, number: int) -> None:
    with suppress(Exception):  # Runs in finalisers, where nobody could handle it.
        engine.delete_state(number, _SID)
        engine.delete_ruleset(number)


@frozen(eq=False)
class _Handle:
    """A live, primed ruleset in C, with its one state. Disposed with the last reference."""

    number: int
    state: int

    @classmethod
    def open(cls, engine: _Engine, part: _Part) -> _Handle:
        """Create and prime a ruleset. Raises whatever the engine does."""
        number = engine.create_ruleset("n", part.rules)
        code, state = engine.assert_fact(number, _PRIMER)
        # Until an action was started, deleting the state would be a segfault: should anything
        # fail before that, the ruleset is left behind.
        if code != _OK or not engine.start_action_for_state(number, state):
            raise NetworkError("durable-rules did not match the sentinel")
        handle = cls(number, state)
        # Not at exit: a daemon thread may still be inside, and the memory goes anyway.
        weakref.finalize(handle, _dispose, engine, number).atexit = False
        if engine.complete_and_start_action(number, state):
            raise NetworkError("durable-rules matched more than the sentinel")
        engine.retract_fact(number, '{"id":"p"}')
        return handle

    def matched(self, engine: _Engine, fact: str, units: Container[str], limit: int) -> Iterable[str]:
        """Return the names of the rules, of `units` and `limit` at most, that `fact` satisfies.

        After any exception the handle must not be used again. The fact is then not retracted:
        disposal frees it, and needs no further call into an engine in an unknown state.
        """
        code, state = engine.assert_fact(self.number, fact)
        if code not in (_OK, _UNMATCHED) or state != self.state:
            raise NetworkError(f"durable-rules answered {code}")
        names = self._drained(engine, units, limit) if code == _OK else ()
        code, _ = engine.retract_fact(self.number, _RETRACT)
        if code != _OK:
            raise NetworkError(f"durable-rules did not retract: {code}")
        return names

    def _drained(self, engine: _Engine, units: Container[str], limit: int) -> list[str]:
        started = engine.start_action_for_state(self.number, self.state)
        if not started:  # As after a drain that was abandoned: silently nothing, for 61 s.
            raise NetworkError("durable-rules withheld a match")
        names: list[str] = []
        match: str | None = started[1]
        while match:
            if len(names) == limit:
                raise NetworkError("durable-rules fires more rules than there are")
            name = match.split('"', 2)[1]  # {"r7":{"m":{…
            if name not in units:
                raise NetworkError(f"durable-rules fires {name[:20]}, which is not a rule")
            names.append(name)
            match = engine.complete_and_start_action(self.number, self.state)
        return names


def _parts_of(units: Units) -> tuple[_Part, ...]:
    """Split the distinct paths, in the order of their first use, over rulesets."""
    users: dict[Path, list[int]] = {}
    for unit, paths in enumerate(units):
        if () in paths:  # It fires always: no path of it need be looked at.
            continue
        for path in dict.fromkeys(paths):
            users.setdefault(path, []).append(unit)
    parts = []
    chunk: dict[Path, list[int]] = {}
    literals: set[int] = set()
    for path, wanted in users.items():
        full = len(chunk) == PATHS_PER_RULESET
        if chunk and (full or len(literals.union(path)) > LITERALS_PER_RULESET):
            parts.append(_Part.of(chunk))
            chunk, literals = {}, set()
        chunk[path] = wanted
        literals.update(path)
    if chunk:
        parts.append(_Part.of(chunk))
    return tuple(parts)


class _Session:
    """The live rulesets of one network in one process. Whoever holds the object may use them, and nobody else."""

    __slots__ = ("__weakref__", "handles")

    def __init__(self, parts: int) -> None:
        self.handles: list[_Handle | None] = [None] * parts


class _Sessions:
    """Hands out the one session of a network; None while somebody has it.

    There is no lock that could stay held. Python runs signal handlers between any two steps, and what they raise (a time
    limit, an interrupt) may arrive when the session was taken and before anybody could give it back: then it dies with
    the frames of the traceback, and the next one who asks begins another.

    A forked child begins one of its own: a thread of its parent may have been in the middle of a ruleset, and does not
    exist in the child.
    """

    def __init__(self, parts: int) -> None:
        self._parts = parts
        self._closed = False
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._idle: deque[_Session] = deque(maxlen=1)
        self._known: Callable[[], _Session | None] = _nobody

    def take(self) -> _Session | None:
        """The session, for whoever takes it alone."""
        if self._process != os.getpid():
            self._begin()
        if self._closed:
            return None
        try:
            return self._idle.pop()
        except IndexError:
            pass
        if self._known() is not None:
            return None
        session = _Session(self._parts)
        self._known = weakref.ref(session)
        return session

    def give_back(self, session: _Session) -> None:
        """Leave it to others; of a closed network it is freed."""
        if self._process == os.getpid():
            self._idle.append(session)
        if self._closed:
            self._idle.clear()

    def close(self) -> None:
        """Free the session, or leave it to whoever has it."""
        self._closed = True
        self._idle.clear()


def _nobody() -> None:
    return None


@define
class _Rest:
    """How long a ruleset that failed is left alone, in calls: twice as long after each failure in a row.

    What fails while it is made cannot be freed. So a ruleset that always fails costs the memory of a few dozens of them,
    and one that fails no more comes back after as many calls as it was missing at most.
    """

    failures: int = 0
    left: int = 0

    def failed(self) -> None:
        """It failed once more."""
        self.left = (1 << self.failures) - 1
        self.failures += 1

    def over(self) -> bool:
        """Whether to ask it again; counts the call if not."""
        if not self.left:
            return True
        self.left -= 1
        return False


class DurableNetwork:
    """A network in durable-rules, with a plain twin for whenever C must not be entered.

    Rulesets are created when first needed, so that loading a policy stays cheap. If one
    fails, it is thrown away, the twin answers, the failure is counted and warned of, and
    the ruleset is made anew at a later call.
    """

    def __init__(self, units: Units) -> None:
        """Compile `units`, as `checked` returns them. Raises `NetworkError` without engine."""
        engine = _load()
        if engine is None:
            raise NetworkError("durable-rules cannot be imported here: use the plain engine")
        self._engine = engine
        # What C raises, and what is raised here; not every Exception: a signal handler's (a time limit) is the host's.
        self._failures = (engine.error, NetworkError, MemoryError)
        self._twin = PlainNetwork(units)
        self._always = tuple(number for number, unit in enumerate(units) if () in unit)
        self._parts = _parts_of(units)
        self._used = reduce(or_, (part.mask for part in self._parts), 0)
        self._sessions = _Sessions(len(self._parts))
        self._resting: dict[int, _Rest] = {}
        self._failed = 0

    @property
    def failures(self) -> int:
        """How often the engine failed, and the twin answered in its place."""
        return self._failed

    @property
    def engine(self) -> str:
        """What runs it: `"durable"`."""
        return "durable"

    def fired(self, holding: int) -> tuple[int, ...]:
        """Tell which units fire for the bitmask `holding`; see `Network.fired`."""
        # Never wait: whoever has the session may be the very thread that a signal handler or a
        # finaliser has interrupted.
        session = self._sessions.take()
        if session is None:
            return self._twin.fired(holding)
        try:
            found = self._asked(session, holding)
        finally:
            self._sessions.give_back(session)
        return self._twin.fired(holding) if found is None else found

    def close(self) -> None:
        """Free the rulesets, or leave it to whoever is using them. Idempotent."""
        self._sessions.close()

    def _asked(self, session: _Session, holding: int) -> tuple[int, ...] | None:
        """Return what the engine answers, or None if it failed, or rests from having failed."""
        found = set(self._always)
        used = holding & self._used  # Also makes a negative number, "all bits", finite.
        flags = f"{used:0{self._used.bit_length()}b}"[::-1].encode().translate(_BITS)
        for number, part in enumerate(self._parts):
            if not used & part.mask:
                continue
            if number in self._resting and not self._resting[number].over():
                return None
            # The handle leaves its place while in use: whatever interrupts, be it a failure
            # in C or a KeyboardInterrupt, it cannot come back half drained.
            handle, session.handles[number] = session.handles[number], None
            try:
                handle = handle or _Handle.open(self._engine, part)
                for name in handle.matched(self._engine, part.fact(flags), part.units, len(part.units)):
                    found.update(part.units[name])
            except self._failures as failure:  # the twin knows the answer
                self._note(number, failure)
                return None
            session.handles[number] = handle
            self._resting.pop(number, None)
        return tuple(sorted(found))

    def _note(self, number: int, failure: BaseException) -> None:
        """Count a failure, and warn of it. Only whoever has the session comes here."""
        self._failed += 1
        self._resting.setdefault(number, _Rest()).failed()
        text = f"durable-rules failed ({failure}); the plain engine answers in its place"
        warnings.warn(text, EngineWarning, stacklevel=2)
