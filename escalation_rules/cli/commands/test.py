"""`escalation-rules test [DIR…]`: runs the examples in rules, and features."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from escalation_rules.call_arguments import layer_path
from escalation_rules.cli.arguments.parser import add_policy
from escalation_rules.cli.loading import load_policy
from escalation_rules.cli.testing.features import run_features, sorted_out
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.excerpt import excerpt
from escalation_rules.policy.reading.files import BUILTIN_WORD

if TYPE_CHECKING:
    from escalation_rules.tools.examples import Tested

HELP = "runs the examples of the rules (those that must fire, and those that must not), and features"
FAILED = 1
_FEW = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `test`."""
    parser.add_argument("layers", metavar="DIR", nargs="*",
                        help="folders or files of rules, each a layer on top of the previous ones (and of those in --policy); "
                        "only their rules are tested; feature files, and those in folders, are run as well")  # fmt: skip
    add_policy(parser, "the layers below; `builtin` is the built-in policy, which is tested if no other is given",
               besides="folders")  # fmt: skip
    parser.add_argument("--require", action="store_true", help="fail if a rule lacks one of its two examples")
    parser.epilog = "Exit code: 0 all examples pass, 1 some fail."


def run(options: argparse.Namespace) -> int:
    """Run the examples, and print the results by ruleset."""
    from escalation_rules.tools.examples import run_examples

    features, own = sorted_out(options.layers)
    below = [*options.policy, *own]
    if features and not own:
        if below:
            load_policy(below)  # an error of the policy is reported here, once, and not for each scenario
        return run_features(features, below)
    layers = below or [BUILTIN_WORD]
    asked = [layer_path(path).resolve() for path in own or layers]
    tested = [result for result in run_examples(load_policy(layers)) if _is_in(result, asked)]
    lacking = [result for result in tested if result.outcome in {"untested", "half"}]
    streams.write("".join(f"{streams.clean(line)}\n" for line in report(tested, required=options.require)))
    failed = any(result.outcome == "failed" for result in tested) or (options.require and lacking)
    code = run_features(features, below) if features else 0
    return FAILED if failed else code


def _is_in(tested: Tested, paths: Sequence[Path]) -> bool:
    file = Path(tested.rule.position.file).resolve()
    return any(path == file or path in file.parents for path in paths)


def report(tested: Sequence[Tested], *, required: bool = False) -> Iterator[str]:
    """The results of the examples: a line for each ruleset with examples, each problem with its line, and the rules
    without examples (by name if there are few, or if examples are required)."""
    if not tested:
        yield "no rules"
        return
    have = [result for result in tested if result.outcome != "untested"]
    rulesets = sorted({result.rule.ruleset for result in have})
    for ruleset in rulesets:
        of_it = [result for result in have if result.rule.ruleset == ruleset]
        yield f"{ruleset}: {_passed(of_it)}"
        problems = [problem for result in of_it for problem in result.problems]
        for problem in sorted(problems, key=lambda diagnostic: diagnostic.sort_key):
            yield from (f"  {line}" for line in (str(problem), *excerpt(problem)))
    if half := [result.rule.id for result in have if result.outcome == "half"]:
        yield f"only one of two examples: {', '.join(half)}"
    if bare := [result.rule.id for result in tested if result.outcome == "untested"]:
        few = required or len(bare) <= _FEW
        yield f"rules without examples: {', '.join(bare) if few else len(bare)}"
    if len(rulesets) > 1:
        yield f"all: {_passed(have)}"


def _passed(tested: Sequence[Tested]) -> str:
    counts = {
        name: sum(1 for result in tested if result.outcome == name) for name in ("passed", "failed", "half")
    }
    rest = ((counts["failed"], "failed"), (counts["half"], "half tested"))
    more = "".join(f", {count} {what}" for count, what in rest if count)
    return f"{counts['passed']} of {len(tested)} rules passed{more}"
