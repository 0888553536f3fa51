"""SEMANTICS K, Records: quantifiers over lists that are absent, unknown or empty, and over members that are uncertain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy, PolicyError
from tests.core.policies import NOW, Make, Plain, at, decide, fired, iso, missing, plan

Truth = bool | None


def rule(condition: str, more: str = "") -> str:
    return f"""
- id: it
  when: {condition}
  {more}
  then:
    - recommend: call
"""


def truth_in(make: Make, condition: str, *cases: dict[str, Plain]) -> list[Truth]:
    policy = make(rule(condition))
    found: list[Truth] = []
    for case in cases:
        decision = decide(policy, case)
        found.append(True if fired(decision) else None if decision.missing else False)
    return found


def claims(*opens: Truth) -> dict[str, Plain]:
    return {"claims": [{"id": f"c{number}", "open": value} for number, value in enumerate(opens)]}


def charges(*rows: dict[str, Plain]) -> dict[str, Plain]:
    return {"currency": "TWD", "charges": [{"id": f"k{number}", **row} for number, row in enumerate(rows)]}


SOME = "{some: claims, where: {open: true}}"
NONE = "{none: claims, where: {open: true}}"
EVERY = "{every: claims, has: {open: true}}"
COUNT = "{count: claims, where: {open: true}, at_least: 2}"


@pytest.mark.parametrize(
    ("condition", "absent", "null", "empty"),
    [
        (SOME, None, None, False),
        (NONE, None, None, True),
        (EVERY, None, None, True),
        (COUNT, None, None, False),
        ("{sum: claims.amount, equals: 0}", None, None, True),
        ("{latest: claims, has: {open: true}}", None, None, False),
        ("{earliest: claims, has: {open: true}}", None, None, False),
    ],
)
def test_each_list_declares_whether_absent_means_none_or_unknown(
    make: Make, condition: str, absent: Truth, null: Truth, empty: Truth
) -> None:
    assert truth_in(make, condition, {}, {"claims": None}, {"claims": []}) == [absent, null, empty]
    as_none = condition.replace("claims", "charges")
    assert truth_in(make, as_none, {}, {"charges": None}, {"charges": []}) == [empty, null, empty]


def test_an_unknown_list_is_asked_for_once(make: Make) -> None:
    policy = make(rule(f"{{all: [{SOME}, {COUNT}]}}"))
    assert missing(decide(policy)) == [("claims", (), ["it"])]


@pytest.mark.parametrize(
    ("condition", "members", "expected"),
    [
        (SOME, (None, True), True),
        (SOME, (None, False), None),
        (SOME, (False,), False),
        (NONE, (None, True), False),
        (NONE, (None, False), None),
        (NONE, (False,), True),
        (EVERY, (None, False), False),
        (EVERY, (None, True), None),
        (EVERY, (True, True), True),
        (COUNT, (True, True, None), True),
        (COUNT, (True, None), None),
        (COUNT, (None, None), None),
        (COUNT, (True, False, False), False),
        (COUNT, (None, False), False),
        ("{count: claims, where: {open: true}, equals: 1}", (True, None), None),
        ("{count: claims, where: {open: true}, equals: 1}", (True, True, None), False),
        ("{count: claims, where: {open: true}, between: [1, 3]}", (True, None, None), True),
        ("{count: claims, where: {open: true}, between: [1, 3]}", (True, None, None, None), None),
        ("{count: claims, where: {open: true}, at_least: 1, at_most: 2}", (True, None), True),
        ("{count: claims, where: {open: true}, below: 3}", (True, None), True),
        ("{count: claims, where: {open: true}, above: 2}", (True, None), False),
    ],
)
def test_unknown_membership_makes_a_count_an_interval(
    make: Make, condition: str, members: tuple[Truth, ...], expected: Truth
) -> None:
    assert truth_in(make, condition, claims(*members)) == [expected]


def test_a_count_compares_with_a_fact_over_its_whole_interval(make: Make) -> None:
    policy = make(rule("{count: claims, where: {open: true}, at_least: x.count}"))
    for members, limit, expected in (
        ((True, None), 1, True),
        ((True, None), 2, None),
        ((True, None), 3, False),
        ((True, None, None, None), 3, None),
    ):
        decision = decide(policy, claims(*members), x__count=limit)
        assert (True if fired(decision) else None if decision.missing else False) is expected, (
            members,
            limit,
        )


def test_a_membership_that_is_unknown_is_asked_for_by_record(make: Make) -> None:
    policy = make(rule(SOME))
    assert missing(decide(policy, claims(False, None, None))) == [("claims.open", ("c1",), ["it"])]


def test_every_looks_only_at_the_records_that_are_meant(make: Make) -> None:
    condition = "{every: charges, where: {open: true}, has: {amount: {above: 0}}}"
    yes, no, maybe, unknown = (
        {"open": o, "amount": a} for o, a in ((True, 1), (True, 0), (None, 0), (True, None))
    )
    assert truth_in(
        make,
        condition,
        *(
            charges(*rows)
            for rows in (
                (yes,),
                (yes, no),
                (yes, maybe),
                ({"open": None, "amount": 1},),
                (unknown,),
                ({"open": False},),
            )
        ),
    ) == [True, False, None, True, None, True]


def test_a_sum_is_unknown_while_a_member_or_a_value_is(make: Make) -> None:
    condition = "{sum: charges.amount, where: {open: true}, at_least: {TWD: 100}}"
    rows: list[tuple[dict[str, Plain], ...]] = [
        ({"open": True, "amount": 60}, {"open": True, "amount": 40}),
        ({"open": True, "amount": 60}, {"open": False, "amount": 40}),
        ({"open": True, "amount": 600}, {"open": None, "amount": 40}),
        ({"open": True, "amount": 600}, {"open": True}),
        ({"open": True, "amount": 600}, {"open": False}),
    ]
    assert truth_in(make, condition, *(charges(*each) for each in rows)) == [True, False, None, None, True]
    policy = make(rule(condition))
    assert missing(decide(policy, charges(*rows[2]))) == [("charges.open", ("k1",), ["it"])]
    assert missing(decide(policy, charges(*rows[3]))) == [("charges.amount", ("k1",), ["it"])]


def test_counts_and_durations_are_summed_too(make: Make) -> None:
    rows = charges({"pieces": 2, "length": "PT1H"}, {"pieces": 3, "length": "90 minutes"})
    assert truth_in(make, "{sum: charges.pieces, equals: 5}", rows) == [True]
    assert truth_in(make, "{sum: charges.length, equals: 150 minutes}", rows) == [True]
    assert truth_in(make, "{sum: charges.length, below: 1 minute}", charges()) == [True]


def test_latest_and_earliest_go_by_the_instant_of_the_list_and_then_by_id(make: Make) -> None:
    latest, earliest = "{latest: charges, has: {open: true}}", "{earliest: charges, has: {open: true}}"
    ordered = charges({"at": iso(1), "open": False}, {"at": iso(2), "open": True})
    tied = charges({"at": iso(1), "open": False}, {"at": "2026-03-02T19:00:00+08:00", "open": True})
    reverse = charges({"at": iso(2), "open": False}, {"at": iso(1), "open": True})
    assert truth_in(make, latest, ordered, tied, reverse) == [True, True, False]
    assert truth_in(make, earliest, ordered, tied, reverse) == [False, False, True]


def test_latest_is_unknown_while_an_instant_or_a_membership_is(make: Make) -> None:
    latest = "{latest: charges, where: {amount: {above: 0}}, has: {open: true}}"
    undated = charges({"open": True, "amount": 1}, {"at": iso(1), "open": True, "amount": 1})
    unsure = charges({"at": iso(2), "open": True}, {"at": iso(1), "open": True, "amount": 1})
    single = charges({"open": True, "amount": 1}, {"at": iso(1), "open": False, "amount": 0})
    unknown = charges({"at": iso(1), "amount": 1})
    assert truth_in(make, latest, undated, unsure, single, unknown) == [None, None, True, None]
    policy = make(rule(latest))
    assert missing(decide(policy, undated)) == [("charges.at", ("k0",), ["it"])]
    assert missing(decide(policy, unsure)) == [("charges.amount", ("k0",), ["it"])]
    assert missing(decide(policy, unknown)) == [("charges.open", ("k0",), ["it"])]


def test_a_window_counts_the_densest_span_of_its_length_both_ends_included(make: Make) -> None:
    condition = "{count: charges, within: 24 hours, at_least: 3}"

    def spread(*hours: float | None) -> dict[str, Plain]:
        return charges(*({} if each is None else {"at": iso(each)} for each in hours))

    cases = [
        spread(0, 12, 24),
        spread(0, 12, 24.001),
        spread(-90, 1, 2, 50, 60, 61),
        spread(0, 12),
        spread(0, 12, None),
        spread(0, None),
        spread(5, 5, 5),
    ]
    assert truth_in(make, condition, *cases) == [True, False, True, False, None, False, True]


# --- references -------------------------------------------------------------------------------------------------------


def exhibits(*rows: tuple[str | None, Truth]) -> dict[str, Plain]:
    return {
        "claims": [{"id": "c1"}, {"id": "c2"}],
        "exhibits": [
            {"id": f"e{number}", "claim": claim, "strong": strong}
            for number, (claim, strong) in enumerate(rows)
        ],
    }


PER_CLAIM = """
- id: it
  for_each: claims
  when: {some: exhibits, where: {strong: true}}
  then:
    - recommend: apologise
- id: anywhere
  for_each: claims
  when: {some: exhibits, of: case, where: {strong: true}}
  then:
    - recommend: answer
"""


def test_a_reference_means_of_this_record_without_join_syntax(make: Make) -> None:
    decision = decide(make(PER_CLAIM), exhibits(("c1", True), ("c2", False)))
    assert plan(decision) == [
        ("answer", "c1", ["anywhere"]),
        ("answer", "c2", ["anywhere"]),
        ("apologise", "c1", ["it"]),
    ]


def test_an_unknown_reference_makes_membership_unknown(make: Make) -> None:
    decision = decide(make(PER_CLAIM), exhibits((None, True)))
    assert fired(decision) == ["anywhere"]
    assert missing(decision) == [("exhibits.claim", ("e0",), ["it"])]


def test_fields_are_read_through_a_reference(make: Make) -> None:
    policy = make("""
- id: it
  for_each: exhibits
  when: {claim.open: true, claim.accused: partner}
  then:
    - recommend: call
""")
    case: dict[str, Any] = {
        "claims": [{"id": "c1", "open": True, "accused": "p1"}, {"id": "c2", "open": False}, {"id": "c3"}],
        "exhibits": [
            {"id": "e1", "claim": "c1"},
            {"id": "e2", "claim": "c2"},
            {"id": "e3", "claim": "c3"},
            {"id": "e4"},
        ],
        "parties": [{"id": "p1", "role": "partner"}],
    }
    decision = decide(policy, case)
    assert plan(decision) == [("call", "e1", ["it"])]
    assert missing(decision) == [("claims.open", ("c3",), ["it"]), ("exhibits.claim", ("e4",), ["it"])]


def test_a_list_with_two_references_must_say_which_is_meant(make: Make) -> None:
    rules = """
- id: it
  for_each: claims
  when: {some: charges%s}
  then:
    - recommend: apologise
"""
    with pytest.raises(PolicyError, match="ambiguous-reference"):
        make(rules % "")
    case = {"claims": [{"id": "c1"}, {"id": "c2"}], "charges": [{"id": "k1", "first": "c1", "second": "c2"}]}
    assert [about for _, about, _ in plan(decide(make(rules % ", of: first"), case))] == ["c1"]
    assert [about for _, about, _ in plan(decide(make(rules % ", of: second"), case))] == ["c2"]


def test_records_compare_field_with_field_across_scopes(make: Make) -> None:
    policy = make("""
- id: later-charge-of-the-same-payer
  for_each: charges
  when:
    some: charges
    of: case
    where:
      at: {after: charge.at}
      payer: {same_as: charge.payer}
  then:
    - recommend: waive
""")
    decision = decide(
        policy, charges({"at": iso(1), "payer": "customer"}, {"at": iso(2), "payer": "customer"})
    )
    assert plan(decision) == [], "inside `where` the singular names the inner record"
    policy = make("""
- id: after-the-claim
  for_each: claims
  when:
    some: exhibits
    where: {at: {after: claim.at}}
  then:
    - recommend: apologise
""")
    case = {
        "claims": [{"id": "c1", "at": iso(1)}, {"id": "c2", "at": iso(1)}, {"id": "c3"}],
        "exhibits": [
            {"id": "e1", "claim": "c1", "at": iso(2)},
            {"id": "e2", "claim": "c2", "at": iso(1)},
            {"id": "e3", "claim": "c3", "at": iso(2)},
        ],
    }
    decision = decide(policy, case)
    assert plan(decision) == [("apologise", "c1", ["after-the-claim"])]
    assert missing(decision) == [("claims.at", ("c3",), ["after-the-claim"])]


def test_records_of_a_party_are_those_of_its_id_or_role(make: Make) -> None:
    policy = make("""
- id: it
  for_each: parties
  when: {some: charges, of: payer}
  then:
    - recommend: call
""")
    people = [{"id": "p1", "role": "customer"}, {"id": "p2", "role": "partner"}, {"id": "p3", "role": "boss"}]
    decision = decide(policy, {**charges({"payer": "customer"}, {"payer": "p2"}), "parties": people})
    assert plan(decision) == [("call", "p1", ["it"]), ("call", "p2", ["it"])]


def test_the_order_of_records_changes_nothing_but_what_is_asked_first(make: Make) -> None:
    policy = make(PER_CLAIM)
    case = exhibits(("c1", True), ("c2", True), ("c1", None))
    swapped = {name: list(reversed(rows)) for name, rows in case.items()}
    assert decide(policy, case) == decide(policy, swapped)


# --- for_each ---------------------------------------------------------------------------------------------------------


def test_a_rule_for_each_record_of_an_unknown_list_is_pending_once(make: Make) -> None:
    policy = make("""
- id: it
  for_each: claims
  when: {open: true}
  then:
    - recommend: apologise
    - recommend: call
- id: also
  for_each: claims
  then:
    - recommend: answer
""")
    decision = decide(policy)
    assert plan(decision) == []
    assert missing(decision) == [("claims", (), ["also", "it"])]
    assert missing(decide(policy, {"claims": []})) == []
    two = decide(policy, {"claims": [{"id": "b"}, {"id": "a", "open": True}]})
    assert plan(two) == [
        ("call", "a", ["it"]),
        ("answer", "a", ["also"]),
        ("answer", "b", ["also"]),
        ("apologise", "a", ["it"]),
    ]
    assert missing(two) == [("claims.open", ("b",), ["it"])]


def test_a_condition_over_time_is_tested_for_each_record(make: Make) -> None:
    policy = make("""
- id: it
  for_each: charges
  when: {at: {older_than: 3 days}}
  then:
    - recommend: waive
""")
    case = charges({"at": iso(days=-3)}, {"at": iso(days=-2)})
    decision = decide(policy, case)
    assert plan(decision) == [("waive", "k0", ["it"])]
    assert decision.review_at == at(days=1)
    assert plan(decide(policy, case, at(days=1))) == [("waive", "k0", ["it"]), ("waive", "k1", ["it"])]


LEDGER = """
format: 1
languages: [en]
vocabulary:
  phases: [now]
  roles: [clerk]
  records:
    entries:
      each: entry
      absent: none
      fields:
        amount: {type: count}
        %s
  actions:
    look: {phase: now, owner: clerk, about: entries}
ruleset: ledger
label: Ledger
rules:
  - id: two-of-them
    because: There are two.
    for_each: entries
    when: {count: entries, %s at_least: 2}
    then:
      - recommend: look
"""
ENTRIES = {"entries": [{"id": "a"}, {"id": "b", "corrects": "a"}, {"id": "c", "corrects": "a"}]}


@pytest.mark.parametrize(
    ("field", "of", "steps"),
    [
        ("", "", ["a", "b"]),
        ("corrects: {type: reference, to: entries}", "", ["a", "b", "c"]),
        ("corrects: {type: reference, to: entries}", "of: case,", ["a", "b", "c"]),
        ("corrects: {type: reference, to: entries}", "of: corrects,", ["a"]),
    ],
)
def test_a_field_that_refers_to_its_own_list_changes_no_rule_that_does_not_name_it(
    tmp_path: Path, field: str, of: str, steps: list[str]
) -> None:
    (tmp_path / "ledger.yaml").write_text(LEDGER % (field, of), encoding="utf-8")
    rows = ENTRIES["entries"] if field else [{"id": "a"}, {"id": "b"}]
    decision = Policy.load(tmp_path).decide({"entries": rows}, at=NOW)
    assert [step.about for step in decision.plan] == steps
