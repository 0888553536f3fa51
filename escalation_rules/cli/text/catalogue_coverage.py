"""The texts of `coverage` and `mutate`."""

from __future__ import annotations

from escalation_rules.texts import Text
from escalation_rules.words.labels.phrases import text as _text

COVERAGE_TEXTS: dict[str, Text] = {
    "coverage.header": _text(
        "Coverage of {name} ({digest}): {scenarios} scenarios, {examples} rules with examples, {asked} questions.",
        "{name}（{digest}）的測試涵蓋情形：{scenarios} 個情境、{examples} 條附範例的規則、{asked} 次提問。",
        "{name}（{digest}）的测试覆盖情况：{scenarios}个场景、{examples}条附示例的规则、{asked}次提问。",
    ),
    "coverage.rules": _text("Rules that fired", "生效過的規則", "生效过的规则"),
    "coverage.effects": _text("Effects that fired", "生效過的效果", "生效过的效果"),
    "coverage.decided": _text(
        "Tests that decided, as true and as false",
        "成立與不成立時都起過作用的條件",
        "成立与不成立时都起过作用的条件",
    ),
    "coverage.undecided": _text(
        "Tests that decided while unknown", "未知時起過作用的條件", "未知时起过作用的条件"
    ),
    "coverage.share": _text(
        "{met} of {of}, {percent} %", "{met}／{of}，{percent}%", "{met}/{of}，{percent}%"
    ),
    "coverage.not_fired": _text("Effects that never fired", "從未生效的效果", "从未生效的效果"),
    "coverage.open": _text(
        "Tests that were not seen to decide", "尚未看到起作用的條件", "尚未看到起作用的条件"
    ),
    "coverage.effect": _text("{rule}: {effect} {name}", "{rule}：{effect} {name}", "{rule}：{effect} {name}"),
    "coverage.never": _text("never", "從未出現", "从未出现"),
    "coverage.pending": _text("only pending", "只出現過未定", "只出现过未定"),
    "coverage.overruled": _text("only overruled", "只出現過被推翻", "只出现过被推翻"),
    "coverage.fired": _text("fired", "生效過", "生效过"),
    "coverage.missing": _text("not as {truths}", "缺：{truths}", "缺：{truths}"),
    "coverage.true": _text("true", "成立", "成立"),
    "coverage.false": _text("false", "不成立", "不成立"),
    "coverage.unknown": _text("unknown", "未知", "未知"),
    "coverage.cannot": _text("cannot be: {truths}", "不可能：{truths}", "不可能：{truths}"),
    "coverage.seen": _text("seen: {truths}", "已看到：{truths}", "已看到：{truths}"),
    "coverage.uncovered": _text(
        "Of which the policy says nothing, if nothing else is known",
        "單獨得知時，規則完全沒有著墨的情況",
        "单独得知时，规则完全没有涉及的情况",
    ),
    "coverage.nothing_known": _text(
        "a case of which nothing is known", "什麼都還不知道的案件", "什么都还不知道的工单"
    ),
    "coverage.only_quickly": _text(
        "What cannot be was not worked out by the solver: pip install 'escalation-rules[analysis]', and leave out --quick.",
        "未用求解程式判定哪些組合不可能：請安裝 pip install 'escalation-rules[analysis]'，並拿掉 --quick。",
        "未用求解程序判定哪些组合不可能：请安装 pip install 'escalation-rules[analysis]'，并去掉 --quick。",
    ),
    "coverage.failed": _text("Tests that fail", "未通過的測試", "未通过的测试"),
    "coverage.left_out": _text(
        "Scenarios left out, as they have steps of their own (pytest --policy-coverage runs them)",
        "略過的情境：含自訂步驟（可改用 pytest --policy-coverage）",
        "跳过的场景：含自定义步骤（可改用 pytest --policy-coverage）",
    ),
    "coverage.below": _text("Below {least} %.", "未達 {least}%。", "未达到{least}%。"),
    "coverage.more": _text(
        "{count} more; --all shows them.",
        "另有 {count} 項，加上 --all 可全部列出。",
        "另有{count}项，加上 --all 可全部列出。",
    ),
    "mutate.header": _text(
        "Mistakes made in {name} ({digest}): {judged} of {of}.",
        "在 {name}（{digest}）中刻意製造的錯誤：{of} 個中的 {judged} 個。",
        "在 {name}（{digest}）中故意制造的错误：{of}个中的{judged}个。",
    ),
    "mutate.killed": _text("Noticed", "測試有發現", "测试有发现"),
    "mutate.survived": _text("Not noticed", "測試沒發現", "测试没发现"),
    "mutate.equivalent": _text("Make no difference", "不影響結果", "不影响结果"),
    "mutate.invalid": _text("Make no policy", "無法構成規則", "无法构成规则"),
    "mutate.score": _text("{count}, {percent} %", "{count} 個，{percent}%", "{count}个，{percent}%"),
    "mutate.kinds": _text("By kind", "依種類", "按种类"),
    "mutate.kind": _text(
        "{kind}: {killed} noticed, {survived} not",
        "{kind}：發現 {killed}，未發現 {survived}",
        "{kind}：发现{killed}，未发现{survived}",
    ),
    "mutate.survivors": _text("Not noticed by any test", "沒有任何測試發現", "没有任何测试发现"),
    "mutate.change": _text(
        "{owner}: {kind}: {before} → {after}",
        "{owner}：{kind}：{before} → {after}",
        "{owner}：{kind}：{before} → {after}",
    ),
    "mutate.gone": _text("(nothing)", "（無）", "（无）"),
    "mutate.no_case": _text(
        "No case was found in which it makes a difference.",
        "找不到結果會不同的案件。",
        "找不到结果会不同的工单。",
    ),
    "mutate.equivalents": _text("Proven to make no difference", "已證明不影響結果", "已证明不影响结果"),
    "mutate.broken": _text(
        "Tests that fail without any change", "未改動就不通過的測試", "未改动就不通过的测试"
    ),
}
