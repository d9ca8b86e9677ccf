"""The audit log as a file."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from typing import Literal

import msgspec
import xlsxwriter

from hub.access import model
from hub.access.messages import AuditParams, AuditRow
from hub.access.views import named
from hub.kernel.actor import Actor
from hub.kernel.clock import CITY_ZONE
from hub.record import Audit, Connection

MOST = 50_000
PAGE = 500
HEADINGS = ("编号", "时间", "操作者", "姓名", "操作", "对象", "结果", "地址", "说明")
WIDTHS = (10, 20, 44, 16, 20, 44, 20, 16, 60)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def export_audit(
    conn: Connection, actor: Actor, params: AuditParams, format: Literal["xlsx", "csv"]
) -> bytes:
    """The newest 50,000 lines that match; `params.limit` counts pages on screen and is not asked here."""
    model.require_city(actor)
    found: list[AuditRow] = []
    before = params.before
    while len(found) < MOST:
        page = msgspec.structs.replace(params, before=before, limit=PAGE)
        lines = await Audit.page(conn, **msgspec.structs.asdict(page))
        found += await named(conn, lines)
        if len(lines) < PAGE:
            break
        before = lines[-1].id
    write = {"xlsx": _xlsx, "csv": _csv}[format]
    return await asyncio.to_thread(write, [_cells(row) for row in found])


def _cells(row: AuditRow) -> tuple[str, ...]:
    at = row.at.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    detail = msgspec.json.encode(row.detail).decode() if row.detail else ""
    return (str(row.id), at, row.actor, row.actor_name, row.act, row.about, row.outcome, row.address, detail)


def _xlsx(rows: Sequence[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("审计记录")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, HEADINGS, book.add_format({"bold": True}))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
    sheet.autofilter(0, 0, len(rows), len(HEADINGS) - 1)
    book.close()
    return out.getvalue()


def _csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    """With a byte order mark, or spreadsheets read the Chinese as something else."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    """A browser's name in the log must not become a formula in a spreadsheet."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
