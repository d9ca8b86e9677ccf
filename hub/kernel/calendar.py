"""Chinese working days and the limits that are counted in them. A day is a date in the city's zone.

The day on which something happens is not counted; a limit ends with the end of its last day.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from hub.kernel.errors import Refused

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
SATURDAY = 5
YEARS = range(1900, 2200)
"""Years that a day filled in may lie in: no other is meant, and the ends of time cannot be counted beyond."""


class Unit(StrEnum):
    DAYS = "days"            # 日
    WORKDAYS = "workdays"    # 个工作日
    MONTHS = "months"        # 个月


class Span(msgspec.Struct, frozen=True):
    """How long a limit is. A negative `n` counts backwards, e.g. papers 7 days before a meeting."""

    n: Annotated[int, Meta(ge=-4000, le=4000)]
    unit: Unit = Unit.DAYS

    def words(self) -> tuple[str, str]:
        zh = {Unit.DAYS: "日", Unit.WORKDAYS: "个工作日", Unit.MONTHS: "个月"}[self.unit]
        en = {Unit.DAYS: "days", Unit.WORKDAYS: "working days", Unit.MONTHS: "months"}[self.unit]
        return f"{self.n}{zh}", f"{self.n} {en}"


class LeftOut(msgspec.Struct, frozen=True):
    """A day that a limit did not count, and why (`周末` or the holiday's name)."""

    day: date
    why: str


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """`off`: weekdays without work; `on`: weekend days worked (调休). Both with the name of the holiday they belong to.
    `known_until`: the last day whose arrangement is published; later days count by the week alone."""

    off: Mapping[date, str] = field(default_factory=dict)
    on: Mapping[date, str] = field(default_factory=dict)
    known_until: date | None = None

    def works(self, day: date) -> bool:
        return day in self.on or (day.weekday() < SATURDAY and day not in self.off)

    def after(self, start: date, span: Span) -> date:
        """The last day of a limit that starts on `start`. 2026-11-30 and 3 months make 2027-02-28. Raises Refused beyond the ends
        of the calendar."""
        try:
            return self._after(start, span)
        except (OverflowError, ValueError):
            raise Refused(f"从{start}起算的期限超出了能计算的日期，请检查日期。", f"A limit from {start} on ends beyond what can be counted; check the day.",
                          code="day-out-of-range") from None

    def _after(self, start: date, span: Span) -> date:
        if span.unit is Unit.MONTHS:
            return _months_later(start, span.n)
        if span.unit is Unit.DAYS:
            return start + span.n * DAY
        step = DAY if span.n > 0 else -DAY
        day, left = start, abs(span.n)
        while left:
            day += step
            left -= self.works(day)
        return day

    def left_out(self, start: date, due: date) -> tuple[LeftOut, ...]:
        """The days after `start` up to `due` on which nobody works."""
        return tuple(LeftOut(day, self.off.get(day, "周末")) for day in days(start + DAY, due) if not self.works(day))

    def counted(self, start: date, end: date, unit: Unit) -> int:
        """Days from `start` (not counted) to `end`; negative when `end` lies before."""
        if unit is not Unit.WORKDAYS:
            return (end - start).days
        first, last = sorted((start, end))
        n = sum(self.works(day) for day in days(first + DAY, last))
        return n if end >= start else -n


def days(first: date, last: date) -> Iterator[date]:
    yield from (first + n * DAY for n in range((last - first).days + 1))


def day_of(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def begin_of(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), ZONE)


def end_of(day: date) -> datetime:
    """The first moment after the day: a limit is over from then on."""
    return begin_of(day + DAY)


def _months_later(start: date, n: int) -> date:
    years, month = divmod(start.month - 1 + n, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
