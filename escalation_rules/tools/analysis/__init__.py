"""Analyses a whole policy: conflicts, rules without effect, gaps, steps without a deadline.

Each concern has a case that shows it, confirmed by the policy itself, or a proof. Concerns that the policy's
owners have answered count as settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from escalation_rules.decision import PolicyRef
from escalation_rules.engine import Program
from escalation_rules.solving.witness import Witness
from escalation_rules.tools.analysis.answers import Answers, declared_names, read_answers
from escalation_rules.tools.analysis.result import KINDS, Analysis, Answer, Concern

if TYPE_CHECKING:
    from escalation_rules.solving.search import Search
    from escalation_rules.solving.sizes import Size
    from escalation_rules.tools.analysis.checks import Checks, Question

__all__ = ["KINDS", "Analysis", "Answer", "Answers", "Concern", "analyse", "declared_names", "read_answers"]


def analyse(program: Program, answers: Answers | None = None, *, records: int = 3, acts: int = 3) -> Analysis:
    """Find all concerns, in cases with up to `records` records in each list and up to `acts` acts, or as many as the rules
    concerned count."""
    from escalation_rules.solving.search import Search
    from escalation_rules.solving.sizes import Bounds, Sizes
    from escalation_rules.tools.analysis.checks import Checks, asked

    known = answers or Answers()
    search = Search([program.model], Bounds(records, acts))
    sizes = Sizes(program.model)
    concerns: list[Concern] = []
    undecided: list[Concern] = []
    checks = Checks(program, known.needs_a_step)
    for question in checks.questions():
        size = sizes.of_rules(question.rules)
        outcome, case, at = asked(search, program, question, size)
        concern = Concern(question.kind, question.rules, question.action)
        if outcome == "found":
            shown = None if case is None or at is None else Witness.of(case, at)
            answer = next((each for each in known.answers if each.covers(concern.kind, concern.rules)), None)
            concern = attrs.evolve(concern, answer=None if answer is None else answer.because)
            if question.kind == "gap" and answer is None:
                further = [each for each in _gaps(checks, search, question, size) if each != shown]
                concerns += [attrs.evolve(concern, witness=each) for each in further]
            concerns.append(attrs.evolve(concern, witness=shown))
        elif outcome == "undecided":
            undecided.append(concern)
    stale = [
        each
        for each in known.answers
        if each.may_be_stale and not each.is_of_lint and not _needed(each, concerns)
    ]
    ref = PolicyRef(program.model.name, program.model.digest)
    gaps = known.needs_a_step is not None
    return Analysis(ref, tuple(concerns), tuple(undecided), tuple(stale), records, acts, gaps)


MOST_GAPS = 3
"""How many gaps in which nothing is left to be asked are shown."""


def _gaps(checks: Checks, search: Search, gap: Question, size: Size) -> list[Witness]:
    """Gaps that no answer to a question closes: more useful than the smallest one, in which hardly anything is known."""
    from escalation_rules.tools.analysis.checks import asked

    found: list[Witness] = []
    while len(found) < MOST_GAPS:
        question = checks.further_gap(gap, [each.found() for each in found])
        _, case, at = asked(search, checks.program, question, size)
        if case is None or at is None:
            break
        found.append(Witness.of(case, at))
    return found


def _needed(answer: Answer, concerns: list[Concern]) -> bool:
    """Whether each rule named in an answer has a concern that the answer covers."""
    met = {name for each in concerns if answer.covers(each.kind, each.rules) for name in each.rules}
    return met == set(answer.rules) and any(answer.covers(each.kind, each.rules) for each in concerns)
