"""Issue 4, `audit` and `follow`: a history replayed, each act judged by what was known just before it."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from escalation_rules import CaseError, Policy, PolicyError
from escalation_rules.engine import Program
from tests.core.policies import MICRO, Make, act, at, fired, iso

RULES = """
- {id: calls, when: {x.a: true}, then: [{recommend: call, within: 2 hours of x.when}]}
- {id: bans, when: {x.b: true}, then: [{forbid: ask}]}
- {id: maybe, when: {x.c: true}, then: [{forbid: press}]}
- {id: holds, when: {x.b: true}, then: [{hold: gift, until: {done: secure}}]}
- {id: fails, when: {x.d: true}, then: [{conclude: v.failed}]}
- {id: breaks, for_each: claims, when: {open: true}, then: [{conclude: broken}, {forbid: apologise}]}
"""


@pytest.fixture
def policy(make: Make) -> Policy:
    return make(RULES)


def entry(hours: float, *acts: Any, **what: Any) -> dict[str, Any]:
    facts = {name.replace("__", "."): value for name, value in what.items() if "__" in name}
    done = [each if isinstance(each, dict) else {"action": each, "by": "clerk"} for each in acts]
    return {
        "at": iso(hours),
        "facts": facts,
        "acts": done,
        **{name: value for name, value in what.items() if "__" not in name},
    }


def found(policy: Policy, *entries: dict[str, Any], end: float = 100, **more: Any) -> Any:
    return policy.audit({"id": "T", "history": list(entries)}, at=at(end), **more)


def lines(breaches: Any) -> list[tuple[str, str | None, str | None, float, float, tuple[str, ...]]]:
    """(kind, action or failure, record, hours, known from, rules)."""

    def hours(moment: Any) -> float:
        return float((moment - at()).total_seconds() / 3600)

    return [
        (each.kind, each.action or each.fact, each.about, hours(each.at), hours(each.known_from), each.rules)
        for each in breaches
    ]


def test_an_act_that_was_forbidden_when_done_is_a_breach_known_from_the_start_of_the_prohibition(
    policy: Policy,
) -> None:
    audit = found(
        policy,
        entry(0, x__b=False),
        entry(1, "ask", x__c=False),
        entry(2, x__b=True),
        entry(3, x__a=False),
        entry(5, "ask"),
    )
    assert lines(audit) == [("forbidden", "ask", None, 5, 2, ("bans",))]
    assert (audit.breaches[0].by, audit.unverified) == ("clerk", ())


def test_facts_of_an_entry_come_before_its_acts(policy: Policy) -> None:
    assert lines(found(policy, entry(1, "ask", x__b=True))) == [("forbidden", "ask", None, 1, 1, ("bans",))]


def test_what_the_file_says_later_was_not_known_before_though_it_has_the_same_instant(policy: Policy) -> None:
    assert lines(found(policy, entry(0, x__b=False), entry(1, "ask"), entry(1, x__b=True))) == []
    assert lines(found(policy, entry(0, x__b=False), entry(1, x__b=True), entry(1, "ask"))) == [
        ("forbidden", "ask", None, 1, 1, ("bans",))
    ]


def test_an_act_is_judged_by_what_was_known_when_it_was_done_not_when_it_was_written_down(
    policy: Policy,
) -> None:
    late = {"action": "ask", "by": "clerk", "at": iso(1)}
    audit = found(policy, entry(0, x__b=False), entry(2, x__b=True), entry(3, late))
    assert lines(audit) == []


def test_an_act_that_was_held_when_done_is_premature(policy: Policy) -> None:
    audit = found(policy, entry(0, x__b=True), entry(1, "gift"), entry(2, "secure"), entry(3, "gift"))
    assert lines(audit) == [("premature", "gift", None, 1, 0, ("holds",))]


def test_an_act_held_only_for_an_unknown_fact_is_unverified_and_no_breach(policy: Policy) -> None:
    audit = found(policy, entry(0, x__a=False), entry(1, "press"), entry(2, x__c=True))
    assert lines(audit) == []
    assert lines(audit.unverified) == [("unverified", "press", None, 1, 1, ("maybe",))]
    assert len(audit) == 0


def test_a_step_that_was_never_done_is_omitted_from_the_instant_at_which_it_was_overdue(
    policy: Policy,
) -> None:
    audit = found(policy, entry(0, x__when=iso(0)), entry(1, x__a=True), entry(50))
    assert lines(audit) == [("omitted", "call", None, 2, 1, ("calls",))]
    assert (audit.breaches[0].by, audit.breaches[0].done_at, audit.breaches[0].step) == (
        "clerk",
        None,
        "T/call//1",
    )


def test_a_step_that_was_done_late_is_one_breach(policy: Policy) -> None:
    audit = found(policy, entry(0, x__when=iso(0), x__a=True), entry(5, "call"))
    assert lines(audit) == [("late", "call", None, 2, 0, ("calls",))]
    assert audit.breaches[0].done_at == at(5)


@pytest.mark.parametrize(("hours", "breaches"), [(1.9, 0), (2, 0), (2.001, 1)])
def test_a_step_done_in_time_is_no_breach(policy: Policy, hours: float, breaches: int) -> None:
    assert len(found(policy, entry(0, x__when=iso(0), x__a=True), entry(hours, "call"))) == breaches


def test_a_step_that_is_overdue_after_the_last_entry_is_found(policy: Policy) -> None:
    history = [entry(0, x__when=iso(0), x__a=True)]
    assert lines(found(policy, *history, end=1.999)) == []
    assert lines(found(policy, *history, end=2)) == [("omitted", "call", None, 2, 0, ("calls",))]
    assert lines(found(policy, *history, end=24 * 3000)) == [("omitted", "call", None, 2, 0, ("calls",))]


def test_a_step_that_comes_due_after_more_than_a_year_of_silence_is_found(make: Make) -> None:
    policy = make("- {id: calls, when: {x.a: true}, then: [{recommend: call, within: 400 days of x.when}]}\n")
    audit = found(policy, entry(0, x__when=iso(0), x__a=True), end=24 * 500)
    assert lines(audit) == [("omitted", "call", None, 400 * 24, 0, ("calls",))]


def test_each_occurrence_of_a_step_is_judged_by_itself(policy: Policy) -> None:
    audit = found(
        policy, entry(0, x__when=iso(0), x__a=True), entry(5, "call"), entry(10, x__when=iso(10)), entry(20)
    )
    assert lines(audit) == [
        ("late", "call", None, 2, 0, ("calls",)),
        ("omitted", "call", None, 12, 10, ("calls",)),
    ]
    assert [each.step for each in audit] == ["T/call//1", "T/call//2"]


def test_a_failure_is_reported_from_when_it_became_true(policy: Policy) -> None:
    audit = found(
        policy,
        entry(0, x__d=False),
        entry(2, x__d=True),
        entry(3, x__a=False),
        entry(4, x__d=False),
        entry(6, x__d=True),
    )
    assert lines(audit) == [
        ("failure", "v.failed", None, 2, 2, ("fails",)),
        ("failure", "v.failed", None, 6, 6, ("fails",)),
    ]
    assert audit.breaches[0].action is None


def test_a_failure_of_time_is_reported_to_the_microsecond(make: Make) -> None:
    policy = make("- {id: silent, when: {nothing_done_for: 14 days}, then: [{conclude: v.failed}]}\n")
    audit = found(policy, entry(0, case__opened_at=iso(0)), entry(24, "ask"), end=24 * 100)
    assert lines(audit) == [("failure", "v.failed", None, 15 * 24, 15 * 24, ("silent",))]
    assert lines(found(policy, entry(0, case__opened_at=iso(0)), entry(24, "ask"), end=24 * 15 - 0.001)) == []


KEPT = """
- id: kept
  when: {x.when: {passed: true}, x.then: not given}
  then: [{conclude: v.failed}, {recommend: call, within: 1 hour of x.when}]
- id: open-too-long
  for_each: claims
  when: {claim.open: true, x.when: {passed: true}, claim.at: not given}
  then: [{conclude: broken}]
"""


@pytest.mark.parametrize(
    ("done", "breaches"),
    [
        (9, []),
        (10, []),
        (10.5, [("failure", "v.failed", None, 10, 10, ("kept",))]),
        (
            14,
            [("failure", "v.failed", None, 10, 10, ("kept",)), ("omitted", "call", None, 11, 10, ("kept",))],
        ),
    ],
    ids=["before", "then", "after", "long after"],
)
def test_what_was_done_in_time_and_logged_late_was_done_in_time(
    done: float, breaches: list[Any], make: Make
) -> None:
    """An instant that is stated later tells what had happened by then; nobody failed in what was done."""
    told = entry(20, x__then=iso(done))
    assert lines(found(make(KEPT), entry(0, x__when=iso(10)), told)) == breaches
    claim = [{"id": "c1", "open": True}]
    late = [{"id": "c1", "at": iso(done)}]
    audit = found(make(KEPT), entry(0, x__when=iso(10), x__then=iso(1), claims=claim), entry(20, claims=late))
    assert [each.fact for each in audit] == (["claims.broken"] if done > 10 else [])


def test_what_was_not_so_then_is_no_excuse(make: Make) -> None:
    """A value that is no instant does not say since when it was so, nor does a record that came later."""
    audit = found(make(KEPT), entry(0, x__when=iso(10), x__then=iso(1), claims=[{"id": "c1", "open": True}]),
                  entry(20, claims=[{"id": "c1", "open": False}, {"id": "c2", "open": True, "at": iso(2)}]))  # fmt: skip
    assert [(each.fact, each.about) for each in audit] == [("claims.broken", "c1")]


def test_failures_and_prohibitions_of_records_name_the_record(policy: Policy) -> None:
    claims = [{"id": "c1", "open": True}, {"id": "c2", "open": False}]
    audit = found(
        policy,
        entry(0, claims=claims),
        entry(2, claims=[{"id": "c2", "open": True}]),
        entry(3, {"action": "apologise", "by": "clerk", "about": "c2"}),
    )
    assert lines(audit) == [
        ("failure", "claims.broken", "c1", 0, 0, ("breaks",)),
        ("failure", "claims.broken", "c2", 2, 2, ("breaks",)),
        ("forbidden", "apologise", "c2", 3, 2, ("breaks",)),
    ]


def test_the_doer_is_named_by_role(policy: Policy) -> None:
    people = [{"id": "p1", "role": "boss"}, {"id": "p2"}]
    audit = found(
        policy,
        entry(0, x__b=True, parties=people),
        entry(1, {"action": "ask", "by": "p1"}),
        entry(2, {"action": "ask", "by": "p2"}),
    )
    assert [each.by for each in audit] == ["boss", "p2"]


def test_an_act_by_a_role_that_may_not_do_it_is_forbidden(policy: Policy) -> None:
    people = [{"id": "p1", "role": "boss"}, {"id": "p2", "role": "clerk"}]
    acts = [{"action": "call_boss", "by": by} for by in ("boss", "clerk", "p1", "p2")]
    assert [each.by for each in found(policy, entry(0, *acts, parties=people))] == ["clerk", "clerk"]


def test_a_party_among_the_parameters_has_the_role_of_its_record(make: Make) -> None:
    policy = make("- {id: it, then: [{forbid: pay, where: {receiver: boss}}]}\n")
    people = [{"id": "p1", "role": "boss"}, {"id": "p2", "role": "clerk"}, {"id": "p3"}]
    acts = [{"action": "pay", "by": "clerk", "params": {"receiver": each["id"]}} for each in people]
    audit = found(
        policy, entry(0, parties=people), *(entry(number + 1, each) for number, each in enumerate(acts))
    )
    assert lines(audit) == [("forbidden", "pay", None, 1, 0, ("it",))]
    assert lines(audit.unverified) == [("unverified", "pay", None, 3, 0, ("it",))]


def test_breaches_come_in_order_of_time(policy: Policy) -> None:
    audit = found(
        policy, entry(0, x__b=True, x__a=True, x__when=iso(0)), entry(1, "ask"), entry(3, "ask", x__d=True)
    )
    assert [each.kind for each in audit] == ["forbidden", "omitted", "failure", "forbidden"]
    assert [each.at for each in audit] == sorted(each.at for each in audit)
    assert audit.to_dict("en")["breaches"][0]["because"][0]["rule"] == "bans"


def test_nothing_after_the_end_counts(policy: Policy) -> None:
    history = [entry(0, x__b=True), entry(1, "ask"), entry(3, "ask")]
    assert len(found(policy, *history, end=2)) == 1
    assert len(found(policy, *history, end=3)) == 2


def test_the_acts_of_a_plain_case_are_audited_too(policy: Policy) -> None:
    case = {"facts": {"x.b": True}, "acts": [act("ask", 1)]}
    assert lines(policy.audit(case, at=at(5))) == [("forbidden", "ask", None, 1, 1, ("bans",))]


# --- follow -----------------------------------------------------------------------------------------------------------

HISTORY = {
    "id": "T",
    "history": [entry(0, x__when=iso(0)), entry(1, x__a=True), entry(1, x__b=False), entry(5, "call")],
}


def test_follow_gives_a_decision_at_each_entry_and_each_review_between(policy: Policy) -> None:
    decisions = list(policy.follow(HISTORY, until=at(100)))
    assert [each.at for each in decisions] == [at(0), at(1), at(2), at(5)]
    assert [fired(each) for each in decisions] == [[], ["calls"], ["calls"], []]
    assert [bool(each.plan and each.plan[0].overdue) for each in decisions] == [False, False, True, False]
    for each in decisions:
        assert each == policy.decide(HISTORY, at=each.at)
    assert [each.at for each in policy.follow(HISTORY, until=at(2))] == [at(0), at(1), at(2)]
    assert [each.at for each in policy.follow(HISTORY, until=at(2) - MICRO)] == [at(0), at(1)]


def test_follow_is_lazy(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = Program.assessment

    def spy(self: Program, *args: Any) -> Any:
        made.append(args)
        return real(self, *args)

    monkeypatch.setattr(Program, "assessment", spy)
    follow = policy.follow(HISTORY, until=at(100))
    assert made == []
    first = list(islice(follow, 1))
    assert ([each.at for each in first], len(made)) == ([at(0)], 1)


def test_follow_and_audit_raise_before_they_begin(policy: Policy) -> None:
    broken = {"history": [entry(0, x__no=True)]}
    for call in (
        lambda: policy.follow(broken, until=at(1)),
        lambda: policy.audit(broken, at=at(1)),
        lambda: policy.follow(HISTORY, until=at(1).replace(tzinfo=None)),
    ):
        with pytest.raises(CaseError):
            call()


def test_nothing_changes_between_the_decisions_that_follow_gives(policy: Policy) -> None:
    decisions = list(policy.follow(HISTORY, until=at(10)))
    for minute in range(0, 600, 7):
        now = at(minute / 60)
        last = [each for each in decisions if each.at <= now][-1]
        assert last.same_as(policy.decide(HISTORY, at=now)), now


TARGETS = """
- {id: aims, when: {x.a: true}, then: [{recommend: call, within: 1 hour of x.when, target: true}]}
- {id: owes, when: {x.b: true}, then: [{recommend: call, within: 3 hours of x.when}]}
"""


def test_being_late_for_a_target_is_no_breach_and_never_doing_it_is(make: Make) -> None:
    policy = make(TARGETS)
    first = entry(0, x__when=iso(0), x__a=True)
    step = policy.decide({"facts": {"x.when": iso(0), "x.a": True}}, at=at(2)).plan[0]
    assert (step.due, step.overdue) == (at(1), True), "the plan shows it like any other time"
    assert not lines(found(policy, first, entry(2, "call")))
    assert lines(found(policy, first)) == [("omitted", "call", None, 1, 0, ("aims",))]


def test_what_was_owed_beside_a_target_is_a_breach(make: Make) -> None:
    policy, first = make(TARGETS), entry(0, x__when=iso(0), x__a=True)
    assert not lines(found(policy, first, entry(2, "call", x__b=True)))
    both = entry(0, x__when=iso(0), x__a=True, x__b=True)
    assert lines(found(policy, both, entry(5, "call"))) == [("late", "call", None, 1, 0, ("aims", "owes"))]


def test_what_releases_a_target_is_a_target(make: Make) -> None:
    rules = """
- {id: aims, when: {x.a: true}, then: [{recommend: call, within: 1 hour of x.when TARGET}]}
- {id: holds, when: {x.a: true}, then: [{hold: call, until: {done: secure}}]}
"""
    first, late = entry(0, x__when=iso(0), x__a=True), entry(5, "secure", "call")
    assert not lines(found(make(rules.replace("TARGET", ", target: true")), first, late))
    assert ("late", "secure") in [
        each[:2] for each in lines(found(make(rules.replace("TARGET", "")), first, late))
    ]


def test_a_target_needs_a_time(make: Make) -> None:
    with pytest.raises(PolicyError, match="`target` needs a time limit"):
        make("- {id: aims, then: [{recommend: call, target: true}]}\n")
