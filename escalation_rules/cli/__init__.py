"""The command line: finds the module of a command, runs it, and turns errors into exit codes.

Exit codes: 0 success, 2 invalid input (problems on stderr, one a line; nothing on stdout), 130 interrupted,
141 stdout closed by its reader. Results of some commands: 1 not verified or failed, 3 held, 4 forbidden, 5
breaches.
"""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.cli.arguments.parser import read_arguments
from escalation_rules.cli.commands import COMMANDS
from escalation_rules.cli.text import streams
from escalation_rules.errors import EscalationRulesError


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
