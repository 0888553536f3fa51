"""`escalation-rules lint DIR…`: lists errors of a policy, or warnings if it loads."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from escalation_rules.cli.arguments.parser import PROGRAM
from escalation_rules.cli.loading import load_policy
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.excerpt import excerpt
from escalation_rules.codes import CODES
from escalation_rules.errors import Diagnostic, PolicyError, Position, RequestError, unknown_name
from escalation_rules.policy.model import PolicyModel
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.policy.reading.files import BUILTIN_WORD

if TYPE_CHECKING:
    from escalation_rules.tools.analysis import Answer

HELP = "reports errors and warnings in a policy"
PROBLEMS = 1
LIST = "list"
"""The value of `--explain` that explains all codes."""
MOST_OF_A_KIND: Mapping[str, int] = {"warning": 5, "error": 20}
"""The maximum number of problems with the same code that are shown individually, by severity."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `lint`."""
    parser.add_argument("layers", metavar="DIR", nargs="*",
                        help="folders or files of rules, each a layer on top of the previous ones; `builtin` is the "
                        "built-in policy, which is the default and is not checked below other layers")  # fmt: skip
    parser.add_argument("--format", choices=tuple(FORMATS), default="text",
                        help="text with source lines (default), one JSON object, or annotations for GitHub")  # fmt: skip
    parser.add_argument("--fail-on", choices=("error", "warning"), default="warning",
                        help="what makes the exit code 1: only errors, or warnings, too (default)")  # fmt: skip
    parser.add_argument("--every", action="store_true",
                        help="show every problem; by default, repeated ones are only counted")  # fmt: skip
    parser.add_argument("--explain", metavar="CODE", nargs="?", const=LIST,
                        help="explain a code such as does-not-fit instead of reading a policy; without CODE, or with "
                        "`list`, explain all codes")  # fmt: skip
    parser.epilog = (
        "A warning that is as it should be is answered in the file .analysis.yaml of the layer. "
        "Exit code: 0 no problems, 1 errors or warnings (see --fail-on), 2 bad input."
    )


def run(options: argparse.Namespace) -> int:
    """Print all errors or, if the policy loads, all warnings; with `--explain`, the meaning of codes."""
    if options.explain is not None:
        if options.layers or options.format != "text":
            message = f"{PROGRAM} lint: --explain takes neither DIR nor --format"
            raise RequestError([Diagnostic("usage", message, expected=f"{PROGRAM} lint --explain CODE")])
        streams.write(explained(options.explain))
        return 0
    layers = list(options.layers) or [BUILTIN_WORD]
    report = checked(layers)
    shown = as_text(report, MOST_OF_A_KIND) if options.format == "text" and not options.every else None
    streams.write(shown or FORMATS[options.format](report))
    counted = [
        diagnostic
        for diagnostic in report.found
        if options.fail_on == "warning" or diagnostic.severity == "error"
    ]
    return PROBLEMS if counted else 0


@attrs.frozen
class Report:
    """The diagnostics of a policy, its number of rules and files, and its digest (None if it does not load)."""

    found: tuple[Diagnostic, ...]
    rules: int | None = None
    files: int | None = None
    digest: str | None = None


def checked(layers: Sequence[str]) -> Report:
    """Check the layers."""
    from escalation_rules.tools.analysis import read_answers
    from escalation_rules.tools.lint import lint

    try:
        policy = load_policy(list(layers))
        answers = [
            answer for answer in read_answers(policy.model, policy.layers).answers if answer.is_of_lint
        ]
    except PolicyError as error:
        return Report(error.diagnostics)
    model = policy.model
    found = unanswered(model, lint(model), answers)
    if BUILTIN_WORD in layers[:-1]:
        theirs = builtin_path()
        found = tuple(
            diagnostic
            for diagnostic in found
            if diagnostic.position is None or theirs not in Path(diagnostic.position.file).parents
        )
    return Report(found, len(model.rules), model.files, model.digest)


def unanswered(
    model: PolicyModel, found: Sequence[Diagnostic], answers: Sequence[Answer]
) -> tuple[Diagnostic, ...]:
    """The warnings that no answer covers, and the answers that cover none."""
    owners = sorted(_owners(model))
    about = [(diagnostic.code, _owner_at(owners, diagnostic)) for diagnostic in found]
    answered = {(answer.kind, owner) for answer in answers for owner in _named(answer)}
    left = [diagnostic for diagnostic, known in zip(found, about, strict=True) if known not in answered]
    stale = [
        Diagnostic("stale-answer", f"there is no {answer.kind} in {name} to be answered", answer.position)
        for answer in answers
        for is_rule, name in _named(answer)
        if answer.may_be_stale and (answer.kind, (is_rule, name)) not in about
    ]
    return (*left, *stale)


_Owner = tuple[bool, str]
"""Whether it is a rule, and its id or name."""


def _named(answer: Answer) -> Iterator[_Owner]:
    yield from ((True, rule) for rule in answer.rules)
    yield from ((False, name) for name in answer.names)


def _owners(model: PolicyModel) -> Iterator[tuple[Position, _Owner]]:
    """Where the rules and declarations begin."""
    from escalation_rules.tools.analysis import declared_names

    yield from ((rule.position, (True, rule.id)) for rule in model.rules)
    yield from ((place, (False, name)) for name, place in declared_names(model))


def _owner_at(owners: Sequence[tuple[Position, _Owner]], found: Diagnostic) -> _Owner | None:
    """The rule or the declaration in which a warning is; None if it is in none."""
    place = found.position
    if place is None or found.severity == "error":
        return None
    above = [owner for begin, owner in owners if begin.file == place.file
             and (begin <= place or (owner[0] and begin.line == place.line))]  # fmt: skip
    return above[-1] if above else None


def explained(word: str) -> str:
    """A code with its severity and meaning; all codes for `list`. Raises `RequestError` for an unknown code."""
    if word == LIST:
        return "".join(f"{code}\n" for _, code in sorted(CODES.items()))
    name = word.strip("[]")  # as printed at the end of diagnostics
    if name not in CODES:
        raise RequestError([unknown_name("unknown-code", f"unknown code {word!r}", name, CODES, path="--explain",
                                    expected=f"a code from `{PROGRAM} lint --explain {LIST}`")])  # fmt: skip
    return f"{CODES[name]}\n"


# --- text -------------------------------------------------------------------------------------------------------------


def as_text(report: Report, most: Mapping[str, int] | None = None) -> str:
    """Each diagnostic with its source line and a caret, then the total, and how much was read.

    Of problems with the same code, only the first `most` for their severity are shown; the others are counted.
    """
    lines: list[str] = []
    shown, rest = Counter[str](), Counter[str]()
    for diagnostic in report.found:
        shown[diagnostic.code] += 1
        if most is not None and shown[diagnostic.code] > most[diagnostic.severity]:
            rest[diagnostic.code] += 1
            continue
        lines += (streams.clean(str(diagnostic)), *excerpt(diagnostic))
    counted = (f"… and {number} more [{code}]; --every shows them" for code, number in sorted(rest.items()))
    return "".join(f"{line}\n" for line in (*lines, *counted, summary(report)))


def summary(report: Report) -> str:
    """The number of problems by severity, and how much was read, which reveals a missing file."""
    severities = [diagnostic.severity for diagnostic in report.found]
    said = [_number(count, word) for word in ("error", "warning") if (count := severities.count(word))]
    read = report.rules is not None and report.files is not None
    among = f" ({_number(report.rules or 0, 'rule')} in {_number(report.files or 0, 'file')})" if read else ""
    return (", ".join(said) or "no problems") + among


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count != 1 else ''}"


# --- for programs -----------------------------------------------------------------------------------------------------


def as_json(report: Report) -> str:
    """A JSON object with all diagnostics. Rules, files and digest are null if the policy does not load."""
    severities = [diagnostic.severity for diagnostic in report.found]
    counts = {f"{word}s": severities.count(word) for word in ("error", "warning")}
    read = {"rules": report.rules, "files": report.files, "digest": report.digest}
    data = {**counts, **read, "diagnostics": [diagnostic.to_dict() for diagnostic in report.found]}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def as_annotations(report: Report) -> str:
    """GitHub workflow commands, which show each diagnostic at its line."""
    return "".join(f"{_annotation(diagnostic)}\n" for diagnostic in report.found)


def _annotation(diagnostic: Diagnostic) -> str:
    parts = {"title": diagnostic.code}
    if diagnostic.position is not None:
        place = diagnostic.position
        parts = {
            "file": streams.relative(place.file),
            "line": str(place.line),
            "col": str(place.column),
            **parts,
        }
    said = diagnostic.message + (f"; expected {diagnostic.expected}" if diagnostic.expected else "")
    said += f"; did you mean {diagnostic.suggestion!r}?" if diagnostic.suggestion else ""
    properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in parts.items())
    return f"::{diagnostic.severity} {properties}::{_escaped(said)}"


def _escaped(text: str, also: str = "") -> str:
    signs = {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}
    return "".join(signs[character] if character in "%\r\n" + also else character for character in text)


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_annotations,
}
