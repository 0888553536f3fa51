"""What SECURITY.md promises, each line by a test that fails when the defence is taken out; and the tests that it names exist."""

from __future__ import annotations

import ast
import re
import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import (
    CaseError,
    Decision,
    Diagnostic,
    Money,
    Policy,
    PolicyStore,
    Position,
    RequestError,
    errors,
    suggestions,
)
from escalation_rules.case import values as case_values
from escalation_rules.engine import caches, decision_cache, signature
from escalation_rules.errors import printable
from escalation_rules.frozen import frozen
from escalation_rules.values import MAX_ID, MAX_TEXT, show
from tests.core.policies import NOW, Make, decide
from tests.robust.hostile import FORGED, Endless
from tests.robust.test_entry_points import Samples
from tests.robust.test_entry_points import replaced as with_value
from tests.robust.test_store import BASE, file, versions, write

ROOT = Path(__file__).parents[2]
RULE = "- {id: it, when: {x.a: true}, then: [{recommend: gift}]}"


@pytest.fixture(scope="module")
def samples() -> Samples:
    return Samples()


def refused(policy: Policy, **data: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(CaseError) as caught:
        policy.case(data)
    return [(each.code, each.path) for each in caught.value.diagnostics]


# --- the table of SECURITY.md -----------------------------------------------------------------------------------------


def named() -> list[tuple[str, str]]:
    """The tests that the table names: file and function."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    return re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)


def test_each_test_that_holds_a_defence_exists() -> None:
    found = named()
    assert len(found) > 40
    for path, name in found:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert any(isinstance(each, ast.FunctionDef) and each.name == name for each in tree.body), (
            path,
            name,
        )


def test_each_line_of_the_table_names_a_test() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("| where | defence |")[2]
    rows = [row for row in text.splitlines()[2:] if row.startswith("|")]
    assert len(rows) > 30
    assert [row for row in rows if not re.search(r"`tests/[\w/]+\.py::test_\w+`", row)] == []


# --- at the door ------------------------------------------------------------------------------------------------------


def test_lists_of_a_case_are_bounded_whatever_they_say_of_their_length(make: Make) -> None:
    class Short(list[Any]):
        def __len__(self) -> int:
            return 3

    policy, many = make(RULE), [{"id": f"k{number}"} for number in range(case_values.MAX_ITEMS + 1)]
    for listed in (many, Short(many), Endless()):
        assert refused(policy, claims=listed) == [("too-many", "claims")]


def test_texts_and_ids_of_a_case_are_bounded(make: Make) -> None:
    policy, long = make(RULE), "x" * (MAX_ID + 1)
    assert refused(policy, id=long) == [("wrong-value", "id")]
    assert refused(policy, id="a\nb") == [("wrong-value", "id")]
    assert refused(policy, claims=[{"id": long}]) == [("wrong-value", "claims[0].id")]
    assert refused(policy, charges=[{"id": "k", "first": long}]) == [("wrong-value", "charges[0].first")]
    assert refused(policy, facts={"x.who": long}) == [("wrong-value", "facts.x.who")]
    assert refused(policy, facts={"x.text": "x" * (MAX_TEXT + 1)}) == [("wrong-value", "facts.x.text")]


def test_a_path_that_is_none_is_refused() -> None:
    for path in ("", "a\0b"):
        with pytest.raises(RequestError, match="a layer cannot be"):
            Policy.load(path)


def test_money_that_cannot_be_written_down_is_refused() -> None:
    for amount in (Decimal("1e100000000"), Decimal("1e-100000000"), Decimal("nan")):
        with pytest.raises(CaseError, match="is not an amount"):
            Money(amount, "TWD")
    with pytest.raises(CaseError, match="is not a currency code"):
        Money(Decimal(5), "T" * 1000)


# --- messages ---------------------------------------------------------------------------------------------------------


def test_every_part_of_a_message_is_on_one_line_and_cut_off() -> None:
    for text in (FORGED, "x" * 1_000_000):
        found = Diagnostic("bad-argument", text, Position(text, 1, 1), text, "error", text, text)
        for part in (found.message, found.path, found.expected, found.suggestion, str(found.position)):
            assert part is not None
            assert part == printable(part, 2100)
            assert len(part) < 2100
            assert "\n" not in part


def test_a_value_in_a_message_is_short() -> None:
    for value in (
        "x" * 1000,
        10**5000,
        10**61,
        1.0,
        Decimal("1" * 500),
        ["x"] * 1000,
        type("T" * 1000, (), {})(),
    ):
        assert len(show(value)) <= 63


def test_of_very_many_names_only_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[object] = []

    def counting(letters: Any) -> Counter[str]:
        counted.append(letters)
        return Counter(letters)

    monkeypatch.setattr(suggestions, "Counter", counting)
    names = [f"name_{number:05}" for number in range(20_000)]
    assert suggestions.nearest("name_1234x", names) is not None
    assert 0 < len(counted) < 600


def test_problems_are_bounded_whoever_reports_them() -> None:
    problems = errors.Problems()
    for number in range(5000):
        problems.add(Diagnostic("bad-argument", f"problem {number}", Position("f", number + 1, 1)))
    assert len(list(problems)) == 1000


# --- a recorded decision ----------------------------------------------------------------------------------------------

WRONG: list[tuple[tuple[Any, ...], Any]] = [
    (("format",), 2), (("format",), True), (("unheard",), 1), (("at",), "2026-03-03T02:00:00"), (("at",), "yesterday"),
    (("plan",), {}), (("plan", 0), []), (("plan", 0, "unheard"), 1), (("plan", 0, "overdue"), "no"),
    (("plan", 0, "action"), 5), (("plan", 0, "due"), "soon"), (("plan", 0, "params"), []),
    (("plan", 0, "params"), {"amount": {"amount": "1e100000000", "currency": "TWD"}}),
    (("plan", 0, "params"), {"amount": {"amount": "5", "currency": "T" * 1000}}),
    (("plan", 0, "params"), {"amount": {"amount": "5"}}), (("plan", 0, "params"), {"amount": 1.5}),
    (("plan", 0, "because", 0, "text"), {"fr": "non"}), (("plan", 0, "because", 0, "text"), {"en": 5}),
    (("plan", 0, "because", 0, "rule"), None), (("policy",), {"name": "x"}), (("policy",), "x"), (("review_at",), 5),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), WRONG, ids=[f"{path} {value!r:.30}" for path, value in WRONG])
def test_a_recorded_decision_of_another_form_is_refused(
    samples: Samples, path: tuple[Any, ...], value: Any
) -> None:
    data = samples.decision.to_dict()
    assert Decision.from_dict(data) == samples.decision
    if path[-1] == "unheard":
        changed = with_value(data, path[:-1], {**(data["plan"][0] if len(path) > 1 else data), "unheard": 1})
    else:
        changed = with_value(data, path, value)
    with pytest.raises(RequestError, match="this is not a decision"):
        Decision.from_dict(changed)


def test_a_recorded_decision_that_lacks_a_part_is_refused(samples: Samples) -> None:
    data = samples.decision.to_dict()
    for key in data:
        with pytest.raises(RequestError, match=r"missing key|format"):
            Decision.from_dict({name: value for name, value in data.items() if name != key})
    step = {name: value for name, value in data["plan"][0].items() if name != "because"}
    with pytest.raises(RequestError, match="missing key"):
        Decision.from_dict(with_value(data, ("plan", 0), step))


def test_a_recorded_condition_is_not_read_to_any_depth(samples: Samples, make: Make) -> None:
    held = make("- {id: r, then: [{recommend: gift}, {hold: gift, until: {done: ask}}]}")
    data = held.decide({}, at=NOW).to_dict()
    deep: Any = "x"
    for _ in range(70):
        deep = {"any": [deep]}
    with pytest.raises(RequestError, match="nested too deeply"):
        Decision.from_dict(with_value(data, ("held", 0, "until", 0), deep))


def test_an_instant_that_is_none_is_no_recorded_decision(samples: Samples) -> None:
    for at in (5, "soon", "2026-03-03T02:00:00"):
        with pytest.raises(RequestError, match="not-a-decision"):
            samples.policy.verify({"policy": {}, "at": at}, samples.case)


def test_no_list_of_a_decision_can_be_changed() -> None:
    listed: Any = frozen([1, 2])
    attempts: list[Callable[[], Any]] = [
        lambda: listed.__setitem__(0, 5), lambda: listed.__delitem__(0), lambda: listed.__iadd__([5]), lambda: listed.__imul__(2),
        lambda: listed.append(5), listed.clear, lambda: listed.extend([5]), lambda: listed.insert(0, 5), listed.pop,
        lambda: listed.remove(1), listed.reverse, listed.sort,
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(TypeError, match="cannot be changed"):
            attempt()
    assert listed == [1, 2]


def test_what_rules_conclude_cannot_be_given(make: Make) -> None:
    policy = make("- {id: it, when: {x.a: true}, then: [{conclude: v.a}]}")
    assert refused(policy, facts={"v.a": True}) == [("concluded", "facts.v.a")]
    assert policy.decide({"facts": {"x.a": None}}, at=NOW).conclusions == ()


# --- memory that stays flat -------------------------------------------------------------------------------------------


def test_what_a_block_and_a_table_remember_is_bounded(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "MAX_KEPT", 3)
    monkeypatch.setattr(signature, "MAX_VALUES", 4)
    policy = make(
        """
- {id: worded, when: {x.text: {equals: a}, x.b: true}, then: [{recommend: gift}]}
- {id: calm, when: {x.mood: calm}, then: [{recommend: call}]}
- {id: counted, when: {x.count: {above: 3}}, then: [{recommend: ask}]}
- {id: silent, when: {none: claims}, then: [{recommend: secure}]}
"""
    )
    for number in range(60):
        facts = {
            "x.text": "ab"[number % 2],
            "x.b": number % 3 > 0,
            "x.count": number,
            "x.mood": ("calm", "heated")[number % 5 > 2],
        }
        decide(policy, {"currency": chr(65 + number % 26) * 3, "facts": facts})
    blocks = policy._program._compiled.blocks
    assert blocks
    assert all(len(each._known) <= 3 for each in blocks)
    for each in blocks:
        for half in (each._signatures._case, each._signatures._record):
            assert all(len(table.codes) <= 5 for table in half.tables)
            assert all(len(group.known) <= 4 for group in half.groups)


def test_answers_that_differ_from_case_to_case_are_not_all_remembered(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_cache, "MAX_VARIANTS", 2)
    policy = make(
        """
- id: it
  because:
    en: so many, {x.count}
    zh-TW: 共 {x.count} 件
    zh-CN: 共 {x.count} 件
  when: {x.a: true}
  then: [{recommend: gift}]
"""
    )
    for number in range(40):
        _ = decide(policy, x__a=True, x__count=number).plan
    (variants,) = policy._program._cache._of.values()
    assert variants is not None
    assert len(variants.found["plan"]) == 2


# --- the store --------------------------------------------------------------------------------------------------------


def test_a_store_waits_until_the_files_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a version is there when it looks, the rest comes while it waits."""
    folder = write(tmp_path / "rules", "one")
    store = PolicyStore(BASE, folder, settle=0, engine="plain")
    monkeypatch.setattr(store, "_settle", 0.01)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        if not slept:
            write(folder, "two")
        slept.append(seconds)

    monkeypatch.setattr("escalation_rules.store.time.sleep", sleep)
    loads: list[set[str]] = []
    load = Policy.load

    def loading(*layers: Any, **more: Any) -> Policy:
        policy = load(*layers, **more)
        loads.append(versions(policy))
        return policy

    monkeypatch.setattr(Policy, "load", loading)
    write(folder, "two", 3)
    assert store.refresh()
    assert loads == [{"two"}]
    assert slept == [0.01, 0.01]


def test_nothing_is_loaded_while_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PolicyStore(BASE, write(tmp_path / "rules", "one"), settle=0, engine="plain")
    monkeypatch.setattr(Policy, "load", lambda *_, **__: pytest.fail("it is loaded again"))
    assert not store.refresh()


def test_the_later_of_two_refreshes_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that read an earlier version, and was slow, does not bring it back."""
    folder = write(tmp_path / "rules", "one")
    store = PolicyStore(BASE, folder, settle=0, engine="plain")
    settled = store._settled
    read, go_on = threading.Event(), threading.Event()

    def slow() -> Any:
        found = settled()
        if threading.current_thread() is thread:
            read.set()
            go_on.wait(20)
        return found

    monkeypatch.setattr(store, "_settled", slow)
    write(folder, "two")
    thread = threading.Thread(target=store.refresh)
    thread.start()
    try:
        assert read.wait(20)
        write(folder, "three")
        assert store.refresh()
    finally:
        go_on.set()
        thread.join(20)
    assert versions(store.policy) == {"three"}


def test_no_file_is_read_whole_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "rules", "one")
    digest = tmp_path / "policy.digest"
    digest.write_text(Policy.load(BASE, folder).digest, encoding="ascii")
    store = PolicyStore(BASE, folder, settle=0, engine="plain", digest_file=digest)
    read: list[int] = []
    opened = Path.open

    def noting(self: Path, *args: Any, **more: Any) -> Any:
        stream = opened(self, *args, **more)
        if args == ("rb",) and tmp_path in self.parents:
            real: Callable[..., bytes] = stream.read
            stream = _Noted(stream, real, read)
        return stream

    monkeypatch.setattr(Path, "open", noting)
    (folder / "f00.yaml").write_text("# " + file("one", 0), encoding="utf-8")
    store.refresh()
    assert read
    assert -1 not in read


class _Noted:
    """A stream that notes how much of it is asked for."""

    def __init__(self, stream: Any, read: Callable[..., bytes], sizes: list[int]) -> None:
        self._stream, self._read, self._sizes = stream, read, sizes

    def read(self, size: int = -1) -> bytes:
        self._sizes.append(size)
        return self._read(size)

    def __enter__(self) -> _Noted:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def test_links_that_lead_elsewhere_are_another_version(tmp_path: Path) -> None:
    """The same bytes at another place: what was looked at before and after reading is not the same."""
    for name in ("a", "b"):
        write(tmp_path / name, "one")
    link = tmp_path / "rules"
    link.symlink_to(tmp_path / "a")
    store = PolicyStore(BASE, link, settle=0, engine="plain")
    before = store._look()
    link.unlink()
    link.symlink_to(tmp_path / "b")
    assert store._look() != before
