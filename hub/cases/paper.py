"""One case on paper: a page that a browser prints, without a script and without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape

from hub.cases.detail import detail, trail
from hub.cases.params import OfCase
from hub.cases.reading import as_words, fact_blanks, fact_words, read_out
from hub.cases.rows import CaseDetail, TrailRow
from hub.cases.shapes import shapes_of
from hub.kernel.actor import Actor
from hub.kernel.calendar import ZONE
from hub.kernel.lifecycle import Lifecycle
from hub.record import Connection

STYLE = """
@page { size: A4; margin: 20mm 18mm }
body { font: 11pt/1.7 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; color: #111; max-width: 180mm; margin: 0 auto; padding: 8mm }
h1 { font-size: 18pt; text-align: center; margin: 0 0 2mm } h2 { font-size: 13pt; border-bottom: 1px solid #999; margin: 8mm 0 2mm }
.number { text-align: center; color: #555 } table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #bbb; padding: 1.5mm 2.5mm;
text-align: left; vertical-align: top } th { width: 28mm; background: #f3f3f3; font-weight: normal } td { white-space: pre-wrap; word-break: break-word }
li { margin-bottom: 2mm; break-inside: avoid } .at { color: #555 } ol { padding-left: 6mm } footer { margin-top: 10mm; color: #777; font-size: 9pt }
"""
HIDDEN = frozenset({"title", "scope", "kind", "topic", "confidential"})


async def paper(conn: Connection, params: OfCase, actor: Actor, at: datetime) -> str:
    """As much as the asker sees on the screen. Raises NotFound."""
    shown, lines = await detail(conn, params, actor, at), await trail(conn, params, actor)
    life = shapes_of(shown.row.stream).life
    body = "".join((
        f"<h1>{escape(shown.row.title)}</h1><p class=number>{escape(life.zh)} {escape(shown.row.number)}</p>",
        _table("基本情况", _basics(life, shown)), _table("内容", _facts(life, shown)), _clocks(shown), _trail(life, lines), _files(shown),
        f"<footer>{escape(actor.name)} 于 {_when(at)} 打印；以系统内记录为准。</footer>"))
    return f"<!doctype html><html lang=zh-CN><meta charset=utf-8><title>{escape(shown.row.title)}</title><style>{STYLE}</style><body>{body}</body></html>"


def _basics(life: Lifecycle, shown: CaseDetail) -> Iterable[tuple[str, str]]:
    row = shown.row
    yield "状态", row.state_zh
    for field, zh in (("kind", "类别"), ("topic", "主题")):
        if code := getattr(row, field):
            yield zh, as_words(life, field, code)
    if row.confidential:
        yield "公开", "不公开"
    yield "提出时间", _when(row.opened)
    for relation, held in shown.parties.items():
        yield life.relations.get(relation, (relation, relation))[0], "、".join(one.name for one in held)


def _facts(life: Lifecycle, shown: CaseDetail) -> Iterable[tuple[str, str]]:
    labels, blanks = fact_words(life), fact_blanks(life)
    for name, value in shown.facts.items():
        words = read_out(life, name, value, blanks)
        if words and name not in HIDDEN and name in labels:
            yield labels[name][0], words


def _table(title: str, lines: Iterable[tuple[str, str]]) -> str:
    told = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in lines)
    return f"<h2>{title}</h2><table>{told}</table>" if told else ""


def _clocks(shown: CaseDetail) -> str:
    return _table("时限", ((clock.zh, f"{clock.started} 起，{clock.due} 止{'（已延长）' if clock.extended else ''}{'，已超期' if clock.overdue else ''}"
                           + (f"；不计 {len(clock.left_out)} 天：" + "、".join(f"{one.day:%m-%d} {one.why}" for one in clock.left_out) if clock.left_out else ""))
                          for clock in shown.clocks))


def _trail(life: Lifecycle, lines: Sequence[TrailRow]) -> str:
    blanks = fact_blanks(life)
    told = "".join(f"<li><span class=at>{_when(line.at)}</span> {escape(line.by.name)}　<b>{escape(line.zh)}</b>{_filled(life, line, blanks)}</li>" for line in lines)
    return f"<h2>办理经过</h2><ol>{told}</ol>"


def _filled(life: Lifecycle, line: TrailRow, blanks: Mapping[str, str]) -> str:
    said = [(field.zh, read_out(life, field.name, field.value, blanks)) for field in line.fields]
    return "".join(f"<br>{escape(zh)}：{escape(words)}" for zh, words in said if words)


def _files(shown: CaseDetail) -> str:
    return _table("附件", ((f"{place}", f"{file.name}（{file.size:,} 字节）") for place, file in enumerate(shown.files, 1)))


def _when(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
