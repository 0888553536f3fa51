"""The handbook: everything that the policy says is in it, nothing in it does harm, and every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from escalation_rules import BUILTIN, LANGUAGES, Policy
from escalation_rules.cli.handbook import Selection, book_of, html_of, markdown_of, scenarios
from escalation_rules.cli.handbook.diagram import svg_of
from escalation_rules.cli.handbook.model import Book, Code, Graph, Node
from escalation_rules.cli.handbook.places import Places
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.errors import Problems
from escalation_rules.source import Mapping, one_or_more, parse_yaml, to_plain
from escalation_rules.tools.analysis import origin

ROOT = Path(__file__).resolve().parents[3]
VOID = {"meta", "input", "path", "rect"}

HOSTILE = """\
format: 1
vocabulary:
  roles:
    - imp:
        en: <img src=x onerror=alert(1)> & "co"
  actions:
    poke:
      label:
        en: poke </script><script>alert(1)</script> [x](javascript:alert(1)) `y`
      phase: people
      owner: imp
"""


class Page(HTMLParser):
    """What is in a page: tags, anchors, links, and whether each tag is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.append(tag)
        assert not any(name.startswith("on") for name in known), known
        self.ids += [str(known["id"])] if "id" in known else []
        self.links += [str(known["href"])] if tag == "a" and "href" in known else []
        self.loads += [str(value) for name, value in attrs if name in {"src", "srcset", "data"}]
        self.loads += [str(known["href"])] if tag != "a" and "href" in known else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load(engine="plain")


@pytest.fixture(scope="module")
def book(policy: Policy) -> Book:
    return book_of(policy, "en", None, scenarios([str(ROOT / "features")]))


@pytest.fixture(scope="module")
def page(book: Book) -> Page:
    return Page(html_of(book, Places(ROOT)))


def test_every_rule_and_every_step_has_its_place(policy: Policy, page: Page, book: Book) -> None:
    anchors = {*page.ids}
    assert {f"rule-{each.id}" for each in policy.model.rules} <= anchors
    assert {f"step-{name}" for name in policy.vocabulary.actions} <= anchors
    inside = {name for name in policy.vocabulary.roles if name not in policy.vocabulary.outside}
    assert {f"role-{name}" for name in inside} <= anchors
    text = markdown_of(book, Places(ROOT))
    assert all(f'<a id="rule-{each.id}"></a>' in text for each in policy.model.rules)


def test_a_rule_is_said_whole(book: Book) -> None:
    entries = [entry for each in book.chapters for section in each.sections for entry in section.entries]
    (waive,) = (each for each in entries if each.anchor == "rule-waive-charge-on-evident-damage")
    rows = {row.label: row.said for row in waive.rows}
    assert waive.title == "Do: “waive the charge”"
    assert rows["Source"] == ("S3 the table with strap marks",)
    assert "The damage is plain to see" in str(rows["Why"])
    assert {"For each", "When", "Unless", "Do", "Applies to", "No longer after", "Scenarios", "Where"} <= set(
        rows
    )
    (frontline,) = (each for each in entries if each.anchor == "role-frontline-all")
    rows = {row.label: row.said for row in frontline.rows}
    assert any("ask for approval of the amount" in str(each) for each in rows["Only after"])
    assert any("what-the-front-line-may-give" in str(each) for each in rows["Must not do"])


@pytest.mark.parametrize("language", ["en", "zh-TW", "zh-CN"])
def test_only_what_is_always_forbidden_reads_as_always(policy: Policy, language: str) -> None:
    """A prohibition that holds in some situations says so, on the pages of all roles."""
    say = Voice.of_policy(policy, language, None).say
    ids = {rule.id for rule in policy.model.rules}
    always = {rule.id for rule in policy.model.rules
              if rule.when is None and rule.unless is None and rule.for_each is None
              and policy.model.rulesets[rule.ruleset].applies_while is None}  # fmt: skip
    (roles,) = (each for each in book_of(policy, language, None).chapters if each.anchor == "roles")
    rows = [row for section in roles.sections for entry in section.entries for row in entry.rows]
    found = [
        (row.label, said, {*re.findall(r"[a-z0-9-]+", said)} & ids)
        for row in rows
        for said in map(str, row.said)
    ]
    never = [rules for label, _, rules in found if label == say("must_never")]
    assert never
    assert all(rules & always for rules in never)
    sometimes = [
        said
        for label, said, rules in found
        if label in map(say, ("must_not", "only_after")) and not rules & always
    ]
    assert len(sometimes) > 50
    assert all(say("in_situation", situation="", text="").strip() in said for said in sometimes)


def test_every_example_is_yaml_that_can_be_copied(policy: Policy, book: Book) -> None:
    entries = [entry for each in book.chapters for section in each.sections for entry in section.entries]
    shown = [
        said.text for entry in entries for row in entry.rows for said in row.said if isinstance(said, Code)
    ]
    problems = Problems()
    read = [to_plain(node) for text in shown if (node := parse_yaml(text, "example", problems)) is not None]
    assert problems.errors == ()
    written = [
        to_plain(value)
        for rule in policy.model.rules
        for example in one_or_more(rule.examples)
        if isinstance(example, Mapping)
        for key in ("fires", "not", "undecided")
        if (value := example.get(key)) is not None
    ]
    assert len(read) > 100
    assert all(each in written for each in read)


OURS = """\
format: 1
languages: [en]
vocabulary:
  calendars:
    depot:
      timezone: Asia/Taipei
      hours: {mon-fri: ["09:00-18:00"]}
      closed: ["2026-12-31"]
      open: ["2026-12-26"]
      other_hours: {"2026-12-24": ["09:00-12:00"]}
ruleset: ours
label: Ours
principle: settle
disable:
  - rule: no-parade-of-punishment
    because: Our union wants to be told.
rules:
  - id: our-answer
    replaces: answer-the-question
    source: ours
    for_each: questions
    then: [{recommend: answer_question, within: 4 working hours}]
    because: We are quick.
"""


def test_working_hours_and_rules_that_are_not_in_force(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(OURS, encoding="utf-8")
    made = Policy.load(BUILTIN, tmp_path / "ours.yaml", engine="plain")
    text = markdown_of(book_of(made, "en", None), Places(ROOT))
    hours = text[text.index("## Working hours") : text.index("## By role")]
    for said in (
        "Asia/Taipei",
        "Mon–Fri: 09:00–18:00",
        "2026-12-31",
        "2026-12-26",
        "2026-12-24: 09:00–12:00",
        "TW",
    ):
        assert said in hours
    assert hours.count("This calendar is used where none is named.") == 1
    gone = text[text.index("## Not in force") :]
    for said in (
        "no-parade-of-punishment",
        "Our union wants to be told.",
        "answer-the-question",
        "We are quick.",
    ):
        assert said in gone
    built_in = markdown_of(book_of(Policy.load(engine="plain"), "en", None), Places(ROOT))
    assert "## Not in force" not in built_in


@pytest.mark.parametrize(
    ("role", "only"),
    [("frontline", None), (None, "ours.yaml"), ("case_owner", "ours.yaml"), ("accounts", None)],
)
def test_a_part_for_a_role_or_of_a_layer(tmp_path: Path, role: str | None, only: str | None) -> None:
    (tmp_path / "ours.yaml").write_text(OURS, encoding="utf-8")
    made = Policy.load(BUILTIN, tmp_path / "ours.yaml", engine="plain")
    part = Selection(
        made.model, role, None if only is None else origin(made.model, made.layers, only, alone=False)
    )
    written = book_of(made, "en", None, (), part)
    entries = {
        entry.anchor
        for chapter in written.chapters
        for section in chapter.sections
        for entry in section.entries
    }
    rules = {name.removeprefix("rule-") for name in entries if name.startswith("rule-")}
    assert written.rules == {name for name in rules if "-" in name}
    if only is not None:
        assert rules == {"our-answer"}
        assert "step-answer_question" in entries
        assert {"step-apologise", "role-everybody-all"}.isdisjoint(entries)
    else:
        assert {name for name in entries if name.startswith("role-")} == {
            "role-everybody-all",
            f"role-{role}-all",
        }
        assert 0 < len(rules) < len(made.model.rules) / 2
        assert "our-answer" not in rules
    text = markdown_of(written, Places(tmp_path))
    assert {*re.findall(r"\]\(#([^)]+)\)", text)} <= {*re.findall(r'<a id="([^"]+)"></a>', text)}


def test_the_command_writes_a_part(run: Run, shop: str) -> None:
    whole, part = (
        run("handbook", "--policy", shop),
        run("handbook", "--policy", shop, "--only", shop, "--for", "clerk"),
    )
    assert (part.code, part.err) == (0, "")
    assert 0 < len(part.out) < len(whole.out)
    for option, word in (("--for", "agnt"), ("--only", "nowhere")):
        wrong = run("handbook", "--policy", shop, option, word)
        assert (wrong.code, word in wrong.err, wrong.out) == (2, True, "")


def test_the_page_is_whole_and_asks_for_nothing(page: Page) -> None:
    assert page.open == []
    assert page.loads == []
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert len(page.ids) == len({*page.ids}), "an anchor twice"


def test_every_link_leads_somewhere(page: Page) -> None:
    inside = [unquote(each[1:]) for each in page.links if each.startswith("#")]
    assert len(inside) > 500
    assert {*inside} - {*page.ids} == set()
    for each in {each for each in page.links if not each.startswith("#")}:
        name, _, line = each.partition("#L")
        assert int(line) <= len((ROOT / unquote(name)).read_text("utf-8").splitlines()), each


def test_links_in_markdown_lead_somewhere(book: Book) -> None:
    text = markdown_of(book, Places(ROOT))
    anchors = {*re.findall(r'<a id="([^"]+)"></a>', text)}
    assert {*re.findall(r"\]\(#([^)]+)\)", text)} - anchors == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_whole(policy: Policy, language: str) -> None:
    written = book_of(policy, language, None)
    text = html_of(written, Places(ROOT))
    assert f'<html lang="{language}">' in text
    assert "[en]" not in text, "a text that has no translation"
    assert Page(text).open == []


def test_what_a_policy_says_does_no_harm(tmp_path: Path) -> None:
    layer = tmp_path / "hostile.yaml"
    layer.write_text(HOSTILE.replace("people", "calm"), encoding="utf-8")
    from escalation_rules import BUILTIN

    written = book_of(Policy.load(BUILTIN, layer, engine="plain"), "en", None)
    page = Page(html_of(written, Places(tmp_path)))
    assert page.loads == []
    assert page.tags.count("script") == 1
    assert any("</script><script>alert(1)</script>" in each for each in map(str.lower, page.texts))
    text = markdown_of(written, Places(tmp_path))
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "[x](javascript" not in text


# --- diagrams, scenarios, links ---------------------------------------------------------------------------------------


def test_a_diagram_has_its_boxes_apart() -> None:
    nodes = tuple(Node(name, f"a long name of {name} that takes two lines") for name in "abcde")
    drawn = svg_of(Graph(nodes, (("a", "b"), ("b", "c"), ("a", "d"))), "x")
    boxes = [
        tuple(map(int, each))
        for each in re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', drawn)
    ]
    assert len(boxes) == 5
    for index, (x, y, wide, tall) in enumerate(boxes):
        for u, v, broad, high in boxes[index + 1 :]:
            assert x + wide <= u or u + broad <= x or y + tall <= v or v + high <= y
    assert drawn.count('class="arrow"') == 3


def test_scenarios_are_found_in_each_language(tmp_path: Path) -> None:
    (tmp_path / "a.feature").write_text(
        "# language: zh-TW\n功能: x\n  場景: 先道歉\n    假設 規則 first-rule\n\n  劇本大綱：再賠\n    當 second-rule\n",
        encoding="utf-8",
    )
    first, second = scenarios([str(tmp_path)])
    assert (first.title, first.position.line, "first-rule" in first.words) == ("先道歉", 3, True)
    assert (second.title, second.position.line, "first-rule" in second.words) == ("再賠", 6, False)


def test_a_base_on_the_web() -> None:
    from escalation_rules import Position

    places = Places(ROOT, "https://git.example/x/blob/main/")
    assert (
        places.of(Position(str(Path("a b.yaml").resolve()), 7, 1))
        == "https://git.example/x/blob/main/a%20b.yaml#L7"
    )


# --- the command ------------------------------------------------------------------------------------------------------

Run = Callable[..., Any]


def test_the_command_writes_a_file(run: Run, shop: str, tmp_path: Path) -> None:
    out = tmp_path / "book.html"
    result = run("handbook", "--policy", shop, "--format", "html", "--lang", "zh-TW", "--out", str(out))
    assert (result.code, result.out, result.err) == (0, "", "")
    assert "<h1>工作手冊：" in out.read_text("utf-8")
    assert run("handbook", "--policy", shop).out.startswith("# Handbook: ")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--out", "/no/such/folder/x.md"), "cannot be written"),
        (("--features", "/no/such.feature"), "the feature file cannot be read"),
        (("--source-url", "javascript:alert(1)"), "is not the address of a web page"),
        (("--format", "pdf"), "invalid choice: 'pdf'"),
    ],
)
def test_what_does_not_fit(run: Run, shop: str, arguments: tuple[str, ...], what: str) -> None:
    result = run("handbook", "--policy", shop, *arguments)
    assert (result.code, result.out) == (2, "")
    assert what in result.err


ROLES = """\
format: 1
languages: [en]
name: small
vocabulary:
  phases: [{first: first}]
  roles: [{agent: agent}, {lead: lead}]
  principles: [{fair: fair}]
  facts:
    case.opened_at: {type: instant, label: opened}
    order.late: {type: flag, label: late, question: Is it late?}
    order.note: {type: text, label: a note with a label that is as long as a whole sentence would be, question: What?}
    order.more: {type: text, label: another note with a label that is as long as a whole sentence would be, question: What?}
    order.last: {type: text, label: the last note with a label that is as long as a whole sentence would be, question: What?}
  actions:
    call: {label: call back, phase: first, owner: agent}
    write: {label: write, phase: first, owner: agent}
    refund: {label: refund, phase: first, owner: agent}
    wait: {label: wait, phase: first, owner: agent, by: [agent, lead]}
    approve: {label: approve, phase: first, owner: lead}
  groups:
    talks: {label: talks with the customer, actions: [call, write]}
ruleset: small
label: small
principle: fair
rules:
  - {id: soon, source: x, when: {order.late: true}, then: [{recommend: call, within: 1 hour of case.opened_at}], because: so}
  - {id: back, source: x, when: {order.late: true}, then: [{recommend: refund}], because: so}
  - {id: later, source: x, when: {order.late: false}, then: [{recommend: call, within: 2 days of case.opened_at}], because: so}
  - {id: money, source: x, when: {order.late: given}, then: [{hold: refund, until: {done: approve}}], because: so}
  - {id: quiet, source: x, when: {order.note: given, order.more: given, order.last: given}, then: [{forbid: talks}], because: so}
"""


MAY = (
    ROLES.replace(
        "  groups:\n",
        """\
    pay: {label: pay, phase: first, owner: agent, params: {amount: {type: count, label: amount}}}
    allow: {label: allow it again, by: [agent, lead]}
    rude: {label: be rude, owner: agent}
  groups:
""",
    )
    + """\
  - {id: pays, source: x, then: [{recommend: pay}], because: so}
  - {id: much, source: x, then: [{hold: pay, where: {amount: {above: 100}}, until: {done: approve}}], because: so}
  - {id: doctor, source: x, then: [{hold: allow, until: {order.late: false}}], because: so}
"""
)


def test_a_role_reads_what_it_may_do_though_no_rule_recommends_it(tmp_path: Path, run: Run) -> None:
    """What an action's `by:` lets a role do is its own, with what it has to wait for; what nobody is to do is not."""
    path = tmp_path / "small.yaml"
    path.write_text(MAY, encoding="utf-8")
    shown = {role: " ".join(run("show", role, "--policy", str(path), "--lang", "en").out.split())
             for role in ("agent", "lead")}  # fmt: skip
    for each in shown.values():
        assert "“allow it again”" in each
        assert "Allow it again, until “late” does not apply (rule doctor)" in each
        assert "be rude" not in each
    case = tmp_path / "case.yaml"
    case.write_text("id: X-1\nfacts: {order.late: true}\n", encoding="utf-8")
    for role, first in (("agent", "First: approve (lead)"), ("lead", "First: approve Why")):
        decided = run("decide", str(case), "--policy", str(path), "--for", role, "--lang", "en").out
        assert first in " ".join(decided.split()), "whose approval, if it is not one's own"
    assert "only after “approve” (lead) where “amount” is more than 100" in shown["agent"], (
        "and from which limit on"
    )


def test_a_role_reads_what_is_due_when_and_with_whose_approval(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(ROLES, encoding="utf-8")
    out = run("handbook", "--policy", str(path), "--lang", "en").out
    page = out.partition("### Agent")[2].partition("### Lead")[0]
    assert "“call back”: when “late” applies, within 1 hour of “opened” (rule soon); " in page
    assert "; when “late” does not apply, within 2 days of “opened” (rule later)\n" in page
    assert "“refund”: when “late” applies (rule back); only after “approve” (lead)\n" in page
    assert "  - “write”\n" in page
    assert "the last note with a label" in page
    assert "more condition" not in out
    assert "“talks with the customer”: “call back”; “write”\n" in page
    shown = " ".join(run("show", "agent", "--policy", str(path), "--lang", "en").out.split())
    assert "“refund”: when “late” applies (rule back); only after “approve” (lead)" in shown
    assert "more condition" in shown
