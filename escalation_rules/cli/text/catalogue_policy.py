"""The texts of `rules` and `show`, which speak of a policy and of no case."""

from __future__ import annotations

from escalation_rules.texts import Text
from escalation_rules.words.labels.phrases import text as _text

POLICY_TEXTS: dict[str, Text] = {
    # labels of rows: a rule
    "ruleset": _text("Ruleset", "規則集", "规则集"),
    "principle": _text("Principle", "原則", "原则"),
    "source": _text("Source", "依據", "依据"),
    "for_each": _text("For each", "逐筆", "逐条"),
    "while": _text("While", "前提", "前提"),
    "when": _text("When", "條件", "条件"),
    "unless": _text("Unless", "例外", "例外"),
    "effect.recommend": _text("Do", "要做", "要做"),
    "effect.forbid": _text("Do not", "不可以", "不可以"),
    "effect.hold": _text("Not yet", "先不要", "先不要"),
    "effect.conclude": _text("Finding", "認定", "认定"),
    "overrides": _text("Overrides", "優先於", "优先于"),
    "overridden_by": _text("Overridden by", "次於", "次于"),
    "escalates": _text("Escalates", "接手自", "接手自"),
    "escalated_by": _text("Escalated by", "升級為", "升级为"),
    "replaces": _text("Replaces", "取代", "取代"),
    # labels of rows: an action, a group
    "phase": _text("Phase", "階段", "阶段"),
    "may": _text("May do it", "可由", "可由"),
    "paused_while": _text("Paused while", "停止計時", "停止计时"),
    "counted_from": _text("Due from", "起算", "起算"),
    "outcomes": _text("Outcomes", "結果", "结果"),
    "undo": _text("Undo", "收回", "撤回"),
    "part_of": _text("Part of", "屬於", "属于"),
    "actions": _text("Actions", "包括", "包括"),
    "asked_by": _text("Asked by", "要求", "要求"),
    "forbidden_by": _text("Forbidden by", "禁止", "禁止"),
    "held_by": _text("Held by", "暫緩", "暂缓"),
    # labels of rows: a role, a phase, a principle, a calendar
    "owns": _text("Does", "負責", "负责"),
    "may_too": _text("May also do", "也可以做", "也可以做"),
    "only_after": _text("Only after", "要先等", "要先等"),
    "must_never": _text("Must not do", "不可以做", "不可以做"),
    "steps_in_order": _text("Steps", "步驟", "步骤"),
    "place_of_phase": _text("Position", "順序", "顺序"),
    "its_rules": _text("Rules", "規則", "规则"),
    "zone": _text("Time zone", "時區", "时区"),
    "hours": _text("Hours", "上班時間", "上班时间"),
    "holidays": _text("Holidays", "假日", "节假日"),
    "closed_on": _text("Closed on", "停班日", "休息日"),
    "open_on": _text("Open on", "補班日", "调休上班"),
    "phase_at": _text("{number} of {all}", "第 {number} 階段，共 {all} 個", "第{number}阶段，共{all}个"),
    "instead_when": _text("{order} (when {condition})", "{condition}時：{order}", "{condition}时：{order}"),
    "then": _text(" → ", " → ", " → "),
    "is_outside": _text(
        "Not one of us: the policy does not say what they may do.",
        "不是我方人員，規則不規定其行為。",
        "不是我方人员，规则不规定其行为。",
    ),
    "with_rule": _text("{text} (rule {rule})", "{text}（規則 {rule}）", "{text}（规则 {rule}）"),
    "hours_on": _text("{days}: {hours}", "{days}：{hours}", "{days}：{hours}"),
    "no_hours": _text("closed", "休息", "休息"),
    # labels of rows: a fact, a list
    "type": _text("Type", "類型", "类型"),
    "values": _text("Values", "選項", "选项"),
    "presumed": _text("If unknown", "未知時", "未知时"),
    "stale": _text("Goes stale", "時效", "时效"),
    "ask_how": _text("Question", "問法", "问法"),
    "ask_whom": _text("Asked of", "問誰", "问谁"),
    "comes_from": _text("Comes from", "來源", "来源"),
    "found_by": _text("Found by", "認定規則", "认定规则"),
    "read_by": _text("Read by", "相關規則", "相关规则"),
    "note": _text("Note", "說明", "说明"),
    "fields": _text("Fields", "欄位", "字段"),
    # what stands in the rows
    "entry": _text("entry under {list}", "{list}", "{list}"),
    "anybody": _text("anybody", "任何人", "任何人"),
    "whole_case": _text("the case as a whole", "全案", "全案"),
    "as_the_rule": _text("the same as the rule", "依規則而定", "由规则决定"),
    "in_one_go": _text(
        "what of it one person has to do is done in one go",
        "同一個人要做的，一次一併做完",
        "同一个人要做的，一次一并做完",
    ),
    "in_one_go_each": _text(
        "what of it one person has to do is done in one go, separately for each entry under {list}",
        "同一個人要做的，一次一併做完（{list}各自分開）",
        "同一个人要做的，一次一并做完（{list}各自分开）",
    ),
    "combine.sum": _text(
        "{text}; what several rules want adds up", "{text}；多條規則要的會加總", "{text}；多条规则要的会相加"
    ),
    "combine.max": _text(
        "{text}; the highest that a rule wants counts",
        "{text}；以規則要的最高值為準",
        "{text}；以规则要的最高值为准",
    ),
    "combine.min": _text(
        "{text}; the lowest that a rule wants counts",
        "{text}；以規則要的最低值為準",
        "{text}；以规则要的最低值为准",
    ),
    "combine.union": _text(
        "{text}; all that the rules name",
        "{text}；各規則提到的都算",
        "{text}；各规则提到的都算",
    ),
    "is_apart": _text(
        "{text}; each value is a step of its own", "{text}；每個值各是一個步驟", "{text}；每个值各是一个步骤"
    ),
    "is_reached": _text(
        "{text}; done once it is reached", "{text}；做到這個程度才算完成", "{text}；做到这个程度才算完成"
    ),
    "counts": _text("{text}, and the step is done", "{text}（步驟完成）", "{text}（步骤完成）"),
    "undo.fully": _text("can be undone", "可以收回", "可以撤回"),
    "undo.partly": _text("can be undone in part", "只能收回一部分", "只能撤回一部分"),
    "undo.no": _text("cannot be undone", "做了就收不回", "做了就撤不回"),
    "stale_after": _text("after {span}", "{span}後", "{span}后"),
    "for_people": _text("For people; no rule uses it.", "供人閱讀，規則不需要。", "供人阅读，规则不需要。"),
    "is_confirmed": _text(
        "The presumed value is confirmed while it affects the decision.",
        "預設值會影響處理方式時，仍會要求確認。",
        "默认值会影响处理方式时，仍会要求确认。",
    ),
    "is_failure": _text(
        "It marks a failure, which the audit reports.",
        "成立時即為處理失當，回顧時會列出。",
        "成立时即为处理失当，回顾时会列出。",
    ),
    "no_rules": _text("no rule", "沒有規則", "没有规则"),
    "absent.none": _text(
        "If the case does not have the list, there are none.",
        "案件沒有這份清單，就當作沒有。",
        "工单没有这份清单，就当作没有。",
    ),
    "absent.unknown": _text(
        "If the case does not have the list, it is unknown.",
        "案件沒有這份清單，就當作還不知道。",
        "工单没有这份清单，就当作还不知道。",
    ),
    "as_it_was": _text("Original rule:", "原本的內容：", "原来的内容："),
    "gone.replaced": _text("{rule} (replaced by {by})", "{rule}（由 {by} 取代）", "{rule}（由 {by} 取代）"),
    "gone.disabled": _text("{rule} (disabled)", "{rule}（已停用）", "{rule}（已停用）"),
    "gone_rules": _text("Not in force: {names}.", "已不適用：{names}。", "已不适用：{names}。"),
    "nothing_fits": _text("No rule matches.", "沒有符合的規則。", "没有符合的规则。"),
    # what is filled into the wording of an action, besides its parameters
    "slot.due": _text("the due time", "期限", "期限"),
    "slot.about": _text("what it is about", "對象", "对象"),
    # types
    "type.flag": _text("yes or no", "是或否", "是或否"),
    "type.count": _text("whole number", "整數", "整数"),
    "type.amount": _text("amount of money", "金額", "金额"),
    "type.choice": _text("one of these values", "選項之一", "选项之一"),
    "type.level": _text("level, lowest first", "程度（由低到高）", "程度（由低到高）"),
    "type.text": _text("text", "文字", "文字"),
    "type.instant": _text("point in time", "時間", "时间"),
    "type.duration": _text("length of time", "時間長度", "时长"),
    "type.party": _text("person or organisation", "人員或單位", "人员或单位"),
    "type.reference": _text("entry under {list}", "{list}的一筆", "{list}的一条"),
    "type.references": _text("entries under {list}", "{list}的若干筆", "{list}的若干条"),
    # who is asked, and where a fact comes from
    "from.agent": _text("you or a colleague", "我方人員", "我方人员"),
    "from.customer": _text("the customer", "客戶", "客户"),
    "from.system": _text("the system", "系統", "系统"),
    "from.ticket": _text("the ticket", "案件資料", "工单"),
    "from.conversation": _text("the conversation", "與客戶的對話", "与客户的对话"),
}
