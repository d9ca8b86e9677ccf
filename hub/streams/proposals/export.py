"""A year as a spreadsheet: the rows that its figures count, one for each unit's part; or the rows of one figure."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from hub.directory.spreadsheet import write_csv, write_xlsx
from hub.kernel.actor import Actor
from hub.kernel.errors import Forbidden, NotFound
from hub.record import Connection
from hub.streams.proposals.figures import oversees, parts
from hub.streams.proposals.messages import PartRow, PartsParams
from hub.streams.proposals.words import WORDS
from hub.wire.codec import decode

MOST = 20_000
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("number", "编号", 18), ("title", "标题", 40), ("year", "年度", 8), ("term", "届次", 10), ("kind", "类型", 8), ("topic", "分类", 20),
    ("delegation", "代表团", 16), ("lead_name", "领衔代表", 10), ("state_zh", "状态", 14), ("key", "重点", 6), ("refusal", "不予受理情形", 16),
    ("merged", "并案", 6), ("submitted", "提交", 12), ("accepted", "受理", 12), ("assigned", "交办", 12), ("ended", "办结", 12),
    ("unit_name", "承办单位", 22), ("role", "承办方式", 10), ("signed", "签收", 12), ("due", "答复期限", 12), ("replied", "首次答复", 12),
    ("on_time", "按期", 6), ("overdue", "超期", 6), ("rounds", "答复轮次", 8), ("klass", "结果分类", 8), ("first_rating", "首次评价", 10),
    ("rating", "末次评价", 10), ("promise", "承诺事项", 30), ("solve_by", "承诺期限", 12), ("reported", "兑现报告", 12), ("solved", "已解决", 8),
    ("fulfilment", "兑现评价", 10),
)
WORD_OF = {"kind": "kind", "topic": "topic", "role": "role", "first_rating": "rating", "rating": "rating", "fulfilment": "fulfilment", "refusal": "reason"}


async def export_year(conn: Connection, actor: Actor, query: Mapping[str, str], format: Literal["xlsx", "csv"]) -> bytes:
    """`which` is the year; without one all years. `p`: what narrows the view `proposal_parts`. Raises Forbidden, NotFound, Malformed."""
    if not oversees(actor):
        raise Forbidden("您的账号不能导出建议议案统计。", "Your account may not export the figures of suggestions and motions.")
    given = decode(query.get("p") or "{}", PartsParams)
    year = _year(query.get("which", "")) or given.year
    rows, _ = await parts(conn, msgspec.structs.replace(given, year=year, size=MOST, page=1), actor)
    plain = [tuple(_cell(row, name) for name, _, _ in COLUMNS) for row in rows]
    headings = [zh for _, zh, _ in COLUMNS]
    if format == "csv":
        return await asyncio.to_thread(write_csv, headings, plain)
    return await asyncio.to_thread(write_xlsx, headings, plain, [width for _, _, width in COLUMNS], "建议议案")


def _year(which: str) -> int | None:
    if not which:
        return None
    if which.isdecimal() and len(which) == 4:
        return int(which)
    raise NotFound("请写四位年份。", "Name a year of four digits.")


def _cell(row: PartRow, name: str) -> str:
    value: Any = getattr(row, name)
    if name in WORD_OF:
        return WORDS[WORD_OF[name]].get(value, (str(value), ""))[0]
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
