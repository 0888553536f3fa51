"""Which names may stand where: asked of the scopes with which the loader resolves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import attrs

from escalation_rules.once import once
from escalation_rules.policy.conditions import Scope
from escalation_rules.policy.vocabulary import Fact, RecordList, Vocabulary
from escalation_rules.values import PartyType, Reference, ValueType

Depth = Literal["case", "record"]


@attrs.frozen(slots=False, eq=False)
class View:
    """A place for conditions, as seen from the vocabulary. `key` tells it from others.

    `stacks` are the record lists that may be in scope there. The innermost is always the same; around it a schema does
    not tell one list from another, so a view below a record knows the fields of all of them.
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
        """The one list in scope, where there is just one."""
        return self.stacks[0][0] if len(self.stacks) == 1 and self.stacks[0] else None

    @once
    def names(self) -> dict[str, tuple[Fact, ...]]:
        """Every name that may stand there, with what it may stand for."""
        found: dict[str, list[Fact]] = {}
        for stack in self.stacks:
            scope = Scope(self.vocabulary, stack)
            for text in candidates(scope):
                name = scope.resolve(text)
                if name is not None and name.fact not in found.setdefault(text, []):
                    found[text].append(name.fact)
        return {text: tuple(facts) for text, facts in found.items() if facts}

    def of_type(self, of: ValueType, dotted: bool = False) -> list[str]:
        """The names of that type, only those with a dot if asked for."""
        return sorted(text for text, facts in self.names.items()
                      if any(fact.type == of for fact in facts) and ("." in text or not dotted))  # fmt: skip


def candidates(scope: Scope) -> Iterator[str]:
    """Everything that could be a name in the scope, those through references included."""
    yield from scope.known()
    if scope.lists:
        for field in scope.lists[-1].fields.values():
            target = scope.vocabulary.records.get(_target(field.type) or "")
            yield from (f"{field.name}.{name}" for name in (target.fields if target else ()))


def _target(of: ValueType) -> str | None:
    return of.to if isinstance(of, Reference) else "parties" if isinstance(of, PartyType) else None


def case_view(vocabulary: Vocabulary) -> View:
    """Where no record is in scope."""
    return View(vocabulary, "case", ((),))


def each_view(vocabulary: Vocabulary, listed: RecordList) -> View:
    """Directly below `for_each`, or below a `where` or `has` of the case."""
    return View(vocabulary, f"each.{listed.name}", ((listed,),))


def inner_view(vocabulary: Vocabulary, listed: RecordList) -> View:
    """Below a `where` or `has` where other records are in scope already."""
    around = [()] + [(each,) for each in vocabulary.records.values()]
    return View(vocabulary, f"inner.{listed.name}", tuple((*each, listed) for each in around))


def every_view(vocabulary: Vocabulary) -> View:
    """All names of the facts, and of the records of all lists."""
    stacks = tuple(
        (outer, inner) for inner in vocabulary.records.values() for outer in vocabulary.records.values()
    )
    return View(vocabulary, "record", stacks or ((),))


def fields_to(fields: Iterable[Fact], target: str | None = None) -> list[str]:
    """The fields that refer to records (of the list `target`)."""
    return [each.name for each in fields if (to := _target(each.type)) is not None and target in {None, to}]
