"""The page that a policy owner learns from is true: its table is the code's, its examples load and do what they say."""

from __future__ import annotations

import importlib.util
import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from escalation_rules import BUILTIN, Policy, PolicyError
from escalation_rules.calendar import Duration
from escalation_rules.errors import Problems
from escalation_rules.policy.conditions import (
    ACT_CONDITIONS,
    OPERATORS,
    RECORD_CONDITIONS,
    STEP_CONDITIONS,
    Context,
    DuringTest,
    Scope,
    read_condition,
)
from escalation_rules.policy.reading.actions import ACTION_KEYS
from escalation_rules.policy.reading.effect_keys import EFFECT_KEYS
from escalation_rules.policy.reading.facts import FACT_KEYS, RECORD_KEYS
from escalation_rules.policy.reading.files import VOCABULARY_KEYS
from escalation_rules.policy.reading.parameters import COMPUTING, VALUE_HEADS
from escalation_rules.source import parse_yaml, to_plain
from escalation_rules.tools.examples import run_example, run_examples
from escalation_rules.tools.lint import lint
from escalation_rules.values import VALUE_TYPES, ValueType
from escalation_rules.words.catalogue import find

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "rulesets" / "README.md"
EVERY_BLOCK = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
SECOND = ROOT / "rulesets" / "VOCABULARY.md"
SECOND_BLOCKS = re.findall(r"```yaml\n(.*?)```", SECOND.read_text(encoding="utf-8"), re.DOTALL)
ALONE = [block for block in SECOND_BLOCKS if "\n  phases:" in block]
DECLARED = [block for block in SECOND_BLOCKS if block not in ALONE]
CASES = [block for block in EVERY_BLOCK if block.startswith("id:")]
BLOCKS = [block for block in EVERY_BLOCK if block not in CASES]
TYPES = (*(each.kind for each in VALUE_TYPES), "record", "records")
BUILTIN_POLICY = Policy.load()
RULESET = """format: 1
ruleset: example
label:
  en: Example
  zh-TW: 範例
  zh-CN: 示例
principle: settle
rules:
"""


def _operators() -> ModuleType:
    spec = importlib.util.spec_from_file_location("operators", Path(__file__).with_name("operators.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_of_operators_is_made_from_the_operators() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert _operators().with_table(page) == page, "run `python tests/reference/operators.py`"


def _problems(scope: Scope, text: str) -> list[str]:
    problems = Problems()
    node = parse_yaml(text, "example", problems)
    assert node is not None
    read_condition(Context(scope, problems, COMPUTING), node)
    return [str(each) for each in problems.errors]


@pytest.mark.parametrize(
    "of", [DuringTest, *RECORD_CONDITIONS, *ACT_CONDITIONS, *STEP_CONDITIONS], ids=lambda of: of.head
)
def test_the_example_of_a_condition_loads(of: Any) -> None:
    assert _problems(Scope(BUILTIN_POLICY.model.vocabulary), of.example) == []


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=lambda operator: operator.key)
def test_the_example_of_an_operator_loads_for_a_fact_or_a_field(operator: Any) -> None:
    vocabulary = BUILTIN_POLICY.model.vocabulary
    tested = [(Scope(vocabulary), name) for name in vocabulary.facts]
    tested += [(Scope(vocabulary, (of,)), field) for of in vocabulary.records.values() for field in of.fields]
    assert any(_problems(scope, f"{name}: {operator.example}") == [] for scope, name in tested)


def _file(block: str) -> str:
    if block.startswith("format:"):
        return block
    return RULESET + "".join(f"  {line}\n" if line else "\n" for line in block.splitlines())


@pytest.mark.parametrize("block", [*BLOCKS, *DECLARED], ids=lambda block: re.search(r"- id: (\S+)", block)[1])  # type: ignore[index]
def test_every_example_loads(block: str, tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(_file(block), encoding="utf-8")
    rule = re.search(r"- id: (\S+)", block)
    assert rule is not None
    assert Policy.load(BUILTIN, tmp_path).model.rule(rule[1]) is not None


def test_no_example_gets_a_warning(tmp_path: Path) -> None:
    """Examples that load together are looked at together. As each loads alone, none uses what another declares."""
    files: dict[Path, str] = {}
    for number, block in enumerate([*BLOCKS, *DECLARED]):
        text = _file(block)
        own = text.replace("\nruleset: example\n", f"\nruleset: example-{number}\n")
        files[tmp_path / f"{number}.yaml"] = own
    looked_at: list[Path] = []
    while len(looked_at) < len(files):
        policy, together = _loaded([path for path in files if path not in looked_at], files)
        ours = [each for each in lint(policy.model) if each.position and Path(each.position.file) in files]
        assert [str(each) for each in ours] == []
        looked_at += together


def _loaded(paths: list[Path], files: dict[Path, str]) -> tuple[Policy, list[Path]]:
    """As many of these files as load with one another, each a layer, and which they are."""
    assert paths
    for path in paths:
        path.write_text(files[path], encoding="utf-8")
    try:
        return Policy.load(BUILTIN, *paths, engine="plain"), paths
    except PolicyError as error:
        against = {Path(each.position.file) for each in error.diagnostics if each.position}
    return _loaded([path for path in paths if path not in against], files)


def test_a_policy_that_stands_alone_needs_nothing_else(tmp_path: Path) -> None:
    [block] = ALONE
    (tmp_path / "alone.yaml").write_text(block, encoding="utf-8")
    policy = Policy.load(tmp_path)
    assert [str(each) for each in lint(policy.model)] == []
    assert {each.outcome for each in run_examples(policy)} == {"passed"}


@pytest.mark.parametrize("block", DECLARED, ids=lambda block: re.search(r"- id: (\S+)", block)[1])  # type: ignore[index]
def test_the_rules_of_the_second_page_do_what_their_examples_say(block: str, tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(block, encoding="utf-8")
    policy = Policy.load(BUILTIN, tmp_path)
    ours = [rule for rule in policy.model.rules if str(tmp_path) in rule.position.file]
    results = [run_example(policy, rule) for rule in ours]
    assert results
    assert [
        (each.rule.id, each.outcome, [str(one) for one in each.problems])
        for each in results
        if each.outcome != "passed"
    ] == []


@pytest.mark.parametrize(
    "key",
    sorted({*FACT_KEYS, *RECORD_KEYS, *ACTION_KEYS, *VOCABULARY_KEYS, *VALUE_HEADS, *TYPES, *EFFECT_KEYS}),
)
def test_every_word_of_a_declaration_or_an_effect_is_taught(key: str) -> None:
    pages = PAGE.read_text(encoding="utf-8") + SECOND.read_text(encoding="utf-8")
    assert re.search(rf"\b{key}\b", pages)


@pytest.mark.parametrize("of", VALUE_TYPES)
def test_every_type_has_a_name(of: type[ValueType]) -> None:
    assert find(f"screen.type.{of.kind}", "en"), "`show` names the type of a fact"


def _case(text: str) -> Any:
    problems = Problems()
    data = to_plain(parse_yaml(text, "case.yaml", problems))
    assert problems.errors == ()
    return data


def test_the_case_on_the_page_is_one() -> None:
    decision = Policy.load().decide(_case(CASES[0]), at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    assert "call_back" in [step.action for step in decision.plan], (
        "a call that nobody answered does not count"
    )


def test_the_history_on_the_page_says_what_the_page_says() -> None:
    policy, (_, text) = Policy.load(), CASES
    case, ten = _case(text), datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert "call_back" in [step.action for step in policy.decide(case, at=ten).plan]
    del case["history"][-1]  # without the withdrawal
    done = [(step.action, step.by) for step in policy.decide(case, at=ten).done]
    assert ("call_back", "lin") in done


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def test_working_days_end_as_the_table_of_deadlines_and_intervals_says() -> None:
    rows = re.findall(r"^\| .*from (\w+ \d\d:\d\d) \| (\w+ \d\d:\d\d) \| (\w+ \d\d:\d\d) \|$",
                      PAGE.read_text(encoding="utf-8"), re.MULTILINE)  # fmt: skip
    assert len(rows) == 3
    vocabulary, day = BUILTIN_POLICY.model.vocabulary, Duration.parse("1 working day")
    assert vocabulary.calendar is not None
    zone = ZoneInfo(vocabulary.calendars[vocabulary.calendar].zone)
    for start, deadline, interval in rows:
        name, _, clock = start.partition(" ")
        hour, minute = map(int, clock.split(":"))
        at = datetime(2026, 3, 16 + DAYS.index(name), hour, minute, tzinfo=zone)  # the 16th is a Monday
        ends = [
            each(at, vocabulary.calendars, vocabulary.calendar)
            for each in (day.deadline_after, day.interval_after)
        ]
        assert [
            f"{DAYS[each.astimezone(zone).weekday()]} {each.astimezone(zone):%H:%M}" for each in ends
        ] == [deadline, interval]


def test_the_sample_layer_loads() -> None:
    policy = Policy.load(BUILTIN, ROOT / "examples" / "our-rules")
    assert policy.name == "our-shop"
