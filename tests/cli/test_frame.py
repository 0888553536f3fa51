"""The parts of the frame: formats by Babel, lines that end where they may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_rules.babel_formats import BabelFormats
from escalation_rules.cli.text.streams import clean
from escalation_rules.cli.text.width import width as width_of
from escalation_rules.cli.text.wrapping import breaks
from escalation_rules.texts import LANGUAGES
from escalation_rules.words.labels import PlainFormats, Span
from escalation_rules.words.labels.deadlines import value_said

TAIPEI = timezone(timedelta(hours=8))


# --- formats ----------------------------------------------------------------------------------------------------------


def formats(language: str) -> BabelFormats:
    return BabelFormats(language, TAIPEI)


@pytest.mark.parametrize(
    ("language", "whole", "broken", "foreign"),
    [
        ("en", "NT$12,800", "NT$12,800.50", "CN¥0.125"),
        ("zh-TW", "NT$12,800", "NT$12,800.50", "CN¥0.125"),
        ("zh-CN", "NT$12,800", "NT$12,800.50", "¥0.125"),
    ],
)
def test_money_has_no_decimals_that_say_nothing_and_keeps_all_others(
    language: str, whole: str, broken: str, foreign: str
) -> None:
    assert formats(language).amount(Decimal(12800), "TWD") == whole
    assert formats(language).amount(Decimal("12800.5"), "TWD") == broken
    assert formats(language).amount(Decimal("0.125"), "CNY") == foreign


def test_money_without_a_currency_or_in_an_unknown_one_is_still_shown() -> None:
    assert formats("en").amount(Decimal("1234.5"), None) == "1,234.5"
    assert formats("zh-TW").amount(Decimal(5), "QQQ") == "QQQ5"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Tue 3 Mar 2026, 00:05"),
        ("zh-TW", "2026年3月3日（週二）00:05"),
        ("zh-CN", "2026年3月3日（周二）00:05"),
    ],
)
def test_instants_stand_in_the_zone_of_the_output(language: str, expected: str) -> None:
    assert formats(language).instant(datetime(2026, 3, 2, 16, 5, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (-44, ("14:05 on Sat 28 Feb", "2月28日（週六）14:05", "2月28日（周六）14:05")),
        (-24, ("10:05 yesterday", "昨天 10:05", "昨天10:05")),
        (16, ("02:05 tomorrow", "明天 02:05", "明天02:05")),
        (14, ("00:05 tomorrow", "明天 00:05", "明天00:05")),
        (0, ("10:05 today", "今天 10:05", "今天10:05")),
        (30 * 24, ("10:05 on Wed 1 Apr", "4月1日（週三）10:05", "4月1日（周三）10:05")),
        (70 * 24, ("10:05 on Mon 11 May", "5月11日（週一）10:05", "5月11日（周一）10:05")),
        (-1500, ("Mon 29 Dec 2025, 22:05", "2025年12月29日（週一）22:05", "2025年12月29日（周一）22:05")),
    ],
)
def test_a_time_is_named_as_people_do_on_that_day(hours: float, expected: tuple[str, ...]) -> None:
    now = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)
    moment = now + timedelta(hours=hours)
    assert tuple(formats(each).time(moment, now) for each in LANGUAGES) == expected


@pytest.mark.parametrize(
    ("hour", "language", "expected"),
    [
        ("00:30", "en", "Sun 25 Oct 2026, 02:30 (UTC+2)"),
        ("01:30", "en", "Sun 25 Oct 2026, 02:30 (UTC+1)"),
        ("01:30", "zh-TW", "2026年10月25日（週日）02:30（UTC+1）"),
        ("02:00:05", "en", "Sun 25 Oct 2026, 03:00:05"),
    ],
)
def test_an_hour_that_comes_twice_says_which(hour: str, language: str, expected: str) -> None:
    moment = datetime.fromisoformat(f"2026-10-25T{hour}+00:00")
    assert BabelFormats(language, ZoneInfo("Europe/Berlin")).instant(moment) == expected


def test_an_instant_at_the_end_of_time_is_no_failure() -> None:
    assert formats("en").instant(datetime.max.replace(tzinfo=UTC)).startswith("9999-12-31T")


@pytest.mark.parametrize(
    ("language", "far", "near", "tomorrow"),
    [
        ("en", "Thu 31 Dec 2026, 24:00", "24:00 on Thu 5 Mar", "24:00 tomorrow"),
        ("zh-TW", "2026年12月31日（週四）24:00", "3月5日（週四）24:00", "明天 24:00"),
        ("zh-CN", "2026年12月31日（周四）24:00", "3月5日（周四）24:00", "明天24:00"),
    ],
)
def test_a_day_is_due_until_its_end(language: str, far: str, near: str, tomorrow: str) -> None:
    made, now = formats(language), datetime(2026, 3, 3, 10, tzinfo=TAIPEI)
    assert made.deadline(datetime(2027, 1, 1, tzinfo=TAIPEI)) == far
    assert made.deadline(datetime(2026, 3, 6, tzinfo=TAIPEI), now) == near
    assert made.deadline(datetime(2026, 3, 5, tzinfo=TAIPEI), now) == tomorrow
    for moment in (datetime(2026, 3, 6, 0, 0, 1, tzinfo=TAIPEI), datetime(2026, 3, 6, 18, tzinfo=TAIPEI)):
        assert made.deadline(moment, now) == made.time(moment, now)
        assert made.deadline(moment) == made.instant(moment)


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, "UTC"), (8, "UTC+8"), (-5.5, "UTC-5:30"), (5.75, "UTC+5:45"), (-12, "UTC-12")]
)
def test_offsets(hours: float, expected: str) -> None:
    zone = timezone(timedelta(hours=hours))
    assert BabelFormats("en", zone).offset(datetime(2026, 3, 2, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("language", "one", "several", "working", "counted", "long"),
    [
        ("en", "1 hour", "2 days", "1 working day", "14 calendar days", "1 day 3 hours 7 minutes"),
        ("zh-TW", "1 小時", "2 天", "1 個工作天", "14 個日曆天", "1 天 3 小時 7 分鐘"),
        ("zh-CN", "1小时", "2天", "1个工作日", "14个自然日", "1天3小时7分钟"),
    ],
)
def test_lengths_of_time(
    language: str, one: str, several: str, working: str, counted: str, long: str
) -> None:
    made = formats(language)
    assert made.span(Span(1, "hour")) == one == PlainFormats(language).span(Span(1, "hour"))
    assert made.span(Span(2, "day")) == several == PlainFormats(language).span(Span(2, "day"))
    assert made.span(Span(1, "working_day")) == working == PlainFormats(language).span(Span(1, "working_day"))
    dated = Span(14, "calendar_day")
    assert made.span(dated) == counted == PlainFormats(language).span(dated)
    start = datetime(2026, 3, 2, 10, 0, 0, 900_000, tzinfo=UTC)
    assert made.between(start, datetime(2026, 3, 3, 13, 7, 0, 1, tzinfo=UTC)) == long


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(), Span(0, "minute")),
        (timedelta(seconds=90), Span(90, "second")),
        (timedelta(minutes=30), Span(30, "minute")),
        (timedelta(hours=24), Span(24, "hour")),
        (timedelta(hours=36), Span(36, "hour")),
        (timedelta(days=2), Span(2, "day")),
    ],
)
def test_a_length_of_time_keeps_the_unit_in_which_people_think(length: timedelta, expected: Span) -> None:
    assert Span.of(length) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(), [Span(1, "second")]),
        (timedelta(seconds=5), [Span(5, "second")]),
        (timedelta(minutes=61), [Span(1, "hour"), Span(1, "minute")]),
        (timedelta(days=1, minutes=5), [Span(1, "day"), Span(5, "minute")]),
        (timedelta(minutes=9, seconds=59), [Span(9, "minute"), Span(59, "second")]),
        (
            timedelta(days=3, hours=4, minutes=5, seconds=6),
            [Span(3, "day"), Span(4, "hour"), Span(5, "minute"), Span(6, "second")],
        ),
    ],
)
def test_a_gap_is_told_exactly(length: timedelta, expected: list[Span]) -> None:
    assert list(Span.split(length)) == expected


def test_every_language_has_its_own_locale() -> None:
    assert [str(formats(each).locale) for each in LANGUAGES] == ["en", "zh_Hant_TW", "zh_Hans_CN"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("fee", 3), ("費用", 4), ("（費）", 6), ("e\u0301", 1), ("“費”", 4), ("a\u200db", 2), ("", 0)],
)
def test_a_chinese_character_takes_two_columns_and_an_accent_none(text: str, expected: int) -> None:
    assert width_of(text) == expected


# --- lines ------------------------------------------------------------------------------------------------------------


def lines(text: str, width: int) -> list[str]:
    places = [0, *breaks(text, width), len(text)]
    return [text[start:end] for start, end in pairwise(places)]


def test_words_stay_whole() -> None:
    assert lines("Nobody pays for shards.", 10) == ["Nobody ", "pays for ", "shards."]


def test_chinese_breaks_between_characters_but_not_before_a_comma_or_after_a_quote() -> None:
    assert lines("沒有人，該付錢", 6) == ["沒有", "人，該", "付錢"]
    assert lines("他說「好」。", 8) == ["他說", "「好」。"]


def test_a_chinese_text_follows_its_number_on_the_same_line() -> None:
    assert lines("1. 先問有沒有人受傷", 10)[0] == "1. 先問有"


def test_a_word_that_fits_on_no_line_is_cut() -> None:
    assert lines("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert lines("see abcdefghij", 4) == ["see ", "abcd", "efgh", "ij"]


@given(st.text(st.sampled_from("ab 測試，。「」（）“”.!-…\u0301"), max_size=60), st.integers(10, 40))
def test_nothing_is_lost_and_nothing_sticks_out(text: str, width: int) -> None:
    found = lines(text, width)
    assert "".join(found) == text
    assert all(width_of(each.rstrip()) <= width for each in found)


# --- strangers' text --------------------------------------------------------------------------------------------------


@given(st.text())
def test_clean_text_is_on_one_line_and_without_control_characters(text: str) -> None:
    assert len(clean(text).splitlines()) <= 1
    assert not any(ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0 for each in clean(text))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (90, "90 seconds"),
        (5400, "90 minutes"),
        (7201, "2 hours 1 second"),
        (172800, "2 days"),
        (0, "0 minutes"),
    ],
)
def test_the_length_of_a_fact_is_said_as_people_read_it(seconds: int, said: str) -> None:
    assert value_said(timedelta(seconds=seconds), "en", BabelFormats("en", UTC)) == said
