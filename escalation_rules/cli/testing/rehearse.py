"""Runs the tests of a policy in this process: scenarios of feature files, and examples in rules."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from escalation_rules import Policy
from escalation_rules.call_arguments import layer_path
from escalation_rules.cli.arguments.parser import add_policy
from escalation_rules.cli.testing.features import need_pytest_bdd, sorted_out
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.policy.reading.files import BUILTIN_WORD

if TYPE_CHECKING:
    from escalation_rules.cli.reports.coverage_report import Ran
    from escalation_rules.pytest_plugin.rehearsal import Play


def add_tests(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that select the policy and its tests."""
    parser.add_argument("paths", metavar="DIR", nargs="*",
                        help="folders or files of rules, each a layer on top of the previous ones (and of those in --policy), "
                        "which are the only ones reported on; and feature files, or folders of them")  # fmt: skip
    add_policy(parser, "the layers below; `builtin`, the default, is the built-in policy", besides="folders")


@attrs.frozen(eq=False)
class Tests:
    """The layers of the policy, those to be tested (empty: all), and the scenarios.

    `left_out` are scenarios that only pytest can run. `features`: some were named.
    """

    __test__ = False  # not a test class for pytest

    layers: list[str]
    own: tuple[Path, ...]
    plays: tuple[Play, ...]
    left_out: tuple[str, ...]
    features: bool

    @property
    def none_ran(self) -> bool:
        """Whether there are features, but no scenario that can be run."""
        return self.features and not self.plays

    def run(self, policy: Policy, advance: Callable[[float], None]) -> Ran:
        from escalation_rules.cli.reports.coverage_report import Ran
        from escalation_rules.pytest_plugin.rehearsal import NotRehearsed, alone, failure
        from escalation_rules.tools.examples import run_examples

        failed: list[str] = []
        stage = alone(Path.cwd())
        for number, play in enumerate(self.plays, start=1):
            try:
                told = failure(play, policy, stage)
            except NotRehearsed as problem:
                told = str(problem)
            failed += [] if told is None else [told]
            advance(number / (len(self.plays) + 1))
        tested = run_examples(policy)
        failed += [str(diagnostic) for rule in tested for diagnostic in rule.problems]
        with_examples = sum(result.outcome in {"passed", "half"} for result in tested)
        return Ran(len(self.plays), with_examples, tuple(failed), self.left_out, self.none_ran)


def tests_of(options: argparse.Namespace) -> Tests:
    """The selected tests. Raises `RequestError` for invalid feature files, or if pytest-bdd is not installed."""
    features, own = sorted_out(options.paths)
    layers = [*options.policy, *own] or [BUILTIN_WORD]
    asked = tuple(map(layer_path, own))
    if not features:
        return Tests(layers, asked, (), (), features=False)
    need_pytest_bdd()
    return Tests(layers, asked, *_plays(features), features=True)


def _plays(paths: Sequence[str]) -> tuple[tuple[Play, ...], tuple[str, ...]]:
    from escalation_rules.pytest_plugin.rehearsal import NotRehearsed, Unreadable, each_play

    found: list[Play] = []
    left: list[str] = []
    for path in map(Path, paths):
        for file in sorted(path.rglob("*.feature")) if path.is_dir() else [path]:
            try:
                for play in each_play(file):
                    if isinstance(play, NotRehearsed):
                        left.append(str(play))
                    else:
                        found.append(play)
            except Unreadable as problem:
                raise RequestError([Diagnostic("unreadable", str(problem))]) from None
    return tuple(found), tuple(left)
