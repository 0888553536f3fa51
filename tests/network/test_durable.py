"""How durable-rules is held: what reaches C, and that nothing done to it changes an answer."""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import escalation_rules.engine.network as network_module
from escalation_rules import EngineWarning, Policy
from escalation_rules.engine.network import MAX_PATH_LITERALS, build, durable_available
from escalation_rules.engine.network import durable as durable_module
from escalation_rules.engine.network.durable import DurableNetwork

# test_network.py asserts that it is available wherever it can be.
pytestmark = pytest.mark.skipif(not durable_available(), reason="durable-rules cannot be imported here")

ROOT = Path(network_module.__file__).parents[3]
FUNCTIONS = [
    "create_ruleset",
    "assert_fact",
    "start_action_for_state",
    "complete_and_start_action",
    "retract_fact",
    "delete_state",
    "delete_ruleset",
]
Units = list[list[tuple[int, ...]]]

UNITS: Units = [[(number, (number * 7 + 3) % 90), (number + 1, 89)] for number in range(40)]
EVERYTHING = (1 << 90) - 1


def nothing(name: str) -> None:
    """Let the call pass."""


def returning(answer: object) -> Callable[..., object]:
    return lambda *_: answer


class Spy:
    """Stands before the functions of the C module: records calls, and may act in them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.before: Callable[[str], None] = nothing
        self.instead: dict[str, Callable[..., object]] = {}
        engine = importlib.import_module("durable_rules_engine")
        for name in FUNCTIONS:
            monkeypatch.setattr(engine, name, self._wrapped(name, getattr(engine, name)))

    def _wrapped(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def wrapper(*args: object) -> object:
            self.calls.append((name, *args))
            self.before(name)
            return self.instead.get(name, real)(*args)

        return wrapper

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [call[1:] for call in self.calls if call[0] == name]


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    gc.collect()  # networks that earlier tests left behind are none of ours
    return Spy(monkeypatch)


def durable(units: Units = UNITS) -> DurableNetwork:
    network = build(units)
    assert isinstance(network, DurableNetwork)
    return network


def script(source: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", "-c", source]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_nothing_is_created_before_it_is_needed(spy: Spy) -> None:
    network = durable()
    assert network.fired(0) == ()
    network.close()
    assert spy.calls == []


def test_units_that_need_no_engine_never_reach_it(spy: Spy) -> None:
    assert durable([[(), (4,)], []]).fired(-1) == (0,)
    assert spy.calls == []


def test_rulesets_are_small_and_each_has_a_sentinel(spy: Spy) -> None:
    wide = tuple(range(1000, 1000 + MAX_PATH_LITERALS))
    durable([*UNITS, [wide], [wide[1:]], [(0, *wide[1:])]]).fired(-1)
    rulesets = [json.loads(rules) for _, rules in spy.of("create_ruleset")]
    sizes = [len(rules) - 1 for rules in rulesets]
    assert sum(sizes) == 3 + len({path for unit in UNITS for path in unit})
    assert max(sizes) <= 30
    for rules in rulesets:
        assert "z" in rules
        names = {name for rule in rules.values() for test in rule["all"][0]["m"]["$and"] for name in test}
        assert len(names - {"z"}) <= MAX_PATH_LITERALS
        assert names <= {"z", *(f"a{number}" for number in range(MAX_PATH_LITERALS))}


def test_one_rule_serves_all_users_of_a_path(spy: Spy) -> None:
    network = durable([[(2, 0)], [(0, 2), (2, 0, 0)], [(0, 2)]] * 100)
    assert network.fired(0b101) == tuple(range(300))
    [(_, rules)] = spy.of("create_ruleset")
    assert list(json.loads(rules)) == ["r0", "z"]


def test_a_fact_lists_what_holds_and_what_the_ruleset_uses(spy: Spy) -> None:
    network = durable([[(4, 6)], [(9,)]])
    network.fired(1 << 4 | 1 << 5 | 1 << 9 | 1 << 30)
    assert spy.of("assert_fact")[-1][1] == '{"id":"f","a0":1,"a2":1}'
    assert spy.of("retract_fact")[-1][1] == '{"id":"f"}'


# --- what it found is remembered --------------------------------------------------------------------------------------


def said(network: Any, truths: list[bool | None]) -> int:
    together = 0
    for atom, truth in enumerate(truths):
        together |= network.says(atom, truth)
    return together


def test_it_is_asked_once_for_what_is_said_about_a_unit(spy: Spy) -> None:
    network = durable([[(0, 2)], [(4, 6)]])
    assert network.truths(said(network, [True, True, True, True])) == {0: True, 1: True}
    assert network.truths(said(network, [True, None, False, False])) == {0: None}
    asked = len(spy.of("assert_fact"))
    assert network.truths(said(network, [True, None, True, True])) == {0: None, 1: True}
    assert len(spy.of("assert_fact")) == asked  # each was seen like this, though never both together
    assert network.truths(said(network, [True, True, None, True])) == {0: True, 1: None}
    assert len(spy.of("assert_fact")) > asked


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_what_is_remembered_of_it_is_right_and_bounded(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(durable_module, "MAX_REMEMBERED", most)
    network, twin, chance = durable(UNITS), build(UNITS, "plain"), random.Random(most)
    for _ in range(300):
        truths = [chance.choice((True, False, None)) for _ in range(46)]
        assert network.truths(said(network, truths)) == twin.truths(said(twin, truths))
    assert max(len(known) for _, known in network._remembered) <= most


def test_threads_get_the_right_answers() -> None:
    network = durable()
    twin = build(UNITS, "plain")
    wrong: list[int] = []

    def hammer(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(1500):
            holding = rng.getrandbits(90) | rng.getrandbits(90)
            if network.fired(holding) != twin.fired(holding):
                wrong.append(holding)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=hammer, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


def test_whoever_finds_it_in_use_is_answered_by_the_twin(spy: Spy) -> None:
    network = durable()
    expected = build(UNITS, "plain").fired(EVERYTHING)
    session = network._sessions.take()
    assert session is not None
    assert network.fired(EVERYTHING) == expected
    assert spy.calls == []
    network._sessions.give_back(session)
    assert network.fired(EVERYTHING) == expected
    assert spy.calls != []


@pytest.mark.parametrize("inside", FUNCTIONS[:5])
def test_an_interruption_may_ask_the_same_network(spy: Spy, inside: str) -> None:
    network = durable()
    answers = []

    def ask(name: str) -> None:
        if name == inside:
            answers.append(network.fired(EVERYTHING))

    spy.before = ask
    expected = build(UNITS, "plain").fired(EVERYTHING)
    assert network.fired(EVERYTHING) == expected
    assert answers
    assert set(answers) == {expected}


def test_closing_while_in_use_waits_for_the_end_of_the_drain(spy: Spy) -> None:
    network = durable()

    def close(name: str) -> None:
        if name == "complete_and_start_action":
            network.close()
            assert not spy.of("delete_state")

    spy.before = close
    assert network.fired(EVERYTHING) == tuple(range(40))
    assert len(spy.of("delete_ruleset")) == len(spy.of("create_ruleset")) == 3


def test_disposal_is_in_order_and_happens_once(spy: Spy) -> None:
    network = durable()
    network.fired(EVERYTHING)
    spy.calls.clear()
    network.close()
    network.close()
    names = [call[0] for call in spy.calls]
    assert names == ["delete_state", "delete_ruleset"] * 3
    del network
    gc.collect()
    assert len(spy.calls) == 6


def test_a_forgotten_network_is_disposed(spy: Spy) -> None:
    durable().fired(EVERYTHING)
    gc.collect()
    assert len(spy.of("delete_ruleset")) == 3


def _raise(*args: object) -> object:
    raise importlib.import_module("durable_rules_engine").error("could not assert fact, error code: 303")


@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize(
    ("function", "failure"),
    [
        *((name, _raise) for name in FUNCTIONS[:5]),
        ("assert_fact", returning((2, 1))),
        ("start_action_for_state", returning(None)),
        ("complete_and_start_action", returning('{"r0":{}}')),
        ("complete_and_start_action", returning('{"unheard-of":{}}')),
        ("retract_fact", returning((7, 1))),
    ],
)
def test_a_failing_engine_is_rebuilt(
    spy: Spy, function: str, failure: Callable[..., object], warm: bool
) -> None:
    network = durable()
    expected = build(UNITS, "plain").fired(EVERYTHING)
    if warm:
        assert network.fired(EVERYTHING) == expected
        if function == "create_ruleset":  # Needed only after another failure.
            spy.instead = {"assert_fact": _raise}
            with pytest.warns(EngineWarning):
                assert network.fired(EVERYTHING) == expected
    before = network.failures
    spy.instead = {function: failure}
    with pytest.warns(EngineWarning, match="the plain engine answers in its place"):
        assert network.fired(EVERYTHING) == expected
    assert network.failures == before + 1
    spy.instead = {}
    if before:  # the second failure in a row: it rests for a call
        assert network.fired(EVERYTHING) == expected
    spy.calls.clear()
    assert network.fired(EVERYTHING) == expected
    assert len(spy.of("create_ruleset")) == (1 if warm else 3)
    spy.calls.clear()
    assert network.fired(EVERYTHING) == expected
    assert not spy.of("create_ruleset")
    assert network.failures == before + 1


def test_a_ruleset_that_always_fails_is_made_ever_more_seldom(spy: Spy) -> None:
    """What fails while it is made cannot be freed: memory must not grow with the number of calls."""
    network = durable()
    expected = build(UNITS, "plain").fired(EVERYTHING)
    spy.instead = {"assert_fact": _raise}
    with pytest.warns(EngineWarning):
        answers = {network.fired(EVERYTHING) for _ in range(1000)}
    assert answers == {expected}
    assert len(spy.of("create_ruleset")) == network.failures == 10
    spy.instead = {}
    asked = 0
    while not network._sessions._idle[0].handles[0]:
        assert network.fired(EVERYTHING) == expected
        asked += 1
    assert asked < 1000, "it comes back after no more calls than it was missing"
    for _ in range(3):
        spy.calls.clear()
        assert network.fired(EVERYTHING) == expected
        assert len(spy.of("assert_fact")) == 3, "and stays"
        assert not spy.of("create_ruleset")


def test_a_ruleset_that_fails_leaves_the_others_at_work(spy: Spy) -> None:
    network = durable([[(number,)] for number in range(60)])
    spy.instead = {"create_ruleset": _raise}
    with pytest.warns(EngineWarning):
        assert network.fired(1) == (0,)
    spy.instead = {}
    assert network.fired(1 << 59) == (59,)
    assert len(spy.of("create_ruleset")) == 2, "the failed one, and the one that was asked for"


def test_a_host_may_have_failures_as_errors(spy: Spy) -> None:
    """With `filterwarnings = error` the warning is raised; the network goes on as before."""
    network = durable()
    spy.instead = {"assert_fact": _raise}
    with pytest.raises(EngineWarning, match="303"):
        network.fired(EVERYTHING)
    spy.instead = {}
    assert network.fired(EVERYTHING) == build(UNITS, "plain").fired(EVERYTHING)


def test_a_host_sees_in_the_policy_how_often_the_engine_failed(spy: Spy) -> None:
    policy = Policy.load(engine="durable")
    case = {"id": "a", "facts": {"case.opened_at": "2026-03-02T09:00:00+08:00"}}
    at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    expected = Policy.load(engine="plain").decide(case, at=at).to_dict()
    assert policy.engine_failures == 0
    spy.instead = {"retract_fact": returning((7, 1))}
    with pytest.warns(EngineWarning):
        assert policy.decide(case, at=at).to_dict() == expected
    assert policy.engine_failures > 0


def test_a_state_that_was_not_primed_is_never_started(spy: Spy) -> None:
    network = durable()
    expected = network.fired(EVERYTHING)
    starts = len(spy.of("start_action_for_state"))
    spy.instead = {"assert_fact": returning((0, 99))}
    with pytest.warns(EngineWarning):
        assert network.fired(EVERYTHING) == expected
    assert len(spy.of("start_action_for_state")) == starts


@pytest.mark.parametrize("function", ["create_ruleset", "assert_fact", "start_action_for_state"])
def test_a_ruleset_that_was_not_primed_is_left_behind(spy: Spy, function: str) -> None:
    network = durable()
    spy.instead = {function: _raise}
    with pytest.warns(EngineWarning):
        network.fired(EVERYTHING)
    network.close()
    assert not spy.of("delete_state")
    assert not spy.of("delete_ruleset")


def test_a_failing_disposal_is_silent(spy: Spy) -> None:
    network = durable()
    network.fired(EVERYTHING)
    spy.instead = {"delete_state": _raise}
    network.close()
    assert not spy.of("delete_ruleset")


def test_an_interrupt_passes_through_and_leaves_no_half_drained_ruleset(spy: Spy) -> None:
    network = durable()
    expected = network.fired(EVERYTHING)

    def interrupt(name: str) -> None:
        if name == "complete_and_start_action":
            raise KeyboardInterrupt

    spy.before = interrupt
    with pytest.raises(KeyboardInterrupt):
        network.fired(EVERYTHING)
    spy.before = nothing
    spy.calls.clear()
    assert network.fired(EVERYTHING) == expected
    assert len(spy.of("create_ruleset")) == 1


class TimeLimit(Exception):
    """What a signal handler of the host raises, such as celery's soft time limit: an `Exception` like any other."""


def interrupted_at(network: DurableNetwork, step: int) -> bool:
    """Ask the network, and raise `TimeLimit` before that step of its byte code; whether it came so far.

    Where Python 3.12 tells of no single step of code that has run before, a line is a step.
    """
    left = step

    def trace(frame: Any, event: str, argument: object) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.endswith("network/durable.py") or frame.f_code.co_name == "_dispose":
            return None
        frame.f_trace_opcodes = True
        if event in {"opcode", "line"}:
            left -= 1
            if left < 0:
                raise TimeLimit
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        network.fired(EVERYTHING)
    except TimeLimit:
        return True
    finally:
        sys.settrace(before)
    return False


@pytest.mark.parametrize("warm", [True, False])
def test_what_a_signal_handler_raises_passes_through_wherever_it_arrives(spy: Spy, warm: bool) -> None:
    """And the network then goes on as before, in C: nothing stays locked, no ruleset stays half drained."""
    units: Units = [[(0, 2)], [(4,)]]
    twin = build(units, "plain")
    step, came = 0, True
    while came:
        network = durable(units)
        if warm:
            network.fired(EVERYTHING)
        came = interrupted_at(network, step)
        for _ in range(2):  # the first may have to begin anew
            spy.calls.clear()
            assert network.fired(EVERYTHING) == twin.fired(EVERYTHING), step
            assert spy.of("assert_fact"), f"plain for ever after step {step}"
        network.close()
        step += 1
    assert step > 20


def test_a_sub_interpreter_has_the_plain_engine_and_says_so() -> None:
    run = script(
        """
try:
    import _interpreters as interpreters
    other = interpreters.create("legacy")
except ImportError:
    import _xxsubinterpreters as interpreters
    other = interpreters.create(isolated=False)
interpreters.run_string(other, '''
from escalation_rules import Policy, RequestError
print(Policy.load().engine)
try:
    Policy.load(engine="durable")
except RequestError as error:
    print(error.diagnostics[0].code)
''')
print("alive", flush=True)
"""
    )
    assert (run.returncode, run.stdout.split()) == (0, ["plain", "no-engine", "alive"])


_PRELUDE = """
import os, resource, sys, threading
from escalation_rules.engine.network import build
units = [[(n, (n * 7 + 3) % 90), (n + 1, 89)] for n in range(40)]
network, twin = build(units), build(units, "plain")
masks = [n * 0x9E3779B97F4A7C15F39CC060 % (1 << 90) for n in range(200)]
"""
_KEPT = f"{_PRELUDE}network.fired(-1)\nsys.kept = network\n"
"""The same, used once and never closed."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("held", ["False", "True"])
def test_a_forked_child_answers_and_neither_end_makes_noise(held: str) -> None:
    run = script(
        _PRELUDE
        + f"""
network.fired(-1)
inherited = network._sessions.take()
if not {held}: network._sessions.give_back(inherited)
child = os.fork()
right = all(network.fired(mask) == twin.fired(mask) for mask in masks)
if not child:
    [session] = network._sessions._idle
    own = session is not inherited and any(session.handles)
    network.close()
    sys.exit(0 if right and own and not network._sessions._idle else 3)
_, status = os.waitpid(child, 0)
print(right, os.waitstatus_to_exitcode(status))
"""
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "True 0\n", "")


def test_nothing_is_freed_at_exit() -> None:
    """A daemon thread may still be inside, and the memory goes anyway."""
    run = script(
        _KEPT
        + """
import durable_rules_engine
durable_rules_engine.delete_state = lambda *_: print("freed")
"""
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_an_open_network_at_exit_makes_no_noise() -> None:
    run = script(
        _KEPT
        + """
cycle = [build(units)]; cycle[0].fired(-1); cycle.append(cycle)
def hammer():
    while True: network.fired(-1)
threading.Thread(target=hammer, daemon=True).start()
"""
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="no module `resource`")
def test_memory_stays_flat() -> None:
    run = script(
        _PRELUDE
        + """
unit = 1024 if sys.platform == "darwin" else 1
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
def ask(times):
    for _ in range(times):
        for mask in masks: network.fired(mask)
def cycle(times):
    for n in range(times):
        other = build(units); other.fired(-1)
        if n % 2: other.close()
ask(5); cycle(20)
before = peak()
ask(100)
asked = peak()
cycle(200)
print(asked - before, peak() - asked)
"""
    )
    assert run.stderr == ""
    evaluations, cycles = map(int, run.stdout.split())
    assert evaluations < 1000, "KB over 20,000 evaluations"
    assert cycles < 4000, "KB over 200 networks; one takes about 3,000"
