"""When what is wanted came to be more than what had been done (SEMANTICS 73): nobody is late with the rest before that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from tests.oracle.since import comings, of_field, of_stated
from tests.oracle.truth import members, parameter, sum_of
from tests.oracle.worked_out import is_worked_out, parts_of, worked_out
from tests.oracle.worlds import Place, Plain, Scope, World

Declared = Mapping[str, Plain]


def as_of(world: World, scope: Scope, declared: Declared, stated: Plain, moment: datetime) -> Plain:
    """The value as it was at an earlier instant; None if it was unknown, or nobody can tell."""
    if is_added_up(stated):
        return worked_out(
            world, declared, stated, lambda of, part: as_of(world, scope, of, part, moment), lambda _: None
        )
    listed = list_of(stated)
    if listed is None:
        since = of_stated(world, scope, stated)
        return None if since is not None and since > moment else parameter(world, scope, declared, stated)
    found = members(world, scope, stated, listed)
    if found is None or any(truth is None for _, truth in found):
        return None
    before = [
        each
        for at, each, came in comings(world, scope, stated, listed)
        if came is (at is None or at <= moment)
    ]
    if "count" in stated:
        return len(before)
    learned = [of_summed(world, stated, each) for each in before]
    if any(at is not None and at > moment for at in learned):
        return None
    return sum_of(world, stated["sum"], [(each, True) for each in before])


def changes(world: World, scope: Scope, declared: Declared, stated: Plain) -> Iterator[datetime | None]:
    """The instants at which it changed."""
    listed = list_of(stated)
    if is_added_up(stated):
        for of, part in parts_of(declared, stated):
            yield from changes(world, scope, of, part)
    elif listed is None:
        yield of_stated(world, scope, stated)
    else:
        for at, each, came in comings(world, scope, stated, listed):
            learned = of_summed(world, stated, each) if came and "sum" in stated else None
            yield max((moment for moment in (at, learned) if moment is not None), default=None)


def is_added_up(stated: Plain) -> bool:
    """Whether it is worked out from parts, all of which count."""
    return is_worked_out(stated) and "first_that_applies" not in stated and "table" not in stated


def list_of(stated: Plain) -> str | None:
    """The list that is summed or counted."""
    if not isinstance(stated, Mapping) or is_worked_out(stated) or not {"sum", "count"} & set(stated):
        return None
    return str(stated.get("sum") or stated["count"]).partition(".")[0]


def of_summed(world: World, stated: Declared, each: Place) -> datetime | None:
    """Since when the summed field of a record has been known."""
    return of_field(world, each, stated["sum"].partition(".")[2])
