"""`escalation-rules bench CASE...`: measures decisions on these cases, and which rules and tests take most of the time."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from escalation_rules.cli.arguments.inputs import STDIN, read_case_data
from escalation_rules.cli.arguments.parser import PROGRAM, add_policy, check_number, chosen_instant
from escalation_rules.cli.loading import load_policy, require_text_output
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.progress import progress
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.tools.bench import Cost, Measured, measure

HELP = "measures what decisions cost on your own policy and cases"
SECONDS = 3.0
_LEAST_SECONDS, _MOST_SECONDS = 0.01, 3600.0
_WIDEST = 90
_CASES = {".yaml", ".yml", ".json"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `bench`."""
    parser.add_argument("cases", metavar="CASE", nargs="*",
                        help="files with a case (YAML, JSON), or folders of such files")  # fmt: skip
    add_policy(parser, besides="folders")
    parser.add_argument(
        "--at", metavar="ISO", help="decide as of this instant, with its UTC offset (default: now)"
    )
    parser.add_argument("--seconds", metavar="N", type=float, default=SECONDS,
                        help="how long to decide the cases again and again (default: %(default)s)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.epilog = (
        "Times are of this machine, in microseconds for one decision. `first`: a case that is asked for the first time. "
        "`again`: the same cases once more. Compare only figures of one run."
    )


def run(options: argparse.Namespace) -> int:
    """Measure, and print the figures as text or JSON."""
    check_number("--seconds", options.seconds, _LEAST_SECONDS, _MOST_SECONDS)
    at = chosen_instant(options.at)
    if not options.json:
        require_text_output()
    named = [(name, read_case_data(name)) for name in _files(options.cases)]
    policy = load_policy(list(options.policy), argparse.Namespace(lang=None))
    with progress("Measuring", shown=not options.json) as advance:
        found = measure(
            policy, named, at=at, seconds=options.seconds, clock=time.perf_counter, progress=advance
        )
    if options.json:
        streams.write_json({"policy": {"name": policy.name, "digest": policy.digest, "engine": policy.engine}}
                           | found.to_dict())  # fmt: skip
    else:
        streams.write("\n".join(_lines(found)))
    return 0


def _files(names: list[str]) -> list[str]:
    """The given files, and those in the given folders, in order."""
    found: list[str] = []
    for name in names:
        path = Path(name)
        if name != STDIN and path.is_dir():
            found += sorted(str(file) for file in path.rglob("*")
                            if file.suffix.lower() in _CASES and not file.name.startswith("."))  # fmt: skip
        else:
            found.append(name)
    if not found:
        raise RequestError(
            [Diagnostic("usage", f"{PROGRAM} bench: no cases", expected="files or folders of cases")]
        )
    return found


def _lines(found: Measured) -> Iterator[str]:
    yield f"{found.cases} cases, {found.decisions} decisions; microseconds for one decision"
    yield ""
    yield f"{'':<28}{'median':>10}{'95 %':>10}"
    yield f"{'asked for the first time':<28}{found.first:>10.0f}{found.first_95:>10.0f}"
    yield f"{'asked again':<28}{found.again:>10.0f}{found.again_95:>10.0f}"
    yield f"{'reading a case':<28}{found.reading:>10.0f}"
    yield f"{found.per_second} decisions a second on one core"
    for title, costs in (
        ("Slowest cases", found.slowest_cases),
        ("Rules whose tests cost most", found.rules),
        ("Tests that cost most", found.tests),
    ):
        if costs:
            yield ""
            yield title
            yield from map(_line, costs)


def _line(cost: Cost) -> str:
    place = f"  {cost.place}" if cost.place is not None else ""
    name = cost.name if len(cost.name) <= _WIDEST else f"{cost.name[: _WIDEST - 1]}…"
    return f"{cost.microseconds:>10.1f}  {name}{place}"
