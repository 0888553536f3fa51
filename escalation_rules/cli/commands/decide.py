"""`escalation-rules decide CASE`: what to do next about a case."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from importlib import import_module

from escalation_rules import Policy
from escalation_rules.cli.arguments.inputs import read_case
from escalation_rules.cli.arguments.parser import add_shared, case_and_layers, chosen_instant, chosen_zone
from escalation_rules.cli.text import streams
from escalation_rules.errors import Diagnostic, PolicyError, RequestError, unknown_name

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
    role = _role(policy, options.role)
    for name, given in (("--brief", options.brief), ("--for", role)):
        if given and options.json:
            raise RequestError([
                Diagnostic("usage", f"{name} cannot be combined with --json, which prints the whole decision", path=name,
                           expected=f"--json without {name}")
            ])  # fmt: skip
    if options.json:
        data = decision.to_dict(options.lang)
        data["policy"]["engine"] = policy.engine
        streams.write_json(data)
        return 0
    from escalation_rules.cli.reports.decide_report import View, print_decision

    view = View(options.all, options.brief, role)
    print_decision(policy, case, decision, zone, language=options.lang, view=view)
    return 0


def _role(policy: Policy, name: str | None) -> str | None:
    """The role given by `--for`."""
    roles = policy.vocabulary.roles
    if name is None or name in roles:
        return name
    raise RequestError([unknown_name("unknown-role", f"unknown role {name!r}", name, roles, path="--for")])


def load_policy(layers: list[str], options: argparse.Namespace | None = None) -> Policy:
    """Load the policy given by `--policy`, where `builtin` stands for the built-in one.

    `options.lang` must be a language of the policy; if missing, it is set to the policy's first language.
    """
    try:
        policy = Policy.load(*layers)
    except OSError as error:
        raise PolicyError([Diagnostic("unreadable", f"the policy cannot be read: {error}")]) from None
    if options is not None:
        options.lang = chosen_language(policy.vocabulary.languages, options.lang)
    return policy


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
