"""`verify`: the decision that was printed, derived again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import LANGUAGES

Run = Callable[..., Any]


@pytest.fixture
def record(decide: Run, tmp_path: Path) -> Callable[..., str]:
    """What `decide --json` printed, perhaps changed since."""

    def write(*arguments: str, change: Callable[[Any], object] = lambda data: None) -> str:
        data = json.loads(decide("--json", *arguments).out)
        change(data)
        path = tmp_path / "decision.json"
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def verify(run: Run, vases: str, shop: str) -> Run:
    def run_verify(recorded: str, *arguments: str) -> Any:
        return run("verify", recorded, vases, "--policy", shop, *arguments)

    return run_verify


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_decide_printed_is_verified(record: Any, verify: Run, language: str) -> None:
    result = verify(record("--lang", language))
    assert (result.code, result.out, result.err) == (
        0,
        "Verified: the policy gives the same decision.\n",
        "",
    )


def test_a_changed_record_is_told_place_by_place(record: Any, verify: Run) -> None:
    def forge(data: Any) -> None:
        data["plan"][0]["owner"] = "boss"
        data["missing"] = data["missing"][:1]

    result = verify(record(change=forge))
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith("Not verified: 2 differences.\n")
    assert (
        "    To be done: “listen to the customer”, who\n    Recorded: shop owner\n    Now:      clerk\n"
        in result.out
    )
    assert (
        "    To be found out: “the vase was cracked before”\n    Recorded: absent\n    Now:      present\n"
        in result.out
    )


def test_one_difference_is_no_plural(record: Any, verify: Run) -> None:
    path = record(change=lambda data: data.update(phase=None))
    out = verify(path).out
    assert "1 difference.\n" in out
    assert "Recorded: absent\n    Now:      people first\n" in out


def test_a_changed_case_is_found(record: Any, verify: Run, vases: str) -> None:
    path = record()
    case = Path(vases)
    case.write_text(case.read_text(encoding="utf-8").replace("1200.50", "1300"), encoding="utf-8")
    result = verify(path)
    assert result.code == 1
    assert "”, amount\n" in result.out
    assert "NT$1,500.50" in result.out
    assert "NT$1,600" in result.out


def test_another_policy_is_named_even_if_it_decides_alike(
    run: Run, record: Any, vases: str, shop: str, tmp_path: Path
) -> None:
    layer = tmp_path / "more.yaml"
    layer.write_text(
        "format: 1\nruleset: more\nlabel:\n  en: m\n  zh-TW: m\n  zh-CN: m\nprinciple: fair\nrules:\n  - id: never\n"
        "    when: {customer.wish: {contains: [zebra]}}\n    then: [{recommend: report}]\n"
        "    because:\n      en: r\n      zh-TW: r\n      zh-CN: r\n",
        encoding="utf-8",
    )
    result = run("verify", record(), vases, "--policy", shop, "--policy", str(layer))
    assert result.code == 3
    assert (
        result.out == "The policy is not the one that made the decision.\nIt still gives the same decision.\n"
    )
    result = run("verify", record(), vases, "--policy", shop, "--policy", str(layer), "--lang", "zh-TW")
    assert result.out == "現在的規則不是當時所用的規則。\n不過重算的結果相同。\n"


def test_the_languages(record: Any, verify: Run) -> None:
    path = record(change=lambda data: data.update(phase=None))
    assert verify(path, "--lang", "zh-TW").out.startswith("結果不同，共 1 處：\n\n    階段\n    當時： 無\n")
    assert verify(path, "--lang", "zh-CN").out.startswith("结果不同，共1处：\n\n    阶段\n    当时： 无\n")
    assert verify(record(), "--lang", "zh-TW").out == "核對無誤：依同一套規則重算，結果相同。\n"


def test_json(record: Any, verify: Run) -> None:
    assert json.loads(verify(record(), "--json").out) == {
        "verified": True,
        "same_policy": True,
        "differences": [],
    }
    result = verify(record(change=lambda data: data.update(phase=1.5)), "--json")
    assert result.code == 1
    assert json.loads(result.out)["differences"] == [
        {"path": "phase", "recorded": "1.5", "derived": "people", "part": None, "name": None, "about": None}
    ]


def test_many_differences_are_counted(record: Any, verify: Run) -> None:
    def forge(data: Any) -> None:
        data.update({f"x{number}": "y" * 900 for number in range(30)})

    out = verify(record(change=forge)).out
    assert out.count("Recorded:") == 20
    assert out.endswith("10 more; --json lists them.\n")
    assert max(map(len, out.splitlines())) <= 80


def test_the_decision_may_come_from_stdin(run: Run, decide: Run, vases: str, shop: str) -> None:
    printed = decide("--json").out
    assert run("verify", "-", vases, "--policy", shop, stdin=printed).code == 0
    assert run("verify", "-", "--policy", shop, vases, stdin=printed).code == 0
    assert run("verify", "--policy", shop, "-", vases, stdin=printed).code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "expected one JSON object"),
        ("{", "not valid JSON"),
        ("{}", "this is not a decision"),
        ('{"at": "2026-03-02T10:00:00+08:00"}', "this is not a decision"),
        ('{"at": "2026-03-02T10:00:00", "policy": {}}', "no offset from UTC"),
        ('{"at": "2026-03-02T10:00:00+08:00", "policy": "shop"}', "this is not a decision"),
    ],
)
def test_what_is_no_decision_is_refused(run: Run, vases: str, shop: str, text: str, message: str) -> None:
    result = run("verify", "-", vases, "--policy", shop, stdin=text)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert result.err.count("\n") == 1


def test_files_that_are_not_there_are_told_apart(run: Run, record: Any, vases: str) -> None:
    assert "the decision cannot be read" in run("verify", "nowhere.json", vases).err
    assert "the case cannot be read" in run("verify", record(), "nowhere.yaml").err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [([], "missing DECISION.json"), (["-"], "missing CASE"), (["-", "-"], "only one of the two")],
)
def test_both_files_are_needed(run: Run, arguments: list[str], message: str) -> None:
    result = run("verify", *arguments)
    assert (result.code, result.out) == (2, "")
    assert re.search(message, result.err)


def test_a_step_more_moves_no_other(record: Any, verify: Run) -> None:
    def forge(data: Any) -> None:
        data["plan"].insert(0, {**data["plan"][0], "id": "V-1/other//1", "action": "other", "because": []})

    data = json.loads(verify(record(change=forge), "--json").out)
    assert [(each["path"], each["name"], each["derived"]) for each in data["differences"]] == [
        ("plan[0]", "other", None)
    ]


def test_another_order_is_told_once(record: Any, verify: Run) -> None:
    path = record(change=lambda data: data["missing"].reverse())
    (told,) = json.loads(verify(path, "--json").out)["differences"]
    assert (told["path"], told["part"], told["recorded"]) == ("missing", "missing", told["derived"][::-1])
    assert "    To be found out: order\n" in verify(path).out


def test_times_are_told_in_the_readers_zone(record: Any, verify: Run) -> None:
    def forge(data: Any) -> None:
        step = next(each for each in data["plan"] if each["due"])
        step["due"] = "2026-03-02T04:00:00Z"

    path = record(change=forge)
    assert "Recorded: Mon 2 Mar 2026, 12:00\n" in verify(path).out
    assert "Recorded: Mon 2 Mar 2026, 05:00\n" in verify(path, "--zone", "Europe/Berlin").out
    assert "當時： 2026年3月2日（週一）12:00\n" in verify(path, "--lang", "zh-TW").out
