"""`escalation-rules mcp`: a Model Context Protocol server on stdin and stdout."""

from __future__ import annotations

import argparse

from escalation_rules.cli.arguments.parser import add_policy
from escalation_rules.cli.commands.decide import load_policy
from escalation_rules.errors import Diagnostic, RequestError

HELP = "answers a model's questions (Model Context Protocol, on stdin and stdout)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `mcp`."""
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until stdin ends."""
    try:
        from escalation_rules.integrations.agents.server import server
    except ModuleNotFoundError as error:
        message = f"the server needs {error.name}, which is not installed"
        raise RequestError(
            [Diagnostic("not-installed", message, expected="pip install 'escalation-rules[mcp]'")]
        ) from None
    server(load_policy(list(options.policy))).run("stdio")
    return 0
