"""`escalation-rules analyse DIR…`: finds rules that conflict, have no effect or leave gaps, each with a case."""

from __future__ import annotations

import argparse
import time

from escalation_rules import analyse
from escalation_rules.api import needs_solver
from escalation_rules.cli.arguments.parser import (
    MOST_SECONDS,
    add_output,
    add_zone,
    check_number,
    chosen_zone,
)
from escalation_rules.cli.loading import load_policy, require_text_output
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.progress import progress
from escalation_rules.errors import RequestError
from escalation_rules.solving import solver_available

HELP = "finds rules that conflict or change nothing, and cases that a policy leaves open"
UNANSWERED, NOT_EXAMINED = 1, 3
ALL_GAPS = 30
"""How many cases that no rule covers are shown if all are wanted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `analyse`."""
    parser.add_argument("layers", metavar="DIR", nargs="*",
                        help="the layers; `builtin`, the default, is the built-in policy")  # fmt: skip
    parser.add_argument("--all", action="store_true",
                        help="also show the concerns that are answered, and more cases that no rule covers")  # fmt: skip
    parser.add_argument("--gaps-in", metavar="CONDITION",
                        help="look only for cases that no rule covers, and only among those that meet a condition, written as "
                        "in a rule: `{case.kind: question}`")  # fmt: skip
    parser.add_argument("--steps-of", metavar="LAYER|FILE|RULESET",
                        help="look only for cases in which no rule of a layer, file or ruleset recommends anything, whatever "
                        "other rules do: among those of --gaps-in, or one for each list and flag that it declares")  # fmt: skip
    parser.add_argument("--seconds", metavar="N", type=float,
                        help="stop after about this time, and name what was not examined")  # fmt: skip
    add_zone(parser)
    add_output(parser)
    parser.epilog = (
        "Answers are read from the file .analysis.yaml of each layer. "
        "Exit code: 0 every concern is answered, 1 some are not, or an answer is stale, "
        "3 that is not so, but not everything was examined or could be decided, 2 bad input."
    )


def run(options: argparse.Namespace) -> int:
    """Analyse, and print the concerns as text or JSON."""
    if not options.json:
        require_text_output()
    check_number("--seconds", options.seconds, 1, MOST_SECONDS)
    if not solver_available():
        raise RequestError([needs_solver()])
    zone = chosen_zone(options.zone)
    policy = load_policy(list(options.layers), options)
    thorough = options.all or options.gaps_in is not None
    most = {"most_gaps": ALL_GAPS} if thorough else {}
    begun = time.monotonic()
    with progress("analyse", shown=not options.json) as advance:

        def proceed(part: float) -> bool:
            advance(part)
            return options.seconds is None or time.monotonic() - begun < options.seconds

        result = analyse(policy, gaps_in=options.gaps_in, steps_of=options.steps_of, proceed=proceed, **most)
    if options.json:
        streams.write_json(result.to_dict())
    else:
        from escalation_rules.cli.reports.analysis_report import print_analysis

        print_analysis(
            policy,
            result,
            language=options.lang,
            zone=zone,
            everything=options.all,
            gaps_in=options.gaps_in,
            most=ALL_GAPS,
        )
    if result.unanswered or result.stale:
        return UNANSWERED
    return NOT_EXAMINED if result.left_open else 0
