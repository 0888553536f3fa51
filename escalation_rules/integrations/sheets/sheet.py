"""Converts a table of a policy to a sheet, i.e. rows of texts, and back.

The first row contains `hit` and the hit policy, the second the inputs and (after `=>`) the results,
optionally `because` in one or several languages. The last row may be `otherwise`. Cells are YAML without the
outer braces or brackets: `at_least: 14`, `red, green`. An empty cell means `any`, and `>= 14` is accepted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from escalation_rules.errors import Diagnostic, Problems, RequestError, unknown_name
from escalation_rules.source import Mapping, Node, Scalar, one_or_more, parse_yaml
from escalation_rules.source import Sequence as SequenceNode

Sheet = Sequence[Sequence[str]]

HIT, OTHERWISE, RESULT, BECAUSE, ANY = "hit", "otherwise", "=>", "because", "any"
EMPTY = ("", "-", ANY)
SIGNS = {
    ">=": "at_least",
    "≥": "at_least",
    "<=": "at_most",
    "≤": "at_most",
    ">": "above",
    "<": "below",
    "!=": "is_not",
}
_SIGNED = re.compile(r"(>=|<=|!=|≥|≤|>|<)\s*(.+)")
_MAPPING = re.compile(r"[A-Za-z_]+: ")


# --- from a policy to a sheet -----------------------------------------------------------------------------------------


def found_table(files: Sequence[tuple[str, Node]], name: str) -> tuple[str, Scalar, Mapping]:
    """Find the table of a rule (`RULE`) or of its parameter (`RULE.PARAMETER`): its file, its key and its
    content.

    `files` are the policy's files; the last one with such a table is used.
    """
    known: dict[str, tuple[str, Scalar, Mapping]] = {}
    for file, root in files:
        rules = root.get("rules") if isinstance(root, Mapping) else None
        for rule in rules.items if isinstance(rules, SequenceNode) else ():
            _add_tables(known, file, rule)
    if name not in known:
        message = f"the policy has no table {name[:100]!r}"
        expected = None if known else "a policy with a `table:`"
        raise RequestError(
            [unknown_name("unknown-name", message, name, known, path="RULE", expected=expected)]
        )
    return known[name]


def _add_tables(known: dict[str, tuple[str, Scalar, Mapping]], file: str, rule: Node) -> None:
    rule_id = rule.get("id") if isinstance(rule, Mapping) else None
    if not isinstance(rule, Mapping) or not isinstance(rule_id, Scalar):
        return
    then = rule.get("then")
    below: list[tuple[str, Mapping]] = [(rule_id.text, rule)]
    for effect in then.items if isinstance(then, SequenceNode) else ():
        for key, value in effect.entries if isinstance(effect, Mapping) else ():
            below += [(f"{rule_id.text}.{key.text}", value)] if isinstance(value, Mapping) else []
    for name, holder in below:
        table_key, table = holder.key("table"), holder.get("table")
        if table_key is not None and isinstance(table, Mapping):
            known[name] = file, table_key, table


def sheet_of(table: Mapping) -> list[list[str]]:
    """The table as rows of texts."""
    inputs, outputs = _names(table.get("inputs")), _names(table.get("outputs"))
    width = max(1, len(outputs))
    rows = [_row(node) for node in one_or_more(table.get("rows"))]
    languages = list(dict.fromkeys(language for _, because in rows for language in because))
    head = [*inputs, *([f"{RESULT} {name}" for name in outputs] or [RESULT])]
    head += [f"{BECAUSE} {language}".strip() for language in languages]
    hit = table.get("hit")
    sheet = [[HIT, hit.text if isinstance(hit, Scalar) else ""], head]
    sheet += [[*cells, *(because.get(language, "") for language in languages)] for cells, because in rows]
    if (last := table.get("otherwise")) is not None:
        said = [_text(node) for node in last.items] if isinstance(last, SequenceNode) else [_text(last)]
        sheet.append([OTHERWISE, *[""] * (len(inputs) - 1), *said[:width]])
    longest = max(map(len, sheet))
    return [[*row, *[""] * (longest - len(row))] for row in sheet]


def _names(node: Node | None) -> list[str]:
    return [entry.text for entry in one_or_more(node) if isinstance(entry, Scalar)]


def _row(item: Node) -> tuple[list[str], dict[str, str]]:
    """The cells of a row, and its reason by language ("" if no language is given)."""
    because = item.get(BECAUSE) if isinstance(item, Mapping) else None
    cells = item.get("row") if isinstance(item, Mapping) else item
    said = (
        {key.text: value.text for key, value in because.entries if isinstance(value, Scalar)}
        if isinstance(because, Mapping)
        else {}
    )
    if isinstance(because, Scalar):
        said = {"": because.text}
    return [_text(node) for node in one_or_more(cells)], said


def _text(node: Node) -> str:
    """A cell, without the outer braces or brackets."""
    flow = _flow(node)
    return flow[1:-1] if isinstance(node, (Mapping, SequenceNode)) else flow


def _flow(node: Node) -> str:
    match node:
        case Scalar():
            return (
                json.dumps(node.text, ensure_ascii=False)
                if node.quoted and _reads_otherwise(node)
                else node.text
            )
        case Mapping():
            return "{" + ", ".join(f"{key.text}: {_flow(value)}" for key, value in node.entries) + "}"
    return "[" + ", ".join(_flow(entry) for entry in node.items) + "]"


def _reads_otherwise(node: Scalar) -> bool:
    """Whether a quoted text would be read differently without quotes."""
    bare = parse_yaml(f"[{node.text}]", "", Problems())
    alone = bare.items[0] if isinstance(bare, SequenceNode) and len(bare.items) == 1 else None
    return not isinstance(alone, Scalar) or alone.value != node.text or node.text in EMPTY


# --- from a sheet to YAML ---------------------------------------------------------------------------------------------


def yaml_of(sheet: Sheet, file: str) -> str:
    """The YAML of a sheet, beginning with `table:`. Raises `RequestError` with all cells that cannot be read."""
    rows = [[cell.strip() for cell in row] for row in sheet]
    problems: list[Diagnostic] = []
    if len(rows) < 2 or len(rows[0]) < 2 or rows[0][0] != HIT:
        expected = f"`{HIT}` and the hit policy in the first row, the names of the columns in the second"
        raise RequestError(
            [Diagnostic("wrong-form", f"{file} is not the sheet of a table", path="row 1", expected=expected)]
        )
    head = rows[1]
    results = [at for at, name in enumerate(head) if name.startswith(RESULT)]
    reasons = [at for at, name in enumerate(head) if name.split(" ")[0] == BECAUSE]
    inputs = [at for at, name in enumerate(head) if name and at not in results and at not in reasons]
    if not results or not inputs:
        expected = f"the names of the inputs, then `{RESULT} NAME` for each result"
        raise RequestError(
            [Diagnostic("wrong-form", f"{file} has no inputs or no results", path="row 2", expected=expected)]
        )
    outputs = [name for at in results if (name := head[at].removeprefix(RESULT).strip())]
    lines = ["table:", f"  hit: {rows[0][1]}", f"  inputs: [{', '.join(head[at] for at in inputs)}]"]
    lines += [f"  outputs: [{', '.join(outputs)}]"] if outputs else []
    lines.append("  rows:")
    last: list[str] = []
    for number, row in enumerate(rows[2:], 3):
        padded = [*row, *[""] * (len(head) - len(row))]
        if not any(padded):
            continue
        said = [_read(padded[at], f"row {number}, {head[at]}", problems, result=True) for at in results]
        if padded[0] == OTHERWISE:
            last = said
            continue
        cells = [_read(padded[at], f"row {number}, {head[at]}", problems, result=False) for at in inputs]
        lines += _row_lines([*cells, *said], {head[at]: padded[at] for at in reasons if padded[at]})
    if last:
        together = ", ".join(last)
        lines.append(f"  otherwise: {together}" if len(last) == 1 else f"  otherwise: [{together}]")
    if problems:
        raise RequestError(problems)
    return "\n".join(lines) + "\n"


def _row_lines(cells: Sequence[str], because: dict[str, str]) -> list[str]:
    flow = f"[{', '.join(cells)}]"
    if not because:
        return [f"    - {flow}"]
    lines = [f"    - row: {flow}"]
    if list(because) == [BECAUSE]:
        return [*lines, f"      because: {json.dumps(because[BECAUSE], ensure_ascii=False)}"]
    lines.append("      because:")
    return [*lines, *(f"        {name.removeprefix(BECAUSE).strip()}: {json.dumps(text, ensure_ascii=False)}"
                      for name, text in because.items())]  # fmt: skip


def _read(cell: str, place: str, problems: list[Diagnostic], *, result: bool) -> str:
    """A cell as an item of a YAML list."""
    if cell in EMPTY:
        if result:
            problems.append(Diagnostic("empty", "the row has no result", path=place, expected="a value"))
        return ANY
    signed = _SIGNED.fullmatch(cell)
    flow = (
        f"{{{SIGNS[signed[1]]}: {signed[2]}}}" if signed else f"{{{cell}}}" if _MAPPING.match(cell) else cell
    )
    if flow == cell and "," in cell and not cell.startswith(('"', "'", "[", "{")):
        flow = f"[{cell}]"
    if not _is_one(flow):
        if flow != cell:
            problems.append(Diagnostic("wrong-value", f"the cell {cell[:60]!r} cannot be read", path=place,
                                       expected="a value, a list such as `a, b`, or a test such as `at_least: 14`"))  # fmt: skip
        return json.dumps(cell, ensure_ascii=False)
    return flow


def _is_one(flow: str) -> bool:
    """Whether a text is a single item of a YAML list."""
    found = Problems()
    node = parse_yaml(f"[{flow}]", "", found)
    return not found.count and isinstance(node, SequenceNode) and len(node.items) == 1


# --- into a file ------------------------------------------------------------------------------------------------------


def put_into(file: Path, key: Scalar, text: str) -> None:
    """Replace the table at the given key by the new YAML. The rest of the file is unchanged."""
    lines = file.read_text(encoding="utf-8").split("\n")
    first, indent = key.position.line - 1, key.position.column - 1
    if lines[first][:indent].strip(" -"):
        message = "the table is written in braces"
        raise RequestError(
            [Diagnostic("wrong-form", message, key.position, expected="`table:` on a line of its own")]
        )
    end = first + 1
    while end < len(lines) and (
        not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent
    ):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    head = lines[first][:indent]
    own = [f"{' ' * indent}{line}" for line in text.rstrip("\n").split("\n")]
    own[0] = head + own[0].lstrip()
    file.write_text("\n".join([*lines[:first], *own, *lines[end:]]), encoding="utf-8", newline="")
