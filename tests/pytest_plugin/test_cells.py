"""Cells and the ends of sentences: YAML 1.2 scalars, instants, lengths of time, and what equals what."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from escalation_rules import Policy
from escalation_rules.pytest_plugin.cells import (
    instant_of,
    length_of,
    plain_length,
    same_length,
    same_value,
    value_of,
)
from escalation_rules.pytest_plugin.names import Names

TAIPEI = ZoneInfo("Asia/Taipei")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("null", None),
        ("no", "no"),
        ("13:30", "13:30"),
        ("800", 800),
        ("+49", "+49"),
        ("007", "007"),
        ("1e3", "1e3"),
        ("800.10", Decimal("800.10")),
        ('"800"', "800"),
        ("「800」", "800"),
        ("“true”", "true"),
        ("[l1, l2]", ["l1", "l2"]),
        ("{TWD: 800}", {"TWD": 800}),
        ("換一片桌面", "換一片桌面"),
        ("Solve it: or I complain", "Solve it: or I complain"),
        ("gate # 4", "gate # 4"),
        ("- so she said", "- so she said"),
        ("*", "*"),
        ("2 days", "2 days"),
        ("2026-03-01T10:00:00+08:00", "2026-03-01T10:00:00+08:00"),
        ("2026-03-01 10:00 +08:00", "2026-03-01T10:00+08:00"),
    ],
)
def test_values_read_as_in_a_case_file(text: str, value: Any) -> None:
    read = value_of(text)
    assert read == value
    assert type(read) is type(value)


def test_what_begins_like_a_list_must_be_one() -> None:
    with pytest.raises(ValueError, match="cannot read"):
        value_of("[l1, l2")


def test_a_zone_completes_instants_without_offset_and_nothing_else() -> None:
    assert value_of("2026-03-01 10:00", TAIPEI) == "2026-03-01T10:00:00+08:00"
    assert value_of("[2026-03-01 10:00]", TAIPEI) == ["2026-03-01T10:00:00+08:00"]
    assert value_of("2026-03-01T10:00Z", TAIPEI) == "2026-03-01T10:00Z"
    assert value_of('"2026-03-01 10:00"', TAIPEI) == "2026-03-01 10:00"
    assert value_of("2026-03-01", TAIPEI) == "2026-03-01"


def test_an_instant_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="has no offset"):
        instant_of("2026-03-01 10:00")
    with pytest.raises(ValueError, match="is not an instant"):
        instant_of("tomorrow")


@pytest.mark.parametrize("text", ["30 minutes", "30 分鐘", "30分钟", "PT30M", "1800 seconds"])
def test_lengths_of_time_in_three_languages(text: str) -> None:
    assert length_of(text) == (Decimal(1800), "second")


@pytest.mark.parametrize("text", ["1 working day", "1 個工作日", "1 个工作日"])
def test_working_time_is_no_other_time(text: str) -> None:
    assert length_of(text) == (Decimal(1), "working day")
    assert not same_length(text, "1 day")
    assert same_length(text, "1 working day in taipei")
    assert not same_length("1 working day in shanghai", "1 working day in taipei")


def test_a_chinese_length_is_written_as_in_a_case_file() -> None:
    assert plain_length("3 個工作天") == "3 working day"
    assert plain_length("45分鐘") == "2700 second"
    assert plain_length("45 minutes") == "45 minutes"
    assert plain_length("很久") == "很久"


def test_a_length_without_a_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="not a length of time"):
        length_of("30 minuets")


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (800, "800"),
        (Decimal("800.10"), "800.1"),
        (800, {"amount": "800", "currency": "TWD"}),
        ("800 TWD", {"amount": "800", "currency": "TWD"}),
        ("TWD 800", {"amount": "800", "currency": "TWD"}),
        ({"amount": 800, "currency": "TWD"}, {"amount": "800", "currency": "TWD"}),
        (["l2", "l1"], ["l1", "l2"]),
        ("l1", ["l1"]),
        (None, None),
        ("unknown", None),
        ("未知", None),
        ("2026-03-01T10:00:00+08:00", "2026-03-01T02:00:00Z"),
        ("30 minutes", "PT30M"),
        (True, True),
    ],
)
def test_what_is_the_same(expected: Any, actual: Any) -> None:
    assert same_value(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (801, "800"),
        ("800 CNY", {"amount": "800", "currency": "TWD"}),
        (1, True),
        ("true", True),
        (True, "true"),
        (0, None),
        ("l1", ["l1", "l2"]),
        ("established", None),
        ("2026-03-01T10:00:00+08:00", "2026-03-01T10:00:00Z"),
    ],
)
def test_what_is_not(expected: Any, actual: Any) -> None:
    assert not same_value(expected, actual)


def test_words_and_lengths_in_chinese_are_values_of_a_fact() -> None:
    model = Policy.load(Path(__file__).resolve().parents[1] / "diagnostics" / "base").model
    names = Names.of(model)
    assert names.value("customer.vip", "是") is True
    assert names.value("charges.open", "否") is False
    assert names.value("customer.patience", "3 個工作天") == "3 working day"
    assert names.value("customer.letter", "是") == "是"
    with pytest.raises(ValueError, match="unknown value '不是'"):
        names.value("customer.vip", "不是")


def test_digits_are_a_text_where_the_fact_is_a_text(tmp_path: Path) -> None:
    policy = """
format: 1
name: digits
vocabulary:
  phases: [settle]
  roles: [clerk]
  principles: [fair]
  facts:
    customer.number: {type: text}
    customer.orders: {type: count}
  records: {orders: {each: order, absent: none, fields: {follows: {type: reference, to: orders}}}}
  actions: {call: {phase: settle, owner: clerk, params: {number: {type: text}}}}
"""
    (tmp_path / "policy.yaml").write_text(policy, encoding="utf-8")
    names = Names.of(Policy.load(tmp_path).model)
    for text in ("77", "1.50", "+49", "007"):
        assert names.value("customer.number", value_of(text)) == text
        assert names.value("orders.follows", value_of(text)) == text
        assert names.parameter_value("call", "number", value_of(text)) == text
    assert names.value("customer.orders", value_of("77")) == 77
    assert names.value("customer.number", value_of("true")) is True
