"""The words of the panel, in the languages of the policy. What actions, roles and facts are called stands in the policy."""

from __future__ import annotations

from django.utils.translation import get_language

_LANGUAGES = {"zh-hant": "zh-TW", "zh-tw": "zh-TW", "zh-hans": "zh-CN", "zh-cn": "zh-CN"}

_WORDS: dict[str, tuple[str, str, str]] = {
    "title": ("What to do", "接下來怎麼做", "接下来怎么做"),
    "times": ("D j M, H:i", "n月j日（D）H:i", "n月j日（D）H:i"),
    "save": ("Save", "儲存", "保存"),
    "nothing": ("Nothing to do now.", "目前沒有要做的事。", "目前没有要做的事。"),
    "look_again": ("Looks again", "下次檢視", "下次检视"),
    "more": ("more steps follow", "個步驟之後再做", "个步骤之后再做"),
    "done": ("Done", "完成", "完成"),
    "done_title": ("Done so far", "已完成", "已完成"),
    "together": ("In the same go", "一併處理", "一并处理"),
    "due": ("due", "期限", "期限"),
    "overdue": ("overdue since", "已逾期，原期限", "已逾期，原期限"),
    "say": ("You can say", "可以這樣說", "可以这样说"),
    "why": ("Why", "為什麼", "为什么"),
    "about": ("about", "對象", "对象"),
    "not_known": ("not known yet", "尚未確認", "尚未确认"),
    "forbidden": ("Do not", "不可以做", "不可以做"),
    "held": ("Not yet", "還不能做", "还不能做"),
    "needs": ("first", "要先", "要先"),
    "standing": ("always forbidden in this case", "項在本案一律不可做", "项在本案一律不可做"),
    "proposed": ("Did the customer say this?", "客戶是這個意思嗎？", "客户是这个意思吗？"),
    "against": ("speaks against it", "有疑點", "有疑点"),
    "yes": ("Yes", "是", "是"),
    "no": ("No", "不是", "不是"),
    "answer_no": ("No", "否", "否"),
    "replies": (
        "Was this reply one of the steps?",
        "這則回覆是其中一個步驟嗎？",
        "这条回复是其中一个步骤吗？",
    ),
    "no_step": ("None of them", "都不是", "都不是"),
    "ask": ("Find out", "要先問清楚", "要先问清楚"),
    "more_questions": ("more questions", "個問題", "个问题"),
    "of_customer": ("ask the customer", "問客戶", "问客户"),
    "undo": ("Undo", "復原", "撤销"),
    "answered": ("Answered", "已回答", "已回答"),
    "gone": (
        "This step is not in the plan any more. Look at the plan below.",
        "這個步驟已不在計畫中，請看下方最新的計畫。",
        "这个步骤已不在计划中，请看下方最新的计划。",
    ),
    "not_open": ("This was answered already.", "這個問題已經回答過了。", "这个问题已经回答过了。"),
    "broken": (
        "The plan cannot be shown: {problem}",
        "無法顯示計畫：{problem}",
        "无法显示计划：{problem}",
    ),
}


def language() -> str:
    """The policy's language that is nearest to the page's."""
    return _LANGUAGES.get((get_language() or "en").lower(), "en")


def words() -> dict[str, str]:
    """The words in the page's language."""
    place = ("en", "zh-TW", "zh-CN").index(language())
    return {name: texts[place] for name, texts in _WORDS.items()}
