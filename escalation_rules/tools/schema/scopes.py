"""Lists the names that are valid in each scope, using the loader's own resolution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import attrs

from escalation_rules.once import once
from escalation_rules.policy.conditions import Scope, target_of
from escalation_rules.policy.vocabulary import Fact, RecordList, Vocabulary
from escalation_rules.values import Reference, ValueType

Depth = Literal["case", "record"]


@attrs.frozen(slots=False, eq=False)
class View:
    """A place for conditions, seen from the vocabulary. `key` identifies it.

    `stacks` are the record lists that may be in scope there. The innermost list is always the same. A schema
    cannot distinguish the lists around it, so a view below a record accepts the fields of all of them.
    """

    vocabulary: Vocabulary
    key: str
    stacks: tuple[tuple[RecordList, ...], ...]

    @property
    def depth(self) -> Depth:
        """Whether a record is in scope."""
        return "record" if self.stacks[0] else "case"

    @property
    def for_each(self) -> RecordList | None:
        """The list in scope, if there is exactly one."""
        return self.stacks[0][0] if len(self.stacks) == 1 and self.stacks[0] else None

    @once
    def names(self) -> dict[str, tuple[Fact, ...]]:
        """All names that are valid there, each with the facts it may refer to."""
        found: dict[str, list[Fact]] = {}
        for stack in self.stacks:
            scope = Scope(self.vocabulary, stack)
            for text in candidates(scope):
                name = scope.resolve(text)
                if name is not None and name.fact not in found.setdefault(text, []):
                    found[text].append(name.fact)
        return {text: tuple(facts) for text, facts in found.items() if facts}

    def of_type(self, of: ValueType, dotted: bool = False) -> list[str]:
        """The names with this type, or of the records that it refers to; with `dotted`, only those that contain a dot."""
        listed = self.vocabulary.records.get(target_of(of) or "") if isinstance(of, Reference) else None
        ids = {f"{listed.each}.id"} & self.names.keys() if listed is not None else set()
        return sorted(ids | {text for text, facts in self.names.items()
                             if any(fact.type == of for fact in facts) and ("." in text or not dotted)})  # fmt: skip


def candidates(scope: Scope) -> Iterator[str]:
    """All possible names in the scope, including those through references."""
    yield from scope.known()
    if scope.lists:
        for field in scope.lists[-1].fields.values():
            target = scope.vocabulary.records.get(target_of(field.type) or "")
            yield from (f"{field.name}.{name}" for name in (target.fields if target else ()))


def case_view(vocabulary: Vocabulary) -> View:
    """The view without a record in scope."""
    return View(vocabulary, "case", ((),))


def each_view(vocabulary: Vocabulary, listed: RecordList) -> View:
    """The view directly below `for_each`, or below a `where` or `has` of the case."""
    return View(vocabulary, f"each.{listed.name}", ((listed,),))


def inner_view(vocabulary: Vocabulary, listed: RecordList) -> View:
    """The view below a `where` or `has` where other records are already in scope."""
    around = [()] + [(record_list,) for record_list in vocabulary.records.values()]
    return View(vocabulary, f"inner.{listed.name}", tuple((*lists, listed) for lists in around))


def every_view(vocabulary: Vocabulary) -> View:
    """All names of facts, and of the fields of all lists."""
    stacks = tuple(
        (outer, inner) for inner in vocabulary.records.values() for outer in vocabulary.records.values()
    )
    return View(vocabulary, "record", stacks or ((),))


def fields_to(fields: Iterable[Fact], target: str | None = None) -> list[str]:
    """The fields that refer to records (of the list `target`, if given)."""
    return [
        field.name for field in fields if (to := target_of(field.type)) is not None and target in {None, to}
    ]
