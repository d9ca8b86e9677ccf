"""A whole conversation as a spreadsheet, for administrators."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import xlsxwriter

from dispatch.conversations.messages.rows import ParticipantRow
from dispatch.conversations.model import no_conversation, require_administrator
from dispatch.conversations.words import MOST_MEMBERS
from dispatch.export import FORMULA
from dispatch.rows import convert
from hub.kernel.actor import Actor
from hub.kernel.clock import CITY_ZONE
from hub.record import Connection, load_sql

Q = load_sql("dispatch.conversations")

PAGE, MOST = 5_000, 200_000
SHAPES = {"text": "文字", "picture": "图片", "voice": "语音", "file": "文件", "recalled": "已撤回"}
HEADINGS = ("序号", "时间", "发送人", "席位", "类型", "内容", "文件", "通知", "撤回时间", "撤回人")
MEMBERS = ("成员", "类别", "所属", "身份", "已读到", "加入时间")
STANDING = {"owner": "群主", "member": "成员"}

Line = tuple[str, ...]


async def export_conversation(
    conn: Connection, actor: Actor, query: Mapping[str, str], format: Literal["xlsx", "csv"],
) -> bytes:
    """Raises Forbidden, NotFound. The newest 200,000 messages at most."""
    require_administrator(actor)
    which = await _conversation(conn, query["which"])
    lines = [_line(row) for row in await _messages(conn, which)]
    if format == "csv":
        return await asyncio.to_thread(_csv, lines)
    members = [_member(convert(row, ParticipantRow)) for row in await conn.fetch(
        Q["participants"], which, None, None, MOST_MEMBERS, 0)]
    return await asyncio.to_thread(_xlsx, lines, members)


async def _conversation(conn: Connection, text: str) -> UUID:
    try:
        which = UUID(text)
    except ValueError:
        raise no_conversation() from None
    if not await conn.fetchval(Q["exists"], which):
        raise no_conversation()
    return which


async def _messages(conn: Connection, which: UUID) -> list[Any]:
    last = await conn.fetchval("select last_number from talk.conversation where id = $1", which)
    found: list[Any] = []
    after = max(0, last - MOST)
    while page := await conn.fetch(Q["export"], which, after, PAGE):
        found += page
        after = page[-1]["number"]
    return found


def _line(row: Any) -> Line:
    return (str(row["number"]), _when(row["at"]), row["author_name"], row["seat"], SHAPES[row["shape"]], row["text"],
            row["files"] or "", "是" if row["notice"] else "", _when(row["recalled_at"]), row["recalled_by"])


def _member(row: ParticipantRow) -> Line:
    return (row.name, row.kind, row.place, STANDING[row.standing], str(row.read), _when(row.joined_at))


def _when(at: Any) -> str:
    return at.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _csv(lines: Sequence[Line]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(lines: Sequence[Line], members: Sequence[Line]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EDF3"})
        for name, headings, rows in (("消息", HEADINGS, lines), ("成员", MEMBERS, members)):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, len(headings) - 1, 18)
            for place, row in enumerate((headings, *rows)):
                sheet.write_row(place, 0, row, head if place == 0 else None)
            sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    return out.getvalue()
