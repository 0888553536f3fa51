"""What the tests of the tools share."""

from __future__ import annotations

import pytest

from escalation_rules import Policy


@pytest.fixture(scope="session")
def built_in() -> Policy:
    """The built-in policy, loaded once."""
    return Policy.load(engine="plain")
