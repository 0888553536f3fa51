"""The table of operators in `rulesets/README.md`, made from the operators themselves.

`python tests/reference/operators.py` writes it; a test refuses a table that is not the one made here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from escalation_rules.policy.conditions import (
    ACT_CONDITIONS,
    OPERATORS,
    RECORD_CONDITIONS,
    STEP_CONDITIONS,
    DuringTest,
    GivenTest,
)

README = Path(__file__).resolve().parents[2] / "rulesets" / "README.md"
BEGIN, END = "<!-- operators:begin -->\n", "<!-- operators:end -->\n"


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Word, what it applies to, what it means, an example."""
    for operator in OPERATORS.values():
        kinds = "any value" if len(operator.kinds) > 7 else ", ".join(sorted(operator.kinds))
        yield operator.key, kinds, operator.doc, operator.example
    yield "given", "any value", GivenTest.doc, "given"
    yield DuringTest.head, "now", DuringTest.doc, DuringTest.example
    for record_test in RECORD_CONDITIONS:
        yield record_test.head, "record list", record_test.doc, record_test.example
    for act_test in ACT_CONDITIONS:
        yield act_test.head, "acts", act_test.doc, act_test.example
    for step_test in STEP_CONDITIONS:
        yield step_test.head, "open steps", step_test.doc, step_test.example


def table() -> str:
    """The table in Markdown."""
    lines = ["| word | of | meaning | example |", "| --- | --- | --- | --- |"]
    lines += [f"| `{word}` | {kinds} | {doc} | `{example}` |" for word, kinds, doc, example in rows()]
    return "\n".join(lines) + "\n"


def with_table(text: str) -> str:
    """The page with the table between its marks."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return head + BEGIN + table() + END + tail


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
