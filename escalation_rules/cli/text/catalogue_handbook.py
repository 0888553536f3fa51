"""The texts of `handbook`: the headings and the few sentences that are not the policy's own."""

from __future__ import annotations

from escalation_rules.texts import Text
from escalation_rules.words.babel_formats import Plural
from escalation_rules.words.labels.phrases import text as _text

HANDBOOK_TEXTS: dict[str, Text] = {
    "book.title": _text("Handbook: {name}", "工作手冊：{name}", "工作手册：{name}"),
    "book.version": _text(
        "Version {digest}. Made from the rules themselves; it says what they say.",
        "版本 {digest}。由規則直接產生，內容與規則一致。",
        "版本 {digest}。由规则直接生成，内容与规则一致。",
    ),
    "book.search": _text("Search", "搜尋", "搜索"),
    "book.nothing": _text("Nothing was found.", "沒有找到。", "没有找到。"),
    "book.contents": _text("Contents", "目錄", "目录"),
    "book.overview": _text("The way of a case", "案件的流程", "工单的流程"),
    "book.order": _text("Phases", "階段", "阶段"),
    "book.phases": _text(
        "Steps are taken in this order. A later phase does not wait for an earlier one to be finished.",
        "步驟依此順序進行；前一階段不必全部完成，也可進行後面的步驟。",
        "步骤按此顺序进行；前一阶段不必全部完成，也可进行后面的步骤。",
    ),
    "book.findings": _text(
        "What is concluded, and from what", "哪些認定影響哪些認定", "哪些认定影响哪些认定"
    ),
    "book.findings_intro": _text(
        "An arrow leads from a conclusion to another one whose rules look at it.",
        "箭頭表示：前面的認定會影響後面的認定。",
        "箭头表示：前面的认定会影响后面的认定。",
    ),
    "book.roles": _text("By role", "各角色", "各角色"),
    "book.everybody": _text("Everybody", "所有人", "所有人"),
    "book.principles": _text("By principle", "各原則", "各原则"),
    "book.other": _text("Without a principle", "未歸入原則", "未归入原则"),
    "book.situations": _text("By situation", "各種情況", "各种情况"),
    "book.situations_intro": _text(
        "What the rules look at, and which rules do.",
        "規則看哪些情況，以及哪些規則會看。",
        "规则看哪些情况，以及哪些规则会看。",
    ),
    "book.steps": _text("By step", "各步驟", "各步骤"),
    "book.no_phase": _text("Never asked for", "從不要求做的事", "从不要求做的事"),
    "book.examples": _text("Example", "例子", "例子"),
    "book.applies_to": _text("Applies to", "適用", "适用"),
    "book.not_to": _text("No longer after", "改成這樣就不適用", "改成这样就不适用"),
    "book.undecided": _text("Not known yet after", "改成這樣就還不確定", "改成这样就还不确定"),
    "book.scenarios": _text("Scenarios", "情境測試", "情境测试"),
    "book.back": _text("Back to the top", "回到最上面", "回到顶部"),
}


def _english(text: str) -> Text:
    return Text((("en", text),))


STEPS: Plural = {
    "one": _english("{count} step"),
    "other": _text("{count} steps", "{count} 個步驟", "{count}个步骤"),
}
