"""`escalation-rules init DIR`: creates a starter project with passing tests."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from escalation_rules import BUILTIN, Policy
from escalation_rules.cli.arguments.parser import Needed
from escalation_rules.cli.text import streams
from escalation_rules.errors import Diagnostic, RequestError

HELP = (
    "creates a project: rules on top of the built-in policy, features, checks for CI and a schema for editors"
)
FILES: Mapping[str, str] = {
    "README.md": "README.md",
    "pytest.ini": "pytest.ini",
    "rules/our-rules.yaml": "our-rules.yaml",
    "features/threat.feature": "threat.feature",
    "features/thanks.feature": "thanks.feature",
    "cases/first.yaml": "first.yaml",
    ".github/workflows/policy.yml": "policy.yml",
    ".vscode/settings.json": "settings.json",
}
"""The files of the project, and the package files that they are copied from."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `init`."""
    parser.add_argument("folder", metavar=Needed("DIR"), help="a folder that is empty or does not exist yet")


def run(options: argparse.Namespace) -> int:
    """Write the files, and print how to use them."""
    folder = Path(options.folder)
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise _refused(
                "bad-argument", f"{folder} is not empty", "a folder that is empty or does not exist yet"
            )
        for name, text in _texts():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        schemas = _schemas(folder / "rules")
        (folder / ".schema").mkdir()
        for name, text in schemas:
            (folder / ".schema" / name).write_text(text, encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        raise _refused("unwritable", f"{folder} cannot be written: {error}", "another folder") from None
    streams.write(f"{folder}: {len(FILES) + 2} files\nnext: cd {folder} && pytest\n")
    return 0


def _refused(code: str, message: str, expected: str) -> RequestError:
    return RequestError([Diagnostic(code, message, path="DIR", expected=expected)])


def _texts() -> Iterator[tuple[str, str]]:
    starter = files("escalation_rules.cli") / "starter"
    for name, source in FILES.items():
        yield name, (starter / source).read_text(encoding="utf-8")


def _schemas(rules: Path) -> Iterator[tuple[str, str]]:
    """The schemas of rules and cases, with the names of the policy and of the project's own rules."""
    from escalation_rules.tools.schema import case_schema, policy_schema, written

    vocabulary = Policy.load(BUILTIN, rules).vocabulary
    for name, schema in (("policy.json", policy_schema(vocabulary)), ("case.json", case_schema(vocabulary))):
        yield name, written(schema)
