"""Decides by search or solver whether conditions can hold, and finds a case in which they do."""

from __future__ import annotations

from importlib.util import find_spec


def solver_available() -> bool:
    """Whether the solver is installed (extra `analysis`)."""
    return find_spec("z3") is not None
