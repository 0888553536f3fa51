"""Collects feature files without a Python file; each becomes a test module."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from escalation_rules.pytest_plugin.binding import bind


def feature_folders(config: pytest.Config) -> list[Path]:
    """The folders in the setting `escalation_rules_features`."""
    return [folder.resolve() for folder in config.getini("escalation_rules_features")]


class FeatureFile(pytest.Module):
    """A feature file as a test module, with one test for each scenario."""

    def _getobj(self) -> ModuleType:
        """The module that a test file would define."""
        module = ModuleType(self.path.stem)
        bind(module.__dict__, self.path.parent, [self.path.name])
        return module


def collect(file: Path, parent: pytest.Collector) -> FeatureFile | None:
    """The tests of a feature file in one of the configured folders; None for other files."""
    if file.suffix != ".feature":
        return None
    folders = feature_folders(parent.config)
    inside = any(folder == file or folder in file.parents for folder in folders)
    return FeatureFile.from_parent(parent, path=file) if inside else None
