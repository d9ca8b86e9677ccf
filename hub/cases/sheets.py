"""Cases as a spreadsheet, and the calendar out of one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Literal

from hub.cases.deciding import plain_facts
from hub.cases.listing import COLUMNS, SORTS, searched
from hub.cases.messages import CalendarDay
from hub.cases.names import Names, names_of
from hub.cases.params import CasesParams
from hub.cases.reading import fact_blanks, fact_words, read_out, word_of
from hub.cases.seats import oversees
from hub.cases.shapes import LIVES, Shapes
from hub.directory.spreadsheet import read, write_csv, write_xlsx
from hub.kernel.actor import Actor
from hub.kernel.calendar import ZONE, day_of
from hub.kernel.errors import Malformed, NotFound
from hub.kernel.lifecycle import Facts, Lifecycle, kept_from
from hub.record import Connection
from hub.wire.codec import convert, decode

MOST = 200_000
CELL = 32_000
HEADINGS = ("编号", "标题", "类别", "主题", "状态", "领衔", "主办单位", "提出时间", "进入本状态", "当前时限", "到期日", "是否超期", "轮到", "年度")
WIDTHS = (18, 40, 12, 12, 12, 12, 24, 18, 18, 16, 12, 8, 20, 8)
Line = tuple[str, ...]
Format = Literal["xlsx", "csv"]
STANDARD = frozenset(Facts.__struct_fields__)


# --- out ------------------------------------------------------------------------------------------


async def export_cases(conn: Connection, actor: Actor, query: Mapping[str, str], format: Format) -> bytes:
    """`which`: the stream; `p`: the filters of the view `cases`. Every case that the list counts; who oversees the stream gets
    all it knows of each. Raises NotFound, Malformed."""
    shapes = LIVES.get(query.get("which", ""))
    if shapes is None:
        raise NotFound("没有这种业务可以导出。", "There is no such stream to export.")
    given = decode(query.get("p") or "{}", dict) | {"stream": shapes.life.name}
    params = convert({key: value for key, value in given.items() if key in CasesParams.__struct_fields__}, CasesParams)
    today = day_of(await conn.fetchval("select now()"))
    search = searched(params, actor, today)
    more = shapes.life.facts.__struct_fields__ if oversees(shapes.life, actor) else ()
    own = tuple(name for name in more if name not in STANDARD | kept_from(shapes.life, None, actor))
    found = await conn.fetch(
        f"select {COLUMNS}{', i.body' if own else ''} from cases.item i where {search.condition} order by {SORTS[params.sort]} limit {MOST}", *search.given)
    names = await names_of(conn, {ref for row in found for ref in (row["lead"], *row["units"], *row["turn"]) if ref})
    return await asyncio.to_thread(_sheet, shapes, found, names, own, today, format)


def _sheet(shapes: Shapes, found: Sequence[Any], names: Names, own: Sequence[str], today: date, format: Format) -> bytes:
    labels, blanks = fact_words(shapes.life), fact_blanks(shapes.life)
    headings = (*HEADINGS, *(labels.get(name, (name, name))[0] for name in own))
    lines = [(*_line(shapes.life, row, names, today), *_own(shapes, row, own, blanks)) for row in found]
    if format == "csv":
        return write_csv(headings, lines)
    return write_xlsx(headings, lines, (*WIDTHS, *(30 for _ in own)), shapes.life.zh)


def _line(life: Lifecycle, row: Any, names: Names, today: date) -> Line:
    clock = next((one.zh for one in life.deadlines if one.name == row["due_clock"]), "")
    overdue = row["due"] is not None and row["due"] < today
    return (row["number"], row["title"], word_of(life, "kind", row["kind"]), word_of(life, "topic", row["topic"]), life.state(row["state"]).zh,
            names.get(row["lead"] or "", ""), "、".join(names.get(ref, ref) for ref in row["units"]), _when(row["opened"]), _when(row["since"]), clock,
            str(row["due"] or ""), "是" if overdue else "", "、".join(names.get(ref, ref) for ref in row["turn"]), str(row["year"]))


def _own(shapes: Shapes, row: Any, own: Sequence[str], blanks: Mapping[str, str]) -> Iterator[str]:
    if not own:
        return
    plain = plain_facts(shapes.loaded(row["body"], row["version"]))
    for name in own:
        yield read_out(shapes.life, name, plain.get(name), blanks)[:CELL]


def _when(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


# --- the calendar in ------------------------------------------------------------------------------

DAY_HEADS, KIND_HEADS, NAME_HEADS = ("日期", "date", "day", "天"), ("类型", "类别", "安排", "type", "works", "isoffday", "上班"), ("名称", "节日", "name", "备注", "说明")
WORKED = ("班", "上班", "补班", "调休上班", "工作日", "work", "works", "working", "true", "1", "是")
OFF = ("休", "休假", "放假", "休息", "节假日", "holiday", "off", "false", "0", "否")


def read_calendar(content: bytes, name: str) -> tuple[CalendarDay, ...]:
    """XLSX or CSV with a date, whether it is worked (班/休) and a name; or a JSON list of `{day, works, name}`, also of
    `{date, isOffDay, name}` within `days`. Raises Malformed with the line at fault."""
    if content.lstrip()[:1] in (b"[", b"{"):
        return _from_json(content)
    rows = [row for row in read(content, name).rows if any(row)]
    place = _places(rows[0]) if rows else {}
    if "day" not in place:
        place, lines = {"day": 0, "works": 1, "name": 2}, list(enumerate(rows, 1))
    else:
        lines = list(enumerate(rows[1:], 2))
    return tuple(_day_of_row(row, place, number) for number, row in lines)


def _places(head: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, title in enumerate(head):
        for field, known in (("day", DAY_HEADS), ("works", KIND_HEADS), ("name", NAME_HEADS)):
            if title.strip().lower() in known:
                found.setdefault(field, column)
    return found


def _day_of_row(row: Sequence[str], place: Mapping[str, int], number: int) -> CalendarDay:
    cells = {field: row[column].strip() if column < len(row) else "" for field, column in place.items()}
    kind = cells.get("works", "").lower()
    if kind and kind not in WORKED and kind not in OFF:
        raise Malformed(f"第{number}行的“{kind[:20]}”看不懂，请写“班”或“休”。", f"Line {number}: write 班 (worked) or 休 (off).", field=f"line {number}")
    return CalendarDay(day=_date(cells.get("day", ""), number), works=kind in WORKED, name=cells.get("name", "")[:40])


def _date(text: str, number: int) -> date:
    plain = text.partition("T")[0].strip().replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日 ")
    with suppress(ValueError):
        year, month, day = (int(part) for part in plain.partition(" ")[0].split("-")[:3])
        return date(year, month, day)
    raise Malformed(f"第{number}行的日期“{text[:20]}”看不懂，请写成 2027-01-01。", f"Line {number}: the date {text[:20]!r} cannot be read.",
                    field=f"line {number}")


def _from_json(content: bytes) -> tuple[CalendarDay, ...]:
    told: Any = decode(content, dict[str, Any] | list[Any])  # type: ignore[arg-type]
    days = told.get("days", []) if isinstance(told, dict) else told
    if not isinstance(days, list):
        raise Malformed("文件里没有日期的列表，请检查“days”一项。", "There is no list of days in it; look at `days`.", field="days")
    return tuple(_from_plain(one, number) for number, one in enumerate(days, 1))


def _from_plain(one: Any, number: int) -> CalendarDay:
    if not isinstance(one, dict):
        raise Malformed(f"第{number}项不是一天。", f"Item {number} is no day.", field=f"line {number}")
    works = not one["isOffDay"] if isinstance(one.get("isOffDay"), bool) else one.get("works") is True
    return CalendarDay(day=_date(str(one.get("day") or one.get("date") or ""), number), works=works, name=str(one.get("name", ""))[:40])
