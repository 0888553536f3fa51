"""The texts of `replay`: what a run of histories came to."""

from __future__ import annotations

from escalation_rules.texts import Text
from escalation_rules.words.babel_formats import Plural
from escalation_rules.words.labels.phrases import text as _text

REPLAY_TEXTS: dict[str, Text] = {
    "replay.header": _text(
        "{cases} replayed up to {at} ({offset}).",
        "{cases}，重播到 {at}（{offset}）為止。",
        "{cases}，重放到{at}（{offset}）为止。",
    ),
    "replay.policy": _text(
        "Policy: {name} ({digest})", "規則：{name}（{digest}）", "规则：{name}（{digest}）"
    ),
    "replay.old": _text(
        "Old policy: {name} ({digest})", "舊規則：{name}（{digest}）", "旧规则：{name}（{digest}）"
    ),
    "replay.new": _text(
        "New policy: {name} ({digest})", "新規則：{name}（{digest}）", "新规则：{name}（{digest}）"
    ),
    "replay.all_same": _text(
        "Both policies give the same answers in every case.",
        "兩套規則對每件案子的答案都相同。",
        "两套规则对每件工单的答案都相同。",
    ),
    "replay.what_differs": _text("What differs", "哪裡不同", "哪里不同"),
    "replay.breaches": _text("Breaches", "缺失", "问题"),
    "replay.questions": _text("Questions that cost most time", "最耗時間的問題", "最耗时间的问题"),
    "replay.rules": _text("Rules", "規則", "规则"),
    "replay.problems": _text("Not replayed", "未能重播", "未能重放"),
    "replay.cases": _text("Case by case", "逐案", "逐案"),
    "replay.change": _text("{what}: {change}", "{what}：{change}", "{what}：{change}"),
    "replay.counted": _text("{text}; {count}", "{text}；{count}", "{text}；{count}"),
    "replay.such_as": _text("{count} ({names})", "{count}（{names}）", "{count}（{names}）"),
    "replay.both": _text("{old} → {new}", "{old} → {new}", "{old} → {new}"),
    "replay.measure": _text("{label}: {value}", "{label}：{value}", "{label}：{value}"),
    "do.added": _text("now to be done", "新增為要做的事", "新增为要做的事"),
    "do.removed": _text("no longer to be done", "不再要做", "不再要做"),
    "do.changed": _text(
        "to be done by another person, time or amount", "負責人、期限或內容不同", "负责人、期限或内容不同"
    ),
    "must_not.added": _text("now forbidden", "新增為不可以做", "新增为不可以做"),
    "must_not.removed": _text("no longer forbidden", "不再禁止", "不再禁止"),
    "must_not.changed": _text("forbidden for others than before", "禁止的情形不同", "禁止的情形不同"),
    "must_wait.added": _text("now has to wait", "新增為要先等等", "新增为要先等等"),
    "must_wait.removed": _text("no longer has to wait", "不必再等", "不必再等"),
    "must_wait.changed": _text("has to wait for others than before", "要等的情形不同", "要等的情形不同"),
    "find_out.added": _text("now asked", "新增的問題", "新增的问题"),
    "find_out.removed": _text("no longer asked", "不再問", "不再问"),
    "find_out.changed": _text("asked of somebody else", "改問別人", "改问别人"),
    "found.added": _text("now concluded", "新增的認定", "新增的认定"),
    "found.removed": _text("no longer concluded", "不再認定", "不再认定"),
    "found.changed": _text("concluded differently", "認定不同", "认定不同"),
    "breach.added": _text("new breach", "新增的缺失", "新增的问题"),
    "breach.removed": _text("no longer a breach", "不再是缺失", "不再是问题"),
    "replay.faulty": _text("Cases with breaches", "有缺失的案件", "有问题的工单"),
    "replay.no_breaches": _text("No breach was found.", "沒有發現缺失。", "没有发现问题。"),
    "replay.asked": _text(
        "{fact}: asked in {cases}, {length} on average, never answered in {open}",
        "{fact}：{cases}要問，平均 {length}，其中 {open}到最後都沒有答案",
        "{fact}：{cases}要问，平均{length}，其中{open}到最后都没有答案",
    ),
    "replay.answered": _text(
        "{fact}: asked in {cases}, {length} on average until it was answered",
        "{fact}：{cases}要問，平均 {length}才有答案",
        "{fact}：{cases}要问，平均{length}才有答案",
    ),
    "replay.waiting": _text("Waiting", "等著的規則", "等着的规则"),
    "replay.because": _text("Rules", "規則", "规则"),
    "replay.no_questions": _text("Nothing had to be asked.", "沒有需要問的事。", "没有需要问的事。"),
    "replay.never_fired": _text("Never applied", "從未適用", "从未适用"),
    "replay.overruled": _text("Gave way most often", "最常讓步", "最常让步"),
    "replay.fired": _text("Applied most often", "最常適用", "最常适用"),
    "replay.times": _text("{rule} ({count})", "{rule}（{count}）", "{rule}（{count}）"),
    "replay.from": _text("{text} ({since})", "{text}（{since}）", "{text}（{since}）"),
    "replay.since": _text("from {at} on", "{at} 起", "{at}起"),
    "replay.between": _text("from {at} to {until}", "{at} 到 {until}", "{at}到{until}"),
    "replay.less_than": _text("less than a minute", "不到 1 分鐘", "不到1分钟"),
    "replay.written": _text("Case by case: {path}", "逐案內容：{path}", "逐案内容：{path}"),
    "replay.see_details": _text(
        "--details shows case by case what differs, --out DIR writes it down.",
        "加上 --details 可逐案查看，--out DIR 可寫成檔案。",
        "加上 --details 可逐案查看，--out DIR 可写成文件。",
    ),
    "replay.said.do": _text("to be done", "要做", "要做"),
    "replay.said.must_not": _text("forbidden", "不可以做", "不可以做"),
    "replay.said.must_wait": _text("has to wait", "要先等等", "要先等等"),
    "replay.said.find_out": _text("asked", "要問", "要问"),
    "replay.said.found": _text("concluded", "認定", "认定"),
}


def _english(text: str) -> Text:
    return Text((("en", text),))


CASES: Plural = {
    "one": _english("{count} case"),
    "other": _text("{count} cases", "{count} 件案子", "{count}件工单"),
}
DIFFERENT_CASES: Plural = {
    "one": _english("In {count} case the answers differ; in {same} they are the same."),
    "other": _text(
        "In {count} cases the answers differ; in {same} they are the same.",
        "{count} 件案子的答案不同，{same} 件相同。",
        "{count}件工单的答案不同，{same}件相同。",
    ),
}
UNREAD_CASES: Plural = {
    "one": _english("{count} case could not be replayed; see the end."),
    "other": _text(
        "{count} cases could not be replayed; see the end.",
        "{count} 件未能重播，見文末。",
        "{count}件未能重放，见文末。",
    ),
}
MORE_CHANGES: Plural = {
    "other": _text(
        "and {count} more; --json lists them all",
        "另有 {count} 項，加上 --json 可全部列出",
        "另有{count}项，加上 --json 可全部列出",
    ),
}
FIRED_RULES: Plural = {
    "one": _english("{count} of {all} rules applied in at least one case."),
    "other": _text(
        "{count} of {all} rules applied in at least one case.",
        "{all} 條規則中，有 {count} 條至少適用一次。",
        "{all}条规则中，有{count}条至少适用一次。",
    ),
}
