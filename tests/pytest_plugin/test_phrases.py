"""The little pattern language: slots, three languages, and that no sentence fits two steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from pytest_bdd.parser import FeatureParser

from escalation_rules.pytest_plugin import PLUGINS, steps_listed
from escalation_rules.pytest_plugin.phrases import (
    DEFINITIONS,
    Definition,
    Phrase,
    Target,
    names,
    one_of,
    unquoted,
)
from escalation_rules.texts import LANGUAGES
from escalation_rules.words.catalogue import catalogue

CATALOGUE = sorted((Path(__file__).parent / "catalogue").glob("*.feature"))
OTHER_WORDINGS = {"facts", "acts", "actions", "none", "unknown", "case", "somebody"}
"""Fixed words that are in no listing of a step: what is written in cells, and names of lists."""
NOT_IN_CATALOGUE = {"use_builtin_policy", "use_policy", "add_policy_layer"}


def step_definitions() -> list[Definition]:
    for name in PLUGINS:
        import_module(f"escalation_rules.pytest_plugin.{name}")
    return DEFINITIONS


def fits(definition: Definition, kind: str, sentence: str) -> bool:
    return kind in definition.types and definition.phrase.is_matching(sentence)


def sentences() -> Iterator[tuple[str, str, str]]:
    for file in CATALOGUE:
        for scenario in FeatureParser("", str(file)).parse().scenarios.values():
            for step in scenario.steps:
                yield file.stem, step.type, step.name


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("offer_gift", Target("offer_gift")),
        ("offer_gift about c1", Target("offer_gift", "c1")),
        ("offer_gift about c1 by sales", Target("offer_gift", "c1", "sales")),
        ('"offer_gift" about "case" by "sales"', Target("offer_gift", "case", "sales")),
        ("offer_gift（c1）", Target("offer_gift", "c1")),
        ("offer_gift (c1)", Target("offer_gift", "c1")),
        ("由 sales 進行 offer_gift（全案）", Target("offer_gift", "case", "sales")),
        ("由sales进行offer_gift（“费用 1”）", Target("offer_gift", "费用 1", "sales")),
    ],
)
def test_targets_read_alike_in_every_language(text: str, target: Target) -> None:
    assert Target.read(text) == target


def test_a_target_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="does not name an action"):
        Target.read("offer a gift")


@pytest.mark.parametrize("text", ["a-1, b.c and d", "a-1、b.c 和 d", "a-1，b.c 与 d", '「a-1」及“b.c”、"d"'])
def test_names_are_listed_in_every_language(text: str) -> None:
    assert names(text) == ("a-1", "b.c", "d")


@pytest.mark.parametrize("text", ["T-1", '"T-1"', "「T-1」", "“T-1”", " T-1 "])
def test_quotes_of_three_kinds_are_taken_off(text: str) -> None:
    assert unquoted(text) == "T-1"


def test_what_is_optional_and_left_out_is_no_argument() -> None:
    phrase = Phrase("a case[ {id:name}][ in {currency:name}]", "個案[ {id:name}][，{currency:name}]")
    assert phrase.parse_arguments("a case") == {}
    assert phrase.parse_arguments("a case in TWD") == {"currency": "TWD"}
    assert phrase.parse_arguments("個案「T-1」，TWD：") == {"id": "T-1", "currency": "TWD"}
    assert phrase.parse_arguments("a cases") is None
    assert not phrase.is_matching("acase")


def test_chinese_needs_no_spaces_and_english_does() -> None:
    phrase = Phrase("{who:name} is in", "{who:name} 在")
    assert phrase.is_matching("ann在")
    assert not phrase.is_matching("ann isin")


def test_a_value_keeps_its_colon_and_a_table_heading_loses_it() -> None:
    assert Phrase("x is {value}").parse_arguments("x is a:") == {"value": "a:"}
    assert Phrase("the facts").is_matching("the facts：")


def test_the_longest_fixed_wording_wins() -> None:
    phrase = Phrase("all {part}", kinds={"part": one_of({1: "the holds", 2: "the holds on wanted steps"})})
    assert phrase.parse_arguments("all the holds on wanted steps") == {"part": 2}
    assert phrase.parse_arguments("all 暫緩事項") == {"part": 1}


def test_no_sentence_of_the_catalogue_fits_two_steps() -> None:
    known = step_definitions()
    for language, kind, sentence in sentences():
        fitting = [each.function.__name__ for each in known if fits(each, kind, sentence)]
        assert len(fitting) == 1, (language, sentence, fitting)


@pytest.mark.parametrize("language", [file.stem for file in CATALOGUE])
def test_every_step_is_in_the_catalogue_of_every_language(language: str) -> None:
    known = step_definitions()
    used = {
        each.function.__name__
        for file, kind, sentence in sentences()
        for each in known
        if file == language and fits(each, kind, sentence)
    }
    assert {each.function.__name__ for each in known} - used == NOT_IN_CATALOGUE


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_catalogues_have_no_step_that_there_is_not(language: str) -> None:
    phrases = [each.phrase for each in step_definitions()]
    kinds = [kind for each in phrases for kind in each.slots.values() if kind.wordings]
    known = {
        "step": {each.name for each in phrases},
        "wording": {word for kind in kinds for word in kind.wordings[0]}
        | {
            "facts",
            "acts",
            "actions",
            "none",
            "unknown",
            "case",
            "somebody",
            "true",
            "false",
            "ACTION about RECORD",
        },
        "listing": set(steps_listed.WRITTEN.splitlines()),
    }
    for section, names_known in known.items():
        names = (name.partition(".") for name in catalogue(language).phrases)
        found = {name for head, _, name in names if head == section}
        assert found - names_known == set(), section
        if section == "step":
            assert names_known - found == set(), section


def test_every_step_is_worded_in_all_languages() -> None:
    for each in step_definitions():
        assert len(each.phrase.wordings) == len(LANGUAGES), each.phrase.name
        assert each.function.__doc__, each.phrase.name


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "then         {target} {state}[ because of {rules}]"),
        ("zh-TW", "then         {target}{state}[，依據 {rules}]"),
        ("en", "then             asked: is asked · is not asked"),
        ("zh-TW", "then             asked: 要問 · 不問"),
        ("zh-CN", "given/when   采用文件夹 {folder} 中的政策"),
        ("en", "given/when       | fact | value | learned_at |  (facts)"),
        ("en", "then             | claim | finding | fact | about | value |  (the findings)"),
        ("zh-TW", "then             | 事實 | 關於 | 值 |  (結論)"),
        (
            "en",
            "{length}      30 minutes, 2 hours, 3 days, 14 calendar days, 1 week; 4 working hours, 1 working day",
        ),
    ],
)
def test_the_steps_can_be_listed(
    tmp_path: Path, run_pytest: Callable[..., str], language: str, line: str
) -> None:
    assert line in run_pytest(tmp_path, "--policy-steps", language).splitlines()
