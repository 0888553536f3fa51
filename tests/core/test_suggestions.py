"""A suggestion costs little, however many names there are, however long they are, and however many of them are wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from escalation_rules import CaseError, Policy, RequestError
from escalation_rules.suggestions import nearest

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MOST_LETTERS = 32 * 100
"""The letters that one name may be compared with."""
MOST_SUGGESTIONS = 101
"""The names for which the nearest is looked for while one case is read."""


CLOSE = difflib.get_close_matches


class Compared:
    """What was compared with what."""

    def __init__(self) -> None:
        self.letters: list[int] = []

    def __call__(self, name: str, candidates: Any, **more: Any) -> list[str]:
        listed = list(candidates)
        assert all(len(each) <= 100 for each in (name, *listed))
        self.letters.append(sum(map(len, listed)))
        return CLOSE(name, listed, **more)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Compared:
    counting = Compared()
    monkeypatch.setattr(difflib, "get_close_matches", counting)
    return counting


@pytest.fixture(scope="module")
def policy() -> Iterator[Policy]:
    loaded = Policy.load(engine="plain")
    yield loaded
    loaded.close()


def ids(count: int, length: int) -> list[str]:
    return [("ab" * length + f"{number:05d}")[-length:] for number in range(count)]


def test_of_many_names_few_are_compared(compared: Compared) -> None:
    names = [f"customer.need_{number}" for number in range(20_000)]
    assert nearest("customer.need_1234x", names) == "customer.need_1234"
    assert nearest("customer.needd_777", names[:900]) == "customer.need_777"
    assert all(letters <= MOST_LETTERS for letters in compared.letters)


def test_of_few_names_and_of_many_that_begin_alike_the_nearest_is_found() -> None:
    assert nearest("waive_chrage", ["waive_charge", "pay_loss"]) == "waive_charge"
    names = [f"fact_{number:05}" for number in range(10_000)]
    assert nearest("customer_ned", [*names, "customer_need"]) == "customer_need"


def test_a_long_name_is_compared_with_none(compared: Compared) -> None:
    assert nearest("a" * 101, ["a" * 100]) is None
    assert nearest("a" * 100, ["a" * 101, "b"]) is None
    assert sum(compared.letters) <= 1


@pytest.mark.parametrize("length", [8, 100, 200])
def test_a_request_about_an_unknown_record_of_very_many(
    policy: Policy, compared: Compared, length: int
) -> None:
    case = policy.case({"charges": [{"id": each} for each in ids(10_000, length)]})
    for name, value in (("about", "x"), ("about", "ab" * 45), ("by", "ab" * 45)):
        with pytest.raises(RequestError):
            policy.check(case, "waive_charge", at=NOW, **{name: value})  # type: ignore[arg-type]
    assert len(compared.letters) <= 3
    assert all(letters <= MOST_LETTERS for letters in compared.letters)


def wrong_names(count: int) -> dict[str, dict[str, Any]]:
    known, wrong = ids(count, 90), [each[::-1] for each in ids(count, 91)]
    act = {"action": "apologise", "by": "agent", "at": NOW}
    return {
        "references": {
            "claims": [{"id": each} for each in known],
            "evidence": [{"id": f"e{number}", "claim": each} for number, each in enumerate(wrong)],
        },
        "acts": {
            "claims": [{"id": each} for each in known],
            "acts": [{**act, "about": each} for each in wrong],
        },
        "parties": {
            "parties": [{"id": each} for each in known],
            "acts": [{**act, "by": each} for each in wrong],
        },
        "choices": {"parties": [{"id": each, "role": "agnet"} for each in known]},
        "outcomes": {"acts": [{**act, "outcome": each} for each in wrong]},
        "facts": {"facts": {f"customer.{each}": 1 for each in wrong}},
        "keys": {"parties": [{"id": each, each: 1} for each in known]},
        "actions": {"acts": [{**act, "action": each} for each in wrong]},
    }


@pytest.mark.parametrize("kind", sorted(wrong_names(0)))
def test_a_case_with_very_many_wrong_names(policy: Policy, compared: Compared, kind: str) -> None:
    with pytest.raises(CaseError) as caught:
        policy.case({"currency": "TWD", **wrong_names(1000)[kind]})
    assert len(caught.value.diagnostics) == 1000
    assert 0 < len(compared.letters) <= MOST_SUGGESTIONS
    assert all(letters <= MOST_LETTERS for letters in compared.letters)
