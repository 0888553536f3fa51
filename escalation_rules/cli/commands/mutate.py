"""`escalation-rules mutate [DIR…]`: makes small changes to the policy and lists those that no test notices."""

from __future__ import annotations

import argparse
import hashlib
import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from typing import NoReturn

from escalation_rules.call_arguments import MOST_WORKERS
from escalation_rules.cli.arguments.parser import add_output, check_number
from escalation_rules.cli.loading import load_policy, require_text_output
from escalation_rules.cli.testing.judging import Bench, own_mutants
from escalation_rules.cli.testing.rehearse import add_tests, tests_of
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.progress import counted
from escalation_rules.decision import PolicyRef
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.pool import map_in_order
from escalation_rules.tools.mutation import KINDS, Mutant, MutantSeen, Mutation

HELP = "makes small mistakes in a policy, and shows those that no feature and no example notices"
Answer = tuple[MutantSeen, tuple[str, ...]]
"""The outcome of a mutant, and the tests that fail without any change."""
SURVIVED = 1
_MOST_SECONDS = 86400 * 7
_MOST_MUTANTS = 10**6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `mutate`."""
    add_tests(parser)
    parser.add_argument("--seconds", metavar="N", type=float,
                        help="stop after this time; the changes judged by then are a fair sample")  # fmt: skip
    parser.add_argument(
        "--sample", metavar="N", type=int, help="judge no more than N, chosen the same way each time"
    )
    parser.add_argument("--seed", metavar="WORD", default="",
                        help="judge another sample; the same word gives the same sample")  # fmt: skip
    parser.add_argument(
        "--rule",
        metavar="ID",
        action="append",
        default=[],
        help="only changes of this rule (may be repeated)",
    )
    parser.add_argument(
        "--kind",
        choices=KINDS,
        action="append",
        default=[],
        help="only changes of this kind (may be repeated)",
    )
    parser.add_argument("--workers", metavar="N", type=int, default=min(4, os.cpu_count() or 1),
                        help="processes (default: %(default)s)")  # fmt: skip
    parser.add_argument(
        "--quick",
        action="store_true",
        help="do not use the solver to find cases and changes that make no difference",
    )
    parser.add_argument(
        "--fail-under", metavar="PERCENT", type=float, help="exit with 1 if fewer changes are noticed"
    )
    add_output(parser)
    parser.epilog = (
        "Each change that no test notices is shown with a scenario that would notice it. "
        "Exit code: 0 done, 1 less than --fail-under, a test fails without any change, or no scenario of the features can "
        "be run, 2 bad input."
    )


def run(options: argparse.Namespace) -> int:
    """Judge the mutants, and print the results."""
    begun = time.monotonic()
    if not options.json:
        require_text_output()
    check_number("--seconds", options.seconds, 1, _MOST_SECONDS)
    check_number("--sample", options.sample, 1, _MOST_MUTANTS)
    check_number("--workers", options.workers, 1, MOST_WORKERS)
    check_number("--fail-under", options.fail_under, 0, 100)
    tests = tests_of(options)
    policy = load_policy(tests.layers, options)
    found = own_mutants(policy, tests)
    chosen = _chosen(found, options)
    make = partial(_bench, options.paths, options.policy, not options.quick)
    judged: list[MutantSeen] = []
    broken: dict[str, None] = {}
    with counted("mutate", lambda: len(chosen), shown=not options.json) as advance:
        results = map_in_order(make, chosen, lost=partial(_lost, found), workers=options.workers, chunk=1)
        for seen, failing in _within(options.seconds, begun, results):
            judged.append(seen)
            broken.update(dict.fromkeys(failing))
            advance()
    judged.sort(
        key=lambda mutant: (mutant.place.file, mutant.place.line, mutant.owner, mutant.kind, mutant.after)
    )
    result = Mutation(PolicyRef(policy.name, policy.digest), tuple(judged), len(found))
    if options.json:
        streams.write_json({**result.to_dict(), "failed": list(broken), "left_out": list(tests.left_out)})
    else:
        from escalation_rules.cli.reports.mutation_report import print_mutation

        print_mutation(
            policy,
            result,
            tuple(broken),
            tests.left_out,
            none_ran=tests.none_ran,
            language=options.lang,
            least=options.fail_under,
        )
    low = options.fail_under is not None and result.percent < options.fail_under
    return SURVIVED if low or broken or tests.none_ran else 0


def _chosen(found: Sequence[Mutant], options: argparse.Namespace) -> list[int]:
    """The numbers of the mutants in a random order, which depends only on the seed."""
    known = {mutant.owner for mutant in found}
    unknown = [rule for rule in options.rule if rule not in known]
    if unknown:
        raise RequestError([Diagnostic("unknown-rule", f"unknown rule {unknown[0]!r}", path="--rule",
                                       expected="the id of a rule in the tested layers")])  # fmt: skip
    wanted = [
        number
        for number, mutant in enumerate(found)
        if (not options.rule or mutant.owner in options.rule)
        and (not options.kind or mutant.kind in options.kind)
    ]
    wanted.sort(key=lambda number: hashlib.sha256((options.seed + found[number].key).encode()).hexdigest())
    return wanted[: options.sample]


def _bench(paths: list[str], policy: list[str], solver: bool) -> Callable[[int], Answer]:
    """The function that a worker process calls with the number of a mutant."""
    bench = Bench(tests_of(argparse.Namespace(paths=paths, policy=policy)), solver=solver)

    def judged(number: int) -> tuple[MutantSeen, tuple[str, ...]]:
        return bench.judged(number), tuple(bench.broken)

    return judged


def _lost(found: Sequence[Mutant], number: int) -> NoReturn:
    """Raise `RequestError`: the process that judged a mutant died on each attempt."""
    message = f"the process that judged {found[number].key} ended"
    raise RequestError([Diagnostic("worker-lost", message, expected="--workers 1, which shows why")])


def _within(seconds: float | None, begun: float, results: Generator[Answer, None, None]) -> Iterator[Answer]:
    """The results that arrive within this time, which has `begun`."""
    for result in results:
        yield result
        if seconds is not None and time.monotonic() - begun >= seconds:
            results.close()
            return
