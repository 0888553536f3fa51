"""Parses arguments with argparse, reports errors as diagnostics, and defines the shared options."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import Literal, NoReturn, Protocol

from escalation_rules import LANGUAGES
from escalation_rules.calendar import load_zone
from escalation_rules.errors import Diagnostic, RequestError, listing, unknown_name
from escalation_rules.policy.conditions.context import spoken
from escalation_rules.policy.reading.files import BUILTIN_WORD, SUFFIXES
from escalation_rules.values import Instant, ValueProblem

PROGRAM = "escalation-rules"
DOCUMENT = "a YAML or JSON file, or - for stdin"

Besides = Literal["nothing", "a document", "folders"]
"""The paths that a command takes besides the layers of `--policy`."""


class Command(Protocol):
    """The module of a command; `HELP` is its line in the help."""

    __name__: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser, /) -> None:
        """Add its arguments."""

    def run(self, options: argparse.Namespace, /) -> int:
        """Run it, and return the exit code."""


class Needed(str):
    """The display name of a required argument that argparse sees as optional; the command checks it, with a
    better message."""


class Help(argparse.HelpFormatter):
    """Formats help texts; required arguments are shown without brackets."""

    def _format_args(self, action: argparse.Action, default_metavar: str) -> str:
        if isinstance(action.metavar, Needed):
            return action.metavar
        return super()._format_args(action, default_metavar)


class Parser(argparse.ArgumentParser):
    """An argument parser that raises diagnostics."""

    def error(self, message: str) -> NoReturn:
        """Raise the problem as an error, which `main` prints."""
        raise self._usage(message)

    def unrecognized(self, words: Sequence[str], options: argparse.Namespace) -> RequestError:
        """The error for words that are no arguments of the command."""
        is_path = not words[0].startswith("-")
        layers = is_path and options.besides is not None and options.policy
        return self._usage(
            f"unrecognized arguments: {' '.join(words)}", "one `--policy` for each layer; " if layers else ""
        )

    def _usage(self, message: str, hint: str = "") -> RequestError:
        expected = f"{hint}what `{self.prog} --help` lists"
        return RequestError([Diagnostic("usage", f"{self.prog}: {message}", expected=expected)])


def read_arguments(
    commands: Mapping[str, Command], argv: Sequence[str] | None
) -> tuple[Command, argparse.Namespace]:
    """Parse the arguments into a command and its options. Raises `RequestError` if they are invalid."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0].startswith("-"):
        _top(commands).parse_args(words)
        raise RequestError(
            [Diagnostic("usage", f"{PROGRAM}: missing COMMAND", expected=listing(sorted(commands)))]
        )
    command = commands.get(words[0])
    if command is None:
        raise RequestError(
            [unknown_name("unknown-command", f"unknown command {words[0]!r}", words[0], commands)]
        )
    own = Parser(
        prog=f"{PROGRAM} {words[0]}",
        description=f"{words[0]} {command.HELP}.",
        formatter_class=Help,
        allow_abbrev=False,
    )
    own.set_defaults(besides=None)
    command.add_arguments(own)
    # Intermixed parsing: by default, argparse takes optional positionals from one place only.
    options, rest = own.parse_known_intermixed_args(_each_layer(words, own.get_default("besides")))
    if rest:
        raise own.unrecognized(rest, options)
    return command, options


def _each_layer(words: Sequence[str], besides: Besides | None) -> list[str]:
    """Rewrite `--policy A B` (the former syntax) as `--policy A --policy B`.

    A word counts as another layer only if it cannot be anything else: `builtin`; a folder, if the command
    takes no others; a YAML file, if the command takes one document and it comes first. `besides` is None for
    commands without this form of `--policy`.
    """
    if besides is None or besides == "folders":
        return list(words[1:])
    found: list[str] = []
    layers = False
    document = besides == "a document" and len(words) > 1 and (words[1] == "-" or words[1][:1] != "-")
    for before, word in pairwise(words):
        if before == "--policy":
            layers = True
        elif layers and _is_layer(word, files=document):
            found.append("--policy")
        else:
            layers = False
        found.append(word)
    return found


def _is_layer(word: str, *, files: bool) -> bool:
    try:
        return word == BUILTIN_WORD or Path(word).is_dir() or (files and word.lower().endswith(SUFFIXES))
    except ValueError:  # ValueError: a name that no file can have
        return False


def _top(commands: Mapping[str, Command]) -> Parser:
    """The parser of the arguments before a command."""
    listed = "\n".join(f"  {name:<10} {command.HELP}" for name, command in commands.items())
    parser = Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} COMMAND ...",
        description="Recommends what to do next in a complaint case, according to a YAML policy.",
        epilog=f"commands:\n{listed}\n\nSee {PROGRAM} COMMAND --help for details.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {_version()}")
    return parser


def add_shared(
    parser: argparse.ArgumentParser, case: str = "CASE", at: str = "decide as of this instant"
) -> None:
    """Add the arguments of all commands that decide a case or a history (`case` is its display name)."""
    parser.add_argument("case", metavar=Needed(case), nargs="?", help=DOCUMENT)
    add_policy(parser, besides="a document")
    parser.add_argument("--at", metavar="ISO", help=f"{at}, with its UTC offset (default: now)")
    add_zone(parser)
    add_output(parser)


def add_zone(parser: argparse.ArgumentParser) -> None:
    """Add `--zone`."""
    parser.add_argument("--zone", metavar="ZONE", help="the time zone of the times in the text, such as Asia/Taipei "
                        "(default: that of the policy's calendar)")  # fmt: skip


POLICY = "a folder or file of rules; repeat it for each layer on top; `builtin`, the default, is the built-in policy"


def add_policy(
    parser: argparse.ArgumentParser,
    help: str = POLICY,  # noqa: A002
    *,
    besides: Besides = "nothing",
) -> None:
    """Add `--policy`, which is repeatable. `besides` says which other paths the command takes."""
    parser.set_defaults(besides=besides)
    parser.add_argument("--policy", metavar="DIR", action="append", default=[], help=help)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add `--lang` and `--json`."""
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        help="language of the texts (default: the first that the policy is written in)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def missing(command: str, name: str, expected: str) -> RequestError:
    """The error for a required argument that is not given."""
    return RequestError([Diagnostic("usage", f"{PROGRAM} {command}: missing {name}", expected=expected)])


def case_and_layers(options: argparse.Namespace, command: str, name: str = "CASE") -> tuple[str, list[str]]:
    """The required CASE, and the layers."""
    if options.case is None:
        raise missing(command, name, DOCUMENT)
    return options.case, list(options.policy)


def chosen_instant(text: str | None, option: str = "--at") -> datetime:
    """The instant given by an option, in its own offset; without it, the current time in UTC.

    This is the only place in the package that asks for the current time.
    """
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        Instant().parse(text)
    except ValueProblem as problem:
        raise RequestError(
            [Diagnostic("bad-option", problem.message, path=option, expected=problem.expected)]
        ) from None
    return datetime.fromisoformat(text)


MOST_SECONDS = 86400 * 7
"""The longest time that can be stated for a command."""


def check_number(option: str, value: float | None, least: float, most: float) -> None:
    """Raise `RequestError` if the number given by an option is out of its range."""
    if value is not None and not least <= value <= most:
        raise RequestError([Diagnostic("bad-option", f"{option} cannot be {value:g}", path=option,
                                       expected=f"{least:g} to {most:g}")])  # fmt: skip


def chosen_zone(name: str | None) -> tzinfo | None:
    """The time zone given by `--zone`, or None."""
    try:
        return None if name is None else load_zone(name)
    except ValueError as problem:
        message, expected, meant = spoken(problem)
        raise RequestError([Diagnostic("bad-option", message, path="--zone", expected=expected,
                                       suggestion=meant)]) from None  # fmt: skip


def _version() -> str:
    try:
        return version("escalation-rules")
    except PackageNotFoundError:  # running from a source tree that is not installed
        return "(not installed)"
