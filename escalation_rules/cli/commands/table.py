"""`escalation-rules table export RULE FILE` and `table import FILE [RULE]`: converts tables to CSV or Excel and back."""

from __future__ import annotations

import argparse
from pathlib import Path

from escalation_rules.call_arguments import layer_path
from escalation_rules.cli.arguments.parser import Needed, add_policy
from escalation_rules.cli.text import streams
from escalation_rules.errors import Diagnostic, PolicyError, Problems, RequestError
from escalation_rules.integrations.sheets import (
    found_table,
    put_into,
    read_sheet,
    sheet_of,
    write_sheet,
    yaml_of,
)
from escalation_rules.policy.reading.files import BUILTIN_WORD, read_layers
from escalation_rules.source import Node

HELP = "writes a table of the policy to a CSV or Excel file (export), or reads it back (import)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `table`."""
    parser.add_argument(
        "way", metavar=Needed("export|import"), help="export RULE FILE, or import FILE [RULE]"
    )
    parser.add_argument("words", metavar=Needed("[RULE] FILE"), nargs="*",
                        help="the file (.csv or .xlsx), and the rule that has the table; RULE.PARAMETER for that of a parameter. "
                        "`import` without a rule prints the YAML, else it replaces the table in the policy's file")  # fmt: skip
    add_policy(parser)


def run(options: argparse.Namespace) -> int:
    """Write the file, print the YAML, or put it into the policy."""
    words, layers = list(options.words), list(options.policy)
    if options.way not in {"export", "import"}:
        raise _usage(f"unknown way {options.way!r}")
    wanted = (2, 2) if options.way == "export" else (1, 2)
    if not wanted[0] <= len(words) <= wanted[1]:
        raise _usage(f"found {len(words)} names after {options.way!r}")
    if options.way == "export":
        _, _, table = found_table(_roots(layers), words[0])
        write_sheet(sheet_of(table), Path(words[1]))
        return 0
    text = yaml_of(read_sheet(Path(words[0])), words[0])
    if len(words) == 1:
        streams.write(text)
        return 0
    file, key, _ = found_table(_roots(layers), words[1])
    put_into(Path(file), key, text)
    streams.write(f"{file}:{key.position.line}: {words[1]}\nnext: escalation-rules lint\n")
    return 0


def _roots(layers: list[str]) -> list[tuple[str, Node]]:
    problems = Problems()
    files = read_layers([layer_path(layer) for layer in layers or [BUILTIN_WORD]], problems)
    if problems.errors:
        raise PolicyError(problems.errors)
    return [(file.file, file.root) for file in files]


def _usage(message: str) -> RequestError:
    expected = "`table export RULE FILE` or `table import FILE [RULE]`"
    return RequestError([Diagnostic("usage", f"escalation-rules table: {message}", expected=expected)])
