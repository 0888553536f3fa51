"""A policy says which languages it is written in: lint asks for these, the command line offers these."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_rules import Policy, PolicyError
from escalation_rules.cli import main
from escalation_rules.tools.lint import lint

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
POLICY = """\
format: 1
{languages}
ruleset: shop
label: The shop
vocabulary:
  phases: [{{work: The work}}]
  facts:
    order.days: {{type: count, label: Days since delivery, question: How many days?}}
  actions:
    refund: {{phase: work, label: Refund the order, say: Refund it.}}
rules:
  - id: refund-early
    source: our terms
    because: It came back after {{order.days}} days.
    when: {{order.days: {{at_most: 30}}}}
    then: [{{recommend: refund}}]
"""


def load(folder: Path, languages: str = "languages: [en]") -> Policy:
    (folder / "policy.yaml").write_text(POLICY.format(languages=languages), encoding="utf-8")
    return Policy.load(folder, engine="plain")


def test_in_one_language_a_text_is_a_line(tmp_path: Path) -> None:
    policy = load(tmp_path)
    assert policy.vocabulary.languages == ("en",)
    decision = policy.decide(policy.case({"facts": {"order.days": 3}}), at=AT)
    [step] = decision.plan
    assert step.because[0].text.to_dict() == {"en": "It came back after 3 days."}
    assert step.say.to_dict() == {"en": "Refund it."}


def test_lint_asks_for_no_other_language(tmp_path: Path) -> None:
    assert [str(each) for each in lint(load(tmp_path).model)] == []


def test_slots_are_checked_in_a_line_too(tmp_path: Path) -> None:
    text = POLICY.format(languages="languages: [en]").replace("after {order.days}", "after {order.day}")
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        Policy.load(tmp_path)
    [problem] = caught.value.diagnostics
    assert (problem.code, problem.suggestion, problem.position.line if problem.position else 0) == (
        "bad-slot", "order.days", 14,
    )  # fmt: skip


def test_in_several_languages_a_line_does_not_say_which_it_is(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load(tmp_path, "languages: [en, zh-TW]")
    messages = [str(each) for each in caught.value.diagnostics]
    assert all("`en: …`, `zh-TW: …` (or `languages: [en]` at the top of a file" in each for each in messages)
    assert len(messages) == 7


def test_a_later_layer_chooses_the_languages(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "base").mkdir()
    load(tmp_path / "base")
    (tmp_path / "own" / "more.yaml").write_text("format: 1\nlanguages: [zh-TW, en]\n", encoding="utf-8")
    with pytest.raises(PolicyError):  # the lines of the lower layer no longer say their language
        Policy.load(tmp_path / "base", tmp_path / "own")


@pytest.mark.parametrize(
    ("languages", "code"),
    [
        ("languages: [English]", "unknown-language"),
        ("languages: []", "empty"),
        ("languages: {en: 1}", "wrong-form"),
    ],
)
def test_what_is_no_language_is_reported(languages: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load(tmp_path, languages)
    assert code in {each.code for each in caught.value.diagnostics}


def test_two_files_of_a_layer_agree_on_the_languages(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("format: 1\nlanguages: [zh-TW]\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(tmp_path)
    assert "duplicate" in {each.code for each in caught.value.diagnostics}


def test_the_command_line_speaks_the_languages_of_the_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, "languages: zh-TW")
    case = tmp_path / "case.json"
    case.write_text('{"facts": {"order.days": 3}}', encoding="utf-8")
    options = [
        "decide",
        str(case),
        "--policy",
        str(tmp_path / "policy.yaml"),
        "--at",
        "2026-03-02T10:00:00+00:00",
    ]
    assert main(options) == 0
    assert "Refund the order" in (printed := capsys.readouterr().out)
    assert "3 月" in printed or "3月" in printed
    assert main([*options, "--lang", "en"]) == 2
    assert "the policy is not written in en; expected zh-TW" in capsys.readouterr().err
