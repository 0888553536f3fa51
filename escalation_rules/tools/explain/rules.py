"""Explains one rule: its tests with the values they read, and the smallest set of tests that prevents it."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.decision import (
    AtomView,
    EndAct,
    EndView,
    LimitView,
    RuleView,
    Seen,
    Standing,
    WrittenIn,
)
from escalation_rules.engine import Assessment
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.paths import Atoms
from escalation_rules.engine.recommendations import aimed
from escalation_rules.engine.steps import Draft, parameter_shown, params
from escalation_rules.policy.conditions import (
    Act,
    Condition,
    Done,
    RecordCondition,
    Records,
    Selection,
    Situation,
    Some,
    StepTest,
    Truth,
    step_record,
)
from escalation_rules.policy.model import Prohibit, Rule, overriding
from escalation_rules.tools.explain.whynot import Formula, fewest_changes
from escalation_rules.values import to_plain

_STANDING: dict[Truth, Standing] = {True: "holds", False: "does_not_hold", None: "undecided"}
_ALWAYS: tuple[tuple[int, ...], ...] = ((),)


def explain_rule(assessment: Assessment, rule: Rule) -> list[RuleView]:
    """Explain the rule for the case or for each of its records; once, if the list has no records."""
    views = [_view(assessment, instance) for instance in assessment.outcome.of(rule.id)]
    return views or [_without_records(assessment, rule, False)]


def _without_records(assessment: Assessment, rule: Rule, truth: Truth) -> RuleView:
    """Explain a rule for each record of a list that is empty or unknown (`truth` None): the missing record prevents it."""
    condition = Some(Selection(rule.for_each or ""))
    seen = Seen(condition.selection.list, None, None if truth is None else [])
    atom = AtomView(condition.to_data(), "for_each", truth, (seen,), True, condition)
    text = assessment.words.because(rule, ())
    return RuleView(rule.id, None, _STANDING[truth], rule.principle, rule.source, text, (atom,), (atom,))


def _view(assessment: Assessment, instance: Instance) -> RuleView:
    rule = instance.rule
    if not instance.listed and instance.truth is None:
        return _without_records(assessment, rule, None)
    formula, parts = formula_of(assessment, rule)
    atoms: tuple[AtomView, ...] = ()
    in_the_way: tuple[AtomView, ...] = ()
    if instance.listed:
        vector = vector_of(assessment, instance, formula, parts)
        views = {number: _atom(assessment.situation, instance.records, condition, parts[number], vector[number])
                 for number, condition in enumerate(formula.atoms)}  # fmt: skip
        atoms = (*views.values(), *_alternatives(assessment, instance))
        changes = {} if instance.truth else fewest_changes(formula, vector) or {}
        in_the_way = tuple(_wanted(views[number], truth) for number, truth in sorted(changes.items()))
    may_apply = instance.truth is not False and instance.listed
    return RuleView(
        rule.id,
        instance.record_id,
        _STANDING[instance.truth],
        rule.principle,
        rule.source,
        assessment.words.because(rule, instance.records),
        atoms,
        in_the_way,
        _overriding(assessment, instance),
        tuple(_limits(assessment, instance)) if may_apply else (),
        tuple(_ends(assessment, instance)) if may_apply else (),
    )


def formula_of(assessment: Assessment, rule: Rule) -> tuple[Formula, tuple[WrittenIn, ...]]:
    """The rule as a formula, and for each test the part of the rule in which it is written."""
    gate = assessment.model.rulesets[rule.ruleset].applies_while
    atoms = Atoms()  # shared by all parts, so that a test repeated in the gate and the rule is the same atom
    counts: list[int] = []
    gate_paths = atoms.paths(gate) if gate is not None else _ALWAYS
    counts.append(len(atoms.conditions))
    when = atoms.paths(rule.when) if rule.when is not None else _ALWAYS
    counts.append(len(atoms.conditions))
    unless = atoms.paths(rule.unless) if rule.unless is not None else ()
    parts: list[WrittenIn] = [
        "applies_while" if number < counts[0] else "when" if number < counts[1] else "unless"
        for number in range(len(atoms.conditions))
    ]
    return Formula(atoms.conditions, gate_paths, when, unless), tuple(parts)


def vector_of(
    assessment: Assessment, instance: Instance, formula: Formula, parts: tuple[WrittenIn, ...]
) -> dict[int, Truth]:
    """The truth of each test of the rule."""
    situation = assessment.situation
    return {number: atom.evaluate(situation, () if parts[number] == "applies_while" else instance.records)
            for number, atom in enumerate(formula.atoms)}  # fmt: skip


def _atom(
    situation: Situation, records: Records, condition: Condition, part: WrittenIn, truth: Truth
) -> AtomView:
    scope = () if part == "applies_while" else records
    return AtomView(
        condition.to_data(), part, truth, tuple(_seen(situation, scope, condition)), condition=condition
    )


def _wanted(view: AtomView, truth: bool) -> AtomView:
    return AtomView(view.test, view.part, view.truth, view.seen, truth, view.condition)


def _alternatives(assessment: Assessment, instance: Instance) -> Iterator[AtomView]:
    for effect in instance.rule.concludes:
        for _, condition in effect.alternatives:
            truth = condition.evaluate(assessment.situation, instance.records)
            yield _atom(assessment.situation, instance.records, condition, "first_that_applies", truth)


def _seen(situation: Situation, records: Records, condition: Condition) -> Iterator[Seen]:
    """The values that a test reads: facts by name, fields of the record in scope, and for lists the matching records."""
    if isinstance(condition, RecordCondition):
        members = condition.selection.members(situation, records)
        fitting = None if members is None else [record.id for record, truth in members if truth]
        yield Seen(condition.selection.list, None, fitting)
        return
    if isinstance(condition, StepTest):
        yield from _open_steps(situation, records, condition)
    for name in condition.names():
        value = name.get(situation, records)
        yield Seen(name.full, name.need(situation, records).about, None if value is None else to_plain(value))


def _open_steps(situation: Situation, records: Records, condition: StepTest) -> Iterator[Seen]:
    """The open steps that a test means, in the order of their due times; without any, an empty value."""
    found = [
        Seen(
            action,
            about,
            {"due": to_plain(step.due), "holds_from": None if moment is None else to_plain(moment)},
        )
        for action, about, step, moment in sorted(
            condition.meant(situation, records), key=lambda entry: (entry[2].due, entry[0], entry[1] or "")
        )
    ]
    yield from found or (Seen(action, None, None) for action in condition.acts.actions)


def _overriding(assessment: Assessment, instance: Instance) -> tuple[str, ...]:
    rule = instance.rule
    return tuple(
        other.id
        for other in overriding(assessment.model, rule)
        if assessment.outcome.truth(other.id, instance.records)
    )


def _limits(assessment: Assessment, instance: Instance) -> Iterator[LimitView]:
    """What the limits of the rule's prohibitions say about the steps that are wanted now."""
    for effect in instance.rule.prohibits:
        if effect.where is not None:
            for step in _wanted_steps(assessment, instance, effect):
                known = params(step, assessment.vocabulary, assessment.situation)
                declared = assessment.vocabulary.actions[step.key.action].params
                read = {name.text for part in effect.where.walk() for name in part.names()}
                yield LimitView(
                    step.key.action,
                    step.key.about,
                    _covers(assessment, instance, effect, step),
                    {name: value for name, value in known.items() if name in read},
                    tuple(sorted(name for name in declared if name in read and name not in known)),
                )


def _ends(assessment: Assessment, instance: Instance) -> Iterator[EndView]:
    """How far the ends of the rule's holds have come for the steps that are wanted now and covered by their limits."""
    for effect in instance.rule.prohibits:
        until, steps = effect.until, _wanted_steps(assessment, instance, effect)
        covered = [step for step in steps if _covers(assessment, instance, effect, step) is not False]
        if until is None or (steps and not covered):
            continue
        if not effect.ends_by_step:
            yield _end(assessment, until, instance.records, None)
        elif steps:
            for step in covered:
                yield _end(assessment, until, (*instance.records, step.as_record()), step)
        else:  # the parameters that it depends on are not known
            yield _end(assessment, until, (*instance.records, step_record({})), None)


def _covers(assessment: Assessment, instance: Instance, effect: Prohibit, step: Draft) -> Truth:
    """Whether the limit of a prohibition covers a step."""
    if effect.where is None:
        return True
    return effect.where.evaluate(assessment.situation, (*instance.records, step.as_record()))


def _end(assessment: Assessment, until: Condition, records: Records, step: Draft | None) -> EndView:
    situation, atoms = assessment.situation, Atoms()
    atoms.paths(until)
    views = tuple(
        _atom(situation, records, condition, "until", condition.evaluate(situation, records))
        for condition in atoms.conditions
    )
    action, about = (step.key.action, step.key.about) if step is not None else (None, None)
    acts = {
        id(act): end
        for condition in atoms.conditions
        if isinstance(condition, Done)
        for act, end in _end_acts(assessment, condition, records)
    }
    ended, flips = until.evaluate(situation, records), until.flips(situation, records)
    turns = min((flip for flip in flips if flip > situation.at), default=None)
    return EndView(action, about, ended, views, tuple(acts.values()), turns)


def _end_acts(assessment: Assessment, test: Done, records: Records) -> Iterator[tuple[Act, EndAct]]:
    """The recorded acts that a test asks about."""
    situation = assessment.situation
    for act in test.acts.candidates(situation, records):
        declared = assessment.vocabulary.actions[act.action].params
        shown = {
            name: parameter_shown(value, declared[name], situation) for name, value in act.params.items()
        }
        counts = test.means(act, situation, records)
        yield act, EndAct(act.action, act.at, act.by.name, counts, shown)


def _wanted_steps(assessment: Assessment, instance: Instance, effect: Prohibit) -> list[Draft]:
    """The steps that are wanted now and that a prohibition is about."""
    known, about = aimed(effect.aim, assessment.situation, instance.records)
    drafts = [*assessment.free.values(), *(blocked.draft for blocked in assessment.blocked.values())]
    return [
        draft
        for draft in drafts
        if known and draft.key.action in effect.actions and about in (None, draft.key.about)
    ]
