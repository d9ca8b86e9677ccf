"""Night service (夜服): whom a call to the main station rings while a window is open. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from hub.kernel.clock import CITY_ZONE
from media.calls.messages.shapes import NightBody, NightWindow

DAY = timedelta(days=1)


def is_open(service: NightBody, at: datetime) -> bool:
    return service.on and any(_inside(window, at.astimezone(CITY_ZONE)) for window in service.windows)


def _inside(window: NightWindow, local: datetime) -> bool:
    """A window that goes past midnight belongs to the day on which it began."""
    now = local.time().replace(tzinfo=None)
    today, yesterday = local.isoweekday() in window.days, (local - DAY).isoweekday() in window.days
    if window.starts < window.ends:
        return today and window.starts <= now < window.ends
    return (today and now >= window.starts) or (yesterday and now < window.ends)


def rung_instead(service: NightBody, on_duty: Sequence[str]) -> tuple[str, ...]:
    """`on_duty`: the refs of who stands on the roster now, and then their backups. Empty: the main station is rung
    all the same, for somebody must be."""
    wanted: Iterable[str] = (service.to,) if service.to else on_duty
    found = tuple(dict.fromkeys(wanted))
    if not service.by_phone:
        return found
    return tuple(ref.replace("person:", "phone:", 1) for ref in found)
