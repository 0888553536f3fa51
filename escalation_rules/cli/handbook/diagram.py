"""Draws a graph as inline SVG: boxes in columns, ordered by their distance from the start."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from escalation_rules.cli.handbook.model import Graph, Node
from escalation_rules.cli.text.width import is_wide, width

_WIDTH, _LINE, _PAD = 176, 17, 9
_GAP_X, _GAP_Y = 56, 14
_CHARACTERS = 24
"""The maximum width of a line in a box, in cells; a Chinese character takes two."""


def svg_of(graph: Graph, label: str, *, wrap: int | None = None) -> str:
    """The SVG. A chain is laid out in rows of `wrap` boxes, other graphs in columns."""
    texts = {node.name: _wrapped(node.text) for node in graph.nodes}
    mark = f"tip-{quote(graph.nodes[0].name)}"
    spots = _rows(graph, texts, wrap) if wrap else _columns(graph, texts)
    across = max(left for left, _, _ in spots.values()) + _WIDTH + 2
    height = max(top + tall for _, top, tall in spots.values()) + 2
    arrows = "".join(_arrow(spots[one], spots[other], mark) for one, other in graph.arrows)
    boxes = "".join(_box(node, texts[node.name], spots[node.name]) for node in graph.nodes)
    return (
        f'<svg role="img" aria-label="{escape(label)}" width="{across}" height="{height}" viewBox="0 0 {across} {height}">'
        f'<defs><marker id="{mark}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z"/></marker></defs>{arrows}{boxes}</svg>'
    )


Spot = tuple[int, int, int]
"""Left, top, height."""


def _tall(lines: list[str]) -> int:
    return len(lines) * _LINE + 2 * _PAD


def _rows(graph: Graph, texts: dict[str, list[str]], wrap: int) -> dict[str, Spot]:
    spots: dict[str, Spot] = {}
    top = 1
    for start in range(0, len(graph.nodes), wrap):
        row = graph.nodes[start : start + wrap]
        tall = max(_tall(texts[node.name]) for node in row)
        for number, node in enumerate(row):
            spots[node.name] = (1 + number * (_WIDTH + _GAP_X), top, tall)
        top += tall + _GAP_Y * 3
    return spots


def _columns(graph: Graph, texts: dict[str, list[str]]) -> dict[str, Spot]:
    depth = _depths(graph)
    tops: dict[int, int] = {}
    spots: dict[str, Spot] = {}
    before: dict[str, float] = {}
    for node in sorted(graph.nodes, key=lambda node: (depth[node.name], node.name)):
        sources = [before[one] for one, other in graph.arrows if other == node.name and one in before]
        before[node.name] = sum(sources) / len(sources) if sources else float(len(before))
    for node in sorted(graph.nodes, key=lambda node: (depth[node.name], before[node.name], node.name)):
        column, tall = depth[node.name], _tall(texts[node.name])
        top = tops.get(column, 1)
        spots[node.name] = (1 + column * (_WIDTH + _GAP_X), top, tall)
        tops[column] = top + tall + _GAP_Y
    return spots


def _depths(graph: Graph) -> dict[str, int]:
    """The length of the longest path to each box. The graph has no cycles; a policy with cycles does not load."""
    depth = {node.name: 0 for node in graph.nodes}
    for _ in graph.nodes:
        changed = False
        for one, other in graph.arrows:
            if depth[other] < depth[one] + 1 <= len(graph.nodes):
                depth[other] = depth[one] + 1
                changed = True
        if not changed:
            break
    return depth


def _arrow(one: Spot, other: Spot, mark: str) -> str:
    x1, y1 = one[0] + _WIDTH, one[1] + one[2] // 2
    x2, y2 = other[0] - 1, other[1] + other[2] // 2
    if x2 > x1:
        middle = (x1 + x2) // 2
        return f'<path class="arrow" marker-end="url(#{mark})" d="M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"/>'
    down = one[1] + one[2]  # to the next row
    x1, x2, turn = one[0] + _WIDTH // 2, other[0] + _WIDTH // 2, down + _GAP_Y * 3 // 2
    return f'<path class="arrow" marker-end="url(#{mark})" d="M{x1} {down}V{turn}H{x2}V{other[1] - 1}"/>'


def _box(node: Node, lines: list[str], spot: Spot) -> str:
    x, y, tall = spot
    first = y + (tall - len(lines) * _LINE) // 2 + 13
    texts = "".join(
        f'<text x="{x + _WIDTH // 2}" y="{first + number * _LINE}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    box = f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{tall}" rx="6"/>{texts}'
    return f'<a href="#{escape(node.to)}">{box}</a>' if node.to else box


def _wrapped(text: str) -> list[str]:
    return [line for part in text.splitlines() for line in _lines(part)]


def _lines(text: str) -> Iterator[str]:
    """The text in lines that fit into a box, broken at spaces or between Chinese characters."""
    line = ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > _CHARACTERS:
            yield line.strip()
            line = ""
        line += piece
    if line.strip():
        yield line.strip()


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for sign in text:
        if is_wide(sign) and word:
            yield word
            word = ""
        word += sign
        if is_wide(sign) or sign in " /-":
            yield word
            word = ""
    if word:
        yield word
