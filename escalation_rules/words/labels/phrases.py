"""The small words that join labels and values, in every language."""

from __future__ import annotations

from escalation_rules.texts import LANGUAGES, Text


def text(*versions: str) -> Text:
    """A text from its wording in each language, in the product's order."""
    return Text(tuple(zip(LANGUAGES, versions, strict=True)))


PUNCTUATION: dict[str, Text] = {
    "quoted": text("“{text}”", "「{text}」", "“{text}”"),
    "bracketed": text("({text})", "（{text}）", "（{text}）"),
    "comma": text(", ", "、", "、"),
    "or": text(" or ", "或", "或"),
    "nor": text(" nor ", "或", "或"),
    "all": text(" nor ", "、", "、"),
    "and_then": text(", and ", "，且", "，且"),
    "and_quantity": text(" and ", "、", "、"),
    "or_else": text(", or ", "，或", "，或"),
    "semicolon": text("; ", "；", "；"),
    "per_currency": text(" or ", " 或 ", " 或 "),
}

UNITS: dict[str, tuple[Text, Text]] = {
    unit: (text(f"{{count}} {english}", tw, cn), text(f"{{count}} {english}s", tw, cn))
    for unit, english, tw, cn in (
        ("second", "second", "{count} 秒", "{count}秒"),
        ("minute", "minute", "{count} 分鐘", "{count}分钟"),
        ("hour", "hour", "{count} 小時", "{count}小时"),
        ("day", "day", "{count} 天", "{count}天"),
        ("week", "week", "{count} 週", "{count}周"),
        ("month", "month", "{count} 個月", "{count}个月"),
        ("working_minute", "working minute", "{count} 個工作分鐘", "{count}个工作分钟"),
        ("working_hour", "working hour", "{count} 個工作小時", "{count}个工作小时"),
        ("working_day", "working day", "{count} 個工作天", "{count}个工作日"),
    )
}
"""Lengths of time, for one and for several."""

FLAGS = {True: text("yes", "是", "是"), False: text("no", "否", "否")}
"""What a flag says, where it stands for itself."""

NOT_KNOWN = text("(not known yet)", "（尚待確認）", "（尚待确认）")
"""What stands in a text for a value that is not known."""
