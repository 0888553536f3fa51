"""Drive the network in durable-rules at every limit of its recipe, and compare each answer with the plain one.

    python -m tests.fuzz.engine --evaluations 1000000
    python -m tests.fuzz.engine --evaluations 20000 --sanitized FOLDER

Each round starts a process with freed and new memory filled with noise (`MALLOC_PERTURB_`), so that what C reads after
freeing or before writing shows. With `--sanitized`, the folder holds durable-rules built with AddressSanitizer and UBSan
(nox session `sanitized`). Ends with 1 if a process dies, an answer differs, or the engine fails even once.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from escalation_rules.engine.network import MAX_LITERAL, MAX_PATH_LITERALS, MAX_PATHS, build
from escalation_rules.engine.network.durable import LITERALS_PER_RULESET, PATHS_PER_RULESET, DurableNetwork
from escalation_rules.engine.network.plain import PlainNetwork

Units = list[list[tuple[int, ...]]]
ROOT = Path(__file__).parents[2]
PER_PROCESS = 50_000


# --- units at the limits ----------------------------------------------------------------------------------------------


def usual(dice: random.Random) -> Units:
    """Short paths over few atoms, as policies have them, with duplicates."""
    atoms = dice.choice([1, 3, 12, 60, 300])
    paths = [some(dice, 2 * atoms, dice.choice([1, 1, 2, 2, 3, 4, 9])) for _ in range(dice.randint(1, 150))]
    return dealt(dice, paths + paths[: dice.randint(0, 5)])


def longest(dice: random.Random) -> Units:
    """Paths of as many literals as one may have, which overlap in all but a few."""
    first = dice.randrange(1000)
    literals = range(first, first + MAX_PATH_LITERALS + dice.randint(0, 3))
    count = dice.randint(1, 4)
    return [[tuple(dice.sample(literals, MAX_PATH_LITERALS - dice.randint(0, 1)))] for _ in range(count)]


def widest(dice: random.Random) -> Units:
    """Rulesets with as many literals, and so as many properties in a fact, as they may have."""
    size = LITERALS_PER_RULESET // PATHS_PER_RULESET
    return [[tuple(range(number * size, (number + 1) * size + 2))] for number in range(PATHS_PER_RULESET * 2)]


def siblings(dice: random.Random) -> Units:
    """As many single tests beside each other as a ruleset may have, all of which match at once."""
    return [[(number,)] for number in range(dice.choice([1, 29, 30, 31, 59, 60, 61, 300]))]


def one_test(dice: random.Random) -> Units:
    """Every path ends in the same test, or begins with it."""
    shared = dice.randrange(100)
    return [[(number, shared)] for number in range(dice.choice([30, 63, 64, 65, 256]))]


def prefixes(dice: random.Random) -> Units:
    """Each path holds the one before it: the deepest network."""
    return [[tuple(range(length))] for length in range(1, dice.choice([30, 60, 120]))]


def far_apart(dice: random.Random) -> Units:
    """The smallest and the largest literals."""
    literals = [0, 1, 2, MAX_LITERAL - 1, MAX_LITERAL - 2, MAX_LITERAL // 2]
    return dealt(dice, [tuple(dice.sample(literals, dice.randint(1, 4))) for _ in range(20)])


def most_paths(dice: random.Random) -> Units:
    """As many paths as a network may have."""
    return [[some(dice, 400, 3) for _ in range(20)] for _ in range(MAX_PATHS // 20)]


def nothing(dice: random.Random) -> Units:
    """Units that need no engine, and ones that never fire."""
    return [*dealt(dice, [(), (0,), (0, 1)]), [], [()]]


SHAPES: dict[Callable[[random.Random], Units], float] = {
    usual: 10, longest: 2, widest: 1, siblings: 2, one_test: 2, prefixes: 1, far_apart: 0.3, most_paths: 0.03, nothing: 1
}  # fmt: skip


def some(dice: random.Random, below: int, length: int) -> tuple[int, ...]:
    """A path of literals, which may repeat."""
    return tuple(dice.randrange(below) for _ in range(length))


def dealt(dice: random.Random, paths: list[tuple[int, ...]]) -> Units:
    """The paths, over some units."""
    units: Units = [[] for _ in range(dice.randint(1, 40))]
    for path in paths:
        dice.choice(units).append(path)
    return units


def masks(dice: random.Random, units: Units) -> Iterator[int]:
    """What may hold: nothing, everything, what some paths ask for, and noise; without end."""
    bits = 1 + max((literal for unit in units for path in unit for literal in path), default=0)
    paths = [path for unit in units for path in unit] or [()]
    yield from (0, -1)
    while True:
        holding = 0
        for path in dice.sample(paths, min(len(paths), dice.choice([1, 2, 5, 40]))):
            for literal in path:
                holding |= 1 << literal
        if dice.random() < 0.5 and bits < 10_000:
            noise = dice.getrandbits(bits)
            holding = dice.choice([noise, holding | noise, holding & noise, noise & dice.getrandbits(bits)])
        if dice.random() < 0.1:
            holding = dice.choice([-1, ~holding, -1 ^ 1 << dice.randrange(bits)])
        yield holding


# --- one process ------------------------------------------------------------------------------------------------------


class TimeLimit(Exception):
    """What a host's signal handler raises in the middle of an evaluation."""


def interrupted(network: DurableNetwork, holding: int, dice: random.Random) -> None:
    """Ask, and break off at some line of the module."""
    left = dice.randrange(60)

    def trace(frame: object, event: str, argument: object) -> object:
        nonlocal left
        code = getattr(frame, "f_code")  # noqa: B009  typed as an object by the hook
        if not code.co_filename.endswith("network/durable.py") or code.co_name == "_dispose":
            return None
        left -= event == "line"
        if left < 0:
            raise TimeLimit
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        network.fired(holding)
    except TimeLimit:
        pass
    finally:
        sys.settrace(None)


class Mismatch(Exception):
    """The engines differ, or the engine failed."""


def compared(network: DurableNetwork, twin: PlainNetwork, holding: int, units: Units) -> None:
    """Ask both. Raises `Mismatch`."""
    found, expected = network.fired(holding), twin.fired(holding)
    if found != expected:
        raise Mismatch(f"durable {found}, plain {expected}, for {holding:#x} of {units}")
    if network.failures:
        raise Mismatch(f"the engine failed for {holding:#x} of {units}")


def drive(seed: str, wanted: int) -> int:
    """Compare so many answers of random networks, several of them alive at once; how many were compared."""
    dice = random.Random(seed)
    alive: list[tuple[DurableNetwork, PlainNetwork, Units, Iterator[int]]] = []
    done = 0
    while done < wanted:
        if len(alive) < 6 or dice.random() < 0.02:
            alive.append(fresh(dice))
        if len(alive) > 12 or dice.random() < 0.01:
            gone = alive.pop(dice.randrange(len(alive)))
            if dice.random() < 0.5:
                gone[0].close()  # else the collector finds it
        for network, twin, units, holding in dice.sample(alive, min(3, len(alive))):
            for _ in range(dice.choice([1, 5, 60])):
                compared(network, twin, next(holding), units)
                done += 1
        if alive and dice.random() < 0.05:
            network, _, _, holding = dice.choice(alive)
            interrupted(network, next(holding), dice)
    if hasattr(os, "fork"):
        done += in_child(alive)
    return done + in_threads(dice, alive)


def fresh(dice: random.Random) -> tuple[DurableNetwork, PlainNetwork, Units, Iterator[int]]:
    """A random network, its twin, and what to ask them."""
    [shape] = dice.choices(list(SHAPES), list(SHAPES.values()))
    units = shape(dice)
    network, twin = build(units, "durable"), build(units, "plain")
    assert isinstance(network, DurableNetwork)
    assert isinstance(twin, PlainNetwork)
    return network, twin, units, masks(dice, units)


def in_child(alive: list[tuple[DurableNetwork, PlainNetwork, Units, Iterator[int]]]) -> int:
    """Ask all of them in a forked child, and then here."""
    child = os.fork()
    for network, twin, units, holding in alive:
        for _ in range(20):
            compared(network, twin, next(holding), units)
    if not child:
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise Mismatch("a forked child failed")
    return 20 * len(alive)


def in_threads(
    dice: random.Random, alive: list[tuple[DurableNetwork, PlainNetwork, Units, Iterator[int]]]
) -> int:
    """Ask the same networks from four threads at once."""
    wrong: list[Mismatch] = []
    asked = [(*each[:3], [next(each[3]) for _ in range(50)]) for each in alive]

    def hammer() -> None:
        try:
            for network, twin, units, holding in asked:
                for each in holding:
                    compared(network, twin, each, units)
        except Mismatch as error:
            wrong.append(error)

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return 4 * 50 * len(asked)


# --- many processes ---------------------------------------------------------------------------------------------------


def environment(dice: random.Random, sanitized: Path | None) -> dict[str, str]:
    """That of a round."""
    own = {**os.environ, "MALLOC_PERTURB_": str(dice.randint(1, 255)), "PYTHONPATH": str(ROOT)}
    if sanitized is None:
        return own
    libraries = [library(name) for name in ("libasan.so", "libubsan.so")]
    return {
        **own,
        "PYTHONPATH": os.pathsep.join((str(sanitized), str(ROOT))),
        "LD_PRELOAD": " ".join(libraries),
        "ASAN_OPTIONS": "detect_leaks=0:detect_stack_use_after_return=1:max_malloc_fill_size=268435456",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    }


def library(name: str) -> str:
    """Where the compiler has a library of its sanitizers."""
    command = [os.environ.get("CC", "gcc"), f"-print-file-name={name}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def rounds(wanted: int, per_process: int, seed: str, sanitized: Path | None) -> Iterator[tuple[int, str]]:
    """Run processes until so many answers were compared: what each has compared, and what went wrong."""
    done = number = 0
    while done < wanted:
        dice = random.Random(f"{seed} {number}")
        share = min(per_process, wanted - done)
        command = [sys.executable, "-m", "tests.fuzz.engine", "--one", f"{seed} {number}"]
        command += ["--evaluations", str(share)]
        where = environment(dice, sanitized)
        run = subprocess.run(command, cwd=ROOT, env=where, capture_output=True, text=True, check=False)
        said = run.stdout.split()
        compared_here = int(said[-1]) if run.returncode == 0 and said else 0
        yield (
            compared_here,
            "" if compared_here else f"round {number}: exit {run.returncode}\n{run.stderr[-4000:]}",
        )
        done += max(compared_here, 1)
        number += 1


KNOWN_FAULT = """
import durable_rules_engine as engine
number = engine.create_ruleset("n", '{"r0":{"all":[{"m":{"$and":[{"a":1}]}}]}}')
engine.assert_fact(number, '{"id":"f","b":1}')
engine.delete_state(number, "0")
"""
"""Deletes a state in which no action was started, which the network never does: frees a pointer that was never set."""


def watches(sanitized: Path) -> bool:
    """Whether the sanitizer reports a fault that is there."""
    where = {**environment(random.Random(0), sanitized), "PYTHONPATH": str(sanitized)}
    command = [sys.executable, "-c", KNOWN_FAULT]
    run = subprocess.run(command, env=where, capture_output=True, text=True, check=False)
    return run.returncode != 0 and "Sanitizer" in run.stderr


def main() -> int:
    """Read the command line, and say the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--evaluations", type=int, default=1_000_000)
    parser.add_argument("--per-process", type=int, default=PER_PROCESS)
    parser.add_argument("--seed", default="engine")
    parser.add_argument("--sanitized", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is not None:
        print(drive(given.one, given.evaluations))
        return 0
    if given.sanitized and not watches(given.sanitized):
        print("the sanitizer does not report a known fault: is that build of durable-rules sanitized?")
        return 1
    started, total, number = time.monotonic(), 0, 0
    for compared_here, wrong in rounds(given.evaluations, given.per_process, given.seed, given.sanitized):
        total, number = total + compared_here, number + 1
        if wrong:
            print(wrong)
            return 1
    took = time.monotonic() - started
    print(f"{total} evaluations in {number} processes: no report, no failure, no difference ({took:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
