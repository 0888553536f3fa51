"""The vocabulary of a policy: facts, record lists, actions, groups, phases, roles and principles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from decimal import Decimal
from typing import Any, Literal

import attrs

from escalation_rules.calendar import WorkingCalendar
from escalation_rules.errors import Position
from escalation_rules.texts import LANGUAGES, Text
from escalation_rules.values import Level, Reference, Value, ValueType

Asked = Literal["agent", "customer", "system"]
Absent = Literal["none", "unknown"]
Reversible = Literal["fully", "partly", "no"]
Combine = Literal["same", "sum", "max", "min", "union"]
NOWHERE = Position("", 0, 0)

CASE_KEYS = ("id", "currency")
"""The keys of a case, beside `HISTORY` or what it states."""
HISTORY = "history"
ENTRY_KEYS = ("id", "at")
"""The keys of an entry of the history, beside what it states."""
STATED_KEYS = ("facts", "acts", "learned_at")
"""The keys of what a case or an entry states, beside the names of lists."""
COLLEAGUE = "colleague"
"""Whom a wording is for, if it is said inside the house."""
RETRACT = "retract"
"""The key of a record, beside its fields."""


def _place() -> Position:
    return attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen
class NamedAmount:
    """A sum of money that rules name: by currency."""

    amounts: tuple[tuple[str, Decimal], ...]
    position: Position = _place()


@attrs.frozen
class Named:
    """A phase, a role, a principle or a value of a choice: its name and its label."""

    name: str
    label: Text = Text()
    position: Position = _place()


@attrs.frozen
class Fact:
    """A fact of the case (`customer.good_faith`) or a field of a record (`amount`), with its type.

    `presume` is the value assumed while unknown; `confirm`: it is asked for while it affects the decision.
    After `stale_after`, it is unknown again. `concluded` facts are set by rules only. A concluded `failure`
    is reported by the audit when it becomes true. Facts `for_people` are not read by rules.
    """

    name: str
    type: ValueType
    label: Text = Text()
    question: Text = Text()
    ask: Asked = "agent"
    comes_from: str | None = None
    presume: Value | None = None
    confirm: bool = False
    stale_after: timedelta | None = None
    concluded: bool = False
    failure: bool = False
    for_people: bool = False
    values: tuple[Named, ...] = ()
    position: Position = _place()


@attrs.frozen
class RecordList:
    """A list of records: `each` is its singular, `absent` the meaning of a missing list, `ordered_by` its
    instant.

    `takes_place_of` is the field by which a record names the one that it replaces, which then no longer
    counts.

    Lists `for_people` are not read by rules.
    """

    name: str
    each: str
    fields: Mapping[str, Fact]
    label: Text = Text()
    question: Text = Text()
    ask: Asked = "agent"
    comes_from: str | None = None
    absent: Absent = "unknown"
    ordered_by: str = "recorded_at"
    takes_place_of: str | None = None
    for_people: bool = False
    position: Position = _place()

    @property
    def references(self) -> dict[str, str]:
        """The fields that refer to a record, each with the list to which they refer."""
        return {
            name: field.type.to for name, field in self.fields.items() if isinstance(field.type, Reference)
        }

    def referring_to(self, target: str | None) -> list[str]:
        """The fields that refer to a record of a list."""
        return [name for name, to in self.references.items() if to == target]


@attrs.frozen
class Parameter:
    """A parameter of an action; `combine` is how values of several rules are combined.

    Steps with different values of a parameter that is `apart` are different steps. A parameter that is
    `reached` must be reached by the acts: by their sum or, if values do not add up, by the highest of them.
    An act that does not state a `required` parameter counts for nothing.
    """

    name: str
    type: ValueType
    label: Text = Text()
    combine: Combine = "same"
    values: tuple[Named, ...] = ()
    position: Position = _place()
    apart: bool = False
    reached: bool = False
    required: bool = False

    def rank(self, value: Any) -> Any:
        """Sort key of values."""
        return self.type.rank(value) if isinstance(self.type, Level) else value


@attrs.frozen
class Barred:
    """Somebody who may not do an action, whatever their role: the party in a fact or in a field of the
    action's record, or the doer of an earlier act.

    `named` is the name as written. `same_list`: the earlier action is about the same list, so only acts about
    the same record count. With `only`, it is the other way round: nobody may do it but that party, and those with one of
    the `roles`.
    """

    named: str
    fact: str | None = None
    list: str = ""
    field: str = ""
    action: str | None = None
    same_list: bool = False
    only: bool = False
    roles: tuple[str, ...] = ()


@attrs.frozen
class Action:
    """An action.

    `owner` does it by default, `by` may do it (empty: anybody) except those who are `barred`, `about` is a
    record list, `case` (one step per case) or None. An act with an outcome in `counts` completes the step;
    `outcome_labels` are the labels of outcomes. `anchor` is the name of the instant from which its time
    counts. `say_to` is whom the wording is for: a role, or `COLLEAGUE`.
    """

    name: str
    label: Text = Text()
    phase: str | None = None
    owner: str | None = None
    by: tuple[str, ...] = ()
    barred: tuple[Barred, ...] = attrs.field(default=(), kw_only=True)
    about: str | None = None
    outcomes: tuple[str, ...] = ("done",)
    counts: tuple[str, ...] = ("done",)
    outcome_labels: tuple[Named, ...] = ()
    params: Mapping[str, Parameter] = attrs.Factory(dict)
    anchor: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    priority: int = 0
    reversible: Reversible | None = None
    say: Text = Text()
    say_to: str | None = None
    position: Position = _place()

    apart: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)
    reached: tuple[Parameter, ...] = attrs.field(init=False, eq=False, repr=False)
    required: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)

    @property
    def roles_named(self) -> tuple[str, ...]:
        """The roles below `by:`, also those beside a party; empty: none is named."""
        return (*self.by, *(role for barred_party in self.barred for role in barred_party.roles))

    @apart.default
    def _told_apart_by(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, parameter in self.params.items() if parameter.apart))

    @reached.default
    def _to_be_reached(self) -> tuple[Parameter, ...]:
        return tuple(parameter for _, parameter in sorted(self.params.items()) if parameter.reached)

    @required.default
    def _to_be_stated(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, parameter in self.params.items() if parameter.required))


@attrs.frozen
class Group:
    """A name for several actions, to forbid, hold, or do them together (`in_one_go`).

    With `go_for_each`, a record list, steps about different records of it are not done together.
    """

    name: str
    actions: tuple[str, ...]
    label: Text = Text()
    position: Position = _place()
    in_one_go: bool = False
    go_for_each: str | None = None


@attrs.frozen
class Vocabulary:
    """All names that rules and cases may use.

    `languages` are those of the texts. `phases` are in their default order, `ranks` order actions in a phase,
    `followers` are the actions that come after an action by `before` and `after` (directly or indirectly),
    `sources` are labels of what rules cite, `amounts` sums of money that rules name, by currency, `goes` maps
    actions to the group that they are done together with. Acts of `outside` roles (customers, bystanders,
    authorities) are neither allowed nor forbidden. `digest` is that of the files' content.
    """

    languages: tuple[str, ...] = LANGUAGES
    facts: Mapping[str, Fact] = attrs.Factory(dict)
    records: Mapping[str, RecordList] = attrs.Factory(dict)
    actions: Mapping[str, Action] = attrs.Factory(dict)
    groups: Mapping[str, Group] = attrs.Factory(dict)
    phases: Mapping[str, Named] = attrs.Factory(dict)
    roles: Mapping[str, Named] = attrs.Factory(dict)
    outside: tuple[str, ...] = ()
    principles: Mapping[str, Named] = attrs.Factory(dict)
    sources: Mapping[str, Text] = attrs.Factory(dict)
    amounts: Mapping[str, NamedAmount] = attrs.Factory(dict)
    calendars: Mapping[str, WorkingCalendar] = attrs.Factory(dict)
    calendar: str | None = None
    ranks: Mapping[str, int] = attrs.Factory(dict)
    followers: Mapping[str, frozenset[str]] = attrs.Factory(dict)
    goes: Mapping[str, Group] = attrs.Factory(dict)
    digest: str = attrs.field(default="", eq=False)

    @property
    def zone(self) -> tzinfo | None:
        """The time zone of the default calendar, or None."""
        calendar = self.calendars.get(self.calendar or "")
        return calendar.tzinfo if calendar is not None else None

    def phase_order(self) -> tuple[str, ...]:
        """The phases in their default order."""
        return tuple(self.phases)

    def source_in(self, source: str, language: str) -> str:
        """The label of a rule's source in a language. Several sources are separated by `; `; those without a
        label stay as written."""
        parts = (part.strip() for part in source.split(";"))
        mark = "; " if language == "en" else "；"
        return mark.join(
            self.sources[part].in_language(language) if part in self.sources else part for part in parts
        )

    def singulars(self) -> dict[str, str]:
        """A mapping from the singular of each record list to its name."""
        return {record_list.each: record_list.name for record_list in self.records.values()}

    def declaration(self, name: str) -> Fact | None:
        """The declaration of a fact such as `customer.need`, or of the field in `charges.amount`; None if there is none."""
        if name in self.facts:
            return self.facts[name]
        head, _, tail = name.partition(".")
        return self.records[head].fields.get(tail) if head in self.records else None
