"""`escalation-rules schema`: prints JSON Schemas of policies, cases and decisions, for editors and other programs."""

from __future__ import annotations

import argparse

from escalation_rules.cli.arguments.parser import add_policy
from escalation_rules.cli.loading import load_policy
from escalation_rules.cli.text import streams
from escalation_rules.errors import RequestError, unknown_name

HELP = "prints the JSON Schema of policy files, of cases or of decisions"
KINDS = ("policy", "case", "decision")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `schema`."""
    parser.add_argument("kind", metavar="KIND", nargs="?", help=f"{', '.join(KINDS)} (default: policy)")
    add_policy(parser, "the policy whose names the schema contains: a folder or file of rules, repeat it for each layer "
                        "on top; `builtin`, the default, is the built-in policy")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print a schema."""
    from escalation_rules.tools.schema import case_schema, decision_schema, policy_schema, written

    kind, layers = _kind_and_layers(options)
    if kind == "decision":
        streams.write(written(decision_schema()))
    else:
        make = case_schema if kind == "case" else policy_schema
        streams.write(written(make(load_policy(layers).vocabulary)))
    return 0


def _kind_and_layers(options: argparse.Namespace) -> tuple[str, list[str]]:
    """The kind of schema, and the layers."""
    kind, layers = options.kind, list(options.policy)
    if kind not in {None, *KINDS}:
        raise RequestError([unknown_name("usage", f"unknown kind of schema {kind!r}", kind, KINDS)])
    return kind or "policy", layers
