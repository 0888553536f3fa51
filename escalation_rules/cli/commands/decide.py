"""`escalation-rules decide CASE`: what to do next about a case."""

from __future__ import annotations

import argparse

from escalation_rules.cli.arguments.inputs import read_case
from escalation_rules.cli.arguments.parser import add_shared, case_and_layers, chosen_instant
from escalation_rules.cli.loading import speaking_policy
from escalation_rules.cli.names import role_named
from escalation_rules.cli.text import streams
from escalation_rules.errors import Diagnostic, RequestError

HELP = "shows what to do next in a case, what not to do, and what to find out"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `decide`."""
    add_shared(parser)
    much = parser.add_mutually_exclusive_group()
    much.add_argument(
        "--all", action="store_true", help="show all steps and prohibitions, with the rules behind them"
    )
    much.add_argument("--brief", action="store_true", help="show each step in one line")
    parser.add_argument("--for", dest="role", metavar="ROLE", help="show only what concerns a role")


def run(options: argparse.Namespace) -> int:
    """Decide, and print the decision as text or JSON."""
    source, layers = case_and_layers(options, "decide")
    at = chosen_instant(options.at)
    policy, zone = speaking_policy(layers, options, at)
    case = read_case(policy, source)
    decision = policy.decide(case, at=at)
    role = role_named(policy.model, options.role)
    for name, given in (("--brief", options.brief), ("--for", role)):
        if given and options.json:
            raise RequestError([
                Diagnostic("usage", f"{name} cannot be combined with --json, which prints the whole decision", path=name,
                           expected=f"--json without {name}")
            ])  # fmt: skip
    if options.json:
        data = decision.to_dict(options.lang)
        data["policy"]["engine"] = policy.engine
        if policy.model.heading:
            data["heading"] = [part.to_dict() for part in policy.heading(case, at=at)]
        streams.write_json(data)
        return 0
    from escalation_rules.cli.reports.brief_report import BriefReport
    from escalation_rules.cli.reports.decide_report import DecisionReport, View, print_decision

    view = View(options.all, options.brief, role)
    kind = BriefReport if view.brief else DecisionReport
    print_decision(kind, policy, case, decision, zone, language=options.lang, view=view)
    return 0
