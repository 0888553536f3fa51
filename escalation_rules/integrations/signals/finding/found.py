"""A value found by its form, with its span in the folded text."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from escalation_rules.integrations.signals.folding import Span

T = TypeVar("T")


@attrs.frozen
class Found(Generic[T]):
    """A value and its span."""

    span: Span
    value: T
