"""A scenario that says something that means nothing fails at its own line, with the nearest name or step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

CASE = Path(__file__).parents[2] / "examples" / "cases" / "table.yaml"
START = {
    "en": f"""Feature: F
  Background:
    Given the built-in policy
    And all times are in Asia/Taipei
    And the case in "{CASE}"
    When the policy decides at 2026-03-03 10:00
""",
    "zh-TW": f"""# language: zh-TW
功能: F
  背景:
    假如 採用內建政策
    而且 所有時間以 Asia/Taipei 為準
    而且 檔案「{CASE}」裡的個案
    當 政策於 2026-03-03 10:00 作出決定
""",
    "zh-CN": f"""# language: zh-CN
功能: F
  背景:
    假如 采用内置政策
    而且 所有时间以 Asia/Taipei 为准
    而且 文件“{CASE}”中的个案
    当 政策在 2026-03-03 10:00 作出决定
""",
}
AGAIN = "\nAnd the policy decides again\nThen the plan is empty"
LIES = {
    "action": ("Then call_bakc is not planned", "unknown action 'call_bakc'; did you mean 'call_back'?"),
    "group": ("Then contact is not planned", "unknown action 'contact'; *"),
    "record": (
        "Then call_back about shiping is not planned",
        "unknown record 'shiping'; did you mean 'shipping'?",
    ),
    "role": (
        "Then call_back by case_onwer is not forbidden",
        "unknown role 'case_onwer'; did you mean 'case_owner'?",
    ),
    "rule": (
        "Then call_back is not planned because of no-dunning-on-a-disputed-chrge",
        "unknown rule *; did you mean 'no-dunning-on-a-disputed-charge'?",
    ),
    "fact": (
        "Then custmer.needed_by is not asked",
        "unknown fact 'custmer.needed_by'; did you mean 'customer.needed_by'?",
    ),
    "field of one record": (
        "Then damage.plausible_other_cause is asked",
        "damages.plausible_other_cause is not asked",
    ),
    "conclusion of one record": (
        "Then it is concluded that promise.broken is false",
        "a decision lists only what is true; write: it is not concluded that promises.broken is true",
    ),
    "a conclusion after all": (
        "Then it is not concluded that case.active is true",
        "case.active is true",
    ),
    "field of several lists": (
        "Then recorded_at is not asked",
        "'recorded_at' is a field of several lists: *; write one of them",
    ),
    "asked for a conclusion": (
        "Then closure.premature is not asked",
        "closure.premature is concluded by rules and never asked for",
    ),
    "concluded a fact": (
        "Then it is not concluded that customer.needed_by is unknown",
        "no rule concludes customer.needed_by: the case gives it",
    ),
    "record of another list": (
        "Then waive_charge about crack is not planned",
        "'crack' is in damages; waive_charge is about charges",
    ),
    "record of a fact": (
        "Then customer.needed_by about crack is not asked",
        "customer.needed_by is about the whole case, not about 'crack'",
    ),
    "record of the whole case": (
        "Then pay_loss about shipping is not planned",
        "pay_loss is about the whole case, not about 'shipping'",
    ),
    "record of another field": (
        "Then charges.amount about crack is not asked",
        "'crack' is in damages; charges.amount is about charges",
    ),
    "a rule that says something else": (
        "Then dun_customer about shipping is not planned because of no-dunning-on-a-disputed-charge",
        "no-dunning-on-a-disputed-charge can never be a reason why dun_customer is planned, *",
    ),
    "somebody who may not do it at all": (
        "Then check_legal_floor by sales is not forbidden",
        "check_legal_floor by sales is forbidden:*",
    ),
    "a table without rows": (
        "Then the plan includes\n| action | owner |",
        "the table has no row below its header",
    ),
    "phase": ("Then the phase is settel", "unknown phase 'settel'; did you mean 'settle'?"),
    "parameter": (
        "Then the amuont of waive_charge is 800",
        "unknown parameter 'amuont'; did you mean 'amount'?",
    ),
    "value": ("Then it is concluded that fault.ours is ture", "unknown value 'ture'; did you mean 'true'?"),
    "value in a row": (
        "Then the conclusions do not include\n| fact | value |\n| fault.ours | flase |",
        "unknown value 'flase'; did you mean 'false'?",
    ),
    "row": (
        "Then the plan does not include\n| action | owner |\n| call_back | case_owner |\n| call_bakc | sales |",
        "unknown action 'call_bakc'; did you mean 'call_back'?",
    ),
    "row of reasons": (
        "Then dun_customer about shipping is forbidden\nAnd its reasons include\n| rule |\n| no-duning-on-a-disputed-charge |",
        "unknown rule *; did you mean 'no-dunning-on-a-disputed-charge'?",
    ),
    "flag in a row": (
        "Then the holds do not include\n| action | wanted |\n| survey | ture |",
        "unknown value 'ture'; did you mean 'true'?",
    ),
    "column": (
        "Then the plan does not include\n| action | amuont |\n| waive_charge | 5 |",
        "no column 'amuont' here; *; did you mean 'amount'?",
    ),
    "told fact": (
        "When it becomes known that customer.good_fath is bad" + AGAIN,
        "*:LINE:*: error: unknown fact 'customer.good_fath'*'customer.good_faith'*",
    ),
    "told value": (
        "When it becomes known that customer.good_faith is badd" + AGAIN,
        "*:LINE:*: error: 'badd' is not a choice*did you mean 'bad'*",
    ),
    "told column": (
        "Given these charges\n| id | amuont |\n| c7 | 800 |" + AGAIN,
        "*:ROW:*: error: unknown key 'amuont' in the charge*'amount'*",
    ),
    "forgotten fact": (
        "When customer.good_fath is not known" + AGAIN,
        "*:LINE:*: error: unknown fact 'customer.good_fath'*",
    ),
    "told list": (
        "When there are no chrages" + AGAIN,
        "*:LINE:*: error: unknown key 'chrages' in the case*'charges'*",
    ),
    "told record": (
        "When the amount of shiping in charges is not known" + AGAIN,
        "charges has no record 'shiping' yet; did you mean 'shipping'?",
    ),
    "told act": (
        "When call_bakc is done by case_owner at 2026-03-03 10:00" + AGAIN,
        "*:LINE:*: error: unknown action 'call_bakc'*'call_back'*",
    ),
    "checked": (
        "When it is checked whether sales may offer_gfit at 2026-03-03 10:00\nThen the verdict is allowed",
        "unknown action 'offer_gfit'; did you mean 'offer_gift'?",
    ),
    "step": ("Then the plan is emtpy", "did you mean: the plan is empty"),
    "wrong word": (
        "Then the policy decides again",
        "this step begins with When, Given, not with Then",
    ),
}
IN_CHINESE = {
    "zh-TW": {
        "行動": ("那麼 「免收費甲」（shipping）不在計畫中", "沒有這個行動：'免收費甲'；是不是 '免收費用'？"),
        "時間": (
            "那麼 waive_charge（shipping）的期限是 2026-03-03 11:00",
            "waive_charge（shipping）：期限：應為 2026-03-03 11:00，實為 2026-03-03 18:00",
        ),
        "步驟": ("當 政策在 2026-03-03 10:00 作決定\n那麼 計畫是空的", "是不是：政策於 時間 作出決定"),
        "關於": ("那麼 waive_charge 關於 shipping 在計畫中", "是不是：waive_charge（shipping）在計畫中"),
        "完成": (
            "當 case_owner 於 2026-03-03 10:00 完成 waive_charge 關於 shipping\n那麼 計畫不包含\n| 行動 |\n| waive_charge |",
            "是不是：case_owner 於 2026-03-03 10:00 完成 waive_charge（shipping）",
        ),
        "是": (
            "假如 下列「收費項目」\n| id | 金額 | 尚未付清或免除 |\n| fee | 60 | 不是 |\n當 政策再次作出決定\n那麼 計畫是空的",
            "*'不是'*",
        ),
    },
    "zh-CN": {
        "欄": ("那么 计划不包含\n| 行动 | 负责仁 |\n| waive_charge | sales |", "这里没有列 '负责仁'*"),
        "值": ("那么 当前阶段是 settel", "没有这个阶段：'settel'；是不是 'settle'？"),
    },
}
TRUE = {
    "en": 'Then "waive the charge" about shipping is planned',
    "zh-TW": (
        "假如 下列「收費項目」\n| id | 金額 | 尚未付清或免除 |\n| fee | 60 | 是 |\n當 政策再次作出決定\n"
        "那麼 計畫包含\n| 行動 | 負責人 | 規則 |\n| 免收費用 | 案件負責人 | waive-charge-on-evident-damage |"
    ),
    "zh-CN": "那么 “免收费用”（shipping）在计划中",
}
SCENARIO = {"en": "Scenario", "zh-TW": "場景", "zh-CN": "场景"}


def project(folder: Path, **features: str) -> Path:
    """A project without any Python file."""
    (folder / "features").mkdir()
    settings = "[pytest]\nescalation_rules_features = features\nfilterwarnings = error\n"
    (folder / "pytest.ini").write_text(settings, encoding="utf-8")
    for name, text in features.items():
        (folder / "features" / f"{name}.feature").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory, run_pytest: Callable[..., str]) -> str:
    """What pytest prints about all of them: one run."""
    texts = {}
    for language, lies in {"en": LIES, **IN_CHINESE}.items():
        scenarios = {**{name: steps for name, (steps, _) in lies.items()}, "so it is": TRUE[language]}
        body = "".join(f"  {SCENARIO[language]}: {name}\n{steps}\n" for name, steps in scenarios.items())
        texts[language] = START[language] + body
    printed = run_pytest(project(tmp_path_factory.mktemp("project"), **texts))
    wrong = len(LIES) + sum(map(len, IN_CHINESE.values()))
    assert f"{wrong} failed, 3 passed in" in printed, printed
    return printed


@pytest.mark.parametrize(
    ("language", "name"),
    [(language, name) for language, lies in {"en": LIES, **IN_CHINESE}.items() for name in lies],
)
def test_what_means_nothing_fails_at_its_line(output: str, language: str, name: str) -> None:
    steps, message = {"en": LIES, **IN_CHINESE}[language][name]
    told = output.partition(f"_ test_{language.replace('-', '_').lower()}__{name.replace(' ', '_')} _")[2]
    told = told.partition("\n____")[0]
    text = START[language] + "".join(
        f"  x: {each}\n{said}\n" for each, (said, _) in {"en": LIES, **IN_CHINESE}[language].items()
    )
    line = text[: text.index(f"x: {name}\n")].count("\n") + 2
    row = line + steps.split("And the policy")[0].count("\n") - 1
    lines = pytest.LineMatcher(told.splitlines())
    lines.fnmatch_lines([f"  *{message.replace('LINE', str(line)).replace('ROW', str(row))}"])
    lines.no_fnmatch_line("*During handling*")


FORMS = {
    "Scenario: S\n    Given: the built-in policy\n    Then: the plan is empty": (
        "f.feature:2: the scenario 'S' has no steps, so it tests nothing",
        "f.feature:3: this line is not run: a step has no colon*write `Given the built-in policy`",
        "f.feature:4: this line is not run: a step has no colon*write `Then the plan is empty`",
    ),
    "Scenario: S\n    Given：the built-in policy\n    Then the plan is empty": (
        "f.feature:3: this line is not run: a step has no colon*",
    ),
    "Scenario: S\n    Given the built-in policy\n    When the policy decides again": (
        "f.feature:2: the scenario 'S' has no Then, so it tests nothing*",
    ),
    "Scenario: S\n    Then the plan is empty\n    When the policy decides again": (
        "f.feature:4: nothing is checked after this step*",
    ),
    "Scenario: S\n    Gievn the built-in policy\n    Then the plan is empty": (
        "f.feature:3: this line is not run: a step cannot begin with 'Gievn'; did you mean 'Given'?",
    ),
    "Scenario: S\n    And the built-in policy\n    Then the plan is empty": (
        "f.feature:3: the first step cannot begin with 'And'; begin it as Given, When or Then",
    ),
    "Scenario: S\n    given the built-in policy\n    Then the plan is empty": (
        "f.feature:3: this line is not run: write 'Given' exactly like this, not 'given'",
    ),
    "Scenario: S\n    假如 採用內建政策\n    Then the plan is empty": (
        "f.feature:3: this line is not run: '假如' is a word of zh-TW, and this feature is written in en",
    ),
    "Scenaro: S\n    Then the plan is empty": (
        "f.feature:3: *",
        "f.feature:2: this line is not run: 'Scenaro' is not a keyword; did you mean 'Scenario'?",
    )[1:],
    "Scenario Outline: S\n    Then <what> is planned\n    Examples:\n      | waht |\n      | x |": (
        "f.feature:3: <what> is not a column of the examples; did you mean <waht>?",
        "f.feature:5: no step uses the column 'waht'; did you mean 'what'?",
    ),
    "Scenario Outline: S\n    Then <what> is planned\n    Examples:\n      | what |": (
        "f.feature:4: these examples have no row, so they test nothing",
    ),
    "Scenario Outline: S\n    Then the plan is empty": (
        "f.feature:2: the outline 'S' has no examples, so it tests nothing",
    ),
    "": ("f.feature:1: the feature has no scenario, so it tests nothing",),
}


@pytest.mark.parametrize("text", FORMS)
def test_what_would_not_be_run_is_refused_at_its_line(tmp_path: Path, text: str) -> None:
    from escalation_rules.pytest_plugin.binding import FeatureError, bind

    (tmp_path / "f.feature").write_text(f"Feature: F\n  {text}\n", encoding="utf-8")
    with pytest.raises(FeatureError) as caught:
        bind({}, tmp_path, ["."])
    pytest.LineMatcher(str(caught.value).splitlines()).fnmatch_lines([f"*{each}" for each in FORMS[text]])


def test_prose_below_a_scenario_is_no_step(tmp_path: Path) -> None:
    from escalation_rules.pytest_plugin.binding import bind

    text = (
        "Feature: F\n  given names are not steps, and this: neither\n\n"
        "  Scenario: S\n    then nothing else\n    Note: a thing\n\n    Then the plan is empty\n"
    )
    (tmp_path / "f.feature").write_text(text, encoding="utf-8")
    found: dict[str, object] = {}
    bind(found, tmp_path, ["."])
    assert list(found) == ["test_f__s"]


def test_the_policy_of_features_without_one_comes_from_the_configuration(
    tmp_path: Path, run_pytest: Callable[..., str]
) -> None:
    text = (
        "Feature: F\n  Scenario: S\n    Given a case\n    When the policy decides at 2026-03-01T10:00:00Z\n"
    )
    folder = project(tmp_path, f=text + "    Then the plan includes\n      | rule |\n      | our-own |\n")
    rules = "format: 1\nruleset: ours\nlabel: {en: x}\nprinciple: settle\nrules:\n  - id: our-own\n"
    rules += "    then:\n      - recommend: assign_owner\n"
    (folder / "rules.yaml").write_text(rules.replace("label: {en: x}\n", ""), encoding="utf-8")
    with (folder / "pytest.ini").open("a", encoding="utf-8") as settings:
        settings.write("escalation_rules_policy = builtin rules.yaml\ntestpaths = other\n")
    (folder / "other").mkdir()
    assert "1 passed" in run_pytest(folder)
