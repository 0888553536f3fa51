"""The texts of `compare` and `analyse`."""

from __future__ import annotations

from escalation_rules.texts import Text
from escalation_rules.words.babel_formats import Plural
from escalation_rules.words.labels.phrases import text as _text

COMPARE_TEXTS: dict[str, Text] = {
    "compare.header": _text("Old: {old}. New: {new}.", "舊：{old}。新：{new}。", "旧：{old}。新：{new}。"),
    "compare.policy": _text("{name} ({digest})", "{name}（{digest}）", "{name}（{digest}）"),
    "compare.in_cases": _text("What differs in cases", "哪些案件的結果不同", "哪些工单的结果不同"),
    "compare.in_rules": _text("What was changed in the rules", "規則改了什麼", "规则改了什么"),
    "compare.in_names": _text("What was changed in the vocabulary", "詞彙改了什麼", "词汇改了什么"),
    "compare.not_compared": _text("Not compared", "未能比較", "未能比较"),
    "now.recommend": _text("Now recommended: {names}", "現在要做：{names}", "现在要做：{names}"),
    "now.forbid": _text("Now forbidden: {names}", "現在不可以做：{names}", "现在不可以做：{names}"),
    "now.hold": _text("Now has to wait: {names}", "現在要先等等：{names}", "现在要先等等：{names}"),
    "no longer.recommend": _text(
        "No longer recommended: {names}", "不再要求做：{names}", "不再要求做：{names}"
    ),
    "no longer.forbid": _text("No longer forbidden: {names}", "不再禁止：{names}", "不再禁止：{names}"),
    "no longer.hold": _text("No longer has to wait: {names}", "不必再等：{names}", "不必再等：{names}"),
    "otherwise.recommend": _text(
        "Recommended otherwise: {names}", "仍要做，但做法不同：{names}", "仍要做，但做法不同：{names}"
    ),
    "otherwise.forbid": _text(
        "Forbidden otherwise: {names}", "仍禁止，但範圍不同：{names}", "仍禁止，但范围不同：{names}"
    ),
    "otherwise.hold": _text(
        "Has to wait otherwise: {names}", "仍要等，但條件不同：{names}", "仍要等，但条件不同：{names}"
    ),
    "open.recommend": _text("Recommended or not: {names}", "是否要做：{names}", "是否要做：{names}"),
    "open.forbid": _text("Forbidden or not: {names}", "是否禁止：{names}", "是否禁止：{names}"),
    "open.hold": _text("Has to wait or not: {names}", "是否要等：{names}", "是否要等：{names}"),
    "compare.because": _text("Because of", "起因", "起因"),
    "compare.example": _text("Example", "例如", "例如"),
    "compare.looked_at": _text("looked at on {at}", "查看時間：{at}", "查看时间：{at}"),
    "compare.before": _text("Before", "原本", "原本"),
    "compare.after": _text("Now", "現在", "现在"),
    "compare.asked_with": _text("with {label}: {value}", "{label}：{value}", "{label}：{value}"),
    "compare.empty": _text(
        "a case of which nothing is known", "什麼都還不知道的案件", "什么都还不知道的工单"
    ),
    "compare.known": _text("{label}: {value}", "{label}：{value}", "{label}：{value}"),
    "compare.record": _text("{list}, {id}", "{list}，{id}", "{list}，{id}"),
    "compare.recorded": _text("when it was recorded", "記錄時間", "记录时间"),
    "compare.act": _text(
        "done: {action}, by {by}, {at}", "已做：{action}，{by}，{at}", "已做：{action}，{by}，{at}"
    ),
    "compare.by": _text("by {roles}", "{roles}", "{roles}"),
    "compare.within": _text("within {time}", "{time}內", "{time}内"),
    "compare.due": _text("until {at}", "{at} 前", "{at}前"),
    "compare.phase": _text("phase: {phase}", "階段：{phase}", "阶段：{phase}"),
    "compare.blocked": _text("wanted, but not allowed", "要做，但不可以做", "要做，但不可以做"),
    "compare.undecided": _text("not decided yet", "尚未確定", "尚未确定"),
    "compare.as_before": _text("as it was", "沒有不同", "没有不同"),
    "compare.nothing": _text("nothing", "無", "无"),
    "rule.added": _text("{rule}: new", "{rule}：新增", "{rule}：新增"),
    "rule.removed": _text("{rule}: gone", "{rule}：移除", "{rule}：移除"),
    "rule.changed": _text("{rule}: changed", "{rule}：修改", "{rule}：修改"),
    "compare.was": _text("- {text}", "－ {text}", "－ {text}"),
    "compare.is": _text("+ {text}", "＋ {text}", "＋ {text}"),
    "name.added": _text("{of} {name}: new", "{of} {name}：新增", "{of} {name}：新增"),
    "name.removed": _text("{of} {name}: gone", "{of} {name}：移除", "{of} {name}：移除"),
    "name.changed": _text(
        "{of} {name}: {parts} changed", "{of} {name}：改了 {parts}", "{of} {name}：改了 {parts}"
    ),
    "why.unconfirmed": _text(
        "A difference may be there, but no case was found that shows it.",
        "可能有差別，但找不到能證明的案件。",
        "可能有差别，但找不到能证明的工单。",
    ),
    "why.gave-up": _text("The solver did not come to an end.", "求解程式沒有算完。", "求解程序没有算完。"),
    "why.tests": _text(
        "Tests not looked into: {tests}.", "未細看的條件：{tests}。", "未细看的条件：{tests}。"
    ),
    "compare.no_solver": _text(
        "Not compared: in which cases the answer differs. That needs: pip install 'escalation-rules[analysis]'",
        "未比較哪些案件的結果不同。需要安裝：pip install 'escalation-rules[analysis]'",
        "未比较哪些工单的结果不同。需要安装：pip install 'escalation-rules[analysis]'",
    ),
    "compare.words_only": _text(
        "Only the texts were compared; leave out --words to compare what comes of them in cases.",
        "只比較了文字；不加 --words，才會比較案件的結果。",
        "只比较了文字；不加 --words，才会比较工单的结果。",
    ),
    "compare.equivalent": _text(
        "Nothing is recommended, forbidden or held otherwise. Proven for {within}.",
        "該做、不可以做、要先等的事都相同（已證明，範圍：{within}）。",
        "该做、不可以做、要先等的事都相同（已证明，范围：{within}）。",
    ),
    "compare.only_that": _text(
        "Nothing else is recommended, forbidden or held otherwise. Proven for {within}.",
        "除此之外，該做、不可以做、要先等的事都相同（已證明，範圍：{within}）。",
        "除此之外，该做、不可以做、要先等的事都相同（已证明，范围：{within}）。",
    ),
    "compare.open": _text(
        "What is listed as not compared may differ, too.",
        "列為「未能比較」的部分，也可能有差別。",
        "列为“未能比较”的部分，也可能有差别。",
    ),
    "compare.same_text": _text(
        "Both policies say the same, word for word.", "兩套規則一字不差。", "两套规则一字不差。"
    ),
    "compare.within_all": _text(
        "cases with up to {records} records in each list and {acts} acts, decided as they stand "
        "(not: facts that went stale, records that replaced others)",
        "每個清單最多 {records} 筆、最多 {acts} 件已做的事的案件，依現況決定（不含已過時效的事實、已被取代的紀錄）",
        "每个清单最多{records}条、最多{acts}件已做的事的工单，按现况决定（不含已过时效的事实、已被取代的记录）",
    ),
    "of.fact": _text("fact", "事實", "事实"),
    "of.field": _text("field", "欄位", "字段"),
    "of.list": _text("list", "清單", "清单"),
    "of.action": _text("action", "動作", "动作"),
    "of.group": _text("group", "動作群組", "动作组"),
    "of.phase": _text("phase", "階段", "阶段"),
    "of.role": _text("role", "角色", "角色"),
    "of.principle": _text("principle", "原則", "原则"),
    "of.calendar": _text("calendar", "行事曆", "日历"),
    "of.vocabulary": _text("setting", "設定", "设置"),
    # analyse
    "concern.conflict": _text(
        "One rule recommends what another one forbids",
        "一條規則要做、另一條規則禁止的事",
        "一条规则要做、另一条规则禁止的事",
    ),
    "concern.two-ways": _text(
        "Two rules want the same step in different ways",
        "兩條規則對同一步驟的要求不同",
        "两条规则对同一步骤的要求不同",
    ),
    "concern.two-deadlines": _text(
        "Two rules give the same step different deadlines (the earlier one counts)",
        "兩條規則給同一步驟不同的期限（以較早的為準）",
        "两条规则给同一步骤不同的期限（以较早的为准）",
    ),
    "concern.endless-hold": _text(
        "What has to wait may have to wait for ever", "可能永遠等不到的事", "可能永远等不到的事"
    ),
    "concern.never-fires": _text("Rules that can never apply", "不可能適用的規則", "不可能适用的规则"),
    "concern.always-covered": _text(
        "Rules that add nothing to what others say", "沒有增加任何作用的規則", "没有增加任何作用的规则"
    ),
    "concern.gap": _text(
        "A case that needs a step, and has none",
        "需要處理卻沒有任何步驟的案件",
        "需要处理却没有任何步骤的工单",
    ),
    "concern.no-deadline": _text(
        "Steps for which no rule says until when", "沒有期限的步驟", "没有期限的步骤"
    ),
    "analysis.rules": _text("Rules", "規則", "规则"),
    "analysis.answer": _text("Answer", "說明", "说明"),
    "analysis.whole": _text("the policy as a whole", "整套規則", "整套规则"),
    "analysis.undecided": _text(
        "May be so, but no case was found that shows it",
        "可能有，但找不到能證明的案件",
        "可能有，但找不到能证明的工单",
    ),
    "analysis.stale": _text(
        "Answers to concerns that there are not any more",
        "已不成立的說明（問題已不存在）",
        "已不成立的说明（问题已不存在）",
    ),
    "analysis.open": _text("{what}: {rules}", "{what}：{rules}", "{what}：{rules}"),
    "analysis.clean": _text(
        "No concern is left without an answer. Looked at: {within}.",
        "所有問題都已有說明（範圍：{within}）。",
        "所有问题都已有说明（范围：{within}）。",
    ),
    "analysis.not_clean": _text(
        "Mend the rules, or say in .analysis.yaml why it is as it should be. Looked at: {within}.",
        "請修改規則，或在 .analysis.yaml 說明為什麼這樣沒問題（範圍：{within}）。",
        "请修改规则，或在 .analysis.yaml 说明为什么这样没问题（范围：{within}）。",
    ),
}

ANSWERED: Plural = {
    "one": Text((("en", "{count} more is answered; --all shows it."),)),
    "other": _text(
        "{count} more are answered; --all shows them.",
        "另有 {count} 項已有說明，加上 --all 可全部列出。",
        "另有{count}项已有说明，加上 --all 可全部列出。",
    ),
}
