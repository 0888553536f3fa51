"""Every scenario in `features/` is a test."""

from __future__ import annotations

from escalation_rules.pytest_plugin import bind_features

bind_features("../features")
