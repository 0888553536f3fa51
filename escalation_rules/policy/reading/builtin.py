"""Where the built-in policy lies on disk."""

from __future__ import annotations

from pathlib import Path

from escalation_rules.errors import Diagnostic, PolicyError

_PACKAGE = Path(__file__).resolve().parents[2]


def builtin_path() -> Path:
    """The folder of the built-in rulesets.

    A wheel carries them inside the package. A source checkout, which an editable install points to as well, has them
    at its top level beside `pyproject.toml`.
    """
    packaged = _PACKAGE / "rulesets"
    if packaged.is_dir():
        return packaged
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "rulesets").is_dir():
        return checkout / "rulesets"
    message = f"the built-in rulesets are missing: there is no folder {packaged}"
    raise PolicyError([Diagnostic("no-policy", message, expected="escalation-rules installed again")])
