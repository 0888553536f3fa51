"""`escalation-rules replay CASES…`: replays histories under one policy, or compares two."""

from __future__ import annotations

import argparse
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from escalation_rules import Policy
from escalation_rules.call_arguments import MOST_WORKERS
from escalation_rules.cli.arguments.parser import (
    PROGRAM,
    add_output,
    add_zone,
    check_number,
    chosen_instant,
    chosen_zone,
)
from escalation_rules.cli.loading import require_text_output
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.progress import counted
from escalation_rules.cli.versions import load_layers
from escalation_rules.errors import Diagnostic, EscalationRulesError, Position, RequestError
from escalation_rules.integrations.batch import Found, Replaying, histories
from escalation_rules.integrations.batch.checking import SOURCE, Checking
from escalation_rules.integrations.batch.files import count
from escalation_rules.integrations.batch.log import RunLog
from escalation_rules.pool import map_in_order
from escalation_rules.tools.replay import Blame, Summary, Tally
from escalation_rules.values import plain_instant

HELP = "replays histories under a policy, and shows where two policies differ"
NAME = "CASES"
MOST_POLICIES = 2
ONLY_SOME = 3
LOG = "cases.jsonl"
SUMMARY = "summary.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `replay`."""
    parser.add_argument("cases", metavar=NAME, nargs="*",
                        help="files (YAML, JSON, .jsonl, .parquet) and folders of them; a case without a history is taken "
                        "from its earliest instant on")  # fmt: skip
    parser.add_argument("--policy", metavar="DIR", nargs="+", action="append", default=[],
                        help="the layers of a policy (default: builtin), each a folder or REV:FOLDER of a git "
                        "repository; once more for a second policy, with which the "
                        "first one is compared")  # fmt: skip
    parser.add_argument(
        "--from-sql", metavar="URL", help="read the cases from a database, as SQLAlchemy names it"
    )
    parser.add_argument(
        "--query", metavar="SQL", help="the query for --from-sql; its columns are those of a case"
    )
    parser.add_argument("--until", metavar="ISO", help="replay up to this instant, with its UTC offset (default: now; "
                        "where a run is continued, that of the run)")  # fmt: skip
    parser.add_argument("--workers", metavar="N", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--details", action="store_true", help="show what happens case by case")
    parser.add_argument("--out", metavar="DIR", help=f"write {SUMMARY} and {LOG}, one line for each case; a run that was "
                        "interrupted goes on from there")  # fmt: skip
    add_zone(parser)
    add_output(parser)
    parser.epilog = (
        "A case that cannot be replayed is listed with its place. Exit code: 0 every case was replayed, "
        "3 only some were, 2 none was, or bad input."
    )


@attrs.frozen
class Run:
    """The results of a run: the policies, the end (`until_now`: not given by the user), the summary, and the
    log of its cases."""

    policies: tuple[Policy, ...]
    until: datetime
    summary: Summary
    log: RunLog
    until_now: bool


def run(options: argparse.Namespace) -> int:
    """Replay, and print the summary as text or JSON."""
    check_number("--workers", options.workers, 1, MOST_WORKERS)
    zone = chosen_zone(options.zone)
    if not options.json:
        require_text_output()
    sources = _sources(options)
    policies = _policies(options)
    with ExitStack() as stack:
        folder = (
            _folder(options.out) if options.out else Path(stack.enter_context(tempfile.TemporaryDirectory()))
        )
        log = stack.enter_context(_log(folder / LOG, [policy.digest for policy in policies]))
        done = _replay(options, policies, sources, log)
        _need_cases(done.summary)
        data = done.summary.to_dict()
        if options.out:
            _written(folder / SUMMARY, data)
        if options.json:
            streams.write_json({**data, "cases_in_detail": list(log.lines())} if options.details else data)
        else:
            from escalation_rules.cli.reports.replay_report import print_replay

            details = log.lines() if options.details else None
            print_replay(done.policies, done.summary, done.until, _layers(options), details, zone,
                         language=options.lang, written=options.out, until_now=done.until_now)  # fmt: skip
    return ONLY_SOME if done.summary.unread else 0


def _need_cases(summary: Summary) -> None:
    """Raise `RequestError` if no case was replayed: with the problems of each, or if there was none at all."""
    if summary.cases:
        return
    found = [_problem(problem["place"], one) for problem in summary.problems for one in problem["problems"]]
    none = Diagnostic("no-cases", "no cases were found", path=NAME,
                      expected="files (YAML, JSON, .jsonl, .parquet), folders with such files, or a query with rows")  # fmt: skip
    raise RequestError(found or [none])


def _problem(place: str | None, said: Mapping[str, Any]) -> Diagnostic:
    """A problem of a case, from its plain data."""
    code = said["code"]
    where = Position(said["file"], said["line"], said["column"]) if said["file"] else None
    return Diagnostic(code, said["message"], where, said["path"] if where else place, said["severity"],
                      said["expected"], said["suggestion"])  # fmt: skip


def _sources(options: argparse.Namespace) -> Iterator[Found]:
    if (options.from_sql is None) != (options.query is None):
        raise RequestError([Diagnostic("usage", "--from-sql and --query belong together", path="--from-sql",
                                       expected="--from-sql URL --query SQL")])  # fmt: skip
    if options.from_sql is not None and not options.cases:
        from escalation_rules.integrations.batch.tables import query

        return query(options.from_sql, options.query)
    if not options.cases or options.from_sql is not None:
        said = "CASES cannot be combined with --from-sql" if options.cases else "missing CASES"
        raise RequestError([Diagnostic("usage", f"{PROGRAM} replay: {said}",
                                       expected="files or folders, before --policy; or --from-sql URL --query SQL")])  # fmt: skip
    return histories(options.cases)


def _noted(sources: Iterator[Found], given: deque[Found]) -> Iterator[Found]:
    """The histories; each is noted when it is taken."""
    for source in sources:
        given.append(source)
        yield source


def _blame(policies: Sequence[Policy]) -> Blame | None:
    """How the changes behind a difference are found, if two policies are compared."""
    return Checking(*policies).of if len(policies) == MOST_POLICIES else None


def _layers(options: argparse.Namespace) -> list[list[str]]:
    return options.policy or [["builtin"]]


def _policies(options: argparse.Namespace) -> tuple[Policy, ...]:
    layers = _layers(options)
    if len(layers) > MOST_POLICIES:
        message = f"{PROGRAM} replay: {len(layers)} policies"
        expected = "one --policy, or two; the layers of one policy stand behind one --policy"
        raise RequestError([Diagnostic("usage", message, path="--policy", expected=expected)])
    return tuple(load_layers(layers_of_one, options) for layers_of_one in layers)


def _folder(name: str) -> Path:
    try:
        path = Path(name)
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise _unwritable(name, error) from None
    return path


def _log(path: Path, digests: Sequence[str]) -> RunLog:
    try:
        return RunLog(path, digests)
    except OSError as error:
        raise _unwritable(str(path), error) from None


def _written(path: Path, data: dict[str, Any]) -> None:
    import json

    try:
        path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise _unwritable(str(path), error) from None


def _unwritable(name: str, error: Exception) -> EscalationRulesError:
    reason = getattr(error, "strerror", None) or error
    return RequestError([Diagnostic("unwritable", f"{name} cannot be written: {reason}", path="--out")])


def _replay(
    options: argparse.Namespace, policies: tuple[Policy, ...], sources: Iterator[Found], log: RunLog
) -> Run:
    """Replay the cases that are not in the log, and summarise all."""
    known = datetime.fromisoformat(log.until) if log.until is not None else None
    until = chosen_instant(options.until, "--until") if options.until or known is None else known
    log.restrict(plain_instant(until.astimezone(UTC)))
    replaying = Replaying(policies, until, log.finished)
    tally = Tally(tuple(policy.digest for policy in policies), _blame(policies))
    with counted(
        "replay", lambda: count(options.cases) if options.cases else None, shown=not options.json
    ) as advance:
        given = deque[Found]()  # those that are worked on
        lines = map_in_order(
            replaying, _noted(sources, given), lost=replaying.lost, workers=options.workers, chunk=8
        )
        for line in lines:
            source = given.popleft()
            if "finished" in line:
                tally.add({**log.line(line["finished"]), "place": line["place"], SOURCE: source})
            else:
                tally.add({**line, SOURCE: source})
                log.append(line)
            advance()
    return Run(policies, until, tally.summary(), log, until_now=not options.until and known is None)
