"""Sentences that people write first, with a small policy that has labels: each says what it seems to say, or fails."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from escalation_rules import Policy
from escalation_rules.pytest_plugin.meant import may_be, meanings, no_such_step
from escalation_rules.pytest_plugin.messages import wording
from escalation_rules.pytest_plugin.rehearsal import NotRehearsed, alone, failure, plays
from escalation_rules.pytest_plugin.scene import Place
from escalation_rules.texts import LANGUAGES

RULES = """
format: 1
name: visits
vocabulary:
  roles:
    - agent:
        en: the agent
        zh-TW: 客服
        zh-CN: 客服
    - manager:
        en: the manager
        zh-TW: 主管
        zh-CN: 主管
  principles: [fair]
  phases: [settle]
  facts:
    complaint.received_at: {type: instant}
    customer.waits: {type: flag}
  records:
    visits:
      each: visit
      absent: none
      fields:
        ends_at: {type: instant}
  actions:
    answer:
      label:
        en: written answer
        zh-TW: 書面答覆
        zh-CN: 书面答复
      phase: settle
      owner: manager
      about: case
      paused_while: {customer.waits: true}
    call_back:
      phase: settle
      owner: agent
      about: case
      label:
        en: call back
        zh-TW: 回電
        zh-CN: 回电
      outcomes:
        - reached
        - no_answer:
            en: nobody answered
            zh-TW: 沒人接
            zh-CN: 没人接
    pay_visit:
      phase: settle
      owner: agent
      about: visits
      label:
        en: pay for the visit
        zh-TW: 支付補償
        zh-CN: 支付补偿
      params:
        amount:
          type: count
          combine: sum
          reached: true
          label:
            en: the amount
            zh-TW: 金額
            zh-CN: 金额
        way:
          type: choice
          label:
            en: how it is paid
            zh-TW: 方式
            zh-CN: 方式
          values:
            - bank:
                en: to the bank account
                zh-TW: 匯款
                zh-CN: 汇款
            - credit
ruleset: visits
principle: fair
rules:
  - id: answer-in-eight-weeks
    source: s
    when: {complaint.received_at: given}
    then: [{recommend: answer, within: 8 weeks of complaint.received_at}]
  - id: call-after-a-complaint
    source: s
    when: {complaint.received_at: given}
    unless:
      done: {action: call_back, outcome: no_answer, at_least: 2}
    then: [{recommend: call_back}]
  - id: fifty-at-most
    source: s
    then:
      - forbid: pay_visit
        where: {amount: {above: 50}}
  - id: forty-for-a-missed-visit
    source: s
    for_each: visits
    when: {ends_at: passed}
    then: [{recommend: pay_visit, amount: 40, way: bank}]
"""
START = """
  Background:
    Given all times are in Europe/London
    And a case "E-1"
"""
FACTS = """
    Given these facts
      | complaint.received_at | 2026-06-01 09:00 |
"""
VISITS = """
    Given these visits
      | id | ends_at          |
      | a1 | 2026-06-01 12:00 |
      | a2 | 2026-06-01 12:00 |
"""
PAYS = VISITS + "    When pay_visit about a1 is done by agent at 2026-06-02 09:00"
DECIDES = "\n    And the policy decides at 2026-06-03 09:00\n"
RIGHT = {
    "the parameters of an act": PAYS
    + """
      | parameter | value |
      | amount    | 30    |"""
    + DECIDES
    + "    Then the amount of pay_visit about a1 is 10",
    "the parameters of an act without a header": PAYS
    + """
      | the amount     | 40                  |
      | how it is paid | to the bank account |"""
    + DECIDES
    + "    Then pay_visit about a1 is not planned",
    "the parameters of an act some time later": VISITS
    + """
    When the policy decides at 2026-06-02 09:00
    And 1 hour later pay_visit about a1 is done by agent
      | params.amount | 40 |"""
    + DECIDES
    + "    Then pay_visit about a1 is not planned\n    And pay_visit about a2 is planned",
    "the outcome of an act": FACTS
    + """
    When call_back is done by agent at 2026-06-02 09:00 with outcome no_answer
    And 1 hour later "call back" is done by "the agent" with outcome "nobody answered"
    And the policy decides at 2026-06-03 09:00
    Then call_back is not planned""",
    "the outcome below an act": FACTS
    + """
    When call_back is done by agent at 2026-06-02 09:00
      | outcome | no_answer |
    And the policy decides at 2026-06-03 09:00
    Then call_back is planned""",
    "labels in a table of acts": FACTS
    + VISITS
    + """
    When these acts
      | action            | about | by        | at               | outcome         | the amount | how it is paid      |
      | call back         |       | the agent | 2026-06-02 09:00 | nobody answered |            |                     |
      | call_back         |       | agent     | 2026-06-02 10:00 | no answer       |            |                     |
      | pay for the visit | a1    | the agent | 2026-06-02 10:00 |                 | 40         | to the bank account |"""
    + DECIDES
    + "    Then call_back is not planned\n    And pay_visit about a1 is not planned",
    "a value that changes": FACTS
    + """
    When at 2026-06-10 09:00 it becomes known that customer.waits is true
    And at 2026-06-15 09:00 it becomes known that customer.waits is false
    And the policy decides at 2026-06-16 09:00
    Then answer is due at 2026-08-01 09:00
    When the history is audited until 2026-07-28 09:00
    Then the breaches do not include
      | what   |
      | answer |""",
    "a value that changes some time later": FACTS
    + """
    When the policy decides at 2026-06-01 09:00
    And 9 days later it becomes known that customer.waits is true
    And 5 days later it becomes known that customer.waits is false
    And 1 day later the policy decides
    Then answer is due at 2026-08-01 09:00""",
    "what is done after a decision, before the next one": FACTS
    + """
    When the policy decides at 2026-06-01 09:00
    Then answer is planned
    When 5 minutes later answer is done by agent
    And the policy decides again
    Then answer is not planned
    When the policy decides at 2026-06-01 09:00
    And the policy decides again
    Then answer is planned""",
    "a value with a date in a table": FACTS
    + """
    And these facts
      | fact           | value | learned_at       |
      | customer.waits | true  | 2026-06-10 09:00 |
    And these facts
      | fact           | value | learned_at       |
      | customer.waits | false | 2026-06-15 09:00 |
    When the policy decides at 2026-06-16 09:00
    Then answer is due at 2026-08-01 09:00""",
    "a value that is withdrawn": FACTS
    + """
    When at 2026-06-10 09:00 it becomes known that customer.waits is true
    And at 2026-06-15 09:00 customer.waits is not known
    And the policy decides at 2026-06-16 09:00
    Then answer is due at 2026-08-01 09:00""",
    "a value that becomes unknown": FACTS
    + """
    When at 2026-06-10 09:00 it becomes known that customer.waits is true
    And at 2026-06-15 09:00 it becomes known that customer.waits is unknown
    And the policy decides at 2026-06-16 09:00
    Then answer is due at 2026-08-01 09:00""",
    "a value that is not known yet": FACTS
    + """
    And at 2026-06-10 09:00 it becomes known that customer.waits is true
    When the policy decides at 2026-06-05 09:00
    Then answer is due at 2026-07-27 09:00
    When the policy decides at 2026-06-11 09:00
    Then answer has no due time""",
    "a field of a record without its list": VISITS
    + """
    When it becomes known that the ends_at of a2 is 2026-06-05 12:00
    And the ends_at of a1 is not known
    And the policy decides at 2026-06-02 09:00
    Then pay_visit about a2 is not planned
    And pay_visit about a1 is not planned""",
    "what becomes known at once": FACTS
    + """
    When at 2026-06-10 09:00 these facts
      | customer.waits | true |
    And at 2026-06-15 09:00 these facts
      | customer.waits | false |
    And at 2026-06-16 09:00 these visits
      | id | ends_at          |
      | a1 | 2026-06-01 12:00 |
    And the policy decides at 2026-06-16 08:00
    Then answer is due at 2026-08-01 09:00
    And pay_visit is not planned
    When the policy decides at 2026-06-16 10:00
    Then pay_visit about a1 is planned
    When at 2026-06-16 11:00 these acts
      | action    | about | by    | amount |
      | pay_visit | a1    | agent | 40     |
    And the policy decides at 2026-06-16 12:00
    Then pay_visit about a1 is not planned""",
    "a field of one record that becomes known": VISITS
    + """
    When at 2026-06-01 13:00 it becomes known that the ends_at of a2 in visits is 2026-06-05 12:00
    And the policy decides at 2026-06-02 09:00
    Then pay_visit about a1 is planned
    And pay_visit about a2 is not planned""",
}
PLANNED = VISITS + DECIDES
RIGHT |= {
    "the owner of a step": PLANNED + "    Then the owner of pay_visit about a1 is agent",
    "the owner of a step by label": PLANNED + '    Then the owner of pay_visit about a1 is "the agent"',
    "labels in a table of breaches": FACTS
    + """
    When the history is audited until 2026-08-01 09:00
    Then the breaches include
      | what           | kind             | by          |
      | written answer | due but not done | the manager |""",
    "the due time of a step": FACTS + DECIDES + "    Then the due of answer is 2026-07-27 09:00",
}
IN_CHINESE = {
    "zh-TW": """
    假如 下列 visits
      | id | ends_at          |
      | a1 | 2026-06-01 12:00 |
    而且 下列事實
      | complaint.received_at | 2026-06-01 09:00 |
    當 下列行動
      | 行動     | 關於 | 由誰   | 時間             | 結果   | 金額 | 方式 |
      | 回電     |      | 客服   | 2026-06-02 09:00 | 沒人接 |      |      |
      | 支付補償 | a1   | 「客服」 | 2026-06-02 10:00 |        | 10   | 匯款 |
    而且 客服 於 2026-06-02 11:00 完成 回電，結果是 沒人接
    而且 1 小時後 客服 完成 支付補償（a1）
      | 金額 | 20   |
      | 方式 | 匯款 |
    而且 政策於 2026-06-03 09:00 作出決定
    那麼 回電 不在計畫中
    而且 支付補償（a1）的 金額 是 10
    而且 「支付補償」（a1）的 方式 是 bank
    而且 支付補償（a1）的 負責人 是 客服
    當 稽核截至 2026-08-01 09:00 的歷程
    那麼 違反事項包含
      | 事項     | 類別     | 由誰 |
      | 書面答覆 | 到期沒做 | 主管 |
    而且 違反事項不包含
      | 事項           |
      | 支付補償（a1） |
    當 政策於 2026-08-01 09:00 作出決定
    那麼 計畫包含
      | 行動     | 逾期 |
      | 書面答覆 | 是   |
""",
    "zh-CN": """
    假如 下列 visits
      | id | ends_at          |
      | a1 | 2026-06-01 12:00 |
    而且 下列事实
      | complaint.received_at | 2026-06-01 09:00 |
    当 下列行动
      | 行动     | 关于 | 由谁 | 时间             | 结果   | 金额 | 方式 |
      | 回电     |      | 客服 | 2026-06-02 09:00 | 没人接 |      |      |
      | 支付补偿 | a1   | 客服 | 2026-06-02 10:00 |        | 10   | 汇款 |
    而且 客服 在 2026-06-02 11:00 完成 回电，结果是 没人接
    而且 1 小时后 客服 完成 支付补偿（a1）
      | 参数 | 值 |
      | 金额 | 20 |
    而且 政策在 2026-06-03 09:00 作出决定
    那么 回电 不在计划中
    而且 支付补偿（a1）的 金额 是 10
    而且 支付补偿（a1）的 负责人 是 “客服”
""",
}
BEGIN = {
    "zh-TW": "# language: zh-TW\n功能: F\n  場景: S\n    假如 所有時間以 Europe/London 為準\n    而且 有一件個案",
    "zh-CN": "# language: zh-CN\n功能: F\n  场景: S\n    假如 所有时间以 Europe/London 为准\n    而且 有一宗个案",
}
ASKS = "    Then nothing is asked"
WRONG = {
    "a table below a decision": (
        FACTS + "    When the policy decides at 2026-06-02 09:00\n      | nonsense | 1 |\n" + ASKS,
        "this step takes no table",
    ),
    "a table below a planned step": (
        FACTS
        + "    When the policy decides at 2026-06-02 09:00\n    Then answer is planned\n      | owner |\n      | agent |",
        "this step takes no table",
    ),
    "a table below an empty part": (
        FACTS
        + "    When the policy decides at 2026-06-02 09:00\n    Then the holds are empty\n      | action |\n      | answer |",
        "this step takes no table",
    ),
    "a text below a decision": (
        FACTS
        + '    When the policy decides at 2026-06-02 09:00\n      """\n      x\n      """\n    Then nothing is asked',
        "this step takes no text",
    ),
    "no text where one is needed": ("    Given this case\n" + ASKS, "this step needs a text below it"),
    "an unknown parameter of an act": (
        PAYS + "\n      | amuont | 3 |" + DECIDES + ASKS,
        "unknown parameter 'amuont'; did you mean 'amount'?",
    ),
    "parameters side by side": (
        PAYS + "\n      | amount | way | about |\n      | 1 | bank | a1 |" + DECIDES + ASKS,
        "a table of parameters has the columns parameter | value",
    ),
    "a parameter twice": (
        PAYS + "\n      | amount | 3 |\n      | the amount | 4 |" + DECIDES + ASKS,
        "'amount' occurs twice in the table",
    ),
    "a fact twice": (
        "    Given these facts\n      | customer.waits | true |\n      | customer.waits | false |"
        + DECIDES
        + ASKS,
        "'customer.waits' occurs twice in the table",
    ),
    "a record twice": (
        VISITS + "      | a1 | 2026-06-03 12:00 |" + DECIDES + ASKS,
        "'a1' occurs twice in the table",
    ),
    "an empty row": (
        FACTS
        + "    When the policy decides at 2026-06-02 09:00\n    Then the plan includes\n      | action |\n      |        |",
        "a row of the table is empty",
    ),
    "an act without its record": (
        VISITS
        + "    When pay_visit is done by agent at 2026-06-02 09:00"
        + DECIDES
        + "    Then pay_visit about a1 is not planned",
        "an act of pay_visit does not say which of the visits it is about, so it completes no step about one",
    ),
    "a field of a record that is nowhere": (
        VISITS + "    When it becomes known that the ends_at of b7 is 2026-06-01 12:00" + DECIDES + ASKS,
        "unknown record 'b7'; expected a1 or a2",
    ),
    "a field of a record that is not there": (
        "    When it becomes known that the ends_at of a1 in visits is 2026-06-01 12:00" + DECIDES + ASKS,
        "tell it first, with a table: Given these visits",
    ),
    "a question without the amount that counts": (
        VISITS
        + "    When it is checked whether agent may pay_visit about a1 at 2026-06-02 09:00\n    Then the verdict is allowed",
        "the question does not say amount; write it in a table below it: | amount | … |",
    ),
    "a time with its offset": (
        FACTS + DECIDES + "    Then answer is due at 2026-07-27T10:00:00+00:00",
        "due: expected 2026-07-27T10:00:00+00:00, but it is 2026-07-27T09:00:00+01:00",
    ),
    "an unknown column of acts": (
        FACTS
        + "    When these acts\n      | action | by | at | result |\n      | call_back | agent | 2026-06-02 09:00 | reached |"
        + DECIDES
        + ASKS,
        "unknown key 'result'",
    ),
    "a key of the case as a list": (
        "    Given these id\n      | id | ends_at          |\n      | a1 | 2026-06-01 12:00 |"
        + DECIDES
        + ASKS,
        "'id' is not a list of records",
    ),
    "no history": ("    Given there are no history" + DECIDES + ASKS, "'history' is not a list of records"),
    "an unknown outcome": (
        FACTS
        + "    When call_back is done by agent at 2026-06-02 09:00 with outcome no_one"
        + DECIDES
        + ASKS,
        "unknown outcome 'no_one' of call_back",
    ),
}


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    folder = tmp_path_factory.mktemp("policy")
    (folder / "visits.yaml").write_text(RULES, encoding="utf-8")
    return Policy.load(folder)


def told(
    folder: Path, policy: Policy, steps: str, start: str = f"Feature: F\n{START}\n  Scenario: S\n"
) -> str | None:
    """What the scenario says when it fails; None if it passes."""
    file = folder / "f.feature"
    file.write_text(start + steps + "\n", encoding="utf-8")
    (play,) = plays(file)
    try:
        return failure(play, policy, alone(folder))
    except NotRehearsed as problem:
        return str(problem)


@pytest.mark.parametrize("name", RIGHT)
def test_what_people_write_first_means_what_it_says(tmp_path: Path, policy: Policy, name: str) -> None:
    assert told(tmp_path, policy, RIGHT[name]) is None


@pytest.mark.parametrize("name", WRONG)
def test_what_would_be_ignored_fails(tmp_path: Path, policy: Policy, name: str) -> None:
    steps, message = WRONG[name]
    assert message in (told(tmp_path, policy, steps) or "")


@pytest.mark.parametrize("language", IN_CHINESE)
def test_labels_between_spaces_need_no_quotes_in_chinese(
    tmp_path: Path, policy: Policy, language: str
) -> None:
    assert told(tmp_path, policy, IN_CHINESE[language], BEGIN[language]) is None


@pytest.mark.parametrize(
    ("language", "sentence", "right"),
    [
        ("zh-TW", "支付補償（a1）的金額是 3", "支付補償（a1）的「金額」是 3"),
        ("zh-TW", "「支付補償」（a1）的金額是 3", "「支付補償」（a1）的「金額」是 3"),
        ("zh-CN", "回电在计划中", "「回电」在计划中"),
        ("zh-TW", "沒有違反事項", "違反事項是空的"),
        ("zh-TW", "回電 須於 2026-06-02 09:00 前完成", "「回電」的期限是 2026-06-02 09:00"),
        (
            "zh-TW",
            "agent 於 2026-06-01 13:00 完成「回電」，結果為沒人接",
            "agent 於 2026-06-01 13:00 完成 「回電」，結果是 「沒人接」",
        ),
        ("en", "there are no breaches", "the breaches are empty"),
        ("en", "it is not allowed", "the verdict is forbidden"),
        ("en", "pay_visit is planned about a1", "pay_visit about a1 is planned"),
        ("en", "call_back is planned for agent", "the owner of call_back is agent"),
        ("en", "there are no holds", "the holds are empty"),
        (
            "en",
            "call_back about k1 is due on 2026-06-02 09:00",
            "call_back about k1 is due at 2026-06-02 09:00",
        ),
        ("en", "call_back is owned by agent", "the owner of call_back is agent"),
        ("en", "pay_visit about a1 is planned with the amount 40", "the amount of pay_visit about a1 is 40"),
        ("en", "agent may not call_back", "When it is checked whether agent may call_back at AT"),
        ("en", "customer.waits is true", "it is concluded that customer.waits is true"),
    ],
)
def test_what_is_no_step_is_answered_with_the_step_that_there_is(
    language: str, sentence: str, right: str
) -> None:
    assert f": {right}\n" in no_such_step(
        place(language, "when" if "完成「" in sentence else "then", sentence)
    ).replace("：", ": ")


INSTANT = "2026-06-02 09:00"
FILLED = {
    "en": {"at": INSTANT, "length": "3 days", "part": "breaches"},
    "zh-TW": {"at": INSTANT, "part": wording("the breaches", "zh-TW")},
    "zh-CN": {"at": INSTANT, "part": wording("the breaches", "zh-CN")},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sentence_that_people_write_is_no_step_and_is_answered_with_steps(language: str) -> None:
    for phrase, steps in meanings(language):
        for step in steps.splitlines():
            filled = re.sub(r"{(\w+)}", lambda slot: FILLED[language].get(slot[1], "a.b"), step)
            assert any(may_be(filled, kind, language) for kind in ("given", "when", "then")), (
                phrase.name,
                step,
            )


def place(language: str, kind: str, sentence: str) -> Place:
    file = SimpleNamespace(filename="f.feature", language=language)
    step = SimpleNamespace(name=sentence, type=kind, keyword=kind.title(), line_number=2, datatable=None)
    return Place(cast(Any, SimpleNamespace(feature=file, line_number=1)), cast(Any, step))
