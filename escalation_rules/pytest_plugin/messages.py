"""What a failure says, in the language of the feature: sentences with slots, in English, 繁體中文 and 简体中文."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import attrs

ENGLISH, TRADITIONAL, SIMPLIFIED = "en", "zh-TW", "zh-CN"


def language_of(tag: str) -> str:
    """The language of messages for a feature in the language `tag`: English unless that is Chinese."""
    return tag if tag in (TRADITIONAL, SIMPLIFIED) else ENGLISH


@runtime_checkable
class Said(Protocol):
    """Something that can be said in several languages."""

    def in_language(self, language: str) -> str:
        """Its words in a language."""


@attrs.frozen
class Message:
    """One sentence: its English form, which is its key, and what fills its slots (messages, too)."""

    template: str
    slots: Mapping[str, Any]

    def in_language(self, language: str) -> str:
        """The sentence in a language."""
        place = (TRADITIONAL, SIMPLIFIED).index(language) if language != ENGLISH else None
        text = self.template if place is None else CHINESE[self.template][place]
        return text.format(**{name: said(value, language) for name, value in self.slots.items()})

    def __str__(self) -> str:
        return self.in_language(ENGLISH)


def message(template: str, /, **slots: Any) -> Message:
    """A sentence of `CHINESE` with its slots filled."""
    return Message(template, slots)


class Wrong(ValueError):
    """Something in a feature that cannot be read; `told` says what, in every language."""

    def __init__(self, template: str, /, **slots: Any) -> None:
        super().__init__(str(message(template, **slots)))
        self.told = message(template, **slots)


def said(what: object, language: str) -> str:
    """What can be said in several languages in one of them; anything else as it is."""
    return what.in_language(language) if isinstance(what, Said) else str(what)


CHINESE: Mapping[str, tuple[str, str]] = {
    # kinds of names
    "action": ("行動", "行动"),
    "fact": ("事實", "事实"),
    "rule": ("規則", "规则"),
    "role": ("角色", "角色"),
    "phase": ("階段", "阶段"),
    "principle": ("原則", "原则"),
    "source": ("來源", "来源"),
    "record": ("紀錄", "记录"),
    "parameter": ("參數", "参数"),
    "value": ("值", "值"),
    "{name} is a group of actions; name one of them: {names}": (
        "{name} 是一組行動；請寫其中一個：{names}",
        "{name} 是一组行动；请写其中一个：{names}",
    ),
    "{name} is the label of several: {names}; write the id": (
        "{name} 是好幾項的名稱：{names}；請寫代號",
        "{name} 是好几项的名称：{names}；请写代号",
    ),
    "unknown {what} {name}; did you mean {near}?": (
        "沒有這個{what}：{name}；是不是 {near}？",
        "没有这个{what}：{name}；是不是 {near}？",
    ),
    "unknown {what} {name}; expected {names}": (
        "沒有這個{what}：{name}；可用的是 {names}",
        "没有这个{what}：{name}；可用的是 {names}",
    ),
    "unknown {what} {name}; there is none at all": (
        "沒有這個{what}：{name}；目前一個也沒有",
        "没有这个{what}：{name}；目前一个也没有",
    ),
    "{list} has no records yet, so none {record}": (
        "{list} 裡還沒有任何紀錄，所以沒有 {record}",
        "{list} 中还没有任何记录，所以没有 {record}",
    ),
    # steps as a whole
    "there is no such step": ("沒有這樣的步驟", "没有这样的步骤"),
    "did you mean: {step}": ("是不是：{step}", "是不是：{step}"),
    "this step begins with {words}, not with {word}": (
        "這個步驟要以「{words}」開頭，不是「{word}」",
        "这个步骤要以“{words}”开头，不是“{word}”",
    ),
    "`pytest --policy-steps {language}` lists all steps": (
        "`pytest --policy-steps {language}` 會列出所有步驟",
        "`pytest --policy-steps {language}` 会列出所有步骤",
    ),
    "this step needs a table below it": ("這個步驟下面要有表格", "这个步骤下面要有表格"),
    "a column of the table has no name": ("表格有一欄沒有名稱", "表格有一列没有名称"),
    "the column {name} comes twice": ("欄位 {name} 出現兩次", "列 {name} 出现两次"),
    "no column {name} here; expected {names}; did you mean {near}?": (
        "這裡沒有欄位 {name}；可用的是 {names}；是不是 {near}？",
        "这里没有列 {name}；可用的是 {names}；是不是 {near}？",
    ),
    "no column {name} here; expected {names}": (
        "這裡沒有欄位 {name}；可用的是 {names}",
        "这里没有列 {name}；可用的是 {names}",
    ),
    "each row under 'also' says why in the column 'why'": (
        "「另有」底下每一列都要在「原因」欄說明原因",
        "“另有”下面每一行都要在“原因”列说明原因",
    ),
    "the library refuses this:": ("程式庫不接受：", "程序库不接受："),
    "… and {count} more": ("……還有 {count} 項", "……还有 {count} 项"),
    "there is no {name}": ("找不到 {name}", "找不到 {name}"),
    "looked at {place}": ("找過 {place}", "找过 {place}"),
    "cannot read {file}": ("無法讀取 {file}", "无法读取 {file}"),
    "it is not a mapping": ("內容不是「名稱: 值」的形式", "内容不是“名称: 值”的形式"),
    "{file} has no history": ("{file} 裡沒有 history", "{file} 中没有 history"),
    "for a case without one write: the case in …": (
        "沒有歷程的個案請寫：檔案 … 裡的個案",
        "没有经过的个案请写：文件 … 中的个案",
    ),
    "there is no policy yet to put this one on top of": (
        "還沒有政策可以疊上去",
        "还没有政策可以叠加上去",
    ),
    "name the first one: Given the built-in policy": (
        "請先寫：假如 採用內建政策",
        "请先写：假如 采用内置政策",
    ),
    "unknown time zone {zone}": ("沒有這個時區：{zone}", "没有这个时区：{zone}"),
    "write it like Asia/Taipei": ("請寫成 Asia/Taipei 這樣", "请写成 Asia/Shanghai 这样"),
    "no sentence before this one says what 'it' is": (
        "前面沒有句子說明這裡指的是哪個行動",
        "前面没有句子说明这里指的是哪个行动",
    ),
    "write first, for instance: Then pay_loss is held": (
        "請先寫，例如：那麼 pay_loss 被暫緩",
        "请先写，例如：那么 pay_loss 被暂缓",
    ),
    "there is no earlier decision whose instant could be taken": (
        "之前沒有作過決定，不知道要用哪個時間",
        "之前没有作过决定，不知道要用哪个时间",
    ),
    "nothing before this step says a time from which to count": (
        "這個步驟之前沒有提過時間，無法往後推算",
        "这个步骤之前没有提过时间，无法往后推算",
    ),
    "write before: {step}": ("請先寫：{step}", "请先写：{step}"),
    "write instead: {step}": ("請改寫：{step}", "请改写：{step}"),
    "nothing has been decided yet": ("還沒有作出決定", "还没有作出决定"),
    "nothing has been checked yet": ("還沒有查核", "还没有核查"),
    "nothing has been audited yet": ("還沒有稽核", "还没有审查"),
    "the case has changed since it was decided": ("作出決定之後個案又變了", "作出决定之后个案又变了"),
    "the case has changed since it was checked": ("查核之後個案又變了", "核查之后个案又变了"),
    "the case has changed since it was audited": ("稽核之後個案又變了", "审查之后个案又变了"),
    "{list} has no record {record} yet; did you mean {near}?": (
        "{list} 裡還沒有紀錄 {record}；是不是 {near}？",
        "{list} 中还没有记录 {record}；是不是 {near}？",
    ),
    "{list} has no record {record} yet; it has {names}": (
        "{list} 裡還沒有紀錄 {record}；現有 {names}",
        "{list} 中还没有记录 {record}；现有 {names}",
    ),
    # one action
    "{target} {state}": ("{target}{state}", "{target}{state}"),
    "{target} {state}:": ("{target}{state}：", "{target}{state}："),
    "{target} {state}, but not because of {rules}": (
        "{target}{state}，但不是依據 {rules}",
        "{target}{state}，但不是依据 {rules}",
    ),
    "it is not so that {target} {state}": ("{target}並非{state}", "{target}并非{state}"),
    "the decision does not speak of {action}": ("決定裡沒有提到 {action}", "决定中没有提到 {action}"),
    "{what}, but {key} is not {names}": ("{what}，但「{key}」不是 {names}", "{what}，但“{key}”不是 {names}"),
    "{what}, but the reasons are not as expected:": (
        "{what}，但理由不符：",
        "{what}，但理由不符：",
    ),
    "the reasons are:": ("理由是：", "理由是："),
    "{target} is not planned": ("{target}不在計畫中", "{target}不在计划中"),
    "the plan has several steps {target}; say about which record": (
        "計畫裡有好幾個 {target} 步驟；請寫明是哪一筆紀錄",
        "计划中有好几个 {target} 步骤；请写明是哪一条记录",
    ),
    "the plan has several steps {target}; compare the plan with a table": (
        "計畫裡有好幾個 {target} 步驟；請用表格比對計畫",
        "计划中有好几个 {target} 步骤；请用表格比对计划",
    ),
    "{target}: {difference}": ("{target}：{difference}", "{target}：{difference}"),
    "the {parameter} of {target}: expected {value}, but it is {actual}": (
        "{target}的 {parameter}：應為 {value}，實為 {actual}",
        "{target}的 {parameter}：应为 {value}，实为 {actual}",
    ),
    "{target} lacks {names}": ("{target}尚缺 {names}", "{target}尚缺 {names}"),
    "{target} lacks {names}, not {others}": (
        "{target}尚缺 {names}，不是 {others}",
        "{target}尚缺 {names}，不是 {others}",
    ),
    "is planned": ("在計畫中", "在计划中"),
    "is forbidden": ("被禁止", "被禁止"),
    "is wanted but forbidden": ("原本建議卻被禁止", "原本建议却被禁止"),
    "is held": ("被暫緩", "被暂缓"),
    "is wanted but held": ("原本建議但被暫緩", "原本建议但被暂缓"),
    "is done": ("已完成", "已完成"),
    # the rest of an answer
    "the first question is {first}, not {fact}": (
        "第一個要問的是 {first}，不是 {fact}",
        "第一个要问的是 {first}，不是 {fact}",
    ),
    "{fact} is asked": ("要問 {fact}", "要问 {fact}"),
    "{fact} is not asked": ("沒有要問 {fact}", "没有要问 {fact}"),
    "{fact} is concluded by rules; nobody is ever asked for it": (
        "{fact} 是由規則得出的結論，從來不會問人",
        "{fact} 是由规则得出的结论，从来不会问人",
    ),
    "no rule concludes {fact}: the case gives it": (
        "沒有規則會得出 {fact}：它由個案提供",
        "没有规则会得出 {fact}：它由个案提供",
    ),
    "{what} is {value}": ("{what}是 {value}", "{what}是 {value}"),
    "a decision lists only what is true; write: it is not concluded that {fact} is true": (
        "決定只列出成立的結論；請寫：未得出結論 {fact} 是 true",
        "决定只列出成立的结论；请写：未得出结论 {fact} 是 true",
    ),
    "{name} is a field of several lists: {names}; write one of them": (
        "好幾個清單都有 {name} 這個欄位：{names}；請寫明是哪一個",
        "好几个列表都有 {name} 这个字段：{names}；请写明是哪一个",
    ),
    "{name} is about the whole case, not about {record}": (
        "{name} 針對全案，不是針對 {record}",
        "{name} 针对全案，不是针对 {record}",
    ),
    "{record} is in {lists}; {name} is about {list}": (
        "{record} 在 {lists} 裡；{name} 針對的是 {list}",
        "{record} 在 {lists} 里；{name} 针对的是 {list}",
    ),
    "something is asked": ("有要問的", "有要问的"),
    "the phase is {phase}, not {other}": (
        "目前階段是 {phase}，不是 {other}",
        "当前阶段是 {phase}，不是 {other}",
    ),
    "the finding on {record}": ("{record} 的認定", "{record} 的认定"),
    "{what} is {actual}, not {value}": ("{what}是 {actual}，不是 {value}", "{what}是 {actual}，不是 {value}"),
    "the next review is at {actual}, not at {at}": (
        "下次檢視時間是 {actual}，不是 {at}",
        "下次检视时间是 {actual}，不是 {at}",
    ),
    "the next review is never, not at {at}": ("無須再檢視，而不是在 {at}", "无须再检视，而不是在 {at}"),
    "the next review is at {actual}": ("下次檢視時間是 {actual}", "下次检视时间是 {actual}"),
    "the verdict is {actual}, not {word}": ("裁定是 {actual}，不是 {word}", "裁定是 {actual}，不是 {word}"),
    "the verdict is {word}, but not because of {rules}": (
        "裁定是 {word}，但不是依據 {rules}",
        "裁定是 {word}，但不是依据 {rules}",
    ),
    "no rule is against it": ("沒有規則反對", "没有规则反对"),
    "none": ("無", "无"),
    "nothing": ("沒有", "没有"),
    "not there": ("沒有這一項", "没有这一项"),
    # a table against a part
    "{part}: not as expected": ("{part}：與預期不符", "{part}：与预期不符"),
    "not expected: {item}": ("多出來的：{item}", "多出来的：{item}"),
    "expected {row}": ("應有 {row}", "应有 {row}"),
    "{number}. expected {row}, but it comes as {place}.": (
        "{number}. 應為 {row}，但它排在第 {place}",
        "{number}. 应为 {row}，但它排在第 {place}",
    ),
    "{number}. expected {row}, but nothing comes there": (
        "{number}. 應為 {row}，但這裡沒有東西",
        "{number}. 应为 {row}，但这里没有东西",
    ),
    "{number}. expected {row}, but there is {item}": (
        "{number}. 應為 {row}，但這裡是 {item}",
        "{number}. 应为 {row}，但这里是 {item}",
    ),
    "expected {row} after {item}, but it comes before": (
        "{row} 應在 {item} 之後，但它在前面",
        "{row} 应在 {item} 之后，但它在前面",
    ),
    "expected {row}, but there is no such entry": ("應有 {row}，但沒有這一項", "应有 {row}，但没有这一项"),
    "expected {row}, but it is different:": ("應有 {row}，但內容不同：", "应有 {row}，但内容不同："),
    "expected {row}, but it is not there once more": (
        "應有 {row}，但沒有第二筆",
        "应有 {row}，但没有第二条",
    ),
    "{column}: expected {cell}, but it is {actual}": (
        "{column}：應為 {cell}，實為 {actual}",
        "{column}：应为 {cell}，实为 {actual}",
    ),
    "rule: expected {rule}, but the reasons are {rules}": (
        "規則：應為 {rule}，但理由是 {rules}",
        "规则：应为 {rule}，但理由是 {rules}",
    ),
    "{column}: expected {cell}, but of {rule} it is {told}": (
        "{column}：應為 {cell}，但 {rule} 的是 {told}",
        "{column}：应为 {cell}，但 {rule} 的是 {told}",
    ),
    "all rules": ("所有規則", "所有规则"),
    "{title} at {at}": ("{title}（{at}）", "{title}（{at}）"),
    "{title}: {rest}": ("{title}：{rest}", "{title}：{rest}"),
    "{title}:": ("{title}：", "{title}："),
    "{title} although wanted": ("{title}（原本建議）", "{title}（原本建议）"),
    "it is in the plan: {item}": ("它在計畫中：{item}", "它在计划中：{item}"),
    "it is {part}: {item}": ("它{part}：{item}", "它{part}：{item}"),
    # parts and details of an entry
    "the plan": ("計畫", "计划"),
    "done": ("已完成", "已完成"),
    "forbidden": ("被禁止", "被禁止"),
    "held": ("被暫緩", "被暂缓"),
    "allowed": ("允許", "允许"),
    "the questions": ("待問事項", "待问事项"),
    "the findings": ("認定", "认定"),
    "the conclusions": ("結論", "结论"),
    "instead": ("改做的步驟", "改做的步骤"),
    "the breaches": ("違反事項", "违规事项"),
    "the unverified acts": ("無從查證的作為", "无从核实的行动"),
    "the done steps": ("已完成步驟", "已完成步骤"),
    "the prohibitions": ("禁止事項", "禁止事项"),
    "the prohibitions on wanted steps": ("原本建議卻被禁止的事項", "原本建议却被禁止的事项"),
    "the holds": ("暫緩事項", "暂缓事项"),
    "the holds on wanted steps": ("原本建議但被暫緩的事項", "原本建议但被暂缓的事项"),
    "the steps to do instead": ("改做的步驟", "改做的步骤"),
    "unverified": ("無從查證", "无从核实"),
    "{name} about {record}": ("{name}（{record}）", "{name}（{record}）"),
    "because of {rules}": ("依據 {rules}", "依据 {rules}"),
    "because of {reason}": ("依據 {reason}", "依据 {reason}"),
    "by {value}": ("由 {value}", "由 {value}"),
    "at {value}": ("時間 {value}", "时间 {value}"),
    "due {value}": ("期限 {value}", "期限 {value}"),
    "done at {value}": ("完成時間 {value}", "完成时间 {value}"),
    "known from {value}": ("可知時間 {value}", "可知时间 {value}"),
    "within {value}": ("時限 {value}", "时限 {value}"),
    "waits for {value}": ("須先完成 {value}", "须先完成 {value}"),
    "needs {value}": ("須先得知 {value}", "须先得知 {value}"),
    "lacks {value}": ("尚缺 {value}", "尚缺 {value}"),
    "ask {value}": ("問 {value}", "问 {value}"),
    "needed by {value}": ("用於 {value}", "用于 {value}"),
    "overdue": ("已逾期", "已逾期"),
    "wanted": ("原本建議", "原本建议"),
    "wanted by {rules}": ("{rules} 原本建議", "{rules} 原本建议"),
    "unknown": ("未知", "未知"),
    # values and times
    "{text} is not an instant; write it like 2026-03-01T10:00:00+08:00": (
        "{text} 不是時間；請寫成 2026-03-01T10:00:00+08:00 這樣",
        "{text} 不是时间；请写成 2026-03-01T10:00:00+08:00 这样",
    ),
    "{text} has no offset; write 2026-03-01T10:00:00+08:00, or begin with a step such as 'Given all times are in Asia/Taipei'": (
        "{text} 沒有時差；請寫成 2026-03-01T10:00:00+08:00，或先寫「假如 所有時間以 Asia/Taipei 為準」",
        "{text} 没有时差；请写成 2026-03-01T10:00:00+08:00，或先写“假如 所有时间以 Asia/Shanghai 为准”",
    ),
    "{text} is not a length of time; write it like 30 minutes or 1 working day": (
        "{text} 不是時間長度；請寫成「30 分鐘」或「1 個工作天」這樣",
        "{text} 不是时间长度；请写成“30 分钟”或“1 个工作日”这样",
    ),
    "cannot read {text}: {reason}": ("無法讀取 {text}：{reason}", "无法读取 {text}：{reason}"),
    "{text} does not name an action as ACTION, ACTION about RECORD or ACTION（RECORD）": (
        "{text} 不是「行動」或「行動（紀錄）」的形式",
        "{text} 不是“行动”或“行动（记录）”的形式",
    ),
    "{name} is not a fact: facts have a dot, such as customer.need": (
        "{name} 不是事實：事實的名稱有句點，例如 customer.need",
        "{name} 不是事实：事实的名称有句点，例如 customer.need",
    ),
    "a case says for all records of a list at once when a field became known; tell a history, or leave out the instant": (
        "個案只能一次記下清單裡所有紀錄的欄位何時得知；請改用歷程，或不寫時間",
        "个案只能一次记下列表中所有记录的字段何时得知；请改用经过，或不写时间",
    ),
    "the history has no entry yet, so there is no instant at which to add one": (
        "歷程還沒有任何一筆，不知道要加在哪個時間",
        "经过还没有任何一条，不知道要加在哪个时间",
    ),
}
