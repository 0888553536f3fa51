"""`audit`: what went wrong, in order of time. A shop that jokes, waits too long and gets out of hand."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import LANGUAGES, Policy
from escalation_rules.cli import loading

Run = Callable[..., Any]
AT = "2026-03-03T18:00:00+08:00"
ROOT = Path(__file__).resolve().parents[2]
HISTORIES = sorted((ROOT / "examples" / "histories").glob("*.yaml"))

HISTORY = """\
id: H-1
currency: TWD
history:
  - id: broken
    at: 2026-03-02T08:00:00+08:00
    facts:
      case.opened_at: 2026-03-02T08:00:00+08:00
    vases:
      - {id: blue, what: 藍色大花瓶, price: 1200, broken: true}
  - id: joke
    at: 2026-03-02T08:30:00+08:00
    acts:
      - {action: joke, by: clerk}
  - id: thanks
    at: 2026-03-02T08:40:00+08:00
    acts:
      - {action: thank, by: clerk}
  - id: new-vase
    at: 2026-03-02T09:30:00+08:00
    acts:
      - {action: replace, by: boss, about: blue}
  - id: at-last
    at: 2026-03-02T11:15:00+08:00
    acts:
      - {action: listen, by: clerk}
  - id: lawyer
    at: 2026-03-03T10:00:00+08:00
    facts:
      customer.wish: 我要找律師
"""
CLEAN = "id: C\ncurrency: TWD\nhistory:\n  - {id: a, at: 2026-03-02T08:00:00+08:00, facts: {customer.angry: true}}\n"


def cells(line: str) -> int:
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in line)
    return len(line) + wide - sum(unicodedata.combining(each) > 0 for each in line)


@pytest.fixture
def audit(run: Run, shop: str) -> Run:
    def run_audit(*arguments: str, history: str = HISTORY, at: str = AT) -> Any:
        return run("audit", "-", "--policy", shop, "--at", at, *arguments, stdin=history)

    return run_audit


@pytest.fixture(scope="module")
def builtin() -> Policy:
    return Policy.load()


def test_breaches_come_in_order_of_time_with_kind_and_instant(audit: Run) -> None:
    result = audit()
    assert (result.code, result.err) == (5, "")
    assert result.out.splitlines()[0] == "Case H-1, audited up to Tue 3 Mar 2026, 18:00 (UTC+8)."
    assert re.findall(r"^ \d\. (.*)$", result.out, re.MULTILINE) == [
        "Mon 2 Mar 2026, 08:30, done although forbidden: make a joke",
        "Mon 2 Mar 2026, 09:00, done late: listen to the customer",
        "Mon 2 Mar 2026, 09:30, done too early: replace the vase",
        "Tue 3 Mar 2026, 10:00, failure: the matter has got out of hand",
        "Mon 2 Mar 2026, 08:40, done, could not be judged: thank the customer",
    ]


def test_a_breach_says_who_about_what_why_and_since_when_it_was_known(audit: Run) -> None:
    out = audit().out
    assert (
        "By:         clerk\n    Why:        Nobody deserves it.\n                  Be fair (rule never-rude)\n"
        in out
    )
    assert "About:      藍色大花瓶 (vases: blue)\n    By:         shop owner\n" in out
    assert "Detectable: since Mon 2 Mar 2026, 08:00\n" in out


PARTIES = """\
format: 1
vocabulary:
  records:
    parties:
      each: party
      absent: none
      fields:
        role: {type: party}
"""


def test_a_person_is_named_with_the_role(run: Run, shop: str, tmp_path: Path) -> None:
    (tmp_path / "parties.yaml").write_text(PARTIES, encoding="utf-8")
    ann = "    parties: [{id: ann, role: clerk}]\n    vases:"
    history = HISTORY.replace("    vases:", ann, 1).replace(
        "{action: joke, by: clerk}", "{action: joke, by: ann}"
    )
    asked = ("audit", "-", "--policy", shop, "--policy", str(tmp_path), "--at", AT)
    assert "By:         ann (clerk)\n" in run(*asked, stdin=history).out
    assert "經手： ann（櫃檯人員）\n" in run(*asked, "--lang", "zh-TW", stdin=history).out
    breaches = json.loads(run(*asked, "--json", stdin=history).out)["breaches"]
    assert [(each["by"], each["person"]) for each in breaches][:2] == [("clerk", "ann"), ("clerk", None)]


def test_a_late_step_says_when_it_was_done_and_how_late(audit: Run) -> None:
    assert "Done:       Mon 2 Mar 2026, 11:15 (2 hours 15 minutes late)\n" in audit().out


def test_a_failure_says_by_which_rule(audit: Run) -> None:
    out = audit().out
    failed = out[out.index("failure: the matter") :]
    assert "Why:        It should never have come to that.\n" in failed


def test_what_could_not_be_judged_stands_apart_and_is_not_counted(audit: Run) -> None:
    out = audit().out
    apart = out.index("Could not be judged because a fact was not known; not counted\n")
    assert out.index("failure:") < apart < out.index("done, could not be judged")
    assert "This may apply: Thanks sound hollow" in out
    last = " ".join(out[out.rindex("\n\n") :].split())
    assert last == (
        "4 breaches (done although forbidden: 1; done too early: 1; done late: 1; failure: 1). "
        "1 act could not be judged."
    )


def test_what_was_never_done_is_due_from_whoever_owns_it(audit: Run) -> None:
    out = audit(at="2026-03-02T10:30:00+08:00").out
    assert "due but not done: listen to the customer\n    Who:        clerk\n" in out


def test_times_are_those_of_the_calendar_or_of_the_zone_asked_for(audit: Run) -> None:
    out = audit(at="2026-03-03T10:00:00Z").out
    assert "audited up to Tue 3 Mar 2026, 18:00 (UTC+8)." in out
    assert "Mon 2 Mar 2026, 08:30, done although forbidden" in out
    out = audit("--zone", "Asia/Kathmandu", at="2026-03-03T10:00:00Z").out
    assert "audited up to Tue 3 Mar 2026, 15:45 (UTC+5:45)." in out
    assert "Mon 2 Mar 2026, 06:15, done although forbidden" in out


def test_a_clean_history_is_exit_code_0(audit: Run) -> None:
    result = audit(history=CLEAN)
    assert result.code == 0
    assert result.out.endswith("\n\nNo breach was found.\n")
    assert "沒有發現缺失。" in audit("--lang", "zh-TW", history=CLEAN).out


def test_one_breach_is_no_plural(audit: Run) -> None:
    out = audit(at="2026-03-02T08:35:00+08:00").out
    assert out.endswith("\n1 breach (done although forbidden: 1).\n")


def test_a_case_that_is_no_history_is_audited_by_what_is_known_now(run: Run, vases: str, shop: str) -> None:
    path = Path(vases)
    acts = "acts:\n  - {action: joke, by: clerk, at: 2026-03-02T08:30:00+08:00}\n"
    path.write_text(path.read_text(encoding="utf-8") + acts, encoding="utf-8")
    result = run("audit", vases, "--policy", shop, "--at", AT)
    assert result.code == 5
    assert "This case is not a history: its facts count as known" in result.out


def test_without_at_the_audit_ends_now(run: Run, shop: str) -> None:
    data = json.loads(run("audit", "-", "--policy", shop, "--json", stdin=HISTORY).out)
    assert data["at"] > "2026-03-03"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-TW", ["不可以做卻做了：開玩笑", "逾期才做：聽客戶說", "還不能做就做了：換一個新花瓶",
                   "處理失當：事情已經失控", "經手：", "應知：", "補做：", "晚了 2 小時 15 分鐘", "共 4 項缺失",
                   "另有 1 件事無法判斷。"]),
        ("zh-CN", ["不可以做却做了：开玩笑", "逾期才做：听客户说", "还不能做就做了：换一个新花瓶",
                   "处理失当：事情已经失控", "经手：", "应知：", "补做：", "晚了2小时15分钟", "共4项问题",
                   "另有1件事无法判断。"]),
    ],
)  # fmt: skip
def test_the_languages(audit: Run, language: str, words: list[str]) -> None:
    out = audit("--lang", language).out
    flat = re.sub(r"\n *", "", out)
    assert [each for each in words if each not in flat] == []


def test_json_has_breaches_and_what_is_unverified(audit: Run) -> None:
    result = audit("--json", "--lang", "zh-TW")
    data = json.loads(result.out)
    assert list(data) == ["case", "at", "policy", "breaches", "unverified"]
    assert result.code == 5
    assert [each["kind"] for each in data["breaches"]] == ["forbidden", "late", "premature", "failure"]
    assert data["breaches"][0]["at"] == "2026-03-02T00:30:00Z"
    assert data["breaches"][0]["known_from"] == "2026-03-02T00:00:00Z"
    assert data["breaches"][0]["because"][0]["text"] == "沒有人該被這樣對待。"
    assert data["breaches"][3]["fact"] == "case.escalated"
    assert [each["action"] for each in data["unverified"]] == ["thank"]


def test_bad_histories_are_lines_on_stderr(audit: Run) -> None:
    twice = HISTORY.replace("id: joke\n", "id: broken\n").replace("action: thank", "action: thnk")
    result = audit(history=twice)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 2
    assert "did you mean 'thank'?" in result.err
    assert all(line.startswith("<stdin>:") for line in result.err.splitlines())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("history", HISTORIES, ids=lambda path: path.stem)
def test_the_example_histories_are_audited_within_80_columns(
    run: Run, builtin: Policy, history: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "load_policy", lambda layers, options: builtin)
    result = run("audit", str(history), "--at", "2026-08-01T10:00:00+08:00", "--lang", language)
    assert result.err == ""
    assert result.code == 5
    assert "{" not in result.out
    assert "\x1b" not in result.out
    assert max(cells(line) for line in result.out.splitlines()) <= 80


TRACED = """\
format: 1
name: small
languages: [en]
vocabulary:
  phases: [go: Go]
  roles: [agent: the agent]
  principles: [safe: Safe]
  facts: {case.opened_at: {type: instant, label: opened, ask: system}}
  actions:
    trace: {label: open a trace, phase: go, owner: agent, about: case}
    pay: {label: pay, phase: go, owner: agent, about: case}
ruleset: parcels
label: Parcels
principle: safe
rules:
  - id: trace-first
    source: x
    then:
      - {recommend: trace, within: 1 day of case.opened_at}
      - {hold: pay, until: {done: trace}}
    because: It is searched for first.
  - {id: pay-it, source: x, then: [{recommend: pay, within: 2 days of case.opened_at}], because: It is lost.}
"""


def test_the_reason_of_a_rule_is_said_once(run: Run, tmp_path: Path) -> None:
    """The rule recommends the step, and holds another one until it is done."""
    (tmp_path / "policy.yaml").write_text(TRACED, encoding="utf-8")
    history = "id: T\nhistory:\n  - {id: a, at: 2026-03-02T08:00:00Z, facts: {case.opened_at: 2026-03-02T08:00:00Z}}\n"
    out = run("audit", "-", "--policy", str(tmp_path), "--at", "2026-03-05T08:00:00Z", stdin=history).out
    assert "open a trace" in out
    assert out.count("It is searched for first.") == 1
