"""`escalation-rules mcp`: runs a Model Context Protocol server on stdin and stdout."""

from __future__ import annotations

import argparse
from typing import Any

from escalation_rules.cli.arguments.parser import add_policy
from escalation_rules.cli.loading import load_policy
from escalation_rules.errors import Diagnostic, RequestError

HELP = "answers a model's questions (Model Context Protocol, on stdin and stdout)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `mcp`."""
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until stdin ends."""
    try:
        from escalation_rules.integrations.agents.server import server
    except ImportError as error:
        raise _not_installed("the server needs", error, "mcp") from None
    server(load_policy(list(options.policy)), _proposals).run("stdio")
    return 0


def _proposals(messages: list[dict[str, Any]], currency: str | None) -> list[dict[str, Any]]:
    """The proposals of the built-in lexicon for the messages."""
    try:
        from escalation_rules.integrations.signals import propose
    except ImportError as error:
        raise _not_installed("proposals need", error, "signals") from None
    return [proposal.to_dict() for proposal in propose(messages, currency=currency)]


def _not_installed(what: str, error: ImportError, extra: str) -> RequestError:
    message = f"{what} {error.name}, which is not installed"
    expected = f"pip install 'escalation-rules[{extra}]'"
    return RequestError([Diagnostic("not-installed", message, expected=expected)])
