"""`escalation-rules check CASE ACTION`: whether an action may be done now. Exit code 0: allowed, 3: held, 4: forbidden."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from escalation_rules import Policy
from escalation_rules.cli.arguments.inputs import read_case
from escalation_rules.cli.arguments.parser import Needed, add_shared, case_and_layers, chosen_instant, missing
from escalation_rules.cli.loading import speaking_policy
from escalation_rules.cli.reports.stamped import stamped
from escalation_rules.cli.text import streams
from escalation_rules.errors import Diagnostic, RequestError

HELP = "shows whether an action may be done now, why not, and what to do instead"
EXIT_CODES = {"allowed": 0, "held": 3, "forbidden": 4}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    add_shared(parser)
    parser.add_argument(
        "word", metavar=Needed("ACTION"), nargs="?", help="the name of the action, such as close_case"
    )
    parser.add_argument("--by", metavar="ROLE", help="who would do it: a role, or the id of a party")
    parser.add_argument("--about", metavar="ID", help="the id of the record concerned")
    parser.add_argument("--param", metavar="NAME=VALUE", action="append", default=[],
                        help="a parameter of the act, such as amount=800; may be given several times; several ids "
                        "are separated by commas")  # fmt: skip
    parser.epilog = "Exit code: 0 allowed, 3 held, 4 forbidden, 2 bad input."


def run(options: argparse.Namespace) -> int:
    """Check, and print the verdict as text or JSON."""
    source, layers = case_and_layers(options, "check")
    action: str | None = options.word
    if action is None:
        raise missing("check", "ACTION", "the name of an action, such as close_case")
    at = chosen_instant(options.at)
    given = read_pairs(options.param)
    policy, zone = speaking_policy(layers, options, at)
    case = read_case(policy, source)
    params = read_params(policy, action, given) if given else None
    verdict = policy.check(case, action, at=at, by=options.by, about=options.about, params=params)
    decision = policy.decide(case, at=at)
    if options.json:
        streams.write_json(stamped(policy, decision, verdict.to_dict(options.lang)))
    else:
        from escalation_rules.cli.reports.check_report import print_verdict

        print_verdict(policy, case, decision, verdict, zone, language=options.lang, params=params or {})
    return EXIT_CODES[verdict.verdict]


def read_pairs(words: Iterable[str]) -> dict[str, str]:
    """Parse NAME=VALUE arguments. Raises `RequestError` with all invalid or repeated ones."""
    pairs: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            problems.append(Diagnostic("bad-option", f"invalid parameter {word!r}", path="--param",
                                       expected="NAME=VALUE, such as amount=800"))  # fmt: skip
        elif name in pairs:
            problems.append(Diagnostic("bad-option", f"{name} is given twice", path="--param"))
        pairs[name] = value
    if problems:
        raise RequestError(problems)
    return pairs


def read_params(policy: Policy, action: str, pairs: dict[str, str]) -> dict[str, object]:
    """Convert values to plain data of the types declared by the action. Undeclared ones stay as written."""
    declared = policy.vocabulary.actions.get(action)
    known = declared.params if declared else {}
    return {
        name: known[name].type.from_word(value) if name in known else value for name, value in pairs.items()
    }
