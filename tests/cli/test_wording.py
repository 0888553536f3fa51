"""What conditions say in each language: one sentence for every operator, quantifier and test on acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from escalation_rules.errors import Problems
from escalation_rules.policy.conditions import (
    ACT_CONDITIONS,
    OPERATORS,
    RECORD_CONDITIONS,
    STEP_CONDITIONS,
    AllOf,
    AnyOf,
    Condition,
    Context,
    DuringTest,
    FactTest,
    GivenTest,
    Need,
    NoneOf,
    Not,
    Records,
    Scope,
    Situation,
    Truth,
    read_condition,
)
from escalation_rules.policy.reading import read_policy
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.source import Mapping, Node, Sequence, parse_yaml, to_plain
from escalation_rules.texts import LANGUAGES
from escalation_rules.words.sentences import Wording

FOLDER = Path(__file__).parent / "words"
SENTENCES = FOLDER / "sentences.yaml"


def entries() -> list[Mapping]:
    root = parse_yaml(SENTENCES.read_text(encoding="utf-8"), SENTENCES.name, Problems())
    assert isinstance(root, Sequence)
    return [each for each in root.items if isinstance(each, Mapping)]


def line_of(entry: Mapping) -> str:
    return f"line {entry.position.line}"


def condition_of(vocabulary: Vocabulary, node: Node | None, for_each: str | None = None) -> Condition:
    scope = Scope(vocabulary)
    if for_each:
        scope = scope.inside(vocabulary.records[for_each])
    problems = Problems()
    assert node is not None
    condition = read_condition(Context(scope, problems), node)
    assert condition is not None, [str(each) for each in problems]
    return condition


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_policy([FOLDER / "vocabulary.yaml"]).vocabulary


@pytest.mark.parametrize("entry", entries(), ids=line_of)
def test_a_condition_says_this(vocabulary: Vocabulary, entry: Mapping) -> None:
    for_each = to_plain(entry.get("for_each"))
    condition = condition_of(vocabulary, entry.get("when"), for_each)
    said = {each: Wording.of(vocabulary, each).sentence(condition, for_each) for each in LANGUAGES}
    assert said == {each: str(to_plain(entry.get(each))).strip() for each in LANGUAGES}


def test_every_test_of_the_language_is_among_them(vocabulary: Vocabulary) -> None:
    found: set[object] = set()
    for entry in entries():
        for each in condition_of(vocabulary, entry.get("when"), to_plain(entry.get("for_each"))).walk():
            found.add(type(each))
            if isinstance(each, FactTest):
                found.add(type(each.operator))
    assert (
        not {
            *OPERATORS.values(),
            *RECORD_CONDITIONS,
            *ACT_CONDITIONS,
            *STEP_CONDITIONS,
            AllOf,
            AnyOf,
            NoneOf,
            Not,
            GivenTest,
            DuringTest,
        }
        - found
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_amount_is_given_in_the_currency_of_the_case(vocabulary: Vocabulary, language: str) -> None:
    condition = condition_of(
        vocabulary, parse_yaml("case.value: {above: {TWD: 800, CNY: 180}}", "", Problems())
    )
    said = Wording.of(vocabulary, language, currency="TWD").sentence(condition)
    assert "800 TWD" in said
    assert "CNY" not in said


def test_a_parameter_goes_by_its_label(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "format: 1\nruleset: r\nlabel:\n  en: r\n  zh-TW: r\n  zh-CN: r\nrules:\n"
        "  - id: not-too-much\n    then:\n      - forbid: pay\n        where:\n          amount: {above: {TWD: 500}}\n"
        "    because:\n      en: b\n      zh-TW: b\n      zh-CN: b\n",
        encoding="utf-8",
    )
    model = read_policy([FOLDER / "vocabulary.yaml", rules])
    where = model.rules[0].prohibits[0].where
    assert where is not None
    said = [Wording.of(model.vocabulary, each).sentence(where, "(parameters)") for each in LANGUAGES]
    assert said == ["“sum paid” is more than 500 TWD", "「賠付金額」超過500 TWD", "“赔付金额”超过500 TWD"]


class Novel(Condition):
    """A kind of condition that has no phrase yet."""

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        return None

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return ()

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        return iter(())

    def parts(self) -> tuple[Condition, ...]:
        return ()

    def reads(self) -> Iterator[tuple[str, bool]]:
        return iter(())

    def since(self, situation: Situation, records: Records) -> datetime | None:
        return None

    def to_data(self) -> dict[str, object]:
        return {"brand_new": "值"}


def test_a_condition_without_a_phrase_is_shown_as_it_is_written(vocabulary: Vocabulary) -> None:
    known = condition_of(vocabulary, parse_yaml("case.value: given", "", Problems()))
    said = Wording.of(vocabulary, "en").sentence(AllOf((known, Not((Novel(),)))))
    assert said == '“value” is known, and (this condition does not hold: {"brand_new": "值"})'
