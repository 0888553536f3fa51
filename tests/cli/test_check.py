"""`check`: may this be done now? Exit codes, what is said in each language, and what is refused."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import LANGUAGES, Policy
from escalation_rules.cli import loading

Run = Callable[..., Any]
AT = "2026-03-02T10:00:00+08:00"
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples" / "cases").glob("*.yaml"))


def cells(line: str) -> int:
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in line)
    return len(line) + wide - sum(unicodedata.combining(each) > 0 for each in line)


@pytest.fixture
def check(run: Run, vases: str, shop: str) -> Run:
    def run_check(*arguments: str) -> Any:
        return run("check", vases, *arguments, "--policy", shop, "--at", AT)

    return run_check


@pytest.mark.parametrize(
    ("arguments", "code", "first"),
    [
        (["listen"], 0, "You may listen to the customer."),
        (["report"], 0, "You may report to the shop owner."),
        (["guess"], 3, "Not yet: guess the cause."),
        (["replace", "--about", "blue"], 3, "Not yet: replace the vase."),
        (["thank"], 3, "Not yet: thank the customer."),
        (["joke"], 4, "Must not be done: make a joke."),
        (["gift", "--by", "clerk"], 4, "Must not be done: give a flower."),
    ],
)
def test_the_verdict_comes_first_and_is_the_exit_code(
    check: Run, arguments: list[str], code: int, first: str
) -> None:
    result = check(*arguments)
    assert (result.code, result.out.splitlines()[0], result.err) == (code, first, "")


def test_a_prohibition_says_why(check: Run) -> None:
    out = check("gift", "--by", "clerk").out
    assert "By:     clerk\n" in out
    assert "Why:    A flower without a vase is a mockery.\n" in out
    assert "Be fair (rule no-flower-without-a-vase)\n" in out


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“customer” is an outside role that this action does not name"),
        ("zh-TW", "客戶不是我方人員"),
        ("zh-CN", "客户不是我方人员"),
    ],
)
def test_an_outside_role_is_not_said_to_be_free_of_rules(run: Run, language: str, expected: str) -> None:
    result = run("check", str(EXAMPLES[0]), "close_case", "--by", "customer", "--at", AT, "--lang", language)
    assert result.code == 0
    assert expected in " ".join(result.out.split())


def test_a_hold_says_what_ends_it_before_it_says_why(check: Run) -> None:
    out = check("replace", "--about", "blue").out
    order = ["About:  藍色大花瓶 (vases: blue)", "Until:  It is known whether", "First:  report to the shop owner",
             "Was the vase cracked before?", "Why:    First find out what happened."]  # fmt: skip
    places = [out.index(each) for each in order]
    assert places == sorted(places)


def test_an_open_question_is_called_one(check: Run) -> None:
    out = check("thank").out
    assert "First:  find out: Is the customer angry? (you or a colleague may know)\n" in out
    assert "This may apply: Thanks sound hollow" in out


def test_what_to_do_instead_has_doer_and_time(check: Run) -> None:
    out = check("joke").out
    assert (
        "Do this instead\n 1. Listen to the customer\n    Who:    clerk\n    Due:    1 hour late (due 09:00 today)\n"
        in out
    )


def test_what_may_be_done_says_if_the_plan_asks_for_it(check: Run) -> None:
    assert "It is one of the steps to do now.\n" in check("listen").out
    out = check("gift", "--by", "clerk", "--about", "red")
    assert "In the plan now" in out.out
    assert check("thank").out.count("It is one of the steps") == 0


LOSS = """\
currency: TWD
facts: {case.opened_at: 2026-03-02T09:00:00+08:00, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:00:00+08:00}
losses: [{id: phone, amount: 840, connected: true, recorded_at: 2026-03-02T09:00:00+08:00}]
"""


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("840", "It is one of the steps to do now."),
        ("840.00", "It is one of the steps to do now."),
        ("400", "It is part of one of the steps to do now: amount: NT$840."),
        ("841", "The plan has this step, but with other values: amount: NT$840."),
    ],
)
def test_the_amount_is_compared_with_that_of_the_plan(run: Run, amount: str, expected: str) -> None:
    result = run("check", "-", "pay_loss", "--param", f"amount={amount}", "--at", AT, stdin=LOSS)
    assert (result.code, result.err) == (0, "")
    assert f"{expected}\n" in result.out


def test_what_to_do_instead_says_with_which_amount(run: Run) -> None:
    large = LOSS.replace("840", "84000")
    out = run("check", "-", "pay_loss", "--param", "amount=84000", "--at", AT, stdin=large).out
    assert out.startswith("Not yet: pay the loss in full.\n")
    instead = out.partition("Do this instead\n")[2]
    assert "Ask for approval of the amount\n    With:   amount: NT$84,000\n" in instead, out


def test_what_was_done_is_said_to_be_done(run: Run, vases: str, shop: str) -> None:
    path = Path(vases)
    acts = "acts:\n  - {action: listen, by: clerk, at: 2026-03-02T09:30:00+08:00}\n"
    path.write_text(path.read_text(encoding="utf-8") + acts, encoding="utf-8")
    result = run("check", vases, "listen", "--policy", shop, "--at", AT)
    assert result.code == 0
    assert "It has been done already (clerk, Mon 2 Mar 2026, 09:30).\n" in result.out


def test_nothing_stands_against_what_no_rule_speaks_of(run: Run, shop: str) -> None:
    result = run("check", "-", "report", "--policy", shop, "--at", AT, stdin="facts: {cause.known: true}")
    assert result.code == 0
    assert "No rule forbids it, and none recommends it now.\n" in result.out
    assert result.out.endswith("Case without a number, as of Mon 2 Mar 2026, 10:00 (UTC+8).\n")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-TW", ["不可以做：送一朵花。", "經手：", "理由：", "現在該做的是", "案件 V-1，截至"]),
        ("zh-CN", ["不可以做：送一朵花。", "经手：", "理由：", "现在该做的是", "工单 V-1，截至"]),
    ],
)
def test_the_languages(check: Run, language: str, expected: list[str]) -> None:
    out = check("gift", "--by", "clerk", "--lang", language).out
    assert out.startswith(expected[0])
    assert all(each in out for each in expected)
    assert "{" not in out


def test_holds_and_permissions_in_chinese(check: Run) -> None:
    assert check("guess", "--lang", "zh-TW").out.startswith("還不能做：亂猜原因。")
    assert check("listen", "--lang", "zh-CN").out.startswith("可以听客户说。")
    assert "這也是目前該做的事。" in check("listen", "--lang", "zh-TW").out


# --- parameters -------------------------------------------------------------------------------------------------------

LIMIT = """\
format: 1
ruleset: limit
label:
  en: limit
  zh-TW: limit
  zh-CN: limit
principle: fair
rules:
  - id: not-so-much
    then:
      - forbid: refund
        where:
          amount: {above: {TWD: 1000}}
    because:
      en: Too much.
      zh-TW: 太多了。
      zh-CN: 太多了。
"""


@pytest.fixture
def limited(run: Run, vases: str, shop: str, tmp_path: Path) -> Run:
    layer = tmp_path / "limit.yaml"
    layer.write_text(LIMIT, encoding="utf-8")

    def run_check(*arguments: str) -> Any:
        return run("check", vases, "refund", *arguments, "--policy", shop, "--policy", str(layer), "--at", AT)

    return run_check


def test_an_amount_decides(limited: Run) -> None:
    assert limited("--param", "amount=900").code == 0
    assert limited("--param", "amount=1000.50").code == 4
    assert "With:   amount: NT$900\n" in limited("--param", "amount=900").out


def test_an_amount_that_is_not_said_is_what_is_needed(limited: Run) -> None:
    result = limited()
    assert result.code == 3
    assert "state the amount (--param amount=VALUE)" in result.out
    assert "先說明金額（--param amount=值）" in limited("--lang", "zh-TW").out


def test_all_kinds_of_parameters_can_be_given(limited: Run) -> None:
    result = limited("--param", "amount=1", "--param", "pieces=2", "--param", "vases=red, blue")
    assert result.code == 0
    assert "No rule forbids it.\n" in result.out  # the plan asks for more than that
    assert "number of vases: 2\n" in result.out
    assert "for which: 藍色大花瓶 (vases: blue); vase red\n" in result.out


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("amount", "NAME=VALUE"),
        ("=3", "NAME=VALUE"),
        ("amount=much", "'much' is not an amount"),
        ("amount=-1", "is not an amount"),
        ("pieces=1.5", "is not a count"),
        ("amont=3", "did you mean 'amount'?"),
    ],
)
def test_a_parameter_that_is_none_is_refused(limited: Run, word: str, message: str) -> None:
    result = limited("--param", word)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert result.err.count("\n") == 1


def test_a_parameter_given_twice_is_refused(limited: Run) -> None:
    result = limited("--param", "amount=1", "--param", "amount=2")
    assert (result.code, result.out) == (2, "")
    assert "amount is given twice" in result.err


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (["lissen"], ["did you mean 'listen'?"]),
        (["replace", "--about", "bleu"], ["did you mean 'blue'?"]),
        (["replace", "--by", "clark", "--about", "bleu"], ["did you mean 'clerk'?", "did you mean 'blue'?"]),
        ([], ["missing ACTION"]),
    ],
)
def test_a_name_that_does_not_exist_is_a_line_on_stderr(
    check: Run, arguments: list[str], messages: list[str]
) -> None:
    result = check(*arguments)
    assert (result.code, result.out) == (2, "")
    assert all(each in result.err for each in messages)
    assert result.err.count("\n") == len(messages)


def test_the_action_may_stand_anywhere(run: Run, vases: str, shop: str) -> None:
    shared = ("--policy", shop)
    for words in (
        (vases, "joke", *shared), (*shared, vases, "joke"), (vases, *shared, "joke"),
        (vases, *shared, "--at", AT, "joke"),
        ("--lang", "en", vases, "--json", "joke", *shared),
    ):  # fmt: skip
        assert run("check", *words).code == 4, words


# --- JSON, widths -----------------------------------------------------------------------------------------------------


def test_json_is_the_verdict_with_its_case_instant_and_policy(check: Run) -> None:
    result = check("replace", "--about", "blue", "--json", "--lang", "zh-TW")
    data = json.loads(result.out)
    assert list(data) == ["case", "at", "policy", "verdict", "action", "about", "by", "because", "until", "needs",
                          "instead", "wanted"]  # fmt: skip
    assert (data["case"], data["at"], data["verdict"]) == ("V-1", "2026-03-02T02:00:00Z", "held")
    assert sorted(data["policy"]) == ["digest", "engine", "name"]
    assert data["because"][0]["text"] == "先弄清楚怎麼回事。"
    assert {each["kind"] for each in data["needs"]} == {"act", "fact"}
    assert result.code == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_of_the_policy_can_be_checked_within_80_columns(
    run: Run, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    builtin = Policy.load()
    monkeypatch.setattr(loading, "load_policy", lambda layers, options: builtin)
    codes = set()
    for action in builtin.vocabulary.actions:
        result = run(
            "check", str(EXAMPLES[0]), action, "--at", "2026-03-03T10:30:00+08:00", "--lang", language
        )
        codes.add(result.code)
        assert result.err == ""
        assert "\x1b" not in result.out
        assert max(cells(line) for line in result.out.splitlines()) <= 80
    assert codes == {0, 3, 4}


@pytest.mark.parametrize(
    "command_line", [["check", "-", "joke"], ["audit", "-"], ["explain", "-"], ["verify", "-", "x"]]
)
def test_text_needs_the_extra_and_json_does_not(
    run: Run, shop: str, vases: str, decide: Run, command_line: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = "{}"
    if command_line[0] == "verify":
        command_line, stdin = ["verify", "-", vases], decide("--json").out
    monkeypatch.setitem(sys.modules, "rich", None)
    result = run(*command_line, "--policy", shop, stdin=stdin)
    assert (result.code, result.out) == (2, "")
    assert "text output needs rich" in result.err
    result = run(*command_line, "--policy", shop, "--json", stdin=stdin)
    assert result.err == ""
    assert isinstance(json.loads(result.out), dict)


PAYING = """\
format: 1
name: small
languages: [en]
vocabulary:
  phases: [pay: Pay]
  roles: [clerk: the clerk, boss: the boss]
  principles: [fair: Fair]
  facts: {claim.amount: {type: amount, label: the claim, ask: system}, claim.known: {type: flag, label: known, ask: system}}
  records:
    parties: {each: party, label: people, absent: none, fields: {role: {type: party, label: role, question: Who?}}}
  actions:
    enter: {label: enter the account, phase: pay, owner: clerk, about: case}
    verify: {label: verify the account, phase: pay, owner: clerk, by: [clerk, boss], not_by: enter, about: case}
    pay: {label: pay, phase: pay, owner: clerk, about: case, params: {amount: {type: amount, label: amount, reached: true}}}
    approve: {label: approve, phase: pay, owner: boss, about: case, params: {amount: {type: amount, label: amount}}}
ruleset: claims
label: Claims
principle: fair
rules:
  - id: pay-it
    when: {claim.known: true}
    then: [{recommend: pay, amount: claim.amount}]
  - id: limit
    then: [{hold: pay, where: {amount: {above: {TWD: 1500}}}, until: {done: {action: approve, covers: amount}}}]
  - id: second-look
    when: {done: enter}
    then: [{recommend: verify}]
"""


@pytest.fixture
def paying(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "paying.yaml").write_text(PAYING, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(
        "id: L\ncurrency: TWD\nfacts: {claim.known: true, claim.amount: 2700}\nparties: [{id: bob, role: clerk}]\n"
        "acts: [{action: enter, by: bob, at: 2026-03-02T09:00:00+08:00}]\n",
        encoding="utf-8",
    )
    case, policy = str(tmp_path / "case.yaml"), str(tmp_path / "paying.yaml")
    return lambda *arguments: run("check", case, *arguments, "--policy", policy, "--at", AT)


def test_a_part_of_a_step_that_has_to_wait_is_said_to_be_one(paying: Run) -> None:
    less = paying("pay", "--param", "amount=1400")
    assert less.code == 0
    assert "it has to wait: amount: NT$2,700.\n" in " ".join(less.out.split()).replace(" Case", "\n")
    assert paying("pay", "--param", "amount=2700").code == 3


def test_who_is_barred_is_told_that_another_person_does_it(paying: Run) -> None:
    out = paying("verify", "--by", "bob").out
    assert "(rule" not in out
    assert "vocabulary; verify\n    Facts:  enter the account: bob, Mon 2 Mar 2026, 09:00\n" in out
    assert ". Verify the account\n    Who:    the clerk, but another person\n" in out


PAYS = """\
format: 1
languages: [en]
name: pays
vocabulary:
  principles: [fair]
  roles: [clerk]
  phases: [settle]
  facts:
    loss.amount: {type: amount}
  actions:
    thank: {phase: settle, owner: clerk, about: case, label: thank}
    pay: {phase: settle, owner: clerk, about: case, label: pay, params: {amount: {type: amount}}}
ruleset: pays
principle: fair
rules:
  - id: pay-the-loss
    source: s
    when: {loss.amount: given}
    then: [{recommend: pay, amount: loss.amount}, {recommend: thank}]
    because: It is owed.
  - id: up-to-a-limit
    source: s
    then:
      - forbid: pay
        where: {amount: {above: {TWD: 50}}}
    because: It is much.
"""


def test_the_act_itself_is_not_what_to_do_instead_unless_with_another_value(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pays.yaml").write_text(PAYS, encoding="utf-8")
    case = "currency: TWD\nfacts: {loss.amount: 40}\n"
    asked = ("check", "-", "pay", "--policy", str(tmp_path), "--at", "2026-03-03T18:00:00+08:00")
    out = run(*asked, stdin=case).out
    assert "--param amount=VALUE" in out
    assert re.findall(r"^ \d\. .*", out, re.MULTILINE) == [" 1. Thank"]
    out = run(*asked, "--param", "amount=60", stdin=case).out
    assert re.findall(r"^ \d\. .*", out, re.MULTILINE) == [" 1. Pay", " 2. Thank"]


PARCELS = """\
format: 1
name: small
languages: [en]
vocabulary:
  phases: [go: Go]
  roles: [driver: the driver, agent: the agent]
  principles: [safe: Safe]
  records:
    parcels:
      each: parcel
      label: parcels
      absent: none
      fields: {leaks: {type: flag, label: leaks, question: Does it leak?}, late: {type: flag, label: late, question: Late?}}
  actions:
    acknowledge: {label: acknowledge the complaint, phase: go, owner: agent, about: case}
    isolate: {label: isolate it, phase: go, owner: driver, about: parcels}
    deliver: {label: deliver it, phase: go, owner: driver, about: parcels}
ruleset: parcels
label: Parcels
principle: safe
rules:
  - {id: answer, source: x, then: [{recommend: acknowledge}], because: They wait.}
  - id: hands-off
    source: x
    for_each: parcels
    when: {leaks: true}
    then: [{forbid: deliver}, {recommend: isolate}]
    because: It may burn.
  - {id: too-late, source: x, for_each: parcels, when: {late: true}, then: [{forbid: deliver}], because: It is late.}
"""
TWO = "parcels: [{id: p1, leaks: true, late: false}, {id: p2, leaks: false, late: true}]\n"


def test_what_has_nothing_to_do_with_the_record_is_not_said_to_be_done_instead(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "policy.yaml").write_text(PARCELS, encoding="utf-8")

    def heading(about: str) -> str:
        out = run(
            "check", "-", "deliver", "--about", about, "--policy", str(tmp_path), "--at", AT, stdin=TWO
        ).out
        return " ".join(out.partition("It is late.")[2].split() or out.partition("It may burn.")[2].split())

    assert "Do this instead 1. Isolate it About: parcel p1 Who: the driver" in heading("p1")
    assert "Acknowledge" not in heading("p1")
    assert "In the plan now 1. Acknowledge the complaint Who: the agent 2. Isolate it" in heading("p2")
