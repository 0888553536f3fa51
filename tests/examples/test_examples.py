"""Examples beside rules: the case that must fire, the change after which it must not, and what is said if they don't."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import BUILTIN, Policy
from escalation_rules.errors import Diagnostic
from escalation_rules.tools.examples import check_examples, run_examples

BASE = Path(__file__).resolve().parents[1] / "diagnostics" / "base"
HEAD = "format: 1\nruleset: tried\nrules:\n"
"""The rule begins in line 4."""

MOOD = """
  - id: mood
    when:
      customer.mood: bad
    then:
      - forbid: gossip
    examples:
"""
OPEN = """
  - id: open
    for_each: charges
    when:
      open: true
      amount: {above: 0}
    unless:
      customer.vip: true
    then:
      - forbid: refund
    examples:
"""


def tried(tmp_path: Path, rule: str, examples: str, *, require: bool = False) -> list[str]:
    """What is said of the examples of a rule: line and column, code, message, suggestion."""
    text = (
        HEAD
        + rule.strip("\n")
        + "\n"
        + "".join(f"      {line}\n" for line in examples.strip("\n").split("\n"))
    )
    path = tmp_path / "tried.yaml"
    path.write_text(text, encoding="utf-8")
    policy = Policy.load(BASE, path, engine="plain")
    ours = [each for each in check_examples(policy, require=require) if _file(each) == "tried.yaml"]
    return [_short(each) for each in ours]


def _file(each: Diagnostic) -> str:
    assert each.position is not None, each
    return Path(each.position.file).name


def _short(each: Diagnostic) -> str:
    assert each.position is not None
    close = f"; did you mean {each.suggestion}?" if each.suggestion else ""
    return f"{each.position.line}:{each.position.column} {each.code}: {each.message}{close}"


# --- right examples -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "{customer.mood: good}",
        "{customer.mood: null}",  # it is presumed to be good
    ],
)
def test_a_fact_changes(tmp_path: Path, change: str) -> None:
    assert tried(tmp_path, MOOD, f"fires: {{facts: {{customer.mood: bad}}}}\nnot: {change}") == []
    assert tried(tmp_path, MOOD, f"fires: {{facts: {{customer: {{mood: bad}}}}}}\nnot: {change}") == []


@pytest.mark.parametrize(
    "change",
    [
        "{charges.c1.open: false}",
        "{charges.c1.open: null}",
        "{charges.c1.amount: 0}",
        "{charges.c1: null}",
        "{charges: null}",
        "{charges: []}",
        "{customer.vip: true}",
    ],
)
def test_a_record_changes(tmp_path: Path, change: str) -> None:
    case = "{currency: TWD, charges: [{id: c1, open: true, amount: 5}, {id: c2, open: false, amount: 5}]}"
    assert tried(tmp_path, OPEN, f"fires: {case}\nnot: {change}") == []


def test_a_record_is_added(tmp_path: Path) -> None:
    rule = (
        "  - id: nothing\n    when:\n      none: charges\n    then:\n      - forbid: gossip\n    examples:\n"
    )
    assert tried(tmp_path, rule, "fires: {charges: []}\nnot: {charges.c9: {open: true}}") == []
    assert tried(tmp_path, rule, "fires: {}\nnot: {charges.c9: {}}") == []


def test_an_act_is_added_or_taken_away(tmp_path: Path) -> None:
    rule = "  - id: acted\n    when:\n      {}: call\n    then:\n      - forbid: gossip\n    examples:\n"
    act = "{action: call, by: agent, at: 2026-03-02T09:00:00+08:00}"
    assert tried(tmp_path, rule.format("not_done"), f"fires: {{}}\nnot: {{acts: [{act}]}}") == []
    assert tried(tmp_path, rule.format("done"), f"fires: {{acts: [{act}]}}\nnot: {{acts: []}}") == []


def test_the_instant_changes(tmp_path: Path) -> None:
    rule = """
  - id: old
    when:
      case.opened_at: {older_than: 2 days}
    then:
      - forbid: gossip
    examples:
"""
    opened = "fires: {facts: {case.opened_at: 2026-02-28T10:00:00+08:00}}"
    assert tried(tmp_path, rule, f"{opened}\nnot: {{at: 2026-03-02T09:59:59+08:00}}") == []
    assert (
        tried(tmp_path, rule, f"at: 2026-03-03T00:00:00Z\n{opened}\nnot: {{at: 2026-03-01T00:00:00Z}}") == []
    )
    before = "case.opened_at: 2026-02-28T10:00:01+08:00"
    assert tried(tmp_path, rule, f"{opened}\nnot: {{{before}}}") == []


def test_a_rule_that_always_holds_needs_no_second_example(tmp_path: Path) -> None:
    rule = "  - id: always\n    then:\n      - forbid: gossip\n    examples:\n"
    assert tried(tmp_path, rule, "fires: {}", require=True) == []


VERDICT = """
  - id: verdict
    replaces: base-verdict
    then:
      - conclude: case.verdict
        first_that_applies:
          - ours:
              customer.vip: true
          - theirs:
              customer.orders: {above: 3}
        otherwise: open
    examples:
"""


def test_an_ordered_conclusion_comes_to_something_else(tmp_path: Path) -> None:
    both = "fires: {facts: {customer.vip: true, customer.orders: 5}}"
    assert tried(tmp_path, VERDICT, f"{both}\nnot: {{customer.vip: false}}") == []
    assert tried(tmp_path, VERDICT, f"{both}\nnot: {{customer.orders: 1}}") == [
        "16:13 still-fires: verdict still fires after this change"
    ]
    (said,) = tried(tmp_path, VERDICT, "fires: {facts: {customer.vip: false}}")
    start = "15:7 does-not-fire: verdict does not fire here: in `first_that_applies`, `customer.vip: true`"
    assert said.startswith(start)


# --- wrong examples -----------------------------------------------------------------------------------------------------


def test_a_case_in_which_the_rule_does_not_fire_names_the_test(tmp_path: Path) -> None:
    assert tried(tmp_path, MOOD, "fires: {facts: {customer.mood: good}}") == [
        "10:7 does-not-fire: mood does not fire here: `customer.mood: bad` (line 6) is false because customer.mood is good"
    ]
    case = "{currency: TWD, charges: [{id: c1, open: true}]}"
    said = "`amount: {above: 0}` (line 8) is unknown because charges.amount is unknown"
    assert tried(tmp_path, OPEN, f"fires: {case}") == [
        f"14:7 does-not-fire: open does not fire here: for c1, {said}"
    ]
    case = "{currency: TWD, facts: {customer.vip: true}, charges: [{id: c1, open: true, amount: 5}]}"
    said = "in `unless`, `customer.vip: true` (line 10) is true because customer.vip is true"
    assert tried(tmp_path, OPEN, f"fires: {case}") == [
        f"14:7 does-not-fire: open does not fire here: for c1, {said}"
    ]
    assert tried(tmp_path, OPEN, "fires: {}") == [
        "14:7 does-not-fire: open does not fire here: the case has no charges"
    ]
    assert tried(tmp_path, OPEN, "fires: {charges: null}") == [
        "14:7 does-not-fire: open does not fire here: it is not known which charges there are"
    ]


def test_a_change_that_changes_too_little(tmp_path: Path) -> None:
    case = (
        "fires: {currency: TWD, charges: [{id: c1, open: true, amount: 5}, {id: c2, open: true, amount: 5}]}"
    )
    assert tried(tmp_path, OPEN, f"{case}\nnot: {{charges.c1.open: false}}") == [
        "15:13 still-fires: open still fires for c2 after this change"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("{customer.mood: good, customer.vip: true}", "11:34 bad-example: `not:` must contain exactly one change"),
        ("{}", "11:12 bad-example: `not:` must contain exactly one change"),
        ("customer.mood", "11:12 bad-example: `not:` must contain exactly one change"),
        ("{customer.mood: bad}", "11:13 bad-example: this changes nothing"),
        ("{customer.pet: null}", "11:13 bad-example: this changes nothing"),
        ("{customer.moood: good}", "11:13 unknown-fact: unknown fact 'customer.moood'; did you mean customer.mood?"),
        ("{customer.mood: goood}", "11:13 wrong-value: 'goood' is not a choice; did you mean good?"),
        ("{charges.c1.open: true}", "11:13 bad-example: unknown charge 'c1' in `fires:`"),
        ("{charges.c2: {open: true}}", "11:13 bad-example: a change of c2 must be one of its fields, or null"),
        ("{charges: [{id: c3}]}", "11:13 bad-example: a list can only become unknown or empty"),
        ("{charges.c2.opne: true}", "11:13 unknown-key: unknown key 'opne' in the charge; did you mean open?"),
        ("{acts: {action: call}}", "11:13 bad-example: acts must be a list"),
        ("{acts: [{}, {}]}", "11:13 bad-example: `not:` must contain exactly one change, but adds 2 acts"),
        ("{acts: [{action: cal, by: agent}]}", "11:21 unknown-action: unknown action 'cal'; did you mean call?"),
        ("{at: yesterday}", "11:17 wrong-value: 'yesterday' is not an instant"),
    ],
)  # fmt: skip
def test_what_is_no_single_change(tmp_path: Path, change: str, said: str) -> None:
    case = "fires: {facts: {customer.mood: bad}, charges: [{id: c2, open: false}]}"
    assert tried(tmp_path, MOOD, f"{case}\nnot: {change}") == [said]


GOOD = "`customer.mood: bad` (line 6) is false because customer.mood is good"


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ("not: {customer.mood: good}", "10:7 bad-example: missing case in which the rule fires"),
        ("fires: bad mood", "10:14 bad-example: missing case in which the rule fires"),
        ("fires: {facts: {customer.mood: baad}}", "10:23 wrong-value: 'baad' is not a choice; did you mean bad?"),
        ("fires: {fact: {customer.mood: bad}}", "10:15 unknown-key: unknown key 'fact' in the case; did you mean facts?"),
        ("at: now\nfires: {facts: {customer.mood: bad}}", "10:11 wrong-value: 'now' is not an instant"),
        (
            "fires: {facts: {customer.mood: bad}}\nnto: {}",
            "11:7 unknown-key: unknown key 'nto' in the examples; did you mean not?",
        ),
        ("fires: {history: []}", f"10:7 does-not-fire: mood does not fire here: {GOOD}"),
    ],
)  # fmt: skip
def test_examples_that_cannot_be_read(tmp_path: Path, examples: str, said: str) -> None:
    assert tried(tmp_path, MOOD, examples) == [said]


def test_examples_that_are_no_mapping(tmp_path: Path) -> None:
    assert tried(tmp_path, MOOD, "- a") == ["10:9 bad-example: the examples are not a mapping"]


@pytest.mark.parametrize(("examples", "said"), [
    ("[]", "10:7 bad-example: the examples are not a mapping"),
    ("fires: {facts: {customer.mood: bad}}\nnot: []", "11:12 bad-example: `not:` must contain exactly one change"),
    ("fires: {facts: {customer.mood: bad}}\nundecided: []", "11:18 bad-example: `undecided:` must contain exactly one change"),
])  # fmt: skip
def test_a_list_of_nothing_is_no_example(tmp_path: Path, examples: str, said: str) -> None:
    assert tried(tmp_path, MOOD, examples) == [said]


def test_several_examples_and_several_changes(tmp_path: Path) -> None:
    """Each is tried by itself; what is wrong is told at its own line."""
    bad, good = "{facts: {customer.mood: bad}}", "{facts: {customer.mood: good}}"
    assert (
        tried(tmp_path, MOOD, f"fires: {bad}\nnot: [{{customer.mood: good}}, {{customer.mood: null}}]") == []
    )
    assert tried(tmp_path, MOOD, f"fires: {bad}\nnot: [{{customer.mood: good}}, {{customer.mood: bad}}]") == [
        "11:37 bad-example: this changes nothing"
    ]
    assert tried(tmp_path, MOOD, f"- {{fires: {bad}, not: {{customer.mood: good}}}}\n- fires: {bad}") == []
    [said] = tried(tmp_path, MOOD, f"- fires: {bad}\n- fires: {good}")
    assert said.startswith("11:9 does-not-fire: mood does not fire here")


def test_after_which_change_a_rule_is_undecided(tmp_path: Path) -> None:
    case = "fires: {currency: TWD, charges: [{id: c1, open: true, amount: 5}]}"
    assert tried(tmp_path, OPEN, f"{case}\nundecided: [{{charges.c1.open: null}}, {{charges: null}}]") == []
    assert tried(
        tmp_path, MOOD, "fires: {facts: {customer.mood: bad}}\nundecided: {customer.mood: good}"
    ) == ["11:19 decided: mood is decided after this change: it does not hold"]


def test_a_change_that_leaves_a_reference_without_its_record_is_to_blame_itself(tmp_path: Path) -> None:
    case = "{claims: [{id: k1}], charges: [{id: c1, open: true, amount: 5, claim: k1}], currency: TWD}"
    (said,) = tried(tmp_path, OPEN, f"fires: {case}\nnot: {{claims.k1: null}}")
    assert said.startswith("15:13 unknown-record: ")


def test_rules_without_examples_are_no_problem_unless_they_are_required(tmp_path: Path) -> None:
    fires = "fires: {facts: {customer.mood: bad}}"
    assert tried(tmp_path, MOOD, fires) == []
    assert tried(tmp_path, MOOD, fires, require=True) == [
        "4:9 no-example: mood has only one of its two examples"
    ]
    policy = Policy.load(BASE, engine="plain")
    assert {each.outcome for each in run_examples(policy)} == {"untested"}
    assert {each.code for each in check_examples(policy, require=True)} == {"no-example"}


def test_the_examples_of_the_built_in_policy_are_right() -> None:
    assert [str(each) for each in check_examples(Policy.load(BUILTIN), require=True)] == []


def test_the_word_of_the_command_line_stands_for_the_built_in_policy_too() -> None:
    layer = Path(__file__).parents[2] / "examples" / "our-rules"
    assert Policy.load("builtin", layer).digest == Policy.load(BUILTIN, layer).digest
