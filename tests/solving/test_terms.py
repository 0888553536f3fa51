"""What the solver is told of a policy is what the engine does: every rule comes out alike in every case that it finds."""

from __future__ import annotations

from datetime import UTC
from itertools import islice

import pytest
import z3

from escalation_rules import Policy
from escalation_rules.case import Case
from escalation_rules.solving.cases import Reading, readable
from escalation_rules.solving.kleene_terms import conj
from escalation_rules.solving.search import Search
from escalation_rules.solving.sizes import Bounds

EVERY = 9
"""One rule in so many is made to hold, be open, or not hold; all are compared then."""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load(engine="plain")


@pytest.fixture(scope="module")
def search(policy: Policy) -> Search:
    found = Search([policy.model], Bounds())
    for each in policy.model.rules:
        found.frame("TWD").encoders[0].anywhere(each)
    return found


@pytest.mark.parametrize("start", range(3))
def test_every_rule_comes_out_as_in_the_engine(policy: Policy, search: Search, start: int) -> None:
    frame, seen = search.frame("TWD"), 0
    for number, rule in enumerate(islice(policy.model.rules, start, None, EVERY)):
        truths = frame.encoders[0].anywhere(rule)
        form = (truths.yes, truths.no, z3.Not(z3.Or(truths.yes, truths.no)))[start]
        at = search.moments[number % len(search.moments)]
        model = frame.solve(conj(form), at)
        if not isinstance(model, z3.ModelRef):
            continue
        seen += 1
        data = readable(Reading(frame.symbols, model, at).case(), policy.vocabulary)
        case = Case.from_mapping(policy.vocabulary, data)
        _, outcome = policy._program.situation(case, at.astimezone(UTC))
        for each in policy.model.rules:
            for slot in frame.encoders[0].slots(each):
                said = frame.encoders[0].rule(each, slot)
                mine = _truth(model, said.yes, said.no)
                if slot is None:
                    assert outcome.truth(each.id, ()) is mine, (each.id, data, at)
                else:
                    record = f"{policy.vocabulary.records[slot.list].each}-{slot.place + 1}"
                    for instance in outcome.of(each.id):
                        assert instance.record_id != record or instance.truth is mine, (each.id, data, at)
    assert seen > 3


def _truth(model: z3.ModelRef, yes: z3.BoolRef, no: z3.BoolRef) -> bool | None:
    if z3.is_true(model.eval(yes, model_completion=True)):
        return True
    return False if z3.is_true(model.eval(no, model_completion=True)) else None
