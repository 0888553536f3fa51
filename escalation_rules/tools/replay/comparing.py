"""Compares two replays of one history: what only one policy said, and from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.decision import to_plain
from escalation_rules.frozen import frozen
from escalation_rules.tools.replay.model import KINDS, Kind, Replay, Span


@attrs.frozen
class Difference:
    """One thing on which two policies differ, from `since` up to but excluding `until` (UTC; None: the end).

    `before` and `after` are what the old and the new policy say (None: nothing). `because` names the rules
    behind it.
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
    before, after = _by_key(old.said), _by_key(new.said)
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


def _by_key(spans: Iterable[Span]) -> dict[Any, list[Span]]:
    found: dict[Any, list[Span]] = {}
    for each in spans:
        found.setdefault(each.key, []).append(each)
    return found


def _of_thing(before: list[Span], after: list[Span]) -> Iterator[Difference]:
    """The differences about one thing; each lasts as long as neither side changes."""
    instants = sorted(
        {each for span in (*before, *after) for each in (span.since, span.until) if each is not None}
    )
    current: tuple[Span | None, Span | None, datetime] | None = None
    for at in instants:
        one, other = _at(before, at), _at(after, at)
        if current is not None and (one, other) == current[:2]:
            continue
        if current is not None:
            yield _difference(*current, until=at)
        current = (one, other, at) if _value(one) != _value(other) else None
    if current is not None:
        yield _difference(*current, until=None)


def _at(spans: list[Span], at: datetime) -> Span | None:
    return next(
        (each for each in spans if each.since <= at and (each.until is None or at < each.until)), None
    )


def _value(span: Span | None) -> Any:
    return None if span is None else span.value


def _difference(one: Span | None, other: Span | None, since: datetime, until: datetime | None) -> Difference:
    said = other or one
    assert said is not None  # noqa: S101 - a difference has at least one side
    return Difference(
        said.kind, said.name, said.about, _value(one), _value(other), said.because, since, until
    )
