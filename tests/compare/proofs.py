"""What a comparison says is the same, is the same in thousands of random cases. The long run:

    python -m tests.compare.proofs --pairs 500 --seed 1

Pairs are a random policy and a small change of it, as `mutate` makes them. Every subject about which the two decide otherwise in
a random case must be reported as a difference, or named as not compared.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from escalation_rules import Comparison, Policy, PolicyError
from escalation_rules.engine import Program
from escalation_rules.errors import EscalationRulesError
from escalation_rules.solving import search
from escalation_rules.solving.observing import ANYBODY, Observed, decisive
from escalation_rules.solving.subjects import Subject
from escalation_rules.tools.compare import compare
from escalation_rules.tools.compare.policies import Policies
from escalation_rules.tools.mutation import Mutant, mutants
from tests.oracle.dice import Dice, Seeded, pick, shuffled
from tests.oracle.generate import policy, question, write

Plain = Any
MOST_ACTS, MOST_RULES = 3, 3


@attrs.frozen
class Wrong:
    """A difference that the comparison does not report: the subject, and a case that shows it."""

    subject: Subject
    case: Plain
    at: datetime
    before: object
    after: object


def wrong_proofs(
    old: Program, new: Program, found: Comparison, cases: Iterator[tuple[Plain, datetime]]
) -> Iterator[Wrong]:
    """The differences between two policies in these cases that a comparison does not report."""
    asked = sorted(Policies.of(old, new).known)
    told = _told(found)
    silent = [
        each for each in asked if each.head == "recommend" or (each.head, each.action, each.to) not in told
    ]
    params_apart = {name: action.apart for name, action in old.model.vocabulary.actions.items()}
    for case, at in cases if silent else ():
        before, after = (Observed.of(each, case, at) for each in (old, new))
        if before is None or after is None:
            continue
        for subject in silent:
            for about in _abouts(subject, case):
                for params in ({}, *_stated(before, subject, about), *_stated(after, subject, about)):
                    one, other = (attrs.evolve(each, params=params) for each in (before, after))
                    said = _in_effect(one.says(subject, about)), _in_effect(other.says(subject, about))
                    if (
                        said[0] != said[1]
                        and not _is_told(found, subject, said, told_apart=bool(params_apart[subject.action]))
                        and not _follows(found, subject, said)
                    ):
                        yield Wrong(subject, case, at, *said)


def _in_effect(said: frozenset[Any]) -> frozenset[Any]:
    """What is said, without prohibitions to roles, and undecided ones, where the action is prohibited to everybody anyway."""
    if (ANYBODY, False) in said:
        return decisive(said)
    return (
        frozenset(each for each in said if each[0] == ANYBODY or each[-1] is False)
        if (ANYBODY, True) in said
        else said
    )


def _told(found: Comparison) -> set[tuple[str, str, str]]:
    """The subjects that are reported as different or as not compared."""
    differ = {(each.head, name, each.about or "") for each in found.effects for name in each.actions}
    return differ | {
        (each.head, name, each.about or "") for each in found.not_compared for name in each.actions
    }


def _is_told(
    found: Comparison, subject: Subject, said: tuple[frozenset[Any], frozenset[Any]], *, told_apart: bool
) -> bool:
    """Whether a difference of a step is told as what it is: that it is there or blocked in one policy only, or what it says,
    which may be told by the step being there because of other rules. Steps that are told apart by what they say are other
    steps if that differs: other acts complete them."""
    if subject.action in {each.action for each in found.following} and subject.head == "recommend":
        return True
    kind = _kind(said)
    for each in found.not_compared:
        if (each.head, each.about or "") == (subject.head, subject.to) and subject.action in each.actions:
            return True
    for change in found.effects:
        if (change.head, change.about or "") == (
            subject.head,
            subject.to,
        ) and subject.action in change.actions:
            of = (
                "blocked"
                if change.is_of_blocking or change.contradicting
                else "terms"
                if change.how == "otherwise"
                else "there"
            )
            if kind in {of, "any"} or (kind, of) == ("terms", "there") or (told_apart and kind == "there"):
                return True
    return False


def _kind(said: tuple[frozenset[Any], frozenset[Any]]) -> str:
    """What differs of a step; several steps of an action may differ in several ways."""
    if not said[0] or not said[1]:
        return "there"
    if any(len(each) > 1 for each in said):
        return "any"
    return "blocked" if ("step", "blocked") in said[0] | said[1] else "terms"


def _follows(found: Comparison, subject: Subject, said: tuple[frozenset[Any], frozenset[Any]]) -> bool:
    """Whether it is a difference of another subject that is reported: a prohibition is undecided for the whole case because
    it is not known which record it is about."""
    undecided = subject.head != "recommend" and all(each[-1] for each in said[0] ^ said[1])
    return undecided and any((head, name) == (subject.head, subject.action) for head, name, _ in _told(found))


def _abouts(subject: Subject, case: Plain) -> list[str | None]:
    return [each["id"] for each in case.get(subject.to) or ()] if subject.to else [None]


def _stated(seen: Observed, subject: Subject, about: str | None) -> Iterator[dict[str, Plain]]:
    """The parameters of the steps of the subject's action: what a prohibition may depend on."""
    for each in seen.steps(subject.action, about) if subject.head != "recommend" else ():
        params = getattr(each, "params", {})
        if params:
            yield {name: getattr(value, "amount", value) for name, value in params.items()}


def plain_cases(dice: Dice, made: dict[str, Plain], count: int) -> Iterator[tuple[Plain, datetime]]:
    """Cases of the size that is searched, as a comparison means them: no history, and nothing about when facts were learned."""
    for _ in range(count):
        case, at = question(dice, made)
        if "history" in case:
            continue
        case.pop("learned_at", None)
        case["acts"] = [each for each in case.get("acts", ()) if "id" not in each][:MOST_ACTS]
        yield _flat(case), at


def _flat(case: dict[str, Plain]) -> dict[str, Plain]:
    facts: dict[str, Plain] = {}
    for name, value in case.get("facts", {}).items():
        nested = (
            {f"{name}.{inner}": each for inner, each in value.items()}
            if isinstance(value, dict)
            else {name: value}
        )
        facts.update(nested)
    acts = [{"outcome": "done", **each} for each in case.get("acts", ())]
    return {**case, "facts": facts, "acts": acts}


def small(dice: Dice, made: dict[str, Plain]) -> dict[str, Plain]:
    """The policy with few rules, so that it is encoded quickly."""
    rules = [
        each for ruleset in made["rulesets"] if ruleset["ruleset"] == "effects" for each in ruleset["rules"]
    ]
    kept = {each["id"] for each in shuffled(dice, rules)[:MOST_RULES]}
    for rule in rules:
        for part in ("overrides", "escalates"):
            left = [each for each in rule.get(part, ()) if each in kept]
            rule.pop(part, None)
            if left:
                rule[part] = left
    kept = {each["id"] for each in rules if each["id"] in kept and ("then" in each or "overrides" in each)}
    for ruleset in made["rulesets"]:
        if ruleset["ruleset"] == "effects":
            ruleset["rules"] = [each for each in rules if each["id"] in kept]
    return {**made, "rulesets": [each for each in made["rulesets"] if each["rules"]]}


def pairs(seed: str, changes: int) -> Iterator[tuple[dict[str, Plain], Program, Program, Mutant]]:
    """A random policy, with some small changes of it."""
    dice = Seeded(seed)
    made = small(dice, policy(dice))
    with tempfile.TemporaryDirectory() as folder:
        try:
            model = Policy.load(write(made, Path(folder)), engine="plain").model
        except PolicyError:
            return
    old, found = Program(model, "plain"), mutants(model)
    for _ in range(changes if found else 0):
        mutant = pick(dice, found)
        try:
            yield made, old, Program(mutant.apply(model), "plain"), mutant
        except EscalationRulesError:
            continue


@contextmanager
def few_tries() -> Iterator[None]:
    """Give up the search for cases early: what is proven does not depend on it."""
    before = search.TRIES_IN_ALL, search.TRIES_MORE
    search.TRIES_IN_ALL, search.TRIES_MORE = 8, 1
    try:
        yield
    finally:
        search.TRIES_IN_ALL, search.TRIES_MORE = before


def main() -> int:
    """Run, print what was proven wrongly, and say by the exit code whether anything was."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    total, started, number = Counter[str](), time.monotonic(), 0
    while total["pairs"] < options.pairs:
        seed = f"{options.seed}/{number}"
        number += 1
        for made, old, new, mutant in pairs(seed, 3):
            total["pairs"] += 1
            with few_tries():
                found = compare(old, new)
            kind = "proven same" if found.equivalent else "proven" if found.proven else "not compared"
            total[kind] += 1
            total["differences"] += len(found.effects)
            total.update(f"open {each.part} {each.why}" for each in found.not_compared)
            for wrong in wrong_proofs(
                old, new, found, plain_cases(Seeded(f"{seed} cases"), made, options.cases)
            ):
                total["WRONG"] += 1
                print(
                    f"\n{seed} {mutant.number} {mutant.owner} {mutant.kind}: {mutant.before} -> {mutant.after}"
                )
                print(f"  {wrong.subject}\n  {wrong.before}\n  {wrong.after}\n  {wrong.case} {wrong.at}")
                print("  effects", [(e.how, e.head, e.actions, e.about) for e in found.effects], flush=True)
                break
        if number % 10 == 0:
            print(f"{dict(total)} in {time.monotonic() - started:.0f} s", flush=True)
    print(f"seed {options.seed}: {dict(total)} in {time.monotonic() - started:.0f} s")
    return 1 if total["WRONG"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
