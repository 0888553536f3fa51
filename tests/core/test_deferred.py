"""Parts of a decision are worked out when they are first read, and answers are remembered by signature: nobody sees it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import pytest

from escalation_rules import Decision, Policy, RequestError
from escalation_rules.engine import caches, signature
from escalation_rules.engine.decide import Assessment
from escalation_rules.engine.signature import Signatures
from tests.core.policies import NOW, Make, Plain, at, decide, plan, questions, random_policies

RULES = """\
- id: asks
  because: {en: a}
  when: {x.sort: plea, x.count: {at_least: 2}}
  then: [{recommend: measure}]
- id: holds
  because: {en: a}
  when: {x.a: true}
  then: [{hold: call, until: {done: ask}}]
- id: calls
  because: {en: a}
  then: [{recommend: call}]
- id: forbids
  because: {en: a}
  when: {x.b: true}
  then: [{forbid: gift}]
- id: concludes
  because: {en: a}
  when: {x.colour: {in: [red, green]}}
  then: [{conclude: v.a}]
""".replace("because: {en: a}", "because:\n    en: a\n    zh-TW: a\n    zh-CN: a")
CASE = {"id": "D-1", "facts": {"x.a": True, "x.b": True, "x.colour": "red"}}
PARTS = ("done", "forbidden", "held", "missing", "findings", "conclusions")


def unread(make: Make) -> Decision:
    return make(RULES).decide(CASE, at=NOW)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_the_same_whichever_is_read_first(make: Make, part: str) -> None:
    whole, alone = unread(make), unread(make)
    assert getattr(alone, part) == {name: getattr(whole, name) for name in PARTS}[part]
    assert getattr(alone, part) is getattr(alone, part)


def test_there_is_something_in_the_parts(make: Make) -> None:
    decision = unread(make)
    assert decision.forbidden
    assert decision.held
    assert decision.missing
    assert decision.conclusions


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one)), attrs.evolve,
     lambda one: Decision.from_dict(one.to_dict())],
)  # fmt: skip
def test_a_copy_of_what_nobody_has_read_is_whole(make: Make, copied: Callable[[Decision], Decision]) -> None:
    found = copied(unread(make))
    assert found == unread(make)
    assert found.to_dict() == unread(make).to_dict()
    assert repr(found) == repr(unread(make))


def test_what_differs_in_an_unread_part_only_is_not_the_same(make: Make) -> None:
    one, other = (
        make(RULES).decide({"id": "D-1"}, at=NOW),
        make(RULES).decide({"id": "D-1", "facts": {"x.b": True}}, at=NOW),
    )
    assert one.plan == other.plan
    assert one != other
    assert not one.same_as(other)
    assert one.same_as(make(RULES).decide({"id": "D-1"}, at=at(1)))


def test_only_what_is_read_is_worked_out(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: object) -> object:
        raise AssertionError("nobody asked for what is missing")

    monkeypatch.setattr(Assessment, "missing", property(never))
    decision = unread(make)
    assert decision.held
    assert decision.looking_again(lambda: None).explained_by(lambda _: None).forbidden  # type: ignore[arg-type, return-value]
    with pytest.raises(AssertionError, match="nobody asked"):
        _ = decision.missing


def test_nobody_looks_ahead_for_data_without_a_review(make: Make) -> None:
    """The other keys are the same; such data cannot be read back by mistake, as if there were nothing to look at again."""
    decision = make(RULES).decide(CASE, at=NOW)
    fresh = decision.looking_again(lambda: pytest.fail("looked ahead"))
    shown = fresh.to_dict(review=False)
    assert shown == {key: value for key, value in decision.to_dict().items() if key != "review_at"}
    with pytest.raises(RequestError, match="missing key"):
        Decision.from_dict(shown)


def test_a_name_that_is_no_part_is_an_error(make: Make) -> None:
    with pytest.raises(AttributeError, match="no attribute 'hold'"):
        _ = unread(make).hold  # type: ignore[attr-defined]


def test_threads_that_read_one_decision_agree(make: Make) -> None:
    decision, expected = unread(make), unread(make).to_dict()
    with ThreadPoolExecutor(8) as pool:
        assert all(each == expected for each in pool.map(lambda _: decision.to_dict(), range(32)))


# --- what is remembered -----------------------------------------------------------------------------------------------


def test_a_rule_without_a_test_tells_a_list_that_is_unknown_from_one_that_has_records(make: Make) -> None:
    """Seen failing: both had an empty signature."""
    policy = make(
        "- id: r\n  because:\n    en: a\n    zh-TW: a\n    zh-CN: a\n  for_each: claims\n  then: [{recommend: apologise}]\n"
    )
    assert plan(decide(policy)) == []
    assert plan(decide(policy, {"claims": [{"id": "c"}]})) == [("apologise", "c", ["r"])]
    assert plan(decide(policy)) == []


def test_what_was_forgotten_is_worked_out_anew(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    cases: list[Plain] = [
        {"id": "D", "facts": {"x.count": count, "x.a": flag, "x.colour": colour}}
        for count in range(6) for flag in (True, False) for colour in ("red", "blue")
    ]  # fmt: skip
    expected = [make(RULES).decide(each, at=NOW).to_dict() for each in cases]
    monkeypatch.setattr(caches, "MAX_KEPT", 2)
    monkeypatch.setattr(signature, "MAX_VALUES", 2)
    policy = make(RULES)
    for _ in range(2):
        assert [policy.decide(each, at=NOW).to_dict() for each in cases] == expected


def test_what_is_remembered_is_bounded(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "MAX_KEPT", 3)
    monkeypatch.setattr(signature, "MAX_VALUES", 4)
    policy = make(RULES)
    blocks = [each for stratum in policy._program._compiled.strata for each in stratum.blocks]
    tables = [table for each in blocks for table in each._signatures._case.tables]
    signatures, values = set(), set()
    for count in range(40):
        policy.decide({"facts": {"x.count": count, "x.a": count % 3 == 0, "x.b": count % 2 == 0}}, at=NOW)
        signatures |= {len(each._known) for each in blocks}
        values |= {len(each.codes) for each in tables}
    assert max(signatures) == 3
    assert max(values) == 4


# --- what is sorted out when a policy is loaded -----------------------------------------------------------------------


def test_what_is_not_timed_never_flips(tmp_path: Path) -> None:
    """Random policies: no test that is left out of the look ahead may name an instant; some do that are not left out."""
    found = 0
    for seed, folder in random_policies(tmp_path, "timed", 12):
        policy = Policy.load(folder, engine="plain")
        for case, when in questions(seed, 6):
            read = policy.case(case)
            situation, outcome = policy._program.situation(read, when)
            for rule in policy.model.rules:
                for instance in outcome.of(rule.id):
                    for condition in filter(None, (rule.when, rule.unless) if instance.listed else ()):
                        flips = list(condition.flips(situation, instance.records))
                        assert condition.timed or not flips
                        found += len(flips)
    assert found


TRUTHS = {True: 1, False: 2, None: 3}


def _two_bits(atom: int, truth: bool | None) -> int:
    """Two bits for each atom, which tell its truth."""
    return TRUTHS[truth] << 2 * atom


def test_a_value_is_looked_up_by_what_decides_a_test_alone(tmp_path: Path) -> None:
    """Random policies: the signature says of each atom what the atom itself says."""
    checked = 0
    for seed, folder in random_policies(tmp_path, "atoms", 12):
        policy = Policy.load(folder, engine="plain")
        blocks = [each for stratum in policy._program._compiled.strata for each in stratum.blocks]
        for case, when in questions(seed, 6):
            read = policy.case(case)
            situation, _ = policy._program.situation(read, when)
            for each in blocks:
                atoms, signatures = each.atoms, Signatures(each.atoms, each.scope, _two_bits)
                for record in situation.lists.get(each.scope or "") or (None,):
                    if record is None and each.scope is not None:
                        continue
                    records = () if record is None else (record,)
                    half = signatures.of_case(situation)
                    whole = half if record is None else half + signatures.of_records(situation, [record])[0]
                    said = signatures.said(whole)
                    for number, atom in enumerate(atoms):
                        assert said >> 2 * number & 3 == TRUTHS[atom.evaluate(situation, records)]
                    checked += len(atoms)
    assert checked
