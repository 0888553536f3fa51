"""`decide` as a person and as a program see it: sections, languages, widths, JSON, ways to pass a case."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import LANGUAGES

Run = Callable[..., Any]

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples" / "cases").glob("*.yaml"))
EXAMPLE_AT = "2026-03-03T10:30:00+08:00"


def cells(line: str) -> int:
    """The width of a line on a terminal, reckoned without the help of the library that made it."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in line)
    return len(line) + wide - sum(unicodedata.combining(each) > 0 for each in line)


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next line at the margin that follows an empty one."""
    found = re.search(rf"^{re.escape(heading)}[^\n]*\n(.*?)(?=^\n?\S|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading!r}"
    return found[1]


# --- for a person -----------------------------------------------------------------------------------------------------


def test_the_first_line_names_the_case_the_instant_and_the_phase(decide: Run) -> None:
    assert decide().out.splitlines()[0] == "Case V-1, Mon 2 Mar 2026, 10:00 (UTC+8). Phase: people first."


def test_the_sections_come_in_the_order_in_which_a_person_needs_them(decide: Run) -> None:
    out = decide().out
    headings = [
        "Do this first",
        "Must not be done",
        "After that",
        "Not yet",
        "Find out (2)",
        "What has gone wrong",
        "Findings",
        "Use --all",
        "Look again",
    ]
    places = [out.index(f"\n{each}") for each in headings]
    assert places == sorted(places)


def test_a_failure_is_told_after_what_is_to_be_done(decide: Run) -> None:
    assert section(decide().out, "What has gone wrong") == "  - The matter has got out of hand\n"
    assert "\nFailed: the matter has got out of hand\n" in decide("--brief").out


def test_a_forbidden_wish_says_why_and_whom_it_binds_and_in_full_what_speaks_for_it(decide: Run) -> None:
    text = section(decide().out, "Must not be done")
    assert "  - Give a flower\n    Not by: shop owner or clerk\n" in text
    assert "Why:    A flower without a vase is a mockery." in text
    assert "Though: A flower is kind." in section(decide("--all").out, "Must not be done")


def test_a_step_has_its_record_owner_time_parameters_wording_and_reasons(decide: Run) -> None:
    out = decide("--all").out
    assert " 1. Listen to the customer\n    Who:    clerk, 1 hour late (due 09:00 today)\n" in out
    paid = out[out.index("Pay back\n") :]
    assert "With:   amount: NT$1,500.50\n            number of vases: 2\n" in paid
    assert "            for which: 藍色大花瓶 (vases: blue); vase red\n" in paid
    assert "Say:    “We pay NT$1,500.50 back for 2.”" in paid
    assert "Why:    Nobody pays for shards.\n              Be fair (rule pay-for-it)\n" in paid


def test_wording_is_quoted_in_the_quotes_of_the_language(decide: Run) -> None:
    assert "「請說，我到 2026年3月2日（週一）09:00 都有空，『慢慢來』。」" in decide(
        "--lang", "zh-TW"
    ).out.replace("\n           ", "")
    assert "“请说，我到2026年3月2日（周一）09:00都有空，‘慢慢来’。”" in decide("--lang", "zh-CN").out.replace(
        "\n           ", ""
    )


def test_a_step_whose_clock_has_not_started_says_from_what_it_counts(
    run: Run, shop: str, tmp_path: Path
) -> None:
    case = tmp_path / "calm.yaml"
    case.write_text("facts: {customer.angry: false}\n")
    out = run("decide", str(case), "--policy", shop, "--at", "2026-03-02T02:00:00Z").out
    assert out.startswith("Case without a number, Mon 2 Mar 2026, 10:00 (UTC+8). Phase: people first.\n")
    flat = " ".join(out.split())
    assert "within 1 hour of “when the case was opened”; the start is not known yet" in flat
    assert "within 2 working days of “when the cause was found”; the start is not known yet" in flat
    assert "“Please tell me; I have time until (not known yet).”" in flat


def test_what_waits_says_until_when_and_what_is_needed(decide: Run) -> None:
    text = section(decide().out, "Not yet")
    assert "  - Replace the vase (藍色大花瓶; vase red)\n    First:  report to the shop owner\n" in text
    assert (
        "            find out: Was the vase cracked before? (look it up)\n    Why:    First find out what"
        in text
    )
    assert (
        "  - Thank the customer\n    First:  find out: Is the customer angry? (you or a colleague may know)\n"
        in text
    )
    assert "Thanks sound hollow" not in text, "it is not known whether they do"
    full = section(decide("--all").out, "Not yet")
    assert "Until:  It is known whether" in full
    assert "“report to the shop owner” has been done by clerk." in full
    assert "Why:    This may apply: Thanks sound hollow" in full


def test_a_step_that_opens_the_way_says_to_what(decide: Run) -> None:
    assert "Why:    Needed before: replace the vase.\n" in decide().out


def test_a_step_that_comes_instead_says_why_and_not_what_it_opens(run: Run) -> None:
    case = (
        "facts: {case.kind: complaint, case.opened_at: 2026-03-02T09:00:00+08:00, customer.contact_way: in_writing}\n"
        "signals: [{id: s1, kind: media, at: 2026-03-02T09:50:00+08:00}]\n"
    )
    out = run("decide", "-", "--at", "2026-03-02T10:00:00+08:00", stdin=case).out
    first = section(out, "Do this first")
    assert first.startswith(" 1. Write to the customer in your own words\n")
    assert "Why:    This person cannot be called" in first
    assert "Needed before: call the customer back" not in out


def test_questions_say_who_can_answer(decide: Run) -> None:
    text = section(decide().out, "Find out (2)")
    assert " 1. Is the customer angry? (you or a colleague may know)\n" in text
    assert " 2. Was the vase cracked before? (look it up)\n" in text


def test_questions_past_seven_are_a_count(run: Run, shop: str, tmp_path: Path) -> None:
    extra = tmp_path / "extra.yaml"
    facts = "".join(
        f"    many.q{n}:\n      type: flag\n      label:\n        en: q{n}\n        zh-TW: q{n}\n        zh-CN: q{n}\n"
        for n in range(9)
    )
    rules = "".join(
        f"  - id: extra-{n}\n    when:\n      many.q{n}: true\n    then:\n      - recommend: report\n"
        f"    because:\n      en: r\n      zh-TW: r\n      zh-CN: r\n"
        for n in range(9)
    )
    extra.write_text(
        f"format: 1\nvocabulary:\n  facts:\n{facts}ruleset: extra\nlabel:\n  en: e\n  zh-TW: e\n  zh-CN: e\n"
        f"principle: fair\nrules:\n{rules}",
        encoding="utf-8",
    )
    arguments = ("decide", "-", "--policy", shop, str(extra), "--at", EXAMPLE_AT)
    text = section(run(*arguments, stdin="{}").out, "Find out (the first 7 of 11)")
    assert len(re.findall(r"^ \d\. ", text, re.MULTILINE)) == 7
    assert "還要問清楚（共 11 項，先問這 7 項）" in run(*arguments, "--lang", "zh-TW", stdin="{}").out


def test_what_is_done_is_short(run: Run, vases: str, shop: str) -> None:
    path = Path(vases)
    acts = "acts:\n  - {action: listen, by: clerk, at: 2026-03-02T09:30:00+08:00}\n"
    path.write_text(path.read_text(encoding="utf-8") + acts, encoding="utf-8")
    out = run("decide", vases, "--policy", shop, "--at", EXAMPLE_AT).out
    assert section(out, "Done") == "  - Listen to the customer: clerk, 09:30 yesterday\n"


def test_findings_name_the_point_and_what_was_found(decide: Run) -> None:
    assert "  - 藍色大花瓶: not decided yet\n" in section(decide().out, "Findings")
    assert "  - 藍色大花瓶 (vases: blue), verdict: not decided yet\n" in section(
        decide("--all").out, "Findings"
    )


def test_standing_prohibitions_are_told_only_if_all_are_wanted(decide: Run) -> None:
    short, full = decide().out, decide("--all").out
    assert "prohibitions" not in short, "a number without content tells nobody anything"
    assert "Nobody deserves it." not in short
    assert "Nobody deserves it." in section(full, "Must not be done in general")
    assert "Until:  It is known whether" in section(full, "Has to wait")


def test_what_must_not_be_done_because_of_this_case_is_named(run: Run, shop: str) -> None:
    arguments = ("decide", "-", "--policy", shop, "--at", EXAMPLE_AT)
    out = run(
        *arguments,
        stdin="facts: {customer.angry: true}\nacts: [{action: thank, by: clerk, at: 2026-01-01T00:00:00Z}]",
    ).out
    assert "Do not: thank the customer.\n" in out
    assert "In this case" not in run(*arguments, stdin="facts: {}").out


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("[clerk]", "Not to be done by clerk: replace the vase."),
        ("[clerk, porter]", "For now, only shop owner may do this: replace the vase."),
    ],
)
def test_what_only_some_must_not_do_is_said_of_them(
    run: Run, shop: str, tmp_path: Path, by: str, said: str
) -> None:
    layer = tmp_path / "ours.yaml"
    layer.write_text(
        "format: 1\nvocabulary: {roles: [porter]}\nruleset: ours\nrules:\n  - id: ours\n    when: {customer.angry: true}\n"
        f"    then: [{{forbid: replace, by: {by}}}]\n"
    )
    arguments = ("decide", "-", "--policy", shop, "--policy", str(layer), "--at", EXAMPLE_AT)
    out = run(*arguments, stdin="facts: {customer.angry: true}").out
    assert f"\n{said}\n" in out
    assert "Do not: replace" not in out


@pytest.mark.parametrize(
    ("bills", "said"),
    [("[]", "gift."), ("[{id: a}]", "dun; gift."), ("[{id: a, wrong: true}]", "dun; gift.")],
)
def test_what_nobody_may_do_is_said_once_and_only_of_what_the_case_has(
    run: Run, tmp_path: Path, bills: str, said: str
) -> None:
    policy = tmp_path / "ours.yaml"
    policy.write_text("""format: 1
name: ours
vocabulary:
  phases: [talk]
  facts: {customer.angry: {type: flag}}
  records: {bills: {each: bill, absent: none, fields: {wrong: {type: flag, presume: false}}}}
  actions: {call: {phase: talk}, dun: {phase: talk, about: bills}, gift: {phase: talk}}
ruleset: ours
rules:
  - {id: angry, when: {customer.angry: true}, then: [{recommend: call}, {forbid: dun, about: case}, {forbid: gift}]}
  - {id: wrong, for_each: bills, when: {wrong: true}, then: [{forbid: dun}]}
""")
    case = f"facts: {{customer.angry: true}}\nbills: {bills}\n"
    out = run("decide", "-", "--policy", str(policy), "--at", EXAMPLE_AT, stdin=case).out
    assert f"\nDo not: {said}\n" in out


def test_nothing_to_do_is_said(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.yaml"
    empty.write_text("format: 1\nname: empty\n")
    out = run("decide", "-", "--policy", str(empty), "--at", EXAMPLE_AT, stdin="id: E-1").out
    assert "There is nothing to do now." in out
    assert "Look again as soon as anything changes." in out
    assert out.startswith("Case E-1, Tue 3 Mar 2026, 10:30 (UTC+8). No step is open.\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_the_language(decide: Run, language: str) -> None:
    out = decide("--lang", language, "--all").out
    assert not re.search(r"\[(en|zh-TW|zh-CN)\]", out)  # a translation that is missing falls back with a mark
    labels = {label.strip() for label in re.findall(r"^ {4}(\w+(?: \w+)?)[:：]", out, re.MULTILINE)}
    assert len(labels) >= 7
    assert all(label.isascii() is (language == "en") for label in labels)


def test_traditional_and_simplified_characters_do_not_mix(decide: Run) -> None:
    traditional, simplified = decide("--lang", "zh-TW").out, decide("--lang", "zh-CN").out
    assert not set("个现还对说请负责项") & set(traditional)
    assert not set("個現還請負責項") & set(simplified.replace("藍色大花瓶", ""))


# --- width, colour, control characters --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_wider_than_eighty_cells(decide: Run, language: str) -> None:
    lines = decide("--lang", language, "--all").out.splitlines()
    assert max(map(cells, lines)) <= 80
    assert not [line for line in lines if line != line.rstrip()]


def test_piped_output_is_plain_whatever_the_environment_says(
    decide: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "300")
    out = decide("--all").out
    assert "\x1b" not in out
    assert max(map(cells, out.splitlines())) <= 80


def terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_terminal_gets_styles_and_its_own_width(decide: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal(monkeypatch, 50)
    out = decide("--lang", "zh-CN").out
    assert "\x1b[1;31m" in out
    assert max(cells(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in out.splitlines()) <= 50


def test_no_color_is_respected(decide: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal(monkeypatch, 80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", decide().out)


def test_a_case_cannot_send_escape_codes_to_the_terminal(run: Run, shop: str) -> None:
    case = json.dumps({"id": "X\u001b[31m\u202e-1", "facts": {"customer.angry": False}})
    result = run("decide", "-", "--policy", shop, "--at", EXAMPLE_AT, stdin=case)
    assert result.code in {0, 2}
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", result.out + result.err)


# --- for a program ----------------------------------------------------------------------------------------------------

KEYS = [
    *("format", "case", "at", "policy", "currency", "phase", "plan", "done"),
    *("forbidden", "held", "missing", "findings", "conclusions", "review_at"),
]


def test_json_is_one_object_of_the_contract(decide: Run) -> None:
    data = json.loads(decide("--json").out)
    assert list(data) == KEYS
    assert data["at"] == "2026-03-02T02:00:00Z"
    assert list(data["policy"]) == ["name", "digest", "engine"]
    assert data["policy"]["engine"] in {"durable", "plain"}
    refund = next(step for step in data["plan"] if step["action"] == "refund")
    assert refund["params"]["amount"] == {"amount": "1500.5", "currency": "TWD"}
    assert [each["rule"] for each in refund["because"]] == ["pay-for-it"]


def test_json_speaks_the_language_and_keeps_its_characters(decide: Run) -> None:
    out = decide("--json", "--lang", "zh-TW").out
    assert "有人聽，氣就消一半。" in out
    assert json.loads(out)["missing"][0]["question"] == "客戶在生氣嗎？"


def test_json_is_the_same_every_time(decide: Run) -> None:
    assert decide("--json").out == decide("--json").out


# --- arguments --------------------------------------------------------------------------------------------------------


def test_a_case_may_be_json_or_come_from_stdin(
    run: Run, decide: Run, vases: str, shop: str, tmp_path: Path
) -> None:
    expected = decide().out
    text = Path(vases).read_text(encoding="utf-8")
    at = ("--policy", shop, "--at", "2026-03-02T10:00:00+08:00")
    vase = {"id": "blue", "what": "藍色大花瓶", "price": 1200.50, "broken": True}
    plain = {
        "id": "V-1",
        "currency": "TWD",
        "facts": {"case": {"opened_at": "2026-03-02T08:00:00+08:00"}, "customer.wish": "我要找律師"},
        "vases": [vase, {"id": "red", "price": 300, "broken": True}],
    }
    path = tmp_path / "case.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    assert run("decide", "-", *at, stdin=text).out == expected
    assert run("decide", "-", *at, stdin=b"\xef\xbb\xbf" + text.encode()).out == expected
    assert run("decide", str(path), *at).out == expected
    assert run("decide", "-", *at, stdin=json.dumps(plain, indent="\t")).out == expected


def test_without_at_it_is_now(run: Run, vases: str, shop: str) -> None:
    data = json.loads(run("decide", vases, "--policy", shop, "--json").out)
    assert abs(datetime.fromisoformat(data["at"]) - datetime.now(UTC)) < timedelta(minutes=5)
    assert "(UTC+8)" in run("decide", vases, "--policy", shop).out.splitlines()[0]


def test_times_are_those_of_the_calendar(run: Run, vases: str, shop: str) -> None:
    out = run("decide", vases, "--policy", shop, "--at", "2026-03-01T20:30:00-05:30").out
    assert "Mon 2 Mar 2026, 10:00 (UTC+8)" in out
    assert "(due 09:00 today)" in out


@pytest.mark.parametrize("command", ["decide", "explain", "check", "show", "rules"])
def test_a_zone_that_there_is_not(run: Run, vases: str, shop: str, command: str) -> None:
    words = {"decide": [vases], "explain": [vases], "check": [vases, "thank"], "show": ["thank"], "rules": []}
    result = run(command, *words[command], "--policy", shop, "--zone", "Asia/Taipeh")
    assert (result.code, result.out) == (2, "")
    assert "--zone: error: unknown time zone 'Asia/Taipeh'; did you mean 'Asia/Taipei'?" in result.err


def test_without_a_calendar_the_times_are_those_of_at(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "all.yaml").write_text(
        "format: 1\nvocabulary:\n  phases: [act]\n  roles: [clerk]\n  principles: [fair]\n"
        "  facts: {case.seen_at: {type: instant}}\n  actions: {thank: {phase: act, owner: clerk}}\n"
        "ruleset: thanks\nprinciple: fair\n"
        "rules: [{id: thanks, then: [{recommend: thank, within: 1 hour of case.seen_at}]}]\n"
    )
    case = tmp_path / "case.yaml"
    case.write_text("facts: {case.seen_at: 2026-03-02T10:00:00Z}\n")
    known = ("decide", str(case), "--policy", str(tmp_path / "policy"), "--at", "2026-03-02T20:30:00+08:00")
    assert "Mon 2 Mar 2026, 20:30 (UTC+8)" in run(*known).out
    assert "Mon 2 Mar 2026, 13:30 (UTC+1)" in run(*known, "--zone", "Europe/Berlin").out


def test_summer_and_winter_have_their_own_offsets_in_one_text(run: Run, shop: str, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("facts: {case.opened_at: 2026-03-28T18:00:00Z, customer.angry: true}\n")
    asked = ("decide", str(case), "--policy", shop, "--zone", "Europe/Berlin")
    out = run(*asked, "--at", "2026-03-29T01:30:00Z").out
    assert "Sun 29 Mar 2026, 03:30 (UTC+2)" in out
    assert "(due 20:00 yesterday)" in out
    assert "6 hours late (" in out


def test_ten_minutes_late_never_reads_nine(run: Run, shop: str, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("facts: {case.opened_at: 2026-03-02T08:00:30+08:00, customer.angry: true}\n")
    asked = ("decide", str(case), "--policy", shop, "--at")
    assert "10 minutes late" in run(*asked, "2026-03-02T09:10:30+08:00").out
    out = run(*asked, "2026-03-02T09:10:00+08:00").out
    assert "9 minutes late (" in out
    assert "(due 09:00:30 today)" in out
    assert "clerk, now (by 09:00:30 today)\n" in run(*asked, "2026-03-02T09:00:29+08:00").out
    assert "(5 minutes left)" not in run(*asked, "2026-03-02T08:55:30+08:00").out, (
        "nobody reads that as a time to wait"
    )
    assert "(5 minutes left)" in run(*asked, "2026-03-02T08:55:29+08:00").out


def test_the_case_may_stand_behind_the_policies(run: Run, decide: Run, vases: str, shop: str) -> None:
    assert run("decide", "--at", "2026-03-02T10:00:00+08:00", "--policy", shop, vases).out == decide().out


def test_policies_are_layers_and_may_be_repeated(run: Run, vases: str, shop: str, tmp_path: Path) -> None:
    layer = tmp_path / "layer.yaml"
    layer.write_text(
        "format: 1\nname: our-shop\ndisable:\n"
        "  - rule: pay-for-it\n    because:\n      en: no\n      zh-TW: 不\n      zh-CN: 不\n",
        encoding="utf-8",
    )
    at = ("--at", "2026-03-02T10:00:00+08:00", "--json")
    together = run("decide", vases, "--policy", shop, "--policy", str(layer), *at)
    repeated = run("decide", vases, "--policy", shop, "--policy", str(layer), *at)
    assert together.out == repeated.out
    data = json.loads(together.out)
    assert data["policy"]["name"] == "our-shop"
    assert "refund" not in {step["action"] for step in data["plan"]}


def test_builtin_stands_for_the_builtin_policy(run: Run) -> None:
    table = str(ROOT / "examples" / "cases" / "table.yaml")
    assert (
        run("decide", table, "--policy", "builtin", "--at", EXAMPLE_AT).out
        == run("decide", table, "--at", EXAMPLE_AT).out
    )


# --- the examples -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_reads_well_at_eighty_columns(run: Run, path: Path, language: str) -> None:
    result = run("decide", str(path), "--at", EXAMPLE_AT, "--lang", language, "--all")
    assert (result.code, result.err) == (0, "")
    assert max(map(cells, result.out.splitlines())) <= 80
    assert not re.search(r"\[(en|zh-TW|zh-CN)\]|[{}]|None|Text\(", result.out)


def test_the_table_waives_the_charge(run: Run) -> None:
    table = str(ROOT / "examples" / "cases" / "table.yaml")
    assert "NT$800" in run("decide", table, "--at", EXAMPLE_AT).out
    assert "waive-charge-on-evident-damage" in run("decide", table, "--at", EXAMPLE_AT, "--all").out


def small(folder: Path, policy: str, case: str) -> tuple[str, ...]:
    """The arguments for a case and a policy of their own, in English."""
    (folder / "policy.yaml").write_text(
        f"format: 1\nname: small\nlanguages: [en]\n{policy}", encoding="utf-8"
    )
    (folder / "case.json").write_text(case, encoding="utf-8")
    return str(folder / "case.json"), "--policy", str(folder / "policy.yaml"), "--at", EXAMPLE_AT


def test_a_step_about_which_rules_disagree_is_shown_with_both_rules(run: Run, tmp_path: Path) -> None:
    """Nothing forbids it; without its line nobody would know that anything is to be done."""
    asked = small(
        tmp_path,
        """\
vocabulary:
  phases: [{pay: Pay}]
  roles: [{clerk: the clerk}]
  principles: [{fair: Fair}]
  facts:
    loss.amount: {type: amount, label: loss, question: How much?}
    loss.ours: {type: flag, label: ours, question: Is it ours?}
  actions:
    pay: {label: pay the loss, phase: pay, owner: clerk, params: {amount: {type: amount, label: amount}}, say: We pay.}
ruleset: losses
label: Losses
principle: fair
rules:
  - {id: whole, source: made up, when: {loss.ours: true}, then: [{recommend: pay, amount: loss.amount}], because: All of it.}
  - id: half
    source: made up
    when: {loss.amount: given}
    then: [{recommend: pay, amount: {share: 50%, of: loss.amount}}]
    because: Half of it.
""",
        '{"currency": "TWD", "facts": {"loss.amount": 1000, "loss.ours": true}}',
    )
    shown = section(run("decide", *asked).out, "Not yet")
    assert shown.splitlines()[:4] == [
        "  - Pay the loss",
        "    First:  decide which amount applies: the rules differ",
        "    Why:    Half of it.",
        "            All of it.",
    ]
    assert "Not yet: pay the loss" in run("decide", *asked, "--brief").out
    assert "rule half" in run("decide", *asked, "--all").out
    assert "Not yet: pay the loss." in run("check", asked[0], "pay", *asked[1:]).out
    assert "You may pay the loss." in run("check", asked[0], "pay", "--param", "amount=500", *asked[1:]).out


def test_a_record_without_a_text_is_named_by_its_list_and_id(run: Run, tmp_path: Path) -> None:
    """Named "Pay the refund (tom)" or "(ferry)", it would read as if Tom, or the ferry, were to be paid."""
    asked = small(
        tmp_path,
        """\
vocabulary:
  phases: [{pay: Pay}]
  roles: [{clerk: the clerk}, {boss: the boss}]
  principles: [{fair: Fair}]
  records:
    refunds:
      each: refund
      label: refunds
      absent: none
      fields:
        asked_by: {type: party, label: asked for by, question: By whom?}
        service: {type: choice, values: [ferry: the ferry, coach: the coach], label: service, question: Which?}
    parties: {each: party, label: people, absent: none, fields: {role: {type: party, label: role, question: Who?}}}
  actions:
    pay: {label: pay the refund, phase: pay, owner: clerk, about: refunds, say: We pay.}
ruleset: refunds
label: Refunds
principle: fair
rules:
  - {id: paid, source: made up, for_each: refunds, then: [{recommend: pay}], because: It is owed.}
""",
        '{"refunds": [{"id": "r1", "asked_by": "tom"}, {"id": "r2", "service": "ferry"}],'
        ' "parties": [{"id": "tom", "role": "boss"}]}',
    )
    out = run("decide", *asked).out
    assert "Pay the refund (refund r1)\n" in out
    assert "Pay the refund (refund r2, the ferry)\n" in out
