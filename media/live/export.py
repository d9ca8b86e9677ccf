"""The edit list, and the list of recordings, as spreadsheets."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import xlsxwriter

from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import CITY_ZONE
from hub.kernel.errors import Forbidden, Malformed
from hub.record import Connection
from hub.wire.codec import convert
from media.live.messages.params import RecordingsParams, SpeechesParams
from media.live.messages.rows import RecordingRow, SpeechRow
from media.live.views import recordings, speeches

PAGE, MOST = 500, 20_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SPEECH_HEADINGS = ("会议", "议程", "发言人", "所属", "开始", "结束", "秒", "来历", "状态", "版次", "备注", "文件 SHA-256", "字节")
RECORDING_HEADINGS = ("主题", "会场", "开始", "停止", "秒", "字节", "文件数", "片段数", "状态", "保存到", "由谁开始")
STATES = {"waiting": "等录制结束", "cutting": "剪辑中", "filed": "已归档", "failed": "剪不出", "dropped": "已删除",
          "recording": "录制中", "closing": "收尾", "kept": "已存档", "empty": "没有录到内容"}
ORIGINS = {"floor": "按话权", "hand": "人工"}

Line = tuple[str, ...]
Format = Literal["xlsx", "csv"]


async def export_speeches(conn: Connection, actor: Actor, query: Mapping[str, str], format: Format) -> bytes:
    """`which`: a room; without one, all that the asker runs. Raises Forbidden, Malformed."""
    _require(actor)
    room = query.get("which") or None
    lines: list[Line] = []
    while page := (await speeches(conn, _params(SpeechesParams, room=room, limit=PAGE, offset=len(lines)), actor)).rows:
        lines += map(_speech, page)
        if len(page) < PAGE or len(lines) >= MOST:
            break
    return await asyncio.to_thread(_sheet, "发言片段", SPEECH_HEADINGS, lines, format)


async def export_recordings(conn: Connection, actor: Actor, _query: Mapping[str, str], format: Format) -> bytes:
    _require(actor)
    lines: list[Line] = []
    while page := (await recordings(conn, _params(RecordingsParams, limit=PAGE, offset=len(lines)), actor)).rows:
        lines += map(_recording, page)
        if len(page) < PAGE or len(lines) >= MOST:
            break
    return await asyncio.to_thread(_sheet, "录制", RECORDING_HEADINGS, lines, format)


def _params(shape: type[Any], **fields: Any) -> Any:
    """A room that is none ends here, with a sentence."""
    try:
        return convert(fields, shape)
    except Malformed as error:
        raise Malformed("没有这个会场。", "There is no such room.", field="room") from error


def _require(actor: Actor) -> None:
    if not actor.may(Permission.LIVE):
        raise Forbidden("您的账号不能导出录制和片段。", "Your account may not export recordings and clips.")


def _speech(row: SpeechRow) -> Line:
    return (row.meeting, row.agenda_title, row.person_name, row.place, _when(row.since), _when(row.until),
            f"{(row.until - row.since).total_seconds():.1f}", ORIGINS[row.origin], STATES[row.state], str(row.edition), row.note, row.sha256,
            "" if row.size is None else str(row.size))


def _recording(row: RecordingRow) -> Line:
    return (row.title, row.room, _when(row.started_at), _when(row.stopped_at), f"{row.seconds:.1f}", str(row.size), str(row.files_count),
            str(row.speeches), STATES[row.state], _when(row.keep_until) if row.keep_days else "永久", row.by_name)


def _when(at: datetime | None) -> str:
    return at.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _sheet(name: str, headings: Line, lines: Sequence[Line], format: Format) -> bytes:
    return _csv(headings, lines) if format == "csv" else _xlsx(name, headings, lines)


def _csv(headings: Line, lines: Sequence[Line]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(name: str, headings: Line, lines: Sequence[Line]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head, sheet = book.add_format({"bold": True, "bg_color": "#E8EDF3"}), book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(headings) - 1, 18)
        for place, row in enumerate((headings, *lines)):
            sheet.write_row(place, 0, row, head if place == 0 else None)
        sheet.autofilter(0, 0, len(lines), len(headings) - 1)
    return out.getvalue()
