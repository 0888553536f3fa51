"""How far two readers agree on what the texts contain, and how right the lexicon is by each.

`python -m tests.integrations.signals.agreement` prints it. `data/second_reader.json` holds the labels of a second reader, who
read 725 of the texts before it saw anything of the first reading (`measured.json`), and of each difference which reading is
right (`third`).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from tests.integrations.signals import measure

DATA = Path(__file__).parent / "data" / "second_reader.json"
HALVES = {"learnt": ("learnt",), "sealed and unread": ("sealed", "unread")}
TAKEN_DIFFERENTLY = ("amount", "hazard", "loss", "repeated_contact", "repeated_fault")
"""Signals of which the two readers had different things in mind."""
Reading = Literal["first", "second", "third"]
READINGS: tuple[Reading, ...] = ("first", "second", "third")


@frozen
class Text:
    """One text that both have read: the signals that each found, those that the third look left, and what was proposed."""

    key: str
    part: str
    by_chance: bool
    signals: Mapping[Reading, frozenset[str]]
    proposed: frozenset[str]
    counted: frozenset[str]
    """Signals that count in this text: questions, for example, were labelled by the first reader in a part of them."""


@frozen
class Both:
    """Of one signal: in how many texts both found it, only the first, only the second, and neither.

    `right` tells how often the first reader was right where they differ, and how often the second.
    """

    both: int
    first: int
    second: int
    neither: int
    right: tuple[int, int] = (0, 0)

    @property
    def positive(self) -> float:
        """Agreement on what is there: texts that both named, of those that the two named on average."""
        return 2 * self.both / (2 * self.both + self.first + self.second)

    @property
    def kappa(self) -> float:
        """Cohen's kappa: agreement beyond what chance gives."""
        total = self.both + self.first + self.second + self.neither
        seen = (self.both + self.neither) / total
        chance = (
            (self.both + self.first) * (self.both + self.second)
            + (self.neither + self.first) * (self.neither + self.second)
        ) / total**2
        return (seen - chance) / (1 - chance)


def load() -> dict[str, Any]:
    """The second reader's labels, the meanings they rest on, and the third look."""
    read: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return read


def texts(second: Mapping[str, Any], measured: Mapping[str, Any]) -> tuple[Text, ...]:
    """What both have read."""
    signals = frozenset(second["meanings"])
    return tuple(_text(key, text, measured["texts"][key], signals) for key, text in second["texts"].items())


def _text(key: str, second: Mapping[str, Any], first: Mapping[str, Any], signals: Collection[str]) -> Text:
    counted = frozenset(signal for signal in signals if measure.counts(signal, first))
    one, two = frozenset(first["labels"]) & counted, frozenset(second["signals"]) & counted
    right = {signal for signal, why in second.get("third", {}).items() if _found_by(why, signal in one)}
    return Text(
        key=key,
        part=first["part"],
        by_chance=second["drawn"].startswith("random"),
        signals={"first": one, "second": two, "third": (one & two) | right},
        proposed=frozenset(first["proposed"]) & counted,
        counted=counted,
    )


def _found_by(why: str, found_by_first: bool) -> bool:
    """Whether a signal that only one reader had found is there: it is if that reader is right."""
    return why.startswith("first:") is found_by_first


def both(read: Collection[Text], signal: str) -> Both:
    """How the two readers agree on one signal."""
    cells = Counter(
        tuple(signal in text.signals[by] for by in READINGS) for text in read if signal in text.counted
    )
    first, second = cells[True, False, True], cells[False, True, True]
    not_first, not_second = cells[True, False, False], cells[False, True, False]
    return Both(
        both=cells[True, True, True],
        first=first + not_first,
        second=second + not_second,
        neither=cells[False, False, False],
        right=(first + not_second, second + not_first),
    )


def together(read: Collection[Text], signals: Collection[str]) -> Both:
    """The same over several signals: each signal of each text is one judgement."""
    each = [both(read, signal) for signal in signals]
    return Both(
        both=sum(cell.both for cell in each),
        first=sum(cell.first for cell in each),
        second=sum(cell.second for cell in each),
        neither=sum(cell.neither for cell in each),
        right=(sum(cell.right[0] for cell in each), sum(cell.right[1] for cell in each)),
    )


def _signals(read: Collection[Text]) -> frozenset[str]:
    return frozenset().union(*(text.counted for text in read))


def outcome(read: Collection[Text], signals: Collection[str], by: Reading) -> tuple[int, int, int]:
    """By one reading: how many proposals are right, how many there are, and how often the signal is there."""
    wanted = frozenset(signals)
    return (
        sum(len(text.signals[by] & text.proposed & wanted) for text in read),
        sum(len(text.proposed & wanted) for text in read),
        sum(len(text.signals[by] & wanted) for text in read),
    )


def agreement_table(read: Collection[Text]) -> str:
    """How the two readers agree, in Markdown, and which of them was right where they do not."""
    lines = [
        "| signal | both | first only | second only | agreed | kappa | first right | second right |",
        "|---|---|---|---|---|---|---|---|",
    ]
    names = sorted(_signals(read))
    chance = [text for text in read if text.by_chance]
    rows = {
        **{name: both(read, name) for name in names},
        "**all**": together(read, names),
        "**all, texts drawn by chance**": together(chance, names),
        f"**all but {', '.join(TAKEN_DIFFERENTLY)}**": together(
            read, [name for name in names if name not in TAKEN_DIFFERENTLY]
        ),
    }
    lines.extend(
        _agreement_row(name, cell) for name, cell in rows.items() if cell.both + cell.first + cell.second
    )
    return "\n".join(lines)


def _agreement_row(name: str, cell: Both) -> str:
    first, second = cell.right
    return (
        f"| {name} | {cell.both} | {cell.first} | {cell.second} |"
        f" {100 * cell.positive:.0f} % | {round(cell.kappa, 2) + 0:.2f} | {first} | {second} |"
    )


def outcome_table(read: Collection[Text]) -> str:
    """How right the lexicon is by each reading, in Markdown: `right/proposed; right/there`."""
    columns = [(half, by) for half in HALVES for by in READINGS]
    lines = [
        "| signal | " + " | ".join(f"{half}: {by}" for half, by in columns) + " |",
        "|---|" + "---|" * len(columns),
    ]
    names = sorted(_signals(read))
    for name, signals in [*((name, [name]) for name in names), ("**all**", names)]:
        cells = [
            _cell(*outcome([text for text in read if text.part in HALVES[half]], signals, by))
            for half, by in columns
        ]
        if any(cells):
            lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def summary_table(read: Collection[Text]) -> str:
    """The same over all signals, in Markdown. What is found is told of texts drawn by chance: a word filter would move it."""
    names = _signals(read)
    lines = [
        "| part | texts | "
        + " | ".join(f"right: {by}" for by in READINGS)
        + " | drawn by chance | "
        + " | ".join(f"found: {by}" for by in READINGS)
        + " |",
        "|---|---|" + "---|" * (2 * len(READINGS) + 1),
    ]
    for part in measure.PARTS:
        every = [text for text in read if text.part == part]
        some = [text for text in every if text.by_chance]
        right = [_share(*outcome(every, names, by)[:2]) for by in READINGS]
        found = [_share(*outcome(some, names, by)[::2]) for by in READINGS]
        lines.append(f"| {part} | {len(every)} | {' | '.join(right)} | {len(some)} | {' | '.join(found)} |")
    return "\n".join(lines)


def _share(right: int, of: int) -> str:
    return f"{right}/{of}, {100 * right // of} %"


def less_than_four_of_five(read: Collection[Text]) -> str:
    """Signals of `sealed` and `unread` whose proposals were right less than four times of five, by the third look."""
    found: list[str] = []
    for signal in sorted(_signals(read)):
        for part in HALVES["sealed and unread"]:
            right, proposed, _ = outcome([text for text in read if text.part == part], [signal], "third")
            if 5 * right < 4 * proposed:
                found.append(f"{signal} {right}/{proposed} ({part})")
    return ", ".join(found)


def _cell(right: int, proposed: int, there: int) -> str:
    return f"{right}/{proposed}; {right}/{there}" if proposed or there else ""


def main() -> None:
    """Print the tables: the first two stand in the page of the room, the last one in `data/README.md`."""
    read = texts(load(), measure.load())
    told = (agreement_table(read), summary_table(read), less_than_four_of_five(read), outcome_table(read))
    sys.stdout.write("\n\n".join(told) + "\n")


if __name__ == "__main__":
    main()
