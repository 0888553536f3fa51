"""SEMANTICS N, a case: plain data in, every problem at once with its path, hostile data refused quickly."""

from __future__ import annotations

import enum
import time
from collections import OrderedDict, UserList
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from escalation_rules import Case, CaseError, Policy, Position
from tests.core.policies import NOW, Make, act, decide, fired, iso, plan

RULES = """
- {id: flag, when: {x.a: true}, then: [{recommend: call}]}
- {id: level, when: {x.mood: {at_least: heated}}, then: [{recommend: ask}]}
- {id: choice, when: {x.colour: red}, then: [{recommend: secure}]}
- {id: each, for_each: charges, when: {open: true}, then: [{recommend: waive}]}
- {id: party, when: {x.who: boss}, then: [{recommend: gift}]}
"""


@pytest.fixture
def policy(make: Make) -> Policy:
    return make(RULES)


def kind(value: Any) -> str:
    """An id for a test: pytest's own would be as long as the value."""
    return type(value).__name__


def problems(policy: Policy, case: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(CaseError) as caught:
        policy.decide(case, at=NOW)
    return [(each.code, each.path) for each in caught.value.diagnostics]


def test_facts_are_nested_or_dotted(policy: Policy) -> None:
    nested = policy.decide({"facts": {"x": {"a": True, "colour": "red"}}}, at=NOW)
    assert nested == policy.decide({"facts": {"x.a": True, "x.colour": "red"}}, at=NOW)
    assert nested == policy.decide({"facts": {"x": {"a": True}, "x.colour": "red"}}, at=NOW)
    assert fired(nested) == ["choice", "flag"]


def test_an_empty_case_is_a_case(policy: Policy) -> None:
    empty: list[dict[str, Any]] = [
        {},
        {"facts": None},
        {"facts": {}, "charges": None, "acts": None, "id": None, "currency": None},
        {"history": []},
    ]
    for case in empty:
        assert plan(policy.decide(case, at=NOW)) == []


def test_every_problem_is_reported_at_once_with_its_path(policy: Policy) -> None:
    found = problems(
        policy,
        {
            "id": 7,
            "currency": "twd",
            "colour": "red",
            "facts": {
                "x": {"a": "yes", "aa": True},
                "x.colour": "rad",
                "x.when": "2026-03-02T10:00:00",
                "x.who": "nobody",
            },
            "charges": [
                {"id": "k1", "amount": -1, "opne": True},
                {"amount": 1},
                {"id": "k1"},
                "k2",
                {"id": "k3", "first": "c9"},
            ],
            "claims": {"id": "c1"},
            "acts": [
                {"action": "cal", "by": "clerk", "at": iso()},
                {"action": "call", "by": "nobody", "at": iso()},
                {"action": "call", "at": "yesterday", "outcome": "dnoe", "params": {"no": 1}},
                {"action": "waive", "by": "clerk", "at": iso(), "about": "k9"},
                "call",
            ],
        },
    )
    assert sorted(found, key=str) == sorted(
        [
            ("wrong-value", "id"),
            ("bad-currency", "currency"),
            ("unknown-key", "colour"),
            ("wrong-value", "facts.x.a"),
            ("unknown-fact", "facts.x.aa"),
            ("wrong-value", "facts.x.colour"),
            ("wrong-value", "facts.x.when"),
            ("unknown-party", "facts.x.who"),
            ("wrong-value", "charges[0].amount"),
            ("unknown-key", "charges[0].opne"),
            ("missing-key", "charges[1].id"),
            ("duplicate", "charges[2].id"),
            ("wrong-form", "charges[3]"),
            ("unknown-record", "charges[4].first"),
            ("wrong-form", "claims"),
            ("unknown-action", "acts[0].action"),
            ("unknown-party", "acts[1].by"),
            ("wrong-value", "acts[2].at"),
            ("missing-key", "acts[2].by"),
            ("wrong-value", "acts[2].outcome"),
            ("unknown-key", "acts[2].params.no"),
            ("unknown-record", "acts[3].about"),
            ("wrong-form", "acts[4]"),
        ],
        key=str,
    )


def test_a_fact_beside_facts_is_told_where_it_belongs(policy: Policy) -> None:
    with pytest.raises(CaseError) as caught:
        decide(policy, {"x.a": True})
    (found,) = caught.value.diagnostics
    assert (found.code, found.path, found.message, found.expected) == (
        "unknown-key",
        "x.a",
        "x.a is a fact, but is not below `facts:`",
        "`x.a` below `facts:`",
    )


def test_an_id_names_one_record_of_the_whole_case(policy: Policy) -> None:
    with pytest.raises(CaseError) as caught:
        decide(policy, {"claims": [{"id": "1"}], "charges": [{"id": "1"}]})
    (found,) = caught.value.diagnostics
    assert (found.code, found.path) == ("duplicate", "charges[0].id")
    assert found.message == "the id '1' is already used in claims"
    history = [
        {"at": "2026-03-01T10:00:00Z", "claims": [{"id": "1"}]},
        {"at": "2026-03-01T11:00:00Z", "charges": [{"id": "1"}]},
    ]
    with pytest.raises(CaseError) as caught:
        policy.case({"history": history})
    assert caught.value.diagnostics[0].path == "history[1].charges[0].id"


def test_a_record_that_an_act_names_as_parameter_must_exist(policy: Policy) -> None:
    def act(**params: Any) -> dict[str, Any]:
        return {"action": "pay", "by": "boss", "at": "2026-03-01T10:00:00Z", "params": params}

    records = {"parties": [{"id": "p1"}], "charges": [{"id": "k1"}]}
    policy.case({**records, "acts": [act(to="p1", covers=["k1"])]})
    with pytest.raises(CaseError) as caught:
        policy.case({**records, "acts": [act(to="p2", covers=["k1", "p1"])]})
    assert [(each.code, each.path, each.expected) for each in caught.value.diagnostics] == [
        ("unknown-record", "acts[0].params.covers", "k1"),
        ("unknown-record", "acts[0].params.to", "p1"),
    ]


def test_the_nearest_name_is_suggested(policy: Policy) -> None:
    with pytest.raises(CaseError) as caught:
        decide(policy, {"facts": {"x.colour": "rad"}, "chrages": []})
    assert [each.suggestion for each in caught.value.diagnostics] == ["charges", "red"]


def test_problems_are_placed_in_the_file_where_it_is_known(policy: Policy) -> None:
    places = {"facts.x": Position("case.yaml", 3, 5)}
    with pytest.raises(CaseError) as caught:
        policy.case({"facts": {"x": {"a": 1}}}, places)
    assert caught.value.diagnostics[0].position == places["facts.x"]


@pytest.mark.parametrize("case", [None, 5, "case", [], [("facts", {})], b"case", {1, 2}])
def test_a_case_that_is_no_mapping_is_an_error(policy: Policy, case: Any) -> None:
    assert problems(policy, case) == [("wrong-form", None)]


@pytest.mark.parametrize("part", ["facts", "charges", "acts", "history", "learned_at"])
@pytest.mark.parametrize("value", [5, "text", True, 1.5, b"bytes", object()])
def test_a_part_of_the_wrong_form_is_an_error(policy: Policy, part: str, value: Any) -> None:
    assert problems(policy, {part: value}) == [("wrong-form", part)]


@pytest.mark.parametrize(
    "value", [[], {}, (), set(), object(), b"x", float("nan"), 1j, lambda: None, {"a": {"a": {}}}, [[[]]]]
)
@pytest.mark.parametrize(
    "name", ["x.a", "x.count", "x.amount", "x.colour", "x.mood", "x.text", "x.when", "x.length", "x.who"]
)
def test_a_value_of_the_wrong_type_is_an_error(policy: Policy, name: str, value: Any) -> None:
    assert problems(policy, {"facts": {name: value}})[0] == ("wrong-value", f"facts.{name}") or isinstance(
        value, dict
    )
    assert problems(policy, {"facts": {name: value}})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x.count", 10**5000),
        ("x.count", -1),
        ("x.count", 10**16),
        ("x.amount", 10**5000),
        ("x.amount", float("inf")),
        ("x.amount", float("-inf")),
        ("x.amount", Decimal("sNaN")),
        ("x.amount", Decimal("NaN")),
        ("x.amount", Decimal("1E+999999")),
        ("x.amount", Decimal("1E-999999")),
        ("x.amount", -0.01),
        ("x.amount", 1e-10),
        ("x.text", "\ud800"),
        ("x.text", "x" * 100_001),
        ("x.who", "\ud800"),
        ("x.who", "x" * 201),
        ("x.who", ""),
        ("x.when", "x" * 10**6),
        ("x.when", "0001-01-01T00:00:00+23:00"),
        ("x.when", "9999-12-31T23:59:59-23:00"),
        ("x.when", datetime(2026, 1, 1)),  # noqa: DTZ001
        ("x.length", timedelta(days=-1)),
        ("x.length", "9999999 days"),
        ("x.length", "1" * 5000 + " days"),
        ("x.colour", "red" * 10**5),
        ("x.colour", "RED"),
    ],
    ids=kind,
)
def test_hostile_values_are_refused(policy: Policy, name: str, value: Any) -> None:
    found = problems(policy, {"facts": {name: value}})
    assert found == [
        ("unknown-party" if value == "\ud800" and name == "x.who" else "wrong-value", f"facts.{name}")
    ]


@pytest.mark.parametrize(
    "key",
    [5, None, True, 1.5, (1, 2), b"x", "\ud800", "x" * 10**6, 10**5000, float("nan"), "x." * 50_000, ""],
    ids=kind,
)
def test_hostile_keys_are_refused_wherever_they_stand(policy: Policy, key: Any) -> None:
    start = time.perf_counter()
    for case in (
        {key: 1},
        {"facts": {key: 1}},
        {"facts": {"x": {key: 1}}},
        {"facts": {key: {"a": 1}}},
        {"charges": [{"id": "k", key: 1}]},
        {"acts": [act("call") | {key: 1}]},
        {"acts": [act("pay", params={key: 1})]},
        {"learned_at": {key: iso()}},
        {"history": [{"at": iso(), key: 1}]},
    ):
        with pytest.raises(CaseError) as caught:
            policy.decide(case, at=NOW)
        assert all(len(str(each)) < 3_000_000 for each in caught.value.diagnostics)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("where", ["case", "facts", "nested", "record", "records", "act", "acts", "entry"])
def test_a_hundred_thousand_keys_do_not_take_seconds(policy: Policy, where: str) -> None:
    many = {f"k{number}": number for number in range(100_000)}
    rows = [{"id": key} for key in many]
    cases: dict[str, dict[str, Any]] = {
        "case": many,
        "facts": {"facts": many},
        "nested": {"facts": {"x": many}},
        "record": {"charges": [{"id": "k", **many}]},
        "records": {"charges": rows},
        "act": {"acts": [act("call") | many]},
        "acts": {"acts": rows},
        "entry": {"history": [{"at": iso(), **many}]},
    }
    start = time.perf_counter()
    with pytest.raises(CaseError) as caught:
        policy.decide(cases[where], at=NOW)
    assert time.perf_counter() - start < 3
    assert len(caught.value.diagnostics) <= 1000


def test_deep_nesting_is_refused_without_recursion(policy: Policy) -> None:
    deep: Any = True
    for _ in range(100_000):
        deep = {"a": deep}
    assert problems(policy, {"facts": {"x": deep}}) == [("wrong-value", "facts.x.a")]
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    assert problems(policy, {"facts": {"x.a": nested}}) == [("wrong-value", "facts.x.a")]
    assert problems(policy, {"charges": nested}) == [("wrong-form", "charges[0]")]


def test_problems_of_hostile_data_can_be_written_as_utf_8(policy: Policy) -> None:
    for case in (
        {"\ud800": 1},
        {"facts": {"\ud800": 1}},
        {"facts": {"x.text": "\ud800"}},
        {"charges": [{"id": "\ud800"}]},
        {"acts": [act("\ud800")]},
        {"acts": [act("call", by="\ud800")]},
        {"acts": [act("call", about="\ud800")]},
    ):
        with pytest.raises(CaseError) as caught:
            policy.decide(case, at=NOW)
        str(caught.value).encode("utf-8")
        for each in caught.value.diagnostics:
            str(each.to_dict()).encode("utf-8")


# --- what a CRM has at hand -------------------------------------------------------------------------------------------


class Colour(str, enum.Enum):  # noqa: UP042 - prints `Colour.RED`
    RED = "red"


class Mood(enum.StrEnum):
    HEATED = "heated"


class Name(str):
    __slots__ = ()


class Word(str, enum.Enum):  # noqa: UP042 - as people write it
    FACTS = "facts"
    X = "x"
    A = "a"
    CALL = "call"
    DONE = "done"
    BOSS = "boss"
    K1 = "k1"


def test_enumerations_and_other_kinds_of_str_are_their_text(policy: Policy) -> None:
    case = {
        Word.FACTS: {Word.X: {Word.A: True, "colour": Colour.RED, "mood": Mood.HEATED, "who": Word.BOSS}},
        "id": Name("T"),
        "charges": [{"id": Word.K1, "open": True}],
        "acts": [{"action": Word.CALL, "by": Name("clerk"), "at": iso(-1), "outcome": Word.DONE}],
    }
    decision = decide(policy, case)
    assert plan(decision) == [
        ("secure", None, ["choice"]),
        ("ask", None, ["level"]),
        ("gift", None, ["party"]),
        ("waive", "k1", ["each"]),
    ]
    assert [each.action for each in decision.done] == ["call"]
    plain = decide(
        policy,
        {
            "id": "T",
            "facts": {"x.a": True, "x.colour": "red", "x.mood": "heated", "x.who": "boss"},
            "charges": [{"id": "k1", "open": True}],
            "acts": [act("call", -1)],
        },
    )
    assert repr(decision.to_dict()) == repr(plain.to_dict())


class Lazy(Mapping[str, Any]):
    """A mapping that is no dict, as ORMs and web frameworks have them."""

    def __init__(self, **data: Any) -> None:
        self.data = data

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


def test_mappings_and_sequences_of_any_kind_will_do(policy: Policy) -> None:
    case = Lazy(
        facts=MappingProxyType({"x": OrderedDict(a=True)}),
        charges=UserList([Lazy(id="k1", open=True)]),
        acts=(Lazy(**act("ask")),),
    )
    assert plan(policy.decide(case, at=NOW)) == [("call", None, ["flag"]), ("waive", "k1", ["each"])]


def test_the_case_is_not_changed(policy: Policy) -> None:
    case = {"facts": {"x": {"a": True}}, "charges": [{"id": "k1", "open": True}], "acts": [act("call")]}
    before = repr(case)
    policy.decide(case, at=NOW)
    assert repr(case) == before


def test_a_case_can_be_read_once_and_decided_often(policy: Policy) -> None:
    case = policy.case({"facts": {"x": {"a": True}}})
    assert isinstance(case, Case)
    assert policy.decide(case, at=NOW) == policy.decide({"facts": {"x": {"a": True}}}, at=NOW)
    assert not case.is_history


@pytest.mark.parametrize(("value", "quoted"), [(17, '"17"'), (1.5, '"1.5"'), (True, '"true"')])
def test_a_number_for_a_text_is_told_to_be_quoted(policy: Policy, value: Any, quoted: str) -> None:
    with pytest.raises(CaseError) as caught:
        policy.decide({"facts": {"x.text": value}}, at=NOW)
    (problem,) = caught.value.diagnostics
    assert problem.expected == f"quotes around it: {quoted}"


@pytest.mark.parametrize("when", [datetime(2026, 3, 2), "2026-03-02T10:00:00Z", None, 0, NOW.date()])  # noqa: DTZ001
def test_a_naive_instant_is_an_error(policy: Policy, when: Any) -> None:
    with pytest.raises(CaseError) as caught:
        policy.decide({}, at=when)
    assert [(each.code, each.path) for each in caught.value.diagnostics] == [("bad-instant", "at")]


def test_an_instant_may_be_in_any_zone(policy: Policy) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=8)))
    assert policy.decide({}, at=there) == policy.decide({}, at=NOW)
    assert policy.decide({}, at=there).to_dict()["at"] == "2026-03-02T10:00:00Z"


def test_a_fact_given_both_ways_is_given_twice(policy: Policy) -> None:
    assert problems(policy, {"facts": {"x": {"a": True}, "x.a": True}}) == [("duplicate", "facts.x.a")]


def test_persons_in_a_policy_without_parties_are_told_what_to_declare(tmp_path: Path) -> None:
    (tmp_path / "alone.yaml").write_text(
        "format: 1\nvocabulary:\n  phases: [one]\n  roles: [clerk]\n  actions: {call: {phase: one, owner: clerk}}\n",
        encoding="utf-8",
    )
    alone = Policy.load(tmp_path)
    for data, path in (
        ({"parties": [{"id": "amy"}]}, "parties"),
        ({"acts": [{"action": "call", "by": "amy", "at": "2026-03-01T10:00:00Z"}]}, "acts[0].by"),
    ):
        with pytest.raises(CaseError) as caught:
            alone.case(data)
        (problem,) = caught.value.diagnostics
        assert problem.path == path
        assert "the policy does not declare the list 'parties'" in problem.message
        assert "`parties: {each: party, " in (problem.expected or "")
