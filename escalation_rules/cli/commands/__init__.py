"""The commands, one module each, with the words of the command line that run them.

A new command is a module with `HELP`, `add_arguments` and `run`, listed here.
"""

from __future__ import annotations

from escalation_rules.cli.arguments.parser import Command
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

_ALL: tuple[Command, ...] = (
    decide, check, audit, explain, replay, verify, rules, show, handbook, lint, test, coverage,
    mutate, table, init, bench, compare, analyse, mcp, schema,
)  # fmt: skip
"""In the order of `escalation-rules --help`."""
COMMANDS: dict[str, Command] = {command.__name__.rpartition(".")[2]: command for command in _ALL}
