"""Looking back, what a test, a rule or a record comes to is kept while what it looks at is the same: as if worked out anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import CaseError, Policy
from escalation_rules.engine import signature
from escalation_rules.engine.flips import RuleTimes
from escalation_rules.engine.known import KnownTimes
from escalation_rules.engine.signature import Signature, Signatures
from escalation_rules.policy.conditions import RecordView, Situation
from tests.bench.histories import history
from tests.core.policies import load, questions, random_policies


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Works everything out beside what is kept, and compares; how often it did so."""
    count = [0]
    of_case, of_records = Signatures.of_case, Signatures.of_records

    def worked_out(work: Callable[[], Any], situation: Situation) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(situation, "versions", None)
            patch.setattr(signature, "_empty", lambda *_: None)
            count[0] += 1
            return work()

    def case(self: Signatures, situation: Situation) -> Signature:
        found = of_case(self, situation)
        assert found == worked_out(lambda: of_case(self, situation), situation)
        return found

    def records(self: Signatures, situation: Situation, listed: Sequence[RecordView]) -> Sequence[Signature]:
        found, fresh = of_records(self, situation, listed), [_fresh(each) for each in listed]
        assert list(found) == worked_out(lambda: of_records(self, situation, fresh), situation)
        return found

    monkeypatch.setattr(Signatures, "of_case", case)
    monkeypatch.setattr(Signatures, "of_records", records)
    space = RuleTimes.flips.__globals__
    of_rule = space["_of_rule"]
    monkeypatch.setitem(space, "_of_rule", lambda *given: _compared(of_rule, *given))
    of_known = KnownTimes.of_rule
    monkeypatch.setattr(KnownTimes, "of_rule", lambda *given: _since(of_known, *given))
    return count


def _compared(of_rule: Any, timed: Any, outcome: Any, situation: Situation) -> tuple[Any, Any]:
    """The flips after now that are kept. The first that is worked out is none before it: at that one all is worked out anew."""
    versions = situation.versions
    kept, end = of_rule(timed, outcome, situation)
    found = sorted({each for each in kept if each > situation.at})
    situation.versions = None
    fresh = sorted({each for each in of_rule(timed, outcome, situation)[0] if each > situation.at})
    situation.versions = versions
    assert not fresh or found[0] <= fresh[0]
    assert not found or situation.at < end <= found[0]
    return tuple(found), end


def _since(of_known: Any, times: KnownTimes, rule: Any, records: Any, situation: Situation) -> Any:
    """Since when a rule has held, as it is kept."""
    found = of_known(times, rule, records, situation)
    versions, drawn, worked_out = situation.versions, times._concluded, situation._worked_out
    situation.versions, times._concluded, situation._worked_out = None, {}, {}
    assert of_known(times, rule, records, situation) == found
    situation.versions, times._concluded, situation._worked_out = versions, drawn, worked_out
    return found


def _fresh(record: RecordView) -> RecordView:
    return RecordView(record.list, record.id, record.values, record.given, record.known, record.open)


def test_random_histories(tmp_path: Path, checked: list[int]) -> None:
    for seed, folder in random_policies(tmp_path, "kept", 20):
        policy = Policy.load(folder, engine="plain")
        for case, when in questions(seed, 5):
            if "history" in case:
                try:
                    policy.audit(case, at=when + timedelta(days=20))
                except CaseError:
                    continue
    assert checked[0] > 1000


def test_the_built_in_policy(checked: list[int]) -> None:
    policy = Policy.load(engine="plain")
    data, end = history(policy.vocabulary, 30, open_ones=2)
    policy.audit(data, at=end)
    assert checked[0] > 1000


def test_since_when_a_rule_has_held_that_time_alone_makes_hold_again(tmp_path: Path) -> None:
    """It was said on the day before, and nothing that the rule looks at has changed since."""
    policy = load(
        tmp_path,
        "plain",
        """
        - {id: open, when: {during: working time}, then: [{conclude: v.a}]}
        - {id: greet, when: {x.a: true}, then: [{recommend: call, within: 20 minutes of learning v.a}]}
        """,
    )
    monday = datetime(2026, 3, 2, 1, tzinfo=UTC)  # nine o'clock in Taipei
    days = [monday + timedelta(days=number) for number in range(3)]
    facts = [
        (monday - timedelta(hours=1), {"x.a": True}),
        *((day + timedelta(hours=1), {"x.b": True}) for day in days),
    ]
    case = {"history": [{"at": at.isoformat(), "facts": each} for at, each in facts]}
    due = {each.at: each.plan[0].due for each in policy.follow(case, until=days[-1] + timedelta(hours=1))}
    assert [due[day + timedelta(hours=1)] for day in days] == [day + timedelta(minutes=20) for day in days]
    assert {at: policy.decide(case, at=at).plan[0].due for at in due} == due


class Emptying:
    """A value during whose fourth look-up another thread empties the memory."""

    def __init__(self, codes: dict[Any, int]) -> None:
        self.codes, self.looked_up = codes, 0

    def __hash__(self) -> int:
        self.looked_up += 1
        if self.looked_up == 4:
            self.codes.clear()
        return 1


def test_a_memory_that_another_thread_empties_still_answers() -> None:
    table = signature._Table("x.who", ())
    value: Any = Emptying(table.codes)
    nothing: Any = None  # no operator looks at the situation
    assert [table.code(value, nothing) for _ in range(3)] == [0, 0, 0]
