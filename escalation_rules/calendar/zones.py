"""Loads time zones and holidays from data packages, and converts instants to integer microseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

MINUTE: Final = 60_000_000  # instants are counted in microseconds from the start of year 1
DAY: Final = 1440 * MINUTE
_EPOCH: Final = datetime(1, 1, 1, tzinfo=UTC)
_LAST: Final = date(MAXYEAR, 12, 31).toordinal()


@cache
def versions() -> Mapping[str, str]:
    """The versions of the packages that results depend on: `holidays`, and `tzdata` for the time zones.

    Read once: the packages stay imported, even if others are installed meanwhile.
    """
    from importlib.metadata import version  # slow to import, like the other local imports here

    return MappingProxyType({package: version(package) for package in ("holidays", "tzdata")})


def hint(word: str, names: Iterable[str] | Mapping[str, str]) -> str:
    """`; did you mean 'x'?`, or "". A mapping gives the suggestion for each of its names."""
    from difflib import get_close_matches

    known = {name.lower(): names[name] if isinstance(names, Mapping) else name for name in names}
    near = get_close_matches(word[:80].lower(), known, n=1)
    return f"; did you mean {known[near[0]]!r}?" if near else ""


def load_zone(key: str) -> ZoneInfo:
    """The zone from the package tzdata; `ZoneInfo(key)` would prefer the system's files."""
    from importlib.resources import files

    root = files("tzdata")
    names = root.joinpath("zones").read_text(encoding="ascii").split()
    if key not in names:
        raise ValueError(f"unknown time zone {key!r}{hint(key, names)}")
    with root.joinpath("zoneinfo", *key.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=key)


def load_country(code: str) -> Any:
    """The class of the package holidays for a code such as "TW" or "DE-BY"; the subdivision is checked."""
    # Takes a tenth of a second, so it is not imported without need.
    from holidays.registry import COUNTRIES

    country, dash, region = code.partition("-")
    names = {name: codes[0] for _, *codes in COUNTRIES.values() for name in codes if len(name) <= 3}
    if country not in names:
        names.update((title, codes[0]) for title, *codes in COUNTRIES.values())
        raise ValueError(f"no public holidays known for country {country!r}{hint(country, names)}")
    entity = _entity(*next((module, codes[0]) for module, codes in COUNTRIES.items() if country in codes))
    if dash and region not in entity.subdivisions:
        regions = {name: name for name in entity.subdivisions} | entity.subdivisions_aliases
        raise ValueError(f"no public holidays known for {region!r} in {country}{hint(region, regions)}")
    # The package imports modules and reads files when the first year is requested: do it now instead of
    # during a decision.
    return type(entity(years=2026, expand=False, language=entity.default_language, categories="public"))


@cache
def _entity(module: str, title: str) -> Any:
    """The class of a country, from its own file; importing it by name would import all two hundred."""
    from importlib.resources import files
    from importlib.util import module_from_spec, spec_from_file_location

    file = files("holidays").joinpath("countries", f"{module}.py")
    spec = spec_from_file_location(f"holidays.countries.{module}", str(file))
    if spec is None or spec.loader is None or not file.is_file():  # the package is not a folder
        return getattr(import_module(f"holidays.countries.{module}"), title)
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return getattr(loaded, title)


def aware(at: datetime) -> datetime:
    """Return the instant. Raises `ValueError` if it is naive."""
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at


def micros(length: timedelta | None) -> int:
    """A duration in microseconds; 0 for None."""
    return 0 if length is None else length.days * DAY + length.seconds * 1_000_000 + length.microseconds


def reckoned(at: datetime) -> int:
    """An aware instant in microseconds."""
    return micros(aware(at) - _EPOCH)


def instant(reckoned: int) -> datetime:
    """The instant, in UTC, for a number of microseconds."""
    return _EPOCH + timedelta(microseconds=reckoned)


def first_showing(zone: ZoneInfo, wall: int) -> int:
    """The first instant at which the zone's clock shows `wall` (local microseconds from year 1) or later."""
    # At the end of datetime's range, use the offset of the last minute.
    local = instant(min(wall, _LAST * DAY - MINUTE)).replace(tzinfo=zone)
    before, after = micros(local.utcoffset()), micros(local.replace(fold=1).utcoffset())
    if before >= after:  # an ordinary time or, if greater, one that occurs twice
        return wall - before
    low, high = wall - after, wall - before  # a skipped time: the change is in between
    while high - low > 1:
        middle = (low + high) // 2
        if middle + micros(instant(middle).astimezone(zone).utcoffset()) >= wall:
            high = middle
        else:
            low = middle
    return high
