"""Policies with random damage either load or raise PolicyError with a place for every problem: never anything else.

Every run tries the same damage; `python tests/diagnostics/test_fuzz.py FROM TO` tries that of other seeds.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from escalation_rules.errors import Diagnostic, PolicyError
from escalation_rules.policy.reading import read_policy
from escalation_rules.policy.reading.builtin import builtin_path

BASE = Path(__file__).with_name("base")
SLOWEST = 20.0  # seconds for one load, on a busy machine

VALUES = (
    "", "null", "true", "no", "-1", "0", "1e400", ".inf", "13:30", "800.10", "9" * 60, "'", '"', "[]", "{}", "[[]]",
    "{a: b}", "[a, b]", "a: b", "&x y", "*x", "!!str x", "!x y", "|", ">", "%", "@", "`", "#", "- - -", "? x", "\t",
    "\x00", "\x07", "\u2028", "\ufeff", "客訴", "2 days", "every day", "2 working days in mars", "given", "not given",
    "customer.mood", "customer", "case", "this", "2026-03-01", "2026-03-01T10:00:00+08:00", "{TWD: 1}", "{amount}",
    "{", "}}", "all", "done", "x" * 3000,
)  # fmt: skip
KEYS = (
    "id", "when", "unless", "then", "for_each", "some", "every", "none", "count", "sum", "latest", "where", "has", "of",
    "within", "at_least", "equals", "all", "any", "not", "done", "not_done", "nothing_done_for", "recommend", "forbid",
    "hold", "until", "conclude", "first_that_applies", "otherwise", "by", "about", "except", "overrides", "escalates", "replaces",
    "because", "type", "values", "to", "each", "fields", "label", "en", "presume", "concluded", "failure", "params",
    "anchor", "phase", "counts", "outcomes", "before", "combine", "format", "rules", "vocabulary", "extend", "disable",
)  # fmt: skip

Lines = list[str]
Damage = Callable[[random.Random, Lines, int], None]


def _delete(_: random.Random, lines: Lines, at: int) -> None:
    del lines[at]


def _repeat(_: random.Random, lines: Lines, at: int) -> None:
    lines.insert(at, lines[at])


def _move(dice: random.Random, lines: Lines, at: int) -> None:
    lines.insert(dice.randrange(len(lines)), lines.pop(at))


def _indent(dice: random.Random, lines: Lines, at: int) -> None:
    lines[at] = dice.choice(("  ", " ", "\t", "    ")) + lines[at]


def _outdent(_: random.Random, lines: Lines, at: int) -> None:
    lines[at] = lines[at].removeprefix("  ")


def _value(dice: random.Random, lines: Lines, at: int) -> None:
    lines[at] = re.sub(r"(: |- )\S.*$", lambda found: found[1] + dice.choice(VALUES), lines[at])


def _word(dice: random.Random, lines: Lines, at: int) -> None:
    words = list(re.finditer(r"[\w.-]+", lines[at]))
    if words:
        found = dice.choice(words)
        lines[at] = lines[at][: found.start()] + dice.choice(VALUES) + lines[at][found.end() :]


def _key(dice: random.Random, lines: Lines, at: int) -> None:
    lines[at] = re.sub(r"^(\s*(?:- )?)[\w.-]+:", lambda found: f"{found[1]}{dice.choice(KEYS)}:", lines[at])


def _letter(dice: random.Random, lines: Lines, at: int) -> None:
    if lines[at]:
        place = dice.randrange(len(lines[at]))
        lines[at] = (
            lines[at][:place] + dice.choice(("", "x", " ", ":", "_", "-", "'")) + lines[at][place + 1 :]
        )


def _cut(_: random.Random, lines: Lines, at: int) -> None:
    del lines[at:]


def _other_line(dice: random.Random, lines: Lines, at: int) -> None:
    other = dice.choice(lines)
    space = len(lines[at]) - len(lines[at].lstrip())
    lines[at] = " " * space + other.lstrip()


DAMAGES: tuple[Damage, ...] = (
    _delete, _repeat, _move, _indent, _outdent, _value, _value, _word, _word, _key, _key, _letter, _cut, _other_line
)  # fmt: skip


def damaged(policy: Path, seed: int, into: Path) -> None:
    """Copy a policy with the damage that the seed stands for: one to four times, mostly in one file."""
    dice = random.Random(seed)
    shutil.copytree(policy, into)
    files = sorted(into.rglob("*.yaml"))
    for _ in range(dice.choice((1, 1, 2, 4))):
        file = dice.choice(files)
        lines = file.read_text(encoding="utf-8").split("\n")
        dice.choice(DAMAGES)(dice, lines, dice.randrange(len(lines)))
        file.write_text("\n".join(lines) or "\n", encoding="utf-8")


def check(policy: Path, seed: int, work: Path) -> str:
    """Load what the seed makes of the policy; says what came of it."""
    into = work / str(seed)
    damaged(policy, seed, into)
    start = time.monotonic()
    found: tuple[Diagnostic, ...] | None = None
    try:
        read_policy([into])
    except PolicyError as error:
        found = error.diagnostics
    assert time.monotonic() - start < SLOWEST
    assert found is None or found
    for each in found or ():
        assert each.position is not None, each
        assert each.position.line >= 1, each
        assert each.position.column >= 1, each
        assert len(str(each)) < 2000, each
    shutil.rmtree(into)
    return found[0].code if found else "loads"


@pytest.mark.parametrize("block", range(4))
def test_damage_to_a_small_policy(block: int, tmp_path: Path) -> None:
    said = {check(BASE, seed, tmp_path) for seed in range(100 * block, 100 * (block + 1))}
    assert len(said) > 10


def test_damage_to_the_real_policy(tmp_path: Path) -> None:
    assert len({check(builtin_path(), seed, tmp_path) for seed in range(15)}) > 3


def main() -> None:
    """Try the seeds that the command line names, on both policies."""
    first, last = int(sys.argv[1]), int(sys.argv[2])
    for policy in (BASE, builtin_path()):
        for seed in range(first, last):
            with (
                tempfile.TemporaryDirectory() as work
            ):  # the seed is the last name of the paths in a traceback
                check(policy, seed, Path(work))


if __name__ == "__main__":
    main()
