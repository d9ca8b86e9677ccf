"""The city's working days: what is published for the country, and before it what was saved here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from chinese_calendar import constants

from hub.kernel.calendar import Calendar
from hub.record import Connection, load_sql

Q = load_sql(__package__)

NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节", "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


@cache
def published() -> Calendar:
    """The country's arrangements as far as they are published."""
    off = {day: NAMES.get(name, name) for day, name in constants.holidays.items()}
    on = {day: NAMES.get(name, name) for day, name in constants.workdays.items()}
    return Calendar(off=off, on=on, known_until=date(max((*off, *on)).year, 12, 31))


def merged(saved: Iterable[tuple[date, bool, str]]) -> Calendar:
    """Days saved here go before the published ones."""
    base = published()
    days = tuple(saved)
    if not days:
        return base
    ours = {day for day, _, _ in days}
    off = {day: why for day, why in base.off.items() if day not in ours} | {day: name or "休假" for day, works, name in days if not works}
    on = {day: why for day, why in base.on.items() if day not in ours} | {day: name for day, works, name in days if works}
    return Calendar(off=off, on=on, known_until=max(*ours, *filter(None, [base.known_until])))


async def calendar_of(conn: Connection) -> Calendar:
    rows: list[Any] = await conn.fetch(Q["calendar_days"])
    return merged((row["day"], row["works"], row["name"]) for row in rows)
