"""The phrases that sentences are made of, in every language: one for each operator and each kind of test.

A phrase is looked up as `kind.operator` first (`instant.at_least`), then as `operator`. Slots are filled with labels,
values and whole sentences; `{by}`, `{when}` and the like are phrases themselves, or empty.
"""

from __future__ import annotations

from escalation_rules.texts import Text
from escalation_rules.words.labels import PUNCTUATION
from escalation_rules.words.labels.phrases import text as _text

COMPARISONS: dict[str, Text] = {
    "flag.true": _text("{name} applies", "{name}為「是」", "{name}为“是”"),
    "flag.false": _text("{name} does not apply", "{name}為「否」", "{name}为“否”"),
    "flag.given": _text("it is known whether {name} applies", "{name}與否已確定", "{name}与否已确定"),
    "flag.not_given": _text(
        "it is not known whether {name} applies", "{name}與否尚未確定", "{name}与否尚未确定"
    ),
    "given": _text("{name} is known", "已知{name}", "已知{name}"),
    "not_given": _text("{name} is not known", "尚不知{name}", "尚不知{name}"),
    "equals": _text("{name} is {value}", "{name}為{value}", "{name}为{value}"),
    "is_not": _text("{name} is not {value}", "{name}不是{value}", "{name}不是{value}"),
    "in": _text("{name} is {values}", "{name}為{values}", "{name}为{values}"),
    "not_in": _text("{name} is neither {values}", "{name}不是{values}", "{name}不是{values}"),
    "at_least": _text("{name} is at least {value}", "{name}至少為{value}", "{name}至少为{value}"),
    "at_most": _text("{name} is at most {value}", "{name}不超過{value}", "{name}不超过{value}"),
    "above": _text("{name} is more than {value}", "{name}超過{value}", "{name}超过{value}"),
    "below": _text("{name} is less than {value}", "{name}不到{value}", "{name}不到{value}"),
    "level.above": _text("{name} is higher than {value}", "{name}高於{value}", "{name}高于{value}"),
    "level.below": _text("{name} is lower than {value}", "{name}低於{value}", "{name}低于{value}"),
    "between": _text(
        "{name} is from {low} to {high}",
        "{name}介於{low}與{high}之間（含）",
        "{name}介于{low}与{high}之间（含）",
    ),
    "contains": _text("{name} contains {values}", "{name}含有{values}", "{name}含有{values}"),
    "same_as": _text("{name} is the same as {value}", "{name}與{value}相同", "{name}与{value}相同"),
    "not_same_as": _text("{name} differs from {value}", "{name}與{value}不同", "{name}与{value}不同"),
    "party.same_as": _text(
        "{name} is the same person as {value}", "{name}與{value}為同一人", "{name}与{value}为同一人"
    ),
    "party.not_same_as": _text(
        "{name} is not the same person as {value}", "{name}與{value}不是同一人", "{name}与{value}不是同一人"
    ),
    "instant.at_least": _text("{name} is {value} or later", "{name}不早於{value}", "{name}不早于{value}"),
    "instant.at_most": _text("{name} is {value} or earlier", "{name}不晚於{value}", "{name}不晚于{value}"),
    "instant.above": _text("{name} is later than {value}", "{name}晚於{value}", "{name}晚于{value}"),
    "instant.below": _text("{name} is earlier than {value}", "{name}早於{value}", "{name}早于{value}"),
    "after": _text("{name} is later than {value}", "{name}晚於{value}", "{name}晚于{value}"),
    "before": _text("{name} is earlier than {value}", "{name}早於{value}", "{name}早于{value}"),
    "passed": _text("the time of {name} has come", "{name}已到", "{name}已到"),
    "not_passed": _text("the time of {name} has not come yet", "{name}還沒到", "{name}还没到"),
    "older_than": _text("{name} was at least {value} ago", "{name}距今已滿 {value}", "{name}距今已满{value}"),
    "newer_than": _text(
        "{name} was less than {value} ago", "{name}距今未滿 {value}", "{name}距今未满{value}"
    ),
    "elapsed_between": _text(
        "{name} was at least {low}, but less than {high} ago",
        "{name}距今已滿 {low}、未滿 {high}",
        "{name}距今已满{low}、未满{high}",
    ),
    "during": _text("{name} is {value}", "{name}在{value}", "{name}在{value}"),
    "coming_within": _text(
        "{name} is within the next {value}", "{name}在未來 {value}內", "{name}在未来{value}内"
    ),
}
"""Tests on one value."""

HOURS: dict[str, Text] = {
    "now": _text("the present time is {value}", "目前在{value}", "目前在{value}"),
    "not_now": _text("the present time is not {value}", "目前不在{value}", "目前不在{value}"),
    "working": _text("in working time", "工作時間內", "工作时间内"),
    "span": _text("between {start} and {end}", " {start} 至 {end} 之間", "{start}至{end}之间"),
    "place": _text("{value} (calendar {name})", "{value}（日曆 {name}）", "{value}（日历 {name}）"),
}
"""Hours of the day."""

NAMES: dict[str, Text] = {
    "outer": _text("{name} of the entry under {list}", "{list}的{name}", "{list}的{name}"),
    "via": _text("{name} of {via}", "{via}的{name}", "{via}的{name}"),
    "related": _text("related {list}", "相關的{list}", "相关的{list}"),
    "related_by": _text("{list} related by {via}", "以{via}相關的{list}", "以{via}相关的{list}"),
    "count": _text("the number of {list}{within}", "{list}{within}的筆數", "{list}{within}的条数"),
    "count_where": _text(
        "the number of {list}{within} where {where}",
        "{list}中{where}者{within}的筆數",
        "{list}中{where}者{within}的条数",
    ),
    "window": _text(" within any {value}", "在任何 {value}內", "在任何{value}内"),
    "sum": _text("the total {field} of the {list}", "{list}的{field}合計", "{list}的{field}合计"),
    "sum_where": _text(
        "the total {field} of those {list} where {where}",
        "{list}中{where}者的{field}合計",
        "{list}中{where}者的{field}合计",
    ),
}
"""What is tested, where it is more than one label."""

QUANTITIES: dict[str, Text] = {
    "equals": _text("exactly {value}", "剛好有 {value} 筆", "刚好有{value}条"),
    "is_not": _text("not exactly {value}", "不是 {value} 筆", "不是{value}条"),
    "in": _text("exactly {values}", "剛好有 {values} 筆", "刚好有{values}条"),
    "not_in": _text("neither {values}", "不是 {values} 筆", "不是{values}条"),
    "at_least": _text("at least {value}", "至少有 {value} 筆", "至少有{value}条"),
    "at_most": _text("at most {value}", "最多有 {value} 筆", "最多有{value}条"),
    "above": _text("more than {value}", "有超過 {value} 筆", "有超过{value}条"),
    "below": _text("fewer than {value}", "不到 {value} 筆", "不到{value}条"),
    "between": _text("{low} to {high}", "有 {low} 到 {high} 筆", "有{low}到{high}条"),
}
"""How many records, by operator."""

RECORDS: dict[str, Text] = {
    "some": _text("there is something under {list}", "{list}至少有一筆", "{list}至少有一条"),
    "some_where": _text(
        "for at least one of the {list}, {where}",
        "{list}中至少有一筆{where}",
        "{list}中至少有一条{where}",
    ),
    "none": _text("there is nothing under {list}", "{list}一筆也沒有", "{list}一条也没有"),
    "none_where": _text(
        "for none of the {list}, {where}",
        "{list}中沒有任何一筆是{where}的",
        "{list}中没有任何一条是{where}的",
    ),
    "every": _text("for every one of the {list}, {has}", "{list}的每一筆，{has}", "{list}的每一条，{has}"),
    "every_where": _text(
        "for every one of those {list} where {where}, {has}",
        "{list}中凡{where}者，{has}",
        "{list}中凡{where}者，{has}",
    ),
    "latest": _text(
        "for the latest of the {list}, {has}", "{list}最近的一筆，{has}", "{list}最近的一条，{has}"
    ),
    "latest_where": _text(
        "for the latest of those {list} where {where}, {has}",
        "{list}中{where}者最近的一筆，{has}",
        "{list}中{where}者最近的一条，{has}",
    ),
    "earliest": _text(
        "for the first of the {list}, {has}", "{list}最早的一筆，{has}", "{list}最早的一条，{has}"
    ),
    "earliest_where": _text(
        "for the first of those {list} where {where}, {has}",
        "{list}中{where}者最早的一筆，{has}",
        "{list}中{where}者最早的一条，{has}",
    ),
    "count": _text(
        "there are {quantity} under {list}{within}",
        "{list}{within}{quantity}",
        "{list}{within}{quantity}",
    ),
    "count_where": _text(
        "for {quantity} of the {list}{within}, {where}",
        "{list}中{within}{quantity}符合：{where}",
        "{list}中{within}{quantity}符合：{where}",
    ),
    "none_of": _text("none of this holds: {parts}", "以下都不成立：{parts}", "以下都不成立：{parts}"),
    "not": _text("this does not hold: {part}", "並非：{part}", "并非：{part}"),
}
"""Tests over records, and denials."""

ACTS: dict[str, Text] = {
    "done": _text(
        "{actions} has been done{times}{by}{when}{about}{outcome}{followed}",
        "{by}{when}已完成{actions}{times}{about}{outcome}{followed}",
        "{by}{when}已完成{actions}{times}{about}{outcome}{followed}",
    ),
    "not_done": _text(
        "{actions} has not been done{times}{by}{when}{about}{outcome}",
        "{by}{when}尚未完成{actions}{times}{about}{outcome}",
        "{by}{when}尚未完成{actions}{times}{about}{outcome}",
    ),
    "none_done": _text(
        "neither {actions} has been done{times}{by}{when}{about}{outcome}",
        "{by}{when}{actions}都尚未完成{times}{about}{outcome}",
        "{by}{when}{actions}都尚未完成{times}{about}{outcome}",
    ),
    "none_of_group_done": _text(
        "nothing under {group} has been done{times}{by}{when}{about}{outcome}",
        "{by}{when}{group}一類的事都尚未完成{times}{about}{outcome}",
        "{by}{when}{group}一类的事都尚未完成{times}{about}{outcome}",
    ),
    "group": _text("something under {group}", "{group}一類的事", "{group}一类的事"),
    "group_denied": _text("anything under {group}", "{group}一類的事", "{group}一类的事"),
    "by": _text(" by {roles}", "{roles}", "{roles}"),
    "times": _text(" at least {count} times", "至少 {count} 次", "至少{count}次"),
    "newer_than": _text(" within the last {value}", "在最近 {value}內", "在最近{value}内"),
    "older_than": _text(" at least {value} ago", "在 {value}以前", "在{value}以前"),
    "after": _text(" since {value}", "自{value}起", "自{value}起"),
    "before": _text(" before {value}", "在{value}之前", "在{value}之前"),
    "this": _text(" for this entry", "（就這一筆）", "（就这一条）"),
    "case": _text(" for the case as a whole", "（就全案）", "（就全案）"),
    "outcome": _text(" with the outcome {values}", "（結果為{values}）", "（结果为{values}）"),
    "followed": _text(
        ", and {actions} was not done after it{by}{within}",
        "，其後{within}{by}未接著完成{actions}",
        "，其后{within}{by}未接着完成{actions}",
    ),
    "within": _text(" within {value}", " {value}內", "{value}内"),
    "nothing_done_for": _text(
        "nothing has been done{by}{about} for {value} (counted from the last act, or from {since})",
        "{by}已有 {value}沒有任何處理{about}（從上次處理或{since}起算）",
        "{by}已有{value}没有任何处理{about}（从上次处理或{since}起算）",
    ),
    "not_done_for": _text(
        "there has been no {actions}{by}{about} for {value} (counted from the last time, or from {since})",
        "{by}已有 {value}沒有{actions}{about}（從上一次或{since}起算）",
        "{by}已有{value}没有{actions}{about}（从上一次或{since}起算）",
    ),
}
"""Tests on what has been done."""

EFFECTS: dict[str, Text] = {
    "recommend": _text("do: {items}", "要做：{items}", "要做：{items}"),
    "forbid": _text("do not: {items}", "不可以：{items}", "不可以：{items}"),
    "hold": _text("not yet: {items}", "先不要：{items}", "先不要：{items}"),
    "conclude": _text("find: {items}", "認定：{items}", "认定：{items}"),
    "within": _text(", {time}", "，{time}", "，{time}"),
    "learning": _text("when {name} was learned", "得知{name}", "得知{name}"),
    "recording": _text(
        "when the entry under {list} was recorded", "{list}中的該筆登錄", "{list}中的该条登记"
    ),
    "paused": _text(
        "; the clock stops while {condition}", "；{condition}時停止計時", "；{condition}时停止计时"
    ),
    "waits_for_customer": _text(" (this waits for the customer)", "（等候客戶）", "（等候客户）"),
    "waits_for_us": _text(" (this waits for us)", "（等候我方）", "（等候我方）"),
    "act": _text("{action} being done", "完成{action}", "完成{action}"),
    "again": _text(", again every {span}", "，每隔 {span}再做一次", "，每隔{span}再做一次"),
    "target": _text(" (a target)", "（目標時間）", "（目标时间）"),
    "lapses_after": _text(", of no use after {span}", "，過了 {span}就不必再做", "，过了{span}就不必再做"),
    "owner": _text(", by {role}", "，由{role}負責", "，由{role}负责"),
    "with": _text("{label}: {value}", "{label}：{value}", "{label}：{value}"),
    "about": _text(" for {via}", "（就{via}）", "（就{via}）"),
    "except": _text(", except {actions}", "（{actions}除外）", "（{actions}除外）"),
    "by": _text(" (by {roles})", "（適用：{roles}）", "（适用：{roles}）"),
    "where": _text(" where {where}", "，若{where}", "，若{where}"),
    "until": _text(", until {until}", "，直到{until}", "，直到{until}"),
    "allowed": _text(" (allowed while this is not known)", "（尚未確定時可以做）", "（尚未确定时可以做）"),
    "limited": _text(" (in some cases)", "（部分情況）", "（部分情况）"),
    "first": _text(
        "{name} is {value} if {condition}", "若{condition}，{name}為{value}", "若{condition}，{name}为{value}"
    ),
    "next": _text(
        "else {value}, if {condition}", "否則若{condition}，為{value}", "否则若{condition}，为{value}"
    ),
    "otherwise": _text("otherwise {value}", "其餘為{value}", "其余为{value}"),
}
"""What follows from a rule. The first four say it in a line; the others are parts of whole sentences."""

VALUES: dict[str, Text] = {
    "one_of": _text("one entry under {list}", "{list}中的一筆", "{list}中的一条"),
    "one_of_where": _text(
        "one entry under {list} where {where}", "{list}中{where}的一筆", "{list}中{where}的一条"
    ),
    "each_of": _text("each entry under {list}", "{list}的每一筆", "{list}的每一条"),
    "each_of_where": _text(
        "each entry under {list} where {where}", "{list}中{where}的每一筆", "{list}中{where}的每一条"
    ),
    "times": _text("{factor} times {value}", "{value}乘以 {factor}", "{value}乘以{factor}"),
    "share": _text("{percent}% of {value}", "{value}的 {percent}%", "{value}的{percent}%"),
    "less": _text(
        "{value} less {less} (at least nothing)",
        "{value}減去{less}（不低於零）",
        "{value}减去{less}（不低于零）",
    ),
    "inner": _text("({value})", "（{value}）", "（{value}）"),
    "least_of": _text("the least of: {values}", "下列最低者：{values}", "下列最低者：{values}"),
    "greatest_of": _text("the greatest of: {values}", "下列最高者：{values}", "下列最高者：{values}"),
    "total_of": _text("the total of: {values}", "下列合計：{values}", "下列合计：{values}"),
    "rounded_half_up": _text(
        "{value}, rounded to {to}", "{value}（四捨五入至 {to}）", "{value}（四舍五入至{to}）"
    ),
    "rounded_half_even": _text(
        "{value}, rounded to {to} (half to even)",
        "{value}（四捨六入五取偶至 {to}）",
        "{value}（四舍六入五取偶至{to}）",
    ),
    "rounded_up": _text(
        "{value}, rounded up to {to}", "{value}（無條件進位至 {to}）", "{value}（向上取整至{to}）"
    ),
    "rounded_down": _text(
        "{value}, rounded down to {to}", "{value}（無條件捨去至 {to}）", "{value}（向下取整至{to}）"
    ),
    "in_case": _text("{value} if {condition}", "若{condition}，為{value}", "若{condition}，为{value}"),
    "otherwise": _text("otherwise {value}", "其餘為{value}", "其余为{value}"),
}
"""What a parameter is set to, where it is more than a name or a value."""

PHRASES: dict[str, dict[str, Text]] = {
    "punctuation": PUNCTUATION,
    "comparison": COMPARISONS,
    "hours": HOURS,
    "name": NAMES,
    "quantity": QUANTITIES,
    "record": RECORDS,
    "act": ACTS,
    "effect": EFFECTS,
    "value": VALUES,
}
