"""CASE and the word behind it (an action, a rule), wherever they stand among the options."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escalation_rules import Policy
from escalation_rules.cli.arguments.inputs import STDIN
from escalation_rules.cli.arguments.parser import PROGRAM, case_and_layers
from escalation_rules.decision import Decision
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.policy.reading.files import BUILTIN_WORD
from escalation_rules.values import plain_instant


def case_layers_and_word(options: argparse.Namespace, command: str) -> tuple[str, list[str], str | None]:
    """The CASE, the layers, and the word behind the CASE if there is one (`options.word`).

    `--policy a CASE WORD` swallows both, or one of them: what is no path at the end of its list is the WORD.
    """
    word, options.policy = word_and_layers(options)
    case, layers = case_and_layers(options, command)
    return case, layers, word


def word_and_layers(options: argparse.Namespace) -> tuple[str | None, list[str]]:
    """The word (`options.word`), and the layers: `--policy a WORD` swallows it, and it is no path."""
    word, layers = options.word, list(options.policy)
    if word is None and len(layers) > 1 and not _is_path(layers[-1]):
        word = layers.pop()
    return word, layers


def _is_path(word: str) -> bool:
    try:
        return word in {BUILTIN_WORD, STDIN} or Path(word).exists()
    except ValueError:  # a name that no file can have
        return False


def missing_word(command: str, name: str, expected: str) -> RequestError:
    """The error for a command without the word that it needs."""
    return RequestError([Diagnostic("usage", f"{PROGRAM} {command}: missing {name}", expected=expected)])


def stamped(policy: Policy, decision: Decision, data: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as plain data, with what it was an answer to: the case, the instant, the policy."""
    known = {"name": policy.name, "digest": policy.digest, "engine": policy.engine}
    return {"case": decision.case, "at": plain_instant(decision.at), "policy": known, **data}
