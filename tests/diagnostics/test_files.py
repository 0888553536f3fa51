"""What is wrong with files and folders themselves: sizes, numbers, places, permissions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from escalation_rules.errors import Diagnostic, PolicyError
from escalation_rules.reading import read_policy
from escalation_rules.source import MAX_CHARACTERS, MAX_NODES

HEAD = "format: 1\n"
BASE = Path(__file__).with_name("base")


def problems(*layers: Path) -> list[str]:
    """The diagnostics of a policy that does not load: place, code and nothing else."""
    with pytest.raises(PolicyError) as caught:
        read_policy(layers)
    return [_short(each) for each in caught.value.diagnostics]


def _short(each: Diagnostic) -> str:
    assert each.position is not None
    return f"{Path(each.position.file).name}:{each.position.line}:{each.position.column} {each.code}"


def write(path: Path, text: str) -> Path:
    """Write a file of a policy."""
    path.write_text(text, encoding="utf-8")
    return path


def test_a_folder_without_files(tmp_path: Path) -> None:
    write(tmp_path / "notes.txt", HEAD)
    assert problems(tmp_path) == [f"{tmp_path.name}:1:1 no-policy"]


def test_a_path_that_does_not_exist_is_not_echoed_by_the_other_layers(tmp_path: Path) -> None:
    ours = write(tmp_path / "ours.yaml", HEAD + "ruleset: ours\nrules:\n- {id: a, then: [{forbid: call}]}\n")
    assert problems(tmp_path / "absent", ours) == ["absent:1:1 no-policy"]


def test_an_impossible_path() -> None:
    assert problems(Path("a\0b")) == ["a\0b:1:1 no-policy"]


def test_a_file_that_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "secret.yaml", HEAD)
    opened = Path.open

    def refuse(self: Path, *args: Any, **more: Any) -> Any:
        if self.name == "secret.yaml":
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **more)

    monkeypatch.setattr(Path, "open", refuse)
    assert problems(tmp_path) == ["secret.yaml:1:1 unreadable"]


def test_a_file_that_is_too_long(tmp_path: Path) -> None:
    write(tmp_path / "long.yaml", HEAD + "#" * MAX_CHARACTERS)
    assert problems(tmp_path) == ["long.yaml:1:1 file-too-large"]


def test_a_file_that_is_far_too_long_is_not_taken_for_one_of_another_encoding(tmp_path: Path) -> None:
    write(tmp_path / "long.yaml", "#" + "客" * (3 * MAX_CHARACTERS))
    assert problems(tmp_path) == ["long.yaml:1:1 file-too-large"]


def test_a_file_with_too_many_values(tmp_path: Path) -> None:
    write(tmp_path / "wide.yaml", HEAD + "name: [" + "1," * MAX_NODES + "]\n")
    assert [each.rpartition(" ")[2] for each in problems(tmp_path)] == ["file-too-large"]


def test_too_many_files(tmp_path: Path) -> None:
    for number in range(501):
        write(tmp_path / f"{number}.yaml", HEAD)
    assert problems(tmp_path) == [f"{tmp_path.name}:1:1 too-many-files"]


def test_a_layer_within_a_layer_is_one_mistake_and_not_hundreds(tmp_path: Path) -> None:
    assert problems(BASE, BASE / "rules.yaml") == ["rules.yaml:1:1 same-file"]
    (tmp_path / "link.yaml").symlink_to(BASE / "rules.yaml")
    assert problems(BASE, tmp_path) == [f"{tmp_path.name}:1:1 same-file"]


def test_a_flood_of_mistakes_is_cut_off_and_does_not_take_long(tmp_path: Path) -> None:
    rules = "".join(
        f"- {{id: r{n}, thn: [{{forbid: cal}}], wen: {{customer.vpi: yes}}}}\n" for n in range(15_000)
    )
    write(tmp_path / "flood.yaml", HEAD + "ruleset: flood\nrules:\n" + rules)
    with pytest.raises(PolicyError) as caught:
        read_policy([BASE, tmp_path])
    assert len(caught.value.diagnostics) == 1000
