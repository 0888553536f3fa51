"""`replay`: the summary for a person and as JSON, case by case, written down and continued, and what it refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
END = ("--until", "2026-03-09T00:00:00+08:00")

HISTORY = """\
id: V-9
currency: TWD
history:
  - at: 2026-03-02T08:00:00+08:00
    facts: {case.opened_at: 2026-03-02T08:00:00+08:00}
    vases:
      - {id: blue, what: 藍色大花瓶, price: 1200.50, broken: true}
"""


@pytest.fixture
def cases(tmp_path: Path, vases: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder, named from the working directory: its name is short and is not broken in two."""
    monkeypatch.chdir(tmp_path)
    folder = Path("cases")
    folder.mkdir()
    shutil.copy(vases, folder / "vases.yaml")
    (folder / "history.yaml").write_text(HISTORY, encoding="utf-8")
    return str(folder)


@pytest.fixture
def newer(cases: str, shop: str) -> str:
    """The shop's policy without one rule."""
    folder = Path("newer")
    folder.mkdir()
    rule = next(
        line for line in (Path(shop) / "rules.yaml").read_text("utf-8").splitlines() if "- id:" in line
    )
    (folder / "layer.yaml").write_text(
        f"format: 1\ndisable:\n  - rule: {rule.split(':')[1].strip()}\n    because:\n      en: It was tried without.\n",
        encoding="utf-8",
    )
    return str(folder)


def test_a_policy_as_it_was_in_a_revision(run: Run, cases: str, shop: str, newer: str) -> None:
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    shutil.copytree(shop, "here")
    for words in (["init", "-q"], ["add", "here", newer], [*author, "commit", "-qm", "one"]):
        subprocess.run(["git", *words], check=True, capture_output=True)
    expected = run("replay", cases, "--policy", "here", "--policy", "here", newer, *END, "--json")
    shutil.rmtree(newer)
    result = run(
        "replay", cases, "--policy", "HEAD:here", "--policy", "here", f"HEAD:{newer}", *END, "--json"
    )
    assert (result.code, result.out, result.err) == (0, expected.out, "")
    result = run("replay", cases, "--policy", "HEAD:nowhere", *END)
    assert (result.code, result.out) == (2, "")
    assert "HEAD:nowhere cannot be read" in result.err


def test_one_policy(run: Run, cases: str, shop: str) -> None:
    result = run("replay", cases, "--policy", shop, *END)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("2 cases replayed up to Mon 9 Mar 2026, 00:00 (UTC+8).\n")
    for heading in ("Breaches", "Questions that took longest", "Rules"):
        assert f"\n{heading}\n" in result.out
    assert "What differs" not in result.out


def test_two_policies(run: Run, cases: str, shop: str, newer: str) -> None:
    arguments = ("replay", cases, "--policy", shop, "--policy", shop, newer, *END)
    result = run(*arguments)
    assert result.code == 0, result.err
    told = "".join(result.out.split())
    assert f"Oldpolicy:{shop}(" in told
    assert f"Newpolicy:{shop}+{newer}(" in told
    assert "In 2 cases the answers differ; in 0 they are the same." in result.out
    assert "no longer to be done" in result.out
    rule = (Path(newer) / "layer.yaml").read_text("utf-8").split("rule: ")[1].split()[0]
    assert (
        f"\nWhat differs, by what was changed in the policy\n 1. {rule}; 2 cases (V-9; V-1)\n" in result.out
    )
    details = run(*arguments, "--details").out
    assert f"V-9 ({cases}/history.yaml:1)" in details
    data = json.loads(run(*arguments, "--json", "--details").out)
    assert (data["cases"], data["different"], len(data["policies"])) == (2, 2, 2)
    assert [each["case"] for each in data["cases_in_detail"]] == ["V-9", "V-1"]


def test_without_an_end_what_was_open_counts_up_to_now(
    run: Run, cases: str, shop: str, tmp_path: Path
) -> None:
    """The worst failure is that nothing is done: what nobody did is late, however long ago the history ends."""
    said = "No --until was given"
    early, open_ended = run("replay", cases, "--policy", shop, *END), run("replay", cases, "--policy", shop)
    assert said not in early.out
    assert said in open_ended.out
    until, now = (
        json.loads(run("replay", cases, "--policy", shop, "--json", *more).out)["breaches"]
        for more in (END, ())
    )
    first = ("--until", "2026-03-02T08:00:00+08:00")
    at_first = json.loads(run("replay", cases, "--policy", shop, "--json", *first).out)["breaches"]
    omitted = [
        sum(each["breaches"][0] for each in found if each["kind"] == "omitted") for found in (at_first, now)
    ]
    assert omitted[0] < omitted[1]
    assert {each["name"] for each in until} <= {each["name"] for each in now}
    run("replay", cases, "--policy", shop, *END, "--out", str(tmp_path / "out"))
    assert (
        said not in run("replay", cases, "--policy", shop, "--out", str(tmp_path / "out")).out
    )  # up to the same end


def test_rules_that_apply_in_more_or_fewer_cases_are_no_list_of_the_most_frequent(
    run: Run, cases: str, shop: str, newer: str
) -> None:
    assert "Applied most often" in run("replay", cases, "--policy", shop, *END).out
    out = run("replay", cases, "--policy", shop, "--policy", shop, newer, *END).out
    assert "Applied in more or fewer cases" in out
    assert "Applied most often" not in out


def test_the_same_policy_twice(run: Run, cases: str, shop: str) -> None:
    out = run("replay", cases, "--policy", shop, "--policy", shop, *END).out
    assert "Both policies give the same answers in every case, apart from the order of the steps" in " ".join(
        out.split()
    )


@pytest.mark.parametrize(("language", "said"), [("zh-TW", "2 件案子，重播到"), ("zh-CN", "2件工单，重放到")])
def test_it_speaks_the_language(run: Run, cases: str, shop: str, language: str, said: str) -> None:
    result = run("replay", cases, "--policy", shop, "--policy", shop, *END, "--lang", language)
    assert said in result.out, result.err


def test_a_run_is_written_and_continued(run: Run, cases: str, shop: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = run("replay", cases, "--policy", shop, *END, "--out", str(out), "--details")
    written = (out / "cases.jsonl").read_bytes()
    assert len(written.splitlines()) == 2
    (out / "cases.jsonl").write_bytes(written[:-9])
    again = run("replay", cases, "--policy", shop, "--out", str(out), "--details")  # up to the same end
    assert again.out == first.out
    assert (out / "cases.jsonl").read_bytes() == written
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["cases"] == 2


def test_a_bad_case_is_listed_and_the_others_go_on(run: Run, cases: str, shop: str) -> None:
    (Path(cases) / "x.yaml").write_text("id: X-1\nfacts:\n  case.opend_at: 2026-03-02T08:00:00+08:00\n")
    result = run("replay", cases, "--policy", shop, *END)
    assert result.code == 3
    assert "2 cases replayed" in result.out
    assert "1 case could not be replayed; see the end." in result.out
    lines = " ".join(result.out.split())
    assert f"{cases}/x.yaml:3:3: unknown fact 'case.opend_at'; did you mean 'case.opened_at'?" in lines


def test_the_headline_of_a_part_speaks_of_this_part(run: Run, cases: str, shop: str) -> None:
    """What was not replayed is not the same, and a job must not be green because of it."""
    (Path(cases) / "x.yaml").write_text("id: X-1\nfacts:\n  case.opend_at: 2026-03-02T08:00:00+08:00\n")
    result = run("replay", cases, "--policy", shop, "--policy", shop, *END)
    said = " ".join(result.out.split())
    assert result.code == 3
    assert "in every case" not in said
    assert "Both policies give the same answers in the 2 cases that could be replayed" in said


@pytest.mark.parametrize("second", [False, True])
def test_nothing_replayed_is_bad_input(run: Run, shop: str, second: bool, tmp_path: Path) -> None:
    """A typing error in a path must not be a run without differences."""
    policies = ("--policy", shop) * (1 + second)
    result = run("replay", "nosuch", *policies, *END)
    assert (result.code, result.out) == (2, "")
    assert "nosuch:1:1: error: the case cannot be read" in result.err
    (tmp_path / "empty").mkdir()
    for output in ((), ("--json",)):
        result = run("replay", str(tmp_path / "empty"), *policies, *END, *output)
        assert (result.code, result.out) == (2, "")
        assert "no cases were found" in result.err


def test_a_decision_is_no_case(run: Run, cases: str, shop: str, tmp_path: Path) -> None:
    """One line that says so, not one for each of its keys."""
    decision = json.loads(run("decide", f"{cases}/vases.yaml", "--policy", shop, "--json").out)
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(decision) + "\n", encoding="utf-8")
    document = tmp_path / "decision.json"
    document.write_text(json.dumps(decision), encoding="utf-8")
    for words in (("replay", str(log), *END), ("decide", str(document))):
        result = run(*words, "--policy", shop)
        assert (result.code, result.out) == (2, "")
        assert "this is a decision without its case" in result.err
        assert len(result.err.splitlines()) == 1, result.err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ((), "missing CASES"),
        (("CASES", "--policy", "SHOP", "--policy", "SHOP", "--policy", "SHOP"), "3 policies"),
        (("CASES", "--workers", "0"), "--workers cannot be 0"),
        (("CASES", "--from-sql", "sqlite://"), "--from-sql and --query belong together"),
        (
            ("CASES", "--from-sql", "sqlite://", "--query", "select 1"),
            "CASES cannot be combined with --from-sql",
        ),
        (("CASES", "--until", "soon"), "--until: error: 'soon' is not an instant"),
        (("CASES", "--out", "CASES/history.yaml"), "cannot be written"),
    ],
)
def test_what_does_not_fit(run: Run, cases: str, shop: str, arguments: tuple[str, ...], what: str) -> None:
    words = [each.replace("CASES", cases).replace("SHOP", shop) for each in arguments]
    result = run("replay", *words)
    assert (result.code, result.out) == (2, "")
    assert what in result.err


CONCLUDING = """\
format: 1
languages: [en]
name: small
vocabulary:
  phases: [{first: first}]
  roles: [{agent: agent}, {lead: lead}]
  principles: [{fair: fair}]
  facts:
    order.count: {type: count, label: number, question: How many?}
    order.size:
      type: choice
      label: size
      values: [{small: a small order}, {large: a large order}]
      concluded: true
  actions:
    call: {label: call back, phase: first, owner: agent}
ruleset: small
label: small
principle: fair
rules:
  - id: sorts
    source: x
    then: [{conclude: order.size, first_that_applies: [{large: {order.count: {above: 5}}}], otherwise: small}]
    because: so
  - id: calls
    source: x
    when: {order.count: {above: 1}}
    then: [{recommend: call, owner: agent}]
    because: so
"""


def test_differences_are_said_with_labels(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    changed = CONCLUDING.replace("above: 5", "above: 2").replace("call, owner: agent", "call, owner: lead")
    for name, text in (("old.yaml", CONCLUDING), ("new.yaml", changed)):
        Path(name).write_text(text, encoding="utf-8")
    entry = "{at: 2026-03-02T08:00:00+08:00, facts: {order.count: 3}}"
    Path("case.yaml").write_text(f"id: c\nhistory: [{entry}]\n", encoding="utf-8")
    out = run("replay", "case.yaml", "--policy", "old.yaml", "--policy", "new.yaml", *END, "--details").out
    assert out.count("“call back”: to be done with a different owner; Who: agent → lead") == 2, (
        "in the summary and the case"
    )
    assert out.count("“size”: concluded differently; Finding: a small order → a large order") == 2


BARRED = (
    CONCLUDING
    + """\
  - id: not-yet
    source: x
    when: {order.count: {above: 0}}
    then: [{forbid: call}]
    because: so
"""
)


def test_a_prohibition_of_what_is_now_recommended_as_well(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The direction is said, and which change is the only reason in how many cases."""
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(BARRED, encoding="utf-8")
    Path("new.yaml").write_text(
        BARRED.replace("above: 1", "above: 0").replace("above: 5", "above: 8"), encoding="utf-8"
    )
    for count in (1, 7, 8):
        entry = f"{{at: 2026-03-02T08:00:00+08:00, facts: {{order.count: {count}}}}}"
        Path(f"c{count}.yaml").write_text(f"id: c{count}\nhistory: [{entry}]\n", encoding="utf-8")
    cases = ("replay", "c1.yaml", "c7.yaml", "c8.yaml")
    out = run(*cases, "--policy", "old.yaml", "--policy", "new.yaml", *END, "--details").out
    assert out.count("“call back”: forbidden as before, and now a rule also recommends it") == 2
    assert "In 2 cases, sorts is the only reason." in out
    back = run(*cases, "--policy", "new.yaml", "--policy", "old.yaml", *END).out
    assert "“call back”: forbidden as before, but no rule recommends it any more" in back


def test_failures_are_named_also_if_none_is_new(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old = CONCLUDING.replace(
        "    order.size:\n",
        "    order.lost: {type: flag, label: lost track of it, concluded: true, failure: true}\n    order.size:\n",
    )
    old += "  - {id: loses, source: x, when: {order.count: {above: 2}}, then: [{conclude: order.lost}], because: so}\n"
    Path("old.yaml").write_text(old, encoding="utf-8")
    Path("new.yaml").write_text(old.replace("above: 1}", "above: 9}"), encoding="utf-8")
    entry = "{at: 2026-03-02T08:00:00+08:00, facts: {order.count: 3}}"
    Path("c.yaml").write_text(f"id: c\nhistory: [{entry}]\n", encoding="utf-8")
    out = run("replay", "c.yaml", "--policy", "old.yaml", "--policy", "new.yaml", *END).out
    assert "Failure: 1 (“lost track of it” 1)" in out


def test_a_group_with_one_line_more_than_fits_shows_it(run: Run, cases: str, shop: str, newer: str) -> None:
    out = run("replay", cases, "--policy", shop, "--policy", shop, newer, *END).out
    assert "and 1 more" not in out


def test_another_amount_is_said_as_money(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    old = CONCLUDING.replace(
        "owner: agent}\n",
        "owner: agent, params: {amount: {type: amount, label: sum}, note: {type: text, label: note}}}\n",
        1,
    ).replace("recommend: call, owner: agent", "recommend: call, amount: {TWD: 800}, note: soon")
    Path("old.yaml").write_text(old, encoding="utf-8")
    Path("new.yaml").write_text(old.replace("800", "720"), encoding="utf-8")
    entry = "{at: 2026-03-02T08:00:00+08:00, facts: {order.count: 3}}"
    Path("c.yaml").write_text(f"id: c\ncurrency: TWD\nhistory: [{entry}]\n", encoding="utf-8")
    out = run("replay", "c.yaml", "--policy", "old.yaml", "--policy", "new.yaml", *END).out
    assert "With: sum: NT$800 → NT$720" in " ".join(out.split())


def test_acts_that_could_not_be_judged_are_counted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are no breaches, and were not told at all."""
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(CONCLUDING, encoding="utf-8")
    Path("new.yaml").write_text(BARRED, encoding="utf-8")
    acts = "{at: 2026-03-02T09:00:00+08:00, acts: [{action: call, by: agent, at: 2026-03-02T09:00:00+08:00}]}"
    entries = f"[{{at: 2026-03-02T08:00:00+08:00, facts: {{}}}}, {acts}]"
    Path("c.yaml").write_text(f"id: c\nhistory: {entries}\n", encoding="utf-8")
    said = "Acts that could not be judged because a fact was not known; not counted: "
    both = ("replay", "c.yaml", "--policy", "old.yaml", "--policy", "new.yaml", *END)
    assert f"{said}0 → 1 (“call back” 0 → 1)" in " ".join(run(*both).out.split())
    one = run("replay", "c.yaml", "--policy", "new.yaml", *END, "--details").out
    assert f"{said}1 (“call back” 1)" in " ".join(one.split())
    assert "done, could not be judged" in one
    assert json.loads(run(*both, "--json").out)["unverified"] == [
        {"kind": "unverified", "name": "call", "breaches": [0, 1]}
    ]
    assert "could not be judged" not in run("replay", "c.yaml", "--policy", "old.yaml", *END, "--details").out
