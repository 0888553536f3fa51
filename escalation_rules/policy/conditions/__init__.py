"""The conditions of rules. Each defines its YAML form, its three-valued test, and the instants at which it flips."""

from escalation_rules.policy.conditions.act_filter import ActFilter, Covered
from escalation_rules.policy.conditions.acts import ACT_CONDITIONS, Done, NotDone, NothingDoneFor
from escalation_rules.policy.conditions.computed import StatedValue, ValueSource
from escalation_rules.policy.conditions.condition import (
    NEVER,
    STEP,
    Act,
    Condition,
    DueStep,
    DueTimes,
    Kept,
    Known,
    Lapsed,
    Need,
    Records,
    RecordView,
    Situation,
    Stated,
    Truth,
    both,
    by_action,
    earliest,
    either,
    latest,
    opposite,
    role_of,
    step_record,
)
from escalation_rules.policy.conditions.context import Computing, Context
from escalation_rules.policy.conditions.counting import total, unknown_in_total
from escalation_rules.policy.conditions.during import DuringTest
from escalation_rules.policy.conditions.excluding import exclude
from escalation_rules.policy.conditions.facts import OPERATORS, FactTest, GivenTest
from escalation_rules.policy.conditions.hours import Hours
from escalation_rules.policy.conditions.implying import implies
from escalation_rules.policy.conditions.logic import AllOf, AnyOf, NoneOf, Not, all_of
from escalation_rules.policy.conditions.memory import ACTS, DUES, LIST, Memory, Names, Reach, Versions, united
from escalation_rules.policy.conditions.names import (
    FactName,
    FieldName,
    Name,
    Scope,
    Source,
    ViaName,
    order_of,
    references_of,
    root_of,
    target_of,
)
from escalation_rules.policy.conditions.open import amounts_of, limits_money, open_needs
from escalation_rules.policy.conditions.open_steps import (
    STEP_CONDITIONS,
    STEP_HEADS,
    StepDue,
    StepOverdue,
    StepTest,
)
from escalation_rules.policy.conditions.operands import CURRENCY_NEED, Operand, Other, read_literal
from escalation_rules.policy.conditions.reading import ACT_HEADS, WORDS, read_condition
from escalation_rules.policy.conditions.reading_records import read_selection, read_summed
from escalation_rules.policy.conditions.records import RECORD_CONDITIONS, NoRecord, Some
from escalation_rules.policy.conditions.required import required_acts, required_tests
from escalation_rules.policy.conditions.selection import Finding, RecordCondition, Selection
from escalation_rules.policy.conditions.serving import served

__all__ = [
    "ACTS",
    "ACT_CONDITIONS",
    "ACT_HEADS",
    "CURRENCY_NEED",
    "DUES",
    "LIST",
    "OPERATORS",
    "RECORD_CONDITIONS",
    "STEP",
    "STEP_CONDITIONS",
    "STEP_HEADS",
    "WORDS",
    "Act",
    "ActFilter",
    "AllOf",
    "AnyOf",
    "Computing",
    "Condition",
    "Context",
    "Covered",
    "Done",
    "DueStep",
    "DueTimes",
    "DuringTest",
    "FactName",
    "FactTest",
    "FieldName",
    "Finding",
    "GivenTest",
    "Hours",
    "Kept",
    "Known",
    "Lapsed",
    "Memory",
    "Name",
    "Names",
    "Need",
    "NoRecord",
    "NoneOf",
    "Not",
    "NotDone",
    "NothingDoneFor",
    "Operand",
    "Other",
    "Reach",
    "RecordCondition",
    "RecordView",
    "Records",
    "Scope",
    "Selection",
    "Situation",
    "Some",
    "Source",
    "Stated",
    "StatedValue",
    "StepDue",
    "StepOverdue",
    "StepTest",
    "Truth",
    "ValueSource",
    "Versions",
    "ViaName",
    "all_of",
    "amounts_of",
    "both",
    "by_action",
    "earliest",
    "either",
    "exclude",
    "implies",
    "latest",
    "limits_money",
    "open_needs",
    "opposite",
    "order_of",
    "read_condition",
    "read_literal",
    "read_selection",
    "read_summed",
    "references_of",
    "required_acts",
    "required_tests",
    "role_of",
    "root_of",
    "served",
    "step_record",
    "target_of",
    "total",
    "united",
    "unknown_in_total",
]  # fmt: skip
