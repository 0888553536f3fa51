"""`escalation-rules compare OLD NEW`: the differences between two policies."""

from __future__ import annotations

import argparse
import time

from escalation_rules import Policy
from escalation_rules.cli.arguments.parser import (
    MOST_SECONDS,
    PROGRAM,
    Needed,
    add_output,
    add_policy,
    add_zone,
    check_number,
    chosen_zone,
    missing,
)
from escalation_rules.cli.loading import chosen_language, load_policy, require_text_output
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.progress import progress
from escalation_rules.cli.versions import load_version
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.solving.sizes import STEPS

HELP = "shows how two policies differ, in words and in cases"
DIFFERENT, NOT_COMPARED = 1, 3
MOST = STEPS[-1]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `compare`."""
    parser.add_argument(
        "old", metavar=Needed("OLD"), nargs="?", help="a folder, `builtin`, or REV:FOLDER of a git repository"
    )
    parser.add_argument("new", metavar=Needed("NEW"), nargs="?", help="the same, for the other version")
    add_policy(parser, besides="folders")
    parser.add_argument("--without", metavar="LAYER", help="compare the policy of --policy without this layer and with it, "
                        "instead of OLD with NEW")  # fmt: skip
    parser.add_argument(
        "--words", action="store_true", help="compare only the texts of the rules, which needs no solver"
    )
    parser.add_argument(
        "--records",
        metavar="N",
        type=int,
        default=3,
        help="cases have up to N records in a list (default: 3), and more where a rule counts to more",
    )
    parser.add_argument("--seconds", metavar="N", type=float,
                        help="stop after about this time, and name what was not compared")  # fmt: skip
    add_zone(parser)
    add_output(parser)
    parser.epilog = (
        "OLD and NEW are layers on top of those of --policy; without --policy, each is a whole policy. "
        "Exit code: 0 no step, prohibition or hold differs, 1 some do (or, without cases, the texts do), "
        "3 no difference was found but not everything was compared, 2 bad input."
    )


def run(options: argparse.Namespace) -> int:
    """Compare, and print the differences as text or JSON."""
    from escalation_rules import compare
    from escalation_rules.solving import solver_available

    if not options.json:
        require_text_output()
    check_number("--records", options.records, 1, MOST)
    check_number("--seconds", options.seconds, 1, MOST_SECONDS)
    zone = chosen_zone(options.zone)
    old, new = _policies(options)
    options.lang = chosen_language(new.vocabulary.languages, options.lang)
    in_cases = not options.words and solver_available()
    begun = time.monotonic()
    with progress("compare", shown=in_cases and not options.json) as advance:

        def proceed(part: float) -> bool:
            advance(part)
            return options.seconds is None or time.monotonic() - begun < options.seconds

        result = compare(old, new, records=options.records, in_cases=in_cases, proceed=proceed)
    if options.json:
        streams.write_json(result.to_dict(options.lang))
    else:
        from escalation_rules.cli.reports.compare_report import print_comparison

        why_not = None if in_cases else "words_only" if options.words else "no_solver"
        print_comparison(old, new, result, language=options.lang, zone=zone, why_not=why_not)
    if result.effects or not (in_cases or result.same_texts):
        return DIFFERENT
    return NOT_COMPARED if result.not_compared else 0


def _policies(options: argparse.Namespace) -> tuple[Policy, Policy]:
    """The two policies to compare."""
    layers = list(options.policy)
    if options.without is not None:
        if options.old is not None or options.without not in layers:
            problem = "--without names a layer of --policy, and stands instead of OLD and NEW"
            raise RequestError([Diagnostic("usage", f"{PROGRAM} compare: {problem}", path="--without",
                                           expected="--policy builtin --policy DIR --without DIR")])  # fmt: skip
        left = [layer for layer in layers if layer != options.without]
        return load_policy(left), load_policy(layers)
    words = [word for word in (options.old, options.new) if word is not None]
    if len(words) < 2:
        raise missing("compare", "NEW" if words else "OLD", f"{PROGRAM} compare OLD NEW")
    return load_version(layers, words[0]), load_version(layers, words[1])
