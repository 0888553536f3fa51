"""Texts of customers → proposals: what is found, what is not, and what speaks against it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from escalation_rules import RequestError
from escalation_rules.integrations.signals import Message, Proposal, propose
from tests.integrations.signals.said import AT, proposed, said, told


def only(text: str, path: str, currency: str | None = None) -> Proposal:
    [found] = [each for each in proposed(text, currency) if each.path == path]
    return found


def test_a_proposal_says_what_where_and_by_which_entry() -> None:
    text = "Hello. If nobody calls, I will report you to Trading Standards! Bye."
    found = only(text, "signals")
    assert (found.message, found.rule, found.source) == ("m1", "en-regulator", "lexicon")
    assert found.quote == "report you to Trading Standards" == text[found.start : found.end]
    assert found.value == {"kind": "regulator", "at": AT, "words": text[7:63]}
    assert [each.kind for each in found.against] == ["supposition"]
    assert (
        [text[each.start : each.end] for each in found.against]
        == ["If"]
        == [each.quote for each in found.against]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("行動電源在背包裡起火，燒壞了筆電。", {"hazard.happened=True"}),
        ("我的手被燙傷，已經送醫。", {"people.injured=True"}),
        ("再不處理我就打1950申訴。", {"signals kind=regulator"}),
        ("我要去消协投诉你们。", {"signals kind=consumer_association"}),
        ("不退款我就去法院告你们，法院见。", {"customer.wants_money=True", "signals kind=court"}),
        ("我會找記者爆料。", {"signals kind=media"}),
        ("剛才的通話我有錄音，再不處理就放上網。", {"signals kind=recording", "signals kind=posting"}),
        ("我不要禮品，我要一個說法。", None),
        ("I'm going to the press and my lawyer.", {"signals kind=media", "signals kind=court"}),
        ("The charger exploded and burned my hand.", {"hazard.happened=True", "people.injured=True"}),
    ],
)
def test_it_is_found_in_every_language(text: str, expected: set[str] | None) -> None:
    if expected is None:
        assert "customer.declined_gifts=True" in told(text)
    else:
        assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The text gets burned into the frame when I export.",
        "I read on Twitter that you have a sale.",
        "Twitter is my favourite subject.",
        "Your refund policy is on page two.",
        "Luckily no injuries, nobody was hurt.",
        "No police report exists.",
        "The regulator of my oven is set to four.",
        "We play basketball on the court behind your shop.",
        "一共 12315 元。",
        "我爺爺是 1950 年生的。",
        "經理曾致電到我房間。",
        "冰箱门没关好会有报警声。",
        "店家说杯子是我打破的，要求我赔偿110元。",
        "还好没有人受伤。",
        "水太热，差点烫伤孩子。",
    ],
)
def test_a_topic_is_no_signal(text: str) -> None:
    assert told(text, "TWD") == set()


def test_danger_comes_first_whatever_came_earlier() -> None:
    found = propose(
        [said("I want a refund.", "m1"), said("It caught fire.", "m2"), said("It cut my hand.", "m3")]
    )
    assert [each.path for each in found] == ["hazard.happened", "people.injured", "customer.wants_money"]


def test_a_guarding_word_counts_only_where_it_stands_near() -> None:
    far = "there was an album playing next door and we sat at the table with our children at dinner when the heater was on fire"
    assert told(far) == {"hazard.happened=True"}
    assert told("this album of theirs is on fire") == set()


@pytest.mark.parametrize("thing", ["Kindle", "Fire tablet", "album player"])
def test_danger_has_no_guards_beyond_its_figures_of_speech(thing: str) -> None:
    assert told(f"My {thing} caught fire.") == {"hazard.happened=True"}


def test_only_what_customers_wrote_is_read() -> None:
    text = "The charger caught fire."
    assert propose([said(text, role="agent"), said(text, "m2", "system")]) == ()
    assert [each.message for each in propose([said(text, "m3", "end-user")], customers={"end-user"})] == [
        "m3"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Thanks.\n> The charger caught fire\n> and my lawyer will sue you\n",
        "Thanks.\n\nOn Tue, 2 Mar 2026, Agent Lin wrote:\nIf it caught fire, see a lawyer.\n",
        "Thanks.\n-----Original Message-----\nIt caught fire.",
        "謝謝。\n\n林小姐 於 2026年3月2日 寫道：\n請問有起火嗎？",
        "Thanks.\n-- \nA. Smith\nTalk to my lawyer first\n",
        "Thanks.\n\nKind regards,\nAnna Smith\nOn Fire Marketing Ltd",
        "Thanks.\nFrom: Shop\nSent: Monday\nTo: me\nIt caught fire.",
        "See https://example.org/caught-fire/flames and mail on.fire@example.org, @on_fire",
    ],
)
def test_what_is_not_the_author_s_own_is_left_out(text: str) -> None:
    assert told(text) == set()


def test_what_stands_before_and_behind_a_quoted_line_is_read() -> None:
    text = "> When did it happen?\nIt caught fire on Monday.\n> Anything else?\nI want a full refund."
    assert told(text) == {"hazard.happened=True", "customer.wants_money=True"}
    assert all(text[each.start : each.end] == each.quote for each in proposed(text))


def test_two_demands_of_one_message_are_two_proposals() -> None:
    found = proposed("I need a replacement. And please call me back!")
    assert [each.value for each in found if each.path == "customer.demand"] == [
        "I need a replacement.",
        "And please call me back!",
    ]


def test_what_is_said_twice_is_proposed_once_and_where_nothing_speaks_against_it() -> None:
    found = only("If it catches fire again… It caught fire. It really caught fire.", "hazard.happened")
    assert (found.quote, found.against) == ("caught fire", ())


def test_a_promise_with_a_day_says_until_when() -> None:
    found = only("You promised to call me back by 5 March and nobody did.", "promises")
    assert isinstance(found.value, dict)
    assert found.value["due_at"] == "2026-03-05T23:59:59+08:00"
    assert found.value["promised_to"] == "customer"


def test_a_day_that_counts_from_when_it_was_promised_is_left_open() -> None:
    found = only("They said the sofa would arrive on Friday.", "promises")
    assert isinstance(found.value, dict)
    assert "due_at" not in found.value


def test_a_day_that_the_customer_names_counts_from_the_message() -> None:
    assert only("I need it by Friday.", "customer.needed_by").value == "2026-03-06T23:59:59+08:00"
    assert only("我下週五就要用，請幫忙。", "customer.needed_by").value == "2026-03-13T23:59:59+08:00"
    assert (
        propose([Message("m", "customer", "I need it by Friday.")]) == ()
    )  # nobody knows when it was written


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("My card was charged $64.50.", "USD", "64.50"),
        ("You charged me NT$1,200.", "TWD", "1200"),
        ("I paid 7,99€.", "EUR", "7.99"),
        ("你們多收三百五十元。", "TWD", "350"),
        ("信用卡被扣了1.2万元。", "CNY", "12000"),
        ("被扣了￥300", "CNY", "300"),
    ],
)
def test_amounts_in_the_currency_of_the_case(text: str, currency: str, amount: str) -> None:
    found = only(text, "charges", currency)
    assert isinstance(found.value, dict)
    assert (found.value["amount"], found.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("My card was charged $64.50.", None),
        ("My card was charged €64.50.", "USD"),
        ("I was charged and called 12315.", "CNY"),
        ("我被扣了，打1950申訴。", "TWD"),
        ("You charged me US$20.", "TWD"),
    ],
)
def test_a_number_that_is_no_amount_of_the_case(text: str, currency: str | None) -> None:
    assert [each for each in proposed(text, currency) if each.path == "charges"] == []


def test_how_often() -> None:
    assert only("This is the third time it has failed.", "problem.occurrences").value == 3
    assert only("這已經是第三次送修了。", "problem.occurrences").value == 3


def test_questions_each_with_its_place() -> None:
    text = "Why was I charged? Thanks. 請問什麼時候會出貨"
    found = [each for each in proposed(text + "？") if each.path == "questions"]
    assert [each.quote for each in found] == ["Why was I charged?", "請問什麼時候會出貨？"]
    assert [each.value["asked_by"] for each in found if isinstance(each.value, dict)] == [
        "customer",
        "customer",
    ]


def test_a_proposal_is_plain_data_and_keeps_its_id() -> None:
    first = proposed("You charged me $20.", "USD")
    again = propose([{**said("You charged me $20."), "at": datetime.fromisoformat(AT)}], currency="USD")
    assert [each.id for each in first] == [each.id for each in again]
    data = first[0].to_dict()
    assert (data["id"], data["value"]["amount"], data["source"]) == (first[0].id, "20", "lexicon")


def test_a_currency_that_is_none() -> None:
    with pytest.raises(RequestError, match="currency"):
        propose([], currency="dollars")
