"""Checks that the extra `signals` is installed, before other modules of the package are imported."""

from __future__ import annotations

from importlib.util import find_spec

_NEEDED = ("ahocorasick", "opencc", "price_parser")


def check_installed(needed: tuple[str, ...] = _NEEDED) -> None:
    """Raise `ImportError` with installation instructions if one of the packages is missing."""
    if missing := [module for module in needed if find_spec(module) is None]:
        raise ImportError(
            f"signals need {', '.join(missing)}, which cannot be imported; install escalation-rules[signals]",
            name=missing[0],
        )


check_installed()
