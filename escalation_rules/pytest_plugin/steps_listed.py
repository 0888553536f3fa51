"""The output of `pytest --policy-steps`: all steps with their fixed wordings and tables, and the form of values."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.pytest_plugin.messages import said
from escalation_rules.pytest_plugin.phrases import DEFINITIONS, Definition
from escalation_rules.pytest_plugin.tables import Column
from escalation_rules.texts import LANGUAGES

_WIDTH = 12
_WRITTEN = {
    "en": """
A feature is: Feature, then Background (steps before each scenario), Scenario, or Scenario Outline with Examples.
A scenario says something with Given, does something with When, and checks something with Then; And goes on.
No colon after these words. [Brackets] may be left out.

{at}          2026-03-01T10:00:00+08:00; after "all times are in Asia/Taipei" also 2026-03-01 10:00
{length}      30 minutes, 2 hours, 3 days, 1 week; 45 working minutes, 4 working hours, 1 working day
{target}      ACTION; ACTION about RECORD, which is the id of a record or `case`; ACTION by ROLE
{value}       true, false; 800 (an amount in the currency of the case), 3; a text; a name of the policy; unknown
a name        an id of the policy, or its label in quotes: call_back or "call the customer back"
several       a, b and c
a table       the names of its columns are in its first line; an empty cell says nothing; null means: none
…             the fields of the list, or the parameters of the action
""",
    "zh-TW": """
一個功能：功能，然後是背景（每個場景之前的步驟）、場景，或帶有例子的場景大綱。
場景用「假如」說明情況，用「當」做一件事，用「那麼」檢查結果；「而且」接著說。
這些詞後面不加冒號。[方括號] 裡的可以省略。

{at}          2026-03-01T10:00:00+08:00；寫了「所有時間以 Asia/Taipei 為準」之後也可寫 2026-03-01 10:00
{length}      30 分鐘、2 小時、3 天、1 週；45 個工作分鐘、4 個工作小時、1 個工作天
{target}      行動；行動（紀錄的代號或全案）；由 角色 進行 行動
{value}       true、false；800（金額，以個案的幣別計）、3；文字；政策裡的名稱；未知
名稱          政策裡的代號，或加引號的中文名稱：call_back 或「回電給客戶」
好幾個        a、b 和 c
表格          第一列是欄位名稱；空格表示沒有說；null 表示沒有
…             清單的欄位，或行動的參數
""",
    "zh-CN": """
一个功能：功能，然后是背景（每个场景之前的步骤）、场景，或带有例子的场景大纲。
场景用“假如”说明情况，用“当”做一件事，用“那么”检查结果；“而且”接着说。
这些词后面不加冒号。[方括号] 里的可以省略。

{at}          2026-03-01T10:00:00+08:00；写了“所有时间以 Asia/Shanghai 为准”之后也可写 2026-03-01 10:00
{length}      30 分钟、2 小时、3 天、1 周；45 个工作分钟、4 个工作小时、1 个工作日
{target}      行动；行动（记录的代号或全案）；由 角色 进行 行动
{value}       true、false；800（金额，以个案的币种计）、3；文字；政策中的名称；未知
名称          政策中的代号，或加引号的中文名称：call_back 或“给客户回电”
好几个        a、b 和 c
表格          第一行是列名；空格表示没有说；null 表示没有
…             列表的字段，或行动的参数
""",
}
"""The form of values, in each language."""


def listed(language: str) -> Iterator[str]:
    """The lines of the listing in a language."""
    for each in DEFINITIONS:
        kinds = "/".join(each.types).ljust(_WIDTH)
        for line in (*each.phrase.listed(LANGUAGES.index(language)), *_tables(each, language)):
            yield f"{kinds} {line}"
    yield from _WRITTEN[language].splitlines()


def _tables(definition: Definition, language: str) -> Iterator[str]:
    for about, columns in definition.tables:
        names = " | ".join(Column(each).in_language(language) for each in columns)
        title = said(about, language)
        yield f"    | {names} |" + (f"  ({title})" if title else "")
