"""Every text of the frame in every language, as people who handle complaints would say it. Slots: `{name}`."""

from __future__ import annotations

from escalation_rules.cli.text.catalogue_compare import COMPARE_TEXTS
from escalation_rules.cli.text.catalogue_coverage import COVERAGE_TEXTS
from escalation_rules.cli.text.catalogue_handbook import HANDBOOK_TEXTS
from escalation_rules.cli.text.catalogue_policy import POLICY_TEXTS
from escalation_rules.cli.text.catalogue_replay import REPLAY_TEXTS
from escalation_rules.texts import Text
from escalation_rules.words.babel_formats import Plural
from escalation_rules.words.labels.phrases import text as _text

TEXTS: dict[str, Text] = {
    # the first lines
    "header": _text(
        "Case {case}, {at} ({offset}). Phase: {phase}.",
        "案件 {case}，{at}（{offset}），目前階段：{phase}。",
        "工单 {case}，{at}（{offset}），当前阶段：{phase}。",
    ),
    "header_idle": _text(
        "Case {case}, {at} ({offset}). No step is open.",
        "案件 {case}，{at}（{offset}），目前沒有待辦步驟。",
        "工单 {case}，{at}（{offset}），当前没有待办步骤。",
    ),
    "no_id": _text("without a number", "（未編號）", "（未编号）"),
    "failure": _text("Failed: {what}", "已出狀況：{what}", "已出问题：{what}"),
    # sections
    "do_not": _text("Must not be done", "不可以做", "不可以做"),
    "do_now": _text("To be done", "要做的事", "要做的事"),
    "when.first": _text("Do this first", "先做這件事", "先做这件事"),
    "when.now": _text("Now", "馬上做", "马上做"),
    "when.next": _text("Next", "接著做", "接着做"),
    "when.then": _text("After that", "之後再做", "之后再做"),
    "nothing_now": _text("There is nothing to do now.", "目前沒有要做的事。", "目前没有要做的事。"),
    "nothing_for_you": _text(
        "There is nothing for you to do now.", "目前沒有要您做的事。", "目前没有要您做的事。"
    ),
    "for_role": _text(
        "{text} Only what concerns: {role}.", "{text}只列與{role}有關的事。", "{text}只列与{role}有关的事。"
    ),
    "not_yet": _text("Not yet", "還不能做", "还不能做"),
    "find_out": _text("Find out ({count})", "還要問清楚（{count} 項）", "还要问清楚（{count}项）"),
    "find_out_first": _text(
        "Find out (the first {shown} of {count})",
        "還要問清楚（共 {count} 項，先問這 {shown} 項）",
        "还要问清楚（共{count}项，先问这{shown}项）",
    ),
    "findings": _text("Findings", "認定結果", "认定结果"),
    "done": _text("Done", "已經做了", "已经做了"),
    "standing": _text("Must not be done in general", "一般不可以做", "一般不可以做"),
    "waiting": _text("Has to wait", "要先等等", "要先等等"),
    # labels of rows
    "about": _text("About", "對象", "对象"),
    "who": _text("Who", "負責", "负责"),
    "not_by": _text("Not by", "適用", "适用"),
    "due": _text("Due", "期限", "期限"),
    "with": _text("With", "內容", "内容"),
    "say": _text("Say", "說法", "说法"),
    "why": _text("Why", "理由", "理由"),
    "until": _text("Until", "等到", "等到"),
    "needs": _text("First", "先", "先"),
    "includes": _text("Namely", "包括", "包括"),
    "also": _text("Also", "一併做", "一并做"),
    "joins": _text("Joins", "屬於", "属于"),
    "in_favour": _text("Though", "雖然", "虽然"),
    "label": _text("{label}:", "{label}：", "{label}："),
    # rows
    "anybody": _text("anybody", "任何人", "任何人"),
    "comma": _text(", ", "，", "，"),
    "overdue": _text("LATE by {length}", "【已逾期 {length}】", "【已逾期{length}】"),
    "overdue_now": _text("DUE NOW", "【現在到期】", "【现在到期】"),
    "was_due": _text(" (was due at {at})", "（原訂：{at}）", "（原定{at}）"),
    "due_by": _text("by {at}", "{at} 前", "{at}前"),
    "left": _text("by {at} ({length} left)", "{at} 前（還有 {length}）", "{at}前（还有{length}）"),
    "paused": _text("the clock is paused", "目前停止計時", "目前停止计时"),
    "within_of": _text(
        "{time}; that time is not known yet", "{time}；該時間尚未確定", "{time}；该时间尚未确定"
    ),
    "within": _text(
        "{time}; the start is not known yet", "{time}；起算時間尚未確定", "{time}；起算时间尚未确定"
    ),
    "parameter": _text("{label}: {value}", "{label}：{value}", "{label}：{value}"),
    "not_known": _text("not known yet", "尚待確認", "尚待确认"),
    "record": _text("{what} ({list}: {id})", "{what}（{list}：{id}）", "{what}（{list}：{id}）"),
    "record_short": _text("{what}, {id}", "{what}，{id}", "{what}，{id}"),
    "anything": _text("anything that {group}", "{group}", "{group}"),
    "anything_except": _text(
        "anything that {group}, except to: {names}", "{group}（除了：{names}）", "{group}（除了：{names}）"
    ),
    "brief.step": _text("{what}: ", "{what}：", "{what}："),
    "brief.also": _text("{what} (also: {names})", "{what}（一併：{names}）", "{what}（一并：{names}）"),
    "brief.not": _text("Must not: {text}", "不可以：{text}", "不可以：{text}"),
    "brief.wait": _text("Not yet: {text}", "還不能：{text}", "还不能：{text}"),
    "brief.ask": _text("Find out: {text}", "要問：{text}", "要问：{text}"),
    "record_id": _text("{id} ({list})", "{id}（{list}）", "{id}（{list}）"),
    "only_these": _text(
        "For now, only {roles} may do this: {names}.",
        "目前只有{roles}可以做：{names}。",
        "目前只有{roles}可以做：{names}。",
    ),
    "not_these": _text(
        "Not to be done by {roles}: {names}.",
        "{roles}不可以做：{names}。",
        "{roles}不可以做：{names}。",
    ),
    "basis": _text("{principle} ({parts})", "{principle}（{parts}）", "{principle}（{parts}）"),
    "rule": _text("rule {rule}", "規則 {rule}", "规则 {rule}"),
    "parts": _text("; ", "；", "；"),
    "unclear": _text(
        "This may apply: {text}",
        "可能適用：{text}",
        "可能适用：{text}",
    ),
    "same_reason": _text(
        "for the same reason as {number}", "理由與第 {number} 項相同", "理由与第{number}项相同"
    ),
    "opens_way": _text(
        "Needed before: {names}.",
        "這件事做完，才能進行：{names}。",
        "这件事做完，才能进行：{names}。",
    ),
    "need_fact": _text("find out: {question}", "問清楚：{question}", "问清楚：{question}"),
    "disagree": _text(
        "decide which {name}: the rules differ",
        "確定{name}（各項規則說法不一）",
        "确定{name}（各条规则说法不一）",
    ),
    "ask.agent": _text("you or a colleague may know", "您或同事可確認", "您或同事可确认"),
    "ask.customer": _text("ask the customer", "問客戶", "问客户"),
    "ask.system": _text("look it up", "查系統", "查系统"),
    "question": _text("{question} ({ask})", "{question}（{ask}）", "{question}（{ask}）"),
    "question_about": _text(
        "{question} ({ask}; about {records})",
        "{question}（{ask}；對象：{records}）",
        "{question}（{ask}；对象：{records}）",
    ),
    "finding": _text("{what}, {fact}: {value}", "{what}，{fact}：{value}", "{what}，{fact}：{value}"),
    "undecided": _text("not decided yet", "尚未認定", "尚未认定"),
    "done_line": _text("{action}: {by}, {at}", "{action}：{by}，{at}", "{action}：{by}，{at}"),
    "about_line": _text("{action} ({about})", "{action}（{about}）", "{action}（{about}）"),
    "sentence": _text("{text}.", "{text}。", "{text}。"),
    "quoted": _text("“{text}”", "「{text}」", "“{text}”"),
    "list": _text("; ", "、", "、"),
    # the last lines
    "general": _text(
        "As in every case: {counts}.",
        "另外，每件案子一般都有：{counts}。",
        "另外，每张工单一般都有：{counts}。",
    ),
    "see_all": _text(
        "Use --all to show everything, with the rules behind it.",
        "加上 --all 可看全部內容與所依據的規則。",
        "加上 --all 可看全部内容和所依据的规则。",
    ),
    "look_again": _text(
        "Look again at {at}, or as soon as anything changes.",
        "{at} 再看一次；情況有變，就馬上重看。",
        "{at}再看一次；情况有变，就马上重看。",
    ),
    "look_again_then": _text(
        "Look again as soon as anything changes.", "情況有變時再重看。", "情况有变时再重看。"
    ),
    # check
    "verdict.allowed": _text("You may {action}.", "可以{action}。", "可以{action}。"),
    "verdict.held": _text("Not yet: {action}.", "還不能做：{action}。", "还不能做：{action}。"),
    "verdict.forbidden": _text("Must not be done: {action}.", "不可以做：{action}。", "不可以做：{action}。"),
    "verdict.planned": _text(
        "It is one of the steps to do now.", "這也是目前該做的事。", "这也是目前该做的事。"
    ),
    "verdict.planned_in_part": _text(
        "It does a part of one of the steps to do now: {values}.",
        "這只是目前該做的一部分；計畫是：{values}。",
        "这只是目前该做的一部分；计划是：{values}。",
    ),
    "verdict.planned_otherwise": _text(
        "The plan has this step, but with other values: {values}.",
        "計畫中有這件事，但內容不同，計畫是：{values}。",
        "计划中有这件事，但内容不同，计划是：{values}。",
    ),
    "verdict.done": _text(
        "It has been done already ({by}, {at}).",
        "這件事已經做了（{by}，{at}）。",
        "这件事已经做了（{by}，{at}）。",
    ),
    "verdict.free": _text("No rule forbids it.", "沒有規則禁止這麼做。", "没有规则禁止这么做。"),
    "verdict.unasked": _text(
        "No rule forbids it, and none recommends it now.",
        "沒有規則禁止，目前也沒有規則要求這麼做。",
        "没有规则禁止，目前也没有规则要求这么做。",
    ),
    "by": _text("By", "經手", "经手"),
    "need_parameter": _text(
        "state the {label} (--param {name}=VALUE)",
        "先說明{label}（--param {name}=值）",
        "先说明{label}（--param {name}=值）",
    ),
    "instead": _text("Do this instead", "現在該做的是", "现在该做的是"),
    "as_of": _text(
        "Case {case}, as of {at} ({offset}).",
        "案件 {case}，截至 {at}（{offset}）。",
        "工单 {case}，截至{at}（{offset}）。",
    ),
    # audit
    "audit.header": _text(
        "Case {case}, audited up to {at} ({offset}).",
        "案件 {case}，回顧到 {at}（{offset}）為止。",
        "工单 {case}，回顾到{at}（{offset}）为止。",
    ),
    "audit.no_history": _text(
        "This case is not a history: its facts are taken as known from the first act on.",
        "這份資料沒有逐筆時間，因此假定一開始就知道全部事實。",
        "这份资料没有逐条时间，因此假定一开始就知道全部事实。",
    ),
    "audit.item": _text("{at}, {kind}: {what}", "{at}　{kind}：{what}", "{at}　{kind}：{what}"),
    "kind.forbidden": _text("done although forbidden", "不可以做卻做了", "不可以做却做了"),
    "kind.premature": _text("done too early", "還不能做就做了", "还不能做就做了"),
    "kind.late": _text("done late", "逾期才做", "逾期才做"),
    "kind.omitted": _text("due but not done", "到期沒做", "到期没做"),
    "kind.failure": _text("failure", "處理失當", "处理失当"),
    "kind.unverified": _text("done, could not be judged", "做了，對錯未定", "做了，对错未定"),
    "done_late": _text("Done", "補做", "补做"),
    "late_by": _text("{at} ({length} late)", "{at}（晚了 {length}）", "{at}（晚了{length}）"),
    "known": _text("Detectable", "應知", "应知"),
    "known_from": _text("since {at}", "{at} 起", "{at}起"),
    "audit.unverified": _text(
        "Could not be judged because a fact was not known; not counted",
        "當時缺少事實，無法判斷（不計入）",
        "当时缺少事实，无法判断（不计入）",
    ),
    "audit.clean": _text("No breach was found.", "沒有發現缺失。", "没有发现问题。"),
    "audit.also": _text("{text} {more}", "{text}{more}", "{text}{more}"),
    # explain
    "it_takes": _text("Required", "還需", "还需"),
    "found": _text("Finding", "認定", "认定"),
    "facts": _text("Facts", "事實", "事实"),
    "rule.holds": _text("Rule {rule} applies.", "規則 {rule} 適用。", "规则 {rule} 适用。"),
    "rule.does_not_hold": _text(
        "Rule {rule} does not apply.", "規則 {rule} 不適用。", "规则 {rule} 不适用。"
    ),
    "rule.undecided": _text(
        "It is not known yet whether rule {rule} applies.",
        "規則 {rule} 是否適用，還不確定。",
        "规则 {rule} 是否适用，还不确定。",
    ),
    "rule.disabled": _text(
        "Rule {rule} is disabled.",
        "規則 {rule} 已停用。",
        "规则 {rule} 已停用。",
    ),
    "rule.replaced": _text(
        "Rule {rule} is replaced by rule {by}.",
        "規則 {rule} 已由規則 {by} 取代。",
        "规则 {rule} 已由规则 {by} 取代。",
    ),
    "where": _text("Where", "位置", "位置"),
    "rule.overridden": _text(
        "but its prohibition is overridden by rule {rules}",
        "但禁令已由規則 {rules} 解除",
        "但禁令已由规则 {rules} 解除",
    ),
    "never": _text("it can never apply as written", "照目前的寫法，不可能成立", "照目前的写法，不可能成立"),
    "always": _text("it applies to every case", "任何案件都適用", "任何工单都适用"),
    "now": _text("{text} (now: {value})", "{text}（目前：{value}）", "{text}（目前：{value}）"),
    "namely": _text("{text} ({value})", "{text}（{value}）", "{text}（{value}）"),
    "open": _text("{text}: not known yet", "{text}：尚待確認", "{text}：尚待确认"),
    "no_record": _text("none", "沒有", "没有"),
    "concluded_by": _text("decided by rule {rules}", "由規則 {rules} 認定", "由规则 {rules} 认定"),
    "answer.planned": _text(
        "“{action}” is to be done now.", "「{action}」是目前該做的事。", "“{action}”是目前该做的事。"
    ),
    "answer.done": _text("“{action}” has been done.", "「{action}」已經做了。", "“{action}”已经做了。"),
    "answer.forbidden": _text(
        "“{action}” must not be done.", "「{action}」不可以做。", "“{action}”不可以做。"
    ),
    "answer.held": _text("“{action}” has to wait.", "「{action}」還不能做。", "“{action}”还不能做。"),
    "answer.unplanned": _text(
        "“{action}” is not in the plan.", "目前不需要「{action}」。", "目前不需要“{action}”。"
    ),
    "unasked": _text(
        "No rule ever recommends it.", "沒有任何規則會要求這麼做。", "没有任何规则会要求这么做。"
    ),
    "unasked_too": _text(
        "No rule recommends it either.", "也沒有規則會要求這麼做。", "也没有规则会要求这么做。"
    ),
    "would_ask": _text(
        "This rule would recommend it if:", "符合這條規則時，才需要做：", "符合这条规则时，才需要做："
    ),
    "would_ask_one": _text(
        "Each of these rules would recommend it, the nearest first:",
        "符合其中一條規則時，才需要做（最接近的在前）：",
        "符合其中一条规则时，才需要做（最接近的在前）：",
    ),
    "further": _text("Other rules: {names}.", "其他規則：{names}。", "其他规则：{names}。"),
    "asked": _text("Find out", "還要問清楚", "还要问清楚"),
    "waits": _text("Affects", "牽涉", "牵涉"),
    # verify
    "verify.item": _text("{part}: {what}", "{part}：{what}", "{part}：{what}"),
    "verify.field": _text("{what}, {field}", "{what}的{field}", "{what}的{field}"),
    "verify.order": _text("{part}: order", "{part}：順序", "{part}：顺序"),
    "verify.there": _text("there", "有", "有"),
    "part.plan": _text("To be done", "要做的事", "要做的事"),
    "part.done": _text("Done", "已做的事", "已做的事"),
    "part.forbidden": _text("Must not be done", "不可以做", "不可以做"),
    "part.held": _text("Must wait", "要先等等", "要先等等"),
    "part.missing": _text("To be found out", "要問清楚的事", "要问清楚的事"),
    "part.findings": _text("Findings", "認定", "认定"),
    "part.conclusions": _text("Conclusions", "結論", "结论"),
    "part.phase": _text("Phase", "階段", "阶段"),
    "part.currency": _text("Currency", "幣別", "币种"),
    "part.case": _text("Case", "案件", "工单"),
    "part.review_at": _text("Look again", "再看的時間", "再看的时间"),
    "field.owner": _text("who", "負責人", "负责人"),
    "field.due": _text("due time", "期限", "期限"),
    "field.within": _text("time allowed", "時限", "时限"),
    "field.overdue": _text("late or not", "是否逾期", "是否逾期"),
    "field.paused": _text("clock stopped", "是否停止計時", "是否停止计时"),
    "field.incomplete": _text("still to be filled in", "待補的內容", "待补的内容"),
    "field.because": _text("reasons", "理由", "理由"),
    "field.say": _text("wording", "說法", "说法"),
    "field.phase": _text("phase", "階段", "阶段"),
    "field.wanted": _text("recommended or not", "是否建議", "是否建议"),
    "field.until": _text("until when", "等到何時", "等到何时"),
    "field.needs": _text("what would release it", "解除所需", "解除所需"),
    "field.value": _text("value", "內容", "内容"),
    "field.question": _text("question", "問法", "问法"),
    "field.ask": _text("whom to ask", "問誰", "问谁"),
    "field.needed_by": _text("rules that wait", "等著的規則", "等着的规则"),
    "field.at": _text("time", "時間", "时间"),
    "field.by": _text("by whom", "經手", "经手"),
    "verified": _text(
        "Verified: the policy gives the same decision.",
        "核對無誤：依同一套規則重算，結果相同。",
        "核对无误：按同一套规则重算，结果相同。",
    ),
    "other_policy": _text(
        "The policy is not the one that made the decision.",
        "現在的規則不是當時所用的規則。",
        "现在的规则不是当时所用的规则。",
    ),
    "otherwise_same": _text(
        "It still gives the same decision.", "不過重算的結果相同。", "不过重算的结果相同。"
    ),
    "recorded": _text("Then", "當時", "当时"),
    "derived": _text("Now", "現在", "现在"),
    "absent": _text("nothing", "無", "无"),
    "only_here": _text("only here: {names}", "只有這邊有：{names}", "只有这边有：{names}"),
    "no_more": _text("nothing else", "沒有別的", "没有别的"),
    **HANDBOOK_TEXTS,
    **POLICY_TEXTS,
    **COMPARE_TEXTS,
    **COVERAGE_TEXTS,
    **REPLAY_TEXTS,
}

ROWS = ("about", "who", "also", "joins", "not_by", "due", "with", "say", "why", "until", "needs", "includes",
        "in_favour")  # fmt: skip
"""The texts that label rows."""


def _english(text: str) -> Text:
    """A form that only English has."""
    return Text((("en", text),))


MUST_NOT: Plural = {
    "one": _english("In this case, {count} more thing must not be done: {names}."),
    "other": _text(
        "In this case, {count} more things must not be done: {names}.",
        "這件案子另有 {count} 件事不可以做：{names}。",
        "本工单另有{count}件事不可以做：{names}。",
    ),
}
MUST_WAIT: Plural = {
    "one": _english("In this case, {count} more thing has to wait: {names}."),
    "other": _text(
        "In this case, {count} more things have to wait: {names}.",
        "這件案子另有 {count} 件事要先等等：{names}。",
        "本工单另有{count}件事要先等等：{names}。",
    ),
}
MORE_STEPS: Plural = {
    "one": _english("{count} more step follows; --all shows it."),
    "other": _text(
        "{count} more steps follow; --all shows them.",
        "後面還有 {count} 個步驟，加上 --all 可全部列出。",
        "后面还有{count}个步骤，加上 --all 可全部列出。",
    ),
}
LATE_STEPS: Plural = {
    "one": _english("{count} of them is late: {names}."),
    "other": _text(
        "{count} of them are late: {names}.",
        "其中 {count} 個已逾期：{names}。",
        "其中{count}个已逾期：{names}。",
    ),
}
PROHIBITIONS: Plural = {
    "one": _english("{count} prohibition"),
    "other": _text("{count} prohibitions", "{count} 件不可以做的事", "{count}件不可以做的事"),
}
HOLDS: Plural = {
    "one": _english("{count} thing that has to wait"),
    "other": _text("{count} things that have to wait", "{count} 件要先等等的事", "{count}件要先等等的事"),
}
BREACHES: Plural = {
    "one": _english("{count} breach ({kinds})."),
    "other": _text(
        "{count} breaches ({kinds}).", "共 {count} 項缺失（{kinds}）。", "共{count}项问题（{kinds}）。"
    ),
}
UNVERIFIED: Plural = {
    "one": _english("{count} act could not be judged."),
    "other": _text(
        "{count} acts could not be judged.", "另有 {count} 件事無法判斷。", "另有{count}件事无法判断。"
    ),
}
DIFFERENCES: Plural = {
    "one": _english("Not verified: {count} difference."),
    "other": _text(
        "Not verified: {count} differences.", "結果不同，共 {count} 處：", "结果不同，共{count}处："
    ),
}
MORE_PLACES: Plural = {
    "other": _text(
        "{count} more; --json lists them.",
        "另有 {count} 處，加上 --json 可全部列出。",
        "另有{count}处，加上 --json 可全部列出。",
    )
}
RULES: Plural = {
    "one": _english("{count} rule."),
    "other": _text("{count} rules.", "共 {count} 條規則。", "共{count}条规则。"),
}
MORE: Plural = {"other": _text("and {count} more", "另外還有 {count} 件", "另外还有{count}件")}
