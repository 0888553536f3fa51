"""The network in durable-rules. This is the only module that uses its C extension.

Seemingly harmless uses of the extension can crash the process. The calls here, and their order, were tested
to be safe and must not be changed. Only names generated here, the number 1, and rules that are one `$and`
over one fact are passed to C.
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

from escalation_rules.engine.network.base import MAX_PATH_LITERALS, Mask, NetworkError, Path, Units
from escalation_rules.engine.network.plain import PlainNetwork, mask_of
from escalation_rules.errors import EngineWarning

# At most 64 paths may match at once (error 303); 20 to 30 are the fastest.
PATHS_PER_RULESET = 30
# A fact also has `id`, `sid` and the sentinel; more than 252 properties raise error 302.
LITERALS_PER_RULESET = MAX_PATH_LITERALS

MAX_REMEMBERED = 128
"""The maximum number of results that are remembered for a unit. When full, they are dropped."""

_CODES: Mapping[bool | None, int] = {False: 0, True: 1, None: 2}
"""The truth of a unit, as it is remembered."""

_OK, _UNMATCHED = 0, 1
_SID = "0"  # The engine's default; one suffices, since a ruleset has only one state.
_FACT = '{"id":"f"'
_RETRACT = '{"id":"f"}'
_PRIMER = '{"id":"p","z":1}'
_SENTINEL = {"all": [{"m": {"$and": [{"z": 1}]}}]}
_BITS = bytes.maketrans(b"01", b"\0\1")


class _Engine(Protocol):
    """The functions of `durable_rules_engine` in use. Looked up for each call."""

    error: type[Exception]

    def create_ruleset(self, name: str, rules: str, /) -> int: ...
    def assert_fact(self, ruleset: int, fact: str, /) -> tuple[int, int]: ...
    def retract_fact(self, ruleset: int, fact: str, /) -> tuple[int, int]: ...
    def start_action_for_state(self, ruleset: int, state: int, /) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, ruleset: int, state: int, /) -> str | None: ...
    def delete_state(self, ruleset: int, sid: str, /) -> None: ...
    def delete_ruleset(self, ruleset: int, /) -> None: ...


def _load() -> _Engine | None:
    if not _in_main_interpreter():  # in a subinterpreter, its first call ends the process
        return None
    try:
        import durable_rules_engine
    except ImportError:  # not installed, or (Python 3.13 and later) installed but unusable
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
    """Whether durable-rules can be used: it can be imported, and this is the main interpreter."""
    return _load() is not None


@frozen(eq=False)
class _Part:
    """The content of one ruleset: at most 30 paths and 200 literals."""

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
        """The fact that lists the literals that hold; `flags` has a byte for each."""
        holding = map(flags.__getitem__, self.literals)
        return f"{_FACT}{''.join(compress(self.fragments, holding))}}}"


def _dispose(engine: _Engine, number: int) -> None:
    with suppress(Exception):  # runs in finalisers, where no exception can be handled
        engine.delete_state(number, _SID)
        engine.delete_ruleset(number)


@frozen(eq=False)
class _Handle:
    """A live, primed ruleset in C with its one state. Freed with the last reference."""

    number: int
    state: int

    @classmethod
    def open(cls, engine: _Engine, part: _Part) -> _Handle:
        """Create and prime a ruleset. Raises any exception of the engine."""
        number = engine.create_ruleset("n", part.rules)
        code, state = engine.assert_fact(number, _PRIMER)
        # Until an action has started, deleting the state would be a segmentation fault. If anything fails
        # before that, the ruleset is leaked.
        if code != _OK or not engine.start_action_for_state(number, state):
            raise NetworkError("durable-rules did not match the sentinel")
        handle = cls(number, state)
        # Not at exit: a daemon thread may still use it, and the memory is freed anyway.
        weakref.finalize(handle, _dispose, engine, number).atexit = False
        if engine.complete_and_start_action(number, state):
            raise NetworkError("durable-rules matched more than the sentinel")
        engine.retract_fact(number, '{"id":"p"}')
        return handle

    def matched(self, engine: _Engine, fact: str, units: Container[str], limit: int) -> Iterable[str]:
        """Return the names of the rules, of `units` and at most `limit`, that `fact` satisfies.

        After any exception, the handle must not be used again. The fact is then not retracted, because
        freeing the ruleset frees it, without further calls to an engine in an unknown state.
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
        if not started:  # as after an interrupted drain: it silently returns nothing for 61 s
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
    """Distribute the distinct paths over rulesets, in the order of their first use."""
    users: dict[Path, list[int]] = {}
    for unit, paths in enumerate(units):
        if () in paths:  # it always fires, so none of its paths needs matching
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
    """The live rulesets of one network in one process. Only the current owner of the object may use them."""

    __slots__ = ("__weakref__", "handles")

    def __init__(self, parts: int) -> None:
        self.handles: list[_Handle | None] = [None] * parts


class _Sessions:
    """Lends the single session of a network; None while it is in use.

    This uses no lock, which could stay locked: Python runs signal handlers between any two steps, and their
    exceptions (a time limit, an interrupt) may occur after the session was taken and before it can be
    returned. The session is then freed with the traceback's frames, and the next caller creates another.

    A forked child creates its own session, since a thread of the parent, which does not exist in the child,
    may have been using the parent's.
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
        """Take the session for exclusive use; None if it is in use."""
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
        """Return the session. If the network is closed, it is freed."""
        if self._process == os.getpid():
            self._idle.append(session)
        if self._closed:
            self._idle.clear()

    def close(self) -> None:
        """Free the session, now or when it is returned."""
        self._closed = True
        self._idle.clear()


def _nobody() -> None:
    return None


@define
class _Rest:
    """How many calls skip a ruleset that failed; doubled after each consecutive failure.

    A ruleset that fails during creation cannot be freed. With this limit, one that always fails leaks only a
    few dozen of them, and one that recovers is used again after at most as many calls as it has been skipped.
    """

    failures: int = 0
    left: int = 0

    def failed(self) -> None:
        """Record another failure."""
        self.left = (1 << self.failures) - 1
        self.failures += 1

    def over(self) -> bool:
        """Whether to use it again; otherwise counts the skipped call."""
        if not self.left:
            return True
        self.left -= 1
        return False


class DurableNetwork:
    """A network in durable-rules, with a plain network as a fallback when C must not be entered.

    Rulesets are created on first use, so that loading a policy is fast. A ruleset that fails is discarded and
    created again in a later call; meanwhile the fallback is used, and the failure is counted and issued as a
    warning.
    """

    def __init__(self, units: Units) -> None:
        """Compile `units`, as returned by `checked`. Raises `NetworkError` if the engine is missing."""
        engine = _load()
        if engine is None:
            raise NetworkError("durable-rules cannot be imported here: use the plain engine")
        self._engine = engine
        # Errors raised by C and by this module; not every Exception, since one raised by a signal handler (a
        # time limit) belongs to the host.
        self._failures = (engine.error, NetworkError, MemoryError)
        self._twin = PlainNetwork(units)
        self._always = tuple(number for number, unit in enumerate(units) if () in unit)
        self._parts = _parts_of(units)
        self._used = reduce(or_, (part.mask for part in self._parts), 0)
        masks = [mask_of([literal for path in unit for literal in path]) for unit in units]
        self._width = reduce(or_, masks, 0).bit_length() // 2 * 2 + 2
        self._remembered: list[tuple[int, dict[int, int]]] = [
            (mask | mask << self._width, {}) for mask in masks
        ]
        self._sessions = _Sessions(len(self._parts))
        self._resting: dict[int, _Rest] = {}
        self._failed = 0

    @property
    def failures(self) -> int:
        """How often the engine failed and the fallback was used."""
        return self._failed

    @property
    def engine(self) -> str:
        return "durable"

    def says(self, atom: int, truth: bool | None) -> Mask:
        """The literals that hold and, above these bits, those that may hold because the atom is undecided."""
        if 2 * atom >= self._width:
            return 0  # no path needs it
        if truth is None:
            return 3 << (self._width + 2 * atom)
        return 1 << (2 * atom + (0 if truth else 1))

    def truths(self, said: Mask) -> Mapping[int, bool | None]:
        """See `Network.truths`. The truth of each unit is remembered by what is said about its own literals; the engine is asked
        when that is new."""
        found: dict[int, bool | None] = {}
        asked: Mapping[int, bool | None] | None = None
        for unit, (mask, known) in enumerate(self._remembered):
            own = said & mask
            code = known.get(own)
            if code is None:
                asked = self._asked_for(said) if asked is None else asked
                if len(known) >= MAX_REMEMBERED:
                    known.clear()
                code = known[own] = _CODES[asked.get(unit, False)]
            if code:
                found[unit] = True if code == _CODES[True] else None
        return found

    def _asked_for(self, said: Mask) -> Mapping[int, bool | None]:
        """The engine finds the units that are not false; which of these are true is tested here."""
        holding, open_ones = said & ((1 << self._width) - 1), said >> self._width
        fired = self.fired(holding | open_ones)
        if not open_ones:
            return dict.fromkeys(fired, True)
        return {unit: True if self._twin.fires(unit, holding) else None for unit in fired}

    def fired(self, holding: int) -> tuple[int, ...]:
        """The units that fire for the bitmask `holding`; see `Network.fired`."""
        # Never wait: the owner of the session may be the very thread that was interrupted by this signal
        # handler or finaliser.
        session = self._sessions.take()
        if session is None:
            return self._twin.fired(holding)
        try:
            found = self._asked(session, holding)
        finally:
            self._sessions.give_back(session)
        return self._twin.fired(holding) if found is None else found

    def close(self) -> None:
        """Free the rulesets, now or when they are no longer in use. Idempotent."""
        self._sessions.close()

    def _asked(self, session: _Session, holding: int) -> tuple[int, ...] | None:
        """The engine's result; None if it failed, or is skipped because of earlier failures."""
        found = set(self._always)
        used = holding & self._used  # also makes a negative number ("all bits") finite
        flags = f"{used:0{self._used.bit_length()}b}"[::-1].encode().translate(_BITS)
        for number, part in enumerate(self._parts):
            if not used & part.mask:
                continue
            if number in self._resting and not self._resting[number].over():
                return None
            # The handle is removed while in use, so that after an interruption (an error in C or a
            # KeyboardInterrupt) it cannot be reused half drained.
            handle, session.handles[number] = session.handles[number], None
            try:
                handle = handle or _Handle.open(self._engine, part)
                for name in handle.matched(self._engine, part.fact(flags), part.units, len(part.units)):
                    found.update(part.units[name])
            except self._failures as failure:  # the fallback has the result
                self._note(number, failure)
                return None
            session.handles[number] = handle
            self._resting.pop(number, None)
        return tuple(sorted(found))

    def _note(self, number: int, failure: BaseException) -> None:
        """Count a failure and issue a warning. Called only by the owner of the session."""
        self._failed += 1
        self._resting.setdefault(number, _Rest()).failed()
        text = f"durable-rules failed ({failure}); the plain engine answers in its place"
        warnings.warn(text, EngineWarning, stacklevel=2)
