"""What `examples/README.md` says of help desks works, and the invented one is connected as it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from escalation_rules.integrations.helpdesks import Profile, case_from, profiles
from tests.integrations.helpdesks.tickets import policy

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
LANTERN = ROOT / "examples" / "helpdesks" / "lantern.yaml"
BLOCKS = [
    (found[1], "\n" * PAGE.count("\n", 0, found.start(2)) + found[2])  # a traceback points into the page
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
]


def test_python_blocks_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    for language, text in BLOCKS:
        if language == "python":
            exec(compile(text, "examples/README.md", "exec"), names)
    sent = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in sent] == [
        ["priority", "PATCH", "/requests/LN-4471"],
        ["due", "PATCH", "/requests/LN-4471"],
        ["note", "POST", "/requests/LN-4471/turns"],
    ]


def test_yaml_blocks_are_the_profile() -> None:
    whole = yaml.safe_load(LANTERN.read_text(encoding="utf-8"))
    shown: dict[str, Any] = {}
    for language, text in BLOCKS:
        if language == "yaml":
            shown |= yaml.safe_load(text)
    assert shown == {key: value for key, value in whole.items() if key not in {"label", "language"}}


def test_a_profile_without_what_comes_later_loads(tmp_path: Path) -> None:
    """Each step of the page can be tried by itself, as soon as there are messages."""
    file = tmp_path / "own.yaml"
    texts = [text for language, text in BLOCKS if language == "yaml"]
    payload = yaml.safe_load((LANTERN.parent / "lantern-ticket.json").read_text(encoding="utf-8"))
    for count in range(3, len(texts) + 1):
        file.write_text("".join(texts[:count]), encoding="utf-8")
        policy().case(case_from(payload, Profile.load(file, policy=policy())).case)


def test_the_systems_are_named() -> None:
    names = {Profile.load(each, policy=policy()).spec.label for each in profiles()}
    flat = " ".join(PAGE.split())
    assert not [each for each in names if each not in flat]


def test_nothing_of_the_invented_ticket_is_left_over() -> None:
    payload = yaml.safe_load((LANTERN.parent / "lantern-ticket.json").read_text(encoding="utf-8"))
    reading = case_from(payload, Profile.load(LANTERN, policy=policy()))
    assert reading.unmapped == ()
    assert reading.guessed == ()
