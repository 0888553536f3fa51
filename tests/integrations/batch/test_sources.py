"""Cases in files, folders, JSON lines, Parquet and a database: each at its place, and what is wrong with it there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import CaseError, Policy, RequestError
from escalation_rules.integrations.batch import Found, Replaying, case_of_row, histories
from escalation_rules.integrations.batch.files import count
from escalation_rules.integrations.batch.log import RunLog
from escalation_rules.pool import map_in_order
from tests.core.policies import load

END = datetime(2026, 3, 3, tzinfo=UTC)
RULES = "- {id: furious, when: {x.mood: furious}, then: [{recommend: call}]}\n"
GOOD = {"id": "good", "facts": {"case.opened_at": "2026-03-02T01:00:00Z", "x.mood": "furious"}}


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return load(tmp_path / "policy", "plain", RULES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "cases"
    (path / "below").mkdir(parents=True)
    (path / ".hidden").mkdir()
    (path / ".hidden" / "h.yaml").write_text("id: h")
    (path / "notes.txt").write_text("no case")
    (path / "a.yaml").write_text("id: a\nfacts:\n  x.mood: calm\n")
    (path / "below" / "b.json").write_text(json.dumps({**GOOD, "id": "b"}))
    (path / "c.yaml").write_text("id: c\nfacts:\n  x.mode: calm\n")
    (path / "d.jsonl").write_text(
        "\n".join(
            [
                json.dumps({**GOOD, "id": "d1"}),
                "",
                '{"id": "d3", "facts": {"x.mood": "rude"}}',
                '{"id": "d4",',
                "[1]",
                json.dumps({**GOOD, "id": "d6"}),
            ]
        )
    )
    (path / "e.yaml").write_bytes(b"id: \xff")
    return path


def replayed(policy: Policy, found: Any) -> list[tuple[str | None, str]]:
    """The id of each case, and what is wrong with it, as it is printed."""
    work = Replaying((policy,), END).work
    told = []
    for line in map(work, found):
        problems = [f"{each['file']}:{each['line']}: {each['message']}" for each in line.get("problems", [])]
        told.append((line["case"], "; ".join(problems)))
    return told


def test_a_folder_has_its_files_by_name(policy: Policy, folder: Path) -> None:
    told = replayed(policy, histories([folder]))
    assert [(case, said.replace(str(folder), "")) for case, said in told] == [
        ("a", ""),
        ("b", ""),
        ("c", "/c.yaml:3: unknown fact 'x.mode'"),
        ("d1", ""),
        ("d3", "/d.jsonl:3: 'rude' is not a level"),
        (None, told[5][1].replace(str(folder), "")),
        (None, "/d.jsonl:5: the case is not a mapping"),
        ("d6", ""),
        (None, "/e.yaml:1: the case is not UTF-8 text"),
    ]
    assert told[5][1].startswith(f"{folder}/d.jsonl:4: not valid JSON")
    assert count([folder]) == len(told)


def test_what_is_not_there_is_a_problem_in_its_place(policy: Policy, tmp_path: Path) -> None:
    (line,) = map(Replaying((policy,), END).work, histories([tmp_path / "none.yaml"]))
    assert line["problems"][0]["message"] == "the case cannot be read: No such file or directory"


# --- rows -------------------------------------------------------------------------------------------------------------


def test_a_row_is_laid_upon_its_case() -> None:
    row = {
        "id": "r",
        "currency": None,
        "at": END,
        "case": '{"facts": {"x.a": true, "x.count": 1}, "id": "old"}',
        "x.count": 2,
        "x.amount": Decimal("800.10"),
        "x.when": END,
        "x.b": None,
        "claims": [{"id": "c", "open": True, "amount": None}],
        "acts": '[{"action": "call"}]',
    }
    assert case_of_row(row) == {
        "id": "r",
        "facts": {"x.a": True, "x.count": 2, "x.amount": Decimal("800.10"), "x.when": END},
        "claims": [{"id": "c", "open": True}],
        "acts": [{"action": "call"}],
    }


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"case": "{"}, "case: not valid JSON"),
        ({"case": "[]"}, "case is not a mapping"),
        ({"acts": "["}, "acts: not"),
    ],
)
def test_a_row_that_holds_no_case(row: dict[str, Any], what: str) -> None:
    with pytest.raises(CaseError, match=what):
        case_of_row(row)


def test_parquet(policy: Policy, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [
        {"id": "p1", "x.mood": "furious", "case.opened_at": END, "claims": [{"id": "c", "open": True}]},
        {"id": "p2", "x.mood": "rude", "case.opened_at": None, "claims": None},
    ]
    path = tmp_path / "cases.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    assert replayed(policy, histories([path])) == [
        ("p1", ""),
        ("p2", f"{path}:2: 'rude' is not a level"),
    ]
    assert count([path]) is None
    path.write_bytes(b"PAR1 no more")
    ((_, said),) = replayed(policy, histories([path]))
    assert said.startswith(f"{path}:1: the case cannot be read: ")


def test_a_database(policy: Policy, tmp_path: Path) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    from escalation_rules.integrations.batch.tables import query

    url = f"sqlite:///{tmp_path}/crm.db"
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create table tickets (id text, mood text, doc text)"))
        for values in (("s1", "furious", json.dumps(GOOD)), ("s2", "calm", "{")):
            connection.exec_driver_sql("insert into tickets values (?, ?, ?)", values)
    engine.dispose()
    text = 'select id, mood as "x.mood", doc as "case" from tickets order by id'
    found = list(query(url, text))
    assert found[0].data == {**GOOD, "id": "s1"}
    assert replayed(policy, found)[1][1].startswith(f"sqlite:///{tmp_path}/crm.db:2: case: not valid JSON")
    for wrong in ((url, "select nothing from nowhere"), ("no-database", text), ("oracle+none://x", text)):
        with pytest.raises(RequestError, match="the database cannot be read"):
            list(query(*wrong))


# --- the log ----------------------------------------------------------------------------------------------------------


def cases(number: int) -> list[Found]:
    from escalation_rules import Position

    return [Found(Position("f", n + 1, 1), data={**GOOD, "id": f"c{n}"}) for n in range(number)]


def test_a_run_that_breaks_off_goes_on(policy: Policy, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    log = RunLog(path, [policy.digest])
    lines = [Replaying((policy,), END).work(each) for each in cases(5)]
    for each in lines[:3]:
        log.append(each)
    log.close()
    path.write_bytes(path.read_bytes()[:-20])  # killed while it wrote the third one
    log = RunLog(path, [policy.digest])
    log.restrict(log.until or "")
    assert log.finished == {each["digest"] for each in lines[:2]}
    again = Replaying((policy,), END, log.finished)
    results = list(map_in_order(again, cases(5), lost=again.lost, workers=1))
    assert ["finished" in each for each in results] == [True, True, False, False, False]
    for each in results:
        if "finished" not in each:
            log.append(each)
    assert list(log.lines()) == json.loads(json.dumps(lines))
    assert log.line(lines[4]["digest"])["case"] == "c4"
    log.close()


def test_a_log_of_another_policy_or_end_does_not_count(policy: Policy, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    with RunLog(path, [policy.digest]) as log:
        log.append(Replaying((policy,), END).work(cases(1)[0]))
    with RunLog(path, ["other"]) as other:
        assert other.finished == frozenset()
    with RunLog(path, [policy.digest]) as same:
        assert (len(same.finished), same.until) == (1, "2026-03-03T00:00:00Z")
        same.restrict("2026-03-04T00:00:00Z")
        assert same.finished == frozenset()


def test_what_is_no_line_of_a_log_is_passed_over(policy: Policy, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"a": 1}\nnothing\n[]\n')
    with RunLog(path, [policy.digest]) as log:
        assert log.finished == frozenset()


def test_processes_make_the_same_lines(policy: Policy) -> None:
    replaying = Replaying((policy, policy), END)
    found = cases(20)
    alone = list(map(replaying.work, found))
    assert (
        list(map_in_order(replaying, found, lost=replaying.lost, workers=2, start="spawn", chunk=3)) == alone
    )
