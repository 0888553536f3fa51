"""Tables as CSV and Excel: what goes out comes back the same, and what cannot be read is named by row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Policy, RequestError
from escalation_rules.cli import main
from escalation_rules.integrations.sheets import read_sheet, write_sheet, yaml_of

RULES = """\
format: 1
languages: [en, zh-TW]
vocabulary:
  phases: [settle]
  roles: [agent]
  facts:
    order.days: {type: count}
    order.kind: {type: choice, values: [book, toy, gift]}
    order.note: {type: text}
    order.total: {type: amount}
    order.route: {type: choice, values: [back, shop, nothing], concluded: true}
  actions:
    pay:
      phase: settle
      params: {amount: {type: amount}}
ruleset: returns
rules:
  - id: route
    table:   # who pays
      hit: first
      inputs: [order.kind, order.days, order.note]
      outputs: [order.route]
      rows:
        - [[book, toy], {at_most: 14, is_not: 3}, any, back]
        - row: [gift, any, "a, b", shop]
          because:
            en: Gifts go to the shop, always.
            zh-TW: 禮品一律退回門市。
        - [any, any, "any", back]
      otherwise: nothing

    because:
      en: So we say.
  - id: pay
    then:
      - recommend: pay
        amount:
          table:
            hit: unique
            inputs: [order.total]
            rows:
              - [{below: {TWD: 1000}}, {share: 10%, of: order.total}]
              - [{at_least: {TWD: 1000}}, {TWD: 100}]
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy"
    path.mkdir()
    (path / "rules.yaml").write_text(RULES, encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["route", "pay.amount"])
def test_what_goes_out_comes_back_the_same(policy: Path, tmp_path: Path, name: str, suffix: str) -> None:
    before = Policy.load(policy, engine="plain").model.rules
    file = tmp_path / f"table.{suffix}"
    assert main(["table", "export", name, str(file), "--policy", str(policy)]) == 0
    assert main(["table", "import", str(file), name, "--policy", str(policy)]) == 0
    assert Policy.load(policy, engine="plain").model.rules == before
    text = (policy / "rules.yaml").read_text(encoding="utf-8")
    assert "    because:\n      en: So we say.\n" in text
    first = text
    assert main(["table", "export", name, str(file), "--policy", str(policy)]) == 0
    assert main(["table", "import", str(file), name, "--policy", str(policy)]) == 0
    assert (policy / "rules.yaml").read_text(encoding="utf-8") == first


def test_the_sheet_is_what_an_owner_would_write(policy: Path, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    main(["table", "export", "route", str(file), "--policy", str(policy)])
    assert [[cell.strip() for cell in row] for row in read_sheet(file)] == [
        ["hit", "first", "", "", "", ""],
        ["order.kind", "order.days", "order.note", "=> order.route", "because en", "because zh-TW"],
        ["book, toy", "at_most: 14, is_not: 3", "any", "back", "", ""],
        ["gift", "any", '"a, b"', "shop", "Gifts go to the shop, always.", "禮品一律退回門市。"],
        ["any", "any", '"any"', "back", "", ""],
        ["otherwise", "", "", "nothing", "", ""],
    ]


def test_what_people_type_is_understood() -> None:
    sheet = [
        ["hit", "first"],
        ["order.kind", "order.days", "order.total", "=> order.route"],
        ["book,toy", ">= 3", "<{TWD: 5}", "back"],
        ["", "-", "!= 0", "shop"],
        ["it's", "14", "any", "nothing"],
        ["", "", "", ""],
    ]
    assert yaml_of(sheet, "x.csv").splitlines() == [
        "table:", "  hit: first", "  inputs: [order.kind, order.days, order.total]", "  outputs: [order.route]", "  rows:",
        "    - [[book,toy], {at_least: 3}, {below: {TWD: 5}}, back]",
        "    - [any, any, {is_not: 0}, shop]",
        "    - [it's, 14, any, nothing]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ([], "row 1: error: x.csv is not the sheet of a table"),
        ([["hit", "first"], ["a.b"]], "row 2: error: x.csv has no inputs or no results"),
        ([["hit", "first"], ["a.b", "=> c.d"], ["x", ""]], "row 3, => c.d: error: the row has no result"),
        (
            [["hit", "first"], ["a.b", "=> c.d"], ["x: {", "y"]],
            "row 3, a.b: error: the cell 'x: {' cannot be read",
        ),
    ],
)
def test_what_cannot_be_read_is_named(sheet: list[list[str]], said: str) -> None:
    with pytest.raises(RequestError) as raised:
        yaml_of(sheet, "x.csv")
    assert [str(each).startswith(said) for each in raised.value.diagnostics] == [True], raised.value


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "bad-argument"),
        ("a.csv", None, "unreadable"),
        ("a.csv", b"\xa4\xa4", "not-utf-8"),
        ("a.csv", b'"a', "wrong-form"),
        ("a.xlsx", b"no workbook", "wrong-form"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(RequestError) as raised:
        read_sheet(tmp_path / name)
    assert [each.code for each in raised.value.diagnostics] == [code]


@pytest.mark.parametrize(
    "words",
    [
        ["export", "route"],
        ["import"],
        ["swap", "a"],
        ["export", "rute", "a.csv"],
        ["export", "route", "no/a.csv"],
    ],
)
def test_wrong_arguments_are_refused(
    policy: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["table", *words, "--policy", str(policy)]) == 2
    assert "error:" in capsys.readouterr().err


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    for suffix in ("csv", "xlsx"):
        write_sheet([["=1+1", "@x"]], tmp_path / f"a.{suffix}")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig") == " =1+1, @x\n"
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["A1"].data_type == "s"


def test_a_table_in_braces_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = RULES.replace("    table:   # who pays", "    table:")
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    file = tmp_path / "t.csv"
    assert main(["table", "export", "route", str(file), "--policy", str(tmp_path)]) == 0
    start, end = text.index("    table:\n"), text.index("\n    because:\n      en: So")
    flow = "    table: {hit: first, inputs: [order.kind], outputs: [order.route], rows: [[book, back]], otherwise: nothing}\n"
    (tmp_path / "rules.yaml").write_text(text[:start] + flow + text[end:], encoding="utf-8")
    assert main(["table", "import", str(file), "route", "--policy", str(tmp_path)]) == 0
    assert [each.id for each in Policy.load(tmp_path, engine="plain").model.rules] == ["pay", "route"]
