"""Four eyes: `not_by:` of an action says who may not do it, whatever the role."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import PolicyError
from tests.core.policies import Make, act, at, decide, held, iso, missing, plan, rules_of

RULES = """
- id: owed
  for_each: charges
  when: {charge.open: true}
  then: [{recommend: waive, within: 2 days of charge.at}]
- id: second-person
  for_each: charges
  then: [{hold: waive, until: {done: approve}}]
"""
PARTIES = [{"id": "amy", "role": "boss"}, {"id": "bob", "role": "boss"}, {"id": "cat", "role": "clerk"}]


def policy(make: Make, not_by: str = "charge.payer", rules: str = RULES) -> Any:
    more = f"""
format: 1
vocabulary:
  actions:
    approve: {{phase: inquire, owner: boss, by: [boss, clerk], about: charges, not_by: {not_by}}}
    request: {{phase: inquire, owner: clerk, about: charges}}
    choose: {{phase: inquire, owner: clerk, params: {{chosen: {{type: record, to: charges}}}}}}
"""
    return make(rules, more=[more])


def case(*acts: dict[str, Any], payer: str | None = "amy") -> dict[str, Any]:
    charge = {"id": "c", "open": True, "at": iso(-24), **({"payer": payer} if payer else {})}
    return {"parties": PARTIES, "charges": [charge], "acts": list(acts)}


def by(who: str, action: str = "approve", hours: float = -1, about: str = "c") -> dict[str, Any]:
    return act(action, hours, by=who, about=about)


@pytest.mark.parametrize(("who", "free"), [("amy", False), ("bob", True), ("cat", True)])
def test_who_asked_does_not_release_it(make: Make, who: str, free: bool) -> None:
    decision = decide(policy(make), case(by(who)))
    if free:
        assert plan(decision) == [("waive", "c", ["owed"])]
    else:
        assert held(decision) == [("waive", "c", True, ["second-person", "owed"])]
        assert [(each.action, each.about) for each in decision.plan] == [("approve", "c")]
        assert decision.done == ()


def test_check_forbids_it_and_says_why(make: Make) -> None:
    made = policy(make)
    own = made.check(case(), "approve", about="c", by="amy", at=at())
    other = made.check(case(), "approve", about="c", by="bob", at=at())
    assert (own.verdict, other.verdict) == ("forbidden", "allowed")
    assert [each.text.in_language("en") for each in own.because] == [
        "Somebody else has to do this: not the person in “charge.payer”."
    ]


def test_a_role_alone_does_not_say_who_it_is(make: Make) -> None:
    """Where the case knows only the role, it may have been the same person: nothing is released, nothing is forbidden."""
    made = policy(make)
    assert made.check(case(), "approve", about="c", by="boss", at=at()).verdict == "held"
    assert made.check(case(), "approve", about="c", by="clerk", at=at()).verdict == "allowed"
    assert held(decide(made, case(by("boss")))) == [("waive", "c", True, ["second-person", "owed"])]
    asked = case(by("boss", "request", -3))
    assert policy(make, "request").check(asked, "approve", about="c", by="boss", at=at()).verdict == "held"


@pytest.mark.parametrize(
    ("payer", "who", "needs"),
    [
        ("amy", "boss", [("parameter", "by", "c")]),
        ("boss", "bob", [("fact", "charges.payer", "c")]),
        ("boss", "boss", [("fact", "charges.payer", "c"), ("parameter", "by", "c")]),
    ],
)
def test_a_request_of_which_only_a_role_is_known_asks_for_the_person(
    make: Make, payer: str, who: str, needs: list[tuple[str, str, str]]
) -> None:
    verdict = policy(make).check(case(payer=payer), "approve", about="c", by=who, at=at())
    assert (verdict.verdict, [(each.kind, each.name, each.about) for each in verdict.needs]) == (
        "held",
        needs,
    )


def test_who_asked_is_found_out_first(make: Make) -> None:
    decision = decide(policy(make), case(by("bob"), payer=None))
    assert held(decision) == [("waive", "c", True, ["second-person", "owed"])]
    assert ("charges.payer", ("c",), ["second-person"]) in missing(decision)
    verdict = policy(make).check(case(payer=None), "approve", about="c", by="bob", at=at())
    assert (verdict.verdict, [(each.name, each.about) for each in verdict.needs]) == (
        "held", [("charges.payer", "c")],
    )  # fmt: skip


def test_without_a_record_nobody_can_say_who_is_barred(make: Make) -> None:
    """The record is asked for, whether the case has one or none."""
    for data in ({**case(), "charges": []}, case()):
        verdict = policy(make).check(data, "approve", by="bob", at=at())
        assert (verdict.verdict, [(each.kind, each.name) for each in verdict.needs]) == (
            "held",
            [("fact", "charges")],
        )


@pytest.mark.parametrize(
    ("acts", "free"),
    [
        ([by("amy", "request", -3), by("bob")], True),
        ([by("amy", "request", -3), by("amy")], False),
        ([by("amy", "request", -3, about="d"), by("amy")], True),  # that was another charge
        ([by("bob"), by("bob", "request", -0.5)], True),  # he asked again after he had approved
        ([by("amy", "request", -3), by("amy", hours=-2), by("bob")], True),
        ([by("amy"), by("amy")], True),  # nobody asked
    ],
)
def test_whoever_did_something_before(make: Make, acts: list[dict[str, Any]], free: bool) -> None:
    whole = case(*acts)
    whole["charges"].append({"id": "d", "open": False})
    decision = decide(policy(make, "request"), whole)
    assert (("waive", "c", True, ["second-person", "owed"]) in held(decision)) is not free
    assert (("waive", "c", ["owed"]) in plan(decision)) is free


def test_two_approvals_by_two_people(make: Make) -> None:
    rules = RULES.replace("{done: approve}", "{done: {action: approve, at_least: 2}}")
    made = policy(make, "[approve]", rules)
    assert held(decide(made, case(by("amy", hours=-2), by("amy")))) == [
        ("waive", "c", True, ["second-person", "owed"])
    ]
    assert plan(decide(made, case(by("amy", hours=-2), by("bob")))) == [("waive", "c", ["owed"])]


def test_an_audit_names_it(make: Make) -> None:
    breaches = policy(make).audit(case(by("amy")), at=at()).breaches
    assert [(each.kind, each.action, each.by, each.person) for each in breaches] == [
        ("forbidden", "approve", "boss", "amy")
    ]


@pytest.mark.parametrize(
    ("not_by", "who", "entries", "hours"),
    [
        ("charge.payer", "amy", [(-9, {}), (-5, {"charges": [{"id": "c", "payer": "amy"}]})], -5),
        ("x.who", "amy", [(-9, {}), (-6, {"facts": {"x.who": "amy"}})], -6),
        ("request", "amy", [(-9, {}), (-4, {"acts": [{"action": "request", "by": "amy", "about": "c"}]})], -4),
        ("charge.payer", "dan", [(-9, {})], -9),  # a role that may never do it
        ("charge.payer", "dan", [(-9, {"parties": [{"id": "dan", "role": "boss"}]}),
                                 (-3, {"parties": [{"id": "dan", "role": "partner"}]})], -3),
        ("charge.payer", "partner", [(-9, {})], -10),
    ],
)  # fmt: skip
def test_an_audit_says_since_when_the_doer_was_known_to_be_kept_from_it(
    make: Make, not_by: str, who: str, entries: list[tuple[float, dict[str, Any]]], hours: float
) -> None:
    begin = {"at": iso(-10), "charges": [{"id": "c", "open": True}], "parties": [*PARTIES, {"id": "dan"}]}
    told = [{"at": iso(each), **what} for each, what in entries]
    last = {"at": iso(-1), "acts": [{"action": "approve", "by": who, "about": "c"}]}
    if who == "dan" and "parties" not in entries[0][1]:
        told[0]["parties"] = [{"id": "dan", "role": "partner"}]
    found = policy(make, not_by).audit({"history": [begin, *told, last]}, at=at()).breaches
    assert [(each.person, each.known_from) for each in found] == [
        (None if who == "partner" else who, at(hours))
    ]


def test_a_fact_of_the_case(make: Make) -> None:
    made = policy(make, "x.who")
    whole = {**case(by("bob")), "facts": {"x.who": "bob"}}
    assert held(decide(made, whole)) == [("waive", "c", True, ["second-person", "owed"])]
    assert decide(made, {**whole, "facts": {"x.who": "amy"}}).held == ()


@pytest.mark.parametrize(
    ("not_by", "code", "words"),
    [
        ("clerk", "does-not-fit", "clerk is a role, but `not_by:` means one person"),
        ("charge.amount", "not-comparable", "charge.amount is an amount"),
        ("charge.payr", "unknown-name", "unknown party or action 'charge.payr'"),
        ("reqest", "unknown-name", "unknown party or action 'reqest'"),
        ("claim.accused", "unknown-name", "unknown party or action 'claim.accused' here"),
    ],
)  # fmt: skip
def test_what_names_nobody_is_an_error(make: Make, not_by: str, code: str, words: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy(make, not_by)
    assert [(each.code, words in each.message) for each in caught.value.diagnostics] == [(code, True)]


def test_the_reasons_are_those_of_the_hold(make: Make) -> None:
    step = decide(policy(make), case(by("amy"))).plan[0]
    assert rules_of(step) == ["second-person"]


# --- whoever was named then -------------------------------------------------------------------------------------------


def handed_over(*entries: dict[str, Any]) -> dict[str, Any]:
    """A history: a charge that amy pays, and what comes after."""
    charge = {"id": "c", "open": True, "at": iso(-24)}
    first = {"at": iso(-20), "parties": PARTIES, "charges": [{**charge, "payer": "amy"}]}
    return {"history": [first, *entries]}


def payer(who: str | None, hours: float) -> dict[str, Any]:
    return {"at": iso(hours), "charges": [{"id": "c", "payer": who}]}


def approved(who: str, hours: float) -> dict[str, Any]:
    return {"at": iso(hours), "acts": [by(who, hours=hours)]}


@pytest.mark.parametrize(
    ("entries", "free"),
    [
        ([approved("amy", -10), payer("bob", -8)], False),  # she was kept from it, whoever pays now
        ([approved("bob", -10), payer("bob", -8)], True),  # he was not, although he is now
        ([payer("bob", -12), approved("amy", -10)], True),
        ([payer("bob", -12), approved("bob", -10)], False),
        (
            [payer(None, -12), approved("amy", -10), payer("amy", -8)],
            False,
        ),  # what was found out later counts
        ([payer(None, -12), approved("bob", -10), payer("amy", -8)], True),
        ([payer(None, -12), approved("bob", -10)], False),  # nobody knows
    ],
)
def test_an_act_is_judged_by_the_name_of_its_time(
    make: Make, entries: list[dict[str, Any]], free: bool
) -> None:
    decision = decide(policy(make), handed_over(*entries))
    assert [each.action for each in decision.held] == ([] if free else ["waive"])
    assert ("charges.payer" in [each.fact for each in decision.missing]) is (
        len(entries) == 2 and entries[0] == payer(None, -12)
    )


def test_what_is_stated_later_is_not_known_before(make: Make) -> None:
    case = handed_over(payer(None, -12), approved("bob", -10), payer("amy", -8))
    early = policy(make).decide(case, at=at(-9))
    assert [each.action for each in early.held] == ["waive"]
    assert "charges.payer" in [each.fact for each in early.missing]


def test_a_review_does_not_look_at_what_is_stated_later(make: Make) -> None:
    made = policy(make, rules="""
- id: approved
  for_each: charges
  then: [{recommend: approve}]
- id: chosen
  then:
    - recommend: choose
      chosen: {one_of: charges, which: {any: [{not_done: choose}, {during: "08:00-24:00"}]}}
""")  # fmt: skip
    now, later = [payer(None, -12), approved("bob", -10)], payer("amy", -8)
    reviews = [made.decide(handed_over(*now, *more), at=at(-9)).review_at for more in ([], [later])]
    assert reviews == [None, None]


def test_a_request_is_judged_by_the_name_of_now(make: Make) -> None:
    made, case = policy(make), handed_over(payer("bob", -8))
    verdicts = [made.check(case, "approve", about="c", by=who, at=at()).verdict for who in ("amy", "bob")]
    assert verdicts == ["allowed", "forbidden"]


def test_the_audit_blames_nobody_for_a_handover(make: Make) -> None:
    made, done = policy(make), {"at": iso(-6), "acts": [by("cat", "waive", -6)]}
    assert [
        each.action for each in made.audit(handed_over(approved("bob", -10), payer("bob", -8), done), at=at())
    ] == []
    found = made.audit(handed_over(approved("amy", -10), payer("bob", -8), done), at=at())
    assert [(each.kind, each.action, each.by) for each in found] == [
        ("forbidden", "approve", "boss"), ("premature", "waive", "clerk"),
    ]  # fmt: skip


def test_an_act_that_could_not_be_judged_is_no_omission(make: Make) -> None:
    """Who may not approve was never recorded: the approval in time is unverified, and not "not done" at the same time."""
    rules = RULES + (
        "- id: approves\n  for_each: charges\n  when: {charge.open: true}\n"
        "  then: [{recommend: approve, within: 4 hours of charge.at}]\n"
    )
    made = policy(make, rules=rules)
    charge = {"id": "c", "open": True, "at": iso(-6)}
    for hours, omitted in ((-3, False), (-1, True)):
        entries = [
            {"at": iso(-6), "charges": [charge], "parties": PARTIES},
            {"at": iso(hours), "acts": [by("bob", hours=hours)]},
        ]
        found = made.audit({"history": entries}, at=at(1))
        assert ("approve" in [each.action for each in found if each.kind == "omitted"]) is omitted
        assert "approve" in [each.action for each in found.unverified]
