"""What is wrong with files and folders themselves: sizes, numbers, places, permissions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from escalation_rules import Policy, RequestError
from escalation_rules.errors import Diagnostic, PolicyError
from escalation_rules.policy.reading import files as files_module
from escalation_rules.policy.reading import read_policy
from escalation_rules.source import MAX_CHARACTERS, MAX_NODES
from escalation_rules.tools.lint import lint

HEAD = "format: 1\n"
BASE = Path(__file__).with_name("base")
ROOT = Path(__file__).parents[2]


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


def bound_by_permissions(source: str, *arguments: str) -> str:
    """What a script prints whom permissions bind: of root, what may override them is taken away."""
    rights = "-dac_override,-dac_read_search"
    without = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"] if os.getuid() == 0 else []
    if without and subprocess.run([*without, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root cannot be bound by permissions here")
    run = subprocess.run(
        [*without, sys.executable, "-c", f"from escalation_rules import *\n{source}", *arguments],
        capture_output=True, text=True, timeout=60, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return run.stdout


@pytest.mark.skipif(
    not hasattr(os, "setuid") or (os.getuid() == 0 and shutil.which("setpriv") is None),
    reason="no permissions here",
)
@pytest.mark.parametrize(
    ("name", "mode"), [("secret", 0o000), ("secret", 0o444), ("secret/more.yaml", 0o000), (".", 0o444)]
)
def test_what_permissions_keep_from_us_is_an_error(name: str, mode: int) -> None:
    """A folder without the right to enter it shows its names, so that a file in it looks like none."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        write(folder / "rules.yaml", HEAD + "ruleset: ours\nrules:\n- {id: a, then: [{forbid: call}]}\n")
        (folder / "secret").mkdir()
        write(folder / "secret" / "more.yaml", HEAD)
        (folder / name).chmod(mode)
        script = "import sys\ntry: Policy.load(*sys.argv[1:])\nexcept PolicyError as e: print(*(d.code for d in e.diagnostics))"
        said = bound_by_permissions(script, str(BASE), str(folder))
        (folder / name).chmod(0o755)
    assert set(said.split()) == {"unreadable"}


@pytest.mark.parametrize("kind", ["dangling", "circle", "pipe"])
def test_what_has_the_name_of_a_policy_and_is_no_file_is_an_error(kind: str, tmp_path: Path) -> None:
    write(tmp_path / "rules.yaml", HEAD + "ruleset: ours\nrules:\n- {id: a, then: [{forbid: call}]}\n")
    match kind:
        case "dangling":
            (tmp_path / "more.yaml").symlink_to("absent.yaml")
        case "circle":
            (tmp_path / "more.yaml").symlink_to("more.yaml")
        case _:
            os.mkfifo(tmp_path / "more.yaml")
    assert problems(BASE, tmp_path) == ["more.yaml:1:1 unreadable"]


def test_names_in_capitals_are_read(tmp_path: Path) -> None:
    write(tmp_path / "b.YAML", HEAD + "ruleset: ours\nrules:\n- {id: in-capitals, then: [{forbid: call}]}\n")
    assert read_policy([BASE, tmp_path]).rule("in-capitals") is not None


def test_what_is_skipped_and_looks_meant_is_named(tmp_path: Path) -> None:
    write(tmp_path / "rules.yaml", HEAD + "ruleset: ours\nrules:\n- {id: a, then: [{forbid: call}]}\n")
    for name in ("old.yaml.bak", "rules.yaml~", ".hidden.yml"):
        write(tmp_path / name, HEAD)
    for name in (".pre-commit-config.yaml", "notes.txt", "data.yaml.gz"):
        write(tmp_path / name, "repos: []\n")
    write(tmp_path / "._a.yaml", HEAD)
    model = read_policy([BASE, tmp_path])
    found = lint(model)
    skipped = [_short(each) for each in found if each.code == "skipped-file"]
    assert skipped == [f"{name}:1:1 skipped-file" for name in (".hidden.yml", "old.yaml.bak", "rules.yaml~")]
    assert model.files == 3


def test_folders_too_deep_and_too_many_files_are_refused_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / "/".join("d" * 60)
    deep.mkdir(parents=True)
    write(deep / "rules.yaml", HEAD)
    assert problems(tmp_path) == [f"{tmp_path.name}:1:1 too-many-files"]
    monkeypatch.setattr(files_module, "MAX_ENTRIES", 30)
    assert problems(Path(BASE).parents[1]) == ["tests:1:1 too-many-files"]


def test_a_path_that_is_too_long() -> None:
    assert problems(Path("x" * 5000))[0].endswith(" unreadable")


def test_a_policy_of_which_a_part_is_missing_is_refused(tmp_path: Path) -> None:
    """A file that was cut at the end of a line may be a whole policy: only the digest can tell."""
    rules = [f"- {{id: r{number}, then: [{{forbid: call}}]}}\n" for number in range(3)]
    file = write(tmp_path / "rules.yaml", HEAD + "ruleset: ours\nrules:\n" + "".join(rules))
    whole = Policy.load(BASE, tmp_path)
    assert repr(whole).endswith(": 7 rules in 3 files>")
    assert Policy.load(BASE, tmp_path, expect_digest=whole.digest).digest == whole.digest
    write(file, HEAD + "ruleset: ours\nrules:\n" + "".join(rules[:2]))
    with pytest.raises(PolicyError, match="other-digest") as caught:
        Policy.load(BASE, tmp_path, expect_digest=whole.digest)
    assert "6 rules in 3 files" in str(caught.value)
    for bad in (5, b"x"):
        with pytest.raises(RequestError):
            Policy.load(expect_digest=bad)  # type: ignore[arg-type]


def test_what_is_only_suspicious_takes_nothing_out_of_the_policy(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(
        """\
format: 1
languages: [en]
vocabulary:
  phases: [calm]
  roles: [agent]
  actions:
    visit: {phase: calm, owner: agent}
ruleset: visits
rules:
  - id: go
    then:
      - recommend: visit
        say: Come to room #12
""",
        encoding="utf-8",
    )
    model = read_policy([tmp_path])
    assert [each.code for each in model.warnings] == ["comment-in-text"]
    assert [each.action for each in model.rules[0].recommends] == ["visit"]
