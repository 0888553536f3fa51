"""SEMANTICS N: same policy, case and `at` → the same decision, byte for byte; and threads may share a policy."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy
from tests.core.policies import ENGINES, NOW, load, questions, random_policies

ROOT = Path(__file__).parents[2]
SCRIPT = """
import hashlib, json, sys
from pathlib import Path
from escalation_rules import Policy
from tests.core.policies import questions

digest = hashlib.sha256()
for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
    seed, folder = line.split(chr(9))
    policy = Policy.load(folder, engine=sys.argv[2])
    digest.update(policy.digest.encode())
    for number, (case, when) in enumerate(questions(seed, 4)):
        decision = policy.decide(case, at=when)
        data = decision.to_dict(review=number < 2)  # it may ask hundreds of times
        digest.update(json.dumps(data, ensure_ascii=False).encode())
        digest.update(json.dumps(decision.explain().to_dict(), ensure_ascii=False).encode())
        digest.update(json.dumps(policy.audit(case, at=when).to_dict(), ensure_ascii=False).encode())
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path]]:
    """Seeds of four random policies, each with its folder."""
    return random_policies(tmp_path_factory.mktemp("policies"), "determinism", 4)


def text(policy: Policy, case: Any, when: Any, *, review: bool = True) -> str:
    return json.dumps(policy.decide(case, at=when).to_dict(review=review), ensure_ascii=False)


def test_the_same_bytes_for_any_hash_seed_time_zone_language_and_engine(
    made: list[tuple[str, Path]], tmp_path: Path
) -> None:
    listed = tmp_path / "policies.txt"
    listed.write_text("\n".join(f"{seed}\t{folder}" for seed, folder in made), encoding="utf-8")
    answers = set()
    for number, engine in enumerate(ENGINES * 2):
        surroundings = {
            "PYTHONHASHSEED": str(number * 1000 + 1),
            "TZ": ("America/St_Johns", "Asia/Taipei", "UTC", "Pacific/Apia")[number],
            "LANG": ("C", "zh_TW.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8")[number],
            "LC_ALL": ("C", "zh_TW.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8")[number],
            "PYTHONUTF8": str(number % 2),
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ.get("PATH", ""),
        }
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(listed), engine],
            env=surroundings,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers.add(done.stdout)
    assert len(answers) == 1


def permuted(data: Any, dice: random.Random) -> Any:
    """The same data with keys in another order; that of records, acts and entries says something, and stays."""
    if isinstance(data, dict):
        keys = list(data)
        dice.shuffle(keys)
        return {key: permuted(data[key], dice) for key in keys}
    return [permuted(each, dice) for each in data] if isinstance(data, list) else data


def test_the_same_bytes_for_permuted_keys(engine: str, made: list[tuple[str, Path]]) -> None:
    """Less `review_at`, which asks hundreds of times: that is in what the oracle's tests stir."""
    for seed, folder in made:
        policy = Policy.load(folder, engine=engine)  # type: ignore[arg-type]
        for number, (case, when) in enumerate(questions(seed, 4)):
            expected = text(policy, case, when, review=False)
            for shuffle in range(2):
                other = permuted(case, random.Random(100 * number + shuffle))
                assert text(policy, other, when, review=False) == expected


def test_the_same_bytes_for_permuted_files_and_rules(engine: str, tmp_path: Path) -> None:
    rules = [
        f"- {{id: r{number}, when: {{x.{'abcd'[number % 4]}: {str(number % 3 > 0).lower()}}}, "
        f"then: [{{recommend: {action}}}]}}\n"
        for number, action in enumerate(("call", "ask", "secure", "gift", "call", "ask", "pay"))
    ]
    answers, digests = set(), set()
    for seed in range(6):
        random.Random(seed).shuffle(rules)
        policy = load(tmp_path / str(seed), engine, "".join(rules))
        digests.add(policy.digest)
        data = policy.decide(
            {"facts": {"x.a": True, "x.b": False}},
            at=NOW,
        ).to_dict()
        answers.add(json.dumps({**data, "policy": None}))
    assert len(answers) == 1


def test_both_engines_answer_alike(made: list[tuple[str, Path]]) -> None:
    """Less `review_at`: the test with the hash seeds compares that, too."""
    for seed, folder in made:
        policies = [Policy.load(folder, engine=engine) for engine in ENGINES]  # type: ignore[arg-type]
        for case, when in questions(seed, 4):
            assert len({text(policy, case, when, review=False) for policy in policies}) == 1


def test_eight_threads_may_decide_on_one_policy(engine: str, made: list[tuple[str, Path]]) -> None:
    """Only the first answers look ahead as well: that may take hundreds of decisions, and the threads are to do many things."""
    seed, folder = made[1]
    asked = questions(seed, 12)
    alone = Policy.load(folder, engine=engine)  # type: ignore[arg-type]
    expected = [text(alone, *each, review=number < 4) for number, each in enumerate(asked)]
    shared = Policy.load(folder, engine=engine)  # type: ignore[arg-type]

    def work(seed: int) -> list[tuple[int, str]]:
        order = list(range(len(asked)))
        random.Random(seed).shuffle(order)
        return [(number, text(shared, *asked[number], review=number < 4)) for number in order]

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(work, range(8)))
    finally:
        sys.setswitchinterval(before)
    assert all(answer == expected[number] for answers in found for number, answer in answers)
