"""One broadcast as a spreadsheet: everybody, what is known of them, and every try."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import xlsxwriter

from dispatch.messages.params import OfBroadcast
from dispatch.rows import masked
from dispatch.views import broadcast as broadcast_view
from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import CITY_ZONE
from hub.kernel.errors import Forbidden, NotFound
from hub.record import Connection, load_sql

Q = load_sql("dispatch")

OUTCOME = {"waiting": "待发", "sending": "发送中", "delivered": "已送达", "read": "已读", "confirmed": "已确认",
           "unreachable": "未达", "cancelled": "已撤销"}
KIND = {"station": "站点", "deputy": "代表", "staff": "工作人员", "attendee": "列席人员", "handler": "部门经办人"}
ROAD = {"screen": "站点屏幕", "page": "代表页面", "wechat": "微信", "sms": "短信", "voice": "电话"}

PEOPLE = ("姓名", "类别", "区县", "站点/单位", "手机", "结果", "最远通道", "送达时间", "阅读时间", "确认时间", "回复", "原因")
TRIES = ("姓名", "通道", "轮次", "级", "第几次", "状态", "说明", "编号", "时间")

FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def export_broadcast(
    conn: Connection, actor: Actor, query: Mapping[str, str], format: Literal["xlsx", "csv"],
) -> bytes:
    if not actor.may(Permission.BROADCAST_VIEW):
        raise Forbidden("您的账号不能导出广播。", "Your account may not export broadcasts.")
    try:
        which = UUID(query["which"])
    except ValueError:
        raise NotFound("没有这条广播。", "There is no such broadcast.") from None
    await broadcast_view(conn, OfBroadcast(which), actor)
    names = {row["id"]: row["name"] for row in await conn.fetch("select id, name from directory.organisation")}
    people = [_person(row, names) for row in await conn.fetch(
        Q["recipients"], which, [], [], [], "", "", "", "", 200_000, 0, None)]
    if format == "csv":
        return await asyncio.to_thread(_csv, people)
    tries = [_try(row) for row in await conn.fetch(Q["tries_for_export"], which)]
    return await asyncio.to_thread(_xlsx, people, tries)


def _person(row: Any, names: Mapping[str, str]) -> tuple[str, ...]:
    labels = {option["code"]: option["label"] for option in row["options"]}
    return (
        row["name"], KIND.get(row["kind"], row["kind"]), names.get(row["district"], ""), names.get(row["station"], ""),
        masked(row["phone"]), OUTCOME[row["outcome"]], ROAD.get(row["road"] or "", ""), _when(row["delivered_at"]),
        _when(row["read_at"]), _when(row["confirmed_at"]), labels.get(row["reply"], row["reply"]), row["reason"],
    )


def _try(row: Any) -> tuple[str, ...]:
    return (row["name"], ROAD[row["channel"]], str(row["round"]), str(row["rung"] + 1), str(row["try"]), row["state"],
            row["why"] or row["detail"], row["provider_id"], _when(row["sent_at"] or row["created_at"]))


def _when(at: Any) -> str:
    return at.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _csv(people: Sequence[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(PEOPLE)
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in people)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(people: Sequence[tuple[str, ...]], tries: Sequence[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EDF3"})
        for name, headings, lines in (("收件人", PEOPLE, people), ("各次尝试", TRIES, tries)):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, len(headings) - 1, 18)
            for place, line in enumerate((headings, *lines)):
                sheet.write_row(place, 0, line, head if place == 0 else None)
            sheet.autofilter(0, 0, len(lines), len(headings) - 1)
    return out.getvalue()
