"""Computes signatures: the truths of a block's atoms as one tuple, which is the key of caches.

The tests of one fact are looked up together in a table from value to code, and skipped if the fact is
unknown. Whether it is known is also tested only once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial, reduce
from operator import or_
from typing import cast

import attrs

from escalation_rules.engine.caches import keep
from escalation_rules.engine.network import Mask
from escalation_rules.policy.conditions import (
    ACTS,
    DUES,
    LIST,
    Condition,
    FactName,
    FactTest,
    FieldName,
    GivenTest,
    Memory,
    Name,
    Names,
    RecordView,
    Situation,
    Truth,
    Versions,
    united,
)
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.remembered import Remembered
from escalation_rules.values import Value

MAX_VALUES = 256
"""The maximum number of values that a table caches. When full, it is cleared."""

Signature = tuple[int, ...]
"""A code for each table, then whether each name is present, then a code for each group of other atoms."""

Says = Callable[[int, Truth], Mask]
"""`Network.says`: what the truth of an atom, by its number, means to the network."""

_DIGITS: Mapping[Truth, int] = {None: 0, False: 1, True: 2}
_TRUTHS: tuple[Truth, ...] = (None, False, True)


@attrs.frozen(eq=False)
class _Decoder(ABC):
    """Atoms with one code, and what each code means to the network."""

    says: Says
    said: dict[int, Mask] = attrs.field(factory=dict, init=False)

    def decoded(self, code: int) -> Mask:
        """What a code means to the network."""
        found = self.said.get(code)
        if found is None:
            united = reduce(or_, (self.says(atom, truth) for atom, truth in self._truths(code)))
            found = keep(self.said, code, united, MAX_VALUES)
        return found

    @abstractmethod
    def _truths(self, code: int) -> Iterator[tuple[int, Truth]]:
        """The truth of each atom."""


@attrs.frozen(eq=False)
class _Digits(_Decoder):
    """The code has a base-3 digit for each atom; it is 0 if all are undecided."""

    atoms: tuple[int, ...]

    def _truths(self, code: int) -> Iterator[tuple[int, Truth]]:
        for atom in self.atoms:
            code, digit = divmod(code, 3)
            yield atom, _TRUTHS[digit]


@attrs.frozen(eq=False)
class _Presence(_Decoder):
    """The code says whether one name is known, each atom for which answer it is true."""

    atoms: tuple[tuple[int, bool], ...]

    def _truths(self, code: int) -> Iterator[tuple[int, Truth]]:
        return ((atom, bool(code) is wanted) for atom, wanted in self.atoms)


def _coded(truths: Sequence[Truth]) -> int:
    code = 0
    for truth in reversed(truths):
        code = 3 * code + _DIGITS[truth]
    return code


@attrs.frozen(eq=False)
class _Table:
    """The tests of one fact or field that depend only on its value.

    The code is 0 if the fact is unknown. Concurrent threads compute equal codes.
    """

    name: str
    operators: tuple[Operator, ...]
    codes: dict[Value | None, int] = attrs.Factory(lambda: {None: 0})

    def code(self, value: Value | None, situation: Situation) -> int:
        """The code of a value, computed when first seen."""
        if value is None:
            return 0
        known = self.codes.get(value)  # one access: another thread may empty it
        if known is not None:
            return known
        code = _coded([operator.holds(value, situation, ()) for operator in self.operators])
        if len(self.codes) >= MAX_VALUES:
            self.codes.clear()
            self.codes[None] = 0
        self.codes[value] = code
        return code


@attrs.frozen(eq=False)
class _Group:
    """Tests that read the same facts, lists and acts (`names`).

    `bare` tests read lists or acts. Without any records, acts or known facts, their truths depend only on the currency of the
    case and on which lists are unknown (the others are empty); `known` caches their code by these.
    """

    read: Names
    tests: tuple[Condition, ...]
    bare: bool
    facts: tuple[str, ...]
    lists: tuple[str, ...]
    acts: tuple[str, ...]
    timed: tuple[Condition, ...]
    known: dict[_Empty, int] = attrs.Factory(dict)

    @classmethod
    def of(cls, names: tuple[str, ...], tests: tuple[Condition, ...], bare: bool) -> _Group:
        """Create the group of some tests; for `bare` see the class."""
        return cls(
            Names(names),
            tests,
            bare,
            tuple(name for name in names if not name.startswith((LIST, ACTS))),
            tuple(name.removeprefix(LIST) for name in names if name.startswith(LIST)),
            tuple(name.removeprefix(ACTS) for name in names if name.startswith(ACTS)),
            tuple(test for test in tests if test.timed),
        )

    def code(self, situation: Situation, records: tuple[RecordView, ...]) -> int:
        """The code of the truths of the tests."""
        unknown = self.bare and situation.facts.keys().isdisjoint(self.facts)
        if unknown and (state := _empty(self.lists, self.acts, situation)) is not None:
            found = self.known.get(state)
            if found is None:
                found = keep(self.known, state, self._tested(situation, records), MAX_VALUES)
            return found
        return self._tested(situation, records)

    def _tested(self, situation: Situation, records: tuple[RecordView, ...]) -> int:
        return _coded([test.evaluate(situation, records) for test in self.tests])

    def lasting(self, situation: Situation, versions: Versions) -> tuple[int, datetime | None]:
        """The code of the tests for the case, and until when it is valid."""

        def work() -> tuple[tuple[int, datetime | None], datetime | None]:
            end = next_flip(self.timed, situation, ()) if self.timed else None
            return (self.code(situation, ()), end), end

        return versions.memory.recall(("group", id(self)), versions.number(self.read), situation.at, work)


@attrs.frozen(eq=False)
class _Bare:
    """All bare groups that read no facts. In most cases all their lists are empty, and all their codes are cached together."""

    groups: tuple[_Group, ...]
    lists: tuple[str, ...]
    acts: tuple[str, ...]
    known: dict[_Empty, tuple[int, ...]] = attrs.Factory(dict)

    @classmethod
    def of(cls, groups: tuple[_Group, ...]) -> _Bare:
        """The groups with the lists and acts of all of them."""
        lists = {name: None for group in groups for name in group.lists}
        return cls(groups, tuple(lists), tuple({name: None for group in groups for name in group.acts}))

    def codes(self, situation: Situation, records: tuple[RecordView, ...]) -> Iterable[int]:
        """The code of each group."""
        state = _empty(self.lists, self.acts, situation)
        found = self.known.get(state) if state is not None else None
        if found is None:
            found = tuple([group.code(situation, records) for group in self.groups])
            if state is not None:
                keep(self.known, state, found, MAX_VALUES)
        return found


_Empty = tuple[str | bool | None, ...]
"""The currency of a case, and which of some lists are unknown. The others are empty, and there are no acts."""


def _empty(lists: Iterable[str], acts: Sequence[str], situation: Situation) -> _Empty | None:
    """The currency of the case, and which of these lists are unknown; None if there are records or acts."""
    state: list[str | bool | None] = [situation.currency]
    get = situation.lists.get
    for name in lists:
        listed = get(name)
        if listed:
            return None
        state.append(listed is None)
    if acts and situation.acts:
        done = situation.acts_by_action()
        if any(name in done for name in acts):
            return None
    return tuple(state)


def next_flip(
    tests: Iterable[Condition], situation: Situation, records: tuple[RecordView, ...]
) -> datetime | None:
    """The next instant at which time alone may change one of the tests."""
    flips = (flip for test in tests for flip in test.flips(situation, records) if flip > situation.at)
    return min(flips, default=None)


@attrs.frozen(eq=False)
class _Half:
    """The atoms that read only facts of the case, or those that (also) read the record in scope.

    A signature has the codes of `tables`, then of `given` (the names tested for being known), of `bare` and of `groups`;
    `decoders` tell what they mean, in this order. `tests` are the atoms in groups. `read` are all names that are read.
    """

    tables: tuple[_Table, ...]
    given: tuple[str, ...]
    bare: _Bare
    groups: tuple[_Group, ...]
    decoders: tuple[_Digits | _Presence, ...]
    tests: tuple[Condition, ...]
    lookups: tuple[tuple[str, Callable[[Value | None], int | None]], ...]
    read: Names

    @classmethod
    def of(cls, atoms: Sequence[Condition], numbers: Sequence[int], says: Says, scope: int) -> _Half:
        """Group the atoms with these numbers: those in a table by their name, presence tests by theirs, others by all names
        that they read. `scope`: how many records are in scope."""
        tabled: dict[str, list[int]] = {}
        given: dict[str, list[tuple[int, bool]]] = {}
        others: dict[tuple[tuple[str, ...], bool], list[int]] = {}
        for number in numbers:
            atom = atoms[number]
            if (name := _tabled(atom)) is not None:
                tabled.setdefault(name, []).append(number)
            elif isinstance(atom, GivenTest) and (name := _present(atom)) is not None:
                given.setdefault(name, []).append((number, atom.wanted))
            else:
                others.setdefault((atom.reach.names, _is_bare(atom, scope)), []).append(number)
        tables = tuple(
            _Table(name, tuple(_operator(atoms[number]) for number in found))
            for name, found in tabled.items()
        )
        groups = {
            _Group.of(names, tuple(atoms[number] for number in found), bare): tuple(found)
            for (names, bare), found in others.items()
        }
        bare = _Bare.of(tuple(group for group in groups if group.bare and not group.facts))
        rest = tuple(group for group in groups if group not in bare.groups)
        in_order = (*bare.groups, *rest)
        decoders: tuple[_Digits | _Presence, ...] = (
            *(_Digits(says, tuple(found)) for found in tabled.values()),
            *(_Presence(says, tuple(found)) for found in given.values()),
            *(_Digits(says, groups[group]) for group in in_order),
        )
        tests = tuple(test for group in in_order for test in group.tests)
        lookups = tuple((table.name, table.codes.get) for table in tables)
        names = {*tabled, *given, *(name for group in groups for name in group.read.names)}
        read = Names(tuple(sorted(names)))
        return cls(tables, tuple(given), bare, rest, decoders, tests, lookups, read)

    def recalled(self, situation: Situation, versions: Versions) -> Signature:
        """The signature of the case, computed again only if something that the atoms read has changed."""

        def work() -> tuple[Signature, datetime | None]:
            found = [group.lasting(situation, versions) for group in (*self.bare.groups, *self.groups)]
            ends = (end for _, end in found if end is not None)
            codes = [*self._looked_up(situation.facts, situation), *(code for code, _ in found)]
            return tuple(codes), min(ends, default=None)

        return versions.memory.recall(("half", id(self)), versions.number(self.read), situation.at, work)

    def signature(
        self, values: Mapping[str, Value], situation: Situation, records: tuple[RecordView, ...]
    ) -> Signature:
        """The signature of these atoms."""
        found = self._looked_up(values, situation)
        if self.bare.groups:
            found += self.bare.codes(situation, records)
        if self.groups:
            found += [group.code(situation, records) for group in self.groups]
        return tuple(found)

    def _looked_up(self, values: Mapping[str, Value], situation: Situation) -> list[int]:
        get = values.get
        found: list[int | None] = [code_of(get(name)) for name, code_of in self.lookups]
        if None in found:
            found = [table.code(get(table.name), situation) for table in self.tables]
        if self.given:
            found += [name in values for name in self.given]
        return cast("list[int]", found)


class Signatures:
    """Computes the signatures of one block; `scope` is its list, or None for the case."""

    def __init__(self, atoms: Sequence[Condition], scope: str | None, says: Says) -> None:
        numbers = range(len(atoms))
        of_case = [number for number in numbers if scope is None or _reads_case_only(atoms[number])]
        self._case = _Half.of(atoms, of_case, says, 0)
        of_record = sorted(set(numbers).difference(of_case))
        self._record = _Half.of(atoms, of_record, says, 0 if scope is None else 1)
        decoders = (*self._case.decoders, *self._record.decoders)
        self._decoders = tuple((decoder.said.get, decoder) for decoder in decoders)
        self._tests = self._record.tests
        self._reach = united(atoms[number].reach for number in of_record)
        self._timed = tuple(test for test in self._tests if test.timed)
        self._read = Names((f"{LIST}{scope}", *self._reach.names))

    def of_case(self, situation: Situation) -> Signature:
        """The part that does not depend on a record."""
        if situation.versions is not None:
            return self._case.recalled(situation, situation.versions)
        return self._case.signature(situation.facts, situation, ())

    def of_records(self, situation: Situation, listed: Sequence[RecordView]) -> Sequence[Signature]:
        """The parts that depend on each record of the list; each follows the part of the case."""
        versions = situation.versions
        if versions is None:
            return [self._record.signature(record.values, situation, (record,)) for record in listed]
        seen = versions.number(self._reach.read)
        return versions.memory.recall(
            (id(self),),
            versions.number(self._read),
            situation.at,
            partial(self._of_each, situation, listed, versions.memory, seen),
        )

    def _of_each(
        self, situation: Situation, listed: Sequence[RecordView], memory: Memory, seen: int
    ) -> tuple[tuple[Signature, ...], datetime | None]:
        """The parts that depend on each record, and until when they are valid."""
        if not self._tests:
            return tuple(
                [self._record.signature(record.values, situation, (record,)) for record in listed]
            ), None
        found = [
            memory.recall(
                (id(self), record.id),
                (record.known, seen),
                situation.at,
                partial(self._lasting, situation, record),
            )
            for record in listed
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

    def said(self, signature: Signature) -> Mask:
        """What a signature means to the network."""
        together = 0
        for (known, decoder), code in zip(self._decoders, signature, strict=True):
            said = known(code)
            together |= decoder.decoded(code) if said is None else said
        return together


def _reads_case_only(atom: Condition) -> bool:
    return (
        isinstance(atom, (FactTest, GivenTest))
        and all(isinstance(name, FactName) for name in atom.names())
        and not atom.parts()
        and not atom.reach.depths
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


def _is_bare(atom: Condition, scope: int) -> bool:
    """Whether an atom reads lists or acts, and neither a record in scope nor open steps. It may read facts as well."""
    reach = atom.reach
    if any(name.startswith(DUES) for name in reach.names):
        return False
    return isinstance(atom, Remembered) and bool(reach.names) and reach.outermost >= scope


def _key(name: Name) -> str | None:
    return name.text if isinstance(name, FactName) else name.field if isinstance(name, FieldName) else None


def _operator(atom: Condition) -> Operator:
    if not isinstance(atom, FactTest):
        raise TypeError("only tests of facts have an operator")
    return atom.operator
