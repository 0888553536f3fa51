"""`escalation-rules explain CASE [RULE|ACTION]`: explains a decision, a rule or an action."""

from __future__ import annotations

import argparse

from escalation_rules.cli.arguments.inputs import read_case
from escalation_rules.cli.arguments.parser import add_shared, case_and_layers, chosen_instant
from escalation_rules.cli.loading import speaking_policy
from escalation_rules.cli.text import streams

HELP = "explains a decision, or why a rule or an action is not in it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `explain`."""
    add_shared(parser)
    parser.add_argument(
        "word",
        metavar="RULE|ACTION",
        nargs="?",
        help="the id of a rule or the name of an action; without it, the whole decision",
    )


def run(options: argparse.Namespace) -> int:
    """Explain, and print the explanation as text or JSON."""
    source, layers = case_and_layers(options, "explain")
    at = chosen_instant(options.at)
    policy, zone = speaking_policy(layers, options, at)
    case = read_case(policy, source)
    decision = policy.decide(case, at=at)
    explanation = decision.explain(options.word)
    if options.json:
        streams.write_json(explanation.to_dict(options.lang))
        return 0
    from escalation_rules.cli.reports.explain_report import print_explanation

    print_explanation(policy, case, decision, explanation, zone, language=options.lang)
    return 0
