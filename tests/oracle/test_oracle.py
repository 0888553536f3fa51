"""The library against the oracle, both engines. The long run is `python -m tests.oracle.run`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from escalation_rules import Decision, Policy
from escalation_rules.engine import durable_available
from escalation_rules.policy.reading.builtin import builtin_path
from tests.oracle.compare import differences
from tests.oracle.dice import Seeded, pick, shuffled
from tests.oracle.effects import everywhere
from tests.oracle.generate import pairs, plain_files, question, without_presence
from tests.oracle.make_cases import Known, value_in
from tests.oracle.make_worked_out import pairs_worked_out
from tests.oracle.run import engines, load, review_unlike, story, unlike
from tests.oracle.worlds import World, records, world_of

Plain = Any
Pair = tuple[dict[str, Plain], dict[str, Plain], datetime]
EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "200"))

many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # `story` shrinks faster
)
few = settings(many, max_examples=max(1, EXAMPLES // 10))


@given(pair=pairs())
@many
def test_decides_like_the_oracle(pair: Pair) -> None:
    made, case, at = pair
    different = unlike(made, engines(made), case, at)
    assert not different, story(made, case, at, different[0])


@given(pair=pairs_worked_out())
@few
def test_works_values_out_like_the_oracle(pair: Pair) -> None:
    made, case, at = pair
    different = unlike(made, [load(made)], case, at)
    assert not different, story(made, case, at, different[0])


@given(pair=pairs())
@few
def test_looks_again_exactly_when_something_changes(pair: Pair) -> None:
    """A long run (`tests.oracle.run`) tries all instants; some cases have thousands, each of which is a decision of its own."""
    made, case, at = pair
    assert not review_unlike(made, load(made), case, at, most=30), story(made, case, at, "review_at")


@pytest.mark.parametrize("seed", range(max(1, EXAMPLES // 15)))
def test_the_built_in_policy_decides_like_the_oracle(seed: int) -> None:
    made, loaded = builtin()
    dice = Seeded(f"built-in {seed}")
    case, at = question(dice, made)
    assert not differences(made, loaded, case, at)


@cache
def builtin() -> tuple[dict[str, Plain], Policy]:
    """The built-in policy, as plain data and as the library reads it.

    The examples beside its rules decide nothing: without them the oracle does not try the past at their instants.
    """
    return {name: without_examples(each) for name, each in plain_files(builtin_path()).items()}, Policy.load()


def without_examples(data: Plain) -> Plain:
    """Plain data less every `examples:`."""
    if isinstance(data, Mapping):
        return {key: without_examples(value) for key, value in data.items() if key != "examples"}
    return [without_examples(each) for each in data] if isinstance(data, list) else data


# --- what is learned adds, and takes nothing back ---------------------------------------------------------------------


@given(pair=pairs(without_presence))
@few
def test_what_becomes_known_changes_nothing_that_was_decided(pair: Pair) -> None:
    made, case, at = pair
    loaded = load(made)
    before, truths = loaded.decide(case, at=at), decided(world_of(made, case, at))
    for richer in learning(made, case, at):
        after = loaded.decide(richer, at=at)
        assert said(before) <= said(after)
        later = decided(world_of(made, richer, at))
        assert {key: later.get(key) for key in truths} == truths


def said(decision: Decision) -> set[tuple[Plain, ...]]:
    """Every conclusion that was reached, and every rule that holds and says so."""
    found: set[tuple[Plain, ...]] = {
        (each.fact, each.about, each.value)
        for each in (*decision.findings, *decision.conclusions)
        if each.value is not None
    }
    lines: tuple[Any, ...] = (*decision.plan, *decision.done, *decision.forbidden, *decision.held)
    for step in lines:
        found |= {
            (reason.rule, step.action, step.about)
            for reason in step.because
            if reason.effect == "recommend" and not reason.undecided
        }
    return found


def decided(world: World) -> dict[tuple[str, str | None], bool]:
    """The rules that are true or false, with their record."""
    return {
        (rule["id"], scope[0].record["id"] if scope else None): truth
        for rule, _, scope, truth in everywhere(world)
        if truth is not None and scope is not None
    }


def learning(made: dict[str, Plain], case: dict[str, Plain], at: datetime) -> Iterator[dict[str, Plain]]:
    """The case with one more thing known, then another."""
    dice = Seeded(json.dumps(case, sort_keys=True))
    if "history" in case:
        return
    world = world_of(made, case, at)
    case = {**case, "facts": world.case.get("facts", {})}
    ids = {name: [each["id"] for each in records(world, name) or []] for name in world.declared("records")}
    known = Known(ids, made["vocabulary"]["roles"], [at])
    for name, declared in made["vocabulary"]["facts"].items():
        if not declared.get("concluded") and name not in case["facts"] and "stale_after" not in declared:
            value = value_in(dice, declared, known)
            case = {**case, "facts": {**case["facts"], name: value}}
            yield case
    for listed, declared in made["vocabulary"]["records"].items():
        open_ones = [
            (each, field)
            for each in case.get(listed) or []
            for field in declared["fields"]
            # That a record takes the place of another withdraws the other: this takes something back.
            if field not in each and field != declared.get("takes_place_of")
        ]
        fields = [
            (each, field) for each, field in open_ones if not declared["fields"][field].get("concluded")
        ]
        if fields:
            chosen, field = pick(dice, fields)
            value = (
                pick(dice, known.roles)
                if field == "role"
                else value_in(dice, declared["fields"][field], known)
            )
            case = {
                **case,
                listed: [{**each, field: value} if each is chosen else each for each in case[listed]],
            }
            yield case


# --- the same question has the same answer, byte for byte -------------------------------------------------------------


@given(pair=pairs())
@few
def test_order_that_means_nothing_changes_nothing(pair: Pair) -> None:
    """For `review_at` on one engine: it may ask hundreds of times, and `tests/core/test_determinism.py` compares the engines."""
    made, case, at = pair
    dice = Seeded(json.dumps(case, sort_keys=True))
    loaded = load(made)
    assert answer(load(stirred_policy(dice, made)), stirred_case(dice, case), at) == answer(loaded, case, at)
    if durable_available():
        expected = answer(loaded, case, at, review=False)
        assert answer(load(made, "durable"), case, at, review=False) == expected


def answer(loaded: Policy, case: dict[str, Plain], at: datetime, *, review: bool = True) -> str:
    """The decision as text, without the digest, which is of what is written."""
    data = loaded.decide(case, at=at).to_dict(review=review)
    return json.dumps({**data, "policy": data["policy"]["name"]}, ensure_ascii=False)


def stirred_policy(dice: Seeded, made: dict[str, Plain]) -> dict[str, Plain]:
    """The policy with its declarations and rules in another order."""
    words = made["vocabulary"]
    mixed = {
        kind: stirred(dice, words[kind])
        for kind in ("facts", "records", "actions", "groups")
        if kind in words
    }
    rulesets = [{**each, "rules": shuffled(dice, each["rules"])} for each in made["rulesets"]]
    return {"vocabulary": stirred(dice, {**words, **mixed}), "rulesets": shuffled(dice, rulesets)}


def stirred_case(dice: Seeded, case: dict[str, Plain]) -> dict[str, Plain]:
    """The case with its keys in another order; entries, records and acts stay, for equal instants keep theirs."""
    if "history" in case:
        return stirred(dice, {**case, "history": [stirred_case(dice, each) for each in case["history"]]})
    lists = {name: [stirred(dice, each) for each in rows] for name, rows in case.items()
             if isinstance(rows, list) and name != "acts"}  # fmt: skip
    return stirred(dice, {**case, **lists, "facts": stirred(dice, case.get("facts", {}))})


def stirred(dice: Seeded, data: dict[str, Plain]) -> dict[str, Plain]:
    """The same mapping in another order."""
    return {key: data[key] for key in shuffled(dice, list(data))}
