"""`compare` and `analyse` as a manager runs them: two folders, two revisions, a layer on and off; in words and in cases."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.compare import seeds

Run = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples" / "policies"

POLICY = """\
format: 1
languages: [en]
name: small
vocabulary:
  phases: [{first: first}]
  roles: [{agent: agent}, {lead: lead}]
  principles: [{fair: fair}]
  facts:
    case.opened_at: {type: instant, label: opened}
    order.late: {type: flag, label: the order is late, question: Is it late?}
    order.count: {type: count, label: number of orders, question: How many?}
  actions:
    call: {label: call back, phase: first, owner: agent}
    refund: {label: refund, phase: first, owner: agent}
ruleset: small
label: small
principle: fair
rules:
  - id: call-the-late
    source: ours
    when:
      order.late: true
      order.count: {at_least: 3}
    then:
      - recommend: call
        within: 2 hours of case.opened_at
    because: They are waiting.
"""
CALENDAR = """\
  calendar: office
  calendars: {office: {timezone: Europe/Berlin, hours: {mon-fri: ["09:00-17:00"]}}}
"""
LAYER = """\
format: 1
ruleset: more
label: more
principle: fair
rules:
  - id: no-refund-yet
    source: ours
    when: {order.late: true}
    then:
      - forbid: refund
    because: Not yet.
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two versions of a policy, and a layer."""
    new = POLICY.replace("at_least: 3", "at_least: 5")
    for name, text in (("old", POLICY), ("new", new), ("layer", LAYER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


PAGE = """\
Differences in cases
 1. No longer recommended: call back
    Because of: call-the-late
    Example:    “the order is late”: yes
                “number of orders”: {count}
                decided as of Wed 4 Mar 2026, 10:00
    Before:     by agent; within 2 hours; phase: first

Changes to the rules
  - call-the-late: changed
    When:       - “number of orders” is at least 3
                + “number of orders” is at least 5

No other action is recommended, forbidden or held differently. Proven for cases
with up to 3 records in each list and 3 acts, and with more where a rule counts
further (without histories, times at which facts were learned, stale facts and
replaced records). For each action above, one case is shown per kind of
difference and cause; it may differ in other cases and in other ways, too.
"""


def test_two_folders(run: Run, here: Path) -> None:
    result = run("compare", "old", "new")
    assert (result.code, result.err) == (1, "")
    head, _, page = result.out.partition("\n\n")
    assert head.startswith("Old: small (")
    last = " ".join(head.splitlines()[1:])
    assert re.fullmatch(r"Differences in cases: [1-9]\d*\. Rules: .*[1-9]\d* changed.*\.", last), last
    assert page in {PAGE.format(count=each) for each in (3, 4)}


def test_whose_step_it_is_is_told_from_whom_to_whom(run: Run, here: Path) -> None:
    text = POLICY.replace("refund, phase: first, owner: agent", "refund, phase: first, owner: lead")
    (here / "new" / "policy.yaml").write_text(text, encoding="utf-8")
    assert "action “refund”: owner (agent → lead) changed" in run("compare", "old", "new").out


def test_a_step_that_nobody_in_particular_takes_is_for_anybody(run: Run, here: Path) -> None:
    for name in ("old", "new"):
        file = here / name / "policy.yaml"
        file.write_text(
            file.read_text(encoding="utf-8").replace(
                "call back, phase: first, owner: agent", "call back, phase: first"
            )
        )
    assert "    Before:     by anybody; within 2 hours; phase: first\n" in run("compare", "old", "new").out


def test_what_was_not_asked_is_said(run: Run, here: Path) -> None:
    said = "Not examined: which cases no rule covers."
    assert said in run("analyse", "old").out
    (here / "old" / ".analysis.yaml").write_text("needs_a_step: {order.late: true}\n", encoding="utf-8")
    result = run("analyse", "old")
    assert said not in result.out
    assert "A case that needs a step but has none" in result.out


def test_the_same_twice(run: Run, here: Path) -> None:
    result = run("compare", "old", "old")
    assert result.code == 0
    assert "Both policies are the same, word for word." in result.out


def test_as_json(run: Run, here: Path) -> None:
    result = run("compare", "--json", "old", "new")
    data = json.loads(result.out)
    assert (result.code, data["equivalent"], data["proven"]) == (1, False, True)
    assert data["effects"][0]["witness"]["case"]["facts"]["order.late"] is True
    assert data["rules"][0]["said"][0]["part"] == "when"


def test_a_layer_switched_on(run: Run, here: Path) -> None:
    result = run("compare", "--policy", "old", "--policy", "layer", "--without", "layer")
    assert result.code == 1
    assert "Now forbidden: refund" in result.out
    assert "no-refund-yet: new" in result.out


def test_versions_of_a_layer_upon_another(run: Run, here: Path) -> None:
    (here / "newer").mkdir()
    (here / "newer" / "policy.yaml").write_text(
        LAYER.replace("order.late: true", "order.late: given"), encoding="utf-8"
    )
    result = run("compare", "--policy", "old", "layer", "newer")
    assert result.code == 1
    assert "Now forbidden: refund" in result.out
    assert "“the order is late”: no" in result.out


def test_two_revisions(run: Run, here: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words], cwd=here, check=True,
                       capture_output=True)  # fmt: skip

    git("init", "-q")
    git("add", "old")
    git("commit", "-qm", "one")
    text = (here / "old" / "policy.yaml").read_text(encoding="utf-8")
    (here / "old" / "policy.yaml").write_text(text.replace("at_least: 3", "at_least: 5"), encoding="utf-8")
    git("commit", "-qam", "two")
    result = run("compare", "HEAD~1:old", "HEAD:old")
    assert (result.code, result.err) == (1, "")
    assert "No longer recommended: call back" in result.out
    assert "No longer recommended" in run("compare", "HEAD~1:old", "old").out


def test_a_revision_with_a_mistake_names_it_as_it_was_asked_for(run: Run, here: Path) -> None:
    broken = POLICY.replace("order.late: true", "order.lat: true")
    (here / "old" / "policy.yaml").write_text(broken, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=here, check=True)
    subprocess.run(["git", "add", "old"], cwd=here, check=True)
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *author, "commit", "-qm", "one"], cwd=here, check=True)
    result = run("compare", "HEAD:old", "new")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("HEAD:old/policy.yaml:22:7: error: unknown fact or field 'order.lat'")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("old",), "missing NEW"),
        ((), "missing OLD"),
        (("nowhere:old", "new"), "nowhere:old cannot be read: "),
        (("--without", "layer", "--policy", "old"), "--without names a layer of --policy"),
        (("--without", "layer", "old", "new"), "--without names a layer of --policy"),
        (("--records", "0", "old", "new"), "--records cannot be 0; expected 1 to 8"),
        (("old", "no-such-folder"), "no-such-folder does not exist"),
    ],
)
def test_arguments_that_do_not_fit(run: Run, here: Path, arguments: tuple[str, ...], what: str) -> None:
    result = run("compare", *arguments)
    assert (result.code, result.out) == (2, "")
    assert what in result.err
    assert len(result.err.splitlines()) == 1


def test_only_in_words(run: Run, here: Path) -> None:
    result = run("compare", "--words", "old", "new")
    assert result.code == 1
    assert "Differences in cases" not in result.out
    assert "leave out --words" in result.out


def test_without_the_solver_the_words_are_there_and_one_line_says_how_to_get_it(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("escalation_rules.solving.solver_available", lambda: False)
    result = run("compare", "old", "new")
    assert result.code == 1
    assert "call-the-late: changed" in result.out
    assert "pip install 'escalation-rules[analysis]'" in " ".join(result.out.split())


@pytest.mark.parametrize("language", ["en", "zh-TW", "zh-CN"])
def test_every_language_says_the_same(run: Run, tmp_path: Path, language: str) -> None:
    layer = str(seeds.layer(tmp_path / "layer"))
    result = run("compare", "--policy", "builtin", "--policy", layer, "--without", layer, "--lang", language)
    assert (result.code, result.err) == (1, "")
    assert f" 1. {TITLES[language]}" in result.out
    assert "take-it-upstairs-on-a-risk-signal" in result.out


TITLES = {
    "en": "No longer recommended: bring in someone who can decide",
    "zh-TW": "不再要求做：請能做決定的主管處理",
    "zh-CN": "不再要求做：",
}


# --- analyse ----------------------------------------------------------------------------------------------------------

CONFLICT = """\
One rule recommends what another one forbids (the prohibition wins)
  - Refund
    Rules:   refund-the-late; no-refund-yet
    Example: “the order is late”: yes
             decided as of Wed 4 Mar 2026, 10:00
"""

REFUND = """\
  - id: refund-the-late
    source: ours
    when: {order.late: true}
    then:
      - {recommend: refund, within: 1 day of case.opened_at}
    because: It is theirs.
"""
ANSWER = """\
answered:
  - concern: conflict
    rules: [refund-the-late, no-refund-yet]
    because: The lead decides.
"""


def test_a_conflict_is_told_with_a_case(run: Run, here: Path) -> None:
    (here / "layer" / "policy.yaml").write_text(LAYER + REFUND, encoding="utf-8")
    result = run("analyse", "old", "layer")
    assert (result.code, result.err) == (1, "")
    assert CONFLICT in result.out
    (here / "layer" / ".analysis.yaml").write_text(ANSWER, encoding="utf-8")
    answered = run("analyse", "old", "layer")
    assert answered.code == 0
    assert "1 more is answered; --all shows it." in answered.out
    assert "Answer:  The lead decides." in run("analyse", "--all", "old", "layer").out
    data = json.loads(run("analyse", "--json", "old", "layer").out)
    assert (data["clean"], data["concerns"][0]["answer"]) == (True, "The lead decides.")


STALE = """\
Answers that no longer fit what was found
  - One rule recommends what another one forbids (the prohibition wins):
    refund-the-late; no-refund-yet
    Gone:    refund-the-late; no-refund-yet
    Instead: Steps without a deadline, or with one that never starts: Refund
    Where:   layer/.analysis.yaml:2
"""


def test_a_stale_answer_says_what_changed(run: Run, here: Path) -> None:
    rules = LAYER + REFUND.replace("order.late: true", "order.late: false").replace(" of case.opened_at", "")
    (here / "layer" / "policy.yaml").write_text(rules, encoding="utf-8")
    (here / "layer" / ".analysis.yaml").write_text(ANSWER, encoding="utf-8")
    assert STALE in run("analyse", "old", "layer").out


GAPS = """\
A case that needs a step but has none
  - No step, and nothing to find out
    Example: “the order is late”: no
             decided as of Wed 4 Mar 2026, 10:00
These are all: every other case without a step, and with every rule decided,
contains one of these (perhaps with other numbers, times or texts, and with more
records or acts). What is presumed in one of these is presumed there, too.
"""


BLOCKED = """\
A case that needs a step but has none
  - No step, and nothing to find out
    Example: “the order is late”: yes
             “number of orders”: 0
             decided as of Wed 4 Mar 2026, 10:00
    Blocked: Refund
    Nearest: call-the-late, but it applies only if “number of orders” is at
             least 3
"""


def test_only_gaps_are_looked_for_and_only_in_some_cases(run: Run, here: Path) -> None:
    (here / "layer" / "policy.yaml").write_text(
        LAYER + REFUND.replace("{order.late: true}", "{order.late: given}"), encoding="utf-8"
    )
    result = run("analyse", "old", "layer", "--gaps-in", "{order.late: given}")
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith(BLOCKED)
    (here / "layer" / "policy.yaml").write_text(LAYER.partition("  - id")[0] + REFUND, encoding="utf-8")
    result = run("analyse", "old", "layer", "--gaps-in", "{order.late: given}")
    assert result.out.startswith(GAPS)
    assert "only these: {order.late: given}." in " ".join(result.out.split())
    covered = run("analyse", "old", "layer", "--gaps-in", "{order.late: true}")
    assert covered.code == 0
    assert "Each case that must have a step has one, or the policy asks for something." in covered.out
    wrong = run("analyse", "old", "layer", "--gaps-in", "{order.lat: true}")
    assert (wrong.code, "did you mean 'order.late'?" in wrong.err) == (2, True)


def test_only_the_steps_of_one_layer_are_counted(run: Run, here: Path) -> None:
    extra = REFUND.replace("{order.late: true}", "{order.late: given}")
    (here / "layer" / "policy.yaml").write_text(LAYER.partition("  - id")[0] + extra, encoding="utf-8")
    hidden = run("analyse", "old", "layer", "--gaps-in", "{order.count: 2}", "--steps-of", "old")
    shown = " ".join(hidden.out.split())
    assert hidden.code == 1
    assert hidden.out.startswith("No rule of old recommends anything\n  - No step, and nothing to find out\n")
    assert (
        "Only steps that rules of old recommend were counted, and only in these cases: {order.count: 2}."
        in shown
    )
    every = run("analyse", "old", "layer", "--gaps-in", "{order.late: true}")
    assert "--steps-of LAYER asks whether the rules of one layer recommend anything." in " ".join(
        every.out.split()
    )
    wrong = run("analyse", "old", "layer", "--steps-of", "layr")
    assert (wrong.code, "did you mean 'layer'?" in wrong.err) == (2, True)


def test_an_analysis_that_has_no_time_says_what_it_left(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(0, 10_000, 2))
    monkeypatch.setattr("escalation_rules.cli.commands.analyse.time.monotonic", lambda: next(ticks))
    result = run("analyse", "old", "--seconds", "1")
    assert (result.code, result.err) == (3, "")
    assert result.out.startswith("Not examined because time ran out")
    assert "Not everything was examined" in result.out
    assert json.loads(run("analyse", "old", "--seconds", "1", "--json").out)["not_examined"]


def test_analyse_without_the_solver(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escalation_rules.cli.commands.analyse.solver_available", lambda: False)
    result = run("analyse", "old")
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("expected pip install 'escalation-rules[analysis]' [not-installed]\n")


def test_only_in_words_another_declaration_is_a_difference_and_nothing_is_proven(
    run: Run, here: Path
) -> None:
    text = POLICY.replace("refund, phase: first, owner: agent", "refund, phase: first, owner: lead")
    (here / "new" / "policy.yaml").write_text(text, encoding="utf-8")
    result = run("compare", "--words", "--json", "old", "new")
    data = json.loads(result.out)
    assert (result.code, data["equivalent"], data["proven"], data["in_cases"]) == (1, False, False, False)


def test_only_in_words_the_same_texts_are_proven_to_be_the_same(run: Run, here: Path) -> None:
    result = run("compare", "--words", "--json", "old", "old")
    data = json.loads(result.out)
    assert (result.code, data["equivalent"], data["proven"]) == (0, True, True)


def test_the_two_ends_of_a_hold_are_told(tmp_path: Path, run: Run) -> None:
    """Both are for anybody; what differs is until when."""
    found = []
    for name, days in (("old", 2), ("new", 3)):
        folder = tmp_path / name
        folder.mkdir()
        act = f"{{action: call, after: {days} working days after case.opened_at}}"
        layer = LAYER.replace("- forbid: refund", f"- {{hold: refund, until: {{done: {act}}}}}")
        (folder / "policy.yaml").write_text(
            POLICY.replace("  facts:", f"{CALENDAR}  facts:"), encoding="utf-8"
        )
        (folder / "layer.yaml").write_text(layer, encoding="utf-8")
        found.append(str(folder))
    result = run("compare", *found, "--lang", "en")
    page = " ".join(result.out.partition("Changes to the rules")[0].split())
    assert "Has to wait on other terms: refund" in page
    assert "Before: until “call back” has been done since 2 working days after" in page
    assert "Now: until “call back” has been done since 3 working days after" in page


# --- in plain words ---------------------------------------------------------------------------------------------------


def test_what_was_changed_is_said_with_its_values(run: Run, here: Path) -> None:
    """Who may do an action, and calendars: from what to what."""
    text = POLICY.replace("  facts:", f"{CALENDAR}  facts:")
    changed = text.replace("mon-fri", "mon-sat").replace("refund: {label", "refund: {by: [agent], label")
    for name, each in (("old", text), ("new", changed)):
        (here / name / "policy.yaml").write_text(each, encoding="utf-8")
    out = " ".join(run("compare", "old", "new", "--words").out.split())
    assert "calendar office: hours (Mon–Fri: " in out
    assert " → Mon–Sat: " in out
    assert "action “refund”: by (anybody → agent) changed" in out


def test_a_disabled_rule_is_said_to_be_disabled_and_why(run: Run, here: Path) -> None:
    (here / "off").mkdir()
    text = "format: 1\ndisable:\n  - {rule: call-the-late, because: Our shop system does it.}\n"
    (here / "off" / "policy.yaml").write_text(text, encoding="utf-8")
    out = run("compare", "--policy", "old", "--policy", "off", "--without", "off", "--words").out
    assert "Rule call-the-late is disabled." in out
    assert "Our shop system does it." in out
    assert "call-the-late: removed" not in out


def test_a_rule_that_is_there_again_is_not_new(run: Run, here: Path) -> None:
    (here / "off").mkdir()
    disable = "disable:\n  - {rule: call-the-late, because: Our shop system does it.}\n"
    instead = LAYER.replace("no-refund-yet", "call-them-all\n    replaces: call-the-late")
    (here / "layer" / "policy.yaml").write_text(
        LAYER.replace("no-refund-yet", "nothing-yet"), encoding="utf-8"
    )
    for text, said in ((f"format: 1\n{disable}", "call-the-late: no longer disabled"),
                       (instead, "call-the-late: no longer replaced by call-them-all")):  # fmt: skip
        (here / "off" / "policy.yaml").write_text(text, encoding="utf-8")
        out = run("compare", "off", "layer", "--policy", "old", "--words").out
        assert said in out
        assert "call-the-late: new" not in out


def test_a_replaced_rule_is_shown_by_what_differs(run: Run, here: Path) -> None:
    text = LAYER.replace("no-refund-yet", "call-sooner\n    replaces: call-the-late")
    text = text.replace("when: {order.late: true}", "when: {order.late: true, order.count: {at_least: 3}}")
    text = text.replace("- forbid: refund", "- {recommend: call, within: 1 hour of case.opened_at}")
    (here / "layer" / "policy.yaml").write_text(text, encoding="utf-8")
    out = run("compare", "--policy", "old", "--policy", "layer", "--without", "layer", "--words").out
    assert "Rule call-the-late is replaced by rule call-sooner." in out
    assert "- Call back, within 2 hours of “opened”" in out
    assert "+ Call back, within 1 hour of “opened”" in out
    assert "call-sooner: new" not in out
    assert "When:" not in out


def test_a_text_that_was_changed_in_another_language(run: Run, here: Path) -> None:
    shop = (EXAMPLES / "shop" / "policy.yaml").read_text("utf-8")
    said = "先檢查退回的商品，再退款。"
    assert said in shop
    for name, text in (("old", shop), ("new", shop.replace(said, f"{said}很快。"))):
        (here / name / "policy.yaml").write_text(text, encoding="utf-8")
    assert "text in zh-TW changed" in run("compare", "old", "new", "--words").out
    assert "很快" in run("compare", "old", "new", "--words", "--lang", "zh-TW").out


def test_the_keys_of_declarations_are_words(run: Run, here: Path) -> None:
    for name, more in (("old", ""), ("new", "by: [agent], ")):
        text = POLICY.replace("[en]", "[zh-TW]").replace("refund: {label", f"refund: {{{more}label")
        (here / name / "policy.yaml").write_text(text, encoding="utf-8")
    out = run("compare", "old", "new", "--words", "--lang", "zh-TW").out
    assert "動作 「refund」：改了 誰可以做（任何人 → agent）" in out


def test_two_zones_are_told_apart(run: Run, here: Path) -> None:
    text = POLICY.replace("  facts:", f"{CALENDAR}  facts:").replace(
        "within: 2 hours", "within: 2 working days"
    )
    for name, zone in (("old", "Asia/Taipei"), ("new", "Asia/Tokyo")):
        (here / name / "policy.yaml").write_text(text.replace("Europe/Berlin", zone), encoding="utf-8")
    out = run("compare", "old", "new").out
    assert "(UTC+8)" in out
    assert "(UTC+9)" in out
    closed = text.replace("mon-fri: [", "mon-thu: [").replace("Europe/Berlin", "Asia/Tokyo")
    (here / "old" / "policy.yaml").write_text(closed, encoding="utf-8")
    out = run("compare", "old", "new").out
    assert "until " in out
    assert "(UTC" not in out


def test_what_is_shown_and_not_proven_refers_to_its_case(run: Run, here: Path) -> None:
    """Since when the rule has held was changed, too, which may move the time."""
    text = POLICY.replace("order.count: {at_least: 3}", "case.opened_at: {older_than: 3 hours}")
    text = text.replace(" of case.opened_at", "")
    for name, hours in (("old", 3), ("new", 2)):
        (here / name / "policy.yaml").write_text(text.replace("3 hours", f"{hours} hours"), encoding="utf-8")
    out = " ".join(run("compare", "old", "new").out.split())
    assert "1. Now recommended: call back" in out
    assert "Not proven whether due at the same time: call back" in out
    assert "Besides 1 above, there may be other differences" in out


def test_a_step_that_is_recommended_and_not_allowed_is_said_to_be(run: Run, here: Path) -> None:
    (here / "layer" / "policy.yaml").write_text(LAYER + REFUND, encoding="utf-8")
    out = run("compare", "--policy", "old", "--policy", "layer", "--without", "layer").out
    assert "Now recommended, but forbidden or held at the same time: refund" in " ".join(out.split())
    assert "Now recommended: refund" not in out
    assert "for everybody" in out


def test_a_step_that_goes_with_a_hold_is_named(run: Run, here: Path) -> None:
    hold = LAYER.replace("forbid: refund", "{hold: call, until: {done: refund}}")
    (here / "layer" / "policy.yaml").write_text(hold, encoding="utf-8")
    result = run("compare", "--policy", "old", "--policy", "layer", "--without", "layer")
    assert result.err == ""
    assert "Now:        has to wait\n" in result.out
    assert (
        """\
Steps that change with these
  - refund: call back may have to wait for it, so it may appear, disappear or
    change together with it.
    Because of: no-refund-yet
"""
        in result.out
    )


def test_the_time_for_a_comparison_is_limited(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**6, 100))
    monkeypatch.setattr("escalation_rules.cli.commands.compare.time.monotonic", lambda: next(clock))
    (here / "layer" / "policy.yaml").write_text(LAYER + REFUND, encoding="utf-8")
    words = ("compare", "--policy", "old", "--policy", "layer", "--without", "layer", "--seconds")
    result = run(*words, "60")
    assert result.code == 3
    assert "Time ran out (--seconds)." in result.out
    assert run(*words, "0").code == 2


def test_of_a_long_text_only_the_place_of_the_change_is_shown(run: Run, here: Path) -> None:
    long = (
        "They are waiting, and have been waiting, since a day nobody remembers, for somebody who calls them back. "
        * 3
    )
    for name, share in (("old", "15"), ("new", "20")):
        text = POLICY.replace("They are waiting.", f"{long}That is {share} percent. {long}")
        (here / name / "policy.yaml").write_text(text, encoding="utf-8")
    out = run("compare", "old", "new", "--words").out
    assert "That is 15 percent." in " ".join(out.split())
    assert "That is 20 percent." in " ".join(out.split())
    assert len(out.splitlines()) < 16
    assert out.count("…") == 4


def test_what_cannot_be_decided_has_its_exit_code(run: Run, here: Path) -> None:
    words = ", ".join("abcdefghijklmnop")
    text = POLICY.replace(
        "  facts:\n", "  facts:\n    order.note: {type: text, label: note, question: What?}\n"
    )
    (here / "old" / "policy.yaml").write_text(text, encoding="utf-8")
    rules = REFUND.replace("{order.late: true}", f"{{order.note: {{contains: [{words}]}}}}")
    ban = LAYER.replace("order.late: true", "order.note: {contains: a}")
    (here / "layer" / "policy.yaml").write_text(ban + rules, encoding="utf-8")
    result = run("analyse", "old", "layer")
    assert "Possible, but no case was found that shows it" in result.out
    assert (result.code, "not everything could be decided" in " ".join(result.out.split())) == (3, True)
    (here / "layer" / ".analysis.yaml").write_text(ANSWER, encoding="utf-8")
    assert run("analyse", "old", "layer").code == 0
    assert "Answer: The lead decides." in " ".join(run("analyse", "--all", "old", "layer").out.split())


def test_a_conflict_about_two_actions_is_told_once(run: Run, here: Path) -> None:
    step = "      - {recommend: refund,"
    both = REFUND.replace(step, f"      - {{recommend: call, within: 1 day of case.opened_at}}\n{step}")
    ban = LAYER.replace("      - forbid: refund\n", "      - forbid: refund\n      - forbid: call\n")
    (here / "layer" / "policy.yaml").write_text(ban + both, encoding="utf-8")
    out = run("analyse", "old", "layer").out
    assert out.count("refund-the-late; no-refund-yet") == 1
    assert "  - Call back; Refund\n" in out or "  - Refund; Call back\n" in out


def test_another_heading_of_a_ruleset_is_said_once(run: Run, here: Path) -> None:
    """It is a difference, and none of the rules below it."""
    heading = "label: small\nprinciple"
    assert POLICY.count(heading) == 1
    (here / "new" / "policy.yaml").write_text(POLICY.replace(heading, "label: small and large\nprinciple"))
    result = run("compare", "old", "new")
    assert "word for word" not in result.out
    assert "Changes to the vocabulary" not in result.out
    assert " ".join(result.out.split()).count("ruleset small: label (small → small and large) changed") == 1
    assert result.code == 0, "no decision differs"
    (here / "new" / "policy.yaml").write_text(
        POLICY.replace(heading, "label: small and large\nprinciple").replace("at_least: 3", "at_least: 5")
    )
    out = " ".join(run("compare", "old", "new").out.split())
    assert (out.count("small and large"), "- call-the-late: changed" in out) == (1, True)
    assert run("compare", "old", "new", "--words").code == 1


def test_another_heading_of_cases_is_a_difference(run: Run, here: Path) -> None:
    new = POLICY.replace("  actions:\n", "  heading: [order.late]\n  actions:\n")
    (here / "new" / "policy.yaml").write_text(new)
    out = run("compare", "old", "new").out
    assert "word for word" not in out
    assert "setting heading: changed" in out


@pytest.mark.parametrize("command", [("compare", "LAYER", "LAYER"), ("replay", "case.yaml", "--policy", "LAYER"),
                                     ("decide", "case.yaml", "--policy", "LAYER"), ("lint", "LAYER")])  # fmt: skip
def test_a_layer_without_what_it_stands_on_has_one_problem(
    run: Run, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one for each name of the built-in policy that it uses."""
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text("id: X-1\n")
    Path("layer").mkdir()
    Path("layer", "rules.yaml").write_text(
        "format: 1\nlanguages: [en]\nruleset: ours\nlabel: Ours\nprinciple: settle\nrules:\n"
        "- {id: one, source: ours, when: {customer.left: true}, then: [{forbid: offer_gift}], because: No.}\n"
        "- {id: two, source: ours, when: {customer.left: true}, then: [{forbid: apologise}], because: No.}\n"
    )
    result = run(*(each.replace("LAYER", "layer") for each in command))
    said = result.out + result.err
    assert result.code == (1 if command[0] == "lint" else 2)
    assert "layer is a layer on the built-in policy, which is not given here" in " ".join(said.split())
    assert "unknown" not in said
    assert said.count("error: ") == 1
