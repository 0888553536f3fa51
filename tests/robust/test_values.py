"""What the library hands out: frozen all through, hashable, copied and pickled as it is, in languages that exist."""

from __future__ import annotations

import copy
import json
import pickle
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml

import escalation_rules
from escalation_rules import BUILTIN, CaseError, Money, Policy, RequestError, Text
from escalation_rules.texts import LANGUAGES, language_of
from tests.core.policies import NOW, Make, questions, random_policies
from tests.robust.hostile import FORGED
from tests.robust.test_entry_points import CASE, Samples
from tests.robust.test_entry_points import NOW as LATER

ROOT = Path(__file__).parents[2]
NOTHING = "- {id: r, when: {x.a: true}, then: [{recommend: gift}]}"


@pytest.fixture(scope="module")
def samples() -> Samples:
    return Samples()


# --- frozen, hashable, copied -----------------------------------------------------------------------------------------


def test_nothing_of_a_decision_can_be_changed(samples: Samples) -> None:
    step = next(each for each in samples.decision.plan if each.params)
    params: Any = step.params
    name = next(iter(params))
    attempts: list[Callable[[], Any]] = [
        lambda: params.update(x=1), lambda: params.__setitem__(name, 1), lambda: params.pop(name), params.clear,
        lambda: params.setdefault("x", 1), lambda: params.__ior__({"x": 1}), lambda: params.__delitem__(name), params.popitem,
    ]  # fmt: skip
    before = dict(params)
    for attempt in attempts:
        with pytest.raises(TypeError, match="cannot be changed"):
            attempt()
    assert step.params == before
    assert json.dumps({key: str(value) for key, value in step.params.items()})
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        step.action = "x"  # type: ignore[misc]


def test_every_part_is_hashable_also_where_conditions_are_data(samples: Samples, make: Make) -> None:
    for name in ("Decision", "Audit", "Changes", "Explanation", "Verdict", "Verification", "Text"):
        one = samples.objects[name]
        assert hash(one) == hash(copy.deepcopy(one)), name
    held = make(
        "- {id: r, then: [{recommend: gift}, {hold: gift, until: {any: [{done: ask}, {x.a: true}]}}]}"
    )
    decision = held.decide({"facts": {"x.a": False}}, at=NOW)
    assert decision.held
    assert hash(decision) == hash(pickle.loads(pickle.dumps(decision)))
    until: Any = decision.held[0].until
    with pytest.raises(TypeError):
        until[0]["any"].append(1)


@pytest.mark.parametrize("how", ["pickle", "copy", "deepcopy"])
def test_whatever_is_public_can_be_copied_and_pickled(samples: Samples, how: str) -> None:
    ways: dict[str, Callable[[Any], Any]] = {
        "pickle": lambda one: pickle.loads(pickle.dumps(one)), "copy": copy.copy, "deepcopy": copy.deepcopy
    }  # fmt: skip
    for name, one in samples.objects.items():
        again = ways[how](one)
        if name not in {"Policy", "PolicyStore"}:
            assert again == one, name
    for one in (BUILTIN, Money(Decimal(5), "TWD"), *samples.decision.plan, *samples.decision.forbidden):
        assert ways[how](one) == one
    error = ways[how](CaseError(()))
    assert error.diagnostics == ()
    assert ways[how](samples.objects["PolicyStore"]).policy.digest == samples.policy.digest
    policy = ways[how](samples.policy)
    assert policy.digest == samples.policy.digest
    assert policy.decide(samples.case, at=LATER).to_dict() == samples.decision.to_dict()


def test_amounts_of_two_currencies_are_not_compared() -> None:
    small, large = Money(Decimal(5), "TWD"), Money(Decimal(7), "TWD")
    assert small < large > small
    assert small <= large >= small
    assert max(small, large) is large
    for compare in ("__lt__", "__le__", "__gt__", "__ge__"):
        with pytest.raises(CaseError, match="5 TWD and 7 USD cannot be compared"):
            getattr(small, compare)(Money(Decimal(7), "USD"))
        assert getattr(small, compare)(7) is NotImplemented
    assert small != Money(Decimal(5), "USD")


def test_the_version_is_that_of_the_package() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert escalation_rules.__version__ == project["version"]


# --- languages --------------------------------------------------------------------------------------------------------

TAGS = {
    "zh-TW": ["zh-TW", "zh_TW", "zh-tw", "zh-Hant", "zh_hant", "ZH-HANT-HK", "zh-HK", "zh-MO", "zh-Hant-CN"],
    "zh-CN": ["zh-CN", "zh", "zh_Hans", "zh-SG", "zh-MY", "zh-Hans-TW", "ZH"],
    "en": ["en", "en-GB", "en_US", "EN", "en-Latn-US"],
}


@pytest.mark.parametrize(("meant", "tag"), [(meant, tag) for meant, tags in TAGS.items() for tag in tags])
def test_a_language_tag_is_resolved_as_cldr_does(samples: Samples, meant: str, tag: str) -> None:
    text = Text.of({language: f"in {language}" for language in LANGUAGES})
    assert (language_of(tag), text.in_language(tag)) == (meant, f"in {meant}")
    assert samples.decision.to_dict(tag) == samples.decision.to_dict(meant)


@pytest.mark.parametrize(
    "tag", ["fr", "", "zh-Latn", "e", "english", "zh TW", "zh-TW;q=1", "x" * 10_000, FORGED]
)
def test_an_unknown_language_is_an_error_and_never_in_a_text(samples: Samples, tag: str, make: Make) -> None:
    with pytest.raises(RequestError, match="unknown-language"):
        Text.of({"en": "hello"}).in_language(tag)
    nothing_said = make(NOTHING).decide({}, at=NOW)
    for part in (nothing_said, make(NOTHING).audit({}, at=NOW), *samples.objects.values()):
        if hasattr(part, "to_dict") and type(part).__name__ not in {"Text", "Verification"}:
            with pytest.raises(RequestError, match="unknown-language"):
                part.to_dict(tag)


# --- integration ------------------------------------------------------------------------------------------------------


def test_a_case_of_another_policy_is_refused_and_one_kept_over_a_reload_is_not(
    samples: Samples, make: Make
) -> None:
    other = make(NOTHING)
    for call in (other.decide, other.audit, other.explain, lambda case, at: other.follow(case, until=at)):
        with pytest.raises(CaseError, match="other-vocabulary"):
            call(samples.case, at=LATER)
    with pytest.raises(CaseError, match="other-vocabulary"):
        other.check(samples.case, "gift", at=LATER)
    again = Policy.load(engine="plain")
    assert again.decide(samples.case, at=LATER).to_dict() == samples.decision.to_dict()
    stored = pickle.loads(pickle.dumps(samples.case))
    assert again.decide(stored, at=LATER).to_dict() == samples.decision.to_dict()


def overdue_but_not_found(policy: Policy, data: Any, at: datetime) -> set[tuple[str, str | None]]:
    """Steps that a decision calls overdue and an audit at the same instant does not name."""
    overdue = {(each.action, each.about) for each in policy.decide(data, at=at).plan if each.overdue}
    return overdue - {(each.action, each.about) for each in policy.audit(data, at=at)}


def test_what_a_decision_on_a_plain_case_calls_overdue_an_audit_finds(samples: Samples) -> None:
    cases = [
        CASE,
        *(yaml.safe_load(path.read_bytes()) for path in sorted((ROOT / "examples/cases").glob("*.yaml"))),
    ]
    for data in cases:
        for days in (1, 30):
            assert overdue_but_not_found(samples.policy, data, LATER + timedelta(days=days)) == set()
    found = samples.policy.audit(CASE, at=LATER + timedelta(days=30))
    assert {each.kind for each in found} >= {"omitted"}
    assert all(each.known_from <= each.at for each in found)


def test_an_audit_of_random_plain_cases_finds_it_too(tmp_path: Path) -> None:
    seen = 0
    for seed, folder in random_policies(tmp_path, "overdue", 6):
        policy = Policy.load(folder, engine="plain")
        for data, at in questions(seed, 6):
            if "history" not in data:
                seen += 1
                assert overdue_but_not_found(policy, data, at) == set(), (seed, data, at)
    assert seen


def test_the_same_act_recorded_twice_moves_no_step_id(make: Make) -> None:
    policy = make("- {id: r, when: {x.a: true}, then: [{recommend: call, again: every 2 days}]}")
    act = {"action": "call", "by": "clerk", "at": (NOW - timedelta(days=3)).isoformat()}
    ids = [
        [each.id for each in policy.decide({"id": "c", "facts": {"x.a": True}, "acts": acts}, at=NOW).plan]
        for acts in ([act], [act, act], [act, {**act, "id": "a"}, {**act, "id": "b"}])
    ]
    assert ids[0] == ids[1] == ids[2] == ["c/call//2"]


# --- texts ------------------------------------------------------------------------------------------------------------


def test_marks_upon_one_letter_are_bounded_and_soon_refused(samples: Samples) -> None:
    start = time.process_time()
    with pytest.raises(CaseError, match="too many marks"):
        samples.policy.case({"facts": {"case.subject": "e" + "\u0323\u0301" * 49_999}})
    fine = samples.policy.case({"facts": {"case.subject": "e\u0301" * 50_000}})
    assert fine.entries[0].facts["case.subject"] == "é" * 50_000
    samples.policy.case({"facts": {"case.subject": "a" + "\u0323" * 30}})
    assert time.process_time() - start < 2


def test_the_form_of_an_instant_that_django_prints_gets_a_hint(samples: Samples) -> None:
    with pytest.raises(CaseError, match="`2026-03-02T15:40:00\\+08:00`, with `T` instead of the space"):
        samples.policy.case({"facts": {"case.opened_at": "2026-03-02 15:40:00+08:00"}})


def test_more_problems_than_are_shown_are_mentioned(samples: Samples) -> None:
    with pytest.raises(CaseError) as caught:
        samples.policy.case({f"key{number}": 1 for number in range(3000)})
    assert len(caught.value.diagnostics) == 1000
    assert caught.value.diagnostics[-1].code == "too-many-problems"


def test_items_are_bounded_in_all(samples: Samples) -> None:
    """Each list within its own limit, and together far beyond what can be decided in time."""
    start = time.process_time()
    lists = samples.policy.vocabulary.records
    many = {name: [{"id": f"{name}{number}"} for number in range(10_000)] for name in lists}
    with pytest.raises(CaseError) as caught:
        samples.policy.case(many)
    assert [each.code for each in caught.value.diagnostics] == ["too-many"]
    assert "more than 30,000 items in all" in str(caught.value)
    assert time.process_time() - start < 5
    three = dict(list(many.items())[:3])
    assert samples.policy.case(three).entries


def test_a_wrong_name_in_a_request_has_its_path(samples: Samples) -> None:
    def paths(action: str, **more: Any) -> list[str | None]:
        with pytest.raises(RequestError) as caught:
            samples.policy.check(samples.case, action, at=LATER, **more)
        return [each.path for each in caught.value.diagnostics]

    assert paths("waive_chrage") == ["action"]
    assert paths("waive_charge", by="nobody") == ["by"]
    assert paths("waive_charge", about="nothing") == ["about"]
    assert paths("waive_charge", params={"amuont": 5}) == ["params.amuont"]
    assert paths("waive_charge", params={"amount": -5}) == ["params.amount"]


def test_a_case_that_another_thread_changes_is_an_error_of_ours(samples: Samples) -> None:
    class Growing(dict[str, Any]):
        def items(self) -> Any:
            for each in list(super().items()):
                self[f"x{len(self)}"] = 1
                yield each
                raise RuntimeError("dictionary changed size during iteration")

    with pytest.raises(CaseError, match="does not change meanwhile"):
        samples.policy.decide({"facts": Growing({"case.formal": True})}, at=LATER)


def test_what_a_signal_handler_raises_is_not_taken_for_bad_data(samples: Samples) -> None:
    class TimeLimit(Exception):
        pass

    class Slow(dict[str, Any]):
        def items(self) -> Any:
            raise TimeLimit

    with pytest.raises(TimeLimit):
        samples.policy.decide({"facts": Slow({"case.formal": True})}, at=LATER)
