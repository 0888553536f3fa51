"""The page for operators says what is so: its program runs, its limits are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from escalation_rules import errors, values
from escalation_rules import store as store_module
from escalation_rules.case import values as case_values
from escalation_rules.policy.reading import files
from escalation_rules.source import MAX_CHARACTERS, MAX_DEPTH, MAX_NODES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "examples" / "OPERATORS.md").read_text(encoding="utf-8")
LIMITS = {
    "characters of a text; combining marks on one letter": f"{values.MAX_TEXT:,}; {values.MAX_MARKS}",
    "items of one list of a case, acts, entries of a history; items of a case in all": (
        f"{case_values.MAX_ITEMS:,}; {case_values.MAX_IN_ALL:,}"
    ),
    "an id, a key in a message": f"{values.MAX_ID} characters",
    "an amount": f"10^{values.MAX_AMOUNT.adjusted()}, with {values.MAX_FRACTION} decimals",
    "problems reported": f"{errors._MOST_PROBLEMS}, and one entry that says that there are more",
    "files of a layer; entries of its folders; levels": f"{files.MAX_FILES}; {files.MAX_ENTRIES:,}; {files.MAX_LEVELS}",
    "characters, values, levels of one file; values of a policy in all": (
        f"{MAX_CHARACTERS:,}; {MAX_NODES:,}; {MAX_DEPTH}; {files.MAX_VALUES:,}"
    ),
}


@pytest.mark.parametrize("what", LIMITS)
def test_a_limit_is_that_of_the_code(what: str) -> None:
    assert f"| {what} | {LIMITS[what]} |" in PAGE


def test_the_program_of_the_store_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (program,) = (
        each for each in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "PolicyStore" in each
    )
    known: dict[str, object] = {}
    exec(program, known)
    assert isinstance(known["state"], store_module.StoreState)
    assert known["policy"] is known["state"].policy


def test_the_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!http)([^)#]+)", PAGE)
    assert targets
    assert [each for each in targets if not (ROOT / "examples" / each).exists()] == []
    assert "examples/OPERATORS.md" in (ROOT / "README.md").read_text(encoding="utf-8")
