"""Reads rulesets and their rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from escalation_rules.errors import Problems
from escalation_rules.policy.conditions import (
    Condition,
    Context,
    FactTest,
    Finding,
    Name,
    RecordCondition,
    Scope,
    StepTest,
    read_condition,
    required_acts,
    required_tests,
)
from escalation_rules.policy.conditions.context import describe
from escalation_rules.policy.model import Conclude, Disabled, Effect, PhaseOrder, Rule, Ruleset
from escalation_rules.policy.reading.common import (
    RULE_ID,
    Slots,
    check_not_empty,
    is_name,
    items,
    mapping,
    names_listed,
    required,
    text,
)
from escalation_rules.policy.reading.conclusions import read_table_conclusions
from escalation_rules.policy.reading.due import Tests, finds
from escalation_rules.policy.reading.effects import read_effect
from escalation_rules.policy.reading.files import PolicyFile
from escalation_rules.policy.reading.in_order import expanded
from escalation_rules.policy.reading.parameters import COMPUTING
from escalation_rules.policy.reading.places import check_places
from escalation_rules.policy.reading.tables import TABLE
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.source import Mapping, Node, Scalar
from escalation_rules.source import Sequence as SequenceNode
from escalation_rules.texts import Text

RULE_KEYS = ("id", "principle", "source", "for_each", "when", "unless", "overrides", "escalates", "replaces", "then", "table",
             "because", "examples")  # fmt: skip
RULESET_KEYS = ("label", "principle", "applies_while", "rules")


@attrs.frozen
class ReadRule:
    """A rule with its layer and its node."""

    layer: int
    rule: Rule
    node: Mapping


def read_ruleset(
    file: PolicyFile, vocabulary: Vocabulary, problems: Problems
) -> tuple[Ruleset, list[ReadRule]] | None:
    """Read the ruleset of a file with its rules; None if the file has none."""
    context = Context(Scope(vocabulary), problems, COMPUTING)
    node, rules = file.root.get("ruleset"), file.root.get("rules")
    if node is None:
        place = next((key for key, _ in file.root.entries if key.text in RULESET_KEYS), None)
        if place is not None:
            message = f"`{place.text}:` needs `ruleset:`, which is missing in the file"
            context.missing(file.root, "ruleset", message, "`ruleset:`", place)
        return None
    name = context.scalar(node, "the name of the ruleset")
    if name is None or not isinstance(node, Scalar) or not is_name(context, node, "ruleset", RULE_ID):
        problems.blind = True  # its rules are not read
        return None
    principle, condition = file.root.get("principle"), file.root.get("applies_while")
    ruleset = Ruleset(
        name,
        text(context, file.root.get("label")),
        context.named(principle, "principle", vocabulary.principles) if principle is not None else None,
        read_condition(context, condition) if condition is not None else None,
        position=node.position,
    )
    found = []
    for entry in items(context, rules, "rules"):
        rule_node = mapping(context, entry, "a rule")
        if rule_node is None:
            continue
        before = problems.count
        rule = _read_rule(context, rule_node, ruleset)
        if problems.count > before:
            problems.doubt(getattr(rule_node.get("id"), "text", None))
        if rule is not None:
            found.append(ReadRule(file.layer, rule, rule_node))
    return ruleset, found


def _read_rule(context: Context, node: Mapping, ruleset: Ruleset) -> Rule | None:
    inner = _inside(context, node.get("for_each"))
    if inner is not None:
        check_places(inner, node, RULE_KEYS)
    context.only_keys(node, RULE_KEYS, "a rule")
    id_node = required(context, node, "id", "the rule")
    if id_node is None or context.scalar(id_node, "the id of the rule") is None:
        return None
    if not isinstance(id_node, Scalar) or not is_name(context, id_node, "rule", RULE_ID):
        return None
    principle = ruleset.principle
    if (principle_node := node.get("principle")) is not None:
        principle = context.named(principle_node, "principle", context.vocabulary.principles)
    source, replaces = node.get("source"), node.get("replaces")
    cited = (
        context.scalar(source, "a source", "one text, e.g. `source: handbook 4.2`")
        if source is not None
        else None
    )
    if inner is None:
        return None
    slots = Slots(inner.sees, inner.known)
    because = text(context, node.get("because"), slots)
    if (table := node.get(TABLE)) is not None:
        effects, when = _tabled(inner, node, table, slots)
    else:
        when = _condition(inner, node, "when")
        effects = _effects(inner, node, when)
    return Rule(
        id_node.text,
        ruleset.id,
        effects,
        for_each=inner.for_each.name if inner.for_each is not None else None,
        when=when,
        unless=_condition(inner, node, "unless"),
        overrides=tuple(name.text for name in names_listed(context, node.get("overrides"), "rules")),
        principle=principle,
        source=cited,
        because=because,
        because_names=_slots(
            inner, [slot for wording in (because, *_reasons(effects)) for slot in wording.slots()]
        ),
        replaces=context.scalar(replaces, "the id of a rule") if replaces is not None else None,
        examples=node.get("examples"),
        escalates=tuple(name.text for name in names_listed(context, node.get("escalates"), "rules")),
        position=id_node.position,
    )


def _inside(context: Context, for_each: Node | None) -> Context | None:
    """The context of the rule's conditions: the case, or a record of the list in `for_each`."""
    if for_each is None:
        return context
    records = context.vocabulary.records
    name = context.named(for_each, "record list", records)
    return context.within(context.scope.inside(records[name])) if name is not None else None


def _condition(context: Context, node: Mapping, key: str) -> Condition | None:
    condition = node.get(key)
    if isinstance(condition, Scalar) and not condition.text and not condition.quoted:
        context.missing(
            node, key, f"`{key}:` is empty", "a condition below it, indented by two more spaces", condition
        )
        return None
    if isinstance(condition, Scalar) and condition.text.lower() in {"true", "always", "yes"}:
        context.error("wrong-form", condition, f"a condition cannot be {describe(condition)}", f"no `{key}:`")
        return None
    return read_condition(context, condition) if condition is not None else None


def _tabled(
    context: Context, node: Mapping, table: Node, slots: Slots
) -> tuple[tuple[Effect, ...], Condition | None]:
    """The conclusions and the condition of a rule with a table."""
    for key in ("then", "when", "unless"):
        if (place := node.key(key)) is not None:
            context.error("does-not-fit", place, f"`{key}` cannot be combined with `table`, whose rows say when and what",
                          f"no `{key}:` in this rule")  # fmt: skip
            return (), None
    return read_table_conclusions(context, table, slots)


def _reasons(effects: Iterable[Effect]) -> Iterator[Text]:
    """The alternatives' own texts."""
    for effect in effects:
        yield from effect.reasons if isinstance(effect, Conclude) else ()


def _slots(context: Context, slots: Iterable[tuple[str, str]]) -> dict[str, Name]:
    names = {slot: context.scope.resolve(slot) for _, slot in slots}
    return {slot: name for slot, name in names.items() if name is not None}


def _effects(context: Context, node: Mapping, when: Condition | None) -> tuple[Effect, ...]:
    then = node.get("then")
    if then is None:
        if node.get("overrides") is None:
            context.missing(
                node, "then", "missing `then:` in the rule", "`then:` with effects, or `overrides:`"
            )
        return ()
    check_not_empty(context, then, "an effect")
    broken = when is None and node.get("when") is not None
    tests: Tests = (
        None
        if broken
        else [*_record_tests(when), *required_acts(when), *required_step_tests(when)]
        if when
        else []
    )
    found: dict[Effect, bool] = {}  # whether it is written as such, or stands for a part of `in_order`
    for entry in items(context, then, "effects"):
        for node_of_one in expanded(context, entry):
            effect, is_written = read_effect(context, node_of_one, tests), node_of_one is entry
            if effect is not None and is_written and found.get(effect):
                context.error("repeated", entry, "duplicate effect in this rule", "each effect once")
            elif effect is not None:
                found[effect] = is_written or found.get(effect, False)
    by_order = [
        other_effect
        for other_effect in found
        if isinstance(other_effect, Conclude) and other_effect.alternatives
    ]
    if by_order:
        for key in ("when", "unless"):
            if (place := node.key(key)) is not None:
                context.error(
                    "does-not-fit",
                    place,
                    f"`{key}` cannot be combined with `first_that_applies`, which has its own conditions",
                    f"no `{key}:` in this rule",
                )
    return tuple(found)


def finding_tests(condition: Condition) -> Iterator[Finding]:
    """The tests that find records for the rule itself, not for the `where` of another test."""
    yield from (record_test for record_test in _record_tests(condition) if finds(record_test))


def required_step_tests(condition: Condition) -> Iterator[StepTest]:
    """The tests on open steps that must hold for the rule to hold."""
    return (test for test in required_tests(condition) if isinstance(test, StepTest))


def _record_tests(condition: Condition) -> Iterator[RecordCondition]:
    """The tests on records of the rule itself, not of the `where` of another test."""
    if isinstance(condition, RecordCondition):
        yield condition
    elif not isinstance(condition, FactTest):
        for part in condition.parts():
            yield from _record_tests(part)


def read_phase_orders(
    files: Sequence[PolicyFile], vocabulary: Vocabulary, problems: Problems
) -> tuple[PhaseOrder, ...]:
    """The conditional orders of phases, those of higher layers first."""
    context = Context(Scope(vocabulary), problems, COMPUTING)
    found: list[tuple[int, PhaseOrder]] = []
    for file in files:
        section = file.root.get("vocabulary")
        listed = section.get("phase_order") if isinstance(section, Mapping) else None
        for node in items(context, listed, "orders"):
            order = _phase_order(context, node)
            if order is not None:
                found.append((-file.layer, order))
    return tuple(order for _, order in sorted(found, key=lambda pair: pair[0]))


def _phase_order(context: Context, item: Node) -> PhaseOrder | None:
    node = mapping(context, item, "an order of phases")
    if node is None:
        return None
    context.only_keys(node, ("when", "order"), "an order of phases")
    when_node, order_node = (
        required(context, node, "when", "the order"),
        required(context, node, "order", "the order"),
    )
    when = read_condition(context, when_node) if when_node is not None else None
    phases = context.vocabulary.phases
    order = context.several(order_node, "phase", phases) if order_node is not None else ()
    missing = [name for name in phases if name not in order]
    if isinstance(order_node, SequenceNode) and missing and len(order) == len(order_node.items):
        context.error(
            "missing-phase", order_node, f"the phase {missing[0]!r} is missing", "every phase, once each"
        )
    return PhaseOrder(when, order, position=node.position) if when is not None else None


def read_disabled(
    files: Sequence[PolicyFile], vocabulary: Vocabulary, problems: Problems
) -> list[tuple[int, Disabled]]:
    """The disabled rules, each with the disabling layer."""
    context = Context(Scope(vocabulary), problems, COMPUTING)
    found = []
    for file in files:
        for child in items(context, file.root.get("disable"), "rules to disable"):
            if isinstance(child, Scalar) and child.text:
                wanted = f"`- rule: {child.text[:80]}`, and `because:` in the next line"
                context.error("wrong-form", child, "missing `because:` for the disabled rule", wanted)
                continue
            node = mapping(context, child, "a rule to disable")
            if node is None:
                continue
            context.only_keys(node, ("rule", "because"), "a rule to disable")
            rule, why = (
                required(context, node, "rule", "the entry"),
                required(context, node, "because", "the entry"),
            )
            name = context.scalar(rule, "the id of a rule") if rule is not None else None
            entry = Disabled(name or "", text(context, why), position=(rule or node).position)
            if name is not None:
                found.append((file.layer, entry))
    return found
