"""Computes signatures: the truths of a block's atoms as one tuple, which is the key of caches.

The tests of one fact are looked up together in a table from value to code, and skipped if the fact is
unknown. Whether it is known is also tested only once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

import attrs

from escalation_rules.policy.conditions import (
    ACTS,
    LIST,
    Condition,
    FactName,
    FactTest,
    FieldName,
    GivenTest,
    Memory,
    Name,
    RecordView,
    Situation,
    Truth,
    united,
)
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.remembered import Remembered
from escalation_rules.values import Value

MAX_VALUES = 256
"""The maximum number of values that a table caches. When full, it is cleared."""

Signature = tuple[int | None, ...]
"""A code for each table, then whether each name is present, then a truth for each other atom (all are integers or None)."""

Literals = tuple[int, int]
"""Two bitmasks: the literals that hold, and those that may hold because their atom is undecided. Atom n has
the bits 2n (it is true) and 2n + 1 (it is false)."""

_NO_LITERALS: Literals = (0, 0)
_DIGITS: Mapping[Truth, int] = {None: 0, False: 1, True: 2}
_TRUTHS: tuple[Truth, ...] = (None, False, True)


@attrs.frozen(eq=False)
class _Table:
    """The tests of one fact or field that depend only on its value; `atoms` are their numbers.

    The code has a base-3 digit for each test; it is 0 if the fact is unknown. Concurrent threads compute
    equal codes.
    """

    name: str
    atoms: tuple[int, ...]
    operators: tuple[Operator, ...]
    codes: dict[Value | None, int] = attrs.Factory(lambda: {None: 0})
    said: dict[int, Literals] = attrs.Factory(dict)

    def code(self, value: Value | None, situation: Situation) -> int:
        """The code of a value, computed when first seen."""
        if value is None:
            return 0
        if value in self.codes:
            return self.codes[value]
        code = 0
        for operator in reversed(self.operators):
            code = 3 * code + _DIGITS[operator.holds(value, situation, ())]
        if len(self.codes) >= MAX_VALUES:
            self.codes.clear()
            self.codes[None] = 0
        self.codes[value] = code
        return code

    def literals(self, code: int) -> Literals:
        """The literals of a code. There are no more codes than combinations of the tests' truths."""
        found = self.said.get(code)
        if found is None:
            found, rest = _NO_LITERALS, code
            for atom in self.atoms:
                rest, digit = divmod(rest, 3)
                found = _and(found, _literals(atom, _TRUTHS[digit]))
            self.said[code] = found
        return found


@attrs.frozen(eq=False)
class _Group:
    """Tests that read the same facts, lists and acts (`names`).

    `bare` tests read only lists and acts. Without any records or acts, their truths depend only on the
    currency of the case and on which lists are unknown (the others are empty); `known` caches them by these.
    """

    names: tuple[str, ...]
    tests: tuple[Condition, ...]
    bare: bool
    lists: tuple[str, ...]
    acts: tuple[str, ...]
    timed: tuple[Condition, ...]
    known: dict[tuple[str | bool | None, ...], list[Truth]] = attrs.Factory(dict)

    @classmethod
    def of(cls, names: tuple[str, ...], tests: tuple[Condition, ...], bare: bool) -> _Group:
        """Create the group of some tests; for `bare` see the class."""
        return cls(
            names,
            tests,
            bare,
            tuple(name.removeprefix(LIST) for name in names if name.startswith(LIST)),
            tuple(name.removeprefix(ACTS) for name in names if name.startswith(ACTS)),
            tuple(each for each in tests if each.timed),
        )

    def truths(self, situation: Situation, records: tuple[RecordView, ...]) -> list[Truth]:
        """The truths of the tests."""
        if self.bare and (state := self._state(situation)) is not None:
            found = self.known.get(state)
            if found is None:
                if len(self.known) >= MAX_VALUES:
                    self.known.clear()
                found = self.known[state] = self._tested(situation, records)
            return found
        if situation.memory is None or records:
            return self._tested(situation, records)
        stamp = tuple(map(situation.versions.get, self.names))
        key = ("group", id(self))
        return situation.memory.recall(key, stamp, situation.at, partial(self._lasting, situation))

    def _tested(self, situation: Situation, records: tuple[RecordView, ...]) -> list[Truth]:
        return [each.evaluate(situation, records) for each in self.tests]

    def _lasting(self, situation: Situation) -> tuple[list[Truth], datetime | None]:
        """The truths of the tests for the case, and until when they are valid."""
        return self._tested(situation, ()), next_flip(self.timed, situation, ())

    def _state(self, situation: Situation) -> tuple[str | bool | None, ...] | None:
        """The currency of the case, and which lists are unknown; None if there are records or acts."""
        state: list[str | bool | None] = [situation.currency]
        for name in self.lists:
            listed = situation.lists.get(name)
            if listed:
                return None
            state.append(listed is None)
        if self.acts and situation.acts:
            done = situation.acts_by_action()
            if any(name in done for name in self.acts):
                return None
        return tuple(state)


def next_flip(
    tests: Iterable[Condition], situation: Situation, records: tuple[RecordView, ...]
) -> datetime | None:
    """The next instant at which time alone may change one of the tests."""
    flips = (flip for each in tests for flip in each.flips(situation, records) if flip > situation.at)
    return min(flips, default=None)


@attrs.frozen(eq=False)
class _Half:
    """The atoms that read only facts of the case, or those that (also) read the record in scope.

    `given` are the names tested for being known. `presence` are the atoms that test this: each with the index
    of its name in the signature, and the answer for which it is true.
    """

    tables: tuple[_Table, ...]
    given: tuple[str, ...]
    presence: tuple[tuple[int, int, bool], ...]
    others: tuple[int, ...]
    groups: tuple[_Group, ...]
    lookups: tuple[tuple[str, Callable[[Value | None], int | None], _Table], ...]

    @classmethod
    def of(cls, atoms: Sequence[Condition], numbers: Sequence[int]) -> _Half:
        """Group the atoms with these numbers into tables, presence tests, and others."""
        grouped: dict[str, list[int]] = {}
        given: dict[str, list[tuple[int, bool]]] = {}
        alike: dict[tuple[bool, tuple[str, ...]], list[int]] = {}
        for number in numbers:
            atom = atoms[number]
            if (name := _tabled(atom)) is not None:
                grouped.setdefault(name, []).append(number)
            elif isinstance(atom, GivenTest) and (name := _present(atom)) is not None:
                given.setdefault(name, []).append((number, atom.wanted))
            else:
                alike.setdefault((_is_bare(atom), atom.reach.names), []).append(number)
        tables = tuple(
            _Table(name, tuple(found), tuple(_operator(atoms[each]) for each in found))
            for name, found in grouped.items()
        )
        presence = tuple(
            (atom, len(tables) + place, wanted)
            for place, asked in enumerate(given.values())
            for atom, wanted in asked
        )
        groups = tuple(
            _Group.of(names, tuple(atoms[each] for each in found), bare)
            for (bare, names), found in alike.items()
        )
        others = tuple(each for found in alike.values() for each in found)
        return cls(tables, tuple(given), presence, others, groups,
                   tuple((each.name, each.codes.get, each) for each in tables))  # fmt: skip

    def signature(
        self, values: Mapping[str, Value], situation: Situation, records: tuple[RecordView, ...]
    ) -> Signature:
        """The signature of these atoms."""
        get = values.get
        found: list[int | None] = [code_of(get(name)) for name, code_of, _ in self.lookups]
        if None in found:
            found = [table.code(get(table.name), situation) for table in self.tables]
        if self.given:
            found += [name in values for name in self.given]
        for group in self.groups:
            found += group.truths(situation, records)
        return tuple(found)

    def literals(self, signature: Signature) -> Literals:
        """The literals of a signature."""
        holding, open_ones, count = 0, 0, len(self.tables)
        for table, code in zip(self.tables, signature[:count], strict=True):
            of_table = table.said.get(code or 0) or table.literals(code or 0)
            holding |= of_table[0]
            open_ones |= of_table[1]
        for atom, place, wanted in self.presence:
            holding |= 1 << (2 * atom + (0 if bool(signature[place]) is wanted else 1))
        for atom, truth in zip(self.others, signature[count + len(self.given) :], strict=True):
            said = _literals(atom, None if truth is None else bool(truth))
            holding |= said[0]
            open_ones |= said[1]
        return holding, open_ones


class Signatures:
    """Computes the signatures of one block; `scope` is its list, or None for the case."""

    def __init__(self, atoms: Sequence[Condition], scope: str | None) -> None:
        numbers = range(len(atoms))
        of_case = [each for each in numbers if scope is None or _reads_case_only(atoms[each])]
        self._case = _Half.of(atoms, of_case)
        of_record = sorted(set(numbers).difference(of_case))
        self._record = _Half.of(atoms, of_record)
        self._tests = tuple(atoms[each] for each in self._record.others)
        self._reach = united(atoms[each].reach for each in of_record)
        self._timed = tuple(each for each in self._tests if each.timed)
        self._list = f"{LIST}{scope}"
        self._length = len(self._case.tables) + len(self._case.given) + len(self._case.others)

    def of_case(self, situation: Situation) -> Signature:
        """The part that does not depend on a record."""
        return self._case.signature(situation.facts, situation, ())

    def of_records(self, situation: Situation, listed: Sequence[RecordView]) -> Sequence[Signature]:
        """The parts that depend on each record of the list; each follows the part of the case."""
        memory = situation.memory
        if memory is None:
            return [self._record.signature(each.values, situation, (each,)) for each in listed]
        seen = tuple(map(situation.versions.get, self._reach.names))
        stamp = situation.versions.get(self._list), seen
        return memory.recall(
            (id(self),), stamp, situation.at, partial(self._of_each, situation, listed, memory, seen)
        )

    def _of_each(
        self, situation: Situation, listed: Sequence[RecordView], memory: Memory, seen: tuple[object, ...]
    ) -> tuple[tuple[Signature, ...], datetime | None]:
        """The parts that depend on each record, and until when they are valid."""
        if not self._tests:
            return tuple([self._record.signature(each.values, situation, (each,)) for each in listed]), None
        found = [
            memory.recall(
                (id(self), each.id), (each.known, seen), situation.at, partial(self._lasting, situation, each)
            )
            for each in listed
        ]
        ends = (end for _, end in found if end is not None)
        return tuple([signature for signature, _ in found]), min(ends, default=None)

    def _lasting(
        self, situation: Situation, record: RecordView
    ) -> tuple[tuple[Signature, datetime | None], datetime | None]:
        """The part that depends on a record, and until when it is valid."""
        scope = (record,)
        end = next_flip(self._timed, situation, scope)
        return (self._record.signature(record.values, situation, scope), end), end

    def literals(self, signature: Signature) -> Literals:
        """The literals that hold, and those that may hold, for all atoms."""
        of_case, of_record = signature[: self._length], signature[self._length :]
        return _and(self._case.literals(of_case), self._record.literals(of_record))


def _literals(atom: int, truth: Truth) -> Literals:
    """The literals of an atom with this truth: one holds, or both may."""
    if truth is None:
        return 0, 3 << (2 * atom)
    return 1 << (2 * atom + (0 if truth else 1)), 0


def _and(one: Literals, other: Literals) -> Literals:
    return one[0] | other[0], one[1] | other[1]


def _reads_case_only(atom: Condition) -> bool:
    return isinstance(atom, (FactTest, GivenTest)) and all(
        isinstance(each, FactName) for each in atom.names()
    )


def _tabled(atom: Condition) -> str | None:
    """The name of the fact or field if the atom tests only its value, else None."""
    if not isinstance(atom, FactTest) or not atom.operator.by_value or atom.name.fact.type.kind == "text":
        return None
    return _key(atom.name)


def _present(atom: GivenTest) -> str | None:
    """The name that the atom tests for being given, if its presence decides the test (i.e. it has no
    presumption), else None."""
    return _key(atom.name) if atom.name.fact.presume is None else None


def _is_bare(atom: Condition) -> bool:
    """Whether an atom reads lists or acts, but no fact and no record in scope."""
    names, depths = atom.reach.names, atom.reach.depths
    looks_at_none = bool(names) and not depths and all(name.startswith((LIST, ACTS)) for name in names)
    return isinstance(atom, Remembered) and looks_at_none


def _key(name: Name) -> str | None:
    return name.text if isinstance(name, FactName) else name.field if isinstance(name, FieldName) else None


def _operator(atom: Condition) -> Operator:
    if not isinstance(atom, FactTest):
        raise TypeError("only tests of facts have an operator")
    return atom.operator
