"""Loads the policy that a command is about, with its language and its formats."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from importlib import import_module

from escalation_rules import Policy
from escalation_rules.cli.arguments.parser import chosen_zone
from escalation_rules.errors import Diagnostic, PolicyError, RequestError
from escalation_rules.policy.reading.files import BUILTIN_WORD


def load_policy(layers: list[str], options: argparse.Namespace | None = None) -> Policy:
    """Load the policy given by `--policy`, where `builtin` stands for the built-in one.

    `options.lang` must be a language of the policy; if missing, it is set to the policy's first language.
    """
    try:
        policy = Policy.load(*layers)
    except OSError as error:
        raise PolicyError([Diagnostic("unreadable", f"the policy cannot be read: {error}")]) from None
    except PolicyError:
        if BUILTIN_WORD not in layers and _loads(BUILTIN_WORD, *layers):
            raise PolicyError([_without_builtin(layers)]) from None
        raise
    if options is not None:
        options.lang = chosen_language(policy.vocabulary.languages, options.lang)
    return policy


def _loads(*layers: str) -> bool:
    try:
        Policy.load(*layers)
    except PolicyError:
        return False
    return True


def _without_builtin(layers: Sequence[str]) -> Diagnostic:
    """The one problem of a layer on the built-in policy that is given without it."""
    names = " ".join(layers)
    message = f"{names} is a layer on the built-in policy, which is not given here"
    expected = f"`builtin` before it: `--policy builtin {names}`; of OLD and NEW, `--policy builtin`"
    return Diagnostic("no-builtin", message, expected=expected)


def chosen_language(written: Sequence[str], chosen: str | None) -> str:
    """The language given by `--lang`, which must be one of the policy's, or the policy's first language."""
    if chosen is not None and chosen not in written:
        message = f"the policy is not written in {chosen}"
        raise RequestError([Diagnostic("usage", message, path="--lang", expected=" or ".join(written))])
    return chosen or written[0]


def speaking_policy(layers: list[str], options: argparse.Namespace, at: datetime) -> tuple[Policy, tzinfo]:
    """Load the policy with localised money and times in its texts. Returns it with the zone of these times."""
    zone = chosen_zone(options.zone)
    if options.json:
        return load_policy(layers, options), UTC
    require_text_output()
    from escalation_rules.babel_formats import BabelFormats

    policy = load_policy(layers, options)
    zone = zone or policy.vocabulary.zone or at.tzinfo or UTC
    return policy.with_formats(BabelFormats.in_zone(zone)), zone


def require_text_output() -> None:
    """Raise `RequestError` if the packages for text output are not installed."""
    try:
        for name in ("babel", "rich"):
            import_module(name)
    except ModuleNotFoundError as error:
        raise RequestError([
            Diagnostic("not-installed", f"text output needs {error.name}, which is not installed",
                       expected="pip install 'escalation-rules[cli]', or --json")
        ]) from None  # fmt: skip
