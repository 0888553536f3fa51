"""`escalation-rules analyse DIR…`: finds rules that conflict, have no effect or leave gaps, each with a case."""

from __future__ import annotations

import argparse

from escalation_rules import analyse
from escalation_rules.api import needs_solver
from escalation_rules.cli.arguments.parser import add_output, add_zone, chosen_zone
from escalation_rules.cli.loading import load_policy, require_text_output
from escalation_rules.cli.text import streams
from escalation_rules.errors import RequestError
from escalation_rules.solving import solver_available

HELP = "finds rules that conflict or change nothing, and cases that a policy leaves open"
UNANSWERED = 1
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
    add_zone(parser)
    add_output(parser)
    parser.epilog = (
        "Answers are read from the file .analysis.yaml of each layer. "
        "Exit code: 0 every concern is answered, 1 some are not, or an answer is stale, 2 bad input."
    )


def run(options: argparse.Namespace) -> int:
    """Analyse, and print the concerns as text or JSON."""
    if not options.json:
        require_text_output()
    if not solver_available():
        raise RequestError([needs_solver()])
    zone = chosen_zone(options.zone)
    policy = load_policy(list(options.layers), options)
    thorough = options.all or options.gaps_in is not None
    most = {"most_gaps": ALL_GAPS} if thorough else {}
    result = analyse(policy, gaps_in=options.gaps_in, **most)
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
    return 0 if result.clean else UNANSWERED
