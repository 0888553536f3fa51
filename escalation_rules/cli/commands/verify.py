"""`escalation-rules verify DECISION.json CASE`: checks that the policy still gives a recorded decision."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from escalation_rules.cli.arguments.inputs import STDIN, read_case, read_document
from escalation_rules.cli.arguments.parser import (
    DOCUMENT,
    PROGRAM,
    Needed,
    add_output,
    add_policy,
    add_zone,
    chosen_zone,
    missing,
)
from escalation_rules.cli.loading import load_policy, require_text_output
from escalation_rules.cli.text import streams
from escalation_rules.errors import CaseError, Diagnostic, Position, Problems, RequestError
from escalation_rules.source import parse_json
from escalation_rules.values import plain_number

HELP = "derives a recorded decision again and shows the differences"
DIFFERENT, OTHER_POLICY = 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `verify`: the shared ones except `--at`, which the record contains."""
    parser.add_argument("decision", metavar=Needed("DECISION.json"), nargs="?",
                        help="what decide --json printed, or - for stdin")  # fmt: skip
    parser.add_argument("case", metavar=Needed("CASE"), nargs="?", help=DOCUMENT)
    add_policy(parser, "the layers that made the decision; `builtin`, the default, is the built-in policy")  # fmt: skip
    add_zone(parser)
    add_output(parser)
    parser.epilog = (
        "Exit code: 0 verified, 1 the decision differs, 3 it is the same, but made by another version of the policy, "
        "2 bad input."
    )


def run(options: argparse.Namespace) -> int:
    """Verify, and print the differences as text or JSON."""
    recorded, source, layers = _names(options)
    zone = chosen_zone(options.zone)
    if not options.json:
        require_text_output()
    data = read_decision(recorded)
    policy = load_policy(layers, options)
    result = policy.verify(data, read_case(policy, source))
    if options.json:
        streams.write_json(json.loads(json.dumps(result.to_dict(), default=_plain_decimal)))
    else:
        from escalation_rules.cli.reports.verify_report import print_verification

        print_verification(policy, result, language=options.lang, zone=zone)
    if result.differences:
        return DIFFERENT
    return 0 if result.verified else OTHER_POLICY


def _names(options: argparse.Namespace) -> tuple[str, str, list[str]]:
    """DECISION.json, CASE and the layers."""
    words = [word for word in (options.decision, options.case) if word is not None]
    layers = list(options.policy)
    if len(words) < 2:
        name = "CASE" if words else "DECISION.json"
        raise missing("verify", name, f"{PROGRAM} verify DECISION.json CASE")
    if words == [STDIN, STDIN]:
        raise RequestError(
            [Diagnostic("usage", f"{PROGRAM} verify: only one of the two can come from stdin")]
        )
    return words[0], words[1], layers


def read_decision(source: str) -> Mapping[str, Any]:
    """The plain data of a decision. Raises `RequestError` if the file contains none."""
    try:
        document = read_document(source, "the decision")
    except CaseError as error:
        raise RequestError(error.diagnostics) from None
    problems = Problems()
    data = parse_json(document.text, document.name, problems)
    if problems.errors:
        raise RequestError(problems.errors)
    if not isinstance(data, Mapping):
        raise RequestError([Diagnostic("not-a-decision", "this is not a decision", Position(document.name, 1, 1),
                                       expected="one JSON object, as decide --json prints it")])  # fmt: skip
    return data


def _plain_decimal(value: object) -> object:
    if isinstance(value, Decimal):  # decisions contain no fractions, but an invalid record may
        return plain_number(value)
    raise TypeError(type(value).__name__)
