"""Finds a case that distinguishes a changed policy from the original, near the rule's example or with the solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime, time
from itertools import chain, islice
from typing import Any, Literal

import attrs

from escalation_rules.case import Case
from escalation_rules.engine import Program
from escalation_rules.engine.decide import Assessment
from escalation_rules.engine.request import read_request
from escalation_rules.engine.verdict import verdict
from escalation_rules.errors import CaseError, PolicyError, RequestError
from escalation_rules.policy.conditions import FactName, FactTest, FieldName, Name
from escalation_rules.policy.model import PolicyModel, Prohibit, Rule
from escalation_rules.policy.precedence import Precedence
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.solving import domains, solver_available
from escalation_rules.solving.moments import dated_parts
from escalation_rules.solving.witness import PARAMETERS
from escalation_rules.solving.written import length_said
from escalation_rules.source import Mapping as MappingNode
from escalation_rules.source import Node, one_or_more, to_plain
from escalation_rules.tools.mutation.from_tests import as_plain, instants
from escalation_rules.tools.mutation.policy_changes import Mutant
from escalation_rules.values import Instant, ValueProblem
from escalation_rules.values import to_plain as plain_value

Data = dict[str, Any]
EXAMPLE_DAY, EXAMPLE_TIME = date(2026, 3, 2), time(10)
"""The instant, in the policy's zone, for examples that state none."""
MOST_VALUES = 8
MOST_TRIES = 20
"""The maximum number of differing cases near an example that are passed to `says`."""
PARTS = ("plan", "done", "forbidden", "held", "missing", "findings", "conclusions")
_DOING = frozenset({"plan", "done", "forbidden", "held", "verdicts"})
"""The parts of a decision that say what to do and what is allowed."""
BY = " by "
"""Between the action and the role of a verdict."""
_TEXTS = frozenset({"text", "say", "question", "principle", "source"})


@attrs.frozen
class Told:
    """The result of a search: a case and an instant at which the decisions differ, and both decisions as
    plain data.

    `params` are the parameters of the act in question, if any. `equivalent`: proven that there is none.
    `unknown`: none was found.
    """

    outcome: Literal["case", "equivalent", "unknown"]
    case: Mapping[str, Any] | None = None
    at: datetime | None = None
    params: Mapping[str, Any] = attrs.Factory(dict)
    before: Mapping[str, Any] = attrs.Factory(dict)
    after: Mapping[str, Any] = attrs.Factory(dict)


Says = Callable[[Told], bool]
"""Whether a case is acceptable to the caller."""


class Telling:
    """Finds cases that distinguish mutants from the policy. `solver`: use it if no case near the example differs."""

    def __init__(self, model: PolicyModel, *, solver: bool) -> None:
        self.model = model
        self._program = Program(model, "plain")
        self._asked: tuple[str, ...] = ()
        self._search: Any = None
        if solver and solver_available():
            from escalation_rules.tools.mutation.solved import Differing

            self._search = Differing(model)

    def tell(
        self, mutant: Mutant, says: Says = lambda _: True, tests: Iterable[tuple[Case, datetime]] = ()
    ) -> Told:
        """A case that shows the difference, or the result that there is none.

        Prefers a case that `says` accepts, otherwise returns the first one found. `tests`: cases of tests, and the
        instants at which they are decided; they are tried also at later instants at which the decision changes.
        """
        try:
            other = Program(mutant.apply(self.model), "plain")
        except PolicyError:
            return Told("unknown")
        rule = None if mutant.rule is None else self.model.rule(mutant.rule.id)
        self._asked = () if rule is None else tuple(self._questions(rule, mutant.rule or rule))
        nearby = near(rule, self.model) if rule is not None else ()
        first, accepted = self._first(other, nearby, says)
        if accepted:
            return first
        if self._search is not None and mutant.rule is not None and rule is not None:
            found = self._searched(rule, mutant, other, says)
            if found.outcome == "case" and says(found):
                return found
            first = first if first.outcome == "case" else found
        if first.outcome != "unknown":
            return first
        own = examples(rule, self.model) if rule is not None else ()
        of_tests = ((as_plain(case, at), at) for case, at in tests)
        return self._first(other, self._at_later_instants(other, chain(own, of_tests)), says)[0]

    def _first(self, other: Program, cases: Iterable[tuple[Data, datetime]], says: Says) -> tuple[Told, bool]:
        """The first case with a difference that `says` accepts, or else the first one; and whether it is accepted."""
        first: Told | None = None
        tries = MOST_TRIES
        for case, at in cases:
            if tries and self._differ(other, case, at):
                told = self._told(other, self._smaller(other, case, at), at)
                if says(told):
                    return told, True
                first, tries = first or told, tries - 1
        return first or Told("unknown"), False

    def _at_later_instants(
        self, other: Program, cases: Iterable[tuple[Data, datetime]]
    ) -> Iterator[tuple[Data, datetime]]:
        """Cases also at the next instants at which a decision about them changes by time alone."""
        for data, at in cases:
            try:
                case = Case.from_mapping(self.model.vocabulary, data)
            except CaseError:
                continue
            yield from (
                (data, instant) for instant in instants((self._program, other), case, Instant().parse(at))
            )

    def _questions(self, rule: Rule, changed: Rule) -> Iterator[str]:
        """Which acts to ask about: one of each prohibition, by anybody and, if it concerns other roles now, by each of
        them and by another one."""
        yield from (effect.actions[0] for effect in rule.prohibits)
        vocabulary = self.model.vocabulary
        for before, after in zip(rule.prohibits, changed.prohibits, strict=False):
            if before.by != after.by:
                action = before.actions[0]
                roles = {*before.by, *after.by}
                able = vocabulary.actions[action].by or tuple(vocabulary.roles)
                others = (role for role in able if role not in {*roles, *vocabulary.outside})
                yield from (f"{action}{BY}{role}" for role in (*sorted(roles), *islice(others, 1)))

    def _searched(self, rule: Rule, mutant: Mutant, other: Program, says: Says) -> Told:
        """Search with the solver: for a case that is accepted, otherwise for any."""

        def will_do(case: Data, at: datetime) -> bool:
            return self._differ(other, case, at) and says(self._told(other, case, at))

        def differs(case: Data, at: datetime) -> bool:
            return self._differ(other, case, at)

        for keeps in (will_do, differs):
            outcome, case, at = self._search.find(rule, mutant, keeps)
            if case is not None and at is not None:
                return self._told(other, case, at)
            if outcome == "none":
                proven = _is_proof(rule, mutant) and self._has_the_same_times(rule, mutant)
                return Told("equivalent" if proven else "unknown")
        return Told("unknown")

    def _has_the_same_times(self, rule: Rule, mutant: Mutant) -> bool:
        """Whether a rule that holds in the same cases also holds since the same instants, and has precedence over the same
        rules."""
        changed = mutant.apply(self.model)
        before, after = (
            set(dated_parts(model, mine))
            for model, mine in ((self.model, rule), (changed, mutant.rule or rule))
        )
        timed = any(effect.within is not None for one in self.model.rules for effect in one.recommends)
        return (not timed or before == after) and Precedence.of(self.model).below == Precedence.of(
            changed
        ).below

    def _differ(self, other: Program, data: Data, at: datetime) -> bool:
        return bool(self._differing(other, data, at))

    def _differing(self, other: Program, data: Data, at: datetime) -> frozenset[str]:
        """The parts in which the two decisions differ."""
        before, after = (decided(program, data, at, self._asked) for program in (self._program, other))
        if before is None or after is None:
            return frozenset()
        return frozenset(part for part in before if before[part] != after[part])

    def _told(self, other: Program, case: Data, at: datetime) -> Told:
        before, after = (decided(program, case, at, self._asked) or {} for program in (self._program, other))
        bare = {key: value for key, value in case.items() if key != PARAMETERS}
        return Told("case", bare, at, case.get(PARAMETERS) or {}, before, after)

    def _smaller(self, other: Program, case: Data, at: datetime) -> Data:
        """Remove facts, lists and acts that are not needed for the difference. A difference in what may be
        done is preserved."""
        kept = self._differing(other, case, at)
        kept = kept & _DOING or kept
        shrinking = True
        while shrinking:
            shrinking = False
            for less in _less(case):
                if self._differing(other, less, at) & kept:
                    case, shrinking = less, True
                    break
        return case


def _is_proof(rule: Rule, mutant: Mutant) -> bool:
    """Whether the solver's failure to find a case proves the mutant equivalent.

    For changed effects, the solver only searches for a case in which the rule holds. A change of
    `when_unknown` is equivalent if the rule is never unknown and the prohibition has no `where:` that could
    be.
    """
    if mutant.in_condition or mutant.rule is None:
        return mutant.in_condition
    changed = [
        before for before, after in zip(rule.effects, mutant.rule.effects, strict=False) if before != after
    ]
    return mutant.kind == "when_unknown changed" and all(
        isinstance(effect, Prohibit) and effect.where is None for effect in changed
    )


def decided(
    program: Program, data: Data, at: datetime, actions: Sequence[str] = ()
) -> Mapping[str, Any] | None:
    """The decision on a case as plain data without texts, with verdicts on `actions` (`pay`, or `pay by clerk`), which
    use the parameters stored with the case. None if the case is invalid."""
    try:
        case = Case.from_mapping(
            program.model.vocabulary, {key: value for key, value in data.items() if key != PARAMETERS}
        )
        moment = Instant().parse(at)
    except (CaseError, ValueProblem):
        return None
    assessment = program.assessment(case, case.at(moment), moment)
    decision = program.decision(case, assessment, moment)
    parts = {part: [_bare(entry.to_dict()) for entry in getattr(decision, part)] for part in PARTS}
    verdicts = {name: _verdict(assessment, name, data.get(PARAMETERS) or {}) for name in actions}
    return {"phase": decision.phase, **parts, "verdicts": verdicts}


def _verdict(assessment: Assessment, asked: str, said: Mapping[str, Any]) -> str | None:
    """The verdict on an act with those of the parameters that its action has; None if the request is invalid."""
    action, _, role = asked.partition(BY)
    params = {
        name: value for name, value in said.items() if name in assessment.vocabulary.actions[action].params
    }
    try:
        request = read_request(assessment, action, by=role or None, about=None, params=params or None)
    except RequestError:
        return None
    return verdict(assessment, request.action, None, request.doer, request.params).verdict


def _bare(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _bare(value) for key, value in data.items() if key not in _TEXTS}
    return [_bare(part) for part in data] if isinstance(data, (list, tuple)) else data


# --- cases near an example --------------------------------------------------------------------------------------------


def near(rule: Rule, model: PolicyModel) -> Iterator[tuple[Data, datetime]]:
    """The examples of a rule (or an empty case, if it has none), and cases that differ from one in a single
    value, record or act."""
    names = list(_names([rule, *_beside(rule, model)], model))
    for data, at in examples(rule, model):
        yield data, at
        for name, operators in names:
            for value in (None, *_values(name.fact, operators)):
                yield from ((case, at) for case in _put(data, name, value))
        for less in _less(data):
            yield less, at


def examples(rule: Rule, model: PolicyModel) -> list[tuple[Data, datetime]]:
    """The examples of a rule, or an empty case if it has none."""
    usual = datetime.combine(EXAMPLE_DAY, EXAMPLE_TIME, model.vocabulary.zone or UTC)
    return [_example(node, usual) for node in one_or_more(rule.examples)] or [({}, usual)]


def _example(node: Node, usual: datetime) -> tuple[Data, datetime]:
    """The case of an example in which a rule fires, and its instant (`usual` if it states none)."""
    data: Data = {}
    if isinstance(node, MappingNode):
        fires, at = node.get("fires"), node.get("at")
        usual = datetime.fromisoformat(str(to_plain(at))) if at is not None else usual
        data = to_plain(fires) if isinstance(fires, MappingNode) else {}
    return ({} if "history" in data else data), usual


def _beside(rule: Rule, model: PolicyModel) -> list[Rule]:
    """The rules that prohibit the same actions and so may hide the effect of this one."""
    actions = {name for effect in rule.prohibits for name in effect.actions}
    return [other for other in model.rules if other.id != rule.id
            and any(not actions.isdisjoint(ban.actions) for ban in other.prohibits)]  # fmt: skip


def _names(rules: Sequence[Rule], model: PolicyModel) -> Iterator[tuple[Name, list[Any]]]:
    """The facts and fields that rules test, each with the operators applied to it."""
    found: dict[str, tuple[Name, list[Any]]] = {}
    holders = (holder for rule in rules for holder in (model.rulesets[rule.ruleset], rule))
    for condition in (condition for holder in holders for condition in holder.conditions):
        for test in condition.walk():
            for name in test.names():
                if not name.fact.concluded:
                    operators = found.setdefault(name.full, (name, []))[1]
                    operators += [test.operator] if isinstance(test, FactTest) else []
    yield from found.values()


def _values(fact: Fact, operators: list[Any]) -> Iterator[Any]:
    if fact.type.kind in {"instant", "text", "reference"}:
        return
    for value in (domains.values(fact.type, operators, None) or [])[:MOST_VALUES]:
        plain = plain_value(value)
        yield length_said(plain) if fact.type.kind == "duration" and isinstance(plain, str) else plain


def _put(data: Data, name: Name, value: Any) -> Iterator[Data]:
    """Copies of the case with another value of a fact, or of a field in one of the records; None removes it."""
    if isinstance(name, FactName):
        facts = {key: fact for key, fact in (data.get("facts") or {}).items() if key != name.text}
        yield {**data, "facts": facts if value is None else {**facts, name.text: value}}
    elif isinstance(name, FieldName):
        for number, row in enumerate(data.get(name.list) or ()):
            case = deepcopy(data)
            others = {key: field_value for key, field_value in row.items() if key != name.field}
            case[name.list][number] = others if value is None else {**others, name.field: value}
            yield case


def _less(data: Data) -> Iterator[Data]:
    """Copies of the case without one of its facts, lists, records, fields or acts."""
    for name in data.get("facts") or {}:
        left = {key: fact for key, fact in data["facts"].items() if key != name}
        yield (
            {**data, "facts": left} if left else {key: value for key, value in data.items() if key != "facts"}
        )
    for name, rows in data.items():
        if name in {"facts", "id"}:
            continue
        yield {key: value for key, value in data.items() if key != name}
        for number, row in enumerate(rows) if isinstance(rows, list) else ():
            if len(rows) > 1:
                yield {**data, name: [*rows[:number], *rows[number + 1 :]]}
            for field in row if isinstance(row, dict) and name != "acts" else ():
                if field != "id":
                    less = {key: field_value for key, field_value in row.items() if key != field}
                    yield {**data, name: [*rows[:number], less, *rows[number + 1 :]]}
