"""Every step passes where it should, in three languages; the same scenario in each."""

from __future__ import annotations

from escalation_rules.pytest_plugin import bind_features

bind_features(".")
