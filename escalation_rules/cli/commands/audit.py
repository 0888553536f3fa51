"""`escalation-rules audit HISTORY`: lists breaches in order of time. Exit code 0: none, 5: breaches."""

from __future__ import annotations

import argparse

from escalation_rules.cli.arguments.inputs import read_case
from escalation_rules.cli.arguments.parser import add_shared, case_and_layers, chosen_instant
from escalation_rules.cli.loading import speaking_policy
from escalation_rules.cli.reports.stamped import stamped
from escalation_rules.cli.text import streams

HELP = "audits a history: acts against the policy, late or omitted steps, failures"
BREACHES = 5
NAME = "HISTORY"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `audit`."""
    add_shared(parser, NAME, at="audit up to this instant")
    parser.epilog = (
        "A history has timestamped entries of what was learned and done. In a case without a history, the acts are "
        "audited by what is known now. Exit code: 0 no breaches, 5 breaches, 2 bad input."
    )


def run(options: argparse.Namespace) -> int:
    """Audit, and print the breaches as text or JSON."""
    source, layers = case_and_layers(options, "audit", NAME)
    at = chosen_instant(options.at)
    policy, zone = speaking_policy(layers, options, at)
    case = read_case(policy, source)
    found = policy.audit(case, at=at)
    decision = policy.decide(case, at=at)
    if options.json:
        streams.write_json(stamped(policy, decision, found.to_dict(options.lang)))
    else:
        from escalation_rules.cli.reports.audit_report import print_audit

        print_audit(policy, case, decision, found, zone, language=options.lang)
    return BREACHES if found.breaches else 0
