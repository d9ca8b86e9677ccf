"""How many snapshots came over, how soon and at which try; each share names what it is a share of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hub.cases.names import names_of
from hub.cases.placed import read_again, room_of
from hub.cases.rules import rules_for, versions_of
from hub.cases.shapes import shapes_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.clock import Clock
from hub.record import Connection, load_sql
from hub.spoke import Page, View
from hub.streams.snapshots import messages as m
from hub.streams.snapshots.forms import KINDS, SnapshotRules
from hub.streams.snapshots.model import SNAPSHOTS
from hub.streams.snapshots.projection import SENDINGS

Q = load_sql(__package__)
P = Permission
TABLE = "snapshots.sending"
FIGURES = "snapshot_figures"
PACE = 2.0
"""Seconds: each telling is a page read again by whoever looks at it."""
ALL = ("全部", "All")
ENDED = ("已送达和未送达的（不含传输中、已放弃）", "those arrived or lost (not those on their way or given up)")
ONLINE = ("点发送时有网络、已送达的", "those arrived whose sender had a line")

RATES = (
    ("final", "最终送达率", "Finally delivered", "delivered", "ended", ENDED, "final"),
    ("first", "一次送达率", "Delivered at the first try", "first_try", "ended", ENDED, "first"),
    ("in_time", "{ready} 秒内送达率", "Delivered within {ready} s", "in_time", "online", ONLINE, "final"),
)
"""code, 中文, English, what is counted, of what, how that is called, and the rule it must not fall below."""


def rates(row: Mapping[str, Any], rules: SnapshotRules) -> tuple[m.SendingShare, ...]:
    return tuple(
        m.SendingShare(code=code, zh=zh.format(ready=rules.ready), en=en.format(ready=rules.ready), n=row[n], of=row[of], of_zh=whole[0],
                       of_en=whole[1], share=row[n] / row[of] if row[of] else None, target=getattr(rules, target))
        for code, zh, en, n, of, whole, target in RATES)


async def _words(conn: Connection, by: str, keys: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    if by == "deputy":
        return {ref: (name, name) for ref, name in (await names_of(conn, keys)).items()}
    return KINDS if by == "kind" else {"": ALL}


class SnapshotViews:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def figures(self, conn: Connection, params: m.SendingFiguresParams, actor: Actor) -> Page:
        """Of the asker's part of the city."""
        versions = await versions_of(conn, SNAPSHOTS.name)
        _, rules = rules_for(shapes_of(SNAPSHOTS.name), versions, None, day_of(self._clock.now()))
        assert isinstance(rules, SnapshotRules)
        found = [dict(row) for row in await conn.fetch(Q["figures"], params.year, params.by, list(actor.scopes), float(rules.ready))]
        words = await _words(conn, params.by, [row["key"] for row in found])
        rows = []
        for row in found:
            zh, en = words.get(row["key"], (row["key"], row["key"]))
            rows.append(m.SendingFigureRow(**row, zh=zh, en=en, rates=rates(row, rules)))
        return Page(rows, len(rows))


async def sendings(conn: Connection, params: m.SendingsParams, actor: Actor) -> Page:
    """The figures' own rows, of the asker's part of the city."""
    found = [dict(row) for row in await conn.fetch(Q["sendings"], params.year, params.outcome, params.again, list(actor.scopes), params.size,
                                                   (params.page - 1) * params.size)]
    total = found[0]["total"] if found else 0
    return Page([m.SendingRow(**{name: value for name, value in row.items() if name != "total"}) for row in found], total)


VIEWS = (View(name=SENDINGS, params=m.SendingsParams, row=m.SendingRow, permission=P.INTAKE, fetch=sendings, room=room_of(SENDINGS),
              reread=read_again(SENDINGS, TABLE), pace=PACE),)


def views_of_now(clock: Clock) -> tuple[View, ...]:
    shows = SnapshotViews(clock)
    return (View(name=FIGURES, params=m.SendingFiguresParams, row=m.SendingFigureRow, permission=P.INTAKE, fetch=shows.figures, key="key",
                 room=room_of(FIGURES), reread=read_again(FIGURES, TABLE), follows=(SENDINGS,), pace=PACE),)
