"""How long a value counts shows only in histories: such a change is named, and nothing else is put down to it."""

from __future__ import annotations

from pathlib import Path

from escalation_rules import Policy, compare
from tests.compare.test_small import VOCABULARY, rule

LATE = "    order.late: {type: flag, label: the order is late, question: Is it late?"
RULES = rule("one", "{order.late: true}", "{recommend: call, within: 2 working days}") + rule(
    "two", "{order.late: false, order.count: 2}", "{forbid: refund}"
)


def test_it_is_named_as_not_compared(tmp_path: Path) -> None:
    both = []
    for name, more in (("old", ", stale_after: 2 days}"), ("new", ", stale_after: 1 day}")):
        assert LATE + "}" in VOCABULARY
        (tmp_path / name).mkdir()
        text = VOCABULARY.replace(LATE + "}", LATE + more) + RULES
        (tmp_path / name / "policy.yaml").write_text(text, encoding="utf-8")
        both.append(Policy.load(tmp_path / name, engine="plain"))
    result = compare(*both)
    (left,) = result.not_compared
    assert (left.part, left.because, left.keys) == ("aging", ("order.late",), ("stale_after",))
    assert (result.effects, result.compared, result.equivalent) == ((), 0, False)
    assert [(each.name, each.parts) for each in result.vocabulary] == [("order.late", ("stale_after",))]
