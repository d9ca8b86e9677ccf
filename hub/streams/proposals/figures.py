"""Figures with the names of what they are shares of; they equal the rows they count to the last one."""

from __future__ import annotations

from typing import Any

from hub.cases.names import names_of
from hub.kernel.actor import CITY, Actor
from hub.record import Connection
from hub.streams.proposals.counted import figures_of, rows_of
from hub.streams.proposals.messages import FigureRow, FiguresParams, PartRow, PartsParams, Rate
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.words import TOPICS, WORDS

NOBODY = "（未交办）"

RATES = (
    ("reply", "答复率", "Replied", "replied", "parts", "承办件（主办、分别办理）", "assignments to units that answer"),
    ("on_time", "按期答复率", "In time", "on_time", "replied", "已答复件", "those replied"),
    ("class_a", "A 类率（已解决）", "Class A", "class_a", "replied", "已答复件", "those replied"),
    ("satisfied", "满意率", "Satisfied", "satisfied", "rated", "已评价件（末次评价）", "those rated (last rating)"),
    ("basically", "基本满意率", "Basically satisfied", "basically", "rated", "已评价件（末次评价）", "those rated (last rating)"),
    ("unsatisfied", "不满意率", "Unsatisfied", "unsatisfied", "rated", "已评价件（末次评价）", "those rated (last rating)"),
    ("first_satisfied", "首次满意率", "Satisfied at first", "first_satisfied", "first_rated", "首次答复已评价件", "first replies rated"),
    ("first_basically", "首次基本满意率", "Basically at first", "first_basically", "first_rated", "首次答复已评价件", "first replies rated"),
    ("first_unsatisfied", "首次不满意率", "Unsatisfied at first", "first_unsatisfied", "first_rated", "首次答复已评价件", "first replies rated"),
    ("fulfilled", "承诺兑现率", "Promises kept", "fulfilled", "fulfilment_rated", "已评价兑现的承诺", "promises whose fulfilment was rated"),
)
"""code, 中文, English, what is counted, of what, and how that is called."""


def rates(row: dict[str, Any]) -> tuple[Rate, ...]:
    return tuple(
        Rate(code=code, zh=zh, en=en, n=row[n], of=row[of], of_zh=of_zh, of_en=of_en, share=row[n] / row[of] if row[of] else None)
        for code, zh, en, n, of, of_zh, of_en in RATES)


def oversees(actor: Actor) -> bool:
    return CITY in actor.scopes and any(actor.may(permission) for permission in PROPOSALS.oversight)


async def figures(conn: Connection, params: FiguresParams, actor: Actor) -> list[FigureRow]:
    found = await figures_of(conn, params, oversees(actor))
    words = await _words(conn, params.by, [row["key"] for row in found])
    return [FigureRow(**dict(row), name=words[row["key"]], rates=rates(dict(row))) for row in found]


async def _words(conn: Connection, by: str, keys: list[str]) -> dict[str, str]:
    known = {"": NOBODY if by in {"unit", "class"} else "合计"}
    if by in {"unit", "deputy"}:
        known |= await names_of(conn, [key for key in keys if key])
    elif by in {"topic", "subtopic", "kind", "class"}:
        table = TOPICS if "topic" in by else WORDS[by]
        known |= {code: zh for code, (zh, _) in table.items()}
    elif by == "topic_year":
        known |= {key: f"{TOPICS.get(topic, (topic, ''))[0]} {year}年" for key in keys for topic, _, year in [key.partition("/")]}
    return {key: known.get(key, key) for key in keys}


async def parts(conn: Connection, params: PartsParams, actor: Actor) -> tuple[list[PartRow], int]:
    rows = await rows_of(conn, params, oversees(actor))
    names = await names_of(conn, {ref for row in rows for ref in (row["lead"], row["unit"]) if ref})
    return [_part(dict(row), names) for row in rows], rows[0]["total"] if rows else 0


def _part(row: dict[str, Any], names: Any) -> PartRow:
    row.pop("total")
    return PartRow(**row, id=f"{row['case']}/{row['unit']}", lead_name=names.get(row["lead"], ""), unit_name=names.get(row["unit"], ""),
                   state_zh=PROPOSALS.state(row["state"]).zh, state_en=PROPOSALS.state(row["state"]).en)
