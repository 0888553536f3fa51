"""Compares two replays of one history: what only one policy said, and from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any

import attrs

from escalation_rules.decision import to_plain
from escalation_rules.frozen import frozen
from escalation_rules.tools.replay.model import KINDS, Kind, Replay, Span


@attrs.frozen
class Difference:
    """One thing on which two policies differ, from `since` up to but excluding `until` (UTC; None: the end).

    `before` and `after` are what the old and the new policy say (None: nothing). `because` names the rules
    behind either.
    """

    kind: Kind
    name: str
    about: str | None
    before: Any = attrs.field(converter=frozen)
    after: Any = attrs.field(converter=frozen)
    because: tuple[str, ...]
    since: datetime
    until: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """The difference as plain data for JSON."""
        return to_plain(self, None)


def differences(old: Replay, new: Replay) -> tuple[Difference, ...]:
    """The differences between two replays, in order of time. Differences in reasons alone are ignored."""
    before, after = _by_thing(old.said), _by_thing(new.said)
    found = [
        difference
        for key in {**before, **after}
        for difference in _of_thing(before.get(key, []), after.get(key, []))
    ]
    return tuple(sorted(found, key=_place))


def _place(difference: Difference) -> tuple[Any, ...]:
    ends = difference.until.isoformat() if difference.until is not None else ""
    change = (difference.before is None, difference.after is None)
    return (
        difference.since,
        KINDS.index(difference.kind),
        change,
        ends,
        difference.because,
        difference.name,
        difference.about or "",
        str(difference.after),
    )


def _by_thing(spans: Iterable[Span]) -> dict[Any, list[Span]]:
    """The spans by what they are about. Prohibitions of an action for different roles are about the same."""
    found: dict[Any, list[Span]] = {}
    for span in spans:
        found.setdefault((span.kind, span.name, span.about, span.apart), []).append(span)
    return found


Sides = tuple[Span | None, Span | None]
"""What the old and the new policy say at an instant."""


def _of_thing(before: list[Span], after: list[Span]) -> Iterator[Difference]:
    """The differences about one thing; each lasts as long as neither side changes."""
    instants = sorted(
        {moment for span in (*before, *after) for moment in (span.since, span.until) if moment is not None}
    )
    current: list[tuple[Sides, datetime]] = []
    for at in instants:
        differing = list(_differing(_at(before, at), _at(after, at)))
        for sides, since in current:
            if sides not in differing:
                yield _difference(sides, since, until=at)
        kept = [entry for entry in current if entry[0] in differing]
        current = kept + [
            (span_pair, at) for span_pair in differing if span_pair not in [sides for sides, _ in kept]
        ]
    for sides, since in current:
        yield _difference(sides, since, until=None)


def _differing(before: list[Span], after: list[Span]) -> Iterator[Sides]:
    """What only one policy says at an instant, as pairs: one prohibition for other roles is one difference."""
    values = [[span.value for span in spans] for spans in (before, after)]
    return zip_longest(
        [span for span in before if span.value not in values[1]],
        [span for span in after if span.value not in values[0]],
    )


def _at(spans: list[Span], at: datetime) -> list[Span]:
    found = [span for span in spans if span.since <= at and (span.until is None or at < span.until)]
    return sorted(found, key=lambda span: span.key)


def _difference(sides: Sides, since: datetime, until: datetime | None) -> Difference:
    said = [side for side in sides if side is not None]
    one, other = (None if side is None else side.value for side in sides)
    because = tuple(sorted({rule for span in said for rule in span.because}))
    return Difference(said[0].kind, said[0].name, said[0].about, one, other, because, since, until)
