"""What the tests that install something install: the releases that are installed where the tests run."""

from __future__ import annotations

from importlib.metadata import distributions

import pytest


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables for pip that hold it to these releases, also where it builds something."""
    installed = {each.name: each.version for each in distributions() if each.name != "escalation-rules"}
    file = tmp_path_factory.mktemp("releases") / "constraints.txt"
    lines = (f"{name}=={version}\n" for name, version in sorted(installed.items()))
    file.write_text("".join(lines), encoding="utf-8")
    return {"PIP_CONSTRAINT": str(file), "PIP_BUILD_CONSTRAINT": str(file)}
