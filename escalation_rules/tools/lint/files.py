"""What reading the files of the policy found suspicious."""

from __future__ import annotations

from escalation_rules.tools.lint.base import CheckUp, Found, Linted


def noted_while_reading(linted: Linted) -> Found:
    """What the reader of files noted; only it sees what is not part of the policy."""
    yield from linted.model.warnings


CHECKS = (
    CheckUp(
        ("skipped-file", "comment-in-text", "row-never-reached"),
        "what only reading the files can see",
        noted_while_reading,
    ),
)
