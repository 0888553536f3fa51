"""What the loader accepts, the schema accepts: files as they are, with a part left out, and changed at random."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.schema.judges import (
    BASE,
    RULESETS,
    at,
    base,
    builtin,
    changed,
    dumped,
    places,
    plain,
    policy_problems,
    policy_validator,
    refusals,
    without,
)

FILES = {path.name: plain(path.read_text(encoding="utf-8")) for path in sorted(BASE.glob("*.yaml"))}
WORDS = [
    None, True, False, 0, 1, -1, 2.5, "", "given", "not given", "passed", "case", "this", "nonsense", "non.sense",
    "2 days", "2 working days", "2 working days in nowhere", "every 2 days", "{x}", "999999 weeks", "PT2H", [], {},
    "claim.amount", "claim.open", "amount", "open", "claims", "losses.amount", "made_by.trusts", "some", "2026-01-01",
    "2026-01-01T00:00:00Z", {"TWD": 3}, {"twd": 3}, [1, 2],
]  # fmt: skip


TEXTS = {name: dumped(content) for name, content in FILES.items()}


def loads(folder: Path, name: str, data: Any) -> bool:
    """Whether the loader accepts the base policy with one file changed; if so, the schema has to."""
    text = dumped(data)
    for other, kept in TEXTS.items():
        (folder / other).write_text(text if other == name else kept, encoding="utf-8")
    if policy_problems([folder]):
        return False
    assert refusals(policy_validator(base()), plain(text)) == []
    return True


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: path.name)
def test_every_file_of_the_built_in_policy(path: Path) -> None:
    assert refusals(policy_validator(builtin()), plain(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("name", FILES)
def test_the_base_policy_has_every_form(name: str, tmp_path: Path) -> None:
    assert loads(tmp_path, name, FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_whatever_may_be_left_out(name: str, tmp_path: Path) -> None:
    paths = list(places(FILES[name]))[::5]
    optional = [path for path in paths if loads(tmp_path, name, without(FILES[name], path))]
    assert len(optional) > 10


OPTIONAL = {
    "source", "principle", "unless", "because", "within", "applies_while", "label", "question", "ask", "say", "owner",
    "comes_from", "reversible", "priority", "presume", "absent", "stale_after", "replaces",
    "for_people",
}  # fmt: skip


def test_whatever_may_be_left_out_of_the_built_in_rules() -> None:
    """The loader accepts the file without any of these keys, wherever they stand; so does the schema."""
    validator = policy_validator(builtin())
    dropped = 0
    for path in RULESETS:
        data = plain(path.read_text(encoding="utf-8"))
        for place in [each for each in places(data) if each[-1] in OPTIONAL][::120]:
            assert refusals(validator, without(*in_one_rule(data, place))) == [], (path.name, place)
            dropped += 1
    assert dropped > 20


def in_one_rule(data: Any, place: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """A file with only one rule, the one that a place is in, and the place there: what a schema says of a rule depends on
    no other."""
    if not data.get("rules"):
        return data, place
    of_rule = place[0] == "rules"
    rule = data["rules"][place[1] if of_rule else 0]
    return {**data, "rules": [rule]}, ("rules", 0, *place[2:]) if of_rule else place


@pytest.mark.parametrize("seed", range(100))
def test_whatever_else_is_changed(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    name = dice.choice(sorted(FILES))
    loads(tmp_path, name, changed_at_random(dice, FILES[name]))


def changed_at_random(dice: random.Random, data: Any) -> Any:
    """The data with a value replaced, a key renamed or a part put somewhere else."""
    paths = list(places(data))
    path = dice.choice(paths)
    other = at(data, dice.choice(paths))
    way = dice.randrange(4)
    if way == 0:
        return changed(data, path, dice.choice(WORDS))
    if way == 1:
        return changed(data, path, other)
    if way == 2:
        return changed(data, path, [at(data, path)] * dice.choice([1, 2]))
    keys = [each for each in paths if isinstance(each[-1], str)]
    old, new = dice.choice(keys), dice.choice(keys)[-1]
    holder = at(data, old[:-1])
    renamed = {new if key == old[-1] else key: value for key, value in holder.items()}
    return changed(data, old[:-1], renamed) if old[:-1] else renamed
