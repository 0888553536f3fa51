"""What these tests share: a way to make small policies."""

from __future__ import annotations

from tests.core.conftest import engine, make

__all__ = ["engine", "make"]
