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
        each for key in {**before, **after} for each in _of_thing(before.get(key, []), after.get(key, []))
    ]
    return tuple(sorted(found, key=_place))


def _place(each: Difference) -> tuple[Any, ...]:
    ends = each.until.isoformat() if each.until is not None else ""
    change = (each.before is None, each.after is None)
    return (
        each.since,
        KINDS.index(each.kind),
        change,
        ends,
        each.because,
        each.name,
        each.about or "",
        str(each.after),
    )


def _by_thing(spans: Iterable[Span]) -> dict[Any, list[Span]]:
    """The spans by what they are about. Prohibitions of an action for different roles are about the same."""
    found: dict[Any, list[Span]] = {}
    for each in spans:
        found.setdefault((each.kind, each.name, each.about, each.apart), []).append(each)
    return found


Sides = tuple[Span | None, Span | None]
"""What the old and the new policy say at an instant."""


def _of_thing(before: list[Span], after: list[Span]) -> Iterator[Difference]:
    """The differences about one thing; each lasts as long as neither side changes."""
    instants = sorted(
        {each for span in (*before, *after) for each in (span.since, span.until) if each is not None}
    )
    current: list[tuple[Sides, datetime]] = []
    for at in instants:
        differing = list(_differing(_at(before, at), _at(after, at)))
        for sides, since in current:
            if sides not in differing:
                yield _difference(sides, since, until=at)
        kept = [each for each in current if each[0] in differing]
        current = kept + [(each, at) for each in differing if each not in [sides for sides, _ in kept]]
    for sides, since in current:
        yield _difference(sides, since, until=None)


def _differing(before: list[Span], after: list[Span]) -> Iterator[Sides]:
    """What only one policy says at an instant, as pairs: one prohibition for other roles is one difference."""
    values = [[each.value for each in spans] for spans in (before, after)]
    return zip_longest(
        [each for each in before if each.value not in values[1]],
        [each for each in after if each.value not in values[0]],
    )


def _at(spans: list[Span], at: datetime) -> list[Span]:
    found = [each for each in spans if each.since <= at and (each.until is None or at < each.until)]
    return sorted(found, key=lambda each: each.key)


def _difference(sides: Sides, since: datetime, until: datetime | None) -> Difference:
    said = [each for each in sides if each is not None]
    one, other = (None if each is None else each.value for each in sides)
    because = tuple(sorted({rule for each in said for rule in each.because}))
    return Difference(said[0].kind, said[0].name, said[0].about, one, other, because, since, until)
