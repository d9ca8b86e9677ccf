"""Calls as spreadsheets: the list, and one call with its members and who did what."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import xlsxwriter

from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import CITY_ZONE
from hub.kernel.errors import Forbidden, NotFound
from hub.record import Connection
from hub.record.audit import containing
from media.calls import rows
from media.calls.seats import own_seat
from media.calls.store import Q
from media.calls.wording import ACT, END, KIND, MEMBER, ROLE, STATE

MOST = 10_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CALLS = ("开始", "类型", "名称", "优先级", "席位", "状态", "接通", "结束", "原因", "人数", "夜服")
MEMBERS = ("成员", "类别", "所属", "身份", "状态", "振铃", "接通", "离开", "通话秒数", "点名", "说明")
ACTS = ("时间", "操作", "操作人", "对象", "说明")

Line = tuple[str, ...]
Sheet = tuple[str, Line, Sequence[Line]]


async def export_calls(conn: Connection, actor: Actor, query: Mapping[str, str], format: Literal["xlsx", "csv"]) -> bytes:
    """The newest 10,000 in the asker's scope; `text` narrows."""
    _require(actor)
    found = await conn.fetch(Q["listed"], list(actor.scopes), own_seat(actor), False, None, [], containing(query.get("text", "")[:60]), MOST)
    sheet = ("通话", CALLS, [_call(row) for row in await rows.calls(conn, [row["id"] for row in found])])
    return await asyncio.to_thread(_csv if format == "csv" else _xlsx, [sheet])


async def export_call(conn: Connection, actor: Actor, query: Mapping[str, str], format: Literal["xlsx", "csv"]) -> bytes:
    """As CSV who did what; as a workbook also the call and its members. Raises Forbidden, NotFound."""
    _require(actor)
    which = _id(query["which"])
    if not await conn.fetchval(Q["may_see"], which, list(actor.scopes), [], True):
        raise _no_call()
    acts = ("经过", ACTS, [_act(row) for row in await conn.fetch(Q["history"], which)])
    if format == "csv":
        return await asyncio.to_thread(_csv, [acts])
    members = [_member(row) for row in await conn.fetch(Q["member_rows"], [which], None, None)]
    call = [_call(row) for row in await rows.calls(conn, [which])]
    return await asyncio.to_thread(_xlsx, [("通话", CALLS, call), ("成员", MEMBERS, members), acts])


def _require(actor: Actor) -> None:
    if not actor.may(Permission.CALL):
        raise Forbidden("您的账号不能导出通话记录。", "Your account may not export calls.")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _no_call() from None


def _no_call() -> NotFound:
    return NotFound("没有这个呼叫，或不在您的范围内。", "There is no such call, or not within your scope.", code="no-call")


def _call(row: Any) -> Line:
    return (_when(row["started_at"]), KIND[row["kind"]], row["title"], str(row["priority"]), row["owner_name"], STATE[row["state"]],
            _when(row["opened_at"]), _when(row["ended_at"]), END.get(row["why"] or "", ""), str(row["size"]), "是" if row["night"] else "")


def _member(row: Any) -> Line:
    mark = {True: "到", False: "缺席"}.get(row["mark"], "")
    why = "；".join(filter(None, (END.get(row["reason"], ""), row["note"])))
    return (row["name"], row["kind"], row["place"], ROLE[row["role"]], MEMBER[row["state"]], _when(row["rung_at"]), _when(row["joined_at"]),
            _when(row["left_at"]), str(row["heard_seconds"] or 0), mark, why)


def _act(row: Any) -> Line:
    return (_when(row["at"]), ACT.get(row["act"], row["act"]), row["by_name"], row["ref_name"], row["detail"])


def _when(at: datetime | None) -> str:
    return at.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _csv(sheets: Sequence[Sheet]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for _, headings, lines in sheets:
        writer.writerow(headings)
        writer.writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(sheets: Sequence[Sheet]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EDF3"})
        for name, headings, lines in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, len(headings) - 1, 18)
            for place, line in enumerate((headings, *lines)):
                sheet.write_row(place, 0, line, head if place == 0 else None)
            sheet.autofilter(0, 0, len(lines), len(headings) - 1)
    return out.getvalue()
