"""Passes on the warnings that were collected while the policy's files were read."""

from __future__ import annotations

from escalation_rules.tools.lint.base import CheckUp, Found, Linted


def noted_while_reading(linted: Linted) -> Found:
    """The warnings of the file reader, about content that does not become part of the policy."""
    yield from linted.model.warnings


CHECKS = (
    CheckUp(
        ("skipped-file", "comment-in-text", "row-never-reached"),
        "a problem found while reading the files",
        noted_while_reading,
    ),
)
