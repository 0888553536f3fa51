"""What is wrong with files and folders themselves: sizes, numbers, places, permissions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from escalation_rules.errors import Diagnostic, PolicyError
from escalation_rules.policy.reading import read_policy
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


def config_map(folder: Path) -> Path:
    """A folder as Kubernetes mounts a ConfigMap that has one of its files in a folder."""
    real = folder / "..2026_11_28_09_00_00.123456789"
    (real / "more").mkdir(parents=True)
    write(real / "rules.yaml", HEAD + "ruleset: ours\nrules:\n- {id: a, then: [{forbid: call}]}\n")
    write(real / "more" / "others.yaml", HEAD + "ruleset: more\nrules:\n- {id: b, then: [{forbid: call}]}\n")
    (folder / "..data").symlink_to(real.name)
    (folder / "rules.yaml").symlink_to("..data/rules.yaml")
    (folder / "more").symlink_to("..data/more")
    return folder


@pytest.mark.parametrize("start", [".", "..data"])
def test_a_mounted_config_map_is_read_once(start: str, tmp_path: Path) -> None:
    folder = config_map(tmp_path) / start
    policy = read_policy([BASE, folder])
    ours = {rule.id: rule.position.file for rule in policy.rules if rule.id in {"a", "b"}}
    assert ours == {"a": str(folder / "rules.yaml"), "b": str(folder / "more" / "others.yaml")}


def test_what_begins_with_a_dot_is_left_out_unless_it_is_asked_for(tmp_path: Path) -> None:
    hidden = tmp_path / ".kept"
    hidden.mkdir()
    write(hidden / "rules.yaml", HEAD + "nonsense: 1\n")
    write(tmp_path / ".rules.yaml", HEAD + "nonsense: 1\n")
    assert problems(tmp_path) == [f"{tmp_path.name}:1:1 no-policy"]
    assert problems(hidden) == ["rules.yaml:2:1 unknown-key"]
    assert problems(tmp_path / ".rules.yaml") == [".rules.yaml:2:1 unknown-key"]


def test_a_file_that_links_lead_to_comes_once_under_its_own_folder(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    write(real / "rules.yaml", HEAD + "nonsense: 1\n")
    (tmp_path / "again").symlink_to(real)
    (real / "back").symlink_to(tmp_path)
    (real / "same.yaml").symlink_to("rules.yaml")
    (tmp_path / "nowhere.yaml").symlink_to("absent.yaml")
    with pytest.raises(PolicyError) as caught:
        read_policy([tmp_path])
    (found,) = caught.value.diagnostics
    assert found.position is not None
    assert found.position.file == str(real / "rules.yaml")


def test_a_folder_that_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "rules.yaml", HEAD + "ruleset: ours\nrules:\n- {id: a, then: [{forbid: call}]}\n")
    (tmp_path / "secret").mkdir()
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if Path(path).name == "secret":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert problems(BASE, tmp_path) == ["secret:1:1 unreadable"]


def test_a_flood_of_mistakes_is_cut_off_and_does_not_take_long(tmp_path: Path) -> None:
    rules = "".join(
        f"- {{id: r{n}, thn: [{{forbid: cal}}], wen: {{customer.vpi: yes}}}}\n" for n in range(15_000)
    )
    write(tmp_path / "flood.yaml", HEAD + "ruleset: flood\nrules:\n" + rules)
    with pytest.raises(PolicyError) as caught:
        read_policy([BASE, tmp_path])
    assert len(caught.value.diagnostics) == 1000
