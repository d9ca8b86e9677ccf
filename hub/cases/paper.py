"""One case on paper: as much as the asker sees on the screen, set as PDF by pdf.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.cases.detail import detail, trail
from hub.cases.params import OfCase
from hub.cases.pdf import Pdf
from hub.cases.reading import as_words, fact_blanks, fact_words, pointed, read_out
from hub.cases.rows import CaseDetail, ClockRow, TrailRow
from hub.cases.shapes import shapes_of
from hub.kernel.actor import Actor
from hub.kernel.calendar import ZONE
from hub.kernel.lifecycle import Lifecycle
from hub.record import Connection

HIDDEN = frozenset({"title", "scope", "kind", "topic", "confidential"})
MOMENT = 19
"""Signs of a day with its time, as a plain value holds it."""


async def paper(conn: Connection, params: OfCase, actor: Actor, at: datetime) -> Pdf:
    """Raises NotFound."""
    shown, lines = await detail(conn, params, actor, at), await trail(conn, params, actor)
    return laid_out(shapes_of(shown.row.stream).life, shown, lines, actor.name, at)


def laid_out(life: Lifecycle, shown: CaseDetail, lines: Sequence[TrailRow], for_whom: str, at: datetime) -> Pdf:
    page = Pdf(title=shown.row.title, at=at, foot=f"{for_whom} 于 {_when(at)} 生成；以系统内记录为准")
    page.centred(shown.row.title, 18)
    page.centred("　".join(filter(None, (life.zh, shown.row.number))), 11, 0.35)
    names = _called(shown, lines)
    _section(page, "基本情况", _basics(life, shown))
    _section(page, "内容", _facts(life, shown, names))
    _section(page, "时限", ((clock.zh, _clock(clock)) for clock in shown.clocks))
    page.heading("办理经过")
    page.table([("时间", "办理人", "步骤", "内容"), *_trail(life, lines, names)], (6, 4, 5, 15), head=True)
    _section(page, "附件", ((f"{place}", f"{file.name}（{file.size:,} 字节）") for place, file in enumerate(shown.files, 1)))
    _section(page, "关联事项", ((one.number or "—", f"{one.title}（{one.state_zh}）") for one in shown.relations))
    return page


def _section(page: Pdf, title: str, lines: Iterator[tuple[str, str]]) -> None:
    rows = list(lines)
    if rows:
        page.heading(title)
        page.table(rows, (1, 4))


def _called(shown: CaseDetail, lines: Sequence[TrailRow]) -> dict[str, str]:
    """Whom and what the case names by a ref or a number."""
    named = {party.ref: party.name for held in shown.parties.values() for party in held}
    named |= {ref: name for line in lines for ref, name in line.names.items()}
    return named | {ref.partition(":")[2]: name for ref, name in named.items()} | {str(file.id): file.name for file in shown.files}


def _basics(life: Lifecycle, shown: CaseDetail) -> Iterator[tuple[str, str]]:
    row = shown.row
    yield "状态", row.state_zh
    for field, zh in (("kind", "类别"), ("topic", "主题")):
        if code := getattr(row, field):
            yield life.called.get(field, (zh, ""))[0], as_words(life, field, code)
    if row.confidential:
        yield "公开", "不公开"
    yield "提出时间", _when(row.opened)
    for relation, held in shown.parties.items():
        yield life.relations.get(relation, (relation, relation))[0], "、".join(one.name for one in held)


def _facts(life: Lifecycle, shown: CaseDetail, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    labels, blanks = fact_words(life), fact_blanks(life)
    told = ((name, labels[name][0], value) for name, value in shown.facts.items() if name in labels and name not in HIDDEN)
    for name, zh, value in pointed(told):
        if words := read_out(life, name, _named(value, names), blanks):
            yield zh, words


def _trail(life: Lifecycle, lines: Sequence[TrailRow], names: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    blanks = fact_blanks(life)
    for line in lines:
        filled = pointed((field.name, field.zh, field.value) for field in line.fields)
        said = ((zh, read_out(life, name, _named(value, names), blanks)) for name, zh, value in filled)
        yield _when(line.at), line.by.name, line.zh, "\n".join(f"{zh}：{words}" for zh, words in said if words)


def _named(value: Any, names: Mapping[str, str]) -> Any:
    """A plain value with names for refs, and times of the city's clock."""
    match value:
        case str():
            return names.get(value) or _moment(value)
        case list() | tuple():
            return [_named(one, names) for one in value]
        case dict():
            return {key: _named(one, names) for key, one in value.items()}
    return value


def _moment(text: str) -> str:
    if len(text) < MOMENT or text[4:5] != "-" or text[10:11] != "T":
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return _when(at) if at.tzinfo else text


def _clock(clock: ClockRow) -> str:
    words = f"{clock.started} 起，{clock.due} 止{'（已延长）' if clock.extended else ''}{'，已超期' if clock.overdue else ''}"
    if clock.left_out:
        words += f"；不计 {len(clock.left_out)} 天：" + "、".join(f"{one.day:%m-%d} {one.why}" for one in clock.left_out)
    return words


def _when(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
