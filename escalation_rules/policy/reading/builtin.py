"""Locates the built-in policy on disk."""

from __future__ import annotations

from pathlib import Path

from escalation_rules.errors import Diagnostic, PolicyError

_PACKAGE = Path(__file__).resolve().parents[2]


def builtin_path() -> Path:
    """The folder of the built-in rulesets.

    A wheel contains them inside the package. In a source checkout, also with an editable install, they are in
    its root folder, next to `pyproject.toml`.
    """
    packaged = _PACKAGE / "rulesets"
    if packaged.is_dir():
        return packaged
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "rulesets").is_dir():
        return checkout / "rulesets"
    message = f"the built-in rulesets are missing: there is no folder {packaged}"
    raise PolicyError([Diagnostic("no-policy", message, expected="escalation-rules installed again")])
