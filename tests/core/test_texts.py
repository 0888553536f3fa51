"""Slots in `because` and `say`: values in the words of the vocabulary, money and times in the formats of each language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from escalation_rules import Decision, Policy, Step
from escalation_rules.babel_formats import BabelFormats
from tests.core.policies import NOW, Make, decide, iso

RULES = """\
- id: it
  for_each: charges
  then:
    - recommend: pay
      about: case
      total: charge.amount
      method: cash
      to: {one_of: parties, which: {upset: true}}
      deadline: charge.at
      say:
        en: We pay {total} in {method} to {to}, by {deadline} ({due}).
        zh-TW: 我們以{method}付 {total} 給{to}，最晚 {deadline}（{due}）。
      within: 2 days of charge.at
  because:
    en: "{charge.amount} since {charge.at}, {x.colour}, {x.length}, {x.who}, {x.a}, {x.mood}"
    zh-TW: "{charge.amount}，自 {charge.at}，{x.colour}，{x.length}，{x.who}，{x.a}，{x.mood}"
"""
CASE: dict[str, Any] = {
    "currency": "TWD",
    "charges": [{"id": "k1", "amount": 12800, "at": iso(-2)}],
    "parties": [{"id": "p1", "upset": True, "role": "customer"}],
}
FACTS: dict[str, Any] = {"x__colour": "red", "x__length": "17 hours", "x__who": "boss", "x__a": True}


def only(decision: Decision) -> Step:
    (step,) = decision.plan
    return step


def texts(policy: Policy, language: str, decision: Decision | None = None) -> tuple[str, str]:
    step = only(decision or decide(policy, CASE, **FACTS))
    return step.because[0].text.in_language(language), step.say.in_language(language)


def test_plain_texts_need_nothing_else(make: Make) -> None:
    because, say = texts(make(RULES), "en")
    assert because == "12800 TWD since 2026-03-02T08:00:00Z, red, 17 hours, boss, yes, (not known yet)"
    assert say == ("We pay 12800 TWD in cash to p1, by 2026-03-02T08:00:00Z (2026-03-04T08:00:00Z).")


@pytest.mark.parametrize(
    ("language", "because", "say"),
    [
        (
            "en",
            "NT$12,800 since Mon 2 Mar 2026, 16:00, red, 17 hours, boss, yes, (not known yet)",
            "We pay NT$12,800 in cash to p1, by Mon 2 Mar 2026, 16:00 (Wed 4 Mar 2026, 16:00).",
        ),
        (
            "zh-TW",
            "NT$12,800，自 2026年3月2日（週一）16:00，red，17 小時，boss，是，（尚待確認）",
            "我們以cash付 NT$12,800 給p1，最晚 2026年3月2日（週一）16:00（2026年3月4日（週三）16:00）。",
        ),
    ],
)
def test_with_formats_money_and_times_are_those_of_the_language(
    make: Make, language: str, because: str, say: str
) -> None:
    policy = make(RULES).with_formats(BabelFormats.in_zone(ZoneInfo("Asia/Taipei")))
    assert texts(policy, language) == (because, say)


def test_only_texts_differ_with_formats(make: Make) -> None:
    plain = make(RULES)
    people = plain.with_formats(BabelFormats.in_zone(ZoneInfo("Asia/Taipei")))
    one, other = (decide(each, CASE, **FACTS) for each in (plain, people))
    assert not one.same_as(other)
    assert plain.digest == people.digest
    step, spoken = only(one), only(other)
    assert (step.id, step.due, step.params) == (spoken.id, spoken.due, spoken.params)
    assert texts(plain, "en") == texts(plain, "en", one)  # the first policy still speaks plainly


def test_a_decision_is_verified_with_the_formats_that_it_was_made_with(make: Make) -> None:
    plain = make(RULES)
    people = plain.with_formats(BabelFormats.in_zone(ZoneInfo("Asia/Taipei")))
    decision = people.decide(CASE, at=NOW)
    assert people.verify(decision, CASE).verified
    assert not plain.verify(decision, CASE).verified


def test_the_audit_and_the_verdict_speak_alike(make: Make) -> None:
    rules = "- id: it\n  for_each: charges\n  then: [{forbid: dun}]\n  because:\n    en: Not {charge.amount} again.\n"
    people = make(rules).with_formats(BabelFormats.in_zone(ZoneInfo("Asia/Taipei")))
    verdict = people.check(CASE, "dun", about="k1", at=NOW)
    assert [each.text.in_language("en") for each in verdict.because] == ["Not NT$12,800 again."]
    history = {
        "currency": "TWD",
        "history": [
            {"at": iso(-2), "charges": [{"id": "k1", "amount": Decimal("0.5")}]},
            {"at": iso(-1), "acts": [{"action": "dun", "by": "clerk", "about": "k1"}]},
        ],
    }
    (breach,) = people.audit(history, at=NOW)
    assert [each.text.in_language("en") for each in breach.because] == ["Not NT$0.50 again."]
