"""Conditions as formulas: what they can be, and a case in which they are."""

from __future__ import annotations

from importlib.util import find_spec


def solver_available() -> bool:
    """Whether the solver is installed (extra `analysis`)."""
    return find_spec("z3") is not None
