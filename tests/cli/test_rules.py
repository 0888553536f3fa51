"""`rules`: which rules there are, and which of them are about an action or a fact."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import LANGUAGES, Policy
from escalation_rules.cli.commands import rules as command

Run = Callable[..., Any]

LAYER = """\
format: 1
vocabulary:
  principles:
    - quick:
        en: Be quick
        zh-TW: 迅速處理
        zh-CN: 迅速处理
ruleset: more
label:
  en: More
  zh-TW: 更多
  zh-CN: 更多
principle: fair
applies_while:
  customer.angry: true
rules:
  - id: no-jokes-with-the-boss
    principle: quick
    for_each: vases
    when:
      vase.price: {above: 0}
    then:
      - forbid: joke
        by: boss
        about: case
  - id: the-boss-listens
    replaces: hear-them
    then:
      - recommend: listen
        owner: boss
disable:
  - rule: a-flower-helps
    because:
      en: We have run out of flowers.
"""


@pytest.fixture
def layer(tmp_path: Path) -> str:
    path = tmp_path / "more.yaml"
    path.write_text(LAYER, encoding="utf-8")
    return str(path)


def ids(result: Any) -> list[str]:
    assert (result.code, result.err) == (0, ""), result.err
    return [each["id"] for each in json.loads(result.out)["rules"]]


def cells(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


def test_each_rule_says_in_a_line_what_it_does(run: Run, shop: str) -> None:
    result = run("rules", "--policy", shop)
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[:3] == [
        "The vase (shop)",
        "    a-flower-helps",
        "        do: “give a flower”",
    ]
    assert (
        lines[lines.index("    no-flower-without-a-vase") + 1]
        == "        do not: “give a flower” (in some cases)"
    )
    assert lines[lines.index("    never-rude") + 1] == "        do not: anything under “is rude”"
    assert lines[-1] == "11 rules."


def test_a_rule_that_only_overrides_says_what(run: Run, shop: str, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(
        "format: 1\nruleset: more\nprinciple: fair\n"
        "rules:\n- {id: be-rude, when: {customer.angry: false}, overrides: never-rude}\n",
        encoding="utf-8",
    )
    lines = run("rules", "--policy", shop, "--policy", str(tmp_path)).out.splitlines()
    assert lines[lines.index("    be-rude") + 1] == "        overrides: never-rude"


def test_layers_are_told_apart_and_what_is_gone_is_named(run: Run, shop: str, layer: str) -> None:
    out = run("rules", "--policy", shop, "--policy", layer).out
    assert "\nMore (more)\n    no-jokes-with-the-boss (Be quick)\n" in f"\n{out}"
    gone = "Not in force: a-flower-helps (disabled); hear-them (replaced by the-boss-listens).\n"
    assert " ".join(out.split()).endswith(" ".join(f"11 rules. {gone}".split()))
    assert "Not in force" not in run("rules", "--policy", shop, "--policy", layer, "--action", "joke").out


@pytest.mark.parametrize(
    ("option", "name", "found"),
    [
        ("--ruleset", "more", ["no-jokes-with-the-boss", "the-boss-listens"]),
        ("--principle", "quick", ["no-jokes-with-the-boss"]),
        ("--action", "joke", ["never-rude", "no-jokes-with-the-boss"]),  # of the one it is in a group
        ("--action", "rude", ["never-rude"]),
        ("--action", "replace", ["know-the-cause-first", "replace-what-broke"]),
        ("--action", "report", ["know-the-cause-first"]),  # whose hold it ends
        (
            "--fact",
            "customer.angry",
            ["no-jokes-with-the-boss", "no-thanks-to-the-angry", "the-boss-listens"],
        ),
        ("--fact", "vase.price", ["no-jokes-with-the-boss", "pay-for-it"]),
        ("--fact", "vases.price", ["no-jokes-with-the-boss", "pay-for-it"]),
        ("--fact", "cause.known", ["know-the-cause-first", "no-guessing", "whose-doing"]),
        ("--fact", "case.escalated", []),
    ],
)
def test_rules_about_something(
    run: Run, shop: str, layer: str, option: str, name: str, found: list[str]
) -> None:
    assert ids(run("rules", "--policy", shop, "--policy", layer, option, name, "--json")) == found


def test_options_add_up(run: Run, shop: str, layer: str) -> None:
    both = ("--policy", shop, "--policy", layer, "--fact", "vases", "--action", "gift")
    assert ids(run("rules", *both, "--json")) == ["no-flower-without-a-vase"]
    assert run("rules", *both, "--principle", "quick").out == "No rule matches.\n"


def test_json(run: Run, shop: str, layer: str) -> None:
    result = run(
        "rules", "--policy", shop, "--policy", layer, "--action", "joke", "--json", "--lang", "zh-TW"
    )
    data = json.loads(result.out)
    policy = Policy.load(shop, layer)
    assert data["policy"] == {"name": policy.name, "digest": policy.digest}
    never, boss = data["rules"]
    assert never["effects"] == [
        {
            "effect": "forbid",
            "action": "rude",
            "actions": ["joke", "scold"],
            "clauses": ["「失禮的舉動」一類的事"],
        }
    ]
    assert (never["text"], never["in_short"]) == ("沒有人該被這樣對待。", "不可以：「失禮的舉動」一類的事")
    assert {key: boss[key] for key in ("id", "ruleset", "principle", "source", "for_each", "place")} == {
        "id": "no-jokes-with-the-boss",
        "ruleset": "more",
        "principle": "quick",
        "source": None,
        "for_each": "vases",
        "place": {"file": layer, "line": 17, "column": 9},
    }


@pytest.mark.parametrize(
    ("option", "name", "said"),
    [
        ("--ruleset", "shp", "unknown ruleset 'shp'; did you mean 'shop'?"),
        ("--principle", "zeal", "unknown principle 'zeal'; expected fair"),
        ("--action", "jok", "unknown action 'jok'; did you mean 'joke'?"),
        ("--fact", "vase.prise", "unknown fact 'vase.prise'; did you mean 'vases.price'?"),
    ],
)
def test_an_unknown_name_is_refused(run: Run, shop: str, option: str, name: str, said: str) -> None:
    result = run("rules", "--policy", shop, option, name)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_built_in_rules_fit_on_80_columns(
    run: Run, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    builtin = Policy.load()
    monkeypatch.setattr(command, "load_policy", lambda layers, options: builtin)
    result = run("rules", "--lang", language)
    assert (result.code, result.err) == (0, "")
    assert "\x1b" not in result.out
    assert "[en]" not in result.out
    assert max(cells(line) for line in result.out.splitlines()) <= 80
    assert all(f"    {rule.id}" in result.out for rule in builtin.model.rules)
