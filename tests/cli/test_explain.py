"""`explain`: why, why not, and what it would take."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from escalation_rules import LANGUAGES, Policy
from escalation_rules.cli import loading

Run = Callable[..., Any]
AT = "2026-03-02T10:00:00+08:00"
EXAMPLE_AT = "2026-03-03T10:30:00+08:00"
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples" / "cases").glob("*.yaml"))


def cells(line: str) -> int:
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in line)
    return len(line) + wide - sum(unicodedata.combining(each) > 0 for each in line)


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def explain(run: Run, vases: str, shop: str) -> Run:
    def run_explain(*arguments: str) -> Any:
        return run("explain", vases, *arguments, "--policy", shop, "--at", AT)

    return run_explain


@pytest.fixture(scope="module")
def builtin() -> Policy:
    return Policy.load()


# --- a rule -----------------------------------------------------------------------------------------------------------


def test_a_rule_that_does_not_apply_says_first_what_it_would_take(run: Run, shop: str) -> None:
    result = run(
        "explain", "-", "no-thanks-to-the-angry", "--policy", shop, "--at", AT,
        stdin="facts: {customer.angry: false}",
    )  # fmt: skip
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(
        "Rule no-thanks-to-the-angry does not apply.\n    Required: “customer is angry” applies (now: no)\n"
    )


def test_what_is_not_known_is_not_said_to_be_false(explain: Run) -> None:
    lines = explain("no-thanks-to-the-angry").out.splitlines()
    assert lines[0] == "It is not known yet whether rule no-thanks-to-the-angry applies."
    assert lines[1] == "    Required: “customer is angry” applies: not known yet"


def test_a_rule_for_each_record_speaks_of_each(explain: Run) -> None:
    out = explain("replace-what-broke").out
    assert out.count("Rule replace-what-broke applies.\n") == 2
    assert "About:    藍色大花瓶 (vases: blue)\n    Facts:    “broken” applies\n" in out


def test_a_rule_for_each_of_no_records_says_so(run: Run, shop: str) -> None:
    out = run("explain", "-", "replace-what-broke", "--policy", shop, "--at", AT, stdin="{}").out
    assert "does not apply.\n    Required: there is an entry under “vases” (now: none)\n" in out


def test_a_test_over_records_says_what_it_saw(explain: Run, run: Run, shop: str) -> None:
    assert "(藍色大花瓶;vasered)" in "".join(explain("pay-for-it").out.split())
    out = run("explain", "-", "pay-for-it", "--policy", shop, "--at", AT, stdin="{}").out
    assert "“broken” applies (now: none)" in flat(out)


def test_a_text_that_was_seen_is_quoted(run: Run, shop: str) -> None:
    out = run(
        "explain", "-", "out-of-hand", "--policy", shop, "--at", AT, stdin="facts: {customer.wish: 喝茶}"
    ).out
    assert "(now:“喝茶”)" in "".join(out.split())


def test_a_rule_without_a_condition_always_applies(explain: Run) -> None:
    assert explain("never-rude").out.startswith("Rule never-rude applies.\n")


def test_a_rule_that_chooses_says_what_it_found(explain: Run) -> None:
    out = explain("whose-doing").out
    assert "About:    藍色大花瓶 (vases: blue)\n    Finding:  verdict: not decided yet\n" in out


OVERRIDING = """\
format: 1
ruleset: party
label:
  en: party
  zh-TW: party
  zh-CN: party
principle: fair
rules:
  - id: jokes-at-parties
    overrides: [never-rude]
    then:
      - recommend: thank
    because:
      en: It is a party.
      zh-TW: 這是派對。
      zh-CN: 这是派对。
"""


def test_a_rule_that_another_one_overrides_says_by_which(
    run: Run, vases: str, shop: str, tmp_path: Path
) -> None:
    layer = tmp_path / "party.yaml"
    layer.write_text(OVERRIDING, encoding="utf-8")
    out = run("explain", vases, "never-rude", "--policy", shop, "--policy", str(layer), "--at", AT).out
    assert "Facts: but its prohibition is overridden by rule jokes-at-parties" in flat(out)


CHAIN = """\
format: 1
ruleset: chain
label:
  en: chain
  zh-TW: chain
  zh-CN: chain
principle: fair
rules:
  - id: tell-the-boss
    when:
      case.escalated: true
    then:
      - recommend: report
    because:
      en: The owner has to know.
      zh-TW: 店長要知道。
      zh-CN: 店长要知道。
"""


def test_a_conclusion_in_the_way_names_the_rule_that_decides_it(run: Run, shop: str, tmp_path: Path) -> None:
    layer = tmp_path / "chain.yaml"
    layer.write_text(CHAIN, encoding="utf-8")
    out = run("explain", "-", "tell-the-boss", "--policy", shop, "--policy", str(layer), "--at", AT,
              stdin="facts: {customer.wish: tea}").out  # fmt: skip
    assert (
        "“the matter has got out of hand” applies (now: no)\n                decided by rule out-of-hand\n"
        in out
    )


CHANGED = """\
format: 1
ruleset: changed
label:
  en: changed
  zh-TW: changed
  zh-CN: changed
principle: fair
rules:
  - id: only-the-boss-listens
    replaces: hear-them
    source: B the boss
    then:
      - recommend: listen
        owner: boss
    because:
      en: It was opened at {case.opened_at}.
      zh-TW: 立案於 {case.opened_at}。
      zh-CN: 立案于{case.opened_at}。
disable:
  - rule: a-flower-helps
    because:
      en: We have run out of flowers.
      zh-TW: 花已經送完了。
      zh-CN: 花已经送完了。
"""


@pytest.fixture
def changed(tmp_path: Path) -> str:
    path = tmp_path / "changed.yaml"
    path.write_text(CHANGED, encoding="utf-8")
    return str(path)


def test_a_rule_that_was_switched_off_says_by_whom_and_why(
    run: Run, vases: str, shop: str, changed: str
) -> None:
    result = run("explain", vases, "a-flower-helps", "--policy", shop, changed, "--at", AT)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Rule a-flower-helps is disabled.\n    Where:")
    assert f"Where:{changed}:20Why:" in "".join(result.out.split())
    assert "Why:      We have run out of flowers.\n" in result.out


def test_a_rule_that_was_replaced_names_the_one_in_its_place(
    run: Run, vases: str, shop: str, changed: str
) -> None:
    arguments = ("explain", vases, "hear-them", "--policy", shop, changed, "--at", AT)
    result = run(*arguments, "--lang", "zh-TW")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("規則 hear-them 已由規則 only-the-boss-listens 取代。\n")
    assert "公道處理（B the boss；規則 only-the-boss-listens）" in "".join(result.out.split("\n"))
    gone = json.loads(run(*arguments, "--json").out)["gone"]
    assert gone == {
        "rule": "hear-them",
        "by": "only-the-boss-listens",
        "place": {"file": changed, "line": 9, "column": 9},
        "text": "It was opened at 2026-03-02T00:00:00Z.",
    }


def test_a_rule_that_is_gone_is_proposed_for_a_slip(run: Run, vases: str, shop: str, changed: str) -> None:
    result = run("explain", vases, "a-flowr-helps", "--policy", shop, changed, "--at", AT)
    assert (result.code, "did you mean 'a-flower-helps'?" in result.err) == (2, True)


# --- an action --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "first"),
    [
        ("listen", "“Listen to the customer” is to be done now."),
        ("gift", "“Give a flower” must not be done."),
        ("replace", "“Replace the vase” has to wait."),
        ("joke", "“Make a joke” must not be done."),
    ],
)
def test_an_action_is_answered_in_the_first_line(explain: Run, action: str, first: str) -> None:
    result = explain(action)
    assert (result.code, result.out.splitlines()[0]) == (0, first)


def test_both_sides_of_a_forbidden_wish_are_heard(explain: Run) -> None:
    out = explain("gift").out
    assert "Why:      A flower without a vase is a mockery." in out
    assert "Though:   A flower is kind." in out
    assert "No rule recommends it" not in out


def test_an_action_that_nothing_asks_for_says_what_would(run: Run, shop: str) -> None:
    out = run("explain", "-", "gift", "--policy", shop, "--at", AT, stdin="{}").out
    assert out.startswith("“Give a flower” is not in the plan.\nThis rule would recommend it if:\n")
    assert "Required: for at least one of the “vases”, “broken” applies (now: none)" in flat(out)


def test_an_action_that_no_rule_ever_asks_for(run: Run, explain: Run, shop: str) -> None:
    assert "No rule recommends it either.\n" in explain("joke").out
    out = run("explain", "-", "report", "--policy", shop, "--at", AT, stdin="{}").out
    assert out.startswith("“Report to the shop owner” is not in the plan.\n")
    assert "it comes into the plan when something has to wait for it: know-the-cause-first." in flat(out)


def test_a_rule_over_an_empty_list_is_one_that_would_ask(run: Run, shop: str) -> None:
    out = run("explain", "-", "replace", "--policy", shop, "--at", AT, stdin="{}").out
    assert "Rule replace-what-broke\n    Required: there is an entry under “vases” (now: none)\n" in out


# --- the whole decision -----------------------------------------------------------------------------------------------


def test_the_whole_decision_is_explained_in_the_order_of_decide(explain: Run) -> None:
    out = explain().out
    headings = [
        "Case V-1",
        "Must not be done",
        "To be done",
        "Not yet",
        "Find out",
        "Must not be done in general",
        "Has to wait",
    ]
    places = [out.index(each) for each in headings]
    assert places == sorted(places)


def test_each_part_has_its_rules_with_their_tests(explain: Run) -> None:
    out = explain().out
    assert "Be fair (A the vase; rule hear-them)\n    Facts:    it applies to every case\n" in out
    assert "  - Make a joke: it applies to every case (rule never-rude)\n" in out
    question = out[out.index("Is the customer angry?") :]
    assert "Affects:  Thanks sound hollow" in question
    assert "Facts:    “customer is angry” applies: not known yet\n" in question


# --- languages, JSON, bad input ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("zh-TW", "規則 no-thanks-to-the-angry 不適用。", "    還需： 「客戶很生氣」為「是」（目前：否）"),
        ("zh-CN", "规则 no-thanks-to-the-angry 不适用。", "    还需： “客户很生气”为“是”（目前：否）"),
    ],
)
def test_the_languages(run: Run, shop: str, language: str, first: str, second: str) -> None:
    arguments = ("no-thanks-to-the-angry", "--policy", shop, "--at", AT, "--lang", language)
    lines = run("explain", "-", *arguments, stdin="facts: {customer.angry: false}").out.splitlines()
    assert lines[:2] == [first, second]


def test_json_is_the_explanation(explain: Run, vases: str, shop: str) -> None:
    policy = Policy.load(shop)
    case = yaml.safe_load(Path(vases).read_text(encoding="utf-8"))
    case["facts"]["case.opened_at"] = "2026-03-02T08:00:00+08:00"
    at = datetime.fromisoformat(AT)
    for words in ((), ("gift",), ("never-rude",)):
        data = json.loads(explain(*words, "--json", "--lang", "zh-TW").out)
        assert data == policy.explain(case, *words, at=at).to_dict("zh-TW")
        assert list(data) == ["about", "parts", "rules", "gone", "uncounted", "limits"]


def test_an_unknown_name_is_refused(explain: Run) -> None:
    result = explain("lisen")
    assert (result.code, result.out) == (2, "")
    assert "did you mean 'listen'?" in result.err
    assert result.err.count("\n") == 1


def test_the_word_may_stand_anywhere(run: Run, vases: str, shop: str) -> None:
    shared = ("--policy", shop)
    outs = {
        run("explain", *words, "--at", AT).out
        for words in (
            (vases, "gift", *shared),
            (*shared, vases, "gift"),
            (vases, "--lang", "en", "gift", *shared),
        )
    }
    assert len(outs) == 1
    assert run("explain", *shared, vases, "--at", AT).out.startswith("Case V-1")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_explained_within_80_columns(
    run: Run, builtin: Policy, case: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "load_policy", lambda layers, options: builtin)
    for word in ([], ["offer_gift"], ["call_back"], ["silence-is-loss"], ["case-is-active"]):
        result = run("explain", str(case), *word, "--at", EXAMPLE_AT, "--lang", language)
        assert (result.code, result.err) == (0, "")
        assert "\x1b" not in result.out
        assert max(cells(line) for line in result.out.splitlines()) <= 80


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda path: path.stem)
def test_every_rule_that_does_not_fire_names_the_tests_in_its_way(
    run: Run, builtin: Policy, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for rules over a list in which there is nothing: they have no tests for this case."""
    monkeypatch.setattr(loading, "load_policy", lambda layers, options: builtin)
    seen = 0
    for rule in builtin.model.rules:
        data = json.loads(run("explain", str(case), rule.id, "--at", EXAMPLE_AT, "--json").out)
        assert data["rules"] or rule.for_each, rule.id
        for view in data["rules"]:
            if view["standing"] == "holds":
                continue
            seen += 1
            assert view["atoms"], rule.id
            assert view["in_the_way"], rule.id
            for atom in view["in_the_way"]:
                assert atom["wanted"] is not atom["truth"]
                assert atom["wanted"] is not None
                assert atom["test"] in [each["test"] for each in view["atoms"]]
    assert seen > 50


# --- acts that do not count -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Recorded, but it completes no step:"),
        ("zh-TW", "以下紀錄不算完成這一步："),
        ("zh-CN", "以下记录不算完成这一步："),
    ],
)
def test_acts_that_complete_no_step_are_named_with_the_reason(run: Run, language: str, said: str) -> None:
    case = """
    facts: {case.kind: complaint, case.opened_at: 2026-03-02T09:00:00+08:00}
    parties: [{id: wu, role: customer, temperature: upset, upset_since: 2026-03-02T09:30:00+08:00}]
    acts: [{action: call_back, by: case_owner, at: 2026-03-02T09:10:00+08:00, outcome: no_answer}]
    """
    out = run("explain", "-", "call_back", "--at", AT, "--lang", language, stdin=case).out
    assert said in out
    assert [line for line in out.splitlines() if "09:10" in line]


# --- when a step is due, and what limits an action --------------------------------------------------------------------

CLOCKS = """\
format: 1
name: small
languages: [en]
vocabulary:
  phases: [go: Go]
  roles: [clerk: the clerk, boss: the boss]
  principles: [fair: Fair]
  facts:
    bag.lost_at: {type: instant, label: lost, ask: system}
    bag.asked: {type: flag, label: asked for it, ask: system}
  actions:
    pay: {label: pay for the bag, phase: go, owner: clerk, about: case, params: {amount: {type: amount, label: amount}}}
    phone: {label: phone, phase: go, owner: clerk, about: case}
    give: {label: give a voucher, about: case, params: {amount: {type: amount, label: amount}}}
ruleset: bags
label: Bags
principle: fair
rules:
  - id: not-yet
    source: handbook
    when: {bag.lost_at: {newer_than: 7 days}}
    then: [{forbid: pay}]
    because: It may still be found.
  - id: pay-for-it
    source: handbook
    when: {bag.lost_at: {older_than: 7 days}}
    then: [{recommend: pay, within: 14 days of bag.lost_at}]
    because: It is lost.
  - id: phone-first
    source: handbook
    when: {bag.lost_at: given}
    then: [{recommend: phone, within: 2 hours of bag.lost_at}]
    because: They wait.
  - id: boss-phones
    source: handbook
    when: {bag.lost_at: {older_than: 7 days}}
    escalates: phone-first
    then: [{recommend: phone, owner: boss, within: 1 hour of bag.lost_at}]
    because: They still wait.
  - id: small-vouchers
    source: handbook
    when: {bag.asked: true}
    then: [{forbid: give, by: clerk, where: {amount: {above: {EUR: 50}}}}]
    because: The boss gives more.
  - id: no-late-vouchers
    source: handbook
    when: {bag.asked: false}
    then: [{forbid: give}]
    because: Nobody asked.
"""


@pytest.fixture
def clocks(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "clocks.yaml").write_text(CLOCKS, encoding="utf-8")
    (tmp_path / "bag.yaml").write_text(
        "id: B\ncurrency: EUR\nfacts: {bag.lost_at: 2026-03-01T10:00:00+00:00, bag.asked: true}\n",
        encoding="utf-8",
    )
    bag, policy = str(tmp_path / "bag.yaml"), str(tmp_path / "clocks.yaml")
    return lambda *asked: run("explain", bag, *asked, "--policy", policy, "--at", "2026-03-08T12:00:00+00:00")


def test_a_step_says_from_when_its_time_counts_and_what_stopped_it(clocks: Run) -> None:
    out = flat(clocks("pay").out)
    assert (
        "Due: by 10:00 on Sun 22 Mar within 14 days from Sun 1 Mar 2026, 10:00; until Sun 22 Mar 2026, 10:00; "
        "the clock was stopped for some of this time (rule pay-for-it)"
    ) in out


def test_a_time_that_was_over_and_one_that_is_taken_over_are_said_to_be(clocks: Run) -> None:
    out = flat(clocks("phone").out)
    assert (
        "within 1 hour from Sun 8 Mar 2026, 10:00; until Sun 8 Mar 2026, 11:00; counted from when the reason was known, "
        "because the time had already run out (rule boss-phones)"
    ) in out
    assert (
        "within 2 hours from Sun 1 Mar 2026, 10:00; taken over by a rule that escalates this one (rule phone-first)"
        in out
    )


def test_the_rules_that_limit_an_action_are_named_with_their_tests(clocks: Run) -> None:
    out = clocks("give").out
    assert "Other rules that forbid it or make it wait:\n" in out
    assert (
        "Rule small-vouchers applies.\n    Forbids:  Give a voucher (by the clerk) where “amount” is more than €50"
        in out
    )
    assert "Rule no-late-vouchers does not apply.\n    Forbids:  Give a voucher\n" in out
    assert "    Required: “asked for it” does not apply (now: yes)\n" in out
    data = json.loads(clocks("give", "--json").out)
    assert [each["rule"] for each in data["limits"]] == ["small-vouchers", "no-late-vouchers"]
    (step,) = json.loads(clocks("pay", "--json").out)["parts"]
    assert step["times"][0] | {"due": None} == {
        "rule": "pay-for-it", "within": "14 days", "since": "2026-03-01T10:00:00Z", "due": None, "anew": False,
        "stood_still": True, "paused": False, "taken_over": False,
    }  # fmt: skip


LIMITED = """\
format: 1
name: small
languages: [en]
vocabulary:
  phases: [go: Go]
  roles: [clerk: the clerk, boss: the boss]
  principles: [fair: Fair]
  facts:
    bag.worth: {type: amount, label: worth, ask: system}
    bag.lost: {type: flag, label: lost, ask: system}
  actions:
    pay: {label: pay for the bag, phase: go, owner: clerk, about: case, params: {amount: {type: amount, label: amount}}}
    agree: {label: agree, phase: go, owner: boss, by: [boss], about: case, params: {amount: {type: amount, label: amount}}}
    refuse: {label: refuse, about: case}
ruleset: bags
label: Bags
principle: fair
rules:
  - id: pay-for-it
    source: handbook
    when: {bag.lost: true}
    then: [{recommend: pay, amount: bag.worth}]
    because: It is lost.
  - id: above-100
    source: handbook
    then: [{hold: pay, where: {amount: {above: {EUR: 100}}}, until: {done: {action: agree, covers: amount}}}]
    because: The boss agrees.
"""


@pytest.fixture
def limited(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "limited.yaml").write_text(LIMITED, encoding="utf-8")

    def of(worth: int | None, *asked: str) -> Any:
        facts = "bag.lost: true" + ("" if worth is None else f", bag.worth: {worth}")
        case = f"id: B\ncurrency: EUR\nfacts: {{{facts}}}\n"
        return run("explain", "-", *asked, "--policy", str(tmp_path / "limited.yaml"), "--at", AT, stdin=case)

    return of


HOLDS = "Holds: Pay for the bag where “amount” is more than €100, until “agree” has been done, covering the amount"


@pytest.mark.parametrize("asked", ["above-100", "pay"])
def test_a_rule_whose_limit_a_step_keeps_says_so(limited: Run, asked: str) -> None:
    page = flat(limited(50, asked).out)
    assert "Rule above-100 applies, but its limit does not cover this step." in page
    assert f"{HOLDS} Limit: does not cover this step (amount: €50)" in page


def test_a_rule_whose_limit_covers_the_step_or_may_do_so_says_so(limited: Run) -> None:
    page = flat(limited(119, "above-100").out)
    assert "Rule above-100 applies." in page
    assert f"{HOLDS} Limit: covers this step (amount: €119)" in page
    page = flat(limited(None, "above-100").out)
    assert f"{HOLDS} Limit: not decided yet whether it covers this step (amount: not known yet)" in page


def test_the_limit_of_a_rule_is_in_the_data(limited: Run) -> None:
    (view,) = json.loads(limited(50, "above-100", "--json").out)["rules"]
    amount = {"amount": "50", "currency": "EUR"}
    assert view["limits"] == [
        {"action": "pay", "about": None, "covers": False, "params": {"amount": amount}, "unknown": []}
    ]


def test_a_step_that_only_ends_a_hold_is_not_said_never_to_be_recommended(limited: Run) -> None:
    page = flat(limited(50, "agree").out)
    assert "No rule ever recommends it" not in page
    assert "it comes into the plan when something has to wait for it: above-100." in page
    assert "No rule ever recommends it." in flat(limited(50, "refuse").out)


# --- how far the end of a hold has come -------------------------------------------------------------------------------


def ending(run: Run, tmp_path: Path, *acts: str, rules: str = LIMITED, asked: str = "pay") -> str:
    """The explanation of a payment of 119 after these acts (doer, hour, amount)."""
    (tmp_path / "limited.yaml").write_text(rules, encoding="utf-8")
    listed = [f"{{action: agree, at: {at}, by: {by}, params: {{amount: {amount}}}}}"
              for by, at, amount in (each.split() for each in acts)]  # fmt: skip
    case = f"id: B\ncurrency: EUR\nfacts: {{bag.lost: true, bag.worth: 119}}\nacts: [{', '.join(listed)}]\n"
    return run("explain", "-", asked, "--policy", str(tmp_path / "limited.yaml"), "--at", AT, stdin=case).out  # type: ignore[no-any-return]


def test_an_approval_that_does_not_count_is_shown_with_its_amount(run: Run, tmp_path: Path) -> None:
    page = flat(ending(run, tmp_path, "boss 2026-03-01T09:00:00Z 50", "clerk 2026-03-01T10:00:00Z 119"))
    assert "“Pay for the bag” has to wait." in page
    assert (
        "So far: The wait is not over Agree (the boss; Sun 1 Mar 2026, 17:00; amount: €50): does not count for this"
        in page
    )
    assert "Agree (the clerk; Sun 1 Mar 2026, 18:00; amount: €119): does not count for this" in page


def test_the_approval_that_ended_a_hold_is_shown(run: Run, tmp_path: Path) -> None:
    page = flat(ending(run, tmp_path, "boss 2026-03-01T09:00:00Z 50", "boss 2026-03-01T10:00:00Z 200"))
    assert "“Pay for the bag” is to be done now." in page
    assert (
        "So far: The wait is over Agree (the boss; Sun 1 Mar 2026, 17:00; amount: €50): does not count for this"
        in page
    )
    assert "Agree (the boss; Sun 1 Mar 2026, 18:00; amount: €200): counts for this" in page


def test_each_part_of_the_end_is_shown_and_when_time_alone_changes_it(run: Run, tmp_path: Path) -> None:
    until = "until: {done: {action: agree, older_than: 30 days}, bag.lost: false}"
    rules = LIMITED.replace("until: {done: {action: agree, covers: amount}}", until)
    page = flat(ending(run, tmp_path, "boss 2026-03-01T09:00:00Z 119", rules=rules))
    assert (
        "The wait is not over “agree” has been done at least 30 days ago: not yet “lost” does not apply: not yet"
        in page
    )
    assert "Agree (the boss; Sun 1 Mar 2026, 17:00; amount: €119): does not count for this" in page
    assert "Time alone may change this at Tue 31 Mar 2026, 17:00" in page


def test_a_hold_that_does_not_cover_the_step_says_nothing_of_its_end(limited: Run) -> None:
    assert "So far" not in limited(50, "pay").out


@pytest.mark.parametrize(("who", "why"), [
    ("amy", "(somebody else has to do it)"),
    ("boss", "(only the role of a person involved is known, so it may have been somebody who may not do it: record who it was)"),
])  # fmt: skip
def test_who_is_barred_is_told_apart_from_a_role(run: Run, tmp_path: Path, who: str, why: str) -> None:
    text = LIMITED.replace("agree: {label: agree,", "agree: {not_by: bag.finder, label: agree,")
    party = "{type: party, label: finder, ask: system}"
    people = "{each: party, absent: none, label: people, fields: {role: {type: party, label: role}}}"
    more = f"    bag.finder: {party}\n  records:\n    parties: {people}\n  actions:\n"
    text = text.replace("  actions:\n", more)
    (tmp_path / "limited.yaml").write_text(text, encoding="utf-8")
    case = (f"currency: EUR\nfacts: {{bag.finder: amy}}\nparties: [{{id: amy, role: boss}}]\n"
            f"acts: [{{action: agree, by: {who}, at: 2026-03-01T09:00:00Z}}]\n")  # fmt: skip
    page = flat(
        run("explain", "-", "agree", "--policy", str(tmp_path / "limited.yaml"), "--at", AT, stdin=case).out
    )
    assert why in page


# --- tests on open steps ----------------------------------------------------------------------------------------------


LATE = """\
format: 1
languages: [en]
ruleset: desk
label: Desk
vocabulary:
  phases: [now: Now]
  roles: [agent: Agent]
  records:
    cars:
      each: car
      absent: none
      label: cars
      fields: {asked_at: {type: instant, label: asked, ask: system}}
  actions:
    arrive: {phase: now, label: arrive, owner: agent, about: cars}
    tell: {phase: now, label: tell the lead, owner: agent, about: cars}
rules:
  - id: come
    for_each: cars
    when: {asked_at: given}
    then: [{recommend: arrive, within: 2 hours of car.asked_at}]
  - id: soon
    for_each: cars
    when: {step_due: {action: arrive, within: 30 minutes}}
    then: [{recommend: tell, within: 10 minutes of step_due}]
"""
CARS = "cars: [{id: a, asked_at: '2026-03-02T08:15:00+08:00'}, {id: b, asked_at: '2026-03-02T09:00:00+08:00'}, {id: c}]"


def test_a_test_on_open_steps_says_when_they_are_due_and_from_when_it_holds(run: Run, tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(LATE, encoding="utf-8")
    explained = Policy.load(tmp_path).explain(yaml.safe_load(CARS), "soon", at=datetime.fromisoformat(AT))
    seen = [atom["seen"] for each in explained.to_dict()["rules"] for atom in each["atoms"]]
    assert [[each["value"] for each in found] for found in seen] == [
        [{"due": "2026-03-02T02:15:00Z", "holds_from": "2026-03-02T01:45:00Z"}],
        [{"due": "2026-03-02T03:00:00Z", "holds_from": "2026-03-02T02:30:00Z"}],
        [None],
    ]
    said = run("explain", "-", "soon", "--policy", str(tmp_path), "--at", AT, stdin=CARS).out
    shown = flat(said)
    assert "Rule soon applies. About: car a" in shown
    assert "or overdue (arrive (car a): due Mon 2 Mar 2026, 10:15) Why:" in shown
    assert "(arrive (car b): due Mon 2 Mar 2026, 11:00; this holds from Mon 2 Mar 2026, 10:30)" in shown
    assert "(arrive: not open with a due time)" in shown
