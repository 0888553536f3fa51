"""`escalation-rules coverage [DIR…]`: the rules, effects and tests covered by a policy's features and examples."""

from __future__ import annotations

import argparse
from pathlib import Path

from escalation_rules.cli.arguments.parser import add_output, check_number
from escalation_rules.cli.loading import load_policy, require_text_output
from escalation_rules.cli.testing.rehearse import Tests, add_tests, tests_of
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.progress import progress
from escalation_rules.errors import Diagnostic, RequestError

HELP = "shows which rules, effects and tests of conditions the features and examples of a policy cover"
TOO_LITTLE = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `coverage`."""
    add_tests(parser)
    parser.add_argument("--fail-under", metavar="PERCENT", type=float,
                        help="exit with 1 if one of the four shares is lower")  # fmt: skip
    parser.add_argument(
        "--html", metavar="FILE", help="also write an HTML file: the YAML files, coloured by coverage"
    )
    parser.add_argument(
        "--quick", action="store_true", help="do not use the solver to exclude impossible combinations"
    )
    parser.add_argument("--all", action="store_true", help="list everything that is not covered")
    add_output(parser)
    parser.epilog = (
        "A test decides its condition if changing that test alone would change the result (masking MC/DC). "
        "Exit code: 0 done, 1 less than --fail-under, a test fails, or no scenario of the features can be run, "
        "2 bad input."
    )


def run(options: argparse.Namespace) -> int:
    """Run the tests, and print their coverage."""
    from escalation_rules.tools.coverage import Watch, coverage_of

    if not options.json:
        require_text_output()
    check_number("--fail-under", options.fail_under, 0, 100)
    tests: Tests = tests_of(options)
    policy = load_policy(tests.layers, options)
    watch = Watch(policy.model)
    with progress("tests", shown=not options.json) as advance:
        ran = tests.run(policy.observed(watch.note), advance)
    with progress("coverage", shown=not options.json) as advance:
        found = coverage_of(
            policy.model, watch.tally, layers=tests.own, solver=not options.quick, progress=advance
        )
    if options.html is not None:
        from escalation_rules.cli.reports.coverage_html import html_of

        _write(options.html, html_of(policy, found, ran, options.lang))
    if options.json:
        streams.write_json({**found.to_dict(), "scenarios": ran.scenarios, "failed": list(ran.failed),
                            "left_out": list(ran.left_out)})  # fmt: skip
    else:
        from escalation_rules.cli.reports.coverage_report import print_coverage

        print_coverage(
            policy, found, ran, language=options.lang, least=options.fail_under, everything=options.all
        )
    low = options.fail_under is not None and found.lowest < options.fail_under
    return TOO_LITTLE if low or ran.failed or ran.none_ran else 0


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RequestError(
            [Diagnostic("unwritable", f"{name} cannot be written: {reason}", path="--html")]
        ) from None
