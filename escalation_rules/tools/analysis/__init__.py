"""Analyses a whole policy: conflicts, rules without effect, gaps, steps without a deadline.

Each concern has a case that shows it, confirmed by the policy itself, or a proof. Concerns that the policy's
owners have answered count as settled.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import attrs

from escalation_rules.decision import PolicyRef
from escalation_rules.engine import Program
from escalation_rules.policy.conditions import Condition
from escalation_rules.solving.witness import Witness
from escalation_rules.tools.analysis.answers import Answers, declared_names, read_answers, read_cases
from escalation_rules.tools.analysis.origin import Origin, origin
from escalation_rules.tools.analysis.result import KINDS, Analysis, Answer, Concern

if TYPE_CHECKING:
    from escalation_rules.solving.search import Search
    from escalation_rules.solving.sizes import Bounds
    from escalation_rules.tools.analysis.gaps import Gap

__all__ = [
    "KINDS", "Analysis", "Answer", "Answers", "Concern", "analyse", "declared_names", "origin", "read_answers", "read_cases",
]  # fmt: skip

MOST_GAPS = 6
"""How many gaps in which nothing is left to be asked are looked for, unless more are wanted."""
_NEARLY_ALL = 0.95
"""The part of the work that is done when gaps are looked for."""


def analyse(
    program: Program,
    answers: Answers | None = None,
    *,
    records: int = 3,
    acts: int = 3,
    gaps_in: Condition | None = None,
    most_gaps: int = MOST_GAPS,
    steps_of: Origin | None = None,
    proceed: Callable[[float], bool] = lambda _: True,
) -> Analysis:
    """Find all concerns, in cases with up to `records` records in each list and up to `acts` acts, or as many as the rules
    concerned count. With `gaps_in`, only gaps in such cases are looked for; with `steps_of`, only cases in which no rule of
    this origin recommends anything, among those or, without `gaps_in`, for each thing that it declares. `proceed` is called
    with the part of the work that is done; if it says no, what is left is not examined."""
    from escalation_rules.solving.search import Search
    from escalation_rules.solving.sizes import Bounds

    ref = PolicyRef(program.model.name, program.model.digest)
    if steps_of is not None:
        counted = _Found(proceed)
        _look_for_steps_of(counted, program, Bounds(records, acts), steps_of, gaps_in, most_gaps)
        return Analysis(
            ref, tuple(counted.concerns), tuple(counted.undecided), (), records, acts, True, counted.all_gaps,
            tuple(counted.left), steps_of.name,
        )  # fmt: skip
    known = answers or Answers()
    needs = tuple(condition for condition in (known.needs_a_step, gaps_in) if condition is not None)
    told = (one for known_answer in known.answers for one in (known_answer.cases, known_answer.unless))
    answered = tuple(condition for condition in told if condition is not None)
    search = Search([program.model], Bounds(records, acts), (*needs, *answered))
    found = _Found(proceed)
    if gaps_in is None:
        _ask(found, program, search, known)
    if needs:
        _look_for_gaps(found, program, search, known, needs, most_gaps)
    left = {concern.kind for concern in found.left}
    stale = [
        known_answer
        for known_answer in known.answers
        if gaps_in is None
        and known_answer.may_be_stale
        and known_answer.kind not in left
        and not known_answer.is_of_lint
        and not found.needs(known_answer)
    ]
    return Analysis(
        ref, tuple(found.concerns), tuple(found.undecided), tuple(stale), records, acts, bool(needs), found.all_gaps,
        tuple(found.left),
    )  # fmt: skip


@attrs.define
class _Found:
    """What was found so far. `used` are the answers to gaps that exist, `left` is what was not examined."""

    proceed: Callable[[float], bool]
    concerns: list[Concern] = attrs.Factory(list)
    undecided: list[Concern] = attrs.Factory(list)
    used: list[Answer] = attrs.Factory(list)
    left: list[Concern] = attrs.Factory(list)
    all_gaps: bool = True

    def needs(self, answer: Answer) -> bool:
        """Whether each rule named in an answer has a concern that the answer covers."""
        if answer.cases is not None:
            return any(used is answer for used in self.used)
        covered = [
            concern
            for concern in (*self.concerns, *self.undecided)
            if answer.covers(concern.kind, concern.rules)
        ]
        return bool(covered) and {name for concern in covered for name in concern.rules} == set(answer.rules)


def _ask(found: _Found, program: Program, search: Search, known: Answers) -> None:
    """Ask all questions about rules."""
    from escalation_rules.solving.sizes import Sizes
    from escalation_rules.tools.analysis.checks import Checks, asked

    sizes = Sizes(program.model)
    questions = list(Checks(program).questions())
    for number, question in enumerate(questions):
        concern = Concern(question.kind, question.rules, question.action)
        if found.left or not found.proceed(number / (len(questions) + 1)):
            found.left.append(concern)
            continue
        if any(_alike(other, concern) for other in found.concerns):  # the same of another record, for example
            continue
        outcome, case, at = asked(search, program, question, sizes.of_rules(question.rules))
        answer = next(
            (
                known_answer
                for known_answer in known.answers
                if known_answer.covers(concern.kind, concern.rules)
            ),
            None,
        )
        because = None if answer is None else answer.because
        if outcome == "found":
            shown = None if case is None or at is None else Witness.of(case, at)
            found.concerns.append(attrs.evolve(concern, witness=shown, answer=because))
            found.undecided = [other for other in found.undecided if not _alike(other, concern)]
        elif outcome == "undecided" and not any(_alike(other, concern) for other in found.undecided):
            found.undecided.append(attrs.evolve(concern, answer=because))


def _alike(one: Concern, other: Concern) -> bool:
    """Whether two concerns are of the same kind, and about the same rules and the same action."""
    return (one.kind, {*one.rules}, one.action) == (other.kind, {*other.rules}, other.action)


def _look_for_gaps(
    found: _Found,
    program: Program,
    search: Search,
    known: Answers,
    conditions: tuple[Condition, ...],
    most: int,
) -> None:
    """Look for one gap to each answer, then for gaps without an answer, and last for one in which something is still asked for:
    there, the policy says what to find out."""
    from escalation_rules.tools.analysis.gaps import Cases, GapSearch, Steps

    steps, needs = Steps(program, search), [Cases(condition) for condition in conditions]
    answered: list[Cases] = []
    for answer in known.answers:
        if answer.cases is not None:
            if not found.proceed(_NEARLY_ALL):
                found.left.append(Concern("gap", ()))
                return
            cases = Cases(answer.cases, answer.unless)
            gaps = GapSearch(steps, (*needs, cases)).any()
            found.used += [answer] if gaps.outcome != "none" else []
            found.concerns += [_concern(gap, answer) for gap in gaps.found]
            answered.append(cases)
    looking = GapSearch(steps, needs, answered)
    if not found.proceed(_NEARLY_ALL):
        found.left.append(Concern("gap", ()))
    if found.left or looking.is_about_nothing():
        return
    decided, still_open = looking.decided(most, lambda: found.proceed(_NEARLY_ALL)), looking.open()
    found.concerns += [_concern(gap) for gap in (*decided.found, *still_open.found)]
    found.all_gaps = decided.outcome == "none"
    if decided.outcome == "no-time":
        found.left.append(Concern("gap", ()))
    elif not {decided.outcome, still_open.outcome} <= {"case", "none", "more"}:
        found.undecided.append(Concern("gap", ()))


def _look_for_steps_of(
    found: _Found, program: Program, bounds: Bounds, origin: Origin, cases: Condition | None, most: int
) -> None:
    """Look for cases in which no rule of an origin recommends anything, whatever others do: among some cases, or one for each
    list and each flag that it declares."""
    from escalation_rules.solving.search import Search
    from escalation_rules.tools.analysis.gaps import Cases, GapSearch, Steps

    asked: list[tuple[str | None, Condition]] = [(None, cases)] if cases is not None else []
    if cases is None:
        asked = [(name, read_cases(program.model, text, name)) for name, text in origin.about]
    steps = Steps(
        program, Search([program.model], bounds, [condition for _, condition in asked]), origin.rules
    )
    for number, (among, condition) in enumerate(asked):
        done = number / len(asked)
        if not found.proceed(done):
            found.left += [Concern("gap", (), among=name) for name, _ in asked[number:]]
            return
        most = most if among is None else 1
        gaps = GapSearch(steps, [Cases(condition)]).decided(most, partial(found.proceed, done))
        found.concerns += [_concern(gap, among=among) for gap in gaps.found]
        found.all_gaps = found.all_gaps and (among is not None or gaps.outcome == "none")
        if gaps.outcome == "no-time":
            found.left.append(Concern("gap", (), among=among))
        elif gaps.outcome not in {"case", "none", "more"}:
            found.undecided.append(Concern("gap", (), among=among))


def _concern(gap: Gap, answer: Answer | None = None, among: str | None = None) -> Concern:
    because = None if answer is None else answer.because
    return Concern("gap", (), None, gap.witness, because, gap.near, gap.asks, gap.blocked, among)
