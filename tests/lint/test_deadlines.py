"""What lint proposes for a time that counts from nothing can be taken as it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_rules import Policy
from escalation_rules.policy.reading import read_policy
from escalation_rules.tools.lint import lint

CORPUS = Path(__file__).resolve().parents[1] / "diagnostics" / "corpus" / "warned" / "deadlines.yaml"


def test_each_proposal_loads_and_ends_the_warning(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    text = CORPUS.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    found = [each for each in lint(read_policy([path])) if each.code == "no-anchor"]
    assert len(found) >= 5
    lines = text.splitlines()
    for each in found:
        assert each.position is not None
        assert each.suggestion is not None
        place = next(
            index
            for index in range(each.position.line, len(lines))
            if lines[index].lstrip().startswith("within:")
        )
        lines[place] = f"        within: {each.suggestion}"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [each for each in lint(read_policy([path])) if each.code == "no-anchor"] == []


@pytest.mark.parametrize(("within", "is_due"), [("3 days", False), ("3 days of case.opened_at", True)])
def test_what_is_said_to_have_no_due_time_has_none(within: str, is_due: bool, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        "format: 1\nvocabulary:\n  phases: [calm]\n  facts: {case.opened_at: {type: instant}}\n"
        "  actions: {call: {phase: calm}}\nruleset: one\nrules:\n"
        f"  - id: call\n    then: [{{recommend: call, within: {within}}}]\n"
    )
    policy = Policy.load(path)
    said = any(each.code == "no-anchor" for each in lint(policy.model))
    at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    (step,) = policy.decide({"facts": {"case.opened_at": "2026-03-02T09:00:00Z"}}, at=at).plan
    assert (step.due is not None, said) == (is_due, not is_due)
