"""CASE and the word behind it (an action, a rule), wherever they stand among the options."""

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
    """The CASE, the layers, and the word behind the CASE if there is one."""
    case, layers = case_and_layers(options, command)
    return case, layers, options.word


def missing_word(command: str, name: str, expected: str) -> RequestError:
    """The error for a command without the word that it needs."""
    return RequestError([Diagnostic("usage", f"{PROGRAM} {command}: missing {name}", expected=expected)])


def stamped(policy: Policy, decision: Decision, data: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as plain data, with what it was an answer to: the case, the instant, the policy."""
    known = {"name": policy.name, "digest": policy.digest, "engine": policy.engine}
    return {"case": decision.case, "at": plain_instant(decision.at), "policy": known, **data}
