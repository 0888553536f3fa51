"""Formats money, dates, durations and plurals with Babel, in the given language and independent of the machine's locale."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import partial

import attrs
from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from babel.units import format_unit

from escalation_rules.values import plain_instant
from escalation_rules.words.catalogue import form, say
from escalation_rules.words.labels import FormatsOf, Span

_WHOLE = "¤#,##0"
_NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}

_SECONDS = ":ss"
_OFFSET = "UTC{sign}{hours}{minutes}"


@attrs.frozen
class BabelFormats:
    """The formats of one language; instants are in `zone`. Needs Babel (extra `cli`)."""

    language: str
    zone: tzinfo

    @classmethod
    def in_zone(cls, zone: tzinfo) -> FormatsOf:
        """The formats of all languages, for `Policy.with_formats`; instants are in `zone`."""
        return partial(cls, zone=zone)

    @property
    def locale(self) -> Locale:
        """Babel's locale of the language."""
        return Locale.parse(say("format.locale", self.language))

    def amount(self, amount: Decimal, currency: str | None) -> str:
        """`NT$800`: without decimals if they are zero, otherwise with all of them. A bare `$` is never another currency than the
        American dollar, also where a language writes its own dollar so."""
        if not currency:
            return format_decimal(amount, locale=self.locale, decimal_quantization=False)
        if amount == amount.to_integral_value():
            text = format_currency(amount, currency, format=_WHOLE, locale=self.locale, currency_digits=False)
        else:
            text = format_currency(amount, currency, locale=self.locale, decimal_quantization=False)
        if currency != "USD" and get_currency_symbol(currency, self.locale) == "$":
            return text.replace("$", get_currency_symbol(currency, "en"))
        return text

    def number(self, number: int) -> str:
        """`1,234`."""
        return format_decimal(number, locale=self.locale)

    def instant(self, moment: datetime) -> str:
        """`Tue 3 Mar 2026, 10:00`, in the output's zone, with seconds if they are not zero.

        If the local time occurs twice, the offset is added.
        """
        return self._with_date(moment, is_end=False)

    def deadline(self, moment: datetime, seen_at: datetime | None = None) -> str:
        """An instant by which something is due, as `time`, or as `instant` without `seen_at`. A midnight ends the day
        before: `24:00 on Wed 4 Mar`."""
        if seen_at is None:
            return self._with_date(moment, is_end=True)
        return self._near(moment, seen_at, is_end=True)

    def time(self, moment: datetime, seen_at: datetime) -> str:
        """`18:00 today`, `10:00 on Thu 5 Mar`: an instant relative to another one. In another year, it is
        shown like `instant`, with its year."""
        return self._near(moment, seen_at, is_end=False)

    def offset(self, moment: datetime) -> str:
        """`UTC+8`: the offset of the output's zone at that instant."""
        offset = moment.astimezone(self.zone).utcoffset() or timedelta()
        if not offset:
            return "UTC"
        sign = "-" if offset < timedelta() else "+"
        hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
        return _OFFSET.format(sign=sign, hours=hours, minutes=f":{minutes:02d}" if minutes else "")

    def span(self, span: Span) -> str:
        """`17 hours`, `2 working days`."""
        if "_" in span.unit:  # working time and calendar days are not in CLDR
            return self._counted(f"unit.{span.unit}", span.amount)
        unit = f"duration-{span.unit}"
        if self.language == "en":
            return format_unit(span.amount, unit, length="long", locale=self.locale)
        # CLDR has no long forms in Chinese; its short ones are in common use.
        return format_unit(span.amount, unit, length="short", locale=self.locale)

    def between(self, start: datetime, end: datetime) -> str:
        """The exact time between two instants as shown: `17 hours 50 minutes`."""
        space = say("format.between_lengths", self.language)
        length = end.replace(microsecond=0) - start.replace(microsecond=0)
        return space.join(self.span(span) for span in Span.split(length))

    def roughly(self, start: datetime, end: datetime) -> str:
        """The approximate time between two instants: `23 days`, `1 hour 40 minutes`."""
        space = say("format.between_lengths", self.language)
        spans = list(Span.split(end.replace(microsecond=0) - start.replace(microsecond=0)))
        return space.join(self.span(span) for span in spans[: 2 if spans[0].amount == 1 else 1])

    def late(self, due: datetime, at: datetime) -> str:
        """How late something is: like `roughly`, in days alone from one day on."""
        if at - due >= timedelta(days=1):
            return self.span(Span((at - due).days, "day"))
        return self.roughly(due, at)

    def plural(self, name: str, count: int, **slots: str) -> str:
        """The plural form of a phrase for a number, with `{count}` and the other slots filled."""
        return self._counted(f"plural.{name}", count, **slots)

    def _near(self, moment: datetime, seen_at: datetime, *, is_end: bool) -> str:
        try:
            local, now = moment.astimezone(self.zone), seen_at.astimezone(self.zone)
        except OverflowError:
            return self.instant(moment)
        day = _day_of(local, is_end=is_end)
        near = _NEAR_DAYS.get((day - now.date()).days)
        if _comes_twice(local) or (near is None and day.year != now.year):
            return self._with_date(moment, is_end=is_end)
        if near is not None:
            return say(f"format.{near}", self.language, time=self._written(local, "HH:mm", is_end=is_end))
        return self._written(local, say("format.day", self.language), is_end=is_end)

    def _with_date(self, moment: datetime, *, is_end: bool) -> str:
        try:
            local = moment.astimezone(self.zone)
        except OverflowError:  # the first or last day of the calendar, in a zone beyond it
            return plain_instant(moment)
        at = self._written(local, say("format.instant", self.language), is_end=is_end)
        if not _comes_twice(local):
            return at
        return say("format.with_offset", self.language, at=at, offset=self.offset(moment))

    def _written(self, local: datetime, pattern: str, *, is_end: bool) -> str:
        """The local time by a pattern with `HH:mm`, with seconds if they are not zero."""
        day = _day_of(local, is_end=is_end)
        if day != local.date():
            pattern = pattern.replace("HH:mm", "'24:00'")
        elif local.second:
            pattern = pattern.replace("mm", f"mm{_SECONDS}")
        return format_datetime(
            datetime.combine(day, local.timetz()), pattern, tzinfo=self.zone, locale=self.locale
        )

    def _counted(self, name: str, count: int, **slots: str) -> str:
        category = self.locale.plural_form(count)
        return form(name, category, self.language, count=self.number(count), **slots)


def _day_of(local: datetime, *, is_end: bool) -> date:
    """The local date; that of the day before for a midnight that ends something."""
    ends_the_day_before = is_end and local.time() == time.min and local.date() > date.min
    return local.date() - timedelta(days=ends_the_day_before)


def _comes_twice(local: datetime) -> bool:
    """Whether this local time occurs twice on its day."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
