"""Reads `table:`, which gives the conclusions of a rule, or the value of a parameter.

A table has `inputs`, `rows` with a cell for each input and each result, a hit policy, and optionally
`otherwise`. It is converted here: to the condition of a flag (`as_flag`), or to the values and conditions of a
`first_that_applies` (`as_alternatives`). So the policy contains no tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import attrs

from escalation_rules.policy.conditions import AnyOf, Condition, Context, Name, NoneOf, all_of
from escalation_rules.policy.conditions.context import describe
from escalation_rules.policy.conditions.facts import read_test
from escalation_rules.policy.reading.common import check_not_empty, items, mapping, required, text
from escalation_rules.policy.reading.table_checks import Column, check_table
from escalation_rules.source import Mapping, Node, Scalar, one_or_more
from escalation_rules.source import Sequence as SequenceNode
from escalation_rules.texts import Text

T = TypeVar("T")

TABLE = "table"
TABLE_KEYS = ("hit", "inputs", "outputs", "rows", "otherwise")
ROW_KEYS = ("row", "because")
HITS = {
    "first": "the first row that applies counts",
    "unique": "no two rows may apply at once",
    "any": "rows that apply at once must say the same",
}
"""The hit policies and their meanings."""
ANY = "any"
"""The cell that accepts any input."""
OTHERS = {"u": "unique", "f": "first", "a": "any", "one": "unique", "single": "unique"}


@attrs.frozen
class Row:
    """A row: a test for each input (None: any) and the nodes of its results; its reason is `because`."""

    node: SequenceNode
    tests: tuple[Condition | None, ...]
    says: tuple[Node, ...]
    because: Text = Text()

    @property
    def condition(self) -> Condition | None:
        """The condition of the row; None: it always applies."""
        tests = [test for test in self.tests if test is not None]
        return all_of(tests) if tests else None


@attrs.frozen
class Table:
    """A table as read, with its default results: those of `otherwise`, or of a row that always applies."""

    hit: str
    inputs: tuple[Name, ...]
    rows: tuple[Row, ...]
    otherwise: tuple[Node, ...]

    @property
    def branches(self) -> tuple[tuple[Row, Condition], ...]:
        """The conditional rows, each with its condition."""
        return tuple((row, row.condition) for row in self.rows if row.condition is not None)


def read_table(context: Context, node: Node, outputs: int, slots: Any = None) -> Table | None:
    """Read a table with `outputs` results in each row. `slots` are those allowed in its reasons. None after
    reporting a problem."""
    table = mapping(context, node, "a table", "`inputs:`, `rows:` and `hit:` below `table:`")
    if table is None:
        return None
    before = context.problems.count
    context.only_keys(table, TABLE_KEYS, "`table`")
    hit_node, inputs_node, rows_node = (
        required(context, table, key, "the table") for key in ("hit", "inputs", "rows")
    )
    hit = context.word(hit_node, "hit policy", HITS, others=OTHERS) if hit_node is not None else None
    names = [context.name(entry, "unknown-fact") for entry in one_or_more(inputs_node)]
    check_not_empty(context, inputs_node, "a fact or field")
    check_not_empty(context, rows_node, "a row")
    heads = [entry for entry in one_or_more(inputs_node) if isinstance(entry, Scalar)]
    _check_twice(context, heads)
    otherwise_node = table.get("otherwise")
    last = _results(context, otherwise_node, outputs) if otherwise_node is not None else None
    if None in names:
        return None
    inputs = tuple(cast(Name, name) for name in names)
    rows = [_row(context, entry, heads, outputs, slots) for entry in items(context, rows_node, "rows")]
    if context.problems.count > before or hit is None:
        return None
    known = tuple(cast(Row, row) for row in rows)
    columns = [Column(name, tuple(row.tests[at] for row in known)) for at, name in enumerate(inputs)]
    if not check_table(
        context, hit, columns, [(row.node, row.says) for row in known], inputs_node, otherwise_node
    ):
        return None
    always = next((at for at, row in enumerate(known) if row.condition is None), None)
    if always is not None:
        return Table(hit, inputs, known[:always], known[always].says)
    return Table(hit, inputs, known, last if last is not None else known[-1].says)


def _check_twice(context: Context, heads: Sequence[Scalar]) -> None:
    seen: set[str] = set()
    for head in heads:
        if head.text in seen:
            context.error("repeated", head, f"{head.text!r} is named twice")
        seen.add(head.text)


def _row(context: Context, item: Node, heads: Sequence[Scalar], outputs: int, slots: Any) -> Row | None:
    because = Text()
    node: Node | None = item
    if isinstance(item, Mapping):
        context.only_keys(item, ROW_KEYS, "a row")
        node = required(context, item, "row", "the row")
        because = text(context, item.get("because"), slots)
    if node is None:
        return None
    wanted = len(heads) + outputs
    if not isinstance(node, SequenceNode) or len(node.items) != wanted:
        found = f"{len(node.items)} cells" if isinstance(node, SequenceNode) else describe(node)
        context.error("wrong-form", node, f"found {found} instead of a row with {wanted} cells",
                      "a list with a cell for each input, then one for each result")  # fmt: skip
        return None
    before = context.problems.count
    tests = [_cell(context, head, cell) for head, cell in zip(heads, node.items, strict=False)]
    if context.problems.count > before:
        return None
    return Row(node, tuple(tests), node.items[len(heads) :], because)


def _cell(context: Context, head: Scalar, cell: Node) -> Condition | None:
    """The condition of a cell on its input: a value, a list of values, operators, or none (`any`)."""
    if isinstance(cell, Scalar) and cell.text == ANY and not cell.quoted:
        return None
    if isinstance(cell, SequenceNode):
        cell = Mapping(cell.position, ((Scalar(cell.position, "in", "in"), cell),))
    return read_test(context, Scalar(cell.position, head.text, head.text), cell)


def _results(context: Context, node: Node, outputs: int) -> tuple[Node, ...] | None:
    """The results of `otherwise`: one value, or a list with one for each output."""
    if outputs == 1 and not isinstance(node, SequenceNode):
        return (node,)
    if isinstance(node, SequenceNode) and len(node.items) == outputs:
        return node.items
    found = f"{len(node.items)} values" if isinstance(node, SequenceNode) else "one value"
    context.error(
        "wrong-form", node, f"found {found} instead of {outputs} below `otherwise`", "a value for each output"
    )
    return None


# --- conversion -------------------------------------------------------------------------------------------------------


def as_alternatives(
    table: Table, at: int, read: Callable[[Node], T | None]
) -> tuple[tuple[tuple[T, Condition], ...], T] | None:
    """The values of the result number `at` with their conditions, and its value otherwise; None after a problem."""
    values = [(read(row.says[at]), condition) for row, condition in table.branches]
    otherwise = read(table.otherwise[at])
    known = tuple((value, condition) for value, condition in values if value is not None)
    return (known, otherwise) if otherwise is not None and len(known) == len(values) else None


def as_flag(table: Table, read: Callable[[Node], object]) -> Condition | None:
    """The condition under which the first row that applies is true. None: always."""
    found: list[Condition] = []
    against: list[Condition] = []
    for row, condition in table.branches:
        if read(row.says[0]) is True:
            found.append(all_of([condition, NoneOf(tuple(against))]) if against else condition)
        else:
            against.append(condition)
    if read(table.otherwise[0]) is True:
        if not against:
            return None
        found.append(NoneOf(tuple(against)))
    return AnyOf(tuple(found)) if len(found) != 1 else found[0]
