"""The command line: finds the module of a command, runs it, and turns errors into exit codes.

Exit codes: 0 success, 2 invalid input (problems on stderr, one a line; nothing on stdout), 130 interrupted,
141 stdout closed by its reader. Results of some commands: 1 not verified or failed, 3 held, 4 forbidden, 5
breaches.
"""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.cli.arguments.parser import Command, read_arguments
from escalation_rules.cli.commands import (
    analyse,
    audit,
    bench,
    check,
    compare,
    coverage,
    decide,
    explain,
    handbook,
    init,
    lint,
    mcp,
    mutate,
    replay,
    rules,
    schema,
    show,
    table,
    test,
    verify,
)
from escalation_rules.cli.text import streams
from escalation_rules.errors import EscalationRulesError

COMMANDS: dict[str, Command] = {
    "decide": Command(decide.HELP, decide.add_arguments, decide.run),
    "check": Command(check.HELP, check.add_arguments, check.run),
    "audit": Command(audit.HELP, audit.add_arguments, audit.run),
    "explain": Command(explain.HELP, explain.add_arguments, explain.run),
    "replay": Command(replay.HELP, replay.add_arguments, replay.run),
    "verify": Command(verify.HELP, verify.add_arguments, verify.run),
    "rules": Command(rules.HELP, rules.add_arguments, rules.run),
    "show": Command(show.HELP, show.add_arguments, show.run),
    "handbook": Command(handbook.HELP, handbook.add_arguments, handbook.run),
    "lint": Command(lint.HELP, lint.add_arguments, lint.run),
    "test": Command(test.HELP, test.add_arguments, test.run),
    "coverage": Command(coverage.HELP, coverage.add_arguments, coverage.run),
    "mutate": Command(mutate.HELP, mutate.add_arguments, mutate.run),
    "table": Command(table.HELP, table.add_arguments, table.run),
    "init": Command(init.HELP, init.add_arguments, init.run),
    "bench": Command(bench.HELP, bench.add_arguments, bench.run),
    "compare": Command(compare.HELP, compare.add_arguments, compare.run),
    "analyse": Command(analyse.HELP, analyse.add_arguments, analyse.run),
    "mcp": Command(mcp.HELP, mcp.add_arguments, mcp.run),
    "schema": Command(schema.HELP, schema.add_arguments, schema.run),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. `argv` defaults to the process's arguments."""
    try:
        return _run(argv)
    except EscalationRulesError as error:
        return streams.complain(error.diagnostics)
    except BrokenPipeError:
        return streams.abandon()
    except KeyboardInterrupt:
        return 130


def _run(argv: Sequence[str] | None) -> int:
    try:
        command, options = read_arguments(COMMANDS, argv)
    except SystemExit as stop:  # argparse has printed its help
        streams.write("")
        return stop.code if isinstance(stop.code, int) else 0
    return command.run(options)
