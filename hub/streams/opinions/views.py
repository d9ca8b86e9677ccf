"""How many opinions came, how many were handled and how many citizens are content; each share names what it is a share of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hub.cases.names import names_of
from hub.cases.placed import read_again, room_of
from hub.cases.rules import rules_for, versions_of
from hub.cases.shapes import shapes_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.clock import Clock
from hub.kernel.lifecycle import Sentence
from hub.record import Connection, load_sql
from hub.spoke import Page, View
from hub.streams.opinions import messages as m
from hub.streams.opinions.forms import CAME, KINDS, OpinionRules
from hub.streams.opinions.model import OPINIONS
from hub.streams.opinions.projection import ROWS

Q = load_sql(__package__)
P = Permission
TABLE = "opinions.item"
FIGURES, FREQUENT = "opinion_figures", "opinion_frequent"
PACE = 2.0
"""Seconds: each telling is a page read again by whoever looks at it."""
ALL, NONE = ("全部", "All"), ("（未填）", "(none)")
CODES: Mapping[str, Mapping[str, Sentence]] = {"kind": KINDS, "came": CAME}
NAMED = ("district", "station", "unit")

RATES: tuple[tuple[str, Sentence, str, str, Sentence, str], ...] = (
    ("resolved_rated", ("解决率（已评价）", "Resolved, of those rated"), "resolved", "rated", ("群众已评价的", "those rated by the citizen"), "resolved"),
    ("resolved_told", ("解决率（已告知）", "Resolved, of those answered"), "resolved", "told", ("已告知群众的（含未评价）", "those told an answer, rated or not"), ""),
    ("handled", ("办理率", "Handled"), "handled", "received", ("全部收到的", "all received"), "handled"),
    ("overdue", ("超期率", "Overdue"), "overdue", "open", ("尚未办结的", "those still open"), ""),
)
"""code, what it is called, what is counted, of what, how that is called, and the rule it must not fall below."""


def rates(row: Mapping[str, Any], rules: OpinionRules) -> tuple[m.OpinionShare, ...]:
    return tuple(
        m.OpinionShare(code=code, zh=said[0], en=said[1], n=row[n], of=row[of], of_zh=whole[0], of_en=whole[1],
                       share=row[n] / row[of] if row[of] else None, target=getattr(rules, target) if target else None)
        for code, said, n, of, whole, target in RATES)


async def words_by(conn: Connection, by: str, keys: Iterable[str]) -> Mapping[str, Sentence]:
    """What the rows are called; as they are where the key is its own name."""
    if by == "":
        return {"": ALL}
    if by in NAMED:
        names = await names_of(conn, [key for key in keys if key])
        return {"": NONE} | {key: (name, name) for key, name in names.items()}
    return {"": NONE} | dict(CODES.get(by, {}))


class OpinionViews:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def figures(self, conn: Connection, params: m.OpinionFiguresParams, actor: Actor) -> Page:
        """Of the asker's part of the city."""
        today = day_of(self._clock.now())
        _, rules = rules_for(shapes_of(OPINIONS.name), await versions_of(conn, OPINIONS.name), None, today)
        assert isinstance(rules, OpinionRules)
        found = [dict(row) for row in await conn.fetch(Q["figures"], params.year, params.by, list(actor.scopes), today)]
        words = await words_by(conn, params.by, [row["key"] for row in found])
        rows = []
        for row in found:
            zh, en = words.get(row["key"], (row["key"], row["key"]))
            rows.append(m.OpinionFigureRow(**row, zh=zh, en=en, rates=rates(row, rules)))
        return Page(rows, len(rows))

    async def rows(self, conn: Connection, params: m.OpinionRowsParams, actor: Actor) -> Page:
        """The figures' own rows, of the asker's part of the city."""
        found = [dict(row) for row in await conn.fetch(
            Q["rows"], params.year, params.rating, params.unit, list(actor.scopes), params.overdue, params.size, (params.page - 1) * params.size,
            day_of(self._clock.now()))]
        total = found[0]["total"] if found else 0
        return Page([m.OpinionRow(**{name: value for name, value in row.items() if name != "total"}) for row in found], total)


async def frequent(conn: Connection, params: m.FrequentParams, actor: Actor) -> Page:
    found = await conn.fetch(Q["frequent"], params.year, list(actor.scopes))
    rows = []
    for row in found:
        zh, en = KINDS.get(row["key"], (row["key"], row["key"])) if row["what"] == "kind" else (row["key"], row["key"])
        rows.append(m.FrequentRow(id=f"{row['what']}:{row['rank']}", what=row["what"], rank=row["rank"], key=row["key"], zh=zh, en=en, n=row["n"]))
    return Page(rows, len(rows))


VIEWS = (View(name=FREQUENT, params=m.FrequentParams, row=m.FrequentRow, permission=P.INTAKE, fetch=frequent, room=room_of(FREQUENT), reread=read_again(FREQUENT, TABLE),
              follows=(ROWS,), pace=PACE),)


def views_of_now(clock: Clock) -> tuple[View, ...]:
    shows = OpinionViews(clock)
    return (View(name=ROWS, params=m.OpinionRowsParams, row=m.OpinionRow, permission=P.INTAKE, fetch=shows.rows, room=room_of(ROWS), reread=read_again(ROWS, TABLE), pace=PACE),
            View(name=FIGURES, params=m.OpinionFiguresParams, row=m.OpinionFigureRow, permission=P.INTAKE, fetch=shows.figures, key="key",
                 room=room_of(FIGURES), reread=read_again(FIGURES, TABLE), follows=(ROWS,), pace=PACE))
