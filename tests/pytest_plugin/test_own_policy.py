"""A small project with a policy of its own: its features pass, fail with a reason, and are written in any language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., str]

RULES = """
format: 1
name: lamps
vocabulary:
  phases:
    - calm:
        en: calm
    - settle:
        en: settle
  roles: [shop, carrier]
  principles: [fair]
  facts:
    customer.wants:
      type: choice
      values: [refund, repair]
      ask: customer
      question:
        en: A refund, or a repair?
    customer.called_at: {type: instant}
  records:
    charges:
      each: charge
      absent: none
      fields:
        amount: {type: amount}
        open: {type: flag}
  actions:
    call_back: {phase: calm, owner: shop, about: case, anchor: customer.called_at}
    refund:
      phase: settle
      owner: shop
      about: charges
      params:
        amount: {type: amount, combine: sum}
    offer_gift: {phase: settle, owner: shop, about: case}
ruleset: lamps
principle: fair
rules:
  - id: call-back-soon
    source: the lamp
    when:
      customer.called_at: given
    then:
      - recommend: call_back
        within: 30 minutes
  - id: refund-what-was-paid
    source: the lamp
    for_each: charges
    when:
      customer.wants: refund
      open: true
    then:
      - recommend: refund
        amount: charge.amount
  - id: no-gift-for-a-loss
    source: the lamp
    when:
      some: charges
      where:
        open: true
    then:
      - forbid: offer_gift
"""

STRICTER = """
format: 1
ruleset: stricter
rules:
  - id: never-a-gift
    principle: fair
    then:
      - forbid: offer_gift
"""

ENGLISH = """
Feature: The lamp
  Background:
    Given the policy in "rules"
    And all times are in Asia/Taipei
    And a case "L-1" in TWD
    And these charges:
      | id | amount | open |
      | c1 | 800.50 | true |

  Scenario: A refund once it is known that this is what the customer wants
    When it becomes known that customer.wants is refund
    And it becomes known that customer.called_at is 2026-03-01 09:50
    And the policy decides at 2026-03-01 10:00
    Then the plan is exactly
      | action    | about | phase  | owner | due              | amount | rule                 | source   |
      | call_back | case  | calm   | shop  | 2026-03-01 10:20 |        | call-back-soon       | the lamp |
      | refund    | c1    | settle | shop  | null             | 800.5  | refund-what-was-paid | the lamp |
    And the amount of refund about c1 is 800.50 TWD
    And call_back is due within 30 minutes
    And offer_gift is forbidden because of no-gift-for-a-loss
    And nothing is asked
    When call_back is done by shop at 2026-03-01 10:05
    And the policy decides at 2026-03-01 10:10
    Then call_back is done
    And the phase is settle

  Scenario: Not known is asked, not guessed
    When the policy decides at 2026-03-01 10:00
    Then the plan is empty
    And the questions are exactly
      | customer.wants |
    And customer.wants is asked

  Scenario Outline: Only a refund is a refund
    When it becomes known that customer.wants is <wish>
    And the policy decides at 2026-03-01 10:00
    Then the plan <mode> include
      | action |
      | refund |

    Examples:
      | wish   | mode     |
      | repair | does not |

  Scenario: Asked before it is done
    When it is checked whether shop may offer_gift at 2026-03-01 10:00
    Then the verdict is forbidden because of no-gift-for-a-loss
    When it is checked whether shop may refund about c1 at 2026-03-01 10:00
      | amount | 800 |
    Then the verdict is allowed

  Scenario: Looked at afterwards
    Given this case
      ```
      id: L-1
      currency: TWD
      history:
        - at: 2026-03-01T09:50:00+08:00
          facts: {customer.called_at: "2026-03-01T09:50:00+08:00"}
          charges: [{id: c1, amount: 800, open: true}]
        - at: 2026-03-01T10:00:00+08:00
          acts: [{action: offer_gift, by: shop}]
      ```
    When the policy decides at 2026-03-01 10:30
    Then refund is not planned
    When at 2026-03-01 10:30 it becomes known that customer.wants is refund
    And call_back is done by shop at 2026-03-01 11:00
    And at 2026-03-01 10:20 it becomes known that the amount of c1 in charges is 700
    And the policy decides at 2026-03-01 10:30
    Then the amount of refund about c1 is 700
    When the history is audited until 2026-03-02 00:00
    Then the breaches are exactly
      | at               | what       | kind      | by   | rule               |
      | 2026-03-01 10:00 | offer_gift | forbidden | shop | no-gift-for-a-loss |
    And also
      | what      | kind | done_at          | rule           | why                              |
      | call_back | late | 2026-03-01 11:00 | call-back-soon | An hour after the call, not half |
    And the unverified acts are empty

  Scenario: A layer on top
    Given on top of it the policy in "stricter"
    When the policy decides at 2026-03-01 10:00
    Then offer_gift is forbidden
    And its reasons are exactly
      | rule               |
      | never-a-gift       |
      | no-gift-for-a-loss |
"""

TRADITIONAL = """# language: zh-TW
功能: 檯燈
  場景: 客戶要退款
    假如 採用資料夾「rules」裡的政策
    而且 所有時間以 Asia/Taipei 為準
    而且 有一件個案「L-1」，幣別為 TWD
    而且 下列事實：
      | customer.wants | refund |
    而且 下列 charges：
      | id | amount | open |
      | c1 | 800    | true |
    當 政策於 2026-03-01 10:00 作出決定
    那麼 計畫正好是：
      | 行動   | 關於 | 負責人 | amount | 規則                 |
      | refund | c1   | shop   | 800    | refund-what-was-paid |
    而且 offer_gift 被禁止，依據 no-gift-for-a-loss
    而且 沒有要問的
"""

SIMPLIFIED = """# language: zh-CN
功能: 台灯
  场景: 客户要退款
    假如 采用文件夹“rules”中的政策
    而且 所有时间以 Asia/Shanghai 为准
    而且 有一宗个案“L-1”，币种为 CNY
    而且 下列事实：
      | customer.wants | refund |
    而且 下列 charges：
      | id | amount | open |
      | c1 | 800    | true |
    当 政策在 2026-03-01 10:00 作出决定
    那么 计划正好是：
      | 行动   | 关于 | 负责人 | amount  | 规则                 |
      | refund | c1   | shop   | 800 CNY | refund-what-was-paid |
    而且 offer_gift 被禁止，依据 no-gift-for-a-loss
    而且 没有要问的
"""

OWN = """
import pytest
from escalation_rules import Policy
from pytest_bdd import given, then


@pytest.fixture(scope="session")
def policy():
    return Policy.load("rules")


@pytest.fixture
def case():
    return {"id": "L-2", "currency": "TWD", "charges": [{"id": "c9", "amount": 1, "open": True}]}


@given("the customer only wants the money back")
def _(case):
    case["facts"] = {"customer.wants": "refund"}


@then("one step is left")
def _(decision, scene):
    assert len(decision.plan) == 1
    assert scene.policy.decide(scene.case, at=decision.at).plan == decision.plan
"""

OWN_FEATURE = """
Feature: Our own
  Scenario: Our policy, our case, our steps
    Given the customer only wants the money back
    When the policy decides at 2026-03-01T10:00:00+08:00
    Then refund about c9 is planned because of refund-what-was-paid
    And one step is left
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A user's project: rules, a second layer, and a test module that binds its features."""
    for name, text in (("rules", RULES), ("stricter", STRICTER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rules.yaml").write_text(text, encoding="utf-8")
    bind = "from escalation_rules.pytest_plugin import bind_features\nbind_features('features')\n"
    (tmp_path / "features").mkdir()
    (tmp_path / "test_policy.py").write_text(bind, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    return tmp_path


def write(project: Path, **features: str) -> None:
    for name, text in features.items():
        (project / "features" / f"{name}.feature").write_text(text, encoding="utf-8")


def test_features_in_three_languages_pass(project: Path, run_pytest: Run) -> None:
    write(project, lamp=ENGLISH, tw=TRADITIONAL, cn=SIMPLIFIED)
    printed = run_pytest(project)
    assert "8 passed" in printed, printed


def test_their_own_policy_case_and_steps(project: Path, run_pytest: Run) -> None:
    (project / "conftest.py").write_text(OWN, encoding="utf-8")
    write(project, own=OWN_FEATURE)
    printed = run_pytest(project)
    assert "1 passed" in printed, printed


def test_a_rule_that_broke_is_named(project: Path, run_pytest: Run) -> None:
    rules = project / "rules" / "rules.yaml"
    rules.write_text(RULES.replace("id: no-gift-for-a-loss", "id: no-gifts-for-a-loss"), encoding="utf-8")
    write(project, tw=TRADITIONAL)
    printed = run_pytest(project)
    told = pytest.LineMatcher(printed.splitlines())
    told.fnmatch_lines(
        [
            "*tw.feature:16: * offer_gift 被禁止，依據 no-gift-for-a-loss",
            "  沒有這個規則：'no-gift-for-a-loss'；是不是 'no-gifts-for-a-loss'？",
        ]
    )


def test_mistakes_in_the_policy_are_shown_at_their_line(project: Path, run_pytest: Run) -> None:
    rules = project / "rules" / "rules.yaml"
    rules.write_text(RULES.replace("customer.wants: refund", "customer.want: refund"), encoding="utf-8")
    write(project, cn=SIMPLIFIED)
    printed = run_pytest(project)
    told = pytest.LineMatcher(printed.splitlines())
    told.fnmatch_lines(
        [
            "  程序库不接受：",
            "  *rules.yaml:*: error: *customer.want*did you mean 'customer.wants'*",
        ]
    )


def test_mistakes_in_the_policy_are_listed_once(project: Path, run_pytest: Run) -> None:
    rules = project / "rules" / "rules.yaml"
    rules.write_text(RULES.replace("customer.wants: refund", "customer.want: refund"), encoding="utf-8")
    write(project, lamp=ENGLISH, cn=SIMPLIFIED)
    printed = run_pytest(project)
    lines = printed.splitlines()
    assert sum("error:" in each and "did you mean 'customer.wants'" in each for each in lines) == 1, printed
    assert "  政策有错误，已列在 " in printed or "  the policy has errors; they are listed at " in printed


def test_mistakes_in_the_case_are_shown(project: Path, run_pytest: Run) -> None:
    write(project, cn=SIMPLIFIED.replace("customer.wants | refund", "customer.wants | refunds"))
    printed = run_pytest(project)
    told = pytest.LineMatcher(printed.splitlines())
    told.fnmatch_lines(["  程序库不接受：", "  *cn.feature:8:*: error: 'refunds' is not a choice*'refund'*"])


STORY = """id: L-1
currency: TWD
history:
  - {at: 2026-03-01T09:00:00+08:00}
  - at: 2026-03-01T11:00:00+08:00
    facts: {customer.wants: refunds}
  - {at: 2026-03-01T11:30:00+08:00}
"""


@pytest.mark.parametrize("known_at", ["12:00", "10:00"])
def test_a_mistake_is_shown_at_its_line_wherever_the_steps_put_entries(
    project: Path, run_pytest: Run, known_at: str
) -> None:
    (project / "story.yaml").write_text(STORY, encoding="utf-8")
    steps = """
    Given the policy in rules
    And the history in story.yaml
    When at 2026-03-01T{}+08:00 it becomes known that customer.called_at is 2026-03-01T08:00:00+08:00
    And the policy decides at 2026-03-01T13:00:00+08:00
    Then the plan is empty
"""
    write(project, story="Feature: F\n  Scenario: S" + steps.format(known_at))
    told = pytest.LineMatcher(run_pytest(project).splitlines())
    told.fnmatch_lines(["  the library refuses this:", "*story.yaml:6:13: error: 'refunds'*"])
