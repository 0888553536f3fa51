"""What stands above a decision: whom and what the case is about, as the policy declares it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Decision, Policy, PolicyError
from tests.cli.test_agenda import AT

Run = Callable[..., Any]

HEAD = """\
format: 1
name: desk
languages: [en]
vocabulary:
  phases: [people]
  roles: [clerk, customer]
  facts:
    case.subject: {type: text, for_people: true}
    case.opened_at: {type: instant}
    customer.here: {type: flag, presume: false, label: the customer is waiting here}
    customer.needed_by: {type: instant, label: needed by}
    customer.wish: {type: text, label: wants, for_people: true}
  records:
    parties:
      each: party
      absent: none
      fields:
        role: {type: party}
        person: {type: text, for_people: true}
        mood: {type: choice, values: [calm, furious], stale_after: 1 hour}
        price: {type: amount, label: price}
  actions:
    greet: {phase: people, owner: clerk}
  heading:
    - case.subject
    - for_each: parties
      where: {role: customer}
      show: [mood, price]
    - customer.here
    - customer.wish
    - customer.needed_by
ruleset: desk
rules:
  - id: greet
    then: [{recommend: greet}]
    because: Be kind.
"""
CASE: dict[str, Any] = {
    "id": "D-1",
    "currency": "EUR",
    "history": [
        {
            "at": AT,
            "facts": {
                "case.subject": "the parcel is lost",
                "customer.here": True,
                "customer.wish": "a new one",
                "customer.needed_by": "2026-03-03T09:00:00Z",
            },
            "parties": [
                {"id": "ann", "role": "customer", "person": "Ann", "mood": "furious", "price": 12},
                {"id": "bob", "role": "clerk", "person": "Bob", "mood": "furious"},
                {"id": "cleo", "role": "customer", "person": "Cleo"},
                {"id": "dan", "person": "Dan"},
            ],
        }
    ],
}


@pytest.fixture
def desk(tmp_path: Path) -> str:
    path = tmp_path / "desk.yaml"
    path.write_text(HEAD, encoding="utf-8")
    return str(path)


@pytest.fixture
def say(run: Run, desk: str) -> Callable[..., str]:
    def say(*arguments: str, at: str = "2026-03-02T12:30:00Z", case: Any = None, layer: str = "") -> str:
        layers = ["--policy", desk, *(["--policy", layer] if layer else [])]
        result = run("decide", "-", *layers, "--at", at, *arguments, stdin=json.dumps(case or CASE))
        assert (result.code, result.err) == (0, "")
        return str(result.out)

    return say


SHOWN = (
    "The parcel is lost; Ann (furious, price: €12); Cleo; the customer is waiting here; wants: a new one; needed by: 09:00"
    " tomorrow."
)


@pytest.mark.parametrize("arguments", [(), ("--brief",), ("--all",), ("--for", "clerk")])
def test_the_heading_stands_below_the_first_line(say: Callable[..., str], arguments: tuple[str, ...]) -> None:
    out = say(*arguments)
    assert out.startswith("Case D-1, ")
    assert " ".join(out.split("\n\n")[0].splitlines()[1:3]).startswith(SHOWN)


def test_what_is_stale_or_not_so_is_left_out(say: Callable[..., str]) -> None:
    out = " ".join(say(at="2026-03-02T13:30:00Z").split())
    assert "Ann (price: €12); Cleo; the" in out, "an hour later, nobody knows how she feels"
    entry = CASE["history"][0]
    away = {**CASE, "history": [{**entry, "facts": {"customer.here": False}, "parties": []}]}
    assert say(case=away).splitlines()[1] == ""
    assert say(case={"id": "D-1", "facts": {}}).splitlines()[1] == "", "what is presumed, nobody has said"


def test_json_has_the_heading_as_data_where_the_policy_declares_one(
    run: Run, say: Callable[..., str], shop: str
) -> None:
    assert json.loads(say("--json"))["heading"] == [
        {"fact": "case.subject", "about": None, "value": "the parcel is lost"},
        {"fact": "parties.mood", "about": "ann", "value": "furious"},
        {"fact": "parties.price", "about": "ann", "value": "12"},
        {"fact": "parties.mood", "about": "cleo", "value": None},
        {"fact": "parties.price", "about": "cleo", "value": None},
        {"fact": "customer.here", "about": None, "value": True},
        {"fact": "customer.wish", "about": None, "value": "a new one"},
        {"fact": "customer.needed_by", "about": None, "value": "2026-03-03T09:00:00Z"},
    ]
    plain = run("decide", "-", "--policy", shop, "--at", AT, "--json", stdin="{}")
    assert "heading" not in json.loads(plain.out)


@pytest.mark.parametrize(
    ("zone", "heading", "due"),
    [
        (
            "Asia/Taipei",
            "Where the customer is it is Mon 2 Mar 2026, 20:30 (UTC+8).",
            "; there 21:00 today",
        ),
        ("Africa/Accra", "", ""),
        ("the moon", "The moon.", ""),
    ],
)
def test_the_time_where_the_customer_is_if_it_is_another_one(
    run: Run, tmp_path: Path, zone: str, heading: str, due: str
) -> None:
    path = tmp_path / "far.yaml"
    text = HEAD[: HEAD.index("  heading:")].replace(
        "    customer.wish:",
        "    customer.zone: {type: text, label: zone, for_people: true}\n    customer.wish:",
    )
    rules = HEAD[HEAD.index("ruleset: desk") :].replace(
        "{recommend: greet}", "{recommend: greet, within: 1 hour of case.opened_at}"
    )
    groups = "  groups:\n    talk: {in_one_go: parties, actions: [greet]}\n"
    path.write_text(f"{text}{groups}  heading:\n    - local_time: customer.zone\n{rules}", encoding="utf-8")
    case = {"facts": {"case.opened_at": "2026-03-02T12:00:00Z", "customer.zone": zone}}
    out = run(
        "decide", "-", "--policy", str(path), "--at", "2026-03-02T12:30:00Z", stdin=json.dumps(case)
    ).out
    assert out.splitlines()[1] == heading
    assert f"clerk, by 13:00 today (30 minutes left){due}\n" in out


def test_a_higher_layer_declares_its_own(say: Callable[..., str], tmp_path: Path) -> None:
    ours = tmp_path / "ours.yaml"
    ours.write_text("format: 1\nvocabulary:\n  heading:\n    - for_each: parties\n", encoding="utf-8")
    assert say(layer=str(ours)).splitlines()[1] == "Ann; Bob; Cleo; Dan."
    ours.write_text("format: 1\nvocabulary:\n  heading: []\n", encoding="utf-8")
    assert say(layer=str(ours)).splitlines()[1] == ""


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("[case.subjekt]", "unknown-fact"),
        ("case.subject", "wrong-form"),
        ("[[case.subject]]", "wrong-form"),
        ("[{where: {role: customer}}]", "missing-key"),
        ("[{for_each: partys}]", "unknown-record-list"),
        ("[{for_each: parties, show: [moods]}]", "unknown-field"),
        ("[{for_each: parties, where: {role: boss}}]", "unknown-role"),
        ("[{for_each: parties, when: {role: customer}}]", "unknown-key"),
        ("[{local_time: customer.wis}]", "unknown-fact"),
        ("[{local_time: customer.here}]", "wrong-value"),
        ("[{local_time: customer.wish, show: [mood]}]", "unknown-key"),
    ],
)
def test_what_cannot_be_shown_is_reported(tmp_path: Path, heading: str, code: str) -> None:
    start, end = HEAD.index("  heading:"), HEAD.index("ruleset: desk")
    path = tmp_path / "wrong.yaml"
    path.write_text(f"{HEAD[:start]}  heading: {heading}\n{HEAD[end:]}", encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        Policy.load(path)
    assert [each.code for each in raised.value.diagnostics] == [code]


def test_a_printed_heading_is_no_part_of_the_decision(
    run: Run, say: Callable[..., str], tmp_path: Path
) -> None:
    printed, case = tmp_path / "decision.json", tmp_path / "case.json"
    printed.write_text(say("--json"), encoding="utf-8")
    case.write_text(json.dumps(CASE), encoding="utf-8")
    assert run("verify", str(printed), str(case), "--policy", str(tmp_path / "desk.yaml")).code == 0
    assert Decision.from_dict(json.loads(printed.read_text(encoding="utf-8"))).case == "D-1"
