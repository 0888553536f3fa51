"""`show`: one rule in words, or an action, a fact, a list, a group with the rules about it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import LANGUAGES, Policy
from escalation_rules.cli.commands import show as command
from escalation_rules.cli.names import fact_names

Run = Callable[..., Any]

LAYER = """\
format: 1
vocabulary:
  facts:
    case.note:
      type: text
      label:
        en: note
        zh-TW: 備註
        zh-CN: 备注
      ask: system
      comes_from: ticket
      for_people: true
    customer.mood:
      type: level
      label:
        en: mood
        zh-TW: 心情
        zh-CN: 心情
      values:
        - calm:
            en: calm
            zh-TW: 平靜
            zh-CN: 平静
        - wild
      presume: calm
      stale_after: 2 days
  actions:
    sing:
      label:
        en: sing a song
        zh-TW: 唱歌
        zh-CN: 唱歌
      phase: people
      owner: boss
      by: [boss, clerk]
      about: vases
      anchor: vase.recorded_at
      outcomes:
        - done
        - booed:
            en: booed
            zh-TW: 被噓
            zh-CN: 被嘘
      params:
        song:
          type: text
          label:
            en: song
            zh-TW: 曲目
            zh-CN: 曲目
      reversible: no
      say:
        en: Here is {song}, before {due}.
        zh-TW: 為您獻唱{song}，{due}前。
        zh-CN: 为您献唱{song}，{due}前。
ruleset: more
label:
  en: More
  zh-TW: 更多
  zh-CN: 更多
principle: fair
applies_while:
  customer.angry: false
rules:
  - id: laughter-heals
    overrides: never-rude
    source: B the song
    when:
      cause.known: given
      customer.mood: calm
    unless:
      customer.angry: true
    then:
      - hold: joke
        until: {done: listen}
    because:
      en: They knew since {cause.found_at}.
      zh-TW: 自{cause.found_at}起已知。
      zh-CN: 自{cause.found_at}起已知。
  - id: the-boss-listens
    replaces: hear-them
    then:
      - recommend: listen
        owner: boss
disable:
  - rule: a-flower-helps
    because:
      en: We have run out of flowers.
      zh-TW: 花已經送完了。
      zh-CN: 花已经送完了。
"""


@pytest.fixture
def layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("more.yaml").write_text(LAYER, encoding="utf-8")
    return "more.yaml"


@pytest.fixture
def show(run: Run, shop: str, layer: str) -> Run:
    def run_show(*arguments: str) -> Any:
        return run("show", *arguments, "--policy", shop, "--policy", layer)

    return run_show


def cells(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


def line_of(text: str) -> int:
    return LAYER[: LAYER.index(text)].count("\n") + 1


# --- rules ------------------------------------------------------------------------------------------------------------


def test_a_rule_in_words(show: Run) -> None:
    result = show("laughter-heals")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "Rule laughter-heals\n"
        "    Ruleset:   More (more)\n"
        "    Principle: Be fair\n"
        "    Source:    B the song\n"
        "    While:     “customer is angry” does not apply\n"
        "    When:      it is known whether “the vase was cracked before” applies, and\n"
        "               “mood” is “calm”\n"
        "    Unless:    “customer is angry” applies\n"
        "    Not yet:   Make a joke, until “listen to the customer” has been done\n"
        "    Why:       They knew since “when the cause was found”.\n"
        "    Overrides: never-rude\n"
        f"    Where:     more.yaml:{line_of('laughter-heals')}\n"
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "zh-TW",
            ["規則 laughter-heals", "    前提：   「客戶很生氣」為「否」", "    優先於： never-rude",
             "    先不要： 開玩笑，直到已完成「聽客戶說」", "    理由：   自「查明原因的時間」起已知。"],
        ),
        (
            "zh-CN",
            ["规则 laughter-heals", "    前提：   “客户很生气”为“否”", "    优先于： never-rude",
             "    先不要： 开玩笑，直到已完成“听客户说”", "    理由：   自“查清原因的时间”起已知。"],
        ),
    ],
)  # fmt: skip
def test_the_languages(show: Run, language: str, lines: list[str]) -> None:
    out = show("laughter-heals", "--lang", language).out.splitlines()
    assert [each for each in lines if each not in out] == []


def test_a_rule_says_which_one_lifts_it_and_which_it_replaces(show: Run) -> None:
    assert "    Overridden by: laughter-heals\n" in show("never-rude").out
    assert " ".join(show("the-boss-listens").out.split()).startswith(
        "Rule the-boss-listens Ruleset: More (more) Principle: Be fair While: “customer is angry” does not apply "
        "When: it applies to every case Do: Listen to the customer, by shop owner Replaces: hear-them ("
    )


def test_a_rule_that_is_gone_says_so_and_what_it_was(show: Run) -> None:
    out = show("a-flower-helps").out
    assert out.startswith(
        "Rule a-flower-helps is disabled.\n"
        "    Why:       We have run out of flowers.\n"
        f"    Where:     more.yaml:{line_of('a-flower-helps')}\n\nOriginal rule:\n    Ruleset:   The vase (shop)\n"
    )
    assert "    Do:        Give a flower\n" in out
    assert show("hear-them").out.startswith("Rule hear-them is replaced by rule the-boss-listens")


def test_json_of_a_rule(show: Run) -> None:
    data = json.loads(show("laughter-heals", "--json").out)
    assert (data["kind"], data["id"], data["gone"], data["replaces"]) == (
        "rule",
        "laughter-heals",
        None,
        None,
    )
    assert data["when"] == {
        "test": {"all": [{"cause.known": {"given": True}}, {"customer.mood": {"equals": "calm"}}]},
        "text": "it is known whether “the vase was cracked before” applies, and “mood” is “calm”",
    }
    assert data["overrides"] == ["never-rude"]
    assert json.loads(show("never-rude", "--json").out)["overridden_by"] == ["laughter-heals"]
    gone = json.loads(show("a-flower-helps", "--json", "--lang", "zh-TW").out)
    assert gone["gone"] == {
        "by": None,
        "place": {"file": "more.yaml", "line": line_of("a-flower-helps"), "column": 11},
        "text": "花已經送完了。",
    }
    replaced = json.loads(show("hear-them", "--json").out)["gone"]
    assert (replaced["by"], replaced["text"]) == ("the-boss-listens", "")
    assert json.loads(show("the-boss-listens", "--json").out)["replaces"]["rule"] == "hear-them"


# --- actions, facts, lists, groups ------------------------------------------------------------------------------------


def test_an_action(show: Run) -> None:
    assert show("sing").out == (
        "Sing a song (sing)\n"
        "    Phase:          people first\n"
        "    Who:            shop owner\n"
        "    May do it:      shop owner or clerk\n"
        "    About:          entry under “vases”\n"
        "    Counted from:   “when it was recorded”\n"
        "    Outcomes:       “done”, and the step is done\n"
        "                    “booed”\n"
        "    With:           song: text\n"
        "    Undo:           cannot be undone\n"
        "    Say:            “Here is ‘song’, before ‘the due time’.”\n"
        "    Recommended by: no rule\n"
        f"    Where:          more.yaml:{line_of('sing:')}\n"
    )


def test_an_action_names_the_rules_that_speak_of_it(show: Run) -> None:
    out = show("joke").out
    assert "    Part of:      Is rude (rude)\n" in out
    assert "    Forbidden by: never-rude\n" in out
    assert "    Held by:      laughter-heals\n" in out
    data = json.loads(show("joke", "--json").out)
    assert {key: data[key] for key in ("kind", "recommended_by", "forbidden_by", "held_by", "groups")} == {
        "kind": "action",
        "recommended_by": [],
        "forbidden_by": ["never-rude"],
        "held_by": ["laughter-heals"],
        "groups": ["rude"],
    }


def test_an_action_names_the_rules_whose_hold_puts_it_into_the_plan(show: Run) -> None:
    out = show("report").out
    assert "    Needed by: know-the-cause-first\n" in out
    assert "Recommended by" not in out, "no rule does, and yet the step comes"
    assert "要求先做" in show("report", "--lang", "zh-TW").out
    assert json.loads(show("report", "--json").out)["needed_by"] == ["know-the-cause-first"]


def test_an_action_that_is_one_of_several_ways_out_of_a_hold_is_not_needed(
    run: Run, shop: str, tmp_path: Path
) -> None:
    either = LAYER.replace("until: {done: listen}", "until: {any: [{done: listen}, {not_done: thank}]}")
    assert either != LAYER
    path = tmp_path / "either.yaml"
    path.write_text(either, encoding="utf-8")
    for action in ("listen", "thank"):
        shown = run("show", action, "--json", "--policy", shop, "--policy", str(path)).out
        assert json.loads(shown)["needed_by"] == []


def test_outcomes_go_by_their_labels(show: Run) -> None:
    assert "    結果： 「done」（步驟完成）\n           「被噓」\n" in show("sing", "--lang", "zh-TW").out
    assert json.loads(show("sing", "--json").out)["outcomes"] == [
        {"name": "done", "label": "", "counts": True},
        {"name": "booed", "label": "booed", "counts": False},
    ]


def test_a_fact(show: Run) -> None:
    assert show("customer.mood").out == (
        "Mood (customer.mood)\n"
        "    Type:       level, lowest first\n"
        "    Values:     “calm” (calm)\n"
        "                “wild” (wild)\n"
        "    If unknown: “calm”\n"
        "    Goes stale: after 2 days\n"
        "    Asked of:   you or a colleague\n"
        "    Read by:    laughter-heals\n"
        f"    Where:      more.yaml:{line_of('customer.mood:')}\n"
    )


def test_a_fact_that_no_rule_reads(show: Run) -> None:
    out = show("case.note").out
    assert "    Note:       For people; no rule uses it.\n    Read by:    no rule\n" in out
    assert json.loads(show("case.note", "--json").out)["for_people"] is True


def test_the_gate_of_a_ruleset_is_read_by_its_rules(show: Run) -> None:
    data = json.loads(show("customer.angry", "--json").out)
    assert data["read_by"] == ["laughter-heals", "no-thanks-to-the-angry", "the-boss-listens"]


@pytest.mark.parametrize("word", ["vases.broken", "vase.broken"])
def test_a_field_by_either_name(show: Run, word: str) -> None:
    out = show(word).out
    assert out.startswith("Broken (vases.broken)\n")
    assert "know-the-cause-first" in out


def test_what_rules_conclude(show: Run) -> None:
    out = show("vases.verdict").out
    assert "    Found by: whose-doing\n" in out
    assert "Asked of" not in out


@pytest.mark.parametrize("word", ["vases", "vase"])
def test_a_list_with_its_fields(show: Run, word: str) -> None:
    out = show(word).out
    assert out.startswith(
        "Vases (vases)\n    Note:    If a case does not have the list, it has no entries.\n"
    )
    assert (
        "    Fields:  Which vase (vase.what): text\n             Price (vase.price): amount of money\n" in out
    )


def test_a_group_with_its_actions(show: Run) -> None:
    out = show("rude").out
    assert "    Actions:      Make a joke (joke)\n                  Scold the customer (scold)\n" in out
    assert "    Forbidden by: never-rude\n" in out


# --- whatever is asked ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "close"),
    [
        ("never-rood", "never-rude"), ("a-flowr-helps", "a-flower-helps"), ("gft", "gift"), ("vase.pryce", "vases.price"),
        ("customer.anggry", "customer.angry"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_refused_with_the_nearest(show: Run, word: str, close: str) -> None:
    result = show(word)
    assert (result.code, result.out) == (2, "")
    assert f"unknown rule, action or fact '{word}'; did you mean '{close}'?" in result.err


def test_a_name_that_is_near_to_none(show: Run) -> None:
    expected = "expected the id of a rule, or the name of an action or a fact"
    assert expected in show("xyzzy").err


def test_a_word_is_needed(run: Run, shop: str, layer: str) -> None:
    for arguments in ((), ("--policy", shop, "--policy", layer)):
        result = run("show", *arguments)
        assert (result.code, result.out) == (2, "")
        assert (
            "show: missing RULE|ACTION|FACT|ROLE|PHASE|PRINCIPLE|CALENDAR|AMOUNT|LIST; expected the id of a rule, or"
            in result.err
        )


def test_the_word_may_stand_anywhere(run: Run, shop: str, layer: str) -> None:
    outs = {
        run("show", *words).out
        for words in (
            ("gift", "--policy", shop, "--policy", layer),
            ("--policy", shop, "--policy", layer, "gift"),
            ("--policy", shop, "--policy", layer, "--lang", "en", "gift"),
        )
    }
    assert len(outs) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_the_built_in_policy_fits_on_80_columns(
    run: Run, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in words_of_the_built_in_policy(monkeypatch):
        result = run("show", word, "--lang", language)
        assert (result.code, result.err) == (0, ""), word
        assert "\x1b" not in result.out
        assert "[en]" not in result.out
        assert max(cells(line) for line in result.out.splitlines()) <= 80, word


def words_of_the_built_in_policy(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names in it, of facts one in four; it is loaded once for all that is shown of it."""
    builtin = Policy.load()
    monkeypatch.setattr(command, "load_policy", lambda layers, options: builtin)
    vocabulary = builtin.vocabulary
    rules = [each.id for each in builtin.model.rules]
    return [*rules, *vocabulary.actions, *vocabulary.groups, *fact_names(vocabulary)[::4]]


def test_all_of_the_built_in_policy_is_shown_as_json_by_its_own_name(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one language: which things are listed does not depend on it."""
    for word in words_of_the_built_in_policy(monkeypatch):
        data = json.loads(run("show", word, "--lang", "en", "--json").out)
        things = data.get("things", [data])  # a phase may have the name of an action
        assert {each.get("id", each.get("name")) for each in things} == {word}


# --- roles, phases, principles, calendars; labels ---------------------------------------------------------------------


def shown(run: Run, word: str, *more: str) -> str:
    result = run("show", word, *more)
    assert (result.code, result.err) == (0, "")
    return " ".join(result.out.split())


def test_a_role(run: Run) -> None:
    out = shown(run, "accounts")
    assert out.startswith("Accounts (accounts) ")
    assert "May also do:" in out
    assert "Must not do: For each entry under “people involved”, when “role” is “customer”" in out
    assert "feelings run high” applies, except when" in out
    assert ": anything under “contacts the customer”" in out
    assert "is more than CN¥10,000 or NT$50,000, and 4 more conditions: pay the loss in full" in out, (
        "a limit in money is said first"
    )
    assert "(rule one-voice-while-feelings-run-high)" in out
    assert "hang up" not in shown(run, "frontline"), "what nobody is ever asked to do is nobody's task"


def test_a_role_reads_what_is_forbidden_to_everybody_on_its_steps(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ban = "  - {id: not-yet, source: ours, when: {case.kind: question}, then: [{forbid: thank_customer}], because: No.}\n"
    text = "format: 1\nlanguages: [en]\nruleset: o\nlabel: o\nprinciple: settle\nrules:\n" + ban
    Path("ours.yaml").write_text(text, encoding="utf-8")
    layers = ("--policy", "builtin", "--policy", "ours.yaml", "--lang", "en")
    owner = shown(run, "case_owner", *layers)
    assert "thank the customer for telling us (rule not-yet)" in owner
    assert "What is forbidden to everybody applies as well: see “Everybody”." in owner
    assert "(rule not-yet)" not in shown(run, "accounts", *layers)
    for word in ("everybody", "Everybody"):
        assert "thank the customer for telling us (rule not-yet)" in shown(run, word, *layers)
    data = json.loads(run("show", "everybody", "--json", *layers).out)
    assert (data["kind"], "not-yet" in data["forbidden_by"]) == ("everybody", True)


def test_when_a_record_was_recorded_has_words_in_every_language(run: Run) -> None:
    for language, words in (
        ("en", "“when it was recorded” is known"),
        ("zh-TW", "「記錄時間」"),
        ("zh-CN", "“记录时间”"),
    ):
        out = shown(run, "new-evidence-reopens-the-findings", "--lang", language)
        assert words in out
        assert "recorded_at" not in out


def test_a_phase_has_its_steps_in_order(run: Run) -> None:
    out = shown(run, "calm")
    assert "Position: 2 of 13" in out
    assert out.index("say a kind word, and that we care") < out.index("tell public relations what happened")


def test_a_principle_and_a_phase_of_one_name_are_both_shown(run: Run) -> None:
    out = shown(run, "settle")
    assert "Settling (settle)" in out
    assert "Settle it at once, in the customer's favour (settle)" in out
    data = json.loads(run("show", "settle", "--json").out)
    assert [each["kind"] for each in data["things"]] == ["phase", "principle"]


def test_a_calendar(run: Run) -> None:
    assert "Mon–Fri: 09:00–18:00 Sat–Sun: closed Holidays: TW" in shown(run, "taipei")
    data = json.loads(run("show", "shanghai", "--json").out)
    assert (data["kind"], data["hours"]["mon"], data["hours"]["sun"]) == (
        "calendar",
        [["09:00", "18:00"]],
        [],
    )


@pytest.mark.parametrize(
    ("word", "first"),
    [("Waive the charge", "Waive the charge (waive_charge)"), ("安撫情緒", "Calming down (calm)"),
     ("免除这笔费用", "Waive the charge (waive_charge)"), ("legal counsel", "Legal counsel (legal)")],
)  # fmt: skip
def test_it_is_found_by_its_label(run: Run, word: str, first: str) -> None:
    policy = Policy.load()
    label = policy.vocabulary.actions["waive_charge"].label.in_language("zh-CN")
    assert shown(run, label if word == "免除这笔费用" else word).startswith(first)


def test_a_word_of_many_labels_is_too_little(run: Run) -> None:
    result = run("show", "the")
    assert (result.code, result.out) == (2, "")
    assert "'the' matches " in result.err


@pytest.mark.parametrize(("way", "said"), [
    ("sum", "amount: amount of money; the values of several rules are added up; done once it is reached"),
    ("max", "amount: amount of money; the highest value of several rules counts; done once it is reached"),
    ("min", "amount: amount of money; the lowest value of several rules counts"),
    ("same", "amount: amount of money"),
])  # fmt: skip
def test_how_the_amounts_of_several_rules_come_together(
    run: Run, tmp_path: Path, way: str, said: str
) -> None:
    (tmp_path / "p.yaml").write_text(
        "format: 1\nlanguages: [en]\nname: p\nvocabulary:\n  phases: [work]\n  actions:\n    pay:\n"
        f"      phase: work\n      params: {{amount: {{type: amount, combine: {way}}}}}\n",
        encoding="utf-8",
    )
    out = " ".join(run("show", "pay", "--policy", str(tmp_path)).out.split())
    assert f"With: {said} Recommended by:" in out


def test_a_role_reads_which_prohibitions_are_lifted_in_some_cases(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(
        """\
format: 1
languages: [en]
name: small
vocabulary:
  phases: [go: Go]
  roles: [clerk: the clerk]
  principles: [fair: Fair]
  facts: {bag.lost: {type: flag, label: lost, question: Is it lost?}}
  actions: {pay: {label: pay, phase: go, owner: clerk, by: [clerk]}}
ruleset: bags
label: Bags
principle: fair
rules:
  - {id: no-money, source: x, then: [{forbid: pay, by: clerk}], because: No.}
  - {id: but-for-bags, source: x, when: {bag.lost: true}, overrides: [no-money], because: It is lost.}
""",
        encoding="utf-8",
    )
    out = shown(run, "clerk", "--policy", str(tmp_path / "policy.yaml"))
    assert "(rule no-money; lifted in some cases: but-for-bags)" in out
