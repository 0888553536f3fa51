"""`escalation-rules schema`: JSON Schemas, for editors and for programs that make policies, cases or read decisions."""

from __future__ import annotations

import argparse

from escalation_rules.cli.arguments.parser import add_policy
from escalation_rules.cli.commands.decide import load_policy
from escalation_rules.cli.text import streams
from escalation_rules.errors import Diagnostic, RequestError, listing, nearest

HELP = "prints the JSON Schema of policy files, of cases or of decisions"
KINDS = ("policy", "case", "decision")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `schema`."""
    parser.add_argument("kind", metavar="KIND", nargs="?", help=f"{', '.join(KINDS)} (default: policy)")
    add_policy(parser, "the policy whose names the schema contains: a folder or file of rules, once more for each layer "
                        "on top of it; `builtin` is the built-in policy, which is the default")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print a schema."""
    from escalation_rules.tools.schema import case_schema, decision_schema, policy_schema

    kind, layers = _kind_and_layers(options)
    if kind == "decision":
        streams.write_json(decision_schema())
    else:
        make = case_schema if kind == "case" else policy_schema
        streams.write_json(make(load_policy(layers).vocabulary))
    return 0


def _kind_and_layers(options: argparse.Namespace) -> tuple[str, list[str]]:
    """What is asked for."""
    kind, layers = options.kind, list(options.policy)
    if kind not in {None, *KINDS}:
        close = nearest(kind, KINDS)
        raise RequestError([Diagnostic("usage", f"unknown kind of schema {kind!r}",
                                       expected=None if close else listing(KINDS), suggestion=close)])  # fmt: skip
    return kind or "policy", layers
