"""Lists what rules concluded about the case and its records, and by which rules."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.decision import Finding, Reason
from escalation_rules.engine.evaluate import Outcome
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.engine.slots import Words
from escalation_rules.policy.conditions import Situation


def findings(rule_index: RuleIndex, situation: Situation) -> tuple[Finding, ...]:
    """The choices concluded about records; null if undecided."""
    return tuple(_of_records(rule_index, situation, flags=False))


def conclusions(rule_index: RuleIndex, situation: Situation) -> tuple[Finding, ...]:
    """The conclusions about the case, and the flags that are true for records."""
    of_case = [Finding(name, None, _said(situation.facts.get(name))) for name in rule_index.concluded_facts]
    found = [*of_case, *_of_records(rule_index, situation, flags=True)]
    return tuple(finding for finding in found if finding.value not in {None, False})


def failures(rule_index: RuleIndex, situation: Situation) -> frozenset[tuple[str, str | None]]:
    """The declared failures that are true: the name of the flag, and the record (None: the case)."""
    vocabulary = rule_index.model.vocabulary
    declared = (
        (conclusion, vocabulary.declaration(conclusion.fact))
        for conclusion in conclusions(rule_index, situation)
    )
    return frozenset(
        (finding.fact, finding.about) for finding, fact in declared if fact is not None and fact.failure
    )


def concluded_by(
    rule_index: RuleIndex, outcome: Outcome, words: Words, name: str, about: str | None
) -> tuple[Reason, ...]:
    """The rules that made a flag true, as reasons."""
    found: dict[Reason, None] = {}
    for rule in rule_index.concluders.get(name, ()):
        of_record = any(conclusion.name == name and conclusion.of_record for conclusion in rule.concludes)
        for instance in outcome.of(rule.id):
            if instance.truth and (not of_record or instance.record_id == about):
                found[rule_index.reason(rule, "conclude", words, instance.records)] = None
    return tuple(found)


def _of_records(rule_index: RuleIndex, situation: Situation, *, flags: bool) -> Iterator[Finding]:
    for listed, field, is_flag in rule_index.concluded_fields:
        if is_flag is flags:
            for record in sorted(situation.lists.get(listed) or (), key=lambda record: record.id):
                yield Finding(f"{listed}.{field}", record.id, _said(record.values.get(field)))


def _said(value: object) -> bool | str | None:
    return value if isinstance(value, (bool, str)) else None
