"""Networks that match literals to units, implemented with durable-rules or in plain Python.

Callers use `build` and the returned `Network`; both engines give the same results.
"""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.engine.network.base import (
    MAX_LITERAL,
    MAX_PATH_LITERALS,
    MAX_PATHS,
    Mask,
    Network,
    NetworkError,
    checked,
)
from escalation_rules.engine.network.durable import DurableNetwork, durable_available
from escalation_rules.engine.network.plain import PlainNetwork

__all__ = [
    "MAX_LITERAL",
    "MAX_PATHS",
    "MAX_PATH_LITERALS",
    "Mask",
    "Network",
    "NetworkError",
    "build",
    "durable_available",
]


def build(units: Sequence[Sequence[tuple[int, ...]]], engine: str = "durable") -> Network:
    """Compile `units` into a network that finds which of them fire.

    A unit is a disjunction of paths and never fires if it has none; a path is a conjunction of literal ids
    (atom `i` is true: `2*i`, is false: `2*i + 1`) and always holds if empty. `engine` is `"durable"` or
    `"plain"`. Raises `NetworkError` for another engine, if durable-rules cannot be imported, for a literal
    out of range, or if a limit is exceeded.
    """
    if engine == "plain":
        return PlainNetwork(checked(units))
    if engine == "durable":
        return DurableNetwork(checked(units))
    raise NetworkError(f"unknown engine {engine!r}: it is either 'durable' or 'plain'")
