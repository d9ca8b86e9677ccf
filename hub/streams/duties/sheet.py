"""The scores of a year as a spreadsheet: as the desk's page shows them, for commendation and re-election (S1-D39)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hub.directory.spreadsheet import write_csv, write_xlsx
from hub.kernel.actor import Actor
from hub.kernel.errors import Forbidden, Malformed
from hub.record import Connection
from hub.streams.duties.book import clerk
from hub.streams.duties.figures import scores
from hub.streams.duties.scoring_messages import ScoreRow, Year
from hub.wire.codec import decode

FIRST, LAST = ("名次", "代表", "代表团", "总分"), ("记录分", "评价分", "未经批准缺席", "申诉加减", "规则版本")
WIDTH = 14


class Wanted(msgspec.Struct, frozen=True):
    delegation: Annotated[str, Meta(max_length=60)] = ""


async def export_scores(conn: Connection, actor: Actor, query: Mapping[str, str], format: Literal["xlsx", "csv"]) -> bytes:
    """`which` is the year; `p`: of one delegation. Raises Forbidden, Malformed."""
    if not clerk(actor):
        raise Forbidden("全体代表的履职得分由代表工委查看。", "All deputies' scores are for the deputies' committee.")
    try:
        year = msgspec.convert(query.get("which", ""), Year, strict=False)
    except msgspec.ValidationError:
        raise Malformed("请写明年度，例如 2026。", "Say which year, e.g. 2026.", field="which") from None
    rows = await scores(conn, year, decode(query.get("p") or "{}", Wanted).delegation)
    return await asyncio.to_thread(_sheet, rows, year, format)


def _sheet(rows: Sequence[ScoreRow], year: int, format: Literal["xlsx", "csv"]) -> bytes:
    headings = (*FIRST, *(item.zh for row in rows[:1] for item in row.items), *LAST)
    lines = [tuple(map(_read, (row.rank, row.name, row.delegation, row.total, *(item.points for item in row.items), row.counted, row.rating, row.missed,
                               row.adjusted, row.version))) for row in rows]
    return write_csv(headings, lines) if format == "csv" else write_xlsx(headings, lines, [WIDTH] * len(headings), f"{year}年度履职得分")


def _read(value: str | float | None) -> str:
    """Points as one writes them: 3, not 3.0."""
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)
