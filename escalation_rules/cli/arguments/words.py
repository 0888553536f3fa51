"""Reads CASE and the following word (an action or a rule), wherever they are among the options."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from escalation_rules import Policy
from escalation_rules.cli.arguments.parser import PROGRAM, case_and_layers
from escalation_rules.decision import Decision
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.values import plain_instant


def case_layers_and_word(options: argparse.Namespace, command: str) -> tuple[str, list[str], str | None]:
    """The CASE, the layers, and the word after CASE, if any."""
    case, layers = case_and_layers(options, command)
    return case, layers, options.word


def missing_word(command: str, name: str, expected: str) -> RequestError:
    """The error for a missing required word."""
    return RequestError([Diagnostic("usage", f"{PROGRAM} {command}: missing {name}", expected=expected)])


def stamped(policy: Policy, decision: Decision, data: Mapping[str, Any]) -> dict[str, Any]:
    """A result as plain data, with the case, instant and policy that it refers to."""
    known = {"name": policy.name, "digest": policy.digest, "engine": policy.engine}
    return {"case": decision.case, "at": plain_instant(decision.at), "policy": known, **data}
